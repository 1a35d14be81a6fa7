/* Statements of SQLite. */
#include "store/sqlite.h"

static struct sqlite_stmt *of(struct stmt *stmt)
{
    return (struct sqlite_stmt *)stmt;
}

static sqlite3_stmt *handle(const struct stmt *stmt)
{
    return ((const struct sqlite_stmt *)stmt)->s;
}

static bool only_blanks(const char *tail)
{
    while (*tail == ' ' || *tail == '\t' || *tail == '\n' || *tail == '\r' || *tail == ';')
        tail++;
    return *tail == '\0';
}

static void take_names(struct arena *mem, struct sqlite_stmt *stmt)
{
    stmt->n = (size_t)sqlite3_bind_parameter_count(stmt->s);
    stmt->names = arena_array(mem, stmt->n, sizeof *stmt->names);
    for (size_t i = 0; i < stmt->n; i++) {
        const char *name = sqlite3_bind_parameter_name(stmt->s, (int)i + 1);

        stmt->names[i] = name ? str_copy(mem, str_of(name + 1)) : STR_NONE;
    }
}

int sqlite_prepare(struct ctx *cx, struct store *store, struct str sql, struct stmt **ret)
{
    struct sqlite *lite = sqlite_of(store);
    const char *z = str_z(cx->mem, sql), *tail = z;
    sqlite3_stmt *s = NULL;
    int code;

    lite->steps_left = lite->steps;
    code = sqlite3_prepare_v2(lite->db, z, -1, &s, &tail);
    if (code != SQLITE_OK)
        return sqlite_fail(cx, lite, code, _("Preparing a statement"));
    if (!s || !only_blanks(tail)) {
        sqlite3_finalize(s);
        return fail(cx, RC_INVALID, NULL, _("Preparing a statement: there must be exactly one"));
    }
    if (lite->others && !sqlite3_stmt_readonly(s)) {
        sqlite3_finalize(s);
        return fail(cx, RC_DENIED, NULL, _("Preparing a statement: it may only read"));
    }
    struct sqlite_stmt *stmt = ARENA_NEW(cx->mem, struct sqlite_stmt);

    *stmt = (struct sqlite_stmt){.stmt = {.store = store}, .s = s, .others = lite->others};
    take_names(cx->mem, stmt);
    *ret = &stmt->stmt;
    return 0;
}

void sqlite_stmt_free(struct stmt *stmt)
{
    sqlite3_finalize(handle(stmt));
    of(stmt)->s = NULL;
}

size_t sqlite_params(const struct stmt *stmt)
{
    return ((const struct sqlite_stmt *)stmt)->n;
}

struct str sqlite_param_name(const struct stmt *stmt, size_t i)
{
    return ((const struct sqlite_stmt *)stmt)->names[i];
}

static int bound(struct ctx *cx, struct stmt *stmt, int code)
{
    return code == SQLITE_OK ? 0
                             : sqlite_fail(cx, sqlite_of(stmt->store), code, _("Binding a value"));
}

int sqlite_bind_text(struct ctx *cx, struct stmt *stmt, size_t i, struct str s)
{
    return bound(cx, stmt,
                 sqlite3_bind_text64(handle(stmt), (int)i + 1, s.p ? s.p : "", s.n,
                                     SQLITE_TRANSIENT, SQLITE_UTF8));
}

int sqlite_bind_int(struct ctx *cx, struct stmt *stmt, size_t i, int64_t v)
{
    return bound(cx, stmt, sqlite3_bind_int64(handle(stmt), (int)i + 1, v));
}

int sqlite_bind_null(struct ctx *cx, struct stmt *stmt, size_t i)
{
    return bound(cx, stmt, sqlite3_bind_null(handle(stmt), (int)i + 1));
}

int sqlite_step(struct ctx *cx, struct stmt *stmt, bool *ret)
{
    struct sqlite *lite = sqlite_of(stmt->store);

    if (of(stmt)->others != lite->guarded)
        return fail(cx, RC_DENIED, NULL,
                    lite->guarded ? _("Running a statement: it was not prepared for a guard")
                                  : _("Running a statement: it needs a guard"));
    if (store_only_reads(stmt->store) && !sqlite3_stmt_readonly(handle(stmt)))
        return sqlite_fail(cx, lite, SQLITE_READONLY, _("Running a statement"));
    if (!sqlite3_stmt_busy(handle(stmt)))
        lite->steps_left = lite->steps;
    int code = sqlite3_step(handle(stmt));

    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        int rc = sqlite_fail(cx, lite, code, _("Running a statement"));

        sqlite3_reset(handle(stmt));
        return rc;
    }
    *ret = code == SQLITE_ROW;
    return 0;
}

void sqlite_stmt_reset(struct stmt *stmt)
{
    sqlite3_reset(handle(stmt));
    sqlite3_clear_bindings(handle(stmt));
}

size_t sqlite_columns(const struct stmt *stmt)
{
    return (size_t)sqlite3_column_count(handle(stmt));
}

struct str sqlite_column_name(const struct stmt *stmt, size_t i)
{
    return str_of(sqlite3_column_name(handle(stmt), (int)i));
}

enum cell_type sqlite_cell_type(const struct stmt *stmt, size_t i)
{
    switch (sqlite3_column_type(handle(stmt), (int)i)) {
    case SQLITE_NULL:
        return CELL_NULL;
    case SQLITE_INTEGER:
        return CELL_INT;
    default:
        return CELL_TEXT;
    }
}

int64_t sqlite_cell_int(const struct stmt *stmt, size_t i)
{
    return sqlite3_column_int64(handle(stmt), (int)i);
}

struct str sqlite_cell_text(const struct stmt *stmt, size_t i)
{
    const char *p = (const char *)sqlite3_column_text(handle(stmt), (int)i);
    int n = sqlite3_column_bytes(handle(stmt), (int)i);

    return p ? (struct str){p, (size_t)n} : STR_NONE;
}
