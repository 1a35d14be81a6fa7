#include "report/text.h"

enum { BAR_MAX = 48, TITLE_END = 36 };

enum part { PART_MET, PART_PARTLY, PART_MISSING, PART_ASK, PART_NOT_APPLICABLE, PARTS };

static const enum tone part_tone[PARTS] = {TONE_GOOD, TONE_WARN, TONE_BAD, TONE_ASK, TONE_FAINT};

static const char *part_glyph(const struct page *p, enum part part)
{
    static const char *const blocks[PARTS] = {"█", "▓", "░", "?", "·"};
    static const char *const plain[PARTS] = {"#", "+", "-", "?", "."};

    return p->unicode ? blocks[part] : plain[part];
}

static void title_page(struct text_report *r)
{
    struct page *p = &r->page;
    struct arena *mem = p->cx->mem;
    const struct value *standard = value_get(r->result, "standard");
    const struct value *notice = value_get(r->result, "notice");
    struct str name = value_path(r->result, "organisation.name") != NULL
                          ? value_as_text(value_path(r->result, "organisation.name"))
                          : STR_NONE;
    struct str amendment = value_get_text(standard, "amendment");
    struct buf of = buf_new(mem);

    buf_add(&of, value_get_text(standard, "title"));
    if (amendment.n > 0)
        buf_printf(&of, _(" with %.*s"), STR_ARG(amendment));
    page_item_end(p, 0, 0, TONE_PLAIN, STR_NONE, TONE_STRONG,
                  name.n > 0 ? name : str_of(report_say(r->result, SAY_TITLE)),
                  report_date(mem, value_get_text(r->result, "today")));
    page_text(p, 0, TONE_FAINT, buf_str(&of));
    page_line(p);
    page_text(p, 0, TONE_PLAIN, value_get_text(notice, "self_assessment"));
    page_text(p, 0, TONE_PLAIN, value_get_text(notice, "privacy"));
}

static struct str upper(struct arena *mem, const char *text)
{
    char *copy = str_z(mem, str_of(text));

    for (char *c = copy; *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 32);
    return str_of(copy);
}

static enum tone verdict_tone(const struct value *verdict)
{
    if (value_is_text(value_get(verdict, "ready"), "yes"))
        return TONE_GOOD;
    return value_is_text(value_get(verdict, "ready"), "with-concerns") ? TONE_WARN : TONE_BAD;
}

/* "9 of 16  ■■■■■■■■■□□□□□□□  documents and records the standard demands". */
static void minimum_line(struct text_report *r)
{
    struct page *p = &r->page;
    int64_t met = value_as_int(value_path(r->result, "verdict.minimum.met"), 0);
    int64_t of = value_as_int(value_path(r->result, "verdict.minimum.of"), 0);
    struct buf boxes = buf_new(p->cx->mem);

    for (int64_t i = 0; i < of && i < 40; i++)
        buf_addz(&boxes, i < met ? (p->unicode ? "■" : "#") : (p->unicode ? "□" : "."));
    page_item(p, TEXT_LEFT, 13, TONE_STRONG,
              str_printf(p->cx->mem, _("%lld of %lld"), (long long)met, (long long)of), TONE_PLAIN,
              str_printf(p->cx->mem, _("%.*s  documents and records the standard demands"),
                         STR_ARG(buf_str(&boxes))));
}

static void count_line(struct text_report *r, enum gravity gravity, enum tone tone, const char *one,
                       const char *many)
{
    size_t n = report_count(r->result, gravity);

    page_item(&r->page, TEXT_LEFT, 13, n > 0 ? tone : TONE_FAINT,
              n > 0 ? str_printf(r->page.cx->mem, "%zu", n) : str_of(_("no")), TONE_PLAIN,
              str_of(n == 1 ? one : many));
}

