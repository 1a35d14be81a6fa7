/* Operations that change records: add, set, advance, remove. */
#include "op/call.h"
#include "op/home_parts.h"
#include "op/table_parts.h"
#include "register/record_search.h"

static struct record_change change_of(struct op_call *call, const struct register_def *def,
                                      const char *act)
{
    return (struct record_change){.def = def,
                                  .rev = value_get_int(call->args, "rev", 0),
                                  .act = act,
                                  .actor = call_actor(call),
                                  .key = call_text(call, "key"),
                                  .again = call_flag(call, "again")};
}

/* What a change made of a record. */
static int changed(struct op_call *call, const struct record *was, const struct record *now,
                   struct value **ret)
{
    struct value *result = value_map(call->cx->mem), *changes;
    const struct register_def *def = now->def;
    struct shown *shown = shown_new(call, STR_NONE);

    TRY(record_diff(call->cx, &call->org->records, def, was != NULL ? was->body : NULL, now->body,
                    &changes));
    value_set_text(result, "register", def->id);
    value_set_text(result, "title", def->title);
    value_set_text(result, "ref", now->ref);
    value_set_text(result, "id", now->id);
    value_set_int(result, "rev", now->rev);
    if (now->body != NULL)
        value_set_text(result, "label", record_label(call->cx->mem, def, now->body));
    TRY(shown_changes(shown, def, changes));
    value_set(result, "names", shown_names(shown));
    if (was != NULL && now->body != NULL)
        changes = shown_ref_change(call->cx->mem, def, was->ref, now->ref, changes);
    value_set(result, "changes", changes);
    *ret = result;
    return 0;
}

int op_add(struct op_call *call, struct value **ret)
{
    const struct register_def *def;
    struct record record;

    TRY(call_register(call, &def));
    TRY(call_files_store(call, def));
    struct record_change change = change_of(call, def, "add");
    TRY(call_body(call, def, NULL, &change.body));
    TRY(call_may_write(call, def, NULL, change.body));
    change.ref = call_text(call, "ref");
    change.fresh = call->file_n > 0;
    change.id = change.fresh ? record_id_new(call->cx) : STR_NONE;
    TX(tx, call->cx, call->org->store);
    TRY(call_files_announce(call, change.id));
    TRY(record_write(call->cx, &call->org->records, &change, &record));
    TRY(call_files_bind(call, &record));
    TRY(changed(call, NULL, &record, ret));
    return tx_commit(call->cx, &tx);
}

/* What does not fit is told with the record's ref. */
static int body_over(struct op_call *call, const struct register_def *def, const struct record *was,
                     const struct value **ret)
{
    int rc = call_body(call, def, was->body, ret);

    return rc == 0 ? 0 : fail_while(call->cx, rc, "%.*s", STR_ARG(was->ref));
}

/* What is not named stays as it is when the change is written, not as it was a moment before: so
 * the reading and the writing are one transaction, here and below. */
int op_set(struct op_call *call, struct value **ret)
{
    const struct register_def *def;
    struct record was, now;

    TRY(call_register(call, &def));
    TRY(call_files_store(call, def));
    TX(tx, call->cx, call->org->store);
    TRY(call_record(call, def, STR_NONE, &was));
    TRY(call_files_announce(call, was.id));
    struct record_change change = change_of(call, def, "set");
    TRY(body_over(call, def, &was, &change.body));
    TRY(call_may_write(call, def, was.body, change.body));
    change.id = was.id;
    change.ref = call_text(call, "ref");
    if (value_count(call_many(call, "fields")) == 0 && change.ref.n == 0)
        return fail(call->cx, RC_INVALID, "fields", _("Nothing is to be set: FIELD=VALUE."));
    TRY(record_write(call->cx, &call->org->records, &change, &now));
    TRY(call_files_bind(call, &now));
    TRY(call_keeps_owner(call, def));
    TRY(changed(call, &was, &now, ret));
    return tx_commit(call->cx, &tx);
}

/* ---- states ---- */

static bool has(const struct value *list, struct str text)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_as_text(value_at(list, i)), text))
            return true;
    return false;
}

static const struct register_transition *find_way(const struct register_def *def, struct str from,
                                                  struct str to)
{
    for (size_t i = 0; i < def->transition_n; i++) {
        const struct register_transition *t = &def->transitions[i];
        if (str_eq(t->to, to) && has(t->from, from))
            return t;
    }
    return NULL;
}

