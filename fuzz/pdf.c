/* What pdftotext makes of a PDF. */
#include <stdint.h>

#include "extract/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.mem = arena_new((size_t)256 * 1024 * 1024)};
    struct extract extract, back;
    struct buf out = buf_new(cx.mem);

    if (extract_pdf(&cx, (struct str){(const char *)data, size}, &extract) == 0) {
        extract_pack(&out, &extract);
        if (extract_unpack(&cx, buf_str(&out), &back) < 0)
            abort(); /* what the flow lets through must be what the parent takes */
    }
    arena_free(cx.mem);
    return 0;
}
