/* Signing in through a provider of OpenID Connect, linking accounts with it, and the domains whose
 * people may read. */
#include "op/identities.h"

#include "web/handlers.h"
#include "web/provider.h"

#define QUESTION_COOKIE "assay-provider"
#define WAITING_COOKIE "assay-identity"
#define PATH "/account/identity"

static int need_provider(struct visit *visit)
{
    return visit->app->provider != NULL
               ? 0
               : fail(visit->cx, RC_NOT_FOUND, NULL, _("This server knows no provider (--oidc)."));
}

static struct str own_address(const struct visit *visit, const char *path)
{
    const struct web_request *request = visit->request;

    if (visit->app->url.n > 0)
        return str_printf(visit->cx->mem, "%.*s%s", STR_ARG(visit->app->url), path);
    return str_printf(visit->cx->mem, "%s://%.*s%s", request->tls ? "https" : "http",
                      STR_ARG(request->host), path);
}

static struct str held(struct visit *visit, const char *name)
{
    return parse_cookie(visit->request->cookie,
                        str_z(visit->cx->mem, visit_cookie_name(visit, name)));
}

void identity_say(struct visit *visit, struct value *tree)
{
    struct arena *mem = visit->cx->mem;
    struct str to = value_get_text(tree, "to");

    if (visit->app->provider == NULL)
        return;
    value_set_text(tree, "provider", provider_name(visit->app->provider));
    value_set_text(
        tree, "provider_path",
        to.n == 0 ? STR("/sign-in/provider")
                  : str_printf(mem, "/sign-in/provider?to=%.*s", STR_ARG(parse_escape(mem, to))));
}

/* The page to sign in, with what was wrong. */
static int refused(struct visit *visit, int rc, struct value *tree)
{
    if (visit->json || rc == RC_FAIL)
        return rc;
    visit->page = "web-sign-in.html";
    visit->redirect = STR_NONE;
    visit->status = rc == RC_DENIED     ? 403
                    : rc == RC_LIMIT    ? 429
                    : rc == RC_CONFLICT ? 409
                    : rc == RC_INVALID  ? 422
                                        : 503;
    value_set_text(tree, "wrong", visit->cx->err.text);
    value_set_bool(tree, "passkeys", passkey_possible(visit));
    identity_say(visit, tree);
    return 0;
}

void identity_leave(struct visit *visit)
{
    if (visit->app->provider != NULL)
        visit_cookie(visit, WAITING_COOKIE, STR_NONE, 0);
}

/* ---- there and back ---- */

int identity_begin(struct visit *visit, struct value **ret)
{
    struct str to = sign_path(visit, parse_get(&visit->query, "to")), token, url;
    struct value *tree = value_map(visit->cx->mem);
    struct store *directory;

    *ret = tree;
    value_set_text(tree, "schema", STR("assay.sign-in-provider/1"));
    value_set_text(tree, "to", to);
    TRY(need_provider(visit));
    TRY(desk_directory(visit->cx, visit->desk, &directory));
    int rc = identity_ask(visit->cx, directory, to, visit->request->address, &token);

    if (rc == 0)
        rc = provider_begin(visit->cx, visit->app->provider,
                            own_address(visit, "/sign-in/provider/back"), token, &url);
    if (rc < 0)
        return refused(visit, rc, tree);
    visit_cookie(visit, QUESTION_COOKIE, token, IDENTITY_QUESTION_MS / 1000);
    value_set_text(tree, "address", url);
    visit->redirect = url;
    return 0;
}

/* Whoever is nobody here yet waits, in this browser, for an account to take them. */
static int wait(struct visit *visit, struct store *directory, const struct identity *identity,
                struct str why)
{
    struct str token;

    TRY(identity_keep(visit->cx, directory, identity, why, &token));
    visit_cookie(visit, WAITING_COOKIE, token, IDENTITY_QUESTION_MS / 1000);
    visit->redirect = visit->signed_in ? STR(PATH) : STR("/sign-in/identity");
    return 0;
}

static int go_in(struct visit *visit, struct store *directory, const struct identity *identity,
                 struct str to)
{
    struct str account, why = STR("signed in");
    bool half;

