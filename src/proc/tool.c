#include "proc/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/filter.h>

#include "base/file.h"

#define EXIT_UNCONFINED 126
#define EXIT_NOT_STARTED 127
#define READ_BYTES ((size_t)64 * 1024)
#define FILTER_BYTES ((size_t)64 * 1024)
#define FILES 256u

/* Of newer kernels than Debian's headers know. */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif

#define MAY_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define MAY_WRITE                                                                                  \
    (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |                               \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | \
     LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |   \
     LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)

/* Calls by which a program could reach the network, other processes, the kernel's rarer doors, or
 * what belongs to a file besides its bytes. The other calls are of no use without files. */
static const int refused[] = {
    SCMP_SYS(socketpair),
    SCMP_SYS(connect),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendmmsg),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(process_madvise),
    SCMP_SYS(kcmp),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsconfig),
    SCMP_SYS(fsmount),
    SCMP_SYS(fspick),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(chroot),
    SCMP_SYS(setns),
    SCMP_SYS(unshare),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(acct),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(adjtimex),
    SCMP_SYS(clock_adjtime),
    SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname),
    SCMP_SYS(quotactl),
    SCMP_SYS(syslog),
    SCMP_SYS(name_to_handle_at),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(fanotify_init),
    SCMP_SYS(truncate),
    SCMP_SYS(chmod),
    SCMP_SYS(fchmodat),
    SCMP_SYS(chown),
    SCMP_SYS(lchown),
    SCMP_SYS(fchown),
    SCMP_SYS(fchownat),
    SCMP_SYS(utime),
    SCMP_SYS(utimes),
    SCMP_SYS(utimensat),
    SCMP_SYS(futimesat),
    SCMP_SYS(setxattr),
    SCMP_SYS(lsetxattr),
    SCMP_SYS(fsetxattr),
    SCMP_SYS(removexattr),
    SCMP_SYS(lremovexattr),
    SCMP_SYS(fremovexattr),
    SCMP_SYS(mknod),
    SCMP_SYS(mknodat),
    SCMP_SYS(ioperm),
    SCMP_SYS(iopl),
    SCMP_SYS(setuid),
    SCMP_SYS(setgid),
    SCMP_SYS(setreuid),
    SCMP_SYS(setregid),
    SCMP_SYS(setresuid),
    SCMP_SYS(setresgid),
    SCMP_SYS(setgroups),
    SCMP_SYS(setpgid),
    SCMP_SYS(setsid),
    SCMP_SYS(shmget),
    SCMP_SYS(shmat),
    SCMP_SYS(msgget),
    SCMP_SYS(semget),
    SCMP_SYS(mq_open),
};

/* All that the child needs, made before it is there: it shares our memory until it runs the
 * program, so it only makes system calls. */
struct plan {
    const struct tool *tool;
    int input, output, error, rules;
    struct sock_fprog filter;
    char *env[8];
    pid_t parent;
};

/* ---- what it may do ---- */

/* Threads are made by clone() with these; the newer clone3() cannot be looked into. */
static int add_processes(scmp_filter_ctx filter)
{
    static const int calls[] = {SCMP_SYS(fork), SCMP_SYS(vfork)};
    int rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                              SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));

    for (size_t i = 0; i < COUNT_OF(calls) && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), calls[i], 0);
    return rc;
}

/* Signals go to itself alone; others may share our user. */
static int add_signals(scmp_filter_ctx filter)
{
    static const int calls[] = {SCMP_SYS(kill), SCMP_SYS(tkill), SCMP_SYS(rt_sigqueueinfo)};
    int rc = 0;

    for (size_t i = 0; i < COUNT_OF(calls) && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), calls[i], 0);
    return rc;
}

/* A program that insists on listening for others of its kind is told that it does. */
static int add_sockets(scmp_filter_ctx filter, bool deaf)
{
    static const int calls[] = {SCMP_SYS(bind), SCMP_SYS(listen)};
    int rc = deaf ? seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket), 1,
                                     SCMP_A0(SCMP_CMP_NE, AF_UNIX, 0))
                  : seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket), 0);

    for (size_t i = 0; i < COUNT_OF(calls) && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(deaf ? 0 : EACCES), calls[i], 0);
    return rc;
}

