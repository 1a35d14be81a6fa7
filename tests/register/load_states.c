/* States, ways between them and guards: what they make, and one fault each. */
#include "tests/harness.h"
#include "tests/register/definition.h"

#define FIELDS                                                                                     \
    "fields:\n  status: {type: choice, label: Status, choices: {open: {}, closed: {}}}\n"          \
    "  who: {type: person, label: Who}\n  closed_on: {type: date, label: Closed on}\n"
#define STATES(ways) DEFINITION_HEAD "states: {field: status, initial: open, " ways "}\n" FIELDS
#define WAY(more) STATES("transitions: [{from: [open], to: closed, label: Close" more "}]")
#define GUARD(guard) DEFINITION_HEAD "guards: [" guard "]\n" FIELDS

TEST(definitions_of_states)
{
    const struct registers *registers = NULL;
    const struct register_def *def;

    CHECK_OK(definition_load(cx,
                             WAY(", roles: [owner], needs: [closed_on], four_eyes: [who], "
                                 "sets: {closed_on: =today, who: null}"),
                             NULL, &registers));
    def = registers_find(registers, STR("thing"));
    CHECK(def->state == &def->fields[0]);
    CHECK_STR(def->initial, "open");
    CHECK_INT(def->transition_n, 1);
    CHECK_STR(def->transitions[0].to, "closed");
    CHECK_STR(def->transitions[0].label, "Close");
    CHECK(def->transitions[0].needs.n == 1 && def->transitions[0].needs.items[0] == 2);
    CHECK(def->transitions[0].four_eyes.n == 1 && def->transitions[0].four_eyes.items[0] == 1);
}

TEST(definitions_of_states_are_refused)
{
    definition_refused(
        cx, DEFINITION_HEAD "states: {field: who, initial: open, transitions: []}\n" FIELDS, NULL,
        "it is no choice: \"who\"");
    definition_refused(
        cx, DEFINITION_HEAD "states: {field: status, initial: on, transitions: []}\n" FIELDS, NULL,
        "no such state: \"on\"");
    definition_refused(cx, STATES("ways: []"), NULL, "unknown key \"ways\"");
    definition_refused(cx, STATES("transitions: [{from: [], to: closed, label: C}]"), NULL,
                       "this list is empty: \"from\"");
    definition_refused(cx, STATES("transitions: [{from: [shut], to: closed, label: C}]"), NULL,
                       "no such state: \"shut\"");
    definition_refused(cx, STATES("transitions: [{from: [open], to: shut, label: C}]"), NULL,
                       "no such state: \"shut\"");
    definition_refused(cx, STATES("transitions: [{from: [open], to: closed}]"), NULL,
                       "missing key \"label\"");
    definition_refused(cx, WAY(", needs: [nothing]"), NULL, "no such field: \"nothing\"");
    definition_refused(cx, WAY(", four_eyes: [closed_on]"), NULL, "this field holds none");
    definition_refused(cx, WAY(", sets: {status: open}"), NULL, "it is the state: \"status\"");
    definition_refused(cx, WAY(", sets: {closed_on: soon}"), NULL, "does not fit the type");
    definition_refused(cx, WAY(", colour: red"), NULL, "unknown key \"colour\"");
}

TEST(definitions_of_guards_are_refused)
{
    const struct registers *registers = NULL;

    CHECK_OK(definition_load(cx, GUARD("{id: a, select: \"SELECT 1 WHERE :id = 1\", message: No}"),
                             NULL, &registers));
    CHECK_STR(registers_find(registers, STR("thing"))->guards[0].message, "No");
    definition_refused(cx, GUARD("{id: a, select: SELECT 1, message: No}"), NULL,
                       "a select over :id");
    definition_refused(cx, GUARD("{id: A, select: \"SELECT :id\", message: No}"), NULL,
                       "no id of a guard");
    definition_refused(cx, GUARD("{id: a, select: \"SELECT :id\", message: No, at: [open]}"), NULL,
                       "no such state: \"open\"");
    definition_refused(cx,
                       GUARD("{id: a, select: \"SELECT :id\", message: No, changed: [nothing]}"),
                       NULL, "\"nothing\"");
    definition_refused(cx, GUARD("{id: a, select: \"SELECT :id\"}"), NULL,
                       "missing key \"message\"");
}
