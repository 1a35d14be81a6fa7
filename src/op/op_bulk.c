/* The operation bulk: the same change to many records, all of them or none. */
#include "op/call.h"
#include "op/table_parts.h"
#include "register/record_search.h"

#define BULK_MOST 1000u

struct bulk {
    struct op_call *call;
    const struct register_def *def;
    struct shown *shown;
    struct value *ids; /* of the records, in their order */
    struct value *records;
    int64_t changed, unchanged, refused, seen;
    bool preview;
};

/* ---- which ---- */

static int take_id(void *arg, struct ctx *cx, const struct record *record)
{
    struct bulk *b = arg;

    value_push(b->ids, value_text(cx->mem, str_copy(cx->mem, record->id)));
    return ctx_check(cx);
}

static int choose(struct bulk *b)
{
    struct op_call *call = b->call;
    const struct value *refs = call_many(call, "record");
    struct record_query query = {.def = b->def, .limit = BULK_MOST + 1};
    struct str id;

    for (size_t i = 0; i < value_count(refs); i++) {
        TRY(record_find(call->cx, &call->org->records, b->def, value_as_text(value_at(refs, i)),
                        &id));
        value_push(b->ids, value_text(call->cx->mem, id));
    }
    if (value_count(refs) == 0 && call_many(call, "where") == NULL)
        return fail(call->cx, RC_INVALID, "record",
                    _("Say which records: --record REF for each, or --where."));
    if (value_count(refs) == 0) {
        TRY(call_filters(call, &query));
        TRY(record_list(call->cx, &call->org->records, &query, take_id, b));
    }
    if (value_count(b->ids) > BULK_MOST)
        return fail(call->cx, RC_LIMIT, "record",
                    _("More than %u records cannot be changed at once."), BULK_MOST);
    return 0;
}

/* ---- one of them ---- */

static int change_one(struct bulk *b, const struct record *was, struct record *now,
                      struct value **ret_changes)
{
    struct op_call *call = b->call;
    struct ctx *cx = call->cx;
    struct str key = call_text(call, "key");
    struct record_change change = {
        .def = b->def,
        .id = was->id,
        .act = "set",
        .actor = call_actor(call),
        .key = key.n > 0 ? str_printf(cx->mem, "%.*s.%.*s", STR_ARG(key), STR_ARG(was->id))
                         : STR_NONE};

    TRY(call_body(call, b->def, was->body, &change.body));
    TRY(record_diff(cx, &call->org->records, b->def, was->body, change.body, ret_changes));
    *now = *was;
    if (value_count(*ret_changes) == 0)
        return 0;
    TRY(call_may_write(call, b->def, was->body, change.body));
    if (b->seen > 0 && was->seq > b->seen)
        return fail(cx, RC_CONFLICT, "seen",
                    _("somebody has changed it since you looked: look at the change again."));
    return record_write(cx, &call->org->records, &change, now);
}

static void say_one(struct bulk *b, const struct record *was, struct value *changes,
                    struct str refused)
{
    struct arena *mem = b->call->cx->mem;
    struct value *one = value_map(mem);

    value_set_text(one, "ref", was->ref);
    value_set_text(one, "label", record_label(mem, b->def, was->body));
    if (refused.n > 0)
        value_set_text(one, "refused", refused);
    else
        value_set(one, "changes", changes);
    value_push(b->records, one);
}

/* In a transaction of its own, so that one that is refused does not end the preview. */
static int try_one(struct bulk *b, struct record *was)
{
    struct ctx *cx = b->call->cx;
    struct value *changes = value_list(cx->mem);
    struct record now;

    TX(tx, cx, b->call->org->store);
    int rc = call_may_see(b->call, was)
                 ? change_one(b, was, &now, &changes)
                 : fail(cx, RC_DENIED, "record", _("There is no such record."));

    if (rc == RC_FAIL)
        return rc;
    if (rc < 0 && !b->preview)
        return fail(cx, rc, "record", "%.*s: %.*s", STR_ARG(was->ref), STR_ARG(cx->err.text));
    if (rc < 0) {
        struct str text = cx->err.text;
        cx->err = (struct err){.rc = RC_OK};
        b->refused++;
        say_one(b, was, NULL, text);
        return 0;
    }
    if (value_count(changes) == 0) {
        b->unchanged++;
    } else {
        b->changed++;
        TRY(shown_changes(b->shown, b->def, changes));
        say_one(b, was, changes, STR_NONE);
    }
    return tx_commit(cx, &tx);
}

static int change_all(struct bulk *b)
{
    struct ctx *cx = b->call->cx;
    struct record was;

    for (size_t i = 0; i < value_count(b->ids); i++) {
        TRY(record_read(cx, &b->call->org->records, b->def, value_as_text(value_at(b->ids, i)),
                        STR_NONE, &was));
        TRY(try_one(b, &was));
    }
    return 0;
}

/* A preview is the change itself, rolled back: so what guards forbid is told, too. */
int op_bulk(struct op_call *call, struct value **ret)
{
    struct arena *mem = call->cx->mem;
    struct value *result = value_map(mem);
    struct bulk b = {.call = call,
                     .ids = value_list(mem),
                     .records = value_list(mem),
                     .preview = call_flag(call, "preview")};
    int64_t seen = 0;

    TRY(call_register(call, &b.def));
    if (value_count(call_many(call, "fields")) == 0)
        return fail(call->cx, RC_INVALID, "fields", _("Nothing is to be set: FIELD=VALUE."));
    b.shown = shown_new(call, STR_NONE);
    b.seen = value_get_int(call->args, "seen", 0);
    TX(tx, call->cx, call->org->store);
    TRY(record_last_seq(call->cx, &call->org->records, &seen));
    TRY(choose(&b));
    TRY(change_all(&b));
    TRY(call_keeps_owner(call, b.def));
    value_set_text(result, "register", b.def->id);
    value_set_text(result, "title", b.def->title);
    value_set_bool(result, "preview", b.preview);
    value_set_int(result, "seen", seen);
    value_set_int(result, "count", (int64_t)value_count(b.ids));
    value_set_int(result, "changed", b.changed);
    value_set_int(result, "unchanged", b.unchanged);
    value_set_int(result, "refused", b.refused);
    value_set(result, "names", shown_names(b.shown));
    value_set(result, "records", b.records);
    value_set_text(
        result, "said",
        str_printf(mem,
                   b.preview
                       ? _("%lld records would be changed, %lld are so already, %lld cannot be.")
                       : _("%lld records were changed, %lld were so already."),
                   (long long)b.changed, (long long)b.unchanged, (long long)b.refused));
    *ret = result;
    return b.preview ? 0 : tx_commit(call->cx, &tx);
}
