/* Fields that an organisation adds to a register. */
#include "tests/harness.h"
#include "tests/register/kept.h"

#define THING                                                                                      \
    "registers/thing.yaml",                                                                        \
        "id: thing\ntitle: Thing\nfields:\n  what: {type: text, label: What, help: h}\n"

static int load(struct ctx *cx, const char *own, const struct registers **ret)
{
    const char *const files[] = {"registers/own/extends_thing.yaml", own, THING, NULL};

    return kept_registers(cx, files, ret);
}

static void refused(struct ctx *cx, const char *own, const char *says)
{
    const struct registers *registers;

    CHECK_RC(load(cx, own, &registers), RC_INVALID);
    if (!str_has(cx->err.text, says))
        test_failed(__FILE__, __LINE__, "\"%.*s\" does not say \"%s\"", STR_ARG(cx->err.text),
                    says);
}

TEST(register_extended_by_fields_of_ones_own)
{
    const struct registers *registers = NULL;

    CHECK_OK(
        load(cx,
             "extends: thing\nfields:\n"
             "  own_colour: {type: choice, label: Colour, help: h, choices: {red: {en: [red]}}}\n",
             &registers));
    const struct register_def *def = registers_find(registers, STR("thing"));

    CHECK_INT(registers->n, 1);
    CHECK_INT(def->field_n, 2);
    CHECK_STR(def->fields[1].id, "own_colour");
    CHECK_INT(def->fields[1].choice_n, 1);
    refused(cx, "extends: thin\nfields: {own_a: {type: text, label: A, help: h}}\n",
            "registers/own/extends_thing.yaml:1: no such register: \"thin\"");
    refused(cx, "extends: thing\nfields: {a: {type: text, label: A, help: h}}\n",
            "begins with \"own_\": \"a\"");
    refused(cx, "extends: thing\ntitle: x\nfields: {}\n", "only \"extends\" and \"fields\"");
    refused(cx, "extends: thing\n", "a map is wanted for \"fields\"");
    refused(cx, "extends: thing\nfields:\n\n\n\n\n  own_a: {type: colour, label: A, help: h}\n",
            "registers/thing.yaml + registers/own/extends_thing.yaml:7: no such type");
}
