/* One request from its head to its answer: who asks, whether they may, what they sent. */
#include <string.h>

#include "op/tokens.h"
#include "web/known.h"
#include "web/respond.h"
#include "web/routes.h"
#include "web/spool.h"

#define FORM_TOKEN "assay_token"
#define VISIT_FACTOR "second factor" /* the place of an error that one is missing */

/* ---- where ---- */

struct str visit_param(const struct visit *visit, const char *name)
{
    struct str rest = str_of(visit->route->pattern), part;
    size_t n = 0;

    while (rest.n > 0 && str_split(&rest, '/', &part)) {
        if (part.n == 0 || part.p[0] != ':')
            continue;
        if (str_is(str_from(part, 1), name))
            return visit->params[n];
        n++;
    }
    return STR_NONE;
}

struct str visit_base(struct visit *visit)
{
    if (visit->base.n == 0)
        visit->base = str_printf(visit->cx->mem, "/o/%.*s",
                                 STR_ARG(parse_escape(visit->cx->mem, visit->org->name)));
    return visit->base;
}

struct str visit_register_path(struct visit *visit, struct str register_id)
{
    return str_printf(visit->cx->mem, "%.*s/r/%.*s", STR_ARG(visit_base(visit)),
                      STR_ARG(parse_escape(visit->cx->mem, register_id)));
}

struct str visit_record_path(struct visit *visit, struct str register_id, struct str ref)
{
    return str_printf(visit->cx->mem, "%.*s/%.*s", STR_ARG(visit_register_path(visit, register_id)),
                      STR_ARG(parse_escape(visit->cx->mem, ref)));
}

bool visit_safe(const struct visit *visit)
{
    return visit->request->tls || str_starts(visit->app->url, STR("https:"));
}

struct str visit_cookie_name(const struct visit *visit, const char *name)
{
    return str_printf(visit->cx->mem, "%s%s", visit_safe(visit) ? "__Host-" : "", name);
}

void visit_cookie(struct visit *visit, const char *name, struct str value, int64_t seconds)
{
    web_header(visit->response, "Set-Cookie",
               str_printf(visit->cx->mem,
                          "%.*s=%.*s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s",
                          STR_ARG(visit_cookie_name(visit, name)), STR_ARG(value),
                          (long long)seconds, visit_safe(visit) ? "; Secure" : ""));
}

static int run_with(struct visit *visit, const char *name, const struct value *args,
                    const struct op_face *face, struct value **ret)
{
    const struct op *op = op_find(name);

    if (op == NULL)
        return fail(visit->cx, RC_NOT_FOUND, NULL, _("There is no operation %s."), name);
    return op_run_in(visit->cx, op, &visit->app->where, visit->org, &visit->who, args, face, ret);
}

int visit_op(struct visit *visit, const char *name, const struct value *args, struct value **ret)
{
    return run_with(visit, name, args, &(struct op_face){.open = NULL}, ret);
}

static int open_spooled(void *arg, UNUSED struct ctx *cx, struct str path, int *ret)
{
    return spool_open(arg, path, ret);
}

int visit_op_files(struct visit *visit, const char *name, const struct value *args,
                   struct value **ret)
{
    return run_with(visit, name, args, &(struct op_face){.open = open_spooled, .open_arg = visit},
                    ret);
}

/* ---- who ---- */

/* The token of a session's forms follows from the session's own, which no page has. */
static struct str csrf_of(struct arena *mem, struct str token)
{
    const struct str parts[] = {STR("assay-form-v1\n"), token};
    struct hash hash = hash_sha256(parts, 2);

    return hash_hex(mem, (struct str){(const char *)hash.b, 16});
}

static int find_session(struct visit *visit)
{
    struct ctx *cx = visit->cx;
    struct store *directory;
    struct str token = parse_cookie(visit->request->cookie,
                                    str_z(cx->mem, visit_cookie_name(visit, "assay-session")));

    if (!account_token_is(token))
        return 0;
    TRY(desk_directory(cx, visit->desk, &directory));
    int rc = session_find(cx, directory, token, &visit->session);

    if (rc == RC_NOT_FOUND) {
        cx->err = (struct err){.rc = RC_OK};
        return 0;
    }
    TRY(rc);
    visit->signed_in = true;
    known_sessions_note(visit->app->known, token);
    visit->csrf = csrf_of(cx->mem, token);
    visit->response->who = visit->session.login;
    return account_organisations(cx, directory, visit->session.account, &visit->organisations);
}

