/* Homes in folders: whole or not there, and who acts in them. */
#include "op/home.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/harness.h"

static int drop_one(const char *path, UNUSED const struct stat *st, UNUSED int kind,
                    UNUSED struct FTW *at)
{
    return remove(path);
}

static void drop(void *folder)
{
    (void)nftw(folder, drop_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A place for a home, in a folder that goes with the test. */
static const char *place(struct ctx *cx)
{
    char *folder = str_z(cx->mem, STR("/tmp/assay-home.XXXXXX"));

    CHECK(mkdtemp(folder) != NULL);
    test_ends(cx, drop, folder);
    return str_printf(cx->mem, "%s/isms", folder).p;
}

static struct home_request at(const char *where)
{
    return (struct home_request){.home = where};
}

/* A home with one organisation, kept and open. */
static struct home *made(struct ctx *cx, const char *where)
{
    struct home_request request = at(where);
    struct organisation *org;
    struct home *home = NULL;

    CHECK_OK(home_create(cx, &request, &home));
    CHECK_OK(home_organisation_create(cx, home, STR("Larkfield Ltd"), STR("Ada Byron"),
                                      STR("Europe/Berlin"), &org));
    CHECK_OK(home_keep(cx, home));
    return home;
}

static struct organisation *opened(struct ctx *cx, struct home *home, const char *name)
{
    struct organisation *org = NULL;

    CHECK_OK(home_organisation_open(cx, home, name, &org));
    return org;
}

static struct str add(struct ctx *cx, struct organisation *org, const char *register_id,
                      const char *field, struct str text, const char *field2, struct str text2)
{
    struct value *body = value_map(cx->mem);
    struct record record = {0};

    value_set_text(body, field, text);
    if (field2 != NULL)
        value_set_text(body, field2, text2);
    struct record_change change = {.def =
                                       registers_find(org->records.registers, str_of(register_id)),
                                   .body = body,
                                   .act = "add",
                                   .actor = {STR_NONE, STR("owner"), STR("local"), false}};
    CHECK_OK(record_write(cx, &org->records, &change, &record));
    return record.id;
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

TEST(home_is_there_when_it_is_kept)
{
    const char *where = place(cx);
    struct home_request request = at(where);
    struct organisation *org;
    struct home *home;

    CHECK_OK(home_create(cx, &request, &home));
    CHECK_OK(home_organisation_create(cx, home, STR("A"), STR("B"), STR("UTC"), &org));
    CHECK(!is_there(where));
    CHECK_OK(home_keep(cx, home));
    CHECK(is_there(where));
    CHECK_STR(opened(cx, home, NULL)->title, "A");
    home_close(home);
    CHECK(is_there(where));
}

TEST(home_that_is_not_kept_leaves_nothing)
{
    const char *where = place(cx);
    struct home_request request = at(where);
    struct home *home;

    CHECK_OK(home_create(cx, &request, &home));
    home_close(home);
    CHECK(!is_there(where));
    *strrchr((char *)(uintptr_t)where, '/') = '\0';
    CHECK(rmdir(where) == 0); /* nothing beside it either */
    CHECK(mkdir(where, 0700) == 0);
}

TEST(home_is_not_made_over_something)
{
    const char *where = place(cx);
    struct home_request request = at(where);
    struct home *home = made(cx, where), *other;

    home_close(home);
    CHECK_RC(home_create(cx, &request, &other), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "is a home already"));
    where = place(cx);
    request = at(where);
    CHECK(mkdir(where, 0700) == 0);
    CHECK_OK(home_create(cx, &request, &home)); /* an empty folder will do */
    CHECK_OK(home_keep(cx, home));
    home_close(home);
    where = str_printf(cx->mem, "%s/orgs", where).p;
    CHECK(close(open(str_printf(cx->mem, "%s/file", where).p, O_CREAT | O_WRONLY, 0600)) == 0);
    request = at(where);
    CHECK_RC(home_create(cx, &request, &other), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "not empty"));
}

TEST(home_that_is_none_or_newer)
{
    const char *where = place(cx);
    struct home_request request = at(where);
    struct home *home;

    CHECK_RC(home_open(cx, &request, &home), RC_NOT_FOUND);
    home_close(made(cx, where));
    FILE *mark = fopen(str_printf(cx->mem, "%s/assay.yaml", where).p, "w");
    CHECK(mark != NULL && fputs("format: 7\n", mark) > 0 && fclose(mark) == 0);
    CHECK_RC(home_open(cx, &request, &home), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "newer Assay (format 7; this one knows 1)"));
}

