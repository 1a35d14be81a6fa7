/* Lists by conditions and in order, now and as of an earlier day: the same either way. */
#include "tests/register/kept.h"

#define WHERE(...)                                                                                 \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

static void some(struct kept *k)
{
    kept_add(k, "asset", "{name: Source code, owner: P-001}");
    kept_add(k, "asset", "{name: Notebooks}");
    kept_add(k, "risk",
             "{title: Theft, ref: RISK-2, likelihood: 3, consequence: 4, cost: 12.5, due: "
             "2026-10-01, owner: P-002, assets: [Notebooks], goals: [secrecy, use], known: true}");
    kept_add(
        k, "risk",
        "{title: \"Ärger mit Élan\", ref: RISK-10, likelihood: 5, consequence: 1, cost: \"-3\", "
        "due: 2027-01-15, owner: P-001, treatment: avoid, assets: [A-001, A-002]}");
    kept_add(k, "risk",
             "{title: Fire, ref: RISK-1, level: 2, likelihood: 4, consequence: 4, treatment: "
             "modify, team: [P-001], lines: [{what: roof}], known: false}");
}

/* What a list is now and what it is as of the end of time. */
static void lists(struct kept *k, const char *order, const char *const *where, const char *refs)
{
    CHECK_STR(kept_query(k, "risk", "", order, where), refs);
    CHECK_STR(kept_query(k, "risk", "2999-01-01T00:00:00.000Z", order, where), refs);
}

KEPT_TEST(record_list_by_conditions)
{
    some(k);
    lists(k, NULL, NULL, "RISK-1 RISK-2 RISK-10");
    lists(k, NULL, WHERE("likelihood>=4"), "RISK-1 RISK-10");
    lists(k, NULL, WHERE("likelihood<4"), "RISK-2");
    lists(k, NULL, WHERE("level>=10"), "RISK-2");
    lists(k, NULL, WHERE("level=2"), "RISK-1");
    lists(k, NULL, WHERE("late=yes"), "RISK-2");
    lists(k, NULL, WHERE("late="), "RISK-1");
    lists(k, NULL, WHERE("late!=yes"), "RISK-1 RISK-10");
    lists(k, NULL, WHERE("cost>0"), "RISK-2");
    lists(k, NULL, WHERE("cost=-3.0"), "RISK-10");
    lists(k, NULL, WHERE("owner=Anna Weber"), "RISK-10");
    lists(k, NULL, WHERE("owner=Nobody"), "");
    lists(k, NULL, WHERE("owner="), "RISK-1");
    lists(k, NULL, WHERE("owner!="), "RISK-2 RISK-10");
    lists(k, NULL, WHERE("owner!=P-1"), "RISK-1 RISK-2");
    lists(k, NULL, WHERE("assets=notebooks"), "RISK-2 RISK-10");
    lists(k, NULL, WHERE("assets!=A-001"), "RISK-1 RISK-2");
    lists(k, NULL, WHERE("assets="), "RISK-1");
    lists(k, NULL, WHERE("assets~a-002", "likelihood<=3"), "RISK-2");
    lists(k, NULL, WHERE("goals=use"), "RISK-2");
    lists(k, NULL, WHERE("lines!="), "RISK-1");
    lists(k, NULL, WHERE("lines~ROOF"), "RISK-1");
    lists(k, NULL, WHERE("title~ärger"), "RISK-10");
    lists(k, NULL, WHERE("treatment=modify"), "RISK-1");
    lists(k, NULL, WHERE("known=no"), "RISK-1");
    lists(k, NULL, WHERE("due>2026-12-31"), "RISK-10");
    lists(k, NULL, WHERE("ref=risk-02"), "RISK-2");
    lists(k, NULL, WHERE("ref>RISK-2"), "RISK-10");
    lists(k, NULL, WHERE("ref~10"), "RISK-10");
    lists(k, NULL, WHERE("status=open", "title~e"), "RISK-1 RISK-2 RISK-10");
}

KEPT_TEST(record_list_in_order)
{
    some(k);
    lists(k, "likelihood", NULL, "RISK-2 RISK-1 RISK-10");
    lists(k, "due", NULL, "RISK-2 RISK-10 RISK-1");
    lists(k, "owner", NULL, "RISK-10 RISK-2 RISK-1");
    lists(k, "treatment", NULL, "RISK-1 RISK-10 RISK-2");
    lists(k, "level", NULL, "RISK-1 RISK-10 RISK-2");
    lists(k, "title", NULL, "RISK-1 RISK-2 RISK-10");
    struct record_query query = {.def = kept_def(k, "risk"), .descending = true};

    CHECK_STR(kept_list(k, &query), "RISK-10 RISK-2 RISK-1");
    query.order = register_field(query.def, STR("due"));
    CHECK_STR(kept_list(k, &query), "RISK-10 RISK-2 RISK-1");
    query = (struct record_query){.def = query.def, .skip = 1, .limit = 1};
    CHECK_STR(kept_list(k, &query), "RISK-2");
    struct record_filter has = {.op = RECORD_HAS, .text = STR("risk")};

    query.filters = &has;
    query.filter_n = 1;
    CHECK_STR(kept_list(k, &query), "RISK-2");
    query.order = register_field(query.def, STR("assets"));
    CHECK_RC(record_list(cx, &k->rs, &query, NULL, NULL), RC_INVALID);
}

