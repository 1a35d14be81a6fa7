/* The cases of the public Mustache specification; JSON is read with the YAML loader. */
#include "tests/harness.h"

#include <stdio.h>

#include "standard/yaml.h"

static int find_partial(void *arg, struct str name, struct str *ret_text)
{
    const struct value *partials = arg;

    for (size_t i = 0; i < value_count(partials); i++)
        if (str_eq(value_key_at(partials, i), name)) {
            *ret_text = value_as_text(value_at(partials, i));
            return 0;
        }
    return RC_NOT_FOUND;
}

static void run_case(struct ctx *cx, const char *path, struct value *it)
{
    struct mustache *template;
    struct buf out = buf_new(cx->mem);
    struct str name = value_get_text(it, "name"), wanted = value_get_text(it, "expected");

    if (mustache_compile(cx, "spec", value_get_text(it, "template"), MUSTACHE_HTML, find_partial,
                         value_get_mut(it, "partials"), &template) < 0 ||
        mustache_render(template, value_get(it, "data"), &out) < 0) {
        test_failed(path, 0, "%.*s: %.*s", STR_ARG(name), STR_ARG(cx->err.text));
        return;
    }
    if (!str_eq(buf_str(&out), wanted))
        test_failed(path, 0, "%.*s: \"%.*s\", not \"%.*s\"", STR_ARG(name), STR_ARG(buf_str(&out)),
                    STR_ARG(wanted));
}

static void run_file(struct ctx *cx, const char *path, size_t at_least)
{
    struct value *spec = NULL, *cases;

    CHECK_OK(yaml_parse(cx, path, test_read_file(cx, path), &spec));
    cases = value_get_mut(spec, "tests");
    CHECK(value_count(cases) >= at_least);
    for (size_t i = 0; i < value_count(cases); i++)
        run_case(cx, path, value_at_mut(cases, i));
}

#define SPEC(name, at_least)                                                                       \
    TEST(mustache_spec_##name)                                                                     \
    {                                                                                              \
        run_file(cx, "tests/vectors/mustache-spec/" #name ".json", at_least);                      \
    }

SPEC(comments, 12)
SPEC(delimiters, 14)
SPEC(interpolation, 39)
SPEC(inverted, 22)
SPEC(partials, 11)
SPEC(sections, 33)
