/* What a version hides and how it is opened again: docs/ledger.md. */
#include "register/record_parts.h"

#include <string.h>

#include "base/aead.h"
#include "register/record_together.h"

#define SALT_BYTES 32u
#define ABOUT_OPENING "assay-opening-v1\n"
#define BODY "assay-body-v1\n"
#define FIELD "assay-field-v1\n"
#define SEALED                                                                                     \
    "{\"~\":\"" /* how a sealed field begins; texts cannot hold it, as they escape quotes */

/* ---- what is sealed ---- */

static bool says(const struct value *v)
{
    if (value_type(v) == VALUE_LIST) {
        for (size_t i = 0; i < value_count(v); i++)
            if (says(value_at(v, i)))
                return true;
        return false;
    }
    return value_get(v, RECORD_SAID) != NULL;
}

static bool is_sealed(struct arena *mem, const struct register_field *field, const struct value *v);

static bool has_sealed_line(struct arena *mem, const struct register_def *of,
                            const struct value *lines)
{
    for (size_t i = 0; i < value_count(lines); i++) {
        const struct value *line = value_at(lines, i);
        for (size_t k = 0; k < value_count(line); k++)
            if (is_sealed(mem, register_field(of, value_key_at(line, k)), value_at(line, k)))
                return true;
    }
    return false;
}

/* Fields that tell of a person, free text that may, and names of people whom no record is of. */
static bool is_sealed(struct arena *mem, const struct register_field *field, const struct value *v)
{
    if (field == NULL) /* of a definition that is gone: by what it is */
        return value_type(v) == VALUE_TEXT || (value_count(v) > 0 && !record_is_erased(v));
    if (record_is_erased(v))
        return false;
    if (field->personal == PERSONAL_YES)
        return true;
    switch (field->type) {
    case REGISTER_FILE:
        return true;
    case REGISTER_TEXT:
    case REGISTER_LONG_TEXT:
    case REGISTER_MARKDOWN:
        return field->personal != PERSONAL_NO;
    case REGISTER_ROWS:
        return has_sealed_line(mem, field->of, v);
    case REGISTER_PERSON:
    case REGISTER_PEOPLE:
        return says(v);
    case REGISTER_REFERENCE:
    case REGISTER_REFERENCES:
        return field->personal != PERSONAL_NO && says(v);
    default:
        return false;
    }
}

const struct register_field *record_field_called(const struct register_def *def, struct str key)
{
    const struct register_field *field = def != NULL ? register_field(def, key) : NULL;

    for (size_t i = 0; def != NULL && field == NULL && i < def->field_n; i++)
        if (str_eq(def->fields[i].was, key))
            field = &def->fields[i];
    return field;
}

/* Whose key seals it: of the person that the record is about, else its own. */
struct str record_subject(struct arena *mem, const struct record *record)
{
    const struct register_field *field = record->def != NULL ? record->def->subject : NULL;
    struct str person =
        field != NULL ? value_get_text(record->body, str_z(mem, field->id)) : STR_NONE;

    return person.n > 0 ? person : record->id;
}

/* ---- sealing ---- */

struct salt {
    unsigned char b[SALT_BYTES];
};

static struct str salt_str(const struct salt *salt)
{
    return (struct str){(const char *)salt->b, sizeof salt->b};
}

static struct str hash_text(struct arena *mem, const struct hash *hash)
{
    return hash_hex(mem, (struct str){(const char *)hash->b, sizeof hash->b});
}

/* A field that was sealed. */
struct closed {
    struct str field, json;
    struct salt salt;
};

struct sealing {
    struct ctx *cx;
    const struct record_store *rs;
    const struct record *record;
    struct closed *items;
    size_t n, room;
    struct str text; /* the sealed body as JSON, "" where there is none */
    struct salt salt;
    struct str commitment; /* to the body */
    struct str blob;       /* to its file, "" where it has none in the vault */
};

static struct value *seal_field(struct sealing *s, struct str field, const struct value *v)
{
    struct arena *mem = s->cx->mem;
    struct closed *closed = ARENA_PUSH(mem, s->items, s->n, s->room);
    struct value *map = value_map_room(mem, 1);

