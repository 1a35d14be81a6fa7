/*
 * Text as people look for it: in small letters, and those of Latin without their accents, so that
 * "Müller" is found by "muller".
 */
#ifndef ASSAY_BASE_FOLD_H
#define ASSAY_BASE_FOLD_H

#include "base/str.h"

/* Latin, Greek and Cyrillic letters; all else stays. "ß" is "ss". */
struct str text_fold(struct arena *mem, struct str text);

/* The next run of letters and digits from `*at` on, which moves past it. False where there is none.
 */
bool text_word(struct str text, size_t *at, struct str *ret);

#endif
