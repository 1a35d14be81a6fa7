/*
 * assay-bench-web: a page as a worker of the server makes it, without a server.
 *
 *   assay-bench-web HOME TOKEN PATH ROUNDS
 *
 * TOKEN is that of a session. Prints how many pages a second, their bytes, and what one computes in
 * microseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "web/jobs.h"
#include "web/known.h"
#include "web/pages.h"
#include "web/routes.h"
#include "web/spool.h"
#include "web/verdicts.h"

static double now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double computed(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static size_t make_page(struct desk *desk, const char *token, const char *path)
{
    struct arena *mem = arena_new(0);
    struct ctx cx = {.mem = mem, .today = date_of_clock()};
    struct str all = str_of(path);
    size_t question = str_find_char(all, '?', 0);
    struct web_request request = {.method = WEB_GET,
                                  .path = str_sub(all, 0, question),
                                  .accept = STR("text/html"),
                                  .host = STR("127.0.0.1:8080"),
                                  .address = STR("127.0.0.1"),
                                  .cookie = str_printf(mem, "assay-session=%s", token),
                                  .agent = STR("bench"),
                                  .id = "0000000000000000"};
    struct web_response response = {.status = 0};

    if (question != SIZE_MAX)
        request.query = str_from(all, question + 1);
    routes_handle(desk, &cx, &request, &response);
    size_t n = response.status == 200 ? response.body.n : 0;

    arena_free(mem);
    return n;
}

static int begin(struct ctx *cx, struct app *app)
{
    TRY(pages_new(cx, &app->pages));
    TRY(home_keeper_shared(cx, &app->where, &app->where.keeper));
    TRY(home_run_folder(cx, &app->where, &app->run));
    TRY(verdicts_start(cx, app, &app->verdicts));
    return jobs_start(cx, app, &app->jobs);
}

int main(int argc, char **argv)
{
    struct ctx cx = {.mem = arena_new(0), .today = date_of_clock()};
    int64_t rounds = 0;

    if (argc != 5 || !str_to_int(str_of(argv[4]), &rounds) || rounds < 1) {
        (void)fputs("usage: assay-bench-web HOME TOKEN PATH ROUNDS\n", stderr);
        return 2;
    }
    struct app app = {.where = {.home = argv[1], .knowledge = knowledge_new()},
                      .known = known_sessions_new(),
                      .program = "/bin/true"};

    (void)pthread_mutex_init(&app.gate_lock, NULL);
    (void)pthread_cond_init(&app.gate_free, NULL);
    if (begin(&cx, &app) < 0) {
        (void)fprintf(stderr, "assay-bench-web: %.*s\n", STR_ARG(cx.err.text));
        return 1;
    }
    struct desk *desk = desk_new(&app);
    size_t bytes = make_page(desk, argv[2], argv[3]); /* which opens the databases */
    double began = now(), before = computed();

    for (int64_t i = 0; i < rounds; i++)
        bytes = make_page(desk, argv[2], argv[3]);
    (void)printf("%.1f %zu %.1f\n", (double)rounds / (now() - began), bytes,
                 (computed() - before) * 1e6 / (double)rounds);
    jobs_free(app.jobs);
    verdicts_free(app.verdicts);
    desk_free(desk);
    knowledge_free(app.where.knowledge);
    keeper_free(app.where.keeper);
    known_sessions_free(app.known);
    arena_free(cx.mem);
    return bytes > 0 ? 0 : 1;
}
