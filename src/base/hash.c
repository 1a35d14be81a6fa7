#include "base/hash.h"

#include <stdlib.h>

#include <openssl/evp.h>

struct str hash_sha256_hex(struct arena *mem, struct str bytes)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    struct buf out = buf_new(mem);

    if (EVP_Digest(bytes.p, bytes.n, digest, &n, EVP_sha256(), NULL) != 1)
        abort();
    for (unsigned i = 0; i < n; i++)
        buf_printf(&out, "%02x", digest[i]);
    return buf_str(&out);
}
