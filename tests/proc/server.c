#include "proc/server.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/harness.h"

#define MB ((size_t)1024 * 1024)

/* Pieces so large that none is taken from what the tests before have given back. */
static int eat(struct ctx *cx)
{
    for (size_t i = 0; i < (SANITIZED ? 5 : 25); i++)
        memset(arena_alloc(cx->mem, 40 * MB), 1, 40 * MB);
    return fail(cx, RC_LIMIT, NULL, "No limit was set.");
}

/* The order's first word says what the child does. */
static int obey(struct ctx *cx, struct str order, struct str bytes, struct buf *out)
{
    static const char junk[4096] = "junk";

    if (str_is(order, "echo"))
        buf_add(out, bytes);
    else if (str_is(order, "refuse"))
        return fail(cx, RC_INVALID, "page 3", "The file is torn.");
    else if (str_is(order, "crash"))
        raise(SIGSEGV);
    else if (str_is(order, "leave"))
        _exit(0);
    else if (str_is(order, "loop"))
        for (volatile unsigned i = 0;; i++)
            continue;
    else if (str_is(order, "sleep"))
        (void)nanosleep(&(struct timespec){60, 0}, NULL);
    else if (str_is(order, "write a file"))
        buf_addz(out, lseek(4, 0, SEEK_END) < 0 || write(4, junk, 1) < 0 ? "denied" : "written");
    else if (str_is(order, "eat"))
        return eat(cx);
    else if (str_is(order, "flood"))
        while (write(3, junk, sizeof junk) > 0)
            continue;
    else if (str_is(order, "open"))
        buf_addz(out, open("/etc/hostname", O_RDONLY) < 0 ? "denied" : "opened");
    else if (str_is(order, "connect"))
        buf_addz(out, socket(AF_UNIX, SOCK_STREAM, 0) < 0 ? "denied" : "connected");
    else if (str_is(order, "fork"))
        buf_addz(out, fork() < 0 ? "denied" : "forked");
    else if (str_is(order, "kill parent"))
        buf_addz(out, kill(getppid(), SIGKILL) < 0 ? "denied" : "killed");
    else if (str_is(order, "other descriptors"))
        for (int fd = 5; fd < 100; fd++)
            buf_addz(out, lseek(fd, 0, SEEK_CUR) >= 0 ? "open" : "");
    return 0;
}

static const struct proc_service services[] = {
    {{PROC_PARSER, 64 * MB, 5, 10, MB, NULL, 0, 0}, obey},
    {{PROC_PARSER, 64 * MB, 1, 60, MB, NULL, 0, 0}, obey}, /* little computing */
    {{PROC_PARSER, 64 * MB, 5, 1, MB, NULL, 0, 0}, obey},  /* little time */
};

static void stop(void *server)
{
    proc_server_stop(server);
}

static struct proc_server *server_for(struct ctx *cx)
{
    struct proc_server *server = NULL;

    CHECK_OK(proc_server_start(cx, services, COUNT_OF(services), &server));
    test_ends(cx, stop, server);
    return server;
}

static int ask_of(struct ctx *cx, struct proc_server *server, size_t service, const char *order,
                  struct str bytes, struct str *ret)
{
    int fd = -1, rc = proc_memory_file(cx, bytes, &fd);

    *ret = STR_NONE;
    if (rc == 0)
        rc = proc_server_call(cx, server, service, str_of(order), fd, ret, NULL);
    if (fd >= 0)
        close(fd);
    return rc;
}

static int ask(struct ctx *cx, struct proc_server *server, const char *order, struct str *ret)
{
    return ask_of(cx, server, 0, order, STR("some bytes"), ret);
}

static bool still_serves(struct ctx *cx, struct proc_server *server)
{
    struct str got;

    return ask(cx, server, "echo", &got) == 0 && str_is(got, "some bytes") &&
           proc_server_alive(server);
}

