#include "report/text.h"

enum { QUOTE_MAX = 400, NEAREST_MAX = 120, LINE_QUOTE_MAX = 200, LINES_MAX = 5 };

static void item(struct text_report *r, const char *label, struct str text)
{
    if (text.n > 0)
        page_item(&r->page, TEXT_BODY, TEXT_HANG, TONE_FAINT, str_of(label), TONE_PLAIN, text);
}

static struct str place_of(struct text_report *r, const struct value *quote)
{
    struct arena *mem = r->page.cx->mem;
    struct str path = value_get_text(quote, "path"), place = report_place(mem, quote);

    if (place.n == 0)
        return path;
    return str_printf(mem, "%.*s › %.*s", STR_ARG(path), STR_ARG(place));
}

static struct str quoted(struct text_report *r, const struct value *quote, size_t most)
{
    struct arena *mem = r->page.cx->mem;
    struct str text = str_cut(mem, value_get_text(quote, "quote"), most);

    return text.n == 0 ? text : str_printf(mem, "“%.*s”", STR_ARG(text));
}

/* "R3 (Register.xlsx › Risks, row 5): nobody owns it", the file only where it is another than that
 * of the line before. */
static struct str line_head(struct text_report *r, const struct value *line,
                            const struct value *before)
{
    struct arena *mem = r->page.cx->mem;
    struct str ref = value_get_text(line, "ref"), place = report_place(mem, line);
    struct str says = value_get_text(line, "says");

    if (place.n == 0 || !str_eq(value_get_text(line, "path"), value_get_text(before, "path")))
        place = place_of(r, line);

    if (ref.n == 0)
        return str_printf(mem, "%.*s: %.*s", STR_ARG(place), STR_ARG(says));
    return str_printf(mem, "%.*s (%.*s): %.*s", STR_ARG(ref), STR_ARG(place), STR_ARG(says));
}

/* The lines of registers that it speaks of, and once under those that share it, a better one. */
static void lines(struct text_report *r, const struct value *list)
{
    size_t n = value_count(list), most = n > LINES_MAX ? LINES_MAX : n;

    for (size_t i = 0; i < most; i++) {
        const struct value *line = value_at(list, i);
        struct str better = value_get_text(line, "better");
        struct str next = i + 1 < most ? value_get_text(value_at(list, i + 1), "better") : STR_NONE;

        item(r, i == 0 ? (n == 1 ? _("line") : _("lines")) : "",
             line_head(r, line, i > 0 ? value_at(list, i - 1) : NULL));
        page_text(&r->page, TEXT_HANG, TONE_FAINT, quoted(r, line, LINE_QUOTE_MAX));
        if (i + 1 == most || !str_eq(better, next))
            item(r, _("better"), r->auditor ? STR_NONE : better);
    }
    if (n > most)
        item(r, "",
             str_printf(r->page.cx->mem, _("and %zu more in the HTML or JSON report"), n - most));
}

static void evidence(struct text_report *r, const struct value *finding, size_t most)
{
    const struct value *list = value_get(finding, "evidence");
    size_t n = value_count(list);

    if (value_count(value_get(finding, "lines")) > 0) {
        lines(r, value_get(finding, "lines"));
        return;
    }
    for (size_t i = 0; i < n && i < most; i++) {
        item(r, i == 0 ? _("evidence") : "", place_of(r, value_at(list, i)));
        page_text(&r->page, TEXT_HANG, TONE_PLAIN, quoted(r, value_at(list, i), QUOTE_MAX));
    }
    if (n > most)
        item(r, "",
             str_printf(r->page.cx->mem, _("and %zu more in the HTML or JSON report"), n - most));
}

/* Is it the passage that was just shown as evidence? */
static bool shown(const struct value *finding, const struct value *nearest)
{
    const struct value *first = value_at(value_get(finding, "evidence"), 0);

    return first != NULL &&
           str_eq(value_get_text(first, "path"), value_get_text(nearest, "path")) &&
           str_eq(value_get_text(first, "quote"), value_get_text(nearest, "quote"));
}

