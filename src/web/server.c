/* The server's life: it listens, runs until it is told to stop, and ends. */
#include "web/server_parts.h"

#include <microhttpd.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#define WORKERS 8u
#define QUEUE 64u
#define CONNECTIONS 12000u
#define SWEEP_MS 1000
#define STOP_US ((int64_t)10 * 1000 * 1000)

/* As many connections as the system lets be open, beside what databases need. */
static unsigned connections_of(unsigned wanted)
{
    struct rlimit limit;
    unsigned most = wanted > 0 ? wanted : CONNECTIONS;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 256;
    limit.rlim_cur = limit.rlim_max < most + 512 ? limit.rlim_max : most + 512;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    (void)getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < most + 256)
        most = limit.rlim_cur > 512 ? (unsigned)limit.rlim_cur - 256 : 128;
    return most;
}

static int start(struct ctx *cx, struct server *server, const struct server_options *options)
{
    struct server_options fitted = *options;

    fitted.connections = connections_of(options->connections);
    if (options->fd >= 0)
        server->listening = options->fd;
    else
        TRY(server_listen(cx, options->listen, &server->listening));
    struct ctx kept = {.mem = server->mem};

    if (server_name(&kept, server->listening, server->tls, &server->address) < 0)
        return fail(cx, RC_FAIL, "listen", "%.*s", STR_ARG(kept.err.text));
    TRY(exchange_daemon(cx, server, &fitted));
    server->listening = -1; /* it is the daemon's now */
    return pool_start(cx, server, options->workers > 0 ? options->workers : WORKERS);
}

int server_start(struct ctx *cx, const struct server_options *options, const struct server_app *app,
                 struct server **ret)
{
    struct arena *mem = arena_new(0);
    struct server *server = ARENA_NEW(mem, struct server);

    server->mem = mem;
    server->app = *app;
    server->listening = -1;
    server->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    server->log = options->log;
    server->tls = options->certificate != NULL;
    server->behind_proxy = options->behind_proxy;
    server->spool = options->spool;
    server->queue_most = options->queue > 0 ? options->queue : QUEUE;
    host_random(cx, &server->id_base, sizeof server->id_base);
    (void)pthread_mutex_init(&server->lock, NULL);
    (void)pthread_mutex_init(&server->log_lock, NULL);
    int rc = start(cx, server, options);

    if (rc < 0) {
        server_free(server);
        return rc;
    }
    *ret = server;
    return 0;
}

struct str server_address(const struct server *server)
{
    return server->address;
}

/* One round: waits until something is to do, and does it. */
static void run_once(struct server *server, struct pollfd fds[static 3], int most_ms)
{
    MHD_UNSIGNED_LONG_LONG wait;
    int ms = most_ms;

    if (MHD_get_timeout(server->daemon, &wait) == MHD_YES && wait < (unsigned)ms)
        ms = (int)wait;
    if (poll(fds, 3, ms) > 0 && (fds[2].revents & POLLIN) != 0) {
        eventfd_t ignored;
        (void)eventfd_read(server->wake, &ignored);
    }
    (void)MHD_run(server->daemon);
}

static bool is_busy(struct server *server)
{
    return server->counts.waiting > 0 || server->counts.working > 0;
}

/* What is being answered is answered; nothing new is accepted. */
static void run_out(struct server *server, struct pollfd fds[static 3])
{
    int64_t until = server_now_us() + STOP_US;
    MHD_socket listening = MHD_quiesce_daemon(server->daemon);

    if (listening >= 0)
        (void)close(listening);
    fds[1].fd = -1;
    server->ending = true;
    while (is_busy(server) && server_now_us() < until)
        run_once(server, fds, 50);
    pool_stop(server);
    /* Answers that are there are sent as far as their clients take them at once. */
    for (int i = 0; i < 10; i++)
        run_once(server, fds, 10);
}

int server_run(struct ctx *cx, struct server *server, int stop)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    int64_t swept = 0;

    if (info == NULL)
        return fail(cx, RC_FAIL, NULL, _("The server has no place to wait."));
    struct pollfd fds[3] = {{.fd = info->epoll_fd, .events = POLLIN},
                            {.fd = stop, .events = POLLIN},
                            {.fd = server->wake, .events = POLLIN}};

    while ((fds[1].revents & (POLLIN | POLLHUP)) == 0) {
        int64_t now = server_now_us() / 1000;
        run_once(server, fds, SWEEP_MS);
        if (now - swept < SWEEP_MS)
            continue;
        swept = now;
        peers_end_late(server);
    }
    run_out(server, fds);
    return 0;
}

void server_free(struct server *server)
{
    if (server == NULL)
        return;
    pool_stop(server);
    if (server->daemon != NULL)
        MHD_stop_daemon(server->daemon);
    if (server->listening >= 0)
        (void)close(server->listening);
    if (server->wake >= 0)
        (void)close(server->wake);
    (void)pthread_mutex_destroy(&server->lock);
    (void)pthread_mutex_destroy(&server->log_lock);
    struct arena *mem = server->mem; /* the server lies in it */

    arena_free(mem);
}
