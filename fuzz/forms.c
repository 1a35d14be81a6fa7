/* Templates of forms over trees: a template, a NUL, and JSON. */
#include <stdint.h>

#include "op/forms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx cx = {.mem = arena_new((size_t)256 * 1024 * 1024)};
    struct str rest = {(const char *)data, size}, template;
    struct value *tree, *v;

    if (str_split(&rest, '\0', &template) && json_parse(&cx, "fuzz", rest, &tree) == 0) {
        struct forms_node node = {.v = tree, .at = 1};
        node.root = &node;
        if (forms_template(&cx, &node, template, NULL, NULL, &v) < 0 && cx.err.text.n == 0)
            abort(); /* whoever wrote the template has to be told */
    }
    arena_free(cx.mem);
    return 0;
}
