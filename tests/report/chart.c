/* Charts: what they say in words and in boxes, and that each painter draws them. */
#include "report/chart.h"
#include "standard/yaml.h"
#include "tests/harness.h"

static struct value *result_of(struct ctx *cx, const char *yaml)
{
    struct value *v = value_map(cx->mem);

    CHECK_OK(yaml_parse(cx, "chart", str_of(yaml), &v));
    return v;
}

static struct str svg_of(struct ctx *cx, const struct chart *c)
{
    struct buf out = buf_new(cx->mem);

    CHECK(c != NULL);
    if (c != NULL)
        chart_svg(c, &out);
    return buf_str(&out);
}

TEST(chart_of_controls_shows_each_by_number_status_and_words)
{
    struct value *result = result_of(cx, "controls:\n"
                                         "- {id: X.1.1, title: First, status: met}\n"
                                         "- {id: X.1.2, title: \"<b>&\", status: missing}\n"
                                         "- {id: X.2.1, title: Third, status: partly}\n");
    struct str svg = svg_of(cx, chart_of_controls(cx->mem, result));

    CHECK(str_has(svg, ">X.1</text>") && str_has(svg, ">X.2</text>"));
    CHECK(str_has(svg, "r-met full"));
    CHECK(str_has(svg, "r-missing pale edge"));
    CHECK(str_has(svg, "<title>X.1.2 &#60;b&#62;&#38;: missing</title>"));
    CHECK(chart_of_controls(cx->mem, result_of(cx, "controls: []\n")) == NULL);
}

TEST(chart_of_risks_counts_before_and_after)
{
    struct value *result =
        result_of(cx, "risk_matrix:\n  risks: 3\n  likelihood: [{step: 1}, {step: 2}]\n"
                      "  consequence: [{step: 1}, {step: 2}, {step: 3}]\n"
                      "  before: [{likelihood: 2, consequence: 3, risks: 3}]\n"
                      "  after: [{likelihood: 1, consequence: 3, risks: 2}]\n"
                      "  limit: {level: 4, path: m.md, place: line 2, "
                      "above: [{likelihood: 2, consequence: 3}]}\n");
    struct str svg = svg_of(cx, chart_of_risks(cx->mem, result));

    CHECK(str_has(svg, "Before treatment") && str_has(svg, "After treatment"));
    CHECK(str_has(svg, "<title>likelihood 2, consequence 3: 3, above what is accepted</title>"));
    CHECK(str_has(svg, "above level 4"));
    CHECK(str_has(svg, "<title>likelihood 1, consequence 3: 2</title>"));
    CHECK(chart_of_risks(cx->mem, result_of(cx, "risk_matrix: null\n")) == NULL);
}

TEST(chart_png_is_a_picture)
{
    struct value *result = result_of(cx, "controls: [{id: X.1.1, title: First, status: met}]\n");
    struct buf out = buf_new(cx->mem), again = buf_new(cx->mem);

    CHECK_OK(chart_png(cx, chart_of_controls(cx->mem, result), 2, &out));
    CHECK_OK(chart_png(cx, chart_of_controls(cx->mem, result), 2, &again));
    CHECK(str_starts(buf_str(&out), STR("\x89PNG\r\n")));
    CHECK(str_eq(buf_str(&out), buf_str(&again)));
}
