/* What a version hides, the entry that commits to it, and ledgers that begin later. */
#include "ledger/log.h"
#include "register/record_parts.h"
#include "register/replay.h"
#include "tests/register/kept.h"

static struct str ask(struct kept *k, const char *sql)
{
    struct buf out = buf_new(k->cx->mem);
    struct ctx *cx = k->cx;
    bool row = true;
    STMT(s);

    CHECK_OK(store_prepare(cx, k->store, str_of(sql), &s));
    while (s != NULL && stmt_step(cx, s, &row) == 0 && row)
        for (size_t i = 0; i < stmt_columns(s); i++)
            buf_printf(&out, "%s%.*s", out.n > 0 ? "|" : "", STR_ARG(stmt_text(cx->mem, s, i)));
    return buf_str(&out);
}

static const char RISK[] =
    "{title: Jana Weber forgot a key, notes: Ask Jana Weber, likelihood: 3, owner: P-01, "
    "treatment: "
    "avoid, lines: [{what: Call Jana Weber, share: \"0.5\"}], proof: {name: jana.pdf, bytes: 3, "
    "type: application/pdf, object: ba7816bf8f01cfea414140de5dae2223}}";

/* Nothing of what people wrote is in a version, an entry or an opening; numbers and choices are. */
KEPT_TEST(record_seal_hides_what_may_tell_of_persons)
{
    struct str id = kept_add(k, "risk", RISK);
    struct record record;
    const struct value *body;
    struct value *stored = NULL;

    CHECK_OK(record_read(cx, &k->rs, kept_def(k, "risk"), id, STR_NONE, &record));
    body = record.body;
    CHECK_STR(value_get_text(body, "title"), "Jana Weber forgot a key");
    CHECK_STR(value_get_text(value_at(value_get(body, "lines"), 0), "what"), "Call Jana Weber");
    CHECK_STR(value_get_text(value_get(body, "proof"), "name"), "jana.pdf");
    CHECK(!record.erased);
    CHECK_OK(json_parse(cx, "stored", record.stored, &stored));
    CHECK_INT(value_get_int(stored, "likelihood", 0), 3);
    CHECK_STR(value_get_text(stored, "treatment"), "avoid");
    CHECK_STR(value_get_text(stored, "owner"), str_z(cx->mem, k->anna));
    static const char *const hidden[] = {"title", "notes", "lines", "proof"};
    for (size_t i = 0; i < COUNT_OF(hidden); i++)
        CHECK_INT(value_get_text(value_get(stored, hidden[i]), "~").n, 64);
    struct str all =
        ask(k, "SELECT body, '' FROM record_version UNION ALL SELECT bytes, '' FROM ledger_entry "
               "UNION ALL SELECT value, wrapped FROM opening o JOIN data_key d ON d.id = o.key");
    CHECK(all.n > 500);
    CHECK(str_find(all, STR("Jana"), 0) == SIZE_MAX && str_find(all, STR("jana"), 0) == SIZE_MAX);
    CHECK(str_find(all, STR("Anna"), 0) == SIZE_MAX && str_find(all, STR("key"), 0) == SIZE_MAX);
}

/* Names of those whom no record is of are names. */
KEPT_TEST(record_seal_hides_people_who_are_only_said)
{
    struct record_change change = {.def = kept_def(k, "risk"), .act = "import", .imported = true};
    struct value *body = NULL;
    struct record record;

    CHECK_OK(json_parse(cx, "test",
                        STR("{\"title\": \"t\", \"owner\": {\"said\": \"Jana Weber\"}, "
                            "\"team\": [{\"said\": \"Jana Weber\"}]}"),
                        &body));
    change.body = body;
    CHECK_OK(record_write(cx, &k->rs, &change, &record));
    CHECK(str_find(ask(k, "SELECT body FROM record_version"), STR("Jana"), 0) == SIZE_MAX);
    CHECK_OK(record_read(cx, &k->rs, change.def, record.id, STR_NONE, &record));
    CHECK_STR(value_get_text(value_get(record.body, "owner"), "said"), "Jana Weber");
    kept_healthy(k);
}

