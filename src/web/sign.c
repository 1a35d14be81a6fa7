/* Signing in and out, and the links that make accounts. */
#include "op/identities.h"

#include "web/handlers.h"

#define SESSION_COOKIE "assay-session"
#define DEVICE_COOKIE "assay-device"
#define DEVICE_SECONDS ((int64_t)400 * 24 * 3600)

/* ---- where one goes after ---- */

/* Browsers take "\" for "/" and leave out what cannot be seen: either could lead elsewhere. */
static bool is_plain(struct str to)
{
    for (size_t i = 0; i < to.n; i++)
        if (to.p[i] <= ' ' || to.p[i] > '~' || to.p[i] == '\\')
            return false;
    return true;
}

/* A path of ours, else the start: never another site. */
struct str sign_path(struct visit *visit, struct str to)
{
    struct str segments[PARSE_SEGMENTS];
    size_t n;

    return is_plain(to) && parse_path(visit->cx->mem, to, segments, &n) && n > 0 ? to : STR("/");
}

int sign_home(struct visit *visit, struct value **ret)
{
    struct arena *mem = visit->cx->mem;
    struct value *tree = value_map(mem), *list = value_list(mem);

    for (size_t i = 0; i < value_count(visit->organisations); i++) {
        struct value *one = value_copy(mem, value_at(visit->organisations, i));
        value_set_text(one, "url",
                       str_printf(mem, "/o/%.*s", STR_ARG(value_get_text(one, "name"))));
        value_push(list, one);
    }
    value_set_text(tree, "schema", STR("assay.home/1"));
    value_set(tree, "organisations", list);
    if (value_count(list) == 1)
        visit->redirect = value_get_text(value_at(list, 0), "url");
    *ret = tree;
    return 0;
}

/* ---- signing in ---- */

int sign_show(struct visit *visit, struct value **ret)
{
    struct value *tree = value_map(visit->cx->mem);
    struct str to = sign_path(visit, parse_get(&visit->query, "to"));

    value_set_text(tree, "schema", STR("assay.sign-in/1"));
    value_set_text(tree, "to", to);
    value_set_bool(tree, "passkeys", passkey_possible(visit));
    value_set_bool(tree, "sends_mail", visit->app->mailer != NULL);
    identity_say(visit, tree);
    value_set_bool(tree, "out", parse_has(&visit->query, "out"));
    if (visit->signed_in)
        visit->redirect = to;
    *ret = tree;
    return 0;
}

static struct str cookie(struct visit *visit, const char *name)
{
    return parse_cookie(visit->request->cookie,
                        str_z(visit->cx->mem, visit_cookie_name(visit, name)));
}

struct str sign_device(struct visit *visit)
{
    return cookie(visit, DEVICE_COOKIE);
}

int sign_begin(struct visit *visit, struct store *directory, struct str account)
{
    struct str token, device;

    TRY(session_begin(visit->cx, directory, account, cookie(visit, DEVICE_COOKIE),
                      visit->request->address, visit->request->agent, &token, &device));
    visit_cookie(visit, SESSION_COOKIE, token, ACCOUNT_SESSION_MS / 1000);
    visit_cookie(visit, DEVICE_COOKIE, device, DEVICE_SECONDS);
    return 0;
}

/* The form again, with what was typed but the password, and what was wrong. */
static int again(struct visit *visit, int rc, struct value *tree, struct value **ret)
{
    struct err err = visit->cx->err;

    if (rc == RC_FAIL || visit->json) {
        visit->status = rc == RC_LIMIT ? 429 : 0;
        return rc;
    }
    visit->status = rc == RC_LIMIT ? 429 : rc == RC_DENIED ? 403 : 422;
    value_set_text(tree, "login", parse_get(&visit->form, "login"));
    value_set_text(tree, "wrong", err.text);
    value_set_text(tree, "wrong_place", err.place);
    *ret = tree;
    return 0;
}

