/* Files of records in a bundle: each streamed out of the vault beside what proves it. */
#include "op/bundle_parts.h"
#include "register/record_file.h"
#include "register/record_search.h"

#define REF_BYTES 40u
#define ENDING_BYTES 8u

/* ---- names ---- */

static bool is_plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "evidence/41-EVID-001": the entry, and what people call the record as far as it is plain. */
static struct str folder_of(struct arena *mem, const struct record *record)
{
    struct buf out = buf_new(mem);

    buf_printf(&out, "evidence/%lld-", (long long)record->seq - 1);
    for (size_t i = 0; i < record->ref.n && i < REF_BYTES; i++)
        buf_char(&out, is_plain(record->ref.p[i]) ? record->ref.p[i] : '-');
    return buf_str(&out);
}

/* What stands behind the last point of a file's name, where that is plain. */
static struct str content_of(struct arena *mem, struct str folder, struct str name)
{
    size_t from = name.n;

    while (from > 0 && is_plain(name.p[from - 1]))
        from--;
    struct str ending = str_from(name, from);
    if (from < 2 || name.p[from - 1] != '.' || ending.n == 0 || ending.n > ENDING_BYTES)
        ending = STR("bin");
    return str_printf(mem, "%.*s/content.%.*s", STR_ARG(folder), STR_ARG(ending));
}

/* ---- what is known of a file ---- */

struct bundle_file *bundle_file_of(const struct bundle_writer *w, struct str object)
{
    return object.n > 0 ? (struct bundle_file *)(uintptr_t)dict_get(w->file_at, object) : NULL;
}

static int new_file(struct bundle_writer *w, struct ctx *cx, const struct record *record,
                    const struct value *file, struct bundle_file **ret)
{
    struct arena *mem = w->cx->mem;
    struct bundle_file *f = ARENA_NEW(mem, struct bundle_file);
    struct str shows;

    TRY(record_file_shows(cx, &w->call->org->records, record, &shows));
    *f = (struct bundle_file){.seq = record->seq,
                              .object = str_copy(mem, value_get_text(file, "object")),
                              .ref = str_copy(mem, record->ref),
                              .register_title = record->def->title,
                              .title =
                                  str_copy(mem, record_label(cx->mem, record->def, record->body)),
                              .name = str_copy(mem, value_get_text(file, "name")),
                              .shows = str_copy(mem, shows)};
    f->folder = folder_of(mem, record);
    *ARENA_PUSH(mem, w->files, w->file_n, w->file_room) = f;
    if (f->object.n > 0)
        dict_set(w->file_at, f->object, f);
    *ret = f;
    return 0;
}

/* ---- members ---- */

static int put_meta(struct bundle_writer *w, struct ctx *cx, const struct bundle_file *f,
                    const struct record *record, const struct register_field *field,
                    const struct value *file, const struct vault_object *object)
{
    struct value *v = value_map(cx->mem);
    struct buf out = buf_new(cx->mem);

    value_set_text(v, "field", field->id);
    value_set_text(v, "id", record->id);
    value_set_text(v, "ref", f->ref);
    value_set_text(v, "register", record->def->id);
    value_set_int(v, "seq", f->seq);
    value_set_text(v, "shows", f->shows);
    value_set_text(v, "title", f->title);
    if (file != NULL) {
        value_set_int(v, "bytes", value_get_int(file, "bytes", 0));
        value_set_text(v, "name", f->name);
        value_set_text(v, "type", value_get_text(file, "type"));
    }
    if (f->state == BUNDLE_FILE_LOST)
        value_set_text(v, "lost", f->why);
    if (object != NULL)
        value_set_text(
            v, "salt",
            hash_hex(cx->mem, (struct str){(const char *)object->salt, sizeof object->salt}));
    value_json(&out, v, 0);
    return bundle_member(w, str_printf(cx->mem, "%.*s/meta.json", STR_ARG(f->folder)),
                         buf_str(&out));
}

static int add_piece(void *arg, UNUSED struct ctx *cx, struct str piece)
{
    return bundle_add(arg, piece);
}