KEPT_TEST(record_list_as_it_was)
{
    struct record first, record;
    struct record_change remove = {.def = kept_def(k, "risk"), .act = "remove"};

    some(k);
    CHECK_OK(kept_put(k, "risk", STR_NONE, "{title: Flood, likelihood: 1}", &first));
    CHECK_OK(kept_put(k, "risk", first.id, "{title: Flood, likelihood: 5}", &record));
    lists(k, NULL, WHERE("likelihood=5"), "RISK-10 RISK-011");
    CHECK_STR(kept_query(k, "risk", str_z(cx->mem, first.at), NULL, WHERE("likelihood=1")),
              "RISK-011");
    remove.id = first.id;
    CHECK_OK(record_write(cx, &k->rs, &remove, &record));
    lists(k, NULL, NULL, "RISK-1 RISK-2 RISK-10");
    CHECK_STR(kept_query(k, "risk", str_z(cx->mem, first.at), NULL, NULL),
              "RISK-1 RISK-2 RISK-10 RISK-011");
    CHECK_STR(kept_query(k, "risk", "2020-01-01T00:00:00.000Z", NULL, NULL), "");
}

static int keep_body(void *arg, struct ctx *cx, const struct record *record)
{
    struct buf *out = arg;

    buf_add(out, record_json(cx->mem, record->body));
    return 0;
}

KEPT_TEST(record_list_completed)
{
    struct record_query query = {.def = kept_def(k, "risk"), .complete = true};
    struct buf out = buf_new(cx->mem);
    struct record was, now;

    CHECK_OK(kept_put(k, "risk", STR_NONE,
                      "{title: a, likelihood: 2, consequence: 3, due: 2026-11-29}", &was));
    CHECK_OK(record_list(cx, &k->rs, &query, keep_body, &out));
    CHECK_STR(buf_str(&out), "{\"consequence\":3,\"due\":\"2026-11-29\",\"late\":true,\"level\":6,"
                             "\"likelihood\":2,\"status\":\"open\",\"title\":\"a\"}");
    CHECK_OK(kept_put(k, "risk", was.id, "{title: a, likelihood: 5, consequence: 3}", &now));
    CHECK_OK(record_complete(cx, &k->rs, &now));
    CHECK_INT(value_get_int(now.body, "level", 0), 15);
    CHECK(value_get(now.body, "late") == NULL);
    cx->today = (struct date){2026, 11, 1};
    CHECK_OK(record_complete(cx, &k->rs, &was));
    CHECK_INT(value_get_int(was.body, "level", 0), 6);
    CHECK(value_type(value_get(was.body, "late")) == VALUE_BOOL &&
          !value_get_bool(was.body, "late"));
}

KEPT_TEST(record_filters_are_read)
{
    const struct register_def *def = kept_def(k, "risk");
    struct record_filter filter;

    CHECK_OK(record_filter_parse(cx, def, STR(" level >= 8 "), &filter));
    CHECK(filter.op == RECORD_MORE && filter.or_equal);
    CHECK_STR(filter.text, "8");
    CHECK_RC(record_filter_parse(cx, def, STR("lvel>8"), &filter), RC_INVALID);
    CHECK(str_has(cx->err.text, "nearest is level"));
    CHECK_RC(record_filter_parse(cx, def, STR("level"), &filter), RC_INVALID);
    CHECK_RC(record_filter_parse(cx, def, STR(">8"), &filter), RC_INVALID);
    struct record_filter odd[] = {
        {register_field(def, STR("treatment")), RECORD_LESS, false, STR("avoid")},
        {register_field(def, STR("lines")), RECORD_IS, false, STR("x")},
        {register_field(def, STR("due")), RECORD_IS, false, STR("soon")}};

    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        struct record_query query = {.def = def, .filters = &odd[i], .filter_n = 1};
        uint64_t n;
        CHECK_RC(record_count(cx, &k->rs, &query, &n), RC_INVALID);
    }
}

static int keep_ref_and_body(void *arg, struct ctx *cx, const struct record *record)
{
    struct buf *out = arg;

    buf_printf(out, "%.*s %.*s\n", STR_ARG(record->ref),
               STR_ARG(record_json(cx->mem, record->body)));
    return 0;
}

KEPT_TEST(record_list_of_few_fields)
{
    const struct register_def *def = kept_def(k, "risk");
    bool *fields = arena_array(cx->mem, def->field_n + 1, sizeof *fields);
    struct buf out = buf_new(cx->mem);

    some(k);
    fields[register_field(def, STR("title"))->at] = true;
    fields[register_field(def, STR("owner"))->at] = true;
    fields[register_field(def, STR("lines"))->at] = true;
    CHECK_OK(record_each_brief(cx, &k->rs, def, fields, keep_ref_and_body, &out));
    CHECK(str_has(
        buf_str(&out),
        str_printf(cx->mem, "RISK-2 {\"owner\":\"%.*s\",\"title\":\"Theft\"}\n", STR_ARG(k->ben))
            .p));
    CHECK(str_has(buf_str(&out), "\"likelihood\":4,\"lines\":[{\"what\":\"roof\"}]"));
}

KEPT_TEST(record_list_completed_as_far_as_stored)
{
    struct record_query query = {.def = kept_def(k, "risk"), .complete = true, .storable = true};
    struct buf out = buf_new(cx->mem);

    kept_add(k, "risk", "{title: a, likelihood: 2, consequence: 3, due: 2026-11-29}");
    CHECK_OK(record_list(cx, &k->rs, &query, keep_body, &out));
    CHECK_STR(buf_str(&out), "{\"consequence\":3,\"due\":\"2026-11-29\",\"level\":6,"
                             "\"likelihood\":2,\"status\":\"open\",\"title\":\"a\"}");
}
