/* Which of some words somebody may have meant. */
#ifndef ASSAY_BASE_NEAREST_H
#define ASSAY_BASE_NEAREST_H

#include "base/base.h"

/* So many letters must be changed, added, left out or swapped to make one of the other, ASCII case
 * aside; words over 64 bytes are as far apart as they are long. */
unsigned nearest_distance(struct str a, struct str b);

/* Near enough to be offered: a third of the letters at most. */
bool nearest_likely(struct str a, struct str b);

/* The nearest of `words` (ended by NULL) that is likely, or NULL. */
const char *nearest_word(struct str given, const char *const *words);

#endif
