/* A container as it comes: what is a ZIP and what its members are. */
#include "extract/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.mem = arena_new((size_t)256 << 20)};
    struct extract extract;

    if (container_extract(&cx, STR("a.docx"), (struct str){(const char *)data, size}, &extract) <
            0 &&
        cx.err.text.n == 0)
        abort();
    arena_free(cx.mem);
    return 0;
}
