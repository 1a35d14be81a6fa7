/* States: who may move a record where, and what must be there first; guards. */
#include "register/record_parts.h"

/* ---- constants ---- */

int record_constant(struct ctx *cx, const struct record_store *rs,
                    const struct record_change *change, const struct register_field *field,
                    const struct value *constant, struct value **ret)
{
    const struct value *v = constant;

    if (value_is_text(constant, "=today") && field->type == REGISTER_INSTANT)
        v = value_text(cx->mem, instant_text(cx->mem, host_now_ms(cx)));
    else if (value_is_text(constant, "=today"))
        v = value_text(cx->mem, date_iso(cx->mem, cx->today));
    else if (value_is_text(constant, "=actor"))
        v = value_text(cx->mem, change->actor.person);
    return record_value(cx, rs, change->def, field, v, false, ret);
}

/* ---- guards ---- */

static bool is_in(const struct value *texts, struct str text)
{
    for (size_t i = 0; i < value_count(texts); i++)
        if (str_eq(value_as_text(value_at(texts, i)), text))
            return true;
    return false;
}

static struct str state_of(struct arena *mem, const struct register_def *def,
                           const struct value *body)
{
    return def->state != NULL ? value_get_text(body, str_z(mem, def->state->id)) : STR_NONE;
}

static int forbidden(struct ctx *cx, const struct record *record,
                     const struct register_guard *guard, const struct value *row)
{
    struct mustache *message;
    struct buf out = buf_new(cx->mem);

    TRY(mustache_compile(cx, "guard", guard->message, MUSTACHE_PLAIN, NULL, NULL, &message));
    TRY(mustache_render(message, row, &out));
    return fail(cx, RC_CONFLICT, str_z(cx->mem, guard->id), "%.*s, %.*s: %.*s",
                STR_ARG(record->def->title), STR_ARG(record->ref), STR_ARG(buf_str(&out)));
}

static bool has_param(const struct stmt *s, const char *name)
{
    for (size_t i = 0; i < stmt_params(s); i++)
        if (str_is(stmt_param_name(s, i), name))
            return true;
    return false;
}

static int ask_guard(struct ctx *cx, const struct record_store *rs, const struct record *record,
                     const struct register_guard *guard)
{
    KEPT(q);
    bool row;

    TRY(record_prepare(cx, rs, guard->sql, &q));
    if (has_param(q.s, "id"))
        TRY(stmt_bind_text(cx, q.s, "id", record->id));
    if (has_param(q.s, "actor"))
        TRY(stmt_bind_text(cx, q.s, "actor", record->actor));
    TRY(stmt_step(cx, q.s, &row));
    return row ? forbidden(cx, record, guard, stmt_row(cx->mem, q.s)) : 0;
}

static bool has_changed(struct arena *mem, const struct register_field *field,
                        const struct value *was, const struct value *now)
{
    const char *id = str_z(mem, field->id);
    const struct value *before = value_get(was, id), *after = value_get(now, id);

    if (record_is_nothing(before) || record_is_nothing(after))
        return record_is_nothing(before) != record_is_nothing(after);
    return !str_eq(record_json(mem, before), record_json(mem, after));
}

static bool is_asked(struct arena *mem, const struct register_def *def,
                     const struct register_guard *guard, const struct value *was,
                     const struct value *now)
{
    if (guard->at == NULL || is_in(guard->at, state_of(mem, def, now)))
        return true;
    for (size_t i = 0; i < guard->changed.n; i++)
        if (has_changed(mem, &def->fields[guard->changed.items[i]], was, now))
            return true;
    return guard->changed.n > 0 && def->state != NULL && has_changed(mem, def->state, was, now);
}

int record_guards(struct ctx *cx, const struct record_store *rs, const struct value *was,
                  const struct record *record)
{
    const struct register_def *def = record->def;

    for (size_t i = 0; i < def->guard_n; i++)
        if (is_asked(cx->mem, def, &def->guards[i], was, record->body))
            TRY(ask_guard(cx, rs, record, &def->guards[i]));
    return 0;
}

/* ---- transitions ---- */

struct advance {
    struct ctx *cx;
    const struct record_store *rs;
    const struct record_change *change;
    struct record last;
    struct str from, to, request;
    const struct register_transition *by;
    struct value *body;
};

static struct str what(const struct advance *a)
{
    return str_printf(a->cx->mem, "%.*s, %.*s", STR_ARG(a->change->def->title),
                      STR_ARG(a->last.ref));
}

