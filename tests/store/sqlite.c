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

TEST(store_binds_by_name_and_reads_back)
{
    CLEANUP(store_closep) struct store *store = fresh(cx);
    bool row;
    STMT(s);

    CHECK_OK(
        store_prepare(cx, store, STR("SELECT :b || b AS joined, a, NULL FROM t WHERE a = :a"), &s));
    CHECK_INT(stmt_params(s), 2);
    CHECK_STR(stmt_param_name(s, 0), "b");
    CHECK_OK(stmt_bind_int(cx, s, "a", 1));
    CHECK_OK(stmt_bind_text(cx, s, "b", STR("x")));
    CHECK_RC(stmt_bind_int(cx, s, "c", 1), RC_INVALID);
    CHECK_OK(stmt_step(cx, s, &row));
    CHECK(row);
    CHECK_STR(stmt_column_name(s, 0), "joined");
    CHECK_STR(stmt_text(cx->mem, s, 0), "xone");
    CHECK_INT(value_get_int(stmt_row(cx->mem, s), "a", 0), 1);
    CHECK(stmt_is_null(s, 2));
    CHECK_OK(stmt_step(cx, s, &row));
    CHECK(!row);
}

static int write_and_fail(struct ctx *cx, struct store *store, bool commit)
{
    TX(outer, cx, store);
    TRY(store_exec(cx, store, "one", STR("INSERT INTO t VALUES (3, 'three')")));
    {
        TX(inner, cx, store);
        TRY(store_exec(cx, store, "two", STR("INSERT INTO t VALUES (4, 'four')")));
    }
    return commit ? tx_commit(cx, &outer) : 0;
}

TEST(store_rolls_back_what_is_not_committed)
{
    CLEANUP(store_closep) struct store *store = fresh(cx);

    CHECK_OK(write_and_fail(cx, store, false));
    CHECK_INT(rows(cx, store), 2);
    CHECK_OK(write_and_fail(cx, store, true));
    CHECK_INT(rows(cx, store), 3);
}

TEST(store_names_errors)
{
    CLEANUP(store_closep) struct store *store = fresh(cx);
    struct store *none = NULL;
    STMT(s);

    CHECK_RC(store_exec(cx, store, "insert", STR("INSERT INTO t VALUES (5, 'one')")), RC_CONFLICT);
    CHECK(str_starts(cx->err.text, STR("insert: UNIQUE")));
    CHECK_RC(store_prepare(cx, store, STR("SELECT missing FROM t"), &s), RC_INVALID);
    CHECK(str_has(cx->err.text, "no such column"));
    CHECK_RC(store_prepare(cx, store, STR("SELECT 1; SELECT 2"), &s), RC_INVALID);
    CHECK_RC(store_prepare(cx, store, STR("  "), &s), RC_INVALID);
    CHECK_RC(store_open(cx, "/nowhere/at/all.db", STORE_READ_ONLY, &none), RC_NOT_FOUND);
    CHECK(none == NULL);
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

static void refused(struct ctx *cx, struct store *store, struct str sql, int wanted)
{
    bool row = true;
    STMT(s);
    int rc = store_prepare(cx, store, sql, &s);

    while (rc == 0 && row)
        rc = stmt_step(cx, s, &row);
    if (rc != wanted)
        test_failed(__FILE__, __LINE__, "%.*s: %d, not %d", STR_ARG(sql), rc, wanted);
}

TEST(guard_lets_nothing_but_reading_through)
{
    CLEANUP(store_closep) struct store *store = fresh(cx);

    CHECK_OK(store_guard(cx, store, 5000000));
    CHECK_INT(rows(cx, store), 2);
    refused(cx, store, STR("INSERT INTO t VALUES (7, 'x')"), RC_DENIED);
    refused(cx, store, STR("DELETE FROM t"), RC_DENIED);
    refused(cx, store, STR("CREATE TABLE u (a)"), RC_DENIED);
    refused(cx, store, STR("ATTACH '/tmp/x' AS y"), RC_DENIED);
    refused(cx, store, STR("PRAGMA query_only = OFF"), RC_DENIED);
    refused(cx, store, STR("SELECT * FROM sqlite_schema"), RC_DENIED);
    refused(cx, store, STR("SELECT load_extension('x')"), RC_INVALID);
    refused(cx, store, STR("SELECT randomblob(10)"), RC_INVALID);
    refused(cx, store, STR("SELECT replace(hex(printf('%.400000c', 'x')), '7', 'seventy')"),
            RC_LIMIT);
    refused(cx, store,
            STR("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) "
                "SELECT count(*) FROM r"),
            RC_LIMIT);
    CHECK(str_has(cx->err.text, "too many steps"));
    CHECK_INT(rows(cx, store), 2); /* the next statement has its own steps */
}

static struct str one(struct ctx *cx, struct store *store, struct str sql)
{
    bool row = false;
    STMT(s);

    CHECK_OK(store_prepare(cx, store, sql, &s));
    CHECK_OK(stmt_step(cx, s, &row));
    return stmt_is_null(s, 0) ? STR("null") : stmt_text(cx->mem, s, 0);
}

TEST(sql_counts_days_and_months)
{
    CLEANUP(store_closep) struct store *store = fresh(cx);

    CHECK_STR(one(cx, store, STR("SELECT days_between('2026-02-27', '2026-03-01')")), "2");
    CHECK_STR(one(cx, store, STR("SELECT days_between('2026-02-27', 'soon')")), "null");
    CHECK_STR(one(cx, store, STR("SELECT add_months('2026-01-31', 1)")), "2026-02-28");
    CHECK_STR(one(cx, store, STR("SELECT add_months('2026-01-31', -12)")), "2025-01-31");
    CHECK_STR(one(cx, store, STR("SELECT add_months('9999-12-01', 1)")), "null");
    CHECK_STR(one(cx, store, STR("SELECT add_months(NULL, 1)")), "null");
}

TEST(sql_finds_numbers_in_words)
{
    CLEANUP(store_closep) struct store *store = fresh(cx);

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
