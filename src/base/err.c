#include "base/err.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

PRINTF_LIKE(2, 0)
static struct str format_text(struct arena *mem, const char *format, va_list args)
{
    char small[512];
    va_list again;

    va_copy(again, args);
    int n = vsnprintf(small, sizeof small, format, again);
    va_end(again);
    if (n < 0)
        return STR_NONE;
    char *p = arena_alloc(mem, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, format, args);
    return (struct str){p, (size_t)n};
}

int(fail)(struct ctx *cx, enum rc rc, const char *place, const char *format, ...)
{
    va_list args;

    assert(rc < 0);
    va_start(args, format);
    cx->err.rc = rc;
    cx->err.place = str_copy(cx->mem, str_of(place));
    cx->err.text = format_text(cx->mem, format, args);
    va_end(args);
    return rc;
}

int fail_while(struct ctx *cx, int rc, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct str doing = format_text(cx->mem, format, args);
    va_end(args);
    cx->err.text = str_printf(cx->mem, "%.*s: %.*s", STR_ARG(doing), STR_ARG(cx->err.text));
    return rc;
}

struct ctx ctx_in(const struct ctx *cx, struct arena *mem)
{
    return (struct ctx){.mem = mem, .today = cx->today, .host = cx->host};
}

int ctx_end(struct ctx *cx, const struct ctx *in, int rc)
{
    if (rc < 0)
        cx->err = (struct err){(enum rc)rc, str_copy(cx->mem, in->err.place),
                               str_copy(cx->mem, in->err.text)};
    return rc;
}

int ctx_check(struct ctx *cx)
{
    if (arena_over(cx->mem))
        return fail(cx, RC_LIMIT, NULL, "More memory would be needed than is allowed (%zu MB).",
                    arena_used(cx->mem) >> 20);
    return 0;
}
