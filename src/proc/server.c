#include "proc/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc/frame.h"

#define ORDER_MAGIC 0x4f726472u
#define MAPPED_BYTES ((size_t)1024 * 1024) /* from here on a file is mapped, not read */
#define ORDER_FDS 3u  /* what to read, where the answer goes, where the ending goes */
#define GRACE_MS 5000 /* that the server may be late with ending a child */

struct proc_server {
    const struct proc_service *services;
    size_t service_n;
    pid_t pid;
    int control;
    atomic_bool gone;
};

struct order {
    uint32_t magic;
    uint32_t service;
};

/* Descriptors on their way. */
union rights {
    struct cmsghdr about;
    char room[CMSG_SPACE(ORDER_FDS * sizeof(int))];
};

/* The server's word on how a child ended; the child has no hand in it. */
struct ending {
    int32_t status; /* as of wait() */
    int32_t cause;  /* errno where no child could be started */
    bool late;
    struct proc_usage usage;
};

/* ---- in the child ---- */

static int read_input(struct ctx *cx, int fd, size_t n, struct str *ret)
{
    char *bytes = arena_alloc(cx->mem, n + 1);
    size_t have = 0;

    while (have < n) {
        ssize_t got = read(fd, bytes + have, n - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(cx, RC_FAIL, NULL, _("Reading it failed (%s)."), strerrordesc_np(errno));
        if (got == 0)
            break;
        have += (size_t)got;
    }
    *ret = (struct str){bytes, have};
    return 0;
}

static bool is_mapped(size_t n)
{
    return n >= MAPPED_BYTES && n % (size_t)sysconf(_SC_PAGESIZE) != 0;
}

/* Room that a file's own pages take beside what the child may allocate. */
static size_t mapped_room(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && is_mapped((size_t)st.st_size) ? (size_t)st.st_size : 0;
}

/* What is large is mapped where that can be: the file's own pages cost no memory. Readers may look
 * one byte past the end, where a zero stands: what ends with its page is read. */
static int read_order(struct ctx *cx, int fd, struct str *ret)
{
    struct stat st;

    if (fstat(fd, &st) != 0 || lseek(fd, 0, SEEK_SET) != 0)
        return fail(cx, RC_FAIL, NULL, _("Reading it failed (%s)."), strerrordesc_np(errno));
    size_t n = (size_t)st.st_size;
    if (is_mapped(n)) {
        void *p = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
        *ret = (struct str){p, n};
        if (p != MAP_FAILED)
            return 0;
    }
    return read_input(cx, fd, n, ret);
}

/* The child's whole life. */
NORETURN static void serve(const struct proc_service *service, const struct sandbox *sandbox,
                           struct str order, const int *fds)
{
    struct sandbox own = *sandbox;
    int keep[2] = {fds[1], fds[0]};
    own.mapped += mapped_room(fds[0]);
    uint32_t held = sandbox_enter(&own, keep, COUNT_OF(keep));
    struct ctx cx = {.mem = arena_new(service->limits.memory)};
    struct buf out = buf_new(cx.mem);
    struct str bytes;
    int rc = read_order(&cx, keep[1], &bytes);

    if (rc == 0)
        rc = service->serve(&cx, order, bytes, &out);
    frame_send(&cx, &service->limits, held, rc, &out, keep[0]);
}

/* ---- in the server ---- */

struct child {
    pid_t pid;
    int ending; /* where to say how it ended: once nobody listens there, it is ended */
    int64_t deadline;
    bool late;
};

struct serving {
    const struct proc_server *server;
    struct sandbox *sandboxes; /* one a service */
    struct child children[PROC_ORDERS];
    size_t n;
    int control;
    int signals; /* says that children have ended */
    pid_t self;
};

static void tell(int fd, const struct ending *ending)
{
    /* It fits into an empty pipe; a caller that is gone needs it no more. */
    if (write(fd, ending, sizeof *ending) < 0)
        errno = 0;
    close(fd);
}

static void reap(struct serving *s)
{
    struct ending ending = {0};
    struct rusage usage;
    pid_t pid;

    while ((pid = wait4(-1, &ending.status, WNOHANG, &usage)) > 0) {
        for (size_t i = 0; i < s->n; i++) {
            if (s->children[i].pid != pid)
                continue;
            ending.late = s->children[i].late;
            ending.usage.cpu_us =
                (int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
                usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
            ending.usage.peak = (size_t)usage.ru_maxrss * 1024;
            tell(s->children[i].ending, &ending);
            s->children[i] = s->children[--s->n];
            break;
        }
    }
}

static void start(struct serving *s, uint32_t service, struct str order, const int *fds)
{
    const struct proc_service *what = &s->server->services[service];
    pid_t pid = fork();

    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        if (getppid() != s->self)
            _exit(1);
        serve(what, &s->sandboxes[service], order, fds);
    }
    if (pid < 0) {
        struct ending ending = {.cause = errno};
        tell(fds[2], &ending);
    } else {
        s->children[s->n++] = (struct child){pid, fds[2], clock_deadline(&what->limits), false};
    }
    close(fds[0]);
    close(fds[1]);
}

/* Takes one order; false once there will be no more. */
static bool take(struct serving *s)
{
    char bytes[sizeof(struct order) + PROC_ORDER_BYTES];
    union rights with = {0};
    struct iovec part = {bytes, sizeof bytes};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = with.room,
                             .msg_controllen = sizeof with.room};
    ssize_t n = recvmsg(s->control, &message, MSG_CMSG_CLOEXEC);
    struct cmsghdr *about = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    struct order order;
    int fds[ORDER_FDS];

    if (n <= 0)
        return n < 0 && errno == EINTR;
    /* The program is no enemy: what does not look like an order is a mistake in it. */
    if ((size_t)n < sizeof order || about == NULL || about->cmsg_len != CMSG_LEN(sizeof fds))
        return false;
    memcpy(&order, bytes, sizeof order);
    memcpy(fds, CMSG_DATA(about), sizeof fds);
    if (order.magic != ORDER_MAGIC || order.service >= s->server->service_n)
        return false;
    start(s, order.service, (struct str){bytes + sizeof order, (size_t)n - sizeof order}, fds);
    return true;
}

