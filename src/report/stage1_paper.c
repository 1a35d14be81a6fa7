#include "report/chart.h"
#include "report/stage1_paper.h"

struct section {
    const char *name;    /* "#name" leads to it */
    const char *heading; /* NULL: the builder makes its own */
    void (*build)(struct stage1_paper *s);
};

/* In the order in which people read them. */
static const struct section sections[] = {
    {"warnings", "Warnings", stage1_warnings},
    {"since", "What changed", stage1_since},
    {"first", "First steps", stage1_first},
    {"start-now", "Start now", stage1_start_now},
    {"minimum", "What must be there", stage1_minimum},
    {"clauses", "Clause by clause", stage1_clauses},
    {"blocking", NULL, stage1_blocking},
    {"concerns", NULL, stage1_concerns},
    {"notes", NULL, stage1_notes},
    {"questions", "Questions to a person", stage1_questions},
    {"asked", "The auditor’s first questions to you", stage1_first_questions},
    {"on-the-day", "What the auditor will look at on the day", stage1_on_the_day},
    {"time", "Audit days", stage1_time},
    {"risks", "Risks by likelihood and consequence", stage1_risks},
    {"trails", "From risk to evidence", stage1_trails},
    {"controls", "Controls of Annex A", stage1_controls},
    {"carried-over", "Draft of the Statement of Applicability", stage1_carried_over},
    {"wanted", "What the controls ask for", stage1_wanted},
    {"commitments", "Commitments", stage1_commitments},
    {"registers", "Registers", stage1_registers},
    {"requirements", "Every requirement", stage1_requirements},
    {"files", "Files", stage1_files},
    {"skipped", "Not judged", stage1_skipped},
    {"method", "Method and limits", stage1_method},
};

/* ---- what builders share ---- */

struct paper_text *stage1_say(struct stage1_paper *s, enum paper_style style, struct str text)
{
    struct paper_text *t;

    if (text.n == 0)
        return NULL;
    t = paper_paragraph(s->paper, style);
    paper_say(t, text);
    return t;
}

void stage1_fact(struct stage1_paper *s, const char *label, struct str text)
{
    struct paper_text *t;

    if (text.n == 0)
        return;
    t = paper_paragraph(s->paper, PAPER_BODY);
    paper_run(t, PAPER_BOLD, PAPER_PLAIN, str_printf(s->mem, "%s: ", label));
    paper_say(t, text);
}

void stage1_quote(struct stage1_paper *s, const struct value *quote, struct str after)
{
    struct str text = str_squeeze(s->mem, value_get_text(quote, "quote"));
    struct str place = report_place(s->mem, quote), path = value_get_text(quote, "path");
    struct paper_text *t = paper_paragraph(s->paper, PAPER_QUOTE);

    if (text.n > 0)
        paper_say(t, str_printf(s->mem, "“%.*s”\n", STR_ARG(text)));
    paper_run(t, PAPER_CODE, PAPER_MUTED, path);
    if (place.n > 0)
        paper_run(t, 0, PAPER_MUTED, str_printf(s->mem, " › %.*s", STR_ARG(place)));
    paper_run(t, 0, PAPER_MUTED, after);
}

void stage1_item(struct stage1_paper *s, enum paper_list list, struct str text, struct str small)
{
    struct paper_text *t = paper_item(s->paper, list, 1);

    paper_say(t, text);
    if (small.n > 0)
        paper_run(t, 0, PAPER_MUTED, str_printf(s->mem, " (%.*s)", STR_ARG(small)));
}

static struct paper_table *new_table(struct stage1_paper *s, struct str title, const char *columns,
                                     enum paper_media media)
{
    struct paper_table *t = paper_table(s->paper, title);
    struct str rest = str_of(columns), column;
    struct paper_row *row = paper_row(t, true);

