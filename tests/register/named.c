/* The registers inside the program: everything is explained, and everything that rules ask for and
 * that the worked company has finds its field. */
#include "tests/harness.h"

#include "register/loading.h"

static const struct registers *ours(struct ctx *cx, struct standard **ret)
{
    const struct registers *registers = NULL;
    struct content content;

    CHECK_OK(content_open(cx, NULL, &content));
    CHECK_OK(registers_load(cx, &content, &registers));
    if (ret != NULL)
        CHECK_OK(standard_load(cx, &content, STANDARD_DEFAULT, ret));
    return registers;
}

TEST(registers_are_explained)
{
    const struct registers *registers = ours(cx, NULL);

    for (size_t i = 0; i < registers->n; i++) {
        const struct register_def *def = &registers->items[i];
        if (def->is_not)
            continue;
        if (def->help.n == 0 || def->title.n == 0 || def->list.n == 0)
            test_failed(__FILE__, __LINE__, "%s: no help, title or list", def->file);
        for (size_t f = 0; f < def->field_n; f++)
            if (def->fields[f].help.n == 0 || def->fields[f].label.n == 0)
                test_failed(__FILE__, __LINE__, "%s: no help or label: %.*s", def->file,
                            STR_ARG(def->fields[f].id));
    }
}

/* No two headings of an export are the same. */
TEST(registers_label_fields_apart)
{
    const struct registers *registers = ours(cx, NULL);

    for (size_t i = 0; i < registers->n; i++) {
        const struct register_def *def = &registers->items[i];
        for (size_t f = 0; f < def->field_n && !def->is_not; f++)
            if (register_field_named(cx->mem, def, def->fields[f].label) != &def->fields[f] ||
                register_field_named(cx->mem, def, def->fields[f].id) != &def->fields[f])
                test_failed(__FILE__, __LINE__, "%s: another field is called so too: %.*s (%.*s)",
                            def->file, STR_ARG(def->fields[f].id), STR_ARG(def->fields[f].label));
    }
}

/* Controls that requirements name are in the standard, and kinds and roles are known. */
TEST(registers_name_what_is_there)
{
    struct standard *standard = NULL;
    const struct registers *registers = ours(cx, &standard);
    static const char *const keys[] = {"requirements", "kinds"};

    for (size_t i = 0; i < registers->n; i++)
        for (size_t k = 0; k < COUNT_OF(keys); k++) {
            const struct value *list = value_get(registers->items[i].yaml, keys[k]);
            for (size_t n = 0; n < value_count(list); n++)
                if (standard_find(standard, value_as_text(value_at(list, n))) == NULL)
                    test_failed(__FILE__, __LINE__, "%s: %s: there is no %.*s",
                                registers->items[i].file, keys[k],
                                STR_ARG(value_as_text(value_at(list, n))));
        }
}

static void check_roles(struct ctx *cx, const struct register_def *def, const struct value *roles)
{
    for (size_t t = 0; t < def->transition_n; t++)
        for (size_t i = 0; i < value_count(def->transitions[t].roles); i++) {
            struct str role = value_as_text(value_at(def->transitions[t].roles, i));
            if (value_get(roles, str_z(cx->mem, role)) == NULL)
                test_failed(__FILE__, __LINE__, "%s: there is no role %.*s", def->file,
                            STR_ARG(role));
        }
}

/* And every role can be given to a member. */
TEST(registers_give_roles_that_are_there)
{
    struct standard *standard = NULL;
    const struct registers *registers = ours(cx, &standard);
    const struct register_field *role =
        register_field(registers_find(registers, STR("membership")), STR("role"));
    struct value *roles = NULL;
    struct str text;

    CHECK_OK(content_get(cx, &standard->content, "access/roles.yaml", &text));
    CHECK_OK(yaml_parse(cx, "access/roles.yaml", text, &roles));
    for (size_t i = 0; i < registers->n; i++)
        check_roles(cx, &registers->items[i], roles);
    CHECK_INT(role->choice_n, value_count(roles));
    for (size_t i = 0; i < role->choice_n; i++)
        CHECK(value_get(roles, str_z(cx->mem, role->choices[i].id)) != NULL);
}

/* ---- what checks of requirements look at ---- */

/* By a field, or key by key by several. */
static bool is_taken(const struct register_def *def, struct str key)
{
    for (size_t f = 0; f < def->field_n; f++)
        for (size_t i = 0; i < value_count(def->fields[f].source); i++) {
            struct str source = value_as_text(value_at(def->fields[f].source, i));
            if (str_starts(source, key) && source.n > key.n && source.p[key.n] == '.')
                return true;
        }
    return register_field_sourced(def, key) != NULL;
}

