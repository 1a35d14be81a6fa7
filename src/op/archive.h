/*
 * An organisation as one archive: what export, backup, restore and move are made of.
 *
 * It is a ZIP of
 *
 *     archive.json            that it is one: {format, version, program, organisation, ...}
 *     README.txt              what is what, for people
 *     records/REGISTER.jsonl  every version of every record, one a line, oldest first
 *     ledger/TABLE.jsonl      the ledger, and what opens the versions (docs/ledger.md)
 *     csv/REGISTER.csv        the records as they are now, for people
 *     definitions/PATH        the registers' definitions, as they were
 *     content/PATH            the organisation's own registers and rules
 *     files/PATH              its files
 *
 * archive_write() reads the store in one transaction, so that all of it is of one moment, and
 * writes piece by piece to any descriptor: its memory does not grow with the organisation.
 * archive_read() puts it into an organisation that has no more in it than it was made with, in one
 * transaction: ids, refs, versions, instants and actors are what they were. A later version of the
 * program reads what an earlier one wrote; an earlier one refuses what it does not know.
 *
 * An archive is a stranger's file: its members are unpacked in a child process, one at a time, to a
 * temporary file. Names that lead out of the folder of files are refused. What its versions say is
 * taken as it is: archive_whole() compares it with the ledger that came with it.
 */
#ifndef ASSAY_OP_ARCHIVE_H
#define ASSAY_OP_ARCHIVE_H

#include "op/home.h"

#define ARCHIVE_FORMAT "assay-archive"
#define ARCHIVE_VERSION 2
#define ARCHIVE_MEMBERS 200000u
#define ARCHIVE_MEMBER_BYTES ((uint64_t)64 * 1024 * 1024 * 1024)

/* Whether an archive can be read by whoever has it. One that is sealed has no csv/, in versions
 * only what is sealed, and the organisation's key as the home's keeper encrypted it: it is of use
 * where that home's keys are. One that is open has the bare key. */
enum archive_openness { ARCHIVE_SEALED, ARCHIVE_OPEN };

struct archive_counts {
    uint64_t registers, records, versions, files;
    bool has_ledger; /* those of before there was one have none */
};

MUST_CHECK int archive_write(struct ctx *cx, struct organisation *org, int fd,
                             enum archive_openness openness, struct archive_counts *ret);

/* Whether a file begins as an archive does. */
bool archive_is(int fd);

/* What an archive says of itself: archive.json. */
MUST_CHECK int archive_look(struct ctx *cx, int fd, const char *path, struct value **ret);

/* RC_CONFLICT where the organisation has records of its own; RC_INVALID for what is no whole
 * archive, or of a later format. `fd` is a file; `path` is for messages. */
MUST_CHECK int archive_read(struct ctx *cx, struct organisation *org, int fd, const char *path,
                            struct archive_counts *ret);

/* Compares what was taken in with the ledger that came with it, if any, and its files with what was
 * filed. `*ret_said` is "" where all is whole, else a sentence that says how much is not. */
MUST_CHECK int archive_whole(struct ctx *cx, struct organisation *org,
                             const struct archive_counts *counts, struct str *ret_said);

#endif
