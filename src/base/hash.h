/* SHA-256 through OpenSSL. */
#ifndef ASSAY_BASE_HASH_H
#define ASSAY_BASE_HASH_H

#include "base/str.h"

/* 64 lower-case hexadecimal digits. */
struct str hash_sha256_hex(struct arena *mem, struct str bytes);
/* The same of all that a file holds, piece by piece; "" where it cannot be read (errno). */
struct str hash_sha256_file(struct arena *mem, int fd);

#endif