/* "document[type=scope]", "risk.owner_id": a register, and perhaps a field of it. */
static void check_input(const struct registers *registers, struct str input)
{
    size_t bracket = str_find_char(input, '[', 0), dot;
    const struct register_def *def = registers_sourced(registers, input);

    if (def != NULL)
        return;
    input = str_sub(input, 0, bracket);
    dot = str_find_char(input, '.', 0);
    def = registers_sourced(registers, str_sub(input, 0, dot));
    if (def == NULL || (dot != SIZE_MAX && !is_taken(def, str_from(input, dot + 1))))
        test_failed(__FILE__, __LINE__, "no register or field takes %.*s", STR_ARG(input));
}

TEST(registers_hold_what_requirements_ask_for)
{
    struct standard *standard = NULL;
    const struct registers *registers = ours(cx, &standard);
    size_t n = 0;

    for (size_t i = 0; i < standard->requirements.n; i++) {
        const struct value *inputs =
            value_path(standard->requirements.items[i].yaml, "check.inputs");
        for (size_t k = 0; k < value_count(inputs); k++, n++)
            check_input(registers, value_as_text(value_at(inputs, k)));
    }
    CHECK(n > 150);
}

/* ---- every key of the worked company ---- */

struct keys {
    struct ctx *cx;
    const struct registers *registers;
    size_t found;
};

static void walk_record(struct keys *keys, const struct register_def *def, struct str path,
                        const struct value *v);

static bool is_record_id(const struct register_def *def, struct str path)
{
    return str_is(path, "id") && def->part_of.n == 0;
}

/* What stands under a key of a record: a field, lines of one, or more keys below. */
static void walk_key(struct keys *keys, const struct register_def *def, struct str path,
                     const struct value *v)
{
    const struct register_field *field = register_field_sourced(def, path);

    if (field != NULL && field->type == REGISTER_ROWS) {
        for (size_t i = 0; i < value_count(v); i++)
            walk_record(keys, field->of, STR_NONE, value_at(v, i));
        keys->found++;
    } else if (field != NULL || is_record_id(def, path)) {
        keys->found++;
    } else if (value_type(v) == VALUE_MAP) {
        walk_record(keys, def, path, v);
    } else if (value_type(v) != VALUE_NULL) {
        test_failed(__FILE__, __LINE__, "%s: no field takes %.*s", def->file, STR_ARG(path));
    }
}

static void walk_record(struct keys *keys, const struct register_def *def, struct str path,
                        const struct value *v)
{
    if (value_type(v) != VALUE_MAP) {
        if (register_field_sourced(def, STR("=value")) == NULL)
            test_failed(__FILE__, __LINE__, "%s: no field takes a value alone", def->file);
        return;
    }
    for (size_t i = 0; i < value_count(v); i++) {
        struct str key = value_key_at(v, i);
        if (path.n > 0)
            key = str_printf(keys->cx->mem, "%.*s.%.*s", STR_ARG(path), STR_ARG(key));
        walk_key(keys, def, key, value_at(v, i));
    }
}

static const struct register_def *named(const struct keys *keys, struct str path)
{
    const struct register_def *def = registers_sourced(keys->registers, path);

    return def != NULL && register_has_text(value_get(def->yaml, "source_names"), path) ? def
                                                                                        : NULL;
}

static struct str below(const struct keys *keys, struct str path, struct str key)
{
    return path.n == 0 ? key : str_printf(keys->cx->mem, "%.*s.%.*s", STR_ARG(path), STR_ARG(key));
}

/* The record that stands under a key, and other registers below it. */
static void walk_data(struct keys *keys, const struct register_def *above, struct str path,
                      const struct value *v)
{
    for (size_t i = 0; value_type(v) == VALUE_MAP && i < value_count(v); i++) {
        struct str key = value_key_at(v, i), full = below(keys, path, key);
        const struct value *item = value_at(v, i);
        const struct register_def *def = named(keys, full);
        keys->found += def != NULL;
        for (size_t k = 0; def != NULL && value_type(item) == VALUE_LIST && k < value_count(item);
             k++)
            walk_record(keys, def, STR_NONE, value_at(item, k));
        if (def != NULL && value_type(item) != VALUE_LIST && value_type(item) != VALUE_MAP)
            walk_record(keys, def, STR_NONE, item);
        else if (value_type(item) == VALUE_MAP && above == NULL)
            walk_data(keys, def, full, item);
        else if (def == NULL && above != NULL)
            walk_key(keys, above, key, item);
        else if (def == NULL && !str_is(full, "as_of")) /* the day of the data: no record's */
            test_failed(__FILE__, __LINE__, "no register takes %.*s", STR_ARG(full));
    }
}

TEST(registers_hold_all_of_the_worked_company)
{
    struct keys keys = {.cx = cx, .registers = ours(cx, NULL)};
    struct str text = test_read_file(cx, "tests/planted/baseline.json");
    struct value *data = NULL;

    CHECK_OK(json_parse(cx, "baseline.json", text, &data));
    walk_data(&keys, NULL, STR_NONE, data);
    CHECK(keys.found > 5000);
}
