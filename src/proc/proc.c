#include "proc/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc/frame.h"

#define GRACE_MS 2000 /* for an answer that lay in the pipe when the time was over */
#define POLL_MS 600000

struct proc_job {
    struct proc_limits limits;
    pid_t pid;
    int fd; /* where the answer comes from; -1 once ended */
    int64_t deadline;
    uint32_t held;
};

/* The child's whole life. It never returns and runs no exit handlers of the parent. */
NORETURN static void child(const struct ctx *parent, const struct proc_limits *limits,
                           proc_work *work, void *arg, int fd)
{
    struct sandbox sandbox;
    int keep[] = {fd, limits->file, limits->pipe}; /* they become 3, PROC_FILE and PROC_PIPE */
    unsigned n = limits->file <= 0 ? 1 : limits->pipe <= 0 ? 2 : 3;

    sandbox_prepare(limits, &sandbox);
    uint32_t held = sandbox_enter(&sandbox, keep, n);
    struct ctx cx = {.mem = arena_new(limits->memory), .today = parent->today};
    struct buf out = buf_new(cx.mem);
    int rc = work(&cx, arg, &out);
    frame_send(&cx, limits, held, rc, &out, keep[0]);
}

int proc_start(struct ctx *cx, const struct proc_limits *limits, proc_work *work, void *arg,
               struct proc_job **ret)
{
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
    *job = (struct proc_job){*limits, pid, ends[0], clock_deadline(limits), 0};
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
static int read_some(struct ctx *cx, struct proc_job *job, struct incoming *in)
{
    int64_t left = job->deadline - clock_ms();
    struct pollfd poll_fd = {.fd = job->fd, .events = POLLIN};
    int ready = left <= 0 ? 0 : poll(&poll_fd, 1, left > POLL_MS ? POLL_MS : (int)left);

    if (ready == 0 && left <= POLL_MS)
        return frame_too_late(cx, &job->limits);
    return ready <= 0 ? 1 : incoming_read(cx, in, job->fd);
}

int proc_wait(struct ctx *cx, struct proc_job *job, struct str *ret_output)
{
    struct incoming in = {.limits = &job->limits};
    int more, status;

    if (job->deadline < clock_ms() + GRACE_MS)
        job->deadline = clock_ms() + GRACE_MS;
    while ((more = read_some(cx, job, &in)) > 0)
        continue;
    if (more < 0) {
        proc_cancel(job);
        return more;
    }
    status = reap(job);
    if (status != 0)
        return frame_missing(cx, &job->limits, status);
    job->held = in.frame.held;
    return incoming_take(cx, &in, ret_output);
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
    struct proc_limits limits = {PROC_PARSER, (size_t)64 << 20, 5, 5, 64, NULL, 0, 0};
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
