/*
 * Which language a document is written in, by its commonest words: those Assay has signals for and
 * those it only recognises.
 */
#ifndef ASSAY_JUDGE_TONGUE_H
#define ASSAY_JUDGE_TONGUE_H

#include "extract/extract.h"

#define TONGUE_WORDS 6000u /* words looked at, from the beginning */
#define TONGUE_LEAST 25u   /* words without which nothing is said */

struct tongues;

/* Begins with the languages without signals, languages/others.yaml; each with signals is added. The
 * one with the id `standing` is taken for a text that shows no other one clearly. */
MUST_CHECK int tongues_new(struct ctx *cx, const struct value *others, struct str standing,
                           struct tongues **ret);
MUST_CHECK int tongues_add(struct ctx *cx, struct tongues *tongues, const struct value *language);

/* "en", "de", ...; "" for too few words, or for a language that is not known. */
struct str tongue_of(struct ctx *cx, const struct tongues *tongues, const struct extract *extract);

/* The language, other than `id`, of the largest part of the passages that show one, with how many
 * per cent of the words; "" where that is less than a tenth. */
struct str tongue_beside(struct ctx *cx, const struct tongues *tongues,
                         const struct extract *extract, struct str id, unsigned *ret_percent);

/* Whether there are signals for it. An unknown language of a short text counts as such. */
bool tongue_has_signals(const struct tongues *tongues, struct str id);

#endif
