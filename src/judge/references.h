/*
 * Where lines of lists of controls say that a control is described: which of the documents that
 * were read they mean. A reference may name several documents, by title, by file name or by number.
 */
#ifndef ASSAY_JUDGE_REFERENCES_H
#define ASSAY_JUDGE_REFERENCES_H

#include "judge/library.h"
#include "store/store.h"

#define REFERENCE_TARGETS 20u /* documents that one line means; of more, the first */

/* Fills line_reference (standards/facts.sql) when all documents are written. */
MUST_CHECK int references_find(struct ctx *cx, const struct library *library, struct store *store);

/* Whether `reference`, as people write it, means the document of this path and title: each word of
 * one of its parts stands in them, but for function words, chapters and words that fit every
 * document. */
bool reference_means(struct arena *mem, const struct signals *signals, struct str reference,
                     struct str path, struct str title);

#endif
