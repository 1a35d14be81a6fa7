/* Who may move what where. */
#include "tests/register/kept.h"

static int advance(struct kept *k, struct str id, const char *to, struct record_actor actor,
                   const char *yaml)
{
    struct record_change change = {.def = kept_def(k, "risk"), .id = id, .actor = actor};
    struct value *body = NULL;
    struct record record;

    if (yaml != NULL)
        TRY(kept_body(k, change.def, yaml, &body));
    change.body = body;
    return record_advance(k->cx, &k->rs, &change, str_of(to), &record);
}

KEPT_TEST(record_advance_asks_for_all_of_it)
{
    struct record_actor anna = {k->anna, STR("manager"), STR("local"), false},
                        ben = {k->ben, STR("reader"), STR("local"), false};
    struct str id = kept_add(k, "risk", "{title: Theft, likelihood: 3}");
    struct record record;

    CHECK_RC(advance(k, id, "closed", anna, NULL), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "there are: treated"));
    CHECK_RC(advance(k, id, "treated", anna, NULL), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "have to be filled: Owner"));
    CHECK_OK(advance(k, id, "treated", anna, "{owner: P-001}"));
    CHECK_RC(advance(k, id, "closed", ben, "{due: 2026-12-01}"), RC_DENIED);
    CHECK(str_has(cx->err.text, "is for owner, manager; you act as reader"));
    CHECK_RC(advance(k, id, "closed", anna, "{due: 2026-12-01}"), RC_DENIED);
    CHECK(str_has(cx->err.text, "four eyes"));
    ben.role = STR("owner");
    CHECK_RC(advance(k, id, "closed", ben, NULL), RC_CONFLICT);
    CHECK_OK(advance(k, id, "closed", ben, "{due: 2026-12-01}"));
    CHECK_OK(record_read(cx, &k->rs, kept_def(k, "risk"), id, STR_NONE, &record));
    CHECK_STR(value_get_text(record.body, "status"), "closed");
    CHECK_STR(value_get_text(record.body, "closed_on"), "2026-11-30");
    CHECK(str_eq(value_get_text(record.body, "closed_by"), k->ben));
    CHECK_STR(record.act, "advance");
    CHECK_INT(record.rev, 3);
    kept_healthy(k);
}

KEPT_TEST(record_four_eyes_can_be_switched_off)
{
    struct record_actor anna = {k->anna, STR("manager"), STR("local"), false};
    struct str id = kept_add(k, "risk", "{title: Theft, owner: P-001, due: 2026-12-01}");
    struct str org = kept_add(k, "organisation", "{name: Brackwater}");
    struct record record;

    CHECK_OK(advance(k, id, "treated", anna, NULL));
    CHECK_RC(advance(k, id, "closed", anna, NULL), RC_DENIED);
    CHECK_RC(kept_put(k, "organisation", org, "{name: Brackwater, four_eyes: false}", &record),
             RC_INVALID);
    CHECK_OK(kept_put(k, "organisation", org,
                      "{name: Brackwater, four_eyes: false, four_eyes_reason: two of us}",
                      &record));
    anna.independent = true; /* a role that never has what is its own */
    CHECK_RC(advance(k, id, "closed", anna, NULL), RC_DENIED);
    CHECK(str_has(cx->err.text, "nobody audits what they own or did"));
    anna.independent = false;
    CHECK_OK(advance(k, id, "closed", anna, NULL));
}

/* Whoever hands their part to somebody else first is still who had it. */
KEPT_TEST(record_four_eyes_look_back)
{
    struct record_actor anna = {k->anna, STR("manager"), STR("local"), false},
                        ben = {k->ben, STR("manager"), STR("local"), false};
    struct str id = kept_add(k, "risk", "{title: Theft, owner: P-001, due: 2026-12-01}");
    struct record record;

    CHECK_OK(advance(k, id, "treated", anna, NULL));
    CHECK_OK(kept_put(k, "risk", id, "{title: Theft, owner: P-002, due: 2026-12-01}", &record));
    CHECK_RC(advance(k, id, "closed", anna, NULL), RC_DENIED);
    CHECK(str_has(cx->err.text, "who was \"Owner\" in version 2 may not"));
    CHECK_OK(kept_put(k, "risk", id, "{title: Theft, due: 2026-12-01}", &record));
    CHECK_RC(advance(k, id, "closed", ben, NULL), RC_DENIED);
}

KEPT_TEST(record_guards_forbid)
{
    struct record_actor anna = {k->anna, STR("manager"), STR("local"), false};
    struct str id = kept_add(k, "risk", "{title: Theft, owner: P-002, likelihood: 5}");
    struct record record;

    CHECK_RC(advance(k, id, "treated", anna, NULL), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "Risks, RISK-001: Theft is too likely to be treated."));
    CHECK_OK(record_read(cx, &k->rs, kept_def(k, "risk"), id, STR_NONE, &record));
    CHECK_INT(record.rev, 1);
    CHECK_OK(kept_put(k, "risk", id, "{title: Theft, owner: P-002, likelihood: 4}", &record));
    CHECK_OK(advance(k, id, "treated", anna, NULL));
    CHECK_RC(kept_put(k, "risk", id, "{title: Theft, owner: P-002, likelihood: 5}", &record),
             RC_CONFLICT);
    kept_healthy(k);
}

KEPT_TEST(record_advance_once_under_a_key)
{
    struct record_change change = {.def = kept_def(k, "risk"), .key = STR("k")};
    struct record a, b;

    change.id = kept_add(k, "risk", "{title: Theft, owner: P-002}");
    CHECK_OK(record_advance(cx, &k->rs, &change, STR("treated"), &a));
    CHECK_OK(record_advance(cx, &k->rs, &change, STR("treated"), &b));
    CHECK_INT(a.seq, b.seq);
    CHECK_RC(record_advance(cx, &k->rs, &change, STR("closed"), &b), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "stood for another change"));
}

/* Only a transition changes the state; an import brings the one that was. */
KEPT_TEST(record_state_of_an_import)
{
    struct record_change change = {.def = kept_def(k, "risk"), .act = "import", .imported = true};
    struct value *body = NULL;
    struct record record;

    CHECK_OK(kept_body(k, change.def, "{status: closed, likelihood: 2}", &body));
    change.body = body;
    CHECK_OK(record_write(cx, &k->rs, &change, &record));
    CHECK_STR(value_get_text(record.body, "status"), "closed");
    CHECK_OK(kept_put(k, "risk", record.id, "{likelihood: 3}", &record));
    CHECK_STR(value_get_text(record.body, "status"), "closed");
    CHECK_RC(kept_put(k, "risk", record.id, "{title: x, status: open}", &record), RC_CONFLICT);
    CHECK(str_has(cx->err.text, "only a transition changes Status, which is closed"));
    CHECK_OK(kept_body(k, change.def, "{status: treated, likelihood: 5}", &body));
    change.body = body;
    CHECK_OK(record_write(cx, &k->rs, &change, &record)); /* guards are for what is done here */
    CHECK_RC(kept_put(k, "risk", record.id, "{title: x, likelihood: 5}", &record), RC_CONFLICT);
}
