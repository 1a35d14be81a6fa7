/* What a result tells of the organisation's own registers, promises and audit: sections of the
 * paper. */
#include "report/chart.h"
#include "report/stage1_paper.h"

void stage1_risks(struct stage1_paper *s)
{
    const struct chart *chart = chart_of_risks(s->mem, s->result);
    const struct value *matrix = value_get(s->result, "risk_matrix");

    if (chart == NULL)
        return;
    stage1_say(s, PAPER_BODY,
               str_printf(s->mem,
                          _("%lld risks of the register with a likelihood and a consequence, "
                            "on the scales of the risk method."),
                          (long long)value_get_int(matrix, "risks", 0)));
    paper_last(s->paper)->keep = true;
    const struct value *limit = value_get(matrix, "limit");
    if (value_type(limit) == VALUE_MAP) {
        stage1_say(s, PAPER_BODY,
                   str_printf(s->mem,
                              _("A risk up to level %lld may stay as it is, by %.*s (%.*s)."),
                              (long long)value_get_int(limit, "level", 0),
                              STR_ARG(value_get_text(limit, "path")),
                              STR_ARG(value_get_text(limit, "place"))));
        paper_last(s->paper)->keep = true;
    }
    paper_figure(s->paper, chart,
                 str_of(_("A grid of likelihood and consequence with the number of risks in each "
                          "cell, before treatment and after it. The table below says the same.")));
    struct paper_table *t = stage1_table(s, "When:3|Likelihood:2r|Consequence:2r|Risks:2r");
    static const char *const keys[] = {"before", "after"};
    const char *const words[] = {_("before treatment"), _("after treatment")};
    for (size_t k = 0; k < COUNT_OF(keys); k++) {
        const struct value *cells = value_get(matrix, keys[k]);
        for (size_t i = 0; i < value_count(cells); i++) {
            const struct value *it = value_at(cells, i);
            struct paper_row *row = paper_row(t, false);
            stage1_put(row, str_of(words[k]));
            paper_put_number(row, value_get_int(it, "likelihood", 0) * 1000);
            paper_put_number(row, value_get_int(it, "consequence", 0) * 1000);
            paper_put_number(row, value_get_int(it, "risks", 0) * 1000);
        }
    }
}

/* ---- trails ---- */

static void put_steps(struct stage1_paper *s, struct paper_row *row, const struct value *trail)
{
    const struct value *steps = value_get(trail, "steps");
    struct paper_text *t = paper_cell_text(paper_cell(row));

    for (size_t i = 1; i < value_count(steps); i++) {
        const struct value *step = value_at(steps, i);
        bool breaks = value_is_text(value_get(step, "state"), "broken");
        bool open = value_is_text(value_get(step, "state"), "unknown");
        if (i > 1)
            paper_run(t, 0, PAPER_MUTED, STR(" → "));
        paper_run(t, breaks ? PAPER_BOLD : 0,
                  breaks ? PAPER_MISSING
                  : open ? PAPER_UNKNOWN
                         : PAPER_PLAIN,
                  str_printf(s->mem, "%s%.*s: %.*s", breaks ? "✗ " : "",
                             STR_ARG(value_get_text(step, "title")),
                             STR_ARG(str_cut(s->mem, value_get_text(step, "text"), 160))));
    }
}

void stage1_trails(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "trails");
    size_t broken = 0;
    struct paper_table *t;

    for (size_t i = 0; i < value_count(list); i++)
        broken += value_get_bool(value_at(list, i), "broken");
    if (value_count(list) == 0)
        return;
    stage1_say(s, PAPER_BODY,
               str_printf(s->mem,
                          _("%zu of %zu trails broken. A trail leads from a risk over its owner, "
                            "its controls, the Statement of Applicability and a document to "
                            "evidence; ✗ marks where it breaks."),
                          broken, value_count(list)));
    t = stage1_table(s, "Risk:4|Way:11");
    for (unsigned whole = 0; whole < 2; whole++)
        for (size_t i = 0; i < value_count(list); i++) {
            const struct value *it = value_at(list, i);
            if (value_get_bool(it, "broken") != (whole == 0))
                continue;
            struct paper_row *row = paper_row(t, false);
            stage1_put_two(row, value_get_text(it, "ref"),
                           str_cut(s->mem, value_get_text(it, "risk"), 120));
            put_steps(s, row, it);
        }
}

