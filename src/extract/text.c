/* Plain text: its structure guessed from blank lines, marks and capitals, as people type them. */
#include "extract/internal.h"

#define TITLE_BYTES 80u
#define DEEPEST_INDENT 32u

struct line {
    struct str text; /* trimmed */
    unsigned indent;
    uint32_t number;
};

/* Lines between two blank ones. */
struct group {
    struct line *lines;
    size_t count, room;
};

struct reader {
    struct flow *flow;
    struct buf text; /* of the block being gathered */
    bool item;
    unsigned level;
    uint32_t line;
    unsigned indents[DEEPEST_INDENT]; /* of the lists that are open */
    unsigned depth;
    unsigned numbered; /* parts of the number of the single line before, if that was an item */
};

static void flush(struct reader *r)
{
    if (r->text.n == 0)
        return;
    r->flow->place.line = r->line;
    if (r->item)
        flow_item(r->flow, r->level, buf_str(&r->text));
    else
        flow_paragraph(r->flow, buf_str(&r->text));
    r->text.n = 0;
    r->item = false;
}

static void gather(struct reader *r, const struct line *line, struct str text)
{
    if (r->text.n == 0)
        r->line = line->number;
    else
        buf_char(&r->text, ' ');
    buf_add(&r->text, text);
}

static void add_heading(struct reader *r, const struct line *line, unsigned level)
{
    flush(r);
    r->flow->place.line = line->number;
    flow_heading(r->flow, level, line->text);
    r->depth = 0;
}

/* "=====" or "-----" below a title: its level, else 0. */
static unsigned underline_level(struct str s)
{
    if (s.n < 3 || strchr("=-~", s.p[0]) == NULL)
        return 0;
    for (size_t i = 1; i < s.n; i++)
        if (s.p[i] != s.p[0])
            return 0;
    return s.p[0] == '=' ? 1 : 2;
}

/* A line that only separates. */
static bool is_rule(struct str s)
{
    if (s.n < 3 || strchr("=-~*_#+", s.p[0]) == NULL)
        return false;
    for (size_t i = 1; i < s.n; i++)
        if (s.p[i] != s.p[0] && s.p[i] != ' ')
            return false;
    return true;
}

/* How many parts the number at the start has: 2 for "4.1 Scope", 0 for no number. */
static unsigned number_parts(struct str s, size_t *ret_length)
{
    unsigned parts = 0;
    size_t at = 0;

    while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9') {
        size_t start = at;
        while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9')
            at++;
        if (at - start > 3)
            return 0;
        parts++;
        if (at < s.n && s.p[at] == '.')
            at++;
    }
    if (parts == 0 || at >= s.n || (s.p[at] != ' ' && s.p[at] != '\t'))
        return 0;
    if (parts == 1 && s.p[at - 1] != '.')
        return 0;
    *ret_length = at;
    return parts;
}

static bool could_be_title(struct str s)
{
    return s.n > 0 && s.n <= TITLE_BYTES && strchr(".;,", s.p[s.n - 1]) == NULL;
}

static bool is_capitals(struct str s)
{
    unsigned letters = 0;

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= 'a' && s.p[i] <= 'z')
            return false;
        letters += s.p[i] >= 'A' && s.p[i] <= 'Z';
    }
    return letters >= 3 && letters * 2 >= s.n;
}

/* Tabs or wide gaps between words: a row of something. */
static bool is_aligned(struct str s)
{
    return str_find_char(s, '\t', 0) != SIZE_MAX || str_has(s, "    ") ||
           (str_has(s, "   ") && !str_has(s, ".   "));
}

/* Level of the list item that begins at `indent`. */
static unsigned item_level(struct reader *r, unsigned indent)
{
    while (r->depth > 0 && r->indents[r->depth - 1] > indent)
        r->depth--;
    if (r->depth == 0 || r->indents[r->depth - 1] < indent) {
        if (r->depth < DEEPEST_INDENT)
            r->indents[r->depth++] = indent;
    }
    return r->depth;
}

static void begin_item(struct reader *r, const struct line *line, size_t marker)
{
    flush(r);
    r->item = true;
    r->level = item_level(r, line->indent);
    gather(r, line, str_from(line->text, marker));
}

/* A line alone between blank ones that has the shape of a title. `next` follows, or is NULL. */
static bool read_title(struct reader *r, const struct line *line, const struct group *next)
{
    size_t length = 0, other = 0;
    unsigned parts = number_parts(line->text, &length), before = r->numbered;

    r->numbered = 0;
    if (!could_be_title(line->text))
        return false;
    if (parts > 0) {
        unsigned after = next->count == 1 ? number_parts(next->lines[0].text, &other) : 0;
        if (parts == 1 && (after == 1 || before == 1)) {
            r->numbered = 1;
            return false;
        }
        if (line->indent > 3 || text_is_label_line(str_trim(str_from(line->text, length))))
            return false;
        add_heading(r, line, parts);
        return true;
    }
    if (!is_capitals(line->text) || text_is_label_line(line->text) || text_marker(line->text) > 0)
        return false;
    add_heading(r, line, 1);
    return true;
}

