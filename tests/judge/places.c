#include "judge/places.h"
#include "tests/harness.h"
#include "tests/judge/reader.h"

/* By looking at each. */
static uint32_t nearest_of_all(const struct places *p, const struct reading *r, uint32_t token,
                               uint32_t from, uint32_t to, uint32_t at)
{
    for (size_t i = 0; i < p->n; i++) {
        uint32_t other = p->tokens[i];
        uint32_t a = other > token ? other - token : token - other;
        uint32_t b = at > token ? at - token : token - at;

        a += place_is_aside(r, 0, other) ? 2000 : 0;
        b += place_is_aside(r, 0, at) ? 2000 : 0;
        if (other >= from && other < to && a < b)
            at = other;
    }
    return at;
}

/* Numbers that look chosen by chance and are the same each time. */
static uint32_t next_number(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

TEST(places_nearest_is_the_one_that_looking_at_each_finds)
{
    struct buf text = buf_new(cx->mem);
    struct places places = {0};
    uint32_t state = 7;

    for (size_t i = 0; i < 300; i++)
        buf_addz(&text, "The owner reviews the list of risks each year.\n\n");
    struct reading *r = reader_read(cx, NULL, str_z(cx->mem, buf_str(&text)));
    uint32_t n = (uint32_t)r->tokens->n;

    for (size_t i = 0; i < r->sentence_n; i += 7)
        r->sentences[i].guards |= GUARD_ASIDE;

    CHECK(n > 1000);
    for (size_t i = 0; i < 400; i++)
        *ARENA_PUSH(cx->mem, places.tokens, places.n, places.room) = next_number(&state) % n;
    places_order(cx->mem, r, 0, &places);
    CHECK(places.plain_n > 0 && places.aside_n > 0);
    CHECK_INT(places.plain_n + places.aside_n, places.n);
    for (size_t i = 0; i < 3000; i++) {
        uint32_t token = next_number(&state) % n, from = next_number(&state) % n;
        uint32_t to = from + next_number(&state) % (n - from), at = next_number(&state) % n;

        if (places_nearest(&places, r, 0, token, from, to, at) !=
            nearest_of_all(&places, r, token, from, to, at))
            test_failed(__FILE__, __LINE__, "token %u in [%u, %u)", token, from, to);
    }
    CHECK_INT(places_first(&places, 0, n), places.tokens[0]);
    CHECK_INT(places_first(&places, n, n + 1), READING_NONE);
}
