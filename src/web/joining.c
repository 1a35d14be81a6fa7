/* Who has come from the provider and is nobody here yet: members that carry their address, and
 * organisations whose owners let all of a domain read. */
#include "op/identities.h"
#include "web/handlers.h"

#define MOST 100u /* organisations of one address */
#define NAME_BYTES 120u

struct joining {
    struct visit *visit;
    struct store *directory;
    const struct identity *identity;
    struct organisation *org; /* that is looked at */
    struct str member;        /* the person of it that carries the address, "" for none */
    bool untrusted;           /* somebody's record has the address, who could not decide that */
    bool there;               /* a person with the address has an account */
    struct account_binding bindings[MOST];
    size_t n;
};

static const struct register_def *persons(const struct organisation *org)
{
    return registers_find(org->records.registers, STR(REGISTER_PERSON_ID));
}

static struct str address_of(struct ctx *cx, const struct record *record)
{
    return str_lower(cx->mem, str_trim(value_get_text(record->body, "email")));
}

/* ---- who wrote the address ---- */

struct writer {
    struct joining *joining;
    struct str before; /* the address of the version before */
    struct principal who;
};

static int each_version(void *arg, struct ctx *cx, const struct record *record)
{
    struct writer *w = arg;
    struct str address = str_copy(cx->mem, address_of(cx, record));

    if (!str_eq(address, w->before))
        w->who = (struct principal){.person = str_copy(cx->mem, record->actor),
                                    .role = str_copy(cx->mem, record->role)};
    w->before = address;
    return 0;
}

/* An address opens an account: it counts where somebody wrote it who may decide who takes part.
 * Others may keep persons' records, and could write their own address into an owner's. */
static int is_trusted(struct joining *j, struct str person, bool *ret)
{
    struct ctx *cx = j->visit->cx;
    struct writer writer = {.joining = j, .before = STR_NONE};
    struct err err = cx->err;

    TRY(record_history(cx, &j->org->records, person, each_version, &writer));
    *ret = writer.who.role.n > 0 &&
           access_check(cx, j->org->access, &writer.who, ACCESS_ADMINISTER, STR_NONE) == 0;
    cx->err = err;
    return 0;
}

/* ---- members ---- */

static int each_member(void *arg, struct ctx *cx, const struct record *record)
{
    struct joining *j = arg;
    struct record person;

    if (!value_get_bool(record->body, "active") || j->member.n > 0)
        return 0;
    struct str id = str_copy(cx->mem, value_get_text(record->body, "person"));

    TRY(record_read(cx, &j->org->records, persons(j->org), id, STR_NONE, &person));
    if (str_eq(address_of(cx, &person), j->identity->address))
        j->member = id;
    return ctx_check(cx);
}

/* The account of a person, "" for none. */
static int account_of(struct joining *j, struct str person, struct str *ret)
{
    struct value *accounts;

    TRY(account_persons(j->visit->cx, j->directory, j->org->name, &accounts));
    *ret = value_get_text(value_find(accounts, person), "login");
    return 0;
}

static bool is_bound(const struct joining *j)
{
    for (size_t i = 0; i < j->n; i++)
        if (str_eq(j->bindings[i].organisation, j->org->name))
            return true;
    return false;
}

static int look_at_members(struct joining *j)
{
    struct ctx *cx = j->visit->cx;
    struct record_query members = {
        .def = registers_find(j->org->records.registers, STR("membership")), .complete = true};
    struct str login;
    bool trusted;

    j->member = STR_NONE;
    if (is_bound(j))
        return 0;
    TRY(record_list(cx, &j->org->records, &members, each_member, j));
    if (j->member.n == 0)
        return 0;
    TRY(account_of(j, j->member, &login));
    TRY(is_trusted(j, j->member, &trusted));
    if (login.n > 0)
        j->there = true;
    else if (!trusted)
        j->untrusted = true;
    else if (j->n < MOST)
        j->bindings[j->n++] = (struct account_binding){j->org->name, j->member};
    return 0;
}

/* A link that an owner had sent to the address: it is theirs without it. */
static int look_at_invitations(struct joining *j)
{
    struct ctx *cx = j->visit->cx;
    struct value *invited;
    struct str login;

    TRY(identity_invited(cx, j->directory, j->identity->address, &invited));
    for (size_t i = 0; i < value_count(invited); i++) {
        const struct value *one = value_at(invited, i);
        struct str person = value_get_text(one, "person");
        TRY(desk_organisation(cx, j->visit->desk, value_get_text(one, "organisation"), &j->org));
        TRY(account_of(j, person, &login));
        if (login.n == 0 && !is_bound(j) && j->n < MOST)
            j->bindings[j->n++] = (struct account_binding){j->org->name, person};
    }
    return 0;
}

/* ---- domains ---- */

