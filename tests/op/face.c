/* Faces of registers: what each kind says of records, on both databases. */
#include "op/face.h"

#include "tests/harness.h"
#include "tests/op/asking.h"

static void change(struct kept *k, const char *register_id, struct str id, const char *yaml)
{
    struct ctx *cx = k->cx;
    struct record record;

    CHECK_OK(kept_put(k, register_id, id, yaml, &record));
}

static struct str text_at(struct ctx *cx, const struct value *v, const char *path)
{
    return value_print(cx->mem, value_path(v, path));
}

/* The item of a list whose `key` is this text. */
static const struct value *item(const struct value *list, const char *key, const char *text)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_is(value_get_text(value_at(list, i), key), text))
            return value_at(list, i);
    return NULL;
}

/* ---- a matrix ---- */

static const char METHOD[] =
    "{version: \"1\", combine: matrix, acceptance_max_level: 2, exception_max_level: 3, "
    "scale_steps: [{scale: likelihood, step: 1, name: rare}, {scale: likelihood, step: 2, "
    "name: often}, {scale: consequence, step: 1, name: small}, {scale: consequence, step: 2, "
    "name: large}, {scale: consequence, step: 3, name: fatal}], "
    "matrix: [{likelihood: 1, consequence: 1, level: 1}, {likelihood: 1, consequence: 2, level: 2},"
    " {likelihood: 1, consequence: 3, level: 3}, {likelihood: 2, consequence: 1, level: 2}, "
    "{likelihood: 2, consequence: 2, level: 3}, {likelihood: 2, consequence: 3, level: 4}]}";

OURS_TEST(face_matrix_is_of_the_methods_own_size)
{
    struct asking a;

    asking_begin(k, &a);
    (void)kept_add(k, "risk_method", METHOD);
    (void)kept_add(k, "risk",
                   "{description: A, likelihood: 2, consequence: 3, "
                   "residual_likelihood: 1, residual_consequence: 3}");
    (void)kept_add(k, "risk", "{description: B, likelihood: 2, consequence: 3}");
    (void)kept_add(k, "risk", "{description: C, likelihood: 5, consequence: 3}");
    const struct value *face = asking(&a, "face", "{\"register\": \"risk\"}");
    const struct value *before = value_at(value_get(face, "passes"), 0),
                       *after = value_at(value_get(face, "passes"), 1);

    CHECK_INT(value_count(value_path(face, "up.steps")), 2);
    CHECK_INT(value_count(value_path(face, "across.steps")), 3);
    CHECK_INT(value_count(value_get(face, "cells")), 6);
    CHECK_INT(value_get_int(value_at(value_get(face, "cells"), 5), "level", 0), 4);
    CHECK_STR(value_get_text(value_at(value_get(face, "cells"), 5), "tone"), "bad");
    CHECK_STR(value_get_text(value_at(value_get(face, "cells"), 2), "tone"), "warn");
    CHECK_STR(value_get_text(value_at(value_get(face, "cells"), 0), "tone"), "good");
    CHECK_INT(value_get_int(before, "placed", 0), 2);
    CHECK_INT(value_get_int(before, "unplaced", 0), 1);
    CHECK_INT(value_get_int(after, "placed", 0), 1);
    CHECK_INT(value_get_int(after, "unplaced", 0), 2);
    /* What a cell leads to is what it counts. */
    const struct value *cell = value_at(value_get(before, "cells"), 0);
    CHECK_INT(value_get_int(cell, "n", 0), 2);
    struct buf where = buf_new(cx->mem);
    buf_addz(&where, "{\"register\": \"risk\", \"where\": ");
    value_json(&where, value_get(cell, "where"), 0);
    buf_addz(&where, "}");
    CHECK_INT(value_get_int(asking(&a, "list", str_z(cx->mem, buf_str(&where))), "count", 0), 2);
}

OURS_TEST(face_matrix_waits_for_a_scale)
{
    struct asking a;

    asking_begin(k, &a);
    (void)kept_add(k, "risk", "{description: A, likelihood: 2, consequence: 3}");
    const struct value *face = asking(&a, "face", "{\"register\": \"risk\", \"face\": \"map\"}");

    CHECK_INT(value_count(value_path(face, "up.steps")), 0);
    CHECK_INT(value_get_int(value_at(value_get(face, "passes"), 0), "unplaced", 0), 1);
    CHECK_RC(asking_try(&a, "face", "{\"register\": \"risk\", \"face\": \"clock\"}",
                        &(struct value *){NULL}),
             RC_NOT_FOUND);
    CHECK_RC(asking_try(&a, "face", "{\"register\": \"person\"}", &(struct value *){NULL}),
             RC_NOT_FOUND);
    CHECK_RC(asking_try(&a, "face", "{\"register\": \"risk\", \"version\": \"1\"}",
                        &(struct value *){NULL}),
             RC_INVALID);
}

