/* The entries and the tree over them, as C2SP's tlog-tiles lay them out. */
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "ledger/tile.h"
#include "verify/bundle.h"

#define TILE TILE_WIDTH
#define INSTANT sizeof((struct span){0}).first
#define FOLDER "ledger/tile/"

/* A tile of `width` items, by the name that it has when it is full or not. */
static int read_tile(struct bundle *b, struct ctx *cx, unsigned level, uint64_t n, unsigned width,
                     struct str *ret)
{
    struct str name = tile_name(cx->mem, level, n, width);

    return bundle_read(b, cx, str_printf(cx->mem, FOLDER "%.*s", STR_ARG(name)), ret);
}

/* The root over a full tile: `row` is used up. */
static struct hash top_of(struct hash row[static TILE])
{
    for (unsigned width = TILE / 2; width > 0; width /= 2)
        for (unsigned k = 0; k < width; k++)
            row[k] = merkle_node(&row[2 * k], &row[2 * k + 1]);
    return row[0];
}

/* ---- entries ---- */

struct tile {
    struct bundle *bundle;
    struct ctx *cx;
    struct span *span;
    struct str at; /* of the entry before, "" at its beginning */
    struct hash leaves[TILE];
};

/* The next entry's bytes: two bytes say how many. */
static int next_entry(struct ctx *cx, uint64_t n, struct str *rest, struct str *ret)
{
    size_t bytes =
        rest->n < 2 ? 0 : (size_t)(unsigned char)rest->p[0] << 8 | (unsigned char)rest->p[1];

    if (rest->n < 2 || rest->n - 2 < bytes)
        return fail(cx, RC_INVALID, NULL, _("The entries are cut off at entry %llu."),
                    (unsigned long long)n);
    *ret = str_sub(*rest, 2, bytes);
    *rest = str_from(*rest, 2 + bytes);
    return 0;
}

/* A record's place among records: of its id and register as they stand in an entry. */
static void place_of(struct bundle *b, struct str both, uint64_t ret[static 2])
{
    (void)crypto_shorthash_siphashx24((unsigned char *)ret, (const unsigned char *)both.p, both.n,
                                      b->place_key);
}

bool bundle_is_record(struct bundle *b, struct arena *mem, uint64_t n, struct str reg,
                      struct str record)
{
    uint64_t place[2];

    place_of(b, str_printf(mem, "%.*s\",\"k\":\"%.*s", STR_ARG(record), STR_ARG(reg)), place);
    return memcmp(place, b->known[n].record, sizeof place) == 0;
}

/* What only few entries have goes into lists that the threads share. */
static void keep_more(struct bundle *b, const struct entry *entry)
{
    struct arena *mem = b->cx->mem;
    struct str field;
    uint64_t seq;

    work_lock(b->lock);
    if (entry->has_blob)
        *ARENA_PUSH(mem, b->blobs, b->blob_n, b->blob_room) =
            (struct blob){.n = entry->n, .commitment = entry->blob};
    for (size_t at = 0; entry_erased(entry, &at, &seq, &field);)
        if (seq <= entry->n)
            *ARENA_PUSH(mem, b->erased, b->erased_n, b->erased_room) =
                (struct erased){seq, str_copy(mem, field)};
    work_unlock(b->lock);
}

static void note_back(struct span *span, uint64_t n)
{
    if (span->back_n++ == 0)
        span->back_at = n;
}

static int take_entry(struct tile *tile, uint64_t n, struct str bytes)
{
    struct bundle *b = tile->bundle;
    struct known *known = &b->known[n];
    struct entry entry;

    if (!entry_parse(bytes, &entry) || entry.n != n || entry.rev > UINT32_MAX)
        return fail(tile->cx, RC_INVALID, NULL, _("Entry %llu is none, or is not in its place."),
                    (unsigned long long)n);
    if (str_cmp(entry.at, tile->at) < 0)
        note_back(tile->span, n);
    memcpy(tile->at.n == 0 ? tile->span->first : tile->span->last, entry.at.p, INSTANT);
    tile->at = entry.at;
    known->body = entry.body;
    known->before = entry.before;
    known->rev = (uint32_t)entry.rev;
    known->has_blob = entry.has_blob;
    const char *end = entry.reg.p + entry.reg.n;
    place_of(b, (struct str){entry.record.p, (size_t)(end - entry.record.p)}, known->record);
    if (entry.has_blob || entry.more.n > 0)
        keep_more(b, &entry);
    return 0;
}

/* The tile of hashes that stands beside a tile of entries. */
static int compare_tile(struct bundle *b, struct ctx *cx, unsigned level, uint64_t tile,
                        const struct hash *hashes, unsigned width)
{
    struct str bytes;

    TRY(read_tile(b, cx, level, tile, width, &bytes));
    if (bytes.n != width * HASH_BYTES || memcmp(bytes.p, hashes, bytes.n) != 0)
        return fail(cx, RC_INVALID, NULL,
                    _("The hashes in " FOLDER "%.*s are not those of the entries."),
                    STR_ARG(tile_name(cx->mem, level, tile, width)));
    return 0;
}

