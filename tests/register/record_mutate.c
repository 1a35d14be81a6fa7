/* Every stored value changed behind Assay's back, one after the other: each change is found. */
#include <string.h>

#include "tests/register/kept.h"

struct table {
    const char *name;
    const char *key[2]; /* its primary key; the second may be NULL */
    bool told;          /* what is found names the record */
    bool derived;       /* doctor finds it, too, and mends it */
};

static const struct table TABLES[] = {
    {"record_version", {"seq", NULL}, true, false},
    {"opening", {"seq", "field"}, true, false},
    {"data_key", {"id", NULL}, false, false},
    {"organisation_key", {"id", NULL}, false, false},
    {"ledger_entry", {"n", NULL}, false, false},
    {"ledger_node", {"level", "n"}, false, false},
    {"ledger_head", {"id", NULL}, false, false},
    {"ledger_checkpoint", {"size", NULL}, false, false},
    {"ledger_key", {"vkey", NULL}, false, false},
    {"risk", {"id", NULL}, true, true},
    {"person", {"id", NULL}, true, true},
    {"record_search_row", {"n", NULL}, false, true}, /* of SQLite, which guards its other tables */
    {"record_search", {"id", NULL}, false, true},    /* of PostgreSQL */
};

/* The index of words is made of other tables in each database. */
static bool is_here(const struct kept *k, const struct table *table)
{
    bool sqlite = store_dialect(k->store) == STORE_SQLITE;

    if (!str_starts(str_of(table->name), STR("record_search")))
        return true;
    return sqlite == (strcmp(table->name, "record_search") != 0);
}

struct mutation {
    struct kept *k;
    const struct table *table;
    struct value *row;
    struct str column;
    struct value *changed;
    unsigned tried, missed;
};

/* ---- what there is to change ---- */

static int fill(struct ctx *cx, struct kept *k)
{
    struct record record;
    uint64_t size;

    struct str risk = kept_add(k, "risk",
                               "{title: Fire, owner: P-01, likelihood: 2, consequence: 3, notes: "
                               "\"Anna smokes\", assets: [], cost: \"12.5\"}");
    TRY(kept_put(k, "risk", risk, "{title: Fire, owner: P-02, likelihood: 1}", &record));
    struct str gone = kept_add(k, "asset", "{name: Old laptop, owner: P-01}");
    struct record_change removal = {.def = kept_def(k, "asset"), .id = gone, .act = "remove"};

    TRY(record_write(cx, &k->rs, &removal, &record));
    return record_checkpoint(cx, &k->rs, &size);
}

