/* Fuzzing a container: its parts one after the other, each ending with a NUL. */
#ifndef ASSAY_FUZZ_PARTS_H
#define ASSAY_FUZZ_PARTS_H

#include "extract/internal.h"
#include "extract/zip.h"

#define FUZZ_PARTS 8u

struct fuzz_part {
    const char *name;
    const char *bytes; /* what it always holds, or NULL: then the input gives it */
};

typedef int fuzz_reader(struct flow *flow, struct container *container);

/* Reads the parts; what comes out must survive the way to the parent and back. */
static inline void fuzz_parts(const uint8_t *data, size_t size, const struct fuzz_part *parts,
                              size_t n, fuzz_reader *reader, enum extract_format format)
{
    struct ctx cx = {.mem = arena_new((size_t)256 << 20)};
    struct str rest = {(const char *)data, size}, names[FUZZ_PARTS], bytes[FUZZ_PARTS];
    struct extract extract, again;
    struct flow flow;

    for (size_t i = 0; i < n; i++) {
        names[i] = str_of(parts[i].name);
        if (parts[i].bytes != NULL)
            bytes[i] = str_of(parts[i].bytes);
        else if (!str_split(&rest, '\0', &bytes[i]))
            bytes[i] = STR_NONE;
    }
    flow_init(&flow, &cx);
    if (reader(&flow, container_of(&cx, names, bytes, n)) == 0 &&
        flow_finish(&flow, format, &extract) == 0) {
        struct buf packed = buf_new(cx.mem);
        extract_pack(&packed, &extract);
        if (extract_unpack(&cx, buf_str(&packed), &again) < 0 ||
            again.block_count != extract.block_count)
            abort();
    }
    arena_free(cx.mem);
}

#endif
