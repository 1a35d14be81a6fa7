/*
 * Whether a reading meets a criterion, and by which words.
 */
#ifndef ASSAY_JUDGE_CRITERIA_H
#define ASSAY_JUDGE_CRITERIA_H

#include "judge/facts.h"
#include "judge/signals.h"

#define MATCH_QUOTES 4u
#define MATCH_QUOTE_BYTES 420u

enum match_status { MATCH_MISSING, MATCH_PARTLY, MATCH_MET };

struct quote {
    uint32_t passage;
    struct str text;
};

struct match {
    enum match_status status;
    struct quote quotes[MATCH_QUOTES]; /* of the evidence, or of the nearest passage */
    size_t quote_n;
    struct str lacks; /* names of the slots that stay empty, for partly and missing */
    size_t filled, wanted;
    uint32_t token;       /* where the match lies, for sections */
    size_t asides;        /* how many of its slots lie in passages that are asides */
    size_t form;          /* number of the form that came nearest */
    uint32_t slots;       /* of that form, a bit for each slot that is filled */
    size_t whole_form;    /* the first form that asks for all of it */
    uint32_t whole_slots; /* of that one, what is filled, and what is not */
    struct str whole_lacks;
};

/* Looks at passages [from, to) only. Quotes of a missing criterion are the nearest passage, none
 * where no slot is filled anywhere. */
void criterion_match(struct ctx *cx, const struct reading *reading, const struct facts *facts,
                     const struct criterion_signals *criterion, uint32_t from, uint32_t to,
                     struct match *ret);

/* Whether table `number` has a column for every list, distinct ones, and at least `rows` rows that
 * fill them all and of which no cell matches `unless` (may be NULL); the first of these in
 * `ret_row`, the columns in `ret_columns` (column_n of them, which the caller provides). */
bool table_has(struct ctx *cx, const struct reading *reading, uint32_t number,
               const struct pattern_list *columns, size_t column_n, size_t rows,
               const struct pattern_list *unless, uint16_t *ret_columns, uint32_t *ret_row);

#endif
