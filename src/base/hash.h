/* SHA-256 through OpenSSL. */
#ifndef ASSAY_BASE_HASH_H
#define ASSAY_BASE_HASH_H

#include <stdbool.h>

#include "base/str.h"

#define HASH_BYTES 32u

struct hash {
    unsigned char b[HASH_BYTES];
};

/* Of all parts, one behind the other. */
struct hash hash_sha256(const struct str *parts, size_t n);

/* HMAC-SHA256 (RFC 2104) of all parts. */
struct hash hash_hmac(struct str key, const struct str *parts, size_t n);

/* Lower-case hexadecimal digits of any bytes, and back: false for others. */
struct str hash_hex(struct arena *mem, struct str bytes);
bool hash_unhex(struct arena *mem, struct str hex, struct str *ret);

/* 64 lower-case hexadecimal digits. */
struct str hash_sha256_hex(struct arena *mem, struct str bytes);
/* The same of all that a file holds, piece by piece; "" where it cannot be read (errno). */
struct str hash_sha256_file(struct arena *mem, int fd);

#endif
