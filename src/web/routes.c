/* The table of routes, and how one is found. */
#include "web/routes.h"

#include "web/handlers.h"
#include "web/known.h"

#define ORG "/o/:organisation"
#define REG ORG "/r/:register"
#define REC REG "/:record"

const struct route route_table[] = {
    {WEB_GET, "/healthz", ROUTE_FOR_ANYBODY, 0, NULL, machine_health, NULL, NULL, 0},
    {WEB_GET, "/metrics", ROUTE_FOR_ANYBODY, 0, NULL, machine_metrics, NULL, NULL, 0},
    {WEB_GET, "/assets/:name", ROUTE_FOR_ANYBODY, 0, NULL, machine_asset, NULL, NULL, 0},

    {WEB_GET, "/api/openapi.json", ROUTE_FOR_ACCOUNT, 0, NULL, machine_openapi, NULL, NULL,
     ROUTE_BY_TOKEN},
    {WEB_GET, ORG "/openapi.json", ROUTE_FOR_MEMBER, ACCESS_READ, NULL, machine_openapi, NULL, NULL,
     0},

    {WEB_GET, "/", ROUTE_FOR_ACCOUNT, 0, NULL, sign_home, NULL, "web-organisations.html",
     ROUTE_BY_TOKEN},
    {WEB_GET, "/sign-in", ROUTE_FOR_ANYBODY, 0, NULL, sign_show, NULL, "web-sign-in.html", 0},
    {WEB_POST, "/sign-in", ROUTE_FOR_ANYBODY, 0, NULL, sign_in, NULL, "web-sign-in.html",
     ROUTE_GATED | ROUTE_NO_FORM},
    {WEB_GET, "/sign-in/code", ROUTE_FOR_ANYBODY, 0, NULL, factor_ask, factor_dress,
     "web-code.html", 0},
    {WEB_POST, "/sign-in/code", ROUTE_FOR_ANYBODY, 0, NULL, factor_take, factor_dress,
     "web-code.html", ROUTE_NO_FORM},
    {WEB_POST, "/sign-in/passkey/ask", ROUTE_FOR_ANYBODY, 0, NULL, passkey_sign_ask, passkey_dress,
     "web-passkey.html", ROUTE_NO_FORM},
    {WEB_POST, "/sign-in/passkey", ROUTE_FOR_ANYBODY, 0, NULL, passkey_sign_take, NULL,
     "web-sign-in.html", ROUTE_NO_FORM},
    {WEB_GET, "/forgot", ROUTE_FOR_ANYBODY, 0, NULL, forgot_show, forgot_dress, "web-forgot.html",
     0},
    {WEB_POST, "/forgot", ROUTE_FOR_ANYBODY, 0, NULL, forgot_take, forgot_dress, "web-forgot.html",
     ROUTE_NO_FORM},
    {WEB_GET, "/reset/:token", ROUTE_FOR_ANYBODY, 0, NULL, reset_show, reset_dress,
     "web-reset.html", 0},
    {WEB_POST, "/reset/:token", ROUTE_FOR_ANYBODY, 0, NULL, reset_set, reset_dress,
     "web-reset.html", ROUTE_GATED | ROUTE_NO_FORM},
    {WEB_GET, "/sign-in/provider", ROUTE_FOR_ANYBODY, 0, NULL, identity_begin, NULL,
     "web-sign-in.html", 0},
    {WEB_GET, "/sign-in/provider/back", ROUTE_FOR_ANYBODY, 0, NULL, identity_back, NULL,
     "web-sign-in.html", 0},
    {WEB_GET, "/sign-in/provider/out", ROUTE_FOR_ANYBODY, 0, NULL, identity_out, NULL,
     "web-sign-in.html", 0},
    {WEB_GET, "/sign-in/identity", ROUTE_FOR_ANYBODY, 0, NULL, identity_told, identity_dress,
     "web-identity.html", 0},
    {WEB_POST, "/sign-out", ROUTE_FOR_ACCOUNT, 0, NULL, sign_out, NULL, NULL, 0},
    {WEB_GET, "/link/:token", ROUTE_FOR_ANYBODY, 0, NULL, link_show, NULL, "web-link.html", 0},
    {WEB_POST, "/link/:token", ROUTE_FOR_ANYBODY, 0, NULL, link_take, NULL, "web-link.html",
     ROUTE_GATED | ROUTE_NO_FORM},

    {WEB_GET, REG, ROUTE_FOR_MEMBER, ACCESS_READ, "list", list_show, list_dress, "web-list.html",
     0},
    {WEB_POST, REG, ROUTE_FOR_MEMBER, ACCESS_WRITE, "add", form_add, form_dress, "web-form.html",
     ROUTE_UPLOAD},
    {WEB_GET, REG "/new", ROUTE_FOR_MEMBER, ACCESS_WRITE, NULL, form_new, form_dress,
     "web-form.html", 0},
    {WEB_GET, REG "/bulk", ROUTE_FOR_MEMBER, ACCESS_WRITE, NULL, bulk_show, bulk_dress,
     "web-bulk.html", 0},
    {WEB_POST, REG "/bulk", ROUTE_FOR_MEMBER, ACCESS_WRITE, "bulk", bulk_take, bulk_dress,
     "web-bulk.html", 0},
    {WEB_POST, REG "/views", ROUTE_FOR_MEMBER, ACCESS_READ, NULL, view_save, NULL, NULL, 0},
    {WEB_GET, REC, ROUTE_FOR_MEMBER, ACCESS_READ, "show", NULL, record_dress, "web-record.html", 0},
    {WEB_POST, REC, ROUTE_FOR_MEMBER, ACCESS_WRITE, "set", form_set, form_dress, "web-form.html",
     ROUTE_UPLOAD},
    {WEB_GET, REC "/edit", ROUTE_FOR_MEMBER, ACCESS_WRITE, NULL, form_change, form_dress,
     "web-form.html", 0},
    {WEB_GET, REC "/history", ROUTE_FOR_MEMBER, ACCESS_READ, "history", NULL, history_dress,
     "web-history.html", 0},
    {WEB_GET, REC "/diff", ROUTE_FOR_MEMBER, ACCESS_READ, "diff", NULL, NULL, NULL, 0},
    {WEB_GET, REC "/remove", ROUTE_FOR_MEMBER, ACCESS_WRITE, NULL, remove_show, remove_dress,
     "web-remove.html", 0},
    {WEB_POST, REC "/remove", ROUTE_FOR_MEMBER, ACCESS_WRITE, "remove", remove_take, NULL, NULL, 0},
    {WEB_GET, REC "/advance/:state", ROUTE_FOR_MEMBER, ACCESS_READ, NULL, advance_show, form_dress,
     "web-form.html", 0},
    {WEB_POST, REC "/advance/:state", ROUTE_FOR_MEMBER, ACCESS_READ, "advance", advance_take,
     form_dress, "web-form.html", ROUTE_UPLOAD},
    {WEB_GET, REC "/file/:field", ROUTE_FOR_MEMBER, ACCESS_READ, NULL, file_show, NULL, NULL,
     ROUTE_LONG},
    {WEB_GET, REG "/face/:face", ROUTE_FOR_MEMBER, ACCESS_READ, "face", face_show, face_dress,
     "web-face.html", 0},
    {WEB_GET, REG "/face/:face/document", ROUTE_FOR_MEMBER, ACCESS_READ, NULL, face_document, NULL,
     NULL, ROUTE_LONG},
    {WEB_GET, ORG "/search", ROUTE_FOR_MEMBER, ACCESS_READ, "search", search_show, search_dress,
     "web-search.html", 0},
    {WEB_GET, ORG "/ledger", ROUTE_FOR_MEMBER, ACCESS_READ, "ledger list", NULL, ledger_dress,
     "web-ledger.html", 0},
    {WEB_GET, ORG "/ledger/checkpoint", ROUTE_FOR_MEMBER, ACCESS_READ, "ledger checkpoint",
     ledger_checkpoint, NULL, NULL, 0},
    {WEB_GET, REC "/proof", ROUTE_FOR_MEMBER, ACCESS_READ, "ledger prove", ledger_proof, NULL, NULL,
     0},
    {WEB_GET, ORG "/due", ROUTE_FOR_MEMBER, ACCESS_READ, "due", NULL, due_dress, "web-due.html", 0},
    {WEB_GET, ORG, ROUTE_FOR_MEMBER, ACCESS_READ, NULL, overview_show, overview_dress,
     "web-overview.html", 0},
    {WEB_GET, ORG "/judge", ROUTE_FOR_MEMBER, ACCESS_JUDGE, "judge", judge_show, judge_dress,
     "web-judge.html", 0},
    {WEB_POST, ORG "/answer", ROUTE_FOR_MEMBER, ACCESS_JUDGE, "answer", answer_take, NULL, NULL, 0},
    {WEB_POST, ORG "/op/:operation", ROUTE_FOR_MEMBER, ACCESS_READ, NULL, operation_take, NULL,
     NULL, ROUTE_UPLOAD | ROUTE_JSON},
    {WEB_GET, ORG "/registers", ROUTE_FOR_MEMBER, ACCESS_READ, "registers", NULL, NULL, NULL, 0},
    {WEB_GET, ORG "/registers/:register", ROUTE_FOR_MEMBER, ACCESS_READ, "registers", NULL, NULL,
     NULL, 0},
    {WEB_GET, ORG "/diff", ROUTE_FOR_MEMBER, ACCESS_READ, "diff", NULL, NULL, NULL, 0},
    {WEB_GET, ORG "/members", ROUTE_FOR_MEMBER, ACCESS_READ, "members", members_show, members_dress,
     "web-members.html", 0},
    {WEB_POST, ORG "/members", ROUTE_FOR_MEMBER, ACCESS_ADMINISTER, "members add", members_add,
     NULL, NULL, 0},
    {WEB_POST, ORG "/members/remove", ROUTE_FOR_MEMBER, ACCESS_ADMINISTER, "members remove",
     members_remove, NULL, NULL, 0},
    {WEB_POST, ORG "/members/factor", ROUTE_FOR_MEMBER, ACCESS_ADMINISTER, NULL, members_factor,
     NULL, NULL, 0},
    {WEB_POST, ORG "/members/factor/remove", ROUTE_FOR_MEMBER, ACCESS_ADMINISTER, NULL,
     members_factor_drop, NULL, NULL, 0},
    {WEB_POST, ORG "/members/domain", ROUTE_FOR_MEMBER, ACCESS_ADMINISTER, NULL, members_domain,
     NULL, NULL, 0},
    {WEB_POST, ORG "/members/domain/remove", ROUTE_FOR_MEMBER, ACCESS_ADMINISTER, NULL,
     members_domain_drop, NULL, NULL, 0},
    {WEB_POST, ORG "/members/invite", ROUTE_FOR_MEMBER, ACCESS_ADMINISTER, NULL, members_invite,
     NULL, "web-invited.html", 0},
    {WEB_GET, "/own/:token", ROUTE_FOR_ANYBODY, 0, NULL, own_show, own_dress, "web-own.html", 0},
    {WEB_POST, "/own/:token/confirm", ROUTE_FOR_ANYBODY, 0, NULL, own_confirm, NULL, NULL,
     ROUTE_NO_FORM},
    {WEB_GET, "/own/:token/report/:report", ROUTE_FOR_ANYBODY, 0, NULL, own_report, NULL,
     "web-own-report.html", 0},
    {WEB_POST, "/own/:token/report/:report", ROUTE_FOR_ANYBODY, 0, NULL, own_report_take, NULL,
     "web-own-report.html", ROUTE_NO_FORM},
    {WEB_GET, ORG "/own", ROUTE_FOR_MEMBER, ACCESS_TRANSFER, "own", NULL, own_people_dress,
     "web-own-people.html", 0},
    {WEB_POST, ORG "/own/send", ROUTE_FOR_MEMBER, ACCESS_TRANSFER, "own send", own_send, NULL, NULL,
     0},
    {WEB_POST, ORG "/own/ask", ROUTE_FOR_MEMBER, ACCESS_TRANSFER, "own ask", own_ask, NULL, NULL,
     0},
    {WEB_POST, ORG "/own/revoke", ROUTE_FOR_MEMBER, ACCESS_TRANSFER, "own revoke", own_revoke, NULL,
     NULL, 0},
    {WEB_POST, ORG "/mail/again", ROUTE_FOR_MEMBER, ACCESS_ADMINISTER, NULL, mail_again, NULL, NULL,
     0},
    {WEB_POST, ORG "/mail/drop", ROUTE_FOR_MEMBER, ACCESS_ADMINISTER, NULL, mail_drop, NULL, NULL,
     0},
    {WEB_GET, ORG "/import", ROUTE_FOR_MEMBER, ACCESS_TRANSFER, NULL, import_show, import_dress,
     "web-import.html", 0},
    {WEB_POST, ORG "/import", ROUTE_FOR_MEMBER, ACCESS_TRANSFER, "import", import_take,
     import_dress, "web-import.html", ROUTE_UPLOAD},
    {WEB_GET, ORG "/export/:register", ROUTE_FOR_MEMBER, ACCESS_TRANSFER, "export", export_show,
     NULL, NULL, ROUTE_LONG},
    {WEB_GET, ORG "/export", ROUTE_FOR_MEMBER, ACCESS_TRANSFER, NULL, export_page, export_dress,
     "web-export.html", 0},
    {WEB_POST, ORG "/export", ROUTE_FOR_MEMBER, ACCESS_TRANSFER, "export", export_take, NULL, NULL,
     0},
    {WEB_POST, ORG "/bundle", ROUTE_FOR_MEMBER, ACCESS_TRANSFER, "bundle", bundle_take, NULL, NULL,
     0},
    {WEB_GET, ORG "/jobs/:job", ROUTE_FOR_MEMBER, ACCESS_READ, NULL, job_show, job_dress,
     "web-job.html", 0},
    {WEB_GET, ORG "/jobs/:job/file", ROUTE_FOR_MEMBER, ACCESS_READ, NULL, job_file, NULL, NULL, 0},
    {WEB_POST, ORG "/jobs/:job/cancel", ROUTE_FOR_MEMBER, ACCESS_READ, NULL, job_stop, NULL, NULL,
     0},
    {WEB_GET, "/account", ROUTE_FOR_ACCOUNT, 0, NULL, account_show, account_dress,
     "web-account.html", 0},
    {WEB_POST, "/account/password", ROUTE_FOR_ACCOUNT, 0, NULL, account_password, account_dress,
     "web-account.html", ROUTE_GATED},
    {WEB_POST, "/account/address", ROUTE_FOR_ACCOUNT, 0, NULL, account_address_take, account_dress,
     "web-account.html", ROUTE_GATED},
    {WEB_GET, "/account/factor", ROUTE_FOR_ACCOUNT, 0, NULL, factor_show, factor_dress,
     "web-factor.html", 0},
    {WEB_POST, "/account/factor", ROUTE_FOR_ACCOUNT, 0, NULL, factor_start, factor_dress,
     "web-factor.html", ROUTE_GATED},
    {WEB_POST, "/account/factor/confirm", ROUTE_FOR_ACCOUNT, 0, NULL, factor_finish, factor_dress,
     "web-factor.html", 0},
    {WEB_POST, "/account/factor/codes", ROUTE_FOR_ACCOUNT, 0, NULL, factor_codes, factor_dress,
     "web-factor.html", ROUTE_GATED},
    {WEB_POST, "/account/factor/remove", ROUTE_FOR_ACCOUNT, 0, NULL, factor_drop, factor_dress,
     "web-factor.html", ROUTE_GATED},
    {WEB_GET, "/account/passkeys", ROUTE_FOR_ACCOUNT, 0, NULL, passkeys_show, passkeys_dress,
     "web-passkeys.html", 0},
    {WEB_POST, "/account/passkeys", ROUTE_FOR_ACCOUNT, 0, NULL, passkeys_add, passkeys_dress,
     "web-passkeys.html", 0},
    {WEB_POST, "/account/passkeys/ask", ROUTE_FOR_ACCOUNT, 0, NULL, passkeys_ask, passkeys_dress,
     "web-passkey.html", ROUTE_GATED},
    {WEB_POST, "/account/passkeys/again", ROUTE_FOR_ACCOUNT, 0, NULL, passkeys_again,
     passkeys_dress, "web-passkey.html", 0},
    {WEB_POST, "/account/passkeys/remove", ROUTE_FOR_ACCOUNT, 0, NULL, passkeys_drop,
     passkeys_dress, "web-passkeys.html", ROUTE_GATED},
    {WEB_GET, "/account/identity", ROUTE_FOR_ACCOUNT, 0, NULL, identities_show, identities_dress,
     "web-identities.html", 0},
    {WEB_POST, "/account/identity", ROUTE_FOR_ACCOUNT, 0, NULL, identities_link, identities_dress,
     "web-identities.html", ROUTE_GATED},
    {WEB_POST, "/account/identity/remove", ROUTE_FOR_ACCOUNT, 0, NULL, identities_drop,
     identities_dress, "web-identities.html", ROUTE_GATED},
    {WEB_POST, "/account/sessions", ROUTE_FOR_ACCOUNT, 0, NULL, account_end, NULL, NULL, 0},
    {WEB_GET, "/account/tokens", ROUTE_FOR_ACCOUNT, 0, NULL, programs_show, programs_dress,
     "web-tokens.html", 0},
    {WEB_POST, "/account/tokens", ROUTE_FOR_ACCOUNT, 0, NULL, programs_add, programs_dress,
     "web-tokens.html", ROUTE_GATED},
    {WEB_POST, "/account/tokens/end", ROUTE_FOR_ACCOUNT, 0, NULL, programs_end, NULL, NULL, 0},
    {.pattern = NULL},
};

