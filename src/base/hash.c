#include "base/hash.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#define PIECE_BYTES 65536u

/* ---- algorithms ---- */

/* Looked for once: to find them anew takes as long as to hash a kibibyte. They never change. */
static pthread_once_t fetched = PTHREAD_ONCE_INIT;
static EVP_MD *sha256;
static EVP_MAC *hmac;

static void fetch(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    if (sha256 == NULL || hmac == NULL)
        abort();
}

static const EVP_MD *the_sha256(void)
{
    (void)pthread_once(&fetched, fetch);
    return sha256;
}

static EVP_MAC *the_hmac(void)
{
    (void)pthread_once(&fetched, fetch);
    return hmac;
}

/* ---- sums ---- */

static struct str hex(struct arena *mem, const unsigned char *digest, unsigned n)
{
    return hash_hex(mem, (struct str){(const char *)digest, n});
}

struct hash hash_sha256(const struct str *parts, size_t n)
{
    EVP_MD_CTX *sum = EVP_MD_CTX_new();
    struct hash ret;

    if (sum == NULL || EVP_DigestInit_ex(sum, the_sha256(), NULL) != 1)
        abort();
    for (size_t i = 0; i < n; i++)
        if (EVP_DigestUpdate(sum, parts[i].p, parts[i].n) != 1)
            abort();
    if (EVP_DigestFinal_ex(sum, ret.b, NULL) != 1)
        abort();
    EVP_MD_CTX_free(sum);
    return ret;
}

struct hash hash_hmac(struct str key, const struct str *parts, size_t n)
{
    EVP_MAC_CTX *sum = EVP_MAC_CTX_new(the_hmac());
    const OSSL_PARAM how[] = {OSSL_PARAM_construct_utf8_string("digest", (char[]){"SHA256"}, 0),
                              OSSL_PARAM_construct_end()};
    struct hash ret;
    size_t got;

    if (sum == NULL || EVP_MAC_init(sum, (const unsigned char *)key.p, key.n, how) != 1)
        abort();
    for (size_t i = 0; i < n; i++)
        if (EVP_MAC_update(sum, (const unsigned char *)parts[i].p, parts[i].n) != 1)
            abort();
    if (EVP_MAC_final(sum, ret.b, &got, sizeof ret.b) != 1 || got != sizeof ret.b)
        abort();
    EVP_MAC_CTX_free(sum);
    return ret;
}

struct str hash_sha256_hex(struct arena *mem, struct str bytes)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    if (EVP_Digest(bytes.p, bytes.n, digest, &n, the_sha256(), NULL) != 1)
        abort();
    return hex(mem, digest, n);
}

struct str hash_sha256_file(struct arena *mem, int fd)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *sum = EVP_MD_CTX_new();
    char *piece = arena_alloc(mem, PIECE_BYTES);
    unsigned n = 0;
    ssize_t got = 0;

    if (sum == NULL || EVP_DigestInit_ex(sum, the_sha256(), NULL) != 1)
        abort();
    for (off_t at = 0; (got = pread(fd, piece, PIECE_BYTES, at)) != 0; at += got) {
        if (got < 0 && errno != EINTR)
            break;
        got = got < 0 ? 0 : got;
        if (EVP_DigestUpdate(sum, piece, (size_t)got) != 1)
            abort();
    }
    if (EVP_DigestFinal_ex(sum, digest, &n) != 1)
        abort();
    EVP_MD_CTX_free(sum);
    return got < 0 ? STR_NONE : hex(mem, digest, n);
}