static int hash_tile(struct bundle *b, struct ctx *cx, uint64_t tile, unsigned width,
                     struct hash *leaves)
{
    struct str rest, bytes;

    TRY(read_tile(b, cx, TILE_ENTRIES, tile, width, &rest));
    for (unsigned i = 0; i < width; i++) {
        TRY(next_entry(cx, tile * TILE + i, &rest, &bytes));
        leaves[i] = merkle_leaf(bytes);
    }
    return 0;
}

static int take_entries(struct tile *t, uint64_t tile, unsigned width)
{
    struct str rest, bytes;

    TRY(read_tile(t->bundle, t->cx, TILE_ENTRIES, tile, width, &rest));
    for (unsigned i = 0; i < width; i++) {
        TRY(next_entry(t->cx, tile * TILE + i, &rest, &bytes));
        t->leaves[i] = merkle_leaf(bytes);
        TRY(take_entry(t, tile * TILE + i, bytes));
    }
    return rest.n == 0 ? 0
                       : fail(t->cx, RC_INVALID, NULL, _("There is more behind entry %llu."),
                              (unsigned long long)(tile * TILE + width - 1));
}

static int take_tile(void *arg, struct ctx *cx, size_t tile)
{
    struct bundle *b = arg;
    struct tile t = {.bundle = b, .cx = cx, .span = &b->spans[tile]};
    unsigned width = tile_width(b->checkpoint.size, tile);

    TRY(take_entries(&t, tile, width));
    TRY(compare_tile(b, cx, 0, tile, t.leaves, width));
    if (width == TILE)
        b->tops[tile] = top_of(t.leaves);
    return 0;
}

/* ---- the tree ---- */

/* Where the hashes of tiles' tops stand: level 1 first, then those above. */
static struct hash *tops_at(const struct bundle *b, unsigned level, uint64_t *ret_n)
{
    struct hash *tops = b->tops;
    uint64_t n = b->checkpoint.size / TILE;

    for (unsigned at = 1; at < level; at++) {
        tops += n;
        n /= TILE;
    }
    *ret_n = n;
    return tops;
}

static int check_levels(struct bundle *b)
{
    struct hash row[TILE], *tops, *above;
    uint64_t n, above_n;

    for (unsigned level = 1; tops = tops_at(b, level, &n), n > 0; level++) {
        above = tops_at(b, level + 1, &above_n);
        for (uint64_t tile = 0; tile < tile_count(n); tile++) {
            unsigned width = tile_width(n, tile);
            memcpy(row, tops + tile * TILE, width * sizeof *row);
            TRY(compare_tile(b, b->cx, level, tile, row, width));
            if (width == TILE)
                above[tile] = top_of(row);
        }
    }
    return 0;
}

struct reading {
    struct bundle *bundle;
    struct hash leaves[TILE]; /* of the tile that is not full, or of the one that a size cuts */
    uint64_t tile;
    bool there;
};

/* A complete node of the tree, from the tops of tiles below it. */
static int read_node(void *arg, struct ctx *cx, unsigned level, uint64_t index, struct hash *ret)
{
    struct reading *reading = arg;
    struct bundle *b = reading->bundle;
    unsigned stored = level / TILE_LEVELS, up = level % TILE_LEVELS;
    uint64_t first = index << up, n;
    struct hash row[TILE];
    const struct hash *from = row;

    if (stored > 0) {
        from = tops_at(b, stored, &n) + first;
    } else {
        uint64_t tile = first / TILE;
        if (!reading->there || reading->tile != tile)
            TRY(hash_tile(b, cx, tile, tile_width(b->checkpoint.size, tile), reading->leaves));
        reading->there = true;
        reading->tile = tile;
        from = reading->leaves + first % TILE;
    }
    memmove(row, from, ((size_t)1 << up) * sizeof *row);
    for (unsigned width = 1u << up >> 1; width > 0; width /= 2)
        for (unsigned k = 0; k < width; k++)
            row[k] = merkle_node(&row[2 * k], &row[2 * k + 1]);
    *ret = row[0];
    return 0;
}

int bundle_root(struct bundle *b, uint64_t size, struct hash *ret)
{
    struct arena *mem CLEANUP(arena_freep) = arena_new(0), *outer = b->cx->mem;
    struct reading reading = {.bundle = b, .there = false};

    b->cx->mem = mem;
    int rc = merkle_root_of(b->cx, read_node, &reading, size, ret);
    b->cx->err.text = str_copy(outer, b->cx->err.text);
    b->cx->mem = outer;
    return rc;
}

/* ---- chains ---- */

