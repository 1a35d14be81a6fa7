/*
 * What opens a version, for whoever it is given to: what its entry in the ledger commits to, the
 * salt of that commitment, and of each sealed field that was not erased the salt and the value.
 */
#ifndef ASSAY_REGISTER_RECORD_OPENINGS_H
#define ASSAY_REGISTER_RECORD_OPENINGS_H

#include "register/record.h"

struct record_opening {
    struct str field;
    struct str salt; /* hexadecimal digits */
    struct str json; /* of the value (RFC 8785) */
};

struct record_openings {
    struct str sealed; /* {"body": ..., "ref": ...} */
    struct str salt;
    struct record_opening *items; /* by field */
    size_t n;
};

/* All lives in cx->mem. */
MUST_CHECK int record_openings(struct ctx *cx, const struct record_store *rs,
                               const struct record *record, struct record_openings *ret);

#endif
