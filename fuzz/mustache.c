/* A template from outside over a small fixed view; the template is also its own partial. */
#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int itself(void *arg, struct str name, struct str *ret_text)
{
    *ret_text = *(const struct str *)arg;
    return str_is(name, "p") ? 0 : RC_NOT_FOUND;
}

static struct value *some_view(struct arena *mem)
{
    struct value *view = value_map(mem), *list = value_list(mem), *inner = value_map(mem);

    value_set_text(inner, "b", STR("<b>"));
    value_set_int(inner, "n", 7);
    value_push(list, inner);
    value_push(list, value_null(mem));
    value_set(view, "l", list);
    value_set(view, "a", inner);
    value_set_bool(view, "t", true);
    return view;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct ctx cx = {.mem = arena_new(16u << 20)};
    struct str text = {(const char *)data, n};
    struct buf out = buf_new(cx.mem);
    struct mustache *template;

    if (n < 4096 &&
        mustache_compile(&cx, "fuzz", text, MUSTACHE_HTML, itself, &text, &template) == 0) {
        mustache_names(template, value_list(cx.mem));
        (void)mustache_render(template, some_view(cx.mem), &out);
    }
    arena_free(cx.mem);
    return 0;
}
