/* The table of routes, and how one is found. */
#include "web/routes.h"

#include "web/handlers.h"

#define ORG "/o/:organisation"
#define REG ORG "/r/:register"

const struct route route_table[] = {
    {WEB_GET, "/healthz", ROUTE_FOR_ANYBODY, 0, NULL, machine_health, NULL, NULL, 0},
    {WEB_GET, "/metrics", ROUTE_FOR_ANYBODY, 0, NULL, machine_metrics, NULL, NULL, 0},
    {WEB_GET, "/assets/:name", ROUTE_FOR_ANYBODY, 0, NULL, machine_asset, NULL, NULL, 0},

    {WEB_GET, "/", ROUTE_FOR_ACCOUNT, 0, NULL, sign_home, NULL, "web-organisations.html", 0},
    {WEB_GET, "/sign-in", ROUTE_FOR_ANYBODY, 0, NULL, sign_show, NULL, "web-sign-in.html", 0},
    {WEB_POST, "/sign-in", ROUTE_FOR_ANYBODY, 0, NULL, sign_in, NULL, "web-sign-in.html",
     ROUTE_GATED | ROUTE_NO_FORM},
    {WEB_POST, "/sign-out", ROUTE_FOR_ACCOUNT, 0, NULL, sign_out, NULL, NULL, 0},
    {WEB_GET, "/link/:token", ROUTE_FOR_ANYBODY, 0, NULL, link_show, NULL, "web-link.html", 0},
    {WEB_POST, "/link/:token", ROUTE_FOR_ANYBODY, 0, NULL, link_take, NULL, "web-link.html",
     ROUTE_GATED | ROUTE_NO_FORM},

    {WEB_GET, REG, ROUTE_FOR_MEMBER, ACCESS_READ, "list", list_show, list_dress, "web-list.html",
     0},
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
#define BODY_UPLOAD ((size_t)64 * 1024 * 1024)

size_t routes_body_limit(UNUSED void *app, enum web_method method, struct str path)
{
    struct arena *mem = arena_new(0);
    struct str params[VISIT_PARAMS];
    bool other;
    const struct route *route = route_find(mem, method, path, params, &other);
    size_t limit = 0;

    if (route != NULL && is_change(route))
        limit = (route->flags & ROUTE_UPLOAD) != 0 ? BODY_UPLOAD
                : route->whom == ROUTE_FOR_MEMBER  ? BODY_FORM
                                                   : BODY_SMALL;
    arena_free(mem);
    return limit;
}
