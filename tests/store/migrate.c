#include "tests/stores.h"

#define SQL(text)                                                                                  \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

static const struct store_script SCRIPTS[] = {
    {"schema/x/0001.sql",
     SQL("CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT NOT NULL UNIQUE) STRICT;"
         "CREATE TABLE b (a INTEGER REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED) STRICT;"
         "INSERT INTO a (t) VALUES ('one')")},
    {"schema/x/0002-more.postgres.sql", SQL("ALTER TABLE a ADD COLUMN n BIGINT")},
    {"schema/x/0002-more.sqlite.sql", SQL("ALTER TABLE a ADD COLUMN n INTEGER")},
    {"schema/x/0003.sql", SQL("UPDATE a SET n = 3")},
};

static struct store_migration upto(size_t n)
{
    return (struct store_migration){.scripts = SCRIPTS, .n = n, .program = "Assay 1.2"};
}

static int64_t number(struct ctx *cx, struct store *store, const char *sql)
{
    bool row = false;
    STMT(s);

    CHECK_OK(store_prepare(cx, store, str_of(sql), &s));
    if (s)
        CHECK_OK(stmt_step(cx, s, &row));
    return row ? stmt_int(s, 0) : -1;
}

static int seen(UNUSED struct ctx *cx, UNUSED struct store *store, int64_t from, int64_t to,
                void *arg)
{
    int64_t *calls = arg;

    calls[0]++;
    calls[1] = from;
    calls[2] = to;
    return 0;
}

STORE_TEST(migration_runs_what_is_missing_and_asks_for_a_backup_before)
{
    int64_t calls[3] = {0};
    struct store_migration m = upto(1);

    m.before = seen;
    m.arg = calls;
    CHECK_OK(store_migrate(cx, store, &m));
    CHECK_INT(calls[0], 0); /* there was nothing to back up */
    CHECK_INT(number(cx, store, "SELECT id FROM a WHERE t = 'one'"), 1);
    m.n = COUNT_OF(SCRIPTS);
    CHECK_OK(store_migrate(cx, store, &m));
    CHECK_INT(calls[0], 1);
    CHECK_INT(calls[1], 1);
    CHECK_INT(calls[2], 3);
    CHECK_INT(number(cx, store, "SELECT n FROM a"), 3);
    CHECK_INT(number(cx, store, "SELECT count(*) FROM schema_version WHERE day = today()"), 3);
    CHECK_OK(store_migrate(cx, store, &m));
    CHECK_INT(calls[0], 1);
}

static int refuse(struct ctx *cx, UNUSED struct store *store, UNUSED int64_t from,
                  UNUSED int64_t to, UNUSED void *arg)
{
    return fail(cx, RC_LIMIT, NULL, "The backup does not fit");
}

STORE_TEST(migration_without_its_backup_does_not_begin)
{
    struct store_migration m = upto(1);

    CHECK_OK(store_migrate(cx, store, &m));
    m = upto(COUNT_OF(SCRIPTS));
    m.before = refuse;
    CHECK_RC(store_migrate(cx, store, &m), RC_LIMIT);
    CHECK_INT(number(cx, store, "SELECT max(number) FROM schema_version"), 1);
}

STORE_TEST(migration_is_whole_or_not_there)
{
    struct store_script scripts[] = {SCRIPTS[0],
                                     {"0002.sql", STR("CREATE TABLE c (x TEXT) STRICT")},
                                     {"0003.sql", STR("INSERT INTO c VALUES (1, 2)")}};
    struct store_migration m = {.scripts = scripts, .n = 1, .program = "Assay 1.2"};

    CHECK_OK(store_migrate(cx, store, &m));
    m.n = 3;
    CHECK_RC(store_migrate(cx, store, &m), RC_INVALID);
    CHECK(str_starts(cx->err.text, STR("0003.sql: ")));
    CHECK_INT(number(cx, store, "SELECT max(number) FROM schema_version"), 1);
    scripts[2].sql = STR("INSERT INTO c VALUES ('x')");
    CHECK_OK(store_migrate(cx, store, &m));
    CHECK_INT(number(cx, store, "SELECT count(*) FROM c"), 1);
}

STORE_TEST(newer_stores_are_refused)
{
    struct store_migration m = upto(COUNT_OF(SCRIPTS));

    m.program = "Assay 2.0";
    CHECK_OK(store_migrate(cx, store, &m));
    m = upto(1);
    CHECK_RC(store_migrate(cx, store, &m), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "by Assay 2.0, which is newer (its tables are version 3; "
                                "Assay 1.2 knows 1)"));
}

STORE_TEST(older_stores_are_not_changed_by_readers)
{
    struct store_migration m = upto(1);
    CLEANUP(store_closep) struct store *reader = NULL;

    CHECK_OK(store_migrate(cx, store, &m));
    reader = stores_again(cx, STORE_READ_ONLY);
    CHECK_OK(store_migrate(cx, reader, &m));
    m = upto(COUNT_OF(SCRIPTS));
    CHECK_RC(store_migrate(cx, reader, &m), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "reading only"));
}

STORE_TEST(scripts_are_numbered_without_gaps)
{
    struct store_script scripts[] = {SCRIPTS[0], {"0003.sql", STR("SELECT 1")}};
    struct store_migration m = {.scripts = scripts, .n = 2, .program = "Assay 1.2"};

    CHECK_RC(store_migrate(cx, store, &m), RC_INVALID);
    CHECK(str_has(cx->err.text, "0003.sql: scripts are numbered without gaps, and 2 was to come"));
    scripts[1].name = "0001-again.sql";
    CHECK_RC(store_migrate(cx, store, &m), RC_INVALID);
}

STORE_TEST(tables_that_others_refer_to_can_be_made_anew)
{
    struct store_script scripts[] = {
        SCRIPTS[0],
        {"0002.sqlite.sql",
         STR("INSERT INTO b VALUES (1); CREATE TABLE a2 (id INTEGER PRIMARY KEY, t TEXT) STRICT;"
             "INSERT INTO a2 SELECT id, t FROM a; DROP TABLE a; ALTER TABLE a2 RENAME TO a")},
        {"0002.postgres.sql",
         STR("INSERT INTO b VALUES (1); ALTER TABLE a ALTER COLUMN t DROP NOT NULL")},
    };
    struct store_migration m = {.scripts = scripts, .n = 3, .program = "Assay 1.2"};

    CHECK_OK(store_migrate(cx, store, &m));
    CHECK_OK(store_exec(cx, store, "null", STR("INSERT INTO a (t) VALUES (NULL)")));
    CHECK_RC(store_exec(cx, store, "drop", STR("DELETE FROM a WHERE id = 1")), RC_CONFLICT);
    CHECK_INT(store_cause(store), STORE_CAUSE_FOREIGN_KEY);
}

STORE_TEST(migration_leaves_no_reference_to_nothing)
{
    struct store_script scripts[] = {
        SCRIPTS[0],
        {"0002.sql", STR("INSERT INTO b VALUES (1)")},
        {"0003.sql", STR("DELETE FROM a")},
    };
    struct store_migration m = {.scripts = scripts, .n = 2, .program = "Assay 1.2"};

    CHECK_OK(store_migrate(cx, store, &m));
    m.n = 3;
    CHECK_RC(store_migrate(cx, store, &m), RC_CONFLICT);
    CHECK_INT(store_cause(store), STORE_CAUSE_FOREIGN_KEY);
    CHECK_INT(number(cx, store, "SELECT count(*) FROM a"), 1);
    CHECK_RC(store_exec(cx, store, "insert", STR("INSERT INTO b VALUES (7)")), RC_CONFLICT);
}
