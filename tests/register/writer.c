/* Many threads, one writer. */
#include "register/writer.h"

#include <pthread.h>

#include "tests/register/kept.h"

#define THREADS 8
#define EACH 25

struct hand {
    struct writer *writer;
    const struct register_def *def;
    int n;
    int written, refused, wrong;
};

/* Every fifth has no title and is refused. */
static void *hand_over(void *arg)
{
    struct hand *h = arg;

    for (int i = 0; i < EACH; i++) {
        CLEANUP(arena_freep) struct arena *mem = arena_new(0);
        struct ctx cx = {.mem = mem, .today = {2026, 11, 30}};
        struct value *body = value_map(mem);
        struct record_change change = {.def = h->def, .act = "add", .body = body};
        struct str title = str_printf(mem, "%d-%d", h->n, i);
        struct record record = {.body = NULL};
        if (i % 5 != 0)
            value_set_text(body, "title", title);
        change.key = str_printf(mem, "key-%d-%d", h->n, i);
        int rc = writer_write(&cx, h->writer, &change, STR_NONE, &record);
        h->written += rc == 0;
        h->refused += rc == RC_INVALID && str_has(cx.err.text, "it is needed");
        h->wrong += rc == 0 && !str_eq(value_get_text(record.body, "title"), title);
    }
    return NULL;
}

static int check_order(void *arg, UNUSED struct ctx *cx, const struct record *record)
{
    int64_t *last = arg;

    if (record->seq != *last + 1)
        return RC_FAIL;
    *last = record->seq;
    return 0;
}

STORE_TEST(writer_of_many_threads)
{
    struct kept *k = kept_open(cx, store);
    struct stores_place place = stores_place();
    struct writer *writer = NULL;
    struct hand hands[THREADS];
    pthread_t threads[THREADS];
    uint64_t batches, changes, n;
    int64_t last = 0;
    struct record_query all = {.def = kept_def(k, "risk")};

    CHECK_OK(writer_open(cx, place.where, place.schema, k->rs.registers, &kept_keys, &writer));
    if (writer == NULL)
        return;
    for (int i = 0; i < THREADS; i++) {
        hands[i] = (struct hand){.writer = writer, .def = all.def, .n = i};
        CHECK(pthread_create(&threads[i], NULL, hand_over, &hands[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(hands[i].written, EACH * 4 / 5);
        CHECK_INT(hands[i].refused, EACH / 5);
        CHECK_INT(hands[i].wrong, 0);
    }
    writer_counts(writer, &batches, &changes);
    CHECK_INT(changes, THREADS * EACH);
    CHECK(batches < changes);
    writer_close(writer);
    CHECK_OK(record_count(cx, &k->rs, &all, &n));
    CHECK_INT(n, THREADS * EACH * 4 / 5);
    CHECK_OK(record_changes(cx, &k->rs, 0, STR_NONE, check_order, &last));
    CHECK_INT(last, THREADS * EACH * 4 / 5 + 2);
    kept_healthy(k);
    kept_close(k);
}
