/* Passkeys: signing in with one, as second factor, and those of one's account.
 *
 * Each use is two pages: one asks (the script beside it hands the question to the browser, and
 * sends the answer as a form), the next takes the answer. */
#include "op/factors.h"
#include "op/identities.h"
#include "op/passkeys.h"

#include "web/handlers.h"

#define QUESTION_COOKIE "assay-passkey"
#define PATH "/account/passkeys"

int passkey_dress(UNUSED struct visit *visit, UNUSED const struct value *tree, struct value *view)
{
    value_set_text(view, "heading", str_of(_("Passkey")));
    return 0;
}

/* ---- whose passkeys they are ---- */

/* Browsers bind passkeys to a name; numbers have none. */
static bool is_name(struct str host)
{
    bool letter = false;

    for (size_t i = 0; i < host.n; i++)
        letter = letter || (host.p[i] >= 'a' && host.p[i] <= 'z');
    return letter && host.p[0] != '[';
}

/* Where a browser would use passkeys: over https, or at this machine's own name. */
static bool site_of(struct visit *visit, struct webauthn_asked *ret)
{
    struct arena *mem = visit->cx->mem;
    struct str origin = visit->app->url;

    if (origin.n == 0)
        origin = str_printf(mem, "%s://%.*s", visit->request->tls ? "https" : "http",
                            STR_ARG(visit->request->host));
    struct str host = str_from(origin, str_find(origin, STR("://"), 0) + 3);
    size_t colon = str_find_char(host, ':', 0);

    if (colon != SIZE_MAX)
        host = str_sub(host, 0, colon);
    *ret = (struct webauthn_asked){.rp_id = host, .origin = origin};
    return is_name(host) && (str_starts(origin, STR("https://")) || str_is(host, "localhost"));
}

bool passkey_possible(struct visit *visit)
{
    struct webauthn_asked asked;

    return site_of(visit, &asked);
}

/* ---- asking ---- */

static void carry(struct visit *visit, struct value *tree, const char *name, struct str value)
{
    struct arena *mem = visit->cx->mem;
    struct value *list = value_get_mut(tree, "carry"), *one = value_map(mem);

    if (list == NULL) {
        list = value_list(mem);
        value_set(tree, "carry", list);
    }
    value_set_text(one, "name", str_of(name));
    value_set_text(one, "value", value);
    value_push(list, one);
}

/* The ids of an account's passkeys, of which one is to answer, or none to be made again. */
static int ids_of(struct visit *visit, struct store *directory, struct str account,
                  struct value **ret)
{
    struct value *list = value_list(visit->cx->mem), *all;

    TRY(passkey_list(visit->cx, directory, account, &all));
    for (size_t i = 0; i < value_count(all); i++)
        value_push(list,
                   value_text(visit->cx->mem, value_get_text(value_at(all, i), "credential")));
    *ret = list;
    return 0;
}

/* The tree of a page that asks; its browser holds the token of the question. */
static int ask(struct visit *visit, struct store *directory, enum passkey_purpose purpose,
               struct str account, const char *action, struct value **ret)
{
    struct ctx *cx = visit->cx;
    struct value *tree = value_map(cx->mem), *ids = value_list(cx->mem);
    struct webauthn_asked site;
    struct str token, challenge;

    if (!site_of(visit, &site))
        return fail(cx, RC_CONFLICT, "passkey",
                    _("Passkeys belong to a name over https: the server has to be told by which "
                      "people reach it (--url)."));
    TRY(passkey_ask(cx, directory, purpose, account, visit->request->address, &token, &challenge));
    if (account.n > 0)
        TRY(ids_of(visit, directory, account, &ids));
    visit_cookie(visit, QUESTION_COOKIE, token, PASSKEY_QUESTION_MS / 1000);
    value_set_text(tree, "schema", STR("assay.passkey/1"));
    value_set_text(tree, "kind", purpose == PASSKEY_NEW ? STR("create") : STR("get"));
    value_set_bool(tree, "making", purpose == PASSKEY_NEW);
    value_set_text(tree, "action", str_of(action));
    value_set_text(tree, "challenge", challenge);
    value_set_text(tree, "rp_id", site.rp_id);
    value_set_text(tree, "verification",
                   purpose == PASSKEY_SECOND ? STR("preferred") : STR("required"));
    value_set(tree, "credentials", ids);
    *ret = tree;
    return 0;
}

/* ---- answers ---- */

static struct str bytes(struct visit *visit, const char *name)
{
    struct str text = parse_get(&visit->form, name), raw = STR_NONE;

    return base64url_decode(visit->cx->mem, text, &raw) ? raw : STR_NONE;
}

