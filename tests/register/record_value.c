/* Values from text and JSON, and back; canonical JSON. */
#include "tests/register/kept.h"

static struct str parsed(struct kept *k, const char *field_id, const char *text, bool said)
{
    const struct register_def *def = kept_def(k, "risk");
    struct value *v = NULL;

    if (record_parse(k->cx, &k->rs, def, register_field(def, str_of(field_id)), str_of(text), said,
                     &v) != 0)
        return str_printf(k->cx->mem, "! %.*s", STR_ARG(k->cx->err.text));
    return v == NULL ? STR("none") : record_json(k->cx->mem, v);
}

KEPT_TEST(record_parse_takes_what_people_write)
{
    kept_add(k, "asset", "{name: Code}");
    CHECK_STR(parsed(k, "title", "  a b\r\nc ", false), "\"a b\\nc\"");
    CHECK_STR(parsed(k, "title", " ", false), "none");
    CHECK_STR(parsed(k, "count", "-12", false), "-12");
    CHECK_STR(parsed(k, "cost", "12,50", false), "\"12.5\"");
    CHECK_STR(parsed(k, "cost", "0,125", false), "\"0.125\"");
    CHECK(str_has(parsed(k, "cost", "1,000", false), "Write 1.000 or 1000."));
    CHECK_STR(parsed(k, "cost", "-0.005", false), "\"-0.005\"");
    CHECK_STR(parsed(k, "cost", "-0", false), "\"0\"");
    CHECK_STR(parsed(k, "due", "30.11.2026", false), "\"2026-11-30\"");
    CHECK_STR(parsed(k, "due", "2026-11-30", false), "\"2026-11-30\"");
    CHECK_STR(parsed(k, "known", "Yes", false), "true");
    CHECK_STR(parsed(k, "known", "false", false), "false");
    CHECK_STR(parsed(k, "treatment", "Reduce", false), "\"modify\"");
    CHECK_STR(parsed(k, "goals", "use, secrecy,use", false), "[\"secrecy\",\"use\"]");
    CHECK_STR(parsed(k, "controls", "B\nA, 1\n", false), "[\"A, 1\",\"B\"]");
    CHECK(str_has(parsed(k, "owner", "Carl", false), "there is no \"Carl\""));
    CHECK_STR(parsed(k, "owner", "Carl  M.", true), "{\"said\":\"Carl M.\"}");
    CHECK_STR(parsed(k, "seen", "2026-11-30T09:15:00.000Z", false), "\"2026-11-30T09:15:00.000Z\"");
    CHECK(str_has(parsed(k, "seen", "yesterday", false), "a point in time such as"));
    CHECK(str_has(parsed(k, "count", "1e3", false), "a whole number"));
    CHECK_STR(parsed(k, "lines", "{\"what\": \"roof\", \"share\": 0.5}", false),
              "[{\"share\":\"0.5\",\"what\":\"roof\"}]");
    CHECK(str_has(parsed(k, "lines", "roof", false), "will not do"));
    CHECK(str_has(parsed(k, "lines", "{\"where\": \"x\"}", false), "no field \"where\""));
}

/* What is printed is read back as what it was. */
static void round_trip(struct kept *k, const char *field_id, const char *text)
{
    const struct register_def *def = kept_def(k, "risk");
    const struct register_field *field = register_field(def, str_of(field_id));
    struct value *v = NULL, *again = NULL;
    struct ctx *cx = k->cx;
    struct str printed;

    CHECK_OK(record_parse(cx, &k->rs, def, field, str_of(text), true, &v));
    CHECK_OK(record_print(cx, &k->rs, field, v, &printed));
    CHECK_OK(record_parse(cx, &k->rs, def, field, printed, true, &again));
    CHECK_STR(record_json(cx->mem, again), str_z(cx->mem, record_json(cx->mem, v)));
}

KEPT_TEST(record_print_is_read_back)
{
    kept_add(k, "asset", "{name: \"Code, ours\", ref: \"A;1\"}");
    kept_add(k, "asset", "{name: Notebooks, ref: \"A,2\"}");
    round_trip(k, "title", "=cmd|' /C calc'!A0");
    round_trip(k, "owner", "Anna Weber");
    round_trip(k, "owner", "Nobody; known");
    round_trip(k, "assets", "A;1\n");
    round_trip(k, "assets", "A;1\nA,2\nOther, thing");
    round_trip(k, "team", "Weber, Anna\n");
    round_trip(k, "steps", "P-002\nP-001");
    round_trip(k, "cost", "1234567.125");
    round_trip(k, "known", "no");
    round_trip(k, "goals", "use,secrecy");
    round_trip(k, "controls", "A.5.1; A.8.24");
    round_trip(k, "lines",
               "[{\"what\": \"a\\nb\", \"who\": \"P-001\", \"assets\": [\"A;1\", "
               "\"A,2\"]}, {\"what\": \"\\u2028\"}]");
    round_trip(k, "proof",
               "{\"bytes\": 3, \"name\": \"a b.pdf\", \"type\": \"application/pdf\", \"sha256\": "
               "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"}");
}

TEST(record_json_is_canonical)
{
    struct value *map = value_map(cx->mem), *inner = value_map(cx->mem), *v;

    /* RFC 8785, 3.2.3: by UTF-16 units, in which the flag comes before the private letter. */
    value_set_int(map, "\xe2\x82\xac", 1);
    value_set_int(map, "\r", 2);
    value_set_int(map, "\xef\xac\xb3", 3);
    value_set_int(map, "1", 4);
    value_set_int(map, "\xf0\x9f\x98\x80", 5);
    value_set_int(map, "\xc2\x80", 6);
    value_set_int(map, "\xc3\xb6", 7);
    CHECK_STR(record_json(cx->mem, map), "{\"\\r\":2,\"1\":4,\"\xc2\x80\":6,\"\xc3\xb6\":7,"
                                         "\"\xe2\x82\xac\":1,\"\xf0\x9f\x98\x80\":5,"
                                         "\"\xef\xac\xb3\":3}");
    value_set_text(inner, "b", STR("\b\t\n\f\r\"\\/\x01\x1f\x7f\xe2\x80\xa8"));
    value_set(inner, "a", value_null(cx->mem));
    CHECK_STR(record_json(cx->mem, inner),
              "{\"a\":null,\"b\":\"\\b\\t\\n\\f\\r\\\"\\\\/\\u0001\\u001f\x7f\xe2\x80\xa8\"}");
    CHECK_OK(json_parse(cx, "test", record_json(cx->mem, inner), &v));
    CHECK_STR(record_json(cx->mem, v), str_z(cx->mem, record_json(cx->mem, inner)));
}
