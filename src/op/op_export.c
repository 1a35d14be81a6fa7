/* The operation export: registers as files, or the whole organisation as one archive. */
#include <errno.h>
#include <sys/stat.h>

#include "op/archive.h"
#include "op/call.h"
#include "op/outgoing.h"
#include "op/table_parts.h"
#include "op/target.h"

struct export
{
    struct op_call *call;
    const struct register_def **defs;
    size_t n;
    struct str format, output;
    uint64_t records;
};

/* ---- which registers ---- */

static int choose(struct export *e)
{
    const struct registers *registers = e->call->org->records.registers;
    const struct value *names = call_many(e->call, "register");
    bool all = call_flag(e->call, "all");
    struct ctx *cx = e->call->cx;

    e->defs = arena_array(cx->mem, registers->n + value_count(names) + 1, sizeof *e->defs);
    for (size_t i = 0; i < value_count(names); i++)
        TRY(call_find_register(cx, registers, value_as_text(value_at(names, i)), &e->defs[e->n++]));
    for (size_t i = 0; i < registers->n; i++) {
        const struct register_def *def = &registers->items[i];
        struct record_query query = {.def = def};
        uint64_t count = 0;
        if (!all || !call_is_register(def))
            continue;
        TRY(record_count(cx, &e->call->org->records, &query, &count));
        if (count > 0)
            e->defs[e->n++] = def;
    }
    return 0;
}

static int count(struct export *e)
{
    for (size_t i = 0; i < e->n; i++) {
        struct record_query query = {.def = e->defs[i]};
        uint64_t n;
        TRY(record_count(e->call->cx, &e->call->org->records, &query, &n));
        e->records += n;
    }
    return 0;
}

static int choose_format(struct export *e)
{
    static const char *const formats[] = {"csv", "xlsx", "ods", "json"};

    e->format = call_text(e->call, "format");
    for (size_t i = 0; e->format.n == 0 && i < COUNT_OF(formats); i++)
        if (str_ends_nocase(e->output, str_printf(e->call->cx->mem, ".%s", formats[i]).p))
            e->format = str_of(formats[i]);
    if (e->format.n == 0)
        return fail(e->call->cx, RC_INVALID, "format", "%s",
                    _("Say which with --format: csv, xlsx, ods or json."));
    return 0;
}

/* ---- writing ---- */

static int export_csv(struct export *e)
{
    struct ctx *cx = e->call->cx;
    bool folder = e->n != 1 || call_flag(e->call, "all");

    if (folder && mkdir(str_z(cx->mem, e->output), 0700) != 0 && errno != EEXIST)
        return target_refused(cx, str_z(cx->mem, e->output));
    for (size_t i = 0; i < e->n; i++) {
        struct buf out = buf_new(cx->mem);
        struct book_table *table;
        struct str path = folder ? str_printf(cx->mem, "%.*s/%.*s.csv", STR_ARG(e->output),
                                              STR_ARG(e->defs[i]->id))
                                 : e->output;
        TRY(outgoing_table(cx, &e->call->org->records, e->defs[i], &table));
        TRY(book_csv(cx, table, &out));
        TRY(target_write(cx, path, buf_str(&out)));
    }
    return 0;
}

static int export_book(struct export *e)
{
    struct ctx *cx = e->call->cx;
    struct book book = {.title = e->call->org->title, .day = cx->today};
    struct buf out = buf_new(cx->mem);

    TRY(outgoing_book(cx, &e->call->org->records, e->defs, e->n, &book));
    if (book.n == 0)
        return fail(cx, RC_NOT_FOUND, "register", "%s", _("Nothing is recorded yet."));
    TRY(str_is(e->format, "xlsx") ? book_xlsx(cx, &book, &out) : book_ods(cx, &book, &out));
    return target_write(cx, e->output, buf_str(&out));
}

static int export_json(struct export *e)
{
    struct ctx *cx = e->call->cx;
    struct buf out = buf_new(cx->mem);
    struct value *tree;

    TRY(outgoing_json(cx, &e->call->org->records, e->defs, e->n, &tree));
    value_json(&out, tree, 2);
    buf_char(&out, '\n');
    return target_write(cx, e->output, buf_str(&out));
}

static int export_archive(struct op_call *call, struct str path, struct value **ret)
{
    struct target t CLEANUP(target_end) = {.fd = -1};
    struct archive_counts counts;
    struct value *result = value_map(call->cx->mem);

    TRY(target_open(call->cx, path, &t));
    TRY(archive_write(call->cx, call->org, t.fd, ARCHIVE_OPEN, &counts));
    TRY(target_keep(call->cx, &t));
    value_set_text(
        result, "said",
        str_printf(call->cx->mem,
                   _("%s holds %llu versions of %llu records in %llu registers, and "
                     "%llu files."),
                   t.path, (unsigned long long)counts.versions, (unsigned long long)counts.records,
                   (unsigned long long)counts.registers, (unsigned long long)counts.files));
    *ret = result;
    return 0;
}

int op_export_check(struct ctx *cx, const struct value *args)
{
    bool named = value_count(value_get(args, "register")) > 0, all = value_get_bool(args, "all");
    bool archive = value_get_text(args, "archive").n > 0;

    if (archive && (named || value_get_text(args, "output").n > 0 ||
                    value_get_text(args, "format").n > 0 || value_get_text(args, "as-of").n > 0))
        return fail(
            cx, RC_INVALID, "archive", "%s",
            _("An archive is the whole organisation with its history: neither registers nor "
              "--format, --output and --as-of go with it. For some registers: assay export "
              "REGISTER... "
              "--output FILE."));
    if (archive)
        return 0;
    if (named == all)
        return fail(cx, RC_INVALID, "register", "%s",
                    named ? _("Name registers, or take all of them with --all; not both.")
                          : _("Say what is to be exported: registers by name, --all of them, or "
                              "--archive FILE for the whole organisation."));
    if (value_get_text(args, "output").n == 0)
        return fail(cx, RC_INVALID, "output", "%s",
                    _("Say where it goes: --output FILE, or --archive FILE for the whole "
                      "organisation."));
    return 0;
}

static int export_registers(struct op_call *call, struct value **ret)
{
    struct export e = {.call = call, .output = call_text(call, "output")};
    struct value *result = value_map(call->cx->mem);

    TRY(choose(&e));
    TRY(choose_format(&e));
    TRY(count(&e));
    TRY(str_is(e.format, "csv")    ? export_csv(&e)
        : str_is(e.format, "json") ? export_json(&e)
                                   : export_book(&e));
    value_set_text(result, "said",
                   str_printf(call->cx->mem, _("%.*s holds %llu records of %zu registers."),
                              STR_ARG(e.output), (unsigned long long)e.records, e.n));
    value_set_text(result, "output", e.output);
    value_set_int(result, "records", (int64_t)e.records);
    *ret = result;
    return 0;
}

int op_export(struct op_call *call, struct value **ret)
{
    struct str archive = call_text(call, "archive");

    if (archive.n > 0)
        return export_archive(call, archive, ret);
    TX_READ(tx, call->cx, call->org->store);
    return call_then(call, export_registers, ret);
}
