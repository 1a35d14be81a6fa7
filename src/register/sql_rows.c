/* The lines of judged tables as they were read, for who makes records of them. */
#include "register/internal.h"

static int add_many(struct ctx *cx, struct stmt *s, int64_t record, struct value **ret)
{
    bool row;

    *ret = value_list(cx->mem);
    TRY(stmt_bind_int(cx, s, "record", record));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        value_push(*ret, value_text(cx->mem, stmt_text(cx->mem, s, 0)));
    }
    stmt_reset(s);
    return 0;
}

/* Adds the values of a field that takes many to the rows. */
static int complete(struct ctx *cx, struct store *store, const struct register_def *def,
                    const struct register_field *field, struct value *rows)
{
    struct value *list;
    STMT(s);

    TRY(store_prepare(
        cx, store,
        str_printf(cx->mem, "SELECT value FROM \"%.*s__%.*s\" WHERE record = :record ORDER BY n",
                   STR_ARG(def->judged_as), STR_ARG(field->id)),
        &s));
    for (size_t i = 0; i < value_count(rows); i++) {
        struct value *row = value_at_mut(rows, i);
        TRY(add_many(cx, s, value_get_int(row, "id", 0), &list));
        if (value_count(list) > 0)
            value_set(row, str_z(cx->mem, field->id), list);
        TRY(ctx_check(cx));
    }
    return 0;
}

int register_rows(struct ctx *cx, struct store *store, const struct register_def *def,
                  struct value **ret)
{
    struct value *rows = value_list(cx->mem);
    bool row;
    STMT(s);

    TRY(store_prepare(
        cx, store,
        str_printf(cx->mem, "SELECT * FROM \"%.*s\" ORDER BY id", STR_ARG(def->judged_as)), &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        value_push(rows, stmt_row(cx->mem, s));
        TRY(ctx_check(cx));
    }
    for (size_t f = 0; f < def->field_n; f++)
        if (register_type_is_many(def->fields[f].type) && value_count(rows) > 0)
            TRY(complete(cx, store, def, &def->fields[f], rows));
    *ret = rows;
    return 0;
}
