#include "op/audit_time.h"

#include <unistd.h>

#include "tests/harness.h"

static struct standard *load(struct ctx *cx)
{
    struct content content;
    struct standard *standard = NULL;

    CHECK_OK(content_open(cx, NULL, &content));
    CHECK_OK(standard_load(cx, &content, STANDARD_DEFAULT, &standard));
    return standard;
}

static struct value *yaml(struct ctx *cx, const char *text)
{
    struct value *v = NULL;

    CHECK_OK(yaml_parse(cx, "test", str_of(text), &v));
    return v;
}

static struct value *reckon(struct ctx *cx, const struct standard *standard, const char *said,
                            const char *quote)
{
    struct value *time = NULL;

    CHECK_OK(audit_time_make(cx, standard, yaml(cx, said), NULL,
                             quote != NULL ? yaml(cx, quote) : NULL, &time));
    return time;
}

static int64_t days_of(const struct value *time, size_t activity)
{
    return value_as_thousandths(
        value_get(value_at(value_get(time, "activities"), activity), "days"), -1);
}

static int64_t number(const struct value *time, const char *path)
{
    return value_as_thousandths(value_path(time, path), -1);
}

#define SMALL_SAAS                                                                                 \
    "persons: 40\n"                                                                                \
    "factors: {business_type: 2, processes: 1, management_systems: 3, it_complexity: 1,"           \
    " suppliers: 3, development: 3}\n"

/* 40 persons, a new management system, the cloud and much development: 8.5 days and a tenth. */
TEST(audit_time_of_a_small_software_house)
{
    const struct value *time = reckon(cx, load(cx), SMALL_SAAS, NULL);
    const int64_t wanted[] = {2500, 7000, 3000, 3000, 6500};

    CHECK_INT(number(time, "row.days"), 8500);
    CHECK_INT(value_as_int(value_path(time, "row.least"), 0), 26);
    CHECK_INT(number(time, "adjustment.percent"), 10000);
    CHECK_INT(number(time, "adjustment.most"), 50000);
    CHECK_INT(number(time, "days"), 9500);
    CHECK_INT(number(time, "onsite_least"), 6700);
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        CHECK_INT(days_of(time, i), wanted[i]);
    CHECK_INT(number(time, "cycle_days"), 22000);
    CHECK_INT(value_count(value_get(time, "unknown")), 1); /* the sites */
    const struct value *groups = value_get(time, "groups");
    CHECK_STR(value_get_text(value_at(groups, 0), "band"), "medium");
    CHECK_STR(value_get_text(value_at(groups, 1), "band"), "high");
}

TEST(audit_time_grows_with_persons_and_keeps_its_bounds)
{
    const struct standard *standard = load(cx);
    int64_t before = 0;

    for (int64_t n = 1; n < 60000; n += 1 + n / 3) {
        const char *said = str_printf(cx->mem,
                                      "persons: %lld\nfactors: {business_type: 1, processes: 1, "
                                      "management_systems: 1, it_complexity: 1, suppliers: 1, "
                                      "development: 1}\nadjustment: {percent: -%lld}\n",
                                      (long long)n, (long long)(n % 90))
                               .p;
        const struct value *time = reckon(cx, standard, said, NULL);
        int64_t base = number(time, "row.days"), days = number(time, "days");

        CHECK(base >= before);
        before = base;
        CHECK(days * 10 >= base * 7 && days <= base);
        CHECK(days % 500 == 0);
        CHECK_INT(days_of(time, 0) + days_of(time, 1), days);
        CHECK(number(time, "onsite_least") * 10 >= days * 7);
        CHECK(number(time, "least") <= days && number(time, "most") >= number(time, "least"));
    }
}

/* Beyond the last row there is no end, and it is said that the table has none. */
TEST(audit_time_goes_on_beyond_the_table)
{
    const struct value *time = reckon(cx, load(cx), "persons: 12000\n", NULL);

    CHECK(value_as_bool(value_path(time, "row.beyond")));
    CHECK_INT(number(time, "row.days"), 29000);
    CHECK(!value_as_bool(value_path(reckon(cx, load(cx), "persons: 10700\n", NULL), "row.beyond")));
}

