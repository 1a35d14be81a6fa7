/* Faces of registers, and one fault each. */
#include "tests/harness.h"
#include "tests/register/definition.h"

#define FIELDS                                                                                     \
    "fields:\n  what: {type: text, label: What}\n  on: {type: date, label: On}\n"                  \
    "  ok: {type: yes_no, label: Ok}\nfaces:\n  it:\n"

static void refused(struct ctx *cx, const char *face, const char *message)
{
    definition_refused(cx, str_printf(cx->mem, DEFINITION_HEAD FIELDS "%s", face).p, NULL, message);
}

static int count(void *arg, const char *key, struct str sql, const char *columns)
{
    size_t *n = arg;

    *n += sql.n > 0 && columns != NULL && key != NULL;
    return 0;
}

TEST(faces_are_read)
{
    const struct registers *registers = NULL;
    size_t n = 0;

    CHECK_OK(definition_load(cx,
                             DEFINITION_HEAD FIELDS
                             "    kind: matrix\n    title: Map\n    first: true\n    up: U\n"
                             "    across: A\n    tones: {good: Fine}\n    cells: SELECT 1\n"
                             "    passes: {one: {label: L, where: [\"what={{up}}\"], select: "
                             "SELECT 2}, two: {label: L, where: [], select: SELECT 3}}\n",
                             NULL, &registers));
    const struct register_def *def = registers_find(registers, STR("thing"));
    const struct register_face *face = register_face(def, STR("it"));

    CHECK(face != NULL && face->first);
    CHECK_STR(face->kind, "matrix");
    CHECK_OK(register_face_selects(face, count, &n));
    CHECK_INT(n, 3);
    CHECK(register_face(def, STR("other")) == NULL);
}

TEST(faces_are_refused_by_what_is_wrong)
{
    refused(cx, "    kind: clock\n    title: T\n", "no such kind of face: \"clock\"");
    refused(cx, "    kind: timeline\n    title: T\n", "missing key \"steps\"");
    refused(cx, "    kind: timeline\n    title: T\n    steps: [gone]\n", "no such field: \"gone\"");
    refused(cx, "    kind: timeline\n    title: T\n    steps: [on]\n    colour: red\n",
            "unknown key \"colour\"");
    refused(cx, "    kind: series\n    title: T\n    select: [1]\n",
            "text is wanted for \"select\"");
    refused(cx,
            "    kind: coverage\n    title: T\n    row_label: R\n    rows: SELECT 1\n    spans: "
            "SELECT 1\n    fill: {row: what, since: on, until: on}\n    ask: {register: gone}\n",
            "no such register: \"gone\"");
    refused(
        cx,
        "    kind: coverage\n    title: T\n    row_label: R\n    rows: SELECT 1\n    spans: "
        "SELECT 1\n    fill: {row: what, since: on, until: on}\n    ask: {register: thing, row: "
        "gone, since: on, until: on, open: SELECT 1}\n",
        "no such field: \"gone\"");
}

static void refused_beside(struct ctx *cx, const char *yaml, const char *message)
{
    definition_refused(
        cx,
        str_printf(cx->mem, DEFINITION_HEAD "fields:\n  what: {type: text, label: What}\n%s", yaml)
            .p,
        NULL, message);
}

TEST(what_follows_on_a_record_is_checked)
{
    refused_beside(cx, "next: [{register: gone, label: L, fill: {what: what}}]\n",
                   "no such register: \"gone\"");
    refused_beside(cx, "next: [{register: thing, label: L, fill: {that: what}}]\n",
                   "no such field: \"that\"");
    refused_beside(cx, "next: [{register: thing, fill: {what: =ref}}]\n", "missing key \"label\"");
    refused_beside(cx, "next: [{register: thing, label: L, fill: {}, colour: red}]\n",
                   "unknown key \"colour\"");
    refused_beside(cx, "views: {register: what, name: what, query: what, person: what}\n",
                   "no such field: \"\"");
}
