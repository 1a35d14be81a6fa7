/* Values as people read them, and what differs between two bodies. */
#include "register/record_parts.h"

static int print_one(struct ctx *cx, const struct record_store *rs,
                     const struct register_field *field, const struct value *v, struct str *ret);

/* The ref of the record that a value names; "" where it names none. */
static int ref_of(struct ctx *cx, const struct record_store *rs, const struct register_field *field,
                  const struct value *v, struct str *ret)
{
    *ret = STR_NONE;
    if (value_type(v) == VALUE_TEXT && record_target(rs->registers, field) != NULL)
        TRY(record_ref_of(cx, rs, value_as_text(v), ret));
    return 0;
}

/* Ids in a line become refs; the rest stays as it is. */
static int with_refs(struct ctx *cx, const struct record_store *rs,
                     const struct register_field *field, const struct value *v, struct value **ret)
{
    struct str ref;

    if (value_type(v) == VALUE_LIST) {
        struct value *list = value_list(cx->mem), *item;
        for (size_t i = 0; i < value_count(v); i++) {
            TRY(with_refs(cx, rs, field, value_at(v, i), &item));
            value_push(list, item);
        }
        *ret = list;
        return 0;
    }
    TRY(ref_of(cx, rs, field, v, &ref));
    *ret = ref.n > 0 ? value_text(cx->mem, ref) : (struct value *)(uintptr_t)v;
    return 0;
}

static int print_row(struct ctx *cx, const struct record_store *rs,
                     const struct register_field *field, const struct value *row, struct str *ret)
{
    struct value *map = value_map(cx->mem), *v;

    for (size_t i = 0; i < field->of->field_n; i++) {
        const struct register_field *inner = &field->of->fields[i];
        const struct value *given = value_find(row, inner->id);
        if (given == NULL)
            continue;
        TRY(with_refs(cx, rs, inner, given, &v));
        value_set(map, str_z(cx->mem, inner->id), v);
    }
    struct buf out = buf_new(cx->mem);

    value_json(&out, map, 0);
    *ret = buf_str(&out);
    return 0;
}

static int print_one(struct ctx *cx, const struct record_store *rs,
                     const struct register_field *field, const struct value *v, struct str *ret)
{
    struct str said = value_get_text(v, RECORD_SAID);

    if (field->type == REGISTER_ROWS)
        return print_row(cx, rs, field, v, ret);
    if (field->type == REGISTER_FILE) {
        *ret = record_json(cx->mem, v);
        return 0;
    }
    TRY(ref_of(cx, rs, field, v, ret));
    if (ret->n == 0)
        *ret = said.n > 0 ? said : value_print(cx->mem, v);
    return 0;
}

/* A value with a separator in it stands on a line of its own, so that it is read back as one. */
static bool needs_line(struct str s)
{
    return str_find_char(s, ',', 0) != SIZE_MAX || str_find_char(s, ';', 0) != SIZE_MAX;
}

int record_print(struct ctx *cx, const struct record_store *rs, const struct register_field *field,
                 const struct value *v, struct str *ret)
{
    struct buf out = buf_new(cx->mem);
    bool needs = false;
    struct str s;

    *ret = STR_NONE;
    if (record_is_nothing(v))
        return 0;
    if (record_is_erased(v)) {
        *ret = record_erased_word();
        return 0;
    }
    if (value_type(v) != VALUE_LIST)
        return print_one(cx, rs, field, v, ret);
    for (size_t i = 0; i < value_count(v); i++) {
        TRY(print_one(cx, rs, field, value_at(v, i), &s));
        if (i > 0)
            buf_char(&out, '\n');
        buf_add(&out, s);
        needs = needs || needs_line(s);
    }
    if (needs && value_count(v) == 1 && field->type != REGISTER_ROWS)
        buf_char(&out, '\n');
    *ret = buf_str(&out);
    return 0;
}

static bool same(struct arena *mem, const struct value *a, const struct value *b)
{
    if (record_is_nothing(a) || record_is_nothing(b))
        return record_is_nothing(a) == record_is_nothing(b);
    return str_eq(record_json(mem, a), record_json(mem, b));
}

int record_diff(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                const struct value *was, const struct value *now, struct value **ret)
{
    struct value *list = value_list(cx->mem);

    for (size_t i = 0; i < def->field_n; i++) {
        const struct register_field *field = &def->fields[i];
        const char *id = str_z(cx->mem, field->id);
        const struct value *before = value_get(was, id), *after = value_get(now, id);
        struct str a, b;
        if (same(cx->mem, before, after))
            continue;
        struct value *one = value_map(cx->mem);
        TRY(record_print(cx, rs, field, before, &a));
        TRY(record_print(cx, rs, field, after, &b));
        value_set_text(one, "field", field->id);
        value_set_text(one, "label", field->label);
        value_set_text(one, "was", a);
        value_set_text(one, "now", b);
        value_push(list, one);
    }
    *ret = list;
    return 0;
}
