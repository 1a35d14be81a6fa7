#include "judge/verdict.h"
#include "tests/harness.h"
#include "tests/judge/bench.h"

/* Judges a case in this process: the child has tests of its own. */
static struct value *judge_at(struct ctx *cx, unsigned stage, const char *yaml)
{
    struct value *result = value_map(cx->mem), *list = value_list(cx->mem);
    const char *run = stage == 2 ? "run: {stage: 2}\n" : "";
    struct bench b = {0};

    CHECK_OK(bench_open(cx, &b));
    CHECK_OK(bench_yaml(&b, str_printf(cx->mem, "%s%s", run, yaml).p));
    for (size_t i = 0; b.rules != NULL && i < b.rules->n; i++)
        if ((b.rules->items[i].stages & RULE_STAGE(stage)) != 0)
            CHECK_OK(rule_run(cx, b.store, &b.rules->items[i], list));
    CHECK_OK(judge_violations(cx, b.standard, b.rules, b.store, list, result));
    bench_close(&b);
    return result;
}

static struct value *judge(struct ctx *cx, const char *yaml)
{
    return judge_at(cx, 1, yaml);
}

#define EVERY                                                                                      \
    "have: [DOC-SCOPE, DOC-POLICY, DOC-RISKMETHOD, DOC-TREATMETHOD, DOC-SOA, DOC-RTP, DOC-OBJ, "   \
    "REC-COMP, REC-OPS, REC-RA, REC-RT, REC-MON, DOC-AUDPROG, REC-AUD, REC-MR, REC-NC, PRA-CTX, "  \
    "PRA-ROLES, PRA-METRIC, DOC-BACKUP]\n"

static const struct value *by_id(const struct value *list, const char *key, const char *id)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_is(value_get_text(value_at(list, i), key), id))
            return value_at(list, i);
    return NULL;
}

static const struct value *finding(const struct value *result, const char *rule)
{
    return by_id(value_get(result, "findings"), "rule", rule);
}

static struct str status(const struct value *result, const char *requirement)
{
    return value_get_text(by_id(value_get(result, "requirements"), "id", requirement), "status");
}

static size_t speaks(const struct value *findings, struct str requirement)
{
    size_t n = 0;

    for (size_t i = 0; i < value_count(findings); i++) {
        const struct value *f = value_at(findings, i), *covers = value_get(f, "covers");

        n += str_eq(value_get_text(f, "requirement"), requirement);
        for (size_t k = 0; k < value_count(covers); k++)
            n += str_eq(value_as_text(value_at(covers, k)), requirement);
    }
    return n;
}

/* One absence, one finding: nothing is said twice, and nothing that is missing is left unsaid. */
static void check_said_once(const struct value *result)
{
    const struct value *needs = value_get(result, "requirements");

    for (size_t i = 0; i < value_count(needs); i++) {
        struct str id = value_get_text(value_at(needs, i), "id");
        bool missing = str_is(value_get_text(value_at(needs, i), "status"), "missing");
        size_t n = speaks(value_get(result, "findings"), id);

        if (str_is(id, "C7.5.1-a")) /* the roll-up raises none of its own */
            continue;
        if (n > 1 || (missing && n == 0))
            test_failed(__FILE__, __LINE__, "%.*s stands in %zu findings", STR_ARG(id), n);
    }
}

/* Many documents in a language that has signals for other kinds only: one may be of this kind. */
TEST(verdict_of_a_kind_without_signals_in_a_language)
{
    const struct value *known = judge(cx, "rows: {unsignalled: [{kind: DOC-BACKUP, language: fr, "
                                          "documents: 9}]}");
    const struct value *open = judge(cx, "rows: {unsignalled: [{kind: DOC-SCOPE, language: fr, "
                                         "documents: 9}]}");
    const struct value *few = judge(cx, "rows: {unsignalled: [{kind: DOC-SCOPE, language: fr, "
                                        "documents: 2}]}");

    CHECK_STR(status(known, "C4.3-doc"), "missing");
    CHECK_STR(status(open, "C4.3-doc"), "cannot-tell");
    CHECK_STR(status(few, "C4.3-doc"), "missing");
}

/* What was noted of a criterion counts for its own requirement, however much of the rest is
 * missing. */
