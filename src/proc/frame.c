#include "proc/frame.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FRAME_MAGIC 0x41737379u
#define FRAME_TEXT 8192u /* bytes of an error's place and of its text */
#define DEFAULT_WALL 3600u

int64_t clock_ms(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

int64_t clock_deadline(const struct proc_limits *limits)
{
    unsigned wall = limits->wall_seconds > 0 ? limits->wall_seconds : DEFAULT_WALL;

    return clock_ms() + (int64_t)wall * 1000;
}

/* ---- in the child ---- */

static void write_all(int fd, const void *bytes, size_t n)
{
    const char *p = bytes;

    while (n > 0) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            _exit(1);
        p += done;
        n -= (size_t)done;
    }
}

static int output_limit(struct ctx *cx)
{
    return fail(cx, RC_LIMIT, NULL, "%s", _("It gave back more than is allowed."));
}

void frame_send(struct ctx *cx, const struct proc_limits *limits, uint32_t held, int rc,
                struct buf *out, int fd)
{
    if (rc >= 0 && out->n > limits->output)
        rc = output_limit(cx);
    bool failed = rc < 0;
    struct str place = failed ? str_sub(cx->err.place, 0, FRAME_TEXT) : STR_NONE;
    struct str text = failed ? str_sub(cx->err.text, 0, FRAME_TEXT) : STR_NONE;
    struct str bytes = failed ? STR_NONE : buf_str(out);
    struct frame frame = {FRAME_MAGIC, failed ? rc : 0, held, (uint32_t)place.n, (uint32_t)text.n,
                          0,           bytes.n};

    write_all(fd, &frame, sizeof frame);
    write_all(fd, place.p, place.n);
    write_all(fd, text.p, text.n);
    write_all(fd, bytes.p, bytes.n);
    _exit(0);
}

/* ---- in the parent ---- */

/* The header is there: makes room for what it promises, or marks the answer as none. */
static void open_body(struct ctx *cx, struct incoming *in)
{
    const struct frame *f = &in->frame;

    in->bad = f->magic != FRAME_MAGIC || f->rc > 0 || f->rc < RC_FAIL || f->place > FRAME_TEXT ||
              f->text > FRAME_TEXT || f->bytes > in->limits->output;
    if (in->bad)
        return;
    in->body_n = (size_t)f->place + f->text + f->bytes;
    in->body = arena_alloc(cx->mem, in->body_n);
}

int incoming_read(struct ctx *cx, struct incoming *in, int fd)
{
    const size_t head = sizeof in->frame;
    char waste[4096], *p = waste;
    size_t room = sizeof waste;
    ssize_t n;

    if (in->n < head) {
        p = (char *)&in->frame + in->n;
        room = head - in->n;
    } else if (!in->bad && in->n - head < in->body_n) {
        p = in->body + (in->n - head);
        room = in->body_n - (in->n - head);
    }
    n = read(fd, p, room);
    if (n <= 0)
        return n < 0 && errno == EINTR;
    in->n += (size_t)n;
    in->bad = in->bad || p == waste;
    if (in->n == head)
        open_body(cx, in);
    if (in->n > in->limits->output + head + 2 * FRAME_TEXT)
        return output_limit(cx);
    return 1;
}

/* A text that crossed over: what is not UTF-8 is left out. */
static struct str crossed(struct str s)
{
    return utf8_valid(s) ? s : STR("(unreadable)");
}

int incoming_take(struct ctx *cx, const struct incoming *in, struct str *ret_output)
{
    struct str body = {in->body, in->body_n};

    if (in->n < sizeof in->frame)
        return fail(cx, RC_FAIL, NULL, "%s", _("The worker ended without an answer."));
    if (in->bad || in->n != sizeof in->frame + in->body_n)
        return fail(cx, RC_FAIL, NULL, "%s", _("The worker's answer makes no sense."));
    if (in->frame.rc == 0) {
        *ret_output = str_from(body, (size_t)in->frame.place + in->frame.text);
        return 0;
    }
    cx->err.rc = (enum rc)in->frame.rc;
    cx->err.place = crossed(str_sub(body, 0, in->frame.place));
    cx->err.text = crossed(str_sub(body, in->frame.place, in->frame.text));
    return in->frame.rc;
}

int frame_too_late(struct ctx *cx, const struct proc_limits *limits)
{
    return fail(cx, RC_LIMIT, NULL, _("It took longer than %u seconds."), limits->wall_seconds);
}

int frame_missing(struct ctx *cx, const struct proc_limits *limits, int status)
{
    if (status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == SANDBOX_EXIT_MEMORY)
        return fail(cx, RC_LIMIT, NULL, _("It needs more than %zu MB of memory."),
                    limits->memory >> 20);
    if (status < 0 || !WIFSIGNALED(status))
        return fail(cx, RC_FAIL, NULL, "%s", _("The worker ended without an answer."));
    if (WTERMSIG(status) == SIGXCPU)
        return fail(cx, RC_LIMIT, NULL, _("It took more than %u seconds of computing."),
                    limits->cpu_seconds);
    if (WTERMSIG(status) == SIGSYS)
        return fail(cx, RC_FAIL, NULL, "%s",
                    _("The worker tried something that it may not do, and was ended."));
    return fail(cx, RC_FAIL, NULL, _("The worker crashed (signal %d)."), WTERMSIG(status));
}
