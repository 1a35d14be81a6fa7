#include "store/store.h"
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
