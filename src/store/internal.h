/*
 * What the files of src/store share: a driver for each database, and the connections and statements
 * of all of them. store.c and stmt.c hold what is the same everywhere (transactions, names, checks
 * of values); a driver holds what is not. No header of a database is here.
 */
#ifndef ASSAY_STORE_INTERNAL_H
#define ASSAY_STORE_INTERNAL_H

#include "store/store.h"

#define STORE_DEADLINE_MS 10000

enum cell_type { CELL_NULL, CELL_INT, CELL_TEXT };

/* Around the transaction that changes tables, and within it. */
enum migration_phase { MIGRATION_BEFORE, MIGRATION_BEGUN, MIGRATION_ENDING, MIGRATION_AFTER };

struct driver {
    enum store_dialect dialect;

    void (*close)(struct store *store);
    /* Runs a script; `name` stands in the error. */
    int (*exec)(struct ctx *cx, struct store *store, const char *name, const char *sql);
    /* Begins the outermost transaction. */
    int (*begin)(struct ctx *cx, struct store *store, bool writes);
    /* The same as exec() for what ends a transaction without success; nobody hears of errors. */
    void (*undo)(struct store *store, const char *sql);
    /* After the outermost transaction, however it ended. NULL where there is nothing to do. */
    void (*ended)(struct store *store);
    /* Tells the database what day it is; outside of transactions only. NULL where it asks itself.
     */
    int (*set_today)(struct ctx *cx, struct store *store);
    void (*set_deadline)(struct store *store);
    /* Makes safe what has been committed by connections that share the wait (store/group.h). Where
     * that has failed before (`unsettled`), the log may lack what is read from it, and so all of it
     * goes into the database first. NULL where the database shares by itself. */
    int (*save)(struct ctx *cx, struct store *store, bool unsettled);
    int (*migrating)(struct ctx *cx, struct store *store, enum migration_phase phase);
    int64_t (*last_id)(const struct store *store);
    int (*scrub)(struct ctx *cx, struct store *store); /* outside of transactions */

    int (*prepare)(struct ctx *cx, struct store *store, struct str sql, struct stmt **ret);
    void (*free)(struct stmt *stmt);
    size_t (*params)(const struct stmt *stmt);
    struct str (*param_name)(const struct stmt *stmt, size_t i);
    /* `i` from 0 on; a text is copied and holds no NUL. */
    int (*bind_text)(struct ctx *cx, struct stmt *stmt, size_t i, struct str s);
    int (*bind_int)(struct ctx *cx, struct stmt *stmt, size_t i, int64_t v);
    int (*bind_null)(struct ctx *cx, struct stmt *stmt, size_t i);
    int (*step)(struct ctx *cx, struct stmt *stmt, bool *ret);
    void (*reset)(struct stmt *stmt);

    size_t (*columns)(const struct stmt *stmt);
    struct str (*column_name)(const struct stmt *stmt, size_t i);
    enum cell_type (*cell_type)(const struct stmt *stmt, size_t i);
    int64_t (*cell_int)(const struct stmt *stmt, size_t i);
    struct str (*cell_text)(const struct stmt *stmt, size_t i); /* until the next step */
};

/* Drivers put theirs behind it. */
struct store {
    const struct driver *driver;
    struct str place; /* for messages: a path, or host, database and schema; "" for a temporary */
    struct date today;
    unsigned flags;
    bool frozen; /* it lies on a disk that can only be read */
    int deadline_ms;
    unsigned depth;  /* of open transactions */
    bool writes;     /* the outermost of them may */
    unsigned broken; /* depth at which a statement failed; 0 while all is well */
    enum store_cause cause;
    struct store_group *group; /* or NULL */
};

/* After a transaction that wrote has ended: comes back once it is safe, or says that it may not be.
 */
MUST_CHECK int store_group_save(struct ctx *cx, struct store *store);

/* In a transaction that only reads. */
static inline bool store_only_reads(const struct store *store)
{
    return store->depth > 0 && !store->writes;
}

struct stmt {
    struct store *store;
    size_t next; /* behind the parameter that was bound last: they mostly come in order */
};

/* `*ret` is true for the URL of a PostgreSQL database. */
bool store_is_url(const char *where);

MUST_CHECK int sqlite_open(struct ctx *cx, const char *path, unsigned flags, struct store **ret);
MUST_CHECK int postgres_open(struct ctx *cx, const char *url, const char *schema, unsigned flags,
                             struct store **ret);

/* Before a driver is asked anything: RC_CONFLICT in a transaction that has failed; tells it the day
 * where that has changed. */
MUST_CHECK int store_ready(struct ctx *cx, struct store *store);

/* Milliseconds of a clock that nobody sets. */
int64_t store_clock(void);

/* The sentence for a driver's error: "WHAT: WHY"; marks the open transaction as failed. */
MUST_CHECK int store_failed(struct ctx *cx, struct store *store, enum rc rc, enum store_cause cause,
                            const char *what, const char *why);

#endif
