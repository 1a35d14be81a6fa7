/* SHA-256 of what comes in pieces. */
#ifndef ASSAY_BASE_SUM_H
#define ASSAY_BASE_SUM_H

#include "base/hash.h"

struct hash_sum;

struct hash_sum *hash_sum_new(void);
void hash_sum_add(struct hash_sum *sum, struct str bytes);
/* Gives the hash and ends. */
struct hash hash_sum_end(struct hash_sum *sum);

#endif
