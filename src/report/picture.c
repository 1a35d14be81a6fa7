/*
 * A small picture of where an ISMS stands: what the standard demands in any case, and each clause,
 * as bars; with an earlier report, a thin bar of then above each. As an SVG file of its own, and as
 * the drawing inside of the HTML report (web/templates/picture.svg).
 *
 * Colours stand in attributes for readers that know no CSS variables, and in classes for the rest.
 */
#include "report/internal.h"
#include "report/page.h"

/* All in the picture's own units, of which the text is 14 high. */
enum {
    WIDTH = 440,
    ROW = 48,
    FIRST_ROW = 66, /* the minimum takes more room */
    TEXT_DOWN = 14,
    THEN_DOWN = 21,
    THEN_HIGH = 5,
    NOW_DOWN = 29, /* below the bar of then */
    NOW_ALONE = 22,
    NOW_HIGH = 11,
    LEGEND_CELL = 14,
    LEGEND_COLUMN = 146,
    LEGEND_LINE = 20,
    MARGIN = 20,
    HEAD = 78,
    TITLE_COLUMNS = 36,
};

enum state { STATE_MET, STATE_PARTLY, STATE_MISSING, STATE_UNKNOWN, STATE_NONE, STATES };

static const char *const flags[STATES] = {"is_met", "is_partly", "is_missing", "is_unknown",
                                          "is_none"};
static const char *const counts[STATES] = {"met", "partly", "missing", "cannot_tell",
                                           "not_applicable"};

struct drawing {
    struct arena *mem;
    const struct value *result;
    int64_t y; /* where the next row begins */
};

static void set_milli(struct value *v, const char *key, struct arena *mem, int64_t thousandths)
{
    value_set(v, key, value_decimal(mem, thousandths));
}

/* A part of a bar, from and to in thousandths; with what the outline and the half need. */
static struct value *part(struct arena *mem, enum state state, int64_t from, int64_t to, int64_t y,
                          int64_t high)
{
    struct value *v = value_map(mem);
    int64_t w = to - from, top = y * 1000, h = high * 1000, half = h * 55 / 100;

    value_set_bool(v, flags[state], true);
    set_milli(v, "x", mem, from);
    set_milli(v, "y", mem, top);
    set_milli(v, "w", mem, w);
    set_milli(v, "h", mem, h);
    set_milli(v, "xi", mem, from + 500);
    set_milli(v, "yi", mem, top + 500);
    set_milli(v, "wi", mem, w > 1500 ? w - 1000 : 500);
    set_milli(v, "hi", mem, h - 1000);
    set_milli(v, "ym", mem, top + h - half);
    set_milli(v, "hm", mem, half);
    set_milli(v, "yc", mem, top + h / 2 - 1000);
    return v;
}

/* Cells of one width for each requirement, with a gap between the states. */
static struct value *bar(struct drawing *d, const struct value *row, int64_t y, int64_t high)
{
    struct value *list = value_list(d->mem);
    int64_t total = 0, at = 0;

    for (size_t s = 0; s < STATES; s++)
        total += value_get_int(row, counts[s], 0);
    for (size_t s = 0; s < STATES && total > 0; s++) {
        int64_t n = value_get_int(row, counts[s], 0), to = at + n;
        int64_t from_x = at * WIDTH * 1000 / total, to_x = to * WIDTH * 1000 / total;
        if (n > 0)
            value_push(list,
                       part(d->mem, (enum state)s, from_x,
                            to < total && to_x - from_x > 3000 ? to_x - 2000 : to_x, y, high));
        at = to;
    }
    return list;
}

static enum state state_of(struct str state)
{
    if (str_is(state, "present") || str_is(state, "met"))
        return STATE_MET;
    if (str_is(state, "partly"))
        return STATE_PARTLY;
    if (str_is(state, "missing"))
        return STATE_MISSING;
    return str_is(state, "not-applicable") ? STATE_NONE : STATE_UNKNOWN;
}

/* What a demanded document was in the earlier report: what `since` says, else what it is now. */
static struct str state_then(const struct value *result, const struct value *item)
{
    static const char *const lists[] = {"since.better", "since.worse"};
    struct str kind = value_get_text(item, "kind");

    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        const struct value *list = value_path(result, lists[i]);
        for (size_t k = 0; k < value_count(list); k++)
            if (value_is_text(value_get(value_at(list, k), "what"), "document") &&
                str_eq(value_get_text(value_at(list, k), "id"), kind))
                return value_get_text(value_at(list, k), "was");
    }
    return value_get_text(item, "state");
}

/* A square for each demanded document, in the order of the standard. */
static struct value *squares(struct drawing *d, bool then, int64_t y, int64_t high)
{
    const struct value *items = value_get(d->result, "minimum");
    struct value *list = value_list(d->mem);
    int64_t n = (int64_t)value_count(items);

    for (int64_t i = 0; i < n; i++) {
        const struct value *it = value_at(items, (size_t)i);
        struct str state = then ? state_then(d->result, it) : value_get_text(it, "state");
        value_push(list, part(d->mem, state_of(state), i * WIDTH * 1000 / n,
                              (i + 1) * WIDTH * 1000 / n - 4000, y, high));
    }
    return list;
}

static struct value *new_row(struct drawing *d, int64_t now, int64_t of)
{
    struct value *v = value_map(d->mem);

