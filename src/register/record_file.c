#include "register/record_file.h"

#include <string.h>

#include "register/record_parts.h"
#include "register/record_search.h"

#define ABOUT "assay-object-v1\n" /* what is authenticated with a sealed key, before the id */
#define SEALED_BYTES (VAULT_KEY_BYTES + VAULT_SALT_BYTES)

/* ---- in ---- */

int record_file_store(struct ctx *cx, struct vault *vault, int fd, struct str name, struct str type,
                      struct record_file *ret)
{
    struct value *value = value_map(cx->mem);

    host_random(cx, ret->key, sizeof ret->key);
    TRY(vault_put(cx, vault, ret->key, fd, &ret->object));
    value_set_int(value, "bytes", (int64_t)ret->object.bytes);
    value_set_text(value, "name", name);
    value_set_text(value, "object", ret->object.id);
    value_set_text(value, "type", type);
    ret->value = value;
    return 0;
}

void record_file_wipe(struct record_file *file)
{
    explicit_bzero(file->key, sizeof file->key);
    explicit_bzero(file->object.salt, sizeof file->object.salt);
}

int record_file_announce(struct ctx *cx, const struct record_store *rs,
                         const struct record_file *file, struct str record)
{
    KEPT(q);

    if (rs->keys == NULL)
        return fail(cx, RC_CONFLICT, "file", "%s",
                    _("Without the organisation's keys no file can be kept."));
    TRY(record_prepare(cx, rs,
                       STR("INSERT INTO vault_object (id, record, bytes, commitment, state) "
                           "VALUES (:id, :record, :bytes, :commitment, 'here')"),
                       &q));
    TRY(stmt_bind_text(cx, q.s, "id", file->object.id));
    TRY(stmt_bind_text(cx, q.s, "record", record));
    TRY(stmt_bind_int(cx, q.s, "bytes", (int64_t)file->object.bytes));
    TRY(stmt_bind_text(cx, q.s, "commitment", log_hex(cx->mem, &file->object.commitment)));
    return stmt_run(cx, q.s);
}

static struct str about(struct arena *mem, struct str id)
{
    return str_printf(mem, ABOUT "%.*s", STR_ARG(id));
}

int record_file_bind(struct ctx *cx, const struct record_store *rs, const struct record_file *file,
                     const struct record *record)
{
    unsigned char plain[SEALED_BYTES];
    struct data_key key;
    struct str sealed;
    KEPT(q);

    TRY(data_key_of(cx, rs, record_subject(cx->mem, record), &key));
    memcpy(plain, file->key, VAULT_KEY_BYTES);
    memcpy(plain + VAULT_KEY_BYTES, file->object.salt, VAULT_SALT_BYTES);
    int rc = aead_seal(cx, key.key, about(cx->mem, file->object.id),
                       (struct str){(const char *)plain, sizeof plain}, &sealed);
    explicit_bzero(plain, sizeof plain);
    explicit_bzero(key.key, sizeof key.key);
    TRY(rc);
    TRY(record_prepare(cx, rs,
                       STR("UPDATE vault_object SET data_key = :data_key, sealed = :sealed "
                           "WHERE id = :id"),
                       &q));
    TRY(stmt_bind_text(cx, q.s, "id", file->object.id));
    TRY(stmt_bind_text(cx, q.s, "data_key", key.id));
    TRY(stmt_bind_text(cx, q.s, "sealed", base64_encode(cx->mem, sealed)));
    return stmt_run(cx, q.s);
}

/* ---- in checks and entries ---- */

int record_file_is_of(struct ctx *cx, const struct record_store *rs, struct str object,
                      struct str record, bool *ret)
{
    KEPT(q);

    TRY(record_prepare(cx, rs,
                       STR("SELECT 1 FROM vault_object WHERE id = :id AND record = :record"), &q));
    TRY(stmt_bind_text(cx, q.s, "id", object));
    TRY(stmt_bind_text(cx, q.s, "record", record));
    return stmt_step(cx, q.s, ret);
}

int record_file_commitment(struct ctx *cx, const struct record_store *rs,
                           const struct record *record, struct str *ret)
{
    const struct register_def *def = record->def;
    KEPT(q);
    bool row;

    *ret = STR_NONE;
    for (size_t i = 0; def != NULL && ret->n == 0 && i < def->field_n; i++)
        if (def->fields[i].type == REGISTER_FILE)
            *ret = value_get_text(value_find(record->body, def->fields[i].id), "object");
    if (ret->n == 0)
        return 0;
    TRY(record_prepare(cx, rs, STR("SELECT commitment FROM vault_object WHERE id = :id"), &q));
    TRY(stmt_bind_text(cx, q.s, "id", *ret));
    TRY(stmt_step(cx, q.s, &row));
    *ret = row ? stmt_text(cx->mem, q.s, 0) : STR_NONE;
    return 0;
}