static void verdict(struct text_report *r)
{
    const struct value *v = value_get(r->result, "verdict");
    struct page *p = &r->page;

    page_rule(p, verdict_tone(v), upper(p->cx->mem, report_ready_word(r->result)).p, STR_NONE);
    page_text(p, TEXT_LEFT, TONE_STRONG, value_get_text(v, "headline"));
    if (!r->auditor)
        page_text(p, TEXT_LEFT, TONE_PLAIN, value_get_text(v, "encouragement"));
    page_line(p);
    minimum_line(r);
    count_line(r, GRAVITY_BLOCKING, TONE_BAD, report_say(r->result, SAY_BLOCKING_ONE),
               report_say(r->result, SAY_BLOCKING_MANY));
    count_line(r, GRAVITY_CONCERN, TONE_WARN, report_say(r->result, SAY_CONCERN_ONE),
               report_say(r->result, SAY_CONCERN_MANY));
    count_line(r, GRAVITY_NOTE, TONE_PLAIN, report_say(r->result, SAY_NOTE_ONE),
               report_say(r->result, SAY_NOTE_MANY));
}

static void first_steps(struct text_report *r, const char *title)
{
    const struct value *first = value_path(r->result, "verdict.first");
    struct page *p = &r->page;

    if (r->auditor || value_count(first) == 0)
        return;
    page_rule(p, TONE_STRONG, title, STR_NONE);
    for (size_t i = 0; i < value_count(first); i++) {
        const struct value *step = value_at(first, i);
        page_item(p, TEXT_LEFT, TEXT_BODY, TONE_STRONG, str_printf(p->cx->mem, "%zu", i + 1),
                  TONE_STRONG, value_get_text(step, "title"));
        page_text(p, TEXT_BODY, TONE_PLAIN, value_get_text(step, "why"));
    }
}

static void too_late(struct text_report *r)
{
    const struct value *late = value_path(r->result, "verdict.too_late");
    struct page *p = &r->page;
    struct arena *mem = p->cx->mem;
    struct str day = report_date(mem, value_get_text(r->result, "stage2"));

    if (r->auditor || value_count(late) == 0)
        return;
    page_line(p);
    page_text(p, TEXT_LEFT, TONE_WARN,
              day.n > 0
                  ? str_printf(mem, _("No longer possible before Stage 2 on %.*s:"), STR_ARG(day))
                  : str_of(_("No longer possible before Stage 2:")));
    for (size_t i = 0; i < value_count(late); i++) {
        const struct value *it = value_at(late, i);
        page_item(p, TEXT_LEFT, TEXT_BODY, TONE_WARN, str_of(p->unicode ? "●" : "*"), TONE_PLAIN,
                  str_printf(mem, _("%.*s (needs %lld days; the last day to begin was %.*s)"),
                             STR_ARG(value_get_text(it, "what")),
                             (long long)value_get_int(it, "needs_days", 0),
                             STR_ARG(report_date(mem, value_get_text(it, "by")))));
    }
}

/* So many cells of `width` for each part: at least one where there is anything. */
static void share(const int64_t count[PARTS], int64_t total, size_t width, size_t cells[PARTS])
{
    size_t used = 0, largest = 0;

    for (size_t i = 0; i < PARTS; i++) {
        int64_t n = total > 0 ? count[i] * (int64_t)width / total : 0;
        cells[i] = count[i] > 0 && n < 1 ? 1 : (size_t)(n > 0 ? n : 0);
        used += cells[i];
        if (cells[i] > cells[largest])
            largest = i;
    }
    if (total > 0 && used <= width)
        cells[largest] += width - used;
    else if (total > 0 && cells[largest] > used - width)
        cells[largest] -= used - width;
}

static void bar(struct page *p, const int64_t count[PARTS], int64_t total, size_t width)
{
    size_t cells[PARTS];

    share(count, total, width, cells);
    for (size_t part = 0; part < PARTS; part++) {
        struct buf run = buf_new(p->cx->mem);
        for (size_t i = 0; i < cells[part]; i++)
            buf_addz(&run, part_glyph(p, (enum part)part));
        page_put(p, part_tone[part], buf_str(&run));
    }
}

static void bar_row(struct page *p, struct str number, struct str title, const int64_t count[PARTS])
{
    size_t room = p->width - TITLE_END - 15;
    int64_t total = 0;
    size_t used;

    for (size_t i = 0; i < PARTS; i++)
        total += count[i];
    if (total == 0)
        return;
    title = str_cut(p->cx->mem, page_clean(p, title), TITLE_END - TEXT_BODY - 3);
    page_pad(p, TEXT_LEFT);
    page_put(p, TONE_STRONG, number);
    used = TEXT_LEFT + page_columns(number);
    page_pad(p, used < TEXT_BODY + 1 ? TEXT_BODY + 1 - used : 1);
    used = used < TEXT_BODY + 1 ? TEXT_BODY + 1 : used + 1;
    page_put(p, TONE_PLAIN, title);
    used += page_columns(title);
    page_pad(p, used < TITLE_END ? TITLE_END - used : 1);
    bar(p, count, total, room > BAR_MAX ? BAR_MAX : room);
    page_put(p, TONE_PLAIN,
             str_printf(p->cx->mem, _("  %2lld of %lld met"), (long long)count[PART_MET],
                        (long long)total));
    page_line(p);
}

