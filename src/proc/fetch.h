/*
 * A question to somebody on the network, and the answer.
 *
 * fetch_post() sends bytes by HTTP and gives back what came. It speaks TLS only, with the
 * authorities that the system trusts, but for addresses of this machine itself, and follows nobody
 * elsewhere. The work is done in a child process that connects, reads how names are found and whom
 * to trust, and nothing else; size and time are bounded. What comes back is a stranger's.
 *
 * The child begins with the memory of its parent: who has secrets there wipes them first.
 */
#ifndef ASSAY_PROC_FETCH_H
#define ASSAY_PROC_FETCH_H

#include "proc/proc.h"

struct fetch {
    struct str url;
    struct str type, body; /* what is sent, and of which media type */
    size_t most;           /* bytes of the answer */
    unsigned seconds;      /* for all of it */
};

struct fetched {
    int status; /* of HTTP */
    struct str type, body;
};

/* RC_INVALID where this is no address that may be asked: "https://...", or "http://" to this
 * machine; `place` names it in the error. */
MUST_CHECK int fetch_check_url(struct ctx *cx, const char *place, struct str url);

/* Whatever the status is, 0 is returned. RC_NOT_FOUND where nobody answers (the message has the
 * address and the cause), RC_LIMIT where the answer is too large or too late, RC_DENIED where the
 * other side is not who it should be. */
MUST_CHECK int fetch_post(struct ctx *cx, const struct fetch *fetch, struct fetched *ret);

#endif