static bool is_change(const struct route *route)
{
    return route->method != WEB_GET && route->method != WEB_HEAD;
}

int routes_check(struct ctx *cx)
{
    for (const struct route *route = route_table; route->pattern != NULL; route++) {
        bool member = route->whom == ROUTE_FOR_MEMBER;
        const struct op *op = route->op != NULL ? op_find(route->op) : NULL;
        if (route->whom == ROUTE_FOR_NONE || (route->run == NULL && op == NULL) ||
            (route->op != NULL && op == NULL))
            return fail(cx, RC_FAIL, route->pattern, "%s: nobody or nothing is named for it.",
                        route->pattern);
        if (member != str_starts(str_of(route->pattern), STR(ORG)) ||
            (op != NULL && (!member || op->right != route->right)))
            return fail(cx, RC_FAIL, route->pattern, "%s: its right is not that of what it does.",
                        route->pattern);
        if (op != NULL && op->changes && !is_change(route) && route->run == NULL)
            return fail(cx, RC_FAIL, route->pattern, "%s: a GET changes something.",
                        route->pattern);
        if ((route->flags & ROUTE_NO_FORM) != 0 && route->whom != ROUTE_FOR_ANYBODY)
            return fail(cx, RC_FAIL, route->pattern, "%s: its form has no token.", route->pattern);
    }
    return 0;
}

