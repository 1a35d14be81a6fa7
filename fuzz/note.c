/* Signed notes, keys and checkpoints from outside. */
#include "ledger/note.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.mem = arena_new((size_t)64 << 20)};
    struct str text = {(const char *)data, size}, said;
    struct checkpoint checkpoint;
    struct note_key key, now;
    bool by;

    if (note_key_parse(&cx, text, &key) == 0 && !str_eq(note_key_text(cx.mem, &key), text))
        abort();
    if (checkpoint_parse(&cx, text, &checkpoint) == 0 &&
        !str_starts(text, checkpoint_text(cx.mem, &checkpoint)))
        abort();
    key = (struct note_key){.name = STR("a"), .id = 1};
    (void)!note_open(&cx, text, &key, 1, &by, &said);
    (void)!note_link_parse(&cx, text, &key, &now);
    arena_free(cx.mem);
    return 0;
}
