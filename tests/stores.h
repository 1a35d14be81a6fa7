/*
 * Tests that run once on each database. STORE_TEST(name) is like TEST(name), with a fresh store
 * beside the context: an SQLite file in a temporary folder, and a PostgreSQL schema in the database
 * that ASSAY_TEST_POSTGRES names (tools/with-postgres). Without that the second is skipped, and the
 * harness says so.
 */
#ifndef ASSAY_TESTS_STORES_H
#define ASSAY_TESTS_STORES_H

#include "store/store.h"
#include "tests/harness.h"

typedef void store_test(struct ctx *cx, struct store *store);
typedef void place_test(struct ctx *cx);

void stores_run(struct ctx *cx, enum store_dialect dialect, store_test *test);
void stores_run_closed(struct ctx *cx, enum store_dialect dialect, place_test *test);

/* Where the running test's store is, for store_open_schema(): not there yet under any other name
 * of the schema or with anything appended to the path. */
struct stores_place {
    const char *where;
    const char *schema;
};
struct stores_place stores_place(void);

/* One more connection to the running test's store; the caller closes it. NULL, and a failed test,
 * where it does not open. */
struct store *stores_again(struct ctx *cx, unsigned flags);

/* The URL of the database for tests, or NULL; then the test is skipped. */
const char *stores_postgres(void);

/* Runs a script of tables written for SQLite on either database; a failed test where it fails. */
void stores_tables(struct ctx *cx, struct store *store, const char *sql);

#define STORE_TEST(test_name)                                                                      \
    static void test_name(struct ctx *cx, struct store *store);                                    \
    TEST(test_name##_on_sqlite)                                                                    \
    {                                                                                              \
        stores_run(cx, STORE_SQLITE, test_name);                                                   \
    }                                                                                              \
    TEST(test_name##_on_postgres)                                                                  \
    {                                                                                              \
        stores_run(cx, STORE_POSTGRES, test_name);                                                 \
    }                                                                                              \
    static void test_name(UNUSED struct ctx *cx, UNUSED struct store *store)

/* The same without a connection yet, for what forks: SQLite must not be open then. */
#define STORE_PLACE_TEST(test_name)                                                                \
    static void test_name(struct ctx *cx);                                                         \
    TEST(test_name##_on_sqlite)                                                                    \
    {                                                                                              \
        stores_run_closed(cx, STORE_SQLITE, test_name);                                            \
    }                                                                                              \
    TEST(test_name##_on_postgres)                                                                  \
    {                                                                                              \
        stores_run_closed(cx, STORE_POSTGRES, test_name);                                          \
    }                                                                                              \
    static void test_name(UNUSED struct ctx *cx)

#endif
