#include "proc/proc.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/harness.h"

#define MB ((size_t)1024 * 1024)

static const struct proc_limits usual = {PROC_PARSER, 64 * MB, 5, 10, MB, NULL, 0, 0};

static int run(struct ctx *cx, proc_work *work, void *arg, struct str *ret)
{
    *ret = STR_NONE;
    return proc_call(cx, &usual, work, arg, ret);
}

static int shout(UNUSED struct ctx *cx, void *arg, struct buf *out)
{
    buf_addz(out, arg);
    buf_addz(out, "!");
    return 0;
}

TEST(result_comes_back)
{
    char word[] = "hello";
    struct str got;

    CHECK_OK(run(cx, shout, word, &got));
    CHECK_STR(got, "hello!");
}

static int say_nothing(UNUSED struct ctx *cx, UNUSED void *arg, UNUSED struct buf *out)
{
    return 0;
}

TEST(empty_result_comes_back)
{
    struct str got;

    CHECK_OK(run(cx, say_nothing, NULL, &got));
    CHECK_INT(got.n, 0);
}

static int refuse(struct ctx *cx, UNUSED void *arg, struct buf *out)
{
    buf_addz(out, "half an answer");
    return fail(cx, RC_INVALID, "page 3", "The file \xc3\xa9 is %s.", "torn");
}

TEST(error_comes_back_with_place_and_text)
{
    struct str got;

    CHECK_RC(run(cx, refuse, NULL, &got), RC_INVALID);
    CHECK_STR(cx->err.text, "The file \xc3\xa9 is torn.");
    CHECK_STR(cx->err.place, "page 3");
    CHECK_INT(cx->err.rc, RC_INVALID);
    CHECK_INT(got.n, 0);
}

static int big(UNUSED struct ctx *cx, void *arg, struct buf *out)
{
    size_t n = *(size_t *)arg;

    for (size_t i = 0; i < n; i++)
        buf_char(out, (char)('a' + i % 26));
    return 0;
}

TEST(answers_larger_than_a_pipe)
{
    size_t n = 700000;
    struct str got;

    CHECK_OK(run(cx, big, &n, &got));
    CHECK_INT(got.n, n);
    CHECK(got.n == n && got.p[699999] == (char)('a' + 699999 % 26));
}

TEST(output_has_a_ceiling)
{
    size_t n = MB + 1;
    struct str got;

    CHECK_RC(run(cx, big, &n, &got), RC_LIMIT);
    CHECK_STR(cx->err.text, "It gave back more than is allowed.");
}

/* Writes to the answer's descriptor behind proc.c's back. */
static int flood(UNUSED struct ctx *cx, UNUSED void *arg, UNUSED struct buf *out)
{
    static const char junk[4096] = "junk";

    while (write(3, junk, sizeof junk) > 0)
        continue;
    return 0;
}

TEST(flood_is_cut_off)
{
    struct str got;

    CHECK_RC(run(cx, flood, NULL, &got), RC_LIMIT);
}

static int forge(UNUSED struct ctx *cx, UNUSED void *arg, UNUSED struct buf *out)
{
    static const char junk[200] = "not a frame";

    if (write(3, junk, sizeof junk) < 0)
        _exit(3);
    _exit(0);
}

TEST(forged_answer_is_refused)
{
    struct str got;

    CHECK_RC(run(cx, forge, NULL, &got), RC_FAIL);
    CHECK_STR(cx->err.text, "The worker's answer makes no sense.");
}

static int leave(UNUSED struct ctx *cx, UNUSED void *arg, UNUSED struct buf *out)
{
    _exit(0);
}

TEST(early_exit_is_no_answer)
{
    struct str got;

    CHECK_RC(run(cx, leave, NULL, &got), RC_FAIL);
    CHECK_STR(cx->err.text, "The worker ended without an answer.");
}

static int give_up(UNUSED struct ctx *cx, UNUSED void *arg, UNUSED struct buf *out)
{
    signal(SIGABRT, SIG_DFL);
    abort();
}

static int write_nowhere(UNUSED struct ctx *cx, UNUSED void *arg, UNUSED struct buf *out)
{
    raise(SIGSEGV);
    return 0;
}

TEST(crashes_are_errors)
{
    struct str got;

    CHECK_RC(run(cx, give_up, NULL, &got), RC_FAIL);
    CHECK(str_starts(cx->err.text, STR("The worker ")));
    CHECK_RC(run(cx, write_nowhere, NULL, &got), RC_FAIL);
    CHECK(str_starts(cx->err.text, STR("The worker ")));
}

static int loop(UNUSED struct ctx *cx, UNUSED void *arg, UNUSED struct buf *out)
{
    for (volatile unsigned i = 0;; i++)
        continue;
    return 0;
}