TEST(verdict_of_one_part_of_a_missing_criterion)
{
    const struct value *result =
        judge(cx, "have: [REC-MR]\nlacks: [REC-MR-02]\n"
                  "rows: {criterion_signal: [{document: 1, criterion: REC-MR-02, form: 0, "
                  "slot: d objectives}]}");

    CHECK_STR(status(result, "C9.3.2-d4"), "met");
    CHECK_STR(status(result, "C9.3.2-d3"), "missing");
}

TEST(verdict_of_an_empty_folder)
{
    const struct value *result = judge(cx, "{}");

    check_said_once(result);
    CHECK_STR(value_as_text(value_path(result, "verdict.ready")), "no");
    CHECK(value_as_bool(value_path(result, "verdict.hopeless")));
    CHECK_INT(value_as_int(value_path(result, "verdict.minimum.met"), -1), 0);
    CHECK_INT(value_as_int(value_path(result, "verdict.minimum.of"), -1), 16);
    CHECK_INT(value_as_int(value_path(result, "verdict.blockers"), -1), 8);
    CHECK_INT(value_count(value_path(result, "verdict.first")), 5);
    CHECK_STR(value_get_text(value_at(value_path(result, "verdict.first"), 0), "title"),
              "Write down the scope of your ISMS");
    CHECK_INT(value_count(value_get(result, "requirements")), 148);
    CHECK_INT(value_count(value_get(result, "controls")), 93);
    CHECK_STR(status(result, "C4.3-doc"), "missing");
    CHECK_STR(status(result, "C10.2-c"), "not-applicable");
}

TEST(verdict_of_a_full_folder)
{
    const struct value *result = judge(cx, EVERY "met: [PRA-CTX-02]");

    check_said_once(result);
    CHECK_STR(value_as_text(value_path(result, "verdict.ready")), "yes");
    CHECK_INT(value_as_int(value_path(result, "verdict.minimum.met"), -1), 16);
    CHECK_INT(value_count(value_get(result, "findings")), 0);
    CHECK_STR(status(result, "C7.5.1-a"), "met");
    CHECK_STR(status(result, "C9.3.2-a"), "not-applicable"); /* the first review */
    CHECK(value_count(value_path(result, "verdict.questions")) > 0);
}

TEST(verdict_says_once_what_is_missing_whatever_is_there)
{
    check_said_once(judge(cx, "have: [DOC-RISKMETHOD]\nlacks: [DOC-RISKMETHOD-01]"));
    check_said_once(judge(cx, "have: [REC-RA, DOC-SOA]\nlacks: [REC-RA-02, DOC-SOA-05]"));
    check_said_once(judge(cx, "have: [DOC-OBJ]\nlacks: [DOC-OBJ-05, DOC-OBJ-09, DOC-OBJ-03]"));
    check_said_once(judge(cx, "have: [REC-AUD, REC-MR]\nlacks: [REC-AUD-01, REC-MR-02]"));
    check_said_once(judge(cx, "have: [DOC-RTP, DOC-TREATMETHOD]\n"
                              "lacks: [DOC-RTP-01, DOC-TREATMETHOD-02]"));
    check_said_once(judge(cx, "forms: [DOC-POLICY, DOC-SCOPE]"));
}

TEST(verdict_grades)
{
    const struct value *r = judge(cx, EVERY "lacks: [DOC-RISKMETHOD-01, DOC-SCOPE-06, DOC-OBJ-02]\n"
                                            "partly: [DOC-RISKMETHOD-03]");

    CHECK_STR(value_get_text(finding(r, "risk-criteria-absent"), "stage1"), "AOC-BLOCK");
    CHECK_STR(value_get_text(finding(r, "risk-criteria-absent"), "stage2"), "MAJOR");
    CHECK_STR(value_get_text(finding(r, "scope-interfaces"), "stage1"), "AOC");
    CHECK_STR(value_get_text(finding(r, "scope-interfaces"), "stage2"), "MINOR");
    CHECK_STR(value_get_text(finding(r, "scope-interfaces"), "mode"), "confirm");
    CHECK_STR(value_get_text(finding(r, "objectives-links"), "stage2"), "OFI");
    CHECK_STR(value_get_text(finding(r, "objectives-links"), "mode"), "signal");
    CHECK_STR(value_get_text(finding(r, "risk-scales"), "stage1"), "NOTE");
    CHECK_STR(value_get_text(value_at(value_get(r, "findings"), 0), "stage1"), "AOC-BLOCK");
}