/* What this browser was asked, which is over with this. */
static int asked_of(struct visit *visit, struct store *directory, enum passkey_purpose purpose,
                    struct str account, struct webauthn_asked *ret)
{
    struct str token = parse_cookie(
        visit->request->cookie, str_z(visit->cx->mem, visit_cookie_name(visit, QUESTION_COOKIE)));

    (void)site_of(visit, ret);
    ret->verified = purpose != PASSKEY_SECOND;
    visit_cookie(visit, QUESTION_COOKIE, STR_NONE, 0);
    return passkey_asked(visit->cx, directory, token, purpose, account, &ret->challenge);
}

static int check(struct visit *visit, struct store *directory, enum passkey_purpose purpose,
                 struct str account, struct str *ret_account)
{
    const struct passkey_answer answer = {
        parse_get(&visit->form, "credential"),
        bytes(visit, "user"),
        {bytes(visit, "client"), bytes(visit, "authenticator"), bytes(visit, "signature")}};
    struct webauthn_asked asked;

    TRY(asked_of(visit, directory, purpose, account, &asked));
    return passkey_check(visit->cx, directory, account, &asked, &answer, ret_account);
}

int passkey_again(struct visit *visit, struct store *directory)
{
    struct str account;

    return check(visit, directory, PASSKEY_AGAIN, visit->session.account, &account);
}

/* ---- signing in ---- */

int passkey_sign_ask(struct visit *visit, struct value **ret)
{
    bool second = parse_has(&visit->form, "second");
    struct str to = sign_path(visit, parse_get(&visit->form, "to")), account = STR_NONE;
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    if (second)
        TRY(half_session_find(visit->cx, directory, factor_half(visit), &account));
    TRY(ask(visit, directory, second ? PASSKEY_SECOND : PASSKEY_SIGN_IN, account,
            "/sign-in/passkey", ret));
    value_set_text(*ret, "back", STR("/sign-in"));
    carry(visit, *ret, "to", to);
    if (second)
        carry(visit, *ret, "second", STR("yes"));
    return 0;
}

/* The page from which it began, with what was wrong. */
static int refused(struct visit *visit, struct store *directory, int rc, struct str second,
                   struct value *tree)
{
    struct err err = visit->cx->err;

    if (visit->json || rc == RC_FAIL)
        return rc;
    visit->page = second.n > 0 ? "web-code.html" : "web-sign-in.html";
    visit->status = rc == RC_INVALID ? 422 : 403;
    value_set_text(tree, "wrong", err.text);
    value_set_bool(tree, "passkeys", true);
    identity_say(visit, tree);
    return second.n > 0 ? factor_say_ways(visit, directory, second, tree) : 0;
}

int passkey_sign_take(struct visit *visit, struct value **ret)
{
    bool second = parse_has(&visit->form, "second");
    struct str to = sign_path(visit, parse_get(&visit->form, "to")), half = STR_NONE, account;
    struct value *tree = value_map(visit->cx->mem);
    struct store *directory;

    *ret = tree;
    value_set_text(tree, "schema", STR("assay.sign-in-passkey/1"));
    value_set_text(tree, "to", to);
    TRY(desk_directory(visit->cx, visit->desk, &directory));
    int rc = second ? half_session_find(visit->cx, directory, factor_half(visit), &half) : 0;

    if (rc == 0)
        rc = check(visit, directory, second ? PASSKEY_SECOND : PASSKEY_SIGN_IN, half, &account);
    if (rc < 0)
        return refused(visit, directory, rc, half, tree);
    if (second)
        TRY(factor_half_end(visit, directory));
    visit->redirect = to;
    return sign_begin(visit, directory, account);
}

/* ---- in the account ---- */

static int tree_of(struct visit *visit, struct store *directory, struct value **ret)
{
    struct value *tree = value_map(visit->cx->mem), *list;
    bool password;

    TRY(passkey_list(visit->cx, directory, visit->session.account, &list));
    TRY(account_has_password(visit->cx, directory, visit->session.account, &password));
    value_set_bool(tree, "password", password);
    value_set_text(tree, "schema", STR("assay.passkeys/1"));
    value_set(tree, "passkeys", list);
    value_set_bool(tree, "possible", passkey_possible(visit));
    value_set_bool(tree, "full", value_count(list) >= PASSKEYS_MOST);
    *ret = tree;
    return 0;
}

int passkeys_show(struct visit *visit, struct value **ret)
{
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    return tree_of(visit, directory, ret);
}

static struct str minute(struct arena *mem, struct str at)
{
    return at.n == 0 ? STR_NONE
                     : str_printf(mem, "%.*s %.*s UTC", STR_ARG(str_sub(at, 0, 10)),
                                  STR_ARG(str_sub(at, 11, 5)));
}

