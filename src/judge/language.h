/*
 * The words of one language, from languages/ID.yaml: function words, spellings, names of months,
 * labels, guards and sets (docs/signals.md). A language is made once, lives in the arena it was
 * made in except for its stemmer, which language_free() ends, and may be used from several threads.
 */
#ifndef ASSAY_JUDGE_LANGUAGE_H
#define ASSAY_JUDGE_LANGUAGE_H

#include "base/base.h"

enum guard {
    GUARD_ABSENCE = 1,
    GUARD_PROMISE = 2,
    GUARD_ADVICE = 4,
    GUARD_EXAMPLE = 8,
    GUARD_POINTER = 16,
    GUARD_QUESTION = 32,
    GUARD_PLACEHOLDER = 64,
    GUARD_ASIDE = 128, /* evidence still, but quoted only where nothing better is */
};

struct language {
    struct str id;
    const struct value *yaml; /* the whole file, for what is read once */
    struct dict *common;
    struct dict *function;
    struct dict *spelling; /* to const struct str * */
    struct dict *months;   /* to 1..12 as a number */
    struct dict *numbers;
    struct dict *time_units;
    struct dict *legal_forms;
    struct dict *streets;
    struct dict *not_names;
    struct dict *abbreviations;
    struct dict *empty_cells;
    struct dict *placeholder_words;
    struct dict *placeholder_not;
    struct dict *elisions;              /* "l" of "l'accès" */
    struct str conjunction;             /* what "&" is read as */
    struct str quarter;                 /* the letter before a quarter's number */
    bool small_months;                  /* names of months have no capital */
    const struct value *ordinals;       /* endings of a day's number: "st" */
    const struct value *business_years; /* what stands before one: "fy" */
    const struct value *untitled;       /* titles that programs write; "word*" is a beginning */
    const struct value *captions;       /* beginnings of captions */
    const struct value *history;        /* names of columns: version, date, what */
    const struct value *samples;        /* beginnings of rows that only show how to fill in */
    struct stemmer *stemmer;
};

/* Strict: unknown or missing keys are RC_INVALID with file and line. */
MUST_CHECK int language_load(struct ctx *cx, const char *name, const struct value *yaml,
                             struct language **ret);
void language_free(struct language *language);

/* The stem of a lower-case word, in `mem`; and its number in `numbers`, 0 for none. */
struct str language_stem(struct arena *mem, const struct language *language, struct str word);
uint32_t language_stem_number(const struct language *language, const struct dict *numbers,
                              struct str word);

#endif
