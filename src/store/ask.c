#include "store/ask.h"

static int put(struct ctx *cx, struct stmt *s, const struct bind *bind)
{
    switch (bind->as) {
    case BIND_IS_INT:
        return stmt_bind_int(cx, s, bind->name, bind->number);
    case BIND_IS_TEXT_OR_NULL:
        return stmt_bind_text_or_null(cx, s, bind->name, bind->text);
    case BIND_IS_TEXT:
        break;
    }
    return stmt_bind_text(cx, s, bind->name, bind->text);
}

int(store_query)(struct ctx *cx, struct store *store, const char *sql, struct stmt **ret,
                 const struct bind *binds)
{
    TRY(store_prepare(cx, store, str_of(sql), ret));
    for (; binds->name != NULL; binds++)
        TRY(put(cx, *ret, binds));
    return 0;
}

int(store_ask)(struct ctx *cx, struct store *store, const char *sql, struct stmt **ret,
               bool *ret_row, const struct bind *binds)
{
    TRY((store_query)(cx, store, sql, ret, binds));
    return stmt_step(cx, *ret, ret_row);
}

int(store_run)(struct ctx *cx, struct store *store, const char *sql, const struct bind *binds)
{
    STMT(s);

    TRY((store_query)(cx, store, sql, &s, binds));
    return stmt_run(cx, s);
}

int(store_has)(struct ctx *cx, struct store *store, const char *sql, bool *ret,
               const struct bind *binds)
{
    STMT(s);

    return (store_ask)(cx, store, sql, &s, ret, binds);
}

int(store_text)(struct ctx *cx, struct store *store, const char *sql, struct str *ret,
                const struct bind *binds)
{
    bool row;
    STMT(s);

    TRY((store_ask)(cx, store, sql, &s, &row, binds));
    *ret = row ? stmt_text(cx->mem, s, 0) : STR_NONE;
    return 0;
}

int(store_int)(struct ctx *cx, struct store *store, const char *sql, int64_t *ret,
               const struct bind *binds)
{
    bool row;
    STMT(s);

    TRY((store_ask)(cx, store, sql, &s, &row, binds));
    *ret = row ? stmt_int(s, 0) : 0;
    return 0;
}

int(store_list)(struct ctx *cx, struct store *store, const char *sql, struct value **ret,
                const struct bind *binds)
{
    struct value *list = value_list(cx->mem);
    bool row;
    STMT(s);

    TRY((store_query)(cx, store, sql, &s, binds));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        value_push(list, stmt_row(cx->mem, s));
    }
    *ret = list;
    return 0;
}
