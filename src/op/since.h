/*
 * What changed since an earlier report: the same lists of two results, compared by their ids.
 *
 * An earlier report is a file from outside. It is read before any folder, so that a wrong one costs
 * no time, and every field that is used is checked; the error names file and field.
 */
#ifndef ASSAY_OP_SINCE_H
#define ASSAY_OP_SINCE_H

#include "base/base.h"

/* The result in the file `path`, which `assay stage1` or `stage2 --format json` wrote for
 * `standard` on cx->today or before. RC_NOT_FOUND, RC_INVALID or RC_LIMIT. */
MUST_CHECK int since_read(struct ctx *cx, const char *path, struct str standard,
                          const struct value **ret);

/* The same from the text of the file; `name` is for messages. */
MUST_CHECK int since_parse(struct ctx *cx, const char *name, struct str text, struct str standard,
                           const struct value **ret);

/* `since` of the result `now`, as docs/stage1.schema.json describes it. */
struct value *since_compare(struct arena *mem, const struct value *was, const struct value *now);

#endif