/* "12 files; nearest: FILE › PLACE: “...”, but ...". */
static void searched(struct text_report *r, const struct value *finding)
{
    const struct value *search = value_get(finding, "searched");
    const struct value *nearest = value_get(search, "nearest");
    struct str why_not = value_get_text(nearest, "why_not");
    struct buf out = buf_new(r->page.cx->mem);
    int64_t files = value_get_int(search, "files", 0);

    if (value_type(search) != VALUE_MAP)
        return;
    buf_printf(&out, files == 1 ? _("%lld file") : _("%lld files"), (long long)files);
    if (value_type(nearest) != VALUE_MAP)
        buf_addz(&out, _("; nothing comes near"));
    else if (shown(finding, nearest))
        buf_printf(&out, _("; nothing comes nearer than this, but %.*s"), STR_ARG(why_not));
    else
        buf_printf(&out, _("; nearest: %.*s: %.*s, but %.*s"), STR_ARG(place_of(r, nearest)),
                   STR_ARG(quoted(r, nearest, NEAREST_MAX)), STR_ARG(why_not));
    item(r, _("searched"), buf_str(&out));
}

static struct str joined(struct text_report *r, const struct value *ids)
{
    struct buf out = buf_new(r->page.cx->mem);

    for (size_t i = 0; i < value_count(ids); i++) {
        if (i > 0)
            buf_addz(&out, ", ");
        buf_add(&out, value_as_text(value_at(ids, i)));
    }
    return buf_str(&out);
}

static void advice(struct text_report *r, const struct value *finding)
{
    struct arena *mem = r->page.cx->mem;

    if (r->auditor)
        return;
    item(r, _("next"), value_get_text(finding, "next_step"));
    item(r, _("takes"), report_effort(mem, finding));
    item(r, _("after"), report_needs(mem, r->result, finding));
}

static void ask(struct text_report *r, const struct value *finding)
{
    const struct value *ids = value_get(finding, "questions");

    for (size_t i = 0; i < value_count(ids); i++)
        item(r, i == 0 ? _("ask") : "",
             report_question(r->result, value_as_text(value_at(ids, i))));
}

static void add_part(struct buf *out, struct str part)
{
    if (part.n > 0 && out->n > 0)
        buf_addz(out, " · ");
    buf_add(out, part);
}

/* "C9.2.1-a2 · would be a major nonconformity at Stage 2 · a person must confirm". */
static struct str meta(struct text_report *r, const struct value *finding)
{
    const struct value *mode = value_get(finding, "mode");
    struct buf out = buf_new(r->page.cx->mem);

    add_part(&out, value_get_text(finding, "requirement"));
    if (!str_eq(value_get_text(finding, "control"), value_get_text(finding, "clause")))
        add_part(&out, value_get_text(finding, "control"));
    add_part(&out, str_of(report_stage2_word(value_get_text(finding, "stage2"))));
    if (value_is_text(mode, "confirm"))
        add_part(&out, str_of(_("a person must confirm it")));
    if (value_is_text(mode, "signal"))
        add_part(&out, str_of(_("a hint only")));
    return buf_str(&out);
}

static void head(struct text_report *r, const struct value *finding, struct str mark,
                 enum tone tone)
{
    page_item_end(&r->page, TEXT_LEFT, TEXT_BODY, tone, mark, TONE_STRONG,
                  value_get_text(finding, "title"), value_get_text(finding, "clause"));
    page_text(&r->page, TEXT_BODY, TONE_FAINT, meta(r, finding));
    page_text(&r->page, TEXT_BODY, TONE_PLAIN, value_get_text(finding, "statement"));
}