int passkeys_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    const struct value *passkeys = value_get(tree, "passkeys");
    struct value *list = value_list(visit->cx->mem);

    for (size_t i = 0; i < value_count(passkeys); i++) {
        struct value *one = value_copy(visit->cx->mem, value_at(passkeys, i));
        value_set_text(one, "made", minute(visit->cx->mem, value_get_text(one, "made_at")));
        value_set_text(one, "used", minute(visit->cx->mem, value_get_text(one, "used_at")));
        value_push(list, one);
    }
    value_set(view, "passkey_list", list);
    value_set_text(view, "heading", str_of(_("Passkeys")));
    return 0;
}

/* The list again, with what was wrong. */
static int again(struct visit *visit, struct store *directory, int rc, struct value **ret)
{
    struct err err = visit->cx->err;

    if (visit->json || rc == RC_FAIL) {
        visit->status = rc == RC_LIMIT ? 429 : 0;
        return rc;
    }
    TRY(tree_of(visit, directory, ret));
    visit->page = "web-passkeys.html";
    visit->status = rc == RC_LIMIT ? 429 : rc == RC_DENIED ? 403 : 422;
    value_set_text(*ret, "wrong", err.text);
    value_set_text(*ret, "name", parse_get(&visit->form, "name"));
    return 0;
}

/* "add" or "remove", for which one shows who one is by a passkey that one has. */
int passkeys_again(struct visit *visit, struct value **ret)
{
    struct str id = parse_get(&visit->form, "id"), name = parse_get(&visit->form, "name");
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    int rc = id.n > 0 ? 0 : passkey_check_name(visit->cx, name);

    if (rc < 0)
        return again(visit, directory, rc, ret);
    TRY(ask(visit, directory, PASSKEY_AGAIN, visit->session.account,
            id.n > 0 ? PATH "/remove" : PATH "/ask", ret));
    value_set_text(*ret, "back", STR(PATH));
    carry(visit, *ret, id.n > 0 ? "id" : "name", id.n > 0 ? id : name);
    return 0;
}

int passkeys_ask(struct visit *visit, struct value **ret)
{
    static const int64_t algorithms[] = {WEBAUTHN_ES256, WEBAUTHN_EDDSA, WEBAUTHN_RS256};
    struct value *list = value_list(visit->cx->mem);
    struct str account = visit->session.account;
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    int rc = passkey_check_name(visit->cx, parse_get(&visit->form, "name"));

    if (rc == 0)
        rc = sign_again(visit, directory);
    if (rc < 0)
        return again(visit, directory, rc, ret);
    TRY(ask(visit, directory, PASSKEY_NEW, account, PATH, ret));
    for (size_t i = 0; i < COUNT_OF(algorithms); i++)
        value_push(list, value_int(visit->cx->mem, algorithms[i]));
    value_set(*ret, "algorithms", list);
    value_set_text(*ret, "user", base64url_encode(visit->cx->mem, account));
    value_set_text(*ret, "user_name", visit->session.login);
    value_set_text(*ret, "back", STR(PATH));
    carry(visit, *ret, "name", parse_get(&visit->form, "name"));
    return 0;
}

int passkeys_add(struct visit *visit, struct value **ret)
{
    struct webauthn_made made = {bytes(visit, "client"), bytes(visit, "authenticator"), 0};
    struct str account = visit->session.account;
    struct webauthn_asked asked;
    struct store *directory;
    struct value *codes = NULL;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    int rc = asked_of(visit, directory, PASSKEY_NEW, account, &asked);

    (void)str_to_int(parse_get(&visit->form, "algorithm"), &made.algorithm);
    if (rc == 0)
        rc = passkey_add(visit->cx, directory, account, parse_get(&visit->form, "name"), &asked,
                         &made, visit->session.id, &codes);
    if (rc < 0)
        return again(visit, directory, rc, ret);
    TRY(tree_of(visit, directory, ret));
    if (codes == NULL) {
        visit->redirect = STR(PATH);
        return 0;
    }
    value_set(*ret, "codes", codes);
    value_set_text(*ret, "go_on", STR(PATH));
    visit->page = "web-factor.html";
    return 0;
}

int passkeys_drop(struct visit *visit, struct value **ret)
{
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    int rc = sign_again(visit, directory);

    if (rc == 0)
        rc = passkey_remove(visit->cx, directory, visit->session.account,
                            parse_get(&visit->form, "id"), visit->session.id);
    if (rc < 0)
        return again(visit, directory, rc, ret);
    visit->redirect = STR(PATH);
    return tree_of(visit, directory, ret);
}
