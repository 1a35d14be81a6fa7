/* The table of operations holds together, and arguments are checked against it. */
#include "op/table.h"

#include "register/register.h"
#include "tests/harness.h"

TEST(op_table_is_whole)
{
    for (const struct op *op = op_table; op->name != NULL; op++) {
        CHECK(op->line != NULL && op->args != NULL && op->run != NULL && op->view != NULL);
        CHECK(op_find(op->name) == op);
        for (const struct op_arg *arg = op->args; arg->name != NULL; arg++) {
            CHECK(arg->word || arg->help != NULL);
            CHECK(arg->type != OP_CHOICE || arg->choices != NULL);
            CHECK(!arg->word || !arg->many || arg[1].name == NULL || !arg[1].word);
        }
    }
    CHECK(op_find("lists") == NULL);
}

/* What changes something asks for more than the right to read, and what only looks for none to
 * change; but which right the way to a state wants is up to the way. */
TEST(op_table_rights_fit_what_is_done)
{
    for (const struct op *op = op_table; op->name != NULL; op++) {
        bool writes = op->right == ACCESS_WRITE || op->right == ACCESS_APPROVE ||
                      op->right == ACCESS_ADMINISTER;
        bool fits = op->changes ? op->right != ACCESS_READ : !writes;
        if (!fits && strcmp(op->name, "advance") != 0)
            test_failed(__FILE__, __LINE__, "%s", op->name);
    }
}

/* What is about a whole home is asked of no server, and paths are given on by jobs only. */
TEST(op_table_says_what_servers_do)
{
    for (const struct op *op = op_table; op->name != NULL; op++) {
        bool whole = op->needs == OP_NEEDS_HOME || op->needs == OP_NEEDS_NOTHING, paths = false;
        for (const struct op_arg *arg = op->args; arg->name != NULL; arg++)
            paths = paths || op_is_path(arg);
        if ((whole && op_far(op) != OP_FAR_NOT) || (paths && op_far(op) == OP_FAR_AT_ONCE) ||
            strchr(op->name, '-') != NULL)
            test_failed(__FILE__, __LINE__, "%s", op->name);
    }
}

static struct value *args(struct ctx *cx, const char *json)
{
    struct value *map = NULL;

    CHECK_OK(json_parse(cx, "test", str_of(json), &map));
    return map;
}

static void refused(struct ctx *cx, const char *op, const char *json, const char *place)
{
    CHECK_RC(op_check(cx, op_find(op), args(cx, json)), RC_INVALID);
    CHECK_STR(cx->err.place, place);
}

TEST(op_arguments_are_checked)
{
    CHECK_OK(op_check(cx, op_find("list"),
                      args(cx, "{\"register\": \"risk\", \"where\": [\"level>3\"], "
                               "\"limit\": \"5\", \"as-of\": \"2026-11-30\"}")));
    refused(cx, "list", "{}", "register");
    refused(cx, "list", "{\"register\": \"risk\", \"colour\": \"red\"}", "colour");
    refused(cx, "list", "{\"register\": \"risk\", \"limit\": \"many\"}", "limit");
    refused(cx, "list", "{\"register\": \"risk\", \"limit\": \"-1\"}", "limit");
    refused(cx, "list", "{\"register\": \"risk\", \"as-of\": \"2026-02-30\"}", "as-of");
    refused(cx, "list", "{\"register\": \"risk\", \"where\": \"level>3\"}", "where");
    refused(cx, "list", "{\"register\": [\"risk\"]}", "register");
    refused(cx, "remove", "{\"register\": \"risk\", \"yes\": \"yes\"}", "yes");
}

static const struct registers *registers(struct ctx *cx, struct content *content)
{
    const struct registers *registers = NULL;

    CHECK_OK(content_open(cx, NULL, content));
    CHECK_OK(registers_load(cx, content, &registers));
    return registers;
}

static void check_own(const struct registers *registers, const struct value *own)
{
    for (size_t i = 0; i < value_count(own); i++) {
        const struct register_def *def = registers_find(registers, value_key_at(own, i));
        const struct register_field *field =
            def != NULL ? register_field(def, value_as_text(value_at(own, i))) : NULL;
        if (field == NULL || field->type != REGISTER_PERSON)
            test_failed(__FILE__, __LINE__, "%.*s has no such person",
                        STR_ARG(value_key_at(own, i)));
    }
}

static void check_named(const struct registers *registers, const struct value *list)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (registers_find(registers, value_as_text(value_at(list, i))) == NULL)
            test_failed(__FILE__, __LINE__, "a role names the register %.*s, which is not there",
                        STR_ARG(value_as_text(value_at(list, i))));
}

/* Roles name registers that are there; what is one's own is named by a person's field. */
TEST(op_roles_and_registers_fit)
{
    struct content content;
    const struct registers *all = registers(cx, &content);
    const struct access *access;

    CHECK_OK(access_load(cx, &content, &access));
    for (size_t i = 0; i < value_count(access_roles(access)); i++) {
        const struct value *role = value_at(access_roles(access), i);
        for (size_t k = 0; k < value_count(role); k++) {
            const struct value *of = value_at(role, k);
            if (value_type(of) == VALUE_LIST || value_get(of, "all_but") != NULL)
                check_named(all, value_type(of) == VALUE_MAP ? value_get(of, "all_but") : of);
        }
        check_own(all, value_get(role, "reads_own"));
        check_own(all, value_get(role, "writes_own"));
    }
}

TEST(op_transitions_name_roles)
{
    struct content content;
    const struct registers *all = registers(cx, &content);
    const struct access *access;

    CHECK_OK(access_load(cx, &content, &access));
    for (size_t i = 0; i < all->n; i++)
        for (size_t t = 0; t < all->items[i].transition_n; t++) {
            const struct value *roles = all->items[i].transitions[t].roles;
            for (size_t k = 0; k < value_count(roles); k++)
                CHECK(access_is_role(access, value_as_text(value_at(roles, k))));
        }
}