static void legend(struct page *p)
{
    const char *words[PARTS] = {_("met"), _("partly"), _("missing"), _("documents cannot tell"),
                                _("not applicable")};

    page_pad(p, TEXT_LEFT);
    for (size_t part = 0; part < PARTS; part++) {
        page_putz(p, part_tone[part], part_glyph(p, (enum part)part));
        page_put(p, TONE_FAINT, str_printf(p->cx->mem, " %s   ", words[part]));
    }
    page_line(p);
    page_line(p);
}

static enum part part_of(struct str status)
{
    if (str_is(status, "met"))
        return PART_MET;
    if (str_is(status, "partly"))
        return PART_PARTLY;
    if (str_is(status, "missing"))
        return PART_MISSING;
    return str_is(status, "not-applicable") ? PART_NOT_APPLICABLE : PART_ASK;
}

/* One bar for each run of controls whose ids begin alike. */
static void control_rows(struct text_report *r)
{
    const struct value *controls = value_get(r->result, "controls");
    size_t i = 0, n = value_count(controls);

    if (n > 0)
        page_line(&r->page);
    while (i < n) {
        struct str group = report_group(value_at(controls, i));
        int64_t count[PARTS] = {0};

        for (; i < n && str_eq(report_group(value_at(controls, i)), group); i++)
            count[part_of(value_get_text(value_at(controls, i), "status"))]++;
        bar_row(&r->page, group, str_of(_("Controls")), count);
    }
}

static void clauses(struct text_report *r)
{
    const struct value *rows = value_get(r->result, "clauses");

    if (value_count(rows) == 0)
        return;
    page_rule(&r->page, TONE_STRONG, _("Clause by clause"), STR_NONE);
    legend(&r->page);
    for (size_t i = 0; i < value_count(rows); i++) {
        const struct value *row = value_at(rows, i);
        const int64_t count[PARTS] = {value_get_int(row, "met", 0), value_get_int(row, "partly", 0),
                                      value_get_int(row, "missing", 0),
                                      value_get_int(row, "cannot_tell", 0),
                                      value_get_int(row, "not_applicable", 0)};
        bar_row(&r->page, value_get_text(row, "clause"), value_get_text(row, "title"), count);
    }
    control_rows(r);
}

static struct str state_mark(struct text_report *r, struct str state)
{
    bool unicode = r->page.unicode;
    const char *mark = unicode ? "?" : "?";

    if (str_is(state, "present"))
        mark = unicode ? "✓" : "+";
    else if (str_is(state, "partly"))
        mark = "~";
    else if (str_is(state, "missing"))
        mark = unicode ? "✗" : "x";
    return str_printf(r->page.cx->mem, "%s %s", mark, report_status_word(state));
}

static void minimum(struct text_report *r, bool only_there)
{
    const struct value *list = value_get(r->result, "minimum");
    struct arena *mem = r->page.cx->mem;

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct str state = value_get_text(it, "state"), path = value_get_text(it, "path");
        struct str title = value_get_text(it, "title");
        enum tone tone = str_is(state, "present") ? TONE_GOOD : part_tone[part_of(state)];

        if (only_there && !str_is(state, "present") && !str_is(state, "partly"))
            continue;
        if (path.n > 0)
            title = str_printf(mem, "%.*s (%.*s)", STR_ARG(title), STR_ARG(path));
        page_item_end(&r->page, TEXT_LEFT, TEXT_HANG + 1, tone, state_mark(r, state), TONE_PLAIN,
                      title, value_get_text(it, "clause"));
    }
}

static void demanded(struct text_report *r)
{
    if (value_count(value_get(r->result, "minimum")) == 0)
        return;
    page_rule(&r->page, TONE_STRONG, _("Documents and records the standard demands"), STR_NONE);
    minimum(r, false);
}

