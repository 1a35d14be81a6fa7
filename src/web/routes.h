/*
 * The one table of routes: method, path, who may, and what answers.
 *
 * Whoever may not, learns nothing of what is there. A route that changes something is a POST, and
 * is refused unless the browser says that it comes from a page of ours and the form has the
 * session's token. routes_check() refuses a table with a route that lacks its right; the server
 * does not start then, and a test walks all of them.
 */
#ifndef ASSAY_WEB_ROUTES_H
#define ASSAY_WEB_ROUTES_H

#include "web/app.h"

enum route_for {
    ROUTE_FOR_NONE, /* not said: refused at the start */
    ROUTE_FOR_ANYBODY,
    ROUTE_FOR_ACCOUNT, /* who has signed in */
    ROUTE_FOR_MEMBER,  /* of the organisation in the path, with the right */
};

enum route_flag {
    ROUTE_GATED = 1,     /* hashes a password: a few at once */
    ROUTE_UPLOAD = 2,    /* takes files */
    ROUTE_NO_FORM = 4,   /* a POST that needs no token: nobody has signed in yet */
    ROUTE_LONG = 8,      /* moves whole files: a few at once */
    ROUTE_JSON = 32,     /* takes a body of JSON too */
    ROUTE_BY_TOKEN = 16, /* for who has signed in, and for their programs too */
};

typedef int route_run(struct visit *visit, struct value **ret);
typedef int route_dress(struct visit *visit, const struct value *tree, struct value *view);

struct route {
    enum web_method method;
    const char *pattern; /* "/o/:organisation/r/:register" */
    enum route_for whom;
    enum access_right right; /* of ROUTE_FOR_MEMBER */
    const char *op;          /* the operation that it runs, where it is one */
    route_run *run;          /* NULL: the operation with what path and query say */
    route_dress *dress;      /* or NULL */
    const char *page;        /* template; NULL where there is none */
    unsigned flags;
};

/* Ended by one without a pattern. */
extern const struct route route_table[];

MUST_CHECK int routes_check(struct ctx *cx);

/* NULL where nothing is there; `*ret_allow` tells whether another method has something. */
const struct route *route_find(struct arena *mem, enum web_method method, struct str path,
                               struct str params[static VISIT_PARAMS], bool *ret_allow);

/* What the server asks (web/server.h). */
void routes_handle(void *desk, struct ctx *cx, const struct web_request *request,
                   struct web_response *response);
size_t routes_body_limit(void *app, const struct web_request *head);
void routes_refuse(void *app, struct ctx *cx, const struct web_request *head, unsigned status,
                   struct web_response *response);

#define ROUTES_UPLOAD_BYTES ((size_t)1024 * 1024 * 1024) /* of a form with files */

#endif
