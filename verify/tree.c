/* The entries and the tree over them, as C2SP's tlog-tiles lay them out. */
#include <pthread.h>
#include <string.h>

#include "verify/bundle.h"

#define TILE 256u
#define TILE_LEVELS 8u /* levels of the tree in one tile */

/* "x001/x234/067" */
static struct str tile_path(struct arena *mem, uint64_t n)
{
    struct str path = str_printf(mem, "%03u", (unsigned)(n % 1000));

    for (n /= 1000; n > 0; n /= 1000)
        path = str_printf(mem, "x%03u/%.*s", (unsigned)(n % 1000), STR_ARG(path));
    return path;
}

/* A tile of `width` items, by the name that it has when it is full or not. */
static int read_tile(struct bundle *b, const char *kind, uint64_t n, unsigned width,
                     struct str *ret)
{
    struct arena *mem = b->cx->mem;
    struct str name = str_printf(mem, "ledger/tile/%s/%.*s", kind, STR_ARG(tile_path(mem, n)));

    if (width < TILE)
        name = str_printf(mem, "%.*s.p/%u", STR_ARG(name), width);
    return bundle_read(b, name, ret);
}

static unsigned width_of(uint64_t size, uint64_t tile)
{
    uint64_t left = size - tile * TILE;

    return left < TILE ? (unsigned)left : TILE;
}

/* ---- entries ---- */

static int take_entries(struct bundle *b, uint64_t tile)
{
    unsigned width = width_of(b->checkpoint.size, tile);
    struct str rest;

    TRY(read_tile(b, "entries", tile, width, &rest));
    for (unsigned i = 0; i < width; i++) {
        size_t n =
            rest.n < 2 ? 0 : (size_t)(unsigned char)rest.p[0] << 8 | (unsigned char)rest.p[1];
        if (rest.n < 2 || rest.n - 2 < n)
            return fail(b->cx, RC_INVALID, NULL, _("The entries from %llu on are cut off."),
                        (unsigned long long)(tile * TILE));
        b->entries[tile * TILE + i] = str_sub(rest, 2, n);
        rest = str_from(rest, 2 + n);
    }
    return rest.n == 0 ? 0
                       : fail(b->cx, RC_INVALID, NULL, _("There is more behind entry %llu."),
                              (unsigned long long)(tile * TILE + width - 1));
}

struct part {
    pthread_t thread;
    const struct bundle *bundle;
    uint64_t from, to;
    bool running;
};

static void *hash_part(void *arg)
{
    const struct part *part = arg;

    for (uint64_t i = part->from; i < part->to; i++)
        part->bundle->leaves[i] = merkle_leaf(part->bundle->entries[i]);
    return NULL;
}

/* Two halves, for two threads. */
static void hash_entries(struct bundle *b)
{
    uint64_t half = b->checkpoint.size / 2;
    struct part parts[] = {{.bundle = b, .from = 0, .to = half},
                           {.bundle = b, .from = half, .to = b->checkpoint.size}};

    parts[0].running = pthread_create(&parts[0].thread, NULL, hash_part, &parts[0]) == 0;
    if (!parts[0].running)
        (void)hash_part(&parts[0]);
    (void)hash_part(&parts[1]);
    if (parts[0].running)
        (void)pthread_join(parts[0].thread, NULL);
}

struct hash bundle_root(const struct bundle *b, uint64_t size)
{
    struct merkle_frontier frontier = {.size = 0};
    struct merkle_made made[MERKLE_LEVELS];

    for (uint64_t i = 0; i < size; i++)
        (void)merkle_append(&frontier, &b->leaves[i], made);
    return merkle_root(&frontier);
}

/* ---- tiles of hashes ---- */

