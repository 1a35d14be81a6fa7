/* A directory of accounts in a store, under a clock that the test sets. */
#ifndef ASSAY_TESTS_OP_DIRECTORY_H
#define ASSAY_TESTS_OP_DIRECTORY_H

#include "tests/stores.h"

#define DIRECTORY_NOW 1790000000000

/* What the clock says, in milliseconds of Unix time: DIRECTORY_NOW when a directory is made. */
extern int64_t directory_now;

/* Its tables and the organisations 'one' and 'two'; cx->host becomes the clock. */
void directory_make(struct ctx *cx, struct store *store);

#endif
