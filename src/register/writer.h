/*
 * The one writer of an organisation: a thread with a connection of its own, to which any number of
 * other threads hand their changes. It makes those that wait, up to WRITER_BATCH of them, in one
 * transaction, each in a savepoint, so that what one is refused for touches no other; and answers
 * all of them when that transaction has been committed. So what was acknowledged is on the disk,
 * and many changes share the wait for it.
 *
 * What belongs to the writer lives in memory of its own, until writer_close(); the definitions
 * outlive it. writer_write() may be called from any thread with that thread's context. Nobody else
 * writes to the store meanwhile but in transactions, which take turns with the writer's.
 */
#ifndef ASSAY_REGISTER_WRITER_H
#define ASSAY_REGISTER_WRITER_H

#include "register/record.h"

#define WRITER_BATCH 64u /* changes in one transaction */

struct writer;

/* Opens the store at `where` (store_open_schema()) and starts the thread. The store's tables are
 * there. `keys` may be NULL for a store without ledger. */
MUST_CHECK int writer_open(struct ctx *cx, const char *where, const char *schema,
                           const struct registers *registers, struct record_keys *keys,
                           struct writer **ret);
/* Waits until all is written that was handed over, and has a checkpoint signed. NULL is fine. */
void writer_close(struct writer *writer);

/*
 * Hands a change over and waits until it is written and committed, or refused: what record_write()
 * gives, or record_advance() where `to` is not empty. `ret` lives in cx->mem. Where the commit
 * failed for all, each of them is told so; with an idempotency key it may be sent again.
 */
MUST_CHECK int writer_write(struct ctx *cx, struct writer *writer,
                            const struct record_change *change, struct str to, struct record *ret);

/* Transactions and changes so far, for tests and figures. */
void writer_counts(struct writer *writer, uint64_t *ret_batches, uint64_t *ret_changes);

#endif
