/*
 * Statements of PostgreSQL. Rows come one by one as the server sends them, and while they come no
 * other statement can run on the connection: pg_make_way() then reads the rest into memory.
 */
#include <errno.h>

#include "store/postgres.h"
#include "store/sql_text.h"

#define KEPT_MOST (256U << 20) /* bytes of rows read ahead, for each statement */

enum {
    BOOL_OID = 16,
    INT8_OID = 20,
    INT2_OID = 21,
    INT4_OID = 23,
    OID_OID = 26,
    NUMERIC_OID = 1700
};

static struct pg_stmt *of(struct stmt *stmt)
{
    return (struct pg_stmt *)stmt;
}

static const struct pg_stmt *of_const(const struct stmt *stmt)
{
    return (const struct pg_stmt *)stmt;
}

int pg_prepare(struct ctx *cx, struct store *store, struct str sql, struct stmt **ret)
{
    struct pg *pg = pg_of(store);
    struct pg_stmt *s = ARENA_NEW(cx->mem, struct pg_stmt);
    struct sql_params params;

    TRY(pg_check(cx, pg));
    TRY(sql_number_params(cx, sql, &params));
    TRY(pg_make_way(cx, pg));
    pg->unsure = false;
    TRY(pg_plan_get(cx, pg, params.sql, &s->plan));
    s->stmt.store = store;
    s->names = params.names;
    s->n_params = params.n;
    s->params = arena_array(cx->mem, params.n, sizeof *s->params);
    s->values = arena_array(cx->mem, params.n, sizeof *s->values);
    s->reads = sql_only_reads(sql);
    *ret = &s->stmt;
    return 0;
}

/* Parameters. */

size_t pg_params(const struct stmt *stmt)
{
    return of_const(stmt)->n_params;
}

struct str pg_param_name(const struct stmt *stmt, size_t i)
{
    return of_const(stmt)->names[i];
}

int pg_bind_text(struct ctx *cx, struct stmt *stmt, size_t i, struct str s)
{
    struct pg_param *param = &of(stmt)->params[i];

    if (s.n >= INT32_MAX / 2)
        return fail(cx, RC_LIMIT, NULL, _("Binding a value: a text takes a gigabyte at most"));
    if (param->room < s.n + 1) {
        free(param->p);
        param->room = s.n + 1 < 32 ? 32 : s.n + 1;
        param->p = malloc(param->room);
        if (!param->p)
            abort();
    }
    if (s.n)
        memcpy(param->p, s.p, s.n);
    param->p[s.n] = '\0';
    of(stmt)->values[i] = param->p;
    return 0;
}

int pg_bind_int(struct ctx *cx, struct stmt *stmt, size_t i, int64_t v)
{
    char z[32];
    int n = snprintf(z, sizeof z, "%lld", (long long)v);

    return pg_bind_text(cx, stmt, i, (struct str){z, (size_t)n});
}

int pg_bind_null(UNUSED struct ctx *cx, struct stmt *stmt, size_t i)
{
    of(stmt)->values[i] = NULL;
    return 0;
}

/* Rows that are read before they are asked for. */

static size_t columns(const struct pg_stmt *s)
{
    return (size_t)PQnfields(s->plan->described);
}

static struct pg_cell cell_of(const PGresult *row, size_t i)
{
    if (PQgetisnull(row, 0, (int)i))
        return (struct pg_cell){NULL, 0};
    return (struct pg_cell){PQgetvalue(row, 0, (int)i), (size_t)PQgetlength(row, 0, (int)i)};
}

static void keep(struct pg_stmt *s, const PGresult *result)
{
    size_t n = columns(s);
    struct pg_row *row = arena_alloc(s->kept, sizeof *row + n * sizeof row->cells[0]);

    for (size_t i = 0; i < n; i++) {
        struct pg_cell cell = cell_of(result, i);

        row->cells[i] = cell;
        if (cell.p)
            row->cells[i].p = str_copy(s->kept, (struct str){cell.p, cell.n}).p;
    }
    if (s->last)
        s->last->next = row;
    else
        s->ahead = row;
    s->last = row;
}

