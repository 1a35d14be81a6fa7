#include "proc/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MEMORY_PROBE ((size_t)32 * 1024 * 1024)
#define KEEPER_FILE_BYTES ((size_t)64 * 1024) /* that the keeper may write into one file */
#define FILTER_BYTES 16384u /* of a compiled filter at most; it fits into a pipe */

/* Stands in a compiled filter where the number of the process that it is for belongs. */
#define PROCESS_SELF 0x5e1f5e1fu

/* Calls without an argument worth a look, for every profile. */
static const int allowed[] = {
    SCMP_SYS(read),           SCMP_SYS(write),
    SCMP_SYS(readv),          SCMP_SYS(writev),
    SCMP_SYS(close),          SCMP_SYS(lseek),
    SCMP_SYS(fstat),          SCMP_SYS(exit),
    SCMP_SYS(exit_group),     SCMP_SYS(brk),
    SCMP_SYS(munmap),         SCMP_SYS(mremap),
    SCMP_SYS(madvise),        SCMP_SYS(futex),
    SCMP_SYS(clock_gettime),  SCMP_SYS(clock_getres),
    SCMP_SYS(gettimeofday),   SCMP_SYS(time),
    SCMP_SYS(nanosleep),      SCMP_SYS(clock_nanosleep),
    SCMP_SYS(getrandom),      SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),    SCMP_SYS(restart_syscall),
    SCMP_SYS(getpid),         SCMP_SYS(gettid),
    SCMP_SYS(getuid),         SCMP_SYS(geteuid),
    SCMP_SYS(getgid),         SCMP_SYS(getegid),
    SCMP_SYS(sched_yield),    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getcpu),         SCMP_SYS(sysinfo),
    SCMP_SYS(uname),          SCMP_SYS(getrusage),
};

/* Calls that the C library makes in passing and whose failure it takes well. */
static const int refused[] = {
    SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(stat),
    SCMP_SYS(lstat),  SCMP_SYS(statx),     SCMP_SYS(readlink),   SCMP_SYS(readlinkat),
    SCMP_SYS(getcwd), SCMP_SYS(ioctl),     SCMP_SYS(prctl),      SCMP_SYS(open),
    SCMP_SYS(openat), SCMP_SYS(openat2),   SCMP_SYS(getdents64), SCMP_SYS(fcntl),
};

/* What SQLite calls on a database that it only reads. */
static const int judge_allowed[] = {
    SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(stat),
    SCMP_SYS(lstat),  SCMP_SYS(statx),     SCMP_SYS(readlink),   SCMP_SYS(readlinkat),
    SCMP_SYS(getcwd), SCMP_SYS(pread64),   SCMP_SYS(newfstatat), SCMP_SYS(fcntl),
};

static const int judge_refused[] = {
    SCMP_SYS(ioctl),     SCMP_SYS(prctl),     SCMP_SYS(openat2),   SCMP_SYS(getdents64),
    SCMP_SYS(pwrite64),  SCMP_SYS(ftruncate), SCMP_SYS(fallocate), SCMP_SYS(fsync),
    SCMP_SYS(fdatasync), SCMP_SYS(unlink),    SCMP_SYS(unlinkat),  SCMP_SYS(mkdir),
    SCMP_SYS(fchmod),    SCMP_SYS(fchown),    SCMP_SYS(utimensat),
};

/* What finding a name and speaking TLS take. */
static const int fetch_allowed[] = {
    SCMP_SYS(connect),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendmmsg),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(recvmmsg),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(select),
    SCMP_SYS(pselect6),
    SCMP_SYS(getsockopt),
    SCMP_SYS(setsockopt),
    SCMP_SYS(getsockname),
    SCMP_SYS(getpeername),
    SCMP_SYS(shutdown),
    SCMP_SYS(bind),
    SCMP_SYS(fcntl),
    SCMP_SYS(pread64),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(statx),
    SCMP_SYS(newfstatat),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(pipe),
    SCMP_SYS(pipe2),
    SCMP_SYS(eventfd2),
    SCMP_SYS(socketpair),
    SCMP_SYS(rseq),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(getppid),
    SCMP_SYS(set_tid_address),
};

