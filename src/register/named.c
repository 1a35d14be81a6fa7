/* Registers, fields and choices by what people and data call them in full. */
#include "register/loading.h"

static bool names_it(struct arena *mem, const struct value *headers, struct str text)
{
    for (size_t i = 0; i < value_count(headers); i++) {
        const struct value *item = value_at(headers, i);
        if (value_type(item) == VALUE_LIST ? names_it(mem, item, text)
                                           : str_eq(words_fold(mem, value_as_text(item)), text))
            return true;
    }
    return false;
}

const struct register_field *register_field_named(struct arena *mem, const struct register_def *def,
                                                  struct str text)
{
    const struct value *fields = value_get(def->yaml, "fields");
    struct str folded = words_fold(mem, text);

    for (size_t i = 0; i < def->field_n; i++)
        if (str_eq(def->fields[i].id, str_trim(text)) ||
            str_eq(words_fold(mem, def->fields[i].label), folded))
            return &def->fields[i];
    for (size_t i = 0; i < def->field_n; i++)
        if (names_it(mem, value_get(value_at(fields, i), "headers"), folded))
            return &def->fields[i];
    return NULL;
}

const struct register_choice *
register_choice_named(struct arena *mem, const struct register_field *field, struct str text)
{
    struct str folded = words_fold(mem, text);

    for (size_t i = 0; i < field->choice_n; i++)
        if (str_eq(field->choices[i].id, str_trim(text)))
            return &field->choices[i];
    for (size_t i = 0; i < field->choice_n; i++)
        if (str_eq(words_fold(mem, field->choices[i].label), folded) ||
            names_it(mem, field->choices[i].data, folded))
            return &field->choices[i];
    return NULL;
}

/* ---- by the keys of data ---- */

bool register_has_text(const struct value *list, struct str text)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_as_text(value_at(list, i)), text))
            return true;
    return false;
}

const struct register_def *registers_sourced(const struct registers *registers, struct str key)
{
    for (size_t i = 0; i < registers->n; i++) {
        const struct register_def *def = &registers->items[i];
        if (!def->is_not && register_has_text(value_get(def->yaml, "source_names"), key))
            return def;
    }
    return registers_find(registers, key);
}

/* Of rows, a key may say what its lines have besides. */
static bool is_source(const struct register_field *field, struct str key)
{
    if (field->source == NULL)
        return str_eq(field->id, key) && !field->only_computed;
    for (size_t i = 0; i < value_count(field->source); i++) {
        const struct value *item = value_at(field->source, i);
        if (str_eq(value_type(item) == VALUE_MAP ? value_key_at(item, 0) : value_as_text(item),
                   key))
            return true;
    }
    return false;
}

const struct register_field *register_field_sourced(const struct register_def *def, struct str key)
{
    for (size_t f = 0; f < def->field_n; f++)
        if (is_source(&def->fields[f], key))
            return &def->fields[f];
    return NULL;
}
