/* The part of a result about trails: the way from each risk to what shows that something is done
 * about it, step by step, and where it breaks. Which steps there are and what breaks them is data
 * (standards/derive-registers.sql); their words are in verdict.yaml. */
#include "judge/verdict_parts.h"

static void set_place(struct value *v, const struct value *row)
{
    static const char *const keys[] = {"path", "place", "quote"};

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (value_get_text(row, keys[i]).n > 0)
            value_set_text(v, keys[i], value_get_text(row, keys[i]));
}

static int step_value(struct case_file *c, const struct value *row, struct value **ret)
{
    struct arena *mem = c->cx->mem;
    struct str step = value_get_text(row, "step"), title, text;
    struct value *v = value_map(mem);

    TRY(case_text(c, str_printf(mem, "trail.%.*s.title", STR_ARG(step)).p, row, &title));
    TRY(case_text(
        c, str_printf(mem, "trail.%.*s.%.*s", STR_ARG(step), STR_ARG(value_get_text(row, "why"))).p,
        row, &text));
    value_set_text(v, "step", step);
    value_set_text(v, "title", title);
    value_set_text(v, "state", value_get_text(row, "state"));
    value_set_text(v, "text", text);
    set_place(v, row);
    *ret = v;
    return 0;
}

static struct value *trail_value(struct arena *mem, const struct value *row)
{
    struct value *v = value_map(mem);

    value_set_text(v, "ref", value_get_text(row, "name"));
    value_set_text(v, "risk", value_get_text(row, "title"));
    value_set_text(v, "path", value_get_text(row, "path"));
    value_set_text(v, "place", value_get_text(row, "place"));
    value_set_bool(v, "broken", false);
    value_set(v, "breaks_at", NULL);
    value_set(v, "steps", value_list(mem));
    return v;
}

static void note_break(struct value *trail, const struct value *step)
{
    if (!value_is_text(value_get(step, "state"), "broken") || value_get_bool(trail, "broken"))
        return;
    value_set_bool(trail, "broken", true);
    value_set_text(trail, "breaks_at", value_get_text(step, "step"));
}

int trails_make(struct case_file *c, struct value *result)
{
    struct arena *mem = c->cx->mem;
    struct value *list = value_list(mem), *trail = NULL, *step;
    bool row;
    STMT(s);

    TRY(store_prepare(c->cx, c->store, STR("SELECT * FROM fact_trail ORDER BY risk, n"), &s));
    for (;;) {
        TRY(stmt_step(c->cx, s, &row));
        if (!row)
            break;
        struct value *it = stmt_row(mem, s);

        if (value_get_int(it, "n", 0) == 1) {
            trail = trail_value(mem, it);
            value_push(list, trail);
        }
        TRY(step_value(c, it, &step));
        value_push(value_get_mut(trail, "steps"), step);
        note_break(trail, step);
        TRY(ctx_check(c->cx));
    }
    value_set(result, "trails", list);
    return 0;
}
