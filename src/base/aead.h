/*
 * Secret and whole at once: AES-256-GCM (NIST SP 800-38D) through OpenSSL. What is sealed is the
 * nonce (12 random bytes), the encrypted bytes and the tag (16 bytes), one behind the other.
 * `about` is not kept but must be the same again, so that nothing sealed can stand in for something
 * else.
 *
 * Under one key no more than 2^32 texts may be sealed, as nonces are random.
 */
#ifndef ASSAY_BASE_AEAD_H
#define ASSAY_BASE_AEAD_H

#include <stdbool.h>

#include "base/err.h"

#define AEAD_KEY_BYTES 32u
#define AEAD_NONCE_BYTES 12u
#define AEAD_TAG_BYTES 16u

/* In cx->mem. RC_FAIL where the library fails. */
MUST_CHECK int aead_seal(struct ctx *cx, const unsigned char *key, struct str about,
                         struct str plain, struct str *ret);

/* False where another key or another `about` sealed it, or a bit of it is different. */
bool aead_open(struct arena *mem, const unsigned char *key, struct str about, struct str sealed,
               struct str *ret);

#endif