/* ---- out ---- */

struct row {
    struct str id, record, commitment, data_key, sealed, state;
    int64_t bytes;
};

static int read_row(struct ctx *cx, const struct record_store *rs, struct str id, struct row *ret)
{
    KEPT(q);
    bool row;

    TRY(record_prepare(cx, rs,
                       STR("SELECT record, bytes, commitment, data_key, sealed, state "
                           "FROM vault_object WHERE id = :id"),
                       &q));
    TRY(stmt_bind_text(cx, q.s, "id", id));
    TRY(stmt_step(cx, q.s, &row));
    if (!row)
        return fail(cx, RC_NOT_FOUND, "file", _("The vault knows no object %.*s."), STR_ARG(id));
    *ret = (struct row){.id = id,
                        .record = stmt_text(cx->mem, q.s, 0),
                        .bytes = stmt_int(q.s, 1),
                        .commitment = stmt_text(cx->mem, q.s, 2),
                        .data_key = stmt_text(cx->mem, q.s, 3),
                        .sealed = stmt_text(cx->mem, q.s, 4),
                        .state = stmt_text(cx->mem, q.s, 5)};
    return 0;
}

static int erased(struct ctx *cx, const struct row *row)
{
    return fail(cx, RC_NOT_FOUND, "file", _("The file (object %.*s) was erased."),
                STR_ARG(row->id));
}

/* The object and its key. RC_NOT_FOUND where it was erased: itself, or all of its person. */
static int open_row(struct ctx *cx, const struct record_store *rs, const struct row *row,
                    struct vault_object *ret, unsigned char *ret_key)
{
    struct str bytes, plain;
    struct data_key key;
    bool there = row->sealed.n > 0 && str_is(row->state, "here");

    if (rs->keys == NULL)
        return fail(cx, RC_CONFLICT, "file", "%s",
                    _("Without the organisation's keys no file can be read."));
    if (there)
        TRY(data_key_read(cx, rs, row->data_key, &there, &key));
    if (!there)
        return erased(cx, row);
    *ret = (struct vault_object){.id = row->id, .bytes = (uint64_t)row->bytes};
    bool whole = base64_decode(cx->mem, row->sealed, &bytes) &&
                 aead_open(cx->mem, key.key, about(cx->mem, row->id), bytes, &plain) &&
                 plain.n == SEALED_BYTES && log_unhex(row->commitment, &ret->commitment);
    explicit_bzero(key.key, sizeof key.key);
    if (!whole)
        return fail(cx, RC_INVALID, "file",
                    _("What the store has of the object %.*s was changed by something else than "
                      "Assay."),
                    STR_ARG(row->id));
    memcpy(ret_key, plain.p, VAULT_KEY_BYTES);
    memcpy(ret->salt, plain.p + VAULT_KEY_BYTES, VAULT_SALT_BYTES);
    return 0;
}

int record_file_read(struct ctx *cx, const struct record_store *rs, struct vault *vault,
                     const struct value *file, vault_take *take, void *arg,
                     struct vault_object *ret)
{
    unsigned char key[VAULT_KEY_BYTES];
    struct vault_object object;
    struct row row;

    TRY(read_row(cx, rs, value_get_text(file, "object"), &row));
    TRY(open_row(cx, rs, &row, &object, key));
    int rc = vault_get(cx, vault, key, &object, take, arg);
    explicit_bzero(key, sizeof key);
    if (rc == 0 && ret != NULL)
        *ret = object;
    return rc;
}

int record_file_erase(struct ctx *cx, const struct record_store *rs, struct str object)
{
    KEPT(q);

    TRY(record_prepare(cx, rs,
                       STR("UPDATE vault_object SET state = 'erased', data_key = NULL, "
                           "sealed = NULL WHERE id = :id"),
                       &q));
    TRY(stmt_bind_text(cx, q.s, "id", object));
    return stmt_run(cx, q.s);
}

/* ---- whether the row is as the ledger has it ---- */

int record_file_verify(struct ctx *cx, const struct record_store *rs, const struct value *file,
                       struct str record, struct str blob, struct str *ret_wrong)
{
    unsigned char key[VAULT_KEY_BYTES];
    struct vault_object object;
    struct row row;
    int rc = read_row(cx, rs, value_get_text(file, "object"), &row);

