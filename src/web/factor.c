/* The second factor: asked for when somebody signs in, set up and taken away in their account, and
 * asked for by an organisation. */
#include "op/factors.h"
#include "op/identities.h"
#include "op/passkeys.h"

#include "web/handlers.h"
#include "web/qr.h"

#define HALF_COOKIE "assay-half"

static struct keeper *keeper_of(const struct visit *visit)
{
    return visit->app->where.keeper;
}

int factor_dress(UNUSED struct visit *visit, UNUSED const struct value *tree, struct value *view)
{
    value_set_text(view, "heading", str_of(_("Second factor")));
    return 0;
}

/* ---- signing in ---- */

int factor_needed(struct visit *visit, struct store *directory, struct str account, struct str to,
                  bool *ret)
{
    struct arena *mem = visit->cx->mem;
    struct str token;

    TRY(factor_has(visit->cx, directory, account, ret, NULL));
    if (!*ret)
        return 0;
    TRY(half_session_begin(visit->cx, directory, account, &token));
    visit_cookie(visit, HALF_COOKIE, token, FACTOR_HALF_MS / 1000);
    visit->redirect = str_printf(mem, "/sign-in/code?to=%.*s", STR_ARG(parse_escape(mem, to)));
    return 0;
}

struct str factor_half(struct visit *visit)
{
    return parse_cookie(visit->request->cookie,
                        str_z(visit->cx->mem, visit_cookie_name(visit, HALF_COOKIE)));
}

int factor_half_end(struct visit *visit, struct store *directory)
{
    visit_cookie(visit, HALF_COOKIE, STR_NONE, 0);
    return half_session_end(visit->cx, directory, factor_half(visit));
}

int factor_say_ways(struct visit *visit, struct store *directory, struct str account,
                    struct value *tree)
{
    struct value *passkeys;
    bool totp;

    TRY(factor_totp(visit->cx, directory, account, &totp));
    TRY(passkey_list(visit->cx, directory, account, &passkeys));
    value_set_bool(tree, "totp", totp);
    value_set_bool(tree, "passkeys", value_count(passkeys) > 0 && passkey_possible(visit));
    return 0;
}

int factor_ask(struct visit *visit, struct value **ret)
{
    struct str to = sign_path(visit, parse_get(&visit->query, "to")), account;
    struct value *tree = value_map(visit->cx->mem);
    struct store *directory;

    *ret = tree;
    value_set_text(tree, "schema", STR("assay.sign-in-code/1"));
    value_set_text(tree, "to", to);
    TRY(desk_directory(visit->cx, visit->desk, &directory));
    int rc = half_session_find(visit->cx, directory, factor_half(visit), &account);

    if (rc == RC_NOT_FOUND && !visit->json) {
        visit->redirect = visit->signed_in ? to : STR("/sign-in");
        return 0;
    }
    TRY(rc);
    return factor_say_ways(visit, directory, account, tree);
}

static unsigned status_of(int rc)
{
    return rc == RC_LIMIT ? 429 : rc == RC_DENIED ? 403 : 422;
}

int factor_take(struct visit *visit, struct value **ret)
{
    struct ctx *cx = visit->cx;
    struct str to = sign_path(visit, parse_get(&visit->form, "to")), account = STR_NONE;
    struct value *tree = value_map(cx->mem);
    struct store *directory;

    *ret = tree;
    value_set_text(tree, "schema", STR("assay.sign-in-code/1"));
    value_set_text(tree, "to", to);
    TRY(desk_directory(cx, visit->desk, &directory));
    int rc = half_session_find(cx, directory, factor_half(visit), &account);

    if (rc == 0)
        rc = factor_check(cx, directory, keeper_of(visit), account,
                          str_trim(parse_get(&visit->form, "code")), sign_device(visit));
    if (rc < 0) {
        value_set_text(tree, "wrong", cx->err.text);
        visit->status = status_of(rc);
        return visit->json || rc == RC_FAIL ? rc : factor_say_ways(visit, directory, account, tree);
    }
    TRY(factor_half_end(visit, directory));
    visit->redirect = to;
    return sign_begin(visit, directory, account);
}

/* ---- in the account ---- */

static int tree_of(struct visit *visit, struct store *directory, struct value **ret)
{
    struct value *tree = value_map(visit->cx->mem);
    struct str to = parse_get(&visit->query, "to");
    int64_t codes;
    bool has, any, password;

    if (to.n == 0)
        to = parse_get(&visit->form, "to");
    TRY(factor_totp(visit->cx, directory, visit->session.account, &has));
    TRY(factor_has(visit->cx, directory, visit->session.account, &any, &codes));
    value_set_text(tree, "schema", STR("assay.factor/1"));
    value_set_bool(tree, "has", has);
    value_set_bool(tree, "any", any);
    TRY(account_has_password(visit->cx, directory, visit->session.account, &password));
    value_set_bool(tree, "password", password);
    value_set_int(tree, "codes_left", codes);
    value_set_bool(tree, "passkeys", passkey_possible(visit));
    if (to.n > 0 && !any)
        value_set_text(tree, "to", sign_path(visit, to));
    *ret = tree;
    return 0;
}