int sign_in(struct visit *visit, struct value **ret)
{
    struct value *tree = value_map(visit->cx->mem);
    struct str to = sign_path(visit, parse_get(&visit->form, "to")), account;
    struct store *directory;
    bool half;

    value_set_text(tree, "schema", STR("assay.sign-in/1"));
    value_set_text(tree, "to", to);
    value_set_bool(tree, "passkeys", passkey_possible(visit));
    value_set_bool(tree, "sends_mail", visit->app->mailer != NULL);
    identity_say(visit, tree);
    TRY(desk_directory(visit->cx, visit->desk, &directory));
    int rc = account_check(visit->cx, directory, parse_get(&visit->form, "login"),
                           parse_get(&visit->form, "password"), cookie(visit, DEVICE_COOKIE),
                           visit->request->address, &account);

    if (rc < 0)
        return again(visit, rc, tree, ret);
    *ret = tree;
    visit->redirect = to;
    TRY(factor_needed(visit, directory, account, to, &half));
    value_set_bool(tree, "needs_code", half);
    return half ? 0 : sign_begin(visit, directory, account);
}

#define FRESH_MS ((int64_t)5 * 60 * 1000)

bool sign_fresh(struct visit *visit)
{
    int64_t made;

    return instant_parse(visit->session.made_at, &made) && host_now_ms(visit->cx) - made < FRESH_MS;
}

int sign_again(struct visit *visit, struct store *directory)
{
    struct str account;
    bool password;

    if (parse_has(&visit->form, "credential"))
        return passkey_again(visit, directory);
    TRY(account_has_password(visit->cx, directory, visit->session.account, &password));
    if (!password && sign_fresh(visit))
        return 0;
    if (!password)
        return fail(visit->cx, RC_DENIED, "password",
                    _("You have no password here: sign out and in again, and do this within five "
                      "minutes."));
    return account_check(visit->cx, directory, visit->session.login,
                         parse_get(&visit->form, "password"), sign_device(visit),
                         visit->request->address, &account);
}

int sign_out(struct visit *visit, struct value **ret)
{
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(session_end(visit->cx, directory, visit->session.account, visit->session.id, STR_NONE));
    visit_cookie(visit, SESSION_COOKIE, STR_NONE, 0);
    identity_leave(visit);
    web_header(visit->response, "Clear-Site-Data", STR("\"cache\", \"storage\""));
    visit->redirect = visit->app->provider != NULL ? STR("/sign-in?out=yes") : STR("/sign-in");
    *ret = value_map(visit->cx->mem);
    return 0;
}

/* ---- links ---- */

/* The owners of an organisation, of whom the first account is one. */
static int owners_of(struct visit *visit, struct str organisation, struct value *list)
{
    struct ctx *cx = visit->cx;
    struct organisation *org;
    struct value *members = NULL;

    TRY(desk_organisation(cx, visit->desk, organisation, &org));
    TRY(home_owners(cx, org, &members));
    for (size_t i = 0; i < value_count(members); i++) {
        struct value *one = value_copy(cx->mem, value_at(members, i));
        value_set_text(one, "organisation", organisation);
        value_set_text(one, "title", org->title);
        value_set_text(one, "key",
                       str_printf(cx->mem, "%.*s/%.*s", STR_ARG(organisation),
                                  STR_ARG(value_get_text(one, "person"))));
        value_set_bool(one, "first", value_count(list) == 0);
        value_push(list, one);
    }
    return 0;
}

/* {person, name, organisation, title, key} of all whom the first account may be. */
static int all_owners(struct visit *visit, struct value **ret)
{
    struct ctx *cx = visit->cx;
    struct value *list = value_list(cx->mem), *organisations;
    struct home *home CLEANUP(home_closep) = NULL;

    TRY(home_open(cx, &visit->app->where, &home));
    TRY(home_organisations(cx, home, &organisations));
    for (size_t i = 0; i < value_count(organisations); i++)
        TRY(owners_of(visit, value_get_text(value_at(organisations, i), "name"), list));
    *ret = list;
    return 0;
}

