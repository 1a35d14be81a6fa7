/* Records on a disk that fails: what was acknowledged is there afterwards, and nothing by halves.
 */
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/group.h"
#include "tests/register/kept.h"
#include "tests/store/faulty.h"

#define WRITES 3
#define HANDS 4 /* threads that share the wait for the disk */

struct trial {
    struct ctx *cx;
    const struct registers *registers;
    struct str folder; /* of the store that is written, and one below it for what a cut leaves */
    struct faulty *disk;
    struct store_groups *groups; /* that stores join, or NULL */
    uint64_t
        said_at[HANDS * WRITES];     /* calls that the disk had had when a write was acknowledged */
    struct str said[HANDS * WRITES]; /* its id */
    size_t said_n, refused_n;
};

/* ---- a store as it is before anything fails ---- */

static struct str path_in(const struct trial *t, const char *name)
{
    return str_printf(t->cx->mem, "%.*s/%s", STR_ARG(t->folder), name);
}

static void drop_store(const struct trial *t, const char *name)
{
    static const char *const TAILS[] = {"", "-wal", "-shm", "-journal"};

    for (size_t i = 0; i < COUNT_OF(TAILS); i++)
        (void)unlink(str_printf(t->cx->mem, "%s%s", path_in(t, name).p, TAILS[i]).p);
}

static void make_store(struct ctx *cx, struct trial *t)
{
    struct store *store = NULL;
    char *folder = str_z(cx->mem, STR("/tmp/assay-faults.XXXXXX"));

    *t = (struct trial){.cx = cx};
    CHECK(mkdtemp(folder) != NULL);
    t->folder = str_of(folder);
    CHECK(mkdir(path_in(t, "cut").p, 0700) == 0);
    CHECK_OK(store_open(cx, path_in(t, "fresh.db").p, STORE_CREATE, &store));
    struct kept *k = kept_open(cx, store);

    t->registers = k->rs.registers;
    kept_close(k);
    store_close(store);
}

static void end(struct trial *t)
{
    drop_store(t, "fresh.db");
    drop_store(t, "store.db");
    drop_store(t, "cut/store.db");
    CHECK(rmdir(path_in(t, "cut").p) == 0);
    CHECK(rmdir(t->folder.p) == 0);
}

/* The store afresh, on a disk that fails when it is told to. */
static void begin(struct trial *t)
{
    struct str all = test_read_file(t->cx, path_in(t, "fresh.db").p);

    drop_store(t, "store.db");
    FILE *f = fopen(path_in(t, "store.db").p, "wb");

    CHECK(f != NULL && fwrite(all.p, 1, all.n, f) == all.n && fclose(f) == 0);
    t->said_n = t->refused_n = 0;
    t->disk = faulty_new();
}

/* ---- writing ---- */

static int write_one(struct ctx *cx, const struct record_store *rs, struct str name, struct str key,
                     struct record *ret)
{
    struct value *body = value_map(cx->mem);
    struct record_change change = {
        .def = registers_find(rs->registers, STR("asset")), .body = body, .act = "add", .key = key};

    value_set_text(body, "name", name);
    return record_write(cx, rs, &change, ret);
}

static int again(struct ctx *cx, const struct trial *t, const char *pragma, struct store **store,
                 struct record_store *rs)
{
    if (*store != NULL)
        return 0;
    TRY(store_open(cx, path_in(t, "store.db").p, 0, store));
    if (t->groups != NULL)
        store_groups_join(t->groups, *store);
    record_store_open(*store, t->registers, &kept_keys, rs);
    return pragma != NULL ? store_exec(cx, *store, "pragma", str_of(pragma)) : 0;
}

static void close_it(struct store **store, struct record_store *rs)
{
    if (*store != NULL)
        record_store_close(rs);
    store_closep(store);
}

/* Writes some records one after the other, and opens the store again where it could not go on.
 * What was refused is sent once more under the same key, until the disk has failed twice. */
static void write_some(struct trial *t, const char *pragma)
{
    struct ctx *cx = t->cx;
    struct store *store = NULL;
    struct record_store rs;
    struct record record;

    for (int i = 0; i < WRITES && t->refused_n < 2;) {
        struct str name = str_printf(cx->mem, "Asset %d", i);
        int rc = again(cx, t, pragma, &store, &rs);
        if (rc == 0)
            rc = write_one(cx, &rs, name, name, &record);
        if (rc != 0) {
            t->refused_n++;
            CHECK(cx->err.text.n > 0);
            close_it(&store, &rs);
            continue;
        }
        t->said_at[t->said_n] = faulty_calls(t->disk);
        t->said[t->said_n++] = record.id;
        i++;
    }
    close_it(&store, &rs);
}

/* ---- what is there afterwards ---- */

struct seen {
    const struct trial *t;
    size_t said; /* acknowledged ones among them */
    int64_t last;
};

