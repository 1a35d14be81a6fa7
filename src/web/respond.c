#include "web/respond.h"

#include "web/menu.h"
#include "web/pages.h"
#include "web/routes.h"
#include "web/view.h"

/* ---- statuses ---- */

unsigned respond_status(int rc)
{
    switch (rc) {
    case RC_NOT_FOUND:
        return 404;
    case RC_INVALID:
        return 422;
    case RC_DENIED:
        return 403;
    case RC_CONFLICT:
        return 409;
    case RC_LIMIT:
        return 413;
    default:
        return rc >= 0 ? 200 : 500;
    }
}

static const char *title_of(unsigned status)
{
    switch (status) {
    case 400:
        return _("This request is not made as it has to be");
    case 401:
        return _("Please sign in");
    case 403:
        return _("That is not yours to do");
    case 404:
        return _("There is nothing here");
    case 405:
        return _("That cannot be done here");
    case 408:
        return _("That took too long");
    case 409:
        return _("Not as it is now");
    case 413:
        return _("That is too large");
    case 414:
        return _("This address is too long");
    case 421:
        return _("This server has another name");
    case 422:
        return _("Something is not right yet");
    case 429:
        return _("Too many attempts");
    case 503:
        return _("Too many people at once");
    case 507:
        return _("There is no room for it");
    default:
        return _("Something went wrong here");
    }
}

/* ---- headers ---- */

void respond_headers(const struct app *app, struct web_response *response)
{
    web_header(response, "Content-Security-Policy",
               STR("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: "
                   "blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
                   "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"));
    web_header(response, "X-Content-Type-Options", STR("nosniff"));
    web_header(response, "Referrer-Policy", STR("no-referrer"));
    web_header(response, "Cross-Origin-Opener-Policy", STR("same-origin"));
    web_header(response, "Cross-Origin-Resource-Policy", STR("same-origin"));
    web_header(response, "Permissions-Policy",
               STR("camera=(), geolocation=(), microphone=(), payment=(), usb=()"));
    if (str_starts(app->url, STR("https:")))
        web_header(response, "Strict-Transport-Security",
                   STR("max-age=31536000; includeSubDomains"));
}

/* ---- pages ---- */

static void view_page(struct visit *visit, struct value *page)
{
    struct arena *mem = visit->cx->mem;
    const struct value *organisations = visit->organisations;

    value_set_text(page, "assets", pages_version(visit->app->pages));
    value_set_text(page, "version", str_of(ASSAY_VERSION));
    value_set_bool(page, "signed_in", visit->signed_in);
    if (visit->signed_in) {
        value_set_text(page, "login", visit->session.login);
        value_set_text(page, "csrf", visit->csrf);
        value_set_bool(page, "many", value_count(organisations) > 1);
    }
    if (visit->org != NULL) {
        value_set_text(page, "base", visit_base(visit));
        value_set_text(page, "organisation", visit->org->title);
        value_set_text(page, "person", visit->who.name);
        value_set_text(
            page, "role",
            value_get_text(value_get(access_roles(visit->org->access), str_z(mem, visit->who.role)),
                           "title"));
    }
    if (visit->org != NULL) {
        value_set_bool(page, "may_judge", view_may(visit, ACCESS_JUDGE, STR_NONE));
        value_set_bool(page, "may_transfer", view_may(visit, ACCESS_TRANSFER, STR_NONE));
        value_set_bool(page, "may_administer", view_may(visit, ACCESS_ADMINISTER, STR_NONE));
    }
    value_set_text(page, "today", date_iso(mem, visit->cx->today));
}

int respond_view(struct visit *visit, const struct value *tree, struct value **ret)
{
    struct arena *mem = visit->cx->mem;
    struct value *view = value_map(mem), *page = value_map(mem);

    for (size_t i = 0; i < value_count(tree); i++)
        value_set(view, value_key_at(tree, i).p, (struct value *)(uintptr_t)value_at(tree, i));
    view_page(visit, page);
    value_set(view, "page", page);
    if (visit->org != NULL)
        TRY(menu_view(visit, page));
    *ret = view;
    return 0;
}

static int render(struct visit *visit, const char *name, const struct value *tree,
                  route_dress *dress)
{
    struct buf out = buf_new(visit->cx->mem);
    struct value *view;

    TRY(respond_view(visit, tree, &view));
    if (dress != NULL)
        TRY(dress(visit, tree, view));
    TRY(pages_render(visit->cx, visit->app->pages, name, view, &out));
    visit->response->type = "text/html; charset=utf-8";
    visit->response->body = buf_str(&out);
    return 0;
}

