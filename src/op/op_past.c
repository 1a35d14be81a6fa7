/* Operations that look back: history, diff. */
#include "base/zone.h"
#include "op/call.h"
#include "op/table_parts.h"
#include "register/record_erase.h"
#include "register/record_search.h"

/* ---- history ---- */

struct history {
    struct op_call *call;
    struct shown *shown;
    struct value *versions;
    const struct value *before;
    struct str ref_before;      /* of the version before; "" for the first */
    int64_t want_from, want_to; /* revs that diff compares */
    struct record from, to;
};

/* What decided that something was erased, by its ref. */
static int set_decision(struct history *h, const struct record *record, struct value *version)
{
    const struct register_field field = {.type = REGISTER_REFERENCE, .to = STR("erasure")};
    struct ctx *cx = h->call->cx;
    struct str id, ref;

    if (!str_is(record->act, "erase"))
        return 0;
    TRY(record_erased_by(cx, &h->call->org->records, record->seq, &id));
    if (id.n == 0)
        return 0;
    TRY(record_print(cx, &h->call->org->records, &field, value_text(cx->mem, id), &ref));
    value_set_text(version, "decision", ref);
    return 0;
}

static int each_version(void *arg, struct ctx *cx, const struct record *record)
{
    struct history *h = arg;
    struct value *version = value_map(cx->mem), *changes;
    struct record copy = record_copy(cx->mem, record);
    struct str by;

    TRY(shown_actor(h->shown, record->actor, &by));
    TRY(record_diff(cx, &h->call->org->records, copy.def, h->before, copy.body, &changes));
    TRY(shown_changes(h->shown, copy.def, changes));
    value_set_int(version, "rev", record->rev);
    value_set_text(version, "at", copy.at);
    value_set_text(version, "act", copy.act);
    value_set_text(version, "by", by);
    value_set_text(version, "role", copy.role);
    value_set_text(version, "via", copy.via);
    value_set_text(version, "ref", copy.ref);
    value_set_text(version, "record", copy.id);
    TRY(set_decision(h, &copy, version));
    value_set(version, "changes",
              shown_ref_change(cx->mem, copy.def, h->ref_before, copy.ref, changes));
    value_push(h->versions, version);
    h->before = copy.body;
    h->ref_before = copy.ref;
    return ctx_check(cx);
}

/* Records that were removed as the one that is asked for came to be called. */
struct earlier {
    const struct record *record;
    struct arena *ids_mem;
    struct value *ids;
};

static int each_earlier(void *arg, UNUSED struct ctx *cx, const struct record *record)
{
    struct earlier *e = arg;

    if (str_eq(record->ref, e->record->ref) && !str_eq(record->id, e->record->id))
        value_push(e->ids, value_text(e->ids_mem, str_copy(e->ids_mem, record->id)));
    return 0;
}

/* The versions of all of them, one record after the other, this one's last. */
static int all_versions(struct history *h, const struct record *record)
{
    struct ctx *cx = h->call->cx;
    struct earlier e = {.record = record, .ids = value_list(cx->mem), .ids_mem = cx->mem};

    /* What was called so before may have been somebody else's. */
    if (access_own(h->call->org->access, &h->call->who, ACCESS_READ, record->def->id).n == 0)
        TRY(record_removals(cx, &h->call->org->records, record->def, record->ref, each_earlier,
                            &e));
    value_push(e.ids, value_text(cx->mem, record->id));
    for (size_t i = 0; i < value_count(e.ids); i++) {
        h->before = NULL;
        h->ref_before = STR_NONE;
        TRY(record_history(cx, &h->call->org->records, value_as_text(value_at(e.ids, i)),
                           each_version, h));
    }
    return 0;
}

