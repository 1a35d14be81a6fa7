/* Statements, as far as they are the same on every database. */
#include "store/internal.h"

int store_prepare(struct ctx *cx, struct store *store, struct str sql, struct stmt **ret)
{
    TRY(store_ready(cx, store));
    return store->driver->prepare(cx, store, sql, ret);
}

void stmt_free(struct stmt *stmt)
{
    if (stmt && stmt->store)
        stmt->store->driver->free(stmt);
    if (stmt)
        stmt->store = NULL;
}

void stmt_freep(struct stmt **stmt)
{
    stmt_free(*stmt);
    *stmt = NULL;
}

size_t stmt_params(const struct stmt *stmt)
{
    return stmt->store->driver->params(stmt);
}

struct str stmt_param_name(const struct stmt *stmt, size_t i)
{
    return stmt->store->driver->param_name(stmt, i);
}

static int param(struct ctx *cx, struct stmt *stmt, const char *name, size_t *ret)
{
    struct str wanted = str_of(name);
    size_t n = stmt_params(stmt);

    for (size_t k = 0, i = stmt->next; k < n; k++, i++) {
        if (i >= n)
            i = 0;
        if (str_eq(stmt_param_name(stmt, i), wanted)) {
            stmt->next = i + 1;
            *ret = i;
            return 0;
        }
    }
    return fail(cx, RC_INVALID, name, _("The statement has no parameter :%s"), name);
}

/* What one database would take and the other not, no database gets. */
static int storable(struct ctx *cx, const char *name, struct str s)
{
    if (s.n && memchr(s.p, '\0', s.n))
        return fail(cx, RC_INVALID, name, _("The text for :%s holds a NUL character"), name);
    if (!utf8_valid(s))
        return fail(cx, RC_INVALID, name, _("The text for :%s is not valid UTF-8"), name);
    return 0;
}

int stmt_bind_text(struct ctx *cx, struct stmt *stmt, const char *name, struct str s)
{
    size_t i;

    TRY(param(cx, stmt, name, &i));
    TRY(storable(cx, name, s));
    return stmt->store->driver->bind_text(cx, stmt, i, s);
}

int stmt_bind_text_or_null(struct ctx *cx, struct stmt *stmt, const char *name, struct str s)
{
    return s.n ? stmt_bind_text(cx, stmt, name, s) : stmt_bind_null(cx, stmt, name);
}

int stmt_bind_int(struct ctx *cx, struct stmt *stmt, const char *name, int64_t v)
{
    size_t i;

    TRY(param(cx, stmt, name, &i));
    return stmt->store->driver->bind_int(cx, stmt, i, v);
}

int stmt_bind_null(struct ctx *cx, struct stmt *stmt, const char *name)
{
    size_t i;

    TRY(param(cx, stmt, name, &i));
    return stmt->store->driver->bind_null(cx, stmt, i);
}

int stmt_bind_value(struct ctx *cx, struct stmt *stmt, const char *name, const struct value *v)
{
    switch (value_type(v)) {
    case VALUE_NULL:
        return stmt_bind_null(cx, stmt, name);
    case VALUE_BOOL:
        return stmt_bind_int(cx, stmt, name, value_as_bool(v));
    case VALUE_INT:
        return stmt_bind_int(cx, stmt, name, value_as_int(v, 0));
    case VALUE_TEXT:
        return stmt_bind_text(cx, stmt, name, value_as_text(v));
    case VALUE_DECIMAL:
    case VALUE_LIST:
    case VALUE_MAP:
        break;
    }
    return fail(cx, RC_INVALID, name, _("A parameter takes text, a whole number or nothing"));
}

int stmt_step(struct ctx *cx, struct stmt *stmt, bool *ret)
{
    TRY(store_ready(cx, stmt->store));
    return stmt->store->driver->step(cx, stmt, ret);
}

int stmt_run(struct ctx *cx, struct stmt *stmt)
{
    bool row;

    do
        TRY(stmt_step(cx, stmt, &row));
    while (row);
    stmt_reset(stmt);
    return 0;
}

void stmt_reset(struct stmt *stmt)
{
    stmt->store->driver->reset(stmt);
}

size_t stmt_columns(const struct stmt *stmt)
{
    return stmt->store->driver->columns(stmt);
}

struct str stmt_column_name(const struct stmt *stmt, size_t i)
{
    return stmt->store->driver->column_name(stmt, i);
}

bool stmt_is_null(const struct stmt *stmt, size_t i)
{
    return stmt->store->driver->cell_type(stmt, i) == CELL_NULL;
}

int64_t stmt_int(const struct stmt *stmt, size_t i)
{
    return stmt->store->driver->cell_int(stmt, i);
}

struct str stmt_text(struct arena *mem, const struct stmt *stmt, size_t i)
{
    if (stmt_is_null(stmt, i))
        return STR_NONE;
    return str_copy(mem, stmt->store->driver->cell_text(stmt, i));
}

static struct value *column(struct arena *mem, const struct stmt *stmt, size_t i)
{
    switch (stmt->store->driver->cell_type(stmt, i)) {
    case CELL_NULL:
        return value_null(mem);
    case CELL_INT:
        return value_int(mem, stmt_int(stmt, i));
    case CELL_TEXT:
        break;
    }
    return value_text(mem, stmt_text(mem, stmt, i));
}

struct value *stmt_row(struct arena *mem, const struct stmt *stmt)
{
    struct value *row = value_map_room(mem, stmt_columns(stmt));

    for (size_t i = 0; i < stmt_columns(stmt); i++)
        value_set(row, str_z(mem, stmt_column_name(stmt, i)), column(mem, stmt, i));
    return row;
}