/* A token may be for less than its account takes part in. */
static void keep_one(struct visit *visit)
{
    struct value *kept = value_list(visit->cx->mem);

    for (size_t i = 0; i < value_count(visit->organisations); i++)
        if (str_eq(value_get_text(value_at(visit->organisations, i), "name"),
                   visit->token_organisation))
            value_push(kept, value_at_mut(visit->organisations, i));
    if (visit->token_organisation.n > 0)
        visit->organisations = kept;
}

/* A program's token takes the place of a session. Where one is sent no cookie is looked at, and one
 * that is none is no reason to. */
static int find_token(struct visit *visit, struct str token)
{
    struct ctx *cx = visit->cx;
    struct store *directory;
    struct api_token found;

    visit->by_token = visit->json = true;
    TRY(desk_directory(cx, visit->desk, &directory));
    int rc = token_find(cx, directory, token, &found);

    if (rc == RC_NOT_FOUND) {
        cx->err = (struct err){.rc = RC_OK};
        return 0;
    }
    TRY(rc);
    visit->session = (struct account_session){
        .id = found.id, .account = found.account, .login = found.login, .factor = found.factor};
    visit->rights = found.rights;
    visit->token_organisation = found.organisation;
    visit->signed_in = true;
    known_sessions_note(visit->app->known, token);
    visit->response->who = found.login;
    TRY(account_organisations(cx, directory, found.account, &visit->organisations));
    keep_one(visit);
    return 0;
}

static int find_who(struct visit *visit)
{
    struct str token = parse_bearer(visit->request->authorization);

    return token.n > 0 ? find_token(visit, token) : find_session(visit);
}

/* Whether it is there or not: who does not take part learns nothing. */
static int no_such(struct visit *visit)
{
    return fail(visit->cx, RC_NOT_FOUND, NULL, _("You take part in no organisation of this name."));
}

/* The register that the route is about, "" for none: the right is asked for that one. */
static struct str asked_register(const struct visit *visit)
{
    return strstr(visit->route->pattern, "/r/:register") != NULL ? visit_param(visit, "register")
                                                                 : STR_NONE;
}

static int enter_organisation(struct visit *visit)
{
    struct ctx *cx = visit->cx;
    struct str name = visit_param(visit, "organisation"), person;
    struct store *directory;
    bool factor;

    TRY(desk_directory(cx, visit->desk, &directory));
    TRY(account_person(cx, directory, visit->session.account, name, &person, &factor));
    if (person.n == 0 ||
        (visit->token_organisation.n > 0 && !str_eq(visit->token_organisation, name)))
        return no_such(visit);
    if (factor && !visit->session.factor)
        return fail(cx, RC_DENIED, VISIT_FACTOR,
                    _("This organisation asks for a second factor: set one up in your account."));
    TRY(desk_organisation(cx, visit->desk, name, &visit->org));
    int rc = home_principal(cx, visit->org, str_z(cx->mem, person), &visit->who);

    if (rc < 0) {
        visit->org = NULL;
        return rc == RC_FAIL ? rc : no_such(visit);
    }
    visit->who.via = STR("web");
    if (visit->by_token) {
        visit->who.via = str_printf(cx->mem, HOME_VIA_TOKEN "%.*s", STR_ARG(visit->session.id));
        visit->who.only = visit->rights;
    }
    return access_check(cx, visit->org->access, &visit->who, visit->route->right,
                        asked_register(visit));
}

/* ---- what was sent ---- */