/* ---- what a handler made ---- */

/* What has not changed since the browser asked last is not sent again. */
static void tag(struct visit *visit)
{
    struct web_response *response = visit->response;
    struct arena *mem = visit->cx->mem;
    enum web_method method = visit->request->method;

    web_header(response, "Cache-Control", STR("private, no-cache"));
    web_header(response, "Vary", STR("Accept, Authorization, Cookie"));
    if (response->status != 200 || (method != WEB_GET && method != WEB_HEAD))
        return;
    struct str tag =
        str_printf(mem, "\"%.*s\"", STR_ARG(str_sub(hash_sha256_hex(mem, response->body), 0, 24)));

    web_header(response, "ETag", tag);
    if (!parse_has_tag(visit->request->if_none_match, tag))
        return;
    response->status = 304;
    response->body = STR_NONE;
    response->type = NULL;
}

int respond_tree(struct visit *visit, struct value *tree)
{
    struct web_response *response = visit->response;
    const char *page = visit->page != NULL ? visit->page : visit->route->page;
    struct buf out = buf_new(visit->cx->mem);

    response->status = visit->status > 0 ? visit->status : 200;
    if (visit->raw_type != NULL && visit->response->has_file) {
        response->type = visit->raw_type;
        return 0;
    }
    if (visit->raw_type != NULL) {
        response->type = visit->raw_type;
        response->body = visit->raw;
        return 0;
    }
    if (!visit->json && visit->redirect.n > 0) {
        response->status = 303;
        web_header(response, "Location", visit->redirect);
        web_header(response, "Cache-Control", STR("no-store"));
        return 0;
    }
    if (visit->json || page == NULL) {
        value_json(&out, tree, 0);
        buf_char(&out, '\n');
        response->type = "application/json";
        response->body = buf_str(&out);
    } else {
        TRY(render(visit, page, tree, visit->route->dress));
    }
    tag(visit);
    return 0;
}

/* ---- what went wrong ---- */

static struct value *problem_of(struct ctx *cx, unsigned status, struct str id)
{
    struct value *problem = value_map(cx->mem);
    /* What the machine says is for the log; people get the number under which it stands there. */
    struct str detail = status == 500 ? STR_NONE : cx->err.text;

    value_set_text(problem, "type", STR("about:blank"));
    value_set_text(problem, "title", str_of(title_of(status)));
    value_set_int(problem, "status", status);
    if (detail.n > 0)
        value_set_text(problem, "detail", detail);
    if (status != 500 && cx->err.place.n > 0)
        value_set_text(problem, "place", cx->err.place);
    value_set_text(problem, "request", id);
    return problem;
}

static void send_json(struct ctx *cx, const struct value *problem, struct web_response *response)
{
    struct buf out = buf_new(cx->mem);

    value_json(&out, problem, 0);
    buf_char(&out, '\n');
    response->type = "application/problem+json";
    response->body = buf_str(&out);
}

void respond_problem(struct visit *visit, unsigned status)
{
    struct ctx *cx = visit->cx;
    struct web_response *response = visit->response;
    struct value *problem = problem_of(cx, status, str_of(visit->request->id));

    if (status == 500)
        response->note = cx->err.text;
    response->status = status;
    web_header(response, "Cache-Control", STR("no-store"));
    if (status == 429 || status == 503)
        web_header(response, "Retry-After", status == 429 ? STR("900") : STR("2"));
    if (status == 401 && !visit->json)
        value_set_text(problem, "sign_in",
                       str_printf(cx->mem, "/sign-in?to=%.*s",
                                  STR_ARG(parse_escape(cx->mem, visit->request->path))));
    if (visit->json || render(visit, "web-problem.html", problem, NULL) < 0)
        send_json(cx, problem, response);
}

/* What people can do about it. */
static const char *advice_of(unsigned status)
{
    switch (status) {
    case 413:
        return _("Files may have 1 GB, and all else that is sent at once 4 MB; before you sign in, "
                 "less. If the server was started again since you opened the page, open it again "
                 "first.");
    case 503:
        return _("Nothing was changed. Try again in a moment.");
    case 507:
        return _("The server has no room for what you sent. Nothing was changed.");
    default:
        return "";
    }
}

void respond_refusal(struct app *app, struct ctx *cx, const struct web_request *head,
                     unsigned status, struct web_response *response)
{
    struct visit visit = {.cx = cx,
                          .app = app,
                          .request = head,
                          .response = response,
                          .json = !parse_wants_html(head->accept)};

    cx->err = (struct err){.text = str_of(advice_of(status))};
    respond_headers(app, response);
    respond_problem(&visit, status);
}