TEST(home_names_of_organisations)
{
    static const char *const wanted[] = {"hafen-licht-ag", "hafen-licht-ag-2", "larkfield-ltd",
                                         "muller-sohne", "organisation"};
    struct home *home = made(cx, place(cx));
    struct organisation *org;
    struct value *list;

    CHECK_OK(home_organisation_create(cx, home, STR("Müller & Söhne"), STR("A"), STR("UTC"), &org));
    CHECK_OK(home_organisation_create(cx, home, STR("Hafen-Licht AG"), STR("A"), STR("UTC"), &org));
    CHECK_OK(home_organisation_create(cx, home, STR("HAFEN LICHT AG"), STR("A"), STR("UTC"), &org));
    CHECK_OK(home_organisation_create(cx, home, STR("漢字"), STR("A"), STR("UTC"), &org));
    CHECK_RC(home_organisation_create(cx, home, STR("Larkfield  Ltd"), STR("A"), STR("UTC"), &org),
             RC_CONFLICT);
    CHECK_OK(home_organisations(cx, home, &list));
    CHECK_INT(value_count(list), COUNT_OF(wanted));
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        CHECK_STR(value_get_text(value_at(list, i), "name"), wanted[i]);
    CHECK_RC(home_organisation_open(cx, home, NULL, &org), RC_INVALID);
    CHECK_RC(home_organisation_open(cx, home, "muler-sohne", &org), RC_NOT_FOUND);
    CHECK(str_has(cx->err.text, "Did you mean \"muller-sohne\""));
    CHECK_STR(opened(cx, home, "Hafen-Licht AG")->name, "hafen-licht-ag");
    home_close(home);
}

static int write_while(struct ctx *cx, const struct organisation *org, const char *where)
{
    struct home_request request = {.home = where};
    struct home *second;

    TX(tx, cx, org->store);
    TRY(home_open(cx, &request, &second));
    CHECK_STR(opened(cx, second, NULL)->title, "Larkfield Ltd");
    home_close(second);
    return 0;
}

TEST(home_is_opened_while_somebody_writes)
{
    const char *where = place(cx);
    struct home *home = made(cx, where);

    CHECK_OK(write_while(cx, opened(cx, home, NULL), where));
    home_close(home);
}

TEST(home_takes_no_organisation_with_a_wrong_zone)
{
    struct home *home = made(cx, place(cx));
    struct organisation *org;
    struct value *list;

    CHECK_RC(home_organisation_create(cx, home, STR("B"), STR("C"), STR("Mars/Base"), &org),
             RC_NOT_FOUND);
    CHECK_RC(home_organisation_create(cx, home, STR(" "), STR("C"), STR("UTC"), &org), RC_INVALID);
    CHECK_RC(home_organisation_create(cx, home, STR("B"), STR(""), STR("UTC"), &org), RC_INVALID);
    CHECK_OK(home_organisations(cx, home, &list));
    CHECK_INT(value_count(list), 1);
    home_close(home);
}

static void principal_is(struct ctx *cx, struct organisation *org, const char *as, const char *name,
                         const char *role)
{
    struct principal who = {0};

    CHECK_OK(home_principal(cx, org, as, &who));
    CHECK_STR(who.name, name);
    CHECK_STR(who.role, role);
    CHECK_STR(who.via, "local");
}

