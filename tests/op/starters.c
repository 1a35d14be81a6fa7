#include "op/starters.h"

#include "tests/harness.h"

static struct standard *load(struct ctx *cx)
{
    struct content content;
    struct standard *standard = NULL;

    CHECK_OK(content_open(cx, NULL, &content));
    CHECK_OK(standard_load(cx, &content, STANDARD_DEFAULT, &standard));
    return standard;
}

/* Every criterion has its place in a draft, in words that are known for a gap when they are read.
 */
TEST(starters_have_a_place_for_each_criterion)
{
    const struct standard *standard = load(cx);
    struct value *data, *english;

    CHECK_OK(standard_yaml(cx, standard, "starters.yaml", &data));
    CHECK_OK(standard_yaml(cx, standard, "languages/en.yaml", &english));
    const struct value *criteria = value_get(data, "criteria");
    const struct value *words = value_path(english, "placeholders.words");
    CHECK_INT(value_count(criteria), standard->criteria.n);
    for (size_t i = 0; i < standard->criteria.n; i++) {
        const struct value *it =
            value_get(criteria, str_z(cx->mem, standard->criteria.items[i].id));
        struct str prompt = value_get_text(it, "prompt"), first = STR_NONE;
        const struct value *also = value_get(it, "also");
        bool known = false;

        CHECK(value_get_text(it, "heading").n > 0);
        CHECK(prompt.n > 0 && prompt.n <= 125);
        CHECK(str_find_char(prompt, '[', 0) == SIZE_MAX &&
              str_find_char(prompt, ']', 0) == SIZE_MAX);
        (void)str_split(&prompt, ' ', &first);
        for (size_t w = 0; w < value_count(words); w++)
            known =
                known || str_is_nocase(first, str_z(cx->mem, value_as_text(value_at(words, w))));
        CHECK(known);
        for (size_t k = 0; k < value_count(also); k++) {
            const struct entry *e = standard_find(standard, value_as_text(value_at(also, k)));
            CHECK(e != NULL && e->type == ENTRY_CRITERION);
        }
    }
}

TEST(starters_name_registers_that_are_there)
{
    const struct standard *standard = load(cx);
    struct content content = standard->content;
    struct value *data;
    struct str text;

    CHECK_OK(standard_yaml(cx, standard, "starters.yaml", &data));
    const struct value *tables = value_get(data, "tables"), *lists = value_get(data, "registers");
    for (size_t i = 0; i < value_count(tables); i++) {
        const struct entry *kind = standard_find(standard, value_key_at(tables, i));
        CHECK(kind != NULL && kind->type == ENTRY_KIND);
        CHECK_OK(content_get(
            cx, &content,
            str_printf(cx->mem, "registers/%.*s.yaml", STR_ARG(value_as_text(value_at(tables, i))))
                .p,
            &text));
    }
    for (size_t i = 0; i < value_count(lists); i++)
        CHECK_OK(content_get(
            cx, &content,
            str_printf(cx->mem, "registers/%.*s.yaml", STR_ARG(value_as_text(value_at(lists, i))))
                .p,
            &text));
}
