/* Which records belong to an audit. */
#include "op/bundle.h"

const char bundle_whole[] = "whole", bundle_period[] = "period";

struct named {
    struct op_call *call;
    const struct record *audit;
    struct dict *ids;    /* of records that belong to it */
    struct dict *things; /* "document ID", "control 5.18": what it names but for persons */
    struct dict *refs;   /* "supplier SUP-003": the same records, as lines of evidence name them */
};

/* ---- what a record names ---- */

/* Gets what a field refers to, as "TO VALUE"; `*ret` ends the walk where it is true. */
typedef void each_named(struct named *n, struct arena *mem, const struct register_field *field,
                        struct str id, bool *ret);

static bool refers(const struct register_field *field)
{
    return field->type == REGISTER_REFERENCE || field->type == REGISTER_REFERENCES ||
           field->type == REGISTER_PERSON || field->type == REGISTER_PEOPLE;
}

static void walk_fields(struct named *n, struct arena *mem, const struct register_def *def,
                        const struct value *body, each_named *each, bool *ret);

static void walk_value(struct named *n, struct arena *mem, const struct register_field *field,
                       const struct value *v, each_named *each, bool *ret)
{
    bool list = value_type(v) == VALUE_LIST;

    for (size_t i = 0; !*ret && i < (list ? value_count(v) : 1); i++) {
        const struct value *one = list ? value_at(v, i) : v;
        if (field->type == REGISTER_ROWS)
            walk_fields(n, mem, field->of, one, each, ret);
        else if (value_type(one) == VALUE_TEXT)
            each(n, mem, field, value_as_text(one), ret);
    }
}

static void walk_fields(struct named *n, struct arena *mem, const struct register_def *def,
                        const struct value *body, each_named *each, bool *ret)
{
    for (size_t i = 0; !*ret && i < def->field_n; i++) {
        const struct register_field *field = &def->fields[i];
        const struct value *v = value_get(body, str_z(mem, field->id));
        if (v != NULL && (refers(field) || field->type == REGISTER_ROWS))
            walk_value(n, mem, field, v, each, ret);
    }
}

static bool is_person(const struct register_field *field)
{
    return field->type == REGISTER_PERSON || field->type == REGISTER_PEOPLE ||
           str_is(field->to, REGISTER_PERSON_ID);
}

static struct str thing_of(struct arena *mem, const struct register_field *field, struct str id)
{
    return str_printf(mem, "%.*s %.*s", STR_ARG(field->to), STR_ARG(id));
}

/* ---- the audit ---- */

static void take_named(struct named *n, UNUSED struct arena *mem,
                       const struct register_field *field, struct str id, UNUSED bool *ret)
{
    struct arena *own = n->call->cx->mem;

    if (!register_names_entry(field) && !dict_has(n->ids, id))
        dict_set(n->ids, str_copy(own, id), bundle_period);
    if (!is_person(field))
        dict_set(n->things, thing_of(own, field, id), "");
}

/* ---- what names it, and what is evidence of what it names ---- */

static void is_audit(struct named *n, UNUSED struct arena *mem,
                     UNUSED const struct register_field *field, struct str id, bool *ret)
{
    *ret = str_eq(id, n->audit->id);
}

static void is_thing(struct named *n, struct arena *mem, const struct register_field *field,
                     struct str id, bool *ret)
{
    *ret = dict_has(n->things, thing_of(mem, field, id));
}

/* A line that says what is shown: all of it together, as "supplier SUP-003". */
static bool line_is_thing(const struct named *n, struct arena *mem,
                          const struct register_field *field, const struct value *line)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < field->of->field_n; i++) {
        struct str text = value_get_text(line, str_z(mem, field->of->fields[i].id));
        if (text.n > 0)
            buf_printf(&out, "%s%.*s", out.n > 0 ? " " : "", STR_ARG(text));
    }
    return dict_has(n->refs, buf_str(&out));
}

static bool shows_thing(const struct named *n, struct arena *mem, const struct record *record)
{
    for (size_t i = 0; i < record->def->shows.n; i++) {
        const struct register_field *field = &record->def->fields[record->def->shows.items[i]];
        const struct value *v = value_get(record->body, str_z(mem, field->id));
        for (size_t k = 0; field->type == REGISTER_ROWS && k < value_count(v); k++)
            if (line_is_thing(n, mem, field, value_at(v, k)))
                return true;
    }
    return false;
}

static int take_ref(void *arg, UNUSED struct ctx *cx, const struct record *record)
{
    struct named *n = arg;

    if (record->def != NULL && dict_has(n->ids, record->id))
        dict_set(n->refs,
                 str_printf(n->call->cx->mem, "%.*s %.*s", STR_ARG(record->def->id),
                            STR_ARG(record->ref)),
                 "");
    return 0;
}

static int take_record(void *arg, struct ctx *cx, const struct record *record)
{
    struct named *n = arg;
    bool whole = false, thing = false;

    if (record->def == NULL || record->body == NULL || str_eq(record->id, n->audit->id))
        return 0;
    walk_fields(n, cx->mem, record->def, record->body, is_audit, &whole);
    if (!whole)
        walk_fields(n, cx->mem, record->def, record->body, is_thing, &thing);
    thing = thing || shows_thing(n, cx->mem, record);
    if (whole || (thing && !dict_has(n->ids, record->id)))
        dict_set(n->ids, str_copy(n->call->cx->mem, record->id),
                 whole ? bundle_whole : bundle_period);
    return 0;
}

int bundle_audit_named(struct op_call *call, const struct record *audit, const struct dict **ret)
{
    struct ctx *cx = call->cx;
    const struct record_store *rs = &call->org->records;
    struct named n = {.call = call,
                      .audit = audit,
                      .ids = dict_new(cx->mem),
                      .things = dict_new(cx->mem),
                      .refs = dict_new(cx->mem)};
    bool end = false;

    dict_set(n.ids, audit->id, bundle_whole);
    walk_fields(&n, cx->mem, audit->def, audit->body, take_named, &end);
    TRY(record_changes(cx, rs, 0, STR_NONE, take_ref, &n));
    TRY(record_changes(cx, rs, 0, STR_NONE, take_record, &n));
    *ret = n.ids;
    return 0;
}
