/* base/ed25519.h of libsodium. The verifier signs nothing. */
#include "base/ed25519.h"

#include <sodium.h>

#include "base/msg.h"

bool ed25519_holds(const unsigned char *public_key, struct str text, struct str signature)
{
    return signature.n == ED25519_SIGNATURE_BYTES &&
           crypto_sign_verify_detached((const unsigned char *)signature.p,
                                       (const unsigned char *)text.p, text.n, public_key) == 0;
}

int ed25519_public(struct ctx *cx, const unsigned char *secret, unsigned char *ret)
{
    unsigned char key[crypto_sign_SECRETKEYBYTES];

    (void)cx;
    (void)crypto_sign_seed_keypair(ret, key, secret);
    sodium_memzero(key, sizeof key);
    return 0;
}

int ed25519_sign(struct ctx *cx, const unsigned char *secret, struct str text, unsigned char *ret)
{
    (void)secret;
    (void)text;
    (void)ret;
    return fail(cx, RC_DENIED, NULL, _("The verifier signs nothing."));
}
