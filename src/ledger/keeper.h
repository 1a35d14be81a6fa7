/*
 * The keeper: a child process that is the only holder of an installation's keys. It wraps and
 * unwraps the keys under which personal data and files are encrypted, and it signs checkpoints of
 * ledgers, with a memory of its own of what it signed last.
 *
 * Its keys lie in one folder (0700, files 0600, each written whole under another name, made durable
 * and renamed):
 *
 *     kek            keys that wrap data keys, the newest last
 *     log-HASH       the signing keys of one ledger; HASH is that of its origin
 *     log-HASH.last  {origin, size, root} of the last checkpoint that was signed
 *
 * `last` is made durable before a signature leaves the process. A tree that is smaller than what it
 * remembers, or does not begin with it, is not signed: who restores an old copy of the database, or
 * rewrites it, cannot go on under the same key unnoticed.
 *
 * The keeper is forked from the running program when it is first needed. It opens nothing but its
 * folder, starts nothing, connects to nothing, leaves no core and keeps its keys in locked memory;
 * it ends when its parent's end of their socket is closed, so with its parent. One that has ended
 * is started again by the next call. Several programs may have a keeper on the same folder: they
 * take turns by a lock. A struct keeper may be used by several threads, each with a context of its
 * own.
 */
#ifndef ASSAY_LEDGER_KEEPER_H
#define ASSAY_LEDGER_KEEPER_H

#include "ledger/merkle.h"
#include "ledger/note.h"

#define KEEPER_KEY_BYTES 32u     /* of a data key */
#define KEEPER_WRAPPED_BYTES 44u /* the wrapping key's number, then RFC 3394 */
#define KEEPER_MANY 1000u        /* keys of one message; calls with more send several */
#define KEEPER_ORIGIN_BYTES 200u
#define KEEPER_LOG_KEYS 8u /* signing keys of one ledger that are kept */

struct keeper;

/* `folder` is where the keys lie; it has to be there, and to be its owner's only. Nothing is
 * started yet, and nothing read. */
MUST_CHECK int keeper_new(struct ctx *cx, struct str folder, struct keeper **ret);
/* For a program that will have threads, before it has any: starts the keeper now, and a process
 * beside it that starts it again where it has ended, so that nothing is forked from a program with
 * threads. */
MUST_CHECK int keeper_ready(struct ctx *cx, struct keeper *keeper);
void keeper_free(struct keeper *keeper); /* ends the process; NULL is fine */

/* ---- data keys ---- */

struct keeper_key {
    unsigned char bytes[KEEPER_KEY_BYTES];
};

struct keeper_wrapped {
    unsigned char bytes[KEEPER_WRAPPED_BYTES];
};

/* `n` data keys under the newest wrapping key, which is made where there is none. */
MUST_CHECK int keeper_wrap(struct ctx *cx, struct keeper *keeper, const struct keeper_key *keys,
                           size_t n, struct keeper_wrapped *ret);

/* And back. RC_INVALID where one is no wrapped key, or was changed; RC_NOT_FOUND where the wrapping
 * key is not in the folder: it was wrapped by another installation. */
MUST_CHECK int keeper_unwrap(struct ctx *cx, struct keeper *keeper,
                             const struct keeper_wrapped *wrapped, size_t n,
                             struct keeper_key *ret);

/* A new wrapping key. What was wrapped under older ones can still be unwrapped, until
 * keeper_forget() takes these away: once all data keys have been wrapped again. */
MUST_CHECK int keeper_rotate(struct ctx *cx, struct keeper *keeper);
MUST_CHECK int keeper_forget(struct ctx *cx, struct keeper *keeper);

/* ---- ledgers ---- */

/* The public keys of the ledger `origin` as note_key_text() has them, the newest last; the first is
 * made where there is none. They live in cx->mem. */
MUST_CHECK int keeper_public(struct ctx *cx, struct keeper *keeper, struct str origin,
                             struct str *ret, size_t *ret_n);

/* A new signing key of `origin`. For 30 days checkpoints are signed by the one before it too. */
MUST_CHECK int keeper_rotate_log(struct ctx *cx, struct keeper *keeper, struct str origin,
                                 struct str *ret_public);

/* What shows that the keys follow on one another: of each but the first a note (note_link_parse()),
 * signed by the one before it and by itself. At most KEEPER_LOG_KEYS of them, in cx->mem. */
MUST_CHECK int keeper_links(struct ctx *cx, struct keeper *keeper, struct str origin,
                            struct str *ret, size_t *ret_n);

/* How the tree that somebody has stands to what the keeper signed last. */
enum keeper_stand {
    KEEPER_EQUAL,  /* it is that */
    KEEPER_AHEAD,  /* it is larger and begins with that: as all should be */
    KEEPER_BEHIND, /* it is smaller: entries are missing, as after the restore of an older copy */
    KEEPER_FORKED, /* it is another: what was signed has been changed */
    KEEPER_LOST,   /* the keeper has a key, but its memory is gone */
};

/* What it remembers: of a ledger that it has never signed size 0. RC_CONFLICT where that is lost.
 */
MUST_CHECK int keeper_last(struct ctx *cx, struct keeper *keeper, struct str origin,
                           struct checkpoint *ret);

/* Proves to the keeper that the tree of the checkpoint begins with that of `old` entries. */
typedef int keeper_prove(void *arg, struct ctx *cx, uint64_t old, struct merkle_proof *ret);

/*
 * Signs a checkpoint: `ret_note` is the note, by the newest key and others that are still in use.
 * `prove` is asked for what the keeper then remembers, at most KEEPER_TRIES times where others sign
 * meanwhile. `ret_stand` (NULL for who does not care) is set in any case that is decided. Errors:
 * RC_CONFLICT and KEEPER_BEHIND for a tree that is smaller (another writer may have signed a larger
 * one in between: read the head again before you believe it); RC_DENIED and KEEPER_FORKED for one
 * that does not begin with what was signed; RC_CONFLICT and KEEPER_LOST.
 */
#define KEEPER_TRIES 8u
MUST_CHECK int keeper_sign(struct ctx *cx, struct keeper *keeper,
                           const struct checkpoint *checkpoint, keeper_prove *prove, void *arg,
                           enum keeper_stand *ret_stand, struct str *ret_note);

#endif