static struct str texts_of(struct arena *mem, const struct value *texts)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < value_count(texts); i++)
        buf_printf(&out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(value_as_text(value_at(texts, i))));
    return buf_str(&out);
}

/* Of several transitions between the same states the first that the role may take. */
static int find_transition(struct advance *a)
{
    const struct register_def *def = a->change->def;
    struct buf ways = buf_new(a->cx->mem);

    for (size_t i = 0; i < def->transition_n; i++) {
        const struct register_transition *t = &def->transitions[i];
        if (!is_in(t->from, a->from))
            continue;
        buf_printf(&ways, "%s%.*s", ways.n > 0 ? ", " : "", STR_ARG(t->to));
        if (str_eq(t->to, a->to) && (a->by == NULL || !is_in(a->by->roles, a->change->actor.role)))
            a->by = t;
    }
    if (a->by != NULL)
        return 0;
    return fail(a->cx, RC_CONFLICT, str_z(a->cx->mem, def->state->id),
                _("%.*s is %.*s, and no way leads from there to \"%.*s\"; there are: %.*s."),
                STR_ARG(what(a)), STR_ARG(a->from), STR_ARG(a->to),
                STR_ARG(ways.n > 0 ? buf_str(&ways) : str_of(_("none"))));
}

static int check_role(const struct advance *a)
{
    struct str role = a->change->actor.role;

    if (a->by->roles == NULL || a->change->imported || is_in(a->by->roles, role))
        return 0;
    return fail(a->cx, RC_DENIED, NULL,
                _("%.*s: to move it from %.*s to %.*s is for %.*s; you act as %.*s."),
                STR_ARG(what(a)), STR_ARG(a->from), STR_ARG(a->to),
                STR_ARG(texts_of(a->cx->mem, a->by->roles)),
                STR_ARG(role.n > 0 ? role : str_of(_("nobody"))));
}

static int check_needs(const struct advance *a)
{
    const struct register_def *def = a->change->def;
    struct buf missing = buf_new(a->cx->mem);
    struct record last = a->last; /* what is worked out is there too */
    struct str first = STR_NONE;

    TRY(record_complete(a->cx, a->rs, &last));

    for (size_t i = 0; i < a->by->needs.n; i++) {
        const struct register_field *field = &def->fields[a->by->needs.items[i]];
        const char *id = str_z(a->cx->mem, field->id);
        if (!record_is_nothing(value_get(a->body, id)) ||
            (field->computed.n > 0 && !record_is_nothing(value_get(last.body, id))))
            continue;
        buf_printf(&missing, "%s%.*s", missing.n > 0 ? ", " : "", STR_ARG(field->label));
        if (first.n == 0)
            first = field->id;
    }
    if (missing.n == 0)
        return 0;
    return fail(a->cx, RC_CONFLICT, str_z(a->cx->mem, first),
                _("%.*s: before it moves to %.*s, these have to be filled: %.*s."),
                STR_ARG(what(a)), STR_ARG(a->to), STR_ARG(buf_str(&missing)));
}

/* ---- four eyes ---- */

static int ask_organisation(void *arg, UNUSED struct ctx *cx, const struct record *record)
{
    const struct value *v = value_get(record->body, RECORD_FOUR_EYES);
    bool *off = arg;

    *off = value_type(v) == VALUE_BOOL && !value_as_bool(v);
    return 0;
}

static int four_eyes_off(const struct advance *a, bool *ret)
{
    const struct register_def *def = registers_find(a->rs->registers, STR(RECORD_ORGANISATION));
    struct record_query query = {.def = def, .limit = 1};

    *ret = false;
    if (def != NULL && record_is_kept(def))
        TRY(record_list(a->cx, a->rs, &query, ask_organisation, ret));
    return 0;
}

static bool names(const struct value *v, struct str person)
{
    for (size_t i = 0; value_type(v) == VALUE_LIST && i < value_count(v); i++)
        if (str_eq(value_as_text(value_at(v, i)), person))
            return true;
    return str_eq(value_as_text(v), person);
}

/* The versions since the record was last in the state that it goes to: whom they name in a field.
 */
struct named_in {
    const struct advance *a;
    const struct register_field *field;
    int64_t rev; /* the last that names the person who acts, 0 for none */
};

static int each_named(void *arg, struct ctx *cx, const struct record *record)
{
    struct named_in *in = arg;
    const struct value *v = value_find(record->body, in->field->id);

    if (record->body == NULL || str_eq(state_of(cx->mem, record->def, record->body), in->a->to))
        in->rev = 0;
    else if (names(v, in->a->change->actor.person))
        in->rev = record->rev;
    return 0;
}

