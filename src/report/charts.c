/* The charts of a result: controls, clauses, risks. */
#include "report/chart.h"
#include "report/internal.h"
#include "report/stage1_paper.h"

enum {
    WIDE = 482,
    CELL = 24, /* and a gap */
    CELL_HIGH = 19,
    GAP = 2,
    BAR = 11,
};

/* Marks by which the statuses differ beside their colours. */
static void show_status(struct chart *c, double x, double y, double wide, double high,
                        struct str status, struct str text)
{
    enum paper_role role = stage1_role(status);
    struct chart_mark *m = chart_box(c, x, y, wide, high, role);

    m->text = text;
    m->strong = role == PAPER_MET;
    m->edge = role == PAPER_MISSING;
    if (role == PAPER_PARTLY) {
        m = chart_box(c, x, y + high / 2, wide, high / 2, role);
        m->strong = true;
        m->text = text;
    }
}

/* The legend, in one line below everything. */
static void legend(struct chart *c, const char *const *states, size_t n)
{
    double x = 0, y = c->high + 8;

    for (size_t i = 0; i < n; i++) {
        struct str word = str_of(report_status_word(str_of(states[i])));
        show_status(c, x, y, 12, 9, str_of(states[i]), STR_NONE);
        chart_words(c, x + 16, y + 8, 8.5, PAPER_MUTED, word);
        x += 28 + 5.2 * (double)word.n;
    }
}

static const char *const statuses[] = {"met", "partly", "missing", "cannot-tell", "not-applicable"};

const struct chart *chart_of_controls(struct arena *mem, const struct value *result)
{
    const struct value *list = value_get(result, "controls");
    struct chart *c = chart_new(mem, WIDE);
    struct str group = STR_NONE;
    double x = 0, y = -6;

    if (value_count(list) == 0)
        return NULL;
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct str id = value_get_text(it, "id"), status = value_get_text(it, "status");
        if (i == 0 || !str_eq(report_group(it), group)) {
            group = report_group(it);
            y += i == 0 ? 14 : CELL_HIGH + 16;
            chart_words(c, 0, y, 9, PAPER_PLAIN, group)->strong = true;
            y += 5;
            x = 0;
        } else if (x + CELL > WIDE) {
            x = 0;
            y += CELL_HIGH + GAP;
        }
        show_status(c, x, y, CELL - GAP, CELL_HIGH, status,
                    str_printf(mem, "%.*s %.*s: %s", STR_ARG(id),
                               STR_ARG(value_get_text(it, "title")), report_status_word(status)));
        chart_words(c, x + (CELL - GAP) / 2.0, y + 12.5, 8, PAPER_PLAIN,
                    str_from(id, group.n < id.n ? group.n + 1 : 0))
            ->align = PAPER_CENTRE;
        x += CELL;
    }
    legend(c, statuses, COUNT_OF(statuses));
    return c;
}

const struct chart *chart_of_clauses(struct arena *mem, const struct value *result)
{
    static const char *const keys[] = {"met", "partly", "missing", "cannot_tell", "not_applicable"};
    const struct value *list = value_get(result, "clauses");
    struct chart *c = chart_new(mem, WIDE);
    double y = 0;

    for (size_t i = 0; i < value_count(list); i++, y += BAR + 8) {
        const struct value *it = value_at(list, i);
        int64_t total = value_get_int(it, "total", 0), at = 0;
        chart_words(c, 0, y + 9, 9, PAPER_PLAIN,
                    str_printf(mem, "%.*s %.*s", STR_ARG(value_get_text(it, "clause")),
                               STR_ARG(value_get_text(it, "title"))));
        for (size_t k = 0; k < COUNT_OF(keys) && total > 0; k++) {
            int64_t n = value_get_int(it, keys[k], 0);
            double from = 160 + 290.0 * (double)at / (double)total;
            if (n > 0)
                show_status(c, from, y, 290.0 * (double)n / (double)total - 1, BAR,
                            str_of(statuses[k]),
                            str_printf(mem, "%lld %s", (long long)n,
                                       report_status_word(str_of(statuses[k]))));
            at += n;
        }
        chart_words(
            c, WIDE, y + 9, 9, PAPER_MUTED,
            str_printf(mem, "%lld/%lld", (long long)value_get_int(it, "met", 0), (long long)total))
            ->align = PAPER_RIGHT;
    }
    if (y > 0)
        legend(c, statuses, COUNT_OF(statuses));
    return y > 0 ? c : NULL;
}

/* ---- risks ---- */

