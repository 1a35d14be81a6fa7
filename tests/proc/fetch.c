/* Questions over the network: whom one may ask, and what the child that asks may do. */
#include "proc/fetch.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/harness.h"

TEST(fetch_asks_by_https_only_but_for_this_machine)
{
    static const char *const taken[] = {"https://time.example/tsr", "https://time.example:8443/",
                                        "http://127.0.0.1:1/", "http://localhost/a",
                                        "http://[::1]:80/"};
    static const char *const refused[] = {"http://time.example/",
                                          "time, please",
                                          "",
                                          "ftp://localhost/",
                                          "file:///etc/passwd",
                                          "https://user:secret@time.example/",
                                          "http://127.0.0.1.time.example/",
                                          "https://"};

    for (size_t i = 0; i < COUNT_OF(taken); i++)
        CHECK_OK(fetch_check_url(cx, NULL, str_of(taken[i])));
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        CHECK_RC(fetch_check_url(cx, NULL, str_of(refused[i])), RC_INVALID);
}

TEST(fetch_says_who_does_not_answer)
{
    const struct fetch fetch = {.url = STR("http://127.0.0.1:1/"),
                                .type = STR("text/plain"),
                                .body = STR("?"),
                                .most = 100,
                                .seconds = 5};
    struct fetched got;

    CHECK_RC(fetch_ask(cx, NULL, &fetch, &got), RC_NOT_FOUND);
    CHECK(str_has(cx->err.text, "http://127.0.0.1:1/ cannot be reached"));
}

TEST(fetch_through_a_server)
{
    struct fetch fetch = {.url = STR("http://127.0.0.1:1/"), .most = 100, .seconds = 5};
    struct proc_server *server = NULL;
    struct fetched got;

    CHECK_OK(fetch_server_start(cx, &server));
    CHECK_RC(fetch_ask(cx, server, &fetch, &got), RC_NOT_FOUND);
    CHECK(str_has(cx->err.text, "http://127.0.0.1:1/ cannot be reached"));
    fetch.authorization = STR("Basic x\r\nHost: elsewhere");
    CHECK_RC(fetch_ask(cx, server, &fetch, &got), RC_INVALID);
    fetch.url = STR("http://time.example/");
    CHECK_RC(fetch_ask(cx, server, &fetch, &got), RC_INVALID);
    proc_server_stop(server);
}

/* What it could do that it should not: a letter each. */
static int try_all(UNUSED struct ctx *cx, UNUSED void *arg, struct buf *out)
{
    const char *mine = "/tmp/assay-fetch-test";
    int fd = open(mine, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    if (fd >= 0)
        buf_char(out, 'w');
    fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    if (fd >= 0)
        buf_char(out, 'r');
    if (socket(AF_UNIX, SOCK_STREAM, 0) >= 0)
        buf_char(out, 'u');
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        buf_char(out, 'n'); /* this it may */
    if (fd >= 0 && listen(fd, 1) == 0)
        buf_char(out, 'l');
    return 0;
}

TEST(fetch_children_connect_and_nothing_else)
{
    const struct proc_limits limits = {.profile = PROC_FETCH,
                                       .memory = (size_t)64 << 20,
                                       .cpu_seconds = 5,
                                       .wall_seconds = 5,
                                       .output = 64};
    struct str could;

    CHECK_OK(proc_call(cx, &limits, try_all, NULL, &could));
    bool bound = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
    CHECK_STR(could, bound ? "" : "r"); /* a system without Landlock lets it read */
}
