/*
 * A value tree as bytes and back, for what crosses between our own processes. The form is private
 * and has no versions: both ends are the same program. Reading trusts nothing all the same, as the
 * process at the other end may have been taken over.
 */
#ifndef ASSAY_BASE_PACK_H
#define ASSAY_BASE_PACK_H

#include "base/err.h"
#include "base/value.h"

#define PACK_DEPTH 64u

/* Appends the tree to `out`. Lines of the source are left out. */
void value_pack(struct buf *out, const struct value *v);

/* The tree of exactly these bytes, in cx->mem; its texts point into `bytes`. RC_INVALID for
 * anything that value_pack() would not write; RC_LIMIT over the context's ceiling. */
MUST_CHECK int value_unpack(struct ctx *cx, struct str bytes, struct value **ret);

#endif
