/* Versions, and that they are written once and by one at a time. */
#include "tests/harness.h"
#include "tests/register/kept.h"

static int refuse(struct kept *k, const char *register_id, struct str id, const char *yaml,
                  const char *says)
{
    struct record record;
    int rc = kept_put(k, register_id, id, yaml, &record);

    if (rc == 0 || !str_has(k->cx->err.text, says))
        test_failed(__FILE__, __LINE__, "%s: %d \"%.*s\" does not say \"%s\"", yaml, rc,
                    STR_ARG(k->cx->err.text), says);
    return rc;
}

KEPT_TEST(record_write_adds_and_changes)
{
    struct record a, b, read;

    CHECK_OK(kept_put(k, "risk", STR_NONE,
                      "{title: Theft, likelihood: 3, team: [Ben Okafor, P-01]}", &a));
    CHECK_STR(a.ref, "RISK-001");
    CHECK_INT(a.rev, 1);
    CHECK_INT(a.seq, 3);
    CHECK_STR(a.act, "add");
    CHECK_STR(value_get_text(a.body, "status"), "open");
    CHECK_OK(kept_put(k, "risk", a.id, "{title: Theft of notebooks, likelihood: 4}", &b));
    CHECK_INT(b.rev, 2);
    CHECK_INT(b.seq, 4);
    CHECK_OK(record_read(cx, &k->rs, a.def, a.id, STR_NONE, &read));
    CHECK_STR(record_json(cx->mem, read.body),
              "{\"likelihood\":4,\"status\":\"open\",\"title\":\"Theft of notebooks\"}");
    CHECK_OK(record_read(cx, &k->rs, a.def, a.id, a.at, &read));
    CHECK_STR(value_get_text(read.body, "title"), "Theft");
    CHECK_INT(value_count(value_get(read.body, "team")), 2);
    CHECK_RC(record_read(cx, &k->rs, a.def, a.id, STR("2020-01-01T00:00:00.000Z"), &read),
             RC_NOT_FOUND);
    kept_healthy(k);
}

KEPT_TEST(record_write_of_no_change_writes_nothing)
{
    struct record a, b;

    CHECK_OK(kept_put(k, "risk", STR_NONE, "{title: Fire, team: [P-01, P-02]}", &a));
    CHECK_OK(kept_put(k, "risk", a.id, "{team: [P-02, P-01, P-02], title: \" Fire \"}", &b));
    CHECK_INT(b.rev, 1);
    CHECK_INT(b.seq, a.seq);
}

KEPT_TEST(record_write_refuses_what_does_not_fit)
{
    CHECK_RC(refuse(k, "risk", STR_NONE, "{likelihood: 3}", "Title: it is needed"), RC_INVALID);
    refuse(k, "risk", STR_NONE, "{title: x, likelihood: 6}", "6 is more than 5");
    refuse(k, "risk", STR_NONE, "{title: x, colour: red}", "no such field");
    refuse(k, "risk", STR_NONE, "{title: x, code: ab1}", "does not have the form");
    refuse(k, "risk", STR_NONE, "{title: x, owner: Ann Weber}", "there is no \"Ann Weber\"");
    refuse(k, "risk", STR_NONE, "{title: x, treatment: eat}", "modify, retain, avoid");
    refuse(k, "risk", STR_NONE, "{title: x, treatment: retain}", "because of Treatment");
    refuse(k, "risk", STR_NONE, "{title: x, due: soon}", "a day such as");
    refuse(k, "risk", STR_NONE, "{title: x, cost: 1.2345}", "three decimals");
    refuse(k, "risk", STR_NONE, "{title: x, late: true}", "follows from other fields");
    refuse(k, "risk", STR_NONE, "{title: \"a\\u0001b\"}", "control characters");
    refuse(k, "risk", STR_NONE, "{title: x, lines: [{who: P-01}]}", "Lines, line 1: What");
    CHECK_RC(refuse(k, "risk", STR_NONE, "{title: x, status: closed}", "begins with open"),
             RC_CONFLICT);
    CHECK_RC(refuse(k, "risk_line", STR_NONE, "{what: x}", "within the records of"), RC_INVALID);
    kept_add(k, "asset", "{name: Code}");
    refuse(k, "asset", STR_NONE, "{name: Code}", "A-001 has the same");
    kept_add(k, "organisation", "{name: Brackwater}");
    CHECK_RC(refuse(k, "organisation", STR_NONE, "{name: Other}", "one record only"), RC_CONFLICT);
}

