#include "tests/harness.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct test *tests;
static unsigned failures;   /* of the running test */
static const char *skipped; /* why the running test is */

struct ending {
    void (*end)(void *thing);
    void *thing;
    struct ending *next;
};
static struct ending *endings; /* of the running test, the last first; in its arena */

void test_register(struct test *test)
{
    struct test **at = &tests;

    /* By file and name, so that the order does not hang on the linker. */
    while (*at != NULL &&
           (strcmp((*at)->file, test->file) < 0 ||
            (strcmp((*at)->file, test->file) == 0 && strcmp((*at)->name, test->name) < 0)))
        at = &(*at)->next;
    test->next = *at;
    *at = test;
}

void test_ends(struct ctx *cx, void (*end)(void *thing), void *thing)
{
    struct ending *ending = ARENA_NEW(cx->mem, struct ending);

    *ending = (struct ending){end, thing, endings};
    endings = ending;
}

#define TODAY                                                                                      \
    {                                                                                              \
        2026, 11, 30                                                                               \
    }

struct ctx *test_shared(void)
{
    static struct ctx shared = {.today = TODAY};

    if (shared.mem == NULL)
        shared.mem = arena_new(0);
    return &shared;
}

void test_skip(const char *why)
{
    skipped = why;
}

size_t test_step(size_t step)
{
    if (getenv("ASSAY_TEST_LONG") != NULL)
        return 1;
    return getenv("ASSAY_TEST_BRIEF") != NULL ? step * 4 : step;
}

size_t test_rounds(size_t daily, size_t most)
{
    if (getenv("ASSAY_TEST_LONG") != NULL)
        return most;
    return getenv("ASSAY_TEST_BRIEF") != NULL ? (daily + 3) / 4 : daily;
}

void test_failed(const char *file, int line, const char *format, ...)
{
    va_list args;

    failures++;
    printf("%s:%d: ", file, line);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

struct str test_read_file(struct ctx *cx, const char *path)
{
    FILE *file = fopen(path, "rb");
    struct buf out = buf_new(cx->mem);
    char part[4096];
    size_t n;

    if (file == NULL) {
        test_failed(__FILE__, __LINE__, "%s cannot be opened", path);
        return STR_NONE;
    }
    while ((n = fread(part, 1, sizeof(part), file)) > 0)
        buf_add(&out, (struct str){part, n});
    (void)fclose(file);
    return buf_str(&out);
}

/* Tests that take this long are named where ASSAY_TEST_TIMES is set: by the clock, and by what this
 * process and its children computed. */
#define SLOW_MS 200

struct moment {
    int64_t clock_ms, cpu_ms;
};

static int64_t ms_of(const struct rusage *used)
{
    return (int64_t)(used->ru_utime.tv_sec + used->ru_stime.tv_sec) * 1000 +
           (used->ru_utime.tv_usec + used->ru_stime.tv_usec) / 1000;
}

static struct moment moment_now(void)
{
    struct timespec now;
    struct rusage self, children;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    (void)getrusage(RUSAGE_SELF, &self);
    (void)getrusage(RUSAGE_CHILDREN, &children);
    return (struct moment){(int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000,
                           ms_of(&self) + ms_of(&children)};
}

static void tell_time(const struct test *test, struct moment began)
{
    struct moment now = moment_now();
    long long clock_ms = now.clock_ms - began.clock_ms, cpu_ms = now.cpu_ms - began.cpu_ms;

    if (getenv("ASSAY_TEST_TIMES") != NULL && (clock_ms >= SLOW_MS || cpu_ms >= SLOW_MS))
        printf("%6lld ms %6lld ms of processor %s: %s\n", clock_ms, cpu_ms, test->file, test->name);
}

static bool run_one(struct test *test)
{
    struct moment began = moment_now();
    struct ctx cx = {.mem = arena_new(0), .today = TODAY};

    failures = 0;
    skipped = NULL;
    endings = NULL;
    test->run(&cx);
    for (struct ending *e = endings; e != NULL; e = e->next)
        e->end(e->thing);
    arena_free(cx.mem);
    (void)malloc_trim(0); /* limits on memory are tested in children of this process */
    tell_time(test, began);
    if (failures > 0)
        printf("FAILED %s: %s\n", test->file, test->name);
    return failures == 0;
}

/* What the processes that run the tests share. */
struct tally {
    atomic_uint next; /* the test that nobody has taken yet, counted from 0 */
    atomic_uint passed, failed, left_out;
    char why[200]; /* one of the left out ones was */
};

static bool asked_for(const struct test *test, const char *part)
{
    return part == NULL || strstr(test->name, part) != NULL || strstr(test->file, part) != NULL;
}

static void run_and_count(struct test *test, struct tally *tally)
{
    if (!run_one(test))
        tally->failed++;
    else if (!skipped)
        tally->passed++;
    else if (tally->left_out++ == 0)
        (void)snprintf(tally->why, sizeof(tally->why), "%s", skipped);
}

/* Takes one test after the other, in their order. */
static void run_some(struct tally *tally, const char *part)
{
    unsigned at = 0, mine = tally->next++;

    for (struct test *test = tests; test != NULL; test = test->next) {
        if (!asked_for(test, part) || at++ != mine)
            continue;
        run_and_count(test, tally);
        mine = tally->next++;
    }
}

/* A process that dies takes the test with it that it was at. */
static void run_in_processes(struct tally *tally, const char *part, long n)
{
    int status;

    for (long i = 0; i < n; i++) {
        pid_t child = fork();
        if (child < 0) {
            perror("fork");
            exit(1);
        }
        if (child > 0)
            continue;
        run_some(tally, part);
        exit(0);
    }
    while (wait(&status) > 0)
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
            printf("FAILED a process of the tests: status %d\n", status);
            tally->failed++;
        }
}

/* assay-tests [PART-OF-NAME-OR-FILE], in as many processes as ASSAY_TEST_JOBS says */
int main(int argc, char **argv)
{
    struct tally *tally =
        mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    const char *part = argc > 1 ? argv[1] : NULL, *jobs = getenv("ASSAY_TEST_JOBS");
    long n = jobs != NULL ? strtol(jobs, NULL, 10) : 1;

    if (tally == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (n > 1)
        run_in_processes(tally, part, n);
    else
        run_some(tally, part);
    if (tally->left_out > 0)
        printf("%u skipped: %s\n", tally->left_out, tally->why);
    printf("%u passed, %u failed\n", tally->passed, tally->failed);
    return tally->failed > 0 || tally->passed + tally->left_out == 0;
}
