/*
 * ID tokens of OpenID Connect (Core 1.0, section 3.1.3.7; RFC 7519): signed with RS256 or ES256 by
 * a key of the provider's set (RFC 7517), which is checked by OpenSSL.
 *
 * Both come from elsewhere. Their sizes are bounded before anything is read; JSON is read by
 * base/json.h; what names another algorithm, "none" first of all, or asks to understand more
 * ("crit"), is refused.
 */
#ifndef ASSAY_OP_JWT_H
#define ASSAY_OP_JWT_H

#include "base/base.h"

#define JWT_BYTES ((size_t)16 * 1024)
#define JWT_KEYS_BYTES ((size_t)256 * 1024)
#define JWT_KEYS 100u
#define JWT_SKEW_S 60 /* that two clocks may differ */

struct jwt_expected {
    struct str issuer, client, nonce;
    int64_t now_s;
};

/*
 * The claims of a token, if it is what was asked for. `keys` is a set as the provider gives it.
 * RC_NOT_FOUND with the place "kid" where no key of the set fits the token's: it may have been
 * changed since. RC_DENIED, with what is wrong, for all else.
 */
MUST_CHECK int jwt_check(struct ctx *cx, struct str keys, struct str token,
                         const struct jwt_expected *expected, const struct value **ret_claims);

#endif
