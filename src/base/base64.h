/* Base64 (RFC 4648, section 4): padded, and strict: what it decodes has one encoding only. */
#ifndef ASSAY_BASE_BASE64_H
#define ASSAY_BASE_BASE64_H

#include <stdbool.h>

#include "base/str.h"

struct str base64_encode(struct arena *mem, struct str bytes);

/* False for characters that are none of it, wrong padding, and bits behind the end that are not 0.
 */
bool base64_decode(struct arena *mem, struct str text, struct str *ret);

/* The same for addresses and tokens (section 5): "-" and "_", and no padding. */
struct str base64url_encode(struct arena *mem, struct str bytes);
bool base64url_decode(struct arena *mem, struct str text, struct str *ret);

#endif
