#include "web/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/keeper.h"
#include "web/jobs.h"
#include "web/known.h"
#include "web/mailer.h"
#include "web/pages.h"
#include "web/routes.h"
#include "web/server.h"
#include "web/spool.h"
#include "web/verdicts.h"

#define LISTEN "127.0.0.1:8080"
#define FIRST_PASSED 3 /* the first descriptor that systemd passes */

/* ---- systemd ---- */

/* The socket that it listens at for us (sd_listen_fds(3)); -1 for none. */
static int passed_socket(void)
{
    const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
    int64_t whose, n;

    if (pid == NULL || fds == NULL || !str_to_int(str_of(pid), &whose) ||
        whose != (int64_t)getpid() || !str_to_int(str_of(fds), &n) || n < 1)
        return -1;
    (void)fcntl(FIRST_PASSED, F_SETFD, FD_CLOEXEC);
    (void)fcntl(FIRST_PASSED, F_SETFL, O_NONBLOCK);
    return FIRST_PASSED;
}

/* Tells it how far we are (sd_notify(3)); whoever does not listen misses nothing. */
static void notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t n = path != NULL ? strlen(path) : 0;

    if (n < 2 || n >= sizeof to.sun_path)
        return;
    memcpy(to.sun_path, path, n);
    if (path[0] == '@')
        to.sun_path[0] = '\0';
    int fd CLEANUP(fd_close) = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd >= 0)
        (void)sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&to,
                     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
}

/* ---- what is needed ---- */

static int open_log(struct ctx *cx, const char *path, int *ret)
{
    *ret = -1;
    if (path == NULL && isatty(STDERR_FILENO) == 1)
        return 0;
    *ret = path == NULL || strcmp(path, "-") == 0
               ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
               : open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (*ret < 0)
        return fail(cx, RC_DENIED, "log", _("%s cannot be written: %s."), path,
                    strerrordesc_np(errno));
    return 0;
}

static int take_signals(struct ctx *cx, int *ret)
{
    sigset_t ends;

    (void)signal(SIGPIPE, SIG_IGN);
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGINT);
    (void)sigaddset(&ends, SIGTERM);
    if (sigprocmask(SIG_BLOCK, &ends, NULL) != 0)
        return fail(cx, RC_FAIL, NULL, _("Signals cannot be waited for."));
    *ret = signalfd(-1, &ends, SFD_CLOEXEC);
    return *ret >= 0 ? 0 : fail(cx, RC_FAIL, NULL, _("Signals cannot be waited for."));
}

/* "https://assay.example" without a slash at the end. */
static int check_url(struct ctx *cx, const char *url, struct str *ret)
{
    struct str s = str_of(url);

    while (s.n > 0 && s.p[s.n - 1] == '/')
        s.n--;
    size_t at = str_find(s, STR("://"), 0);
    bool known = str_starts(s, STR("https://")) || str_starts(s, STR("http://"));

    if (s.n > 0 && (!known || at + 3 >= s.n || str_find_char(s, '/', at + 3) != SIZE_MAX))
        return fail(cx, RC_INVALID, "url",
                    _("%s is no address such as https://assay.example: scheme and host, and "
                      "nothing behind."),
                    url);
    *ret = s;
    return 0;
}

static int first_link(struct ctx *cx, struct app *app, struct str base, struct str *ret)
{
    struct home *home CLEANUP(home_closep) = NULL;
    struct value *organisations;
    struct str token;
    bool any;

    *ret = STR_NONE;
    TRY(home_open(cx, &app->where, &home));
    TRY(home_organisations(cx, home, &organisations));
    TRY(accounts_any(cx, home_directory(home), &any));
    if (any)
        return 0;
    TRY(account_invite(cx, home_directory(home), STR_NONE, STR_NONE, &token));
    *ret = str_printf(cx->mem, "%.*s/link/%.*s", STR_ARG(base), STR_ARG(token));
    return 0;
}

/* ---- the server's life ---- */

static void *worker_new(void *arg)
{
    return desk_new(arg);
}

static void worker_free(void *worker)
{
    desk_free(worker);
}