int op_history(struct op_call *call, struct value **ret)
{
    struct arena *mem = call->cx->mem;
    struct value *result = value_map(mem);
    struct history h = {.call = call, .versions = value_list(mem)};
    const struct register_def *def;
    struct record record;
    struct str as_of;

    TRY(call_register(call, &def));
    TRY(call_as_of(call, &as_of));
    TRY(call_any_record(call, def, as_of, &record));
    h.shown = shown_new(call, STR_NONE);
    TRY(all_versions(&h, &record));
    value_set_text(result, "register", def->id);
    value_set_text(result, "title", def->title);
    value_set_text(result, "ref", record.ref);
    value_set_text(result, "label",
                   record.body != NULL ? record_label(mem, def, record.body) : STR_NONE);
    value_set_bool(result, "removed", record.body == NULL);
    struct value *versions = value_list(mem);
    for (size_t i = 0; i < value_count(h.versions); i++)
        if (as_of.n == 0 || str_cmp(value_get_text(value_at(h.versions, i), "at"), as_of) <= 0)
            value_push(versions, value_at_mut(h.versions, i));
    value_set(result, "names", shown_names(h.shown));
    value_set(result, "versions", versions);
    *ret = result;
    return 0;
}

/* ---- diff of one record ---- */

/* Text of instants sorts as they do. */
static int each_side(void *arg, struct ctx *cx, const struct record *record)
{
    struct history *h = arg;
    struct record copy = record_copy(cx->mem, record);

    if (record->rev <= h->want_from)
        h->from = copy;
    if (record->rev <= h->want_to)
        h->to = copy;
    return 0;
}

struct moment {
    struct str at; /* an instant, "" where it is a rev */
    int64_t rev;
};

/* A rev, or a day: as it was at its end. */
static int read_moment(struct op_call *call, const char *name, struct moment *ret)
{
    struct str text = call_text(call, name);
    struct date day;

    *ret = (struct moment){STR_NONE, 0};
    if (text.n == 0 || (str_to_int(text, &ret->rev) && ret->rev > 0))
        return 0;
    if (date_parse_iso(text, &day))
        return home_day_end(call->cx, call->org, day, &ret->at);
    return fail(call->cx, RC_INVALID, name,
                _("\"%.*s\" is neither a version such as 3 nor a day such as 2026-11-30."),
                STR_ARG(text));
}

struct last_before {
    struct str at;
    int64_t rev;
};

static int each_before(void *arg, UNUSED struct ctx *cx, const struct record *record)
{
    struct last_before *last = arg;

    if (str_cmp(record->at, last->at) <= 0)
        last->rev = record->rev;
    return 0;
}

/* The rev that a moment means; 0 where the record was not there yet. */
static int rev_at(struct op_call *call, struct str id, const struct moment *moment, int64_t *ret)
{
    struct last_before last = {moment->at, 0};

    *ret = moment->rev;
    if (moment->at.n == 0)
        return 0;
    TRY(record_history(call->cx, &call->org->records, id, each_before, &last));
    *ret = last.rev;
    return 0;
}

static struct value *side(struct arena *mem, const struct record *record)
{
    struct value *map = value_map(mem);

    value_set_int(map, "rev", record->rev);
    if (record->at.n > 0)
        value_set_text(map, "at", record->at);
    return map;
}

/* A version that is not there yet is nothing to compare with. */
static int check_rev(struct op_call *call, const struct record *record, const char *name,
                     int64_t rev)
{
    if (rev <= record->rev)
        return 0;
    return fail(call->cx, RC_NOT_FOUND, name, _("%.*s has no version %lld: the last is %lld."),
                STR_ARG(record->ref), (long long)rev, (long long)record->rev);
}

static int diff_record(struct op_call *call, const struct register_def *def,
                       const struct moment *from, const struct moment *to, struct value *result)
{
    struct arena *mem = call->cx->mem;
    struct history h = {.call = call, .shown = shown_new(call, STR_NONE)};
    struct record record;
    struct value *changes;

    TRY(call_any_record(call, def, STR_NONE, &record));
    TRY(check_rev(call, &record, "from", from->rev));
    TRY(check_rev(call, &record, "to", to->rev));
    TRY(rev_at(call, record.id, from, &h.want_from));
    TRY(rev_at(call, record.id, to, &h.want_to));
    if (call_text(call, "to").n == 0)
        h.want_to = record.rev;
    if (call_text(call, "from").n == 0)
        h.want_from = h.want_to - 1;
    TRY(record_history(call->cx, &call->org->records, record.id, each_side, &h));
    TRY(record_diff(call->cx, &call->org->records, def, h.from.body, h.to.body, &changes));
    value_set_text(result, "register", def->id);
    value_set_text(result, "title", def->title);
    value_set_text(result, "ref", record.ref);
    value_set(result, "from", side(mem, &h.from));
    value_set(result, "to", side(mem, &h.to));
    TRY(shown_changes(h.shown, def, changes));
    value_set(result, "names", shown_names(h.shown));
    value_set(result, "changes", shown_ref_change(mem, def, h.from.ref, h.to.ref, changes));
    return 0;
}

