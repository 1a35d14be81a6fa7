/* Several programs on one store. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/stores.h"

#define WRITERS 4
#define EACH 50

static int64_t number(struct ctx *cx, struct store *store, const char *sql)
{
    bool row = false;
    STMT(s);

    CHECK_OK(store_prepare(cx, store, str_of(sql), &s));
    if (s)
        CHECK_OK(stmt_step(cx, s, &row));
    return row ? stmt_int(s, 0) : -1;
}

/* A child process that does `work` in a context of its own; its code is what `work` gives. */
static pid_t child(int (*work)(struct ctx *cx, struct store *store), unsigned flags)
{
    pid_t pid = fork();

    if (pid != 0)
        return pid;
    struct ctx cx = {.mem = arena_new(0), .today = {2026, 11, 30}};
    struct stores_place at = stores_place();
    struct store *store;
    int rc = store_open_schema(&cx, at.where, at.schema, flags, &store);

    if (rc == 0)
        rc = work(&cx, store);
    if (rc < 0)
        printf("in a child: %.*s\n", STR_ARG(cx.err.text));
    if (rc == 0)
        store_close(store);
    (void)fflush(stdout);
    _exit(-rc);
}

static int ended(pid_t pid)
{
    int status = -1;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Reads and writes what another writer would spoil if it came between. */
static int count_up(struct ctx *cx, struct store *store)
{
    bool row;
    STMT(read);
    STMT(write);

    TX(tx, cx, store);
    TRY(store_prepare(cx, store, STR("SELECT max(n) FROM t"), &read));
    TRY(stmt_step(cx, read, &row));
    TRY(store_prepare(cx, store, STR("INSERT INTO t (n) VALUES (:n)"), &write));
    TRY(stmt_bind_int(cx, write, "n", stmt_int(read, 0) + 1));
    TRY(stmt_run(cx, write));
    return tx_commit(cx, &tx);
}

static int count_up_often(struct ctx *cx, struct store *store)
{
    for (int i = 0; i < EACH; i++)
        TRY(count_up(cx, store));
    return 0;
}

static void make(struct ctx *cx)
{
    CLEANUP(store_closep) struct store *store = stores_again(cx, STORE_CREATE);

    if (store)
        stores_tables(cx, store, "CREATE TABLE t (n INTEGER NOT NULL UNIQUE) STRICT");
}

STORE_PLACE_TEST(writers_take_turns)
{
    pid_t pids[WRITERS];

    make(cx);
    for (int i = 0; i < WRITERS; i++)
        pids[i] = child(count_up_often, 0);
    for (int i = 0; i < WRITERS; i++)
        CHECK_INT(ended(pids[i]), 0);
    CLEANUP(store_closep) struct store *store = stores_again(cx, 0);

    if (!store)
        return;
    CHECK_INT(number(cx, store, "SELECT count(*) FROM t"), WRITERS * EACH);
    CHECK_INT(number(cx, store, "SELECT max(n) FROM t"), WRITERS * EACH);
}

static int nothing(UNUSED struct ctx *cx, UNUSED struct store *store)
{
    return 0;
}

STORE_PLACE_TEST(stores_are_made_once_by_many)
{
    pid_t pids[WRITERS];

    for (int i = 0; i < WRITERS; i++)
        pids[i] = child(nothing, STORE_CREATE);
    for (int i = 0; i < WRITERS; i++)
        CHECK_INT(ended(pids[i]), 0);
    CLEANUP(store_closep) struct store *store = stores_again(cx, STORE_READ_ONLY);

    if (store)
        CHECK_INT(number(cx, store, "SELECT days_between(today(), today())"), 0);
}

/* Dies with a change that is not committed. */
static int die_in_the_middle(struct ctx *cx, struct store *store)
{
    TRY(count_up_often(cx, store));
    TX(tx, cx, store);
    TRY(store_exec(cx, store, "insert", STR("INSERT INTO t VALUES (1000)")));
    (void)raise(SIGKILL);
    return RC_FAIL;
}

STORE_PLACE_TEST(killed_writers_leave_what_they_committed)
{
    make(cx);
    CHECK_INT(ended(child(die_in_the_middle, 0)), -1);
    CLEANUP(store_closep) struct store *store = stores_again(cx, 0);

    if (!store)
        return;
    CHECK_INT(number(cx, store, "SELECT count(*) FROM t"), EACH);
    CHECK_OK(count_up(cx, store)); /* and the next one need not wait for them */
    CHECK_INT(number(cx, store, "SELECT max(n) FROM t"), EACH + 1);
}

static void in_the_way(struct ctx *cx, struct store *one, struct store *other)
{
    struct tx tx = {NULL, 0}, second = {NULL, 0};
    int64_t began = time(NULL);

    store_set_deadline(other, 1000);
    CHECK_OK(tx_begin(cx, one, &tx));
    CHECK_RC(tx_begin(cx, other, &second), RC_CONFLICT);
    CHECK_INT(store_cause(other), STORE_CAUSE_RETRY);
    CHECK(str_has(cx->err.text, "another program has been writing to it for too long; try again"));
    CHECK(time(NULL) - began < 5);
    tx_end(&tx);
    CHECK_OK(tx_begin(cx, other, &second));
    CHECK_OK(store_exec(cx, other, "insert", STR("INSERT INTO t VALUES (1)")));
    CHECK_OK(tx_commit(cx, &second));
}

STORE_TEST(writers_do_not_wait_for_ever)
{
    CLEANUP(store_closep) struct store *other = stores_again(cx, 0);

    stores_tables(cx, store, "CREATE TABLE t (n INTEGER NOT NULL) STRICT");
    if (other)
        in_the_way(cx, store, other);
}

static int look_twice(struct ctx *cx, struct store *reader, struct store *writer)
{
    TX_READ(tx, cx, reader);
    CHECK_INT(number(cx, reader, "SELECT count(*) FROM t"), 0);
    TRY(count_up(cx, writer));
    CHECK_INT(number(cx, reader, "SELECT count(*) FROM t"), 0);
    CHECK_RC(store_exec(cx, reader, "insert", STR("INSERT INTO t VALUES (9)")), RC_DENIED);
    return 0;
}

static int write_within(struct ctx *cx, struct store *reader)
{
    TX_READ(tx, cx, reader);
    TX(inner, cx, reader);
    return 0;
}

STORE_TEST(readers_see_one_state_and_wait_for_nobody)
{
    CLEANUP(store_closep) struct store *writer = stores_again(cx, 0);

    stores_tables(cx, store, "CREATE TABLE t (n INTEGER NOT NULL) STRICT");
    if (!writer)
        return;
    CHECK_OK(look_twice(cx, store, writer));
    CHECK_INT(number(cx, store, "SELECT count(*) FROM t"), 1);
    CHECK_OK(store_exec(cx, store, "insert", STR("INSERT INTO t VALUES (9)")));
    CHECK_RC(write_within(cx, store), RC_INVALID);
}

STORE_TEST(readers_change_nothing)
{
    CLEANUP(store_closep) struct store *reader = stores_again(cx, STORE_READ_ONLY);
    struct tx tx = {NULL, 0};

    stores_tables(cx, store, "CREATE TABLE t (n INTEGER NOT NULL) STRICT");
    if (!reader)
        return;
    CHECK_INT(number(cx, reader, "SELECT count(*) FROM t"), 0);
    CHECK_RC(store_exec(cx, reader, "insert", STR("INSERT INTO t VALUES (9)")), RC_DENIED);
    CHECK_RC(tx_begin(cx, reader, &tx), RC_DENIED);
    CHECK_OK(look_twice(cx, reader, store));
}

/* Both references are wrong until the end. */
static int cross(struct ctx *cx, struct store *store, bool whole)
{
    TX(tx, cx, store);
    TRY(store_exec(cx, store, "one", STR("INSERT INTO a VALUES ('a', 'b')")));
    if (whole)
        TRY(store_exec(cx, store, "two", STR("INSERT INTO a VALUES ('b', 'a')")));
    return tx_commit(cx, &tx);
}

STORE_TEST(references_are_checked_at_the_end)
{
    stores_tables(cx, store,
                  "CREATE TABLE a (id TEXT PRIMARY KEY, other TEXT REFERENCES a (id) DEFERRABLE "
                  "INITIALLY DEFERRED) STRICT");
    CHECK_RC(cross(cx, store, false), RC_CONFLICT);
    CHECK_INT(store_cause(store), STORE_CAUSE_FOREIGN_KEY);
    CHECK_INT(number(cx, store, "SELECT count(*) FROM a"), 0);
    CHECK_OK(cross(cx, store, true));
    CHECK_INT(number(cx, store, "SELECT count(*) FROM a"), 2);
    /* Outside of a transaction too, and where the row that it gives is asked for only. */
    bool row = true;
    STMT(s);

    CHECK_OK(store_prepare(cx, store, STR("INSERT INTO a VALUES ('x', 'y') RETURNING id"), &s));
    if (!s)
        return;
    int rc = stmt_step(cx, s, &row);

    if (rc == 0) /* SQLite has its row first */
        rc = stmt_step(cx, s, &row);
    CHECK_RC(rc, RC_CONFLICT);
}

static int conflict_within(struct ctx *cx, struct store *store, bool guarded)
{
    TX(tx, cx, store);
    TRY(store_exec(cx, store, "one", STR("INSERT INTO t VALUES (2)")));
    if (guarded) {
        TX(inner, cx, store);
        CHECK_RC(store_exec(cx, store, "again", STR("INSERT INTO t VALUES (1)")), RC_CONFLICT);
        CHECK_RC(tx_commit(cx, &inner), RC_CONFLICT);
    } else {
        CHECK_RC(store_exec(cx, store, "again", STR("INSERT INTO t VALUES (1)")), RC_CONFLICT);
        CHECK_RC(store_exec(cx, store, "more", STR("INSERT INTO t VALUES (3)")), RC_CONFLICT);
        CHECK(str_has(cx->err.text, "can only be rolled back"));
    }
    return tx_commit(cx, &tx);
}

STORE_TEST(transactions_that_failed_only_roll_back)
{
    stores_tables(cx, store, "CREATE TABLE t (n INTEGER NOT NULL UNIQUE) STRICT");
    CHECK_OK(store_exec(cx, store, "first", STR("INSERT INTO t VALUES (1)")));
    CHECK_RC(conflict_within(cx, store, false), RC_CONFLICT);
    CHECK_INT(number(cx, store, "SELECT count(*) FROM t"), 1);
    CHECK_OK(conflict_within(cx, store, true));
    CHECK_INT(number(cx, store, "SELECT count(*) FROM t"), 2);
}