/* Each record has its versions 1, 2, 3 and so on, and each names the entry before. */
static int check_chains(struct bundle *b)
{
    uint64_t size = b->checkpoint.size, mask = 1;

    while (mask < 2 * size)
        mask <<= 1;
    uint64_t *last = arena_array(b->cx->mem, mask--, sizeof *last);
    for (uint64_t i = 0; i < size; i++) {
        struct known *now = &b->known[i];
        uint64_t at = now->record[0] & mask;
        while (last[at] > 0 &&
               memcmp(b->known[last[at] - 1].record, now->record, sizeof now->record) != 0)
            at = (at + 1) & mask;
        int64_t before = (int64_t)last[at] - 1;
        uint32_t rev = before >= 0 ? b->known[before].rev : 0;
        if (now->before != before || now->rev != rev + 1)
            return fail(b->cx, RC_INVALID, NULL,
                        _("Entry %llu does not follow the one before about the same record."),
                        (unsigned long long)i);
        if (before >= 0)
            b->known[before].last = false;
        now->last = true;
        last[at] = i + 1;
    }
    return 0;
}

/* ---- time ---- */

static void check_times(struct bundle *b)
{
    struct span all = {.back_n = 0};

    for (uint64_t tile = 0; tile < tile_count(b->checkpoint.size); tile++) {
        const struct span *span = &b->spans[tile];
        bool one = tile * TILE + 1 == b->checkpoint.size;
        if (tile > 0 && memcmp(span->first, all.last, INSTANT) < 0)
            note_back(&all, tile * TILE);
        if (span->back_n > 0 && all.back_n == 0)
            all.back_at = span->back_at;
        all.back_n += span->back_n;
        memcpy(all.last, one ? span->first : span->last, INSTANT);
    }
    if (all.back_n > 0)
        bundle_say(b, SAID_NOTE,
                   _("The clock went back %u times, first at entry %llu. The order of the entries "
                     "holds all the same."),
                   all.back_n, (unsigned long long)all.back_at);
}

/* ---- lists ---- */

static int by_entry(const void *a, const void *b)
{
    const struct blob *x = a, *y = b;

    return (x->n > y->n) - (x->n < y->n);
}

static int by_target(const void *a, const void *b)
{
    const struct erased *x = a, *y = b;

    return x->seq != y->seq ? (x->seq > y->seq) - (x->seq < y->seq) : str_cmp(x->field, y->field);
}

bool bundle_is_erased(const struct bundle *b, uint64_t seq, struct str field)
{
    const struct erased key = {seq, field};

    return b->erased_n > 0 && bsearch(&key, b->erased, b->erased_n, sizeof key, by_target) != NULL;
}

static void sort_lists(struct bundle *b)
{
    if (b->blob_n > 0)
        qsort(b->blobs, b->blob_n, sizeof *b->blobs, by_entry);
    if (b->erased_n > 0)
        qsort(b->erased, b->erased_n, sizeof *b->erased, by_target);
}

/* ---- all ---- */

/* Tiles that a ledger of this size does not have. */
static int check_number(struct bundle *b)
{
    uint64_t expected = tile_count(b->checkpoint.size), found = 0;

    for (uint64_t n = b->checkpoint.size; n > 0; n /= TILE)
        expected += tile_count(n);
    for (size_t i = zip_from(b->zip, STR(FOLDER));
         i < b->zip->n && str_starts(b->zip->items[i].name, STR(FOLDER)); i++)
        found++;
    return found == expected ? 0
                             : fail(b->cx, RC_INVALID, NULL,
                                    _("There are %llu tiles; a ledger of this size has %llu."),
                                    (unsigned long long)found, (unsigned long long)expected);
}

int bundle_check_tree(struct bundle *b)
{
    uint64_t size = b->checkpoint.size;
    struct work work;
    struct hash root;

    if (size > b->zip->n * (uint64_t)TILE)
        return fail(b->cx, RC_INVALID, NULL, _("Entries are missing: the checkpoint says %llu."),
                    (unsigned long long)size);
    b->known = arena_array(b->cx->mem, size + 1, sizeof *b->known);
    b->tops = arena_array(b->cx->mem, size / (TILE - 1) + 1, sizeof *b->tops);
    b->spans = arena_array(b->cx->mem, tile_count(size) + 1, sizeof *b->spans);
    randombytes_buf(b->place_key, sizeof b->place_key);
    work_each(b->cx->mem, tile_count(size), take_tile, b, &work);
    if (!bundle_holds(b, &work))
        return fail(b->cx, RC_INVALID, NULL,
                    _("The entries are not whole; what hangs on them was not checked."));
    sort_lists(b);
    TRY(check_levels(b));
    TRY(bundle_root(b, size, &root));
    if (!merkle_same(&root, &b->checkpoint.root))
        return fail(b->cx, RC_INVALID, NULL,
                    _("The entries do not make the root that was signed: one of them was changed, "
                      "removed or added."));
    TRY(check_number(b));
    TRY(check_chains(b));
    check_times(b);
    bundle_say(b, SAID_HOLDS,
               _("All %llu entries are there, in their order, and make the root that was signed."),
               (unsigned long long)size);
    return 0;
}
