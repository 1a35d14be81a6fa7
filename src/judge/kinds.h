/*
 * What a document is: which kinds it serves, as a whole or by a section, and whether its text may
 * count as evidence at all.
 */
#ifndef ASSAY_JUDGE_KINDS_H
#define ASSAY_JUDGE_KINDS_H

#include "judge/criteria.h"

/* docs/signals.md, "A document kind". */
#define KIND_POINTS_NAME 4
#define KIND_POINTS_SECTION 3
#define KIND_POINTS_FILE 2
#define KIND_POINTS_WEAK_NAME 2
#define KIND_POINTS_WEAK 1
#define KIND_POINTS_SAYS 5 /* at most */
#define KIND_POINTS_TABLE 4
#define KIND_POINTS_CRITERIA 4 /* at most */
#define KIND_POINTS_NOT_TITLE 4
#define KIND_POINTS_NOT_TEXT 2
#define KIND_POINTS_ENOUGH 6         /* where the title or the file's name says so */
#define KIND_POINTS_ENOUGH_SECTION 7 /* where a section's heading does */
#define KIND_POINTS_ENOUGH_ASIDE                                                                   \
    8                                /* where it does in a document that is titled as another kind \
                                      */
#define KIND_POINTS_ENOUGH_CONTENT 8 /* where only the content does */
#define KIND_POINTS_ENOUGH_REGISTER 5 /* of rows with the columns of the kind */
#define KIND_FEW_CRITERIA 3u          /* of so many one is as much as two of more */
#define KIND_SECTION_TOKENS 45u       /* a shorter section without a table serves no kind */
#define KIND_CONTENT_TOKENS 3000u     /* in a longer document content alone proves nothing */

struct kind_match {
    const struct kind_signals *kind;
    int confidence;        /* thousandths */
    struct str why;        /* one line for people */
    struct str place;      /* heading of the section that serves it, "" for the whole document */
    struct match *matches; /* one a criterion; its section's, where that says as much */
};

struct kinds {
    struct kind_match *items; /* by confidence */
    size_t n, room;
    struct str nature;    /* "document", "record", "register", or that of no evidence */
    bool evidence;        /* its text may count */
    const char *template; /* none, open, sample, placeholders, blank */
    struct match **all;   /* of every kind in the order of `signals`: matches of its criteria */
};

void kinds_find(struct ctx *cx, const struct signals *signals, const struct reading *reading,
                const struct facts *facts, struct kinds *ret);

/* The kind a file's name alone suggests, or NULL: for files that cannot be read. */
const struct kind_signals *kinds_by_name(struct ctx *cx, const struct signals *signals,
                                         struct str path);

#endif
