/*
 * The only way to SQL: databases, transactions, statements. SQLite and PostgreSQL are behind it;
 * nothing of their headers is here. docs/store.md is the SQL that both understand.
 *
 * A struct store is one connection. It lives in cx->mem of the call that opened it, is ended by
 * store_close(), and belongs to one thread. Statements belong to their store and are ended before
 * it. Every function that fails leaves one sentence in cx->err.
 *
 * Parameters are named (`:path`) and bound by name. Text handed to a bind is copied; it is UTF-8
 * without NUL. What a statement gives lives in the arena that the caller names.
 *
 * Errors: RC_CONFLICT for a broken constraint and for another writer in the way (store_cause()
 * tells them apart), RC_INVALID for SQL that does not prepare and for a wrong parameter, RC_DENIED
 * for what a guard or a right forbids, RC_LIMIT for what a guard stops,
 * RC_NOT_FOUND for a file, a schema or a server that is not there, else RC_FAIL (a full disk, too).
 * No sentence holds a password.
 *
 * No call waits for ever: a database that does not answer, or that others keep locked, is given up
 * after ten seconds (store_set_deadline()). A PostgreSQL connection is then gone, as when it is
 * lost: every further call fails, and the store has to be opened anew. Where that happens while a
 * change is being committed the sentence says that nobody knows whether it was saved.
 */
#ifndef ASSAY_STORE_STORE_H
#define ASSAY_STORE_STORE_H

#include "base/base.h"

struct store;
struct stmt;

enum store_flag {
    STORE_READ_ONLY = 1,
    STORE_CREATE = 2, /* makes the file or the schema where it is not there yet */
    STORE_MEMORY = 4, /* of a temporary one: in memory, so that a child process inherits it whole */
};

/*
 * Opens a store, which must be there already unless STORE_CREATE is given. `where` is
 *
 *     a path: an SQLite file, readable by its owner only, with a write-ahead log;
 *         On a full disk it is this connection's alone until it is closed, so that it can at least
 *         be read; others wait. On a disk that can only be read it is opened for reading;
 *     NULL: a private temporary SQLite database that goes when it is closed;
 *     postgresql://USER@HOST/DATABASE?...: the schema `schema` of a PostgreSQL database (14 or
 *         later, UTF-8), and no other. Statements see nothing else, and their functions
 *         days_between(), add_months() and today() are in it.
 *
 * For a file, `schema` says nothing. store_open() takes the schema `public`.
 */
MUST_CHECK int store_open_schema(struct ctx *cx, const char *where, const char *schema,
                                 unsigned flags, struct store **ret);
MUST_CHECK int store_open(struct ctx *cx, const char *where, unsigned flags, struct store **ret);
void store_close(struct store *store); /* NULL is fine */
void store_closep(struct store **store);

enum store_dialect { STORE_SQLITE, STORE_POSTGRES };
enum store_dialect store_dialect(const struct store *store);

/* What messages call it: the path, or host, database and schema. "" for a temporary one. */
struct str store_place(const struct store *store);

/* Milliseconds for which a call waits; 0 for the ten seconds that hold unless one says so. */
void store_set_deadline(struct store *store, unsigned ms);

/* What all connections of this process to SQLite may together keep in memory of what they have
 * read: beyond it each makes room in its own. Nothing fails for it. */
void store_caches_most(size_t bytes);

/* Why the last call of the store failed, where that decides what to do. */
enum store_cause {
    STORE_CAUSE_OTHER,
    STORE_CAUSE_UNIQUE,
    STORE_CAUSE_FOREIGN_KEY,
    STORE_CAUSE_CHECK,
    STORE_CAUSE_NOT_NULL,
    STORE_CAUSE_RETRY, /* somebody else was in the way: the whole transaction may be tried again */
    STORE_CAUSE_LOST,  /* the connection is gone: close the store */
    STORE_CAUSE_FULL,  /* there is no room on its disk */
};
enum store_cause store_cause(const struct store *store);

/* A descriptor that reads what is committed in a private store, whose it stays; -1 for another. */
int store_reader(const struct store *store);
/* A read-only store over such a descriptor, which stays the caller's: so a child process reads
 * facts without a name or a copy of them. Nobody may write meanwhile. */
MUST_CHECK int store_open_reader(struct ctx *cx, int fd, struct store **ret);

/* Runs a script of statements without parameters; `name` stands in the error. What must hold
 * together is in a transaction. */
MUST_CHECK int store_exec(struct ctx *cx, struct store *store, const char *name, struct str sql);

/*
 * Definitions of tables for this store. They are written as SQLite has them, `CREATE TABLE ...
 * (...) STRICT` with INTEGER and TEXT; where the store is PostgreSQL, INTEGER becomes BIGINT
 * (INTEGER PRIMARY KEY one that numbers rows by itself), TEXT is ordered by bytes as on SQLite, and
 * STRICT goes. The text of `sql` itself or one in `mem`.
 */
struct str store_ddl(struct arena *mem, const struct store *store, struct str sql);

/*
 * Brings the store's tables up to date: runs the scripts that it has not had yet, all in one
 * transaction, and keeps their numbers in the table `schema_version`. There is no way back but a
 * backup. Scripts are files of a folder in the order of their names, "0001.sql",
 * "0002-search.sqlite.sql", "0002-search.postgres.sql": numbered from 1 without gaps, for both
 * databases (then they pass through store_ddl()) or for the one that the name says.
 *
 * A store that a newer program changed is RC_CONFLICT, with both versions in the sentence; so is an
 * old one that was opened for reading only. `before`, which may be NULL, is called before a store
 * with something in it is changed, outside of the transaction, so that it can be backed up; what it
 * fails with ends the migration.
 */
