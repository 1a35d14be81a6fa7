#include "op/call.h"

#include "base/nearest.h"
#include "op/home_parts.h"

/* ---- arguments ---- */

struct str call_text(const struct op_call *call, const char *name)
{
    return value_get_text(call->args, name);
}

bool call_flag(const struct op_call *call, const char *name)
{
    return value_get_bool(call->args, name);
}

const struct value *call_many(const struct op_call *call, const char *name)
{
    return value_get(call->args, name);
}

bool call_is_register(const struct register_def *def)
{
    return !def->is_not && def->part_of.n == 0;
}

/* ---- registers and fields ---- */

int call_find_register(struct ctx *cx, const struct registers *all, struct str name,
                       const struct register_def **ret)
{
    const struct register_def *def = registers_find(all, name);
    const char **names = arena_array(cx->mem, all->n + 1, sizeof *names);
    size_t n = 0;

    if (def != NULL && call_is_register(def)) {
        *ret = def;
        return 0;
    }
    if (def != NULL && def->part_of.n > 0)
        return fail(cx, RC_INVALID, "register",
                    _("Lines of %.*s are part of the records of %.*s: look there."), STR_ARG(name),
                    STR_ARG(def->part_of));
    for (size_t i = 0; i < all->n; i++)
        if (call_is_register(&all->items[i]))
            names[n++] = str_z(cx->mem, all->items[i].id);
    const char *near = nearest_word(name, names);
    if (near != NULL)
        return fail(cx, RC_NOT_FOUND, "register",
                    _("There is no register \"%.*s\". Did you mean \"%s\"?"), STR_ARG(name), near);
    return fail(cx, RC_NOT_FOUND, "register",
                _("There is no register \"%.*s\". To see them: assay registers."), STR_ARG(name));
}

int call_register(struct op_call *call, const struct register_def **ret)
{
    TRY(call_find_register(call->cx, call->org->records.registers, call_text(call, "register"),
                           ret));
    return access_check(call->cx, call->org->access, &call->who, call->op->right, (*ret)->id);
}

int call_find_field(struct ctx *cx, const struct register_def *def, struct str name,
                    const struct register_field **ret)
{
    const char **names = arena_array(cx->mem, def->field_n + 1, sizeof *names);

    *ret = register_field(def, name);
    if (*ret != NULL)
        return 0;
    for (size_t i = 0; i < def->field_n; i++)
        names[i] = str_z(cx->mem, def->fields[i].id);
    const char *near = nearest_word(name, names);
    if (near != NULL)
        return fail(cx, RC_INVALID, str_z(cx->mem, name),
                    _("The register %.*s has no field \"%.*s\". Did you mean \"%s\"?"),
                    STR_ARG(def->id), STR_ARG(name), near);
    return fail(cx, RC_INVALID, str_z(cx->mem, name),
                _("The register %.*s has no field \"%.*s\". To see its fields: assay registers "
                  "%.*s."),
                STR_ARG(def->id), STR_ARG(name), STR_ARG(def->id));
}

/* ---- days ---- */

int call_as_of(struct op_call *call, struct str *ret)
{
    struct str text = call_text(call, "as-of");
    struct date day;

    *ret = STR_NONE;
    if (text.n == 0)
        return 0;
    if (!date_parse_iso(text, &day))
        return fail(call->cx, RC_INVALID, "as-of", _("\"%.*s\" is no day such as 2026-11-30."),
                    STR_ARG(text));
    if (date_to_days(day) > date_to_days(call->cx->today) + 1) /* somewhere it has begun */
        return fail(call->cx, RC_INVALID, "as-of",
                    _("%.*s is still to come: nothing is recorded of it yet."), STR_ARG(text));
    return home_day_end(call->cx, call->org, day, ret);
}

int call_then(struct op_call *call, int (*run)(struct op_call *, struct value **),
              struct value **ret)
{
    CLEANUP(record_then_closep) struct record_then *then = NULL;
    struct organisation org = *call->org;
    struct date today = call->cx->today;
    struct op_call copy = *call;
    struct str as_of;

    TRY(call_as_of(call, &as_of));
    if (as_of.n == 0)
        return run(call, ret);
    TRY(record_then_open(call->cx, &call->org->records, as_of, &then));
    org.records = *record_then_records(then);
    copy.org = &org;
    (void)date_parse_iso(call_text(call, "as-of"), &call->cx->today);
    int rc = run(&copy, ret);
    call->cx->today = today;
    return rc;
}

/* ---- records ---- */