TEST(computing_time_has_a_limit)
{
    struct proc_limits limits = usual;
    struct str got;

    limits.cpu_seconds = 1;
    CHECK_RC(proc_call(cx, &limits, loop, NULL, &got), RC_LIMIT);
    CHECK_STR(cx->err.text, "It took more than 1 seconds of computing.");
}

static int sleep_long(UNUSED struct ctx *cx, UNUSED void *arg, UNUSED struct buf *out)
{
    struct timespec while_ = {60, 0};

    nanosleep(&while_, NULL);
    return 0;
}

TEST(waiting_time_has_a_limit)
{
    struct proc_limits limits = usual;
    struct str got;

    limits.wall_seconds = 1;
    CHECK_RC(proc_call(cx, &limits, sleep_long, NULL, &got), RC_LIMIT);
    CHECK_STR(cx->err.text, "It took longer than 1 seconds.");
}

static int eat(struct ctx *cx, UNUSED void *arg, UNUSED struct buf *out)
{
    for (;;) {
        memset(arena_alloc(cx->mem, MB), 1, MB);
        TRY(ctx_check(cx));
    }
}

/* Past the arena's own ceiling: the system's limit stops it. */
static int eat_blindly(struct ctx *cx, UNUSED void *arg, UNUSED struct buf *out)
{
    for (size_t i = 0; i < 5; i++)
        memset(arena_alloc(cx->mem, 40 * MB), 1, 40 * MB);
    return fail(cx, RC_LIMIT, NULL, "No limit was set.");
}

TEST(memory_has_a_limit)
{
    struct str got;

    CHECK_RC(run(cx, eat, NULL, &got), RC_LIMIT);
    CHECK_RC(run(cx, eat_blindly, NULL, &got), RC_LIMIT);
}

static int open_file(struct ctx *cx, void *arg, struct buf *out)
{
    int fd = open(arg, O_RDONLY);

    if (fd < 0)
        return fail(cx, RC_DENIED, NULL, "It may not be opened.");
    buf_addz(out, "opened");
    return 0;
}

static int write_file(struct ctx *cx, void *arg, struct buf *out)
{
    int fd = open(arg, O_WRONLY | O_CREAT, 0600);

    if (fd < 0)
        return fail(cx, RC_DENIED, NULL, "It may not be opened.");
    buf_addz(out, "opened");
    return 0;
}

static int connect_out(struct ctx *cx, UNUSED void *arg, struct buf *out)
{
    if (socket(AF_INET, SOCK_STREAM, 0) < 0)
        return fail(cx, RC_FAIL, NULL, "No socket.");
    buf_addz(out, "socket");
    return 0;
}

static int fork_again(struct ctx *cx, UNUSED void *arg, struct buf *out)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    if (pid < 0)
        return fail(cx, RC_FAIL, NULL, "No fork.");
    buf_addz(out, "forked");
    return 0;
}

static int execute(struct ctx *cx, UNUSED void *arg, UNUSED struct buf *out)
{
    char path[] = "/bin/true";
    char *const words[] = {path, NULL};

    execv(path, words);
    return fail(cx, RC_FAIL, NULL, "No exec.");
}

static int signal_parent(struct ctx *cx, UNUSED void *arg, struct buf *out)
{
    if (kill(getppid(), 0) < 0)
        return fail(cx, RC_FAIL, NULL, "No signal.");
    buf_addz(out, "signalled");
    return 0;
}

static bool filtered(struct ctx *cx)
{
    return strstr(proc_sandbox_describe(cx), "system-call filter") != NULL;
}

TEST(parser_opens_connects_and_starts_nothing)
{
    char path[] = "/etc/hostname";
    struct str got;

    if (!filtered(cx))
        return;
    CHECK_RC(run(cx, open_file, path, &got), RC_DENIED);
    CHECK_RC(run(cx, connect_out, NULL, &got), RC_FAIL);
    CHECK_STR(cx->err.text, "The worker tried something that it may not do, and was ended.");
    CHECK_RC(run(cx, fork_again, NULL, &got), RC_FAIL);
    CHECK_RC(run(cx, execute, NULL, &got), RC_FAIL);
    CHECK_RC(run(cx, signal_parent, NULL, &got), RC_FAIL);
}

static int inherited(struct ctx *cx, void *arg, struct buf *out)
{
    char byte;

    if (read(*(int *)arg, &byte, 1) < 0)
        return fail(cx, RC_DENIED, NULL, "It is closed.");
    buf_addz(out, "read");
    return 0;
}

TEST(open_descriptors_are_closed)
{
    int low = open("/dev/zero", O_RDONLY);
    int fd = fcntl(low, F_DUPFD, 20);
    struct str got;

    CHECK_RC(run(cx, inherited, &fd, &got), RC_DENIED);
    close(fd);
    close(low);
}

