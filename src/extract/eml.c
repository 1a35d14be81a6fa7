/*
 * E-mail: the head as properties, the text as a document, attachments as members. What is quoted
 * from an earlier message is shown and is no evidence: it was said elsewhere.
 */
#include "extract/mime.h"

#include "extract/internal.h"

#define LABELS_OF_HEAD 3u /* lines like "From: ..." that show an earlier message's head */
#define RULE_SIGNS 5u
#define HEAD_BYTES ((size_t)8192) /* by which a message is told */
#define INTRO_LINES 2u
#define INTRO_BYTES 200u

/* What a line of running text is. */
enum said { SAID_HERE, SAID_BEFORE, SAID_BELOW /* a signature */ };

struct mail_line {
    struct str text; /* without marks of quotation */
    enum said said;
    bool marked; /* begins with such a mark */
};

struct mail {
    struct flow *flow;
    struct mail_line *lines;
    size_t count, room;
};

static struct str unquoted(struct str line, bool *ret_marked)
{
    struct str s = str_trim(line);

    *ret_marked = s.n > 0 && s.p[0] == '>';
    if (!*ret_marked)
        return line;
    while (s.n > 0 && s.p[0] == '>')
        s = str_trim(str_from(s, 1));
    return s;
}

static void cut_lines(struct mail *mail, struct str text)
{
    struct str line;

    while (str_split(&text, '\n', &line)) {
        struct mail_line *l = ARENA_PUSH(mail->flow->cx->mem, mail->lines, mail->count, mail->room);
        l->text = unquoted(line, &l->marked);
        l->said = l->marked ? SAID_BEFORE : SAID_HERE;
    }
}

static bool is_blank(const struct mail_line *line)
{
    return str_trim(line->text).n == 0;
}

static bool has_digit(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            return true;
    return false;
}

/* "On 30 November 2026 at 10:15, Ann wrote:" above what Ann wrote, in any language. */
static void mark_intros(struct mail *mail)
{
    for (size_t i = 1; i < mail->count; i++) {
        size_t last = i;
        if (!mail->lines[i].marked || mail->lines[i - 1].marked)
            continue;
        while (last > 0 && i - last < INTRO_LINES && is_blank(&mail->lines[last - 1]))
            last--;
        struct buf intro = buf_new(mail->flow->cx->mem);
        for (size_t k = 1; k <= INTRO_LINES && k <= last; k++) {
            struct mail_line *line = &mail->lines[last - k];
            struct str text = str_trim(line->text);
            if (text.n == 0 || (k == 1 && text.p[text.n - 1] != ':'))
                break;
            buf_add(&intro, text);
            if (!has_digit(buf_str(&intro)) || intro.n > INTRO_BYTES)
                continue;
            for (size_t j = last - k; j < last; j++)
                mail->lines[j].said = SAID_BEFORE;
            break;
        }
    }
}

/* A rule of dashes, with words in it or not, as programs draw it above an earlier message. */
static bool is_rule(struct str s)
{
    size_t signs = 0;

    s = str_trim(s);
    while (signs < s.n && (s.p[signs] == '-' || s.p[signs] == '_'))
        signs++;
    return signs >= RULE_SIGNS;
}

/* Whether the head of an earlier message begins here: several lines such as "From: ...", with an
 * address in one of them or a rule above. */
static bool is_old_head(const struct mail *mail, size_t at)
{
    size_t labels = 0, above = at;
    bool address = false;

    for (size_t i = at; i < mail->count && text_is_label_line(str_trim(mail->lines[i].text)); i++) {
        address |= str_find_char(mail->lines[i].text, '@', 0) != SIZE_MAX;
        labels++;
    }
    if (labels < LABELS_OF_HEAD)
        return false;
    while (above > 0 && is_blank(&mail->lines[above - 1]))
        above--;
    return address || (above > 0 && is_rule(mail->lines[above - 1].text));
}

static void mark_rest(struct mail *mail, size_t from, enum said said)
{
    for (size_t i = from; i < mail->count; i++)
        if (mail->lines[i].said == SAID_HERE)
            mail->lines[i].said = said;
}