/* What is listed lives no longer than the call. */
static int take_copy(void *arg, struct ctx *cx, const struct record *record)
{
    *(struct record *)arg = record_copy(cx->mem, record);
    return 0;
}

static int single_record(struct op_call *call, const struct register_def *def, struct str as_of,
                         struct record *ret)
{
    struct record_query query = {.def = def, .as_of = as_of, .limit = 1};

    *ret = (struct record){0};
    TRY(record_list(call->cx, &call->org->records, &query, take_copy, ret));
    if (ret->id.n > 0)
        return 0;
    return fail(call->cx, RC_NOT_FOUND, "record",
                _("%.*s is not recorded yet. To begin: assay add %.*s FIELD=VALUE..."),
                STR_ARG(def->title), STR_ARG(def->id));
}

static int say_which(struct op_call *call, const struct register_def *def)
{
    return fail(call->cx, RC_INVALID, "record",
                _("Which record of %.*s? Name it by its ref. To see them: assay list %.*s."),
                STR_ARG(def->id), STR_ARG(def->id));
}

int call_filters(struct op_call *call, struct record_query *query)
{
    const struct value *where = call_many(call, "where");
    size_t n = value_count(where);
    struct record_filter *filters = arena_array(call->cx->mem, n + 1, sizeof *filters);

    for (size_t i = 0; i < n; i++)
        TRY(record_filter_parse(call->cx, query->def, value_as_text(value_at(where, i)),
                                &filters[i]));
    struct str own = access_own(call->org->access, &call->who, ACCESS_READ, query->def->id);
    if (own.n > 0)
        filters[n++] = (struct record_filter){register_field(query->def, own), RECORD_IS, false,
                                              call->who.person};
    query->filters = filters;
    query->filter_n = n;
    return 0;
}

static int unseen(struct op_call *call, struct str name)
{
    return fail(call->cx, RC_DENIED, "record",
                _("%.*s acts as %.*s and sees only what is about themselves; %.*s is not."),
                STR_ARG(call->who.name), STR_ARG(call->who.role), STR_ARG(name));
}

static int check_seen(struct op_call *call, const struct record *record, struct str name)
{
    return call_may_see(call, record) ? 0 : unseen(call, name);
}

/* Who sees only their own cannot tell what is not there from what is another's. */
static int told(struct op_call *call, const struct register_def *def, struct str name, int rc)
{
    bool own = access_own(call->org->access, &call->who, ACCESS_READ, def->id).n > 0;

    return rc == RC_NOT_FOUND && own ? unseen(call, name) : rc;
}

/* The record that a name meant at an instant: that which was called so then, else that which is
 * called so now, else that which was called so at any time. */
static int find_then(struct op_call *call, const struct register_def *def, struct str name,
                     struct str as_of, struct str *ret_id)
{
    const struct record_store *rs = &call->org->records;
    struct record called;

    TRY(record_called(call->cx, rs, def, name, as_of, &called));
    if (called.id.n > 0) {
        *ret_id = called.id;
        return 0;
    }
    int rc = record_find(call->cx, rs, def, name, ret_id);
    if (rc != RC_NOT_FOUND)
        return rc;
    struct err err = call->cx->err;
    TRY(record_called(call->cx, rs, def, name, STR_NONE, &called));
    call->cx->err = err;
    *ret_id = called.id;
    return called.id.n > 0 ? 0 : rc;
}

/* What was not there yet is told by its name, not by its id. */
static int read_then(struct op_call *call, const struct register_def *def, struct str name,
                     struct str id, struct str as_of, struct record *ret)
{
    const struct record_store *rs = &call->org->records;
    struct str day = call_text(call, "as-of");
    int rc = as_of.n > 0 ? record_at(call->cx, rs, id, as_of, ret) : 0;

    if (rc == RC_NOT_FOUND)
        return fail(call->cx, rc, "record", _("%.*s: there was no %.*s yet at the end of %.*s."),
                    STR_ARG(def->title), STR_ARG(name), STR_ARG(day));
    return rc == 0 ? record_read(call->cx, rs, def, id, as_of, ret) : rc;
}

static int named_record(struct op_call *call, const struct register_def *def, struct str name,
                        struct str as_of, struct record *ret)
{
    const struct record_store *rs = &call->org->records;
    struct str id;

    if (as_of.n > 0)
        TRY(find_then(call, def, name, as_of, &id));
    else
        TRY(record_find(call->cx, rs, def, name, &id));
    TRY(read_then(call, def, name, id, as_of, ret));
    return check_seen(call, ret, name);
}