TEST(verdict_lets_a_dated_plan_lower_a_blocker)
{
    const char *plan = "rows: {dated_plan: [{kind: REC-AUD, on_date: '2027-02-01', path: p.md, "
                       "place: line 3, quote: 'Internal audit 1 February'}]}\n";
    const struct value *r = judge(cx, plan);

    CHECK_STR(value_get_text(finding(r, "internal-audit-absent"), "stage1"), "AOC");
    CHECK_INT(value_count(value_get(finding(r, "internal-audit-absent"), "evidence")), 1);
    r = judge(cx, str_printf(cx->mem, "%srun: {stage2: '2027-01-15'}%c", plan, '\n').p);
    CHECK_STR(value_get_text(finding(r, "internal-audit-absent"), "stage1"), "AOC-BLOCK");
}

TEST(verdict_adds_lead_times_along_what_must_come_first)
{
    const struct value *r = judge(cx, "run: {stage2: '2027-01-30'}");
    const struct value *late = value_path(r, "verdict.too_late");
    const struct value *audit =
        by_id(late, "what", "No internal audit has been held or is planned");
    const struct value *review =
        by_id(late, "what", "No management review has been held or is planned");

    CHECK(audit != NULL && review != NULL);
    CHECK(value_get_int(review, "needs_days", 0) > value_get_int(audit, "needs_days", 0));
    CHECK_INT(value_count(value_get(finding(r, "management-review-absent"), "needs")), 2);
}

TEST(verdict_takes_answers_of_a_person)
{
    const struct value *r = judge(cx, "rows: {profile: [{key: climate_decided, value: 'yes'}, "
                                      "{key: resources_decided, value: 'no'}]}");

    CHECK(finding(r, "climate") == NULL);
    CHECK_STR(status(r, "C4.1-clim"), "met");
    CHECK_STR(status(r, "C5.1-c"), "missing");
    CHECK_STR(value_get_text(finding(r, "answered-no"), "requirement"), "C5.1-c");
    CHECK(by_id(value_path(r, "verdict.questions"), "id", "ASK-RESOURCES") == NULL);
    CHECK(by_id(value_path(r, "verdict.questions"), "id", "ASK-ROLES") != NULL);
}

TEST(verdict_takes_no_shrug_for_an_answer)
{
    const struct value *r = judge(cx, "rows: {profile: [{key: climate_decided, value: '?'}, "
                                      "{key: roles_assigned, value: 'Nobody.'}, "
                                      "{key: interested_parties, value: ' '}]}");

    CHECK(by_id(value_path(r, "verdict.questions"), "id", "ASK-CLIMATE") != NULL);
    CHECK(by_id(value_path(r, "verdict.questions"), "id", "ASK-PARTIES") != NULL);
    CHECK(by_id(value_path(r, "verdict.questions"), "id", "ASK-ROLES") == NULL);
    CHECK_STR(status(r, "C5.3-s1"), "missing");
    CHECK_STR(status(r, "C4.1-clim"), "missing");
}

#define IN_POLICY(heading)                                                                         \
    "have: [DOC-POLICY]\nrows: {criterion_evidence: [{criterion: DOC-POLICY-02, document: 1, "     \
    "n: 0, path: DOC-POLICY.md, place: line 9, heading: '" heading "', quote: Two factors}]}\n"

TEST(verdict_finds_objectives_inside_the_policy)
{
    const struct value *r = judge(cx, IN_POLICY("3. Security Objectives"));

    check_said_once(r);
    CHECK(finding(r, "objectives-absent") == NULL);
    CHECK_STR(value_get_text(finding(r, "objectives-scattered"), "stage1"), "AOC");
    CHECK_INT(value_count(value_get(finding(r, "objectives-scattered"), "evidence")), 1);
    CHECK_STR(status(r, "C6.2-s1"), "met");
    CHECK_STR(value_get_text(by_id(value_get(r, "minimum"), "kind", "DOC-OBJ"), "state"), "partly");
    CHECK_STR(value_get_text(by_id(value_get(r, "minimum"), "kind", "DOC-OBJ"), "path"),
              "DOC-POLICY.md");
    r = judge(cx, IN_POLICY("4. Policy statement"));
    check_said_once(r);
    CHECK_STR(value_get_text(finding(r, "objectives-absent"), "stage1"), "AOC-BLOCK");
}

