/*
 * Group commit: connections of one process to one SQLite file that share the wait for the disk.
 *
 * SQLite lets one connection write at a time and waits for the disk at the end of each transaction,
 * while all others wait for it. Connections that have joined a group end their transactions without
 * that, so that the next one can begin, and then wait together: whoever is the first makes the log
 * safe for all that have ended by then. tx_commit() comes back as ever: what it acknowledges is on
 * the disk. Others may read a change a moment before. Where the disk fails, tx_commit() says that
 * nobody knows whether the change was saved; with an idempotency key it may be sent again, and is
 * acknowledged only once it is safe.
 *
 * A PostgreSQL server does the same by itself: joining does nothing there.
 *
 * store_groups_new() makes what a program with threads has once; any thread may join and commit.
 */
#ifndef ASSAY_STORE_GROUP_H
#define ASSAY_STORE_GROUP_H

#include "store/store.h"

struct store_groups;

struct store_groups *store_groups_new(void);
void store_groups_free(struct store_groups *groups); /* after all stores; NULL is fine */

/* From now on the store shares with all others that were opened at the same path. */
void store_groups_join(struct store_groups *groups, struct store *store);

/* Transactions that were acknowledged so far, and how often the disk was waited for. */
void store_groups_counts(struct store_groups *groups, uint64_t *ret_commits, uint64_t *ret_waits);

#endif
