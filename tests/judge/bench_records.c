/* Records of registers in cases: `records: {risk: [{ref: R1, owner: null}]}`. */
#include "tests/judge/bench.h"

struct adder {
    struct bench *b;
    const struct register_def *def;
    int64_t table, document;
    size_t columns;
    struct dict *seen; /* fields that the table has a column for */
};

static bool is_own(struct str key)
{
    static const char *const keys[] = {"document", "sample", "path",  "place", "heading",
                                       "page",     "line",   "sheet", "row",   "quote"};

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (str_is(key, keys[i]))
            return true;
    return false;
}

static int add_table(struct adder *a, int64_t document)
{
    struct value *row = value_map(a->b->cx->mem);

    a->document = document;
    a->columns = 0;
    a->seen = dict_new(a->b->cx->mem);
    value_set_int(row, "document", document);
    value_set_text(row, "register", a->def->id);
    value_set_text(row, "path", str_printf(a->b->cx->mem, "%.*s.md", STR_ARG(a->def->id)));
    TRY(tables_insert(a->b->cx, a->b->store, "register_table", row));
    a->table = store_last_id(a->b->store);
    return 0;
}

static int add_column(struct adder *a, const struct register_field *field)
{
    struct value *row = value_map(a->b->cx->mem);

    if (dict_has(a->seen, field->id))
        return 0;
    (void)dict_intern(a->seen, field->id);
    value_set_int(row, "register_table", a->table);
    value_set_int(row, "at", (int64_t)a->columns++);
    value_set_text(row, "header", field->label);
    value_set_text(row, "field", field->id);
    value_set_text(row, "how", STR("heading"));
    return tables_insert(a->b->cx, a->b->store, "register_column", row);
}

static int add_many(struct adder *a, int64_t record, const struct register_field *field,
                    const struct value *list)
{
    const char *table =
        str_printf(a->b->cx->mem, "%.*s__%.*s", STR_ARG(a->def->id), STR_ARG(field->id)).p;

    for (size_t i = 0; i < value_count(list); i++) {
        struct value *row = value_map(a->b->cx->mem);
        value_set_int(row, "record", record);
        value_set_int(row, "n", (int64_t)i + 1);
        value_set_text(row, "value", value_print(a->b->cx->mem, value_at(list, i)));
        TRY(tables_insert(a->b->cx, a->b->store, table, row));
    }
    return 0;
}

/* "A.5.1, A.5.2": as a cell would say it. */
static struct str said(struct arena *mem, const struct value *v)
{
    struct buf out = buf_new(mem);

    if (value_type(v) != VALUE_LIST)
        return value_print(mem, v);
    for (size_t i = 0; i < value_count(v); i++) {
        buf_addz(&out, i > 0 ? ", " : "");
        buf_add(&out, value_print(mem, value_at(v, i)));
    }
    return buf_str(&out);
}

static void set_value(struct adder *a, struct value *row, const struct register_field *field,
                      const struct value *v, const struct value *record)
{
    struct arena *mem = a->b->cx->mem;
    const char *id = str_z(mem, field->id), *name = str_printf(mem, "%s_said", id).p;

    if (!register_type_is_many(field->type) && value_type(v) == VALUE_INT)
        value_set_int(row, id, value_as_int(v, 0));
    else if (!register_type_is_many(field->type) && value_type(v) != VALUE_NULL)
        value_set_text(row, id, value_print(mem, v));
    if (!register_type_is_text(field->type) && value_type(v) != VALUE_NULL &&
        value_get(record, name) == NULL)
        value_set_text(row, name, said(mem, v));
}

/* A field, the words of one ("owner_said"), or a column that every register has. */
static int add_key(struct adder *a, struct value *row, struct str key, const struct value *v,
                   const struct value *record)
{
    struct arena *mem = a->b->cx->mem;
    const struct register_field *field = register_field(a->def, key);

    if (field != NULL) {
        TRY(add_column(a, field));
        set_value(a, row, field, v, record);
        return 0;
    }
    if (str_ends(key, STR("_said")))
        field = register_field(a->def, str_sub(key, 0, key.n - 5));
    if (field == NULL && !is_own(key))
        return fail(a->b->cx, RC_INVALID, NULL, "%.*s has no field \"%.*s\".", STR_ARG(a->def->id),
                    STR_ARG(key));
    if (value_type(v) == VALUE_INT || value_type(v) == VALUE_BOOL)
        value_set_int(row, str_z(mem, key),
                      value_type(v) == VALUE_BOOL ? value_as_bool(v) : value_as_int(v, 0));
    else if (value_type(v) != VALUE_NULL)
        value_set_text(row, str_z(mem, key), value_as_text(v));
    return 0;
}

static int add_record(struct adder *a, const struct value *record, size_t n)
{
    struct value *row = value_map(a->b->cx->mem);

    value_set_int(row, "document", a->document);
    value_set_int(row, "register_table", a->table);
    value_set_int(row, "n", (int64_t)n + 1);
    value_set_text(row, "path", str_printf(a->b->cx->mem, "%.*s.md", STR_ARG(a->def->id)));
    value_set_text(row, "place", str_printf(a->b->cx->mem, "line %zu", n + 1));
    value_set_text(row, "quote", str_printf(a->b->cx->mem, "%.*s %zu", STR_ARG(a->def->id), n + 1));
    for (size_t i = 0; i < value_count(record); i++)
        TRY(add_key(a, row, value_key_at(record, i), value_at(record, i), record));
    TRY(tables_insert(a->b->cx, a->b->store, str_z(a->b->cx->mem, a->def->id), row));
    int64_t id = store_last_id(a->b->store);
    for (size_t i = 0; i < value_count(record); i++) {
        const struct register_field *field = register_field(a->def, value_key_at(record, i));
        if (field != NULL && register_type_is_many(field->type))
            TRY(add_many(a, id, field, value_at(record, i)));
    }
    return 0;
}

static int add_register(struct bench *b, const struct register_def *def, const struct value *list)
{
    struct adder a = {.b = b, .def = def};

    for (size_t i = 0; i < value_count(list); i++) {
        int64_t document = value_get_int(value_at(list, i), "document", 1);
        if (i == 0 || document != a.document)
            TRY(add_table(&a, document));
        TRY(add_record(&a, value_at(list, i), i));
    }
    return 0;
}

int bench_records(struct bench *b, const struct value *records)
{
    if (value_count(records) == 0)
        return 0;
    const struct registers *registers = b->registers;

    for (size_t i = 0; i < value_count(records); i++) {
        const struct register_def *def = registers_find(registers, value_key_at(records, i));
        if (def == NULL || def->is_not)
            return fail(b->cx, RC_INVALID, NULL, "there is no register \"%.*s\"",
                        STR_ARG(value_key_at(records, i)));
        TRY(add_register(b, def, value_at(records, i)));
    }
    return registers_resolve(b->cx, b->store, registers);
}