    *ret_wrong = STR_NONE;
    if (rc == 0 && (!str_eq(row.record, record) || row.bytes != value_get_int(file, "bytes", -1) ||
                    (blob.n > 0 && !str_eq(row.commitment, blob))))
        rc = fail(cx, RC_INVALID, NULL, "%s",
                  _("what the store has of its file is not what was recorded"));
    if (rc == 0) {
        rc = open_row(cx, rs, &row, &object, key);
        explicit_bzero(key, sizeof key);
    }
    if (rc != RC_NOT_FOUND && rc != RC_INVALID)
        return rc;
    *ret_wrong = cx->err.text;
    return 0;
}

/* ---- all of them ---- */

struct scrubbing {
    const struct record_store *rs;
    struct vault *vault;
    bool read, sweep;
    int64_t now;
    struct value *problems;
    struct dict *found; /* what the vault has, by id, and the same in a row */
    const struct vault_found **all;
    size_t n, room;
    struct record_scrub sums;
};

/* One value of those that a record shows; a line by what stands in it: "supplier SUP-003". */
static int shown_text(struct ctx *cx, const struct record_store *rs,
                      const struct register_field *field, const struct value *v, struct str *ret)
{
    struct buf out = buf_new(cx->mem);
    struct str text;

    if (field->type != REGISTER_ROWS || value_type(v) != VALUE_MAP)
        return record_print(cx, rs, field, v, ret);
    for (size_t i = 0; i < field->of->field_n; i++) {
        const struct register_field *inner = &field->of->fields[i];
        TRY(record_print(cx, rs, inner, value_find(v, inner->id), &text));
        if (text.n > 0)
            buf_printf(&out, "%s%.*s", out.n > 0 ? " " : "", STR_ARG(text));
    }
    *ret = buf_str(&out);
    return 0;
}

static int add_shown(struct ctx *cx, const struct record_store *rs,
                     const struct register_field *field, const struct value *v, struct buf *out)
{
    bool list = value_type(v) == VALUE_LIST;
    struct str text;

    buf_printf(out, "%s%.*s: ", out->n > 0 ? "; " : "", STR_ARG(field->label));
    for (size_t i = 0; i < (list ? value_count(v) : 1); i++) {
        TRY(shown_text(cx, rs, field, list ? value_at(v, i) : v, &text));
        buf_printf(out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(text));
    }
    return 0;
}

int record_file_shows(struct ctx *cx, const struct record_store *rs, const struct record *record,
                      struct str *ret)
{
    const struct register_group *shows = &record->def->shows;
    struct buf out = buf_new(cx->mem);

    for (size_t i = 0; i < shows->n; i++) {
        const struct register_field *field = &record->def->fields[shows->items[i]];
        const struct value *v = value_find(record->body, field->id);
        if (v != NULL)
            TRY(add_shown(cx, rs, field, v, &out));
    }
    *ret = buf_str(&out);
    return 0;
}

/* What a record is called that has no more than an id here, and what depends on it. */
static int name_record(struct ctx *cx, const struct record_store *rs, struct str id,
                       struct value *problem, struct str *ret_showed)
{
    struct record record;
    int rc = record_last(cx, rs, id, INT64_MAX, &record);

    if (rc == RC_NOT_FOUND)
        return 0;
    TRY(rc);
    value_set_text(problem, "register", record.register_id);
    value_set_text(problem, "ref", record.ref);
    if (record.def == NULL || record.body == NULL)
        return 0;
    TRY(record_file_shows(cx, rs, &record, ret_showed));
    value_set_text(problem, "title", record_label(cx->mem, record.def, record.body));
    value_set_text(problem, "showed", *ret_showed);
    return 0;
}

static int add_problem(struct ctx *cx, struct scrubbing *s, const struct row *row,
                       struct str message)
{
    struct value *problem = value_map(cx->mem);
    struct str showed = STR_NONE, title;

    value_set_text(problem, "register", STR("vault"));
    value_set_text(problem, "ref", row->id);
    value_set_text(problem, "object", row->id);
    TRY(name_record(cx, s->rs, row->record, problem, &showed));
    title = value_get_text(problem, "title");
    if (title.n > 0)
        message = str_printf(cx->mem, "%.*s. %.*s", STR_ARG(title), STR_ARG(message));
    if (showed.n > 0)
        message = str_printf(cx->mem, _("%.*s It showed something: %.*s."), STR_ARG(message),
                             STR_ARG(showed));
    value_set_text(problem, "message", message);
    value_push(s->problems, problem);
    return 0;
}

