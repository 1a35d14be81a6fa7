#include "store/sqlite.h"
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

/* What is prepared for a guard in a store of ours. */
static int prepared(struct ctx *cx, struct store *store, const char *sql, struct stmt **ret)
{
    return store_prepare_guarded(cx, store, str_of(sql), value_list(cx->mem), ret);
}

static int reprepared(struct stmt *s)
{
    return sqlite3_stmt_status(((struct sqlite_stmt *)s)->s, SQLITE_STMTSTATUS_REPREPARE, 0);
}

TEST(guard_keeps_what_was_prepared_for_it)
{
    CLEANUP(store_closep) struct store *store = fresh(cx);
    struct value *reads = value_list(cx->mem);
    bool row = false;
    STMT(ours);
    STMT(theirs);
    STMT(endless);

    CHECK_OK(store_prepare(cx, store, STR("INSERT INTO t VALUES (3, :b)"), &ours));
    CHECK_OK(store_prepare_guarded(cx, store, STR("SELECT sum(a) FROM t"), reads, &theirs));
    CHECK_OK(prepared(cx, store,
                      "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) "
                      "SELECT count(*) FROM r",
                      &endless));
    CHECK_INT(value_count(reads), 1);
    CHECK(value_is_text(value_at(reads, 0), "t"));
    /* Not yet, while ours still writes. */
    CHECK_RC(stmt_step(cx, theirs, &row), RC_DENIED);
    CHECK_OK(stmt_run(cx, ours));
    CHECK_OK(store_exec(cx, store, "more", STR("INSERT INTO t VALUES (4, 'four')")));
    CHECK_OK(store_guard(cx, store, 5000000));
    CHECK_OK(stmt_step(cx, theirs, &row));
    CHECK_INT(stmt_int(theirs, 0), 10);
    CHECK_INT(reprepared(theirs), 0);
    CHECK_RC(stmt_step(cx, endless, &row), RC_LIMIT);
    CHECK_RC(stmt_step(cx, ours, &row), RC_DENIED);
    CHECK_RC(store_exec(cx, store, "more", STR("DELETE FROM t")), RC_DENIED);
    CHECK_RC(prepared(cx, store, "SELECT 1", &endless), RC_INVALID); /* all is, from now on */
    CHECK_INT(rows(cx, store), 4);
}

TEST(guard_prepares_nothing_else)
{
    static const struct {
        const char *sql;
        int rc;
    } bad[] = {
        {"INSERT INTO t VALUES (7, 'x')", RC_DENIED},
        {"DELETE FROM t RETURNING a", RC_DENIED},
        {"WITH x AS (SELECT 1) UPDATE t SET a = 0", RC_DENIED},
        {"ATTACH '/tmp/x' AS y", RC_DENIED},
        {"PRAGMA query_only = OFF", RC_DENIED},
        {"BEGIN", RC_DENIED},
        {"SELECT * FROM sqlite_schema", RC_DENIED},
        {"SELECT * FROM pragma_table_info('t')", RC_INVALID},
        {"SELECT load_extension('x')", RC_INVALID},
        {"SELECT randomblob(10)", RC_INVALID},
        {"SELECT 1; DELETE FROM t", RC_INVALID},
    };
    CLEANUP(store_closep) struct store *store = fresh(cx);
    struct buf deep = buf_new(cx->mem);

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        STMT(s);
        int rc = prepared(cx, store, bad[i].sql, &s);

        if (rc != bad[i].rc)
            test_failed(__FILE__, __LINE__, "%s: %d, not %d", bad[i].sql, rc, bad[i].rc);
    }
    /* Limits hold for theirs, and for ours not any more. */
    STMT(s);
    buf_addz(&deep, "SELECT 1");
    for (int i = 0; i < 200; i++)
        buf_addz(&deep, " + a");
    buf_addz(&deep, " FROM t");
    CHECK(prepared(cx, store, str_z(cx->mem, buf_str(&deep)), &s) < 0);
    CHECK_OK(store_prepare(cx, store, buf_str(&deep), &s));
    CHECK_OK(store_exec(cx, store, "ours", STR("CREATE TABLE u (a); DROP TABLE u")));
    CHECK_INT(rows(cx, store), 2);
}