KEPT_TEST(record_write_numbers_refs)
{
    struct record r;

    CHECK_OK(kept_put(k, "risk", STR_NONE, "{title: a, ref: RISK-014}", &r));
    CHECK_STR(r.ref, "RISK-014");
    CHECK_OK(kept_put(k, "risk", STR_NONE, "{title: b}", &r));
    CHECK_STR(r.ref, "RISK-015");
    CHECK_RC(refuse(k, "risk", STR_NONE, "{title: c, ref: RISK-014}", "there is a RISK-014"),
             RC_CONFLICT);
    CHECK_OK(kept_put(k, "risk", r.id, "{title: b, ref: R9}", &r));
    CHECK_STR(r.ref, "R9");
    CHECK_OK(kept_put(k, "risk", STR_NONE, "{title: d}", &r));
    CHECK_STR(r.ref, "RISK-016");
    struct record_change remove = {.def = r.def, .id = r.id, .act = "remove"};

    CHECK_OK(record_write(cx, &k->rs, &remove, &r));
    CHECK_OK(kept_put(k, "risk", STR_NONE, "{title: d}", &r));
    CHECK_STR(r.ref, "RISK-017");
    CHECK_OK(kept_put(k, "risk", r.id, "{title: d, ref: RISK-2026-001}", &r));
    CHECK_OK(kept_put(k, "risk", STR_NONE, "{title: d}", &r));
    CHECK_STR(r.ref, "RISK-018");
    refuse(k, "risk", STR_NONE, "{title: e, ref: \"a\\nb\"}", "new lines");
}

KEPT_TEST(record_write_knows_who_was_faster)
{
    struct record a, b;
    struct record_change change;

    CHECK_OK(kept_put(k, "risk", STR_NONE, "{title: Theft}", &a));
    CHECK_OK(kept_put(k, "risk", a.id, "{title: Theft, likelihood: 2, due: 2026-12-01}", &b));
    change = (struct record_change){.def = a.def,
                                    .id = a.id,
                                    .rev = 1,
                                    .body = a.body,
                                    .act = "set",
                                    .actor = {.person = k->ben}};
    CHECK_RC(record_write(cx, &k->rs, &change, &b), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "by Anna Weber ("));
    CHECK(str_has(cx->err.text, "Likelihood, Due"));
}

KEPT_TEST(record_write_once_under_a_key)
{
    struct record a, b;
    struct record_change change;
    struct value *body = NULL;

    CHECK_OK(kept_body(k, kept_def(k, "risk"), "{title: Theft}", &body));
    change = (struct record_change){
        .def = kept_def(k, "risk"), .body = body, .act = "add", .key = STR("k1")};
    CHECK_OK(record_write(cx, &k->rs, &change, &a));
    CHECK_OK(record_write(cx, &k->rs, &change, &b));
    CHECK_INT(a.seq, b.seq);
    CHECK(str_eq(a.id, b.id));
    value_set_text(body, "title", STR("Fire"));
    CHECK_RC(record_write(cx, &k->rs, &change, &b), RC_CONFLICT);
}

KEPT_TEST(record_removal_keeps_history_and_those_referred_to)
{
    struct record asset, risk, gone;
    struct record_change change;

    CHECK_OK(kept_put(k, "asset", STR_NONE, "{name: Code}", &asset));
    CHECK_OK(kept_put(k, "risk", STR_NONE,
                      "{title: Leak, assets: [A-001], lines: [{what: w, assets: [A-001]}]}",
                      &risk));
    change = (struct record_change){.def = asset.def, .id = asset.id, .act = "remove"};
    CHECK_RC(record_write(cx, &k->rs, &change, &gone), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "RISK-001 (Risks: Assets), RISK-001 (Risks: Lines)"));
    CHECK_OK(kept_put(k, "risk", risk.id, "{title: Leak}", &risk));
    CHECK_OK(record_write(cx, &k->rs, &change, &gone));
    CHECK(gone.body == NULL);
    CHECK_RC(record_read(cx, &k->rs, asset.def, asset.id, STR_NONE, &gone), RC_NOT_FOUND);
    CHECK(str_has(cx->err.text, "A-001 was removed"));
    CHECK_OK(record_read(cx, &k->rs, asset.def, asset.id, asset.at, &gone));
    CHECK_STR(value_get_text(gone.body, "name"), "Code");
    CHECK_OK(kept_put(k, "asset", STR_NONE, "{name: Code}", &asset));
    CHECK_STR(asset.ref, "A-002");
    kept_healthy(k);
}

KEPT_TEST(record_refs_of_removed_records_are_given_again_only_where_that_is_meant)
{
    struct record asset, other;
    struct record_change change;

    CHECK_OK(kept_put(k, "asset", STR_NONE, "{name: Code}", &asset));
    change = (struct record_change){.def = asset.def, .id = asset.id, .act = "remove"};
    CHECK_OK(record_write(cx, &k->rs, &change, &other));
    change = (struct record_change){.def = asset.def, .ref = STR("A-001"), .act = "add"};
    change.body = asset.body;
    CHECK_RC(record_write(cx, &k->rs, &change, &other), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "A-001 was the ref of a record that was removed on "));
    change.again = true;
    CHECK_OK(record_write(cx, &k->rs, &change, &other));
    CHECK_STR(other.ref, "A-001");
    CHECK(!str_eq(other.id, asset.id));
    kept_healthy(k);
}