static void full(struct text_report *r, const struct value *finding, size_t quotes)
{
    evidence(r, finding, quotes);
    searched(r, finding);
    item(r, _("why"), value_get_text(finding, "why"));
    advice(r, finding);
    item(r, _("covers"), joined(r, value_get(finding, "covers")));
    ask(r, finding);
    page_line(&r->page);
}

void text_blocking(struct text_report *r)
{
    const struct value *findings = value_get(r->result, "findings");
    struct arena *mem = r->page.cx->mem;
    size_t n = 0;

    if (report_count(r->result, GRAVITY_BLOCKING) == 0)
        return;
    page_rule(&r->page, TONE_BAD, report_say(r->result, SAY_BLOCKING),
              str_printf(mem, "%zu", report_count(r->result, GRAVITY_BLOCKING)));
    for (size_t i = 0; i < value_count(findings); i++) {
        const struct value *finding = value_at(findings, i);
        if (report_gravity(finding) != GRAVITY_BLOCKING)
            continue;
        head(r, finding, str_printf(mem, "%zu", ++n), TONE_BAD);
        page_line(&r->page);
        full(r, finding, 3);
    }
}

/* The row of result.clauses that the finding belongs to; SIZE_MAX for none. The longest wins. */
static size_t row_of(struct text_report *r, const struct value *finding)
{
    const struct value *clauses = value_get(r->result, "clauses");
    size_t best = SIZE_MAX, length = 0;

    for (size_t i = 0; i < value_count(clauses); i++) {
        struct str number = value_get_text(value_at(clauses, i), "clause");
        if (number.n > length && report_in_clause(value_get_text(finding, "clause"), number)) {
            best = i;
            length = number.n;
        }
    }
    return best;
}

static void concern(struct text_report *r, const struct value *finding)
{
    bool note = report_gravity(finding) == GRAVITY_NOTE;
    const char *mark = r->page.unicode ? (note ? "○" : "●") : (note ? "-" : "*");

    head(r, finding, str_of(mark), note ? TONE_FAINT : TONE_WARN);
    if (!note) {
        full(r, finding, 2);
        return;
    }
    evidence(r, finding, 1);
    searched(r, finding);
    advice(r, finding);
    page_line(&r->page);
}

/* Concerns, or notes, of one row. The heading comes with the first of them. */
static void concerns_of_row(struct text_report *r, size_t row, struct str heading)
{
    const struct value *findings = value_get(r->result, "findings");
    bool headed = false;

    for (int gravity = GRAVITY_CONCERN; gravity <= GRAVITY_NOTE; gravity++)
        for (size_t i = 0; i < value_count(findings); i++) {
            const struct value *finding = value_at(findings, i);
            if ((int)report_gravity(finding) != gravity || row_of(r, finding) != row)
                continue;
            if (!headed) {
                page_text(&r->page, TEXT_LEFT, TONE_STRONG, heading);
                page_line(&r->page);
            }
            headed = true;
            concern(r, finding);
        }
}

void text_concerns(struct text_report *r)
{
    const struct value *clauses = value_get(r->result, "clauses");
    struct arena *mem = r->page.cx->mem;
    size_t concerns = report_count(r->result, GRAVITY_CONCERN);
    size_t notes = report_count(r->result, GRAVITY_NOTE);

    if (concerns + notes == 0)
        return;
    page_rule(&r->page, TONE_WARN, report_say(r->result, SAY_CONCERNS),
              str_printf(mem, r->page.unicode ? "● %zu  ○ %zu" : "* %zu  - %zu", concerns, notes));
    for (size_t i = 0; i < value_count(clauses); i++) {
        const struct value *row = value_at(clauses, i);
        concerns_of_row(r, i,
                        str_printf(mem, "%.*s  %.*s", STR_ARG(value_get_text(row, "clause")),
                                   STR_ARG(value_get_text(row, "title"))));
    }
    concerns_of_row(r, SIZE_MAX, str_of(_("Controls")));
}