/* An entry is what docs/ledger.md says, byte by byte, and its commitment is to what is stored. */
KEPT_TEST(record_seal_makes_an_entry)
{
    struct str id = kept_add(k, "asset", "{name: Code}"), salt, entry, sealed;
    struct record record;

    CHECK_OK(kept_put(k, "asset", id, "{name: Source code}", &record));
    sealed = ask(k, "SELECT body FROM record_version WHERE seq = 4");
    CHECK(hash_unhex(cx->mem, ask(k, "SELECT salt FROM opening WHERE seq = 4 AND field = ''"),
                     &salt));
    CHECK_INT(salt.n, 32);
    struct str text = str_printf(cx->mem, "{\"body\":%.*s,\"ref\":\"A-001\"}", STR_ARG(sealed));
    struct hash hash = hash_hmac(salt, (struct str[]){STR("assay-body-v1\n"), text}, 2);
    struct str wanted = str_printf(
        cx->mem,
        "{\"a\":{\"i\":\"%.*s\",\"r\":\"manager\",\"v\":\"local\"},\"at\":\"%.*s\",\"c\":{\"body\":"
        "\"%.*s\"},\"n\":3,\"o\":{\"i\":\"%.*s\",\"k\":\"asset\",\"r\":2},\"p\":2,\"t\":"
        "\"record.set\",\"v\":1}",
        STR_ARG(k->anna), STR_ARG(record.at), STR_ARG(log_hex(cx->mem, &hash)), STR_ARG(id));
    entry = ask(k, "SELECT bytes FROM ledger_entry WHERE n = 3");
    CHECK_STR(entry, str_z(cx->mem, wanted));
    CHECK_STR(ask(k, "SELECT size FROM ledger_head"), "4");
}

/* As does a removal: it commits to nothing but the ref. */
KEPT_TEST(record_seal_of_a_removal)
{
    struct str id = kept_add(k, "asset", "{name: Code}");
    struct record_change change = {.def = kept_def(k, "asset"), .id = id, .act = "remove"};
    struct record record;
    struct str salt;

    CHECK_OK(record_write(cx, &k->rs, &change, &record));
    CHECK(hash_unhex(cx->mem, ask(k, "SELECT salt FROM opening WHERE seq = 4"), &salt));
    struct hash hash =
        hash_hmac(salt, (struct str[]){STR("assay-body-v1\n{\"body\":null,\"ref\":\"A-001\"}")}, 1);
    CHECK(str_find(ask(k, "SELECT bytes FROM ledger_entry WHERE n = 3"), log_hex(cx->mem, &hash),
                   0) != SIZE_MAX);
}

/* One person's values are under one key; a record about nobody has its own. */
KEPT_TEST(record_seal_has_a_key_for_each_subject)
{
    struct record record;
    struct str id = kept_add(k, "asset", "{name: Code}");

    CHECK_OK(kept_put(k, "asset", id, "{name: Source code}", &record));
    CHECK_STR(ask(k, "SELECT count(*), count(DISTINCT subject) FROM data_key"), "3|3");
    CHECK_STR(ask(k, "SELECT count(DISTINCT o.key) FROM opening o WHERE o.seq > 2"), "1");
}

/* Whoever changes what opens a field is found out, and its neighbours can still be read. */
KEPT_TEST(record_seal_refuses_an_opening_of_another)
{
    struct str a = kept_add(k, "asset", "{name: Code}"), b = kept_add(k, "asset", "{name: Books}");
    struct record record;

    CHECK_OK(store_exec(cx, k->store, "test",
                        STR("UPDATE opening SET key = (SELECT key FROM opening WHERE seq = 4 AND "
                            "field = 'name'), value = (SELECT value FROM opening WHERE seq = 4 AND "
                            "field = 'name') WHERE seq = 3 AND field = 'name'")));
    CHECK_RC(record_read(cx, &k->rs, kept_def(k, "asset"), a, STR_NONE, &record), RC_FAIL);
    CHECK(str_has(cx->err.text, "Version 1 of A-001"));
    CHECK(str_has(cx->err.text, "assay ledger verify"));
    CHECK_OK(record_read(cx, &k->rs, kept_def(k, "asset"), b, STR_NONE, &record));
}

