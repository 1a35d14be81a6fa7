/*
 * Memory that is freed all at once.
 *
 * A command, a request or a job owns one arena; everything it makes lives there, so feature code
 * calls no free(). An arena belongs to one thread.
 *
 * Running out of the machine's memory aborts the process. An arena also has a ceiling of its own:
 * arena_over() turns true when more than that was handed out, and loops whose length comes from
 * outside ask ctx_check() (base/err.h), which turns that into RC_LIMIT.
 */
#ifndef ASSAY_BASE_ARENA_H
#define ASSAY_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* A new arena that may hand out `ceiling` bytes; 0 means one gibibyte. */
struct arena *arena_new(size_t ceiling);

/* Frees the arena and all that came from it. NULL is fine. */
void arena_free(struct arena *arena);
void arena_freep(struct arena **arena); /* for CLEANUP() */

/* Frees all that came from it, and keeps it for what is made next: for loops that need a little
 * memory each time round. */
void arena_clear(struct arena *arena);

/* `n` zeroed bytes, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *arena, size_t n);

/* `count` zeroed elements of `size` bytes; aborts where the product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* `old`, of `n` bytes, moved to a block of `wanted` bytes (wanted >= n), the rest zeroed. */
void *arena_grow(struct arena *arena, const void *old, size_t n, size_t wanted);

/* The same for a block of `room` bytes of which `n` are used: a large one grows in place, or moves
 * without a second copy. What pointed into it may be gone afterwards. */
void *arena_regrow(struct arena *arena, void *old, size_t n, size_t room, size_t wanted);

/* Gives back to the system what freed arenas have left with the C library: after much was freed. */
void arena_trim(void);

/* Bytes handed out so far, and whether that is more than the ceiling. */
size_t arena_used(const struct arena *arena);
bool arena_over(const struct arena *arena);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))

/*
 * Appends room for one more element to a growing array held as pointer, count and capacity, and
 * gives the new element: `struct x *e = ARENA_PUSH(arena, list->items, list->n, list->room);`
 */
#define ARENA_PUSH(arena, items, n, room)                                                          \
    ((items) = arena_room((arena), (items), (n), &(room), sizeof(*(items))), &(items)[(n)++])

/* What `items` pointed to may be gone afterwards: keep numbers of elements, not pointers. */
void *arena_room(struct arena *arena, void *items, size_t n, size_t *room, size_t size);

#endif
