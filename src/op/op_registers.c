/* What can be recorded: registers and their fields. */
#include "op/call.h"
#include "op/table_parts.h"

/* The organisation's registers, else those of the program. */
static int load(struct op_call *call, const struct registers **ret)
{
    struct content content;

    if (call->org != NULL) {
        *ret = call->org->records.registers;
        return 0;
    }
    TRY(content_open(call->cx, call->where->content_dir, &content));
    return registers_load(call->cx, &content, ret);
}

static int list_registers(struct op_call *call, const struct registers *all, struct value *result)
{
    static const char *const columns[] = {"register", "Register", "title", "Title",
                                          "records",  "Records",  "help",  "What it is for"};
    struct arena *mem = call->cx->mem;
    size_t n = 0;

    (void)shown_table(result, mem, columns, COUNT_OF(columns) - (call->org == NULL ? 2 : 0));
    for (size_t i = 0; i < all->n; i++) {
        const struct register_def *def = &all->items[i];
        bool counted = call->org != NULL && call_may_read(call, def);
        uint64_t count = 0;
        if (!call_is_register(def))
            continue;
        if (counted)
            TRY(record_count(call->cx, &call->org->records, &(struct record_query){.def = def},
                             &count));
        struct value *fields = shown_row(result, mem);
        value_set_text(fields, "register", def->id);
        value_set_text(fields, "title", def->title);
        if (counted)
            value_set_int(fields, "records", (int64_t)count);
        value_set_text(fields, "help", def->help);
        n++;
    }
    value_set_int(result, "count", (int64_t)n);
    return 0;
}

/* ---- fields ---- */

static struct value *choices_of(struct arena *mem, const struct register_field *field)
{
    struct value *list = value_list(mem);

    for (size_t i = 0; i < field->choice_n; i++)
        value_push(list, value_text(mem, field->choices[i].id));
    return list;
}

/* Of texts in bytes, of numbers as they are written. */
static void describe_limits(struct arena *mem, const struct register_field *field,
                            struct value *one)
{
    bool text = register_type_is_text(field->type) || field->type == REGISTER_MARKDOWN;

    if (field->has_least)
        value_set(one, "least",
                  text ? value_int(mem, field->least) : value_decimal(mem, field->least));
    if (field->has_most)
        value_set(one, "most",
                  text ? value_int(mem, field->most) : value_decimal(mem, field->most));
    if (text && field->has_most)
        value_set_text(one, "counted", STR("bytes"));
    if (field->pattern.n > 0)
        value_set_text(one, "pattern", field->pattern);
    if (field->scale.n > 0)
        value_set_text(one, "scale", field->scale);
    if (field->unique)
        value_set_bool(one, "unique", true);
}

static void describe_need(struct arena *mem, const struct register_field *field, struct value *one)
{
    value_set_bool(one, "required", field->required);
    if (field->when != NULL)
        value_set_text(one, "required_with", field->when->id);
    if (field->when_is != NULL)
        value_set(one, "required_when", value_copy(mem, field->when_is));
    if (field->otherwise != NULL)
        value_set(one, "default", value_copy(mem, field->otherwise));
    if (field->personal == PERSONAL_YES)
        value_set_bool(one, "personal", true);
}

static struct value *describe_field(struct arena *mem, const struct register_field *field)
{
    struct value *one = shown_column(mem, field);

    describe_need(mem, field, one);
    describe_limits(mem, field, one);
    if (field->choice_n > 0)
        value_set(one, "choices", choices_of(mem, field));
    value_set_text(one, "help", field->help);
    if (field->type == REGISTER_ROWS && field->of != NULL) {
        struct value *lines = value_list(mem);
        for (size_t i = 0; i < field->of->field_n; i++)
            value_push(lines, describe_field(mem, &field->of->fields[i]));
        value_set(one, "of", lines);
    }
    return one;
}

static struct value *names_of_group(struct arena *mem, const struct register_def *def,
                                    const struct register_group *group)
{
    struct value *list = value_list(mem);

    for (size_t i = 0; i < group->n; i++)
        value_push(list, value_text(mem, def->fields[group->items[i]].id));
    return list;
}

static void describe_states(struct arena *mem, const struct register_def *def, struct value *result)
{
    struct value *list = value_list(mem);

    for (size_t i = 0; i < def->transition_n; i++) {
        struct value *one = value_map(mem), *from = value_list(mem);
        for (size_t k = 0; k < value_count(def->transitions[i].from); k++)
            value_push(from, value_copy(mem, value_at(def->transitions[i].from, k)));
        value_set(one, "from", from);
        value_set_text(one, "to", def->transitions[i].to);
        value_set_text(one, "label", def->transitions[i].label);
        value_set(one, "needs", names_of_group(mem, def, &def->transitions[i].needs));
        value_set(one, "four_eyes", names_of_group(mem, def, &def->transitions[i].four_eyes));
        if (def->transitions[i].roles != NULL)
            value_set(one, "roles", value_copy(mem, def->transitions[i].roles));
        value_push(list, one);
    }
    value_set_text(result, "state", def->state->id);
    value_set_text(result, "initial", def->initial);
    value_set(result, "ways", list);
}

static int describe_register(struct op_call *call, const struct register_def *def,
                             struct value *result)
{
    struct value *fields = value_list(call->cx->mem);

    value_set_text(result, "register", def->id);
    value_set_text(result, "title", def->title);
    value_set_text(result, "help", def->help);
    value_set_bool(result, "single", def->single);
    value_set_bool(result, "own", def->custom);
    for (size_t i = 0; i < def->field_n; i++)
        value_push(fields, describe_field(call->cx->mem, &def->fields[i]));
    value_set(result, "fields", fields);
    if (def->state != NULL)
        describe_states(call->cx->mem, def, result);
    return 0;
}

/* Names alone, for shells that complete them. */
static int names_of(struct op_call *call, const struct registers *all,
                    const struct register_def *def, struct value *result)
{
    struct value *list = value_list(call->cx->mem);

    for (size_t i = 0; def == NULL && i < all->n; i++)
        if (call_is_register(&all->items[i]))
            value_push(list, value_text(call->cx->mem, all->items[i].id));
    for (size_t i = 0; def != NULL && i < def->field_n; i++)
        if (!def->fields[i].only_computed)
            value_push(list, value_text(call->cx->mem, def->fields[i].id));
    value_set(result, "names", list);
    return 0;
}

int op_registers_list(struct op_call *call, struct value **ret)
{
    struct value *result = value_map(call->cx->mem);
    const struct register_def *def = NULL;
    const struct registers *all;

    TRY(load(call, &all));
    if (call_text(call, "register").n > 0)
        TRY(call_find_register(call->cx, all, call_text(call, "register"), &def));
    *ret = result;
    if (call_flag(call, "names"))
        return names_of(call, all, def, result);
    return def != NULL ? describe_register(call, def, result) : list_registers(call, all, result);
}