static bool host_is_ours(const struct visit *visit)
{
    struct str host = visit->request->host, url = visit->app->url;
    static const char *const here[] = {"localhost", "127.0.0.1", "[::1]"};

    if (url.n > 0)
        return str_eq(host, str_from(url, str_find(url, STR("://"), 0) + 3));
    size_t colon = host.n > 0 && host.p[host.n - 1] != ']' ? host.n : 0;

    while (colon > 0 && host.p[colon - 1] != ':' && host.p[colon - 1] != ']')
        colon--;
    struct str name = colon > 0 && host.p[colon - 1] == ':' ? str_sub(host, 0, colon - 1) : host;

    for (size_t i = 0; i < COUNT_OF(here); i++)
        if (str_is_nocase(name, here[i]))
            return true;
    return false;
}

/* A change is asked for by a page of ours: the browser says so, where it says anything. */
static bool comes_from_us(const struct visit *visit)
{
    const struct web_request *request = visit->request;
    struct str site = request->fetch_site, origin = request->origin;
    size_t at = str_find(origin, STR("://"), 0);

    if (site.n > 0 && !str_is(site, "same-origin") && !str_is(site, "none"))
        return false;
    if (origin.n == 0)
        return true;
    /* Since our pages send no referrer, browsers hide their origin too: then only the other header
     * tells. */
    if (str_is(origin, "null"))
        return str_is(site, "same-origin");
    if (visit->app->url.n > 0)
        return str_eq(origin, visit->app->url);
    return at != SIZE_MAX && str_eq(str_from(origin, at + 3), request->host);
}

static int take_form(struct visit *visit)
{
    const struct web_request *request = visit->request;

    if (request->body.n == 0)
        return 0;
    if (parse_type_is(request->type, "application/x-www-form-urlencoded"))
        return parse_urlencoded(visit->cx, request->body, &visit->form);
    if (parse_type_is(request->type, "multipart/form-data"))
        return parse_multipart(visit->cx, request->type, request->body, &visit->form);
    if ((visit->route->flags & ROUTE_JSON) != 0 && parse_type_is(request->type, "application/json"))
        return 0; /* for the handler */
    return fail(visit->cx, RC_INVALID, "Content-Type",
                _("A form is sent as application/x-www-form-urlencoded or multipart/form-data."));
}

static bool same_secret(struct str a, struct str b)
{
    unsigned char differs = 0;

    for (size_t i = 0; i < a.n && i < b.n; i++)
        differs |= (unsigned char)(a.p[i] ^ b.p[i]);
    return a.n == b.n && a.n > 0 && differs == 0;
}

static int check_change(struct visit *visit)
{
    struct str token =
        visit->request->token.n > 0 ? visit->request->token : parse_get(&visit->form, FORM_TOKEN);

    if (!comes_from_us(visit))
        return fail(visit->cx, RC_DENIED, "Origin",
                    _("Another site asked for this change: nothing was changed."));
    if ((visit->route->flags & ROUTE_NO_FORM) != 0 && !visit->signed_in)
        return 0;
    /* No browser sends a token of its own accord. */
    if (visit->by_token || same_secret(token, visit->csrf))
        return 0;
    return fail(visit->cx, RC_DENIED, FORM_TOKEN,
                _("This form is not of the session that you are signed in with: load the page "
                  "again, and send it from there. Nothing was changed."));
}

/* ---- what a few may do at once ---- */

#define GATE 2u /* through each gate */

static const unsigned gates[] = {ROUTE_GATED, ROUTE_LONG};

static void gates_enter(struct app *app, unsigned flags)
{
    (void)pthread_mutex_lock(&app->gate_lock);
    for (size_t i = 0; i < COUNT_OF(gates); i++) {
        while ((flags & gates[i]) != 0 && app->gate_inside[i] >= GATE)
            (void)pthread_cond_wait(&app->gate_free, &app->gate_lock);
        app->gate_inside[i] += (flags & gates[i]) != 0;
    }
    (void)pthread_mutex_unlock(&app->gate_lock);
}

static void gates_leave(struct app *app, unsigned flags)
{
    (void)pthread_mutex_lock(&app->gate_lock);
    for (size_t i = 0; i < COUNT_OF(gates); i++)
        app->gate_inside[i] -= (flags & gates[i]) != 0;
    (void)pthread_cond_broadcast(&app->gate_free);
    (void)pthread_mutex_unlock(&app->gate_lock);
}

