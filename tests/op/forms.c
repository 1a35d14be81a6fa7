#include "op/forms.h"

#include "tests/harness.h"

static const char sample[] =
    "{\"id\": \"root\", \"n\": 3, \"list\": [\"a\", \"b\"], \"grid\": [[0, 1], [2, 3]],"
    "\"parts\": [{\"name\": \"x\", \"prose\": \"one\", \"parts\": [{\"prose\": \"two\"}]},"
    "{\"name\": \"y\", \"prose\": \"three\"}], \"urn\": \"urn:a:b.1\", \"day\": "
    "\"2026-11-30T10:00:00Z\"}";

static struct str made(struct ctx *cx, const char *template)
{
    struct value *tree = NULL, *v = NULL;
    struct buf out = buf_new(cx->mem);
    struct forms_node node = {.at = 7};

    CHECK_OK(json_parse(cx, "sample", str_of(sample), &tree));
    node.v = tree;
    node.root = &node;
    CHECK_OK(forms_template(cx, &node, str_of(template), NULL, NULL, &v));
    if (v != NULL)
        value_json(&out, v, 0);
    return buf_str(&out);
}

TEST(forms_templates_name_values)
{
    CHECK_STR(made(cx, "{id}"), "\"root\"");
    CHECK_STR(made(cx, "{n}"), "3");
    CHECK_STR(made(cx, "{n} of {id}"), "\"3 of root\"");
    CHECK_STR(made(cx, "{list[]}"), "[\"a\",\"b\"]");
    CHECK_STR(made(cx, "{list[]|commas}"), "\"a, b\"");
    CHECK_STR(made(cx, "{list[]|first}"), "\"a\"");
    CHECK_STR(made(cx, "{parts[name=x].**prose|lines}"), "\"one\\ntwo\"");
    CHECK_STR(made(cx, "{parts[name=y].prose}"), "\"three\"");
    CHECK_STR(made(cx, "{urn|last}"), "\"b.1\"");
    CHECK_STR(made(cx, "{day|day}"), "\"2026-11-30\"");
    CHECK_STR(made(cx, "{#}"), "7");
    CHECK_STR(made(cx, "plain"), "\"plain\"");
    CHECK_STR(made(cx, "{nothing} of {id}"), "");
    CHECK_STR(made(cx, "{^id}"), "");
}

static int add_place(void *arg, struct ctx *cx, const struct forms_node *node)
{
    struct value *v = NULL;

    CHECK_OK(forms_template(cx, node, STR("{#1}.{#2}={.} in {^id};"), NULL, NULL, &v));
    buf_add(arg, value_as_text(v));
    return 0;
}

TEST(forms_paths_know_places_in_lists)
{
    struct value *tree = NULL;
    struct buf out = buf_new(cx->mem);
    struct forms_node node = {.at = 1};

    CHECK_OK(json_parse(cx, "sample", str_of(sample), &tree));
    node.v = tree;
    node.root = &node;
    CHECK_OK(forms_path(cx, &node, STR("grid[][]"), add_place, &out));
    CHECK_STR(buf_str(&out), "0.0=0 in root;0.1=1 in root;1.0=2 in root;1.1=3 in root;");
}

TEST(forms_say_what_is_no_template)
{
    static const char *const wrong[] = {"{id",  "{}",     "{list[}", "{id|upside-down}",
                                        "{#x}", "{id..b}"};
    struct forms_node node = {.at = 1};
    struct value *tree = NULL, *v;

    CHECK_OK(json_parse(cx, "sample", str_of(sample), &tree));
    node.v = tree;
    node.root = &node;
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        CHECK_RC(forms_template(cx, &node, str_of(wrong[i]), NULL, NULL, &v), RC_INVALID);
}
