/* Every rule brings its tests: facts that violate it and facts that conform. */
#include "judge/verdict.h"
#include "tests/harness.h"
#include "tests/judge/bench.h"

static int run_case(struct bench *b, const struct rule *rule, const struct value *test,
                    struct value *list)
{
    if (rule->of == RULE_OF_HOME) {
        if (b->homes.home == NULL)
            TRY(homes_open(b->cx, &b->homes));
        TRY(homes_case(&b->homes, rule, test));
        return rule_run(b->cx, judge_home_store(b->homes.home), rule, list);
    }
    TX(tx, b->cx, b->store); /* rolled back */

    TRY(bench_case(b, test));
    return rule_run(b->cx, b->store, rule, list);
}

/* Those of the list that do not show that all is well. */
static size_t violations(const struct value *list)
{
    size_t n = 0;

    for (size_t i = 0; i < value_count(list); i++)
        n += value_get(value_at(list, i), "row") != NULL;
    return n;
}

static void check_cases(struct bench *b, const struct rule *rule, const char *key, bool violates)
{
    const struct value *tests = value_get(value_get(rule->yaml, "tests"), key);

    for (size_t i = 0; i < value_count(tests); i++) {
        struct value *list = value_list(b->cx->mem);

        if (run_case(b, rule, value_at(tests, i), list) < 0)
            test_failed(rule->file, (int)value_line(value_at(tests, i)), "%.*s: %.*s",
                        STR_ARG(rule->id), STR_ARG(b->cx->err.text));
        else if ((violations(list) > 0) != violates)
            test_failed(rule->file, (int)value_line(value_at(tests, i)),
                        "%.*s: %s[%zu] gives %zu violations", STR_ARG(rule->id), key, i,
                        violations(list));
        else if (str_is(str_of(key), "shows") && violations(list) == value_count(list))
            test_failed(rule->file, (int)value_line(value_at(tests, i)), "%.*s: %s[%zu] shows none",
                        STR_ARG(rule->id), key, i);
    }
}

TEST(rules_hold_their_own_tests)
{
    struct bench b = {0};

    CHECK_OK(bench_open(cx, &b));
    for (size_t i = 0; b.rules != NULL && i < b.rules->n; i += test_step(1)) {
        check_cases(&b, &b.rules->items[i], "violates", true);
        check_cases(&b, &b.rules->items[i], "conforms", false);
        check_cases(&b, &b.rules->items[i], "shows", false);
        CHECK((b.rules->items[i].shows.n > 0) ==
              (value_count(value_path(b.rules->items[i].yaml, "tests.shows")) > 0));
    }
    bench_close(&b);
}

/* Loading is strict: one rule with one fault, and where the message must point. */

static int load_one(struct ctx *cx, const char *rule, struct standard **ret_standard,
                    struct rules **ret)
{
    static const char *const names[] = {"standards/iso27001-2022/rules/bad.yaml"};
    const struct loaded *loaded;

    TRY(homes_loaded(cx, &loaded));
    struct content content = loaded->standard->content;
    struct standard *standard = ARENA_NEW(cx->mem, struct standard);

    *standard = *loaded->standard;
    struct content_file *files = arena_array(cx->mem, content.n + 1, sizeof *files);
    size_t n = 0;

    for (size_t i = 0; i < content.n; i++) {
        struct str name = str_of(content.files[i].name);

        if (!str_starts(name, STR("standards/iso27001-2022/rules/")))
            files[n++] = content.files[i];
        else if (n == 0 || files[n - 1].name != names[0])
            files[n++] = (struct content_file){names[0], (const unsigned char *)rule, strlen(rule)};
    }
    standard->content = (struct content){files, n};
    *ret_standard = standard;
    return rules_load(cx, standard, ret);
}

#define RULE(head, select, title)                                                                  \
    "- id: x\n" head "  stage: [1]\n  subject: subject\n  select: " select "\n  title: '" title    \
    "'\n  statement: s\n  why: w\n  next_step: n\n  effort_days: 1\n  lead_days: 0\n"              \
    "  tests: {violates: [{}], conforms: [{}]}\n"
#define REQUIREMENT "  requirement: C4.3-doc\n"
#define SELECT "SELECT kind AS subject FROM fact_kind"

static void faulty(struct ctx *cx, const char *rule, const char *message)
{
    struct standard *standard;
    struct rules *rules;

    CHECK_RC(load_one(cx, rule, &standard, &rules), RC_INVALID);
    if (!str_has(cx->err.text, message) || !str_has(cx->err.text, "bad.yaml:"))
        test_failed(__FILE__, __LINE__, "\"%.*s\" does not say \"%s\"", STR_ARG(cx->err.text),
                    message);
}

