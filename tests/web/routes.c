/* The table of routes: complete, and found as it says. */
#include "web/routes.h"

#include "tests/harness.h"

TEST(every_route_says_who_may)
{
    CHECK_OK(routes_check(cx));
}

TEST(routes_are_found_by_method_and_path)
{
    struct str params[VISIT_PARAMS];
    bool other;
    const struct route *route =
        route_find(cx->mem, WEB_GET, STR("/o/brackwater/r/risk"), params, &other);

    CHECK(route != NULL && route->op != NULL && strcmp(route->op, "list") == 0);
    CHECK_STR(params[0], "brackwater");
    CHECK_STR(params[1], "risk");
    CHECK(route_find(cx->mem, WEB_HEAD, STR("/healthz"), params, &other) != NULL);
    CHECK(route_find(cx->mem, WEB_DELETE, STR("/healthz"), params, &other) == NULL && other);
    CHECK(route_find(cx->mem, WEB_GET, STR("/health"), params, &other) == NULL && !other);
    CHECK(route_find(cx->mem, WEB_GET, STR("/o/../healthz"), params, &other) == NULL);
    CHECK(route_find(cx->mem, WEB_GET, STR("/o/x/r/%2e%2e"), params, &other) == NULL);
}

/* A body is read only where something takes it. */
TEST(bodies_are_as_large_as_their_routes_let_them)
{
    CHECK_INT(routes_body_limit(NULL, WEB_GET, STR("/healthz")), 0);
    CHECK_INT(routes_body_limit(NULL, WEB_POST, STR("/nowhere")), 0);
    CHECK_INT(routes_body_limit(NULL, WEB_POST, STR("/sign-in")), 64 * 1024);
}
