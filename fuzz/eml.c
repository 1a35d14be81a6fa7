/* An e-mail, and the first of its attachments. */
#include <stdint.h>

#include "extract/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.mem = arena_new((size_t)256 * 1024 * 1024)};
    struct str bytes = {(const char *)data, size};
    struct buf out = buf_new(cx.mem);
    struct extract extract, back;
    enum extract_format format;
    struct flow flow;

    flow_init(&flow, &cx);
    if (eml_read(&flow, bytes, &format) == 0 && flow_finish(&flow, format, &extract) == 0) {
        extract_pack(&out, &extract);
        if (extract_unpack(&cx, buf_str(&out), &back) < 0 ||
            back.member_count != extract.member_count)
            abort();
        if (extract.member_count > 0)
            (void)!eml_member(&cx, bytes, extract.members[0].at, &bytes);
    }
    arena_free(cx.mem);
    return 0;
}
