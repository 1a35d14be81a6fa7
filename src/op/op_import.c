/* The operation import: files and folders become records, after a look at what they would do. */
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "op/archive.h"
#include "op/call.h"
#include "op/home_parts.h"
#include "op/incoming.h"
#include "op/table_parts.h"

#define SHOWN 200u /* lines of each sort in the answer */

/* "Heading=field", the last "=" counts: headings may have one. */
static int read_map(struct op_call *call, struct incoming *in)
{
    const struct value *maps = call_many(call, "map");
    struct arena *mem = call->cx->mem;
    struct value *columns = value_map(mem);

    for (size_t i = 0; i < value_count(maps); i++) {
        struct str text = value_as_text(value_at(maps, i)), field;
        size_t at = text.n;
        while (at > 0 && text.p[at - 1] != '=')
            at--;
        field = str_trim(str_from(text, at));
        if (at < 2 || field.n == 0)
            return fail(call->cx, RC_INVALID, "map",
                        _("--map takes HEADING=FIELD, or HEADING=- for a column that is not "
                          "taken, not \"%.*s\"."),
                        STR_ARG(text));
        if (in->def == NULL)
            return fail(call->cx, RC_INVALID, "map", "%s",
                        _("--map says which field of a register a column is: name the register "
                          "with --register."));
        if (!str_is(field, "-") && !str_is(field, "ref")) {
            const struct register_field *is;
            TRY(call_find_field(call->cx, in->def, field, &is));
            field = is->id;
        }
        value_set_text(columns, str_z(mem, str_squeeze(mem, str_sub(text, 0, at - 1))), field);
    }
    in->columns = value_count(columns) > 0 ? columns : NULL;
    return 0;
}

static int begin(struct op_call *call, struct incoming *in)
{
    struct ctx *cx = call->cx;
    struct str name = call_text(call, "register");

    *in = (struct incoming){.cx = cx,
                            .rs = &call->org->records,
                            .plan = plan_new(cx, &call->org->records),
                            .standard = call->org->standard,
                            .content_dir = call->where->content_dir,
                            .mapping = value_list(cx->mem),
                            .skipped = value_list(cx->mem),
                            .progress = call->progress,
                            .progress_arg = call->progress_arg};
    if (call_flag(call, "again"))
        plan_again(in->plan);
    if (name.n > 0)
        TRY(call_find_register(cx, call->org->records.registers, name, &in->def));
    return read_map(call, in);
}

static int read_all(struct op_call *call, struct incoming *in)
{
    const struct value *files = call_many(call, "file");
    struct str folder = call_text(call, "folder");

    for (size_t i = 0; i < value_count(files); i++)
        TRY(incoming_file(in, str_z(call->cx->mem, value_as_text(value_at(files, i)))));
    return folder.n == 0 ? 0 : incoming_folder(in, str_z(call->cx->mem, folder), true);
}

/* All of it, unless nobody could administer the organisation afterwards. */
static int write_lines(struct op_call *call, struct plan *plan, const struct record_actor *actor,
                       bool skip)
{
    TX(tx, call->cx, call->org->store);

    TRY(plan_write(plan, actor, skip));
    TRY(call_keeps_owner(call, registers_find(call->org->records.registers, STR(HOME_MEMBERSHIP))));
    return tx_commit(call->cx, &tx);
}

static int import_lines(struct op_call *call, struct value **ret)
{
    struct incoming in;
    struct record_actor actor = call_actor(call);
    bool preview = call_flag(call, "preview"), skip = call_flag(call, "skip-rejected");
    struct value *result;

    TRY(begin(call, &in));
    TRY(read_all(call, &in));
    actor.via = STR("import");
    TRY(plan_make(in.plan, &actor));
    TRY(plan_tree(in.plan, SHOWN, &result));
    plan_left_out(in.plan, in.skipped);
    bool writes = !preview && (skip || plan_count(in.plan, PLAN_REJECTED) == 0);
    if (writes)
        TRY(write_lines(call, in.plan, &actor, skip));
    value_set(result, "mapping", in.mapping);
    value_set(result, "left_out", in.skipped);
    value_set_bool(result, "preview", preview);
    value_set_bool(result, "written", writes);
    if (plan_count(in.plan, PLAN_REJECTED) > 0)
        value_set_bool(result, "answer", false);
    *ret = result;
    return 0;
}

/* An archive replaces an organisation that has nothing in it. */
static int import_archive(struct op_call *call, int fd, const char *path, struct value **ret)
{
    struct value *result = value_map(call->cx->mem);
    struct archive_counts counts;
    struct str whole;

    if (call_flag(call, "preview")) {
        struct value *head;
        TRY(archive_look(call->cx, fd, path, &head));
        value_set(result, "archive", head);
        value_set_text(
            result, "said",
            str_printf(call->cx->mem,
                       _("%s holds all of %.*s as of %.*s, in %zu registers. Nothing was written."),
                       path, STR_ARG(value_as_text(value_path(head, "organisation.title"))),
                       STR_ARG(value_get_text(head, "made")),
                       value_count(value_get(head, "registers"))));
        *ret = result;
        return 0;
    }
    TRY(archive_read(call->cx, call->org, fd, path, &counts));
    TRY(archive_whole(call->cx, call->org, &counts, &whole));
    value_set_text(result, "said",
                   str_printf(call->cx->mem,
                              _("%s: %llu versions of %llu records in %llu registers and %llu "
                                "files are here as they were there.%.*s"),
                              path, (unsigned long long)counts.versions,
                              (unsigned long long)counts.records,
                              (unsigned long long)counts.registers,
                              (unsigned long long)counts.files, STR_ARG(whole)));
    if (whole.n > 0)
        value_set_bool(result, "answer", false);
    *ret = result;
    return 0;
}

int op_import_check(struct ctx *cx, const struct value *args)
{
    if (value_count(value_get(args, "file")) > 0 || value_get_text(args, "folder").n > 0)
        return 0;
    return fail(cx, RC_INVALID, "file", "%s",
                _("Name what is to be imported: assay import FILE... or FOLDER."));
}

int op_import(struct op_call *call, struct value **ret)
{
    const struct value *files = call_many(call, "file");
    const char *path = str_z(call->cx->mem, value_as_text(value_at(files, 0)));
    int fd CLEANUP(fd_close) = -1;

    if (value_count(files) == 1)
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0 && archive_is(fd))
        return import_archive(call, fd, path, ret);
    return import_lines(call, ret);
}
