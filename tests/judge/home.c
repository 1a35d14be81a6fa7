/* Records of a home as facts, and judged again and again as they change. */
#include "tests/harness.h"
#include "tests/judge/homes.h"

#define PEOPLE                                                                                     \
    "person: [{id: pa, ref: P01, name: Voss, is_top_management: true}, {id: pb, ref: P02, name: "  \
    "Ott}]\n"

/* What a record names is called by its name, whenever it comes; and so when it is renamed. */
TEST(home_names_follow_their_records)
{
    struct judge_work work;
    struct value *result;
    struct homes h;

    CHECK_OK(homes_open(cx, &h));
    CHECK_OK(homes_put_yaml(&h, "risk: [{id: ra, ref: R-07, description: Theft, owner: pa, "
                                "controls: [A.8.24]}]"));
    CHECK_OK(homes_put_yaml(&h, PEOPLE));
    CHECK_OK(homes_judge(&h, JUDGE_STAGE1, &result, &work));
    CHECK_STR(homes_ask(&h, "SELECT owner FROM risk"), "Voss");
    CHECK_STR(homes_ask(&h, "SELECT ref || place || path FROM risk"), "R-07R-07Risk register");
    CHECK_STR(homes_ask(&h, "SELECT value FROM risk__controls"), "A.8.24");
    CHECK_STR(homes_ask(&h, "SELECT p.ref FROM fact_reference f JOIN person p ON p.id = "
                            "f.target_record WHERE f.field = 'owner'"),
              "P01");
    CHECK_OK(homes_put_yaml(&h, "person: [{id: pa, ref: P09, name: Voss-Ott}]"));
    CHECK_OK(homes_judge(&h, JUDGE_STAGE1, &result, &work));
    CHECK_STR(homes_ask(&h, "SELECT owner || owner_said FROM risk"), "Voss-OttVoss-Ott");
    CHECK_STR(homes_ask(&h, "SELECT p.ref FROM fact_reference f JOIN person p ON p.id = "
                            "f.target_record WHERE f.field = 'owner'"),
              "P09");
    CHECK_OK(homes_put_yaml(&h, "risk: [{id: ra, gone: true}]"));
    CHECK_OK(homes_judge(&h, JUDGE_STAGE1, &result, &work));
    CHECK_STR(homes_ask(&h, "SELECT count(*) FROM fact_reference"), "0");
    CHECK_STR(homes_ask(&h, "SELECT count(*) FROM home_link"), "0");
    homes_close(&h);
}

/* Nothing changed: nothing runs. Another day: everything does. */
TEST(home_judges_only_what_changed)
{
    struct judge_work first, none, one;
    struct value *result, *again;
    struct homes h;

    CHECK_OK(homes_open(cx, &h));
    CHECK_OK(homes_put_yaml(&h, PEOPLE "training: [{id: s, ref: T-2, person: pa, topic: Basics}]"));
    CHECK_OK(homes_judge(&h, JUDGE_STAGE2, &result, &first));
    CHECK_OK(homes_judge(&h, JUDGE_STAGE2, &again, &none));
    CHECK_INT(none.steps, 0);
    CHECK_INT(none.rules, 0);
    CHECK_STR(homes_findings(&h, again), homes_findings(&h, result).p);
    CHECK_OK(homes_put_yaml(&h, "training: [{id: t, ref: T-1, person: pb, topic: Basics}]"));
    CHECK_OK(homes_judge(&h, JUDGE_STAGE2, &again, &one));
    CHECK(one.rules > 0);
    CHECK(one.rules * 4 < first.rules);
    homes_close(&h);
}

TEST(home_judges_an_empty_one)
{
    struct judge_work work;
    struct value *result;
    struct homes h;

    CHECK_OK(homes_open(cx, &h));
    for (enum judge_stage stage = JUDGE_STAGE1; stage <= JUDGE_RECERTIFICATION; stage++) {
        CHECK_OK(homes_judge(&h, stage, &result, &work));
        CHECK(value_count(value_get(result, "findings")) > 5);
    }
    homes_close(&h);
}

static struct str first_id(const struct value *result, const char *rule)
{
    const struct value *findings = value_get(result, "findings");

    for (size_t i = 0; i < value_count(findings); i++)
        if (value_is_text(value_get(value_at(findings, i), "rule"), rule))
            return value_get_text(value_at(findings, i), "id");
    return STR_NONE;
}

/* A document that is renamed keeps its findings; they lead to it. */
TEST(home_findings_are_stable_and_cite_records)
{
    struct value *result;
    struct homes h;

    CHECK_OK(homes_open(cx, &h));
    CHECK_OK(homes_put_yaml(
        &h, PEOPLE "document: [{id: d, ref: D-POL, title: Security policy, covers: [DOC-POLICY], "
                   "status: approved, approver: pb, author: pa}]"));
    CHECK_OK(homes_judge(&h, JUDGE_STAGE1, &result, NULL));
    struct str before = first_id(result, "policy-approver");
    CHECK(before.n > 0);
    CHECK_OK(homes_put_yaml(
        &h, "document: [{id: d, ref: D-POL, title: Policy, covers: [DOC-POLICY], status: "
            "approved, approver: pb, author: pa}]"));
    CHECK_OK(homes_judge(&h, JUDGE_STAGE1, &result, NULL));
    CHECK_STR(first_id(result, "policy-approver"), str_z(cx->mem, before));
    homes_close(&h);
}
