/* Connections that share the wait for the disk: tests/register/record_faults.c has what a power cut
 * leaves of it. */
#include <pthread.h>

#include "store/ask.h"
#include "store/group.h"
#include "tests/store/faulty.h"
#include "tests/stores.h"

#define THREADS 8
#define EACH 5

struct hand {
    struct stores_place place;
    struct store_groups *groups;
    pthread_t thread;
    int rc;
};

static int count_up(struct ctx *cx, struct store *store)
{
    TX(tx, cx, store);
    TRY(store_run(cx, store, "UPDATE t SET n = n + 1"));
    return tx_commit(cx, &tx);
}

static int count_up_often(struct ctx *cx, const struct hand *h)
{
    CLEANUP(store_closep) struct store *store = NULL;

    TRY(store_open_schema(cx, h->place.where, h->place.schema, 0, &store));
    store_groups_join(h->groups, store);
    for (int i = 0; i < EACH; i++)
        TRY(count_up(cx, store));
    return 0;
}

static void *run(void *arg)
{
    struct hand *h = arg;
    struct ctx cx = {.mem = arena_new(0), .today = {2026, 11, 30}};

    h->rc = count_up_often(&cx, h);
    arena_free(cx.mem);
    return NULL;
}

static void count_up_by_all(struct store_groups *groups)
{
    struct hand hands[THREADS];

    for (int i = 0; i < THREADS; i++) {
        hands[i] = (struct hand){.place = stores_place(), .groups = groups};
        CHECK(pthread_create(&hands[i].thread, NULL, run, &hands[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(hands[i].thread, NULL);
        CHECK_INT(hands[i].rc, 0);
    }
}

/* On a disk that takes its time each wait is for several; PostgreSQL's server shares by itself. */
STORE_PLACE_TEST(group_shares_the_wait_for_the_disk)
{
    struct faulty *disk = faulty_new();
    struct store *store = stores_again(cx, STORE_CREATE);
    struct store_groups *groups = store_groups_new();
    bool lite = store_dialect(store) == STORE_SQLITE;
    uint64_t commits, waits;
    int64_t n;

    stores_tables(cx, store, "CREATE TABLE t (n INTEGER NOT NULL) STRICT");
    CHECK_OK(store_run(cx, store, "INSERT INTO t (n) VALUES (0)"));
    faulty_slow(disk, 5);
    count_up_by_all(groups);
    CHECK_OK(store_int(cx, store, "SELECT n FROM t", &n));
    CHECK_INT(n, THREADS * EACH);
    store_groups_counts(groups, &commits, &waits);
    CHECK_INT(commits, lite ? THREADS * EACH : 0);
    CHECK(lite ? waits > 0 && waits < commits : waits == 0);
    store_groups_free(groups);
    store_close(store);
    faulty_free(disk);
}

static int give_up(struct ctx *cx, struct store *store)
{
    TX(tx, cx, store);
    TRY(store_run(cx, store, "UPDATE t SET n = 100"));
    return RC_FAIL;
}

/* Of a group of one nothing is acknowledged without a wait; what is written outside of transactions
 * waits as ever, and a transaction that is given up waits for nothing. */
STORE_PLACE_TEST(group_waits_for_what_was_committed)
{
    CLEANUP(store_closep) struct store *store = stores_again(cx, STORE_CREATE);
    struct store_groups *groups = store_groups_new();
    uint64_t commits, waits;
    int64_t n;

    stores_tables(cx, store, "CREATE TABLE t (n INTEGER NOT NULL) STRICT");
    store_groups_join(groups, store);
    CHECK_OK(store_run(cx, store, "INSERT INTO t (n) VALUES (0)"));
    CHECK_OK(count_up(cx, store));
    CHECK_RC(give_up(cx, store), RC_FAIL);
    CHECK_OK(count_up(cx, store));
    CHECK_OK(store_int(cx, store, "SELECT n FROM t", &n));
    CHECK_INT(n, 2);
    store_groups_counts(groups, &commits, &waits);
    CHECK_INT(commits, store_dialect(store) == STORE_SQLITE ? 2 : 0);
    CHECK_INT(waits, commits);
    if (store_dialect(store) == STORE_SQLITE) {
        CHECK_OK(store_int(cx, store, "PRAGMA synchronous", &n));
        CHECK_INT(n, 2);
    }
    store_groups_free(groups);
}
