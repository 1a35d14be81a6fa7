/*
 * All that judging needs beside the documents: the standard, the signals of its document kinds,
 * and the languages that are told apart. Loaded once a run; the stemmer in it is ended by
 * library_free().
 */
#ifndef ASSAY_JUDGE_LIBRARY_H
#define ASSAY_JUDGE_LIBRARY_H

#include "judge/signals.h"
#include "judge/tongue.h"
#include "standard/standard.h"

struct library {
    struct standard *standard;
    struct signals *signals;
    struct tongues *tongues;
};

/* From the embedded content, or from `content_dir` where it is not NULL. */
MUST_CHECK int library_load(struct ctx *cx, const char *content_dir, struct library *ret);
void library_free(struct library *library);

#endif