/* ---- series ---- */

TEST(face_numbers_stand_in_words)
{
    static const struct {
        const char *text;
        int64_t n;
    } cases[] = {{"97 %", 97000},     {"3,5 h", 3500},       {">=95 % within 14 days", 95000},
                 {"-2", -2000},       {"about 0.1234", 123}, {"12", 12000},
                 {"at most 4.", 4000}};
    int64_t n;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CHECK(face_number(str_of(cases[i].text), &n));
        CHECK_INT(n, cases[i].n);
    }
    CHECK(!face_number(STR("none"), &n) && !face_number(STR_NONE, &n));
    CHECK(!face_number(STR("2026-11-30"), &n));
    (void)cx;
}

OURS_TEST(face_series_tell_what_is_off_target)
{
    struct asking a;

    asking_begin(k, &a);
    struct str patches = kept_add(k, "metric", "{what: Patches, unit: \"%\", target: \">= 95 %\"}"),
               hours = kept_add(k, "metric", "{what: Restore, unit: h, target: at most 4}");
    const struct {
        struct str metric;
        const char *on, *value;
    } values[] = {{patches, "2026-02-28", "91"},
                  {patches, "2026-01-31", "97 %"},
                  {hours, "2026-01-31", "3,5 h"},
                  {hours, "2026-02-28", "not measured"}};

    for (size_t i = 0; i < COUNT_OF(values); i++)
        (void)kept_add(k, "measurement",
                       str_printf(cx->mem, "{metric: %.*s, held_on: \"%s\", value: \"%s\"}",
                                  STR_ARG(values[i].metric), values[i].on, values[i].value)
                           .p);
    const struct value *face = asking(&a, "face", "{\"register\": \"metric\"}");
    const struct value *list = value_get(face, "series"), *first = value_at(list, 0),
                       *second = value_at(list, 1);

    CHECK_INT(value_count(list), 2);
    CHECK_STR(text_at(cx, first, "last_at"), "2026-02-28");
    CHECK(!value_get_bool(first, "met"));
    CHECK(value_get_bool(value_at(value_get(first, "points"), 0), "met"));
    CHECK(value_get_bool(second, "met"));
    CHECK(value_get(value_at(value_get(second, "points"), 1), "number") == NULL);
    CHECK_INT(value_get_int(face, "met_n", 0), 1);
    CHECK_INT(value_get_int(face, "missed_n", 0), 1);
    CHECK_INT(value_count(value_get(face, "records")), 4);
}

/* ---- a statement ---- */

static const struct value *line_of(const struct value *face, const char *entry)
{
    return item(value_get(face, "records"), "entry", entry);
}

static bool has_gap(const struct value *face, const char *entry, const char *gap)
{
    const struct value *gaps = value_get(line_of(face, entry), "gaps");

    for (size_t i = 0; i < value_count(gaps); i++)
        if (str_is(value_as_text(value_at(gaps, i)), gap))
            return true;
    return false;
}

static int64_t gap_n(const struct value *face, const char *gap)
{
    return value_get_int(item(value_get(face, "gaps"), "id", gap), "n", -1);
}

OURS_TEST(face_statement_has_every_control_and_marks_gaps)
{
    struct asking a;

    asking_begin(k, &a);
    struct str risk = kept_add(k, "risk", "{description: A laptop is lost}");
    (void)kept_add(k, "soa_entry", "{control: A.5.1, applicable: true, status: implemented}");
    (void)kept_add(k, "soa_entry", "{control: A.7.4, applicable: false}");
    (void)kept_add(k, "soa_entry",
                   str_printf(cx->mem,
                              "{control: A.8.1, applicable: true, reasons: [risk], risks: [%.*s], "
                              "status: planned, target_date: \"2020-01-01\"}",
                              STR_ARG(risk))
                       .p);
    (void)kept_add(k, "soa_entry",
                   "{control: OWN-1, title: Our own lock, applicable: true, justification: needed, "
                   "origin: own}");
    (void)kept_add(k, "evidence", "{title: List, supports: [A.8.1]}");
    (void)kept_add(k, "internal_audit", "{end_on: \"2020-03-01\", controls: \"A.5.1\\nA.8.10\"}");
    const struct value *face = asking(&a, "face", "{\"register\": \"soa_entry\"}");

    CHECK_INT(value_get_int(face, "all_n", 0), 94);
    CHECK_INT(value_get_int(face, "applies_n", 0), 3);
    CHECK_INT(value_get_int(face, "excluded_n", 0), 1);
    CHECK_INT(gap_n(face, "missing"), 90);
    CHECK(has_gap(face, "A.5.1", "no_reason") && has_gap(face, "A.5.1", "not_shown"));
    CHECK(!has_gap(face, "A.5.1", "untested") && has_gap(face, "A.8.1", "untested"));
    CHECK(has_gap(face, "A.7.4", "no_exclusion"));
    CHECK(!has_gap(face, "A.8.1", "no_risk") && has_gap(face, "A.8.1", "late"));
    CHECK(has_gap(face, "A.5.2", "missing") && line_of(face, "A.5.2") != NULL);
    CHECK(value_get_bool(line_of(face, "OWN-1"), "own"));
    const struct value *links = value_get(line_of(face, "A.8.1"), "links");
    CHECK_INT(value_count(links), 2);
    CHECK_STR(value_get_text(value_at(links, 0), "register"), "risk");
    /* Filters leave the figures as they are. */
    face = asking(&a, "face", "{\"register\": \"soa_entry\", \"gap\": \"no_exclusion\"}");
    CHECK_INT(value_get_int(face, "count", 0), 1);
    CHECK_INT(value_get_int(face, "all_n", 0), 94);
    face = asking(&a, "face", "{\"register\": \"soa_entry\", \"where\": [\"status=implemented\"]}");
    CHECK_INT(value_get_int(face, "count", 0), 1);
    CHECK_INT(value_get_int(face, "applies_n", 0), 3);
}

