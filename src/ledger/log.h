/*
 * The log of an organisation, in its store: entries, the nodes of the tree over them, its head and
 * its signed checkpoints. What entries say is not known here; they are bytes that are hashed as
 * they stand.
 *
 * Appending belongs into the transaction that makes what the entry is about: then there is no entry
 * without it and the other way round. Whoever appends is alone (store.h, TX), so that numbers have
 * no gap.
 */
#ifndef ASSAY_LEDGER_LOG_H
#define ASSAY_LEDGER_LOG_H

#include "ledger/merkle.h"
#include "store/store.h"

#define LOG_ENTRY_BYTES 16384u /* an entry's length fits a number of 16 bits in tiles */

/* Statements over a store that are ready to run again. Made with log_open(), of memory of its own;
 * ended before the store. */
struct log;

struct log_head {
    struct str origin, at;
    struct merkle_frontier frontier; /* with its size */
    struct hash root;
};

struct log *log_open(struct store *store);
void log_close(struct log *log); /* NULL is fine */

/* Begins a log without entries under the name `origin`. RC_CONFLICT where there is one. */
MUST_CHECK int log_begin(struct ctx *cx, struct store *store, struct str origin);
/* Takes the log away with all that belongs to it. */
MUST_CHECK int log_clear(struct ctx *cx, struct store *store);

/* RC_NOT_FOUND where no log was begun. */
MUST_CHECK int log_head(struct ctx *cx, struct log *log, struct log_head *ret);

/* Appends entry `n`, which must be the next (RC_FAIL: the store was changed by others), made at the
 * instant `at`. RC_LIMIT for one of more than LOG_ENTRY_BYTES. */
MUST_CHECK int log_append(struct ctx *cx, struct log *log, uint64_t n, struct str entry,
                          struct str at);
/* The same for many, one after the other: the head is written once, at the end. */
struct log_batch {
    struct log_head head;
};
MUST_CHECK int log_batch_begin(struct ctx *cx, struct log *log, struct log_batch *ret);
MUST_CHECK int log_batch_add(struct ctx *cx, struct log *log, struct log_batch *batch,
                             struct str entry, struct str at);
/* RC_FAIL where entry `n` is not the next. */
MUST_CHECK int log_batch_next(struct ctx *cx, const struct log_batch *batch, uint64_t n);
MUST_CHECK int log_batch_end(struct ctx *cx, struct log *log, const struct log_batch *batch);

/* RC_NOT_FOUND where there is none of this number. */
MUST_CHECK int log_entry(struct ctx *cx, struct log *log, uint64_t n, struct str *ret);

/* Of stored nodes. RC_INVALID for a size that the log has not reached. */
MUST_CHECK int log_root(struct ctx *cx, struct log *log, uint64_t size, struct hash *ret);
MUST_CHECK int log_inclusion(struct ctx *cx, struct log *log, uint64_t n, uint64_t size,
                             struct merkle_proof *ret);
MUST_CHECK int log_consistency(struct ctx *cx, struct log *log, uint64_t old, uint64_t size,
                               struct merkle_proof *ret);

/* ---- checkpoints ---- */

struct log_checkpoint {
    uint64_t size; /* 0 where there is none */
    struct str note;
    struct str at; /* the instant of the last entry that it is over */
};

/* The last one of `most` entries or less. */
MUST_CHECK int log_checkpoint_last(struct ctx *cx, struct log *log, uint64_t most,
                                   struct log_checkpoint *ret);
/* Keeps one, in the place of another of the same size, and the public keys (note_key_text()) that
 * the log has, of which those not seen yet are from this size on. */
MUST_CHECK int log_checkpoint_put(struct ctx *cx, struct log *log,
                                  const struct log_checkpoint *checkpoint, const struct str *keys,
                                  size_t key_n);
/* The public keys, oldest first: a list of {key, from, until}. */
MUST_CHECK int log_keys(struct ctx *cx, struct log *log, struct value **ret);

/* ---- time stamps (RFC 3161) ---- */

/* Keeps the reply of an authority to the checkpoint over `size` entries; there is one of each. */
MUST_CHECK int log_stamp_put(struct ctx *cx, struct log *log, uint64_t size, struct str authority,
                             struct str reply);
/* All of them, by size: a list of {size, authority, reply (Base64)}. */
MUST_CHECK int log_stamps(struct ctx *cx, struct log *log, struct value **ret);

/* 64 hexadecimal digits and back. */
struct str log_hex(struct arena *mem, const struct hash *hash);
bool log_unhex(struct str hex, struct hash *ret);

#endif