int call_record(struct op_call *call, const struct register_def *def, struct str as_of,
                struct record *ret)
{
    struct str name = call_text(call, "record");

    if (name.n == 0)
        return def->single ? single_record(call, def, as_of, ret) : say_which(call, def);
    return told(call, def, name, named_record(call, def, name, as_of, ret));
}

/* The last of them. */
static int each_removed(void *arg, struct ctx *cx, const struct record *record)
{
    *(struct record *)arg = record_copy(cx->mem, record);
    return 0;
}

/* Whose it was, a record that is gone does not tell: it is there for nobody who sees only their
 * own. */
static bool sees_removed(const struct op_call *call, const struct register_def *def)
{
    return access_own(call->org->access, &call->who, ACCESS_READ, def->id).n == 0;
}

static int any_then(struct op_call *call, const struct register_def *def, struct str name,
                    struct str as_of, struct record *ret)
{
    struct str id;

    TRY(find_then(call, def, name, as_of, &id));
    int rc = record_at(call->cx, &call->org->records, id, as_of, ret);
    if (rc == RC_NOT_FOUND)
        return read_then(call, def, name, id, as_of, ret);
    return rc == 0 ? check_seen(call, ret, name) : rc;
}

static int any_now(struct op_call *call, const struct register_def *def, struct str name,
                   struct record *ret)
{
    const struct record_store *rs = &call->org->records;
    struct record removed = {.id = STR_NONE}, called;
    struct str id;
    int rc = record_find(call->cx, rs, def, name, &id);
    if (rc == 0) {
        TRY(record_read(call->cx, rs, def, id, STR_NONE, ret));
        return check_seen(call, ret, name);
    }
    struct err err = call->cx->err;
    if (rc != RC_NOT_FOUND)
        return rc;
    if (sees_removed(call, def))
        TRY(record_removals(call->cx, rs, def, name, each_removed, &removed));
    TRY(record_called(call->cx, rs, def, name, STR_NONE, &called));
    call->cx->err = err;
    if (called.id.n > 0 && called.seq > removed.seq)
        removed = called; /* or has another ref now */
    if (removed.id.n == 0)
        return rc;
    TRY(record_at(call->cx, rs, removed.id, STR_NONE, ret));
    return check_seen(call, ret, name);
}

int call_any_named(struct op_call *call, const struct register_def *def, struct str name,
                   struct record *ret)
{
    return told(call, def, name, any_now(call, def, name, ret));
}

int call_any_record(struct op_call *call, const struct register_def *def, struct str as_of,
                    struct record *ret)
{
    struct str name = call_text(call, "record");

    if (name.n == 0)
        return def->single ? single_record(call, def, as_of, ret) : say_which(call, def);
    if (as_of.n == 0)
        return call_any_named(call, def, name, ret);
    return told(call, def, name, any_then(call, def, name, as_of, ret));
}

static int set_field(struct op_call *call, const struct register_def *def, struct str word,
                     struct value *body)
{
    size_t equals = str_find_char(word, '=', 0);
    const struct register_field *field;
    struct value *v;
    struct str text;

    if (equals == SIZE_MAX || equals == 0)
        return fail(call->cx, RC_INVALID, "fields",
                    _("\"%.*s\" is not FIELD=VALUE. FIELD= empties a field."), STR_ARG(word));
    TRY(call_find_field(call->cx, def, str_sub(word, 0, equals), &field));
    if (field->only_computed)
        return fail(call->cx, RC_INVALID, "fields",
                    _("The field %.*s of %.*s follows from others and is not written."),
                    STR_ARG(field->id), STR_ARG(def->id));
    const struct value *file = call_file_value(call, field);
    if (file != NULL) {
        value_set(body, str_z(call->cx->mem, field->id), value_copy(call->cx->mem, file));
        return 0;
    }
    TRY(call_field_text(call, word, &text));
    TRY(record_parse(call->cx, &call->org->records, def, field, text, false, &v));
    value_set(body, str_z(call->cx->mem, field->id), v);
    return 0;
}

/* What somebody records who writes only what is their own names them by itself. */
static void fill_own(struct op_call *call, const struct register_def *def,
                     const struct value *under, struct value *over)
{
    struct str own = access_own(call->org->access, &call->who, ACCESS_WRITE, def->id);
    const char *field = str_z(call->cx->mem, own);

    if (own.n > 0 && under == NULL && value_get(over, field) == NULL)
        value_set_text(over, field, call->who.person);
}

static struct str field_of(struct str word)
{
    return str_sub(word, 0, str_find_char(word, '=', 0));
}

