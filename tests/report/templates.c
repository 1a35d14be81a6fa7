/* Every text that people read in a template passes through the message catalogue. */
#include "tests/harness.h"

#include <ctype.h>

#include "standard/content.h"

/* Cuts out what stands between `from` and `to`, both included, wherever it is. */
static struct str without(struct arena *mem, struct str text, struct str from, struct str to)
{
    struct buf out = buf_new(mem);
    size_t at = 0;

    for (;;) {
        size_t begin = str_find(text, from, at);
        size_t end = begin != SIZE_MAX ? str_find(text, to, begin + from.n) : SIZE_MAX;
        if (end == SIZE_MAX)
            break;
        buf_add(&out, str_sub(text, at, begin - at));
        at = end + to.n;
    }
    buf_add(&out, str_from(text, at));
    return buf_str(&out);
}

/* The values of an attribute that people hear or see, one behind the other. */
static struct str values_of(struct arena *mem, struct str text, const char *attribute)
{
    struct str head = str_printf(mem, " %s=\"", attribute);
    struct buf out = buf_new(mem);

    for (size_t at = 0; (at = str_find(text, head, at)) != SIZE_MAX;) {
        size_t end = str_find_char(text, '"', at += head.n);
        if (end == SIZE_MAX)
            break;
        buf_add(&out, str_sub(text, at, end - at));
        buf_char(&out, '\n');
    }
    return buf_str(&out);
}

/* What people read in a template and no message holds: letters outside of tags. Attributes that
 * nobody reads may stand alone, in a part that goes into a tag. */
static struct str bare_text(struct arena *mem, struct str text)
{
    static const char *const shown[] = {"aria-label", "alt", "title", "placeholder"};
    struct buf out = buf_new(mem);

    text = without(mem, text, STR("{{#_}}"), STR("{{/_}}"));
    text = without(mem, text, STR("{{"), STR("}}"));
    text = without(mem, text, STR(" aria-invalid=\""), STR("\""));
    text = without(mem, text, STR(" aria-describedby=\""), STR("\""));
    text = without(mem, text, STR("<style>"), STR("</style>"));
    for (size_t i = 0; i < COUNT_OF(shown); i++)
        buf_add(&out, values_of(mem, text, shown[i]));
    buf_add(&out, without(mem, text, STR("<"), STR(">")));
    return buf_str(&out);
}

static size_t letters(struct str text)
{
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++)
        n += isalpha((unsigned char)text.p[i]) != 0;
    return n;
}

TEST(templates_hold_no_bare_text)
{
    size_t seen = 0;

    for (size_t i = 0; i < content_file_count; i++) {
        const struct content_file *file = &content_files[i];
        struct str name = str_of(file->name);
        if (!str_starts(name, STR("web/templates/")) || str_ends(name, STR(".css")))
            continue;
        struct str rest = bare_text(cx->mem, (struct str){(const char *)file->bytes, file->n});
        struct str line;
        seen++;
        while (rest.n > 0 && str_split(&rest, '\n', &line))
            if (letters(line) > 0)
                test_failed(file->name, 0, "this stands in no message: \"%.*s\"",
                            STR_ARG(str_trim(line)));
    }
    CHECK(seen >= 4);
}

TEST(templates_bare_text_is_found)
{
    CHECK_INT(letters(bare_text(cx->mem, STR("<p class=\"a\">{{#_}}One {{n}}{{/_}} {{b}}</p>"))),
              0);
    CHECK(letters(bare_text(cx->mem, STR("<p>Two</p>"))) > 0);
    CHECK(letters(bare_text(cx->mem, STR("<p>{{#_}}One{{/_}} or {{b}}</p>"))) > 0);
    CHECK(letters(bare_text(cx->mem, STR("<i aria-label=\"Three\"></i>"))) > 0);
}
