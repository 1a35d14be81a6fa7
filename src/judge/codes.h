/*
 * Documents by their numbers: "POL-04", "HP-ISMS-RM-02". Which one a document has (its own field,
 * its file's name, its title), and which ones it refers to, with the version or annex that it
 * names.
 *
 * Whether a number is one of a document is not known here: rules ask whether several documents of
 * the folder are numbered so.
 */
#ifndef ASSAY_JUDGE_CODES_H
#define ASSAY_JUDGE_CODES_H

#include "judge/signals.h"
#include "store/store.h"

struct code_citation {
    uint32_t passage;
    struct str code;    /* "POL-04", "" for the document itself */
    struct str version; /* "1.2", or "" */
    struct str annex;   /* "B", or "" */
};

struct code_citations {
    struct code_citation *items; /* in reading order, each code, version and annex once */
    size_t n, room;
};

/* The number at `at` in upper case with hyphens, "" where none begins there. */
struct str code_at(struct arena *mem, struct str text, size_t at, size_t *ret_to);

void codes_cited(struct ctx *cx, const struct signals *signals, const struct reading *reading,
                 struct code_citations *ret);

/* Its own numbers and annexes, as facts (standards/facts.sql). */
MUST_CHECK int codes_write_own(struct ctx *cx, struct store *store, const struct signals *signals,
                               const struct reading *reading, int64_t document,
                               const struct str names[static 3]);

/* What it refers to, as facts. */
MUST_CHECK int codes_write_cited(struct ctx *cx, struct store *store, const struct signals *signals,
                                 const struct reading *reading, int64_t document, struct str path);

#endif
