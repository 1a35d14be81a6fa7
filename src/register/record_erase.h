/*
 * Erasing: what opens the sealed values of a person or a record is destroyed, and nobody reads them
 * again, neither here nor in whatever is made of the store later. The ledger keeps its commitments
 * to them, which nobody can test a guess against, so that all proofs hold (docs/erasure.md).
 *
 * Of a person go all values that are sealed under their key: those of their own record, and of the
 * records that are about them; files too. Of a record go all its sealed values, or one field of it.
 * Where asked for, names of the persons are also taken out of the texts of other records: their
 * last version says "(erased)" in the name's place, and earlier ones lose the field.
 *
 * Each record that loses something gets a version more, by `erase`: its entry in the ledger names
 * the decision, and each version and field that was erased. record_verify() and assay-verify accept
 * what is missing by these entries only.
 *
 * Within a transaction of the caller's, which may be rolled back to see what it would do. Once it
 * is committed the caller removes `objects` from the vault and scrubs the store (store_scrub()), as
 * deleted rows stand in a database's files until they are written over.
 */
#ifndef ASSAY_REGISTER_RECORD_ERASE_H
#define ASSAY_REGISTER_RECORD_ERASE_H

#include "register/record.h"

struct record_target {
    struct str id;    /* of a record */
    struct str field; /* "" for all that is sealed in it */
};

struct record_erasure {
    const struct value *persons; /* ids: texts */
    const struct record_target *targets;
    size_t target_n;
    bool texts;          /* take the persons' names out of other records' texts */
    struct str decision; /* the id of its record, which stands in the entries as x.by */
    struct record_actor actor;
};

struct record_erased {
    /* {register, ref, id, about, fields: [...], values, named}: what each record loses, and whether
     * that is for a name in its text. `about` is the id of whom its last version is about, or its
     * own. */
    struct value *records;
    /* {register, ref, rev, field}: where a name stays, as versions keep that field for all to read
     * (`personal: false`, or "ref"). */
    struct value *stays;
    struct value *objects; /* ids of the vault's, whose keys are gone: texts */
    uint64_t values;       /* sealed values of all versions */
};

/* The id of the decision by which a version (`act` is "erase") came to be, "" where its entry names
 * none. */
MUST_CHECK int record_erased_by(struct ctx *cx, const struct record_store *rs, int64_t seq,
                                struct str *ret);

MUST_CHECK int record_erase(struct ctx *cx, const struct record_store *rs,
                            const struct record_erasure *erasure, struct record_erased *ret);

#endif
