/* Bodies in the one form in which they are kept. */
#include "register/record_parts.h"

#define ERASED "erased"
#define ERASED_WORD "(erased)"

struct value *record_erased_value(struct arena *mem)
{
    struct value *map = value_map_room(mem, 1);

    value_set_bool(map, ERASED, true);
    return map;
}

bool record_is_erased(const struct value *v)
{
    return value_type(v) == VALUE_MAP && value_count(v) == 1 && value_get_bool(v, ERASED);
}

struct str record_erased_word(void)
{
    return str_of(_(ERASED_WORD));
}

bool record_says_erased(struct str text)
{
    return str_is(text, ERASED_WORD) || str_eq(text, record_erased_word());
}

bool record_is_nothing(const struct value *v)
{
    switch (value_type(v)) {
    case VALUE_NULL:
        return true;
    case VALUE_TEXT:
        return value_as_text(v).n == 0;
    case VALUE_LIST:
    case VALUE_MAP:
        return value_count(v) == 0;
    default:
        return false;
    }
}

/* New lines as one character, no blanks at the ends. */
struct str record_plain(struct arena *mem, struct str text)
{
    struct buf out = buf_new(mem);

    text = str_trim(text);
    if (str_find_char(text, '\r', 0) == SIZE_MAX)
        return text;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != '\r')
            buf_char(&out, text.p[i]);
        else if (i + 1 == text.n || text.p[i + 1] != '\n')
            buf_char(&out, '\n');
    return buf_str(&out);
}

struct value *record_said(struct arena *mem, struct str text)
{
    struct value *map = value_map(mem);

    value_set_text(map, RECORD_SAID, str_trim(str_squeeze(mem, text)));
    return map;
}

static const struct value *normal_said(struct arena *mem, const struct value *v)
{
    if (value_type(v) != VALUE_MAP || value_count(v) != 1 ||
        value_type(value_get(v, RECORD_SAID)) != VALUE_TEXT)
        return v;
    return record_said(mem, value_get_text(v, RECORD_SAID));
}

struct item {
    struct str bytes;
    const struct value *value;
};

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(((const struct item *)a)->bytes, ((const struct item *)b)->bytes);
}

static bool seen(const struct item *items, size_t n, struct str bytes)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(items[i].bytes, bytes))
            return true;
    return false;
}

static const struct value *normal_many(struct arena *mem, const struct register_field *field,
                                       const struct value *list)
{
    struct item *items = arena_array(mem, value_count(list) + 1, sizeof *items);
    struct value *ret = value_list(mem);
    size_t n = 0;

    for (size_t i = 0; i < value_count(list) && i <= RECORD_MANY; i++) {
        const struct value *v = normal_said(mem, value_at(list, i));
        struct str bytes = value_type(v) == VALUE_TEXT ? value_as_text(v) : record_json(mem, v);
        if (!record_is_nothing(v) && (!field->ordered || !seen(items, n, bytes)))
            items[n++] = (struct item){bytes, v};
    }
    if (!field->ordered)
        qsort(items, n, sizeof *items, by_bytes);
    for (size_t i = 0; i < n; i++)
        if (field->ordered || i == 0 || !str_eq(items[i].bytes, items[i - 1].bytes))
            value_push(ret, (struct value *)(uintptr_t)items[i].value);
    return ret;
}

static const struct value *normal_rows(struct arena *mem, const struct register_field *field,
                                       const struct value *list)
{
    struct value *ret = value_list(mem);

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *row = value_at(list, i);
        if (value_type(row) == VALUE_MAP)
            row = record_normal(mem, field->of, row);
        if (!record_is_nothing(row))
            value_push(ret, (struct value *)(uintptr_t)row);
    }
    return ret;
}

static const struct value *normal(struct arena *mem, const struct register_field *field,
                                  const struct value *v)
{
    if (value_type(v) == VALUE_TEXT)
        return value_text(mem, record_plain(mem, value_as_text(v)));
    if (field == NULL || value_type(v) != VALUE_LIST)
        return normal_said(mem, v);
    if (register_type_is_many(field->type))
        return normal_many(mem, field, v);
    return field->type == REGISTER_ROWS ? normal_rows(mem, field, v) : v;
}

const struct value *record_normal(struct arena *mem, const struct register_def *def,
                                  const struct value *body)
{
    struct value *map = value_map(mem);

    for (size_t i = 0; i < value_count(body); i++) {
        struct str key = value_key_at(body, i);
        const struct value *v = normal(mem, register_field(def, key), value_at(body, i));
        if (!record_is_nothing(v))
            value_set(map, str_z(mem, key), (struct value *)(uintptr_t)v);
    }
    return map;
}