TEST(judge_reads_below_its_folder_only)
{
    char path[] = "/tmp/assay-judge-XXXXXX";
    struct proc_limits limits = usual;
    char outside[] = "/etc/passwd";
    struct str got;
    int fd = mkstemp(path);

    CHECK(fd >= 0);
    close(fd);
    limits.profile = PROC_JUDGE;
    CHECK_OK(proc_call(cx, &limits, open_file, path, &got));
    if (filtered(cx))
        CHECK_RC(proc_call(cx, &limits, write_file, path, &got), RC_DENIED);
    if (filtered(cx))
        CHECK_RC(proc_call(cx, &limits, connect_out, NULL, &got), RC_FAIL);
    limits.folder = "/tmp";
    CHECK_OK(proc_call(cx, &limits, open_file, path, &got));
    /* Where the kernel has no Landlock the folder cannot bind. */
    int rc = proc_call(cx, &limits, open_file, outside, &got);
    CHECK(rc == RC_DENIED || rc == 0);
    unlink(path);
}

static int query(struct ctx *cx, void *arg, struct buf *out)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_open_v2(arg, &db, SQLITE_OPEN_READONLY, NULL);

    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(db, "SELECT sum(a) FROM t ORDER BY 1", -1, &statement, NULL);
    if (rc == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        buf_printf(out, "%d", sqlite3_column_int(statement, 0));
    else
        rc = fail(cx, RC_FAIL, NULL, "SQLite: %s.", sqlite3_errmsg(db));
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return rc;
}

TEST(judge_reads_a_database)
{
    char folder[] = "/tmp/assay-judge-XXXXXX";
    struct proc_limits limits = usual;
    sqlite3 *db = NULL;
    struct str got;

    CHECK(mkdtemp(folder) != NULL);
    char *path = str_z(cx->mem, str_printf(cx->mem, "%s/a.db", folder));
    CHECK(sqlite3_open(path, &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, "CREATE TABLE t(a); INSERT INTO t VALUES (40),(2);", NULL, NULL, NULL) ==
          SQLITE_OK);
    sqlite3_close(db);
    limits.profile = PROC_JUDGE;
    limits.folder = folder;
    CHECK_OK(proc_call(cx, &limits, query, path, &got));
    CHECK_STR(got, "42");
    unlink(path);
    rmdir(folder);
}

static int read_kept(struct ctx *cx, UNUSED void *arg, struct buf *out)
{
    char bytes[8];
    ssize_t n = pread(PROC_FILE, bytes, sizeof bytes, 2);

    if (n < 0 || pread(PROC_FILE + 1, bytes, 1, 0) >= 0)
        return fail(cx, RC_FAIL, NULL, "The descriptor is not there, or not alone.");
    buf_add(out, (struct str){bytes, (size_t)n});
    return 0;
}

TEST(judge_keeps_the_file_that_it_is_given)
{
    struct proc_limits limits = usual;
    int fd = memfd_create("kept", MFD_CLOEXEC);
    struct str got;

    CHECK(write(fd, "abcdef", 6) == 6);
    limits.profile = PROC_JUDGE;
    limits.file = fd;
    CHECK_OK(proc_call(cx, &limits, read_kept, NULL, &got));
    CHECK_STR(got, "cdef");
    limits.file = 0;
    CHECK(proc_call(cx, &limits, read_kept, NULL, &got) < 0);
    close(fd);
}

TEST(several_at_once_in_any_order)
{
    struct proc_job *jobs[4];
    size_t sizes[4] = {10, 300000, 5, 900000};
    struct str got;

    for (size_t i = 0; i < 4; i++)
        CHECK_OK(proc_start(cx, &usual, big, &sizes[i], &jobs[i]));
    for (size_t i = 4; i-- > 0;) {
        CHECK_OK(proc_wait(cx, jobs[i], &got));
        CHECK_INT(got.n, sizes[i]);
    }
}

TEST(answer_waits_past_the_deadline)
{
    struct proc_limits limits = usual;
    struct timespec while_ = {1, 200000000};
    size_t n = 500000;
    struct proc_job *job;
    struct str got;

    limits.wall_seconds = 1;
    CHECK_OK(proc_start(cx, &limits, big, &n, &job));
    nanosleep(&while_, NULL);
    CHECK_OK(proc_wait(cx, job, &got));
    CHECK_INT(got.n, n);
}

TEST(cancelled_jobs_leave_nothing)
{
    struct proc_job *job;

    CHECK_OK(proc_start(cx, &usual, sleep_long, NULL, &job));
    proc_cancel(job);
    proc_cancel(job);
    proc_cancel(NULL);
    CHECK(waitpid(-1, NULL, WNOHANG) <= 0);
}