    paper_last(s->paper)->media = (unsigned)media;
    while (str_split(&rest, '|', &column)) {
        size_t colon = str_find_char(column, ':', 0);
        struct str weight = str_from(column, colon + 1);
        char side = weight.p[weight.n - 1];
        int64_t n = 1;
        if (side == 'r' || side == 'c')
            weight = str_sub(weight, 0, weight.n - 1);
        (void)str_to_int(weight, &n);
        paper_column(t, (unsigned)n,
                     side == 'r'   ? PAPER_RIGHT
                     : side == 'c' ? PAPER_CENTRE
                                   : PAPER_LEFT);
        paper_put(row, 0, PAPER_PLAIN, str_of(_(str_z(s->mem, str_sub(column, 0, colon)))));
    }
    return t;
}

struct paper_table *stage1_table(struct stage1_paper *s, const char *columns)
{
    return new_table(s, STR_NONE, columns, PAPER_PAGES);
}

struct paper_table *stage1_sheet(struct stage1_paper *s, const char *name, const char *columns)
{
    return new_table(s, str_of(name), columns, PAPER_SHEETS);
}

enum paper_role stage1_role(struct str status)
{
    if (str_is(status, "met") || str_is(status, "present"))
        return PAPER_MET;
    if (str_is(status, "partly"))
        return PAPER_PARTLY;
    if (str_is(status, "missing"))
        return PAPER_MISSING;
    return str_is(status, "not-applicable") ? PAPER_NONE : PAPER_UNKNOWN;
}

enum paper_role stage1_gravity_role(enum gravity gravity)
{
    return gravity == GRAVITY_BLOCKING  ? PAPER_BLOCKING
           : gravity == GRAVITY_CONCERN ? PAPER_CONCERN
                                        : PAPER_NOTE;
}

void stage1_put_status(struct paper_row *row, struct str status)
{
    enum paper_role role = stage1_role(status);

    paper_put(row, 0, role, str_of(report_status_word(status)))->fill = role;
}

void stage1_put(struct paper_row *row, struct str text)
{
    paper_put(row, 0, PAPER_PLAIN, text);
}

void stage1_put_two(struct paper_row *row, struct str text, struct str small)
{
    struct paper_cell *cell = paper_put(row, 0, PAPER_PLAIN, text);

    if (small.n > 0)
        paper_run(paper_cell_text(cell), 0, PAPER_MUTED, small);
}

void stage1_put_path(struct paper_row *row, struct str path)
{
    paper_put(row, PAPER_CODE, PAPER_PLAIN, path);
}

/* ---- the first page ---- */

static struct str title_of(const struct value *result)
{
    struct str name = value_as_text(value_path(result, "organisation.name"));

    return name.n > 0 ? name : str_of(report_say(result, SAY_TITLE));
}

static struct str standard_of(struct arena *mem, const struct value *result)
{
    struct str title = value_as_text(value_path(result, "standard.title"));
    struct str amendment = value_as_text(value_path(result, "standard.amendment"));

    if (amendment.n == 0)
        return title;
    return str_printf(mem, _("%.*s with %.*s"), STR_ARG(title), STR_ARG(amendment));
}

static enum paper_role verdict_role(const struct value *verdict)
{
    if (value_is_text(value_get(verdict, "ready"), "yes"))
        return PAPER_MET;
    return value_is_text(value_get(verdict, "ready"), "with-concerns") ? PAPER_CONCERN
                                                                       : PAPER_BLOCKING;
}

static void count(struct paper_row *row, struct arena *mem, enum paper_role role, struct str n,
                  const char *what)
{
    struct paper_cell *cell = paper_cell(row);

    paper_run(paper_cell_text(cell), PAPER_BOLD, role, n);
    paper_run(paper_cell_text(cell), 0, PAPER_MUTED, str_of(what));
    cell->fill = PAPER_MUTED;
    (void)mem;
}