    value_set_int(v, "text_y", d->y + TEXT_DOWN);
    value_set_int(v, "now", now);
    value_set_int(v, "of", of);
    value_set_text(v, "number", STR_NONE);
    value_set_bool(v, "minimum", false);
    value_set_bool(v, "strong", false);
    value_set_bool(v, "has_then", false);
    return v;
}

static bool has_since(const struct drawing *d)
{
    return value_type(value_get(d->result, "since")) == VALUE_MAP;
}

static struct value *minimum_row(struct drawing *d)
{
    struct value *v = new_row(d, value_as_int(value_path(d->result, "verdict.minimum.met"), 0),
                              value_as_int(value_path(d->result, "verdict.minimum.of"), 0));
    int64_t down = has_since(d) ? NOW_DOWN : NOW_ALONE;

    value_set_bool(v, "minimum", true);
    value_set_bool(v, "strong", true);
    value_set(v, "parts", squares(d, false, d->y + down, NOW_HIGH + 9));
    if (has_since(d)) {
        value_set_bool(v, "has_then", true);
        value_set_int(v, "then", value_as_int(value_path(d->result, "since.minimum.was.met"), 0));
        value_set(v, "then_parts", squares(d, true, d->y + THEN_DOWN, THEN_HIGH));
    }
    d->y += FIRST_ROW;
    return v;
}

static const struct value *then_of(const struct drawing *d, struct str clause)
{
    const struct value *list = value_path(d->result, "since.clauses");

    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_get_text(value_at(list, i), "clause"), clause))
            return value_get(value_at(list, i), "was");
    return NULL;
}

static struct str short_title(struct arena *mem, struct str title)
{
    while (page_columns(title) > TITLE_COLUMNS && title.n > TITLE_COLUMNS)
        title = str_cut(mem, title, title.n - 4);
    return title;
}

static struct value *clause_row(struct drawing *d, const struct value *clause)
{
    const struct value *then = then_of(d, value_get_text(clause, "clause"));
    struct value *v =
        new_row(d, value_get_int(clause, "met", 0), value_get_int(clause, "total", 0));

    value_set_text(v, "number", value_get_text(clause, "clause"));
    value_set_text(v, "title", short_title(d->mem, value_get_text(clause, "title")));
    value_set(v, "parts", bar(d, clause, d->y + (has_since(d) ? NOW_DOWN : NOW_ALONE), NOW_HIGH));
    if (then != NULL) {
        value_set_bool(v, "has_then", true);
        value_set_int(v, "then", value_get_int(then, "met", 0));
        value_set(v, "then_parts", bar(d, then, d->y + THEN_DOWN, THEN_HIGH));
    }
    d->y += has_since(d) ? ROW : ROW - NOW_DOWN + NOW_ALONE;
    return v;
}

static struct value *legend(struct drawing *d)
{
    const char *const words[STATES] = {_("met"), _("partly"), _("missing"),
                                       _("documents cannot tell"), _("not applicable")};
    struct value *list = value_list(d->mem);

    d->y += 8;
    for (size_t s = 0; s < STATES; s++) {
        int64_t x = (int64_t)(s % 3) * LEGEND_COLUMN, y = d->y + (int64_t)(s / 3) * LEGEND_LINE;
        if (s == STATE_UNKNOWN || s == STATE_NONE)
            x = s == STATE_UNKNOWN ? 0 : (int64_t)LEGEND_COLUMN + 40;
        struct value *v =
            part(d->mem, (enum state)s, x * 1000, (x + LEGEND_CELL) * 1000, y, NOW_HIGH);
        value_set_int(v, "label_x", x + LEGEND_CELL + 7);
        value_set_int(v, "label_y", y + NOW_HIGH - 1);
        value_set_text(v, "word", str_of(words[s]));
        value_push(list, v);
    }
    d->y += 2 * (int64_t)LEGEND_LINE;
    return list;
}

struct value *report_picture(struct arena *mem, const struct value *result)
{
    struct drawing d = {mem, result, 0};
    struct value *v = value_map(mem), *rows = value_list(mem);
    const struct value *clauses = value_get(result, "clauses");

    value_push(rows, minimum_row(&d));
    for (size_t i = 0; i < value_count(clauses); i++)
        value_push(rows, clause_row(&d, value_at(clauses, i)));
    value_set(v, "rows", rows);
    value_set(v, "legend", legend(&d));
    if (has_since(&d)) {
        value_set_int(v, "note_y", d.y + 12);
        d.y += 16;
    }
    value_set_int(v, "width", WIDTH);
    value_set_int(v, "height", d.y + 4);
    value_set_int(v, "sheet_width", WIDTH + 2 * MARGIN);
    value_set_int(v, "sheet_height", d.y + HEAD + MARGIN);
    return v;
}

int report_svg(struct ctx *cx, const struct value *result, const struct report_templates *templates,
               struct buf *out)
{
    struct arena *mem = cx->mem;
    struct value *view = report_copy(mem, result), *organisation = value_map(mem);
    struct str name = value_as_text(value_path(result, "organisation.name"));
    struct value *verdict = value_map(mem);

    value_set_text(organisation, "name", name);
    value_set_text(organisation, "short", short_title(mem, name));
    value_set(view, "organisation", organisation);
    value_set_text(verdict, "word", str_of(report_ready_word(result)));
    value_set_text(verdict, "ready", value_as_text(value_path(result, "verdict.ready")));
    value_set(view, "verdict", verdict);
    report_set_days(mem, result, view);
    value_set(view, "picture", report_picture(mem, result));
    return report_render(cx, templates, "stage1.svg", view, out);
}
