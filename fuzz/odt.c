/* The text of an ODT given as it is, with styles and properties of its own where it has a NUL. */
#include <stdint.h>

#include "extract/internal.h"
#include "extract/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.mem = arena_new((size_t)256 << 20)};
    struct str rest = {(const char *)data, size};
    struct str names[3] = {STR("content.xml"), STR("styles.xml"), STR("meta.xml")};
    struct str bytes[3];
    struct extract extract, again;
    struct flow flow;

    for (size_t i = 0; i < COUNT_OF(bytes); i++)
        if (!str_split(&rest, '\0', &bytes[i]))
            bytes[i] = STR_NONE;
    flow_init(&flow, &cx);
    if (odt_read(&flow, container_of(&cx, names, bytes, COUNT_OF(bytes))) == 0 &&
        flow_finish(&flow, EXTRACT_ODT, &extract) == 0) {
        struct buf packed = buf_new(cx.mem);
        extract_pack(&packed, &extract);
        if (extract_unpack(&cx, buf_str(&packed), &again) < 0 ||
            again.block_count != extract.block_count)
            abort();
    }
    arena_free(cx.mem);
    return 0;
}
