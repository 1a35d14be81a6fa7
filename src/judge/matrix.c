/* The part of a result about where the risks lie, on the scales of the method where it has some,
 * else on those that the register uses. What counts is data (risk_cell in standards/registers.sql).
 */
#include "judge/verdict_parts.h"

#define STEPS 10 /* more than any scale has: then it is a percentage or a sum of money */

struct range {
    int64_t low, high;
};

static void widen(struct range *range, int64_t n)
{
    range->low = n < range->low ? n : range->low;
    range->high = n > range->high ? n : range->high;
}

/* Cells by side, and how far they reach. */
static int take_cells(struct case_file *c, struct value *matrix, struct range *likelihood,
                      struct range *consequence)
{
    struct arena *mem = c->cx->mem;
    struct value *before = value_list(mem), *after = value_list(mem);
    int64_t risks = 0;
    bool row;
    STMT(s);

    TRY(store_prepare(c->cx, c->store,
                      STR("SELECT side, likelihood, consequence, risks FROM risk_cell "
                          "ORDER BY side, likelihood, consequence"),
                      &s));
    for (;;) {
        TRY(stmt_step(c->cx, s, &row));
        if (!row)
            break;
        struct value *it = stmt_row(mem, s), *cell = value_map(mem);
        bool first = value_is_text(value_get(it, "side"), "before");
        value_set_int(cell, "likelihood", value_get_int(it, "likelihood", 0));
        value_set_int(cell, "consequence", value_get_int(it, "consequence", 0));
        value_set_int(cell, "risks", value_get_int(it, "risks", 0));
        widen(likelihood, value_get_int(it, "likelihood", 0));
        widen(consequence, value_get_int(it, "consequence", 0));
        risks += first ? value_get_int(it, "risks", 0) : 0;
        value_push(first ? before : after, cell);
        TRY(ctx_check(c->cx));
    }
    value_set_int(matrix, "risks", risks);
    value_set(matrix, "before", before);
    value_set(matrix, "after", after);
    return 0;
}

/* The method's own scales reach at least as far as it says. */
static int take_scales(struct case_file *c, struct range *likelihood, struct range *consequence)
{
    bool row;
    STMT(s);

    TRY(store_prepare(c->cx, c->store,
                      STR("SELECT dimension = 'likelihood' AS first, low, high FROM fact_scale "
                          "WHERE dimension IN ('likelihood', 'consequence')"),
                      &s));
    for (;;) {
        TRY(stmt_step(c->cx, s, &row));
        if (!row)
            return 0;
        const struct value *it = stmt_row(c->cx->mem, s);
        struct range *range = value_get_int(it, "first", 0) != 0 ? likelihood : consequence;
        widen(range, value_get_int(it, "low", 1));
        widen(range, value_get_int(it, "high", 1));
    }
}

static struct value *steps_of(struct arena *mem, struct range range)
{
    struct value *list = value_list(mem);

    for (int64_t i = range.low; i <= range.high; i++) {
        struct value *step = value_map(mem);
        value_set_int(step, "step", i);
        value_push(list, step);
    }
    return list;
}

static bool is_above(int64_t likelihood, int64_t consequence, struct str rule, int64_t level)
{
    return (str_is(rule, "sum") ? likelihood + consequence : likelihood * consequence) > level;
}

/* Cells of the grid above the level up to which a risk may stay. */
static struct value *cells_above(struct arena *mem, struct range likelihood,
                                 struct range consequence, struct str rule, int64_t level)
{
    struct value *list = value_list(mem);

    for (int64_t l = likelihood.low; l <= likelihood.high; l++)
        for (int64_t k = consequence.low; k <= consequence.high; k++) {
            if (!is_above(l, k, rule, level))
                continue;
            struct value *cell = value_map(mem);
            value_set_int(cell, "likelihood", l);
            value_set_int(cell, "consequence", k);
            value_push(list, cell);
        }
    return list;
}

/* What the method accepts; its cells only where it is known how a level is made. */
static int take_limit(struct case_file *c, struct range likelihood, struct range consequence,
                      struct value **ret)
{
    struct arena *mem = c->cx->mem;
    bool row;
    STMT(s);

    *ret = NULL;
    TRY(store_prepare(
        c->cx, c->store,
        STR("SELECT a.level, a.path, a.place, (SELECT min(rule) FROM fact_level_rule "
            "HAVING count(DISTINCT rule) = 1) AS rule FROM fact_acceptable a LIMIT 1"),
        &s));
    TRY(stmt_step(c->cx, s, &row));
    if (!row)
        return 0;
    const struct value *it = stmt_row(mem, s);
    struct str rule = value_get_text(it, "rule");
    int64_t level = value_get_int(it, "level", 0);
    *ret = value_map(mem);
    value_set_int(*ret, "level", level);
    value_set_text(*ret, "path", value_get_text(it, "path"));
    value_set_text(*ret, "place", value_get_text(it, "place"));
    value_set(*ret, "above",
              rule.n > 0 ? cells_above(mem, likelihood, consequence, rule, level)
                         : value_list(mem));
    return 0;
}

int matrix_make(struct case_file *c, struct value *result)
{
    struct value *matrix = value_map(c->cx->mem);
    struct range likelihood = {1, 1}, consequence = {1, 1};
    struct value *limit = NULL;

    TRY(take_cells(c, matrix, &likelihood, &consequence));
    TRY(take_scales(c, &likelihood, &consequence));
    bool drawn = value_count(value_get(matrix, "before")) > 0 && likelihood.low >= 0 &&
                 consequence.low >= 0 && likelihood.high - likelihood.low < STEPS &&
                 consequence.high - consequence.low < STEPS;
    value_set(matrix, "likelihood",
              steps_of(c->cx->mem, drawn ? likelihood : (struct range){1, 0}));
    value_set(matrix, "consequence",
              steps_of(c->cx->mem, drawn ? consequence : (struct range){1, 0}));
    if (drawn)
        TRY(take_limit(c, likelihood, consequence, &limit));
    value_set(matrix, "limit", limit);
    value_set(result, "risk_matrix", drawn ? matrix : NULL);
    return 0;
}
