#include "store/internal.h"

static bool only_blanks(const char *tail)
{
    while (*tail == ' ' || *tail == '\t' || *tail == '\n' || *tail == '\r' || *tail == ';')
        tail++;
    return *tail == '\0';
}

int store_prepare(struct ctx *cx, struct store *store, struct str sql, struct stmt **ret)
{
    const char *z = str_z(cx->mem, sql), *tail = z;
    sqlite3_stmt *s = NULL;
    int code;

    store->steps_left = store->steps;
    code = sqlite3_prepare_v2(store->db, z, -1, &s, &tail);
    if (code != SQLITE_OK)
        return store_fail(cx, store, code, _("Preparing a statement"));
    if (!s || !only_blanks(tail)) {
        sqlite3_finalize(s);
        return fail(cx, RC_INVALID, NULL, _("Preparing a statement: there must be exactly one"));
    }
    struct stmt *stmt = ARENA_NEW(cx->mem, struct stmt);

    *stmt = (struct stmt){store, s};
    *ret = stmt;
    return 0;
}

void stmt_free(struct stmt *stmt)
{
    if (!stmt)
        return;
    sqlite3_finalize(stmt->s);
    stmt->s = NULL;
}

void stmt_freep(struct stmt **stmt)
{
    stmt_free(*stmt);
    *stmt = NULL;
}

size_t stmt_params(const struct stmt *stmt)
{
    return (size_t)sqlite3_bind_parameter_count(stmt->s);
}

struct str stmt_param_name(const struct stmt *stmt, size_t i)
{
    const char *name = sqlite3_bind_parameter_name(stmt->s, (int)i + 1);

    return name ? str_of(name + 1) : STR_NONE;
}

static int param(struct ctx *cx, const struct stmt *stmt, const char *name, int *ret)
{
    char z[96];

    snprintf(z, sizeof z, ":%s", name);
    *ret = sqlite3_bind_parameter_index(stmt->s, z);
    if (*ret == 0)
        return fail(cx, RC_INVALID, name, _("The statement has no parameter :%s"), name);
    return 0;
}

static int bound(struct ctx *cx, const struct stmt *stmt, int code)
{
    return code == SQLITE_OK ? 0 : store_fail(cx, stmt->store, code, _("Binding a value"));
}

int stmt_bind_text(struct ctx *cx, struct stmt *stmt, const char *name, struct str s)
{
    int i;

    TRY(param(cx, stmt, name, &i));
    return bound(
        cx, stmt,
        sqlite3_bind_text64(stmt->s, i, s.p ? s.p : "", s.n, SQLITE_TRANSIENT, SQLITE_UTF8));
}

int stmt_bind_text_or_null(struct ctx *cx, struct stmt *stmt, const char *name, struct str s)
{
    return s.n ? stmt_bind_text(cx, stmt, name, s) : stmt_bind_null(cx, stmt, name);
}

int stmt_bind_int(struct ctx *cx, struct stmt *stmt, const char *name, int64_t v)
{
    int i;

    TRY(param(cx, stmt, name, &i));
    return bound(cx, stmt, sqlite3_bind_int64(stmt->s, i, v));
}

int stmt_bind_null(struct ctx *cx, struct stmt *stmt, const char *name)
{
    int i;

    TRY(param(cx, stmt, name, &i));
    return bound(cx, stmt, sqlite3_bind_null(stmt->s, i));
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
    if (!sqlite3_stmt_busy(stmt->s))
        stmt->store->steps_left = stmt->store->steps;
    int code = sqlite3_step(stmt->s);

    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        int rc = store_fail(cx, stmt->store, code, _("Running a statement"));

        sqlite3_reset(stmt->s);
        return rc;
    }
    *ret = code == SQLITE_ROW;
    return 0;
}

int stmt_run(struct ctx *cx, struct stmt *stmt)
{
    bool row;

    TRY(stmt_step(cx, stmt, &row));
    stmt_reset(stmt);
    return 0;
}

void stmt_reset(struct stmt *stmt)
{
    sqlite3_reset(stmt->s);
    sqlite3_clear_bindings(stmt->s);
}

size_t stmt_columns(const struct stmt *stmt)
{
    return (size_t)sqlite3_column_count(stmt->s);
}

struct str stmt_column_name(const struct stmt *stmt, size_t i)
{
    return str_of(sqlite3_column_name(stmt->s, (int)i));
}

bool stmt_is_null(const struct stmt *stmt, size_t i)
{
    return sqlite3_column_type(stmt->s, (int)i) == SQLITE_NULL;
}

int64_t stmt_int(const struct stmt *stmt, size_t i)
{
    return sqlite3_column_int64(stmt->s, (int)i);
}

struct str stmt_text(struct arena *mem, const struct stmt *stmt, size_t i)
{
    const char *p = (const char *)sqlite3_column_text(stmt->s, (int)i);
    int n = sqlite3_column_bytes(stmt->s, (int)i);

    return p ? str_copy(mem, (struct str){p, (size_t)n}) : STR_NONE;
}

static struct value *column(struct arena *mem, const struct stmt *stmt, size_t i)
{
    if (stmt_is_null(stmt, i))
        return value_null(mem);
    if (sqlite3_column_type(stmt->s, (int)i) == SQLITE_INTEGER)
        return value_int(mem, stmt_int(stmt, i));
    return value_text(mem, stmt_text(mem, stmt, i));
}

struct value *stmt_row(struct arena *mem, const struct stmt *stmt)
{
    struct value *row = value_map(mem);

    for (size_t i = 0; i < stmt_columns(stmt); i++)
        value_set(row, str_z(mem, stmt_column_name(stmt, i)), column(mem, stmt, i));
    return row;
}