/* Whatever the answers are, they lie within the range that stood there before. */
TEST(audit_time_what_is_open_leaves_a_range)
{
    static const char *const keys[] = {"business_type", "processes", "management_systems",
                                       "it_complexity", "suppliers", "development"};
    const struct standard *standard = load(cx);
    const struct value *open =
        reckon(cx, standard, "persons: 120\nfactors: {processes: 2}\n", NULL);

    CHECK(value_type(value_get(open, "days")) == VALUE_NULL);
    CHECK_INT(value_count(value_get(open, "unknown")), COUNT_OF(keys)); /* five and the sites */
    for (unsigned code = 0; code < 729; code += 37) {
        struct buf said = buf_new(cx->mem);
        unsigned rest = code;

        buf_addz(&said, "persons: 120\nfactors:\n");
        for (size_t i = 0; i < COUNT_OF(keys); i++, rest /= 3)
            buf_printf(&said, "  %s: %u\n", keys[i], i == 1 ? 2 : 1 + rest % 3);
        buf_char(&said, '\0');
        const struct value *time = reckon(cx, standard, said.p, NULL);
        CHECK(number(time, "least") >= number(open, "least"));
        CHECK(number(time, "most") <= number(open, "most"));
    }
    const struct value *nothing = reckon(cx, standard, "{}\n", NULL);
    CHECK(value_type(value_get(nothing, "least")) == VALUE_NULL);
    CHECK_STR(value_get_text(value_at(value_get(nothing, "unknown"), 0), "key"), "persons");
}

TEST(audit_time_part_time_and_the_same_task)
{
    const struct standard *standard = load(cx);
    const struct value *time =
        reckon(cx, standard,
               "persons: 100\npart_time: {persons: 20, full_time: 10}\n"
               "same_task: [{task: packing, persons: 49, reason: no access to information}]\n",
               NULL);

    CHECK_INT(value_as_int(value_path(time, "persons.counted"), 0), 100 - 10 - 49 + 7);
    time = reckon(cx, standard, "persons: 100\nsame_task: [{task: packing, persons: 49}]\n", NULL);
    CHECK_INT(value_as_int(value_path(time, "persons.counted"), 0), 100);
    CHECK(str_has(value_get_text(value_at(value_get(time, "steps"), 0), "says"), "in writing"));
}

TEST(audit_time_sites)
{
    static const struct {
        int64_t x, initial, surveillance, again, all;
    } rows[] = {{1, 1, 1, 1, 1},   {2, 2, 1, 2, 1},    {4, 2, 2, 2, 2},  {5, 3, 2, 2, 2},
                {9, 3, 2, 3, 3},   {10, 4, 2, 3, 3},   {16, 4, 3, 4, 5}, {25, 5, 3, 4, 8},
                {50, 8, 5, 6, 15}, {100, 10, 6, 8, 30}};
    const struct standard *standard = load(cx);

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct value *time = reckon(
            cx, standard,
            str_printf(cx->mem, "persons: 90\neffective: true\nsites: %lld\n", (long long)rows[i].x)
                .p,
            NULL);
        CHECK_INT(value_as_int(value_path(time, "sites.initial"), 0), rows[i].initial);
        CHECK_INT(value_as_int(value_path(time, "sites.surveillance"), 0), rows[i].surveillance);
        CHECK_INT(value_as_int(value_path(time, "sites.recertification"), 0), rows[i].again);
        time = reckon(
            cx, standard,
            str_printf(cx->mem, "persons: 90\nsampling: false\nsites: %lld\n", (long long)rows[i].x)
                .p,
            NULL);
        CHECK_INT(value_as_int(value_path(time, "sites.initial"), 0), rows[i].x);
        CHECK_INT(value_as_int(value_path(time, "sites.surveillance"), 0), rows[i].all);
    }
}

TEST(audit_time_together_with_other_standards)
{
    const struct value *time = reckon(
        cx, load(cx),
        SMALL_SAAS "integrated: {schemes: [{name: quality, days: 6}], discount: 35}\n", NULL);

    CHECK_INT(number(time, "integrated.sum"), 15500);
    CHECK_INT(number(time, "integrated.discount"), 20000);
    CHECK_INT(number(time, "integrated.days"), 12500);
}

static struct str verdict_of(const struct value *time, size_t line)
{
    return value_get_text(value_at(value_path(time, "quote.lines"), line), "verdict");
}

