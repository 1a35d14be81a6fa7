#include "proc/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc/sandbox.h"

#define FRAME_MAGIC 0x41737379u
#define FRAME_TEXT 8192u /* bytes of an error's place and of its text */
#define READ_BYTES ((size_t)64 * 1024)
#define GRACE_MS 2000 /* for an answer that lay in the pipe when the time was over */
#define DEFAULT_WALL 3600u

/* What the child writes before its bytes. The parent believes none of it. */
struct frame {
    uint32_t magic;
    int32_t rc;
    uint32_t held; /* what sandbox_enter() gave */
    uint32_t place;
    uint32_t text;
    uint32_t pad;
    uint64_t bytes;
};

struct proc_job {
    struct proc_limits limits;
    pid_t pid;
    int fd;           /* where the answer comes from; -1 once ended */
    int64_t deadline; /* milliseconds of the monotonic clock */
    uint32_t held;
};

static int64_t now_ms(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

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

static void answer(int fd, uint32_t held, int rc, const struct err *err, struct str bytes)
{
    struct str place = rc < 0 ? str_sub(err->place, 0, FRAME_TEXT) : STR_NONE;
    struct str text = rc < 0 ? str_sub(err->text, 0, FRAME_TEXT) : STR_NONE;
    struct frame frame = {FRAME_MAGIC, rc, held, (uint32_t)place.n, (uint32_t)text.n, 0, bytes.n};

    write_all(fd, &frame, sizeof frame);
    write_all(fd, place.p, place.n);
    write_all(fd, text.p, text.n);
    write_all(fd, bytes.p, bytes.n);
}

static int output_limit(struct ctx *cx)
{
    return fail(cx, RC_LIMIT, NULL, "%s", _("It gave back more than is allowed."));
}

/* The child's whole life. It never returns and runs no exit handlers of the parent. */
NORETURN static void child(const struct ctx *parent, const struct proc_limits *limits,
                           proc_work *work, void *arg, int fd)
{
    uint32_t held = sandbox_enter(limits, &fd);
    struct ctx cx = {.mem = arena_new(limits->memory), .today = parent->today};
    struct buf out = buf_new(cx.mem);
    int rc = work(&cx, arg, &out);

    if (rc >= 0 && out.n > limits->output)
        rc = output_limit(&cx);
    answer(fd, held, rc < 0 ? rc : 0, &cx.err, rc < 0 ? STR_NONE : buf_str(&out));
    _exit(0);
}

int proc_start(struct ctx *cx, const struct proc_limits *limits, proc_work *work, void *arg,
               struct proc_job **ret)
{
    unsigned wall = limits->wall_seconds > 0 ? limits->wall_seconds : DEFAULT_WALL;
    pid_t self = getpid();
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return fail(cx, RC_FAIL, NULL, _("No pipe to a worker could be made: %s."),
                    strerror(errno));
    pid_t pid = fork();
    if (pid < 0) {
        int cause = errno;
        close(ends[0]);
        close(ends[1]);
        return fail(cx, RC_FAIL, NULL, _("No worker could be started: %s."), strerror(cause));
    }
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        if (getppid() != self)
            _exit(1);
        child(cx, limits, work, arg, ends[1]);
    }
    close(ends[1]);
    struct proc_job *job = ARENA_NEW(cx->mem, struct proc_job);
    *job = (struct proc_job){*limits, pid, ends[0], now_ms() + (int64_t)wall * 1000, 0};
    *ret = job;
    return 0;
}