static int read_rows(struct ctx *cx, struct kept *k, const char *table, struct value **ret)
{
    struct value *rows = value_list(cx->mem);
    bool row;
    STMT(s);

    TRY(store_prepare(cx, k->store, str_printf(cx->mem, "SELECT * FROM %s", table), &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        value_push(rows, stmt_row(cx->mem, s));
    }
    *ret = rows;
    return 0;
}

/* ---- one change ---- */

/* Another value of the same type: one character is another, a number is one more. */
static struct value *other(struct arena *mem, const struct value *v, size_t at)
{
    struct str text = value_as_text(v);

    if (value_type(v) == VALUE_INT)
        return value_int(mem, value_as_int(v, 0) + 1);
    if (text.n == 0)
        return value_text(mem, STR("x"));
    char *changed = str_z(mem, text);
    size_t i = at % text.n;

    while (i > 0 && (unsigned char)changed[i] >= 0x80) /* stays UTF-8 */
        i--;
    changed[i] = changed[i] == '1' ? '2' : '1';
    return value_text(mem, str_of(changed));
}

static int update(struct ctx *cx, struct mutation *m)
{
    const char *second = m->table->key[1];
    STMT(s);

    TRY(store_prepare(cx, m->k->store,
                      str_printf(cx->mem,
                                 "UPDATE %s SET \"%.*s\" = :new WHERE %s = :one AND %s = :two",
                                 m->table->name, STR_ARG(m->column), m->table->key[0],
                                 second != NULL ? second : m->table->key[0]),
                      &s));
    TRY(stmt_bind_value(cx, s, "new", m->changed));
    TRY(stmt_bind_value(cx, s, "one", value_get(m->row, m->table->key[0])));
    TRY(stmt_bind_value(cx, s, "two",
                        value_get(m->row, second != NULL ? second : m->table->key[0])));
    return stmt_run(cx, s);
}

/* Whether verifying says so, with the record where it can know it. A store of its own, as what was
 * read before is kept. */
static bool is_found(struct ctx *cx, struct mutation *m)
{
    struct value *problems = value_list(cx->mem);
    struct record_store rs;
    uint64_t entries;
    bool found = false;

    record_store_open(m->k->store, m->k->rs.registers, &kept_keys, &rs);
    int rc = record_verify(cx, &rs, problems, &entries);

    record_store_close(&rs);
    for (size_t i = 0; i < value_count(problems); i++)
        found = found || !m->table->told || value_get_text(value_at(problems, i), "ref").n > 0;
    return found || (rc != 0 && cx->err.text.n > 0);
}

static int try_one(struct ctx *cx, struct mutation *m)
{
    TX(tx, cx, m->k->store);
    if (update(cx, m) != 0)
        return 0; /* the database itself does not take it */
    m->tried++;
    if (is_found(cx, m))
        return 0;
    m->missed++;
    test_failed(__FILE__, __LINE__, "not found: %s.%.*s of %.*s", m->table->name,
                STR_ARG(m->column), STR_ARG(record_json(cx->mem, m->row)));
    return 0;
}

/* ---- all of them ---- */

/* Never fewer than that: of each column something has to be tried. */
static size_t step(size_t most)
{
    size_t n = test_step(most);

    return n < most ? n : most;
}

/* A sample of those of large tables, unless all are wanted. */
static bool is_chosen(const struct mutation *m, size_t rows, size_t n, size_t i)
{
    bool told = value_type(value_at(m->row, i)) != VALUE_NULL;

    return told && (rows < 4 || (n + i) % step(3) == 0);
}

static void try_row(struct ctx *cx, struct mutation *m, size_t rows, size_t n)
{
    for (size_t i = 0; i < value_count(m->row); i++) {
        CLEANUP(arena_freep) struct arena *mem = arena_new(0);
        struct ctx in = *cx;
        in.mem = mem;
        m->column = value_key_at(m->row, i);
        if (!is_chosen(m, rows, n, i))
            continue;
        m->changed = other(mem, value_at(m->row, i), n * 7 + i * 3);
        if (try_one(&in, m) != 0)
            test_failed(__FILE__, __LINE__, "%.*s", STR_ARG(in.err.text));
    }
}

KEPT_TEST(record_verify_finds_every_change)
{
    CHECK_OK(fill(cx, k));
    for (size_t t = 0; t < COUNT_OF(TABLES); t++) {
        struct mutation m = {.k = k, .table = &TABLES[t]};
        struct value *rows = NULL;
        if (!is_here(k, m.table))
            continue;
        CHECK_OK(read_rows(cx, k, m.table->name, &rows));
        for (size_t i = 0; i < value_count(rows); i++) {
            m.row = value_at_mut(rows, i);
            try_row(cx, &m, value_count(rows), i);
        }
        if (m.tried == 0)
            test_failed(__FILE__, __LINE__, "nothing of %s was tried", m.table->name);
    }
    kept_healthy(k);
}

/* PostgreSQL refuses at the end of a transaction what leaves a reference without its record. */
static bool can_stay(struct ctx *cx, struct store *store)
{
    return store_dialect(store) != STORE_POSTGRES ||
           store_exec(cx, store, "test",
                      STR("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")) == 0;
}

/* What is derived is compared with what it is derived from, and made again. */
static int mend_one(struct ctx *cx, struct mutation *m, unsigned *ret_mended)
{
    struct value *problems = value_list(cx->mem);

    TX(tx, cx, m->k->store);
    if (update(cx, m) != 0 || !can_stay(cx, m->k->store))
        return 0;
    CHECK_OK(record_doctor(cx, &m->k->rs, true, problems));
    CHECK(value_count(problems) > 0);
    problems = value_list(cx->mem);
    CHECK_OK(record_doctor(cx, &m->k->rs, false, problems));
    CHECK_INT(value_count(problems), 0);
    ++*ret_mended;
    return 0;
}

KEPT_TEST(record_doctor_mends_every_change)
{
    unsigned mended = 0;

    CHECK_OK(fill(cx, k));
    for (size_t t = 0; t < COUNT_OF(TABLES); t++) {
        struct mutation m = {.k = k, .table = &TABLES[t]};
        struct value *rows = NULL;
        if (!m.table->derived || !is_here(k, m.table))
            continue;
        CHECK_OK(read_rows(cx, k, m.table->name, &rows));
        for (size_t i = 0; i < value_count(rows); i++)
            for (size_t c = 0; c < value_count(value_at(rows, i)); c += step(4)) {
                m.row = value_at_mut(rows, i);
                m.column = value_key_at(m.row, c);
                m.changed = other(cx->mem, value_at(m.row, c), c);
                CHECK_OK(mend_one(cx, &m, &mended));
            }
    }
    CHECK(mended > 3);
}
