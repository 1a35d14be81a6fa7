/* What SQL of an organisation's own may be. */
#include "tests/register/kept.h"

#define HEAD                                                                                       \
    "id: g\ntitle: G\nhelp: h\nguards:\n- {id: stop, message: m, select: \"%s\"}\nfields:\n"       \
    "  foo: {type: text, label: F, help: h}\n"                                                     \
    "  e: {type: text, label: E, help: h}\n"                                                       \
    "  bar: {type: integer, label: B, help: h, only_computed: true, computed: \"%s\"}\n"
#define GUARD "SELECT r.foo AS foo FROM g r WHERE r.id = :id AND r.foo = 'no'"
#define FIELD "SELECT COUNT(*) FROM person p WHERE p.name = r.foo AND today() > '2020-01-01'"

/* Nothing of it stays. */
static int tried(struct ctx *cx, struct store *store, const char *guard, const char *computed)
{
    struct str yaml = str_printf(cx->mem, HEAD, guard, computed);
    const char *const files[] = {"registers/person.yaml",
                                 "id: person\ntitle: P\nhelp: h\nfields:\n"
                                 "  name: {type: text, label: N, help: h}\n",
                                 "registers/own/g.yaml", str_z(cx->mem, yaml), NULL};
    const struct registers *registers;
    struct record_store rs;

    TX(tx, cx, store);
    TRY(kept_registers(cx, files, &registers));
    record_store_open(store, registers, &kept_keys, &rs);
    int rc = record_tables(cx, &rs);
    rc = rc == 0 ? record_try(cx, &rs) : rc;
    record_store_close(&rs);
    return rc;
}

static void refused(struct ctx *cx, struct store *store, const char *guard, const char *computed,
                    const char *says)
{
    int rc = tried(cx, store, guard, computed);

    if (rc != RC_INVALID || !str_has(cx->err.text, "registers/own/g.yaml") ||
        !str_has(cx->err.text, says))
        test_failed(__FILE__, __LINE__, "%d \"%.*s\" does not say \"%s\"", rc,
                    STR_ARG(cx->err.text), says);
}

STORE_TEST(record_trial_takes_what_only_reads_registers)
{
    CHECK_OK(tried(cx, store, GUARD, FIELD));
}

STORE_TEST(record_trial_refuses_what_reaches_further)
{
    /* Nothing is written. */
    refused(cx, store, "DELETE FROM person WHERE id <> :id RETURNING id", FIELD, "guards.stop");
    refused(cx, store, GUARD, "DELETE FROM person", "fields.bar");
    refused(cx, store,
            "WITH x AS (DELETE FROM person RETURNING id) SELECT id FROM x WHERE id = :id", FIELD,
            "guards.stop");
    refused(cx, store, GUARD "; DELETE FROM person", FIELD, "calculation");
    /* Nothing else is read: not versions, not keys, not other schemas, not what the server has. */
    refused(cx, store, GUARD, "SELECT COUNT(*) FROM record_version", "record_version");
    refused(cx, store, GUARD, "SELECT COUNT(*) FROM sqlite_master", "fields.bar");
    refused(cx, store, GUARD, "SELECT COUNT(*) FROM org_other.person", "org_other");
    refused(cx, store, GUARD, "SELECT COUNT(*) FROM pg_catalog.pg_class", "pg_catalog");
    refused(cx, store, GUARD, "SELECT length(pg_read_file('/etc/passwd'))", "pg_read_file");
    refused(cx, store, GUARD, "SELECT load_extension('x')", "load_extension");
    refused(cx, store, GUARD, "SELECT r.nope", "nope");
}

STORE_TEST(record_trial_refuses_what_databases_read_differently)
{
    refused(cx, store, GUARD, "SELECT 1) , (SELECT 2", "brackets");
    refused(cx, store, GUARD, "SELECT (1", "brackets");
    refused(cx, store, GUARD, "SELECT 1 /* /* */ FROM person", "comments");
    refused(cx, store, GUARD, "SELECT 1 -- ", "comments");
    refused(cx, store, GUARD, "SELECT e'\\\\', '' FROM person", "backslash");
    refused(cx, store, GUARD, "SELECT 'x", "no end");
    refused(cx, store, GUARD, "SELECT $$x$$", "calculation");
    refused(cx, store, GUARD, "SELECT [foo] FROM g", "calculation");
    refused(cx, store, GUARD, "SELECT `foo` FROM g", "calculation");
    refused(cx, store, GUARD,
            "WITH Recursive t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT MAX(n) FROM t",
            "RECURSIVE");
    CHECK_OK(tried(cx, store, GUARD,
                   "SELECT COUNT(*) FROM g x WHERE x.foo = ';--' AND x.foo <> 'recursive)'"));
}
