/*
 * Start now: the records of one full cycle that Stage 2 will ask for, each with the last day on
 * which to begin, reckoned backwards from the day of Stage 2, and whether a first one was seen.
 * Which they are is data (understanding.yaml of the standard).
 */
#ifndef ASSAY_OP_START_NOW_H
#define ASSAY_OP_START_NOW_H

#include "standard/standard.h"
#include "store/store.h"

/* The list `start_now` of a result, what has to begin first at its head. `store` was judged;
 * without a day of Stage 2 there are weeks only. */
MUST_CHECK int start_now_make(struct ctx *cx, const struct standard *standard, struct store *store,
                              struct date stage2, struct value **ret);

#endif
