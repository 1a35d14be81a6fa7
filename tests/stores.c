#include "tests/stores.h"

#include <unistd.h>

static struct stores_place place; /* of the running test */
static store_test *open_test;
static unsigned made;

const char *stores_postgres(void)
{
    const char *url = getenv("ASSAY_TEST_POSTGRES");

    if (url && *url)
        return url;
    test_skip("ASSAY_TEST_POSTGRES names no database; tools/with-postgres starts one");
    return NULL;
}

struct stores_place stores_place(void)
{
    return place;
}

struct store *stores_again(struct ctx *cx, unsigned flags)
{
    struct store *store = NULL;

    CHECK_OK(store_open_schema(cx, place.where, place.schema, flags, &store));
    return store;
}

void stores_tables(struct ctx *cx, struct store *store, const char *sql)
{
    CHECK_OK(store_exec(cx, store, "tables", store_ddl(cx->mem, store, str_of(sql))));
}

static void on_sqlite(struct ctx *cx, place_test *test)
{
    char folder[] = "/tmp/assay-store.XXXXXX";
    static const char *const TAILS[] = {"", "-wal", "-shm", "-journal"};

    if (!mkdtemp(folder)) {
        test_failed(__FILE__, __LINE__, "%s cannot be made", folder);
        return;
    }
    place.where = str_z(cx->mem, str_printf(cx->mem, "%s/store.db", folder));
    place.schema = "public";
    test(cx);
    for (size_t i = 0; i < COUNT_OF(TAILS); i++)
        (void)unlink(str_z(cx->mem, str_printf(cx->mem, "%s%s", place.where, TAILS[i])));
    if (rmdir(folder) < 0)
        test_failed(__FILE__, __LINE__, "the test left files in %s", folder);
}

static void on_postgres(struct ctx *cx, place_test *test)
{
    CLEANUP(store_closep) struct store *admin = NULL;

    place.where = stores_postgres();
    if (!place.where)
        return;
    place.schema = str_z(cx->mem, str_printf(cx->mem, "test_%d_%u", (int)getpid(), ++made));
    test(cx);
    CHECK_OK(store_open(cx, place.where, 0, &admin));
    if (admin)
        CHECK_OK(store_exec(cx, admin, "drop",
                            str_printf(cx->mem, "DROP SCHEMA IF EXISTS %s CASCADE", place.schema)));
}

void stores_run_closed(struct ctx *cx, enum store_dialect dialect, place_test *test)
{
    if (dialect == STORE_SQLITE)
        on_sqlite(cx, test);
    else
        on_postgres(cx, test);
}

static void with_store(struct ctx *cx)
{
    struct store *store = stores_again(cx, STORE_CREATE);

    if (store)
        open_test(cx, store);
    store_close(store);
}

void stores_run(struct ctx *cx, enum store_dialect dialect, store_test *test)
{
    open_test = test;
    stores_run_closed(cx, dialect, with_store);
}
