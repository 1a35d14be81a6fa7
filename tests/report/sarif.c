/* SARIF of the made-up result beside this file; tests/report/sarif.py holds it against the schema.
 */
#include "tests/harness.h"

#include "report/internal.h"
#include "standard/yaml.h"

static const struct value *run_of(struct ctx *cx, const char *path, struct report_style style)
{
    struct value *result = value_map(cx->mem), *log = value_map(cx->mem);
    struct buf out = buf_new(cx->mem);

    CHECK_OK(yaml_parse(cx, path, test_read_file(cx, path), &result));
    CHECK_OK(report_sarif(cx, result, &style, &out));
    CHECK_OK(yaml_parse(cx, "sarif", buf_str(&out), &log));
    return value_at(value_get(log, "runs"), 0);
}

static struct str uri(struct ctx *cx, const char *base, const char *path)
{
    struct report_style style = {.base = str_of(base), .here = STR("/home/mia")};

    return report_uri(cx->mem, &style, str_of(path));
}

TEST(sarif_addresses_are_relative_and_encoded)
{
    CHECK_STR(uri(cx, "", "a/b.md"), "a/b.md");
    CHECK_STR(uri(cx, ".", "a/b.md"), "a/b.md");
    CHECK_STR(uri(cx, "./docs//isms/", "b.md"), "docs/isms/b.md");
    CHECK_STR(uri(cx, "docs/../isms", "b.md"), "isms/b.md");
    CHECK_STR(uri(cx, "../isms", "b.md"), "../isms/b.md");
    CHECK_STR(uri(cx, "../../isms", "../b.md"), "../../b.md");
    CHECK_STR(uri(cx, "/home/mia/isms", "b.md"), "isms/b.md");
    CHECK_STR(uri(cx, "/home/miami", "b.md"), "file:///home/miami/b.md");
    CHECK_STR(uri(cx, "", "a b#1?%2.md"), "a%20b%231%3F%252.md");
    CHECK_STR(uri(cx, "", "c:d.md"), "c%3Ad.md");
    CHECK_STR(uri(cx, "", "Richtlinie für alle.md"), "Richtlinie%20f%C3%BCr%20alle.md");
}

TEST(sarif_has_a_result_for_each_finding)
{
    const struct value *run = run_of(cx, "tests/report/sample.yaml", (struct report_style){0});
    const struct value *results = value_get(run, "results");
    const struct value *rules = value_path(run, "tool.driver.rules");
    struct value *sample;
    static const char *const grades[] = {"AOC-BLOCK", "AOC", "NOTE"};
    static const char *const levels[] = {"error", "warning", "note"};

    CHECK_OK(yaml_parse(cx, "sample", test_read_file(cx, "tests/report/sample.yaml"), &sample));
    const struct value *findings = value_get(sample, "findings");
    CHECK(value_count(findings) > 3);
    CHECK_INT(value_count(results), value_count(findings));
    for (size_t i = 0; i < value_count(results); i++) {
        const struct value *it = value_at(results, i), *finding = value_at(findings, i);
        const struct value *rule = value_at(rules, (size_t)value_get_int(it, "ruleIndex", -1));
        size_t g = 0;
        while (g < 2 && !value_is_text(value_get(finding, "stage1"), grades[g]))
            g++;
        CHECK_STR(value_get_text(it, "level"), levels[g]);
        CHECK(str_eq(value_get_text(rule, "id"), value_get_text(finding, "rule")));
        CHECK(str_eq(value_get_text(it, "ruleId"), value_get_text(finding, "rule")));
        CHECK(str_eq(value_get_text(value_get(it, "partialFingerprints"), "assayFinding/v1"),
                     value_get_text(finding, "id")));
        CHECK(value_count(value_get(it, "locations")) == 1);
    }
}

TEST(sarif_for_auditors_advises_nothing)
{
    struct report_style style = {.auditor = true};
    const struct value *run = run_of(cx, "tests/report/sample.yaml", style);
    const struct value *rules = value_path(run, "tool.driver.rules");

    for (size_t i = 0; i < value_count(rules); i++)
        CHECK(!str_has(value_as_text(value_path(value_at(rules, i), "help.text")), "Next step"));
}

TEST(sarif_of_an_empty_result)
{
    struct report_style style = {0};
    struct buf out = buf_new(cx->mem);

    CHECK_OK(report_sarif(cx, value_map(cx->mem), &style, &out));
    CHECK(str_has(buf_str(&out), "\"results\": []"));
}
