/*
 * The ZIP that a bundle is, read strictly: no member that is encrypted, has a path that leads out
 * of it, comes twice or expands beyond its bounds; and no byte in the file that is not a member's
 * or says where it is. What the directory says of a member stands before it in the same words.
 *
 * The bytes are those of a file that is mapped whole; a member that is stored is given as it lies
 * there, a deflated one is expanded into the arena.
 */
#ifndef ASSAY_VERIFY_ZIP_H
#define ASSAY_VERIFY_ZIP_H

#include "base/err.h"

#define ZIP_MEMBERS 1000000u
#define ZIP_MEMBER_BYTES ((uint64_t)1 << 30) /* expanded, of what is read whole */
#define ZIP_RATIO 1100u                      /* deflate cannot do more than 1032 */

struct zip_member {
    struct str name;
    struct str packed;
    uint64_t bytes; /* expanded */
    uint64_t at;    /* where what stands before it begins */
    uint32_t crc;
    bool deflated;
};

struct zip {
    struct zip_member *items; /* sorted by name */
    size_t n;
};

/* RC_INVALID with one sentence for what is no ZIP, or not one as bundles are. */
MUST_CHECK int zip_open(struct ctx *cx, struct str bytes, struct zip *ret);

/* NULL where there is none. */
const struct zip_member *zip_find(const struct zip *zip, struct str name);

/* Number of the first member whose name is not before this one: where those of a folder begin. */
size_t zip_from(const struct zip *zip, struct str name);

/* All of a member; its CRC is checked. */
MUST_CHECK int zip_read(struct ctx *cx, const struct zip_member *member, struct str *ret);

/* The same piece by piece, whatever its size: `each` gets the pieces in order. */
typedef int zip_piece(void *arg, struct ctx *cx, struct str piece);
MUST_CHECK int zip_stream(struct ctx *cx, const struct zip_member *member, zip_piece *each,
                          void *arg);

#endif
