#include "base/sum.h"

#include <stdlib.h>

#include <openssl/evp.h>

struct hash_sum {
    EVP_MD_CTX *sum;
};

struct hash_sum *hash_sum_new(void)
{
    struct hash_sum *sum = malloc(sizeof *sum);

    if (sum == NULL || (sum->sum = EVP_MD_CTX_new()) == NULL ||
        EVP_DigestInit_ex(sum->sum, EVP_sha256(), NULL) != 1)
        abort();
    return sum;
}

void hash_sum_add(struct hash_sum *sum, struct str bytes)
{
    if (EVP_DigestUpdate(sum->sum, bytes.p, bytes.n) != 1)
        abort();
}

struct hash hash_sum_end(struct hash_sum *sum)
{
    struct hash ret;

    if (EVP_DigestFinal_ex(sum->sum, ret.b, NULL) != 1)
        abort();
    EVP_MD_CTX_free(sum->sum);
    free(sum);
    return ret;
}
