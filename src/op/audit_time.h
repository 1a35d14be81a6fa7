/*
 * Audit time: how many auditor days a certification cycle takes, each step of the reckoning with
 * its reason, and a certification body's quote held against it. All numbers are data
 * (audit-time.yaml of the standard); docs/audit-time.md tells people how they are used.
 *
 * What a person says stands in the profile under `audit_time`; what documents say already is a
 * proposal and marked as one; what nobody says leaves a range, and a question that tells what its
 * answer would change. Days are thousandths, so that no rounding comes from the machine.
 *
 * Everything lives in cx->mem.
 */
#ifndef ASSAY_OP_AUDIT_TIME_H
#define ASSAY_OP_AUDIT_TIME_H

#include "standard/standard.h"
#include "store/store.h"

/* Checks `said`, the profile's part: RC_INVALID names file, line and key. NULL is fine. */
MUST_CHECK int audit_time_check(struct ctx *cx, const struct standard *standard, const char *path,
                                const struct value *said);

/* Reads and checks a quote: RC_NOT_FOUND or RC_INVALID. */
MUST_CHECK int audit_time_read_quote(struct ctx *cx, const char *path, const struct value **ret);
MUST_CHECK int audit_time_check_quote(struct ctx *cx, const char *path, const struct value *quote);

/* What the documents in `store` say of it, after it was judged. */
MUST_CHECK int audit_time_propose(struct ctx *cx, const struct standard *standard,
                                  struct store *store, struct value **ret);

/* The reckoning, as docs/stage1.schema.json describes `audit_time`. `said`, `proposed` and `quote`
 * may be NULL; the quote in `said` is taken where `quote` is. */
MUST_CHECK int audit_time_make(struct ctx *cx, const struct standard *standard,
                               const struct value *said, const struct value *proposed,
                               const struct value *quote, struct value **ret);

/* The profile's part as YAML, two blanks in: what was said, and the open questions over empty
 * answers. `time` is what audit_time_make() gave. */
void audit_time_write(struct arena *mem, struct buf *out, const struct value *said,
                      const struct value *time);

#endif