static bool matches(const struct route *route, const struct str *segments, size_t n,
                    struct str params[static VISIT_PARAMS])
{
    struct str rest = str_from(str_of(route->pattern), 1), part;
    size_t i = 0, k = 0;

    while (rest.n > 0 && str_split(&rest, '/', &part)) {
        if (i == n)
            return false;
        if (part.p[0] == ':')
            params[k++] = segments[i];
        else if (!str_eq(part, segments[i]))
            return false;
        i++;
    }
    return i == n;
}

/* A pattern in words comes before one with a parameter in the same place: the table's order. */
const struct route *route_find(struct arena *mem, enum web_method method, struct str path,
                               struct str params[static VISIT_PARAMS], bool *ret_allow)
{
    struct str segments[PARSE_SEGMENTS];
    size_t n;

    *ret_allow = false;
    if (!parse_path(mem, path, segments, &n))
        return NULL;
    if (method == WEB_HEAD)
        method = WEB_GET;
    for (const struct route *route = route_table; route->pattern != NULL; route++) {
        if (!matches(route, segments, n, params))
            continue;
        if (route->method == method)
            return route;
        *ret_allow = true;
    }
    return NULL;
}

#define BODY_SMALL ((size_t)64 * 1024)
#define BODY_FORM ((size_t)4 * 1024 * 1024)