TEST(server_gives_bytes_to_a_child_and_its_answer_back)
{
    struct proc_server *server = server_for(cx);
    struct str got;

    CHECK_OK(ask(cx, server, "echo", &got));
    CHECK_STR(got, "some bytes");
    CHECK_OK(ask_of(cx, server, 0, "echo", STR_NONE, &got));
    CHECK_INT(got.n, 0);
}

/* Around the sizes of a page, of a pipe, and from which a file is mapped. */
TEST(server_gives_files_of_all_sizes)
{
    static const size_t sizes[] = {1, 4095, 4096, 4097, 65537, MB - 4096, MB - 1, MB};
    struct proc_server *server = server_for(cx);
    char *bytes = arena_alloc(cx->mem, MB + 1);
    struct str got;

    for (size_t i = 0; i <= MB; i++)
        bytes[i] = (char)('a' + i % 25);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        CHECK_OK(ask_of(cx, server, 0, "echo", (struct str){bytes, sizes[i]}, &got));
        CHECK(str_eq(got, (struct str){bytes, sizes[i]}));
    }
    CHECK_RC(ask_of(cx, server, 0, "echo", (struct str){bytes, MB + 1}, &got), RC_LIMIT);
    CHECK_STR(cx->err.text, "It gave back more than is allowed.");
}

TEST(server_passes_errors_on)
{
    struct proc_server *server = server_for(cx);
    struct str got;

    CHECK_RC(ask(cx, server, "refuse", &got), RC_INVALID);
    CHECK_STR(cx->err.text, "The file is torn.");
    CHECK_STR(cx->err.place, "page 3");
}

TEST(server_outlives_its_children)
{
    struct proc_server *server = server_for(cx);
    struct str got;

    CHECK_RC(ask(cx, server, "crash", &got), RC_FAIL);
    CHECK(str_starts(cx->err.text, STR("The worker ")));
    CHECK(still_serves(cx, server));
    CHECK_RC(ask(cx, server, "leave", &got), RC_FAIL);
    CHECK_STR(cx->err.text, "The worker ended without an answer.");
    CHECK_RC(ask(cx, server, "flood", &got), RC_LIMIT);
    CHECK_RC(ask(cx, server, "eat", &got), RC_LIMIT);
    CHECK_STR(cx->err.text,
              SANITIZED ? "No limit was set." : "It needs more than 64 MB of memory.");
    CHECK(still_serves(cx, server));
}

TEST(server_keeps_the_time)
{
    struct proc_server *server = server_for(cx);
    struct str got;

    CHECK_RC(ask_of(cx, server, 1, "loop", STR_NONE, &got), RC_LIMIT);
    CHECK_STR(cx->err.text, "It took more than 1 seconds of computing.");
    CHECK_RC(ask_of(cx, server, 2, "sleep", STR_NONE, &got), RC_LIMIT);
    CHECK_STR(cx->err.text, "It took longer than 1 seconds.");
    CHECK(still_serves(cx, server));
}

TEST(server_children_may_do_nothing_else)
{
    struct proc_server *server = server_for(cx);
    struct str got;

    CHECK_OK(ask(cx, server, "other descriptors", &got));
    CHECK_INT(got.n, 0);
    CHECK_OK(ask(cx, server, "write a file", &got));
    CHECK_STR(got, "denied");
    if (strstr(proc_sandbox_describe(cx), "system-call filter") == NULL)
        return;
    CHECK_OK(ask(cx, server, "open", &got));
    CHECK_STR(got, "denied");
    CHECK_RC(ask(cx, server, "connect", &got), RC_FAIL);
    CHECK_STR(cx->err.text, "The worker tried something that it may not do, and was ended.");
    CHECK_RC(ask(cx, server, "kill parent", &got), RC_FAIL);
    int rc = ask(cx, server, "fork", &got);
    CHECK(rc == RC_FAIL || str_is(got, "denied")); /* sanitizers have it denied */
    CHECK(still_serves(cx, server));
}

