#include "base/arena.h"

#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"

#define ARENA_ALIGN 16u
#define ARENA_FIRST_BLOCK ((size_t)16 * 1024)
#define ARENA_LARGEST_BLOCK ((size_t)1024 * 1024)
#define ARENA_DEFAULT_CEILING ((size_t)1024 * 1024 * 1024)

struct block {
    struct block *next;
    size_t used;
    size_t size;
    size_t pad; /* keeps `data` aligned */
    unsigned char data[];
};

struct arena {
    struct block *head;
    size_t used;
    size_t ceiling;
    size_t next_block;
};

NORETURN static void out_of_memory(void)
{
    fputs("assay: out of memory\n", stderr);
    abort();
}

struct arena *arena_new(size_t ceiling)
{
    struct arena *arena = calloc(1, sizeof *arena);

    if (arena == NULL)
        out_of_memory();
    arena->ceiling = ceiling != 0 ? ceiling : ARENA_DEFAULT_CEILING;
    arena->next_block = ARENA_FIRST_BLOCK;
    return arena;
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    for (struct block *block = arena->head, *next; block != NULL; block = next) {
        next = block->next;
        free(block);
    }
    free(arena);
}

void arena_freep(struct arena **arena)
{
    arena_free(*arena);
    *arena = NULL;
}

static struct block *add_block(struct arena *arena, size_t least)
{
    size_t size = arena->next_block > least ? arena->next_block : least;
    struct block *block = calloc(1, sizeof *block + size);

    if (block == NULL)
        out_of_memory();
    if (arena->next_block < ARENA_LARGEST_BLOCK)
        arena->next_block *= 2;
    block->size = size;
    /* A block made for one large request must not hide the room left in the one before it. */
    if (arena->head != NULL && least > ARENA_LARGEST_BLOCK) {
        block->next = arena->head->next;
        arena->head->next = block;
    } else {
        block->next = arena->head;
        arena->head = block;
    }
    return block;
}

void *arena_alloc(struct arena *arena, size_t n)
{
    struct block *block = arena->head;

    if (n > SIZE_MAX / 2)
        out_of_memory();
    n = (n + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    if (block == NULL || block->size - block->used < n)
        block = add_block(arena, n);
    void *p = block->data + block->used;
    block->used += n;
    arena->used += n;
    return p;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t n;

    if (__builtin_mul_overflow(count, size, &n))
        out_of_memory();
    return arena_alloc(arena, n);
}

void *arena_grow(struct arena *arena, const void *old, size_t n, size_t wanted)
{
    void *p = arena_alloc(arena, wanted);

    if (n > 0)
        memcpy(p, old, n);
    return p;
}

void *arena_room(struct arena *arena, void *items, size_t n, size_t *room, size_t size)
{
    size_t bytes;

    if (n < *room)
        return items;
    *room = *room == 0 ? 8 : *room * 2;
    if (__builtin_mul_overflow(*room, size, &bytes))
        out_of_memory();
    return arena_grow(arena, items, n * size, bytes);
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}

bool arena_over(const struct arena *arena)
{
    return arena->used > arena->ceiling;
}
