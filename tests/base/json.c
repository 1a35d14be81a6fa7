#include "tests/harness.h"

static struct str again(struct ctx *cx, const char *text)
{
    struct buf out = buf_new(cx->mem);
    struct value *v = NULL;

    CHECK_OK(json_parse(cx, "t", str_of(text), &v));
    value_json(&out, v, 0);
    return buf_str(&out);
}

static void refused(struct ctx *cx, struct str text, enum rc rc, const char *why)
{
    struct value *v;

    cx->err = (struct err){0};
    CHECK_RC(json_parse(cx, "old.json", text, &v), rc);
    if (!str_has(cx->err.text, why))
        test_failed(__FILE__, __LINE__, "\"%.*s\" does not say \"%s\"", STR_ARG(cx->err.text), why);
}

TEST(json_reads_what_it_writes)
{
    CHECK_STR(again(cx, "{\"a\": [1, -2.5, true, false, null, {}], \"b\": \"x\\n\"}"),
              "{\"a\":[1,-2.5,true,false,null,{}],\"b\":\"x\\n\"}");
    CHECK_STR(again(cx, "\"\\ud83d\\ude00 \\u00e9\""), "\"😀 é\"");
    /* What YAML and JavaScript take for the end of a line. */
    CHECK_STR(again(cx, "\"a\\u2028b\\u0085\""), "\"a\\u2028b\\u0085\"");
    CHECK_STR(again(cx, "1e300"), "9223372036854775.807");
}

TEST(json_refuses_what_is_none)
{
    struct buf deep = buf_new(cx->mem);

    refused(cx, STR("{\"a\": 1,\n \"b\" 2}"), RC_INVALID, "old.json is no JSON: line 2, column ");
    refused(cx, STR("{\"a\": 1"), RC_INVALID, "no JSON: line 1");
    refused(cx, STR("{\"a\": 1, \"a\": 2}"), RC_INVALID, "duplicate");
    refused(cx, STR("{} {}"), RC_INVALID, "end of file expected");
    refused(cx, STR("\"\xff\""), RC_INVALID, "byte 0xff");
    refused(cx, STR("a: 1"), RC_INVALID, "no JSON");
    refused(cx, STR(""), RC_INVALID, "no JSON");
    refused(cx, (struct str){"\"a\0b\"", 5}, RC_INVALID, "no JSON");
    for (int i = 0; i < 200; i++)
        buf_char(&deep, '[');
    for (int i = 0; i < 200; i++)
        buf_char(&deep, ']');
    refused(cx, buf_str(&deep), RC_LIMIT, "nested too deeply");
}
