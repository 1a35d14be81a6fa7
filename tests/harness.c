#include "tests/harness.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

void test_skip(const char *why)
{
    skipped = why;
}

bool test_long(void)
{
    return getenv("ASSAY_TEST_LONG") != NULL;
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

/* Tests that take this long are named where ASSAY_TEST_TIMES is set. */
#define SLOW_MS 300

static int64_t clock_ms_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool run_one(struct test *test)
{
    int64_t began = clock_ms_now();
    struct ctx cx = {.mem = arena_new(0), .today = {2026, 11, 30}};

    failures = 0;
    skipped = NULL;
    endings = NULL;
    test->run(&cx);
    for (struct ending *e = endings; e != NULL; e = e->next)
        e->end(e->thing);
    arena_free(cx.mem);
    (void)malloc_trim(0); /* limits on memory are tested in children of this process */
    if (getenv("ASSAY_TEST_TIMES") != NULL && clock_ms_now() - began >= SLOW_MS)
        printf("%6lld ms %s: %s\n", (long long)(clock_ms_now() - began), test->file, test->name);
    if (failures > 0)
        printf("FAILED %s: %s\n", test->file, test->name);
    return failures == 0;
}

/* assay-tests [PART-OF-NAME-OR-FILE] */
int main(int argc, char **argv)
{
    unsigned passed = 0, failed = 0, left_out = 0;
    const char *why = NULL;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (struct test *test = tests; test != NULL; test = test->next) {
        if (argc > 1 && strstr(test->name, argv[1]) == NULL && strstr(test->file, argv[1]) == NULL)
            continue;
        if (!run_one(test))
            failed++;
        else if (!skipped)
            passed++;
        else if (left_out++ == 0)
            why = skipped;
    }
    if (left_out)
        printf("%u skipped: %s\n", left_out, why);
    printf("%u passed, %u failed\n", passed, failed);
    return failed > 0 || passed + left_out == 0;
}
