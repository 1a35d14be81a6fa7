/* ID tokens and the keys that sign them: the first line is the token, what follows the set. */
#include <stdint.h>
#include <stdlib.h>

#include "op/jwt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct jwt_expected expected = {STR("https://id.example"), STR("assay"), STR("n-1"),
                                          1790000000};
    struct ctx cx = {.mem = arena_new((size_t)64 * 1024 * 1024)};
    struct str rest = {(const char *)data, size}, token;
    const struct value *claims;

    if (str_split(&rest, '\n', &token) && jwt_check(&cx, rest, token, &expected, &claims) == 0 &&
        value_get_text(claims, "sub").n == 0)
        abort();
    arena_free(cx.mem);
    return 0;
}
