/* Faces as documents: what is in them, and that each format is made of every kind. */
#include "report/face.h"

#include "standard/yaml.h"
#include "tests/harness.h"

static struct value *tree_of(struct ctx *cx, const char *yaml)
{
    struct value *v = value_map(cx->mem);

    CHECK_OK(yaml_parse(cx, "face", str_of(yaml), &v));
    return v;
}

static struct str made(struct ctx *cx, const struct value *tree, const char *format)
{
    struct buf out = buf_new(cx->mem);

    CHECK_OK(report_face(cx, tree, str_of(format), &out));
    return buf_str(&out);
}

#define HEAD                                                                                       \
    "title: Statement\norganisation: Larkfield Ltd\nstandard: ISO/IEC 27001:2022\n"                \
    "today: \"2026-11-30\"\n"

static const char STATEMENT[] = HEAD
    "kind: statement\nall_n: 2\napplies_n: 1\nexcluded_n: 1\nundecided_n: 0\n"
    "states: [{id: implemented, label: Implemented, n: 1}]\n"
    "gaps: [{id: not_shown, label: \"Said, not shown\", help: No evidence., n: 1}]\n"
    "by: {entry: control, applies: applicable, reasons: [reasons], why: [why], state: status,"
    " how: [owner]}\n"
    "columns:\n- {field: control, label: Control, type: reference}\n"
    "- {field: applicable, label: Applicable, type: yes_no}\n"
    "- {field: reasons, label: Kinds, type: many_choice, choices: {legal: Law, risk: A risk}}\n"
    "- {field: why, label: Reason, type: long_text}\n"
    "- {field: status, label: State, type: choice, choices: {implemented: Implemented}}\n"
    "- {field: owner, label: Owner, type: person, to: person}\n"
    "names: {person: {P-1: Ada Byron}}\n"
    "records:\n- {entry: X.1, title: First, group: Some, gaps: [not_shown], links: [{register:"
    " risk, ref: R-1, name: n}], fields: {applicable: true, reasons: [legal, risk], why:"
    " \"By law <b>\", status: implemented, owner: P-1}}\n"
    "- {entry: X.2, title: Second, group: Others, gaps: [], links: [], fields: {applicable:"
    " false, why: Nothing of it here}}\n";

TEST(face_statement_is_a_document)
{
    struct value *tree = tree_of(cx, STATEMENT);
    struct str md = made(cx, tree, "md");

    CHECK(str_has(md, "Larkfield Ltd") && str_has(md, "ISO/IEC 27001:2022"));
    CHECK(str_has(md, "This is the present state, and no approved version."));
    CHECK(str_has(md, "Law; A risk") && str_has(md, "Ada Byron"));
    CHECK(str_has(md, "Said, not shown") && str_has(md, "R-1"));
    CHECK(str_has(md, "Nothing of it here"));
    CHECK(str_has(md, "\\<b"));
    value_set(tree, "version",
              tree_of(cx, "{name: \"1.1\", day: \"2026-09-10\", by: Ada Byron, kept: "
                          "\"2026-09-10T08:00:00.000Z\"}"));
    md = made(cx, tree, "md");
    CHECK(str_has(md, "Version 1.1") && str_has(md, "Approved by"));
    CHECK(!str_has(md, "no approved version") && !str_has(md, "Said, not shown"));
    struct str pdf = made(cx, tree, "pdf");
    CHECK(str_starts(pdf, STR("%PDF-")) && str_has(pdf, "841.89"));
    CHECK(str_eq(pdf, made(cx, tree, "pdf")));
}

static const char MATRIX[] =
    HEAD "kind: matrix\nup: {label: Likelihood, steps: [{step: 1, name: rare}, {step: 2, name: "
         "often}]}\nacross: {label: Consequence, steps: [{step: 1, name: small}]}\n"
         "cells: [{up: 1, across: 1, level: 1, tone: good}, {up: 2, across: 1, level: 2, tone: "
         "bad}]\ntones: [{tone: good, label: Fine}, {tone: bad, label: Not}]\n"
         "passes: [{id: before, label: Before, cells: [{up: 2, across: 1, n: 3}]}, {id: after, "
         "label: After, cells: []}]\ncolumns: [{field: up, label: Likelihood, type: integer}]\n"
         "records: [{fields: {up: 2}}]\n";

