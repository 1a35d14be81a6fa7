/* Records as value trees. */
#include "op/call.h"
#include "register/record_search.h"

struct shown {
    struct op_call *call;
    struct str as_of;
    struct dict *known;  /* by id: struct named */
    struct value *names; /* by register, then by ref */
};

struct named {
    struct str ref, label;
};

struct shown *shown_new(struct op_call *call, struct str as_of)
{
    struct arena *mem = call->cx->mem;
    struct shown *shown = ARENA_NEW(mem, struct shown);

    *shown = (struct shown){call, as_of, dict_new(mem), value_map(mem)};
    return shown;
}

struct value *shown_names(struct shown *shown)
{
    return shown->names;
}

/* ---- what others are called ---- */

static void remember(struct shown *shown, const struct register_def *def, const struct named *named)
{
    struct arena *mem = shown->call->cx->mem;
    const char *id = str_z(mem, def->id);

    if (named->label.n == 0 || str_eq(named->label, named->ref))
        return;
    if (value_get(shown->names, id) == NULL)
        value_set(shown->names, id, value_map(mem));
    value_set_text(value_get_mut(shown->names, id), str_z(mem, named->ref), named->label);
}

/* Whose name was erased is told apart from others by their ref. */
static struct str label_of(struct arena *mem, const struct record *record)
{
    struct str label = record_label(mem, record->def, record->body);

    return str_eq(label, record_erased_word())
               ? str_printf(mem, "%.*s %.*s", STR_ARG(record->ref), STR_ARG(label))
               : label;
}

/* Of a record that is gone, or was not there yet, only the ref is known, or its id. */
static int name_of(struct shown *shown, const struct register_def *def,
                   const struct register_field *field, struct str id, const struct named **ret)
{
    struct ctx *cx = shown->call->cx;
    const struct record_store *rs = &shown->call->org->records;
    struct named *named = ARENA_NEW(cx->mem, struct named);
    struct record record;

    *ret = dict_get(shown->known, id);
    if (*ret != NULL)
        return 0;
    id = str_copy(cx->mem, id); /* it may be that of a record that a listing gives */
    int rc = record_read(cx, rs, def, id, shown->as_of, &record);
    if (rc == 0)
        *named = (struct named){record.ref, label_of(cx->mem, &record)};
    else if (rc == RC_NOT_FOUND && field != NULL)
        TRY(record_print(cx, rs, field, value_text(cx->mem, id), &named->ref));
    else if (rc == RC_NOT_FOUND)
        named->ref = id;
    else
        return rc;
    remember(shown, def, named);
    dict_set(shown->known, id, named);
    *ret = named;
    return 0;
}

struct value *shown_ref_change(struct arena *mem, const struct register_def *def, struct str was,
                               struct str now, struct value *changes)
{
    const struct register_field *field = register_field(def, STR("ref"));
    struct value *list = value_list(mem), *one = value_map(mem);

    /* One that follows from a field changes with that. */
    if (was.n == 0 || now.n == 0 || str_eq(was, now) || def->ref_from != NULL)
        return changes;
    value_set_text(one, "field", STR("ref"));
    value_set_text(one, "label", field != NULL ? field->label : str_of(_("Ref")));
    value_set_text(one, "was", was);
    value_set_text(one, "now", now);
    value_push(list, one);
    for (size_t i = 0; i < value_count(changes); i++)
        value_push(list, value_at_mut(changes, i));
    return list;
}

int shown_actor(struct shown *shown, struct str id, struct str *ret)
{
    const struct register_def *person =
        registers_find(shown->call->org->records.registers, STR(REGISTER_PERSON_ID));
    const struct named *named;

    *ret = STR("Assay");
    if (id.n == 0)
        return 0;
    TRY(name_of(shown, person, NULL, id, &named));
    *ret = named->label.n > 0 ? named->label : named->ref;
    return 0;
}

/* ---- values ---- */

static const struct register_def *target_of(const struct shown *shown,
                                            const struct register_field *field)
{
    const struct registers *all = shown->call->org->records.registers;

    switch (field->type) {
    case REGISTER_PERSON:
    case REGISTER_PEOPLE:
        return registers_find(all, STR(REGISTER_PERSON_ID));
    case REGISTER_REFERENCE:
    case REGISTER_REFERENCES:
        return registers_find(all, field->to);
    default:
        return NULL;
    }
}

static int shown_fields(struct shown *shown, const struct register_def *def,
                        const struct value *body, struct value **ret);