static void note_failure(struct ctx *cx, struct pg_stmt *s, int rc)
{
    if (s->failed)
        return;
    s->failed = rc;
    s->failure = str_copy(s->kept, cx->err.text);
}

/* What a statement ends with. */
static int end_of(struct ctx *cx, struct pg *pg, PGresult *result)
{
    switch (PQresultStatus(result)) {
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY:
        pg_plans_age(pg, result);
        return 0;
    default:
        return pg_fail(cx, pg, result, _("Running a statement"));
    }
}

static void take(struct ctx *cx, struct pg_stmt *s, PGresult *result)
{
    if (PQresultStatus(result) != PGRES_SINGLE_TUPLE) {
        int rc = end_of(cx, pg_of(s->stmt.store), result);

        if (rc < 0)
            note_failure(cx, s, rc);
    } else if (!s->failed) {
        keep(s, result);
        if (arena_over(s->kept))
            note_failure(cx, s,
                         fail(cx, RC_LIMIT, NULL,
                              _("Running a statement: its rows take too much memory while others "
                                "run beside it")));
    }
}

/* Fails only where the connection is lost: other errors wait for their turn. */
static int read_ahead(struct ctx *cx, struct pg_stmt *s)
{
    struct pg *pg = pg_of(s->stmt.store);
    PGresult *result;

    if (!s->kept)
        s->kept = arena_new(KEPT_MOST);
    do {
        pg_starts(pg);
        TRY(pg_result(cx, pg, &result));
        if (result)
            take(cx, s, result);
        PQclear(result);
        if (pg->lost)
            return s->failed;
    } while (result);
    pg->reading = NULL;
    int rc = pg_acknowledged(cx, pg);

    if (rc < 0)
        note_failure(cx, s, rc);
    return 0;
}

int pg_make_way(struct ctx *cx, struct pg *pg)
{
    return pg->reading ? read_ahead(cx, pg->reading) : 0;
}

/* Running. */

static void drop_present(struct pg_stmt *s)
{
    PQclear(s->row);
    s->row = NULL;
    s->present = NULL;
}

static void drop_kept(struct pg_stmt *s)
{
    arena_free(s->kept);
    s->kept = NULL;
    s->ahead = s->last = NULL;
    s->failed = 0;
}

static int tell_failure(struct ctx *cx, struct pg_stmt *s)
{
    int rc = fail(cx, (enum rc)s->failed, NULL, "%.*s", STR_ARG(s->failure));

    s->running = false;
    drop_kept(s);
    return rc;
}

static int start(struct ctx *cx, struct pg_stmt *s)
{
    struct pg *pg = pg_of(s->stmt.store);
    char name[PG_NAME_ROOM];

    TRY(pg_make_way(cx, pg));
    pg_plan_name(s->plan, name);
    pg_starts(pg);
    pg->unsure = s->stmt.store->depth == 0 && !s->reads;
    if (!PQsendQueryPrepared(pg->conn, name, (int)s->n_params, s->values, NULL, NULL, 0) ||
        !PQsetSingleRowMode(pg->conn))
        return pg_lose(cx, pg, _("the connection was lost"));
    TRY(pg_flush(cx, pg));
    s->running = true;
    pg->reading = s;
    /* Such a change commits itself after its rows, and it must be known before they are used. */
    return pg->unsure ? read_ahead(cx, s) : 0;
}

/* The next row that the server sends; `*ret` is false after the last. */
static int receive(struct ctx *cx, struct pg_stmt *s, bool *ret)
{
    struct pg *pg = pg_of(s->stmt.store);
    PGresult *result;
    int rc = 0;

    for (;;) {
        pg_starts(pg);
        TRY(pg_result(cx, pg, &result));
        if (!result)
            break;
        if (PQresultStatus(result) == PGRES_SINGLE_TUPLE) {
            s->row = result;
            *ret = true;
            return 0;
        }
        int ended = end_of(cx, pg, result);

        rc = rc < 0 ? rc : ended;
        PQclear(result);
        if (pg->lost)
            return rc;
    }
    pg->reading = NULL;
    s->running = false;
    *ret = false;
    return rc < 0 ? rc : pg_acknowledged(cx, pg);
}

