/* Erasing: what goes, what stays, and that all that stays is proved. */
#include "register/record_erase.h"
#include "register/record_parts.h"
#include "register/record_search.h"
#include "tests/register/kept.h"

static struct str ask(struct kept *k, const char *sql)
{
    struct ctx *cx = k->cx;
    struct buf out = buf_new(cx->mem);
    bool row = false;
    STMT(s);

    CHECK_OK(store_prepare(cx, k->store, str_of(sql), &s));
    for (;;) {
        if (s == NULL || stmt_step(cx, s, &row) != 0 || !row)
            return buf_str(&out);
        if (out.n > 0)
            buf_char(&out, ' ');
        buf_add(&out, stmt_is_null(s, 0) ? STR("null") : stmt_text(cx->mem, s, 0));
    }
}

/* "risk RISK-001 notes,title 2 named" of each record. */
static struct str told(struct kept *k, const struct record_erased *done)
{
    struct buf out = buf_new(k->cx->mem);

    for (size_t i = 0; i < value_count(done->records); i++) {
        const struct value *one = value_at(done->records, i), *fields = value_get(one, "fields");
        buf_printf(&out, "%.*s %.*s ", STR_ARG(value_get_text(one, "register")),
                   STR_ARG(value_get_text(one, "ref")));
        for (size_t f = 0; f < value_count(fields); f++)
            buf_printf(&out, "%s%.*s", f > 0 ? "," : "",
                       STR_ARG(value_as_text(value_at(fields, f))));
        buf_printf(&out, " %lld%s\n", (long long)value_get_int(one, "values", 0),
                   value_get_bool(one, "named") ? " named" : "");
    }
    return buf_str(&out);
}

static struct record_erasure of_person(struct kept *k, struct str person)
{
    struct value *persons = value_list(k->cx->mem);

    value_push(persons, value_text(k->cx->mem, person));
    return (struct record_erasure){.persons = persons,
                                   .texts = true,
                                   .decision = STR("decision"),
                                   .actor = {k->anna, STR("owner"), STR("local"), false}};
}

static int erase(struct kept *k, const struct record_erasure *erasure, struct record_erased *ret)
{
    struct ctx *cx = k->cx;

    TX(tx, cx, k->store);
    TRY(record_erase(cx, &k->rs, erasure, ret));
    return tx_commit(cx, &tx);
}

static struct record read(struct kept *k, const char *register_id, struct str id)
{
    struct ctx *cx = k->cx;
    struct record record = {.body = NULL};

    CHECK_OK(record_read(cx, &k->rs, kept_def(k, register_id), id, STR_NONE, &record));
    return record;
}

KEPT_TEST(record_erase_takes_a_person_and_their_name)
{
    struct str risk =
        kept_add(k, "risk",
                 "{title: \"Ben Okafor, again\", notes: \"He said: BEN OKAFOR did it\", "
                 "owner: P-002, lines: [{what: Ask Ben Okafor, who: P-002}]}");
    struct str other = kept_add(k, "risk", "{title: Benches}");
    struct record_erasure erasure;
    struct record_erased done = {.values = 0};
    struct record record;
    struct record_hit *hits;
    size_t n = 1;

    CHECK_OK(kept_put(k, "person", k->ben, "{name: Ben Okafor, mail: ben@a.example}", &record));
    CHECK_OK(kept_put(k, "risk", risk,
                      "{title: Later, notes: \"BEN OKAFOR did it\", owner: P-002, "
                      "lines: [{what: Ask Ben Okafor, who: P-002}]}",
                      &record));
    erasure = of_person(k, k->ben);
    CHECK_OK(erase(k, &erasure, &done));
    CHECK_STR(told(k, &done),
              "person P-002 name,mail 3\nrisk RISK-001 title,notes,lines 5 named\n");
    CHECK_INT(done.values, 8);
    CHECK_INT(value_count(done.stays), 0);
    CHECK_STR(kept_verified(k), "");

    record = read(k, "person", k->ben);
    CHECK(record_is_erased(value_get(record.body, "name")));
    CHECK_STR(record_label(cx->mem, record.def, record.body), "(erased)");
    CHECK_STR(ask(k, "SELECT name FROM person WHERE ref = 'P-002'"), "null");
    record = read(k, "risk", risk);
    CHECK_STR(value_get_text(record.body, "notes"), "(erased) did it");
    CHECK_STR(value_get_text(value_at(value_get(record.body, "lines"), 0), "what"), "Ask (erased)");
    CHECK_STR(value_get_text(record.body, "owner"), str_z(cx->mem, k->ben));
    CHECK_INT(record.rev, 3);
    CHECK_INT(read(k, "risk", other).rev, 1);
    CHECK_STR(ask(k, "SELECT count(*) FROM data_key WHERE subject = (SELECT id FROM person WHERE "
                     "ref = 'P-002')"),
              "0");
    CHECK_OK(record_search(cx, &k->rs, STR("okafor"), STR_NONE, &hits, &n));
    CHECK_INT(n, 0);
    kept_healthy(k);
}

