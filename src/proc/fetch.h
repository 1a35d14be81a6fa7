/*
 * A question to somebody on the network, and the answer.
 *
 * fetch_ask() asks by HTTP, sending bytes or nothing, and gives back what came. It speaks TLS only,
 * with the authorities that the system trusts, but for addresses of this machine itself, and
 * follows nobody elsewhere. The work is done in a child process that connects, reads how names are
 * found and whom to trust, and nothing else; size and time are bounded. What comes back is a
 * stranger's.
 *
 * The child begins with the memory of its parent: who has secrets there wipes them first. A program
 * with threads has a server of such children (fetch_server_start()), which is forked before there
 * are any and so begins with next to nothing.
 */
#ifndef ASSAY_PROC_FETCH_H
#define ASSAY_PROC_FETCH_H

#include "proc/server.h"

#define FETCH_SERVED_BYTES ((size_t)1024 * 1024) /* of an answer through a server */
#define FETCH_SERVED_SECONDS 20u

struct fetch {
    struct str url;
    struct str type, body;    /* what is sent, and of which media type; no type: a GET */
    struct str authorization; /* the header's value; "" for none */
    size_t most;              /* bytes of the answer */
    unsigned seconds;         /* for all of it */
};

struct fetched {
    int status; /* of HTTP */
    struct str type, body;
};

/* RC_INVALID where this is no address that may be asked: "https://...", or "http://" to this
 * machine; `place` names it in the error. */
MUST_CHECK int fetch_check_url(struct ctx *cx, const char *place, struct str url);

/* As proc_server_start() and proc_server_stop(). */
MUST_CHECK int fetch_server_start(struct ctx *cx, struct proc_server **ret);

/* By a child of the server, or where that is NULL by one of our own. Whatever the status is, 0 is
 * returned. RC_NOT_FOUND where nobody answers (the message has the address and the cause), RC_LIMIT
 * where the answer is too large or too late, RC_DENIED where the other side is not who it should
 * be. Any thread may ask a server. */
MUST_CHECK int fetch_ask(struct ctx *cx, struct proc_server *server, const struct fetch *fetch,
                         struct fetched *ret);

#endif
