/* What only PostgreSQL has: a server that refuses, hangs, breaks off or takes something back. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/stores.h"

/* Tests of PostgreSQL alone, each with a schema of its own. */
#define POSTGRES_TEST(test_name)                                                                   \
    static void test_name##_there(struct ctx *cx, struct store *store);                            \
    TEST(test_name)                                                                                \
    {                                                                                              \
        stores_run(cx, STORE_POSTGRES, test_name##_there);                                         \
    }                                                                                              \
    static void test_name##_there(UNUSED struct ctx *cx, UNUSED struct store *store)

static struct str one(struct ctx *cx, struct store *store, const char *sql)
{
    bool row = false;
    STMT(s);

    CHECK_OK(store_prepare(cx, store, str_of(sql), &s));
    if (!s)
        return STR("none");
    CHECK_OK(stmt_step(cx, s, &row));
    return row ? stmt_text(cx->mem, s, 0) : STR("no row");
}

static void make(struct ctx *cx, struct store *store)
{
    stores_tables(
        cx, store,
        "CREATE TABLE t (n INTEGER NOT NULL UNIQUE) STRICT; INSERT INTO t VALUES (1), (2)");
}

/* A change of the running test's schema from elsewhere. */
static void meanwhile(struct ctx *cx, const char *sql)
{
    CLEANUP(store_closep) struct store *other = stores_again(cx, 0);

    if (other)
        CHECK_OK(store_exec(cx, other, "meanwhile", str_of(sql)));
}

/* Opening. */

static void opens_not(struct ctx *cx, const char *where, const char *schema, unsigned flags,
                      enum rc rc, const char *words)
{
    struct store *store = NULL;
    int got = store_open_schema(cx, where, schema, flags, &store);

    if (got != (int)rc || !str_has(cx->err.text, words))
        test_failed(__FILE__, __LINE__, "%s: %d, not %d with %s: %.*s", where, got, (int)rc, words,
                    STR_ARG(cx->err.text));
    if (got < 0 && (str_has(cx->err.text, "s3cret") || str_has(cx->err.text, "\n")))
        test_failed(__FILE__, __LINE__, "\"%.*s\" tells a password, or has lines",
                    STR_ARG(cx->err.text));
    store_close(store);
}

TEST(urls_that_lead_nowhere_tell_no_password)
{
    opens_not(cx, "postgresql://anna:s3cret@/x?host=/nowhere", "org_a", 0, RC_NOT_FOUND,
              "/nowhere/x/org_a: ");
    opens_not(cx, "postgres://anna@localhost:1/x?password=s3cret", "org_a", 0, RC_NOT_FOUND,
              "localhost/x/org_a: ");
    opens_not(cx, "postgresql://anna:s3cret@localhost:1,localhost:2/x", "org_a", 0, RC_NOT_FOUND,
              "; ");
    opens_not(cx, "postgresql://anna:s3cret%zz@localhost/x", "org_a", 0, RC_INVALID,
              "postgresql://USER:PASSWORD@HOST/DATABASE, with %40 for @");
    opens_not(cx, "postgresql://anna@localhost:s3cret/x", "org_a", 0, RC_INVALID, "%2F for /");
    opens_not(cx, "postgresql://anna:p@s3cret@localhost/x", "org_a", 0, RC_INVALID, "%40 for @");
    opens_not(cx, "postgresql://anna:s3cret/p@localhost/x", "org_a", 0, RC_INVALID, "%2F for /");
    opens_not(cx, "postgresql://anna:12/s3cret@localhost/x", "org_a", 0, RC_INVALID, "%2F for /");
    opens_not(cx, "postgresql://localhost/x?s3cret=1", "org_a", 0, RC_INVALID, "not understood");
}

TEST(names_of_schemas_are_plain)
{
    static const char *const NAMES[] = {"",       "Org", "org-a", "org a",
                                        "org\"a", "9a",  "pg_a",  "\xc3\xa4"};

    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        opens_not(cx, "postgresql://localhost/x", NAMES[i], 0, RC_INVALID, "cannot name a schema");
}

POSTGRES_TEST(schemas_are_made_only_where_one_says_so)
{
    const char *where = stores_place().where;

    opens_not(cx, where, "org_not_there", 0, RC_NOT_FOUND, "/postgres/org_not_there: there is no");
    opens_not(cx, where, "org_not_there", STORE_READ_ONLY | STORE_CREATE, RC_NOT_FOUND,
              "there is no");
    opens_not(cx, str_z(cx->mem, str_printf(cx->mem, "%s&dbname=nowhere", where)), "org_a", 0,
              RC_NOT_FOUND, "\"nowhere\" does not exist");
}

POSTGRES_TEST(statements_see_their_schema_only)
{
    CLEANUP(store_closep) struct store *other = NULL;
    struct str schema = str_printf(cx->mem, "%s_other", stores_place().schema);
    STMT(s);

    make(cx, store);
    CHECK_OK(
        store_open_schema(cx, stores_place().where, str_z(cx->mem, schema), STORE_CREATE, &other));
    if (!other)
        return;
    CHECK_RC(store_prepare(cx, other, STR("SELECT n FROM t"), &s), RC_INVALID);
    make(cx, other);
    CHECK_OK(store_exec(cx, other, "delete", STR("DELETE FROM t")));
    CHECK_STR(one(cx, store, "SELECT count(*) FROM t"), "2");
    CHECK_OK(store_exec(cx, other, "drop",
                        str_printf(cx->mem, "DROP SCHEMA %.*s CASCADE", STR_ARG(schema))));
}

POSTGRES_TEST(one_of_several_hosts_is_enough)
{
    CLEANUP(store_closep) struct store *again = NULL;
    struct str where = str_of(stores_place().where);
    size_t at = str_find(where, STR("host="), 0);
    struct str url = str_printf(cx->mem, "%.*shost=/nowhere,%.*s", (int)at, where.p,
                                STR_ARG(str_from(where, at + 5)));

    CHECK_OK(store_open_schema(cx, str_z(cx->mem, url), stores_place().schema, 0, &again));
    if (again)
        CHECK_STR(one(cx, again, "SELECT today()"), "2026-11-30");
}

POSTGRES_TEST(sessions_are_safe_whatever_the_url_says)
{
    CLEANUP(store_closep) struct store *again = NULL;
    struct str url = str_printf(cx->mem,
                                "%s&options=-csynchronous_commit%%3Doff%%20-cstatement_timeout%%3D1"
                                "%%20-csearch_path%%3Dpg_catalog&client_encoding=LATIN1",
                                stores_place().where);

    CHECK_OK(store_open_schema(cx, str_z(cx->mem, url), stores_place().schema, 0, &again));
    if (!again)
        return;
    CHECK_STR(one(cx, again, "SELECT current_setting('synchronous_commit')"), "on");
    CHECK_STR(one(cx, again, "SELECT current_schema()"), stores_place().schema);
    CHECK_STR(one(cx, again, "SELECT '\xc3\xa4' || pg_sleep(0.01)"), "\xc3\xa4");
}

POSTGRES_TEST(databases_in_other_encodings_are_refused)
{
    struct str name = str_printf(cx->mem, "%s_ascii", stores_place().schema);
    struct str url = str_printf(cx->mem, "%s&dbname=%.*s", stores_place().where, STR_ARG(name));

    CHECK_OK(store_exec(cx, store, "create",
                        str_printf(cx->mem,
                                   "CREATE DATABASE %.*s ENCODING 'SQL_ASCII' LOCALE 'C' "
                                   "LOCALE_PROVIDER libc TEMPLATE template0",
                                   STR_ARG(name))));
    opens_not(cx, str_z(cx->mem, url), "public", 0, RC_INVALID, "must be in UTF-8");
    CHECK_OK(
        store_exec(cx, store, "drop", str_printf(cx->mem, "DROP DATABASE %.*s", STR_ARG(name))));
}

/* Conflicts. */

POSTGRES_TEST(what_cannot_be_put_in_order_may_be_tried_again)
{
    make(cx, store);
    CHECK_OK(store_exec(cx, store, "begin", STR("BEGIN ISOLATION LEVEL REPEATABLE READ")));
    CHECK_STR(one(cx, store, "SELECT count(*) FROM t"), "2");
    meanwhile(cx, "UPDATE t SET n = 7 WHERE n = 1");
    CHECK_RC(store_exec(cx, store, "update", STR("UPDATE t SET n = 8 WHERE n = 1")), RC_CONFLICT);
    CHECK_INT(store_cause(store), STORE_CAUSE_RETRY);
    CHECK_OK(store_exec(cx, store, "rollback", STR("ROLLBACK")));
    CHECK_STR(one(cx, store, "SELECT max(n) FROM t"), "7");
}

/* Connections that go. */

static struct str pid_of(struct ctx *cx, struct store *store)
{
    return one(cx, store, "SELECT pg_backend_pid()");
}

static void cut_off(struct ctx *cx, struct str pid)
{
    struct str sql = str_printf(cx->mem, "SELECT pg_terminate_backend(%.*s, 5000)", STR_ARG(pid));

    meanwhile(cx, str_z(cx->mem, sql));
}

static void is_gone(struct ctx *cx, struct store *store)
{
    struct tx tx = {NULL, 0};
    STMT(s);

    CHECK_INT(store_cause(store), STORE_CAUSE_LOST);
    CHECK_RC(store_exec(cx, store, "more", STR("SELECT 1")), RC_FAIL);
    CHECK(str_has(cx->err.text, "the connection was lost before"));
    CHECK_RC(store_prepare(cx, store, STR("SELECT 1"), &s), RC_FAIL);
    CHECK_RC(tx_begin(cx, store, &tx), RC_FAIL);
    CHECK_INT(store_cause(store), STORE_CAUSE_LOST);
}

static int lose_in_the_middle(struct ctx *cx, struct store *store, struct str pid)
{
    TX(tx, cx, store);
    TRY(store_exec(cx, store, "insert", STR("INSERT INTO t VALUES (3)")));
    cut_off(cx, pid);
    TRY(store_exec(cx, store, "insert", STR("INSERT INTO t VALUES (4)")));
    return tx_commit(cx, &tx);
}

POSTGRES_TEST(connections_lost_in_a_transaction_leave_nothing_of_it)
{
    CLEANUP(store_closep) struct store *again = NULL;

    make(cx, store);
    CHECK_RC(lose_in_the_middle(cx, store, pid_of(cx, store)), RC_FAIL);
    CHECK(!str_has(cx->err.text, "not known"));
    is_gone(cx, store);
    again = stores_again(cx, 0);
    if (again)
        CHECK_STR(one(cx, again, "SELECT count(*) FROM t"), "2");
}

static int lose_at_the_end(struct ctx *cx, struct store *store, struct str pid)
{
    TX(tx, cx, store);
    TRY(store_exec(cx, store, "insert", STR("INSERT INTO t VALUES (3)")));
    cut_off(cx, pid);
    return tx_commit(cx, &tx);
}

POSTGRES_TEST(commits_that_are_cut_off_are_not_known)
{
    STMT(s);

    make(cx, store);
    CHECK_OK(store_prepare(cx, store, STR("SELECT n FROM t"), &s)); /* it is freed after the end */
    CHECK_RC(lose_at_the_end(cx, store, pid_of(cx, store)), RC_FAIL);
    CHECK(str_has(cx->err.text, "whether the last change was saved is not known"));
    is_gone(cx, store);
}

POSTGRES_TEST(connections_lost_while_rows_come_are_told)
{
    bool row = true;
    int rc = 0;
    STMT(s);

    make(cx, store);
    struct str pid = pid_of(cx, store);

    CHECK_OK(store_prepare(cx, store,
                           STR("SELECT a.n, repeat('x', 1000) FROM generate_series(1, 100000) "
                               "AS a (n)"),
                           &s));
    CHECK_OK(stmt_step(cx, s, &row));
    cut_off(cx, pid);
    while (rc == 0 && row)
        rc = stmt_step(cx, s, &row);
    CHECK_RC(rc, RC_FAIL);
    CHECK(!str_has(cx->err.text, "not known")); /* nothing was changed */
    stmt_freep(&s);
    is_gone(cx, store);
}

POSTGRES_TEST(rows_that_are_read_ahead_have_a_limit)
{
    bool row = true;
    int rc = 0, rows = 0;
    STMT(s);

    CHECK_OK(store_prepare(cx, store,
                           STR("SELECT repeat('x', 16000000) FROM generate_series(1, 20)"), &s));
    if (!s)
        return;
    CHECK_OK(stmt_step(cx, s, &row));
    CHECK_STR(one(cx, store, "SELECT 1"), "1"); /* it has to wait for the others */
    for (; rc == 0 && row; rows++)
        rc = stmt_step(cx, s, &row);
    CHECK_RC(rc, RC_LIMIT);
    CHECK(str_has(cx->err.text, "too much memory"));
    CHECK(rows > 10 && rows < 19);
    CHECK_STR(one(cx, store, "SELECT 1"), "1");
}

POSTGRES_TEST(copies_are_refused)
{
    make(cx, store);
    CHECK_RC(store_exec(cx, store, "copy", STR("COPY t FROM STDIN")), RC_FAIL);
    CHECK(str_has(cx->err.text, "COPY is not for here"));
    is_gone(cx, store);
}

/* A server that is there and does nothing. */
POSTGRES_TEST(servers_that_hang_are_given_up)
{
    int64_t pid = 0, began = time(NULL);

    make(cx, store);
    CHECK(str_to_int(pid_of(cx, store), &pid));
    if (pid <= 0)
        return;
    store_set_deadline(store, 300);
    CHECK(kill((pid_t)pid, SIGSTOP) == 0);
    CHECK_RC(store_exec(cx, store, "insert", STR("INSERT INTO t VALUES (3)")), RC_FAIL);
    CHECK(kill((pid_t)pid, SIGCONT) == 0);
    CHECK(str_has(cx->err.text, "the database did not answer in time; whether the last change was "
                                "saved is not known"));
    CHECK(time(NULL) - began < 5);
    is_gone(cx, store);
}

/* Copies on other machines. */

static void want_copies(struct ctx *cx, const char *of)
{
    CLEANUP(store_closep) struct store *admin = stores_again(cx, 0);

    if (!admin)
        return;
    CHECK_OK(
        store_exec(cx, admin, "copies",
                   str_printf(cx->mem, "ALTER SYSTEM SET synchronous_standby_names = '%s'", of)));
    CHECK_OK(store_exec(cx, admin, "reload", STR("SELECT pg_reload_conf()")));
}

/* The server takes its time: until somebody's commit waits. */
static void wait_until_copies_are_wanted(struct ctx *cx)
{
    bool waits = false;

    for (int i = 0; i < 500 && !waits; i++) {
        CLEANUP(store_closep) struct store *probe = stores_again(cx, 0);

        if (!probe)
            return;
        store_set_deadline(probe, 100);
        waits = store_exec(cx, probe, "probe",
                           STR("CREATE TABLE IF NOT EXISTS probe (n INT);"
                               "INSERT INTO probe VALUES (1)")) < 0;
        (void)usleep(10000);
    }
    CHECK(waits);
}

/* Cancels the wait of `pid` once it waits, as an administrator does who is tired of it. */
static pid_t impatient(struct ctx *cx, struct str pid)
{
    struct str sql = str_printf(cx->mem,
                                "SELECT pg_cancel_backend(pid) FROM pg_stat_activity "
                                "WHERE pid = %.*s AND wait_event = 'SyncRep'",
                                STR_ARG(pid));
    pid_t child = fork();

    if (child != 0)
        return child;
    struct store *store = stores_again(cx, 0);

    for (int i = 0; store && i < 500; i++) {
        if (str_is(one(cx, store, str_z(cx->mem, sql)), "1"))
            _exit(0);
        (void)usleep(10000);
    }
    _exit(1);
}

static void is_not_acknowledged(struct ctx *cx, struct store *store, struct str pid,
                                int (*change)(struct ctx *cx, struct store *store))
{
    int status = -1;
    pid_t child = impatient(cx, pid);

    CHECK_RC(change(cx, store), RC_FAIL);
    CHECK(str_has(cx->err.text, "it does not count as saved"));
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_INT(status, 0);
}

static int change_in_transaction(struct ctx *cx, struct store *store)
{
    TX(tx, cx, store);
    TRY(store_exec(cx, store, "insert", STR("INSERT INTO t VALUES (3)")));
    return tx_commit(cx, &tx);
}

static int change_by_script(struct ctx *cx, struct store *store)
{
    return store_exec(cx, store, "insert", STR("INSERT INTO t VALUES (4)"));
}

static int change_by_statement(struct ctx *cx, struct store *store)
{
    STMT(s);

    TRY(store_prepare(cx, store, STR("INSERT INTO t VALUES (5) RETURNING n"), &s));
    return stmt_run(cx, s);
}

POSTGRES_TEST(changes_without_their_copy_are_not_acknowledged)
{
    make(cx, store);
    struct str pid = pid_of(cx, store);

    want_copies(cx, "nobody");
    wait_until_copies_are_wanted(cx);
    is_not_acknowledged(cx, store, pid, change_in_transaction);
    is_not_acknowledged(cx, store, pid, change_by_script);
    is_not_acknowledged(cx, store, pid, change_by_statement);
    want_copies(cx, "");
    CHECK_STR(one(cx, store, "SELECT count(*) FROM t"), "5"); /* they are there all the same */
    CHECK_OK(store_exec(cx, store, "insert", STR("INSERT INTO t VALUES (6)")));
}
