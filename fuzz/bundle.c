/* What the verifier reads of a bundle from outside: the ZIP with all members, and entries. */
#include <stdlib.h>

#include "base/base.h"
#include "verify/entry.h"
#include "verify/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int pass(void *arg, struct ctx *cx, struct str piece)
{
    size_t *all = arg;

    (void)cx;
    *all += piece.n;
    return 0;
}

static void read_entry(struct str bytes)
{
    struct entry entry;
    struct str field;
    uint64_t seq;

    if (!entry_parse(bytes, &entry))
        return;
    for (size_t at = 0; entry_erased(&entry, &at, &seq, &field);)
        if (seq == 0 || field.n > bytes.n)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.mem = arena_new((size_t)256 << 20)};
    struct str bytes = {(const char *)data, size}, whole;
    struct zip zip;

    read_entry(bytes);
    if (zip_open(&cx, bytes, &zip) == 0)
        for (size_t i = 0; i < zip.n; i++) {
            size_t n = 0;
            int rc = zip_stream(&cx, &zip.items[i], pass, &n);
            if (rc == 0 && n != zip.items[i].bytes)
                abort();
            if (zip.items[i].bytes < 1 << 20 && zip_read(&cx, &zip.items[i], &whole) != rc)
                abort();
            if (zip_find(&zip, zip.items[i].name) != &zip.items[i])
                abort();
        }
    arena_free(cx.mem);
    return 0;
}
