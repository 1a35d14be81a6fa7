/* Who refers to a record. */
#include "register/record_parts.h"

#define NAMED 5u /* who refers, in a message */

struct referrers {
    struct ctx *cx;
    const struct record_store *rs;
    const struct register_def *to;
    struct str id;
    struct buf named;
    size_t n;
};

static int look_in(struct referrers *r, const struct kept_shape *shape, const struct kept_table *t,
                   struct str sql, struct str id)
{
    struct ctx *cx = r->cx;
    KEPT(q);
    bool row;

    TRY(record_prepare(cx, r->rs, sql, &q));
    TRY(stmt_bind_text(cx, q.s, "value", id));
    TRY(stmt_bind_text(cx, q.s, "id", r->id));
    for (;;) {
        TRY(stmt_step(cx, q.s, &row));
        if (!row)
            return 0;
        if (r->n < NAMED)
            buf_printf(&r->named, "%s%.*s (%.*s%s%.*s)", r->n > 0 ? ", " : "",
                       STR_ARG(stmt_text(cx->mem, q.s, 0)), STR_ARG(shape->def->title),
                       t->field != NULL ? ": " : "",
                       STR_ARG(t->field != NULL ? t->field->label : STR_NONE));
        r->n++;
    }
}

/* Columns that refer to it; and, within lines, lists that are kept as text. */
static int look_at(struct referrers *r, const struct kept_shape *shape, const struct kept_table *t,
                   const struct kept_column *c)
{
    struct arena *mem = r->cx->mem;
    bool list = c->what == KEPT_VALUE && t->field != NULL && t->field->type == REGISTER_ROWS &&
                register_type_is_many(c->field->type) &&
                record_target(r->rs->registers, c->field) == r->to;

    if (str_eq(c->to, r->to->id))
        return look_in(r, shape, t, kept_referrers_sql(mem, shape->def, t, c, false), r->id);
    if (!list)
        return 0;
    return look_in(r, shape, t, kept_referrers_sql(mem, shape->def, t, c, true),
                   str_printf(mem, "%%\"%.*s\"%%", STR_ARG(r->id)));
}

int record_unreferred(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                      struct str id, struct str ref)
{
    struct referrers r = {cx, rs, def, id, buf_new(cx->mem), 0};

    for (size_t i = 0; i < rs->registers->n; i++) {
        const struct kept_shape *shape;
        if (!record_is_kept(&rs->registers->items[i]))
            continue;
        TRY(record_shape(cx, rs, &rs->registers->items[i], &shape));
        for (size_t t = 0; t < shape->n; t++)
            for (size_t c = 0; c < shape->tables[t].n; c++)
                TRY(look_at(&r, shape, &shape->tables[t], &shape->tables[t].columns[c]));
    }
    if (r.n == 0)
        return 0;
    return fail(cx, RC_CONFLICT, NULL,
                _("%.*s, %.*s: %zu refer to it, so it stays: %.*s%s. Change these first."),
                STR_ARG(def->title), STR_ARG(ref), r.n, STR_ARG(buf_str(&r.named)),
                r.n > NAMED ? _(" and others") : "");
}
