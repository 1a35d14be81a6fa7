/*
 * Many changes in one transaction, of which some work is done once for all of them, at its end: the
 * head of the ledger is read and written, and the index of words brought in line. FTS5 writes down
 * what it has at every savepoint, of which each change is one, and sorts it into the rest again.
 *
 *     TX(tx, cx, store);
 *     TRY(record_together_begin(cx, &records, &together));
 *     ... record_write(), record_advance() ...
 *     TRY(record_together_end(cx, &records));
 *     return tx_commit(cx, &tx);
 *
 * What waits lives in cx->mem of record_together_begin(). Until the end nobody searches, or reads
 * the ledger, through this store. After a change that was refused record_together_back() takes away
 * what it left; `before` is a copy from before it. Where one that is refused ends them all, `whole`
 * says so after record_together_begin(): then none of them needs a savepoint.
 */
#ifndef ASSAY_REGISTER_RECORD_TOGETHER_H
#define ASSAY_REGISTER_RECORD_TOGETHER_H

#include "ledger/log.h"
#include "register/record.h"

struct record_words;

struct record_together {
    struct arena *mem;
    struct record_words *words; /* as record_search.c has them */
    size_t n, room;
    struct log_batch ledger; /* of a store with keys */
    bool whole;
};

MUST_CHECK int record_together_begin(struct ctx *cx, struct record_store *rs,
                                     struct record_together *ret);
MUST_CHECK int record_together_end(struct ctx *cx, struct record_store *rs);
void record_together_back(struct record_together *together, const struct record_together *before);

#endif
