/* Operations that change records: add, set, advance, remove. */
#include "op/call.h"
#include "op/table_parts.h"
#include "register/record_search.h"

static struct record_change change_of(struct op_call *call, const struct register_def *def,
                                      const char *act)
{
    return (struct record_change){.def = def,
                                  .rev = value_get_int(call->args, "rev", 0),
                                  .act = act,
                                  .actor = call_actor(call),
                                  .key = call_text(call, "key")};
}

/* What a change made of a record. */
static int changed(struct op_call *call, const struct record *was, const struct record *now,
                   struct value **ret)
{
    struct value *result = value_map(call->cx->mem), *changes;
    const struct register_def *def = now->def;

    TRY(record_diff(call->cx, &call->org->records, def, was != NULL ? was->body : NULL, now->body,
                    &changes));
    value_set_text(result, "register", def->id);
    value_set_text(result, "title", def->title);
    value_set_text(result, "ref", now->ref);
    value_set_text(result, "id", now->id);
    value_set_int(result, "rev", now->rev);
    if (now->body != NULL)
        value_set_text(result, "label", record_label(call->cx->mem, def, now->body));
    value_set(result, "changes", changes);
    *ret = result;
    return 0;
}

int op_add(struct op_call *call, struct value **ret)
{
    const struct register_def *def;
    struct record record;

    TRY(call_register(call, &def));
    struct record_change change = change_of(call, def, "add");
    TRY(call_body(call, def, NULL, &change.body));
    TRY(call_may_write(call, def, NULL, change.body));
    change.ref = call_text(call, "ref");
    TRY(record_write(call->cx, &call->org->records, &change, &record));
    return changed(call, NULL, &record, ret);
}

int op_set(struct op_call *call, struct value **ret)
{
    const struct register_def *def;
    struct record was, now;

    TRY(call_register(call, &def));
    TRY(call_record(call, def, STR_NONE, &was));
    struct record_change change = change_of(call, def, "set");
    TRY(call_body(call, def, was.body, &change.body));
    TRY(call_may_write(call, def, was.body, change.body));
    change.id = was.id;
    change.ref = call_text(call, "ref");
    if (value_count(call_many(call, "fields")) == 0 && change.ref.n == 0)
        return fail(call->cx, RC_INVALID, "fields", _("Nothing is to be set: FIELD=VALUE."));
    TRY(record_write(call->cx, &call->org->records, &change, &now));
    return changed(call, &was, &now, ret);
}

/* ---- states ---- */

static const struct register_transition *find_way(const struct register_def *def, struct str from,
                                                  struct str to)
{
    for (size_t i = 0; i < def->transition_n; i++) {
        const struct register_transition *t = &def->transitions[i];
        for (size_t k = 0; str_eq(t->to, to) && k < value_count(t->from); k++)
            if (str_eq(value_as_text(value_at(t->from, k)), from))
                return t;
    }
    return NULL;
}

/* A transition that two people have to make is an approval, which is a right of its own. */
static int check_approval(struct op_call *call, const struct register_def *def, struct str from,
                          struct str to)
{
    const struct register_transition *t = find_way(def, from, to);

    if (t == NULL || t->four_eyes.n == 0)
        return 0;
    return access_check(call->cx, call->org->access, &call->who, ACCESS_APPROVE, def->id);
}

int op_advance(struct op_call *call, struct value **ret)
{
    struct str to = call_text(call, "state"), from;
    const struct register_def *def;
    struct record was, now;

    TRY(call_register(call, &def));
    TRY(call_record(call, def, STR_NONE, &was));
    if (def->state == NULL)
        return fail(call->cx, RC_INVALID, "state",
                    _("Records of %.*s have no states. Their fields are changed by: assay set."),
                    STR_ARG(def->id));
    from = value_get_text(was.body, str_z(call->cx->mem, def->state->id));
    TRY(check_approval(call, def, from, to));
    struct record_change change = change_of(call, def, "advance");
    change.id = was.id;
    if (value_count(call_many(call, "fields")) > 0)
        TRY(call_body(call, def, was.body, &change.body));
    TRY(call_may_write(call, def, was.body, change.body != NULL ? change.body : was.body));
    TRY(record_advance(call->cx, &call->org->records, &change, to, &now));
    TRY(changed(call, &was, &now, ret));
    value_set_text(*ret, "from", from);
    value_set_text(*ret, "to", to);
    return 0;
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
    struct record_change change = change_of(call, def, "remove");
    change.id = was.id;
    TRY(record_write(call->cx, &call->org->records, &change, &now));
    TRY(changed(call, &was, &now, ret));
    value_set_text(*ret, "label", record_label(call->cx->mem, def, was.body));
    return 0;
}