static void mark(struct mail *mail)
{
    size_t own = 0;

    mark_intros(mail);
    for (size_t i = 0; i < mail->count; i++) {
        const struct mail_line *line = &mail->lines[i];
        if (line->said != SAID_HERE)
            continue;
        if (is_old_head(mail, i)) {
            mark_rest(mail, i, SAID_BEFORE);
            break;
        }
        if (str_is(line->text, "-- ") || str_is(line->text, "--"))
            mark_rest(mail, i, SAID_BELOW);
        own += line->said == SAID_HERE && !is_blank(line) && !is_rule(line->text);
    }
    /* A message that only passes another on says what that says. */
    for (size_t i = 0; own == 0 && i < mail->count; i++)
        mail->lines[i].said = SAID_HERE;
}

/* Lines of one kind that follow each other, as one text. */
static int read_run(struct mail *mail, size_t from, size_t to)
{
    struct flow *flow = mail->flow;
    struct buf text = buf_new(flow->cx->mem);
    enum said said = mail->lines[from].said;

    for (size_t i = from; i < to; i++) {
        if (said == SAID_BELOW) {
            flow->place.line = (uint32_t)i + 1;
            if (!str_is(str_trim(mail->lines[i].text), "--"))
                flow_furniture(flow, mail->lines[i].text);
            continue;
        }
        buf_add(&text, mail->lines[i].text);
        buf_char(&text, '\n');
    }
    flow->struck = said == SAID_BEFORE;
    TRY(text_read_from(flow, buf_str(&text), (uint32_t)from + 1));
    flow->struck = false;
    return 0;
}

static int read_plain(struct flow *flow, struct str text)
{
    struct mail mail = {.flow = flow};
    size_t from = 0;

    cut_lines(&mail, text);
    mark(&mail);
    for (size_t i = 1; i <= mail.count; i++) {
        if (i < mail.count && mail.lines[i].said == mail.lines[from].said)
            continue;
        TRY(read_run(&mail, from, i));
        from = i;
    }
    return 0;
}

/* A message that only passes another on says what that says. */
static void only_passed_on(struct flow *flow, size_t first)
{
    for (size_t i = first; i < flow->block_count; i++)
        if (!flow->blocks[i].struck && flow->blocks[i].kind != BLOCK_FURNITURE)
            return;
    for (size_t i = first; i < flow->block_count; i++)
        flow->blocks[i].struck = false;
}

static int read_part(struct flow *flow, const struct mime_part *part)
{
    struct str text;

    if (!mime_text(flow->cx, mime_bytes(flow->cx, part), part->charset, &text))
        flow_note(flow, _("it is written in the character set %.*s, which is not known here"),
                  STR_ARG(str_sub(part->charset, 0, 40)));
    TRY(ctx_check(flow->cx));
    if (!part->html)
        return read_plain(flow, text);
    size_t first = flow->block_count;
    flow->mail = true;
    TRY(html_read(flow, text));
    flow->mail = false;
    only_passed_on(flow, first);
    return 0;
}

/* Of parts that say the same, the plain one, unless it is empty. */
static bool is_chosen(struct ctx *cx, const struct mime *mime, const struct mime_part *part)
{
    const struct mime_part *best = part;

    for (size_t i = 0; part->choice != 0 && i < mime->count; i++) {
        const struct mime_part *other = &mime->parts[i];
        if (other->choice != part->choice || other->role != MIME_TEXT)
            continue;
        if (best->html && !other->html && str_trim(mime_bytes(cx, other)).n > 0)
            best = other;
        else if (!best->html && other->html && str_trim(mime_bytes(cx, best)).n == 0)
            best = other;
    }
    return best == part;
}

/* "Mon, 30 Nov 2026 10:15:00 +0100" as a day; what is none comes back as it is. */
static struct str day_of(struct ctx *cx, struct str s)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    unsigned day, year;
    char name[4];
    size_t comma = str_find_char(s, ',', 0);
    const char *text = str_z(cx->mem, comma == SIZE_MAX ? s : str_from(s, comma + 1));

    if (sscanf(text, " %2u %3[A-Za-z]%*[a-z]%4u", &day, name, &year) != 3 &&
        sscanf(text, " %2u %3[A-Za-z] %4u", &day, name, &year) != 3)
        return s;
    size_t at = str_find(str_of(months), str_lower(cx->mem, str_of(name)), 0);
    struct date date = {(int16_t)year, (int8_t)(at / 3 + 1), (int8_t)day};
    return at != SIZE_MAX && at % 3 == 0 && date_valid(date) ? date_iso(cx->mem, date) : s;
}

