/* The workers and their queue. */
#include "web/server_parts.h"

#include <microhttpd.h>
#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <time.h>

#define REST_S 20 /* without work, until a worker that is not the next to be called rests */

/* So only as many workers as are needed have databases open, and what these have read. */
static void call_one(struct server *server)
{
    struct idle *idle = server->idle;

    if (idle == NULL)
        return;
    server->idle = idle->next;
    idle->waits = false;
    (void)pthread_cond_signal(&idle->called);
}

bool pool_put(struct server *server, struct exchange *exchange)
{
    bool room;

    (void)pthread_mutex_lock(&server->lock);
    room = server->queued < server->queue_most && !server->stopping;
    if (room) {
        /* Before a worker can have it: it would go on with a connection that is not held yet. */
        MHD_suspend_connection(exchange->connection);
        exchange->state = EXCHANGE_WORKING;
        exchange->next = NULL;
        if (server->last != NULL)
            server->last->next = exchange;
        else
            server->first = exchange;
        server->last = exchange;
        server->queued++;
        server->counts.waiting++;
        call_one(server);
    }
    (void)pthread_mutex_unlock(&server->lock);
    if (!room)
        server->counts.full++;
    return room;
}

/* Until it is called; who has had nothing to do for a while, and is not the next to be called, lets
 * go of what it holds. With the lock, which it gives up meanwhile. */
static void wait_for_call(struct server *server, struct idle *idle, void *worker)
{
    struct timespec until;
    bool rested = false;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += REST_S;
    while (idle->waits) {
        if (rested)
            (void)pthread_cond_wait(&idle->called, &server->lock);
        else if (pthread_cond_timedwait(&idle->called, &server->lock, &until) == ETIMEDOUT) {
            if (!idle->waits || server->idle == idle) {
                until.tv_sec += REST_S;
                continue;
            }
            (void)pthread_mutex_unlock(&server->lock);
            server->app.worker_rest(worker);
            (void)pthread_mutex_lock(&server->lock);
            rested = true;
        }
    }
}

/* NULL once the server stops and nothing waits any more. */
static struct exchange *take(struct server *server, struct idle *idle, void *worker)
{
    (void)pthread_mutex_lock(&server->lock);
    while (server->first == NULL && !server->stopping) {
        idle->next = server->idle;
        idle->waits = true;
        server->idle = idle;
        wait_for_call(server, idle, worker);
    }
    struct exchange *exchange = server->first;

    if (exchange != NULL) {
        server->first = exchange->next;
        server->last = server->first == NULL ? NULL : server->last;
        server->queued--;
        server->counts.waiting--;
        server->counts.working++;
    }
    (void)pthread_mutex_unlock(&server->lock);
    return exchange;
}

static void *work(void *arg)
{
    struct server *server = arg;
    void *worker = server->app.worker_new(server->app.arg);
    struct exchange *exchange;
    struct idle idle = {.called = PTHREAD_COND_INITIALIZER};

    while ((exchange = take(server, &idle, worker)) != NULL) {
        exchange->waited_us = server_now_us() - exchange->began_us;
        server->app.handle(worker, &exchange->cx, &exchange->request, &exchange->response);
        server->counts.working--;
        struct MHD_Connection *connection = exchange->connection;
        exchange->state = EXCHANGE_DONE; /* from here on it is the other thread's */
        MHD_resume_connection(connection);
        (void)eventfd_write(server->wake, 1);
    }
    server->app.worker_free(worker);
    return NULL;
}

/* Signals are for the thread of the connections. */
int pool_start(struct ctx *cx, struct server *server, unsigned workers)
{
    sigset_t all, before;
    int rc = 0;

    server->workers = arena_array(server->mem, workers, sizeof *server->workers);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    while (rc == 0 && server->worker_n < workers) {
        rc = pthread_create(&server->workers[server->worker_n], NULL, work, server);
        server->worker_n += rc == 0;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc == 0 ? 0 : fail(cx, RC_FAIL, NULL, _("The system gives no more threads."));
}

void pool_stop(struct server *server)
{
    (void)pthread_mutex_lock(&server->lock);
    server->stopping = true;
    while (server->idle != NULL)
        call_one(server);
    (void)pthread_mutex_unlock(&server->lock);
    for (unsigned i = 0; i < server->worker_n; i++)
        (void)pthread_join(server->workers[i], NULL);
    server->worker_n = 0;
}
