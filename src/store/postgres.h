/* What the files of the PostgreSQL driver share. */
#ifndef ASSAY_STORE_POSTGRES_H
#define ASSAY_STORE_POSTGRES_H

#include <libpq-fe.h>

#include "store/internal.h"

#define PG_CACHED 128   /* statements that the server keeps prepared for a connection */
#define PG_NAME_ROOM 16 /* of a plan's name */

/* A statement that the server has prepared for this connection; malloc. Any number of statements of
 * ours may use it. */
struct pg_plan {
    struct pg_plan *next; /* the one used before */
    uint64_t hash;        /* of its SQL */
    unsigned tables;      /* struct pg's count when it was made */
    char *sql;
    unsigned number; /* its name is "a" and this */
    unsigned users;
    PGresult *described; /* names and types of its columns */
};

struct pg {
    struct store store;
    PGconn *conn;
    struct pg_stmt *reading; /* the statement whose rows are coming, if any */
    bool lost;
    bool unreplicated;     /* the server said that it did not wait for its copy */
    bool unsure;           /* what is being run may take effect by itself */
    int64_t until;         /* when the call gives up */
    struct pg_plan *plans; /* the last used first */
    unsigned plans_made;
    unsigned tables; /* how often tables may have changed: plans made before are not used again */
};

struct pg_cell {
    const char *p; /* NULL for null */
    size_t n;
};

/* A row that was read before it was asked for. */
struct pg_row {
    struct pg_row *next;
    struct pg_cell cells[];
};

struct pg_param {
    char *p; /* malloc; ends in NUL */
    size_t room;
};

struct pg_stmt {
    struct stmt stmt;
    struct str *names; /* of the parameters */
    size_t n_params;
    struct pg_param *params;
    const char **values; /* as libpq takes them */
    struct pg_plan *plan;
    bool reads; /* and changes nothing */

    bool running;
    PGresult *row;          /* the present one, as the server sent it */
    struct arena *kept;     /* rows that were read before they were asked for */
    struct pg_row *ahead;   /* those still to come */
    struct pg_row *last;    /* of them */
    struct pg_row *present; /* the present one, if it is of these */
    int failed;             /* what reading ahead met, to be told after them */
    struct str failure;
};

extern const struct driver postgres_driver;

static inline struct pg *pg_of(struct store *store)
{
    return (struct pg *)store;
}

/* A deadline begins: each call that talks to the server does this first. */
void pg_starts(struct pg *pg);

/* RC_FAIL once the connection is gone. */
MUST_CHECK int pg_check(struct ctx *cx, struct pg *pg);

/* Sends what was queued, and waits for the next result: NULL after the last. */
MUST_CHECK int pg_flush(struct ctx *cx, struct pg *pg);
MUST_CHECK int pg_result(struct ctx *cx, struct pg *pg, PGresult **ret);

/* All results up to the last, the first error being told; `*ret` (may be NULL) is the last that is
 * no error, and the caller's. */
MUST_CHECK int pg_finish(struct ctx *cx, struct pg *pg, const char *what, PGresult **ret);

/* A script, or a statement without parameters. */
MUST_CHECK int pg_query(struct ctx *cx, struct pg *pg, const char *what, const char *sql,
                        PGresult **ret);

/* The sentence for an error's result; for a connection that is gone. */
MUST_CHECK int pg_fail(struct ctx *cx, struct pg *pg, const PGresult *result, const char *what);
MUST_CHECK int pg_lose(struct ctx *cx, struct pg *pg, const char *why);

/* Hears what the server remarks. */
void pg_listen(struct pg *pg);

/* RC_FAIL where a change was saved here but not in the copy that was to be waited for. */
MUST_CHECK int pg_acknowledged(struct ctx *cx, struct pg *pg);

/* Reads what is left of the statement that is being read into memory, as another is to run. */
MUST_CHECK int pg_make_way(struct ctx *cx, struct pg *pg);

/* The plan of `sql`, from the cache or prepared now; given back by pg_plan_put(). */
MUST_CHECK int pg_plan_get(struct ctx *cx, struct pg *pg, struct str sql, struct pg_plan **ret);
void pg_plan_put(struct pg_plan *plan);
void pg_plan_name(const struct pg_plan *plan, char name[static PG_NAME_ROOM]);
void pg_plans_free(struct pg *pg);
/* A command has ended: where it may have changed tables, plans are made anew. */
void pg_plans_age(struct pg *pg, PGresult *result);

/* Makes our functions in the present schema; inside a transaction. */
MUST_CHECK int pg_functions(struct ctx *cx, struct pg *pg);

/* The driver's part that is about statements. */
int pg_prepare(struct ctx *cx, struct store *store, struct str sql, struct stmt **ret);
void pg_stmt_free(struct stmt *stmt);
size_t pg_params(const struct stmt *stmt);
struct str pg_param_name(const struct stmt *stmt, size_t i);
int pg_bind_text(struct ctx *cx, struct stmt *stmt, size_t i, struct str s);
int pg_bind_int(struct ctx *cx, struct stmt *stmt, size_t i, int64_t v);
int pg_bind_null(struct ctx *cx, struct stmt *stmt, size_t i);
int pg_step(struct ctx *cx, struct stmt *stmt, bool *ret);
void pg_reset(struct stmt *stmt);
size_t pg_columns(const struct stmt *stmt);
struct str pg_column_name(const struct stmt *stmt, size_t i);
enum cell_type pg_cell_type(const struct stmt *stmt, size_t i);
int64_t pg_cell_int(const struct stmt *stmt, size_t i);
struct str pg_cell_text(const struct stmt *stmt, size_t i);

#endif