static const int fetch_refused[] = {
    SCMP_SYS(ioctl),  SCMP_SYS(prctl),     SCMP_SYS(openat2), SCMP_SYS(getcwd),
    SCMP_SYS(listen), SCMP_SYS(accept),    SCMP_SYS(accept4), SCMP_SYS(execve),
    SCMP_SYS(unlink), SCMP_SYS(unlinkat),  SCMP_SYS(mkdir),   SCMP_SYS(fsync),
    SCMP_SYS(chdir),  SCMP_SYS(ftruncate), SCMP_SYS(flock),   SCMP_SYS(sched_setaffinity),
};

/* All that it may read: how names are found, and whom TLS trusts. */
static const char *const fetch_files[] = {
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/nsswitch.conf",
    "/etc/gai.conf",
    "/etc/services",
    "/etc/ssl",
    "/usr/share/ca-certificates",
    "/usr/lib/ssl",
    "/run/systemd/resolve",
    "/run/resolvconf",
    "/run/NetworkManager",
    "/usr/local/share/ca-certificates",
};

/* What the keeper calls on its folder's files that are open. */
static const int keeper_allowed[] = {SCMP_SYS(flock), SCMP_SYS(fsync)};

static const int keeper_refused[] = {
    SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(stat),
    SCMP_SYS(lstat),  SCMP_SYS(statx),     SCMP_SYS(readlink),   SCMP_SYS(readlinkat),
    SCMP_SYS(getcwd), SCMP_SYS(ioctl),     SCMP_SYS(prctl),      SCMP_SYS(open),
    SCMP_SYS(fcntl),  SCMP_SYS(openat2),   SCMP_SYS(getdents64),
};

static int add_all(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t n)
{
    int rc = 0;

    for (size_t i = 0; i < n && rc == 0; i++)
        rc = seccomp_rule_add(filter, action, calls[i], 0);
    return rc;
}

/* Memory that can be executed is never made. */
static int add_memory(scmp_filter_ctx filter)
{
    int rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                              SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));

    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                              SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    return rc;
}

/* Signals to itself (abort() raises one) and a look at its own limits. */
static int add_self(scmp_filter_ctx filter)
{
    int rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                              SCMP_A0(SCMP_CMP_EQ, PROCESS_SELF, 0));

    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2,
                              SCMP_A0(SCMP_CMP_EQ, 0, 0), SCMP_A2(SCMP_CMP_EQ, 0, 0));
    return rc;
}

/* fstat() of an open descriptor; with a path it would tell that a file is there. */
static int add_fstat(scmp_filter_ctx filter)
{
    int rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
                              SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));

    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(newfstatat), 1,
                              SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, 0));
    return rc;
}

static int add_parser(scmp_filter_ctx filter)
{
    int rc = add_fstat(filter);

    return rc == 0 ? add_all(filter, SCMP_ACT_ERRNO(EACCES), refused, COUNT_OF(refused)) : rc;
}

/* Opening for reading goes through; for writing it fails, which SQLite takes as read-only. */
static int add_reading(scmp_filter_ctx filter)
{
    const scmp_datum_t write_bits = O_ACCMODE | O_CREAT | O_TRUNC;
    static const int writing[] = {O_WRONLY, O_RDWR};
    int rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                              SCMP_A2(SCMP_CMP_MASKED_EQ, write_bits, 0));

    for (size_t i = 0; i < COUNT_OF(writing) && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 1,
                              SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE, (scmp_datum_t)writing[i]));
    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
                              SCMP_A1(SCMP_CMP_MASKED_EQ, write_bits, 0));
    return rc;
}

static int add_judge(scmp_filter_ctx filter)
{
    int rc = add_reading(filter);

    if (rc == 0)
        rc = add_all(filter, SCMP_ACT_ALLOW, judge_allowed, COUNT_OF(judge_allowed));
    if (rc == 0)
        rc = add_all(filter, SCMP_ACT_ERRNO(EACCES), judge_refused, COUNT_OF(judge_refused));
    return rc;
}

