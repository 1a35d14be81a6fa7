/* The gaps of a result, the gravest first, as a paper has them. */
#include "report/stage1_paper.h"

static void add_part(struct buf *out, struct str text)
{
    if (text.n > 0)
        buf_printf(out, "%s%.*s", out->n > 0 ? " · " : "", STR_ARG(text));
}

/* "9.2.1 · C9.2.1-a2 · Stage 2: major nonconformity". */
static struct str meta_of(struct stage1_paper *s, const struct value *finding)
{
    struct str clause = value_get_text(finding, "clause");
    struct str control = value_get_text(finding, "control");
    struct buf out = buf_new(s->mem);

    add_part(&out, clause);
    add_part(&out, value_get_text(finding, "requirement"));
    add_part(&out, str_eq(clause, control) ? STR_NONE : control);
    add_part(&out, str_of(report_stage2_word(value_get_text(finding, "stage2"))));
    if (value_is_text(value_get(finding, "mode"), "confirm"))
        add_part(&out, str_of(_("a person must confirm it")));
    if (value_is_text(value_get(finding, "mode"), "signal"))
        add_part(&out, str_of(_("a hint only")));
    return buf_str(&out);
}

/* Lines of registers, with what is wrong and how each could read. */
static void add_lines(struct stage1_paper *s, const struct value *lines)
{
    struct paper_table *t;

    if (value_count(lines) == 0)
        return;
    t = stage1_table(s, s->auditor ? "Line:3|What is wrong:7"
                                   : "Line:3|What is wrong:5|How it could read:5");
    for (size_t i = 0; i < value_count(lines); i++) {
        const struct value *line = value_at(lines, i);
        struct str ref = value_get_text(line, "ref"), place = report_place(s->mem, line);
        struct paper_row *row = paper_row(t, false);
        stage1_put_two(row, ref.n > 0 ? ref : place, ref.n > 0 ? place : STR_NONE);
        stage1_put_two(row, value_get_text(line, "says"),
                       str_cut(s->mem, value_get_text(line, "quote"), 240));
        if (!s->auditor)
            stage1_put(row, value_get_text(line, "better"));
    }
}

static void add_search(struct stage1_paper *s, const struct value *searched)
{
    const struct value *nearest = value_get(searched, "nearest");
    struct str why = value_get_text(nearest, "why_not");
    long long files = (long long)value_get_int(searched, "files", 0);

    if (value_type(searched) != VALUE_MAP)
        return;
    if (value_type(nearest) != VALUE_MAP) {
        stage1_say(s, PAPER_SMALL,
                   str_printf(s->mem, _("Searched %lld files: nothing comes near."), files));
        return;
    }
    stage1_say(s, PAPER_SMALL,
               str_printf(s->mem, _("Searched %lld files; what came nearest:"), files));
    paper_last(s->paper)->keep = true;
    stage1_quote(s, nearest,
                 why.n > 0 ? str_printf(s->mem, _("\nIt does not count: %.*s."), STR_ARG(why))
                           : STR_NONE);
}

static struct str covers_of(struct stage1_paper *s, const struct value *finding)
{
    const struct value *ids = value_get(finding, "covers");
    struct buf out = buf_new(s->mem);

    for (size_t i = 0; i < value_count(ids); i++) {
        struct str id = value_as_text(value_at(ids, i));
        const struct value *it = report_by_id(value_get(s->result, "requirements"), id);
        struct str title = value_get_text(it, "title");
        buf_printf(&out, "%s%.*s%s%.*s", i > 0 ? "; " : "", STR_ARG(id), title.n > 0 ? " " : "",
                   STR_ARG(title));
    }
    return buf_str(&out);
}

static void add_advice(struct stage1_paper *s, const struct value *finding)
{
    const struct value *asked = value_get(finding, "questions");

    stage1_fact(s, _("Why it matters"), value_get_text(finding, "why"));
    if (!s->auditor) {
        stage1_fact(s, _("Next step"), value_get_text(finding, "next_step"));
        stage1_fact(s, _("Takes"), report_effort(s->mem, finding));
        stage1_fact(s, _("Comes after"), report_needs(s->mem, s->result, finding));
    }
    for (size_t i = 0; i < value_count(asked); i++)
        stage1_fact(s, _("To ask"), report_question(s->result, value_as_text(value_at(asked, i))));
    stage1_fact(s, _("Covers"), covers_of(s, finding));
}

static void add_finding(struct stage1_paper *s, const struct value *finding, enum paper_role role)
{
    const struct value *evidence = value_get(finding, "evidence");
    const struct value *lines = value_get(finding, "lines");
    struct str name = str_printf(s->mem, "gap-%.*s", STR_ARG(value_get_text(finding, "id")));
    struct paper_text *meta;

    paper_run(paper_heading(s->paper, 2, name), 0, role, value_get_text(finding, "title"));
    meta = stage1_say(s, PAPER_SMALL, meta_of(s, finding));
    if (meta != NULL)
        paper_last(s->paper)->keep = true;
    stage1_say(s, PAPER_BODY, value_get_text(finding, "statement"));
    if (value_count(lines) == 0)
        for (size_t i = 0; i < value_count(evidence); i++)
            stage1_quote(s, value_at(evidence, i), STR_NONE);
    add_lines(s, lines);
    add_search(s, value_get(finding, "searched"));
    add_advice(s, finding);
}

/* "notes" of "notes: worth improving", which the sentence below the heading says. */
static struct str before_colon(const char *words)
{
    struct str s = str_of(words);
    size_t colon = str_find_char(s, ':', 0);

    return colon != SIZE_MAX ? str_sub(s, 0, colon) : s;
}

static void add_gravity(struct stage1_paper *s, enum gravity gravity, const char *name,
                        const char *one, const char *many, const char *says)
{
    const struct value *findings = value_get(s->result, "findings");
    size_t n = report_count(s->result, gravity);

    if (n == 0)
        return;
    paper_run(paper_heading(s->paper, 1, str_of(name)), 0, stage1_gravity_role(gravity),
              str_printf(s->mem, "%zu %.*s", n, STR_ARG(before_colon(n == 1 ? one : many))));
    stage1_say(s, PAPER_BODY, str_of(says));
    paper_last(s->paper)->keep = true;
    for (size_t i = 0; i < value_count(findings); i++)
        if (report_gravity(value_at(findings, i)) == gravity)
            add_finding(s, value_at(findings, i), stage1_gravity_role(gravity));
}

void stage1_blocking(struct stage1_paper *s)
{
    add_gravity(s, GRAVITY_BLOCKING, "blocking", report_say(s->result, SAY_BLOCKING_ONE),
                report_say(s->result, SAY_BLOCKING_MANY), report_say(s->result, SAY_BLOCKING_LEAD));
}

void stage1_concerns(struct stage1_paper *s)
{
    add_gravity(s, GRAVITY_CONCERN, "concerns", report_say(s->result, SAY_CONCERN_ONE),
                report_say(s->result, SAY_CONCERNS_SHORT),
                report_say(s->result, SAY_CONCERNS_LEAD));
}

void stage1_notes(struct stage1_paper *s)
{
    add_gravity(s, GRAVITY_NOTE, "notes", report_say(s->result, SAY_NOTE_ONE),
                report_say(s->result, SAY_NOTE_MANY), _("Worth improving; nothing hangs on it."));
}
