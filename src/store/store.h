/*
 * The only way to SQL: databases, transactions, statements. SQLite is behind it so far; nothing of
 * its header is here.
 *
 * A struct store is one connection. It lives in cx->mem of the call that opened it, is ended by
 * store_close(), and belongs to one thread. Statements belong to their store and are ended before
 * it. Every function that fails leaves one sentence in cx->err.
 *
 * Parameters are named (`:path`) and bound by name. Text handed to a bind is copied. What a
 * statement gives lives in the arena that the caller names.
 *
 * Errors: RC_CONFLICT for a broken constraint, RC_INVALID for SQL that does not prepare and for a
 * wrong parameter, RC_DENIED for what a guard forbids, RC_LIMIT for what it stops, RC_NOT_FOUND for
 * a file that is not there, else RC_FAIL.
 */
#ifndef ASSAY_STORE_STORE_H
#define ASSAY_STORE_STORE_H

#include "base/base.h"

struct store;
struct stmt;

enum store_flag {
    STORE_READ_ONLY = 1, /* and it must exist */
};

/* Opens the database at `path`; NULL for a private temporary one that goes when it is closed. */
MUST_CHECK int store_open(struct ctx *cx, const char *path, unsigned flags, struct store **ret);
void store_close(struct store *store); /* NULL is fine */
void store_closep(struct store **store);

/* A descriptor that reads what is committed in a private store, whose it stays; -1 for another. */
int store_reader(const struct store *store);
/* A read-only store over such a descriptor, which stays the caller's: so a child process reads
 * facts without a name or a copy of them. Nobody may write meanwhile. */
MUST_CHECK int store_open_reader(struct ctx *cx, int fd, struct store **ret);

/* Runs a script of statements; `name` stands in the error. */
MUST_CHECK int store_exec(struct ctx *cx, struct store *store, const char *name, struct str sql);

/*
 * A transaction, rolled back at the end of the scope unless committed. They nest.
 *
 *     TX(tx, cx, store);
 *     TRY(...);
 *     return tx_commit(cx, &tx);
 */
struct tx {
    struct store *store; /* NULL once it is over */
    unsigned depth;
};

MUST_CHECK int tx_begin(struct ctx *cx, struct store *store, struct tx *ret);
MUST_CHECK int tx_commit(struct ctx *cx, struct tx *tx);
void tx_end(struct tx *tx); /* rolls back what was not committed */

#define TX(name, cx, store)                                                                        \
    CLEANUP(tx_end) struct tx name = {NULL, 0};                                                    \
    TRY(tx_begin((cx), (store), &name))

/* Appends the names of the tables that a statement reads, through views too (whose names are there
 * as well), and of those that it writes; what is on the lists already is not said again. The store
 * must not be guarded. */
MUST_CHECK int store_uses(struct ctx *cx, struct store *store, struct str sql, struct value *reads,
                          struct value *writes);

/* A number that tells apart what a table holds, whatever the order of its rows; 0 for a table of
 * more than `most` rows. The name is one of ours. */
MUST_CHECK int store_table_sum(struct ctx *cx, struct store *store, struct str table, size_t most,
                               uint64_t *ret);

/* One statement. More than one in `sql` is RC_INVALID. `STMT(s)` frees it at the scope's end. */
MUST_CHECK int store_prepare(struct ctx *cx, struct store *store, struct str sql,
                             struct stmt **ret);
void stmt_free(struct stmt *stmt); /* NULL is fine */
void stmt_freep(struct stmt **stmt);

#define STMT(name) CLEANUP(stmt_freep) struct stmt *name = NULL

/* `name` without the colon. RC_INVALID where the statement has no such parameter. */
MUST_CHECK int stmt_bind_text(struct ctx *cx, struct stmt *stmt, const char *name, struct str s);
MUST_CHECK int stmt_bind_int(struct ctx *cx, struct stmt *stmt, const char *name, int64_t i);
MUST_CHECK int stmt_bind_null(struct ctx *cx, struct stmt *stmt, const char *name);
/* Text, integer, truth or null; anything else is RC_INVALID. */
MUST_CHECK int stmt_bind_value(struct ctx *cx, struct stmt *stmt, const char *name,
                               const struct value *v);
/* The empty text as null, which is what most columns of facts want. */
MUST_CHECK int stmt_bind_text_or_null(struct ctx *cx, struct stmt *stmt, const char *name,
                                      struct str s);

/* Names of the parameters, without the colon, from 0 on. */
size_t stmt_params(const struct stmt *stmt);
struct str stmt_param_name(const struct stmt *stmt, size_t i);

/* Moves to the next row; `*ret` is false once there is none. */
MUST_CHECK int stmt_step(struct ctx *cx, struct stmt *stmt, bool *ret);
/* Runs a statement that gives no rows, and makes it ready for the next values. */
MUST_CHECK int stmt_run(struct ctx *cx, struct stmt *stmt);
void stmt_reset(struct stmt *stmt); /* ready to run again, all parameters null */

/* The present row. */
size_t stmt_columns(const struct stmt *stmt);
struct str stmt_column_name(const struct stmt *stmt, size_t i);
bool stmt_is_null(const struct stmt *stmt, size_t i);
int64_t stmt_int(const struct stmt *stmt, size_t i);
struct str stmt_text(struct arena *mem, const struct stmt *stmt, size_t i);
/* The row as a map from column to null, integer or text, with its keys, in `mem`. */
struct value *stmt_row(struct arena *mem, const struct stmt *stmt);

int64_t store_last_id(const struct store *store); /* of the last row inserted */

/*
 * From now on the store runs SQL of others: only SELECT over tables and views that are there, only
 * the functions of a fixed list, texts up to a mebibyte, and at most `steps` steps of the machine
 * behind SQL for each statement, after which it is stopped with RC_LIMIT. There is no way back.
 */
MUST_CHECK int store_guard(struct ctx *cx, struct store *store, uint64_t steps);

#endif