/* ---- running ---- */

struct value *visit_query_args(const struct visit *visit, const struct op *op)
{
    struct arena *mem = visit->cx->mem;
    struct value *args = value_map(mem);

    for (const struct op_arg *arg = op->args; arg->name != NULL; arg++) {
        struct str said = visit_param(visit, arg->name);
        struct value *many = value_list(mem);
        for (size_t i = 0; said.n == 0 && i < visit->query.n; i++)
            if (str_is(visit->query.fields[i].name, arg->name) &&
                visit->query.fields[i].value.n > 0)
                value_push(many, value_text(mem, visit->query.fields[i].value));
        if (said.n == 0 && value_count(many) == 0)
            continue;
        if (op_is_path(arg)) /* paths of this machine are nobody's to name from outside */
            continue;
        if (arg->many)
            value_set(args, arg->name, many);
        else if (arg->type == OP_FLAG)
            value_set_bool(args, arg->name, true);
        else
            value_set_text(args, arg->name, said.n > 0 ? said : value_as_text(value_at(many, 0)));
    }
    return args;
}

/* Pages that only show. */
static int run_op(struct visit *visit, struct value **ret)
{
    const struct op *op = op_find(visit->route->op);

    return visit_op(visit, visit->route->op, visit_query_args(visit, op), ret);
}

static int run_route(struct visit *visit, struct value **ret)
{
    gates_enter(visit->app, visit->route->flags);
    int rc = visit->route->run != NULL ? visit->route->run(visit, ret) : run_op(visit, ret);

    gates_leave(visit->app, visit->route->flags);
    return rc;
}

/* Who has to sign in first comes back afterwards. */
static void ask_to_sign_in(struct visit *visit)
{
    const struct web_request *request = visit->request;
    struct arena *mem = visit->cx->mem;

    (void)!fail(visit->cx, RC_DENIED, NULL, "%s",
                visit->by_token ? _("This token is none, or has ended.")
                                : _("Nobody is signed in, or no longer."));
    if (visit->by_token)
        web_header(visit->response, "WWW-Authenticate", STR("Bearer error=\"invalid_token\""));
    if (visit->json || request->method != WEB_GET) {
        respond_problem(visit, 401);
        return;
    }
    visit->response->status = 303;
    web_header(visit->response, "Cache-Control", STR("no-store"));
    web_header(visit->response, "Location",
               str_printf(mem, "/sign-in?to=%.*s", STR_ARG(parse_escape(mem, request->path))));
}

/* Whoever has to set up a second factor first is led to where that is done. */
static bool leads_to_factor(struct visit *visit)
{
    const struct web_request *request = visit->request;
    struct arena *mem = visit->cx->mem;

    if (!str_is(visit->cx->err.place, VISIT_FACTOR) || visit->json || request->method != WEB_GET)
        return false;
    visit->response->status = 303;
    web_header(visit->response, "Cache-Control", STR("no-store"));
    web_header(
        visit->response, "Location",
        str_printf(mem, "/account/factor?to=%.*s", STR_ARG(parse_escape(mem, request->path))));
    return true;
}

/* What is about the account itself, and what only pages have, is not for its tokens. */
static int check_token(struct visit *visit)
{
    bool other =
        visit->route->whom == ROUTE_FOR_ACCOUNT && (visit->route->flags & ROUTE_BY_TOKEN) == 0;

    return visit->by_token && other ? fail(visit->cx, RC_DENIED, NULL,
                                           _("A token does not do this: sign in with a browser."))
                                    : 0;
}