/* Whom a definition lets give a state fills in on the way only what that needs. */
static int check_filled(struct op_call *call, const struct register_def *def,
                        const struct register_transition *t)
{
    const struct value *words = call_many(call, "fields");

    for (size_t i = 0; i < value_count(words); i++) {
        struct str field = value_as_text(value_at(words, i));
        bool needed = false;
        field = str_sub(field, 0, str_find_char(field, '=', 0));
        for (size_t k = 0; k < t->needs.n; k++)
            needed = needed || str_eq(def->fields[t->needs.items[k]].id, field);
        if (!needed)
            return access_check(call->cx, call->org->access, &call->who, ACCESS_WRITE, def->id);
    }
    return 0;
}

/* A transition says who may take it; else it is a change like others, and an approval, which is a
 * right of its own, where it wants a second person. */
static int check_way(struct op_call *call, const struct register_def *def,
                     const struct register_transition *t)
{
    if (t != NULL && t->four_eyes.n > 0)
        TRY(access_check_given(call->cx, &call->who, ACCESS_APPROVE));
    if (t != NULL && has(t->roles, call->who.role))
        return check_filled(call, def, t);
    TRY(access_check(call->cx, call->org->access, &call->who, ACCESS_WRITE, def->id));
    if (t == NULL || t->four_eyes.n == 0)
        return 0;
    return access_check(call->cx, call->org->access, &call->who, ACCESS_APPROVE, def->id);
}

static int advance(struct op_call *call, const struct register_def *def, struct str to,
                   const struct record *was, struct record *ret)
{
    struct record_change change = change_of(call, def, "advance");

    change.id = was->id;
    if (value_count(call_many(call, "fields")) > 0)
        TRY(body_over(call, def, was, &change.body));
    TRY(call_may_write(call, def, was->body, change.body != NULL ? change.body : was->body));
    return record_advance(call->cx, &call->org->records, &change, to, ret);
}

int op_advance(struct op_call *call, struct value **ret)
{
    struct str to = call_text(call, "state"), from;
    const struct register_def *def;
    struct record was, now;

    TRY(call_find_register(call->cx, call->org->records.registers, call_text(call, "register"),
                           &def));
    TRY(access_check(call->cx, call->org->access, &call->who, ACCESS_READ, def->id));
    TRY(call_files_store(call, def));
    TX(tx, call->cx, call->org->store);
    TRY(call_record(call, def, STR_NONE, &was));
    TRY(call_files_announce(call, was.id));
    if (def->state == NULL)
        return fail(call->cx, RC_INVALID, "state",
                    _("Records of %.*s have no states. Their fields are changed by: assay set."),
                    STR_ARG(def->id));
    from = value_get_text(was.body, str_z(call->cx->mem, def->state->id));
    TRY(check_way(call, def, find_way(def, from, to)));
    TRY(advance(call, def, to, &was, &now));
    TRY(call_files_bind(call, &now));
    TRY(changed(call, &was, &now, ret));
    value_set_text(*ret, "from", from);
    value_set_text(*ret, "to", to);
    return tx_commit(call->cx, &tx);
}

/* ---- removal ---- */

int op_remove(struct op_call *call, struct value **ret)
{
    const struct register_def *def;
    struct record was, now;

    TRY(call_register(call, &def));
    TRY(call_record(call, def, STR_NONE, &was));
    if (!call_flag(call, "yes"))
        return fail(call->cx, RC_CONFLICT, "yes", _("%.*s %.*s would be removed. To do so: --yes."),
                    STR_ARG(def->id), STR_ARG(was.ref));
    TRY(call_may_write(call, def, was.body, NULL));
    if (str_is(def->id, HOME_ORGANISATION))
        return fail(call->cx, RC_CONFLICT, NULL,
                    _("%.*s is whose records these are: it is changed, never removed."),
                    STR_ARG(call->org->title));
    struct record_change change = change_of(call, def, "remove");
    change.id = was.id;
    TX(tx, call->cx, call->org->store);
    TRY(record_write(call->cx, &call->org->records, &change, &now));
    TRY(call_keeps_owner(call, def));
    TRY(changed(call, &was, &now, ret));
    value_set_text(*ret, "label", record_label(call->cx->mem, def, was.body));
    return tx_commit(call->cx, &tx);
}
