/*
 * Items worked on by two threads, and what failed of them.
 *
 * Each item has a context and an arena of its own, which go with it; what outlives it is written
 * by the item into its own place, or under work_lock(). What is said does not depend on which
 * thread was faster: failures come in the order of the items.
 */
#ifndef ASSAY_VERIFY_WORK_H
#define ASSAY_VERIFY_WORK_H

#include "base/err.h"

#define WORK_THREADS 2u
#define WORK_FAILURES 20u /* that are told; all are counted */

struct work_failure {
    size_t item;
    struct str text;
};

struct work {
    struct work_failure failures[WORK_FAILURES]; /* the first ones, by item */
    size_t failure_n;                            /* all of them */
};

typedef int work_item(void *arg, struct ctx *cx, size_t item);

/* Items 0 to n - 1. Texts of failures live in `mem`. */
void work_each(struct arena *mem, size_t n, work_item *each, void *arg, struct work *ret);

/* For what items share. */
void work_lock(void *lock);
void work_unlock(void *lock);
void *work_lock_new(struct arena *mem);

#endif
