#include "register/record_erase_parts.h"

#include "register/record_file.h"
#include "register/record_search.h"

#define NAMED_BYTES 10000u /* of what one entry names; it has at most 16,384 */
#define PAIR_BYTES 32u     /* of a version's number and what stands around it */

/* ---- what is destroyed ---- */

static int run_text(struct erasing *e, const char *sql, const char *name, struct str text)
{
    KEPT(q);

    TRY(record_prepare(e->cx, e->rs, str_of(sql), &q));
    TRY(stmt_bind_text(e->cx, q.s, name, text));
    return stmt_run(e->cx, q.s);
}

static int drop_values(struct erasing *e, const struct erase_record *r)
{
    for (size_t i = 0; i < r->n; i++) {
        KEPT(q);
        TRY(record_prepare(e->cx, e->rs,
                           STR("DELETE FROM opening WHERE seq = :seq AND field = :field"), &q));
        TRY(stmt_bind_int(e->cx, q.s, "seq", r->values[i].seq));
        TRY(stmt_bind_text(e->cx, q.s, "field", r->values[i].field));
        TRY(stmt_run(e->cx, q.s));
    }
    /* The hash of a request is one of what it said. */
    return run_text(e,
                    "DELETE FROM record_key WHERE seq IN (SELECT seq FROM record_version "
                    "WHERE id = :id)",
                    "id", r->id);
}

static int drop_key(struct erasing *e, struct str subject)
{
    TRY(run_text(e,
                 "UPDATE vault_object SET state = 'erased', data_key = NULL, sealed = NULL WHERE "
                 "data_key IN (SELECT id FROM data_key WHERE subject = :subject)",
                 "subject", subject));
    return run_text(e, "DELETE FROM data_key WHERE subject = :subject", "subject", subject);
}

static int destroy(struct erasing *e)
{
    const struct record_erasure *erasure = e->erasure;
    const struct value *objects = e->report->objects;

    for (size_t i = 0; i < e->n; i++)
        TRY(drop_values(e, e->records[i]));
    for (size_t i = 0; i < value_count(objects); i++)
        TRY(record_file_erase(e->cx, e->rs, value_as_text(value_at(objects, i))));
    for (size_t i = 0; i < value_count(erasure->persons); i++)
        TRY(drop_key(e, value_as_text(value_at(erasure->persons, i))));
    for (size_t i = 0; i < erasure->target_n; i++)
        TRY(run_text(e,
                     "DELETE FROM data_key WHERE subject = :subject AND NOT EXISTS (SELECT 1 FROM "
                     "opening o WHERE o.key = data_key.id) AND NOT EXISTS (SELECT 1 FROM "
                     "vault_object v WHERE v.data_key = data_key.id)",
                     "subject", erasure->targets[i].id));
    record_secrets_forget(e->rs);
    return 0;
}

/* ---- the last version without it ---- */

/* Ids of records are no texts that people wrote. */
static bool has_words(const struct register_field *field)
{
    switch (field != NULL ? field->type : REGISTER_TEXT) {
    case REGISTER_TEXT:
    case REGISTER_LONG_TEXT:
    case REGISTER_MARKDOWN:
    case REGISTER_PERSON:
    case REGISTER_PEOPLE:
    case REGISTER_REFERENCE:
    case REGISTER_REFERENCES:
    case REGISTER_FILE:
        return true;
    default:
        return false;
    }
}

static struct value *without_names(struct erasing *e, const struct register_field *field,
                                   const struct value *v)
{
    struct arena *mem = e->cx->mem;
    struct str text;

    if (value_type(v) == VALUE_LIST) {
        struct value *list = value_list(mem);
        for (size_t i = 0; i < value_count(v); i++)
            value_push(list, without_names(e, field, value_at(v, i)));
        return list;
    }
    if (value_type(v) == VALUE_MAP) {
        const struct register_def *of =
            field != NULL && field->type == REGISTER_ROWS ? field->of : NULL;
        struct value *map = value_map(mem);
        for (size_t i = 0; i < value_count(v); i++) {
            struct str key = value_key_at(v, i);
            value_set(
                map, str_z(mem, key),
                without_names(e, of != NULL ? register_field(of, key) : field, value_at(v, i)));
        }
        return map;
    }
    if (value_type(v) == VALUE_TEXT && has_words(field) &&
        mentions_replace(e->names, mem, value_as_text(v), record_erased_word(), &text))
        return value_text(mem, text);
    return (struct value *)(uintptr_t)v;
}

static struct value *body_after(struct erasing *e, const struct erase_record *r,
                                const struct record *last)
{
    struct arena *mem = e->cx->mem;
    struct value *body = value_map(mem);

    for (size_t i = 0; i < value_count(last->body); i++) {
        struct str key = value_key_at(last->body, i);
        const struct register_field *field = record_field_called(r->def, key);
        const struct value *v = value_at(last->body, i);
        value_set(body, str_z(mem, key),
                  r->named ? without_names(e, field, v) : (struct value *)(uintptr_t)v);
    }
    for (size_t i = 0; i < r->n; i++) {
        const struct register_field *field = record_field_called(r->def, r->values[i].field);
        struct str key = field != NULL ? field->id : r->values[i].field;
        if (r->values[i].seq == last->seq && !r->values[i].named)
            value_set(body, str_z(mem, key), record_erased_value(mem));
    }
    return body;
}

/* ---- versions that say so ---- */