TEST(verdict_shows_the_part_that_is_there)
{
    const struct value *r = judge(
        cx, "have: [REC-RA]\npartly: [REC-RA-02]\nrows: {criterion_signal: [{document: 1, "
            "criterion: REC-RA-02, form: 4, slot: description}, {document: 1, criterion: "
            "REC-RA-02, form: 4, slot: level}], criterion_evidence: [{criterion: REC-RA-02, "
            "document: 1, n: 0, path: REC-RA.md, place: row 2, row: 2, quote: 'Score: 10'}], "
            "nearest: [{criterion: REC-RA-02, document: 1, path: REC-RA.md, place: row 3, quote: "
            "'Score: 3', why_not: 'It says too little.'}]}");
    const struct value *f = finding(r, "risk-register-fields");

    CHECK_STR(status(r, "C6.1.2-d3"), "met"); /* whichever form noted it */
    CHECK_STR(status(r, "C6.1.2-d2"), "missing");
    CHECK(str_has(value_get_text(f, "statement"), "how likely it is"));
    CHECK(!str_has(value_get_text(f, "statement"), "the level"));
    CHECK_STR(value_get_text(value_at(value_get(f, "evidence"), 0), "quote"), "Score: 10");
    CHECK(value_type(value_get(f, "searched")) == VALUE_NULL);
}

#define NEAR(filled, wanted, document)                                                             \
    "have: [DOC-SCOPE, DOC-POLICY]\nlacks: [DOC-SCOPE-06]\nrows: {nearest: [{criterion: "          \
    "DOC-SCOPE-06, document: " document ", path: a.md, place: line 1, quote: q, why_not: w, "      \
    "filled: " filled ", wanted: " wanted "}]}\n"

static bool near(struct ctx *cx, const char *yaml)
{
    const struct value *f = finding(judge(cx, yaml), "scope-interfaces");

    return value_type(value_path(f, "searched.nearest")) == VALUE_MAP;
}

TEST(verdict_names_as_nearest_only_what_is_near)
{
    CHECK(near(cx, NEAR("2", "3", "1")));
    CHECK(!near(cx, NEAR("1", "2", "1")));
    CHECK(!near(cx, NEAR("2", "3", "2"))); /* of another kind: all is wanted */
    CHECK(near(cx, NEAR("3", "3", "2")));
    CHECK(!near(cx, NEAR("2", "2", "2")));
}

TEST(verdict_asks_for_approvals_that_documents_do_not_show)
{
    const struct value *r = judge(cx, "have: [DOC-SCOPE]");

    CHECK_STR(status(r, "C7.5.2-c"), "cannot-tell");
    CHECK(by_id(value_path(r, "verdict.questions"), "id", "ASK-APPROVAL") != NULL);
    r = judge(cx, "have: [DOC-POLICY]\nlacks: [DOC-POLICY-05]\nrows: {document_person: [{document: "
                  "1, role: approver, name: 'Ada Roe, CEO', rank: top}]}");
    CHECK_STR(status(r, "C7.5.2-c"), "met");
    CHECK_STR(status(r, "C5.2-s1"), "met");
    CHECK(by_id(value_path(r, "verdict.questions"), "id", "ASK-POLICY-APPROVAL") == NULL);
}

TEST(verdict_prefers_the_document_that_says_most)
{
    /* Both serve the kind; the second meets more of its criteria. */
    const struct value *r =
        judge(cx, "have: [DOC-POLICY, DOC-SCOPE]\nrows: {document_kind: [{document: 1, kind: "
                  "DOC-SCOPE, confidence: 990}]}");

    CHECK_STR(value_get_text(by_id(value_get(r, "minimum"), "kind", "DOC-SCOPE"), "path"),
              "DOC-SCOPE.md");
}

