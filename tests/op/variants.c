#include "op/variants.h"

#include "tests/harness.h"

static struct str variant_of(struct ctx *cx, const char *const *paths, size_t n, size_t which)
{
    struct walk walk = {.files = arena_array(cx->mem, n, sizeof(struct walk_file)), .n = n};
    struct str *found = arena_array(cx->mem, n, sizeof *found);

    for (size_t i = 0; i < n; i++)
        walk.files[i].path = str_of(paths[i]);
    variants_find(cx, &walk, found);
    return found[which];
}

TEST(variants_of_one_name)
{
    const char *const paths[] = {"p/Policy final v3 (2).docx", "p/Policy.docx",
                                 "p/Copy of Policy.docx", "q/Policy v2.docx"};

    CHECK_STR(variant_of(cx, paths, 4, 0), "p/Policy.docx");
    CHECK_STR(variant_of(cx, paths, 4, 1), "");
    CHECK_STR(variant_of(cx, paths, 4, 2), "p/Policy.docx");
    CHECK_STR(variant_of(cx, paths, 4, 3), "");
}

TEST(variants_other_formats_and_numbers_are_none)
{
    const char *const paths[] = {"Policy.docx", "Policy.md", "2025.md", "2026.md"};

    for (size_t i = 0; i < 4; i++)
        CHECK_STR(variant_of(cx, paths, 4, i), "");
}
