/*
 * Time stamps of RFC 3161: what is asked of an authority, and what its reply says.
 *
 * The question is over SHA-256 of the bytes of a signed checkpoint. A reply is read by a small
 * reader of DER with bounds, which takes nothing but the form that the RFC gives; it tells the
 * imprint and the time. Whether the authority's own signature holds is for `openssl ts -verify`,
 * since that depends on whom one trusts.
 */
#ifndef ASSAY_LEDGER_STAMP_H
#define ASSAY_LEDGER_STAMP_H

#include "base/base.h"

#define STAMP_BYTES 65536u /* of a reply, with the authority's certificates */

struct stamp {
    struct hash imprint; /* SHA-256 of what was stamped */
    struct str at;       /* "2026-11-30T10:00:00Z", with a fraction where the reply has one */
    struct str serial;   /* hexadecimal digits */
    struct str nonce;    /* bytes as they came, "" for none */
};

/* A question over `imprint`, with certificates wanted: DER. `nonce` has eight bytes. */
struct str stamp_query(struct arena *mem, const struct hash *imprint, const unsigned char *nonce);

/* RC_INVALID for what is no reply or is over another kind of hash, RC_DENIED where the authority
 * refused, with its words. Texts live in `cx->mem` or point into `reply`. */
MUST_CHECK int stamp_parse(struct ctx *cx, struct str reply, struct stamp *ret);

/* Its time with three digits of a second, as records have instants. */
struct str stamp_instant(struct arena *mem, const struct stamp *stamp);

/* Whether the reply answers this question. */
bool stamp_answers(const struct stamp *stamp, const struct hash *imprint,
                   const unsigned char *nonce);

#endif