struct store_script {
    const char *name;
    struct str sql;
};

typedef int store_before(struct ctx *cx, struct store *store, int64_t from, int64_t to, void *arg);

struct store_migration {
    const struct store_script *scripts;
    size_t n;
    const char *program; /* its name and version, for messages: "Assay 1.2" */
    store_before *before;
    void *arg;
};

MUST_CHECK int store_migrate(struct ctx *cx, struct store *store, const struct store_migration *m);

/*
 * A transaction, rolled back at the end of the scope unless committed. They nest.
 *
 *     TX(tx, cx, store);
 *     TRY(...);
 *     return tx_commit(cx, &tx);
 *
 * One that writes (TX) is alone: it waits until others that write to this store have ended, sees
 * what they did, and makes others wait. One that only reads (TX_READ) waits for nobody and sees
 * everything as of its first statement.
 *
 * Once a statement has failed, its transaction can only be rolled back, and every further call is
 * RC_CONFLICT. Where one wants to go on after a conflict, a transaction of its own stands around
 * the statement.
 */
struct tx {
    struct store *store; /* NULL once it is over */
    unsigned depth;
};

MUST_CHECK int tx_begin(struct ctx *cx, struct store *store, struct tx *ret);
MUST_CHECK int tx_begin_read(struct ctx *cx, struct store *store, struct tx *ret);
MUST_CHECK int tx_commit(struct ctx *cx, struct tx *tx);
void tx_end(struct tx *tx); /* rolls back what was not committed */

#define TX(name, cx, store)                                                                        \
    CLEANUP(tx_end) struct tx name = {NULL, 0};                                                    \
    TRY(tx_begin((cx), (store), &name))

#define TX_READ(name, cx, store)                                                                   \
    CLEANUP(tx_end) struct tx name = {NULL, 0};                                                    \
    TRY(tx_begin_read((cx), (store), &name))

/*
 * Writes all that is there anew, so that nothing of what was deleted or changed is left between it:
 * in the files of SQLite, its log among them, or in the tables of PostgreSQL (whose server keeps a
 * log of its own: docs/erasure.md). Takes as much room again meanwhile. Outside of transactions.
 * RC_CONFLICT where others are reading, so that a part of it has to stay: try again.
 */
MUST_CHECK int store_scrub(struct ctx *cx, struct store *store);

/* A copy of a store in one file, as it is at this moment, whoever writes meanwhile: into `path`,
 * where there is nothing or an empty file. SQLite only, else RC_INVALID. */
MUST_CHECK int store_copy(struct ctx *cx, struct store *store, const char *path);

/* Appends the names of the tables that a statement reads, through views too (whose names are there
 * as well), and of those that it writes; what is on the lists already is not said again. The store
 * must be SQLite and not guarded, else RC_INVALID. */
MUST_CHECK int store_uses(struct ctx *cx, struct store *store, struct str sql, struct value *reads,
                          struct value *writes);

/* A number that tells apart what a table holds, whatever the order of its rows; 0 for more than
 * `most` rows. `where` is a condition on the rows that count, "" for none. Both are ours, the store
 * SQLite. */
MUST_CHECK int store_table_sum(struct ctx *cx, struct store *store, struct str table,
                               struct str where, size_t most, uint64_t *ret);

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

/*
 * Moves to the next row; `*ret` is false once there is none. Rows come one at a time, so that a
 * large result needs little memory. On PostgreSQL another statement of the same store may run
 * meanwhile, but then what is left of this one is first read into memory (up to 256 MB, RC_LIMIT
 * beyond), and so is what a change gives (RETURNING) outside of a transaction. What is not stepped
 * through is still read when the statement is reset or freed: ask with LIMIT for what you need.
 */
MUST_CHECK int stmt_step(struct ctx *cx, struct stmt *stmt, bool *ret);
/* Runs a statement to its end, whatever rows it gives, and makes it ready for the next values. */
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

/* SQLite only, else 0: the rowid of the last row inserted. RETURNING serves both. */
int64_t store_last_id(const struct store *store);

/*
 * From now on the store runs SQL of others: only SELECT over tables and views that are there, only
 * the functions of a fixed list, texts up to a mebibyte, and at most `steps` steps of the machine
 * behind SQL for each statement, after which it is stopped with RC_LIMIT. There is no way back, and
 * what was prepared as ours runs no more (RC_DENIED). SQLite only, else RC_INVALID.
 */
MUST_CHECK int store_guard(struct ctx *cx, struct store *store, uint64_t steps);

/*
 * Prepares SQL of others in a store that still runs ours, as its guard would, and appends the names
 * of the tables that it reads to `reads`, as store_uses() does. It is RC_DENIED to step it before
 * store_guard(), which costs nothing then: so a child that inherited a store in memory runs what
 * its parent has prepared once, and only there.
 */
MUST_CHECK int store_prepare_guarded(struct ctx *cx, struct store *store, struct str sql,
                                     struct value *reads, struct stmt **ret);

/*
 * Bounds what all statements of a guarded store may take together: `steps`, and `bytes` of SQLite's
 * memory at any time beyond what it holds now. The latter holds for the whole process, so this is
 * for a child that does nothing else. What is stopped is RC_LIMIT.
 */
void store_bound(struct store *store, uint64_t steps, size_t bytes);

#endif
