#include "judge/runin.h"

#include "tests/harness.h"

static struct str parts(struct ctx *cx, const char *text)
{
    struct block block = {.kind = BLOCK_PARAGRAPH, .text = str_of(text)};
    struct buf out = buf_new(cx->mem);
    struct runin r;

    if (!runin_split(cx->mem, &block, &r))
        return STR("none");
    for (size_t i = 0; i < r.n; i++)
        buf_printf(&out, "%s%c%.*s", i > 0 ? "|" : "", r.blocks[i].kind == BLOCK_ITEM ? '-' : ' ',
                   STR_ARG(r.blocks[i].text));
    return buf_str(&out);
}

TEST(runin_lists_within_a_sentence)
{
    CHECK_STR(
        parts(cx, "Users must not: share keys; lend vans; ride home. Breaches are told; always."),
        " Users must not:|-share keys|-lend vans|-ride home.| Breaches are told; always.");
    CHECK_STR(parts(cx, "We keep: hay; oats; and straw"), " We keep:|-hay|-oats|-and straw");
}

TEST(runin_other_sentences_are_left)
{
    CHECK_STR(parts(cx, "Users must not: share keys; lend vans."), "none");
    CHECK_STR(parts(cx, "Keys are kept; vans are washed; hay is cut: always."), "none");
    CHECK_STR(parts(cx, "At 10:15 keys; vans; hay; oats"), "none");
    CHECK_STR(parts(cx, ""), "none");
}