/* The subject without "Re:", "Fwd:", "AW:". */
static struct str bare_subject(struct str s)
{
    for (;;) {
        size_t colon = str_find_char(str_sub(s, 0, 5), ':', 0);
        bool letters = colon != SIZE_MAX && colon >= 2;
        for (size_t i = 0; letters && i < colon; i++)
            letters = (s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z';
        if (!letters)
            return s;
        s = str_trim(str_from(s, colon + 1));
    }
}

static void read_head(struct flow *flow, struct str head)
{
    struct ctx *cx = flow->cx;

    flow_property(flow, STR("title"), bare_subject(mime_header(cx, head, "Subject")));
    flow_property(flow, STR("author"), mime_header(cx, head, "From"));
    flow_property(flow, STR("to"), mime_header(cx, head, "To"));
    flow_property(flow, STR("cc"), mime_header(cx, head, "Cc"));
    flow_property(flow, STR("date"), day_of(cx, mime_header(cx, head, "Date")));
}

/* A name for a file that has none. */
static struct str made_up_name(struct ctx *cx, const struct mime_part *part, size_t i)
{
    struct mime inner;

    if (str_is(part->type, "message/rfc822") && mime_read(cx, mime_bytes(cx, part), &inner) == 0) {
        struct str subject = str_sub(mime_header(cx, inner.head, "Subject"), 0, 120);
        if (subject.n > 0)
            return str_printf(cx->mem, "%.*s.eml", STR_ARG(subject));
    }
    return str_printf(cx->mem, "attachment %zu%s", i,
                      str_starts(part->type, STR("message/rfc822")) ? ".eml"
                      : part->html                                  ? ".html"
                      : str_is(part->type, "text/plain")            ? ".txt"
                                                                    : "");
}

static void add_member(struct flow *flow, const struct mime_part *part, size_t i)
{
    struct ctx *cx = flow->cx;
    struct buf name = buf_new(cx->mem);
    struct str shown = part->name.n > 0 ? part->name : made_up_name(cx, part, i + 1);

    for (size_t k = 0; k < shown.n; k++)
        buf_char(&name, shown.p[k] == '/' || shown.p[k] == '\\' ? '_' : shown.p[k]);
    flow_member(flow, buf_str(&name), part->body.n, (uint32_t)i, STR_NONE);
}

/* A page with its pictures, as browsers, wikis and Word save it: nobody is written to. */
static bool is_page(struct ctx *cx, const struct mime *mime)
{
    return mime_header(cx, mime->head, "To").n == 0 && mime->count > 0 && mime->parts[0].html &&
           str_has(str_lower(cx->mem, mime_header(cx, mime->head, "Content-Type")),
                   "multipart/related");
}

static int read_page(struct flow *flow, const struct mime *mime)
{
    struct str text;

    (void)mime_text(flow->cx, mime_bytes(flow->cx, &mime->parts[0]), mime->parts[0].charset, &text);
    return html_read(flow, text);
}

int eml_read(struct flow *flow, struct str bytes, enum extract_format *ret)
{
    struct ctx *cx = flow->cx;
    struct mime mime;

    TRY(mime_read(cx, bytes, &mime));
    *ret = is_page(cx, &mime) ? EXTRACT_HTML : EXTRACT_EML;
    if (*ret == EXTRACT_HTML)
        return read_page(flow, &mime);
    read_head(flow, mime.head);
    if (mime.cut)
        flow_note(flow, "%s", _("it has more parts than are read"));
    for (size_t i = 0; i < mime.count && !flow_full(flow); i++) {
        const struct mime_part *part = &mime.parts[i];
        if (part->role == MIME_LOCKED)
            return fail(cx, RC_INVALID, NULL, "%s",
                        _("It is encrypted: save it without encryption."));
        if (part->role == MIME_ATTACHED)
            add_member(flow, part, i);
        else if (part->role == MIME_TEXT && is_chosen(cx, &mime, part))
            TRY(read_part(flow, part));
        TRY(ctx_check(cx));
    }
    flow_table_end(flow);
    return 0;
}

int eml_member(struct ctx *cx, struct str bytes, uint32_t at, struct str *ret)
{
    struct mime mime;

    TRY(mime_read(cx, bytes, &mime));
    if (at >= mime.count)
        return fail(cx, RC_NOT_FOUND, NULL, "%s", _("It has no such part."));
    *ret = mime_bytes(cx, &mime.parts[at]);
    return ctx_check(cx);
}

/* The name of a header at the head of `s`: letters and dashes up to a colon. */
static bool is_header_line(struct str s)
{
    size_t colon = str_find_char(str_sub(s, 0, 64), ':', 0);

    if (colon == SIZE_MAX || colon == 0)
        return false;
    for (size_t i = 0; i < colon; i++)
        if (((s.p[i] | 32) < 'a' || (s.p[i] | 32) > 'z') && s.p[i] != '-' &&
            (s.p[i] < '0' || s.p[i] > '9'))
            return false;
    return true;
}

static bool has_header(struct str head, const char *name)
{
    size_t n = strlen(name);

    for (size_t at = 0; at < head.n;) {
        size_t end = str_find_char(head, '\n', at);
        if (str_is_nocase(str_sub(head, at, n), name))
            return true;
        at = end == SIZE_MAX ? head.n : end + 1;
    }
    return false;
}

bool eml_is(struct str bytes, bool by_name)
{
    static const char *const sure[] = {"MIME-Version:", "Message-ID:", "Content-Type: multipart",
                                       "Received:", "Delivered-To:"};
    struct str head = str_sub(bytes, 0, HEAD_BYTES);
    size_t end = str_find(head, STR("\n\n"), 0), crlf = str_find(head, STR("\r\n\r\n"), 0);
    bool begins = str_starts(head, STR("From ")) || is_header_line(head);

    if (crlf < end)
        end = crlf;
    head = str_sub(head, 0, end == SIZE_MAX ? head.n : end + 1);
    if (begins && by_name)
        return true;
    for (size_t i = 0; begins && i < COUNT_OF(sure); i++)
        if (has_header(head, sure[i]))
            return has_header(head, "From:") || has_header(head, "Date:") ||
                   has_header(head, "To:");
    return false;
}

/* ---- saved as text ---- */

#define SAVED_LINES 12u

/* How programs call the lines of the head when they save or print it. */
static const struct {
    const char *label;
    const char *property;
} saved[] = {{"From", "author"},   {"Von", "author"},         {"De", "author"},
             {"Sent", "date"},     {"Date", "date"},          {"Gesendet", "date"},
             {"Datum", "date"},    {"Envoy\xc3\xa9", "date"}, {"To", "to"},
             {"An", "to"},         {"\xc3\x80", "to"},        {"Cc", "cc"},
             {"Subject", "title"}, {"Betreff", "title"},      {"Objet", "title"}};

/* The property that a line of the head gives, NULL for none; its value. */
static const char *saved_line(struct str line, struct str *ret)
{
    size_t colon = str_find_char(line, ':', 0);

    for (size_t i = 0; colon != SIZE_MAX && i < COUNT_OF(saved); i++)
        if (str_is_nocase(str_trim(str_sub(line, 0, colon)), saved[i].label)) {
            *ret = str_trim(str_from(line, colon + 1));
            return saved[i].property;
        }
    return NULL;
}

bool eml_saved_is(struct str text)
{
    struct str rest = text, line, value;
    bool author = false, title = false, more = false;

    for (unsigned i = 0; i < SAVED_LINES && str_split(&rest, '\n', &line); i++) {
        const char *property = saved_line(line, &value);
        if (property == NULL && str_trim(line).n > 0)
            break;
        if (property == NULL && !author)
            continue; /* blank lines before the head */
        if (property == NULL)
            break;
        author = author || strcmp(property, "author") == 0;
        title = title || strcmp(property, "title") == 0;
        more = more || strcmp(property, "date") == 0 || strcmp(property, "to") == 0;
    }
    return author && title && more;
}

int eml_saved_read(struct flow *flow, struct str text)
{
    struct str rest = text, line, value;
    bool begun = false;
    size_t first;

    while (rest.n > 0) {
        struct str before = rest;
        if (!str_split(&rest, '\n', &line))
            break;
        const char *property = saved_line(line, &value);
        if (property == NULL && (begun || str_trim(line).n > 0)) {
            rest = before;
            break;
        }
        begun = begun || property != NULL;
        if (property != NULL && strcmp(property, "date") == 0)
            value = day_of(flow->cx, value);
        if (property != NULL)
            flow_property(flow, str_of(property),
                          strcmp(property, "title") == 0 ? bare_subject(value) : value);
    }
    first = flow->block_count;
    TRY(read_plain(flow, rest));
    only_passed_on(flow, first);
    return 0;
}
