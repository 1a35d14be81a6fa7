/* Operations on files of records: fetch, vault scrub. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "op/call.h"
#include "op/table_parts.h"
#include "op/target.h"

/* ---- fetch ---- */

/* The field that is named, or the only one of its type. */
static int field_of_call(struct op_call *call, const struct register_def *def,
                         const struct register_field **ret)
{
    struct str name = call_text(call, "field");
    const struct register_field *found = NULL;

    if (name.n > 0) {
        TRY(call_find_field(call->cx, def, name, ret));
        return (*ret)->type == REGISTER_FILE
                   ? 0
                   : fail(call->cx, RC_INVALID, "field", _("The field %.*s of %.*s has no files."),
                          STR_ARG(name), STR_ARG(def->id));
    }
    for (size_t i = 0; i < def->field_n; i++) {
        if (def->fields[i].type != REGISTER_FILE)
            continue;
        if (found != NULL)
            return fail(call->cx, RC_INVALID, "field", _("Which field of %.*s: %.*s or %.*s?"),
                        STR_ARG(def->id), STR_ARG(found->id), STR_ARG(def->fields[i].id));
        found = &def->fields[i];
    }
    *ret = found;
    return found != NULL ? 0
                         : fail(call->cx, RC_INVALID, "register",
                                _("Records of %.*s have no files."), STR_ARG(def->id));
}

static int write_piece(void *arg, struct ctx *cx, struct str piece)
{
    const struct target *t = arg;

    while (piece.n > 0) {
        ssize_t n = write(t->fd, piece.p, piece.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return target_refused(cx, t->path);
        piece = str_from(piece, (size_t)n);
    }
    return 0;
}

/* FILE, or FILE in the folder that is named: never over something. */
static int place_of(struct op_call *call, const struct value *file, struct str *ret)
{
    struct str output = call_text(call, "output"), name = value_get_text(file, "name");
    struct arena *mem = call->cx->mem;
    struct stat st;

    *ret = output.n > 0 ? output : name;
    if (output.n > 0 && stat(str_z(mem, output), &st) == 0 && S_ISDIR(st.st_mode))
        *ret = str_printf(mem, "%.*s/%.*s", STR_ARG(output), STR_ARG(name));
    if (lstat(str_z(mem, *ret), &st) != 0)
        return 0;
    return fail(call->cx, RC_CONFLICT, "output",
                _("%.*s is there already, and nothing is written over. Name another: --output."),
                STR_ARG(*ret));
}

static int fetch(struct op_call *call, const struct value *file, struct str path)
{
    struct target t CLEANUP(target_end) = {.fd = -1};
    struct vault *vault;

    TRY(home_vault(call->cx, call->org, &vault));
    TRY(target_open(call->cx, path, &t));
    TRY(record_file_read(call->cx, &call->org->records, vault, file, write_piece, &t, NULL));
    return target_keep_new(call->cx, &t);
}

int op_fetch(struct op_call *call, struct value **ret)
{
    struct value *result = value_map(call->cx->mem);
    const struct register_field *field;
    const struct register_def *def;
    struct record record;
    struct str as_of, path;

    TRY(call_register(call, &def));
    TRY(call_as_of(call, &as_of));
    TRY(call_record(call, def, as_of, &record));
    TRY(field_of_call(call, def, &field));
    const struct value *file = value_get(record.body, str_z(call->cx->mem, field->id));
    if (record_is_erased(file))
        return fail(call->cx, RC_NOT_FOUND, "field",
                    _("The file of %.*s was erased. What decided it: assay history %.*s %.*s"),
                    STR_ARG(record.ref), STR_ARG(def->id), STR_ARG(record.ref));
    if (value_get_text(file, "object").n == 0)
        return fail(call->cx, RC_NOT_FOUND, "field", _("%.*s has no file in the field %.*s."),
                    STR_ARG(record.ref), STR_ARG(field->id));
    TRY(place_of(call, file, &path));
    TRY(fetch(call, file, path));
    value_set_text(result, "said",
                   str_printf(call->cx->mem,
                              _("%.*s is the file of %.*s, version %lld: %lld bytes, as they were "
                                "recorded."),
                              STR_ARG(path), STR_ARG(record.ref), (long long)record.rev,
                              (long long)value_get_int(file, "bytes", 0)));
    value_set_text(result, "output", path);
    value_set_text(result, "ref", record.ref);
    value_set_int(result, "rev", record.rev);
    value_set(result, "file", value_copy(call->cx->mem, file));
    *ret = result;
    return 0;
}

/* ---- scrub ---- */

int op_vault_scrub(struct op_call *call, struct value **ret)
{
    struct value *result = value_map(call->cx->mem), *problems = value_list(call->cx->mem);
    struct record_scrub sums;
    struct vault *vault;

    if (call->progress != NULL)
        call->progress(call->progress_arg, _("Reading the vault"), 0, 0);
    TRY(home_vault(call->cx, call->org, &vault));
    TRY(record_files_scrub(call->cx, &call->org->records, vault, true, true, problems, &sums));
    value_set_text(result, "organisation", call->org->name);
    value_set_bool(result, "answer", value_count(problems) == 0);
    value_set_int(result, "count", (int64_t)value_count(problems));
    value_set_int(result, "objects", (int64_t)sums.objects);
    value_set_int(result, "bytes", (int64_t)sums.bytes);
    value_set_int(result, "removed", (int64_t)sums.removed);
    value_set(result, "problems", problems);
    *ret = result;
    return 0;
}