    TRY(identity_account(visit->cx, directory, identity, &account));
    if (account.n == 0 && !visit->signed_in)
        TRY(joining_find(visit, directory, identity, &account, &why));
    if (account.n == 0)
        return wait(visit, directory, identity, why);
    visit->redirect = to;
    TRY(factor_needed(visit, directory, account, to, &half));
    return half ? 0 : sign_begin(visit, directory, account);
}

static int come_back(struct visit *visit, struct store *directory, struct str *ret_to,
                     struct identity *ret)
{
    const struct parse_form *query = &visit->query;
    const struct provider_answer answer = {parse_get(query, "state"), parse_get(query, "code"),
                                           parse_get(query, "iss"), parse_get(query, "error")};
    struct str token = held(visit, QUESTION_COOKIE);

    visit_cookie(visit, QUESTION_COOKIE, STR_NONE, 0);
    TRY(identity_asked(visit->cx, directory, token, ret_to));
    return provider_end(visit->cx, visit->app->provider,
                        own_address(visit, "/sign-in/provider/back"), token, &answer, ret);
}

int identity_back(struct visit *visit, struct value **ret)
{
    struct value *tree = value_map(visit->cx->mem);
    struct store *directory;
    struct identity identity;
    struct str to = STR("/");

    *ret = tree;
    value_set_text(tree, "schema", STR("assay.sign-in-provider/1"));
    TRY(need_provider(visit));
    TRY(desk_directory(visit->cx, visit->desk, &directory));
    int rc = come_back(visit, directory, &to, &identity);

    if (rc < 0) {
        struct err err = visit->cx->err;
        TRY(identity_failed(visit->cx, directory, visit->request->address));
        visit->cx->err = err;
        return refused(visit, rc, tree);
    }
    rc = go_in(visit, directory, &identity, to);
    return rc < 0 ? refused(visit, rc, tree) : 0;
}

int identity_out(struct visit *visit, struct value **ret)
{
    struct str url = STR_NONE;

    *ret = value_map(visit->cx->mem);
    value_set_text(*ret, "schema", STR("assay.sign-out-provider/1"));
    TRY(need_provider(visit));
    int rc = provider_out(visit->cx, visit->app->provider, own_address(visit, "/sign-in"), &url);

    if (rc < 0)
        return refused(visit, rc, *ret);
    value_set_text(*ret, "address", url);
    visit->redirect = url.n > 0 ? url : STR("/sign-in");
    return 0;
}

/* ---- who is nobody here ---- */

int identity_told(struct visit *visit, struct value **ret)
{
    struct value *tree = value_map(visit->cx->mem);
    struct store *directory;
    struct identity identity;
    struct str why;

    *ret = tree;
    value_set_text(tree, "schema", STR("assay.identity/1"));
    TRY(desk_directory(visit->cx, visit->desk, &directory));
    int rc =
        visit->app->provider == NULL
            ? RC_NOT_FOUND
            : identity_kept(visit->cx, directory, held(visit, WAITING_COOKIE), &identity, &why);

    if (rc == RC_FAIL)
        return rc;
    if (rc < 0 || visit->signed_in) {
        visit->redirect = rc < 0 ? STR("/sign-in") : STR(PATH);
        return 0;
    }
    value_set_text(tree, "why", why);
    value_set_bool(tree, str_z(visit->cx->mem, str_printf(visit->cx->mem, "is_%.*s", STR_ARG(why))),
                   true);
    value_set_text(tree, "address", identity.address);
    identity_say(visit, tree);
    return 0;
}

int identity_dress(UNUSED struct visit *visit, UNUSED const struct value *tree, struct value *view)
{
    value_set_text(view, "heading", str_of(_("Signing in through a provider")));
    return 0;
}

/* ---- in the account ---- */

static int tree_of(struct visit *visit, struct store *directory, struct value **ret)
{
    struct ctx *cx = visit->cx;
    struct value *tree = value_map(cx->mem), *list, *waiting = value_map(cx->mem);
    struct identity identity;
    struct str why;
    bool password;

    TRY(identity_list(cx, directory, visit->session.account, &list));
    TRY(account_has_password(cx, directory, visit->session.account, &password));
    value_set_text(tree, "schema", STR("assay.identities/1"));
    value_set(tree, "identities", list);
    value_set_bool(tree, "password", password);
    value_set_bool(tree, "fresh", sign_fresh(visit));
    value_set_bool(tree, "passkeys", passkey_possible(visit));
    identity_say(visit, tree);
    int rc = identity_kept(cx, directory, held(visit, WAITING_COOKIE), &identity, &why);

    if (rc == 0) {
        value_set_text(waiting, "address", identity.address);
        value_set_text(waiting, "subject", identity.subject);
        value_set(tree, "waiting", waiting);
    }
    *ret = tree;
    return rc == RC_FAIL ? rc : 0;
}