int pg_step(struct ctx *cx, struct stmt *stmt, bool *ret)
{
    struct pg_stmt *s = of(stmt);
    struct pg *pg = pg_of(stmt->store);
    bool began = !s->running;

    TRY(pg_check(cx, pg));
    drop_present(s);
    if (began)
        TRY(start(cx, s));
    if (pg->reading == s)
        return receive(cx, s, ret);
    if (s->failed && (began || !s->ahead))
        return tell_failure(cx, s);
    *ret = s->ahead != NULL;
    s->present = s->ahead;
    if (s->ahead)
        s->ahead = s->ahead->next;
    else {
        s->running = false;
        drop_kept(s);
    }
    return 0;
}

/* What the server still sends is read and forgotten. An error counts for the transaction. */
static void read_out(struct pg_stmt *s)
{
    struct ctx cx = {.mem = arena_new(0), .today = s->stmt.store->today};
    bool row = true;

    while (row && receive(&cx, s, &row) == 0) {
        PQclear(s->row);
        s->row = NULL;
    }
    arena_free(cx.mem);
}

void pg_reset(struct stmt *stmt)
{
    struct pg_stmt *s = of(stmt);
    struct pg *pg = pg_of(stmt->store);

    drop_present(s);
    if (pg->reading == s && !pg->lost)
        read_out(s);
    if (pg->reading == s)
        pg->reading = NULL;
    drop_kept(s);
    s->running = false;
    for (size_t i = 0; i < s->n_params; i++)
        s->values[i] = NULL;
}

void pg_stmt_free(struct stmt *stmt)
{
    struct pg_stmt *s = of(stmt);

    pg_reset(stmt);
    for (size_t i = 0; i < s->n_params; i++)
        free(s->params[i].p);
    pg_plan_put(s->plan);
}

/* The present row. */

size_t pg_columns(const struct stmt *stmt)
{
    return columns(of_const(stmt));
}

struct str pg_column_name(const struct stmt *stmt, size_t i)
{
    return str_of(PQfname(of_const(stmt)->plan->described, (int)i));
}

static struct pg_cell cell(const struct stmt *stmt, size_t i)
{
    const struct pg_stmt *s = of_const(stmt);

    if (s->present)
        return s->present->cells[i];
    return s->row ? cell_of(s->row, i) : (struct pg_cell){NULL, 0};
}

/* A sum of whole numbers is of the type numeric. */
static bool whole(struct pg_cell cell)
{
    char *end;

    errno = 0;
    (void)strtoll(cell.p, &end, 10);
    return errno == 0 && *end == '\0';
}

enum cell_type pg_cell_type(const struct stmt *stmt, size_t i)
{
    struct pg_cell c = cell(stmt, i);

    if (!c.p)
        return CELL_NULL;
    switch (PQftype(of_const(stmt)->plan->described, (int)i)) {
    case BOOL_OID:
    case INT2_OID:
    case INT4_OID:
    case INT8_OID:
    case OID_OID:
        return CELL_INT;
    case NUMERIC_OID:
        return whole(c) ? CELL_INT : CELL_TEXT;
    default:
        return CELL_TEXT;
    }
}

/* As SQLite: of a text, the number that it begins with. */
int64_t pg_cell_int(const struct stmt *stmt, size_t i)
{
    struct pg_cell c = cell(stmt, i);

    if (!c.p)
        return 0;
    if (PQftype(of_const(stmt)->plan->described, (int)i) == BOOL_OID)
        return *c.p == 't';
    return strtoll(c.p, NULL, 10);
}

struct str pg_cell_text(const struct stmt *stmt, size_t i)
{
    struct pg_cell c = cell(stmt, i);

    if (c.p && PQftype(of_const(stmt)->plan->described, (int)i) == BOOL_OID)
        return *c.p == 't' ? STR("1") : STR("0");
    return (struct str){c.p, c.n};
}