TEST(face_matrix_is_drawn)
{
    struct value *tree = tree_of(cx, MATRIX), *links = tree_of(cx, "[\"/x?where=a&b\"]");
    const struct value *pass = value_at(value_get(tree, "passes"), 0);
    struct buf svg = buf_new(cx->mem);

    chart_svg(face_matrix_chart(cx->mem, tree, pass, links), &svg);
    CHECK(str_has(buf_str(&svg), "<a href=\"/x?where=a&#38;b\" aria-label=\"Likelihood 2, "
                                 "Consequence 1: 3\">"));
    CHECK(str_has(buf_str(&svg), "r-missing pale edge"));
    CHECK(str_has(buf_str(&svg), ">3</text>"));
    value_set(tree, "up", value_map(cx->mem));
    CHECK(face_matrix_chart(cx->mem, tree, pass, NULL) == NULL);
}

static const char SERIES[] = HEAD
    "kind: series\nseries: [{ref: M-1, title: Patches, unit: \"%\", target: \">= 95\", aim: 95,"
    " last: \"97\", points: [{at: \"2026-01-31\", value: \"91\", number: 91, met: false}, {at: "
    "\"2026-02-28\", value: \"97\", number: 97, met: true}, {at: \"2026-03-31\", value: none}]}"
    "]\ncolumns: [{field: at, label: Day, type: text}]\nrecords: [{fields: {at: "
    "\"2026-01-31\"}}]\n";

TEST(face_series_are_drawn)
{
    struct value *tree = tree_of(cx, SERIES),
                 *series = value_at_mut(value_get_mut(tree, "series"), 0);
    struct buf svg = buf_new(cx->mem);

    chart_svg(face_series_chart(cx->mem, series), &svg);
    CHECK(str_has(buf_str(&svg), "stroke-dasharray") && str_has(buf_str(&svg), "l-accent"));
    CHECK(str_has(buf_str(&svg), "2026-01-31: 91, off target"));
    CHECK(str_has(buf_str(&svg), "r-missing full"));
    value_set(series, "points", value_list(cx->mem));
    CHECK(face_series_chart(cx->mem, series) == NULL);
}

static const char TIMELINE[] =
    HEAD "kind: timeline\ncolumns: [{field: a, label: Happened, type: date}]\nrecords: [{ref: I-1, "
         "fields: {a: \"2026-07-01\"}, steps: [{field: a, label: Happened, at: \"2026-07-01\", "
         "after: 0}, {field: b, label: Over, at: \"2026-07-05\", after: 4, since_before: 4}], "
         "deadlines: [{label: Authority, due: \"2026-07-04\", state: missed}]}]\n";
static const char COVERAGE[] = HEAD
    "kind: coverage\ncolumns: [{field: label, label: Control, type: text}]\nperiods: [{id: "
    "2026-Q1}, {id: 2026-Q2}]\nrecords: [{label: X.1, title: First, fields: {label: X.1}, cells:"
    " [{period: 2026-Q1, state: full}, {period: 2026-Q2, state: none}]}]\n";

TEST(faces_are_made_in_every_format)
{
    static const char *const trees[] = {STATEMENT, MATRIX, SERIES, TIMELINE, COVERAGE};
    static const char *const begins[][2] = {
        {"pdf", "%PDF-"}, {"docx", "PK"}, {"xlsx", "PK"}, {"md", ""}};

    for (size_t i = 0; i < COUNT_OF(trees); i++)
        for (size_t k = 0; k < COUNT_OF(begins); k++) {
            struct str bytes = made(cx, tree_of(cx, trees[i]), begins[k][0]);
            CHECK(str_starts(bytes, str_of(begins[k][1])));
            CHECK(report_face_type(str_of(begins[k][0])) != NULL);
        }
    CHECK(report_face_type(STR("exe")) == NULL);
    CHECK(str_has(made(cx, tree_of(cx, COVERAGE), "md"), "nothing"));
    CHECK(str_has(made(cx, tree_of(cx, TIMELINE), "md"), "missed"));
}
