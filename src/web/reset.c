/* A password that is forgotten, and where an account is written to. */
#include "op/resets.h"
#include "web/handlers.h"
#include "web/mailer.h"

/* ---- asking for a link ---- */

int forgot_show(struct visit *visit, struct value **ret)
{
    *ret = value_map(visit->cx->mem);
    value_set_text(*ret, "schema", STR("assay.forgotten/1"));
    value_set_bool(*ret, "sends_mail", visit->app->mailer != NULL);
    return 0;
}

int forgot_dress(UNUSED struct visit *visit, UNUSED const struct value *tree, struct value *view)
{
    value_set_text(view, "heading", str_of(_("Forgotten?")));
    return 0;
}

/* The answer is the same for whoever is named. */
int forgot_take(struct visit *visit, struct value **ret)
{
    struct store *directory;

    TRY(forgot_show(visit, ret));
    if (visit->app->mailer == NULL)
        return fail(visit->cx, RC_CONFLICT, NULL, _("This server sends no mail."));
    TRY(desk_directory(visit->cx, visit->desk, &directory));
    int rc = reset_ask(visit->cx, directory, parse_get(&visit->form, "login"), sign_device(visit),
                       visit->request->address);

    if (rc == RC_LIMIT)
        visit->status = 429;
    TRY(rc);
    mailer_wake(visit->app);
    value_set_bool(*ret, "asked", true);
    return 0;
}

/* ---- the link ---- */

int reset_show(struct visit *visit, struct value **ret)
{
    struct store *directory;
    struct str account, login;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(reset_find(visit->cx, directory, visit_param(visit, "token"), &account, &login));
    *ret = value_map(visit->cx->mem);
    value_set_text(*ret, "schema", STR("assay.reset/1"));
    value_set_text(*ret, "token", visit_param(visit, "token"));
    value_set_text(*ret, "login", login);
    return 0;
}

int reset_dress(UNUSED struct visit *visit, UNUSED const struct value *tree, struct value *view)
{
    value_set_text(view, "heading", str_of(_("A new password")));
    return 0;
}

static int set_password(struct visit *visit, struct store *directory, struct str *ret_account)
{
    if (!str_eq(parse_get(&visit->form, "password"), parse_get(&visit->form, "again")))
        return fail(visit->cx, RC_INVALID, "again", _("The two passwords are not the same."));
    return reset_take(visit->cx, directory, visit_param(visit, "token"),
                      parse_get(&visit->form, "password"), ret_account);
}

/* A letter about a change that is made: where it cannot be added, the change stands all the same.
 */
static void tell(struct visit *visit, struct store *directory, struct str account, struct str to,
                 const char *what)
{
    struct err err = visit->cx->err;

    if (visit->app->mailer == NULL)
        return;
    if (account_tell(visit->cx, directory, account, to, what) < 0)
        visit->response->note = str_copy(visit->cx->mem, visit->cx->err.text);
    visit->cx->err = err;
    mailer_wake(visit->app);
}

int reset_set(struct visit *visit, struct value **ret)
{
    struct store *directory;
    struct str account;
    bool half;

    TRY(reset_show(visit, ret));
    TRY(desk_directory(visit->cx, visit->desk, &directory));
    int rc = set_password(visit, directory, &account);

    if (rc == RC_INVALID && !visit->json) {
        visit->status = 422;
        value_set_text(*ret, "wrong", visit->cx->err.text);
        return 0;
    }
    TRY(rc);
    tell(visit, directory, account, STR_NONE, _("a new password was set by a link from a mail"));
    visit->redirect = STR("/");
    TRY(factor_needed(visit, directory, account, STR("/"), &half));
    value_set_bool(*ret, "needs_code", half);
    return half ? 0 : sign_begin(visit, directory, account);
}

/* ---- one's own account ---- */

void reset_tell_password(struct visit *visit, struct store *directory)
{
    tell(visit, directory, visit->session.account, STR_NONE, _("the password was changed"));
}

int reset_address_view(struct visit *visit, struct store *directory, struct value *tree)
{
    struct str login, address;

    TRY(account_address(visit->cx, directory, visit->session.account, &login, &address));
    value_set_text(tree, "address", address);
    return 0;
}

int account_address_take(struct visit *visit, struct value **ret)
{
    struct ctx *cx = visit->cx;
    struct str account = visit->session.account, login, before, wrong;
    struct store *directory;

    TRY(desk_directory(cx, visit->desk, &directory));
    TRY(account_address(cx, directory, account, &login, &before));
    int rc = account_set_address(cx, directory, account, parse_get(&visit->form, "present"),
                                 parse_get(&visit->form, "address"));

    if (rc == RC_FAIL || (rc < 0 && visit->json))
        return rc;
    wrong = rc < 0 ? cx->err.text : STR_NONE;
    if (rc == 0 && before.n > 0)
        tell(visit, directory, account, before,
             _("mail about it goes to another address from now on"));
    TRY(account_show(visit, ret));
    visit->status = rc < 0 ? 422 : 0;
    if (rc < 0)
        value_set_text(*ret, "wrong_address", wrong);
    return 0;
}