TEST(home_principal_is_a_member)
{
    struct home *home = made(cx, place(cx));
    struct organisation *org = opened(cx, home, NULL);
    struct principal who;

    principal_is(cx, org, NULL, "Ada Byron", "owner");
    principal_is(cx, org, "P-001", "Ada Byron", "owner");
    struct str rolf = add(cx, org, "person", "name", STR("Rolf Vogel"), NULL, STR_NONE);
    CHECK_RC(home_principal(cx, org, "Rolf Vogel", &who), RC_DENIED);
    CHECK_RC(home_principal(cx, org, "Nobody", &who), RC_NOT_FOUND);
    (void)add(cx, org, "membership", "person", rolf, "role", STR("internal_auditor"));
    principal_is(cx, org, "Rolf Vogel", "Rolf Vogel", "internal_auditor");
    (void)add(cx, org, "membership", "person", rolf, "role", STR("manager"));
    principal_is(cx, org, "Rolf Vogel", "Rolf Vogel", "manager"); /* the first of his roles */
    principal_is(cx, org, "Rolf Vogel/internal_auditor", "Rolf Vogel", "internal_auditor");
    CHECK_RC(home_principal(cx, org, "Rolf Vogel/owner", &who), RC_DENIED);
    (void)add(cx, org, "membership", "person", rolf, "role", STR("owner"));
    CHECK_RC(home_principal(cx, org, NULL, &who), RC_INVALID);
    home_close(home);
}

TEST(home_membership_that_is_over_is_none)
{
    struct home *home = made(cx, place(cx));
    struct organisation *org = opened(cx, home, NULL);
    struct value *body = value_map(cx->mem);
    struct principal who;
    struct record record;

    value_set_text(body, "person", add(cx, org, "person", "name", STR("Mia Holm"), NULL, STR_NONE));
    value_set_text(body, "role", STR("external_auditor"));
    value_set_text(body, "since", STR("2026-01-01"));
    value_set_text(body, "until", STR("2026-11-29"));
    struct record_change change = {.def = registers_find(org->records.registers, STR("membership")),
                                   .body = body,
                                   .act = "add",
                                   .actor = {STR_NONE, STR("owner"), STR("local"), false}};
    CHECK_OK(record_write(cx, &org->records, &change, &record));
    CHECK_RC(home_principal(cx, org, "Mia Holm", &who), RC_DENIED);
    cx->today = (struct date){2026, 11, 29};
    CHECK_OK(home_principal(cx, org, "Mia Holm", &who));
    home_close(home);
}

static void day_end_is(struct ctx *cx, struct organisation *org, struct date day,
                       const char *wanted)
{
    struct str end;

    CHECK_OK(home_day_end(cx, org, day, &end));
    CHECK_STR(end, wanted);
}

TEST(home_days_end_at_midnight_there)
{
    struct home *home = made(cx, place(cx));
    struct organisation *org = opened(cx, home, NULL);

    CHECK_STR(org->zone, "Europe/Berlin");
    day_end_is(cx, org, (struct date){2026, 11, 30}, "2026-11-30T22:59:59.999Z");
    day_end_is(cx, org, (struct date){2026, 7, 31}, "2026-07-31T21:59:59.999Z");
    day_end_is(cx, org, (struct date){2026, 10, 25}, "2026-10-25T22:59:59.999Z");
    org->zone = STR_NONE;
    day_end_is(cx, org, (struct date){2026, 12, 31}, "2026-12-31T23:59:59.999Z");
    home_close(home);
}

/* An organisation that was made halfway is made again, and nothing of it is left. */
TEST(home_organisation_that_was_interrupted)
{
    const char *where = place(cx);
    struct home *home = made(cx, where);
    struct organisation *org;
    const char *left = str_printf(cx->mem, "%s/orgs/.beta.new", where).p;

    CHECK(mkdir(left, 0700) == 0);
    CHECK_OK(home_organisation_create(cx, home, STR("Beta"), STR("C"), STR("UTC"), &org));
    CHECK(!is_there(left));
    CHECK(mkdir(str_printf(cx->mem, "%s/orgs/gamma", where).p, 0700) == 0);
    CHECK_RC(home_organisation_create(cx, home, STR("Gamma"), STR("C"), STR("UTC"), &org),
             RC_CONFLICT);
    CHECK(str_has(cx->err.text, "does not list it"));
    home_close(home);
}

/* ---- of an earlier program ---- */

