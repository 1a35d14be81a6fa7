/*
 * An entry of the ledger: one line of canonical JSON in exactly the form in which the ledger writes
 * it (docs/verify-by-hand.md), read without a JSON library, since a bundle has all of them, a
 * million or more. What has another form is none.
 */
#ifndef ASSAY_VERIFY_ENTRY_H
#define ASSAY_VERIFY_ENTRY_H

#include "base/err.h"
#include "base/hash.h"

#define ENTRY_BYTES 16384u

struct entry {
    uint64_t n;
    int64_t before;      /* the previous entry about the same record, -1 for none */
    int64_t rev;         /* the record's version, from 1 on */
    struct str at, type; /* "2026-11-30T10:00:00.000Z", "record.set" */
    struct str record, reg;
    struct hash body, blob; /* commitments */
    bool has_body, has_blob;
    struct str more; /* what stands under "x", "" for nothing */
};

/* False for anything that the ledger would not write. Texts point into `bytes`. */
bool entry_parse(struct str bytes, struct entry *ret);

/* What an entry of an erasure names, one after the other: `*at` is 0 at first. False at the end. */
bool entry_erased(const struct entry *entry, size_t *at, uint64_t *ret_seq, struct str *ret_field);

#endif
