#include "standard/yaml.h"
#include "tests/harness.h"

static struct value *parse(struct ctx *cx, const char *text)
{
    struct value *v = NULL;

    CHECK_OK(yaml_parse(cx, "t.yaml", str_of(text), &v));
    return v;
}

static struct str json(struct ctx *cx, const char *text)
{
    struct buf out = buf_new(cx->mem);

    value_json(&out, parse(cx, text), 0);
    return buf_str(&out);
}

static void refused(struct ctx *cx, const char *text, const char *message)
{
    struct value *v;

    CHECK_RC(yaml_parse(cx, "t.yaml", str_of(text), &v), RC_INVALID);
    CHECK_STR(cx->err.text, message);
}

TEST(yaml_gives_plain_scalars_their_type)
{
    CHECK_STR(json(cx, "[true, false, 0, -12, 1.5, 0.125, null, ~, x]"),
              "[true,false,0,-12,1.5,0.125,null,null,\"x\"]");
    CHECK_STR(
        json(cx, "[1.2345, 2026-11-30, 1.2.3, yes, True, 0x1f, 1e3, .5, 1., -]"),
        "[\"1.2345\",\"2026-11-30\",\"1.2.3\",\"yes\",\"True\",\"0x1f\",\"1e3\",\".5\",\"1.\","
        "\"-\"]");
    CHECK_STR(json(cx, "a:\nb: x\n"), "{\"a\":null,\"b\":\"x\"}");
}

TEST(yaml_leaves_quoted_scalars_text)
{
    CHECK_STR(json(cx, "[\"true\", '12', \"\", 'null', \"4.2\"]"),
              "[\"true\",\"12\",\"\",\"null\",\"4.2\"]");
    CHECK_STR(json(cx, "a: >-\n  one\n  two\nb: |\n  1\n"), "{\"a\":\"one two\",\"b\":\"1\\n\"}");
}

TEST(yaml_reads_json)
{
    CHECK_STR(json(cx, "{\"a\": [1, {\"b\": \"c\\u00e9\\n\"}], \"d\": {}, \"e\": []}"),
              "{\"a\":[1,{\"b\":\"c\xc3\xa9\\n\"}],\"d\":{},\"e\":[]}");
}

TEST(yaml_keeps_lines)
{
    struct value *v = parse(cx, "# comment\na: 1\nb:\n- x\n- y: 2\n");

    CHECK_INT(value_line(v), 2);
    CHECK_INT(value_line(value_get(v, "a")), 2);
    CHECK_INT(value_line(value_at(value_get(v, "b"), 0)), 4);
    CHECK_INT(value_line(value_path(v, "b")), 4);
    CHECK_INT(value_line(value_get(value_at(value_get(v, "b"), 1), "y")), 5);
}

TEST(yaml_refuses_what_is_not_plain_data)
{
    refused(cx, "a: &x 1\nb: *x\n", "t.yaml:1: anchors and tags are not taken.");
    refused(cx, "a: 1\nb: *x\n", "t.yaml:2: anchors and aliases are not taken.");
    refused(cx, "- !!str 1\n", "t.yaml:1: anchors and tags are not taken.");
    refused(cx, "\n&x k: 1\n", "t.yaml:2: anchors and tags are not taken.");
    refused(cx, "a: &x [1]\n", "t.yaml:1: anchors and tags are not taken.");
    refused(cx, "a: !m {b: 1}\n", "t.yaml:1: anchors and tags are not taken.");
    refused(cx, "? [a]\n: 1\n", "t.yaml:1: a key must be a word.");
    refused(cx, "a: \"x\\0y\"\n", "t.yaml:1: a NUL character is not taken.");
}

TEST(yaml_refuses_a_key_twice)
{
    refused(cx, "a: 1\nb: 2\na: 3\n", "t.yaml:3: the key \"a\" is there twice.");
    refused(cx, "a:\na: 3\n", "t.yaml:2: the key \"a\" is there twice.");
    (void)parse(cx, "a: {b: 1}\nc: {b: 1}\n");
}

TEST(yaml_refuses_broken_text)
{
    struct value *v;

    CHECK_RC(yaml_parse(cx, "t.yaml", STR("a: [1\nb: 2\n"), &v), RC_INVALID);
    CHECK(str_starts(cx->err.text, STR("t.yaml:2: ")));
    CHECK_RC(yaml_parse(cx, "t.yaml", STR("a: 1\n\tb: 2\n"), &v), RC_INVALID);
    CHECK_RC(yaml_parse(cx, "t.yaml", STR("a: 1\nb: \xff\n"), &v), RC_INVALID);
    CHECK(str_starts(cx->err.text, STR("t.yaml:2: ")));
    refused(cx, "", "t.yaml:1: the file is empty.");
    refused(cx, "# only words\n", "t.yaml:1: the file is empty.");
    refused(cx, "a: 1\n---\nb: 2\n", "t.yaml:2: only one document a file is taken.");
}

TEST(yaml_has_bounds)
{
    struct buf deep = buf_new(cx->mem), wide = buf_new(cx->mem), long_map = buf_new(cx->mem);
    struct value *v;

    for (unsigned i = 0; i < YAML_DEPTH; i++)
        buf_char(&deep, '[');
    for (unsigned i = 0; i < YAML_DEPTH; i++)
        buf_char(&deep, ']');
    CHECK_OK(yaml_parse(cx, "t.yaml", buf_str(&deep), &v));
    deep = buf_new(cx->mem);
    for (unsigned i = 0; i < 100000; i++)
        buf_char(&deep, '[');
    CHECK_RC(yaml_parse(cx, "t.yaml", buf_str(&deep), &v), RC_LIMIT);
    buf_char(&wide, '[');
    for (unsigned i = 0; i <= YAML_NODES; i++)
        buf_addz(&wide, "1,");
    buf_char(&wide, ']');
    CHECK_RC(yaml_parse(cx, "t.yaml", buf_str(&wide), &v), RC_LIMIT);
    for (unsigned i = 0; i <= YAML_KEYS; i++)
        buf_printf(&long_map, "k%u: 1\n", i);
    CHECK_RC(yaml_parse(cx, "t.yaml", buf_str(&long_map), &v), RC_LIMIT);
    CHECK_RC(yaml_parse(cx, "t.yaml", (struct str){"", YAML_BYTES + 1}, &v), RC_LIMIT);
}