static int compare_tiles(struct bundle *b, unsigned level, const struct hash *hashes, uint64_t n)
{
    const char *kind = str_printf(b->cx->mem, "%u", level).p;
    struct str bytes;

    for (uint64_t tile = 0; tile * TILE < n; tile++) {
        unsigned width = width_of(n, tile);
        TRY(read_tile(b, kind, tile, width, &bytes));
        if (bytes.n != width * HASH_BYTES || memcmp(bytes.p, hashes[tile * TILE].b, bytes.n) != 0)
            return fail(b->cx, RC_INVALID, NULL,
                        _("The hashes in ledger/tile/%s are not those of the entries."), kind);
    }
    return 0;
}

/* From the hashes of one level of tiles to those of the next: complete subtrees only. */
static uint64_t next_level(struct arena *mem, const struct hash *hashes, uint64_t n,
                           struct hash **ret)
{
    uint64_t above = n / TILE;
    struct hash row[TILE];

    *ret = arena_array(mem, above + 1, sizeof **ret);
    for (uint64_t i = 0; i < above; i++) {
        memcpy(row, &hashes[i * TILE], sizeof row);
        for (unsigned width = TILE / 2; width > 0; width /= 2)
            for (unsigned k = 0; k < width; k++)
                row[k] = merkle_node(&row[2 * k], &row[2 * k + 1]);
        (*ret)[i] = row[0];
    }
    return above;
}

static int check_tiles(struct bundle *b)
{
    struct hash *hashes = b->leaves;
    uint64_t n = b->checkpoint.size;

    for (unsigned level = 0; n > 0 && level <= MERKLE_LEVELS / TILE_LEVELS; level++) {
        TRY(compare_tiles(b, level, hashes, n));
        n = next_level(b->cx->mem, hashes, n, &hashes);
    }
    return 0;
}

/* ---- grammar ---- */

/* Entries count up, time does not go back, and each names the one before about its object. */
static int check_entries(struct bundle *b)
{
    struct dict *last = dict_new(b->cx->mem);
    struct str at = STR_NONE;
    struct entry entry;

    for (uint64_t i = 0; i < b->checkpoint.size; i++) {
        if (!entry_parse(b->entries[i], &entry) || entry.n != i)
            return fail(b->cx, RC_INVALID, NULL, _("Entry %llu is none, or is not in its place."),
                        (unsigned long long)i);
        if (str_cmp(entry.at, at) < 0)
            bundle_say(b, SAID_NOTE,
                       _("The clock went back at entry %llu: from %.*s to %.*s. The order of the "
                         "entries holds all the same."),
                       (unsigned long long)i, STR_ARG(at), STR_ARG(entry.at));
        at = entry.at;
        if (entry.object.n == 0)
            continue;
        uintptr_t before = (uintptr_t)dict_get(last, entry.object);
        if (entry.before != (int64_t)before - 1)
            return fail(b->cx, RC_INVALID, NULL,
                        _("Entry %llu does not follow the one before about the same record."),
                        (unsigned long long)i);
        dict_set(last, entry.object, (const void *)(uintptr_t)(i + 1));
    }
    return 0;
}

int bundle_check_tree(struct bundle *b)
{
    uint64_t size = b->checkpoint.size;

    if (size > b->zip->n * (uint64_t)TILE)
        return fail(b->cx, RC_INVALID, NULL, _("Entries are missing: the checkpoint says %llu."),
                    (unsigned long long)size);
    b->leaves = arena_array(b->cx->mem, size + 1, sizeof *b->leaves);
    b->entries = arena_array(b->cx->mem, size + 1, sizeof *b->entries);
    for (uint64_t tile = 0; tile * TILE < size; tile++)
        TRY(take_entries(b, tile));
    hash_entries(b);
    struct hash root = bundle_root(b, size);
    if (!merkle_same(&root, &b->checkpoint.root))
        return fail(b->cx, RC_INVALID, NULL,
                    _("The entries do not make the root that was signed: one of them was changed, "
                      "removed or added."));
    TRY(check_tiles(b));
    TRY(check_entries(b));
    bundle_say(b, SAID_HOLDS,
               _("All %llu entries are there, in their order, and make the root that was signed."),
               (unsigned long long)size);
    return 0;
}
