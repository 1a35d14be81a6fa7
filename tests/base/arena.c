#include "base/arena.h"

#include <stdlib.h>

#include "tests/harness.h"

struct numbers {
    uint32_t *items;
    size_t n, room;
};

static bool in_order(const struct numbers *list)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i] != i)
            return false;
    return true;
}

/* Long enough for blocks of their own, which move when they grow. */
TEST(arena_arrays_keep_what_they_hold_when_they_grow)
{
    struct arena *mem = arena_new(0);
    struct numbers a = {0}, b = {0};

    for (uint32_t i = 0; i < 1500000; i++) {
        *ARENA_PUSH(mem, a.items, a.n, a.room) = i;
        *ARENA_PUSH(mem, b.items, b.n, b.room) = i;
    }
    CHECK(in_order(&a) && in_order(&b));
    CHECK(arena_used(mem) < 40u * 1024 * 1024); /* 2 x 8 MB, and what small blocks have left */
    for (size_t i = a.n; i < a.room; i++)
        CHECK_INT(a.items[i], 0);
    arena_free(mem);
}

/* What comes after it is zeroed like all else, whatever was there before. */
TEST(arena_that_was_cleared_gives_zeroed_memory)
{
    struct arena *mem = arena_new(0);

    for (int round = 0; round < 3; round++) {
        size_t sizes[] = {40, 3u << 20, 20000, 8, 700000}, n = 0;

        for (size_t i = 0; i < COUNT_OF(sizes); i++) {
            unsigned char *p = arena_alloc(mem, sizes[i]);

            for (size_t k = 0; k < sizes[i]; k++)
                n += p[k] != 0;
            memset(p, 0xff, sizes[i]);
        }
        CHECK_INT(n, 0);
        arena_clear(mem);
        CHECK_INT(arena_used(mem), 0);
    }
    arena_clear(mem);
    arena_free(mem);
}

TEST(arena_large_requests_leave_the_room_of_small_ones)
{
    struct arena *mem = arena_new(0);
    char *first = arena_alloc(mem, 16), *large = arena_alloc(mem, 5u * 1024 * 1024);
    char *second = arena_alloc(mem, 16);

    CHECK(second == first + 16);
    large[5u * 1024 * 1024 - 1] = 'x';
    CHECK_INT(large[0], 0);
    arena_free(mem);
}

/* What is added piece by piece takes its size, not that of all the rooms that it grew out of. */
TEST(arena_long_texts_grow_in_place)
{
    struct arena *mem = arena_new(0);
    struct buf text = buf_new(mem);
    bool same = true;

    for (uint32_t i = 0; i < 1000000; i++)
        buf_printf(&text, "%08x", i);
    for (uint32_t i = 0; i < 1000000; i += 999)
        same = same && strtoul(str_z(mem, str_sub(buf_str(&text), i * 8, 8)), NULL, 16) == i;
    CHECK(same);
    CHECK_INT(text.n, 8000000);
    CHECK(arena_used(mem) < 11u * 1024 * 1024);
    arena_free(mem);
}
