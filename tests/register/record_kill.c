/* Two who write, one that is killed, and two organisations. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/register/kept.h"

#define KILLS 50

static int put(struct ctx *cx, const struct record_store *rs, struct str id, int64_t rev,
               struct str name, struct record *ret)
{
    struct value *body = value_map(cx->mem);
    struct record_change change = {.def = registers_find(rs->registers, STR("asset")),
                                   .id = id,
                                   .rev = rev,
                                   .body = body,
                                   .act = "set"};

    value_set_text(body, "name", name);
    return record_write(cx, rs, &change, ret);
}

KEPT_TEST(record_write_by_two_connections)
{
    CLEANUP(store_closep) struct store *other = stores_again(cx, 0);
    struct record_store rs;
    struct record mine, theirs;

    record_store_open(other, k->rs.registers, &kept_keys, &rs);
    CHECK_OK(put(cx, &k->rs, STR_NONE, 0, STR("Code"), &mine));
    CHECK_OK(put(cx, &rs, mine.id, 1, STR("Their code"), &theirs));
    CHECK_RC(put(cx, &k->rs, mine.id, 1, STR("My code"), &mine), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "version 1, now 2"));
    CHECK_OK(put(cx, &rs, STR_NONE, 0, STR("Notebooks"), &theirs));
    CHECK_STR(theirs.ref, "A-002");
    CHECK_INT(theirs.seq, 5);
    record_store_close(&rs);
}

/* Writes until it is killed, and says each number that was acknowledged. */
_Noreturn static void write_on(const struct stores_place *place, const struct registers *registers,
                               int fd)
{
    struct ctx cx = {.mem = arena_new(0), .today = {2026, 11, 30}};
    struct store *store;
    struct record_store rs;
    struct record record;

    if (store_open_schema(&cx, place->where, place->schema, 0, &store) != 0)
        _exit(1);
    record_store_open(store, registers, &kept_keys, &rs);
    for (;;) {
        struct str name = record_id_new(&cx);
        if (put(&cx, &rs, STR_NONE, 0, name, &record) != 0 ||
            write(fd, &record.seq, sizeof record.seq) != sizeof record.seq)
            _exit(1);
    }
}

/* The last number that a child said before it was killed. */
static int64_t kill_one(const struct stores_place *place, const struct registers *registers,
                        useconds_t after)
{
    int64_t seq, last = 0;
    int fds[2], status;

    if (pipe(fds) != 0)
        return -1;
    pid_t child = fork();

    if (child == 0) {
        (void)close(fds[0]);
        write_on(place, registers, fds[1]);
    }
    (void)close(fds[1]);
    if (read(fds[0], &seq, sizeof seq) == sizeof seq)
        last = seq;
    (void)usleep(after);
    (void)kill(child, SIGKILL);
    (void)waitpid(child, &status, 0);
    while (read(fds[0], &seq, sizeof seq) == sizeof seq)
        last = seq;
    (void)close(fds[0]);
    return WIFSIGNALED(status) ? last : -1;
}

static int count_seq(void *arg, UNUSED struct ctx *cx, const struct record *record)
{
    int64_t *last = arg;

    if (record->seq != *last + 1)
        return RC_FAIL;
    *last = record->seq;
    return 0;
}

KEPT_TEST(record_write_survives_kill)
{
    struct stores_place place = stores_place();

    for (size_t i = 0; i < test_rounds(KILLS, 500); i++) {
        int64_t said = kill_one(&place, k->rs.registers, (useconds_t)(i % 10) * 700), last = 0;
        CHECK(said > 0);
        CHECK_OK(record_changes(cx, &k->rs, 0, STR_NONE, count_seq, &last));
        CHECK(last == said || last == said + 1);
    }
    kept_healthy(k);
}

/* ---- isolation ---- */

static int no_secret(void *arg, struct ctx *cx, const struct record *record)
{
    struct str body = record_json(cx->mem, record->body);

    return str_find(body, str_of(arg), 0) == SIZE_MAX ? 0 : RC_FAIL;
}

static void work(struct ctx *cx, const struct record_store *rs, const char *secret, int i)
{
    struct record record;

    CHECK_OK(put(cx, rs, STR_NONE, 0, str_printf(cx->mem, "%s %d", secret, i), &record));
    if (i % 3 == 0)
        CHECK_OK(put(cx, rs, record.id, 1, str_printf(cx->mem, "%s again %d", secret, i), &record));
}

static bool file_has(struct ctx *cx, const char *path, const char *secret)
{
    FILE *f = fopen(path, "rb");
    struct buf all = buf_new(cx->mem);
    char z[65536];
    size_t n;

    if (f == NULL)
        return false;
    while ((n = fread(z, 1, sizeof z, f)) > 0)
        buf_add(&all, (struct str){z, n});
    (void)fclose(f);
    return str_find(buf_str(&all), str_of(secret), 0) != SIZE_MAX;
}

KEPT_TEST(record_stores_know_nothing_of_each_other)
{
    struct stores_place place = stores_place();
    bool file = store_dialect(k->store) == STORE_SQLITE;
    struct str where = str_printf(cx->mem, "%s%s", place.where, file ? ".other" : "");
    struct str schema = str_printf(cx->mem, "%s_other", place.schema);
    struct store *store = NULL;
    struct record_store other;
    static char mine[] = "HALLMARKED", theirs[] = "UNTESTED";

    CHECK_OK(store_open_schema(cx, where.p, schema.p, STORE_CREATE, &store));
    record_store_open(store, k->rs.registers, &kept_keys, &other);
    CHECK_OK(record_tables(cx, &other));
    for (int i = 0; i < 60; i++)
        work(cx, i % 2 > 0 ? &other : &k->rs, i % 2 > 0 ? theirs : mine, i);
    CHECK_OK(record_changes(cx, &k->rs, 0, STR_NONE, no_secret, theirs));
    CHECK_OK(record_changes(cx, &other, 0, STR_NONE, no_secret, mine));
    CHECK(!file || file_has(cx, str_printf(cx->mem, "%s-wal", where.p).p, theirs));
    CHECK(!file_has(cx, where.p, mine));
    CHECK(!file_has(cx, str_printf(cx->mem, "%s-wal", where.p).p, mine));
    if (!file)
        CHECK_OK(
            store_exec(cx, store, "drop", str_printf(cx->mem, "DROP SCHEMA %s CASCADE", schema.p)));
    record_store_close(&other);
    store_close(store);
    if (file)
        CHECK(unlink(where.p) == 0);
}
