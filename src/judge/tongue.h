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

/* Words come from the language file with signals and from languages/others.yaml. */
MUST_CHECK int tongues_load(struct ctx *cx, const struct value *language,
                            const struct value *others, struct tongues **ret);

/* "en", "de", ...; "" for too few words, or for a language that is not known. */
struct str tongue_of(struct ctx *cx, const struct tongues *tongues, const struct extract *extract);

/* Whether there are signals for it. An unknown language of a short text counts as such. */
bool tongue_has_signals(const struct tongues *tongues, struct str id);

#endif
