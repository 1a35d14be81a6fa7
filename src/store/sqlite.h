/* What the files of the SQLite driver share. */
#ifndef ASSAY_STORE_SQLITE_H
#define ASSAY_STORE_SQLITE_H

#include <sqlite3.h>

#include "store/internal.h"

#define SQLITE_STEPS_AT_ONCE 1000 /* of a guarded store, between two looks at what is left */

struct sqlite {
    struct store store;
    sqlite3 *db;
    int file;     /* of a private store: the file that it lies in, and a descriptor that only */
    int reader;   /* reads it; else -1 */
    bool watched; /* the guard is asked whenever a statement is prepared */
    struct uses *uses; /* what the present one touches is noted here, or NULL */
    bool others;       /* it is SQL of others: prepared as the guard lets it */
    bool guarded;      /* nothing else runs any more */
    bool full;         /* the disk was, at some time */
    bool shares;       /* the present transaction waits for the disk with others */
    bool unsettled; /* what a log has that nobody closed may not be on the disk: sqlite_settle() */
    uint64_t steps; /* for each statement, once guarded */
    uint64_t steps_left;
    uint64_t all_left;  /* for all statements together */
    int64_t busy_until; /* while another connection holds the file */
};

struct sqlite_stmt {
    struct stmt stmt;
    sqlite3_stmt *s;
    struct str *names; /* of parameters, without the colon */
    size_t n;
    bool others; /* runs in a guarded store only, which runs no other */
};

extern const struct driver sqlite_driver;

/* What a log has that nobody closed is read again as if it were saved. After a sync that failed it
 * may not be, and the machine would not write it again: so it is put into the database, which is
 * written anew, before anybody writes or is told that something has been written. */
MUST_CHECK int sqlite_settle(struct ctx *cx, struct sqlite *lite);

static inline struct sqlite *sqlite_of(struct store *store)
{
    return (struct sqlite *)store;
}

/* Puts SQLite's error into cx->err: "WHAT: reason". */
MUST_CHECK int sqlite_fail(struct ctx *cx, struct sqlite *lite, int code, const char *what);

/* Runs a script; `what` is what messages call it. */
MUST_CHECK int sqlite_run(struct ctx *cx, struct sqlite *lite, const char *what, const char *sql);
/* What a statement gives as its first number; 0 where that is none. */
MUST_CHECK int sqlite_number(struct ctx *cx, struct sqlite *lite, const char *sql, int64_t *ret);
void sqlite_close(struct store *store);

/* A new file without a name, in memory where no folder takes one; -1 where there is none. */
int store_file_new(struct ctx *cx, bool *ret_on_disk);
/* A further descriptor of the file, which only reads where the system gives such; -1 for none. */
int store_file_reader(int fd);
/* A connection to the database in a file that is open; SQLite's code. */
int store_open_way(struct ctx *cx, int fd, int flags, sqlite3 **ret);

/* Adds our own SQL functions: days_between(a, b), add_months(day, n), today(); and, for rules,
 * number_in(text), unit_in(text). */
MUST_CHECK int sqlite_functions(struct ctx *cx, struct sqlite *lite);

/* From now on the guard is asked. That makes SQLite prepare anew whatever it has, so it happens
 * once and says nothing yet of what is let through. */
MUST_CHECK int sqlite_watch(struct ctx *cx, struct sqlite *lite);

struct uses {
    struct ctx *cx;
    struct value *reads, *writes;
};
void sqlite_note_use(struct uses *uses, int action, const char *table);

/* The driver's part that is about statements. */
int sqlite_prepare(struct ctx *cx, struct store *store, struct str sql, struct stmt **ret);
void sqlite_stmt_free(struct stmt *stmt);
size_t sqlite_params(const struct stmt *stmt);
struct str sqlite_param_name(const struct stmt *stmt, size_t i);
int sqlite_bind_text(struct ctx *cx, struct stmt *stmt, size_t i, struct str s);
int sqlite_bind_int(struct ctx *cx, struct stmt *stmt, size_t i, int64_t v);
int sqlite_bind_null(struct ctx *cx, struct stmt *stmt, size_t i);
int sqlite_step(struct ctx *cx, struct stmt *stmt, bool *ret);
void sqlite_stmt_reset(struct stmt *stmt);
size_t sqlite_columns(const struct stmt *stmt);
struct str sqlite_column_name(const struct stmt *stmt, size_t i);
enum cell_type sqlite_cell_type(const struct stmt *stmt, size_t i);
int64_t sqlite_cell_int(const struct stmt *stmt, size_t i);
struct str sqlite_cell_text(const struct stmt *stmt, size_t i);

#endif
