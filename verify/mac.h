/* HMAC-SHA256 (RFC 2104) of bytes that come in pieces, as large as they like. */
#ifndef ASSAY_VERIFY_MAC_H
#define ASSAY_VERIFY_MAC_H

#include "base/hash.h"

struct mac;

struct mac *mac_new(struct arena *mem, struct str key);
void mac_add(struct mac *mac, struct str bytes);
struct hash mac_end(struct mac *mac);

#endif