int identities_show(struct visit *visit, struct value **ret)
{
    struct store *directory;

    if (visit->app->provider == NULL)
        visit->redirect = STR("/account");
    TRY(desk_directory(visit->cx, visit->desk, &directory));
    return tree_of(visit, directory, ret);
}

int identities_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    const struct value *all = value_get(tree, "identities");
    struct value *list = value_list(visit->cx->mem);

    for (size_t i = 0; i < value_count(all); i++) {
        struct value *one = value_copy(visit->cx->mem, value_at(all, i));
        struct str address = value_get_text(one, "address"), used = value_get_text(one, "used_at");
        value_set_text(one, "who", address.n > 0 ? address : value_get_text(one, "subject"));
        value_set_text(one, "used",
                       str_printf(visit->cx->mem, "%.*s %.*s UTC", STR_ARG(str_sub(used, 0, 10)),
                                  STR_ARG(str_sub(used, 11, 5))));
        value_push(list, one);
    }
    value_set(view, "identity_list", list);
    value_set_text(view, "heading", str_of(_("Signing in through a provider")));
    return 0;
}

static int again(struct visit *visit, struct store *directory, int rc, struct value **ret)
{
    struct err err = visit->cx->err;

    visit->status = rc == RC_LIMIT ? 429 : rc == RC_DENIED ? 403 : rc == RC_CONFLICT ? 409 : 422;
    if (visit->json || rc == RC_FAIL)
        return rc;
    TRY(tree_of(visit, directory, ret));
    value_set_text(*ret, "wrong", err.text);
    return 0;
}

int identities_link(struct visit *visit, struct value **ret)
{
    struct ctx *cx = visit->cx;
    struct str token = held(visit, WAITING_COOKIE), why;
    struct store *directory;
    struct identity identity;

    TRY(need_provider(visit));
    TRY(desk_directory(cx, visit->desk, &directory));
    int rc = identity_kept(cx, directory, token, &identity, &why);

    if (rc == 0 && !sign_fresh(visit))
        rc = sign_again(visit, directory);
    if (rc == 0)
        rc = identity_bind(cx, directory, &identity, visit->session.account);
    if (rc < 0)
        return again(visit, directory, rc, ret);
    TRY(identity_kept_end(cx, directory, token));
    visit_cookie(visit, WAITING_COOKIE, STR_NONE, 0);
    visit->redirect = STR(PATH);
    return tree_of(visit, directory, ret);
}

int identities_drop(struct visit *visit, struct value **ret)
{
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    int rc = sign_again(visit, directory);

    if (rc == 0)
        rc = identity_drop(visit->cx, directory, visit->session.account,
                           parse_get(&visit->form, "issuer"), parse_get(&visit->form, "subject"),
                           visit->session.id);
    if (rc < 0)
        return again(visit, directory, rc, ret);
    visit->redirect = STR(PATH);
    return tree_of(visit, directory, ret);
}

/* ---- domains ---- */

static int domain_done(struct visit *visit, struct value **ret)
{
    struct value *domains;
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(reader_domains(visit->cx, directory, visit->org->name, &domains));
    *ret = value_map(visit->cx->mem);
    value_set_text(*ret, "schema", STR("assay.members-domains/1"));
    value_set(*ret, "domains", domains);
    visit->redirect = str_printf(visit->cx->mem, "%.*s/members", STR_ARG(visit_base(visit)));
    return 0;
}

int members_domain(struct visit *visit, struct value **ret)
{
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(reader_domain_add(visit->cx, directory, visit->org->name, parse_get(&visit->form, "domain"),
                          visit->who.person));
    return domain_done(visit, ret);
}

int members_domain_drop(struct visit *visit, struct value **ret)
{
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(reader_domain_remove(visit->cx, directory, visit->org->name,
                             parse_get(&visit->form, "domain")));
    return domain_done(visit, ret);
}
