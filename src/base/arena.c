#include "base/arena.h"

#include <malloc.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/compiler.h"

#define ARENA_ALIGN 16u
#define ARENA_FIRST_BLOCK ((size_t)16 * 1024)
#define ARENA_LARGEST_BLOCK ((size_t)1024 * 1024)
#define ARENA_DEFAULT_CEILING ((size_t)1024 * 1024 * 1024)

/*
 * What is larger than the largest block gets a block of its own, mapped from the system: it goes
 * back there when it is freed, and grows without a second copy.
 */
struct block {
    struct block *next;
    size_t used;
    size_t size;
    size_t mapped; /* bytes, 0 for one from malloc() */
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

static void free_block(struct block *block)
{
    if (block->mapped > 0)
        munmap(block, block->mapped);
    else
        free(block);
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    for (struct block *block = arena->head, *next; block != NULL; block = next) {
        next = block->next;
        free_block(block);
    }
    free(arena);
}

/* The smallest block of malloc(), which is the last of them, stays. */
void arena_clear(struct arena *arena)
{
    struct block *kept = NULL;

    for (struct block *block = arena->head, *next; block != NULL; block = next) {
        next = block->next;
        if (block->mapped > 0) {
            free_block(block);
            continue;
        }
        if (kept != NULL)
            free_block(kept);
        kept = block;
    }
    if (kept != NULL) {
        memset(kept->data, 0, kept->used);
        kept->used = 0;
        kept->next = NULL;
    }
    arena->head = kept;
    arena->used = 0;
    arena->next_block = ARENA_FIRST_BLOCK;
}

void arena_freep(struct arena **arena)
{
    arena_free(*arena);
    *arena = NULL;
}

/* A block of malloc() behind which others are filled. */
static void add_block(struct arena *arena, size_t least)
{
    size_t size = arena->next_block > least ? arena->next_block : least;
    struct block *block = calloc(1, sizeof *block + size);

    if (block == NULL)
        out_of_memory();
    if (arena->next_block < ARENA_LARGEST_BLOCK)
        arena->next_block *= 2;
    block->size = size;
    block->next = arena->head;
    arena->head = block;
}

/* A block for one large request stands behind the first, whose room it must not hide. */
static void *map_block(struct arena *arena, size_t size)
{
    size_t bytes = sizeof(struct block) + size;
    struct block *block =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (block == MAP_FAILED)
        out_of_memory();
    *block = (struct block){.used = size, .size = size, .mapped = bytes};
    if (arena->head == NULL)
        add_block(arena, 0);
    block->next = arena->head->next;
    arena->head->next = block;
    return block->data;
}

void *arena_alloc(struct arena *arena, size_t n)
{
    struct block *block = arena->head;

    if (n > SIZE_MAX / 2)
        out_of_memory();
    n = (n + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    arena->used += n;
    if (n > ARENA_LARGEST_BLOCK)
        return map_block(arena, n);
    if (block == NULL || block->size - block->used < n)
        add_block(arena, n);
    block = arena->head;
    void *p = block->data + block->used;
    block->used += n;
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

/* The mapped block that holds these items and nothing else, as the place that points to it. */
static struct block **mapped_of(struct arena *arena, const void *items)
{
    struct block **at = &arena->head;

    while (*at != NULL && ((*at)->mapped == 0 || (*at)->data != items))
        at = &(*at)->next;
    return *at != NULL ? at : NULL;
}

static void *grow_mapped(struct arena *arena, struct block **at, size_t wanted)
{
    size_t bytes = sizeof(struct block) + wanted;
    struct block *block = mremap(*at, (*at)->mapped, bytes, MREMAP_MAYMOVE);

    if (block == MAP_FAILED)
        out_of_memory();
    arena->used += wanted - block->used;
    block->used = block->size = wanted;
    block->mapped = bytes;
    *at = block;
    return block->data;
}

void *arena_regrow(struct arena *arena, void *old, size_t n, size_t room, size_t wanted)
{
    struct block **own = room > ARENA_LARGEST_BLOCK ? mapped_of(arena, old) : NULL;

    return own != NULL ? grow_mapped(arena, own, wanted) : arena_grow(arena, old, n, wanted);
}

void *arena_room(struct arena *arena, void *items, size_t n, size_t *room, size_t size)
{
    size_t bytes, before = *room * size;

    if (n < *room)
        return items;
    *room = *room == 0 ? 8 : *room * 2;
    if (__builtin_mul_overflow(*room, size, &bytes))
        out_of_memory();
    return arena_regrow(arena, items, n * size, before, bytes);
}

void arena_trim(void)
{
    (void)malloc_trim(0);
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}

bool arena_over(const struct arena *arena)
{
    return arena->used > arena->ceiling;
}
