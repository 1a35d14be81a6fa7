/* What the files of the server share. */
#ifndef ASSAY_WEB_SERVER_PARTS_H
#define ASSAY_WEB_SERVER_PARTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "web/server.h"

struct MHD_Connection;
struct MHD_Daemon;

enum exchange_state {
    EXCHANGE_READING, /* its body is coming */
    EXCHANGE_WORKING, /* it waits for a worker, or one is at it */
    EXCHANGE_DONE,    /* its answer is there */
};

/* One request and its answer. */
struct exchange {
    struct server *server;
    struct MHD_Connection *connection;
    struct peer *peer;
    struct arena *mem;
    struct ctx cx;
    struct web_request request;
    struct web_response response;
    struct buf body;
    int spooled; /* a file that has the body in the place of `body`; -1 for none */
    size_t body_n, spooled_n;
    void *mapped; /* of `spooled`, or NULL */
    size_t limit;
    bool begun, broken;
    bool unkept;  /* there was no room for its body */
    bool chunked; /* its body came in pieces of their own lengths */
    _Atomic enum exchange_state state;
    int64_t began_us, waited_us;
    struct exchange *next; /* in the queue */
    uintptr_t uri;         /* where its address was received */
    size_t uri_n;
};

/* One connection, as long as it is there: on the thread of the connections only. */
struct peer {
    int fd;
    char address[48];
    int64_t since_ms; /* of what it does now */
    int64_t allowed_ms;
    bool busy; /* its request is with a worker: no time runs */
    struct peer *previous, *next;
};

#define SERVER_BUCKETS 10u

struct server_counts {
    atomic_ullong requests[6]; /* by the first digit of the status */
    atomic_ullong took[SERVER_BUCKETS + 1];
    atomic_ullong took_us, full, late;
    atomic_int connections, waiting, working;
};

/* A worker that waits. */
struct idle {
    pthread_cond_t called;
    bool waits;
    struct idle *next;
};

struct server {
    struct arena *mem;
    struct server_app app;
    struct MHD_Daemon *daemon;
    struct str address;
    int listening, log;
    int wake; /* an eventfd: a worker is done */
    bool tls, behind_proxy;
    bool ending; /* each connection ends with its answer */
    const char *spool;
    uint64_t spooled; /* bytes of bodies in files now */
    struct peer *peers;
    _Atomic uint64_t last_id;
    uint64_t id_base;

    pthread_mutex_t lock; /* of the queue */
    struct idle *idle;    /* workers that wait; who came last is called first */
    struct exchange *first, *last;
    unsigned queued, queue_most;
    bool stopping;
    pthread_t *workers;
    unsigned worker_n;

    pthread_mutex_t log_lock;
    struct server_counts counts;
};

int64_t server_now_us(void); /* of a clock that only goes on */

/* server_pool.c: false where the queue is full. */
bool pool_put(struct server *server, struct exchange *exchange);
MUST_CHECK int pool_start(struct ctx *cx, struct server *server, unsigned workers);
void pool_stop(struct server *server);

/* server_body.c: what a request sends, in memory or in a file. False where it cannot be kept. */
bool body_add(struct exchange *exchange, struct str bytes);
/* All of it, once it is there. */
bool body_take(struct exchange *exchange, struct str *ret);
void body_end(struct exchange *exchange);

/* server_peer.c */
struct peer *peer_new(struct server *server, struct MHD_Connection *connection);
void peer_free(struct server *server, struct peer *peer);
void peer_allow(struct peer *peer, int64_t ms); /* so long for what comes now */
void peers_end_late(struct server *server);

/* server_log.c */
void server_count(struct server *server, const struct exchange *exchange);
void server_log(struct server *server, const struct exchange *exchange);

/* server_listen.c: a listening socket, and what it is called. */
MUST_CHECK int server_listen(struct ctx *cx, const char *where, int *ret_fd);
MUST_CHECK int server_name(struct ctx *cx, int fd, bool tls, struct str *ret);

/* server_head.c: whether the head can be understood in one way only. */
bool head_is_plain(struct MHD_Connection *connection, const char *method, uintptr_t uri,
                   size_t uri_n, const char *version);

/* server_exchange.c: what the library calls. */
struct MHD_OptionItem;
MUST_CHECK int exchange_daemon(struct ctx *cx, struct server *server,
                               const struct server_options *options);

#endif
