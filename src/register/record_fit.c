/* Bodies of earlier versions, read as the definition is now. */
#include "register/record_parts.h"

static const struct value *fit_row(struct arena *mem, const struct register_def *of,
                                   const struct value *row)
{
    return value_type(row) == VALUE_MAP ? record_fit(mem, of, row) : row;
}

static const struct value *fit_rows(struct arena *mem, const struct register_field *field,
                                    const struct value *rows)
{
    struct value *list = value_list(mem);

    for (size_t i = 0; i < value_count(rows); i++)
        value_push(list, (struct value *)(uintptr_t)fit_row(mem, field->of, value_at(rows, i)));
    return list;
}

static const struct value *fit_value(struct arena *mem, const struct register_field *field,
                                     const struct value *v)
{
    if (record_is_erased(v))
        return v;
    if (field->type == REGISTER_ROWS)
        return fit_rows(mem, field, v);
    if (register_type_is_many(field->type) && value_type(v) != VALUE_LIST) {
        struct value *list = value_list(mem);
        value_push(list, (struct value *)(uintptr_t)v);
        return list;
    }
    if (value_type(v) == VALUE_INT &&
        !(field->type == REGISTER_INTEGER || field->type == REGISTER_SCORE))
        return value_text(mem, value_print(mem, v));
    return v;
}

static const struct value *stored(const struct register_field *field, const struct value *body,
                                  struct arena *mem)
{
    const struct value *v = value_get(body, str_z(mem, field->id));

    return v == NULL && field->was.n > 0 ? value_get(body, str_z(mem, field->was)) : v;
}

const struct value *record_fit(struct arena *mem, const struct register_def *def,
                               const struct value *body)
{
    struct value *map = value_map(mem);

    for (size_t i = 0; i < def->field_n; i++) {
        const struct register_field *field = &def->fields[i];
        const struct value *v = stored(field, body, mem);
        if (v != NULL)
            value_set(map, str_z(mem, field->id),
                      (struct value *)(uintptr_t)fit_value(mem, field, v));
    }
    return map;
}