/* Files are opened, renamed and removed by their names in the folder that is open as PROC_FILE;
 * Landlock sees to it that no name leads out of it. */
static int add_keeper(scmp_filter_ctx filter)
{
    static const int renames[] = {SCMP_SYS(renameat), SCMP_SYS(renameat2)};
    int rc = add_fstat(filter);

    for (size_t i = 0; i < COUNT_OF(renames) && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, renames[i], 2,
                              SCMP_A0(SCMP_CMP_EQ, PROC_FILE, 0),
                              SCMP_A2(SCMP_CMP_EQ, PROC_FILE, 0));
    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                              SCMP_A0(SCMP_CMP_EQ, PROC_FILE, 0));
    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 1,
                              SCMP_A0(SCMP_CMP_NE, PROC_FILE, 0));
    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(unlinkat), 1,
                              SCMP_A0(SCMP_CMP_EQ, PROC_FILE, 0));
    if (rc == 0)
        rc = add_all(filter, SCMP_ACT_ALLOW, keeper_allowed, COUNT_OF(keeper_allowed));
    if (rc == 0)
        rc = add_all(filter, SCMP_ACT_ERRNO(EACCES), keeper_refused, COUNT_OF(keeper_refused));
    return rc;
}

/* Opening for reading, threads of its own (names are found in one), and sockets for the internet;
 * libraries that the C library would like to load besides are refused. */
static int add_fetch(scmp_filter_ctx filter)
{
    static const int domains[] = {AF_INET, AF_INET6, AF_NETLINK};
    static const int executing[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
    int rc = 0;

    for (size_t i = 0; i < COUNT_OF(domains) && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
                              SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)domains[i], 0));
    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket), 1,
                              SCMP_A0(SCMP_CMP_EQ, AF_UNIX, 0));
    for (size_t i = 0; i < COUNT_OF(executing) && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), executing[i], 1,
                              SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC));
    if (rc == 0)
        rc = add_reading(filter);
    if (rc == 0) /* so that the C library makes threads by clone(), whose flags can be seen */
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                              SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
    if (rc == 0)
        rc = add_all(filter, SCMP_ACT_ALLOW, fetch_allowed, COUNT_OF(fetch_allowed));
    if (rc == 0)
        rc = add_all(filter, SCMP_ACT_ERRNO(EACCES), fetch_refused, COUNT_OF(fetch_refused));
    return rc;
}

/* A sanitizer that reports a mistake tries to start its symbolizer: let it fail, not die. */
static int add_sanitizer(scmp_filter_ctx filter)
{
    static const int calls[] = {SCMP_SYS(clone), SCMP_SYS(clone3),    SCMP_SYS(fork),
                                SCMP_SYS(vfork), SCMP_SYS(execve),    SCMP_SYS(pipe),
                                SCMP_SYS(pipe2), SCMP_SYS(socketpair)};

    return SANITIZED ? add_all(filter, SCMP_ACT_ERRNO(EPERM), calls, COUNT_OF(calls)) : 0;
}

static int filter_rules(scmp_filter_ctx filter, enum proc_profile profile)
{
    int rc = add_all(filter, SCMP_ACT_ALLOW, allowed, COUNT_OF(allowed));

    if (rc == 0)
        rc = add_memory(filter);
    if (rc == 0)
        rc = add_self(filter);
    if (rc == 0)
        rc = profile == PROC_JUDGE    ? add_judge(filter)
             : profile == PROC_KEEPER ? add_keeper(filter)
             : profile == PROC_FETCH  ? add_fetch(filter)
                                      : add_parser(filter);
    return rc == 0 && profile != PROC_FETCH ? add_sanitizer(filter) : rc;
}

