/* The part of a result about trails: the way from each risk to what shows that something is done
 * about it, step by step, and where it breaks. Which steps there are and what breaks them is data
 * (standards/derive-registers.sql); their words are in verdict.yaml. */
#include "judge/verdict_parts.h"

/* Columns of a step, in the order of the statement below. */
enum { IS_RISK, IS_N, IS_STEP, IS_STATE, IS_WHY, IS_NAME, IS_TITLE, IS_PATH, IS_PLACE, IS_QUOTE };

#define STEP_KEYS 7 /* of a step in the result */

static void set_column(struct arena *mem, struct value *v, const char *key, const struct stmt *s,
                       size_t column)
{
    if (!stmt_is_null(s, column))
        value_set_text(v, key, stmt_text(mem, s, column));
}

/* "trail.STEP.WHAT" of verdict.yaml. There are some thousand steps. */
static int text_of(struct case_file *c, struct str step, struct str what, const struct value *view,
                   struct str *ret)
{
    struct buf path = buf_new(c->cx->mem);

    buf_addz(&path, "trail.");
    buf_add(&path, step);
    buf_char(&path, '.');
    buf_add(&path, what);
    return case_text(c, str_z(c->cx->mem, buf_str(&path)), view, ret);
}

static int step_value(struct case_file *c, const struct stmt *s, struct value **ret)
{
    struct arena *mem = c->cx->mem;
    struct value *v = value_map_room(mem, STEP_KEYS), *view = value_map_room(mem, 2);
    struct str step = stmt_text(mem, s, IS_STEP), title, text;

    set_column(mem, view, "name", s, IS_NAME);
    set_column(mem, view, "title", s, IS_TITLE);
    TRY(text_of(c, step, STR("title"), view, &title));
    TRY(text_of(c, step, stmt_text(mem, s, IS_WHY), view, &text));
    value_set_text(v, "step", step);
    value_set_text(v, "title", title);
    value_set_text(v, "state", stmt_text(mem, s, IS_STATE));
    value_set_text(v, "text", text);
    set_column(mem, v, "path", s, IS_PATH);
    set_column(mem, v, "place", s, IS_PLACE);
    set_column(mem, v, "quote", s, IS_QUOTE);
    *ret = v;
    return 0;
}

static struct value *trail_value(struct arena *mem, const struct stmt *s)
{
    struct value *v = value_map(mem);

    value_set_text(v, "ref", stmt_text(mem, s, IS_NAME));
    value_set_text(v, "risk", stmt_text(mem, s, IS_TITLE));
    value_set_text(v, "path", stmt_text(mem, s, IS_PATH));
    value_set_text(v, "place", stmt_text(mem, s, IS_PLACE));
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

    TRY(store_prepare(c->cx, c->store,
                      STR("SELECT risk, n, step, state, why, name, title, path, place, quote "
                          "FROM fact_trail ORDER BY risk, n"),
                      &s));
    for (;;) {
        TRY(stmt_step(c->cx, s, &row));
        if (!row)
            break;
        if (stmt_int(s, IS_N) == 1) {
            trail = trail_value(mem, s);
            value_push(list, trail);
        }
        TRY(step_value(c, s, &step));
        value_push(value_get_mut(trail, "steps"), step);
        note_break(trail, step);
        TRY(ctx_check(c->cx));
    }
    value_set(result, "trails", list);
    return 0;
}