/* {"by": the decision, "erased": [[version, field], ...]}, as many as an entry takes. */
static struct value *next_extra(struct erasing *e, const struct erase_record *r, size_t *at)
{
    struct arena *mem = e->cx->mem;
    struct value *extra = value_map(mem), *list = value_list(mem);

    value_set_text(extra, "by", e->erasure->decision);
    for (size_t bytes = 0; *at < r->n && bytes < NAMED_BYTES; (*at)++) {
        struct value *pair = value_list(mem);
        value_push(pair, value_int(mem, r->values[*at].seq));
        value_push(pair, value_text(mem, r->values[*at].field));
        value_push(list, pair);
        bytes += PAIR_BYTES + r->values[*at].field.n;
    }
    if (value_count(list) > 0)
        value_set(extra, "erased", list);
    return extra;
}

static int put_versions(struct erasing *e, const struct erase_record *r, struct record *last,
                        const struct value *body)
{
    const struct record_actor *actor = &e->erasure->actor;
    size_t at = 0;

    do {
        struct record next = {.def = r->def,
                              .register_id = r->register_id,
                              .id = last->id,
                              .ref = last->ref,
                              .rev = last->rev + 1,
                              .actor = actor->person,
                              .role = actor->role,
                              .via = actor->via,
                              .act = STR("erase"),
                              .body = body};
        TRY(record_version_next(e->cx, e->rs, &next.seq, &next.at));
        TRY(record_version_add(e->cx, e->rs, &next, last->seq, next_extra(e, r, &at)));
        *last = next;
    } while (at < r->n);
    return 0;
}

static void report(struct erasing *e, const struct erase_record *r, const struct record *last)
{
    struct arena *mem = e->cx->mem;
    struct value *v = value_map(mem), *fields = value_list(mem);
    struct dict *seen = dict_new(mem);

    for (size_t i = 0; i < r->n; i++) {
        if (dict_has(seen, r->values[i].field))
            continue;
        dict_set(seen, r->values[i].field, "");
        value_push(fields, value_text(mem, r->values[i].field));
    }
    value_set_text(v, "register", r->register_id);
    value_set_text(v, "ref", last->ref);
    value_set_text(v, "id", r->id);
    value_set_text(v, "about", record_subject(mem, last));
    value_set(v, "fields", fields);
    value_set_int(v, "values", (int64_t)r->n);
    value_set_bool(v, "named", r->named);
    value_push(e->report->records, v);
}

static int say_it(struct erasing *e, const struct erase_record *r, struct record *last)
{
    const struct value *body = last->body != NULL ? body_after(e, r, last) : NULL;

    report(e, r, last);
    TRY(put_versions(e, r, last, body));
    if (body == NULL || r->def == NULL)
        return 0;
    TRY(record_rows_put(e->cx, e->rs, last));
    return record_search_update(e->cx, e->rs, last);
}

int record_erased_by(struct ctx *cx, const struct record_store *rs, int64_t seq, struct str *ret)
{
    struct value *entry;
    bool row;
    KEPT(q);

    *ret = STR_NONE;
    TRY(record_prepare(cx, rs, STR("SELECT bytes FROM ledger_entry WHERE n = :n"), &q));
    TRY(stmt_bind_int(cx, q.s, "n", seq - 1));
    TRY(stmt_step(cx, q.s, &row));
    if (!row)
        return 0;
    TRY(json_parse(cx, "ledger_entry", stmt_text(cx->mem, q.s, 0), &entry));
    *ret = value_as_text(value_path(entry, "x.by"));
    return 0;
}

/* ---- all ---- */

static void take_subjects(struct erasing *e)
{
    const struct record_erasure *erasure = e->erasure;

    for (size_t i = 0; i < value_count(erasure->persons); i++)
        dict_set(e->persons, value_as_text(value_at(erasure->persons, i)), "");
    for (size_t i = 0; i < erasure->target_n; i++)
        dict_set(e->targets, erasure->targets[i].id, "");
}

/* What the last versions say is read while there is something to read. */
static int carry_out(struct erasing *e)
{
    struct record *last = arena_array(e->cx->mem, e->n + 1, sizeof *last);

    for (size_t i = 0; i < e->n; i++)
        TRY(record_last(e->cx, e->rs, e->records[i]->id, INT64_MAX, &last[i]));
    TRY(destroy(e));
    for (size_t i = 0; i < e->n; i++)
        TRY(say_it(e, e->records[i], &last[i]));
    return 0;
}

int record_erase(struct ctx *cx, const struct record_store *rs,
                 const struct record_erasure *erasure, struct record_erased *ret)
{
    struct arena *mem = cx->mem;
    struct record_erased report = {
        .records = value_list(mem), .stays = value_list(mem), .objects = value_list(mem)};
    struct erasing e = {.cx = cx,
                        .rs = rs,
                        .erasure = erasure,
                        .report = &report,
                        .persons = dict_new(mem),
                        .targets = dict_new(mem),
                        .about = dict_new(mem),
                        .names = mentions_new(mem),
                        .seen = dict_new(mem),
                        .by_id = dict_new(mem),
                        .objects = dict_new(mem)};

    if (rs->keys == NULL)
        return fail(cx, RC_CONFLICT, NULL, "%s",
                    _("Without the organisation's keys nothing can be erased."));
    take_subjects(&e);
    TRY(erase_find(&e));
    TRY(carry_out(&e));
    *ret = report;
    return 0;
}
