/* The ledger's part of a bundle: keys, checkpoints, stamps, entries and hashes. */
#include <stdlib.h>

#include "ledger/stamp.h"
#include "ledger/tile.h"
#include "op/bundle_parts.h"

/* ---- what was before ---- */

/* Those that signed, and those that the keeper has: one that is new signs this bundle first. */
static int put_keys(struct bundle_writer *w)
{
    struct record_keys *of = w->call->org->records.keys;
    struct buf out = buf_new(w->cx->mem);
    struct str now[KEEPER_LOG_KEYS];
    struct log_head head;
    struct value *keys;
    size_t n;

    TRY(log_keys(w->cx, w->log, &keys));
    for (size_t i = 0; i < value_count(keys); i++)
        buf_printf(&out, "%.*s\n", STR_ARG(value_get_text(value_at(keys, i), "key")));
    TRY(log_head(w->cx, w->log, &head));
    TRY(of->public_keys(of, w->cx, head.origin, now, &n));
    for (size_t i = 0; i < n; i++)
        if (str_find(buf_str(&out), now[i], 0) == SIZE_MAX)
            buf_printf(&out, "%.*s\n", STR_ARG(now[i]));
    return bundle_member(w, STR("ledger/keys.txt"), buf_str(&out));
}

/* One for each ten days, and all that were stamped: enough to follow keys that changed. */
static int put_previous(struct bundle_writer *w)
{
    struct ctx *cx = w->cx;
    bool row;
    STMT(s);

    TRY(store_prepare(
        cx, w->call->org->store,
        STR("SELECT size, note FROM ledger_checkpoint WHERE size IN (SELECT MAX(size) "
            "FROM ledger_checkpoint GROUP BY substr(at, 1, 9)) OR size IN (SELECT size "
            "FROM ledger_stamp) ORDER BY size"),
        &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        TRY(bundle_member(w, str_printf(cx->mem, "ledger/previous/%lld", (long long)stmt_int(s, 0)),
                          stmt_text(cx->mem, s, 1)));
    }
}

static int put_stamp(struct bundle_writer *w, uint64_t size, struct str authority, struct str text)
{
    struct str reply;
    struct stamp stamp;

    if (!base64_decode(w->cx->mem, text, &reply))
        return fail(w->cx, RC_FAIL, NULL,
                    _("The time stamp of the checkpoint over %llu entries was changed by something "
                      "else than Assay."),
                    (unsigned long long)size);
    TRY(stamp_parse(w->cx, reply, &stamp));
    *ARENA_PUSH(w->cx->mem, w->anchors, w->anchor_n, w->anchor_room) =
        (struct bundle_anchor){size, stamp.at, authority};
    return bundle_member(w,
                         str_printf(w->cx->mem, "ledger/stamps/%llu.%.*s.tsr",
                                    (unsigned long long)size, STR_ARG(authority)),
                         reply);
}

static int put_stamps(struct bundle_writer *w)
{
    struct ctx *cx = w->cx;
    bool row;
    STMT(s);

    TRY(store_prepare(
        cx, w->call->org->store,
        STR("SELECT size, authority, reply FROM ledger_stamp ORDER BY size, authority"), &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        TRY(put_stamp(w, (uint64_t)stmt_int(s, 0), stmt_text(cx->mem, s, 1),
                      stmt_text(cx->mem, s, 2)));
    }
}

int bundle_put_past(struct bundle_writer *w)
{
    TRY(put_keys(w));
    TRY(put_previous(w));
    return put_stamps(w);
}

/* ---- tiles ---- */

struct tiles {
    struct bundle_writer *w;
    uint64_t size;
    struct hash *hashes; /* of the level in hand */
    struct merkle_frontier frontier;
};

static int put_tile(struct bundle_writer *w, unsigned level, uint64_t tile, unsigned width,
                    struct str bytes)
{
    struct arena *mem CLEANUP(arena_freep) = arena_new(0);
    struct str name = tile_name(mem, level, tile, width);

    return zip_out_add(w->cx, w->zip, str_printf(mem, "ledger/tile/%.*s", STR_ARG(name)), bytes);
}

static int read_tile(struct tiles *t, struct ctx *cx, uint64_t tile, struct buf *out)
{
    struct merkle_made made[MERKLE_LEVELS];
    unsigned width = tile_width(t->size, tile);
    struct str entry;

    for (unsigned i = 0; i < width; i++) {
        uint64_t n = tile * TILE_WIDTH + i;
        TRY(log_entry(cx, t->w->log, n, &entry));
        buf_char(out, (char)(entry.n >> 8));
        buf_char(out, (char)entry.n);
        buf_add(out, entry);
        t->hashes[n] = merkle_leaf(entry);
        (void)merkle_append(&t->frontier, &t->hashes[n], made);
    }
    return 0;
}

static int put_entries(struct tiles *t)
{
    for (uint64_t tile = 0; tile < tile_count(t->size); tile++) {
        struct arena *mem CLEANUP(arena_freep) = arena_new(0);
        struct ctx in = ctx_in(t->w->cx, mem);
        struct buf out = buf_new(mem);
        TRY(ctx_end(t->w->cx, &in, read_tile(t, &in, tile, &out)));
        TRY(put_tile(t->w, TILE_ENTRIES, tile, tile_width(t->size, tile), buf_str(&out)));
    }
    return 0;
}

/* The tiles of one level, and the hashes of the next in place of its own. */
static int put_level(struct tiles *t, unsigned level, uint64_t n)
{
    for (uint64_t tile = 0; tile < tile_count(n); tile++) {
        unsigned width = tile_width(n, tile);
        struct hash *row = t->hashes + tile * TILE_WIDTH;
        TRY(put_tile(t->w, level, tile, width,
                     (struct str){(const char *)row, width * sizeof *row}));
        for (unsigned half = TILE_WIDTH / 2; width == TILE_WIDTH && half > 0; half /= 2)
            for (unsigned k = 0; k < half; k++)
                row[k] = merkle_node(&row[2 * k], &row[2 * k + 1]);
        t->hashes[tile] = row[0];
    }
    return 0;
}

static int put_tiles(struct tiles *t, const struct hash *root)
{
    unsigned level = 0;

    TRY(put_entries(t));
    const struct hash made = merkle_root(&t->frontier);
    if (!merkle_same(&made, root))
        return fail(t->w->cx, RC_CONFLICT, NULL,
                    _("The ledger is not what was signed, so that no bundle of it would verify. "
                      "What was changed: assay ledger verify."));
    for (uint64_t n = t->size; n > 0; n /= TILE_WIDTH)
        TRY(put_level(t, level++, n));
    return 0;
}

int bundle_put_ledger(struct bundle_writer *w)
{
    struct log_checkpoint checkpoint;
    struct checkpoint said;

    TRY(log_checkpoint_last(w->cx, w->log, w->counts.entries, &checkpoint));
    size_t end = str_find(checkpoint.note, STR("\n\n"), 0);
    TRY(checkpoint_parse(w->cx, str_sub(checkpoint.note, 0, end == SIZE_MAX ? 0 : end + 1), &said));
    TRY(zip_out_add(w->cx, w->zip, STR("ledger/checkpoint"), checkpoint.note));
    struct tiles t = {.w = w, .size = said.size};
    t.hashes = arena_array(w->cx->mem, said.size + 1, sizeof *t.hashes);
    return put_tiles(&t, &said.root);
}