/* Four counts side by side. */
static void counts(struct stage1_paper *s)
{
    struct paper_table *t = paper_table(s->paper, STR_NONE);
    struct paper_row *row = paper_row(t, false);
    int64_t met = value_as_int(value_path(s->result, "verdict.minimum.met"), 0);
    int64_t of = value_as_int(value_path(s->result, "verdict.minimum.of"), 0);
    static const enum gravity gravities[] = {GRAVITY_BLOCKING, GRAVITY_CONCERN, GRAVITY_NOTE};
    const char *const words[] = {report_say(s->result, SAY_BLOCK),
                                 report_say(s->result, SAY_CONCERNS_SHORT),
                                 report_say(s->result, SAY_NOTE_MANY)};

    paper_last(s->paper)->media = PAPER_PAGES;
    paper_column(t, 3, PAPER_LEFT);
    count(row, s->mem, PAPER_PLAIN,
          str_printf(s->mem, _("%lld of %lld"), (long long)met, (long long)of),
          _("documents and records that the standard demands are there"));
    for (size_t i = 0; i < COUNT_OF(gravities); i++) {
        size_t n = report_count(s->result, gravities[i]);
        paper_column(t, 2, PAPER_LEFT);
        count(row, s->mem, n > 0 ? stage1_gravity_role(gravities[i]) : PAPER_MUTED,
              str_printf(s->mem, "%zu", n), words[i]);
    }
}

static void verdict(struct stage1_paper *s)
{
    const struct value *v = value_get(s->result, "verdict"), *why = value_get(v, "why");
    struct paper_text *t = paper_paragraph(s->paper, PAPER_CALLOUT);
    struct str headline = value_get_text(v, "headline");

    paper_last(s->paper)->role = verdict_role(v);
    paper_last(s->paper)->name = STR("verdict");
    paper_run(t, PAPER_BOLD, verdict_role(v), str_of(report_ready_word(s->result)));
    if (headline.n > 0)
        paper_say(t, str_printf(s->mem, "\n%.*s", STR_ARG(headline)));
    if (!s->auditor)
        stage1_say(s, PAPER_BODY, value_get_text(v, "encouragement"));
    counts(s);
    for (size_t i = 0; i < value_count(why); i++)
        stage1_item(s, PAPER_BULLETS, value_as_text(value_at(why, i)), STR_NONE);
}

static void front(struct stage1_paper *s)
{
    struct str day = report_date(s->mem, value_get_text(s->result, "today"));
    struct str notice = value_as_text(value_path(s->result, "notice.self_assessment"));
    struct str privacy = value_as_text(value_path(s->result, "notice.privacy"));

    stage1_say(s, PAPER_TITLE, title_of(s->result));
    stage1_say(s, PAPER_SUBTITLE,
               str_printf(s->mem, _("%s %.*s, as of %.*s"), report_say(s->result, SAY_QUESTION),
                          STR_ARG(standard_of(s->mem, s->result)), STR_ARG(day)));
    verdict(s);
    stage1_say(s, PAPER_SMALL, str_printf(s->mem, "%.*s %.*s", STR_ARG(notice), STR_ARG(privacy)));
    paper_contents(s->paper, 1);
}

/* ---- short sections ---- */

static void changes(struct stage1_paper *s, const char *key, const char *title,
                    enum paper_role role)
{
    const struct value *list = value_get(value_get(s->result, "since"), key);
    struct paper_text *t;

    if (value_count(list) == 0)
        return;
    t = paper_heading(s->paper, 2, STR_NONE);
    paper_run(t, 0, role, str_of(title));
    for (size_t i = 0; i < value_count(list); i++)
        stage1_item(s, PAPER_BULLETS, value_get_text(value_at(list, i), "title"),
                    report_change(s->mem, value_at(list, i)));
}

void stage1_since(struct stage1_paper *s)
{
    const struct value *since = value_get(s->result, "since");

    if (value_type(since) != VALUE_MAP)
        return;
    stage1_say(s, PAPER_BODY,
               str_printf(s->mem, _("Since the report of %.*s."),
                          STR_ARG(report_date(s->mem, value_get_text(since, "today")))));
    stage1_say(s, PAPER_LEAD, report_verdict_change(s->mem, s->result));
    if (!value_get_bool(since, "same_rules"))
        stage1_say(s, PAPER_SMALL, report_other_rules());
    changes(s, "better", _("Better"), PAPER_MET);
    changes(s, "worse", _("Worse"), PAPER_MISSING);
    changes(s, "new", _("New"), PAPER_CONCERN);
}

