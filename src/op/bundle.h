/*
 * A bundle: one file that an auditor verifies alone (docs/verify-by-hand.md says what is in it).
 *
 * bundle_write() writes the versions in scope, what opens them, a list of all of it (the manifest),
 * then records the hand-over, has the ledger signed, and closes the bundle with all entries up to
 * that record. Memory does not grow with what is handed over but by 32 bytes an entry, and some
 * hundred a file.
 *
 * A version is in scope where the record stood like that at some time of the period. Of an audit
 * only records are that belong to it, or that changed in the period; see bundle_audit_named(). What
 * is sealed and not opened stays a commitment: that it is what was recorded can be seen, what it
 * says cannot.
 *
 * With a register that is opened go the files of its versions, each once. One that is lost from the
 * vault, or was changed there, is named in the bundle and by `lost`; its entry has no file then,
 * and the verifier says so.
 */
#ifndef ASSAY_OP_BUNDLE_H
#define ASSAY_OP_BUNDLE_H

#include "op/call.h"

struct bundle_scope {
    struct date from, to;       /* days, none for without an end */
    struct str since, until;    /* the same as instants, "" for none: (since, until] */
    struct str audit, made_for; /* "" for none */
    bool open_all;
    const struct value *open; /* ids of registers in which sealed fields are opened */
    const struct dict *named; /* of an audit: ids of records that belong to it; NULL without one */
};

/* How far the versions of a record that belongs to an audit go. */
extern const char bundle_whole[];  /* all of them: of the audit, and of what it found */
extern const char bundle_period[]; /* those of the period */

/* What belongs to an audit: itself and what names it (bundle_whole); what it names, and what is
 * evidence of that (bundle_period). */
MUST_CHECK int bundle_audit_named(struct op_call *call, const struct record *audit,
                                  const struct dict **ret);

struct bundle_counts {
    uint64_t versions, opened, closed, files, entries;
    uint64_t file_bytes, files_sealed, files_erased;
    struct value *lost; /* {ref, message} of each file that should be there */
    struct str ref;     /* of the hand-over's record */
};

/* `fd` is a new file's. RC_CONFLICT where the ledger is not what was signed. */
MUST_CHECK int bundle_write(struct op_call *call, int fd, const struct bundle_scope *scope,
                            struct bundle_counts *ret);

#endif