/* Without its opening a field was erased, and that is no error. */
KEPT_TEST(record_seal_reads_what_was_erased)
{
    struct str id = kept_add(k, "risk", RISK);
    struct record record;

    CHECK_OK(store_exec(cx, k->store, "test",
                        STR("DELETE FROM opening WHERE seq = 3 AND field = 'notes'")));
    CHECK_OK(record_read(cx, &k->rs, kept_def(k, "risk"), id, STR_NONE, &record));
    CHECK(record.erased);
    CHECK(record_is_erased(value_get(record.body, "notes")));
    CHECK_STR(value_get_text(record.body, "title"), "Jana Weber forgot a key");
}

/* ---- a ledger that begins later ---- */

static int print_version(void *arg, struct ctx *cx, const struct record *record)
{
    struct buf *out = arg;

    buf_printf(out, "%lld %.*s %.*s\n", (long long)record->seq, STR_ARG(record->ref),
               STR_ARG(record->body != NULL ? record_json(cx->mem, record->body) : STR("-")));
    return 0;
}

static struct str versions(struct ctx *cx, const struct record_store *rs)
{
    struct buf out = buf_new(cx->mem);

    for (size_t i = 0; i < rs->registers->n; i++)
        CHECK_OK(replay_read(cx, rs, rs->registers->items[i].id, print_version, &out));
    return buf_str(&out);
}

static int put(struct ctx *cx, const struct record_store *rs, struct str id, const char *title,
               struct record *ret)
{
    struct value *body = value_map(cx->mem);
    struct record_change change = {
        .def = registers_find(rs->registers, STR("risk")), .id = id, .act = "set"};

    value_set_text(body, "title", str_of(title));
    change.body = title != NULL ? body : NULL;
    return record_write(cx, rs, &change, ret);
}

STORE_TEST(record_adopt_gives_every_version_its_entry)
{
    const struct registers *registers = NULL;
    struct record_store rs;
    struct record a, b;
    struct log_head head;
    struct str before;

    CHECK_OK(kept_registers(cx, kept_files, &registers));
    record_store_open(store, registers, NULL, &rs); /* as programs before the ledger did */
    CHECK_OK(record_tables(cx, &rs));
    CHECK_OK(put(cx, &rs, STR_NONE, "Jana left", &a));
    CHECK_OK(put(cx, &rs, STR_NONE, "Somebody came", &b));
    CHECK_OK(put(cx, &rs, a.id, "Jana Weber left", &a));
    CHECK_OK(put(cx, &rs, b.id, NULL, &b));
    for (int i = 0; i < 210; i++) /* more than a page */
        CHECK_OK(put(cx, &rs, STR_NONE, "More", &b));
    before = versions(cx, &rs);
    record_store_close(&rs);

    record_store_open(store, registers, &kept_keys, &rs);
    struct kept k = {.cx = cx, .store = store, .rs = rs};
    CHECK_OK(record_tables(cx, &rs));
    CHECK_STR(versions(cx, &rs), str_z(cx->mem, before));
    CHECK(str_find(ask(&k, "SELECT body FROM record_version WHERE body IS NOT NULL"), STR("Jana"),
                   0) == SIZE_MAX);
    CHECK_OK(log_head(cx, record_log(&rs), &head));
    CHECK_INT(head.frontier.size, 214);
    CHECK_STR(head.origin, "assay.test/kept/log1");
    CHECK(str_has(ask(&k, "SELECT bytes FROM ledger_entry WHERE n = 2"), "\"p\":0,"));
    CHECK(str_has(ask(&k, "SELECT bytes FROM ledger_entry WHERE n = 3"), "\"p\":1,"));
    CHECK_OK(put(cx, &rs, a.id, "Jana Weber came back", &a));
    CHECK_INT(a.seq, 215);
    CHECK_OK(record_tables(cx, &rs));
    kept_healthy(&k);
    record_store_close(&rs);
}

/* Taking a ledger away does not make it begin again. */
KEPT_TEST(record_ledger_begins_only_once)
{
    CHECK_OK(log_clear(cx, k->store));
    CHECK_RC(record_tables(cx, &k->rs), RC_FAIL);
    CHECK(str_has(cx->err.text, "The ledger is gone"));
}
