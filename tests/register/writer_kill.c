/* The writer of many threads, killed at any moment, and its connection to a server cut. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include "register/writer.h"
#include "tests/register/kept.h"

#define THREADS 8
#define KILLS 12
#define CUTS 6
#define EACH 20

/* ---- killed ---- */

struct hand {
    struct writer *writer;
    const struct register_def *def;
    int fd;
};

/* Says the number of each version that was acknowledged. */
static void *write_on(void *arg)
{
    struct hand *h = arg;

    for (;;) {
        CLEANUP(arena_freep) struct arena *mem = arena_new(0);
        struct ctx cx = {.mem = mem, .today = {2026, 11, 30}};
        struct value *body = value_map(mem);
        struct record_change change = {.def = h->def, .act = "add", .body = body};
        struct record record;
        value_set_text(body, "name", record_id_new(&cx));
        if (writer_write(&cx, h->writer, &change, STR_NONE, &record) != 0 ||
            write(h->fd, &record.seq, sizeof record.seq) != sizeof record.seq)
            _exit(1);
    }
}

_Noreturn static void write_in_child(const struct stores_place *place,
                                     const struct registers *registers, int fd)
{
    struct ctx cx = {.mem = arena_new(0), .today = {2026, 11, 30}};
    struct hand hand = {.def = registers_find(registers, STR("asset")), .fd = fd};
    pthread_t threads[THREADS];

    if (writer_open(&cx, place->where, place->schema, registers, &kept_keys, &hand.writer) != 0)
        _exit(1);
    for (size_t i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, write_on, &hand) != 0)
            _exit(1);
    for (;;)
        (void)pause();
}

/* The highest number that was acknowledged before the child was killed; it was heard all along, so
 * that the pipe is never full. */
static int64_t kill_one(const struct stores_place *place, const struct registers *registers,
                        size_t after)
{
    int64_t seq, last = 0;
    int fds[2], status;

    if (pipe(fds) != 0)
        return -1;
    pid_t child = fork();

    if (child == 0) {
        (void)close(fds[0]);
        write_in_child(place, registers, fds[1]);
    }
    (void)close(fds[1]);
    for (size_t n = 0; read(fds[0], &seq, sizeof seq) == sizeof seq; n++) {
        last = seq > last ? seq : last;
        if (n == after)
            (void)kill(child, SIGKILL);
    }
    (void)close(fds[0]);
    (void)waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? last : -1;
}

static int count_on(void *arg, UNUSED struct ctx *cx, const struct record *record)
{
    int64_t *last = arg;

    if (record->seq != *last + 1)
        return RC_FAIL;
    *last = record->seq;
    return 0;
}

KEPT_TEST(writer_survives_kill)
{
    struct stores_place place = stores_place();

    for (size_t i = 0; i < test_rounds(KILLS, 500); i++) {
        int64_t last = 0, said = kill_one(&place, k->rs.registers, i * 37 % 101);
        CHECK(said > 0);
        CHECK_OK(record_changes(cx, &k->rs, 0, STR_NONE, count_on, &last));
        CHECK(last >= said && last <= said + (int64_t)WRITER_BATCH);
    }
    kept_healthy(k);
}

/* ---- cut off ---- */

struct sender {
    struct writer *writer;
    const struct register_def *def;
    int n;
    int written;
    atomic_int *refused;
    atomic_int *left;
};

/* Sends each change under a key of its own until it is acknowledged. */
static void *send_all(void *arg)
{
    struct sender *s = arg;

    for (int i = 0; i < EACH; i++) {
        CLEANUP(arena_freep) struct arena *mem = arena_new(0);
        struct ctx cx = {.mem = mem, .today = {2026, 11, 30}};
        struct value *body = value_map(mem);
        struct str name = str_printf(mem, "%d-%d", s->n, i);
        struct record_change change = {.def = s->def, .act = "add", .body = body, .key = name};
        struct record record;
        int rc = RC_FAIL;
        value_set_text(body, "name", name);
        for (int attempt = 0; rc != 0 && attempt < 20; attempt++) {
            rc = writer_write(&cx, s->writer, &change, STR_NONE, &record);
            *s->refused += rc != 0;
        }
        s->written += rc == 0;
    }
    --*s->left;
    return NULL;
}

/* All other connections that are at work in this test's schema; other tests run beside it. */
static void cut_off(struct ctx *cx, struct store *store)
{
    bool row;
    STMT(s);

    CHECK_OK(store_prepare(
        cx, store,
        STR("SELECT pg_terminate_backend(pid) FROM (SELECT DISTINCT l.pid FROM pg_locks l "
            "JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = current_schema() AND l.pid <> pg_backend_pid()) AS busy"),
        &s));
    CHECK_OK(stmt_step(cx, s, &row));
    while (row)
        CHECK_OK(stmt_step(cx, s, &row));
}

static void send_and_cut(struct ctx *cx, struct kept *k, struct writer *writer)
{
    struct sender senders[THREADS];
    pthread_t threads[THREADS];
    atomic_int refused = 0, left = THREADS;

    for (int i = 0; i < THREADS; i++) {
        senders[i] = (struct sender){.writer = writer,
                                     .def = kept_def(k, "asset"),
                                     .n = i,
                                     .refused = &refused,
                                     .left = &left};
        CHECK(pthread_create(&threads[i], NULL, send_all, &senders[i]) == 0);
    }
    for (int i = 0; i < CUTS && left > 0; i++) {
        cut_off(cx, k->store);
        (void)usleep(20000);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(senders[i].written, EACH);
    }
    CHECK(refused > 0);
}

KEPT_TEST(writer_that_is_cut_off_writes_once)
{
    struct stores_place place = stores_place();
    struct record_query all = {.def = kept_def(k, "asset")};
    struct writer *writer = NULL;
    uint64_t n;

    if (store_dialect(k->store) != STORE_POSTGRES)
        return;
    CHECK_OK(writer_open(cx, place.where, place.schema, k->rs.registers, &kept_keys, &writer));
    if (writer == NULL)
        return;
    send_and_cut(cx, k, writer);
    writer_close(writer);
    CHECK_OK(record_count(cx, &k->rs, &all, &n));
    CHECK_INT(n, THREADS * EACH);
    kept_healthy(k);
}