TEST(verdict_blocks_on_nothing_that_was_not_read)
{
    const struct value *r = judge(cx, "run: {files: 10, read: 2, unread: 8}");

    CHECK_INT(value_as_int(value_path(r, "verdict.blockers"), -1), 0);
    CHECK_STR(value_as_text(value_path(r, "verdict.ready")), "no");
    CHECK(!value_as_bool(value_path(r, "verdict.hopeless")));
    CHECK_STR(status(r, "C4.3-doc"), "cannot-tell");
}

#define SAID(n, fact, line, quote)                                                                 \
    "  - {document: " #n ", fact: " #fact ", path: D" #n ".md, place: line " #line                 \
    ", line: " #line ", quote: '" quote "'}\n"

static const char drafts_everywhere[] =
    "have: [DOC-RTP, DOC-SCOPE, DOC-POLICY]\n"
    "lacks: [DOC-POLICY-09]\n"
    "document:\n"
    "  1: {status: draft, review_due: '2026-10-01', placeholders: 2, template: open}\n"
    "  2: {status: draft}\n"
    "  3: {status: draft, placeholders: 1, template: open}\n"
    "rows:\n"
    "  document_said:\n" SAID(1, status, 3, "Status: Draft")
        SAID(1, review_due, 4, "Review: 1 October") SAID(2, status, 7, "still a draft")
            SAID(1, placeholder, 9, "[NAME]") SAID(1, placeholder, 12, "[SITE]")
                SAID(3, placeholder, 2, "[COMPANY]") SAID(3, status, 5, "a draft");

TEST(verdict_quotes_where_documents_say_it)
{
    const struct value *result = judge(cx, drafts_everywhere);
    const struct value *drafts = value_get(finding(result, "documents-draft"), "evidence");
    const struct value *gaps = value_get(finding(result, "documents-placeholders"), "evidence");
    const struct value *overdue = value_get(finding(result, "documents-overdue"), "evidence");
    const struct value *policy = value_get(finding(result, "policy-draft"), "evidence");
    const struct value *own = value_get(finding(result, "policy-own"), "evidence");

    CHECK_INT(value_count(drafts), 2);
    CHECK_STR(value_get_text(value_at(drafts, 1), "quote"), "still a draft");
    CHECK_STR(value_get_text(value_at(drafts, 1), "place"), "line 7");
    CHECK_INT(value_as_int(value_path(value_at(drafts, 1), "at.line"), 0), 7);
    CHECK_INT(value_count(gaps), 2);
    CHECK_STR(value_get_text(value_at(gaps, 1), "quote"), "[SITE]");
    CHECK_STR(value_get_text(value_at(overdue, 0), "quote"), "Review: 1 October");
    CHECK_STR(value_get_text(value_at(policy, 0), "quote"), "a draft");
    CHECK_STR(value_get_text(value_at(own, 0), "quote"), "[COMPANY]");
    CHECK_STR(value_get_text(value_at(own, 0), "path"), "D3.md");
}

TEST(verdict_ids_are_stable_and_depend_on_the_subject)
{
    const struct value *a = judge(cx, "have: [DOC-SCOPE]\nlacks: [DOC-SCOPE-06]");
    const struct value *b =
        judge(cx, "have: [DOC-POLICY, DOC-SCOPE]\nlacks: [DOC-SCOPE-06, DOC-SCOPE-03]");

    CHECK(str_eq(value_get_text(finding(a, "scope-interfaces"), "id"),
                 value_get_text(finding(b, "scope-interfaces"), "id")));
    CHECK(!str_eq(value_get_text(finding(b, "scope-boundaries"), "id"),
                  value_get_text(finding(b, "scope-interfaces"), "id")));
}

TEST(judge_runs_in_a_child)
{
    struct value *result = value_map(cx->mem);
    struct bench b = {0};

    CHECK_OK(bench_open(cx, &b));
    CHECK_OK(bench_yaml(&b, "have: [DOC-SCOPE]"));
    struct value *violations = NULL;

    CHECK_OK(rules_run(cx, b.rules, NULL, NULL, b.store, &violations));
    CHECK_OK(judge_violations(cx, b.standard, b.rules, b.store, violations, result));
    CHECK(finding(result, "scope-absent") == NULL);
    CHECK(finding(result, "policy-absent") != NULL);
    bench_close(&b);
}

/* ---- Stage 2 ---- */

