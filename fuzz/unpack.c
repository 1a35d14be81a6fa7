/* The answer of a worker that was taken over. */
#include <stdint.h>

#include "extract/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.mem = arena_new((size_t)256 * 1024 * 1024)};
    struct extract extract;
    struct buf out = buf_new(cx.mem);
    struct str bytes = {(const char *)data, size};

    if (extract_unpack(&cx, bytes, &extract) == 0) {
        extract_pack(&out, &extract);
        if (!str_eq(buf_str(&out), bytes))
            abort(); /* there is one way to write a flow */
    }
    arena_free(cx.mem);
    return 0;
}