/* What the vault has to say is the file's fault; what the bundle's place has to say is not. */
static int put_content(struct bundle_writer *w, struct ctx *cx, struct bundle_file *f,
                       const struct value *file, struct vault_object *ret)
{
    struct vault *vault;

    TRY(home_vault(w->cx, w->call->org, &vault));
    TRY(bundle_begin(w, f->content));
    w->cx->err = (struct err){.rc = 0};
    int rc = record_file_read(cx, &w->call->org->records, vault, file, add_piece, w, ret);
    if (rc == 0)
        return bundle_end(w, f->content);
    if (w->cx->err.rc != 0)
        return w->cx->err.rc; /* it could not be written */
    if (rc != RC_NOT_FOUND && rc != RC_INVALID)
        return fail(w->cx, rc, NULL, "%.*s", STR_ARG(cx->err.text));
    f->why = str_copy(w->cx->mem, cx->err.text);
    f->state = BUNDLE_FILE_LOST;
    return bundle_drop(w);
}

static void count_file(struct bundle_writer *w, const struct bundle_file *f, uint64_t bytes)
{
    struct arena *mem = w->cx->mem;
    struct value *lost;

    switch (f->state) {
    case BUNDLE_FILE_HERE:
        w->counts.files++;
        w->counts.file_bytes += bytes;
        return;
    case BUNDLE_FILE_SEALED:
        w->counts.files_sealed++;
        return;
    case BUNDLE_FILE_ERASED:
        w->counts.files_erased++;
        return;
    case BUNDLE_FILE_LOST:
        lost = value_map(mem);
        value_set_text(lost, "ref", f->ref);
        value_set_text(lost, "message", f->why);
        value_push(w->counts.lost, lost);
    }
}

/* A file that may be shown: its bytes and salt, or what became of it. */
static int put_open(struct bundle_writer *w, struct ctx *cx, struct bundle_file *f,
                    const struct record *record, const struct register_field *field,
                    const struct value *file)
{
    struct vault_object object = {.bytes = 0};
    bool erased = true;

    if (f->object.n > 0)
        TRY(record_file_erased(cx, &w->call->org->records, f->object, &erased));
    f->state = erased ? BUNDLE_FILE_ERASED : BUNDLE_FILE_HERE;
    if (!erased) {
        f->content = content_of(w->cx->mem, f->folder, f->name);
        TRY(put_content(w, cx, f, file, &object));
    }
    bool here = f->state == BUNDLE_FILE_HERE;
    if (!here)
        f->content = STR_NONE;
    count_file(w, f, object.bytes);
    return put_meta(w, cx, f, record, field, file, here ? &object : NULL);
}

/* ---- of a version ---- */

/* Whether the version had a file there that can no longer be told of. */
static int had_file(struct ctx *cx, const struct record *record, const char *field, bool *ret)
{
    struct value *stored = NULL;

    *ret = false;
    if (!record->erased || record->stored.n == 0)
        return 0;
    TRY(json_parse(cx, "version", record->stored, &stored));
    *ret = value_get(value_get(stored, field), "~") != NULL;
    return 0;
}

static int put_field(struct bundle_writer *w, struct ctx *cx, const struct record *record,
                     const struct register_field *field, bool open)
{
    const char *id = str_z(cx->mem, field->id);
    const struct value *file = value_get(record->body, id);
    struct str object = value_get_text(file, "object");
    struct bundle_file *f;
    bool gone = false;

    if (object.n == 0 && open)
        TRY(had_file(cx, record, id, &gone));
    if ((object.n == 0 && !gone) || bundle_file_of(w, object) != NULL)
        return 0;
    TRY(new_file(w, cx, record, file, &f));
    if (open)
        return put_open(w, cx, f, record, field, file);
    f->state = BUNDLE_FILE_SEALED;
    count_file(w, f, 0);
    return 0;
}

int bundle_put_files(struct bundle_writer *w, struct ctx *cx, const struct record *record,
                     bool open)
{
    struct arena *mem CLEANUP(arena_freep) = arena_new(0);
    struct ctx own = *cx;

    own.mem = mem;
    for (size_t i = 0; record->def != NULL && i < record->def->field_n; i++) {
        if (record->def->fields[i].type != REGISTER_FILE)
            continue;
        int rc = put_field(w, &own, record, &record->def->fields[i], open);
        if (rc < 0)
            return fail(cx, rc, NULL, "%.*s",
                        STR_ARG(own.err.rc != 0 ? own.err.text : w->cx->err.text));
    }
    return 0;
}
