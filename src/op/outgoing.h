/*
 * Registers on their way out: as JSON, as a workbook, as CSV (docs/import.md describes each).
 *
 * All that is made lives in cx->mem, so these are for registers that fit memory; an archive
 * (op/archive.h) is made piece by piece. What is written comes back through op/incoming.h without
 * any difference.
 */
#ifndef ASSAY_OP_OUTGOING_H
#define ASSAY_OP_OUTGOING_H

#include "register/record.h"
#include "report/book.h"

#define OUTGOING_FORMAT "assay-export" /* what its JSON is called */
#define OUTGOING_VERSION 1

/* {format, version, registers: [{register, title, records: [{ref, id, rev, body}]}]} */
MUST_CHECK int outgoing_json(struct ctx *cx, const struct record_store *rs,
                             const struct register_def *const *defs, size_t n, struct value **ret);

/* A sheet a register, and one for each register whose lines stand in records of another. */
MUST_CHECK int outgoing_book(struct ctx *cx, const struct record_store *rs,
                             const struct register_def *const *defs, size_t n, struct book *ret);

/* One register as one table; lines within records are JSON in their cells. */
MUST_CHECK int outgoing_table(struct ctx *cx, const struct record_store *rs,
                              const struct register_def *def, struct book_table **ret);

#endif
