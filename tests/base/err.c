/* Errors of work in memory of its own. */
#include "base/err.h"

#include "tests/harness.h"

static int work(struct ctx *cx, bool fails)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(0);
    struct ctx in = ctx_in(cx, mem);

    return ctx_end(cx, &in, fails ? fail(&in, RC_LIMIT, "field", "%s are too many", "Seven") : 0);
}

TEST(ctx_end_keeps_the_error_of_memory_that_goes)
{
    CHECK_OK(work(cx, false));
    CHECK_RC(work(cx, true), RC_LIMIT);
    CHECK_STR(cx->err.text, "Seven are too many");
    CHECK_STR(cx->err.place, "field");
}
