/*
 * YAML into a value tree, strictly: one document, no anchors, aliases or tags, no key twice.
 * JSON is read too, being YAML. Nodes keep their line (value_line()).
 *
 * Plain scalars: true and false are booleans, whole numbers integers, numbers with up to three
 * decimals decimals, null, ~ and nothing are null, all else text (days stay text). Quoted scalars
 * are text.
 */
#ifndef ASSAY_STANDARD_YAML_H
#define ASSAY_STANDARD_YAML_H

#include "base/base.h"

#define YAML_BYTES ((size_t)4 * 1024 * 1024)
#define YAML_DEPTH 64u
#define YAML_NODES 500000u
#define YAML_KEYS 10000u /* in one map */

/* RC_INVALID "NAME:LINE: ..." for what is not such a document, RC_LIMIT over the bounds. */
MUST_CHECK int yaml_parse(struct ctx *cx, const char *name, struct str text, struct value **ret);

#endif