static int filter_fill(scmp_filter_ctx filter, const struct tool *tool)
{
    /* New namespaces would open doors again; and clone3() hides its flags in memory. */
    int rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);

    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                              SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER));
    if (rc == 0 && !tool->processes)
        rc = add_processes(filter);
    if (rc == 0)
        rc = add_signals(filter);
    if (rc == 0)
        rc = add_sockets(filter, tool->deaf);
    for (size_t i = 0; i < COUNT_OF(refused) && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), refused[i], 0);
    return rc;
}

/* The filter as the kernel wants it. */
static int filter_make(struct ctx *cx, const struct tool *tool, struct sock_fprog *ret)
{
    int fd CLEANUP(fd_close) = memfd_create("filter", MFD_CLOEXEC);
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    void *code = arena_alloc(cx->mem, FILTER_BYTES);
    bool done = fd >= 0 && filter != NULL && filter_fill(filter, tool) == 0 &&
                seccomp_export_bpf(filter, fd) == 0;

    if (filter != NULL)
        seccomp_release(filter);
    ssize_t n = done ? pread(fd, code, FILTER_BYTES, 0) : -1;
    if (n <= 0 || (size_t)n == FILTER_BYTES)
        return fail(cx, RC_FAIL, NULL, "%s", _("No filter of system calls could be made."));
    *ret = (struct sock_fprog){(unsigned short)((size_t)n / sizeof(struct sock_filter)), code};
    return 0;
}

