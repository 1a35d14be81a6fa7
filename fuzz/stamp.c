/* Replies of time stamp authorities. */
#include "ledger/stamp.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.mem = arena_new((size_t)64 << 20)};
    struct stamp stamp;

    if (stamp_parse(&cx, (struct str){(const char *)data, size}, &stamp) == 0 &&
        (stamp.at.n < 20 || !utf8_valid(stamp.at)))
        abort();
    arena_free(cx.mem);
    return 0;
}
