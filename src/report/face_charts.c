/* Pictures of faces: the matrix, a series, the time line. */
#include "report/face.h"

enum { CURVE = 360 };

static struct str number(struct arena *mem, int64_t n)
{
    return str_printf(mem, "%lld", (long long)n);
}

/* ---- a matrix ---- */

struct grid {
    struct chart *c;
    const struct value *tree, *pass, *links, *ups, *acrosses;
    double left, top, wide, high;
    int64_t most;
};

static const struct value *cell_at(const struct value *cells, int64_t up, int64_t across,
                                   size_t *ret)
{
    for (size_t i = 0; i < value_count(cells); i++) {
        const struct value *cell = value_at(cells, i);
        *ret = i;
        if (value_get_int(cell, "up", 0) == up && value_get_int(cell, "across", 0) == across)
            return cell;
    }
    return NULL;
}

static enum paper_role tone_role(struct str tone)
{
    return str_is(tone, "good")   ? PAPER_MET
           : str_is(tone, "warn") ? PAPER_PARTLY
           : str_is(tone, "bad")  ? PAPER_MISSING
                                  : PAPER_NONE;
}

static void draw_cell(const struct grid *g, int64_t up, int64_t across, double x, double y)
{
    struct arena *mem = g->c->mem;
    size_t at = 0, ignored;
    const struct value *scale = cell_at(value_get(g->tree, "cells"), up, across, &ignored),
                       *here = cell_at(value_get(g->pass, "cells"), up, across, &at);
    const struct value *level = value_get(scale, "level");
    int64_t n = value_get_int(here, "n", 0);
    struct chart_mark *m =
        chart_box(g->c, x, y, g->wide - 2, g->high - 2, tone_role(value_get_text(scale, "tone")));

    m->edge = n > 0;
    m->text = str_printf(mem, _("%.*s %lld, %.*s %lld: %lld"),
                         STR_ARG(value_as_text(value_path(g->tree, "up.label"))), (long long)up,
                         STR_ARG(value_as_text(value_path(g->tree, "across.label"))),
                         (long long)across, (long long)n);
    if (n > 0 && g->links != NULL)
        m->link = value_as_text(value_at(g->links, at));
    if (level != NULL && g->wide > 30)
        chart_words(g->c, x + g->wide - 6, y + 10, 7.5, PAPER_MUTED,
                    number(mem, value_as_int(level, 0)))
            ->align = PAPER_RIGHT;
    if (n == 0)
        return;
    m = chart_words(g->c, x + (g->wide - 2) / 2, y + (g->high - 2) / 2 + 5, 14, PAPER_PLAIN,
                    number(mem, n));
    m->align = PAPER_CENTRE;
    m->strong = true;
}

static void draw_axes(const struct grid *g)
{
    size_t n = value_count(g->ups), k = value_count(g->acrosses);
    double under = g->top + (double)n * g->high + 11;
    struct chart_mark *m;

    for (size_t i = 0; i < n; i++) {
        m = chart_words(g->c, g->left - 6, g->top + ((double)i + 0.5) * g->high + 3, 9, PAPER_MUTED,
                        number(g->c->mem, value_get_int(value_at(g->ups, n - 1 - i), "step", 0)));
        m->align = PAPER_RIGHT;
    }
    for (size_t i = 0; i < k; i++) {
        m = chart_words(g->c, g->left + ((double)i + 0.5) * g->wide, under, 9, PAPER_MUTED,
                        number(g->c->mem, value_get_int(value_at(g->acrosses, i), "step", 0)));
        m->align = PAPER_CENTRE;
    }
    chart_words(
        g->c, 0, 9, 9, PAPER_MUTED,
        str_printf(g->c->mem, "↑ %.*s", STR_ARG(value_as_text(value_path(g->tree, "up.label")))));
    m = chart_words(g->c, g->c->wide, under + 13, 9, PAPER_MUTED,
                    str_printf(g->c->mem, "%.*s →",
                               STR_ARG(value_as_text(value_path(g->tree, "across.label")))));
    m->align = PAPER_RIGHT;
}

const struct chart *face_matrix_chart(struct arena *mem, const struct value *tree,
                                      const struct value *pass, const struct value *links)
{
    struct grid g = {.c = chart_new(mem, 300),
                     .tree = tree,
                     .pass = pass,
                     .links = links,
                     .ups = value_path(tree, "up.steps"),
                     .acrosses = value_path(tree, "across.steps"),
                     .left = 22,
                     .top = 16};
    size_t n = value_count(g.ups), k = value_count(g.acrosses);

    if (n == 0 || k == 0)
        return NULL;
    g.wide = (g.c->wide - g.left) / (double)k;
    g.high = g.wide > 40 ? 40 : g.wide < 18 ? 18 : g.wide;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < k; j++)
            draw_cell(&g, value_get_int(value_at(g.ups, n - 1 - i), "step", 0),
                      value_get_int(value_at(g.acrosses, j), "step", 0),
                      g.left + (double)j * g.wide, g.top + (double)i * g.high);
    draw_axes(&g);
    return g.c;
}

