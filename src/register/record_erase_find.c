/* What an erasure takes: values by their keys, and names in the texts of others. */
#include "register/record_erase_parts.h"
#include "register/replay.h"

static const char ABOUT_YES[] = "yes", ABOUT_NO[] = "no";

/* ---- what is found ---- */

static struct erase_record *record_of(struct erasing *e, struct str id, struct str register_id)
{
    struct arena *mem = e->cx->mem;
    struct erase_record *r = (struct erase_record *)(uintptr_t)dict_get(e->by_id, id);

    if (r != NULL)
        return r;
    r = ARENA_NEW(mem, struct erase_record);
    *r = (struct erase_record){.id = str_copy(mem, id), .register_id = str_copy(mem, register_id)};
    r->def = registers_find(e->rs->registers, r->register_id);
    dict_set(e->by_id, r->id, r);
    *ARENA_PUSH(mem, e->records, e->n, e->room) = r;
    return r;
}

static struct str place_of(struct arena *mem, int64_t seq, struct str field)
{
    return str_printf(mem, "%lld %.*s", (long long)seq, STR_ARG(field));
}

static void add_value(struct erasing *e, struct erase_record *r, int64_t seq, struct str field,
                      bool named)
{
    struct arena *mem = e->cx->mem;
    struct str place = place_of(mem, seq, field);

    if (dict_has(e->seen, place))
        return;
    dict_set(e->seen, place, "");
    *ARENA_PUSH(mem, r->values, r->n, r->room) =
        (struct erase_value){seq, str_copy(mem, field), named};
    e->report->values++;
}

/* ---- by keys ---- */

static bool is_target(const struct erasing *e, struct str id, struct str field)
{
    const struct record_erasure *erasure = e->erasure;

    if (!dict_has(e->targets, id))
        return false;
    for (size_t i = 0; i < erasure->target_n; i++)
        if (str_eq(erasure->targets[i].id, id) &&
            (erasure->targets[i].field.n == 0 || str_eq(erasure->targets[i].field, field)))
            return true;
    return false;
}

/* A record that came to be about a person only later has what was said before under its own key. */
static int is_about(struct erasing *e, struct str id, struct str register_id, bool *ret)
{
    const struct register_def *def = registers_find(e->rs->registers, register_id);
    const char *known = dict_get(e->about, id);
    struct record last;

    *ret = known == ABOUT_YES;
    if (known != NULL || def == NULL || def->subject == NULL)
        return 0;
    TRY(record_last(e->cx, e->rs, id, INT64_MAX, &last));
    *ret = dict_has(e->persons, record_subject(e->cx->mem, &last));
    dict_set(e->about, last.id, *ret ? ABOUT_YES : ABOUT_NO);
    return 0;
}

struct sealed_row {
    int64_t seq;
    struct str field, subject, id, register_id;
};

static int take_row(struct erasing *e, const struct sealed_row *row)
{
    bool goes = dict_has(e->persons, row->subject) || is_target(e, row->id, row->field);

    if (!goes && str_eq(row->subject, row->id))
        TRY(is_about(e, row->id, row->register_id, &goes));
    if (goes)
        add_value(e, record_of(e, row->id, row->register_id), row->seq, row->field, false);
    return 0;
}

static int find_by_keys(struct erasing *e)
{
    bool row;
    STMT(s);

    TRY(store_prepare(e->cx, e->rs->store,
                      STR("SELECT o.seq, o.field, k.subject, v.id, v.register FROM opening o "
                          "JOIN data_key k ON k.id = o.key JOIN record_version v ON v.seq = o.seq "
                          "ORDER BY o.seq, o.field"),
                      &s));
    for (;;) {
        CLEANUP(arena_freep) struct arena *mem = NULL;
        TRY(stmt_step(e->cx, s, &row));
        if (!row)
            return 0;
        mem = arena_new(0);
        TRY(take_row(e, &(struct sealed_row){.seq = stmt_int(s, 0),
                                             .field = stmt_text(mem, s, 1),
                                             .subject = stmt_text(mem, s, 2),
                                             .id = stmt_text(mem, s, 3),
                                             .register_id = stmt_text(mem, s, 4)}));
    }
}

/* ---- files ---- */

struct files {
    struct erasing *e;
    struct erase_record *r;
    bool take; /* their objects; else what names them */
};

static bool goes(const struct erasing *e, struct arena *mem, int64_t seq, struct str field)
{
    return dict_has(e->seen, place_of(mem, seq, field));
}

static int each_file(void *arg, struct ctx *cx, const struct record *record)
{
    const struct files *f = arg;
    struct erasing *e = f->e;

    for (size_t i = 0; i < f->r->def->field_n; i++) {
        const struct register_field *field = &f->r->def->fields[i];
        struct str object =
            value_get_text(value_get(record->body, str_z(cx->mem, field->id)), "object");
        if (field->type != REGISTER_FILE || object.n == 0)
            continue;
        if (!f->take && dict_has(e->objects, object))
            add_value(e, f->r, record->seq, field->id, false);
        if (f->take && goes(e, cx->mem, record->seq, field->id)) {
            object = str_copy(e->cx->mem, object);
            dict_set(e->objects, object, "");
            value_push(e->report->objects, value_text(e->cx->mem, object));
        }
    }
    return 0;
}