/* Errors of what was stored are what is looked for; those of the machine end it. */
static int check_row(struct ctx *cx, struct scrubbing *s, const struct row *row)
{
    unsigned char key[VAULT_KEY_BYTES];
    struct vault_object object;
    int rc = dict_get(s->found, row->id) == NULL
                 ? fail(cx, RC_NOT_FOUND, "file",
                        _("Its file (object %.*s) is lost from the vault."), STR_ARG(row->id))
                 : open_row(cx, s->rs, row, &object, key);

    if (rc == 0 && s->read)
        rc = vault_get(cx, s->vault, key, &object, NULL, NULL);
    explicit_bzero(key, sizeof key);
    if (rc == RC_NOT_FOUND || rc == RC_INVALID)
        return add_problem(cx, s, row, cx->err.text);
    TRY(rc);
    s->sums.objects++;
    s->sums.bytes += (uint64_t)row->bytes;
    return 0;
}

/* A row whose key went with its person is erased, as one is whose own went. */
static int is_erased(struct ctx *cx, const struct record_store *rs, const struct row *row,
                     bool *ret)
{
    KEPT(q);
    bool there;

    *ret = row->sealed.n == 0 || !str_is(row->state, "here");
    if (*ret)
        return 0;
    TRY(record_prepare(cx, rs, STR("SELECT 1 FROM data_key WHERE id = :id"), &q));
    TRY(stmt_bind_text(cx, q.s, "id", row->data_key));
    TRY(stmt_step(cx, q.s, &there));
    *ret = !there;
    return 0;
}

int record_file_erased(struct ctx *cx, const struct record_store *rs, struct str object, bool *ret)
{
    struct row row;

    TRY(read_row(cx, rs, object, &row));
    return is_erased(cx, rs, &row, ret);
}

static int note_found(void *arg, UNUSED struct ctx *cx, const struct vault_found *found)
{
    struct scrubbing *s = arg;
    struct vault_found *copy = ARENA_NEW(cx->mem, struct vault_found);

    *copy = *found;
    copy->id = str_copy(cx->mem, found->id);
    dict_set(s->found, copy->id, copy);
    *ARENA_PUSH(cx->mem, s->all, s->n, s->room) = copy;
    return 0;
}

static int check_rows(struct ctx *cx, struct scrubbing *s, const struct value *ids)
{
    for (size_t i = 0; i < value_count(ids); i++) {
        struct row row;
        bool gone;
        TRY(read_row(cx, s->rs, value_as_text(value_at(ids, i)), &row));
        TRY(is_erased(cx, s->rs, &row, &gone));
        if (!gone)
            TRY(check_row(cx, s, &row));
    }
    return 0;
}

static int all_ids(struct ctx *cx, const struct record_store *rs, struct value **ret)
{
    KEPT(q);
    bool row;

    *ret = value_list(cx->mem);
    TRY(record_prepare(cx, rs, STR("SELECT id FROM vault_object ORDER BY id"), &q));
    for (;;) {
        TRY(stmt_step(cx, q.s, &row));
        if (!row)
            return 0;
        value_push(*ret, value_text(cx->mem, stmt_text(cx->mem, q.s, 0)));
    }
}

/* Whether an object of the vault is nobody's, or was erased. */
static int sweep_one(struct ctx *cx, struct scrubbing *s, const struct vault_found *found)
{
    bool old = s->now - found->at_ms > (int64_t)RECORD_FILE_OPEN_HOURS * 3600 * 1000, gone = true;
    struct err err = cx->err;
    struct row row;
    int rc = found->upload ? RC_NOT_FOUND : read_row(cx, s->rs, found->id, &row);

    if (rc != RC_NOT_FOUND) {
        TRY(rc);
        TRY(is_erased(cx, s->rs, &row, &gone));
        old = true;
    }
    cx->err = err;
    if (!gone)
        return 0;
    if (!old || !s->sweep) {
        s->sums.young++;
        return 0;
    }
    s->sums.removed++;
    return vault_remove(cx, s->vault, found->id);
}

int record_files_scrub(struct ctx *cx, const struct record_store *rs, struct vault *vault,
                       bool read, bool sweep, struct value *problems, struct record_scrub *ret)
{
    struct scrubbing s = {.rs = rs,
                          .vault = vault,
                          .read = read,
                          .sweep = sweep,
                          .now = host_now_ms(cx),
                          .problems = problems,
                          .found = dict_new(cx->mem)};
    struct value *ids;

    TRY(vault_list(cx, vault, note_found, &s));
    TRY(all_ids(cx, rs, &ids));
    TRY(check_rows(cx, &s, ids));
    for (size_t i = 0; i < s.n; i++)
        TRY(sweep_one(cx, &s, s.all[i]));
    *ret = s.sums;
    return 0;
}
