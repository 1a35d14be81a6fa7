/* Rules that cannot be run to their end: the others are, and the verdict says so. */
#include "judge/verdict.h"
#include "tests/harness.h"
#include "tests/judge/bench.h"

#define LOOP "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r "

#define ENDLESS LOOP "WHERE n < 0"
#define HUNGRY                                                                                     \
    "WITH RECURSIVE r (n, t) AS (SELECT 1, '' UNION ALL SELECT n + 1, n || printf('%.900000c', "   \
    "'x') FROM r WHERE n < 1000) SELECT t AS subject FROM r ORDER BY t DESC"
#define MANY_ROWS LOOP "LIMIT 3000"

/* A bench whose rules are its own, since other tests share theirs: a test changes some. */
static struct rules *open_own(struct ctx *cx, struct bench *b)
{
    struct rules *own = ARENA_NEW(cx->mem, struct rules);

    CHECK_OK(bench_open(cx, b));
    *own = *b->rules;
    own->items = arena_array(cx->mem, own->n, sizeof *own->items);
    memcpy(own->items, b->rules->items, own->n * sizeof *own->items);
    b->rules = own;
    return own;
}

static void set_sql(struct rules *rules, const char *id, struct str sql)
{
    for (size_t i = 0; i < rules->n; i++)
        if (str_is(rules->items[i].id, id))
            rules->items[i].sql = sql;
}

static struct value *judge_in_child(struct bench *b)
{
    struct value *result = value_map(b->cx->mem), *violations = NULL;
    struct ctx *cx = b->cx;

    CHECK_OK(rules_run(cx, b->rules, NULL, NULL, b->store, &violations));
    CHECK_OK(judge_violations(cx, b->standard, b->rules, b->store, violations, result));
    return result;
}

static const struct value *by_id(const struct value *list, const char *key, const char *id)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_is(value_get_text(value_at(list, i), key), id))
            return value_at(list, i);
    return NULL;
}

static struct str warning(const struct value *result, const char *rule)
{
    return value_get_text(by_id(value_get(result, "warnings"), "name", rule), "says");
}

static const struct value *need(const struct value *result, const char *id)
{
    return by_id(value_get(result, "requirements"), "id", id);
}

TEST(unrun_rules_are_named_and_the_others_judge)
{
    struct bench b = {0};
    struct rules *rules = open_own(cx, &b);

    CHECK_OK(bench_yaml(&b, "have: [DOC-SCOPE]\nlacks: [DOC-SCOPE-03]"));
    rules->steps = 2000000;
    set_sql(rules, "scope-interfaces", STR(ENDLESS));
    set_sql(rules, "policy-absent", STR(HUNGRY));
    set_sql(rules, "objectives-absent", STR(MANY_ROWS));
    set_sql(rules, "risk-method-absent", STR("ATTACH '/tmp/x' AS y"));
    set_sql(rules, "treatment-method-absent", STR("DELETE FROM document RETURNING id AS subject"));
    set_sql(rules, "competence-absent", (struct str){(const char *)1, 8}); /* a crash */
    const struct value *result = judge_in_child(&b);

    CHECK_INT(value_count(value_get(result, "warnings")), 6);
    CHECK(str_has(warning(result, "scope-interfaces"), "too many steps"));
    CHECK(str_has(warning(result, "policy-absent"), "too much memory"));
    CHECK(str_has(warning(result, "objectives-absent"), "more than 2000 rows"));
    CHECK(str_has(warning(result, "risk-method-absent"), "not authorized"));
    CHECK(str_has(warning(result, "treatment-method-absent"), "not authorized"));
    CHECK(str_has(warning(result, "competence-absent"), "The worker"));
    CHECK(by_id(value_get(result, "findings"), "rule", "policy-absent") == NULL);
    CHECK(by_id(value_get(result, "findings"), "rule", "scope-boundaries") != NULL);
    CHECK_STR(value_get_text(need(result, "C4.3-c"), "status"), "cannot-tell");
    CHECK(str_has(value_get_text(need(result, "C4.3-c"), "why_status"), "could not be run"));
    CHECK_STR(value_get_text(need(result, "C5.2-s1"), "status"), "missing");
    CHECK_STR(value_as_text(value_path(result, "verdict.ready")), "no");
    bench_close(&b);
}

/* Where all else is well, it is not said to be. The rule names its requirements in its query only.
 */
