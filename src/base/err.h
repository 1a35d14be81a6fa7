/*
 * Errors, and the context that everything hangs from.
 *
 * A fallible function returns 0 or a negative `enum rc`, is MUST_CHECK, and leaves one sentence
 * for the user in `cx->err`: what was being done to what, the place, the cause. Library code never
 * prints an error that it returns; only main does. Programmer errors assert.
 *
 * A struct ctx lives as long as one command, request or job and belongs to one thread.
 */
#ifndef ASSAY_BASE_ERR_H
#define ASSAY_BASE_ERR_H

#include "base/arena.h"
#include "base/compiler.h"
#include "base/date.h"
#include "base/str.h"

enum rc {
    RC_OK = 0,
    RC_NOT_FOUND = -1, /* what was named does not exist */
    RC_INVALID = -2,   /* input that cannot be right */
    RC_DENIED = -3,    /* no right to it */
    RC_CONFLICT = -4,  /* not in this state */
    RC_LIMIT = -5,     /* larger, deeper or longer than allowed */
    RC_FAIL = -6,      /* the machine or a library failed */
};

struct err {
    enum rc rc;
    struct str place; /* field, file or row the message is about; may be empty */
    struct str text;  /* one sentence for the user */
};

struct host;

struct ctx {
    struct arena *mem;
    struct err err;
    struct date today; /* injected: nothing else asks the clock what day it is */
    struct host *host; /* clock and randomness (base/host.h); NULL for the machine's */
};

/* Records the error and gives `rc` back: `return fail(cx, RC_INVALID, path, "...", ...)`. */
MUST_CHECK int fail(struct ctx *cx, enum rc rc, const char *place, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* A context for what works in `mem`, memory of its own, for `cx`; and its end: `rc` again, with the
 * error where it is one, which then lives as long as others of `cx`. */
struct ctx ctx_in(const struct ctx *cx, struct arena *mem);
MUST_CHECK int ctx_end(struct ctx *cx, const struct ctx *in, int rc);

/* Puts what was being done before the recorded sentence: "Reading x.docx: the ZIP is cut off". */
MUST_CHECK int fail_while(struct ctx *cx, int rc, const char *format, ...) PRINTF_LIKE(3, 4);

/* Errors are negative, and the compiler may rely on it: so it sees that behind TRY() the outputs of
 * the call are there. */
MUST_CHECK static inline int rc_negative(int rc)
{
    if (rc >= 0)
        __builtin_unreachable();
    return rc;
}
#define fail(cx, rc, ...) rc_negative(fail(cx, rc, __VA_ARGS__))

/* RC_LIMIT once the context's arena is over its ceiling. */
MUST_CHECK int ctx_check(struct ctx *cx);

/* Returns from the enclosing function where `call` failed. The only control-flow macro. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        int rc_ = (call);                                                                          \
        if (rc_ < 0)                                                                               \
            return rc_;                                                                            \
    } while (0)

#endif