static int see(void *arg, UNUSED struct ctx *cx, const struct record *record)
{
    struct seen *seen = arg;

    if (record->seq != ++seen->last)
        return RC_FAIL;
    for (size_t i = 0; i < seen->t->said_n; i++)
        seen->said += str_eq(record->id, seen->t->said[i]);
    return 0;
}

static bool is_whole(struct ctx *cx, struct store *store)
{
    bool row = false;
    STMT(s);

    return store_prepare(cx, store, STR("SELECT integrity_check FROM pragma_integrity_check"),
                         &s) == 0 &&
           stmt_step(cx, s, &row) == 0 && row && str_is(stmt_text(cx->mem, s, 0), "ok");
}

/* The first `said` acknowledged records are there, every version has its row, and no page is
 * wrong. */
static bool examine(struct trial *t, const char *name, size_t said)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(0);
    CLEANUP(store_closep) struct store *store = NULL;
    struct ctx cx = {.mem = mem, .today = t->cx->today};
    struct value *problems = value_list(mem);
    struct seen seen = {.t = t};
    struct record_store rs;
    bool good;

    if (store_open(&cx, path_in(t, name).p, 0, &store) != 0)
        return false;
    record_store_open(store, t->registers, &kept_keys, &rs);
    good = is_whole(&cx, store) && record_changes(&cx, &rs, 0, STR_NONE, see, &seen) == 0 &&
           seen.said >= said && record_doctor(&cx, &rs, false, problems) == 0 &&
           value_count(problems) == 0;
    record_store_close(&rs);
    return good;
}

/* ---- one call fails ---- */

static void must_be_whole(struct trial *t, const char *name, enum faulty_how how, uint64_t n)
{
    if (!examine(t, name, t->said_n))
        test_failed(__FILE__, __LINE__, "%s: something is lost or half there: way %d, call %d",
                    name, how, (int)n);
}

/* The store as it is, and as a power cut would leave it right afterwards. */
static bool fail_at(struct trial *t, enum faulty_how how, uint64_t n, bool on)
{
    struct ctx *cx = t->cx;

    begin(t);
    faulty_fail(t->disk, how, n, on);
    write_some(t, NULL);
    bool hit = faulty_has_failed(t->disk);

    faulty_rest(t->disk);
    drop_store(t, "cut/store.db");
    CHECK_OK(faulty_cut(cx, t->disk, UINT64_MAX, FAULTY_LOST, n, path_in(t, "cut").p));
    must_be_whole(t, "cut/store.db", how, n);
    must_be_whole(t, "store.db", how, n);
    faulty_free(t->disk);
    return hit;
}

/* At each call in turn, or at every `step`-th. */
static void fail_everywhere(struct ctx *cx, enum faulty_how how, bool on, uint64_t step)
{
    struct trial t;
    size_t refused = 0;
    uint64_t n = 1;

    make_store(cx, &t);
    for (; fail_at(&t, how, n, on); n += test_step(step)) {
        CHECK(on || t.said_n == WRITES);
        refused += t.refused_n;
    }
    CHECK(t.said_n == WRITES && refused > 0 && n > 50);
    end(&t);
}

TEST(record_write_when_a_call_fails)
{
    fail_everywhere(cx, FAULTY_EIO, false, 3);
}

TEST(record_write_when_a_disk_dies)
{
    fail_everywhere(cx, FAULTY_EIO, true, 6);
}

TEST(record_write_when_a_disk_is_full_for_a_moment)
{
    fail_everywhere(cx, FAULTY_SHORT, false, 6);
}

TEST(record_write_when_a_disk_is_full)
{
    fail_everywhere(cx, FAULTY_FULL, true, 6);
}

/* ---- a power cut ---- */

static size_t said_by(const struct trial *t, uint64_t calls)
{
    size_t n = 0;

    while (n < t->said_n && t->said_at[n] <= calls)
        n++;
    return n;
}

/* How many cuts lose something or leave a store that is not whole. */
static unsigned cut_everywhere(struct trial *t, enum faulty_left left, uint64_t step, uint64_t seed)
{
    struct ctx *cx = t->cx;
    struct str folder = path_in(t, "cut");
    uint64_t calls = faulty_calls(t->disk);
    unsigned bad = 0;

    for (uint64_t n = 1; n <= calls; n += test_step(step)) {
        drop_store(t, "cut/store.db");
        CHECK_OK(faulty_cut(cx, t->disk, n, left, seed * 1000003 + n, folder.p));
        bad += !examine(t, "cut/store.db", said_by(t, n));
    }
    return bad;
}

static unsigned cuts(struct ctx *cx, struct store_groups *groups, const char *pragma,
                     enum faulty_left left, uint64_t step)
{
    struct trial t;
    unsigned bad = 0;

