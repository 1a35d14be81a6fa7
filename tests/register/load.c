/* Definitions are read strictly: one fault, and where the message points. */
#include "tests/harness.h"
#include "tests/register/definition.h"

#define HEAD "id: thing\ntitle: Thing\nnames: {en: [things]}\n"
#define NEEDS "needs: [[what]]\n"
#define WHAT "  what: {type: text, label: What, headers: {en: [what]}}\n"

static void faulty(struct ctx *cx, const char *yaml, const char *message)
{
    definition_refused(cx, yaml, NULL, message);
}

TEST(register_definitions_are_read_strictly)
{
    const struct registers *registers = NULL;

    CHECK_OK(definition_load(cx, HEAD NEEDS "fields:\n" WHAT, NULL, &registers));
    faulty(cx, HEAD NEEDS "colour: red\nfields:\n" WHAT, "unknown key \"colour\"");
    faulty(cx, HEAD "fields:\n" WHAT, "missing key \"needs\"");
    faulty(cx, HEAD "needs: [[who]]\nfields:\n" WHAT, ":4: no such field: \"who\"");
    faulty(cx, "id: other\ntitle: T\nnames: {en: [x]}\n" NEEDS "fields:\n" WHAT, "not this id");
    faulty(cx, HEAD NEEDS "fields:\n" WHAT "  Who: {type: text, label: W, headers: {}}\n",
           "no id of a field");
    faulty(cx, HEAD NEEDS "fields:\n" WHAT "  row: {type: text, label: W, headers: {}}\n",
           "has this column already: \"row\"");
    faulty(cx, HEAD NEEDS "fields:\n" WHAT "  a: {type: colour, label: W, headers: {}}\n",
           ":7: no such type: \"colour\"");
    faulty(cx, HEAD NEEDS "fields:\n" WHAT "  a: {type: choice, label: W, headers: {}}\n",
           "choices are wanted for \"a\"");
    faulty(cx, HEAD NEEDS "fields:\n" WHAT "  a: {type: reference, label: W, headers: {}}\n",
           "\"to\" is missing in \"a\"");
    faulty(cx,
           HEAD NEEDS "fields:\n" WHAT "  a: {type: reference, to: no, label: W, headers: {}}\n",
           "no such register: \"no\"");
    faulty(cx, HEAD NEEDS "fields:\n" WHAT "  a: {type: text, label: W, headers: {xx: [a]}}\n",
           "unknown key \"xx\"");
    faulty(cx, HEAD NEEDS "fields:\n" WHAT "  a: {type: text, label: W, again: b, headers: {}}\n",
           "no such field: \"b\"");
    faulty(cx, HEAD NEEDS "fields:\n" WHAT "example: {who: x}\n", "no such field: \"who\"");
}

/* All of ours load, and their tables can be made. */
TEST(register_definitions_inside_the_program_load)
{
    const struct registers *registers = NULL;
    CLEANUP(store_closep) struct store *store = NULL;
    struct content content;

    CHECK_OK(content_open(cx, NULL, &content));
    CHECK_OK(registers_load(cx, &content, &registers));
    CHECK_OK(store_open(cx, NULL, 0, &store));
    CHECK_OK(registers_create(cx, store, registers));
    CHECK(registers_find(registers, STR("risk")) != NULL);
}