/* Ends those whose time is over, and gives the milliseconds until the next one's is. */
static int end_late(struct serving *s)
{
    int64_t now = clock_ms(), next = INT32_MAX;

    for (size_t i = 0; i < s->n; i++) {
        struct child *c = &s->children[i];
        if (c->late)
            continue;
        c->late = now >= c->deadline;
        if (c->late)
            kill(c->pid, SIGKILL);
        else if (c->deadline - now < next)
            next = c->deadline - now;
    }
    return next == INT32_MAX ? -1 : (int)next;
}

static void drain(int fd)
{
    struct signalfd_siginfo info[8];

    while (read(fd, info, sizeof info) > 0)
        continue;
}

/* Serves until the program ends or wants no more; its children end with it. */
static void serve_all(struct serving *s)
{
    struct pollfd at[2 + PROC_ORDERS];
    bool open = true;

    while (open) {
        int wait = end_late(s);
        at[0] = (struct pollfd){.fd = s->control, .events = s->n < PROC_ORDERS ? POLLIN : 0};
        at[1] = (struct pollfd){.fd = s->signals, .events = POLLIN};
        for (size_t i = 0; i < s->n; i++)
            at[2 + i] = (struct pollfd){.fd = s->children[i].late ? -1 : s->children[i].ending};
        if (poll(at, 2 + s->n, wait) < 0)
            continue;
        for (size_t i = 0; i < s->n; i++)
            if ((at[2 + i].revents & POLLERR) != 0) {
                s->children[i].late = true;
                kill(s->children[i].pid, SIGKILL);
            }
        if (at[1].revents != 0) {
            drain(s->signals);
            reap(s);
        }
        if ((at[0].revents & POLLIN) != 0)
            open = take(s);
        else if ((at[0].revents & (POLLHUP | POLLERR)) != 0)
            open = false;
    }
    for (size_t i = 0; i < s->n; i++)
        kill(s->children[i].pid, SIGKILL);
}

