#include "base/aead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/host.h"
#include "base/msg.h"

#define MOST ((size_t)1 << 30) /* what the library counts in */

/* Looked for once, as in hash.c. It never changes. */
static pthread_once_t fetched = PTHREAD_ONCE_INIT;
static EVP_CIPHER *aes_256_gcm;

static void fetch(void)
{
    aes_256_gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    if (aes_256_gcm == NULL)
        abort();
}

static const EVP_CIPHER *the_cipher(void)
{
    (void)pthread_once(&fetched, fetch);
    return aes_256_gcm;
}

static void cipher_end(EVP_CIPHER_CTX **cipher)
{
    EVP_CIPHER_CTX_free(*cipher);
}

static const unsigned char *bytes_of(struct str s)
{
    return (const unsigned char *)s.p;
}

int aead_seal(struct ctx *cx, const unsigned char *key, struct str about, struct str plain,
              struct str *ret)
{
    EVP_CIPHER_CTX *cipher CLEANUP(cipher_end) = EVP_CIPHER_CTX_new();
    unsigned char *out = arena_alloc(cx->mem, AEAD_NONCE_BYTES + plain.n + AEAD_TAG_BYTES),
                  *body = out + AEAD_NONCE_BYTES;
    int n = 0;

    host_random(cx, out, AEAD_NONCE_BYTES);
    if (cipher == NULL || plain.n > MOST || about.n > MOST ||
        EVP_EncryptInit_ex(cipher, the_cipher(), NULL, key, out) != 1 ||
        EVP_EncryptUpdate(cipher, NULL, &n, bytes_of(about), (int)about.n) != 1 ||
        EVP_EncryptUpdate(cipher, body, &n, bytes_of(plain), (int)plain.n) != 1 ||
        EVP_EncryptFinal_ex(cipher, body + plain.n, &n) != 1 ||
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, AEAD_TAG_BYTES, body + plain.n) != 1)
        return fail(cx, RC_FAIL, NULL, _("A value could not be encrypted."));
    *ret = (struct str){(const char *)out, AEAD_NONCE_BYTES + plain.n + AEAD_TAG_BYTES};
    return 0;
}

bool aead_open(struct arena *mem, const unsigned char *key, struct str about, struct str sealed,
               struct str *ret)
{
    EVP_CIPHER_CTX *cipher CLEANUP(cipher_end) = EVP_CIPHER_CTX_new();
    unsigned char tag[AEAD_TAG_BYTES], *out;
    size_t n;
    int got = 0;

    if (cipher == NULL || sealed.n < AEAD_NONCE_BYTES + AEAD_TAG_BYTES || sealed.n > MOST ||
        about.n > MOST)
        return false;
    n = sealed.n - AEAD_NONCE_BYTES - AEAD_TAG_BYTES;
    out = arena_alloc(mem, n + 1);
    memcpy(tag, sealed.p + AEAD_NONCE_BYTES + n, sizeof tag);
    if (EVP_DecryptInit_ex(cipher, the_cipher(), NULL, key, bytes_of(sealed)) != 1 ||
        EVP_DecryptUpdate(cipher, NULL, &got, bytes_of(about), (int)about.n) != 1 ||
        EVP_DecryptUpdate(cipher, out, &got, bytes_of(sealed) + AEAD_NONCE_BYTES, (int)n) != 1 ||
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, AEAD_TAG_BYTES, tag) != 1 ||
        EVP_DecryptFinal_ex(cipher, out + n, &got) != 1)
        return false;
    *ret = (struct str){(const char *)out, n};
    return true;
}
