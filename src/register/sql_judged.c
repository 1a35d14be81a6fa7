/* SQL for rows of judged tables that change: what an organisation's record was, and how others name
 * it. */
#include "register/internal.h"

static int run_on(struct ctx *cx, struct store *store, struct str sql, int64_t id)
{
    STMT(s);

    TRY(store_prepare(cx, store, sql, &s));
    TRY(stmt_bind_int(cx, s, "id", id));
    return stmt_run(cx, s);
}

int register_row_remove(struct ctx *cx, struct store *store, const struct register_def *def,
                        int64_t id)
{
    TRY(run_on(cx, store,
               str_printf(cx->mem, "DELETE FROM \"%.*s\" WHERE id = :id", STR_ARG(def->judged_as)),
               id));
    for (size_t f = 0; f < def->field_n; f++)
        if (register_type_is_many(def->fields[f].type))
            TRY(run_on(cx, store,
                       str_printf(cx->mem, "DELETE FROM \"%.*s__%.*s\" WHERE record = :id",
                                  STR_ARG(def->judged_as), STR_ARG(def->fields[f].id)),
                       id));
    return 0;
}

int register_row_lines(struct ctx *cx, struct store *store, const struct register_def *def,
                       int64_t parent, struct value *ids)
{
    struct str sql =
        str_printf(cx->mem, "SELECT id FROM \"%.*s\" WHERE parent = :id", STR_ARG(def->judged_as));
    bool row;
    STMT(s);

    TRY(store_prepare(cx, store, sql, &s));
    TRY(stmt_bind_int(cx, s, "id", parent));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        value_push(ids, value_int(cx->mem, stmt_int(s, 0)));
    }
}

static struct str name_sql(struct arena *mem, const struct register_def *def,
                           const struct register_field *field, int64_t n)
{
    if (n > 0)
        return str_printf(mem,
                          "UPDATE \"%.*s__%.*s\" SET value = :name WHERE record = :id AND n = :n",
                          STR_ARG(def->judged_as), STR_ARG(field->id));
    return str_printf(mem,
                      "UPDATE \"%.*s\" SET \"%.*s\" = :name, \"%.*s_said\" = :name WHERE id = :id",
                      STR_ARG(def->judged_as), STR_ARG(field->id), STR_ARG(field->id));
}

int register_row_name(struct ctx *cx, struct store *store, const struct register_def *def,
                      const struct register_field *field, int64_t id, int64_t n, struct str name)
{
    STMT(s);

    TRY(store_prepare(cx, store, name_sql(cx->mem, def, field, n), &s));
    TRY(stmt_bind_text(cx, s, "name", name));
    TRY(stmt_bind_int(cx, s, "id", id));
    if (n > 0)
        TRY(stmt_bind_int(cx, s, "n", n));
    TRY(stmt_run(cx, s));
    if (n == 0)
        return 0;
    /* As a cell would say it. */
    return run_on(cx, store,
                  str_printf(cx->mem,
                             "UPDATE \"%.*s\" SET \"%.*s_said\" = (SELECT group_concat(value, ', ')"
                             " FROM (SELECT value FROM \"%.*s__%.*s\" WHERE record = :id ORDER BY "
                             "n)) WHERE id = :id",
                             STR_ARG(def->judged_as), STR_ARG(field->id), STR_ARG(def->judged_as),
                             STR_ARG(field->id)),
                  id);
}
