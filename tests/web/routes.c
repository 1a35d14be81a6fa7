/* The table of routes: complete, and found as it says. */
#include "web/known.h"
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
    const struct {
        enum web_method method;
        const char *path;
        bool known;
        size_t limit;
    } cases[] = {{WEB_GET, "/healthz", true, 0},
                 {WEB_POST, "/nowhere", true, 0},
                 {WEB_POST, "/sign-in", true, 64 * 1024},
                 {WEB_POST, "/o/x/r/evidence", false, 4 * 1024 * 1024},
                 {WEB_POST, "/o/x/r/evidence", true, ROUTES_UPLOAD_BYTES}};
    struct app app = {.known = known_sessions_new()};

    known_sessions_note(app.known, STR("token"));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct web_request head = {.method = cases[i].method,
                                   .path = str_of(cases[i].path),
                                   .cookie = cases[i].known ? STR("assay-session=token")
                                                            : STR("assay-session=other")};
        CHECK_INT(routes_body_limit(&app, &head), cases[i].limit);
    }
    known_sessions_free(app.known);
}
