/* What the files of src/store share. */
#ifndef ASSAY_STORE_INTERNAL_H
#define ASSAY_STORE_INTERNAL_H

#include <sqlite3.h>

#include "store/store.h"

struct store {
    sqlite3 *db;
    int file;   /* of a private store: the file that it lies in, and a descriptor that only reads */
    int reader; /* it; else -1 */
    unsigned depth; /* of open transactions */
    bool guarded;
    uint64_t steps; /* for each statement, once guarded */
    uint64_t steps_left;
};

struct stmt {
    struct store *store;
    sqlite3_stmt *s;
};

/* Puts SQLite's error into cx->err: "WHAT: reason". */
MUST_CHECK int store_fail(struct ctx *cx, const struct store *store, int code, const char *what);

/* A new file without a name, in memory where no folder takes one; -1 where there is none. */
int store_file_new(struct ctx *cx, bool *ret_on_disk);
/* A further descriptor of the file, which only reads where the system gives such; -1 for none. */
int store_file_reader(int fd);
/* A connection to the database in a file that is open; SQLite's code. */
int store_open_way(struct ctx *cx, int fd, int flags, sqlite3 **ret);

/* Adds our own SQL functions: days_between(a, b), add_months(day, n), number_in(text),
 * unit_in(text). */
MUST_CHECK int store_functions(struct ctx *cx, struct store *store);

#endif