/* The store as programs made it before there was a ledger: three versions, as they are. */
static void make_old(struct ctx *cx, const char *file, const struct registers *registers)
{
    static const char later[] =
        "DROP TABLE vault_object; DROP TABLE organisation_key; DROP TABLE data_key; "
        "DROP TABLE opening; DROP TABLE ledger_key; DROP TABLE ledger_stamp; "
        "DROP TABLE ledger_checkpoint; DROP TABLE ledger_head; DROP TABLE ledger_node; "
        "DROP TABLE ledger_entry; DELETE FROM schema_version WHERE number > 1";
    struct store *store CLEANUP(store_closep) = NULL;
    struct organisation org = {.name = STR_NONE};

    CHECK(remove(file) == 0);
    CHECK_OK(store_open(cx, file, STORE_CREATE, &store));
    record_store_open(store, registers, NULL, &org.records);
    CHECK_OK(record_tables(cx, &org.records));
    struct str who = add(cx, &org, "person", "name", STR("Ada Byron"), NULL, STR_NONE);
    (void)add(cx, &org, "membership", "person", who, "role", STR("owner"));
    (void)add(cx, &org, "organisation", "name", STR("Larkfield Ltd"), "time_zone", STR("UTC"));
    record_store_close(&org.records);
    CHECK_OK(store_exec(cx, store, "later", str_of(later)));
}

static struct str only_cell(struct ctx *cx, const char *file, const char *sql)
{
    struct store *store CLEANUP(store_closep) = NULL;
    bool row = false;
    STMT(s);

    CHECK_OK(store_open(cx, file, STORE_READ_ONLY, &store));
    CHECK_OK(store_prepare(cx, store, str_of(sql), &s));
    CHECK_OK(stmt_step(cx, s, &row));
    struct str text = row ? stmt_text(cx->mem, s, 0) : STR_NONE;
    stmt_freep(&s);
    return text;
}

TEST(home_keeps_a_copy_before_there_is_a_ledger)
{
    const char *where = place(cx);
    const char *store = str_printf(cx->mem, "%s/orgs/larkfield-ltd/store.db", where).p,
               *copy =
                   str_printf(cx->mem, "%s/orgs/larkfield-ltd/store-before-ledger-3.db", where).p;
    struct home *home = made(cx, where);
    struct home_request request = at(where);
    struct stat st = {0};

    struct organisation *org = opened(cx, home, NULL);
    make_old(cx, store, org->records.registers);
    home_close(home);

    CHECK_OK(home_open(cx, &request, &home));
    org = opened(cx, home, NULL);
    CHECK_STR(org->copy, copy);
    CHECK_STR(org->title, "Larkfield Ltd");
    CHECK(stat(copy, &st) == 0 && (st.st_mode & 0777) == 0600);
    CHECK_STR(only_cell(cx, copy, "SELECT max(number) || '' FROM schema_version"), "1");
    CHECK(str_has(only_cell(cx, copy, "SELECT body FROM record_version WHERE seq = 1"), "Ada"));
    CHECK(!str_has(only_cell(cx, store, "SELECT body FROM record_version WHERE seq = 1"), "Ada"));
    home_close(home);
    CHECK_OK(home_open(cx, &request, &home));
    CHECK_STR(opened(cx, home, NULL)->copy, ""); /* once */
    home_close(home);
}

TEST(home_of_an_earlier_program_stays_where_no_copy_can_be)
{
    const char *where = place(cx);
    const char *folder = str_printf(cx->mem, "%s/orgs/larkfield-ltd", where).p,
               *store = str_printf(cx->mem, "%s/store.db", folder).p;
    struct home *home = made(cx, where);
    struct home_request request = at(where);
    struct organisation *org = opened(cx, home, NULL);

    make_old(cx, store, org->records.registers);
    home_close(home);
    /* What is in the way of its name while it is written. */
    CHECK(
        mkdir(str_printf(cx->mem, "%s/store-before-ledger-3.db.%ld.part", folder, (long)getpid()).p,
              0700) == 0);
    CHECK_OK(home_open(cx, &request, &home));
    CHECK(home_organisation_open(cx, home, NULL, &org) < 0);
    CHECK(str_has(cx->err.text, "Nothing was changed"));
    home_close(home);
    CHECK_STR(only_cell(cx, store, "SELECT max(number) || '' FROM schema_version"), "1");
}