OURS_TEST(face_versions_stay_as_they_were_approved)
{
    struct asking a;

    asking_begin(k, &a);
    struct str line =
        kept_add(k, "soa_entry", "{control: A.5.1, applicable: true, justification: a law}");
    struct str soa = kept_add(k, "soa", "{version: \"1.0\", dated: \"2026-09-10\"}");
    struct value *ignored;

    CHECK_RC(
        asking_try(&a, "face", "{\"register\": \"soa_entry\", \"version\": \"1.0\"}", &ignored),
        RC_CONFLICT);
    change(k, "soa", soa,
           str_printf(cx->mem, "{version: \"1.0\", dated: \"2026-09-10\", approved_by: %.*s}",
                      STR_ARG(k->ben))
               .p);
    change(k, "soa_entry", line, "{control: A.5.1, applicable: true, justification: a contract}");
    (void)kept_add(k, "soa_entry", "{control: A.5.2, applicable: true, justification: a risk}");
    const struct value *face =
        asking(&a, "face", "{\"register\": \"soa_entry\", \"version\": \"1.0\"}");

    CHECK_STR(text_at(cx, face, "version.by"), "Ben Okafor");
    CHECK_STR(text_at(cx, line_of(face, "A.5.1"), "fields.justification"), "a law");
    CHECK_INT(value_get_int(face, "applies_n", 0), 1);
    face = asking(&a, "face", "{\"register\": \"soa_entry\", \"against\": \"1.0\"}");
    CHECK_INT(value_get_int(face, "change_n", 0), 2);
    const struct value *one = item(value_get(face, "changes"), "entry", "A.5.1");
    CHECK_STR(value_get_text(value_at(value_get(one, "changes"), 0), "was"), "a law");
    CHECK_STR(value_get_text(item(value_get(face, "changes"), "entry", "A.5.2"), "what"), "added");
    /* What is said later about the version's record does not move it. */
    change(k, "soa", soa,
           str_printf(cx->mem, "{version: \"1.0\", dated: \"2026-09-11\", approved_by: %.*s}",
                      STR_ARG(k->ben))
               .p);
    face = asking(&a, "face", "{\"register\": \"soa_entry\", \"version\": \"1.0\"}");
    CHECK_STR(text_at(cx, line_of(face, "A.5.1"), "fields.justification"), "a law");
    CHECK_RC(
        asking_try(&a, "face", "{\"register\": \"soa_entry\", \"version\": \"2.0\"}", &ignored),
        RC_NOT_FOUND);
}

/* ---- a time line ---- */

