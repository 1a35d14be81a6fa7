/* What only SQLite has. */
#include "store/store.h"

#include <unistd.h>

#include "tests/harness.h"

static struct store *fresh(struct ctx *cx)
{
    struct store *store = NULL;

    CHECK_OK(store_open(cx, NULL, 0, &store));
    CHECK_OK(store_exec(cx, store, "schema",
                        STR("CREATE TABLE t (a INTEGER, b TEXT UNIQUE) STRICT;"
                            "INSERT INTO t VALUES (1, 'one'), (2, NULL)")));
    return store;
}

static int64_t rows(struct ctx *cx, struct store *store)
{
    bool row = false;
    STMT(s);

    CHECK_OK(store_prepare(cx, store, STR("SELECT count(*) FROM t"), &s));
    CHECK_OK(stmt_step(cx, s, &row));
    return row ? stmt_int(s, 0) : -1;
}

static struct str one(struct ctx *cx, struct store *store, struct str sql)
{
    bool row = false;
    STMT(s);

    CHECK_OK(store_prepare(cx, store, sql, &s));
    CHECK_OK(stmt_step(cx, s, &row));
    return stmt_is_null(s, 0) ? STR("null") : stmt_text(cx->mem, s, 0);
}

TEST(store_is_read_by_a_descriptor_of_its_file)
{
    CLEANUP(store_closep) struct store *store = fresh(cx);
    CLEANUP(store_closep) struct store *reader = NULL;

    CHECK(store_reader(store) >= 0);
    CHECK(write(store_reader(store), "x", 1) < 0);
    CHECK_OK(store_open_reader(cx, store_reader(store), &reader));
    CHECK_INT(rows(cx, reader), 2);
    CHECK(store_exec(cx, reader, "insert", STR("INSERT INTO t VALUES (9, 'nine')")) < 0);
    CHECK_INT(rows(cx, store), 2);
}

/* More than the cache holds. */
static int fill_and_fail(struct ctx *cx, struct store *store, struct str fill)
{
    TX(tx, cx, store);
    return store_exec(cx, store, "fill", fill);
}

TEST(store_larger_than_its_cache_is_whole)
{
    CLEANUP(store_closep) struct store *store = fresh(cx);
    CLEANUP(store_closep) struct store *reader = NULL;
    struct str fill = STR("INSERT INTO t WITH RECURSIVE r (n) AS (SELECT 3 UNION ALL SELECT n + 1 "
                          "FROM r WHERE n < 20000) SELECT n, printf('%0500d', n) FROM r");
    struct str turn = STR("CREATE TABLE u AS SELECT * FROM t ORDER BY b DESC");

    CHECK_OK(fill_and_fail(cx, store, fill));
    CHECK_INT(rows(cx, store), 2);
    CHECK_OK(store_exec(cx, store, "fill", fill));
    CHECK_OK(store_exec(cx, store, "turn", turn));
    CHECK_OK(store_open_reader(cx, store_reader(store), &reader));
    CHECK_INT(rows(cx, reader), 20000);
}

TEST(sql_finds_numbers_in_words)
{
    CLEANUP(store_closep) struct store *store = NULL;

    CHECK_OK(store_open(cx, NULL, 0, &store));
    CHECK_STR(one(cx, store, STR("SELECT number_in('at least 97,5 % within 14 days')")), "97.5");
    CHECK_STR(one(cx, store, STR("SELECT number_in('ME1: below 4.25')")), "4.25");
    CHECK_STR(one(cx, store, STR("SELECT number_in('7.')")), "7.0");
    CHECK_STR(one(cx, store, STR("SELECT number_in('Q3')")), "null");
    CHECK_STR(one(cx, store, STR("SELECT number_in('1.000')")), "null");
    CHECK_STR(one(cx, store, STR("SELECT number_in(NULL)")), "null");
    CHECK_STR(one(cx, store, STR("SELECT unit_in('at least 97,5 % within 14 days')")), "%");
    CHECK_STR(one(cx, store, STR("SELECT unit_in('4 Hours or less')")), "hours");
    CHECK_STR(one(cx, store, STR("SELECT unit_in('4')")), "");
    CHECK_STR(one(cx, store, STR("SELECT unit_in('none')")), "null");
}
