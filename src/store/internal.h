/* What the files of src/store share. */
#ifndef ASSAY_STORE_INTERNAL_H
#define ASSAY_STORE_INTERNAL_H

#include <sqlite3.h>

#include "store/store.h"

struct store {
    sqlite3 *db;
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

/* Adds our own SQL functions: days_between(a, b), add_months(day, n), number_in(text),
 * unit_in(text). */
MUST_CHECK int store_functions(struct ctx *cx, struct store *store);

#endif