/* ---- a series ---- */

struct curve {
    struct chart *c;
    double left, right, top, bottom;
    int64_t first, last;           /* days */
    int64_t lowest, highest, step; /* thousandths */
};

static int64_t day_of(const struct value *point)
{
    struct date day;

    return date_parse_iso(str_sub(value_get_text(point, "at"), 0, 10), &day) ? date_to_days(day)
                                                                             : 0;
}

static double x_of(const struct curve *v, int64_t day)
{
    double share =
        v->last > v->first ? (double)(day - v->first) / (double)(v->last - v->first) : 0.5;

    return v->left + (v->right - v->left) * share;
}

static double y_of(const struct curve *v, int64_t n)
{
    double share = (double)(n - v->lowest) / (double)(v->highest - v->lowest);

    return v->bottom - (v->bottom - v->top) * share;
}

static void stretch(struct curve *v, const struct value *n)
{
    int64_t here = value_as_thousandths(n, 0);

    v->lowest = here < v->lowest ? here : v->lowest;
    v->highest = here > v->highest ? here : v->highest;
}

/* 1, 2 or 5 of some power of ten, four of which are about `range`. */
static int64_t step_of(int64_t range)
{
    static const int64_t firsts[] = {1, 2, 5};

    for (int64_t power = 1; power < INT64_MAX / 100; power *= 10)
        for (size_t i = 0; i < COUNT_OF(firsts); i++)
            if (firsts[i] * power * 4 >= range)
                return firsts[i] * power;
    return range;
}

/* To whole steps, with 0 where it is near and some room where all values are the same. */
static void widen(struct curve *v)
{
    if (v->lowest >= 0 && v->lowest < v->highest / 2)
        v->lowest = 0;
    if (v->highest - v->lowest < 1000) {
        v->lowest -= v->lowest > 1000 ? 1000 : 0;
        v->highest += 1000;
    }
    v->step = step_of(v->highest - v->lowest);
    v->lowest -= (v->lowest % v->step + v->step) % v->step;
    v->highest += (v->step - (v->highest % v->step + v->step) % v->step) % v->step;
}

static size_t measure(struct curve *v, const struct value *series)
{
    const struct value *points = value_get(series, "points"), *aim = value_get(series, "aim");
    size_t n = 0;

    for (size_t i = 0; i < value_count(points); i++) {
        const struct value *point = value_at(points, i), *at = value_get(point, "number");
        int64_t day = day_of(point);
        if (at == NULL)
            continue;
        if (n++ == 0) {
            v->first = v->last = day;
            v->lowest = v->highest = value_as_thousandths(at, 0);
        }
        v->first = day < v->first ? day : v->first;
        v->last = day > v->last ? day : v->last;
        stretch(v, at);
    }
    if (n > 0 && aim != NULL)
        stretch(v, aim);
    if (n > 0)
        widen(v);
    return n;
}

static void draw_aim(const struct curve *v, const struct value *series)
{
    const struct value *aim = value_get(series, "aim");
    struct chart_mark *m;

    if (aim == NULL)
        return;
    double y = y_of(v, value_as_thousandths(aim, 0));

    m = chart_line(v->c, v->left, y, v->right, y, PAPER_CONCERN);
    m->edge = true;
    m = chart_words(v->c, v->right, y - 4, 9, PAPER_CONCERN, value_get_text(series, "target"));
    m->align = PAPER_RIGHT;
}

static void draw_curve(const struct curve *v, const struct value *series)
{
    const struct value *points = value_get(series, "points"), *before = NULL;

    for (size_t i = 0; i < value_count(points); i++) {
        const struct value *point = value_at(points, i), *at = value_get(point, "number");
        if (at != NULL && before != NULL)
            chart_line(v->c, x_of(v, day_of(before)),
                       y_of(v, value_as_thousandths(value_get(before, "number"), 0)),
                       x_of(v, day_of(point)), y_of(v, value_as_thousandths(at, 0)), PAPER_ACCENT);
        before = at != NULL ? point : before;
    }
}

static void draw_points(const struct curve *v, const struct value *series)
{
    const struct value *points = value_get(series, "points");

    for (size_t i = 0; i < value_count(points); i++) {
        const struct value *point = value_at(points, i), *at = value_get(point, "number"),
                           *met = value_get(point, "met");
        bool off = met != NULL && !value_as_bool(met);
        if (at == NULL)
            continue;
        struct chart_mark *m = chart_box(v->c, x_of(v, day_of(point)) - 3.5,
                                         y_of(v, value_as_thousandths(at, 0)) - 3.5, 7, 7,
                                         off ? PAPER_MISSING : PAPER_ACCENT);
        m->strong = true;
        m->text = str_printf(v->c->mem, "%.*s: %.*s%s", STR_ARG(value_get_text(point, "at")),
                             STR_ARG(value_get_text(point, "value")), off ? _(", off target") : "");
    }
}

