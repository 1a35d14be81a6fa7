/* What browsers send: paths, queries, forms with and without files, cookies, headers. The first
 * line is the header or path, what follows the body. */
#include <stdint.h>

#include "web/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.mem = arena_new((size_t)256 * 1024 * 1024)};
    struct str body = {(const char *)data, size}, head, parts[PARSE_SEGMENTS], back;
    struct parse_form form = {NULL, 0, 0};
    size_t n = 0;

    if (str_split(&body, '\n', &head)) {
        if (parse_path(cx.mem, head, parts, &n))
            for (size_t i = 0; i < n; i++)
                if (!parse_percent(cx.mem, parse_escape(cx.mem, parts[i]), false, &back) ||
                    !str_eq(back, parts[i]))
                    abort(); /* what is read of a path can be written as one */
        (void)!parse_urlencoded(&cx, head, &form);
        (void)!parse_urlencoded(&cx, body, &form);
        (void)!parse_multipart(&cx, head, body, &form);
        (void)parse_get(&form, "a");
        (void)parse_cookie(head, "assay-session");
        (void)parse_wants_json(head);
        (void)parse_takes_coding(head, "gzip");
        (void)parse_has_tag(head, STR("\"a\""));
    }
    arena_free(cx.mem);
    return 0;
}
