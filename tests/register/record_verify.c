/* Changes behind the program's back: each is found, and named. */
#include "register/record_parts.h"
#include "register/replay.h"
#include "tests/register/kept.h"

static void fill(struct kept *k)
{
    struct str id = kept_add(k, "risk", "{title: Jana lost a key, notes: Ask her, likelihood: 3}");
    struct ctx *cx = k->cx;
    struct record record;
    uint64_t size;

    CHECK_OK(kept_put(k, "risk", id, "{title: Jana found it, likelihood: 2}", &record));
    CHECK_OK(record_checkpoint(cx, &k->rs, &size));
    CHECK_INT(size, 4);
    (void)kept_add(k, "asset", "{name: Code}");
    CHECK_OK(record_checkpoint(cx, &k->rs, &size));
}

KEPT_TEST(record_verify_finds_what_was_changed)
{
    static const struct {
        const char *sql, *says;
    } changes[] = {
        {"UPDATE record_version SET body = replace(body, ':3', ':4') WHERE seq = 3",
         "RISK-001 : Version 1 has another body or ref"},
        {"UPDATE record_version SET ref = 'RISK-9' WHERE seq = 3", "RISK-9 : Version 1"},
        {"UPDATE record_version SET actor = 'x' WHERE seq = 4", "RISK-001 : Version 2 has another "
                                                                "actor"},
        {"UPDATE record_version SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 3",
         "RISK-001 : Version 1 has another instant"},
        {"UPDATE record_version SET act = 'import' WHERE seq = 3", "another act"},
        {"UPDATE ledger_entry SET bytes = replace(bytes, 'manager', 'Manager') WHERE n = 2",
         "RISK-001 : Entry 2: the ledger's node 2 of level 0"},
        {"UPDATE ledger_node SET hash = replace(hash, 'a', 'b') WHERE level = 1 AND n = 0",
         "node 0 of level 1"},
        {"DELETE FROM ledger_node WHERE level = 0 AND n = 3", "node 3 of level 0"},
        {"INSERT INTO ledger_node (level, n, hash) VALUES (7, 7, 'x')", "nodes in the place of"},
        {"UPDATE ledger_head SET root = frontier", "The ledger"},
        {"UPDATE ledger_head SET size = 4", "The ledger"},
        {"UPDATE ledger_checkpoint SET note = replace(note, '4', '5') WHERE size = 4",
         "The checkpoint of 4 entries"},
        {"DELETE FROM ledger_entry WHERE n = 4", "Version 1 has no entry"},
        {"DELETE FROM record_version WHERE seq = 4", "Entry 3 is there, and its version is gone"},
        {"DELETE FROM opening WHERE seq = 3 AND field = 'notes'",
         "RISK-001 notes: Version 1: what"},
        {"DELETE FROM opening WHERE seq = 3 AND field = ''", "RISK-001 : Version 1: the salt"},
        {"UPDATE opening SET value = replace(value, 'A', 'B') WHERE seq = 3 AND field = 'title'",
         "RISK-001 title"},
        {"UPDATE opening SET salt = replace(salt, 'a', 'b') WHERE seq = 3 AND field = ''",
         "RISK-001 : Version 1 has another body"},
        {"INSERT INTO opening (seq, field, salt) VALUES (99, '', 'x')", "openings are there"},
        {"DELETE FROM data_key", "RISK-001 title: Version 1: what opens the field is gone"},
        {"UPDATE risk SET likelihood = 5", "current table differs from version 2 in likelihood"},
    };

    fill(k);
    CHECK_STR(kept_verified(k), "");
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct tx tx CLEANUP(tx_end) = {NULL, 0};
        CHECK_OK(tx_begin(cx, k->store, &tx));
        CHECK_OK(store_exec(cx, k->store, "test", str_of(changes[i].sql)));
        record_secrets_forget(&k->rs);
        struct str found = kept_verified(k);
        if (!str_has(found, changes[i].says))
            test_failed(__FILE__, __LINE__, "%s: found \"%.*s\"", changes[i].sql, STR_ARG(found));
        tx_end(&tx);
    }
    CHECK_STR(kept_verified(k), "");
}

/* ---- into another store ---- */

struct carrying {
    const struct record_store *to;
    const char *table;
    struct log_batch batch;
};

static int carry_version(void *arg, struct ctx *cx, const struct record *record)
{
    const struct carrying *c = arg;

    return replay_write(cx, c->to, record);
}

static int carry_row(void *arg, struct ctx *cx, const struct value *row)
{
    struct carrying *c = arg;

    return str_is(str_of(c->table), "ledger_entry")
               ? replay_ledger_entry(cx, c->to, &c->batch, value_get_text(row, "bytes"))
               : replay_row(cx, c->to, c->table, row);
}

KEPT_TEST(replay_keeps_the_root)
{
    CLEANUP(store_closep) struct store *store = NULL;
    struct carrying c = {.to = NULL};
    struct record_store to;
    struct value *head = NULL, *there = NULL;
    struct str key, was, is;
    uint64_t n;

    fill(k);
    CHECK_OK(store_open(cx, NULL, 0, &store));
    record_store_open(store, k->rs.registers, &kept_keys, &to);
    c.to = &to;
    CHECK_OK(record_tables(cx, &to));
    CHECK_OK(replay_head(cx, &k->rs, &head));
    CHECK_OK(replay_key(cx, &k->rs, true, &key));
    {
        struct tx tx CLEANUP(tx_end) = {NULL, 0};
        CHECK_OK(tx_begin(cx, store, &tx));
        for (size_t i = 0; i < k->rs.registers->n; i++)
            CHECK_OK(replay_read(cx, &k->rs, k->rs.registers->items[i].id, carry_version, &c));
        CHECK_OK(replay_ledger_begin(cx, &to, head, &c.batch));
        CHECK_OK(replay_set_key(cx, &to, true, key));
        for (size_t i = 0; replay_tables[i] != NULL; i++) {
            c.table = replay_tables[i];
            CHECK_OK(replay_rows(cx, &k->rs, c.table, carry_row, &c));
        }
        CHECK_OK(replay_ledger_end(cx, &to, head, &c.batch));
        CHECK_OK(replay_finish(cx, &to));
        CHECK_OK(tx_commit(cx, &tx));
    }
    CHECK_OK(replay_head(cx, &to, &there));
    CHECK_STR(record_json(cx->mem, there), str_z(cx->mem, record_json(cx->mem, head)));
    CHECK_OK(replay_digest(cx, &k->rs, &was, &n));
    CHECK_OK(replay_digest(cx, &to, &is, &n));
    CHECK_STR(is, str_z(cx->mem, was));
    struct kept other = {.cx = cx, .store = store, .rs = to};
    CHECK_STR(kept_verified(&other), "");
    record_store_close(&to);
}