static void too_late(struct stage1_paper *s)
{
    const struct value *late = value_path(s->result, "verdict.too_late");
    struct str day = report_date(s->mem, value_get_text(s->result, "stage2"));

    if (value_count(late) == 0)
        return;
    paper_say(paper_heading(s->paper, 2, STR_NONE),
              day.n > 0
                  ? str_printf(s->mem, _("No longer possible before Stage 2 on %.*s"), STR_ARG(day))
                  : str_of(_("No longer possible before Stage 2")));
    for (size_t i = 0; i < value_count(late); i++) {
        const struct value *it = value_at(late, i);
        stage1_item(s, PAPER_BULLETS, value_get_text(it, "what"),
                    str_printf(s->mem, _("needs %lld days; the last day to begin was %.*s"),
                               (long long)value_get_int(it, "needs_days", 0),
                               STR_ARG(report_date(s->mem, value_get_text(it, "by")))));
    }
}

void stage1_first(struct stage1_paper *s)
{
    const struct value *first = value_path(s->result, "verdict.first");

    if (s->auditor)
        return;
    for (size_t i = 0; i < value_count(first); i++) {
        const struct value *step = value_at(first, i);
        struct paper_text *t = paper_item(s->paper, PAPER_NUMBERS, 1);
        struct str id = value_get_text(step, "finding");
        paper_run(t, PAPER_BOLD, PAPER_PLAIN, value_get_text(step, "title"));
        paper_say(t, str_printf(s->mem, "\n%.*s ", STR_ARG(value_get_text(step, "why"))));
        if (id.n > 0)
            paper_link(t, str_printf(s->mem, "#gap-%.*s", STR_ARG(id)), str_of(_("See the gap")));
    }
    too_late(s);
}

void stage1_minimum(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "minimum");
    struct paper_table *t;

    if (value_count(list) == 0)
        return;
    t = stage1_table(s, "Document or record:5|Clause:2|Status:2|File:5");
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct paper_row *row = paper_row(t, false);
        stage1_put(row, value_get_text(it, "title"));
        stage1_put(row, value_get_text(it, "clause"));
        stage1_put_status(row, value_get_text(it, "state"));
        stage1_put_path(row, value_get_text(it, "path"));
    }
}

void stage1_clauses(struct stage1_paper *s)
{
    static const char *const keys[] = {"met",         "partly",         "missing",
                                       "cannot_tell", "not_applicable", "total"};
    const struct value *list = value_get(s->result, "clauses");
    struct paper_table *t;

    if (value_count(list) == 0)
        return;
    paper_figure(
        s->paper, chart_of_clauses(s->mem, s->result),
        str_of(_("Each clause as a bar of its requirements by status. The table below says "
                 "the same in numbers.")));
    t = stage1_table(
        s, "Clause:6|met:2r|partly:2r|missing:2r|cannot tell:3r|not applicable:3r|all:2r");
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct paper_row *row = paper_row(t, false);
        stage1_put(row, str_printf(s->mem, "%.*s %.*s", STR_ARG(value_get_text(it, "clause")),
                                   STR_ARG(value_get_text(it, "title"))));
        for (size_t k = 0; k < COUNT_OF(keys); k++)
            paper_put_number(row, value_get_int(it, keys[k], 0) * 1000);
    }
}

void stage1_questions(struct stage1_paper *s)
{
    const struct value *list = value_path(s->result, "verdict.questions");

    if (value_count(list) > 0)
        stage1_say(s, PAPER_BODY,
                   str_of(report_is_of_home(s->result)
                              ? _("Records cannot answer these. assay answer remembers what you "
                                  "say.")
                              : _("Documents cannot answer these. The answers go into the profile "
                                  "and are remembered.")));
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct paper_text *t = paper_item(s->paper, PAPER_NUMBERS, 1);
        paper_say(t, value_get_text(it, "question"));
        paper_say(t, STR(" "));
        paper_run(t, PAPER_CODE, PAPER_MUTED, value_get_text(it, "profile_key"));
    }
}

