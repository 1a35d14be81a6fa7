#include "web/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

#define SAYS "assay: " /* before a sentence about an error */

extern char **environ;

/* ---- starting ---- */

struct started {
    pid_t pid;
    int out, err;
};

static void started_end(struct started *s)
{
    if (s->pid > 0) {
        (void)kill(s->pid, SIGKILL);
        (void)waitpid(s->pid, NULL, 0);
    }
    s->pid = 0;
    fd_close(&s->out);
    fd_close(&s->err);
}

/* Ours, how it came to act, and what it may of what its person may. */
static char **environment(struct arena *mem, const struct child *child)
{
    struct str via = child->via.n > 0 ? child->via : STR("web");
    size_t n = 0, k = 0;

    while (environ[n] != NULL)
        n++;
    char **list = arena_array(mem, n + 4, sizeof *list);

    for (size_t i = 0; i < n; i++)
        if (!str_starts(str_of(environ[i]), STR("ASSAY_VIA=")) &&
            !str_starts(str_of(environ[i]), STR("ASSAY_RIGHTS=")) &&
            !str_starts(str_of(environ[i]), STR("ASSAY_PROGRESS=")) &&
            !str_starts(str_of(environ[i]), STR("NOTIFY_SOCKET=")) &&
            !str_starts(str_of(environ[i]), STR("LISTEN_")))
            list[k++] = environ[i];
    list[k++] = str_z(mem, str_printf(mem, "ASSAY_VIA=%.*s", STR_ARG(via)));
    if (child->rights.n > 0)
        list[k++] = str_z(mem, str_printf(mem, "ASSAY_RIGHTS=%.*s", STR_ARG(child->rights)));
    if (child->watch != NULL)
        list[k] = str_z(mem, STR("ASSAY_PROGRESS=lines"));
    return list;
}

/* Whose home it is, and who acts. */
static void put_where(struct ctx *cx, const struct child *child, char **argv, size_t *n)
{
    const struct home_request *where = &child->app->where;
    struct str as = str_printf(cx->mem, "%.*s/%.*s", STR_ARG(child->person), STR_ARG(child->role));
    const struct {
        const char *option;
        struct str value;
    } given[] = {{"--home", str_of(where->home != NULL ? where->home : getenv("ASSAY_HOME"))},
                 {"--organisation", child->organisation},
                 {"--as", child->organisation.n > 0 ? as : STR_NONE},
                 {"--today", date_iso(cx->mem, cx->today)},
                 {"--content", str_of(where->content_dir)}};

    for (size_t i = 0; i < COUNT_OF(given); i++) {
        if (given[i].value.n == 0)
            continue;
        argv[(*n)++] = str_z(cx->mem, str_of(given[i].option));
        argv[(*n)++] = str_z(cx->mem, given[i].value);
    }
}

/* Behind "--" there are words only. */
static char **arguments(struct ctx *cx, const struct child *child)
{
    size_t n = 0, words = 0;
    bool put = false;

    while (child->words[words] != NULL)
        words++;
    char **argv = arena_array(cx->mem, words + 16, sizeof *argv);

    argv[n++] = str_z(cx->mem, STR("assay"));
    for (size_t i = 0; i < words; i++) {
        if (!put && strcmp(child->words[i], "--") == 0) {
            put_where(cx, child, argv, &n);
            put = true;
        }
        argv[n++] = str_z(cx->mem, str_of(child->words[i]));
    }
    if (!put)
        put_where(cx, child, argv, &n);
    argv[n] = NULL;
    return argv;
}

static int start(struct ctx *cx, const struct child *child, struct started *ret)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none;
    int out[2], err[2];

    if (pipe2(out, O_CLOEXEC) != 0)
        return fail(cx, RC_LIMIT, NULL, _("Too many files are open."));
    if (pipe2(err, O_CLOEXEC) != 0) {
        (void)close(out[0]);
        (void)close(out[1]);
        return fail(cx, RC_LIMIT, NULL, _("Too many files are open."));
    }
    (void)sigemptyset(&none); /* the server's threads take no signals; a command does */
    (void)posix_spawn_file_actions_init(&files);
    (void)posix_spawnattr_init(&how);
    (void)posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    (void)posix_spawn_file_actions_adddup2(&files, out[1], 1);
    (void)posix_spawn_file_actions_adddup2(&files, err[1], 2);
    (void)posix_spawnattr_setsigmask(&how, &none);
    (void)posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
    const char *program = child->app->program != NULL ? child->app->program : "/proc/self/exe";
    int rc = posix_spawn(&ret->pid, program, &files, &how, arguments(cx, child),
                         environment(cx->mem, child));

    (void)posix_spawn_file_actions_destroy(&files);
    (void)posix_spawnattr_destroy(&how);
    (void)close(out[1]);
    (void)close(err[1]);
    ret->out = out[0];
    ret->err = err[0];
    if (rc == 0)
        return 0;
    ret->pid = 0;
    return fail(cx, RC_FAIL, NULL, _("The program could not start itself again: %s."),
                strerrordesc_np(rc));
}