static int64_t count_at(const struct value *cells, int64_t likelihood, int64_t consequence)
{
    for (size_t i = 0; i < value_count(cells); i++) {
        const struct value *it = value_at(cells, i);
        if (value_get_int(it, "likelihood", 0) == likelihood &&
            value_get_int(it, "consequence", 0) == consequence)
            return value_get_int(it, "risks", 0);
    }
    return 0;
}

static bool is_above(const struct value *matrix, int64_t likelihood, int64_t consequence)
{
    const struct value *above = value_get(value_get(matrix, "limit"), "above");

    for (size_t i = 0; i < value_count(above); i++)
        if (value_get_int(value_at(above, i), "likelihood", 0) == likelihood &&
            value_get_int(value_at(above, i), "consequence", 0) == consequence)
            return true;
    return false;
}

/* Pale where few risks are, full where many are. Cells above what the method accepts have an
 * outline of another colour, and those who point at them read it. */
static void risk_cell(struct chart *c, double x, double y, double wide, double high, int64_t n,
                      int64_t most, bool above, struct str says)
{
    struct chart_mark *m = chart_box(c, x, y, wide, high,
                                     above   ? PAPER_MISSING
                                     : n > 0 ? PAPER_CONCERN
                                             : PAPER_MUTED);

    m->text = says;
    m->strong = n > 0 && 2 * n > most;
    m->edge = n > 0 || above;
    if (n > 0) {
        m = chart_words(c, x + wide / 2, y + high / 2 + 4, 11, PAPER_PLAIN,
                        str_printf(c->mem, "%lld", (long long)n));
        m->align = PAPER_CENTRE;
        m->strong = true;
    }
}

static void risk_grid(struct chart *c, const struct value *matrix, const char *key, double left,
                      const char *title)
{
    const struct value *rows = value_get(matrix, "likelihood"), *cells = value_get(matrix, key);
    const struct value *columns = value_get(matrix, "consequence");
    size_t n = value_count(rows), m = value_count(columns);
    double wide = 200.0 / (double)(m > 0 ? m : 1), high = 24;
    int64_t most = 1;

    for (size_t i = 0; i < value_count(cells); i++) {
        int64_t here = value_get_int(value_at(cells, i), "risks", 0);
        most = here > most ? here : most;
    }
    chart_words(c, left + 16, 10, 10, PAPER_PLAIN, str_of(title))->strong = true;
    for (size_t i = 0; i < n; i++) {
        int64_t likelihood = value_get_int(value_at(rows, n - 1 - i), "step", 0);
        double y = 18 + (double)i * (high + GAP);
        chart_words(c, left + 11, y + 15, 8.5, PAPER_MUTED,
                    str_printf(c->mem, "%lld", (long long)likelihood))
            ->align = PAPER_RIGHT;
        for (size_t k = 0; k < m; k++) {
            int64_t consequence = value_get_int(value_at(columns, k), "step", 0);
            int64_t risks = count_at(cells, likelihood, consequence);
            bool above = is_above(matrix, likelihood, consequence);
            risk_cell(c, left + 16 + (double)k * wide, y, wide - GAP, high, risks, most, above,
                      str_printf(c->mem, _("likelihood %lld, consequence %lld: %lld%s"),
                                 (long long)likelihood, (long long)consequence, (long long)risks,
                                 above ? _(", above what is accepted") : ""));
        }
    }
    for (size_t k = 0; k < m; k++)
        chart_words(
            c, left + 16 + ((double)k + 0.5) * wide, 28 + (double)n * (high + GAP), 8.5,
            PAPER_MUTED,
            str_printf(c->mem, "%lld", (long long)value_get_int(value_at(columns, k), "step", 0)))
            ->align = PAPER_CENTRE;
}

const struct chart *chart_of_risks(struct arena *mem, const struct value *result)
{
    const struct value *matrix = value_get(result, "risk_matrix");
    struct chart *c = chart_new(mem, WIDE);
    double y;

    if (value_count(value_get(matrix, "likelihood")) == 0 ||
        value_count(value_get(matrix, "consequence")) == 0)
        return NULL;
    risk_grid(c, matrix, "before", 0, _("Before treatment"));
    if (value_count(value_get(matrix, "after")) > 0)
        risk_grid(c, matrix, "after", 250, _("After treatment"));
    y = c->high + 12;
    chart_words(c, 16, y, 8.5, PAPER_MUTED,
                str_of(_("Up: likelihood. To the right: consequence. In a cell: how many risks.")));
    if (value_count(value_get(value_get(matrix, "limit"), "above")) > 0)
        chart_words(c, 16, y + 12, 8.5, PAPER_MISSING,
                    str_printf(mem,
                               _("Outlined in red: above level %lld, up to which a risk may stay."),
                               (long long)value_get_int(value_get(matrix, "limit"), "level", 0)));
    return c;
}