/* What an operation takes as a field: a text that begins with a sign of its own says so. */
static void push_field(struct arena *mem, struct value *fields, const char *name, struct str text)
{
    value_push(fields,
               value_text(mem, str_printf(mem, "%s=%s%.*s", name,
                                          str_starts(text, STR("@")) ? "@" : "", STR_ARG(text))));
}

static int run_op(struct joining *j, const struct principal *who, const char *op,
                  const struct value *args, struct value **ret)
{
    struct visit *visit = j->visit;

    return op_run_in(visit->cx, op_find(op), &visit->app->where, j->org, who, args,
                     &(struct op_face){.open = NULL}, ret);
}

/* The name as the provider has it, where it could be one. */
static struct str name_of(struct ctx *cx, const struct identity *identity)
{
    struct str name = identity->name;
    bool good = name.n > 0 && utf8_valid(name);

    for (size_t i = 0; i < name.n; i++)
        good = good && (unsigned char)name.p[i] >= ' ';
    return good ? str_cut(cx->mem, name, NAME_BYTES) : identity->address;
}

/* A person and their membership, in the name of the owner who let the domain in. */
static int add_reader(struct joining *j, const struct principal *owner, struct str *ret_person)
{
    struct arena *mem = j->visit->cx->mem;
    struct value *args = value_map(mem), *fields = value_list(mem), *result;

    value_set_text(args, "register", STR(REGISTER_PERSON_ID));
    push_field(mem, fields, "name", name_of(j->visit->cx, j->identity));
    push_field(mem, fields, "email", j->identity->address);
    value_set(args, "fields", fields);
    TRY(run_op(j, owner, "add", args, &result));
    *ret_person = value_get_text(result, "id");
    args = value_map(mem);
    value_set_text(args, "person", value_get_text(result, "ref"));
    value_set_text(args, "role", STR("reader"));
    return run_op(j, owner, "members add", args, &result);
}

/* An owner who has left decides nothing any more. */
static int look_at_domain(struct joining *j, struct str decided_by)
{
    struct ctx *cx = j->visit->cx;
    struct principal owner;
    struct err err = cx->err;
    struct str person;

    if (is_bound(j))
        return 0;
    int rc = home_principal(cx, j->org, str_z(cx->mem, decided_by), &owner);

    if (rc == 0)
        rc = access_check(cx, j->org->access, &owner, ACCESS_ADMINISTER, STR_NONE);
    if (rc < 0) {
        cx->err = err;
        return rc == RC_FAIL ? rc : 0;
    }
    owner.via = STR("web");
    TRY(add_reader(j, &owner, &person));
    if (j->n < MOST)
        j->bindings[j->n++] = (struct account_binding){j->org->name, person};
    return 0;
}

/* ---- all of them ---- */

static int look_at_organisations(struct joining *j)
{
    struct ctx *cx = j->visit->cx;
    struct home *home CLEANUP(home_closep) = NULL;
    struct value *organisations;

    TRY(home_open(cx, &j->visit->app->where, &home));
    TRY(home_organisations(cx, home, &organisations));
    for (size_t i = 0; i < value_count(organisations); i++) {
        struct str name = value_get_text(value_at(organisations, i), "name");
        TRY(desk_organisation(cx, j->visit->desk, name, &j->org));
        TRY(look_at_members(j));
    }
    return 0;
}

static int look_at_domains(struct joining *j)
{
    struct ctx *cx = j->visit->cx;
    struct str address = j->identity->address;
    struct str domain = str_from(address, str_find_char(address, '@', 0) + 1);
    struct value *readers;

    TRY(reader_domain_of(cx, j->directory, domain, &readers));
    for (size_t i = 0; i < value_count(readers); i++) {
        const struct value *one = value_at(readers, i);
        TRY(desk_organisation(cx, j->visit->desk, value_get_text(one, "organisation"), &j->org));
        TRY(look_at_domain(j, value_get_text(one, "person")));
    }
    return 0;
}

int joining_find(struct visit *visit, struct store *directory, const struct identity *identity,
                 struct str *ret_account, struct str *ret_why)
{
    struct joining *j = ARENA_NEW(visit->cx->mem, struct joining);
    bool taken;

    *ret_account = STR_NONE;
    *ret_why = STR("unverified");
    if (identity->address.n == 0)
        return 0;
    *j = (struct joining){.visit = visit, .directory = directory, .identity = identity};
    TRY(identity_taken(visit->cx, directory, identity->address, &taken));
    TRY(look_at_invitations(j));
    TRY(look_at_organisations(j));
    *ret_why = STR("there");
    if (taken || j->there)
        return 0;
    *ret_why = STR("untrusted");
    if (j->n == 0 && j->untrusted)
        return 0;
    TRY(look_at_domains(j));
    *ret_why = STR("unknown");
    if (j->n == 0)
        return 0;
    return identity_make(visit->cx, directory, identity, j->bindings, j->n, ret_account);
}
