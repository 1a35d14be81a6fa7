/* The operation bundle: what an auditor takes away and verifies alone. */
#include "op/bundle.h"
#include "op/table_parts.h"
#include "op/target.h"

#define LOST_NAMED 20u

/* ---- what is wanted ---- */

static int day_of(struct op_call *call, const char *name, struct date *ret)
{
    struct str text = call_text(call, name);

    if (text.n == 0 || date_parse_iso(text, ret))
        return 0;
    return fail(call->cx, RC_INVALID, name, _("\"%.*s\" is no day such as 2026-11-30."),
                STR_ARG(text));
}

/* The day of the first of these fields that is filled. */
static int day_of_audit(struct op_call *call, const struct record *audit,
                        const struct register_group *fields, struct date *ret)
{
    struct str day = STR_NONE;

    for (size_t i = 0; i < fields->n && day.n == 0; i++)
        day = value_get_text(audit->body,
                             str_z(call->cx->mem, audit->def->fields[fields->items[i]].id));
    return day.n == 0 || date_parse_iso(day, ret)
               ? 0
               : fail(call->cx, RC_INVALID, "audit", _("\"%.*s\" is no day."), STR_ARG(day));
}

static int take_record_of_audit(struct op_call *call, const struct record *audit,
                                struct bundle_scope *scope)
{
    scope->audit = audit->ref;
    TRY(day_of_audit(call, audit, &audit->def->audit_from, &scope->from));
    TRY(day_of_audit(call, audit, &audit->def->audit_until, &scope->to));
    return bundle_audit_named(call, audit, &scope->named);
}

/* Of whichever register of audits has it. */
static int take_audit(struct op_call *call, struct bundle_scope *scope)
{
    const struct record_store *rs = &call->org->records;
    struct str name = call_text(call, "audit"), id;
    struct buf registers = buf_new(call->cx->mem);
    struct record *audit = ARENA_NEW(call->cx->mem, struct record);

    for (size_t i = 0; name.n > 0 && i < rs->registers->n; i++) {
        const struct register_def *def = &rs->registers->items[i];
        if (!def->is_audit || !call_may_read(call, def))
            continue;
        if (record_find(call->cx, rs, def, name, &id) == 0) {
            TRY(record_read(call->cx, rs, def, id, STR_NONE, audit));
            return take_record_of_audit(call, audit, scope);
        }
        buf_printf(&registers, "%s%.*s", registers.n > 0 ? ", " : "", STR_ARG(def->id));
    }
    return name.n == 0 ? 0
                       : fail(call->cx, RC_NOT_FOUND, "audit",
                              _("There is no audit %.*s in the registers of audits: %.*s."),
                              STR_ARG(name), STR_ARG(buf_str(&registers)));
}

static int take_open(struct op_call *call, struct bundle_scope *scope)
{
    const struct value *names = call_many(call, "open");
    struct value *ids = value_list(call->cx->mem);
    const struct register_def *def;

    scope->open = ids;
    scope->open_all = value_count(names) == 0;
    for (size_t i = 0; i < value_count(names); i++) {
        struct str name = value_as_text(value_at(names, i));
        if (value_count(names) == 1 && (str_is(name, "all") || str_is(name, "none"))) {
            scope->open_all = str_is(name, "all");
            return 0;
        }
        TRY(call_find_register(call->cx, call->org->records.registers, name, &def));
        value_push(ids, value_text(call->cx->mem, def->id));
    }
    return 0;
}

static int take_scope(struct op_call *call, struct bundle_scope *scope)
{
    TRY(take_audit(call, scope));
    TRY(day_of(call, "from", &scope->from));
    TRY(day_of(call, "to", &scope->to));
    scope->made_for = call_text(call, "for");
    if (!date_is_none(scope->from) && !date_is_none(scope->to) &&
        date_cmp(scope->from, scope->to) > 0)
        return fail(call->cx, RC_INVALID, "to", "%s", _("The period ends before it begins."));
    if (!date_is_none(scope->from))
        TRY(home_day_end(call->cx, call->org, date_from_days(date_to_days(scope->from) - 1),
                         &scope->since));
    if (!date_is_none(scope->to))
        TRY(home_day_end(call->cx, call->org, scope->to, &scope->until));
    return take_open(call, scope);
}

/* ---- what to say ---- */

/* Files that should be in it, by name: nobody may find out later only. */
static void say_lost(struct buf *out, const struct value *lost)
{
    size_t n = value_count(lost);

    if (n == 0)
        return;
    buf_printf(out,
               _(" NOT WHOLE: %zu files that its records name are lost or were changed, so "
                 "that it will not verify:"),
               n);
    for (size_t i = 0; i < n && i < LOST_NAMED; i++) {
        const struct value *one = value_at(lost, i);
        buf_printf(out, "%s %.*s (%.*s)", i > 0 ? "," : "", STR_ARG(value_get_text(one, "ref")),
                   STR_ARG(value_get_text(one, "message")));
    }
    if (n > LOST_NAMED)
        buf_printf(out, _(" and %zu more"), n - LOST_NAMED);
    buf_addz(out, _(". Bring them back from a backup (assay vault scrub names all), and make the "
                    "bundle again."));
}

static struct str said_of(struct arena *mem, const struct target *t,
                          const struct bundle_counts *counts)
{
    struct buf out = buf_new(mem);

    buf_printf(
        &out,
        _("%s holds %llu versions of records and %llu files, and proves that they are the "
          "ledger's, "
          "which has %llu entries. %llu fields that may tell of persons were opened, %llu stay "
          "sealed. The hand-over is recorded as %.*s."),
        t->path, (unsigned long long)counts->versions, (unsigned long long)counts->files,
        (unsigned long long)counts->entries, (unsigned long long)counts->opened,
        (unsigned long long)counts->closed, STR_ARG(counts->ref));
    say_lost(&out, counts->lost);
    return buf_str(&out);
}

int op_bundle(struct op_call *call, struct value **ret)
{
    struct target t CLEANUP(target_end) = {.fd = -1};
    struct bundle_scope scope = {.audit = STR_NONE};
    struct arena *mem = call->cx->mem;
    struct value *result = value_map(mem);
    struct bundle_counts counts;

    TRY(take_scope(call, &scope));
    TRY(target_open(call->cx, call_text(call, "output"), &t));
    if (t.temp == NULL)
        return fail(call->cx, RC_INVALID, "output", "%s", _("A bundle is written to a file."));
    TRY(bundle_write(call, t.fd, &scope, &counts));
    TRY(target_keep(call->cx, &t));
    value_set_text(result, "said", said_of(mem, &t, &counts));
    value_set_text(result, "output", str_of(t.path));
    value_set_text(result, "ref", counts.ref);
    value_set_int(result, "versions", (int64_t)counts.versions);
    value_set_int(result, "files", (int64_t)counts.files);
    value_set_int(result, "file_bytes", (int64_t)counts.file_bytes);
    value_set_int(result, "files_sealed", (int64_t)counts.files_sealed);
    value_set_int(result, "files_erased", (int64_t)counts.files_erased);
    value_set_bool(result, "answer", value_count(counts.lost) == 0);
    value_set(result, "lost", counts.lost);
    value_set_int(result, "entries", (int64_t)counts.entries);
    value_set_int(result, "opened", (int64_t)counts.opened);
    value_set_int(result, "sealed", (int64_t)counts.closed);
    shown_next(result, mem,
               str_printf(mem, "assay-verify %.*s", STR_ARG(str_shell(mem, str_of(t.path)))),
               _("checks it, as the auditor will"));
    *ret = result;
    return 0;
}
