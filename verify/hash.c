/* base/hash.h of libsodium: what the verifier needs of it. */
#include "base/hash.h"

#include <sodium.h>

#include "base/arena.h"

struct hash hash_sha256(const struct str *parts, size_t n)
{
    crypto_hash_sha256_state sum;
    struct hash ret;

    (void)crypto_hash_sha256_init(&sum);
    for (size_t i = 0; i < n; i++)
        (void)crypto_hash_sha256_update(&sum, (const unsigned char *)parts[i].p, parts[i].n);
    (void)crypto_hash_sha256_final(&sum, ret.b);
    return ret;
}

struct hash hash_hmac(struct str key, const struct str *parts, size_t n)
{
    crypto_auth_hmacsha256_state sum;
    struct hash ret;

    (void)crypto_auth_hmacsha256_init(&sum, (const unsigned char *)key.p, key.n);
    for (size_t i = 0; i < n; i++)
        (void)crypto_auth_hmacsha256_update(&sum, (const unsigned char *)parts[i].p, parts[i].n);
    (void)crypto_auth_hmacsha256_final(&sum, ret.b);
    return ret;
}

struct str hash_sha256_hex(struct arena *mem, struct str bytes)
{
    struct hash hash = hash_sha256(&bytes, 1);

    return hash_hex(mem, (struct str){(const char *)hash.b, sizeof hash.b});
}
