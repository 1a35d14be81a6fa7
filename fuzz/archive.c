/* A ZIP of documents: its list, and each of its members. */
#include <stdint.h>

#include "extract/internal.h"

#define MEMBERS 8u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.mem = arena_new((size_t)256 * 1024 * 1024)};
    struct str bytes = {(const char *)data, size};
    struct buf out = buf_new(cx.mem);
    struct extract extract, member, back;

    if (container_extract(&cx, STR("a.zip"), bytes, &extract) == 0) {
        extract_pack(&out, &extract);
        if (extract_unpack(&cx, buf_str(&out), &back) < 0)
            abort();
        for (size_t i = 0; i < extract.member_count && i < MEMBERS; i++)
            (void)!extract_member(&cx, extract.members[i].path, bytes, &extract.members[i].at, 1,
                                  &member);
    }
    arena_free(cx.mem);
    return 0;
}