static bool is_known(const struct app *app, const struct web_request *head)
{
    static const char *const names[] = {"assay-session", "__Host-assay-session"};
    struct str cookies = head->cookie, bearer = parse_bearer(head->authorization);

    if (bearer.n > 0)
        return app != NULL && known_sessions_has(app->known, bearer);
    for (size_t i = 0; i < COUNT_OF(names) && app != NULL; i++) {
        struct str token = parse_cookie(cookies, names[i]);
        if (token.n > 0 && known_sessions_has(app->known, token))
            return true;
    }
    return false;
}

/* Only who has signed in, and got a page since the server began, sends much: others could fill the
 * disk with what nobody will read. */
size_t routes_body_limit(void *app, const struct web_request *head)
{
    struct arena *mem = arena_new(0);
    struct str params[VISIT_PARAMS];
    bool other;
    const struct route *route = route_find(mem, head->method, head->path, params, &other);
    size_t limit = 0;

    if (route != NULL && is_change(route))
        limit = route->whom != ROUTE_FOR_MEMBER                             ? BODY_SMALL
                : (route->flags & ROUTE_UPLOAD) != 0 && is_known(app, head) ? ROUTES_UPLOAD_BYTES
                                                                            : BODY_FORM;
    arena_free(mem);
    return limit;
}
