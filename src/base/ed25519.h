/*
 * Ed25519 signatures (RFC 8032), pure. The program has them of OpenSSL, the verifier of libsodium.
 */
#ifndef ASSAY_BASE_ED25519_H
#define ASSAY_BASE_ED25519_H

#include "base/err.h"

#define ED25519_KEY_BYTES 32u
#define ED25519_SIGNATURE_BYTES 64u

/* `secret` and `public_key` have ED25519_KEY_BYTES, `signature` ED25519_SIGNATURE_BYTES. */
bool ed25519_holds(const unsigned char *public_key, struct str text, struct str signature);
MUST_CHECK int ed25519_public(struct ctx *cx, const unsigned char *secret, unsigned char *ret);
MUST_CHECK int ed25519_sign(struct ctx *cx, const unsigned char *secret, struct str text,
                            unsigned char *ret);

#endif
