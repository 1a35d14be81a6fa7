/* Operations on who takes part: members. */
#include "base/nearest.h"
#include "op/call.h"
#include "op/home_parts.h"
#include "op/table_parts.h"
#include "op/tokens.h"
#include "register/record_search.h"

struct members {
    struct op_call *call;
    struct shown *shown;
    struct value *result;
    struct str person, role; /* that are looked for; "" for any role */
    struct record *found;
    size_t n, room, owners_left;
};

static const struct register_def *memberships(const struct op_call *call)
{
    return registers_find(call->org->records.registers, STR(HOME_MEMBERSHIP));
}

/* ---- list ---- */

static int show_each(void *arg, struct ctx *cx, const struct record *record)
{
    struct members *m = arg;
    struct value *fields = shown_row(m->result, cx->mem);
    struct str role = str_copy(cx->mem, value_get_text(record->body, HOME_ROLE)), name;
    const struct value *roles = access_roles(m->call->org->access);

    TRY(shown_actor(m->shown, value_get_text(record->body, HOME_MEMBER), &name));
    value_set_text(fields, "person", name);
    value_set_text(fields, "role", role);
    value_set_text(fields, "about",
                   value_get_text(value_get(roles, str_z(cx->mem, role)), "about"));
    if (!value_get_bool(record->body, HOME_ACTIVE))
        value_set_text(fields, "about", str_of(_("not today")));
    m->n++;
    return 0;
}

int op_members(struct op_call *call, struct value **ret)
{
    static const char *const columns[] = {"person", "Person", "role",
                                          "Role",   "about",  "What they may do"};
    struct members m = {.call = call, .result = value_map(call->cx->mem)};
    struct record_query query = {.def = memberships(call), .complete = true};

    TRY(call_as_of(call, &query.as_of));
    m.shown = shown_new(call, query.as_of);
    (void)shown_table(m.result, call->cx->mem, columns, COUNT_OF(columns));
    TRY(record_list(call->cx, &call->org->records, &query, show_each, &m));
    value_set_int(m.result, "count", (int64_t)m.n);
    shown_if_none(m.result, _("Nobody took part then."));
    *ret = m.result;
    return 0;
}

/* ---- add, remove ---- */

static int find_each(void *arg, struct ctx *cx, const struct record *record)
{
    struct members *m = arg;
    struct str role = value_get_text(record->body, HOME_ROLE);
    bool theirs = str_eq(value_get_text(record->body, HOME_MEMBER), m->person);
    bool meant = theirs && (m->role.n == 0 || str_eq(role, m->role));

    if (!value_get_bool(record->body, HOME_ACTIVE))
        return 0;
    m->owners_left += str_is(role, HOME_OWNER) && !meant;
    if (!meant)
        return 0;
    struct record *found = ARENA_PUSH(cx->mem, m->found, m->n, m->room);
    *found = record_copy(cx->mem, record);
    return 0;
}

/* The memberships of the person in the role, or in any. */
static int find(struct op_call *call, struct members *ret)
{
    const struct record_store *rs = &call->org->records;
    const struct register_def *persons = registers_find(rs->registers, STR(REGISTER_PERSON_ID));
    struct record_query query = {.def = memberships(call), .complete = true};
    struct str name = call_text(call, "person");
    int rc = record_find(call->cx, rs, persons, name, &ret->person);

    if (rc == RC_NOT_FOUND)
        return fail(call->cx, rc, "person", _("%.*s To record a person: assay add %s %s=\"%.*s\"."),
                    STR_ARG(call->cx->err.text), REGISTER_PERSON_ID, HOME_NAME, STR_ARG(name));
    return rc < 0 ? rc : record_list(call->cx, rs, &query, find_each, ret);
}

static int said(struct op_call *call, struct str text, struct value **ret)
{
    struct value *result = value_map(call->cx->mem);

    value_set_text(result, "said", text);
    *ret = result;
    return 0;
}