static int shown_value(struct shown *shown, const struct register_field *field,
                       const struct value *v, struct value **ret)
{
    struct arena *mem = shown->call->cx->mem;
    const struct register_def *target = target_of(shown, field);
    const struct named *named;

    if (record_is_erased(v)) {
        *ret = value_text(mem, record_erased_word());
        return 0;
    }
    if (value_type(v) == VALUE_LIST) {
        struct value *list = value_list(mem), *item;
        for (size_t i = 0; i < value_count(v); i++) {
            TRY(shown_value(shown, field, value_at(v, i), &item));
            value_push(list, item);
        }
        *ret = list;
        return 0;
    }
    if (value_type(v) == VALUE_MAP && field->type == REGISTER_ROWS)
        return shown_fields(shown, field->of, v, ret);
    if (target != NULL && value_type(v) == VALUE_TEXT) {
        TRY(name_of(shown, target, field, value_as_text(v), &named));
        *ret = value_text(mem, named->ref);
        return 0;
    }
    *ret = value_copy(mem, v);
    return 0;
}

static int shown_fields(struct shown *shown, const struct register_def *def,
                        const struct value *body, struct value **ret)
{
    struct value *map = value_map(shown->call->cx->mem), *item;

    for (size_t i = 0; i < def->field_n; i++) {
        const char *id = str_z(shown->call->cx->mem, def->fields[i].id);
        const struct value *v = value_get(body, id);
        if (v == NULL)
            continue;
        TRY(shown_value(shown, &def->fields[i], v, &item));
        value_set(map, id, item);
    }
    *ret = map;
    return 0;
}

int shown_record(struct shown *shown, const struct record *record, struct value **ret)
{
    struct ctx *cx = shown->call->cx;
    struct value *map = value_map(cx->mem), *fields;
    struct record whole = record_copy(cx->mem, record);

    TRY(shown_fields(shown, whole.def, whole.body, &fields));
    value_set_text(map, "ref", whole.ref);
    value_set_text(map, "id", whole.id);
    value_set_int(map, "rev", whole.rev);
    value_set(map, "fields", fields);
    *ret = map;
    return 0;
}

/* ---- changes ---- */

/* Lines of refs: their names are remembered. */
static int name_lines(struct shown *shown, const struct register_def *target, struct str lines)
{
    struct ctx *cx = shown->call->cx;
    struct err err = cx->err;
    const struct named *named;
    struct str ref, id;

    while (str_split(&lines, '\n', &ref)) {
        int rc = record_find(cx, &shown->call->org->records, target, ref, &id);
        if (rc == 0)
            TRY(name_of(shown, target, NULL, id, &named));
        else if (rc != RC_NOT_FOUND && rc != RC_CONFLICT)
            return rc;
    }
    cx->err = err;
    return 0;
}

int shown_changes(struct shown *shown, const struct register_def *def, struct value *changes)
{
    for (size_t i = 0; i < value_count(changes); i++) {
        struct value *change = value_at_mut(changes, i);
        const struct register_field *field = register_field(def, value_get_text(change, "field"));
        const struct register_def *target = field != NULL ? target_of(shown, field) : NULL;
        if (target == NULL)
            continue;
        value_set_text(change, "to", target->id);
        TRY(name_lines(shown, target, value_get_text(change, "was")));
        TRY(name_lines(shown, target, value_get_text(change, "now")));
    }
    return 0;
}

/* ---- columns and tables ---- */

struct value *shown_column(struct arena *mem, const struct register_field *field)
{
    struct value *column = value_map(mem);
    bool person = field->type == REGISTER_PERSON || field->type == REGISTER_PEOPLE;
    struct str to = person ? STR(REGISTER_PERSON_ID) : field->to;

    value_set_text(column, "field", field->id);
    value_set_text(column, "label", field->label);
    value_set_text(column, "type", str_of(register_type_name(field->type)));
    if (to.n > 0)
        value_set_text(column, "to", to);
    if (field->only_computed)
        value_set_bool(column, "computed", true);
    return column;
}

struct value *shown_table(struct value *result, struct arena *mem, const char *const *columns,
                          size_t n)
{
    struct value *list = value_list(mem);

    for (size_t i = 0; i + 1 < n; i += 2) { /* pairs of field and label */
        struct value *column = value_map(mem);
        value_set_text(column, "field", str_of(columns[i]));
        value_set_text(column, "label", str_of(columns[i + 1]));
        value_push(list, column);
    }
    value_set(result, "columns", list);
    value_set(result, "records", value_list(mem));
    return value_get_mut(result, "records");
}

struct value *shown_row(struct value *result, struct arena *mem)
{
    struct value *row = value_map(mem);

    value_set(row, "fields", value_map(mem));
    value_push(value_get_mut(result, "records"), row);
    return value_get_mut(row, "fields");
}

void shown_if_none(struct value *result, const char *text)
{
    if (value_count(value_get(result, "records")) == 0)
        value_set_text(result, "empty", str_of(text));
}

void shown_next(struct value *result, struct arena *mem, struct str command, const char *what)
{
    struct value *one = value_map(mem);

    value_set_text(one, "do", command);
    value_set_text(one, "for", str_of(what));
    if (value_get(result, "next") == NULL)
        value_set(result, "next", value_list(mem));
    value_push(value_get_mut(result, "next"), one);
}