/* 0, or the status of the refusal: cx->err says why. */
static unsigned admit(struct visit *visit)
{
    const struct web_request *request = visit->request;
    int rc = parse_urlencoded(visit->cx, request->query, &visit->query);

    if (rc < 0)
        return 400;
    rc = find_who(visit);
    if (rc < 0)
        return respond_status(rc);
    if (visit->route->whom != ROUTE_FOR_ANYBODY && !visit->signed_in)
        return 401;
    if (check_token(visit) < 0)
        return 403;
    if (request->method != WEB_GET && request->method != WEB_HEAD) {
        rc = take_form(visit);
        if (rc < 0)
            return rc == RC_LIMIT ? 413 : 400;
        if (check_change(visit) < 0)
            return 403;
    }
    if (visit->route->whom == ROUTE_FOR_MEMBER) {
        rc = enter_organisation(visit);
        if (rc < 0)
            return respond_status(rc);
    }
    return 0;
}

/* What somebody may not see is not there for them. */
static unsigned status_of(const struct visit *visit, int rc)
{
    if (rc == RC_DENIED && str_is(visit->cx->err.place, "record"))
        return 404;
    return visit->status >= 400 ? visit->status : respond_status(rc);
}

/* What the store or the keeper says of it tells where things lie: that is for the log. */
static unsigned tell_full(struct visit *visit)
{
    bool recorded = str_is(visit->cx->err.place, OP_RECORDED);

    visit->response->note = visit->cx->err.text;
    if (recorded)
        (void)!fail(visit->cx, RC_FAIL, NULL,
                    _("What you did was recorded, but the ledger got no checkpoint: the disk may "
                      "be full. Whoever runs the server finds the cause in its log."));
    else
        (void)!fail(visit->cx, RC_FAIL, NULL,
                    _("The disk is full on which the records lie. Nothing is lost, and nothing was "
                      "changed: whoever runs the server makes room, then send it again."));
    return 507;
}

/* Who sees only what is their own cannot tell what is another's from what is not there. */
static bool hides_others(const struct visit *visit)
{
    return visit->org != NULL && strstr(visit->route->pattern, "/r/:register/:record") != NULL &&
           access_own(visit->org->access, &visit->who, ACCESS_READ, asked_register(visit)).n > 0;
}

static void answer(struct visit *visit)
{
    struct value *tree = NULL;
    unsigned refused = admit(visit);

    if (refused == 401) {
        ask_to_sign_in(visit);
        return;
    }
    if (refused == 403 && leads_to_factor(visit))
        return;
    if (refused == 0) {
        int rc = run_route(visit, &tree);
        if (rc == 0)
            rc = respond_tree(visit, tree);
        if (rc == 0)
            return;
        refused = status_of(visit, rc);
        if (refused == 500 &&
            (desk_is_full(visit->desk) || str_is(visit->cx->err.place, OP_RECORDED)))
            refused = tell_full(visit);
        visit->response->header_n = 0;
        respond_headers(visit->app, visit->response);
    }
    if (refused == 404 && (str_is(visit->cx->err.place, "record") || hides_others(visit)))
        (void)!fail(visit->cx, RC_NOT_FOUND, "record", _("There is no such record."));
    respond_problem(visit, refused);
}

void routes_handle(void *desk, struct ctx *cx, const struct web_request *request,
                   struct web_response *response)
{
    struct visit visit = {.cx = cx,
                          .desk = desk,
                          .app = *(struct app **)desk, /* its first member */
                          .request = request,
                          .response = response,
                          .json = parse_wants_json(request->accept)};
    bool other = false;

    if (!date_is_none(visit.app->today))
        cx->today = visit.app->today;
    desk_begin(desk);
    respond_headers(visit.app, response);
    visit.route = route_find(cx->mem, request->method, request->path, visit.params, &other);
    if (!host_is_ours(&visit)) {
        (void)!fail(cx, RC_DENIED, "Host", _("This server does not go by that name (--url)."));
        respond_problem(&visit, 421);
    } else if (visit.route == NULL) {
        (void)!fail(cx, RC_NOT_FOUND, NULL, "%s",
                    other ? _("This address takes another method.")
                          : _("No page has this address."));
        respond_problem(&visit, other ? 405 : 404);
    } else {
        answer(&visit);
    }
    desk_tidy(desk);
}

void routes_refuse(void *app, struct ctx *cx, const struct web_request *head, unsigned status,
                   struct web_response *response)
{
    respond_refusal(app, cx, head, status, response);
}