TEST(verdict_at_stage_2_speaks_of_nonconformities)
{
    const struct value *result = judge_at(cx, 2, EVERY "lacks: [DOC-SCOPE-06]");
    const struct value *f = finding(result, "scope-interfaces");

    CHECK_STR(value_get_text(f, "grade"), "MINOR");
    CHECK_STR(value_get_text(f, "stage1"), "AOC");
    CHECK_STR(value_as_text(value_path(result, "verdict.ready")), "with-concerns");
    CHECK_STR(value_as_text(value_path(result, "verdict.headline")),
              "No open major nonconformity is visible; one minor one is.");
}

TEST(verdict_at_stage_2_finds_a_major_where_all_of_it_is_absent)
{
    const struct value *result = judge_at(cx, 2, "have: [DOC-SCOPE]");

    CHECK_STR(value_get_text(finding(result, "policy-absent"), "grade"), "MAJOR");
    CHECK_STR(value_as_text(value_path(result, "verdict.ready")), "no");
}

TEST(verdict_at_stage_2_leaves_to_the_day_what_files_do_not_decide)
{
    const struct value *first = judge(cx, EVERY), *second = judge_at(cx, 2, EVERY);
    const struct value *left = value_get(second, "on_the_day");
    const struct value *one = by_id(left, "requirement", "C10.2-d");

    CHECK_INT(value_count(value_get(first, "on_the_day")), 0);
    CHECK_STR(status(first, "C10.2-d"), "not-applicable");
    CHECK_STR(status(second, "C10.2-d"), "cannot-tell");
    CHECK(value_get_text(one, "looks_at").n > 0);
    CHECK(value_count(value_get(one, "asks")) > 0);
    CHECK(by_id(left, "requirement", "C4.3-doc") == NULL);
}

/* Three inputs of the only review are a major nonconformity, two are a minor one. */
TEST(verdict_at_stage_2_counts_inputs_of_the_review)
{
    const struct value *result = judge_at(cx, 2, EVERY "lacks: [REC-MR-02]");
    const struct value *f = finding(result, "review-inputs");

    CHECK_STR(value_get_text(f, "stage1"), "AOC");
    CHECK_STR(value_get_text(f, "grade"), "MAJOR");
}

TEST(risks_lie_in_a_matrix_on_the_scales_of_the_method)
{
    const struct value *result = judge(
        cx,
        "records: {risk: [{ref: R1, description: a, owner: Ann Lee, likelihood: 3, consequence: 4, "
        "residual_likelihood: 1, residual_consequence: 4}, {ref: R2, description: b, "
        "likelihood: 3, consequence: 4}, {ref: R3, description: c, likelihood: 2}], "
        "scale_step: [{scale: likelihood, step: 1}, {scale: likelihood, step: 2}, "
        "{scale: likelihood, step: 3}, {scale: likelihood, step: 4}, "
        "{scale: likelihood, step: 5}]}\n");
    const struct value *matrix = value_get(result, "risk_matrix");

    CHECK_INT(value_get_int(matrix, "risks", 0), 2);
    CHECK_INT(value_count(value_get(matrix, "likelihood")), 5);
    CHECK_INT(value_count(value_get(matrix, "consequence")), 4);
    CHECK_INT(value_count(value_get(matrix, "before")), 1);
    CHECK_INT(value_get_int(value_at(value_get(matrix, "before"), 0), "risks", 0), 2);
    CHECK_INT(value_get_int(value_at(value_get(matrix, "after"), 0), "likelihood", 0), 1);
    CHECK(value_type(value_get(matrix, "limit")) == VALUE_NULL);
}

/* The level is said in the profile; the cells above it are known where it is known how a level is
 * made. */
