/*
 * An entry of the ledger: one line of canonical JSON with known keys, read without a JSON library,
 * since a bundle has all of them, a million or more.
 */
#ifndef ASSAY_VERIFY_ENTRY_H
#define ASSAY_VERIFY_ENTRY_H

#include "base/err.h"

struct entry {
    uint64_t n;
    int64_t before; /* the previous entry about the same object, -1 for none */
    struct str at, type;
    struct str object;      /* its id, "" for none */
    struct str commitments; /* the map as it stands, "" for none */
};

/* False for anything that the ledger would not write. Texts point into `bytes`. */
bool entry_parse(struct str bytes, struct entry *ret);

/* The hexadecimal digits of one commitment, "" for none. */
struct str entry_commitment(const struct entry *entry, const char *name);

#endif