static void worker_rest(void *worker)
{
    desk_rest(worker);
    (void)malloc_trim(0);
}

static void server_freep(struct server **server)
{
    server_free(*server);
}

static int run(struct ctx *cx, const struct serve_options *options, struct app *app, int stop,
               serve_ready *ready, void *arg)
{
    const struct server_app callbacks = {.arg = app,
                                         .worker_new = worker_new,
                                         .worker_free = worker_free,
                                         .worker_rest = worker_rest,
                                         .handle = routes_handle,
                                         .body_limit = routes_body_limit,
                                         .refuse = routes_refuse};
    struct server *server CLEANUP(server_freep) = NULL;
    int log CLEANUP(fd_close) = -1;
    struct server_options wanted = {.fd = options->listen == NULL ? passed_socket() : -1,
                                    .listen = options->listen != NULL ? options->listen : LISTEN,
                                    .workers = options->workers,
                                    .certificate = options->certificate,
                                    .key = options->key,
                                    .behind_proxy = options->behind_proxy,
                                    .spool = app->spool.p};
    struct str link;

    TRY(open_log(cx, options->log, &log));
    wanted.log = log;
    TRY(server_start(cx, &wanted, &callbacks, &server));
    app->server = server;
    struct str base = app->url.n > 0 ? app->url : server_address(server);

    TRY(first_link(cx, app, base, &link));
    ready(arg, base, link);
    notify("READY=1");
    int rc = server_run(cx, server, stop);

    notify("STOPPING=1");
    return rc;
}

#define CACHES ((size_t)3 * 1024 * 1024)

/* Memory that a request needed goes back to the system after it, rather than that each worker keeps
 * what its largest took; and the system keeps files in memory for all of them. */
static void save_memory(void)
{
    (void)mallopt(M_ARENA_MAX, 2);
    (void)mallopt(M_MMAP_THRESHOLD, 256 * 1024);
    (void)mallopt(M_TRIM_THRESHOLD, 512 * 1024);
    store_caches_most(CACHES);
}

int serve_run(struct ctx *cx, const struct serve_options *options, serve_ready *ready, void *arg)
{
    struct app app = {.where = options->where, .today = options->today};
    const struct mailer_options mail = {options->mail, options->mail_from,
                                        options->mail_password_file, options->mail_authorities};
    int stop CLEANUP(fd_close) = -1;

    if ((options->certificate == NULL) != (options->key == NULL))
        return fail(cx, RC_INVALID, "certificate",
                    _("TLS needs both: --certificate FILE and --key FILE."));
    TRY(routes_check(cx));
    TRY(check_url(cx, options->url, &app.url));
    TRY(pages_new(cx, &app.pages));
    TRY(take_signals(cx, &stop));
    save_memory();
    (void)pthread_mutex_init(&app.gate_lock, NULL);
    (void)pthread_cond_init(&app.gate_free, NULL);
    app.where.knowledge = knowledge_new();
    app.where.groups = store_groups_new();
    app.known = known_sessions_new();
    int rc = home_keeper_shared(cx, &app.where, &app.where.keeper);

    if (rc == 0)
        rc = home_run_folder(cx, &app.where, &app.run);
    if (rc == 0)
        rc = spool_new(cx, app.run, &app.spool);
    if (rc == 0)
        rc = provider_new(cx, &options->provider, &app.provider);
    if (rc == 0)
        rc = verdicts_start(cx, &app, &app.verdicts);
    if (rc == 0)
        rc = jobs_start(cx, &app, &app.jobs);
    if (rc == 0)
        rc = mailer_start(cx, &app, &mail, &app.mailer);
    if (rc == 0)
        rc = run(cx, options, &app, stop, ready, arg);
    mailer_free(app.mailer);
    jobs_free(app.jobs);
    verdicts_free(app.verdicts);
    provider_free(app.provider);
    spool_free(app.spool);
    store_groups_free(app.where.groups);
    knowledge_free(app.where.knowledge);
    keeper_free(app.where.keeper);
    known_sessions_free(app.known);
    (void)pthread_mutex_destroy(&app.gate_lock);
    (void)pthread_cond_destroy(&app.gate_free);
    return rc;
}
