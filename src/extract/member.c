/* A document that lies in another file, at any depth that is allowed. */
#include <assert.h>

#include "extract/internal.h"

static bool is_zip(struct str bytes)
{
    return str_starts(bytes, STR("PK\3\4")) || str_starts(bytes, STR("PK\5\6")) ||
           str_starts(bytes, STR("PK\7\10"));
}

/* The most that members within members may hold: they are packed out one in the other. */
#define INNER_BYTES ((size_t)64 * 1024 * 1024)

int extract_member_bytes(struct ctx *cx, struct str bytes, const uint32_t *at, unsigned depth,
                         struct str *ret)
{
    assert(depth >= 1);
    if (depth > EXTRACT_NESTED)
        return fail(cx, RC_LIMIT, NULL, _("It lies more than %u archives deep."), EXTRACT_NESTED);
    for (unsigned i = 0; i < depth; i++) {
        TRY(is_zip(bytes) ? archive_member(cx, bytes, at[i], &bytes)
                          : eml_member(cx, bytes, at[i], &bytes));
        if (i + 1 < depth && bytes.n > INNER_BYTES)
            return fail(cx, RC_LIMIT, NULL,
                        _("It lies in an archive within an archive that holds more than %zu MB."),
                        INNER_BYTES >> 20);
    }
    *ret = bytes;
    return 0;
}

int extract_member(struct ctx *cx, struct str name, struct str bytes, const uint32_t *at,
                   unsigned depth, struct extract *ret)
{
    struct extract extract;

    TRY(extract_member_bytes(cx, bytes, at, depth, &bytes));
    TRY(extract_bytes(cx, name, bytes, &extract));
    if (depth == EXTRACT_NESTED && extract.block_count == 0 && extract.member_count > 0)
        return fail(cx, RC_INVALID, NULL, "%s",
                    _("It is an archive within archives: unpack it into the folder."));
    if (depth == EXTRACT_NESTED)
        extract.member_count = 0;
    extract.member_sha256 = hash_sha256_hex(cx->mem, bytes);
    extract.member_bytes = bytes.n;
    *ret = extract;
    return 0;
}
