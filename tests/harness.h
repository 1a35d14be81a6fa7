/*
 * The test harness. TEST(name) registers a test by itself; CHECK and its like record a failure
 * and go on. Every test gets a fresh context. The runner prints one line a failure and ends with
 * `N passed, N failed`.
 */
#ifndef ASSAY_TESTS_HARNESS_H
#define ASSAY_TESTS_HARNESS_H

#include "base/base.h"

struct test {
    const char *name;
    const char *file;
    void (*run)(struct ctx *cx);
    struct test *next;
};

void test_register(struct test *test);

/* Calls end(thing) when the running test is over: for what does not live in its context. */
void test_ends(struct ctx *cx, void (*end)(void *thing), void *thing);

/* The running test cannot run here: it counts as skipped, and the runner says why at the end. */
void test_skip(const char *why);

/* A context that lives as long as the process: for what tests load once and then only read, such as
 * the standard. Everything else belongs into the test's own. */
struct ctx *test_shared(void);

/* What has many like places or goes in rounds is tried as thoroughly as the run is: at every place
 * where ASSAY_TEST_LONG is set, at each `step`-th in the daily run, and at a quarter of those where
 * ASSAY_TEST_BRIEF is, for a program that a sanitizer makes slow; in rounds likewise. */
size_t test_step(size_t step);
size_t test_rounds(size_t daily, size_t most);

void test_failed(const char *file, int line, const char *format, ...) PRINTF_LIKE(3, 4);

/* The bytes of a file of the repository; a failure of the test where it cannot be read. */
struct str test_read_file(struct ctx *cx, const char *path);

#define TEST(test_name)                                                                            \
    static void test_name(struct ctx *cx);                                                         \
    __attribute__((constructor)) static void register_##test_name(void)                            \
    {                                                                                              \
        static struct test test = {#test_name, __FILE__, test_name, NULL};                         \
        test_register(&test);                                                                      \
    }                                                                                              \
    static void test_name(UNUSED struct ctx *cx)

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            test_failed(__FILE__, __LINE__, "%s", #condition);                                     \
    } while (0)

/* The call succeeds; else its error is shown. */
#define CHECK_OK(call)                                                                             \
    do {                                                                                           \
        int got_ = (call);                                                                         \
        if (got_ != 0)                                                                             \
            test_failed(__FILE__, __LINE__, "%s: %d: %.*s", #call, got_, STR_ARG(cx->err.text));   \
    } while (0)

#define CHECK_RC(call, wanted)                                                                     \
    do {                                                                                           \
        int got_ = (call);                                                                         \
        if (got_ != (int)(wanted))                                                                 \
            test_failed(__FILE__, __LINE__, "%s: %d, not %s", #call, got_, #wanted);               \
    } while (0)

#define CHECK_STR(got, wanted)                                                                     \
    do {                                                                                           \
        struct str got_ = (got), wanted_ = str_of(wanted);                                         \
        if (!str_eq(got_, wanted_))                                                                \
            test_failed(__FILE__, __LINE__, "%s is \"%.*s\", not \"%.*s\"", #got, STR_ARG(got_),   \
                        STR_ARG(wanted_));                                                         \
    } while (0)

#define CHECK_INT(got, wanted)                                                                     \
    do {                                                                                           \
        long long got_ = (long long)(got), wanted_ = (long long)(wanted);                          \
        if (got_ != wanted_)                                                                       \
            test_failed(__FILE__, __LINE__, "%s is %lld, not %lld", #got, got_, wanted_);          \
    } while (0)

#endif
