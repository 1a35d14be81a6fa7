/* Fields that are given as files: FIELD=@PATH is the text of a file, or in a field of the type
 * `file` the file itself, which goes to the vault. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "op/call.h"

#define TEXT_BYTES ((size_t)1024 * 1024)

/* ---- what it is called, and is ---- */

static struct str base_name(struct str path)
{
    size_t from = path.n;

    while (from > 0 && path.p[from - 1] != '/')
        from--;
    return str_is(path, "-") ? STR("stdin") : str_from(path, from);
}

static struct str type_of(struct str name)
{
    static const char *const types[][2] = {
        {".pdf", "application/pdf"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".jpeg", "image/jpeg"},
        {".gif", "image/gif"},
        {".webp", "image/webp"},
        {".svg", "image/svg+xml"},
        {".txt", "text/plain"},
        {".log", "text/plain"},
        {".md", "text/markdown"},
        {".csv", "text/csv"},
        {".html", "text/html"},
        {".json", "application/json"},
        {".jsonl", "application/jsonl"},
        {".yaml", "application/yaml"},
        {".yml", "application/yaml"},
        {".xml", "application/xml"},
        {".eml", "message/rfc822"},
        {".zip", "application/zip"},
        {".gz", "application/gzip"},
        {".tar", "application/x-tar"},
        {".mp4", "video/mp4"},
        {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
        {".odt", "application/vnd.oasis.opendocument.text"},
        {".ods", "application/vnd.oasis.opendocument.spreadsheet"},
    };

    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_ends_nocase(name, types[i][0]))
            return str_of(types[i][1]);
    return STR("application/octet-stream");
}

/* ---- words ---- */

/* "FIELD=@PATH" has one; "FIELD=@@TEXT" is a text that begins with @. */
static bool has_path(struct str word, struct str *ret_field, struct str *ret_path)
{
    size_t equals = str_find_char(word, '=', 0);

    if (equals == SIZE_MAX || equals + 1 >= word.n || word.p[equals + 1] != '@' ||
        (equals + 2 < word.n && word.p[equals + 2] == '@'))
        return false;
    *ret_field = str_sub(word, 0, equals);
    *ret_path = str_from(word, equals + 2);
    return true;
}

static int open_path(struct op_call *call, struct str path, int *ret)
{
    if (call->open == NULL)
        return fail(call->cx, RC_INVALID, "fields", "%s",
                    _("Files cannot be named here. (A text that begins with @ is written @@.)"));
    return call->open(call->open_arg, call->cx, path, ret);
}

static int read_text(struct op_call *call, struct str path, struct str *ret)
{
    int fd CLEANUP(fd_close) = -1;
    char *bytes = arena_alloc(call->cx->mem, TEXT_BYTES + 1);
    size_t n = 0;
    ssize_t got = 1;

    TRY(open_path(call, path, &fd));
    while (got > 0 && n <= TEXT_BYTES) {
        got = read(fd, bytes + n, TEXT_BYTES + 1 - n);
        n += got > 0 ? (size_t)got : 0;
    }
    const char *z = str_z(call->cx->mem, path);
    if (got < 0)
        return fail(call->cx, RC_NOT_FOUND, z, _("%s cannot be read: %s."), z,
                    strerrordesc_np(errno));
    if (n > TEXT_BYTES)
        return fail(call->cx, RC_LIMIT, z, _("%s is larger than a text may be (1 MB)."), z);
    *ret = (struct str){bytes, n};
    return utf8_valid(*ret) ? 0 : fail(call->cx, RC_INVALID, z, _("%s is no valid UTF-8."), z);
}

int call_field_text(struct op_call *call, struct str word, struct str *ret)
{
    struct str field, path;

    if (has_path(word, &field, &path))
        return read_text(call, path, ret);
    *ret = str_from(word, str_find_char(word, '=', 0) + 1);
    if (str_starts(*ret, STR("@@")))
        *ret = str_from(*ret, 1);
    return 0;
}

/* ---- files ---- */

static int store_one(struct op_call *call, const struct register_field *field, struct str path,
                     struct call_file *ret)
{
    int fd CLEANUP(fd_close) = -1;
    struct str name = base_name(path);
    struct vault *vault;

    TRY(open_path(call, path, &fd));
    TRY(home_vault(call->cx, call->org, &vault));
    if (call->progress != NULL)
        call->progress(call->progress_arg, _("Storing the file"), 0, 0);
    int rc = record_file_store(call->cx, vault, fd, name, type_of(name), &ret->file);
    if (rc < 0)
        return fail_while(call->cx, rc, "%.*s", STR_ARG(path));
    ret->field = field;
    return 0;
}

int call_files_store(struct op_call *call, const struct register_def *def)
{
    const struct value *words = call_many(call, "fields");
    const struct register_field *field;
    struct str name, path;

    for (size_t i = 0; i < value_count(words); i++) {
        if (!has_path(value_as_text(value_at(words, i)), &name, &path))
            continue;
        TRY(call_find_field(call->cx, def, name, &field));
        if (field->type != REGISTER_FILE)
            continue;
        if (call->file_n == OP_FILES)
            return fail(call->cx, RC_LIMIT, "fields", _("At most %u files at once."), OP_FILES);
        TRY(store_one(call, field, path, &call->files[call->file_n]));
        call->file_n++;
    }
    return 0;
}

const struct value *call_file_value(const struct op_call *call, const struct register_field *field)
{
    for (size_t i = call->file_n; i-- > 0;)
        if (call->files[i].field == field)
            return call->files[i].file.value;
    return NULL;
}

int call_files_announce(struct op_call *call, struct str record)
{
    for (size_t i = 0; i < call->file_n; i++)
        TRY(record_file_announce(call->cx, &call->org->records, &call->files[i].file, record));
    return 0;
}

int call_files_bind(struct op_call *call, const struct record *record)
{
    for (size_t i = 0; i < call->file_n; i++)
        TRY(record_file_bind(call->cx, &call->org->records, &call->files[i].file, record));
    return 0;
}

void call_files_end(struct op_call *call)
{
    for (size_t i = 0; i < call->file_n; i++)
        record_file_wipe(&call->files[i].file);
    call->file_n = 0;
}