TEST(audit_time_a_quote_line_by_line)
{
    const struct standard *standard = load(cx);
    const struct value *time = reckon(
        cx, standard, SMALL_SAAS,
        "rate: 1000\npersons: 60\nlines:\n- {activity: Stage 1, days: 2.5}\n"
        "- {activity: Stage 2, days: 12.5}\n- {activity: 'Surveillance 1', days: 3}\n"
        "- {activity: 'Second surveillance', days: 1}\n- {activity: Travel expenses, amount: 500}\n"
        "- {activity: Handbook check, days: 1}\n");
    static const char *const wanted[] = {"expected", "more", "expected", "fewer", "fee", "unknown"};

    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        CHECK_STR(verdict_of(time, i), wanted[i]);
    CHECK_STR(value_as_text(value_path(time, "quote.initial.verdict")), "more");
    CHECK(str_has(value_as_text(value_path(time, "quote.initial.says")), "2 days more"));
    CHECK_INT(number(time, "quote.amount"), 20500000);
    CHECK_INT(value_count(value_path(time, "quote.notes")), 2); /* persons, recertification */
}

TEST(audit_time_a_quote_that_is_too_small)
{
    const struct standard *standard = load(cx);
    const struct value *time =
        reckon(cx, standard, SMALL_SAAS, "lines: [{activity: Certification audit, days: 5.5}]\n");

    CHECK_STR(value_as_text(value_path(time, "quote.initial.verdict")), "below-least");
    CHECK(str_has(value_as_text(value_path(time, "quote.initial.says")), "accredited"));
    time = reckon(cx, standard, SMALL_SAAS, "lines: [{activity: Stage 1 and Stage 2, days: 8}]\n");
    CHECK_STR(value_as_text(value_path(time, "quote.initial.verdict")), "fewer");
    time = reckon(cx, standard, SMALL_SAAS, "lines: [{activity: Initial audit, days: 10}]\n");
    CHECK_STR(value_as_text(value_path(time, "quote.initial.verdict")), "expected");
}

TEST(audit_time_refuses_what_cannot_be)
{
    static const char *const bad[] = {"people: 4\n",
                                      "persons: -1\n",
                                      "persons: many\n",
                                      "factors: {speed: 1}\n",
                                      "factors: {processes: 4}\n",
                                      "factors: {processes: {score: 0}}\n",
                                      "[1]\n",
                                      "other: [{percent: 5000}]\n"};
    const struct standard *standard = load(cx);

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        CHECK_RC(audit_time_check(cx, standard, "p.yaml", yaml(cx, bad[i])), RC_INVALID);
        CHECK(str_has(cx->err.text, "p.yaml:1"));
    }
    CHECK_OK(audit_time_check(cx, standard, "p.yaml", yaml(cx, SMALL_SAAS)));
    CHECK_OK(audit_time_check(cx, standard, "p.yaml", NULL));
    CHECK_RC(audit_time_check_quote(cx, "q.yaml", yaml(cx, "body: X\n")), RC_INVALID);
    CHECK_RC(audit_time_check_quote(cx, "q.yaml", yaml(cx, "lines: [{days: 2}]\n")), RC_INVALID);
    CHECK_RC(audit_time_check_quote(cx, "q.yaml", yaml(cx, "lines: [{activity: a, days: b}]\n")),
             RC_INVALID);
}

/* What is written as a profile reads back, with the open questions as empty answers. */
TEST(audit_time_is_written_as_it_is_read)
{
    const struct standard *standard = load(cx);
    const char *said =
        "persons: 40\nfactors: {processes: {score: 2, reason: \"a \\\"few\\\" lines\"}}\n";
    struct value *time = reckon(cx, standard, said, NULL);
    struct buf out = buf_new(cx->mem);

    buf_addz(&out, "audit_time:\n  persons: 40\n");
    audit_time_write(cx->mem, &out, yaml(cx, said), time);
    buf_char(&out, '\0');
    const struct value *back = value_get(yaml(cx, out.p), "audit_time");
    CHECK_OK(audit_time_check(cx, standard, "p.yaml", back));
    CHECK_INT(value_as_int(value_path(back, "factors.processes.score"), 0), 2);
    CHECK_STR(value_as_text(value_path(back, "factors.processes.reason")), "a \"few\" lines");
    CHECK(value_type(value_path(back, "factors.suppliers")) == VALUE_NULL);
    CHECK_INT(value_count(value_get(back, "factors")), 6);
}