TEST(risks_above_what_is_accepted_are_told_in_the_matrix)
{
#define RATED(ref, l, c)                                                                           \
    "{ref: " ref ", description: " ref ", owner: Ann Lee, likelihood: " l ", consequence: " c
    const char *profile = "rows: {profile: [{key: acceptable_level, value: '4'}]}\n";
    const char *rated = "records: {risk: [" RATED("a", "1", "1") ", level: 1}, " RATED(
        "b", "2",
        "2") ", level: 4}, " RATED("c", "3",
                                   "1") ", level: 3}, " RATED("d", "3",
                                                              "2") ", level: 6}, " RATED("e", "3",
                                                                                         "3") ", "
                                                                                              "leve"
                                                                                              "l: "
                                                                                              "9}]}"
                                                                                              "\n";
    const char *bare = "records: {risk: [" RATED("a", "1", "1") "}, " RATED("b", "3", "3") "}]}\n";
    const struct value *limit =
        value_get(value_get(judge(cx, str_z(cx->mem, str_printf(cx->mem, "%s%s", profile, rated))),
                            "risk_matrix"),
                  "limit");

    CHECK_INT(value_get_int(limit, "level", 0), 4);
    CHECK_STR(value_get_text(limit, "path"), "profile");
    CHECK_INT(value_count(value_get(limit, "above")), 3); /* 2 x 3, 3 x 2, 3 x 3 */
    limit =
        value_get(value_get(judge(cx, str_z(cx->mem, str_printf(cx->mem, "%s%s", profile, bare))),
                            "risk_matrix"),
                  "limit");
    CHECK_INT(value_get_int(limit, "level", 0), 4);
    CHECK_INT(value_count(value_get(limit, "above")), 0);
#undef RATED
}

/* In the columns that the table has, as it calls them; without such a column the rule's own words.
 */
TEST(lines_say_how_they_could_read_in_the_columns_there_are)
{
    const struct value *result =
        judge(cx, "have: [REC-RA]\nrecords: {risk: [{ref: R1, description: a, owner: null, "
                  "likelihood: 2}, {ref: R2, description: b, owner: Ann Lee, likelihood: 2}]}\n");
    const struct value *line = value_at(value_get(finding(result, "risk-owners"), "lines"), 0);

    CHECK_STR(value_get_text(line, "ref"), "R1");
    CHECK_STR(value_get_text(line, "better"), "Risk owner: Head of sales");
}

TEST(risks_in_percent_lie_in_no_matrix)
{
    const struct value *result = judge(cx, "records: {risk: [{ref: R1, description: a, owner: Ann "
                                           "Lee, likelihood: 80, consequence: 4}]}\n");

    CHECK(value_type(value_get(result, "risk_matrix")) == VALUE_NULL);
    CHECK(value_type(value_get(judge(cx, "have: []\n"), "risk_matrix")) == VALUE_NULL);
}

/* What records show is met; what they speak against is a finding that names its control. */
TEST(verdict_at_stage_2_judges_records)
{
    const struct value *good = judge_at(
        cx, 2,
        EVERY "records: {corrective_action: [{ref: NC1, statement: No review, status: closed, "
              "effectiveness: works, done_on: 2026-09-01, effectiveness_on: 2026-11-01}]}");
    const struct value *bad =
        judge_at(cx, 2,
                 EVERY "records:\n"
                       "  corrective_action: [{ref: NC1, statement: No review, status: closed, "
                       "effectiveness: null}]\n"
                       "  person: [{name: Ann Lee, end_on: 2026-10-15}]\n"
                       "  account: [{login: alee, person: Ann Lee, enabled: 1}]\n");
    const struct value *met = by_id(value_get(good, "requirements"), "id", "C10.2-d");
    const struct value *leaver = finding(bad, "leavers-enabled");

    CHECK_STR(value_get_text(met, "status"), "met");
    CHECK_STR(value_get_text(met, "why_status"), "Shown by the records in corrective_action.md.");
    CHECK(finding(good, "corrective-effect") == NULL);
    CHECK_STR(status(bad, "C10.2-d"), "partly");
    CHECK_STR(value_get_text(finding(bad, "corrective-effect"), "stage1"), "N/A");
    CHECK_STR(value_get_text(finding(bad, "corrective-effect"), "grade"), "MINOR");
    CHECK_STR(value_get_text(leaver, "control"), "A.5.18");
    CHECK_STR(value_get_text(leaver, "requirement"), "C8.1-s2");
    CHECK_STR(value_get_text(value_at(value_get(leaver, "lines"), 0), "says"),
              "Ann Lee left on 2026-10-15, 46 days ago; the account is enabled.");
    CHECK_INT(value_count(value_get(by_id(value_get(bad, "controls"), "id", "A.5.18"), "findings")),
              1);
    CHECK_STR(value_get_text(by_id(value_get(bad, "controls"), "id", "A.5.18"), "status"),
              "partly");
}
