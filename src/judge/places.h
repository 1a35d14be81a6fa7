/*
 * Where the patterns of a slot match: places in a reading, and which of them is nearest to another.
 * There may be thousands in a large register, so they are ordered once and looked up.
 */
#ifndef ASSAY_JUDGE_PLACES_H
#define ASSAY_JUDGE_PLACES_H

#include "judge/reading.h"

#define PLACES_MOST 4000u

struct places {
    uint32_t *tokens; /* first tokens of hits that count, ascending once they are ordered */
    size_t n, room;
    const uint32_t *plain, *asides; /* of these, what stands in no aside, and what does */
    size_t plain_n, aside_n;
};

/* Whether a token stands in an aside; `allow` has the guards that do not matter. */
bool place_is_aside(const struct reading *r, uint32_t allow, uint32_t token);

void places_order(struct arena *mem, const struct reading *r, uint32_t allow,
                  struct places *places);

/* The first place in tokens [from, to), or READING_NONE. */
uint32_t places_first(const struct places *places, uint32_t from, uint32_t to);

/* The place in [from, to) that is nearest to `token`, the first of several; `at`, which is a place
 * or not, where none is nearer. A place in an aside is as good as one so many words further away.
 */
uint32_t places_nearest(const struct places *places, const struct reading *r, uint32_t allow,
                        uint32_t token, uint32_t from, uint32_t to, uint32_t at);

#endif