static int check_role(struct op_call *call, struct str role)
{
    const struct value *roles = access_roles(call->org->access);
    const char *names[32];
    struct buf all = buf_new(call->cx->mem);
    size_t n = 0;

    if (access_is_role(call->org->access, role))
        return 0;
    for (; n < value_count(roles) && n + 1 < COUNT_OF(names); n++) {
        names[n] = str_z(call->cx->mem, value_key_at(roles, n));
        buf_printf(&all, "%s%s", n > 0 ? ", " : "", names[n]);
    }
    names[n] = NULL;
    const char *near = nearest_word(role, names);
    if (near != NULL)
        return fail(call->cx, RC_INVALID, "role",
                    _("There is no role \"%.*s\". Did you mean \"%s\"?"), STR_ARG(role), near);
    return fail(call->cx, RC_INVALID, "role", _("There is no role \"%.*s\", only %.*s."),
                STR_ARG(role), STR_ARG(buf_str(&all)));
}

static int write_member(struct op_call *call, const struct record *was, const struct value *body)
{
    struct record_change change = {.def = memberships(call),
                                   .body = body,
                                   .act = body == NULL ? "remove" : "add",
                                   .actor = call_actor(call)};
    struct record record;

    if (was != NULL) {
        change.id = was->id;
        change.rev = was->rev;
    }
    return record_write(call->cx, &call->org->records, &change, &record);
}

int op_members_add(struct op_call *call, struct value **ret)
{
    struct members m = {.call = call, .role = call_text(call, "role")};
    struct value *body = value_map(call->cx->mem);

    TRY(check_role(call, m.role));
    TRY(find(call, &m));
    value_set_text(body, HOME_MEMBER, m.person);
    value_set_text(body, HOME_ROLE, m.role);
    if (m.n == 0)
        TRY(write_member(call, NULL, body));
    return said(call,
                str_printf(call->cx->mem, _("%.*s takes part in %.*s as %.*s."),
                           STR_ARG(call_text(call, "person")), STR_ARG(call->org->title),
                           STR_ARG(m.role)),
                ret);
}

static int remove_all(struct op_call *call, const struct members *m)
{
    TX(tx, call->cx, call->org->store);
    for (size_t i = 0; i < m->n; i++)
        TRY(write_member(call, &m->found[i], NULL));
    return tx_commit(call->cx, &tx);
}

/* What they had given programs goes with the last of their roles. */
static int end_tokens(struct op_call *call, const struct members *m)
{
    struct members left = {.call = call};

    TRY(find(call, &left));
    return left.n > 0 ? 0
                      : token_end_member(call->cx, home_directory(call->org->home), call->org->name,
                                         m->person);
}

int op_members_remove(struct op_call *call, struct value **ret)
{
    struct str name = call_text(call, "person"), title = call->org->title;
    struct members m = {.call = call, .role = call_text(call, "role")};

    if (m.role.n > 0)
        TRY(check_role(call, m.role));
    TRY(find(call, &m));
    if (m.n == 0)
        return fail(call->cx, RC_NOT_FOUND, "person", _("%.*s is no member of %.*s%s%.*s."),
                    STR_ARG(name), STR_ARG(title), m.role.n > 0 ? _(" as ") : "", STR_ARG(m.role));
    if (m.owners_left == 0) /* it could be administered by nobody */
        return fail(call->cx, RC_CONFLICT, "person",
                    _("%.*s is the only owner of %.*s. Make somebody else an owner first."),
                    STR_ARG(name), STR_ARG(title));
    TRY(remove_all(call, &m));
    TRY(end_tokens(call, &m));
    return said(call,
                str_printf(call->cx->mem,
                           _("%.*s takes part in %.*s%s%.*s no longer. What they "
                             "recorded stays."),
                           STR_ARG(name), STR_ARG(title), m.role.n > 0 ? _(" as ") : "",
                           STR_ARG(m.role)),
                ret);
}
