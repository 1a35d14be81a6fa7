/* What entries of a standard's content may and must hold, key by key. */
#ifndef ASSAY_STANDARD_KEYS_H
#define ASSAY_STANDARD_KEYS_H

#include "standard/standard.h"

/* RC_INVALID "FILE:LINE: ..." for an unknown or missing key, a value of another type, or a word
 * that is none of those a key may have. Nested maps are looked into as well. */
MUST_CHECK int keys_check_entry(struct ctx *cx, const char *file, const struct value *map,
                                enum entry_type type);

/* The same for standard.yaml itself. */
MUST_CHECK int keys_check_about(struct ctx *cx, const char *file, const struct value *map);

#endif
