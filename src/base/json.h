/*
 * JSON (RFC 8259) into a value tree, strictly: valid UTF-8, no key twice, nothing behind it.
 *
 * Numbers with a fraction are rounded to thousandths, which is all that a value holds.
 */
#ifndef ASSAY_BASE_JSON_H
#define ASSAY_BASE_JSON_H

#include "base/err.h"
#include "base/value.h"

#define JSON_BYTES ((size_t)256 * 1024 * 1024)
#define JSON_DEPTH 64u

/* RC_INVALID with `name`, line and column for what is no JSON, RC_LIMIT over the bounds. */
MUST_CHECK int json_parse(struct ctx *cx, const char *name, struct str text, struct value **ret);

#endif
