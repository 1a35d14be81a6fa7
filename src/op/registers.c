#include "op/registers.h"

#define TABLE_KEYS 12u
#define COLUMN_KEYS 4u

static struct value *text_or_null(struct arena *mem, struct str s)
{
    return s.n > 0 ? value_text(mem, s) : NULL;
}

static int columns_value(struct ctx *cx, struct stmt *s, const struct register_def *def,
                         int64_t table, struct value **ret)
{
    struct value *list = value_list(cx->mem);
    bool more;

    TRY(stmt_bind_int(cx, s, "table", table));
    for (;;) {
        TRY(stmt_step(cx, s, &more));
        if (!more)
            break;
        struct value *item = value_map_room(cx->mem, COLUMN_KEYS);
        struct str field = stmt_text(cx->mem, s, 1);
        const struct register_field *is = register_field(def, field);
        value_set(item, "header", text_or_null(cx->mem, stmt_text(cx->mem, s, 0)));
        value_set(item, "field", text_or_null(cx->mem, field));
        value_set(item, "label", is != NULL ? value_text(cx->mem, is->label) : NULL);
        value_set(item, "how", text_or_null(cx->mem, stmt_text(cx->mem, s, 2)));
        value_push(list, item);
    }
    stmt_reset(s);
    *ret = list;
    return 0;
}

static int table_value(struct ctx *cx, struct stmt *columns, const struct registers *registers,
                       const struct value *row, struct value **ret)
{
    const struct register_def *def = registers_find(registers, value_get_text(row, "register"));
    struct value *item = value_map_room(cx->mem, TABLE_KEYS), *list;

    if (def == NULL)
        return fail(cx, RC_FAIL, NULL, "A table was read as no known register.");
    TRY(columns_value(cx, columns, def, value_get_int(row, "id", 0), &list));
    value_set_text(item, "register", def->id);
    value_set_text(item, "title", def->title);
    value_set_bool(item, "kept", !def->is_not);
    value_set_text(item, "path", value_get_text(row, "path"));
    value_set_text(item, "place", value_get_text(row, "place"));
    value_set(item, "heading", text_or_null(cx->mem, value_get_text(row, "heading")));
    value_set(item, "sheet", text_or_null(cx->mem, value_get_text(row, "sheet")));
    value_set_int(item, "rows", value_get_int(row, "rows", 0));
    value_set_int(item, "judged", value_get_int(row, "judged", 0));
    value_set_int(item, "samples", value_get_int(row, "samples", 0));
    value_set_int(item, "confidence", value_get_int(row, "confidence", 0));
    value_set(item, "columns", list);
    *ret = item;
    return 0;
}

int registers_value(struct ctx *cx, struct store *store, const struct registers *registers,
                    struct value **ret)
{
    struct value *list = value_list(cx->mem), *item;
    bool more;
    STMT(tables);
    STMT(columns);

    TRY(store_prepare(cx, store, STR("SELECT * FROM register_table ORDER BY id"), &tables));
    TRY(store_prepare(cx, store,
                      STR("SELECT header, field, how FROM register_column "
                          "WHERE register_table = :table ORDER BY at"),
                      &columns));
    for (;;) {
        TRY(stmt_step(cx, tables, &more));
        if (!more)
            break;
        TRY(table_value(cx, columns, registers, stmt_row(cx->mem, tables), &item));
        value_push(list, item);
    }
    *ret = list;
    return 0;
}
