/* YAML: content and profiles. */
#include <stdint.h>

#include "standard/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.mem = arena_new((size_t)256 * 1024 * 1024)};
    struct buf json = buf_new(cx.mem);
    struct value *v, *again;

    if (yaml_parse(&cx, "fuzz", (struct str){(const char *)data, size}, &v) == 0) {
        value_json(&json, v, 0);
        /* JSON is YAML, but for keys of more than 1,024 characters. */
        if (yaml_parse(&cx, "again", buf_str(&json), &again) < 0 && cx.err.rc != RC_LIMIT &&
            buf_str(&json).n < 1024)
            abort();
    }
    arena_free(cx.mem);
    return 0;
}