/* ---- diff of whole registers ---- */

struct then {
    struct op_call *call;
    struct shown *shown;
    const struct register_def *def; /* NULL for all */
    struct dict *was;               /* by id: struct record * as it was */
    struct value *records;
};

static bool is_meant(const struct then *then, const struct record *record)
{
    return record->def != NULL && call_is_register(record->def) &&
           (then->def == NULL || record->def == then->def);
}

static int each_was(void *arg, struct ctx *cx, const struct record *record)
{
    struct then *then = arg;

    if (!is_meant(then, record) || record->body == NULL)
        return 0;
    struct record *copy = ARENA_NEW(cx->mem, struct record);
    *copy = record_copy(cx->mem, record);
    dict_set(then->was, str_copy(cx->mem, record->id), copy);
    return ctx_check(cx);
}

/* What a role sees only of its own is not compared as a whole. */
static bool may_read_all(struct op_call *call, const struct register_def *def)
{
    return call_may_read(call, def) &&
           access_own(call->org->access, &call->who, ACCESS_READ, def->id).n == 0;
}

static int each_now(void *arg, struct ctx *cx, const struct record *record)
{
    struct then *then = arg;
    struct value *one = value_map(cx->mem), *changes;
    struct record now;

    if (!is_meant(then, record) || !may_read_all(then->call, record->def))
        return 0;
    now = record_copy(cx->mem, record);
    const struct record *was = dict_get(then->was, now.id);
    const struct value *before = was != NULL ? was->body : NULL;
    if (before == NULL && now.body == NULL)
        return 0;
    TRY(record_diff(cx, &then->call->org->records, now.def, before, now.body, &changes));
    bool both = before != NULL && now.body != NULL;
    if (both) {
        TRY(shown_changes(then->shown, now.def, changes));
        changes = shown_ref_change(cx->mem, now.def, was->ref, now.ref, changes);
    }
    if (both && value_count(changes) == 0)
        return 0;
    value_set_text(one, "register", now.def->id);
    value_set_text(one, "ref", now.ref);
    value_set_text(one, "label",
                   record_label(cx->mem, now.def, now.body != NULL ? now.body : before));
    value_set_text(one, "what",
                   before == NULL     ? STR("added")
                   : now.body == NULL ? STR("removed")
                                      : STR("changed"));
    if (both)
        value_set(one, "changes", changes);
    value_push(then->records, one);
    return ctx_check(cx);
}

static int diff_all(struct op_call *call, const struct register_def *def, const struct moment *from,
                    const struct moment *to, struct value *result)
{
    struct ctx *cx = call->cx;
    struct then then = {call, shown_new(call, STR_NONE), def, dict_new(cx->mem),
                        value_list(cx->mem)};

    if (from->at.n == 0 || (to->at.n == 0 && to->rev > 0))
        return fail(cx, RC_INVALID, "from",
                    _("Since which day? For all records of a register, or of all of them, say "
                      "--from DATE."));
    TRY(record_changes(cx, &call->org->records, 0, from->at, each_was, &then));
    TRY(record_changes(cx, &call->org->records, 0, to->at, each_now, &then));
    if (def != NULL)
        value_set_text(result, "register", def->id);
    value_set_text(result, "from_at", from->at);
    value_set_text(result, "to_at", to->at);
    value_set(result, "names", shown_names(then.shown));
    value_set(result, "records", then.records);
    return 0;
}

int op_diff(struct op_call *call, struct value **ret)
{
    struct value *result = value_map(call->cx->mem);
    const struct register_def *def = NULL;
    struct moment from, to;

    if (call_text(call, "register").n > 0)
        TRY(call_register(call, &def));
    TRY(read_moment(call, "from", &from));
    TRY(read_moment(call, "to", &to));
    if (def != NULL && (def->single || call_text(call, "record").n > 0))
        TRY(diff_record(call, def, &from, &to, result));
    else
        TRY(diff_all(call, def, &from, &to, result));
    *ret = result;
    return 0;
}