/* An object goes with the first version that loses it, and so from all that name it. */
static int find_files(struct erasing *e)
{
    for (size_t i = 0; i < e->n; i++) {
        struct files f = {.e = e, .r = e->records[i], .take = true};
        bool any = false;
        for (size_t k = 0; f.r->def != NULL && k < f.r->def->field_n; k++)
            any = any || f.r->def->fields[k].type == REGISTER_FILE;
        if (!any)
            continue;
        TRY(record_history(e->cx, e->rs, f.r->id, each_file, &f));
        f.take = false;
        TRY(record_history(e->cx, e->rs, f.r->id, each_file, &f));
    }
    return 0;
}

/* ---- names ---- */

/* What a person is called: names and addresses, of all versions. */
static int each_name(void *arg, struct ctx *cx, const struct record *record)
{
    struct erasing *e = arg;

    for (size_t i = 0; i < record->def->field_n; i++) {
        const struct register_field *field = &record->def->fields[i];
        struct str text = value_get_text(record->body, str_z(cx->mem, field->id));
        bool name = record_is_name(record->def, field) ||
                    (field->personal == PERSONAL_YES && field->type == REGISTER_TEXT);
        if (name && text.n > 0)
            mentions_add(e->names, text);
    }
    return 0;
}

static bool says_name(struct erasing *e, struct arena *mem, const struct value *v)
{
    struct str out;

    if (value_type(v) == VALUE_TEXT)
        return mentions_replace(e->names, mem, value_as_text(v), STR_NONE, &out);
    for (size_t i = 0; i < value_count(v); i++)
        if (says_name(e, mem, value_at(v, i)))
            return true;
    return false;
}

/* Once for each field of a record. */
static void note_stay(struct erasing *e, const struct record *record, struct str field)
{
    struct arena *mem = e->cx->mem;
    struct str place = str_printf(mem, "%.*s %.*s", STR_ARG(record->id), STR_ARG(field));
    struct value *v;

    if (dict_has(e->seen, place))
        return;
    dict_set(e->seen, place, "");
    v = value_map(mem);
    value_set_text(v, "register", str_copy(mem, record->register_id));
    value_set_text(v, "ref", str_copy(mem, record->ref));
    value_set_int(v, "rev", record->rev);
    value_set_text(v, "field", str_copy(mem, field));
    value_push(e->report->stays, v);
}

/* The name that a field has in the stored body, and whether it is sealed there. */
static bool is_sealed_as(struct arena *mem, const struct value *stored,
                         const struct register_field *field, struct str *name)
{
    if (value_get(stored, str_z(mem, *name)) == NULL && field != NULL && field->was.n > 0)
        *name = field->was;
    return value_get(value_get(stored, str_z(mem, *name)), "~") != NULL;
}

static int take_name(struct erasing *e, struct ctx *cx, const struct record *record,
                     const struct value *stored, struct str name)
{
    const struct register_field *field = record_field_called(record->def, name);

    bool sealed = is_sealed_as(cx->mem, stored, field, &name);
    if (goes(e, cx->mem, record->seq, name))
        return 0;
    struct erase_record *r = record_of(e, record->id, record->register_id);
    r->named = true;
    if (sealed)
        add_value(e, r, record->seq, name, true);
    else
        note_stay(e, record, name);
    return 0;
}

static int each_text(void *arg, struct ctx *cx, const struct record *record)
{
    struct erasing *e = arg;
    struct value *stored = NULL;
    struct str out;

    if (mentions_replace(e->names, cx->mem, record->ref, STR_NONE, &out))
        note_stay(e, record, STR("ref"));
    for (size_t i = 0; i < value_count(record->body); i++) {
        if (!says_name(e, cx->mem, value_at(record->body, i)))
            continue;
        if (stored == NULL && record->stored.n > 0)
            TRY(json_parse(cx, "version", record->stored, &stored));
        TRY(take_name(e, cx, record, stored, value_key_at(record->body, i)));
    }
    return ctx_check(cx);
}

static int find_names(struct erasing *e)
{
    const struct value *persons = e->erasure->persons;
    struct value *ids;

    if (!e->erasure->texts)
        return 0;
    for (size_t i = 0; i < value_count(persons); i++)
        TRY(record_history(e->cx, e->rs, value_as_text(value_at(persons, i)), each_name, e));
    TRY(replay_registers(e->cx, e->rs, &ids));
    for (size_t i = 0; mentions_any(e->names) && i < value_count(ids); i++)
        TRY(replay_read(e->cx, e->rs, value_as_text(value_at(ids, i)), each_text, e));
    return 0;
}

int erase_find(struct erasing *e)
{
    TRY(find_by_keys(e));
    TRY(find_files(e));
    return find_names(e);
}
