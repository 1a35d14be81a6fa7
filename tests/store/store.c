/* What holds on both databases. */
#include "tests/stores.h"

static void make(struct ctx *cx, struct store *store)
{
    stores_tables(cx, store,
                  "CREATE TABLE t (a INTEGER NOT NULL, b TEXT UNIQUE) STRICT;"
                  "INSERT INTO t VALUES (1, 'one'), (2, NULL)");
}

static int64_t rows(struct ctx *cx, struct store *store)
{
    bool row = false;
    STMT(s);

    CHECK_OK(store_prepare(cx, store, STR("SELECT count(*) FROM t"), &s));
    if (s)
        CHECK_OK(stmt_step(cx, s, &row));
    return row ? stmt_int(s, 0) : -1;
}

static struct str one(struct ctx *cx, struct store *store, struct str sql)
{
    bool row = false;
    STMT(s);

    CHECK_OK(store_prepare(cx, store, sql, &s));
    if (!s)
        return STR("none");
    CHECK_OK(stmt_step(cx, s, &row));
    if (!row)
        return STR("no row");
    return stmt_is_null(s, 0) ? STR("null") : stmt_text(cx->mem, s, 0);
}

STORE_TEST(store_binds_by_name_and_reads_back)
{
    bool row;
    STMT(s);

    make(cx, store);
    CHECK_OK(
        store_prepare(cx, store, STR("SELECT :b || b AS joined, a, NULL FROM t WHERE a = :a"), &s));
    if (!s)
        return;
    CHECK_INT(stmt_params(s), 2);
    CHECK_STR(stmt_param_name(s, 0), "b");
    CHECK_INT(stmt_columns(s), 3);
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

STORE_TEST(store_rolls_back_what_is_not_committed)
{
    make(cx, store);
    CHECK_OK(write_and_fail(cx, store, false));
    CHECK_INT(rows(cx, store), 2);
    CHECK_OK(write_and_fail(cx, store, true));
    CHECK_INT(rows(cx, store), 3);
}

static void caused(struct ctx *cx, struct store *store, const char *sql, enum rc rc,
                   enum store_cause cause)
{
    int got = store_exec(cx, store, "a script", str_of(sql));

    if (got != (int)rc || store_cause(store) != cause)
        test_failed(__FILE__, __LINE__, "%s: %d, cause %d, not %d and %d: %.*s", sql, got,
                    (int)store_cause(store), (int)rc, (int)cause, STR_ARG(cx->err.text));
    CHECK(str_starts(cx->err.text, STR("a script: ")));
}

STORE_TEST(store_names_errors)
{
    struct store *none = NULL;
    STMT(s);

    make(cx, store);
    stores_tables(cx, store,
                  "CREATE TABLE p (id TEXT PRIMARY KEY) STRICT;"
                  "CREATE TABLE c (p TEXT NOT NULL REFERENCES p (id), n INTEGER CHECK (n > 0)) "
                  "STRICT;"
                  "INSERT INTO p VALUES ('p')");
    caused(cx, store, "INSERT INTO t VALUES (5, 'one')", RC_CONFLICT, STORE_CAUSE_UNIQUE);
    caused(cx, store, "INSERT INTO p VALUES ('p')", RC_CONFLICT, STORE_CAUSE_UNIQUE);
    caused(cx, store, "INSERT INTO c VALUES ('q', 1)", RC_CONFLICT, STORE_CAUSE_FOREIGN_KEY);
    caused(cx, store, "INSERT INTO c VALUES ('p', 0)", RC_CONFLICT, STORE_CAUSE_CHECK);
    caused(cx, store, "INSERT INTO c VALUES (NULL, 1)", RC_CONFLICT, STORE_CAUSE_NOT_NULL);
    caused(cx, store, "INSERT INTO c VALUES ('p', 'x')", RC_INVALID, STORE_CAUSE_OTHER);
    caused(cx, store, "INSERT INTO c", RC_INVALID, STORE_CAUSE_OTHER);
    caused(cx, store, "INSERT INTO t VALUES (5, \"five\")", RC_INVALID, STORE_CAUSE_OTHER);
    CHECK_RC(store_prepare(cx, store, STR("SELECT missing FROM t"), &s), RC_INVALID);
    CHECK(str_has(cx->err.text, "missing"));
    CHECK_RC(store_prepare(cx, store, STR("SELECT 1; SELECT 2"), &s), RC_INVALID);
    CHECK_RC(store_prepare(cx, store, STR("  -- nothing"), &s), RC_INVALID);
    CHECK_RC(store_open(cx, "/nowhere/at/all.db", STORE_READ_ONLY, &none), RC_NOT_FOUND);
    CHECK(none == NULL);
}

STORE_TEST(store_scrub_keeps_what_is_there)
{
    struct tx tx;

    make(cx, store);
    CHECK_OK(store_exec(cx, store, "delete", STR("DELETE FROM t WHERE a = 1")));
    CHECK_OK(store_scrub(cx, store));
    CHECK_INT(rows(cx, store), 1);
    CHECK_OK(tx_begin(cx, store, &tx));
    CHECK_RC(store_scrub(cx, store), RC_INVALID);
    tx_end(&tx);
}

STORE_TEST(sql_counts_days_and_months)
{
    CHECK_STR(one(cx, store, STR("SELECT days_between('2026-02-27', '2026-03-01')")), "2");
    CHECK_STR(one(cx, store, STR("SELECT days_between('2026-02-27', 'soon')")), "null");
    CHECK_STR(one(cx, store, STR("SELECT days_between('2026-02-29', '2026-03-01')")), "null");
    CHECK_STR(one(cx, store, STR("SELECT days_between('0001-01-01', '9999-12-31')")), "3652058");
    CHECK_STR(one(cx, store, STR("SELECT days_between('2026-02-27', NULL)")), "null");
    CHECK_STR(one(cx, store, STR("SELECT add_months('2026-01-31', 1)")), "2026-02-28");
    CHECK_STR(one(cx, store, STR("SELECT add_months('2024-02-29', -12)")), "2023-02-28");
    CHECK_STR(one(cx, store, STR("SELECT add_months('0999-01-31', 1)")), "0999-02-28");
    CHECK_STR(one(cx, store, STR("SELECT add_months('9999-12-01', 1)")), "null");
    CHECK_STR(one(cx, store, STR("SELECT add_months('0001-01-01', -1)")), "null");
    CHECK_STR(one(cx, store, STR("SELECT add_months('2026-01-31', 12001)")), "null");
    CHECK_STR(one(cx, store, STR("SELECT add_months(NULL, 1)")), "null");
    CHECK_STR(one(cx, store, STR("SELECT add_months('2026-01-31', NULL)")), "null");
}

STORE_TEST(sql_knows_the_day)
{
    CHECK_STR(one(cx, store, STR("SELECT today()")), "2026-11-30");
    cx->today = (struct date){2027, 1, 9};
    CHECK_STR(one(cx, store, STR("SELECT today()")), "2027-01-09");
    cx->today = (struct date){0, 0, 0};
    CHECK_STR(one(cx, store, STR("SELECT today()")), "null");
}