/* Takes the child's status; the child is gone afterwards. */
static int reap(struct proc_job *job)
{
    int status = 0;

    close(job->fd);
    job->fd = -1;
    while (waitpid(job->pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status;
}

void proc_cancel(struct proc_job *job)
{
    if (job == NULL || job->fd < 0)
        return;
    kill(job->pid, SIGKILL);
    reap(job);
}

/* One piece of the answer: 1 for more to come, 0 at the end. */
static int read_some(struct ctx *cx, struct proc_job *job, char *piece, struct buf *in)
{
    int64_t left = job->deadline - now_ms();
    struct pollfd poll_fd = {.fd = job->fd, .events = POLLIN};
    int ready = left <= 0 ? 0 : poll(&poll_fd, 1, left > 600000 ? 600000 : (int)left);

    if (ready < 0 && errno == EINTR)
        return 1;
    if (ready == 0 && left <= 600000)
        return fail(cx, RC_LIMIT, NULL, _("It took longer than %u seconds."),
                    job->limits.wall_seconds);
    if (ready <= 0)
        return 1;
    ssize_t n = read(job->fd, piece, READ_BYTES);
    if (n < 0)
        return errno == EINTR ? 1 : 0;
    buf_add(in, (struct str){piece, (size_t)n});
    if (in->n > job->limits.output + sizeof(struct frame) + 2 * FRAME_TEXT)
        return output_limit(cx);
    return n > 0;
}

/* The error for a child that ended without an answer. */
static int no_answer(struct ctx *cx, const struct proc_job *job, int status)
{
    if (status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == SANDBOX_EXIT_MEMORY)
        return fail(cx, RC_LIMIT, NULL, _("It needs more than %zu MB of memory."),
                    job->limits.memory >> 20);
    if (status < 0 || !WIFSIGNALED(status))
        return fail(cx, RC_FAIL, NULL, "%s", _("The worker ended without an answer."));
    if (WTERMSIG(status) == SIGXCPU)
        return fail(cx, RC_LIMIT, NULL, _("It took more than %u seconds of computing."),
                    job->limits.cpu_seconds);
    if (WTERMSIG(status) == SIGSYS)
        return fail(cx, RC_FAIL, NULL, "%s",
                    _("The worker tried something that it may not do, and was ended."));
    return fail(cx, RC_FAIL, NULL, _("The worker crashed (signal %d)."), WTERMSIG(status));
}

/* A text that crossed over: what is not UTF-8 is left out. */
static struct str crossed(struct ctx *cx, struct str s)
{
    return utf8_valid(s) ? str_copy(cx->mem, s) : STR("(unreadable)");
}

static int unframe(struct ctx *cx, struct proc_job *job, struct str in, struct str *ret_output)
{
    struct frame frame;

    if (in.n < sizeof frame)
        return fail(cx, RC_FAIL, NULL, "%s", _("The worker ended without an answer."));
    memcpy(&frame, in.p, sizeof frame);
    in = str_from(in, sizeof frame);
    if (frame.magic != FRAME_MAGIC || frame.rc > 0 || frame.rc < RC_FAIL ||
        frame.place > FRAME_TEXT || frame.text > FRAME_TEXT || frame.bytes > job->limits.output ||
        in.n != (size_t)frame.place + frame.text + frame.bytes)
        return fail(cx, RC_FAIL, NULL, "%s", _("The worker's answer makes no sense."));
    job->held = frame.held;
    if (frame.rc == 0) {
        *ret_output = str_from(in, (size_t)frame.place + frame.text);
        return 0;
    }
    cx->err.rc = (enum rc)frame.rc;
    cx->err.place = crossed(cx, str_sub(in, 0, frame.place));
    cx->err.text = crossed(cx, str_sub(in, frame.place, frame.text));
    return frame.rc;
}

int proc_wait(struct ctx *cx, struct proc_job *job, struct str *ret_output)
{
    struct buf in = buf_new(cx->mem);
    char *piece = arena_alloc(cx->mem, READ_BYTES);
    int more, status;

    if (job->deadline < now_ms() + GRACE_MS)
        job->deadline = now_ms() + GRACE_MS;
    while ((more = read_some(cx, job, piece, &in)) > 0)
        continue;
    if (more < 0) {
        proc_cancel(job);
        return more;
    }
    status = reap(job);
    if (status != 0)
        return no_answer(cx, job, status);
    return unframe(cx, job, buf_str(&in), ret_output);
}

int proc_call(struct ctx *cx, const struct proc_limits *limits, proc_work *work, void *arg,
              struct str *ret_output)
{
    struct proc_job *job;

    TRY(proc_start(cx, limits, work, arg, &job));
    return proc_wait(cx, job, ret_output);
}

static int do_nothing(UNUSED struct ctx *cx, UNUSED void *arg, UNUSED struct buf *out)
{
    return 0;
}

const char *proc_sandbox_describe(struct ctx *cx)
{
    struct proc_limits limits = {PROC_PARSER, (size_t)64 << 20, 5, 5, 64, NULL};
    struct proc_job *job;
    struct str none;

    if (proc_start(cx, &limits, do_nothing, NULL, &job) < 0 || proc_wait(cx, job, &none) < 0)
        return _("no separate process: this system starts none");
    if ((job->held & SANDBOX_FILTER) != 0)
        return _("a separate process with a system-call filter and resource limits");
    if ((job->held & SANDBOX_LIMITS) != 0)
        return _("a separate process with resource limits; this system offers no filter of "
                 "system calls");
    return _("a separate process");
}
