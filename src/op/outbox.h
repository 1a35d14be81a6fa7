/*
 * Mail on its way, kept in the home's directory, so that it goes on after a restart.
 *
 * A row says what to write to whom; the text is made when it is sent (op/letters.h), and with it
 * the token of the link in it, so that neither lies anywhere. outbox_take() gives one to send for
 * OUTBOX_LEASE_MS; outbox_handed() says, before the server gets a byte, that it may have it from
 * now on; outbox_end() says what became of it. One that was not handed over is tried again, later
 * and later, until its time is over. One that was, and of which nobody knows whether it was taken,
 * is never sent again by itself: somebody decides that (outbox_again()).
 *
 * Every function may be called by any thread with a directory of its own.
 */
#ifndef ASSAY_OP_OUTBOX_H
#define ASSAY_OP_OUTBOX_H

#include "proc/mail.h"
#include "store/store.h"

#define OUTBOX_LEASE_MS ((int64_t)3 * 60 * 1000)
#define OUTBOX_UNTIL_MS ((int64_t)3 * 24 * 60 * 60 * 1000) /* so long it is tried */
#define OUTBOX_SENT_MS ((int64_t)24 * 60 * 60 * 1000)      /* so long one sent is kept */
#define OUTBOX_KEPT_MS ((int64_t)30 * 24 * 60 * 60 * 1000) /* and one that was not */

struct letter {
    struct str id, kind;             /* of op/letters.h */
    struct str organisation, person; /* "" for none */
    struct str account;              /* "" for none */
    struct str address, name;
    struct value *facts; /* a map: what it says */
    struct str asked_by; /* a name, "" for nobody */
    struct str state;    /* waiting, taken, handed, sent, failed, unsure */
    int64_t tries;
    int64_t lasts_ms; /* for outbox_add(): 0 for OUTBOX_UNTIL_MS */
    struct str made_at, next_at, ended_at;
    struct str said; /* why it was not sent */
};

/* Takes the place of one of the same kind to the same person or account that waits. RC_INVALID for
 * an address that is none. */
MUST_CHECK int outbox_add(struct ctx *cx, struct store *directory, struct letter *letter);

/* Whether outbox_take() would give one. */
MUST_CHECK int outbox_due(struct ctx *cx, struct store *directory, bool *ret);
/* The next to be sent, `*ret_any` false for none; `early` takes those too that are to wait. */
MUST_CHECK int outbox_take(struct ctx *cx, struct store *directory, bool early, struct letter *ret,
                           bool *ret_any);
/* RC_CONFLICT where it is no longer ours to send. */
MUST_CHECK int outbox_handed(struct ctx *cx, struct store *directory, struct str id);
MUST_CHECK int outbox_end(struct ctx *cx, struct store *directory, struct str id,
                          const struct mailed *mailed);
/* As outbox_end() for what cannot be written at all. */
MUST_CHECK int outbox_give_up(struct ctx *cx, struct store *directory, struct str id,
                              struct str said);

typedef int letter_each(void *arg, struct ctx *cx, const struct letter *letter);
/* Those of an organisation, or where that is "" all; the last first. */
MUST_CHECK int outbox_list(struct ctx *cx, struct store *directory, struct str organisation,
                           letter_each *each, void *arg);
/* The persons of an organisation to whom one of a kind was sent, or is just being sent, in the last
 * `ms`: a map with true for each. */
MUST_CHECK int outbox_lately(struct ctx *cx, struct store *directory, struct str organisation,
                             struct str kind, int64_t ms, struct value **ret);
/* The id, or its last eight letters. From now on as if it was new; for one that failed, or nobody
 * knows about. RC_NOT_FOUND. */
MUST_CHECK int outbox_again(struct ctx *cx, struct store *directory, struct str organisation,
                            struct str id);
/* Takes it away, unless it is just being sent. RC_NOT_FOUND. */
MUST_CHECK int outbox_drop(struct ctx *cx, struct store *directory, struct str organisation,
                           struct str id);
/* Takes away what is old. */
MUST_CHECK int outbox_forget(struct ctx *cx, struct store *directory);

#endif
