/*
 * The server's face over the operations: what one process that serves has (struct app), what each
 * of its workers has (struct desk), and what one request has (struct visit).
 *
 * A handler makes one value tree. Who asks for JSON gets it as it is; a browser gets it through a
 * template, after dress() has added what only a page needs. Errors are problem details (RFC 9457),
 * or a page that says the same.
 */
#ifndef ASSAY_WEB_APP_H
#define ASSAY_WEB_APP_H

#include <pthread.h>

#include "op/accounts.h"
#include "op/table.h"
#include "web/http.h"
#include "web/parse.h"

struct app;
struct desk;
struct jobs;
struct known_sessions;
struct mailer;
struct pages;
struct provider;
struct route;
struct server;
struct verdicts;
struct zone;

/* ---- the process ---- */

struct app {
    struct home_request where; /* the home; its knowledge is shared by all desks */
    struct str url;            /* as people reach it, without a slash at the end; "" for any name
                                  that means this machine */
    struct pages *pages;
    struct server *server; /* for its counts */
    struct verdicts *verdicts;
    struct jobs *jobs;
    struct mailer *mailer;     /* NULL where no mail is sent */
    struct provider *provider; /* through which people may sign in, or NULL */
    struct known_sessions *known;
    pthread_mutex_t gate_lock; /* of what only a few may do at once */
    pthread_cond_t gate_free;
    unsigned gate_inside[2]; /* passwords; files */
    struct str run;          /* the home's folder for what goes with processes */
    struct str spool;        /* a folder of uploads that wait to be confirmed */
    struct date today;       /* none: the clock's */
    const char *program;     /* that does heavy work (web/child.h); NULL: this one */
    _Atomic unsigned losses; /* how often the database ended connections */
};

/* ---- a worker ---- */

struct desk *desk_new(struct app *app);
void desk_free(struct desk *desk);
void desk_rest(struct desk *desk); /* closes what is open */
/* Before a request: closes what another worker has found lost, so that it is told to one person and
 * not once by each worker. */
void desk_begin(struct desk *desk);

/* The directory, and an organisation by its name: opened when first asked for, opened anew where
 * the organisation's content has changed or the database was lost. They stay the desk's. */
MUST_CHECK int desk_directory(struct ctx *cx, struct desk *desk, struct store **ret);
MUST_CHECK int desk_organisation(struct ctx *cx, struct desk *desk, struct str name,
                                 struct organisation **ret);
/* Whether the last request of this worker found a disk full. */
bool desk_is_full(const struct desk *desk);
/* After a request that failed: ends what is no good any more. */
void desk_tidy(struct desk *desk);

/* ---- a request ---- */

#define VISIT_PARAMS 4u

struct visit {
    struct ctx *cx;
    struct app *app;
    struct desk *desk;
    const struct route *route;
    const struct web_request *request;
    struct web_response *response;
    struct str params[VISIT_PARAMS]; /* what stands for :NAME in the route's pattern */
    struct parse_form query, form;
    bool json, signed_in;
    bool by_token;   /* of a program (op/tokens.h): there is no session, and so no form of one */
    unsigned rights; /* that the token gives on */
    struct str token_organisation; /* the only one that it is for, or "" */
    struct account_session session;
    struct str csrf;             /* of the session's forms */
    struct value *organisations; /* of the account: {name, title} */
    struct organisation *org;    /* of a route that is in one */
    struct str base;             /* of what is in it, once asked for */
    struct principal who;
    const struct zone *zone; /* of its clocks, once one was asked for */
    unsigned status;         /* of an answer that is no error; 0 for 200 */
    const char *page;        /* a template in the place of the route's, or NULL */
    struct str redirect;     /* where a browser goes on, "" for nowhere */
    struct str raw;          /* bytes in the place of a tree, where raw_type is not NULL */
    const char *raw_type;
};

/* The parameter :NAME of the route's pattern. */
struct str visit_param(const struct visit *visit, const char *name);

/* Runs an operation for who has signed in. */
MUST_CHECK int visit_op(struct visit *visit, const char *op, const struct value *args,
                        struct value **ret);
/* The same with files: FIELD=@TOKEN of a file that they uploaded (web/spool.h). */
MUST_CHECK int visit_op_files(struct visit *visit, const char *op, const struct value *args,
                              struct value **ret);

/* The arguments of an operation, as they stand in the path and in the query. */
struct value *visit_query_args(const struct visit *visit, const struct op *op);

/* "/o/brackwater", and what is below it: each %s of `format` is escaped for a path. */
struct str visit_base(struct visit *visit);
struct str visit_register_path(struct visit *visit, struct str register_id);
struct str visit_record_path(struct visit *visit, struct str register_id, struct str ref);

/* Sets a cookie of the session's kind: for this host only, not for scripts. */
void visit_cookie(struct visit *visit, const char *name, struct str value, int64_t seconds);
/* The name that a cookie has here: with __Host- where the connection is safe. */
struct str visit_cookie_name(const struct visit *visit, const char *name);
bool visit_safe(const struct visit *visit); /* people reach it by https */

#endif
