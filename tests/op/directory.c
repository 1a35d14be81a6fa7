#include "tests/op/directory.h"

#include "register/schema.h"
#include "standard/content.h"

int64_t directory_now = DIRECTORY_NOW;

static int64_t say_now(UNUSED struct host *host)
{
    return directory_now;
}

static void say_random(UNUSED struct host *host, void *bytes, size_t n)
{
    struct ctx machine = {.mem = NULL};

    host_random(&machine, bytes, n);
}

static struct host clock_of_tests = {say_now, say_random};

void directory_make(struct ctx *cx, struct store *store)
{
    const struct content content = {content_files, content_file_count};

    cx->host = &clock_of_tests;
    directory_now = DIRECTORY_NOW;
    CHECK_OK(schema_migrate(cx, store, &content, "schema/directory/", NULL, NULL));
    CHECK_OK(store_exec(cx, store, "test",
                        STR("INSERT INTO organisation (name, title, made_at) VALUES "
                            "('one', 'One Ltd', '2026-01-01'), ('two', 'Two Ltd', '2026-01-01')")));
}
