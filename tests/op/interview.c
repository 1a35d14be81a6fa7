#include "op/interview.h"

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

static struct value *first(struct ctx *cx, const struct standard *standard, const char *profile,
                           const char *result)
{
    struct value *list = NULL;

    CHECK_OK(interview_first(cx, standard, yaml(cx, profile), yaml(cx, result), &list));
    return list;
}

#define NO_REVIEW                                                                                  \
    "requirements: [{id: C9.3.1-s1, status: missing, findings: [F-1]}]\n"                          \
    "findings: [{id: F-1, title: No review, stage1: AOC-BLOCK, next_step: Hold it.}]\n"

TEST(interview_ten_questions_to_different_people_about_different_things)
{
    const struct standard *standard = load(cx);
    const struct value *list = first(cx, standard, "{}", "{}");
    struct dict *topics = dict_new(cx->mem), *ids = dict_new(cx->mem);
    size_t top = 0;

    CHECK_INT(value_count(list), 10);
    for (size_t i = 0; i < value_count(list); i++) {
        struct str id = value_get_text(value_at(list, i), "id");
        const struct entry *e = standard_find(standard, id);
        top += value_is_text(value_get(value_at(list, i), "role"), "TM");
        dict_set(ids, id, e);
        dict_set(topics, value_get_text(e->yaml, "topic"), e);
        CHECK(value_get_text(value_at(list, i), "good_answer").n > 0);
    }
    CHECK_INT(dict_count(ids), 10);
    CHECK_INT(dict_count(topics), 10);
    CHECK(top > 0 && top <= 4);
}

TEST(interview_what_blocks_is_asked_first)
{
    const struct value *q = value_at(first(cx, load(cx), "{}", NO_REVIEW), 0);

    CHECK_STR(value_get_text(q, "id"), "Q-TM-04");
    CHECK_STR(value_as_text(value_path(q, "gap.title")), "No review");
    CHECK_STR(value_get_text(q, "path"), "");
    CHECK_STR(value_get_text(q, "missing"), "Management review results");
}

TEST(interview_names_the_page_to_have_open)
{
    const struct value *list =
        first(cx, load(cx), "{}",
              "requirements: [{id: C9.3.1-s1, status: partly, findings: [F-1]}]\n"
              "findings: [{id: F-1, title: Nobody decided, stage1: AOC-BLOCK}]\n"
              "documents:\n"
              "- {path: blank.md, is_template: true, kinds: [{kind: REC-MR, confidence: 0.9}]}\n"
              "- {path: old.md, copies_of: review.md, kinds: [{kind: REC-MR, confidence: 0.9}]}\n"
              "- {path: review.md, kinds: [{kind: REC-MR, confidence: 0.8}]}\n"
              "criteria:\n"
              "- {kind: REC-MR, criterion: REC-MR-01, evidence: []}\n"
              "- {kind: REC-MR, criterion: REC-MR-03, evidence: [{path: review.md, place: line 4, "
              "quote: It was decided}]}\n");
    const struct value *q = value_at(list, 0);

    CHECK_STR(value_get_text(q, "path"), "review.md");
    CHECK_STR(value_get_text(q, "place"), "line 4");
    CHECK_STR(value_get_text(q, "quote"), "It was decided");
    CHECK_STR(value_get_text(q, "missing"), "");
}

/* Unfilled forms and copies are no page to have open. */
TEST(interview_a_form_is_no_page)
{
    const struct value *q = value_at(
        first(cx, load(cx), "{}",
              NO_REVIEW
              "documents:\n"
              "- {path: blank.md, is_template: true, kinds: [{kind: REC-MR, confidence: 0.9}]}\n"),
        0);

    CHECK_STR(value_get_text(q, "path"), "");
}

TEST(interview_what_was_answered_well_comes_later)
{
    const struct standard *standard = load(cx);
    const struct value *before = value_at(first(cx, standard, "{}", "{}"), 0);
    struct str id = value_get_text(before, "id");
    const struct value *after = first(
        cx, standard,
        str_printf(cx->mem, "interviews: {%.*s: {score: 3, said: All of it}}\n", STR_ARG(id)).p,
        "{}");

    CHECK(!str_eq(value_get_text(value_at(after, 0), "id"), id));
    after = first(cx, standard,
                  str_printf(cx->mem, "interviews: {%.*s: {score: 1}}\n", STR_ARG(id)).p, "{}");
    CHECK_STR(value_get_text(value_at(after, 0), "id"), str_z(cx->mem, id));
}

TEST(interview_a_sheet_for_each_role)
{
    const struct standard *standard = load(cx);
    const struct value *roles = value_get(standard->about, "roles");
    const struct value *result = yaml(
        cx, NO_REVIEW
        "organisation: {name: Tarn}\ntoday: '2026-11-30'\n"
        "verdict: {questions: [{question: Who decides?, requirement: C5.1-f, profile_key: k}]}\n");
    struct value *sheet;

    for (size_t i = 0; i < value_count(roles); i++) {
        CHECK_OK(interview_sheet(cx, standard, NULL, result, value_key_at(roles, i), &sheet));
        const struct value *questions = value_get(sheet, "questions");
        CHECK(value_count(questions) <= 6);
        for (size_t k = 0; k < value_count(questions); k++)
            CHECK(str_eq(value_get_text(value_at(questions, k), "role"), value_key_at(roles, i)));
    }
    CHECK_OK(interview_sheet(cx, standard, NULL, result, STR("Top Management"), &sheet));
    CHECK_STR(value_get_text(sheet, "role"), "TM");
    CHECK_INT(value_count(value_get(sheet, "asks")), 1);
    CHECK_RC(interview_sheet(cx, standard, NULL, result, STR("gardener"), &sheet), RC_INVALID);
    CHECK(str_has(cx->err.text, "CISO (information security manager)"));
}

TEST(interview_answers_come_back)
{
    const struct standard *standard = load(cx);
    struct buf out = buf_new(cx->mem);
    struct value *sheet;

    CHECK_OK(interview_sheet(cx, standard, NULL, yaml(cx, NO_REVIEW), STR("tm"), &sheet));
    buf_addz(&out, "interviews:\n");
    interview_write(cx->mem, &out,
                    yaml(cx, "Q-TM-01: {score: 2, said: 'To \"sell\": more', on: 2026-11-01}\n"
                             "Q-HR-01: in words alone\n"),
                    sheet);
    buf_char(&out, '\0');
    const struct value *back = value_get(yaml(cx, out.p), "interviews");
    CHECK_OK(interview_check(cx, standard, "p.yaml", back));
    CHECK_STR(value_as_text(value_path(back, "Q-TM-01.said")), "To \"sell\": more");
    CHECK_INT(value_as_int(value_path(back, "Q-TM-01.score"), 0), 2);
    CHECK_STR(value_as_text(value_path(back, "Q-HR-01.said")), "in words alone");
    CHECK_INT(value_count(back), 7); /* six of top management, one of the other */
    CHECK_RC(interview_check(cx, standard, "p.yaml", yaml(cx, "Q-NO-01: {score: 1}\n")),
             RC_INVALID);
    CHECK_RC(interview_check(cx, standard, "p.yaml", yaml(cx, "Q-TM-01: {score: 4}\n")),
             RC_INVALID);
    CHECK_RC(interview_check(cx, standard, "p.yaml", yaml(cx, "[1]\n")), RC_INVALID);
}
