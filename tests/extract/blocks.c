#include "tests/extract/blocks.h"

struct str block_text(struct ctx *cx, const struct extract *e, size_t i)
{
    static const char kinds[] = "HPIRCF=";
    const struct block *b;

    if (i >= e->block_count)
        return STR("none");
    b = &e->blocks[i];
    return str_printf(cx->mem, "%c%u%s%s@%u %.*s%s%.*s", kinds[b->kind], b->level,
                      b->header ? "h" : "", b->struck ? "~" : "", b->place.line, STR_ARG(b->label),
                      b->label.n > 0 ? "=" : "", STR_ARG(b->text));
}

void blocks_check(struct ctx *cx, const struct extract *e, const char *const *wanted, size_t n)
{
    CHECK_INT(e->block_count, n);
    for (size_t i = 0; i < n; i++)
        CHECK_STR(block_text(cx, e, i), wanted[i]);
}