TEST(unrun_rules_leave_nobody_ready)
{
    struct bench b = {0};
    struct rules *rules = open_own(cx, &b);
    const char *all =
        "have: [DOC-SCOPE, DOC-POLICY, DOC-RISKMETHOD, DOC-TREATMETHOD, DOC-SOA, DOC-RTP, DOC-OBJ, "
        "REC-COMP, REC-OPS, REC-RA, REC-RT, REC-MON, DOC-AUDPROG, REC-AUD, REC-MR, REC-NC, "
        "PRA-CTX, PRA-ROLES, PRA-METRIC, DOC-BACKUP]\n";

    CHECK_OK(bench_yaml(&b, all));
    const struct value *well = judge_in_child(&b);

    CHECK_STR(value_as_text(value_path(well, "verdict.ready")), "yes");
    CHECK_STR(value_get_text(need(well, "C9.1-b"), "status"), "met");
    CHECK_INT(value_count(value_get(well, "warnings")), 0);
    set_sql(rules, "metrics-gaps", STR("SELECT 'C9.1-b', 'C9.1-c' FROM fact_run LIMIT 'x'"));
    const struct value *hole = judge_in_child(&b);
    const struct value *warned = value_at(value_get(hole, "warnings"), 0);

    CHECK_STR(value_as_text(value_path(hole, "verdict.ready")), "with-concerns");
    CHECK(
        str_has(value_as_text(value_path(hole, "verdict.headline")), "one rule could not be run"));
    CHECK_STR(value_get_text(need(hole, "C9.1-b"), "status"), "cannot-tell");
    CHECK_INT(value_count(value_get(warned, "requirements")), 2);
    bench_close(&b);
}

/* Each alone takes no more than it may, all together do. */
TEST(unrun_rules_count_together)
{
    static const char *const ids[] = {"scope-absent", "scope-interfaces",    "policy-absent",
                                      "roles-absent", "risk-process-absent", "soa-absent"};
    struct bench b = {0};
    struct rules *rules = open_own(cx, &b);

    CHECK_OK(bench_yaml(&b, "have: [DOC-SCOPE]"));
    rules->steps = 300000;
    for (size_t i = 0; i < COUNT_OF(ids); i++)
        set_sql(rules, ids[i], STR(ENDLESS));
    const struct value *result = judge_in_child(&b);

    CHECK(str_has(warning(result, "scope-absent"), "as it takes too many steps"));
    CHECK(str_has(warning(result, "soa-absent"), "all before it"));
    CHECK(value_count(value_get(result, "warnings")) > COUNT_OF(ids));
    bench_close(&b);
}

static size_t warnings(struct homes *h)
{
    struct ctx *cx = h->cx;
    struct value *result;

    CHECK_OK(homes_judge(h, JUDGE_STAGE1, &result, NULL));
    CHECK(str_has(warning(result, "scope-interfaces"), "too many steps"));
    CHECK(str_has(warning(result, "policy-absent"), "too much memory"));
    CHECK(by_id(value_get(result, "findings"), "rule", "soa-absent") != NULL);
    return value_count(value_get(result, "warnings"));
}

/* The rules of a home are prepared once, and run no freer for it. */
TEST(unrun_rules_of_a_home_stay_stopped)
{
    struct bench b = {0};
    struct rules *rules = open_own(cx, &b);
    struct homes h;

    CHECK_OK(homes_open(cx, &h));
    homes_close(&h);
    rules->steps = 2000000;
    set_sql(rules, "scope-interfaces", STR(ENDLESS));
    set_sql(rules, "policy-absent", STR(HUNGRY));
    h.rules = rules;
    CHECK_OK(judge_home_new(cx, h.standard, h.registers, rules, &h.home));
    CHECK_OK(homes_put_yaml(&h, "document: [{ref: D1, title: Scope, covers: [DOC-SCOPE]}]"));
    CHECK_INT(warnings(&h), 2);
    CHECK_OK(
        homes_put_yaml(&h, "document: [{ref: D1, title: Scope, covers: [DOC-SCOPE, DOC-RTP]}]"));
    CHECK_INT(warnings(&h), 2);
    homes_close(&h);
    set_sql(rules, "policy-absent", STR("DELETE FROM document RETURNING id AS subject"));
    CHECK_RC(judge_home_new(cx, h.standard, h.registers, rules, &h.home), RC_DENIED);
    bench_close(&b);
}
