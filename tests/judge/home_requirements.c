/* Every requirement of the standard is decided over a home, at every stage: by a rule that finds it
 * missing, or by a question to a person; nothing is met by what nobody recorded. */
#include "tests/harness.h"
#include "tests/judge/homes.h"

static bool names(const struct value *list, struct str id)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_as_text(value_at(list, i)), id))
            return true;
    return false;
}

static bool is_found(const struct value *result, struct str id)
{
    const struct value *findings = value_get(result, "findings");

    for (size_t i = 0; i < value_count(findings); i++) {
        const struct value *f = value_at(findings, i);
        if (str_eq(value_get_text(f, "requirement"), id) || names(value_get(f, "covers"), id))
            return true;
    }
    return false;
}

/* By its own id, or by a question of the standard that decides it. */
static bool is_asked(struct homes *h, const struct value *result, struct str id)
{
    const struct value *questions = value_path(result, "verdict.questions");
    bool row = false;
    STMT(s);

    for (size_t i = 0; i < value_count(questions); i++)
        if (str_eq(value_get_text(value_at(questions, i), "requirement"), id))
            return true;
    if (store_prepare(h->cx, judge_home_store(h->home),
                      STR("SELECT 1 FROM requirement_ask WHERE requirement = :id"), &s) < 0 ||
        stmt_bind_text(h->cx, s, "id", id) < 0 || stmt_step(h->cx, s, &row) < 0)
        return false;
    return row;
}

/* The roll-up of all documents has no finding of its own; what each document must have is met where
 * all there is are registers, which are kept in versions. */
static bool is_rolled_up(struct homes *h, struct str id)
{
    bool row = false;
    STMT(s);

    return store_prepare(h->cx, judge_home_store(h->home),
                         STR("SELECT 1 FROM requirement WHERE id = :id AND decided IN ('minimum', "
                             "'documents')"),
                         &s) == 0 &&
           stmt_bind_text(h->cx, s, "id", id) == 0 && stmt_step(h->cx, s, &row) == 0 && row;
}

static void check_stage(struct homes *h, enum judge_stage stage, const char *records)
{
    struct ctx *cx = h->cx;
    const struct value *requirements;
    struct value *result;
    size_t decided = 0;

    CHECK_OK(homes_put_yaml(h, records));
    CHECK_OK(homes_judge(h, stage, &result, NULL));
    requirements = value_get(result, "requirements");
    CHECK_INT(value_count(requirements), 148);
    for (size_t i = 0; i < value_count(requirements); i++) {
        struct str id = value_get_text(value_at(requirements, i), "id");
        struct str status = value_get_text(value_at(requirements, i), "status");

        /* What only operation shows is not judged at Stage 1, nor what needs an earlier review. */
        if (str_is(status, "not-applicable") || is_found(result, id) || is_rolled_up(h, id) ||
            (str_is(status, "cannot-tell") && is_asked(h, result, id)))
            decided++;
        else
            test_failed(__FILE__, __LINE__,
                        "stage %d: %.*s is %.*s, without a finding or a question", (int)stage,
                        STR_ARG(id), STR_ARG(status));
    }
    CHECK_INT(decided, 148);
}

TEST(home_decides_every_requirement)
{
    struct homes h;

    CHECK_OK(homes_open(cx, &h));
    for (enum judge_stage stage = JUDGE_STAGE1; stage <= JUDGE_RECERTIFICATION; stage++)
        check_stage(&h, stage, "person: [{id: pa, ref: P01, name: Voss}]");
    homes_close(&h);
}