struct caller {
    pthread_t thread;
    struct proc_server *server;
    unsigned number, good;
};

static void *call_often(void *arg)
{
    struct caller *caller = arg;
    struct ctx own = {.mem = arena_new(0)};

    for (unsigned i = 0; i < test_rounds(40, 400); i++) {
        struct str bytes = str_printf(own.mem, "%u of %u", i, caller->number), got;
        caller->good +=
            ask_of(&own, caller->server, 0, "echo", bytes, &got) == 0 && str_eq(bytes, got);
        caller->good += ask(&own, caller->server, i % 3 == 0 ? "crash" : "refuse", &got) ==
                        (i % 3 == 0 ? RC_FAIL : RC_INVALID);
    }
    arena_free(own.mem);
    return NULL;
}

TEST(server_answers_several_threads)
{
    struct caller callers[6];
    struct proc_server *server = server_for(cx);

    for (unsigned i = 0; i < COUNT_OF(callers); i++) {
        callers[i] = (struct caller){.server = server, .number = i};
        CHECK(pthread_create(&callers[i].thread, NULL, call_often, &callers[i]) == 0);
    }
    for (unsigned i = 0; i < COUNT_OF(callers); i++) {
        pthread_join(callers[i].thread, NULL);
        CHECK_INT(callers[i].good, 2 * test_rounds(40, 400));
    }
}

/* The process that `parent` forked last, by what the system lists. */
static pid_t child_of(struct ctx *cx, pid_t parent)
{
    struct str path = str_printf(cx->mem, "/proc/%d/task/%d/children", (int)parent, (int)parent);
    struct str list = test_read_file(cx, path.p), word, last = STR_NONE;
    int64_t pid = 0;

    while (str_split(&list, ' ', &word))
        last = word.n > 0 ? word : last;
    return str_to_int(last, &pid) ? (pid_t)pid : 0;
}

static void *call_sleeper(void *arg)
{
    struct caller *caller = arg;
    struct ctx own = {.mem = arena_new(0)};
    struct str got;

    caller->good = ask(&own, caller->server, "sleep", &got) == RC_FAIL &&
                   str_starts(own.err.text, STR("The process that starts the readers was ended"));
    arena_free(own.mem);
    return NULL;
}

/* A killed server takes its children along, and its callers learn of it. */
TEST(server_that_is_killed_is_an_error)
{
    struct proc_server *server = server_for(cx);
    pid_t pid = child_of(cx, getpid()), sleeper = 0;
    struct caller caller = {.server = server};
    struct str got;

    CHECK(pid > 0 && still_serves(cx, server));
    CHECK(pthread_create(&caller.thread, NULL, call_sleeper, &caller) == 0);
    for (unsigned i = 0; i < 500 && sleeper == 0; i++) {
        (void)nanosleep(&(struct timespec){0, 10000000}, NULL);
        sleeper = child_of(cx, pid);
    }
    CHECK(sleeper > 0);
    kill(pid, SIGKILL);
    pthread_join(caller.thread, NULL);
    CHECK_INT(caller.good, 1);
    CHECK(!proc_server_alive(server));
    CHECK_RC(ask(cx, server, "echo", &got), RC_FAIL);
    for (unsigned i = 0; i < 500 && kill(sleeper, 0) == 0; i++)
        (void)nanosleep(&(struct timespec){0, 10000000}, NULL);
    CHECK(kill(sleeper, 0) != 0);
}

TEST(server_that_is_stopped_leaves_nothing)
{
    struct proc_server *server = NULL;
    struct str got;

    CHECK_OK(proc_server_start(cx, services, COUNT_OF(services), &server));
    CHECK_OK(ask(cx, server, "echo", &got));
    proc_server_stop(server);
    proc_server_stop(server);
    proc_server_stop(NULL);
    CHECK(waitpid(-1, NULL, WNOHANG) <= 0);
}
