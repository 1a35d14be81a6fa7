/* An earlier report from outside: read, checked, compared with itself. */
#include "op/since.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct ctx cx = {.mem = arena_new((size_t)256 << 20), .today = {2026, 11, 30}};
    struct str text = {(const char *)data, n};
    struct buf out = buf_new(cx.mem);
    const struct value *was;
    struct value *json;

    if (since_parse(&cx, "fuzz", text, STR("iso27001-2022"), &was) == 0) {
        const struct value *since = since_compare(cx.mem, was, was);
        if (value_count(value_get(since, "new")) > 0)
            abort();
    } else if (json_parse(&cx, "fuzz", text, &json) == 0) {
        value_json(&out, json, 2);
    }
    arena_free(cx.mem);
    return 0;
}
