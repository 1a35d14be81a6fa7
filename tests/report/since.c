/* How the reports tell what changed. */
#include "tests/harness.h"

#include "report/report.h"
#include "standard/yaml.h"

static struct value *load(struct ctx *cx, bool since)
{
    struct value *result = value_map(cx->mem), *change = value_map(cx->mem);

    CHECK_OK(yaml_parse(cx, "sample", test_read_file(cx, "tests/report/sample.yaml"), &result));
    CHECK_OK(yaml_parse(cx, "since", test_read_file(cx, "tests/report/since.yaml"), &change));
    if (since)
        value_set(result, "since", change);
    return result;
}

static void has(struct str text, const char *part)
{
    if (!str_has(text, part))
        test_failed(__FILE__, __LINE__, "there is no \"%s\"", part);
}

TEST(since_in_text_comes_before_the_first_steps)
{
    struct report_style style = {.width = 80, .unicode = true};
    struct buf out = buf_new(cx->mem);

    CHECK_OK(report_text(cx, load(cx, true), &style, &out));
    struct str text = buf_str(&out);
    has(text, "── Since 1 September 2026 ─");
    has(text, "Then: Not ready for Stage 1. Now: Ready for Stage 1, with concerns.");
    has(text, "   5 → 9      of 16 documents");
    has(text, "   60 → 77    of 148 requirements met\n");
    has(text, "   4 → 2      gaps that block");
    has(text, "   ✓  No scope is written");
    has(text, "closed\n");
    has(text, "missing, now there\n");
    has(text, "   ✗  The risk register is out of date");
    has(text, "note, now concern\n");
    has(text, "   ●  A new gap");
    has(text, "The rules have changed since then");
    CHECK(str_find(text, STR("Since 1 Sep"), 0) <
          str_find(text, STR("What would change the verdict most"), 0));
}

TEST(since_in_html_and_svg_has_a_picture)
{
    struct report_style style = {0};
    struct buf html = buf_new(cx->mem), svg = buf_new(cx->mem), alone = buf_new(cx->mem);

    CHECK_OK(report_html(cx, load(cx, true), &style, NULL, &html));
    has(buf_str(&html), "<section id=\"since\"");
    has(buf_str(&html), "Then: Not ready for Stage 1. Now: Ready for Stage 1, with concerns.");
    has(buf_str(&html), "<svg class=\"picture\"");
    has(buf_str(&html), "Thin: 1 September 2026. Thick: ");
    CHECK_OK(report_svg(cx, load(cx, true), NULL, &svg));
    has(buf_str(&svg), "<svg xmlns=");
    has(buf_str(&svg), "prefers-color-scheme: dark");
    has(buf_str(&svg), "class=\"v-then\"");
    CHECK_OK(report_svg(cx, load(cx, false), NULL, &alone));
    CHECK(!str_has(buf_str(&alone), "class=\"v-then\""));
    CHECK(!str_has(buf_str(&alone), "Thin:"));
}

TEST(since_is_left_out_where_there_is_none)
{
    struct report_style style = {.width = 80};
    struct buf out = buf_new(cx->mem);

    CHECK_OK(report_text(cx, load(cx, false), &style, &out));
    CHECK(!str_has(buf_str(&out), "Since 1 September"));
    out.n = 0;
    CHECK_OK(report_html(cx, load(cx, false), &style, NULL, &out));
    CHECK(!str_has(buf_str(&out), "id=\"since\""));
    CHECK_OK(report_svg(cx, value_map(cx->mem), NULL, &out));
}
