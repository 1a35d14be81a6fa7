#include "tests/register/definition.h"

#include "tests/harness.h"

int definition_load(struct ctx *cx, const char *yaml, const char *other,
                    const struct registers **ret)
{
    struct content content;
    size_t at = 0, n = 0;

    TRY(content_open(cx, NULL, &content));
    struct content_file *files = arena_array(cx->mem, 3, sizeof *files);
    files[n++] =
        (struct content_file){"registers/thing.yaml", (const unsigned char *)yaml, strlen(yaml)};
    if (other != NULL)
        files[n++] = (struct content_file){"registers/thing_line.yaml",
                                           (const unsigned char *)other, strlen(other)};
    files[n++] = *content_next(&content, "registers/words.yaml", ".yaml", &at);
    return registers_load(cx, &(struct content){files, n}, ret);
}

void definition_refused(struct ctx *cx, const char *yaml, const char *other, const char *message)
{
    const struct registers *registers;

    CHECK_RC(definition_load(cx, yaml, other, &registers), RC_INVALID);
    if (!str_has(cx->err.text, message) || !str_has(cx->err.text, "registers/thing"))
        test_failed(__FILE__, __LINE__, "\"%.*s\" does not say \"%s\"", STR_ARG(cx->err.text),
                    message);
}
