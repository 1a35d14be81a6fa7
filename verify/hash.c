/*
 * base/hash.h for the verifier, and verify/mac.h: over OpenSSL's SHA-256 itself, which is small
 * when it is linked alone and uses the processor's instructions for it. EVP would bring all of
 * OpenSSL.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/hash.h"
#include "base/sum.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/sha.h>

#include "base/arena.h"
#include "verify/mac.h"

#define BLOCK 64u

struct hash_sum {
    SHA256_CTX state;
};

struct mac {
    SHA256_CTX inner, outer;
};

static void add(SHA256_CTX *state, struct str bytes)
{
    (void)SHA256_Update(state, bytes.p, bytes.n);
}

struct hash hash_sha256(const struct str *parts, size_t n)
{
    SHA256_CTX state;
    struct hash ret;

    (void)SHA256_Init(&state);
    for (size_t i = 0; i < n; i++)
        add(&state, parts[i]);
    (void)SHA256_Final(ret.b, &state);
    return ret;
}

struct hash_sum *hash_sum_new(void)
{
    struct hash_sum *sum = malloc(sizeof *sum);

    if (sum == NULL)
        abort();
    (void)SHA256_Init(&sum->state);
    return sum;
}

void hash_sum_add(struct hash_sum *sum, struct str bytes)
{
    add(&sum->state, bytes);
}

struct hash hash_sum_end(struct hash_sum *sum)
{
    struct hash ret;

    (void)SHA256_Final(ret.b, &sum->state);
    free(sum);
    return ret;
}

static void mac_begin(struct mac *mac, struct str key)
{
    unsigned char inner[BLOCK] = {0}, outer[BLOCK];
    struct hash short_key = hash_sha256(&key, key.n > BLOCK ? 1 : 0);

    if (key.n > BLOCK)
        key = (struct str){(const char *)short_key.b, sizeof short_key.b};
    memcpy(inner, key.p, key.n);
    for (size_t i = 0; i < BLOCK; i++) {
        outer[i] = inner[i] ^ 0x5c;
        inner[i] ^= 0x36;
    }
    (void)SHA256_Init(&mac->inner);
    (void)SHA256_Update(&mac->inner, inner, sizeof inner);
    (void)SHA256_Init(&mac->outer);
    (void)SHA256_Update(&mac->outer, outer, sizeof outer);
}

struct mac *mac_new(struct arena *mem, struct str key)
{
    struct mac *mac = ARENA_NEW(mem, struct mac);

    mac_begin(mac, key);
    return mac;
}

void mac_add(struct mac *mac, struct str bytes)
{
    add(&mac->inner, bytes);
}

struct hash mac_end(struct mac *mac)
{
    struct hash ret;

    (void)SHA256_Final(ret.b, &mac->inner);
    (void)SHA256_Update(&mac->outer, ret.b, sizeof ret.b);
    (void)SHA256_Final(ret.b, &mac->outer);
    return ret;
}

struct hash hash_hmac(struct str key, const struct str *parts, size_t n)
{
    struct mac mac;

    mac_begin(&mac, key);
    for (size_t i = 0; i < n; i++)
        mac_add(&mac, parts[i]);
    return mac_end(&mac);
}

struct str hash_sha256_hex(struct arena *mem, struct str bytes)
{
    struct hash hash = hash_sha256(&bytes, 1);

    return hash_hex(mem, (struct str){(const char *)hash.b, sizeof hash.b});
}