/* ---- registers, commitments ---- */

/* "Risk owner ← Who; Likelihood ← P". */
static struct str columns_of(struct stage1_paper *s, const struct value *columns)
{
    struct buf out = buf_new(s->mem);

    for (size_t i = 0; i < value_count(columns); i++) {
        const struct value *it = value_at(columns, i);
        struct str header = value_get_text(it, "header"), label = value_get_text(it, "label");
        if (label.n == 0)
            label = value_get_text(it, "field");
        if (header.n == 0 && label.n == 0)
            continue;
        buf_printf(&out, "%s%.*s", out.n > 0 ? "; " : "", STR_ARG(header.n > 0 ? header : label));
        if (label.n == 0)
            buf_addz(&out, _(" (not read)"));
        else if (header.n > 0 && !str_is_nocase(header, str_z(s->mem, label)))
            buf_printf(&out, " = %.*s", STR_ARG(label));
    }
    return buf_str(&out);
}

void stage1_registers(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "registers");
    struct paper_table *t = NULL;

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i), *kept = value_get(it, "kept");
        struct str title = value_get_text(it, "title");
        struct paper_row *row;
        if (t == NULL) {
            stage1_say(s, PAPER_BODY,
                       str_of(_("Tables that were taken for registers, and what each column was "
                                "read as. The profile corrects what was read wrongly.")));
            t = stage1_table(s, "Register:4|Where:5|Lines:2r|Columns:8");
        }
        row = paper_row(t, false);
        stage1_put_two(row, title.n > 0 ? title : value_get_text(it, "register"),
                       value_type(kept) == VALUE_BOOL && !value_as_bool(kept)
                           ? str_of(_("told apart from registers"))
                           : STR_NONE);
        stage1_put_two(row, value_get_text(it, "path"), report_place(s->mem, it));
        paper_put_number(row, value_get_int(it, "rows", 0) * 1000);
        stage1_put(row, columns_of(s, value_get(it, "columns")));
    }
}

struct str stage1_promise(struct arena *mem, const struct value *commitment)
{
    struct str said = value_get_text(commitment, "said");

    return said.n > 0 ? said : value_print(mem, value_get(commitment, "value"));
}

void stage1_commitments(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "commitments");
    struct paper_table *t;

    if (value_count(list) == 0)
        return;
    stage1_say(s, PAPER_BODY,
               str_of(_("What the documents promise with a time or a value. At Stage 2 each is "
                        "asked for in evidence.")));
    t = stage1_table(s, "What:5|How often, by when, how much:4|In the document’s words:8");
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct str topic = value_get_text(it, "topic_title");
        struct paper_row *row = paper_row(t, false);
        stage1_put(row, topic.n > 0 ? topic : value_get_text(it, "what"));
        stage1_put(row, stage1_promise(s->mem, it));
        stage1_put_two(row, str_cut(s->mem, value_get_text(it, "quote"), 300),
                       str_printf(s->mem, "%.*s › %.*s", STR_ARG(value_get_text(it, "path")),
                                  STR_ARG(report_place(s->mem, it))));
    }
}

/* ---- the audit ---- */

static void steps_of_time(struct stage1_paper *s, const struct value *time)
{
    const struct value *steps = value_get(time, "steps"), *list = value_get(time, "activities");
    struct paper_table *t;

    if (value_count(list) > 0) {
        t = stage1_table(s, "Audit:6|Days:3r");
        for (size_t i = 0; i < value_count(list); i++) {
            struct paper_row *row = paper_row(t, false);
            stage1_put(row, value_get_text(value_at(list, i), "title"));
            stage1_put(row, report_days_or_span(s->mem, value_at(list, i)));
        }
    }
    if (value_count(steps) == 0)
        return;
    t = stage1_table(s, "Step:4|How:8|Result:3r");
    for (size_t i = 0; i < value_count(steps); i++) {
        const struct value *it = value_at(steps, i);
        struct paper_row *row = paper_row(t, false);
        stage1_put(row, value_get_text(it, "title"));
        stage1_put(row, value_get_text(it, "says"));
        stage1_put(row, value_print(s->mem, value_get(it, "result")));
    }
}

