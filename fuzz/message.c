/* Mails: whatever stands in names, subject and text, each line is one of ours. The first four lines
 * are address, name, subject and sender, what follows the text. */
#include <stdint.h>

#include "op/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_lines(struct str bytes)
{
    size_t at = 0, headers = 0;
    bool head = true;

    while (at < bytes.n) {
        size_t end = str_find(bytes, STR("\r\n"), at);
        if (end == SIZE_MAX || end - at > 700)
            abort();
        for (size_t i = at; i < end; i++)
            if (bytes.p[i] < ' ' || bytes.p[i] > '~')
                abort();
        head = head && end > at;
        headers += head && bytes.p[at] != ' ';
        at = end + 2;
    }
    if (headers != 9)
        abort(); /* nobody has added one */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.mem = arena_new((size_t)256 * 1024 * 1024)};
    struct str rest = {(const char *)data, size}, parts[4] = {STR_NONE}, bytes, name, address;

    for (size_t i = 0; i < COUNT_OF(parts); i++)
        (void)str_split(&rest, '\n', &parts[i]);
    struct message message = {.from = STR("isms@example.org"),
                              .from_name = parts[3],
                              .to = message_address_is(parts[0]) ? parts[0] : STR("a@example.org"),
                              .to_name = parts[1],
                              .subject = parts[2],
                              .text = rest,
                              .id = STR("a"),
                              .at_ms = (int64_t)size * 86400000};

    if (message_compose(&cx, &message, &bytes) != 0)
        abort();
    check_lines(bytes);
    (void)!message_split_address(&cx, "from", parts[3], &name, &address);
    arena_free(cx.mem);
    return 0;
}