OURS_TEST(face_time_line_knows_deadlines)
{
    struct asking a;
    struct value *face;

    asking_begin(k, &a);
    struct str law = kept_add(k, "legal_requirement",
                              "{law: GDPR, text: Tell the authority, notice_hours: 72, "
                              "notice_for: personal_data}");
    (void)kept_add(k, "legal_requirement",
                   "{law: Contract, text: Tell customers, notice_hours: 20}");
    (void)kept_add(k, "incident",
                   str_printf(cx->mem,
                              "{ref: I1, what: Phished, happened_on: \"2026-07-01\", detected_on: "
                              "\"2026-07-03\", contained_on: \"2026-07-04\", personal_data: true, "
                              "reported_by: %.*s, notices: [{requirement: %.*s, told_on: "
                              "\"2026-07-06\"}]}",
                              STR_ARG(k->ben), STR_ARG(law))
                       .p);
    (void)kept_add(k, "incident", "{what: Lost, happened_on: \"2026-08-01\"}");
    face = (struct value *)(uintptr_t)asking(&a, "face", "{\"register\": \"incident\"}");
    const struct value *last = value_at(value_get(face, "records"), 1),
                       *steps = value_get(last, "steps"), *due = value_get(last, "deadlines");

    CHECK_INT(value_count(value_get(face, "records")), 2);
    CHECK_INT(value_count(steps), 3);
    CHECK_INT(value_get_int(value_at(steps, 1), "since_before", -1), 2);
    CHECK_INT(value_get_int(value_at(steps, 2), "after", -1), 3);
    CHECK_INT(value_count(due), 2);
    CHECK_STR(value_get_text(item(due, "label", "Tell the authority"), "due"), "2026-07-06");
    CHECK_STR(value_get_text(item(due, "label", "Tell the authority"), "state"), "met");
    CHECK_STR(value_get_text(item(due, "label", "Tell customers"), "due"), "2026-07-04");
    CHECK_STR(value_get_text(item(due, "label", "Tell customers"), "state"), "missed");
    CHECK_INT(value_count(value_get(value_at(value_get(face, "records"), 0), "deadlines")), 1);
    /* Who sees only their own sees its days, and nothing that others keep. */
    a.who = (struct principal){
        .person = k->ben, .name = STR("Ben"), .role = STR("employee"), .via = STR("local")};
    CHECK_OK(asking_try(&a, "face", "{\"register\": \"incident\"}", &face));
    CHECK_INT(value_count(value_get(face, "records")), 1);
    CHECK_INT(value_count(value_path(value_at(value_get(face, "records"), 0), "deadlines")), 0);
    CHECK_RC(asking_try(&a, "face", "{\"register\": \"soa_entry\"}", &face), RC_DENIED);
    CHECK_RC(asking_try(&a, "face", "{\"register\": \"evidence\"}", &face), RC_DENIED);
}

/* ---- periods ---- */

static struct str cell(const struct value *row, const char *period)
{
    return value_get_text(item(value_get(row, "cells"), "period", period), "state");
}

OURS_TEST(face_coverage_shows_what_lacks_evidence)
{
    struct asking a;

    asking_begin(k, &a);
    cx->today = (struct date){2026, 11, 30};
    (void)kept_add(k, "soa_entry", "{control: A.5.1, applicable: true}");
    (void)kept_add(k, "soa_entry", "{control: A.5.2, applicable: true}");
    (void)kept_add(k, "soa_entry", "{control: A.5.3, applicable: false}");
    (void)kept_add(k, "evidence",
                   "{title: One, supports: [A.5.1], period_from: \"2026-04-01\", "
                   "period_to: \"2026-08-14\"}");
    (void)kept_add(k, "evidence",
                   "{title: Two, supports: [A.5.1], period_from: \"2026-08-15\", "
                   "period_to: \"2026-12-31\"}");
    (void)kept_add(k, "evidence", "{title: Day, supports: [A.5.2], collected_on: \"2026-10-20\"}");
    (void)kept_add(k, "evidence",
                   "{title: Good, supports: [A.5.2], collected_on: \"2026-02-01\", "
                   "valid_months: 2}");
    (void)kept_add(k, "evidence_request",
                   str_printf(cx->mem,
                              "{what: Rights, asked: %.*s, due: \"2026-12-15\", controls: [A.5.2]}",
                              STR_ARG(k->ben))
                       .p);
    const struct value *face = asking(&a, "face", "{\"register\": \"evidence\"}"),
                       *rows = value_get(face, "records"), *first = value_at(rows, 0),
                       *second = value_at(rows, 1);

    CHECK_INT(value_count(rows), 2);
    CHECK_STR(cell(first, "2026-Q1"), "none");
    CHECK_STR(cell(first, "2026-Q2"), "full");
    CHECK_STR(cell(first, "2026-Q3"), "full");
    CHECK_STR(cell(first, "2026-Q4"), "full");
    CHECK_STR(cell(second, "2026-Q4"), "part");
    CHECK_STR(cell(second, "2026-Q1"), "part");
    CHECK_STR(cell(second, "2026-Q3"), "none");
    CHECK_STR(value_get_text(value_at(value_get(second, "asked"), 0), "who"), "Ben Okafor");
    face = asking(&a, "face", "{\"register\": \"evidence\", \"period\": \"month\"}");
    CHECK_INT(value_count(value_get(face, "periods")), 12);
    CHECK_STR(cell(value_at(value_get(face, "records"), 1), "2026-03"), "full");
}