void stage1_time(struct stage1_paper *s)
{
    const struct value *time = value_get(s->result, "audit_time");
    const struct value *unknown = value_get(time, "unknown");

    if (s->auditor || value_count(time) == 0)
        return;
    stage1_say(s, PAPER_LEAD, value_get_text(time, "headline"));
    steps_of_time(s, time);
    for (size_t i = 0; i < value_count(unknown); i++) {
        const struct value *it = value_at(unknown, i);
        stage1_item(s, PAPER_BULLETS, value_get_text(it, "question"),
                    value_get_text(it, "changes"));
    }
}

void stage1_on_the_day(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "on_the_day");

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct paper_text *t = paper_item(s->paper, PAPER_BULLETS, 1);
        struct str what = value_get_text(it, "looks_at");
        paper_run(t, PAPER_BOLD, PAPER_PLAIN,
                  str_printf(s->mem, "%.*s %.*s", STR_ARG(value_get_text(it, "requirement")),
                             STR_ARG(value_get_text(it, "title"))));
        if (what.n > 0)
            paper_say(t, str_printf(s->mem, ": %.*s", STR_ARG(what)));
    }
}

/* ---- what people will be asked, and what must begin ---- */

static void add_question(struct stage1_paper *s, const struct value *it)
{
    struct paper_text *t = paper_item(s->paper, PAPER_NUMBERS, 1);
    struct str role = value_get_text(it, "role_title"), path = value_get_text(it, "path");
    struct str missing = value_get_text(it, "missing"), place = report_place(s->mem, it);
    struct str gap = value_as_text(value_path(it, "gap.id"));

    paper_run(t, PAPER_BOLD, PAPER_PLAIN, value_get_text(it, "question"));
    if (role.n > 0)
        paper_run(t, 0, PAPER_MUTED, str_printf(s->mem, " (%.*s)", STR_ARG(role)));
    paper_say(t, str_printf(s->mem, _("\nA good answer: %.*s"),
                            STR_ARG(value_get_text(it, "good_answer"))));
    if (path.n > 0) {
        paper_say(t, str_of(_("\nHave open: ")));
        paper_run(t, PAPER_CODE, PAPER_PLAIN, path);
        if (place.n > 0)
            paper_run(t, 0, PAPER_MUTED, str_printf(s->mem, " › %.*s", STR_ARG(place)));
    } else if (missing.n > 0) {
        paper_say(t, str_printf(s->mem, _("\nStill to be written: %.*s"), STR_ARG(missing)));
    }
    if (gap.n > 0) {
        paper_say(t, STR(" "));
        paper_link(t, str_printf(s->mem, "#gap-%.*s", STR_ARG(gap)), str_of(_("See the gap")));
    }
}

void stage1_first_questions(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "first_questions");

    for (size_t i = 0; i < value_count(list) && !s->auditor; i++)
        add_question(s, value_at(list, i));
}

void stage1_start_now(struct stage1_paper *s)
{
    const struct value *list = value_get(s->result, "start_now");
    struct paper_table *t;

    if (s->auditor || value_count(list) == 0)
        return;
    stage1_say(
        s, PAPER_BODY,
        str_of(_("Records of one full cycle that Stage 2 asks for, and when each must begin.")));
    t = stage1_table(s, "Record:4|Begin:3|What to do:8");
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        bool late = value_get_bool(it, "late"), seen = value_is_text(value_get(it, "seen"), "yes");
        struct paper_row *row = paper_row(t, false);
        stage1_put(row, value_get_text(it, "title"));
        enum paper_role role = seen ? PAPER_MET : late ? PAPER_MISSING : PAPER_PLAIN;
        paper_put(row, 0, role, report_begin(s->mem, it))->fill = role;
        stage1_put_two(row, value_get_text(it, "do"), report_seen(s->mem, it));
    }
}