/* The compiled filter: libseccomp gives it to a descriptor only. Gives its bytes, 0 for none. */
static size_t filter_compile(enum proc_profile profile, char *room, size_t size)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    int ends[2];
    size_t n = 0;

    if (filter == NULL || pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) {
        seccomp_release(filter);
        return 0;
    }
    if (filter_rules(filter, profile) == 0 && seccomp_export_bpf(filter, ends[1]) == 0)
        for (ssize_t got; n < size && (got = read(ends[0], room + n, size - n)) > 0;)
            n += (size_t)got;
    close(ends[0]);
    close(ends[1]);
    seccomp_release(filter);
    return n < size ? n : 0;
}

/* Where the filter names the process; SIZE_MAX unless that is exactly one place. */
static size_t process_place(const struct sock_filter *code, size_t n)
{
    size_t place = SIZE_MAX;

    for (size_t i = 0; i < n; i++) {
        if (code[i].code != (BPF_JMP | BPF_JEQ | BPF_K) || code[i].k != PROCESS_SELF)
            continue;
        if (place != SIZE_MAX)
            return SIZE_MAX;
        place = i;
    }
    return place;
}

static bool filter_load(const struct sandbox *sandbox)
{
    struct sock_fprog program = {(unsigned short)sandbox->filter_n, sandbox->filter};

    if (sandbox->filter_n == 0)
        return false;
    sandbox->filter[sandbox->process_at].k = (uint32_t)getpid();
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

/* Landlock: nothing but these may be opened, and only to be read. */
static bool files_bound(const char *const *files, size_t n)
{
    static const uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    struct landlock_ruleset_attr all = {
        .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | reading};
    long rules = syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);

    for (size_t i = 0; rules >= 0 && i < n; i++) {
        struct landlock_path_beneath_attr below = {.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE};
        struct stat info;
        below.parent_fd = open(files[i], O_PATH | O_CLOEXEC);
        if (below.parent_fd < 0)
            continue; /* not every system has all */
        if (fstat(below.parent_fd, &info) == 0 && S_ISDIR(info.st_mode))
            below.allowed_access = reading;
        (void)syscall(SYS_landlock_add_rule, (int)rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0);
        close(below.parent_fd);
    }
    bool done = rules >= 0 && syscall(SYS_landlock_restrict_self, (int)rules, 0) == 0;
    if (rules >= 0)
        close((int)rules);
    return done;
}

/* Landlock: below `folder` nothing but reading, and for the keeper also making and renaming files;
 * elsewhere nothing. */
static bool folder_bound(const char *folder, enum proc_profile profile)
{
    static const uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
                          changing = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
                                     LANDLOCK_ACCESS_FS_REMOVE_FILE;
    struct landlock_ruleset_attr all = {.handled_access_fs =
                                            LANDLOCK_ACCESS_FS_EXECUTE | reading | changing};
    struct landlock_path_beneath_attr below = {
        .allowed_access = profile == PROC_KEEPER ? reading | changing : reading};
    long rules = syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);

    if (rules < 0)
        return false;
    below.parent_fd = open(folder, O_PATH | O_CLOEXEC);
    bool done =
        below.parent_fd >= 0 &&
        syscall(SYS_landlock_add_rule, (int)rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0) == 0 &&
        syscall(SYS_landlock_restrict_self, (int)rules, 0) == 0;
    if (below.parent_fd >= 0)
        close(below.parent_fd);
    close((int)rules);
    return done;
}