/* What is missing is accepted by the decision that names it, and by no other. */
KEPT_TEST(record_erase_is_all_that_explains_what_is_missing)
{
    struct str risk = kept_add(k, "risk", "{title: A, notes: B}");
    struct record_erasure erasure = of_person(k, k->ben);
    struct record_target target = {risk, STR("notes")};
    struct record_erased done;

    erasure.persons = NULL;
    erasure.targets = &target;
    erasure.target_n = 1;
    CHECK_OK(erase(k, &erasure, &done));
    CHECK_STR(told(k, &done), "risk RISK-001 notes 1\n");
    CHECK_STR(kept_verified(k), "");
    struct record record = read(k, "risk", risk);
    CHECK_STR(record.act, "erase");
    CHECK_STR(value_get_text(record.body, "title"), "A");
    CHECK(record_is_erased(value_get(record.body, "notes")));
    CHECK(str_find(ask(k, "SELECT bytes FROM ledger_entry ORDER BY n DESC LIMIT 1"),
                   STR("\"x\":{\"by\":\"decision\",\"erased\":[[3,\"notes\"]]}"), 0) != SIZE_MAX);
    CHECK_OK(store_exec(cx, k->store, "test",
                        STR("DELETE FROM opening WHERE seq = 3 AND field = 'title'")));
    CHECK(str_has(kept_verified(k), "no decision"));
}

/* Later versions keep that it was erased, and nobody can say so of anything else. */
KEPT_TEST(record_erase_stays_in_later_versions)
{
    struct record_erasure erasure = of_person(k, k->ben);
    struct record_erased done;
    struct record record;
    struct value *v;

    CHECK_OK(erase(k, &erasure, &done));
    CHECK_OK(kept_put(k, "person", k->ben, "{name: {erased: true}, manager: P-001}", &record));
    CHECK(record_is_erased(value_get(record.body, "name")));
    CHECK_STR(
        read(k, "person", k->ben).stored,
        str_printf(cx->mem, "{\"manager\":\"%.*s\",\"name\":{\"erased\":true}}", STR_ARG(k->anna))
            .p);
    CHECK_RC(kept_put(k, "person", k->anna, "{name: {erased: true}}", &record), RC_INVALID);
    CHECK(str_has(cx->err.text, "only a recorded decision"));
    CHECK_STR(kept_verified(k), "");
    CHECK_OK(record_parse(cx, &k->rs, kept_def(k, "risk"),
                          register_field(kept_def(k, "risk"), STR("due")), STR("(erased)"), false,
                          &v));
    CHECK(record_is_erased(v));
    kept_healthy(k);
}

/* More than one entry can name: several versions, each with what it takes. */
KEPT_TEST(record_erase_names_more_than_an_entry_takes)
{
    struct str risk = kept_add(k, "risk", "{title: A, notes: B, text: C}");
    struct record_target target = {risk, STR_NONE};
    struct record_erasure erasure = of_person(k, k->ben);
    struct record_erased done;
    struct record record;

    for (unsigned i = 0; i < 110; i++)
        CHECK_OK(kept_put(k, "risk", risk,
                          str_printf(cx->mem, "{title: A%u, notes: B, text: C}", i).p, &record));
    erasure.targets = &target;
    erasure.target_n = 1;
    CHECK_OK(erase(k, &erasure, &done));
    CHECK_INT(done.values, 3 * 111 + 1);
    CHECK_INT(read(k, "risk", risk).rev, 113);
    CHECK_STR(kept_verified(k), "");
    kept_healthy(k);
}

static int look(struct kept *k, const struct record_erasure *erasure, struct record_erased *ret)
{
    struct ctx *cx = k->cx;

    TX(tx, cx, k->store);
    return record_erase(cx, &k->rs, erasure, ret);
}

/* Without a commit it is as if it had not been. */
KEPT_TEST(record_erase_can_be_looked_at_first)
{
    struct record_erasure erasure = of_person(k, k->ben);
    struct record_erased done = {.values = 0};

    CHECK_OK(look(k, &erasure, &done));
    CHECK_INT(done.values, 1);
    CHECK_STR(value_get_text(read(k, "person", k->ben).body, "name"), "Ben Okafor");
    CHECK_STR(kept_verified(k), "");
}

/* A record that was removed has its past, and that goes too. */
KEPT_TEST(record_erase_takes_what_was_removed)
{
    struct str risk = kept_add(k, "risk", "{title: Ben Okafor left}");
    struct record_change change = {.def = kept_def(k, "risk"), .id = risk, .act = "remove"};
    struct record_erasure erasure = of_person(k, k->ben);
    struct record_erased done;
    struct record record;

    CHECK_OK(record_write(cx, &k->rs, &change, &record));
    CHECK_OK(erase(k, &erasure, &done));
    CHECK(str_has(told(k, &done), "risk RISK-001 title 1 named"));
    CHECK_STR(kept_verified(k), "");
    CHECK_RC(record_read(cx, &k->rs, change.def, risk, STR_NONE, &record), RC_NOT_FOUND);
    kept_healthy(k);
}
