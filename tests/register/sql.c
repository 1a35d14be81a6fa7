/* Records in the store, and whom and what they mean. */
#include "tests/harness.h"
#include "tests/judge/bench.h"

static struct str one(struct ctx *cx, struct bench *b, const char *sql)
{
    bool row = false;
    STMT(s);

    CHECK_OK(store_prepare(cx, b->store, str_of(sql), &s));
    CHECK_OK(stmt_step(cx, s, &row));
    return row ? stmt_text(cx->mem, s, 0) : STR("no row");
}

static const char CASE[] =
    "records:\n"
    "  asset: [{ref: A-1, name: Notebooks}, {ref: A-02, name: Source code}]\n"
    "  risk:\n"
    "  - {ref: R1, description: Theft, assets: [notebooks, a-2, other], likelihood: 4}\n"
    "  - {ref: R2, description: Fire, owner: null, sample: true, likelihood_said: blue}\n";

TEST(register_records_of_a_case)
{
    struct bench b = {0};

    CHECK_OK(bench_open(cx, &b));
    CHECK_OK(bench_yaml(&b, CASE));
    CHECK_STR(one(cx, &b, "SELECT count(*) FROM risk WHERE sample = 0"), "1");
    CHECK_STR(one(cx, &b, "SELECT likelihood_said FROM risk WHERE ref = 'R1'"), "4");
    CHECK_STR(one(cx, &b,
                  "SELECT likelihood IS NULL AND likelihood_said IS NOT NULL FROM risk "
                  "WHERE ref = 'R2'"),
              "1");
    CHECK_STR(one(cx, &b, "SELECT count(*) FROM register_has WHERE register = 'risk'"), "5");
    CHECK_STR(one(cx, &b,
                  "SELECT group_concat(a.name) FROM fact_reference f JOIN asset a "
                  "ON a.id = f.target_record WHERE f.register = 'risk' AND f.field = 'assets'"),
              "Notebooks,Source code");
    bench_close(&b);
}

static void refused(struct ctx *cx, const char *yaml)
{
    struct bench b = {0};

    CHECK_OK(bench_open(cx, &b));
    CHECK_RC(bench_yaml(&b, yaml), RC_INVALID);
    bench_close(&b);
}

TEST(register_records_of_a_case_are_checked)
{
    refused(cx, "records: {risk: [{colour: red}]}");
    refused(cx, "records: {unicorn: [{ref: U1}]}");
}