/* Titles of the documents that controls will probably ask for, in one line: those that are there,
 * or those that are not. */
static struct str wanted_titles(struct text_report *r, bool there)
{
    const struct value *list = value_get(r->result, "wanted_documents");
    struct buf out = buf_new(r->page.cx->mem);

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        if (!value_is_text(value_get(it, "wanted"), "probably") ||
            value_is_text(value_get(it, "state"), "present") != there ||
            (!there && !value_get_bool(it, "demanded")))
            continue;
        struct str control = value_as_text(value_at(value_get(it, "controls"), 0));
        buf_printf(&out, "%s%.*s", out.n > 0 ? ", " : "", STR_ARG(value_get_text(it, "title")));
        if (!there)
            buf_printf(&out, " (%.*s)", STR_ARG(control));
    }
    return buf_str(&out);
}

/* What controls will ask for, as long as nothing decides which of them apply. */
static void wanted(struct text_report *r)
{
    struct str missing = wanted_titles(r, false), there = wanted_titles(r, true);
    struct page *p = &r->page;

    if (r->auditor || missing.n == 0)
        return;
    page_rule(p, TONE_STRONG, _("What you will probably need too"), STR_NONE);
    page_text(p, TEXT_LEFT, TONE_PLAIN,
              str_printf(p->cx->mem,
                         _("Once it is decided which controls apply, these are usual: %.*s."),
                         STR_ARG(missing)));
    if (there.n > 0)
        page_text(p, TEXT_LEFT, TONE_FAINT,
                  str_printf(p->cx->mem, _("There already: %.*s."), STR_ARG(there)));
}

/* The same in one sentence, for the one page. */
static void wanted_in_short(struct text_report *r)
{
    const struct value *list = value_get(r->result, "wanted_documents");
    size_t n = 0, there = 0;

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        if (!value_is_text(value_get(it, "wanted"), "probably") || !value_get_bool(it, "demanded"))
            continue;
        n++;
        there += value_is_text(value_get(it, "state"), "present");
    }
    if (n > 0)
        page_text(&r->page, 0, TONE_PLAIN,
                  str_printf(r->page.cx->mem,
                             _("Once it is decided which controls apply, you will probably need up "
                               "to %zu more documents, %zu of which are there."),
                             n, there));
}

/* Decisions by an earlier edition, in the order of this one. */
static void carried(struct text_report *r)
{
    const struct value *draft = value_get(r->result, "carried_over");
    const struct value *controls = value_get(draft, "controls");
    struct page *p = &r->page;
    size_t made = 0, new = 0;

    for (size_t i = 0; i < value_count(controls); i++) {
        made += value_count(value_get(value_at(controls, i), "from")) > 0;
        new += value_get_bool(value_at(controls, i), "new");
    }
    if (made == 0)
        return;
    page_line(p);
    page_text(p, TEXT_LEFT, TONE_PLAIN,
              str_printf(p->cx->mem,
                         _("%.*s decides by the numbers of an earlier edition. The report as HTML "
                           "or JSON holds its %lld lines in the order of this one: %zu controls "
                           "carried over, %zu new ones to decide."),
                         STR_ARG(value_get_text(draft, "path")),
                         (long long)value_get_int(draft, "lines", 0), made, new));
}

/* How many promises there are; a terminal is no place to read them. */
static void commitments(struct text_report *r)
{
    const struct value *list = value_get(r->result, "commitments");
    struct page *p = &r->page;
    size_t about = 0;

    for (size_t i = 0; i < value_count(list); i++)
        about += value_type(value_get(value_at(list, i), "topic")) == VALUE_TEXT;
    if (value_count(list) == 0)
        return;
    page_line(p);
    page_text(p, TEXT_LEFT, TONE_PLAIN,
              str_printf(p->cx->mem,
                         _("The documents make %zu promises with a value (so often, by when, for "
                           "how long), %zu of them on what auditors ask about. The report as HTML "
                           "or JSON lists each with its quote: an auditor will hold you to them."),
                         value_count(list), about));
}

