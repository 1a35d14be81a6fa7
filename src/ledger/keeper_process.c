/* How the process of a keeper is started: by the program itself, or, for a program with threads, by
 * a process that was forked before there were any. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/keeper_parts.h"
#include "proc/sandbox.h"

#define MEMORY ((size_t)64 * 1024 * 1024) /* address space over the parent's */
#define ORDER_FDS 2u                      /* the keeper's end of its socket, the folder of keys */

/* The signals of a terminal and of a service's end are for the program, which ends these processes
 * once it needs them no more. */
static void ignore_signals(void)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
}

/* ---- the keeper ---- */

/* The child's whole life: what it inherited is of no use to it, and its keys come later. */
NORETURN static void keeper_main(const char *path, int socket, int folder)
{
    const struct proc_limits limits = {.profile = PROC_KEEPER, .memory = MEMORY, .folder = path};
    struct sandbox sandbox;
    int keep[] = {socket, folder}; /* become 3 and PROC_FILE */
    struct keeper_secrets *secrets =
        mmap(NULL, sizeof *secrets, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (secrets == MAP_FAILED)
        _exit(1);
    /* Where the system grants no locked memory, the keys are no worse off than elsewhere. */
    (void)mlock(secrets, sizeof *secrets);
    (void)madvise(secrets, sizeof *secrets, MADV_DONTDUMP);
    sandbox_prepare(&limits, &sandbox);
    (void)sandbox_enter(&sandbox, keep, COUNT_OF(keep));
    ignore_signals();
    keeper_serve(keep[0], keep[1], secrets);
}

/* Its pid, -1 with errno. */
static pid_t keeper_fork(const char *path, int socket, int folder)
{
    pid_t pid = fork();

    if (pid == 0)
        keeper_main(path, socket, folder);
    return pid;
}

/* ---- who starts it for a program with threads ---- */

union rights {
    struct cmsghdr about;
    char room[CMSG_SPACE(ORDER_FDS * sizeof(int))];
};

/* False once nobody orders any more. */
static bool order_take(int control, int ret_fds[static ORDER_FDS])
{
    union rights with = {0};
    char word;
    struct iovec part = {&word, 1};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = with.room,
                             .msg_controllen = sizeof with.room};
    ssize_t n;

    do
        n = recvmsg(control, &message, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n <= 0 || message.msg_controllen < CMSG_LEN(ORDER_FDS * sizeof(int)))
        return false;
    memcpy(ret_fds, CMSG_DATA(&with.about), ORDER_FDS * sizeof(int));
    return true;
}

/* One that is there is not spoken to any more, and may be in the way of the next. */
static void keeper_end(pid_t pid)
{
    if (pid <= 0)
        return;
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}

NORETURN static void starter_main(const char *path, int control)
{
    int keep[] = {control}, fds[ORDER_FDS];
    pid_t pid = 0;

    sandbox_descriptors(open("/dev/null", O_RDWR | O_CLOEXEC), keep, COUNT_OF(keep));
    ignore_signals();
    while (order_take(keep[0], fds)) {
        keeper_end(pid);
        pid = keeper_fork(path, fds[0], fds[1]);
        int32_t cause = pid < 0 ? errno : 0;
        close(fds[0]);
        close(fds[1]);
        if (send(keep[0], &cause, sizeof cause, MSG_NOSIGNAL) < 0)
            break;
    }
    keeper_end(pid);
    _exit(0);
}

int keeper_starter(struct ctx *cx, const char *path, pid_t *ret_pid, int *ret_control)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return fail(cx, RC_FAIL, NULL, _("No channel to the keeper of keys could be made: %s."),
                    strerrordesc_np(errno));
    pid_t pid = fork();

    if (pid == 0)
        starter_main(path, ends[1]);
    int cause = errno;

    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return fail(cx, RC_FAIL, NULL, _("The keeper of keys could not be started: %s."),
                    strerrordesc_np(cause));
    }
    *ret_pid = pid;
    *ret_control = ends[0];
    return 0;
}

/* 0, or why it was not started. */
static int order_send(int control, const int fds[static ORDER_FDS])
{
    union rights with = {0};
    char word = '!';
    struct iovec part = {&word, 1};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = with.room,
                             .msg_controllen = sizeof with.room};
    int32_t cause = EIO;
    ssize_t n;

    with.about.cmsg_level = SOL_SOCKET;
    with.about.cmsg_type = SCM_RIGHTS;
    with.about.cmsg_len = CMSG_LEN(ORDER_FDS * sizeof(int));
    memcpy(CMSG_DATA(&with.about), fds, ORDER_FDS * sizeof(int));
    do
        n = sendmsg(control, &message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return errno;
    do
        n = recv(control, &cause, sizeof cause, 0);
    while (n < 0 && errno == EINTR);
    return n == sizeof cause ? cause : EPIPE;
}

/* ---- starting ---- */

/* The folder of keys, open; RC_DENIED where others could look into it. */
static int folder_open(struct ctx *cx, const char *path, int *ret)
{
    int fd CLEANUP(fd_close) = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) != 0)
        return fail(cx, errno == ENOENT ? RC_NOT_FOUND : RC_DENIED, path,
                    _("The folder of keys %s cannot be opened: %s. Bring it back from a copy."),
                    path, strerrordesc_np(errno));
    if (st.st_uid != geteuid())
        return fail(cx, RC_DENIED, path,
                    _("The folder of keys %s belongs to another user. Run assay as that user."),
                    path);
    if ((st.st_mode & 077) != 0)
        return fail(cx, RC_DENIED, path,
                    _("Others may look into the folder of keys %s. Forbid it first: chmod 700 %s"),
                    path, path);
    *ret = fd;
    fd = -1;
    return 0;
}

int keeper_start(struct ctx *cx, const char *path, int starter, pid_t *ret_pid, int *ret_socket)
{
    int folder CLEANUP(fd_close) = -1, ends[2], cause = 0;
    pid_t pid = 0;

    TRY(folder_open(cx, path, &folder));
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return fail(cx, RC_FAIL, NULL, _("No channel to the keeper of keys could be made: %s."),
                    strerrordesc_np(errno));
    if (starter >= 0) {
        cause = order_send(starter, (const int[ORDER_FDS]){ends[1], folder});
    } else {
        pid = keeper_fork(path, ends[1], folder);
        cause = pid < 0 ? errno : 0;
    }
    close(ends[1]);
    if (cause != 0) {
        close(ends[0]);
        return fail(cx, RC_FAIL, NULL, _("The keeper of keys could not be started: %s."),
                    strerrordesc_np(cause));
    }
    *ret_pid = pid;
    *ret_socket = ends[0];
    return 0;
}