/* ---- listening ---- */

static int64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* True once nothing more comes. */
static bool take(struct pollfd *from, struct buf *into, size_t most)
{
    char bytes[16384];

    if ((from->revents & (POLLIN | POLLHUP | POLLERR)) == 0)
        return false;
    ssize_t n = read(from->fd, bytes, sizeof bytes);

    if (n < 0)
        return errno != EINTR && errno != EAGAIN;
    if (into->n + (size_t)n > most && most > sizeof bytes) { /* the end tells what went wrong */
        size_t kept = into->n / 2;
        memmove(into->p, into->p + into->n - kept, kept);
        into->n = kept;
    }
    buf_add(into, (struct str){bytes, (size_t)n});
    return n == 0;
}

static int listen_to(struct ctx *cx, const struct child *child, struct started *s, struct buf *out,
                     struct buf *err)
{
    unsigned seconds = child->seconds > 0 ? child->seconds : CHILD_SECONDS;
    int64_t until = now_ms() + (int64_t)seconds * 1000, asked = now_ms();
    struct pollfd fds[2] = {{.fd = s->out, .events = POLLIN}, {.fd = s->err, .events = POLLIN}};

    while (fds[0].fd >= 0 || fds[1].fd >= 0) {
        int64_t left = until - now_ms();
        if (left <= 0)
            return fail(cx, RC_LIMIT, NULL, _("That took longer than %u seconds and was ended."),
                        seconds);
        if (child->watch != NULL && now_ms() - asked >= 1000) {
            asked = now_ms();
            if (!child->watch(child->watch_arg, buf_str(err)))
                return fail(cx, RC_CONFLICT, "ended", _("It was ended before it was done."));
        }
        if (poll(fds, 2, (int)(left < 1000 ? left : 1000)) < 0 && errno != EINTR)
            return fail(cx, RC_FAIL, NULL, "poll: %s", strerrordesc_np(errno));
        if (take(&fds[0], out, CHILD_BYTES))
            fds[0].fd = -1;
        if (take(&fds[1], err, 65536))
            fds[1].fd = -1;
    }
    return 0;
}

/* "progress\tWHAT\tDONE\tTOTAL" as the last line that says so: "WHAT 3 of 8". */
struct str child_progress(struct arena *mem, struct str said)
{
    struct str rest = said, line, last = STR_NONE, part, parts[4];
    size_t n = 0;

    while (rest.n > 0 && str_split(&rest, '\n', &line))
        if (str_starts(line, STR("progress\t")))
            last = line;
    while (last.n > 0 && n < COUNT_OF(parts) && str_split(&last, '\t', &part))
        parts[n++] = part;
    if (n < 4)
        return STR_NONE;
    if (str_is(parts[3], "0"))
        return str_copy(mem, parts[1]);
    return str_printf(mem, _("%.*s: %.*s of %.*s"), STR_ARG(parts[1]), STR_ARG(parts[2]),
                      STR_ARG(parts[3]));
}

/* ---- what came of it ---- */

/* The last sentence that it said; a line may show progress before. */
static struct str sentence(struct arena *mem, struct str err)
{
    size_t at = SIZE_MAX, next = str_find(err, STR(SAYS), 0);

    while (next != SIZE_MAX) {
        at = next;
        next = str_find(err, STR(SAYS), next + 1);
    }
    if (at == SIZE_MAX)
        return STR_NONE;
    struct str said = str_from(err, at + sizeof SAYS - 1);
    size_t end = str_find(said, STR("\nSee: assay help"), 0);

    return str_trim(str_copy(mem, str_sub(said, 0, end != SIZE_MAX ? end : said.n)));
}

static int code_of(struct ctx *cx, int status, struct str err)
{
    static const enum rc codes[] = {RC_OK, RC_OK, RC_INVALID, RC_INVALID, RC_CONFLICT, RC_FAIL};
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 5;
    enum rc rc = code < (int)COUNT_OF(codes) ? codes[code] : RC_FAIL;
    struct str said = sentence(cx->mem, err);

    if (rc == RC_OK)
        return 0;
    if (said.n == 0)
        return fail(cx, RC_FAIL, NULL, _("The operation ended unexpectedly."));
    return fail(cx, rc, NULL, "%.*s", STR_ARG(said));
}

int child_run(struct ctx *cx, const struct child *child, struct str *ret_output)
{
    struct started s CLEANUP(started_end) = {.out = -1, .err = -1};
    struct buf out = buf_new(cx->mem), err = buf_new(cx->mem);
    int status = 0;

    TRY(start(cx, child, &s));
    TRY(listen_to(cx, child, &s, &out, &err));
    while (waitpid(s.pid, &status, 0) < 0 && errno == EINTR)
        ;
    s.pid = 0;
    TRY(code_of(cx, status, buf_str(&err)));
    *ret_output = buf_str(&out);
    return 0;
}