    closed->field = field;
    closed->json = record_json(mem, v);
    host_random(s->cx, closed->salt.b, SALT_BYTES);
    const struct hash hash = hash_hmac(
        salt_str(&closed->salt), (struct str[]){STR(FIELD), field, STR("\n"), closed->json}, 4);
    value_set_text(map, "~", hash_text(mem, &hash));
    return map;
}

static void seal_body(struct sealing *s)
{
    const struct value *body = s->record->body;
    struct arena *mem = s->cx->mem;
    struct value *map = value_map_room(mem, value_count(body));

    for (size_t i = 0; i < value_count(body); i++) {
        struct str key = value_key_at(body, i);
        const struct value *v = value_at(body, i);
        value_set(map, str_z(mem, key),
                  is_sealed(mem, record_field_called(s->record->def, key), v)
                      ? seal_field(s, key, v)
                      : (struct value *)(uintptr_t)v);
    }
    s->text = record_json(mem, map);
}

static struct str committed_text(struct arena *mem, struct str sealed, struct str ref)
{
    struct buf out = buf_new(mem);

    buf_addz(&out, "{\"body\":");
    buf_add(&out, sealed.n > 0 ? sealed : STR("null"));
    buf_addz(&out, ",\"ref\":");
    buf_add(&out, record_json(mem, value_text(mem, ref)));
    buf_char(&out, '}');
    return buf_str(&out);
}

struct str record_commitment(struct arena *mem, struct str salt, struct str sealed, struct str ref)
{
    const struct hash hash =
        hash_hmac(salt, (struct str[]){STR(BODY), committed_text(mem, sealed, ref)}, 2);

    return hash_text(mem, &hash);
}

struct str record_field_commitment(struct arena *mem, struct str salt, struct str field,
                                   struct str json)
{
    const struct hash hash = hash_hmac(salt, (struct str[]){STR(FIELD), field, STR("\n"), json}, 4);

    return hash_text(mem, &hash);
}

static int seal(struct sealing *s)
{
    struct arena *mem = s->cx->mem;

    if (s->record->body != NULL)
        seal_body(s);
    host_random(s->cx, s->salt.b, SALT_BYTES);
    s->commitment = record_commitment(mem, salt_str(&s->salt), s->text, s->record->ref);
    return record_file_commitment(s->cx, s->rs, s->record, &s->blob);
}

/* ---- openings ---- */

static struct str about(struct arena *mem, int64_t seq, struct str field)
{
    return str_printf(mem, ABOUT_OPENING "%lld\n%.*s", (long long)seq, STR_ARG(field));
}

static int put_opening(struct sealing *s, struct str field, struct str salt, struct str key,
                       struct str value)
{
    struct ctx *cx = s->cx;
    KEPT(q);

    TRY(record_prepare(cx, s->rs,
                       STR("INSERT INTO opening (seq, field, salt, key, value) VALUES (:seq, "
                           ":field, :salt, :key, :value)"),
                       &q));
    TRY(stmt_bind_int(cx, q.s, "seq", s->record->seq));
    TRY(stmt_bind_text(cx, q.s, "field", field));
    TRY(stmt_bind_text_or_null(cx, q.s, "salt", salt));
    TRY(stmt_bind_text_or_null(cx, q.s, "key", key));
    TRY(stmt_bind_text_or_null(cx, q.s, "value", value));
    return stmt_run(cx, q.s);
}

/* Its salt and its value, encrypted together: neither can be tested against the commitment. */
static int put_closed(struct sealing *s, const struct closed *closed, const struct data_key *key)
{
    struct arena *mem = s->cx->mem;
    struct buf plain = buf_new(mem);
    struct str sealed;

    buf_add(&plain, salt_str(&closed->salt));
    buf_add(&plain, closed->json);
    TRY(aead_seal(s->cx, key->key, about(mem, s->record->seq, closed->field), buf_str(&plain),
                  &sealed));
    return put_opening(s, closed->field, STR_NONE, key->id, base64_encode(mem, sealed));
}

