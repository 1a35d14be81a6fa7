/*
 * Commitments as facts (standards/facts.sql) and as a part of the result.
 */
#ifndef ASSAY_JUDGE_COMMITMENT_FACTS_H
#define ASSAY_JUDGE_COMMITMENT_FACTS_H

#include "judge/commitments.h"
#include "standard/standard.h"
#include "store/store.h"

/* What the document promises; with `cells` as in commitments_find(). */
MUST_CHECK int commitments_write(struct ctx *cx, struct store *store, const struct signals *signals,
                                 const struct reading *reading, int64_t document, struct str path,
                                 bool cells);

/* The topics of the standard, once a store; nothing where it has none. */
MUST_CHECK int commitments_fill(struct ctx *cx, struct store *store,
                                const struct standard *standard);

/* All promises of documents that count, as a list (docs/stage1.schema.json). */
MUST_CHECK int commitments_value(struct ctx *cx, struct store *store, struct value **ret);

#endif
