#include "judge/places.h"

#include <stdlib.h>

#define ASIDE_DISTANCE 2000u

bool place_is_aside(const struct reading *r, uint32_t allow, uint32_t token)
{
    return (reading_sentence_of(r, token)->guards & GUARD_ASIDE & ~allow) != 0;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

/* Most documents have no asides at all: then there is nothing to part. */
static void part(struct arena *mem, const struct reading *r, uint32_t allow, struct places *p)
{
    uint32_t *asides, *plain;

    p->plain = p->tokens;
    p->plain_n = p->n;
    for (size_t i = 0; i < p->n; i++)
        p->aside_n += place_is_aside(r, allow, p->tokens[i]);
    if (p->aside_n == 0)
        return;
    asides = arena_array(mem, p->n, sizeof *asides);
    plain = asides + p->aside_n;
    p->aside_n = p->plain_n = 0;
    for (size_t i = 0; i < p->n; i++)
        if (place_is_aside(r, allow, p->tokens[i]))
            asides[p->aside_n++] = p->tokens[i];
        else
            plain[p->plain_n++] = p->tokens[i];
    p->asides = asides;
    p->plain = plain;
}

void places_order(struct arena *mem, const struct reading *r, uint32_t allow, struct places *places)
{
    if (places->n > 1)
        qsort(places->tokens, places->n, sizeof *places->tokens, by_number);
    part(mem, r, allow, places);
}

/* How many of the tokens stand before `token`. */
static size_t before(const uint32_t *tokens, size_t n, uint32_t token)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (tokens[mid] < token)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

uint32_t places_first(const struct places *places, uint32_t from, uint32_t to)
{
    size_t at = before(places->tokens, places->n, from);

    return at < places->n && places->tokens[at] < to ? places->tokens[at] : READING_NONE;
}

/* ---- the nearest ---- */

struct nearest_place {
    uint32_t token, from, to; /* what is looked for, and where */
    uint32_t at, distance;
};

static void try_place(struct nearest_place *best, uint32_t at, uint32_t more)
{
    uint32_t distance = (at > best->token ? at - best->token : best->token - at) + more;

    if (at < best->from || at >= best->to || distance > best->distance ||
        (distance == best->distance && at >= best->at))
        return;
    best->at = at;
    best->distance = distance;
}

/* The nearest of sorted tokens is one of the two around. */
static void try_around(struct nearest_place *best, const uint32_t *tokens, size_t n, uint32_t more)
{
    uint32_t token = best->token;
    size_t at;

    token = token < best->from ? best->from : token > best->to ? best->to : token;
    at = before(tokens, n, token);
    if (at > 0)
        try_place(best, tokens[at - 1], more);
    if (at < n)
        try_place(best, tokens[at], more);
}

uint32_t places_nearest(const struct places *places, const struct reading *r, uint32_t allow,
                        uint32_t token, uint32_t from, uint32_t to, uint32_t at)
{
    struct nearest_place best = {token, from, to, READING_NONE, UINT32_MAX};
    uint32_t distance = (at > token ? at - token : token - at) +
                        (place_is_aside(r, allow, at) ? ASIDE_DISTANCE : 0);

    try_around(&best, places->plain, places->plain_n, 0);
    try_around(&best, places->asides, places->aside_n, ASIDE_DISTANCE);
    return best.distance < distance ? best.at : at;
}
