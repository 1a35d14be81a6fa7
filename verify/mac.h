/* HMAC-SHA256 (RFC 2104) of bytes that come in pieces, as large as they like. */
#ifndef ASSAY_VERIFY_MAC_H
#define ASSAY_VERIFY_MAC_H

#include "base/hash.h"

struct mac;
struct sum;

struct mac *mac_new(struct arena *mem, struct str key);
void mac_add(struct mac *mac, struct str bytes);
struct hash mac_end(struct mac *mac);

/* The same of SHA-256. */
struct sum *sum_new(struct arena *mem);
void sum_add(struct sum *sum, struct str bytes);
struct hash sum_end(struct sum *sum);

#endif