static void questions(struct text_report *r)
{
    const struct value *list = value_path(r->result, "verdict.questions");
    struct page *p = &r->page;

    if (value_count(list) == 0)
        return;
    page_rule(p, TONE_ASK, _("What only a person can answer"),
              str_printf(p->cx->mem, "%zu", value_count(list)));
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct str key = value_get_text(it, "profile_key");
        page_item_end(p, TEXT_LEFT, TEXT_BODY, TONE_ASK, STR("?"), TONE_PLAIN,
                      value_get_text(it, "question"), value_get_text(it, "requirement"));
        if (key.n > 0)
            page_text(p, TEXT_BODY, TONE_FAINT,
                      str_printf(p->cx->mem,
                                 report_is_of_home(r->result) ? _("assay answer %.*s yes (or no)")
                                                              : _("in the profile: %.*s"),
                                 STR_ARG(key)));
    }
}

/* What a file is taken for, in words. */
static struct str taken_for(struct text_report *r, const struct value *document)
{
    const struct value *kinds = value_get(document, "kinds");
    struct str copy = value_get_text(document, "copies_of");
    struct str nature = value_get_text(document, "nature"),
               error = value_get_text(document, "error");
    struct buf out = buf_new(r->page.cx->mem);

    for (size_t i = 0; i < value_count(kinds); i++) {
        const struct value *kind = value_at(kinds, i);
        struct str title = value_get_text(kind, "title");
        if (title.n == 0)
            title = value_get_text(kind, "kind");
        buf_printf(&out, "%s%.*s (%lld %%)", i > 0 ? "; " : "", STR_ARG(title),
                   (long long)value_as_thousandths(value_get(kind, "confidence"), 0) / 10);
    }
    if (copy.n > 0)
        buf_printf(&out, _("%scopy of %.*s"), out.n > 0 ? "; " : "", STR_ARG(copy));
    if (nature.n > 0)
        buf_printf(&out, "%s%.*s", out.n > 0 ? "; " : "", STR_ARG(nature));
    if (value_get_bool(document, "is_template"))
        buf_printf(&out, _("%stemplate, not filled in"), out.n > 0 ? "; " : "");
    if (error.n > 0)
        buf_printf(&out, "%s%.*s", out.n > 0 ? "; " : "", STR_ARG(error));
    return out.n > 0 ? buf_str(&out) : str_of(_("no kind recognised"));
}

static void files(struct text_report *r)
{
    const struct value *documents = value_get(r->result, "documents");
    const struct value *skipped = value_get(r->result, "skipped");
    struct page *p = &r->page;
    struct arena *mem = p->cx->mem;

    if (report_is_of_home(r->result))
        return;
    page_rule(p, TONE_STRONG, _("Files read"), str_printf(mem, "%zu", value_count(documents)));
    for (size_t i = 0; i < value_count(documents); i++) {
        const struct value *it = value_at(documents, i);
        page_item(p, TEXT_LEFT, TITLE_END, TONE_PLAIN, page_clean(p, value_get_text(it, "path")),
                  TONE_FAINT, taken_for(r, it));
    }
    if (value_count(skipped) == 0)
        return;
    page_rule(p, TONE_STRONG, _("Files not judged"), str_printf(mem, "%zu", value_count(skipped)));
    for (size_t i = 0; i < value_count(skipped); i++) {
        const struct value *it = value_at(skipped, i);
        page_item_end(p, TEXT_LEFT, TEXT_LEFT, TONE_PLAIN, STR_NONE, TONE_PLAIN,
                      value_get_text(it, "path"), value_get_text(it, "what"));
        page_text(p, TEXT_BODY, TONE_FAINT, value_get_text(it, "why"));
        if (!r->auditor)
            page_text(p, TEXT_BODY, TONE_FAINT, value_get_text(it, "advice"));
    }
}

static void reach_line(struct text_report *r, const char *key, const char *text)
{
    struct page *p = &r->page;
    int64_t n = value_as_int(value_path(r->result, key), 0);

    page_item(p, TEXT_LEFT, 13, TONE_STRONG, str_printf(p->cx->mem, "%lld", (long long)n),
              TONE_PLAIN, str_of(text));
}

