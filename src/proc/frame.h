/*
 * How a child's answer crosses to the parent, who believes none of it: a header, an error's place
 * and text, the bytes.
 */
#ifndef ASSAY_PROC_FRAME_H
#define ASSAY_PROC_FRAME_H

#include "proc/proc.h"
#include "proc/sandbox.h"

struct frame {
    uint32_t magic;
    int32_t rc;
    uint32_t held; /* what sandbox_enter() gave */
    uint32_t place;
    uint32_t text;
    uint32_t pad;
    uint64_t bytes;
};

/* The child's last word: writes to `fd` and ends the process. */
NORETURN void frame_send(struct ctx *cx, const struct proc_limits *limits, uint32_t held, int rc,
                         struct buf *out, int fd);

/* An answer on its way in. Its body is reserved once, at the size that its header gives. */
struct incoming {
    const struct proc_limits *limits;
    struct frame frame;
    char *body;
    size_t body_n;
    size_t n; /* bytes so far */
    bool bad; /* it is no answer; read to its end all the same */
};

/* One read(): 1 for more to come, 0 at the end, RC_LIMIT where it is more than is allowed. */
MUST_CHECK int incoming_read(struct ctx *cx, struct incoming *in, int fd);
/* Once it is all there: the child's error, or 0 and its bytes. */
MUST_CHECK int incoming_take(struct ctx *cx, const struct incoming *in, struct str *ret_output);
/* The error for a child that ended with `status` other than 0. */
MUST_CHECK int frame_missing(struct ctx *cx, const struct proc_limits *limits, int status);
MUST_CHECK int frame_too_late(struct ctx *cx, const struct proc_limits *limits);

/* Milliseconds of the monotonic clock, and those that a job with `limits` may end at. */
int64_t clock_ms(void);
int64_t clock_deadline(const struct proc_limits *limits);

#endif
