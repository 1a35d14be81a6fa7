/* The long lists of a result: requirements, controls, files. */
#include "report/chart.h"
#include "report/stage1_paper.h"

static void add_statuses(struct stage1_paper *s, const struct value *list, struct str clause)
{
    struct paper_table *t = NULL;

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct paper_row *row;
        if (!report_in_clause(value_get_text(it, "clause"), clause))
            continue;
        if (t == NULL)
            t = stage1_table(s, "Id:3|Requirement:10|Status:3");
        row = paper_row(t, false);
        stage1_put(row, value_get_text(it, "id"));
        stage1_put_two(row, value_get_text(it, "title"), value_get_text(it, "why_status"));
        stage1_put_status(row, value_get_text(it, "status"));
    }
}

void stage1_requirements(struct stage1_paper *s)
{
    const struct value *clauses = value_get(s->result, "clauses");

    for (size_t i = 0; i < value_count(clauses); i++) {
        const struct value *it = value_at(clauses, i);
        struct str number = value_get_text(it, "clause");
        paper_say(
            paper_heading(s->paper, 2, STR_NONE),
            str_printf(s->mem, "%.*s %.*s", STR_ARG(number), STR_ARG(value_get_text(it, "title"))));
        add_statuses(s, value_get(s->result, "requirements"), number);
    }
}

void stage1_controls(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "controls");
    struct paper_table *t = NULL;
    struct str group = STR_NONE;

    if (value_count(list) > 0)
        paper_figure(
            s->paper, chart_of_controls(s->mem, s->result),
            str_of(_("Every control as a cell with its number, coloured by its status. The "
                     "tables below say the same in words.")));
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct str line = report_line(s->mem, it), why = value_get_text(it, "why_status");
        struct paper_row *row;
        if (t == NULL || !str_eq(report_group(it), group)) {
            group = report_group(it);
            paper_say(paper_heading(s->paper, 2, STR_NONE), group);
            t = stage1_table(s, "Id:2|Control:10|Status:3");
        }
        row = paper_row(t, false);
        stage1_put(row, value_get_text(it, "id"));
        stage1_put_two(row, value_get_text(it, "title"),
                       line.n == 0 ? why
                                   : str_printf(s->mem, _("%.*s%sStatement of Applicability: %.*s"),
                                                STR_ARG(why), why.n > 0 ? " " : "", STR_ARG(line)));
        stage1_put_status(row, value_get_text(it, "status"));
    }
}

static struct str ids_of(struct arena *mem, const struct value *list)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct str id = value_type(it) == VALUE_MAP ? value_get_text(it, "id") : value_as_text(it);
        buf_printf(&out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(id));
    }
    return buf_str(&out);
}

void stage1_carried_over(struct stage1_paper *s)
{
    const struct value *draft = value_get(s->result, "carried_over");
    const struct value *list = value_get(draft, "controls");
    struct paper_table *t;

    if (value_count(list) == 0)
        return;
    stage1_say(s, PAPER_BODY,
               str_printf(s->mem, _("%lld lines of %.*s in the order of this edition."),
                          (long long)value_get_int(draft, "lines", 0),
                          STR_ARG(value_get_text(draft, "path"))));
    t = stage1_table(s, "Id:2|Control:8|Was:3|Applies:3");
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct paper_row *row = paper_row(t, false);
        stage1_put(row, value_get_text(it, "id"));
        stage1_put_two(row, value_get_text(it, "title"), value_get_text(it, "reason"));
        stage1_put(row, ids_of(s->mem, value_get(it, "from")));
        stage1_put(row, str_of(report_applies(it)));
    }
}

void stage1_wanted(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "wanted_documents");
    struct paper_table *t = NULL;

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct paper_row *row;
        if (value_is_text(value_get(it, "wanted"), "no"))
            continue;
        if (t == NULL)
            t = stage1_table(s, "Document:6|Controls:4|Status:3|File:5");
        row = paper_row(t, false);
        stage1_put_two(row, value_get_text(it, "title"),
                       value_get_bool(it, "demanded")
                           ? STR_NONE
                           : str_of(_("usual, not literally asked for")));
        stage1_put(row, ids_of(s->mem, value_get(it, "controls")));
        stage1_put_status(row, value_get_text(it, "state"));
        stage1_put_path(row, value_get_text(it, "path"));
    }
}

/* What a file is taken for: its kinds, else why it is none. */
static struct str taken_for(struct stage1_paper *s, const struct value *document)
{
    const struct value *kinds = value_get(document, "kinds");
    struct str copy = value_get_text(document, "copies_of");
    struct str nature = value_get_text(document, "nature");
    struct buf out = buf_new(s->mem);

    if (copy.n > 0)
        return str_printf(s->mem, _("A copy or older state of %.*s"), STR_ARG(copy));
    for (size_t i = 0; i < value_count(kinds); i++) {
        const struct value *kind = value_at(kinds, i);
        struct str title = value_get_text(kind, "title");
        if (title.n == 0)
            title = value_get_text(kind, "kind");
        buf_printf(&out, "%s%.*s (%lld %%)", i > 0 ? "\n" : "", STR_ARG(title),
                   (long long)value_as_thousandths(value_get(kind, "confidence"), 0) / 10);
    }
    if (out.n > 0)
        return buf_str(&out);
    if (nature.n > 0)
        return str_printf(s->mem, _("Read as: %.*s"), STR_ARG(nature));
    return str_of(_("No kind recognised"));
}

void stage1_files(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "documents");
    struct paper_table *t;

    if (value_count(list) == 0)
        return;
    stage1_say(s, PAPER_BODY,
               str_of(_("What each file is taken for. Content decides before the file name.")));
    t = stage1_table(s, "File:6|Taken for:6|Approved:3");
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct str error = value_get_text(it, "error");
        struct paper_row *row = paper_row(t, false);
        struct date day = {0};
        stage1_put_path(row, value_get_text(it, "path"));
        stage1_put_two(row, taken_for(s, it), error);
        (void)date_parse_iso(value_get_text(it, "approved_on"), &day);
        paper_put_day(row, day);
    }
}

void stage1_skipped(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "skipped");
    struct paper_table *t;

    if (value_count(list) == 0)
        return;
    stage1_say(s, PAPER_BODY,
               str_of(_("Nothing that stands in these was taken for missing or for there.")));
    t = stage1_table(s, "File:6|What it is:3|Why:7");
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct paper_row *row = paper_row(t, false);
        stage1_put_path(row, value_get_text(it, "path"));
        stage1_put(row, value_get_text(it, "what"));
        stage1_put_two(row, value_get_text(it, "why"),
                       s->auditor ? STR_NONE : value_get_text(it, "advice"));
    }
}

void stage1_warnings(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "warnings");

    for (size_t i = 0; i < value_count(list); i++)
        stage1_say(s, PAPER_BODY, value_get_text(value_at(list, i), "says"));
}