static int put_openings(struct sealing *s)
{
    const struct record *record = s->record;
    struct arena *mem = s->cx->mem;
    struct data_key key;

    TRY(put_opening(s, STR_NONE, hash_hex(mem, salt_str(&s->salt)), STR_NONE, STR_NONE));
    if (s->n == 0)
        return 0;
    struct str subject = record_subject(mem, record);
    TRY(data_key_of(s->cx, s->rs, subject, &key));
    for (size_t i = 0; i < s->n; i++)
        TRY(put_closed(s, &s->items[i], &key));
    explicit_bzero(key.key, sizeof key.key);
    return 0;
}

/* ---- entries ---- */

static struct value *actor_value(struct arena *mem, const struct record *record)
{
    struct value *v = value_map_room(mem, 3);

    value_set_text(v, "i", record->actor);
    value_set_text(v, "r", record->role);
    value_set_text(v, "v", record->via);
    return v;
}

static struct str entry_of(const struct sealing *s, int64_t before, const struct value *extra)
{
    const struct record *record = s->record;
    struct arena *mem = s->cx->mem;
    struct value *v = value_map_room(mem, 9), *c = value_map_room(mem, 2),
                 *o = value_map_room(mem, 3);

    if (s->blob.n > 0)
        value_set_text(c, "blob", s->blob);
    value_set_text(c, "body", s->commitment);
    value_set_text(o, "i", record->id);
    value_set_text(o, "k", record->def != NULL ? record->def->id : record->register_id);
    value_set_int(o, "r", record->rev);
    value_set(v, "a", actor_value(mem, record));
    value_set_text(v, "at", record->at);
    value_set(v, "c", c);
    value_set_int(v, "n", record->seq - 1);
    value_set(v, "o", o);
    value_set_int(v, "p", before - 1);
    value_set_text(v, "t", str_printf(mem, "record.%.*s", STR_ARG(record->act)));
    value_set_int(v, "v", 1);
    if (extra != NULL)
        value_set(v, "x", (struct value *)(uintptr_t)extra);
    return record_json(mem, v);
}

/* To the ledger; of many versions together the head is written at the end. */
static int append(struct sealing *s, struct str entry)
{
    struct record_together *together = s->rs->together;
    uint64_t n = (uint64_t)s->record->seq - 1;
    struct log *log = record_log(s->rs);

    if (together == NULL)
        return log_append(s->cx, log, n, entry, s->record->at);
    TRY(log_batch_next(s->cx, &together->ledger, n));
    return log_batch_add(s->cx, log, &together->ledger, entry,
                         str_copy(together->mem, s->record->at));
}

int record_version_add(struct ctx *cx, const struct record_store *rs, const struct record *record,
                       int64_t before, const struct value *extra)
{
    struct sealing s = {.cx = cx, .rs = rs, .record = record};
    struct record sealed = *record;

    if (rs->keys == NULL)
        return record_version_put(cx, rs, record);
    TRY(seal(&s));
    sealed.stored = s.text;
    TRY(record_version_put(cx, rs, &sealed));
    TRY(put_openings(&s));
    return append(&s, entry_of(&s, before, extra));
}

int record_version_seal(struct ctx *cx, const struct record_store *rs, const struct record *record,
                        int64_t before, struct log_batch *batch)
{
    struct sealing s = {.cx = cx, .rs = rs, .record = record};
    KEPT(q);

    TRY(seal(&s));
    TRY(record_prepare(cx, rs, STR("UPDATE record_version SET body = :body WHERE seq = :seq"), &q));
    TRY(stmt_bind_text_or_null(cx, q.s, "body", s.text));
    TRY(stmt_bind_int(cx, q.s, "seq", record->seq));
    TRY(stmt_run(cx, q.s));
    TRY(put_openings(&s));
    return log_batch_add(cx, record_log(rs), batch, entry_of(&s, before, NULL), record->at);
}

/* ---- opening ---- */

/* What a row of `opening` has of a sealed field. */
struct sealed_value {
    struct str field, key, value;
};