static int is_excluded(const struct advance *a, const struct register_field *field, int64_t rev)
{
    struct str who = rev > 0 ? str_printf(a->cx->mem, _("who was \"%.*s\" in version %lld"),
                                          STR_ARG(field->label), (long long)rev)
                             : str_printf(a->cx->mem, _("who is \"%.*s\""), STR_ARG(field->label));

    if (a->change->actor.independent)
        return fail(a->cx, RC_DENIED, str_z(a->cx->mem, field->id),
                    _("%.*s: %.*s may not move it to %.*s: nobody audits what they own or did."),
                    STR_ARG(what(a)), STR_ARG(who), STR_ARG(a->to));
    return fail(a->cx, RC_DENIED, str_z(a->cx->mem, field->id),
                _("%.*s: four eyes: %.*s may not move it to %.*s; somebody else has to. (The "
                  "organisation's record can switch this off, with a reason.)"),
                STR_ARG(what(a)), STR_ARG(who), STR_ARG(a->to));
}

static int check_four_eyes(const struct advance *a)
{
    const struct register_def *def = a->change->def;
    struct str person = a->change->actor.person;
    bool off;

    if (a->by->four_eyes.n == 0 || a->change->imported || person.n == 0)
        return 0;
    TRY(four_eyes_off(a, &off));
    off = off && !a->change->actor.independent;
    for (size_t i = 0; !off && i < a->by->four_eyes.n; i++) {
        const struct register_field *field = &def->fields[a->by->four_eyes.items[i]];
        struct named_in in = {.a = a, .field = field};
        if (names(value_find(a->body, field->id), person) ||
            names(value_find(a->last.body, field->id), person))
            return is_excluded(a, field, 0);
        TRY(record_history(a->cx, a->rs, a->last.id, each_named, &in));
        if (in.rev > 0)
            return is_excluded(a, field, in.rev);
    }
    return 0;
}

/* ---- the whole ---- */

static void add_fields(struct value *to, const struct value *from, struct arena *mem)
{
    for (size_t i = 0; i < value_count(from); i++)
        value_set(to, str_z(mem, value_key_at(from, i)),
                  (struct value *)(uintptr_t)value_at(from, i));
}

static int set_fields(struct advance *a)
{
    const struct register_def *def = a->change->def;

    for (size_t i = 0; i < value_count(a->by->sets); i++) {
        struct str id = value_key_at(a->by->sets, i);
        const struct register_field *field = register_field(def, id);
        struct value *v;
        if (field == NULL)
            continue;
        TRY(record_constant(a->cx, a->rs, a->change, field, value_at(a->by->sets, i), &v));
        value_set(a->body, str_z(a->cx->mem, id), v);
    }
    value_set_text(a->body, str_z(a->cx->mem, def->state->id), a->by->to);
    return 0;
}

static int take(struct advance *a, struct record *ret)
{
    const struct record_change *change = a->change;
    struct record_change whole = *change;

    TRY(record_read(a->cx, a->rs, change->def, change->id, STR_NONE, &a->last));
    a->from = state_of(a->cx->mem, change->def, a->last.body);
    a->body = value_map(a->cx->mem);
    add_fields(a->body, a->last.body, a->cx->mem);
    add_fields(a->body, change->body, a->cx->mem);
    TRY(find_transition(a));
    TRY(check_role(a));
    TRY(check_needs(a));
    TRY(check_four_eyes(a));
    TRY(set_fields(a));
    whole.body = a->body;
    whole.act = change->act != NULL ? change->act : "advance";
    return record_write_step(a->cx, a->rs, &whole, a->by, a->request, ret);
}

int record_advance(struct ctx *cx, const struct record_store *rs,
                   const struct record_change *change, struct str to, struct record *ret)
{
    struct advance a = {.cx = cx, .rs = rs, .change = change, .to = to};
    struct record record;
    bool done;

    TRY(record_must_be_kept(cx, change->def));
    if (change->def->state == NULL)
        return fail(cx, RC_INVALID, NULL, _("%.*s: its records have no states."),
                    STR_ARG(change->def->title));
    a.request = record_request(cx->mem, change, to);
    TX(tx, cx, rs->store);
    TRY(record_written(cx, rs, change, a.request, &done, &record));
    if (!done)
        TRY(take(&a, &record));
    TRY(tx_commit(cx, &tx));
    *ret = record;
    return 0;
}
