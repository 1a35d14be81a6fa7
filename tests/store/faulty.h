/*
 * A disk that fails, for tests. From faulty_new() to faulty_free() every SQLite database that this
 * process opens by a path lies on it: a VFS over SQLite's own that counts each call which changes
 * something (writes, syncs, truncations, deletions, files and shared memory that are made), lets
 * some of them fail, and remembers all, so that what a power cut would have left can be made
 * afterwards. Databases are closed before faulty_free(). Calls may come from several threads.
 *
 * What a cut leaves: of a file all that was written before its last successful sync; what came
 * after, cut into sectors of 512 bytes, is lost, kept, or kept at random with some sectors torn.
 * A sync that fails loses what it should have saved, as Linux marks such pages as clean.
 */
#ifndef ASSAY_TESTS_STORE_FAULTY_H
#define ASSAY_TESTS_STORE_FAULTY_H

#include "base/base.h"

struct faulty;

struct faulty *faulty_new(void);
void faulty_free(struct faulty *disk);

enum faulty_how {
    FAULTY_EIO,   /* the call does nothing and is an error of input or output */
    FAULTY_FULL,  /* it does nothing, as the disk is full */
    FAULTY_SHORT, /* a write does half of its work, then the disk is full; else as FAULTY_FULL */
};

/* The n-th call from now on, counted from 1, fails; with `on` all after it do, too. 0 for none. */
void faulty_fail(struct faulty *disk, enum faulty_how how, uint64_t n, bool on);
bool faulty_has_failed(struct faulty *disk); /* since then */

uint64_t faulty_calls(struct faulty *disk); /* so far */

/* From now on nothing fails, is counted or remembered, as the disk is only looked at. It still
 * waits for no sync. */
void faulty_rest(struct faulty *disk);

/* From now on each sync takes so long. */
void faulty_slow(struct faulty *disk, unsigned sync_ms);

/* From now on files are opened without what a write-ahead log needs, as on some network disks. */
void faulty_share_nothing(struct faulty *disk);

enum faulty_left { FAULTY_LOST, FAULTY_KEPT, FAULTY_TORN };

/* Writes into `folder` the files that a power cut after the first `calls` calls would leave. */
MUST_CHECK int faulty_cut(struct ctx *cx, struct faulty *disk, uint64_t calls,
                          enum faulty_left left, uint64_t seed, const char *folder);

#endif