static void draw_scale(const struct curve *v, const struct value *series)
{
    struct arena *mem = v->c->mem;
    const int64_t days[] = {v->first, v->last};

    for (int64_t n = v->lowest; n <= v->highest; n += v->step) {
        struct chart_mark *m;
        chart_line(v->c, v->left, y_of(v, n), v->right, y_of(v, n), PAPER_MUTED)->size = 0.5;
        m = chart_words(v->c, v->left - 6, y_of(v, n) + 3, 9, PAPER_MUTED,
                        n % 1000 == 0 ? number(mem, n / 1000)
                                      : str_printf(mem, "%.1f", (double)n / 1000));
        m->align = PAPER_RIGHT;
    }
    for (size_t i = 0; i < (v->last > v->first ? 2 : 1); i++)
        chart_words(v->c, x_of(v, days[i]), v->bottom + 14, 9, PAPER_MUTED,
                    date_iso(mem, date_from_days(days[i])))
            ->align = v->last == v->first ? PAPER_CENTRE
                      : i == 0            ? PAPER_LEFT
                                          : PAPER_RIGHT;
    chart_words(v->c, 0, 8, 9, PAPER_MUTED, value_get_text(series, "unit"));
}

const struct chart *face_series_chart(struct arena *mem, const struct value *series)
{
    struct curve v = {
        .c = chart_new(mem, CURVE), .left = 34, .right = CURVE - 6, .top = 16, .bottom = 104};

    if (measure(&v, series) == 0)
        return NULL;
    draw_scale(&v, series);
    draw_aim(&v, series);
    draw_curve(&v, series);
    draw_points(&v, series);
    v.c->high = v.bottom + 20;
    return v.c;
}

/* ---- a time line ---- */

enum { LINE = 760, ROW = 26, NAMES = 90 };

/* Days from the first step of the longest; in whole weeks or months that people can read off. */
static int64_t longest(const struct value *records)
{
    int64_t most = 1;

    for (size_t i = 0; i < value_count(records); i++) {
        const struct value *steps = value_get(value_at(records, i), "steps");
        for (size_t k = 0; k < value_count(steps); k++) {
            int64_t after = value_get_int(value_at(steps, k), "after", 0);
            most = after > most ? after : most;
        }
    }
    return most;
}

static double step_at(const struct value *step, int64_t most)
{
    int64_t after = value_get_int(step, "after", 0);

    return NAMES + (LINE - NAMES - 12) * (double)(after > 0 ? after : 0) / (double)most;
}

static void draw_record(struct chart *c, const struct value *record, double y, int64_t most)
{
    const struct value *steps = value_get(record, "steps");
    double from = NAMES;
    struct chart_mark *m;

    chart_words(c, 0, y + 11, 9.5, PAPER_PLAIN, value_get_text(record, "ref"))->strong = true;
    for (size_t i = 1; i < value_count(steps); i++) {
        const struct value *step = value_at(steps, i);
        double x = step_at(step, most);
        if (x <= from)
            continue;
        m = chart_box(c, from, y + 4, x - from, 8, PAPER_ACCENT);
        m->text = str_printf(c->mem, _("%lld days until: %.*s"),
                             (long long)value_get_int(step, "since_before", 0),
                             STR_ARG(value_get_text(step, "label")));
        from = x;
    }
    for (size_t i = 0; i < value_count(steps); i++) {
        const struct value *step = value_at(steps, i);
        m = chart_box(c, step_at(step, most) - 1, y, 3, 16, PAPER_PLAIN);
        m->strong = true;
        m->text = str_printf(c->mem, "%.*s: %.*s", STR_ARG(value_get_text(step, "label")),
                             STR_ARG(str_sub(value_get_text(step, "at"), 0, 10)));
    }
}

const struct chart *face_timeline_chart(struct arena *mem, const struct value *tree)
{
    const struct value *records = value_get(tree, "records");
    struct chart *c = chart_new(mem, LINE);
    int64_t most = longest(records);
    double y = 0;

    for (size_t i = 0; i < value_count(records) && i < 40; i++) {
        if (value_count(value_get(value_at(records, i), "steps")) < 2)
            continue;
        draw_record(c, value_at(records, i), y, most);
        y += ROW;
    }
    if (y <= 0)
        return NULL;
    chart_words(c, NAMES, y + 8, 9, PAPER_MUTED, str_of(_("0 days")));
    chart_words(c, LINE, y + 8, 9, PAPER_MUTED, str_printf(mem, _("%lld days"), (long long)most))
        ->align = PAPER_RIGHT;
    return c;
}