/* A numbered line or one in capitals right above its paragraph. */
static bool is_title_above(const struct line *line, const struct line *below)
{
    size_t length;

    if (!could_be_title(line->text) || text_is_label_line(line->text) ||
        below->indent > line->indent || text_marker(below->text) > 0 || is_aligned(line->text))
        return false;
    if (is_capitals(line->text))
        return !is_capitals(below->text);
    return number_parts(line->text, &length) > 0 && below->text.n > line->text.n &&
           number_parts(below->text, &length) == 0 && below->text.p[0] >= 'A' &&
           below->text.p[0] <= 'Z';
}

static bool labels_prevail(const struct group *group)
{
    size_t labels = 0;

    for (size_t i = 0; i < group->count; i++)
        labels += text_is_label_line(group->lines[i].text);
    return labels >= 2 && labels * 2 >= group->count;
}

static void read_line(struct reader *r, const struct line *line, bool apart)
{
    size_t marker = text_marker(line->text);

    if (is_rule(line->text)) {
        flush(r);
    } else if (marker > 0) {
        begin_item(r, line, marker);
    } else if (apart || is_aligned(line->text)) {
        flush(r);
        gather(r, line, line->text);
        flush(r);
    } else {
        gather(r, line, line->text);
    }
}

static void read_lines(struct reader *r, const struct group *group, const struct group *next)
{
    bool apart = labels_prevail(group);

    if (group->count == 0)
        return;
    if (group->count == 1 && read_title(r, &group->lines[0], next))
        return;
    if (text_marker(group->lines[0].text) == 0 && group->lines[0].indent == 0)
        r->depth = 0;
    for (size_t i = 0; i < group->count; i++) {
        const struct line *line = &group->lines[i];
        const struct line *below = i + 1 < group->count ? line + 1 : NULL;
        if (below != NULL && could_be_title(line->text) && !is_aligned(line->text) &&
            underline_level(below->text) > 0) {
            add_heading(r, line, underline_level(below->text));
            i++;
        } else if (i == 0 && below != NULL && !apart && is_title_above(line, below)) {
            add_heading(r, line, 1);
        } else {
            read_line(r, line, apart);
        }
    }
    flush(r);
}

/* Lines with tabs as a table; gives how many lines are left to read before it. */
static size_t read_tabs(struct reader *r, const struct group *group, struct tab_line **ret)
{
    struct tab_line *lines = arena_array(r->flow->cx->mem, group->count, sizeof *lines);
    size_t header;

    for (size_t i = 0; i < group->count; i++)
        lines[i] = (struct tab_line){group->lines[i].text, group->lines[i].number};
    header = tabs_header(lines, group->count);
    *ret = header == SIZE_MAX ? NULL : lines + header;
    return header == SIZE_MAX ? group->count : header;
}

static void read_group(struct reader *r, const struct group *whole, const struct group *next)
{
    struct tab_line *table = NULL;
    struct group part = *whole, *group = &part;

    part.count = read_tabs(r, whole, &table);
    read_lines(r, group, next);
    if (table != NULL)
        tabs_flush(r->flow, table, whole->count - part.count);
}
static struct line cut_line(struct str text, size_t *at, uint32_t number)
{
    size_t end = str_find_char(text, '\n', *at);
    struct str line = str_sub(text, *at, (end == SIZE_MAX ? text.n : end) - *at);
    unsigned indent = 0;

    *at = end == SIZE_MAX ? text.n : end + 1;
    for (size_t i = 0; i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'); i++)
        indent += line.p[i] == '\t' ? 4 : 1;
    return (struct line){.text = str_trim(line), .indent = indent, .number = number};
}

/* The next lines up to a blank one. */
static void next_group(struct ctx *cx, struct group *group, struct str text, size_t *at,
                       uint32_t *number)
{
    group->count = 0;
    while (*at < text.n) {
        struct line line = cut_line(text, at, (*number)++);
        if (line.text.n == 0 && group->count > 0)
            return;
        if (line.text.n > 0)
            *ARENA_PUSH(cx->mem, group->lines, group->count, group->room) = line;
    }
}

int text_read(struct flow *flow, struct str text)
{
    return text_read_from(flow, text, 1);
}

int text_read_from(struct flow *flow, struct str text, uint32_t line)
{
    struct reader r = {.flow = flow, .text = buf_new(flow->cx->mem)};
    struct group groups[2] = {0};
    uint32_t number = line;
    size_t at = 0;

    next_group(flow->cx, &groups[0], text, &at, &number);
    for (unsigned i = 0; groups[i].count > 0 && !flow_full(flow); i ^= 1) {
        next_group(flow->cx, &groups[i ^ 1], text, &at, &number);
        read_group(&r, &groups[i], &groups[i ^ 1]);
    }
    return 0;
}