/* What files do not decide at Stage 2. */
static void on_the_day(struct text_report *r)
{
    const struct value *list = value_get(r->result, "on_the_day");
    struct page *p = &r->page;
    struct arena *mem = p->cx->mem;

    if (value_count(list) == 0)
        return;
    page_rule(p, TONE_STRONG, _("The auditor will look at it on the day"),
              str_printf(mem, "%zu", value_count(list)));
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i), *asks = value_get(it, "asks");
        struct buf who = buf_new(mem);

        for (size_t k = 0; k < value_count(asks); k++)
            buf_printf(&who, "%s%.*s", k > 0 ? ", " : "",
                       STR_ARG(value_as_text(value_at(asks, k))));
        page_item_end(p, TEXT_LEFT, TEXT_BODY, TONE_PLAIN, STR_NONE, TONE_PLAIN,
                      value_get_text(it, "title"), value_get_text(it, "requirement"));
        page_text(p, TEXT_BODY, TONE_FAINT, value_get_text(it, "looks_at"));
        if (who.n > 0)
            page_text(p, TEXT_BODY, TONE_FAINT,
                      str_printf(mem, _("Asked: %.*s."), STR_ARG(buf_str(&who))));
    }
}

static void reach(struct text_report *r)
{
    struct page *p = &r->page;
    struct str understanding = value_as_text(value_path(r->result, "verdict.reach.understanding"));

    page_rule(p, TONE_STRONG, _("How far this verdict reaches"), STR_NONE);
    reach_line(r, "verdict.reach.decided", _("requirements decided from the documents"));
    reach_line(r, "verdict.reach.needs_person", _("only a person can decide"));
    reach_line(r, "verdict.reach.stage2_only", report_say(r->result, SAY_LEFT));
    if (understanding.n > 0)
        page_text(
            p, TEXT_LEFT, TONE_PLAIN,
            str_printf(p->cx->mem, _("What people understand: %.*s."), STR_ARG(understanding)));
}

static void footer(struct text_report *r)
{
    const struct value *program = value_get(r->result, "program");
    struct page *p = &r->page;

    page_line(p);
    page_text(p, 0, TONE_FAINT,
              str_printf(p->cx->mem,
                         _("%.*s %.*s, rules %.*s. `assay explain ID` tells what lies "
                           "behind any id above."),
                         STR_ARG(value_get_text(program, "name")),
                         STR_ARG(value_get_text(program, "version")),
                         STR_ARG(str_sub(value_get_text(program, "rules_version"), 0, 12))));
}

/* A list of sixty findings would discourage and help nobody: one page with the first steps. */
static void hopeless(struct text_report *r)
{
    const struct value *v = value_get(r->result, "verdict");
    struct page *p = &r->page;

    page_rule(p, TONE_WARN, upper(p->cx->mem, report_ready_word(r->result)).p, STR_NONE);
    minimum_line(r);
    page_line(p);
    page_text(p, TEXT_LEFT, TONE_STRONG, value_get_text(v, "headline"));
    page_text(p, TEXT_LEFT, TONE_PLAIN, value_get_text(v, "encouragement"));
    text_since(r);
    text_warnings(r);
    first_steps(r, _("Do these first"));
    too_late(r);
    if (value_as_int(value_get(value_get(v, "minimum"), "met"), 0) > 0)
        page_rule(p, TONE_GOOD, _("Already there"), STR_NONE);
    minimum(r, true);
    carried(r);
    commitments(r);
    text_starters(r);
    page_line(p);
    wanted_in_short(r);
    page_text(p, 0, TONE_PLAIN,
              str_of(_("The full list of what is missing: run again with --format html or "
                       "--format json.")));
}

int report_text(struct ctx *cx, const struct value *result, const struct report_style *style,
                struct buf *out)
{
    struct text_report r = {page_new(cx, style, out), result, style->auditor};

    title_page(&r);
    if (value_as_bool(value_path(result, "verdict.hopeless")) && !r.auditor) {
        hopeless(&r);
        footer(&r);
        return ctx_check(cx);
    }
    verdict(&r);
    text_warnings(&r);
    text_since(&r);
    first_steps(&r, _("What would change the verdict most"));
    too_late(&r);
    text_blocking(&r);
    clauses(&r);
    text_concerns(&r);
    demanded(&r);
    wanted(&r);
    carried(&r);
    text_trails(&r);
    questions(&r);
    on_the_day(&r);
    text_first_questions(&r);
    text_start_now(&r);
    text_starters(&r);
    text_audit_time(&r, false);
    files(&r);
    text_registers(&r);
    reach(&r);
    footer(&r);
    return ctx_check(cx);
}
