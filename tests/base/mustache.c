#include "tests/harness.h"

static struct str render(struct ctx *cx, const char *text, const struct value *view)
{
    struct mustache *template;
    struct buf out = buf_new(cx->mem);

    CHECK_OK(mustache_compile(cx, "test", str_of(text), MUSTACHE_HTML, NULL, NULL, &template));
    if (cx->err.rc == 0)
        CHECK_OK(mustache_render(template, view, &out));
    return buf_str(&out);
}

static struct value *view_of_three(struct ctx *cx)
{
    struct value *view = value_map(cx->mem), *list = value_list(cx->mem);

    for (int64_t i = 1; i <= 3; i++) {
        struct value *item = value_map(cx->mem);
        value_set_int(item, "n", i);
        value_push(list, item);
    }
    value_set(view, "list", list);
    value_set_text(view, "name", STR("<O'Brien & \"Sons\">"));
    value_set_text(view, "empty", STR_NONE);
    value_set_int(view, "none", 0);
    value_set(view, "half", value_decimal(cx->mem, 500));
    return view;
}

TEST(mustache_escapes_what_html_reads)
{
    struct value *view = view_of_three(cx);

    CHECK_STR(render(cx, "{{name}}", view), "&lt;O&#39;Brien &amp; &quot;Sons&quot;&gt;");
    CHECK_STR(render(cx, "{{{name}}} {{&name}}", view),
              "<O'Brien & \"Sons\"> <O'Brien & \"Sons\">");
}

TEST(mustache_plain_escapes_nothing)
{
    struct mustache *template;
    struct buf out = buf_new(cx->mem);

    CHECK_OK(mustache_compile(cx, "t", STR("{{name}}"), MUSTACHE_PLAIN, NULL, NULL, &template));
    CHECK_OK(mustache_render(template, view_of_three(cx), &out));
    CHECK_STR(buf_str(&out), "<O'Brien & \"Sons\">");
}

TEST(mustache_takes_nothing_and_zero_for_false)
{
    struct value *view = view_of_three(cx);

    CHECK_STR(render(cx, "{{#empty}}a{{/empty}}{{#none}}b{{/none}}{{#gone}}c{{/gone}}", view), "");
    CHECK_STR(render(cx, "{{^empty}}a{{/empty}}{{^none}}b{{/none}}{{#half}}{{.}}{{/half}}", view),
              "ab0.5");
}

TEST(mustache_repeats_and_looks_outwards)
{
    CHECK_STR(render(cx, "{{#list}}{{n}}{{half}} {{/list}}", view_of_three(cx)), "10.5 20.5 30.5 ");
}

TEST(mustache_asks_a_list_for_one_of_its_items)
{
    CHECK_STR(
        render(cx,
               "{{list.1.n}}{{#list.0}}a{{/list.0}}{{#list.3}}b{{/list.3}}{{^list.x}}c{{/list.x}}",
               view_of_three(cx)),
        "2ac");
}

TEST(mustache_names_the_line_of_a_fault)
{
    struct mustache *template = NULL;

    CHECK_RC(
        mustache_compile(cx, "page", STR("a\n{{#list}}\nb"), MUSTACHE_HTML, NULL, NULL, &template),
        RC_INVALID);
    CHECK_STR(cx->err.text, "Template page, line 2: the section has no end: \"list\".");
    CHECK_RC(
        mustache_compile(cx, "page", STR("{{#a}}{{/b}}"), MUSTACHE_HTML, NULL, NULL, &template),
        RC_INVALID);
    CHECK_RC(mustache_compile(cx, "page", STR("{{/b}}"), MUSTACHE_HTML, NULL, NULL, &template),
             RC_INVALID);
    CHECK_RC(mustache_compile(cx, "page", STR("{{b"), MUSTACHE_HTML, NULL, NULL, &template),
             RC_INVALID);
    CHECK_RC(mustache_compile(cx, "page", STR("{{}}"), MUSTACHE_HTML, NULL, NULL, &template),
             RC_INVALID);
    CHECK_RC(mustache_compile(cx, "page", STR("{{a..b}}"), MUSTACHE_HTML, NULL, NULL, &template),
             RC_INVALID);
    CHECK_RC(mustache_compile(cx, "page", STR("{{=<%=}}"), MUSTACHE_HTML, NULL, NULL, &template),
             RC_INVALID);
    CHECK(template == NULL);
}

static int itself(void *arg, struct str name, struct str *ret_text)
{
    *ret_text = *(struct str *)arg;
    return str_is(name, "itself") ? 0 : RC_NOT_FOUND;
}

TEST(mustache_bounds_a_partial_that_calls_itself)
{
    struct str text = STR("x{{>itself}}{{>itself}}");
    struct mustache *template;
    struct buf out = buf_new(cx->mem);

    CHECK_OK(mustache_compile(cx, "t", text, MUSTACHE_HTML, itself, &text, &template));
    CHECK_RC(mustache_render(template, NULL, &out), RC_LIMIT);
    CHECK(out.n <= 64 + 1);
}

TEST(mustache_bounds_nested_sections)
{
    struct buf text = buf_new(cx->mem);
    struct mustache *template;

    for (int i = 0; i < 100; i++)
        buf_addz(&text, "{{#a}}");
    CHECK_RC(mustache_compile(cx, "t", buf_str(&text), MUSTACHE_HTML, NULL, NULL, &template),
             RC_INVALID);
}

TEST(mustache_lists_the_names_of_the_top_level)
{
    struct value *names = value_list(cx->mem);
    struct mustache *template;

    CHECK_OK(mustache_compile(cx, "t", STR("{{a}} {{b.c}} {{#d}}{{e}}{{/d}} {{.}} {{{a}}}"),
                              MUSTACHE_PLAIN, NULL, NULL, &template));
    mustache_names(template, names);
    CHECK_INT(value_count(names), 3);
    CHECK(value_is_text(value_at(names, 0), "a"));
    CHECK(value_is_text(value_at(names, 1), "b"));
    CHECK(value_is_text(value_at(names, 2), "d"));
}

TEST(mustache_reads_messages_from_the_catalogue)
{
    struct value *view = view_of_three(cx);

    CHECK_STR(render(cx, "<p>{{#_}}So <b>{{half}}</b>{{/_}}!</p>", view), "<p>So <b>0.5</b>!</p>");
    CHECK_STR(render(cx, "a\n  {{#_}}\n  b {{half}}\n  {{/_}}\nc", view), "a\n  b 0.5\nc");
    CHECK_STR(render(cx, "{{#_}}{{#list}}{{n}}{{/list}}{{/_}}{{#_}}{{/_}}", view), "123");
}

TEST(mustache_messages_have_an_end)
{
    struct mustache *t;

    CHECK_RC(mustache_compile(cx, "t", STR("a\n{{#_}}b"), MUSTACHE_HTML, NULL, NULL, &t),
             RC_INVALID);
    CHECK_STR(cx->err.text, "Template t, line 2: the section has no end: \"_\".");
    CHECK_RC(
        mustache_compile(cx, "t", STR("\n{{#_}}\n{{/x}}{{/_}}"), MUSTACHE_HTML, NULL, NULL, &t),
        RC_INVALID);
    CHECK_STR(cx->err.text, "Template t, line 3: nothing is open that ends with \"x\".");
}
