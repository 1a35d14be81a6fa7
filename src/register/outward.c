#include "register/outward.h"

#include "register/plan_parts.h"

size_t outward_fields(const struct register_def *def,
                      const struct register_field *ret[static REGISTER_FIELDS])
{
    size_t n = 0;

    for (size_t f = 0; f < def->field_n && n < REGISTER_FIELDS; f++)
        if (!def->fields[f].only_computed && !str_is(def->fields[f].id, "ref"))
            ret[n++] = &def->fields[f];
    return n;
}

struct str outward_ref_heading(const struct register_def *def)
{
    const struct register_field *ref = register_field(def, STR("ref"));

    return ref != NULL ? ref->label : str_of(_("Ref"));
}

struct str outward_record_heading(void)
{
    return str_of(_("Stands in"));
}

struct str outward_list_heading(void)
{
    return str_of(_("List"));
}

static bool same(struct arena *mem, const struct value *a, const struct value *b)
{
    return b != NULL && str_eq(record_json(mem, a), record_json(mem, b));
}

/* ---- JSON ---- */

static int with_refs(struct ctx *cx, const struct record_store *rs,
                     const struct register_field *field, const struct value *v,
                     const struct value **ret);

static int row_with_refs(struct ctx *cx, const struct record_store *rs,
                         const struct register_def *of, const struct value *row, struct value **ret)
{
    struct value *map = value_map(cx->mem);

    for (size_t i = 0; i < value_count(row); i++) {
        const struct register_field *field = register_field(of, value_key_at(row, i));
        const struct value *v = value_at(row, i);
        if (field != NULL)
            TRY(with_refs(cx, rs, field, v, &v));
        value_set(map, str_z(cx->mem, value_key_at(row, i)), (struct value *)(uintptr_t)v);
    }
    *ret = map;
    return 0;
}

static int list_with_refs(struct ctx *cx, const struct record_store *rs,
                          const struct register_field *field, const struct value *list,
                          const struct value **ret)
{
    struct value *out = value_list(cx->mem);

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *v;
        TRY(with_refs(cx, rs, field, value_at(list, i), &v));
        value_push(out, (struct value *)(uintptr_t)v);
    }
    *ret = out;
    return 0;
}

/* Ids of records become their refs. */
static int with_refs(struct ctx *cx, const struct record_store *rs,
                     const struct register_field *field, const struct value *v,
                     const struct value **ret)
{
    struct value *row;
    struct str ref;

    *ret = v;
    if (value_type(v) == VALUE_LIST)
        return list_with_refs(cx, rs, field, v, ret);
    if (value_type(v) == VALUE_MAP && field->type == REGISTER_ROWS) {
        TRY(row_with_refs(cx, rs, field->of, v, &row));
        *ret = row;
        return 0;
    }
    if (value_type(v) != VALUE_TEXT || record_target(rs->registers, field) == NULL)
        return 0;
    TRY(record_ref_of(cx, rs, value_as_text(v), &ref));
    if (ref.n > 0)
        *ret = value_text(cx->mem, ref);
    return 0;
}

int outward_value(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                  const struct register_field *field, const struct value *v,
                  const struct value **ret)
{
    const struct value *named;
    struct value *back = NULL;

    TRY(with_refs(cx, rs, field, v, &named));
    int rc = record_value(cx, rs, def, field, named, true, &back);
    if (rc == RC_FAIL || rc == RC_DENIED)
        return rc;
    *ret = rc == 0 && same(cx->mem, v, back) ? named : v;
    return 0;
}

/* ---- text ---- */

int outward_text(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                 const struct register_field *field, const struct value *v, struct str *ret)
{
    const struct value *exact;
    struct value *back = NULL;
    struct str text;
    struct buf json = buf_new(cx->mem);

    *ret = STR_NONE;
    if (v == NULL)
        return 0;
    TRY(record_print(cx, rs, field, v, &text));
    int rc = str_starts(text, STR(PLAN_JSON)) ? RC_INVALID
                                              : record_parse(cx, rs, def, field, text, true, &back);
    if (rc == RC_FAIL || rc == RC_DENIED)
        return rc;
    if (rc == 0 && same(cx->mem, v, back)) {
        *ret = text;
        return 0;
    }
    TRY(outward_value(cx, rs, def, field, v, &exact));
    buf_addz(&json, PLAN_JSON);
    value_json(&json, exact, 0);
    *ret = buf_str(&json);
    return 0;
}
