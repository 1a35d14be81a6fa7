#include "base/ed25519.h"

#include <openssl/evp.h>

#include "base/msg.h"

static void free_key(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void free_context(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}

bool ed25519_holds(const unsigned char *public_key, struct str text, struct str signature)
{
    EVP_PKEY *key CLEANUP(free_key) =
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, ED25519_KEY_BYTES);
    EVP_MD_CTX *context CLEANUP(free_context) = EVP_MD_CTX_new();

    return key != NULL && context != NULL && signature.n == ED25519_SIGNATURE_BYTES &&
           EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
           EVP_DigestVerify(context, (const unsigned char *)signature.p, signature.n,
                            (const unsigned char *)text.p, text.n) == 1;
}

int ed25519_public(struct ctx *cx, const unsigned char *secret, unsigned char *ret)
{
    EVP_PKEY *key CLEANUP(free_key) =
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, ED25519_KEY_BYTES);
    size_t n = ED25519_KEY_BYTES;

    if (key == NULL || EVP_PKEY_get_raw_public_key(key, ret, &n) != 1)
        return fail(cx, RC_FAIL, NULL, _("OpenSSL could not make the public key."));
    return 0;
}

int ed25519_sign(struct ctx *cx, const unsigned char *secret, struct str text, unsigned char *ret)
{
    EVP_PKEY *key CLEANUP(free_key) =
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, ED25519_KEY_BYTES);
    EVP_MD_CTX *context CLEANUP(free_context) = EVP_MD_CTX_new();
    size_t n = ED25519_SIGNATURE_BYTES;

    if (key == NULL || context == NULL || EVP_DigestSignInit(context, NULL, NULL, NULL, key) != 1 ||
        EVP_DigestSign(context, ret, &n, (const unsigned char *)text.p, text.n) != 1)
        return fail(cx, RC_FAIL, NULL, _("OpenSSL could not sign."));
    return 0;
}
