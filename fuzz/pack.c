/* Any bytes: value_unpack() refuses them or gives a tree that packs into the same bytes. */
#include "base/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.mem = arena_new((size_t)64 << 20), .today = {2026, 11, 30}};
    struct str bytes = {(const char *)data, size};
    struct value *v = NULL;

    if (value_unpack(&cx, bytes, &v) == 0) {
        struct buf out = buf_new(cx.mem);

        value_pack(&out, v);
        if (!str_eq(buf_str(&out), bytes))
            abort();
    }
    arena_free(cx.mem);
    return 0;
}