static void allow(int rules, const char *path, uint64_t access)
{
    struct landlock_path_beneath_attr below = {.allowed_access = access};
    struct stat st;

    below.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (below.parent_fd < 0)
        return;
    if (fstat(below.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
        below.allowed_access &= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_TRUNCATE;
    (void)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0);
    close(below.parent_fd);
}

/* Programs, libraries, fonts and the settings of both; and the tool's own folder. -1 where the
 * kernel has no Landlock. */
static int rules_make(const char *folder)
{
    static const char *const readable[] = {"/etc/ld.so.cache",
                                           "/etc/ld.so.preload",
                                           "/etc/fonts",
                                           "/etc/libreoffice",
                                           "/etc/localtime",
                                           "/etc/papersize",
                                           "/var/cache/fontconfig",
                                           "/var/lib/libreoffice",
                                           "/var/spool/libreoffice",
                                           "/dev/urandom",
                                           "/dev/zero"};
    static const char *const runnable[] = {"/usr", "/lib", "/lib64", "/bin"};
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    uint64_t all = MAY_READ | MAY_WRITE | LANDLOCK_ACCESS_FS_EXECUTE;

    all |= abi >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0;
    all |= abi >= 3 ? LANDLOCK_ACCESS_FS_TRUNCATE : 0;
    struct landlock_ruleset_attr attr = {.handled_access_fs = all};
    int rules = abi < 1 ? -1 : (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (rules < 0)
        return -1;
    for (size_t i = 0; i < COUNT_OF(readable); i++)
        allow(rules, readable[i], MAY_READ);
    for (size_t i = 0; i < COUNT_OF(runnable); i++)
        allow(rules, runnable[i], MAY_READ | LANDLOCK_ACCESS_FS_EXECUTE);
    allow(rules, "/dev/null", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE);
    if (folder != NULL)
        allow(rules, folder, all & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE);
    return rules;
}

/* ---- the child, until it is the program ---- */

static bool limit_set(__rlimit_resource_t what, size_t most)
{
    struct rlimit limit = {most, most};

    return most == 0 || setrlimit(what, &limit) == 0;
}

static bool limits_set(const struct tool *tool)
{
    struct rlimit none = {0, 0};
    struct rlimit cpu = {tool->cpu_seconds, tool->cpu_seconds + 1u};
    struct rlimit file = {tool->file_most, tool->file_most};

    return limit_set(RLIMIT_AS, tool->memory) && setrlimit(RLIMIT_CORE, &none) == 0 &&
           setrlimit(RLIMIT_FSIZE, &file) == 0 && limit_set(RLIMIT_NOFILE, FILES) &&
           (tool->cpu_seconds == 0 || setrlimit(RLIMIT_CPU, &cpu) == 0);
}

/* To descriptors 0, 1 and 2, by way of numbers above all of them. */
static bool descriptors_place(const struct plan *plan)
{
    const int from[] = {plan->input, plan->output, plan->error, plan->rules};
    int high[4];

    for (int i = 0; i < 4; i++) {
        high[i] = from[i] < 0 ? -1 : fcntl(from[i], F_DUPFD_CLOEXEC, 16);
        if (from[i] >= 0 && high[i] < 0)
            return false;
    }
    for (int i = 0; i < 3; i++)
        if (dup2(high[i], i) < 0)
            return false;
    if (high[3] >= 0 && dup2(high[3], 3) < 0)
        return false;
    return close_range(high[3] >= 0 ? 4 : 3, ~0u, 0) == 0;
}

static void signals_reset(void)
{
    static const int numbers[] = {SIGINT,  SIGTERM, SIGHUP,  SIGPIPE, SIGCHLD,
                                  SIGXCPU, SIGXFSZ, SIGALRM, SIGQUIT};
    sigset_t none;

    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        signal(numbers[i], SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

NORETURN __attribute__((noinline)) static void child(const struct plan *plan)
{
    const struct tool *tool = plan->tool;

    signals_reset();
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != plan->parent || setpgid(0, 0) != 0 || !descriptors_place(plan) ||
        chdir(tool->folder != NULL ? tool->folder : "/") != 0 || !limits_set(tool) ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        _exit(EXIT_UNCONFINED);
    if (plan->rules >= 0 && (syscall(SYS_landlock_restrict_self, 3, 0) != 0 || close(3) != 0))
        _exit(EXIT_UNCONFINED);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &plan->filter) != 0)
        _exit(EXIT_UNCONFINED);
    execve(tool->argv[0], (char *const *)(uintptr_t)tool->argv, plan->env);
    _exit(EXIT_NOT_STARTED);
}

/* vfork(): a copy of our page tables, only to be thrown away, would cost more than the tool. */
__attribute__((noinline)) static pid_t spawn(const struct plan *plan)
{
    sigset_t all, before;
    pid_t pid;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid = vfork();
    if (pid == 0)
        child(plan);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return pid;
}

/* ---- the parent ---- */

struct run {
    struct ctx *cx;
    const struct tool *tool;
    pid_t pid;
    int pidfd, output, error;
    int64_t deadline;
    struct buf out, err;
    bool cut;
};

static int64_t now_ms(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

/* One piece of what it says; closes the descriptor at its end. True where there may be more. */
static bool take(int *fd, struct buf *into, size_t most, bool *cut)
{
    char piece[READ_BYTES];
    ssize_t n = *fd < 0 ? 0 : read(*fd, piece, sizeof piece);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (n <= 0) {
        fd_close(fd);
        return false;
    }
    size_t room = most - into->n;
    buf_add(into, (struct str){piece, (size_t)n < room ? (size_t)n : room});
    *cut |= (size_t)n > room;
    return true;
}

static void take_all(struct run *run)
{
    bool ignored = false;

    while (!run->cut && take(&run->output, &run->out, run->tool->output, &run->cut))
        continue;
    while (take(&run->error, &run->err, TOOL_ERROR_BYTES, &ignored))
        continue;
}

/* Until it ends, or has to. */
static int follow(struct run *run)
{
    while (!run->cut) {
        struct pollfd fds[] = {
            {run->pidfd, POLLIN, 0}, {run->output, POLLIN, 0}, {run->error, POLLIN, 0}};
        int64_t left = run->deadline - now_ms();
        int ready = left <= 0 ? 0 : poll(fds, 3, (int)left);
        if (ready == 0)
            return fail(run->cx, RC_LIMIT, NULL, _("%s took longer than %u seconds."),
                        strrchr(run->tool->argv[0], '/') + 1, run->tool->wall_seconds);
        if (ready < 0 && errno != EINTR)
            return fail(run->cx, RC_FAIL, NULL, _("Waiting for %s failed."), run->tool->argv[0]);
        take_all(run);
        if (ready > 0 && fds[0].revents != 0)
            break;
    }
    take_all(run);
    return 0;
}

static int outcome(struct run *run, int status, struct tool_result *ret)
{
    const char *name = strrchr(run->tool->argv[0], '/') + 1;

    *ret = (struct tool_result){
        .cut = run->cut, .output = buf_str(&run->out), .error = buf_str(&run->err)};
    if (run->cut)
        return 0;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        return fail(run->cx, RC_LIMIT, NULL, _("%s took more than %u seconds of computing."), name,
                    run->tool->cpu_seconds);
    if (!WIFEXITED(status))
        return fail(run->cx, RC_FAIL, NULL, _("%s crashed over it (signal %d)."), name,
                    WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    ret->status = WEXITSTATUS(status);
    if (ret->status == EXIT_UNCONFINED)
        return fail(run->cx, RC_FAIL, NULL, _("This system cannot confine %s, so it was not run."),
                    name);
    if (ret->status == EXIT_NOT_STARTED)
        return fail(run->cx, RC_FAIL, NULL, _("%s could not be started."), name);
    return 0;
}

static int watch(struct run *run, struct tool_result *ret)
{
    int status = 0;
    int rc = follow(run);

    /* What it started goes with it. */
    kill(-run->pid, SIGKILL);
    if (rc != 0 || run->cut)
        kill(run->pid, SIGKILL);
    while (waitpid(run->pid, &status, 0) < 0)
        if (errno != EINTR)
            return fail(run->cx, RC_FAIL, NULL, _("%s was lost."), run->tool->argv[0]);
    return rc != 0 ? rc : outcome(run, status, ret);
}

/* The file's own offset is shared with whoever opened it, and does not count for them. */
static int input_make(struct ctx *cx, const struct tool *tool, int *ret)
{
    struct str bytes = tool->file > 0 ? STR_NONE : tool->input;
    int fd =
        tool->file > 0 ? fcntl(tool->file, F_DUPFD_CLOEXEC, 3) : memfd_create("input", MFD_CLOEXEC);

    for (size_t done = 0; fd >= 0 && done < bytes.n;) {
        ssize_t n = write(fd, bytes.p + done, bytes.n - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            fd_close(&fd);
        done += n > 0 ? (size_t)n : 0;
    }
    if (fd < 0 || lseek(fd, 0, SEEK_SET) != 0) {
        fd_close(&fd);
        return fail(cx, RC_FAIL, NULL, _("No memory for it could be had: %s."),
                    strerrordesc_np(errno));
    }
    *ret = fd;
    return 0;
}

static void environment(struct ctx *cx, const struct tool *tool, char **env)
{
    const char *folder = tool->folder != NULL ? tool->folder : "/nonexistent";
    static const char *const names[] = {"HOME", "TMPDIR"};
    size_t n = 0;

    env[n++] = str_z(cx->mem, STR("PATH=/usr/bin:/bin"));
    env[n++] = str_z(cx->mem, STR("LC_ALL=C.UTF-8"));
    env[n++] = str_z(cx->mem, STR("TZ=UTC"));
    env[n++] = str_z(cx->mem, STR("OMP_THREAD_LIMIT=1"));
    env[n++] = str_z(cx->mem, STR("SAL_USE_VCLPLUGIN=svp"));
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct str line = str_printf(cx->mem, "%s=%s", names[i], folder);
        env[n++] = str_z(cx->mem, line);
    }
    env[n] = NULL;
}

/* A pipe of which our end does not block. */
static int pipe_make(struct ctx *cx, const struct tool *tool, int *ret_ours, int *ret_its)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(cx, RC_FAIL, NULL, _("No pipe to %s could be made: %s."), tool->argv[0],
                    strerrordesc_np(errno));
    *ret_ours = ends[0];
    *ret_its = ends[1];
    (void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return 0;
}

static void plan_close(struct plan *plan)
{
    fd_close(&plan->input);
    fd_close(&plan->output);
    fd_close(&plan->error);
    fd_close(&plan->rules);
}

static void run_close(struct run *run)
{
    fd_close(&run->output);
    fd_close(&run->error);
    fd_close(&run->pidfd);
}

int tool_run(struct ctx *cx, const struct tool *tool, struct tool_result *ret)
{
    CLEANUP(plan_close)
    struct plan plan = {.tool = tool, .input = -1, .output = -1, .error = -1, .rules = -1};
    CLEANUP(run_close) struct run run = {.cx = cx, .tool = tool, .pidfd = -1};

    run.output = run.error = -1;
    run.out = buf_new(cx->mem);
    run.err = buf_new(cx->mem);
    plan.parent = getpid();
    environment(cx, tool, plan.env);
    TRY(filter_make(cx, tool, &plan.filter));
    TRY(input_make(cx, tool, &plan.input));
    TRY(pipe_make(cx, tool, &run.output, &plan.output));
    TRY(pipe_make(cx, tool, &run.error, &plan.error));
    plan.rules = rules_make(tool->folder);
    run.deadline = now_ms() + (int64_t)tool->wall_seconds * 1000;
    run.pid = spawn(&plan);
    plan_close(&plan);
    if (run.pid < 0)
        return fail(cx, RC_FAIL, NULL, _("%s could not be started: %s."), tool->argv[0],
                    strerrordesc_np(errno));
    run.pidfd = pidfd_open(run.pid, 0);
    return watch(&run, ret);
}

bool tool_exists(const char *path)
{
    return access(path, X_OK) == 0;
}