TEST(rules_are_loaded_strictly)
{
    struct standard *standard;
    struct rules *rules;

    CHECK_OK(load_one(cx, RULE(REQUIREMENT, SELECT, "{{subject}} is bad"), &standard, &rules));
    faulty(cx, RULE(REQUIREMENT "  gather: true\n", SELECT, "t"), "a text for each (line)");
    faulty(cx, RULE(REQUIREMENT "  better: b\n", SELECT, "t"), "a text for each (line)");
    faulty(cx, RULE(REQUIREMENT "  gather: true\n  line: '{{who}}'\n", SELECT, "t"),
           "no column of the query: \"who\"");
    faulty(cx, RULE(REQUIREMENT "  colour: red\n", SELECT, "t"), "unknown key \"colour\"");
    faulty(cx, RULE("  requirement: C99\n", SELECT, "t"), "no such requirement \"C99\"");
    faulty(cx, RULE(REQUIREMENT "  covers: [C99]\n", SELECT, "t"), "no such id \"C99\"");
    faulty(cx, RULE(REQUIREMENT "  after: [y]\n", SELECT, "t"), "no such rule \"y\"");
    faulty(cx, RULE(REQUIREMENT "  grade: AOC-BLOCK\n", SELECT, "t"), "may lower a grade");
    faulty(cx, RULE(REQUIREMENT, "SELECT nix AS subject FROM fact_kind", "t"), "no such column");
    faulty(cx, RULE(REQUIREMENT, "SELECT kind FROM fact_kind", "t"), "no column \"subject\"");
    faulty(cx, RULE(REQUIREMENT, "DELETE FROM fact_kind", "t"), "not authorized");
    faulty(cx, RULE(REQUIREMENT, SELECT, "{{nothing}}"), "no column of the query: \"nothing\"");
    faulty(cx, RULE(REQUIREMENT, SELECT " WHERE kind = :who", "t"), "no such parameter \"who\"");
    faulty(cx, RULE("  requirement: from-row\n", SELECT, "t"), "no column \"requirement\"");
    faulty(cx, "- id: x\n  requirement: C4.3-doc\n", "missing key");
    faulty(cx, RULE(REQUIREMENT, SELECT, "t") RULE(REQUIREMENT, SELECT, "t"), "another rule");
}

#define GATHERING                                                                                  \
    "SELECT iif(kind GLOB 'DOC-*', 'a', 'b') AS subject, kind AS ref, title AS quote, 'x.md' AS "  \
    "path, count(*) OVER () AS total FROM fact_kind ORDER BY kind"

/* Rows with one subject are one finding, graded by their number, with a line each. */
TEST(rules_gather_rows_into_lines)
{
    struct value *list = value_list(cx->mem), *result = value_map(cx->mem);
    const struct value *finding, *line;
    struct standard *standard;
    struct rules *rules;
    struct bench b = {0};

    CHECK_OK(bench_open(cx, &b));
    CHECK_OK(bench_yaml(&b, "{}"));
    CHECK_OK(load_one(cx,
                      RULE("  requirement: C6.1.3-c\n  gather: true\n  line: '{{ref}} is bad'\n"
                           "  better: A better one\n",
                           GATHERING, "t"),
                      &standard, &rules));
    CHECK_OK(rule_run(cx, b.store, &rules->items[0], list));
    CHECK_OK(judge_violations(cx, b.standard, rules, b.store, list, result));
    bench_close(&b);
    CHECK(value_count(list) > 40);
    CHECK_INT(value_count(value_get(result, "findings")), 2);
    finding = value_at(value_get(result, "findings"), 0);
    CHECK_STR(value_get_text(finding, "stage1"), "AOC-BLOCK"); /* so many are not isolated */
    CHECK_INT(value_count(value_get(value_at(value_get(result, "findings"), 0), "lines")) +
                  value_count(value_get(value_at(value_get(result, "findings"), 1), "lines")),
              value_count(list));
    line = value_at(value_get(finding, "lines"), 0);
    CHECK_STR(value_get_text(line, "path"), "x.md");
    CHECK_STR(value_get_text(line, "better"), "A better one");
    CHECK(str_ends(value_get_text(line, "says"), STR(" is bad")));
    CHECK(value_get_text(line, "quote").n > 0);
}