void stage1_method(struct stage1_paper *s)
{
    const struct value *reach = value_path(s->result, "verdict.reach");
    struct str command = value_as_text(value_path(s->result, "program.command"));
    struct str rules = value_as_text(value_path(s->result, "program.rules_version"));
    struct paper_text *t;

    stage1_item(s, PAPER_BULLETS,
                str_printf(s->mem, _("requirements decided from the documents: %lld"),
                           (long long)value_get_int(reach, "decided", 0)),
                STR_NONE);
    stage1_item(s, PAPER_BULLETS,
                str_printf(s->mem, _("only a person can decide: %lld"),
                           (long long)value_get_int(reach, "needs_person", 0)),
                STR_NONE);
    stage1_item(s, PAPER_BULLETS,
                str_printf(s->mem, "%s: %lld", report_say(s->result, SAY_LEFT),
                           (long long)value_get_int(reach, "stage2_only", 0)),
                STR_NONE);
    stage1_say(s, PAPER_BODY,
               str_of(_("Each criterion was looked for in the text of the files; a passage counts "
                        "only where its words say that the thing is so. Headings, tables of "
                        "contents, unfilled placeholders, promises and advice count for nothing. "
                        "What was not found was searched for in all that was read, and the nearest "
                        "passage is named with the reason why it does not count.")));
    stage1_say(s, PAPER_BODY,
               str_of(_("A certification body decides for itself. Its auditors see more than "
                        "documents, and may weigh a gap otherwise.")));
    t = paper_paragraph(s->paper, PAPER_SMALL);
    paper_say(t, str_printf(s->mem, _("%.*s, rules %.*s"), STR_ARG(s->paper->program),
                            STR_ARG(str_sub(rules, 0, 12))));
    if (command.n > 0)
        paper_say(t, STR("\n"));
    paper_run(t, PAPER_CODE, PAPER_MUTED, command);
}

/* ---- the whole ---- */

/* The heading goes again where nothing came below it. */
static void build(struct stage1_paper *s, const struct section *section)
{
    size_t before = s->paper->n;

    if (section->heading != NULL)
        paper_say(paper_heading(s->paper, 1, str_of(section->name)), str_of(_(section->heading)));
    size_t after = s->paper->n;
    section->build(s);
    if (s->paper->n == after)
        s->paper->n = before;
}

static void set_properties(struct stage1_paper *s)
{
    struct paper *p = s->paper;
    struct str program = value_as_text(value_path(s->result, "program.name"));
    struct str version = value_as_text(value_path(s->result, "program.version"));

    p->program =
        paper_clean(s->mem, str_printf(s->mem, "%.*s %.*s", STR_ARG(program), STR_ARG(version)));
    p->author = p->program;
    p->subject = standard_of(s->mem, s->result);
    p->identifier = value_get_text(s->result, "schema");
    p->head = str_printf(s->mem, "%.*s · %.*s", STR_ARG(title_of(s->result)),
                         STR_ARG(report_date(s->mem, value_get_text(s->result, "today"))));
    p->foot = value_as_text(value_path(s->result, "notice.self_assessment"));
    (void)date_parse_iso(value_get_text(s->result, "today"), &p->day);
}

static struct paper *report_paper(struct ctx *cx, const struct value *result,
                                  const struct report_style *style)
{
    struct arena *mem = cx->mem;
    struct str title =
        str_printf(mem, "%s · %.*s", report_ready_word(result), STR_ARG(title_of(result)));
    struct stage1_paper s = {mem, paper_new(mem, title), result, style != NULL && style->auditor};

    set_properties(&s);
    front(&s);
    for (size_t i = 0; i < COUNT_OF(sections); i++)
        build(&s, &sections[i]);
    stage1_sheets(&s);
    return s.paper;
}

int report_md(struct ctx *cx, const struct value *result, const struct report_style *style,
              struct buf *out)
{
    return paper_md(cx, report_paper(cx, result, style), out);
}

int report_docx(struct ctx *cx, const struct value *result, const struct report_style *style,
                struct buf *out)
{
    return paper_docx(cx, report_paper(cx, result, style), out);
}

int report_pdf(struct ctx *cx, const struct value *result, const struct report_style *style,
               struct buf *out)
{
    return paper_pdf(cx, report_paper(cx, result, style), out);
}

int report_xlsx(struct ctx *cx, const struct value *result, const struct report_style *style,
                struct buf *out)
{
    return paper_xlsx(cx, report_paper(cx, result, style), out);
}