/* Who the link is for. */
static int link_tree(struct visit *visit, struct store *directory,
                     struct account_invitation *invitation, struct value **ret)
{
    struct ctx *cx = visit->cx;
    struct value *tree = value_map(cx->mem), *owners;
    struct organisation *org;
    struct principal who;

    TRY(account_invited(cx, directory, visit_param(visit, "token"), invitation));
    value_set_text(tree, "schema", STR("assay.link/1"));
    value_set_text(tree, "token", visit_param(visit, "token"));
    value_set_bool(tree, "is_first", invitation->person.n == 0);
    if (invitation->person.n == 0) {
        TRY(all_owners(visit, &owners));
        value_set(tree, "owners", owners);
    } else {
        TRY(desk_organisation(cx, visit->desk, invitation->organisation, &org));
        TRY(home_principal(cx, org, str_z(cx->mem, invitation->person), &who));
        value_set_text(tree, "name", who.name);
        value_set_text(tree, "title", org->title);
    }
    *ret = tree;
    return 0;
}

int link_show(struct visit *visit, struct value **ret)
{
    struct account_invitation invitation;
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    return link_tree(visit, directory, &invitation, ret);
}

/* Whom the first account is: the owner that was chosen, and those of the same name elsewhere. */
static size_t chosen(struct visit *visit, const struct value *owners, struct account_binding *ret)
{
    struct str wanted = parse_get(&visit->form, "owner"), name = STR_NONE;
    size_t n = 0;

    for (size_t i = 0; i < value_count(owners); i++)
        if (str_eq(value_get_text(value_at(owners, i), "key"), wanted))
            name = value_get_text(value_at(owners, i), "name");
    for (size_t i = 0; i < value_count(owners) && name.n > 0; i++) {
        const struct value *one = value_at(owners, i);
        struct str organisation = value_get_text(one, "organisation");
        bool had = n > 0 && str_eq(ret[n - 1].organisation, organisation);
        if (str_eq(value_get_text(one, "name"), name) && !had)
            ret[n++] = (struct account_binding){organisation, value_get_text(one, "person")};
    }
    return n;
}

static int make_account(struct visit *visit, struct store *directory, const struct value *tree,
                        const struct account_invitation *invitation, struct str *ret_account)
{
    struct ctx *cx = visit->cx;
    const struct value *owners = value_get(tree, "owners");
    struct account_binding *bindings =
        arena_array(cx->mem, value_count(owners) + 1, sizeof *bindings);
    size_t n = 1;

    bindings[0] = (struct account_binding){invitation->organisation, invitation->person};
    if (invitation->person.n == 0)
        n = chosen(visit, owners, bindings);
    if (n == 0)
        return fail(cx, RC_INVALID, "owner", _("Say who you are."));
    if (!str_eq(parse_get(&visit->form, "password"), parse_get(&visit->form, "again")))
        return fail(cx, RC_INVALID, "again", _("The two passwords are not the same."));
    return account_make(cx, directory, visit_param(visit, "token"),
                        parse_get(&visit->form, "login"), parse_get(&visit->form, "password"),
                        bindings, n, ret_account);
}

int link_take(struct visit *visit, struct value **ret)
{
    struct account_invitation invitation;
    struct store *directory;
    struct str account;
    struct value *tree;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(link_tree(visit, directory, &invitation, &tree));
    visit->redirect = STR("/");
    *ret = tree;
    if (visit->signed_in && parse_has(&visit->form, "bind"))
        return account_bind(visit->cx, directory, visit_param(visit, "token"),
                            visit->session.account);
    int rc = make_account(visit, directory, tree, &invitation, &account);

    if (rc < 0) {
        visit->redirect = STR_NONE;
        return again(visit, rc, tree, ret);
    }
    return sign_begin(visit, directory, account);
}
