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

/* So many results does the finding make, from result `at` on, as it should. */
static size_t check_results(const struct value *results, size_t at, const struct value *finding,
                            const struct value *rules)
{
    static const char *const grades[] = {"AOC-BLOCK", "AOC", "NOTE"};
    static const char *const levels[] = {"error", "warning", "note"};
    size_t n = value_count(value_get(finding, "lines")), g = 0;

    n = n > 0 ? n : 1;
    while (g < 2 && !value_is_text(value_get(finding, "stage1"), grades[g]))
        g++;
    for (size_t i = at; i < at + n; i++) {
        const struct value *it = value_at(results, i);
        const struct value *rule = value_at(rules, (size_t)value_get_int(it, "ruleIndex", -1));
        CHECK_STR(value_get_text(it, "level"), levels[g]);
        CHECK(str_eq(value_get_text(rule, "id"), value_get_text(finding, "rule")));
        CHECK(str_eq(value_get_text(it, "ruleId"), value_get_text(finding, "rule")));
        CHECK(str_starts(value_get_text(value_get(it, "partialFingerprints"), "assayFinding/v1"),
                         value_get_text(finding, "id")));
        CHECK(value_count(value_get(it, "locations")) == 1);
    }
    return n;
}

TEST(sarif_has_a_result_for_each_finding_or_line)
{
    const struct value *run = run_of(cx, "tests/report/sample.yaml", (struct report_style){0});
    const struct value *results = value_get(run, "results");
    const struct value *rules = value_path(run, "tool.driver.rules");
    struct value *sample;
    size_t n = 0;

    CHECK_OK(yaml_parse(cx, "sample", test_read_file(cx, "tests/report/sample.yaml"), &sample));
    const struct value *findings = value_get(sample, "findings");
    CHECK(value_count(findings) > 3);
    for (size_t i = 0; i < value_count(findings); i++)
        n += check_results(results, n, value_at(findings, i), rules);
    CHECK_INT(value_count(results), n);
    CHECK(n > value_count(findings));
}

TEST(sarif_tells_lines_apart)
{
    const struct value *run = run_of(cx, "tests/report/sample.yaml", (struct report_style){0});
    const struct value *results = value_get(run, "results");
    struct dict *seen = dict_new(cx->mem);
    bool line = false;

    for (size_t i = 0; i < value_count(results); i++) {
        struct str name = value_as_text(
            value_path(value_at(results, i), "partialFingerprints.primaryLocationLineHash"));

        CHECK(!dict_has(seen, name));
        dict_set(seen, name, &line);
        line = line || (str_is(name, "f-owners/R-020:1") &&
                        str_has(value_as_text(value_path(value_at(results, i), "message.text")),
                                "R-020: nobody owns it"));
    }
    CHECK(line);
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