/* The second would go over the first, of which nobody would hear. */
static int check_once(struct op_call *call, const struct value *words, size_t at)
{
    struct str field = field_of(value_as_text(value_at(words, at)));

    for (size_t i = 0; i < at; i++)
        if (str_eq(field_of(value_as_text(value_at(words, i))), field))
            return fail(call->cx, RC_INVALID, "fields",
                        _("%.*s is given twice. Several values stand in one, with ; between them: "
                          "%.*s=\"ONE; OTHER\"."),
                        STR_ARG(field), STR_ARG(field));
    return 0;
}

int call_body(struct op_call *call, const struct register_def *def, const struct value *under,
              const struct value **ret)
{
    const struct value *words = call_many(call, "fields");
    struct value *over = value_map(call->cx->mem), *body = value_map(call->cx->mem);

    for (size_t i = 0; i < value_count(words); i++) {
        TRY(check_once(call, words, i));
        TRY(set_field(call, def, value_as_text(value_at(words, i)), over));
    }
    fill_own(call, def, under, over);
    for (size_t i = 0; i < def->field_n; i++) {
        const char *id = str_z(call->cx->mem, def->fields[i].id);
        const struct value *v =
            value_get(over, id) != NULL ? value_get(over, id) : value_get(under, id);
        if (v != NULL && value_type(v) != VALUE_NULL)
            value_set(body, id, value_copy(call->cx->mem, v));
    }
    *ret = body;
    return 0;
}

/* ---- rights ---- */

/* Whether a record names the person who acts in a field. */
static bool names_who(const struct op_call *call, struct str field, const struct value *body)
{
    return str_eq(value_get_text(body, str_z(call->cx->mem, field)), call->who.person);
}

bool call_may_read(struct op_call *call, const struct register_def *def)
{
    struct err err = call->cx->err;
    int rc = access_check(call->cx, call->org->access, &call->who, ACCESS_READ, def->id);

    call->cx->err = err;
    return rc == 0;
}

bool call_may_see(const struct op_call *call, const struct record *record)
{
    struct str own = access_own(call->org->access, &call->who, ACCESS_READ, record->def->id);

    return own.n == 0 || names_who(call, own, record->body);
}

static bool left_first_state(const struct op_call *call, const struct register_def *def,
                             const struct value *was)
{
    if (def->state == NULL || was == NULL)
        return false;
    return !str_eq(value_get_text(was, str_z(call->cx->mem, def->state->id)), def->initial);
}

int call_may_write(struct op_call *call, const struct register_def *def, const struct value *was,
                   const struct value *now)
{
    const struct access *access = call->org->access;
    struct str name = call->who.name, role = call->who.role,
               own = access_own(access, &call->who, ACCESS_WRITE, def->id);

    if (own.n > 0 && ((was != NULL && !names_who(call, own, was)) ||
                      (now != NULL && !names_who(call, own, now))))
        return fail(call->cx, RC_DENIED, "role",
                    _("%.*s acts as %.*s and writes to %.*s only what is about themselves."),
                    STR_ARG(name), STR_ARG(role), STR_ARG(def->id));
    if (access_only_drafts(access, &call->who) && left_first_state(call, def, was))
        return fail(call->cx, RC_DENIED, "role",
                    _("%.*s acts as %.*s and changes nothing of %.*s that is no draft any more."),
                    STR_ARG(name), STR_ARG(role), STR_ARG(def->id));
    return 0;
}

static int count_owner(void *arg, UNUSED struct ctx *cx, const struct record *record)
{
    size_t *n = arg;

    *n += value_get_bool(record->body, HOME_ACTIVE) &&
          str_is(value_get_text(record->body, HOME_ROLE), HOME_OWNER);
    return 0;
}

int call_keeps_owner(struct op_call *call, const struct register_def *def)
{
    struct record_query query = {.def = def, .complete = true};
    size_t n = 0;

    if (!str_is(def->id, HOME_MEMBERSHIP))
        return 0;
    TRY(record_list(call->cx, &call->org->records, &query, count_owner, &n));
    return n > 0 ? 0
                 : fail(call->cx, RC_CONFLICT, NULL,
                        _("%.*s would have no owner any more. Make somebody else an owner first: "
                          "assay members add PERSON %s."),
                        STR_ARG(call->org->title), HOME_OWNER);
}

struct record_actor call_actor(const struct op_call *call)
{
    return (struct record_actor){call->who.person, call->who.role, call->who.via,
                                 access_independent(call->org->access, &call->who)};
}
