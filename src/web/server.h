/*
 * The HTTP server: one thread for all connections (libmicrohttpd over epoll) and a bounded pool of
 * workers for the requests. A request that is complete waits in a bounded queue; where that is full
 * it is answered at once by 503 and Retry-After. Slow and idle clients cost no worker: what they
 * send is gathered, and what they are sent is written, by the one thread, which also closes those
 * that take too long.
 *
 * The handler runs on a worker, with a state of that worker's own (its connections to databases)
 * and a context whose memory is the exchange's: it is freed when the answer is sent. It never
 * fails: what goes wrong is an answer too.
 *
 * Bodies of a mebibyte and more go into a file without a name and are mapped from there, and a
 * handler may answer with such a file: so that memory does not grow with what people upload.
 */
#ifndef ASSAY_WEB_SERVER_H
#define ASSAY_WEB_SERVER_H

#include "web/http.h"

struct server;

struct server_app {
    void *arg;
    /* A worker's state, made and ended on its thread. */
    void *(*worker_new)(void *arg);
    void (*worker_free)(void *worker);
    /* Nothing has come for it for a while: what it can have again goes. */
    void (*worker_rest)(void *worker);
    void (*handle)(void *worker, struct ctx *cx, const struct web_request *request,
                   struct web_response *response);
    /* Bytes that the body of a request may have, of which only the head has come; on the thread of
     * the connections, so at once. */
    size_t (*body_limit)(void *arg, const struct web_request *head);
    /* An answer of the server itself: 400, 408, 413, 414, 503. As `handle`, but at once. */
    void (*refuse)(void *arg, struct ctx *cx, const struct web_request *head, unsigned status,
                   struct web_response *response);
};

struct server_options {
    const char *listen;   /* "127.0.0.1:8080", "[::1]:0" (any port); NULL where `fd` is given */
    int fd;               /* a listening socket from outside (systemd); -1 for none */
    unsigned workers;     /* 0: 8 */
    unsigned queue;       /* requests that may wait; 0: 64 */
    unsigned connections; /* at once; 0: 12000, or what the system lets be open */
    const char *certificate, *key; /* PEM: TLS by the server itself; NULL for none */
    bool behind_proxy;             /* X-Forwarded-For and -Proto of the next hop are believed */
    const char *spool;             /* the folder for large bodies; it stays the caller's */
    int log;                       /* a descriptor for one line of JSON a request; -1 for none */
};

/* Listens and starts the workers. RC_CONFLICT where the address is taken, RC_INVALID where it is
 * none. To be called while the program has one thread. */
MUST_CHECK int server_start(struct ctx *cx, const struct server_options *options,
                            const struct server_app *app, struct server **ret);

/* "http://127.0.0.1:8080" */
struct str server_address(const struct server *server);

/* Serves until `stop` (a descriptor) can be read; then no more is accepted, and what is being
 * answered is answered, for at most ten seconds. */
MUST_CHECK int server_run(struct ctx *cx, struct server *server, int stop);

void server_free(struct server *server); /* NULL is fine */

/* Counts in the text format of Prometheus. Any thread. */
void server_metrics(struct server *server, struct buf *out);

#endif