int factor_show(struct visit *visit, struct value **ret)
{
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    return tree_of(visit, directory, ret);
}

/* The page again, with what was wrong. */
static int say_wrong(struct visit *visit, int rc, struct value *tree)
{
    value_set_text(tree, "wrong", visit->cx->err.text);
    visit->status = status_of(rc);
    return visit->json || rc == RC_FAIL ? rc : 0;
}

static int show_secret(struct visit *visit, struct str secret, struct str uri, struct value *tree)
{
    struct arena *mem = visit->cx->mem;
    struct buf grouped = buf_new(mem);
    struct str path;
    int64_t side;

    for (size_t i = 0; i < secret.n; i += 4)
        buf_printf(&grouped, "%s%.*s", i > 0 ? " " : "", STR_ARG(str_sub(secret, i, 4)));
    TRY(qr_path(visit->cx, uri, &side, &path));
    value_set_text(tree, "secret", buf_str(&grouped));
    value_set_text(tree, "uri", uri);
    if (!visit->json) {
        value_set_int(tree, "qr_side", side);
        value_set_text(tree, "qr_path", path);
    }
    return 0;
}

int factor_start(struct visit *visit, struct value **ret)
{
    struct store *directory;
    struct str secret, uri;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(tree_of(visit, directory, ret));
    int rc = sign_again(visit, directory);

    if (rc == 0)
        rc = factor_begin(visit->cx, directory, keeper_of(visit), visit->session.account,
                          visit->session.login, &secret, &uri);
    return rc == 0 ? show_secret(visit, secret, uri, *ret) : say_wrong(visit, rc, *ret);
}

static int show_codes(struct visit *visit, struct store *directory, struct value *codes,
                      struct value **ret)
{
    TRY(tree_of(visit, directory, ret));
    value_set(*ret, "codes", codes);
    value_set_text(*ret, "go_on", sign_path(visit, parse_get(&visit->form, "to")));
    return 0;
}

int factor_finish(struct visit *visit, struct value **ret)
{
    struct ctx *cx = visit->cx;
    struct str account = visit->session.account, secret, uri;
    struct store *directory;
    struct value *codes;

    TRY(desk_directory(cx, visit->desk, &directory));
    int rc = factor_confirm(cx, directory, keeper_of(visit), account,
                            parse_get(&visit->form, "code"), visit->session.id, &codes);

    if (rc == 0)
        return show_codes(visit, directory, codes, ret);
    struct err err = cx->err;

    TRY(tree_of(visit, directory, ret));
    if (rc == RC_DENIED && factor_begun(cx, directory, keeper_of(visit), account,
                                        visit->session.login, &secret, &uri) == 0)
        TRY(show_secret(visit, secret, uri, *ret));
    cx->err = err;
    return say_wrong(visit, rc, *ret);
}

int factor_codes(struct visit *visit, struct value **ret)
{
    struct store *directory;
    struct value *codes;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(tree_of(visit, directory, ret));
    int rc = sign_again(visit, directory);

    if (rc == 0)
        rc = factor_new_codes(visit->cx, directory, visit->session.account, &codes);
    return rc == 0 ? show_codes(visit, directory, codes, ret) : say_wrong(visit, rc, *ret);
}

int factor_drop(struct visit *visit, struct value **ret)
{
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(tree_of(visit, directory, ret));
    int rc = sign_again(visit, directory);

    if (rc == 0)
        rc = factor_remove(visit->cx, directory, visit->session.account, visit->session.id);
    if (rc < 0)
        return say_wrong(visit, rc, *ret);
    visit->redirect = STR("/account");
    return 0;
}

/* ---- an organisation that asks for one ---- */

static void to_members(struct visit *visit)
{
    visit->redirect = str_printf(visit->cx->mem, "%.*s/members", STR_ARG(visit_base(visit)));
}

int members_factor(struct visit *visit, struct value **ret)
{
    bool required = parse_get(&visit->form, "required").n > 0;
    struct store *directory;

    *ret = value_map(visit->cx->mem);
    value_set_text(*ret, "schema", STR("assay.members-factor/1"));
    value_set_bool(*ret, "required", required);
    if (required && !visit->session.factor)
        return fail(visit->cx, RC_CONFLICT, "required",
                    _("Set up a second factor in your own account first: you would not get in any "
                      "more."));
    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(factor_require(visit->cx, directory, visit->org->name, required));
    to_members(visit);
    return 0;
}

int members_factor_drop(struct visit *visit, struct value **ret)
{
    struct store *directory;

    *ret = value_map(visit->cx->mem);
    value_set_text(*ret, "schema", STR("assay.members-factor/1"));
    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(factor_remove_of(visit->cx, directory, visit->org->name,
                         parse_get(&visit->form, "person")));
    to_members(visit);
    return 0;
}