    make_store(cx, &t);
    t.groups = groups;
    begin(&t);
    write_some(&t, pragma);
    CHECK_INT(t.said_n, WRITES);
    faulty_rest(t.disk);
    for (uint64_t seed = 0; seed < (left == FAULTY_TORN ? test_rounds(1, 100) : 1); seed++)
        bad += cut_everywhere(&t, left, step, seed);
    faulty_free(t.disk);
    end(&t);
    return bad;
}

TEST(record_write_survives_power_cuts)
{
    CHECK_INT(cuts(cx, NULL, NULL, FAULTY_LOST, 3), 0);
    CHECK_INT(cuts(cx, NULL, NULL, FAULTY_KEPT, 5), 0);
    CHECK_INT(cuts(cx, NULL, NULL, FAULTY_TORN, 3), 0);
}

/* What the tests above are worth: a store that does not wait for the disk loses something. */
TEST(record_write_without_syncs_loses)
{
    CHECK(cuts(cx, NULL, "PRAGMA synchronous = OFF", FAULTY_LOST, 5) > 0);
    CHECK(cuts(cx, NULL, "PRAGMA synchronous = NORMAL", FAULTY_LOST, 5) > 0);
    CHECK(cuts(cx, NULL, "PRAGMA synchronous = OFF", FAULTY_TORN, 5) > 0);
}

/* ---- many that share the wait for the disk ---- */

TEST(record_write_in_a_group_survives_power_cuts)
{
    struct store_groups *groups = store_groups_new();

    CHECK_INT(cuts(cx, groups, NULL, FAULTY_LOST, 3), 0);
    CHECK_INT(cuts(cx, groups, NULL, FAULTY_TORN, 5), 0);
    store_groups_free(groups);
}

struct hand {
    struct ctx cx;
    struct store *store;
    struct record_store rs;
    pthread_t thread;
    int n;
    struct str said[WRITES];
    size_t said_n;
};

/* Sends each change until it is acknowledged, under one key, three times at most. */
static void *hand_over(void *arg)
{
    struct hand *h = arg;
    struct record record;

    for (int i = 0; i < WRITES; i++) {
        struct str name = str_printf(h->cx.mem, "Asset %d of hand %d", i, h->n);
        int rc = RC_FAIL;
        for (int attempt = 0; rc != 0 && attempt < 3; attempt++)
            rc = write_one(&h->cx, &h->rs, name, name, &record);
        if (rc == 0)
            h->said[h->said_n++] = record.id;
    }
    return NULL;
}

static void open_hands(struct trial *t, struct hand *all)
{
    for (int i = 0; i < HANDS; i++) {
        struct ctx *cx = &all[i].cx;
        all[i] = (struct hand){.cx = {.mem = arena_new(0), .today = t->cx->today}, .n = i};
        CHECK_OK(again(cx, t, NULL, &all[i].store, &all[i].rs));
    }
}

static void run_hands(struct trial *t, struct hand *all)
{
    for (int i = 0; i < HANDS; i++)
        CHECK(pthread_create(&all[i].thread, NULL, hand_over, &all[i]) == 0);
    for (int i = 0; i < HANDS; i++) {
        pthread_join(all[i].thread, NULL);
        for (size_t j = 0; j < all[i].said_n; j++)
            t->said[t->said_n++] = str_copy(t->cx->mem, all[i].said[j]);
    }
    for (int i = 0; i < HANDS; i++) {
        close_it(&all[i].store, &all[i].rs);
        arena_free(all[i].cx.mem);
    }
}

static bool group_fails_at(struct trial *t, enum faulty_how how, uint64_t n, bool on)
{
    struct hand all[HANDS];
    struct ctx *cx = t->cx;

    begin(t);
    t->groups = store_groups_new();
    open_hands(t, all);
    faulty_fail(t->disk, how, n, on);
    run_hands(t, all);
    bool hit = faulty_has_failed(t->disk);

    store_groups_free(t->groups);
    t->groups = NULL;
    faulty_rest(t->disk);
    drop_store(t, "cut/store.db");
    CHECK_OK(faulty_cut(cx, t->disk, UINT64_MAX, FAULTY_LOST, n, path_in(t, "cut").p));
    must_be_whole(t, "cut/store.db", how, n);
    must_be_whole(t, "store.db", how, n);
    CHECK(on || t->said_n == (size_t)HANDS * WRITES);
    faulty_free(t->disk);
    return hit;
}

static void group_fails_everywhere(struct ctx *cx, enum faulty_how how, bool on)
{
    struct trial t;
    uint64_t n = 1;

    make_store(cx, &t);
    while (group_fails_at(&t, how, n, on))
        n += test_step(9);
    CHECK(n > 20);
    end(&t);
}

TEST(record_write_in_a_group_when_a_disk_fails)
{
    group_fails_everywhere(cx, FAULTY_EIO, false);
    group_fails_everywhere(cx, FAULTY_SHORT, true);
}