bool record_is_sealed(struct str stored)
{
    return str_find(stored, STR(SEALED), 0) != SIZE_MAX;
}

static int wrong_opening(struct ctx *cx, const struct record *record, struct str field)
{
    return fail(cx, RC_FAIL, NULL,
                _("Version %lld of %.*s: what opens its field \"%.*s\" was changed by something "
                  "else than Assay. To see what was: assay ledger verify."),
                (long long)record->rev, STR_ARG(record->ref), STR_ARG(field));
}

/* The salt and the JSON of a field; `*ret_there` is false where its key is gone. */
static int open_value(struct ctx *cx, struct arena *mem, const struct record_store *rs,
                      const struct record *record, const struct sealed_value *sealed,
                      bool *ret_there, struct str *ret_salt, struct str *ret_json)
{
    struct str bytes, plain;
    struct data_key key;

    TRY(data_key_read(cx, rs, sealed->key, ret_there, &key));
    if (!*ret_there)
        return 0;
    bool whole = base64_decode(mem, sealed->value, &bytes) &&
                 aead_open(mem, key.key, about(mem, record->seq, sealed->field), bytes, &plain) &&
                 plain.n > SALT_BYTES;
    explicit_bzero(key.key, sizeof key.key);
    if (!whole)
        return wrong_opening(cx, record, sealed->field);
    *ret_salt = str_sub(plain, 0, SALT_BYTES);
    *ret_json = str_from(plain, SALT_BYTES);
    return 0;
}

/* "FIELD KEY VALUE" of each, between ";". */
static bool next_opening(struct str *rest, struct sealed_value *ret)
{
    struct str line;

    if (!str_split(rest, ';', &line))
        return false;
    return str_split(&line, ' ', &ret->field) && str_split(&line, ' ', &ret->key) &&
           str_split(&line, ' ', &ret->value);
}

static bool find_opening(struct str openings, struct str field, struct sealed_value *ret)
{
    while (next_opening(&openings, ret))
        if (str_eq(ret->field, field))
            return true;
    return false;
}

int record_open_field(struct ctx *cx, struct arena *mem, const struct record_store *rs,
                      const struct record *record, struct str openings, struct str field,
                      bool *ret_there, struct str *ret_salt, struct str *ret_json)
{
    struct sealed_value sealed;

    *ret_there = find_opening(openings, field, &sealed);
    return *ret_there ? open_value(cx, mem, rs, record, &sealed, ret_there, ret_salt, ret_json) : 0;
}

static int open_field(struct ctx *cx, struct arena *mem, const struct record_store *rs,
                      const struct record *record, struct str openings, struct str field,
                      struct value **ret)
{
    struct ctx in = *cx;
    struct str salt, json;
    bool there;

    *ret = NULL;
    TRY(record_open_field(cx, mem, rs, record, openings, field, &there, &salt, &json));
    in.mem = mem;
    if (there && json_parse(&in, "opening", json, ret) != 0)
        return wrong_opening(cx, record, field);
    return 0;
}

int record_unseal(struct ctx *cx, struct arena *mem, const struct record_store *rs,
                  struct record *record, struct str openings, const struct value *body,
                  struct value **ret)
{
    struct value *map = value_map_room(mem, value_count(body)), *opened;

    if (rs->keys == NULL)
        return fail(cx, RC_FAIL, NULL, _("Version %lld of %.*s is sealed, and no keys are here."),
                    (long long)record->rev, STR_ARG(record->ref));
    for (size_t i = 0; i < value_count(body); i++) {
        const struct value *v = value_at(body, i);
        const char *key = str_z(mem, value_key_at(body, i));
        opened = (struct value *)(uintptr_t)v;
        if (value_type(v) == VALUE_MAP && value_get(v, "~") != NULL)
            TRY(open_field(cx, mem, rs, record, openings, str_of(key), &opened));
        record->erased = record->erased || opened == NULL;
        value_set(map, key, opened != NULL ? opened : record_erased_value(mem));
    }
    *ret = map;
    return 0;
}