/* Bytes of address space that are mapped now. */
static size_t mapped_bytes(void)
{
    char text[128];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return (size_t)1024 * 1024 * 1024;
    text[n] = '\0';
    return strtoul(text, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

static bool limit_set(__rlimit_resource_t what, size_t soft, size_t hard)
{
    struct rlimit limit = {soft, hard};

    return setrlimit(what, &limit) == 0;
}

static bool limits_set(const struct sandbox *sandbox)
{
    const struct proc_limits *limits = &sandbox->limits;
    bool done = true;

    if (!SANITIZED && limits->memory > 0) {
        size_t memory = sandbox->mapped + limits->memory;
        done = limit_set(RLIMIT_AS, memory, memory) && done;
    }
    if (limits->cpu_seconds > 0)
        done = limit_set(RLIMIT_CPU, limits->cpu_seconds, limits->cpu_seconds + 1u) && done;
    done = limit_set(RLIMIT_CORE, 0, 0) && done;
    size_t written = limits->profile == PROC_KEEPER ? KEEPER_FILE_BYTES : 0,
           files = limits->profile == PROC_JUDGE || limits->profile == PROC_FETCH ? 64 : 8;
    done = limit_set(RLIMIT_FSIZE, written, written) && done;
    return limit_set(RLIMIT_NOFILE, files, files) && done;
}

static void close_from(unsigned first, unsigned last)
{
    if (first > last || close_range(first, last, 0) == 0)
        return;
    for (unsigned fd = first; fd <= last && fd < 65536; fd++)
        close((int)fd);
}

/* The kept descriptors become 3, 4 and so on; the standard ones lead nowhere, all others are
 * closed. Sanitizers may still report. */
void sandbox_descriptors(int nowhere, int *keep, unsigned n)
{
    const int first = STDERR_FILENO + 1;

    /* Out of the way first: none may be overwritten before it has moved. */
    for (unsigned i = 0; i < n; i++)
        keep[i] = fcntl(keep[i], F_DUPFD, first + (int)n);
    for (int fd = 0; fd < first; fd++) {
        if (fd == STDERR_FILENO && SANITIZED)
            continue;
        if (nowhere < 0)
            close(fd);
        else if (nowhere != fd)
            dup2(nowhere, fd);
    }
    for (unsigned i = 0; i < n; i++) {
        dup2(keep[i], first + (int)i);
        keep[i] = first + (int)i;
    }
    close_from((unsigned)first + n, ~0u);
}

/* abort() for want of memory and abort() for a mistake are told apart by asking for some. */
static void on_abort(int number)
{
    void *p = mmap(NULL, MEMORY_PROBE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED)
        _exit(SANDBOX_EXIT_MEMORY);
    signal(number, SIG_DFL);
    raise(number);
}

static void signals_reset(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD, SIGXCPU, SIGALRM};
    sigset_t none;

    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        signal(numbers[i], SIG_DFL);
    /* No file may grow: what is written to one is an error there, and no reason to end. */
    signal(SIGXFSZ, SIG_IGN);
    if (!SANITIZED)
        signal(SIGABRT, on_abort);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

void sandbox_prepare(const struct proc_limits *limits, struct sandbox *ret)
{
    static const size_t most = FILTER_BYTES / sizeof(struct sock_filter);
    struct sock_filter *code = malloc(FILTER_BYTES);
    size_t n = code == NULL ? 0 : filter_compile(limits->profile, (char *)code, FILTER_BYTES);

    *ret = (struct sandbox){.limits = *limits, .filter = code, .mapped = mapped_bytes()};
    ret->filter_n = n / sizeof *code < most ? n / sizeof *code : 0;
    ret->process_at = process_place(code, ret->filter_n);
    if (ret->process_at == SIZE_MAX)
        ret->filter_n = 0;
    ret->nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
}

void sandbox_release(struct sandbox *sandbox)
{
    free(sandbox->filter);
    if (sandbox->nowhere >= 0)
        close(sandbox->nowhere);
    *sandbox = (struct sandbox){.nowhere = -1};
}

unsigned sandbox_enter(const struct sandbox *sandbox, int *keep, unsigned n)
{
    const struct proc_limits *limits = &sandbox->limits;
    unsigned held = 0;

    signals_reset();
    sandbox_descriptors(sandbox->nowhere, keep, n);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    if (limits->profile == PROC_FETCH ? files_bound(fetch_files, COUNT_OF(fetch_files))
                                      : limits->profile != PROC_PARSER && limits->folder != NULL &&
                                            folder_bound(limits->folder, limits->profile))
        held |= SANDBOX_FOLDER;
    if (limits_set(sandbox))
        held |= SANDBOX_LIMITS;
    if (filter_load(sandbox))
        held |= SANDBOX_FILTER;
    return held;
}