NORETURN static void server_main(const struct proc_server *server, int control)
{
    struct serving s = {.server = server, .self = getpid()};
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    sigset_t mask;

    /* Whoever stops the program at a terminal speaks to it, and it ends the server. */
    signal(SIGINT, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    sandbox_descriptors(nowhere, &control, 1);
    fcntl(control, F_SETFD, FD_CLOEXEC);
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    s.control = control;
    s.signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
    s.sandboxes = calloc(server->service_n, sizeof *s.sandboxes);
    if (s.signals < 0 || s.sandboxes == NULL)
        _exit(1);
    for (size_t i = 0; i < server->service_n; i++)
        sandbox_prepare(&server->services[i].limits, &s.sandboxes[i]);
    serve_all(&s);
    _exit(0);
}

/* ---- in the program ---- */

int proc_server_start(struct ctx *cx, const struct proc_service *services, size_t n,
                      struct proc_server **ret)
{
    struct proc_server *server = ARENA_NEW(cx->mem, struct proc_server);
    pid_t self = getpid();
    int ends[2];

    *server = (struct proc_server){.services = services, .service_n = n};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return fail(cx, RC_FAIL, NULL, _("No channel to the readers could be made: %s."),
                    strerror(errno));
    server->pid = fork();
    if (server->pid < 0) {
        int cause = errno;
        close(ends[0]);
        close(ends[1]);
        return fail(cx, RC_FAIL, NULL, _("The readers could not be started: %s."), strerror(cause));
    }
    if (server->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        if (getppid() != self)
            _exit(1);
        server_main(server, ends[1]);
    }
    close(ends[1]);
    server->control = ends[0];
    *ret = server;
    return 0;
}

void proc_server_stop(struct proc_server *server)
{
    if (server == NULL || server->pid == 0)
        return;
    close(server->control);
    server->control = -1;
    while (waitpid(server->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    server->pid = 0;
}

bool proc_server_alive(struct proc_server *server)
{
    return !atomic_load(&server->gone);
}

static int is_gone(struct ctx *cx, struct proc_server *server)
{
    atomic_store(&server->gone, true);
    return fail(cx, RC_FAIL, NULL, "%s",
                _("The process that starts the readers was ended from outside."));
}

static bool send_order(struct proc_server *server, size_t service, struct str order, const int *fds)
{
    struct order head = {ORDER_MAGIC, (uint32_t)service};
    struct iovec parts[2] = {{&head, sizeof head}, {(void *)(uintptr_t)order.p, order.n}};
    union rights with = {0};
    struct msghdr message = {.msg_iov = parts,
                             .msg_iovlen = 2,
                             .msg_control = with.room,
                             .msg_controllen = sizeof with.room};
    ssize_t n;

    with.about.cmsg_level = SOL_SOCKET;
    with.about.cmsg_type = SCM_RIGHTS;
    with.about.cmsg_len = CMSG_LEN(ORDER_FDS * sizeof(int));
    memcpy(CMSG_DATA(&with.about), fds, ORDER_FDS * sizeof(int));
    do
        n = sendmsg(server->control, &message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n > 0;
}

/* Until `deadline` at most; the server ends what is late, so this is for a server that hangs. */
static bool wait_for(int fd, int64_t deadline)
{
    for (;;) {
        struct pollfd at = {.fd = fd, .events = POLLIN};
        int64_t left = deadline - clock_ms();
        int ready = left <= 0 ? 0 : poll(&at, 1, left > INT32_MAX ? INT32_MAX : (int)left);
        if (ready > 0 || (ready == 0 && left <= INT32_MAX))
            return ready > 0;
    }
}

struct call {
    struct proc_server *server;
    const struct proc_limits *limits;
    int answer, ending; /* to read from */
    struct ending end;
};

static void call_end(struct call *call)
{
    if (call->answer >= 0)
        close(call->answer);
    if (call->ending >= 0)
        close(call->ending);
}

static int call_begin(struct ctx *cx, struct call *call, size_t service, struct str order, int fd)
{
    int answer[2], ending[2];

    if (order.n > PROC_ORDER_BYTES)
        return fail(cx, RC_LIMIT, NULL, "%s", _("Its name is too long."));
    if (pipe2(answer, O_CLOEXEC) < 0)
        return fail(cx, RC_FAIL, NULL, _("No pipe to a reader could be made: %s."),
                    strerror(errno));
    call->answer = answer[0];
    if (pipe2(ending, O_CLOEXEC) < 0) {
        int cause = errno;
        close(answer[1]);
        return fail(cx, RC_FAIL, NULL, _("No pipe to a reader could be made: %s."),
                    strerror(cause));
    }
    call->ending = ending[0];
    const int fds[ORDER_FDS] = {fd, answer[1], ending[1]};
    bool sent = send_order(call->server, service, order, fds);
    close(answer[1]);
    close(ending[1]);
    return sent ? 0 : is_gone(cx, call->server);
}

/* The answer, and after it the server's word on how the child ended. */
static int call_read(struct ctx *cx, struct call *call, struct incoming *in)
{
    int64_t deadline = clock_deadline(call->limits) + GRACE_MS;
    int more = 1;
    ssize_t n;

    while (more > 0) {
        if (!wait_for(call->answer, deadline))
            return frame_too_late(cx, call->limits);
        more = incoming_read(cx, in, call->answer);
    }
    TRY(more);
    do {
        if (!wait_for(call->ending, deadline))
            return frame_too_late(cx, call->limits);
        n = read(call->ending, &call->end, sizeof call->end);
    } while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof call->end ? 0 : is_gone(cx, call->server);
}

int proc_server_call(struct ctx *cx, struct proc_server *server, size_t service, struct str order,
                     int fd, struct str *ret_output, struct proc_usage *ret_usage)
{
    const struct proc_limits *limits = &server->services[service].limits;
    struct call call CLEANUP(call_end) = {
        .server = server, .limits = limits, .answer = -1, .ending = -1};
    struct incoming in = {.limits = limits};

    TRY(call_begin(cx, &call, service, order, fd));
    TRY(call_read(cx, &call, &in));
    if (ret_usage != NULL)
        *ret_usage = call.end.usage;
    if (call.end.cause != 0)
        return fail(cx, RC_FAIL, NULL, _("No worker could be started: %s."),
                    strerror(call.end.cause));
    if (call.end.late)
        return frame_too_late(cx, limits);
    if (call.end.status != 0)
        return frame_missing(cx, limits, call.end.status);
    return incoming_take(cx, &in, ret_output);
}

int proc_memory_file(struct ctx *cx, struct str bytes, int *ret_fd)
{
    int fd = memfd_create("assay", MFD_CLOEXEC);
    size_t done = 0;

    while (fd >= 0 && done < bytes.n) {
        ssize_t n = write(fd, bytes.p + done, bytes.n - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            close(fd);
            fd = -1;
            break;
        }
        done += (size_t)n;
    }
    if (fd < 0)
        return fail(cx, RC_FAIL, NULL, _("No memory file could be made: %s."), strerror(errno));
    *ret_fd = fd;
    return 0;
}