static int write_body(struct kept *k, struct str id, const char *json, bool imported,
                      struct record *ret)
{
    struct record_change change = {
        .def = kept_def(k, "risk"), .id = id, .act = "import", .imported = imported};
    struct value *body;

    TRY(json_parse(k->cx, "test", str_of(json), &body));
    change.body = body;
    return record_write(k->cx, &k->rs, &change, ret);
}

/* What an import names that is not there stays as it was said, but nobody else says such. */
KEPT_TEST(record_write_keeps_what_an_import_said)
{
    static const char said[] =
        "{\"owner\":{\"said\":\"Carl\"},\"team\":[{\"said\":\"Dora\"}],\"title\":\"x\","
        "\"lines\":[{\"what\":\"w\",\"who\":{\"said\":\"Emil\"},\"assets\":[{\"said\":\"Fax\"}]}]}";
    static const char more[] =
        "{\"owner\":{\"said\":\"Carl\"},\"team\":[{\"said\":\"Dora\"}],\"title\":\"y\","
        "\"lines\":[{\"what\":\"w\",\"who\":{\"said\":\"Emil\"},\"assets\":[{\"said\":\"Fax\"}]}]}";
    struct record r;

    CHECK_RC(write_body(k, STR_NONE, said, false, &r), RC_INVALID);
    CHECK(str_has(cx->err.text, "there is no \"Carl\""));
    CHECK_OK(write_body(k, STR_NONE, said, true, &r));
    kept_healthy(k);
    CHECK_OK(write_body(k, r.id, more, false, &r));
    CHECK_INT(r.rev, 2);
    CHECK_RC(write_body(k, r.id, "{\"title\":\"y\",\"owner\":{\"said\":\"Dora\"}}", false, &r),
             RC_INVALID);
    CHECK_STR(kept_query(k, "risk", "", NULL, (const char *const[]){"owner=Carl", NULL}),
              "RISK-001");
    CHECK_STR(kept_query(k, "risk", "", NULL, (const char *const[]){"team=Dora", NULL}),
              "RISK-001");
    CHECK_STR(kept_query(k, "risk", "", NULL, (const char *const[]){"owner=", NULL}), "");
    kept_healthy(k);
}

/* ---- records that come together ---- */

struct two {
    struct record_coming coming;
    struct str id[2];
};

static struct str two_find(const struct record_coming *coming, const struct register_def *def,
                           struct str name)
{
    const struct two *two = (const struct two *)(const void *)coming;
    bool first = str_is(name, "Gerd"), person = str_is(def->id, "person");

    return person && (first || str_is(name, "Hanna")) ? two->id[first ? 0 : 1] : STR_NONE;
}

static bool two_has(const struct record_coming *coming, struct str id)
{
    const struct two *two = (const struct two *)(const void *)coming;

    return str_eq(id, two->id[0]) || str_eq(id, two->id[1]);
}

static int write_two(struct ctx *cx, struct record_store *rs, const struct two *two, bool both)
{
    const struct register_def *person = registers_find(rs->registers, STR("person"));
    static const char *const names[] = {"Gerd", "Hanna"};
    struct record record;

    TX(tx, cx, rs->store);
    for (size_t i = 0; i < (both ? 2 : 1); i++) {
        struct value *body = value_map(cx->mem);
        struct record_change change = {
            .def = person, .id = two->id[i], .fresh = true, .body = body, .act = "import"};
        struct str other;
        TRY(record_find(cx, rs, person, str_of(names[1 - i]), &other));
        value_set(body, "name", value_textz(cx->mem, names[i]));
        value_set_text(body, "manager", other);
        TRY(record_write(cx, rs, &change, &record));
    }
    return tx_commit(cx, &tx);
}

KEPT_TEST(record_write_of_two_that_refer_to_each_other)
{
    struct two two = {{two_find, two_has}, {record_id_new(cx), record_id_new(cx)}};
    struct record_store rs = k->rs;

    rs.coming = &two.coming;
    CHECK_RC(write_two(cx, &rs, &two, false), RC_CONFLICT); /* the other did not come */
    CHECK_STR(kept_query(k, "person", "", NULL, NULL), "P-001 P-002");
    CHECK_OK(write_two(cx, &rs, &two, true));
    CHECK_STR(kept_query(k, "person", "", NULL, (const char *const[]){"manager=Gerd", NULL}),
              "P-004");
    kept_healthy(k);
}
