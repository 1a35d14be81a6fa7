/* The organisations of a home: made, opened, and who acts in them. */
#include <stdlib.h>
#include <unistd.h>

#include "base/fold.h"
#include "base/nearest.h"
#include "base/zone.h"
#include "op/content_own.h"
#include "op/home_parts.h"
#include "vault/vault.h"

#define VIA "local"

/* ---- names ---- */

/* "Müller & Söhne GmbH" is "muller-sohne-gmbh": what a folder and a URL can be called. */
static struct str slug(struct arena *mem, struct str title)
{
    struct str plain = text_fold(mem, title);
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < plain.n && out.n < HOME_NAME_BYTES; i++) {
        char c = plain.p[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            buf_char(&out, c);
        else if (out.n > 0 && out.p[out.n - 1] != '-')
            buf_char(&out, '-');
    }
    while (out.n > 0 && out.p[out.n - 1] == '-')
        out.n--;
    return out.n > 0 ? buf_str(&out) : STR("organisation");
}

/* The name with a number behind it where another organisation has it. */
static int free_name(struct ctx *cx, struct home *home, struct str title, struct str *ret)
{
    struct str base = slug(cx->mem, title), name = base;
    bool taken = true;

    for (unsigned i = 2;; i++) {
        struct str has;
        TRY(home_directory_title(cx, home, name, &has));
        if (str_eq(has, title))
            return fail(cx, RC_CONFLICT, "name", _("There is an organisation %.*s already."),
                        STR_ARG(title));
        taken = has.n > 0;
        if (!taken)
            break;
        name = str_printf(cx->mem, "%.*s-%u", STR_ARG(base), i);
    }
    *ret = name;
    return 0;
}

static struct str schema_of(struct arena *mem, struct str name)
{
    char *schema = str_z(mem, str_printf(mem, "org_%.*s", STR_ARG(name)));

    for (char *c = schema; *c != '\0'; c++)
        *c = *c == '-' ? '_' : *c;
    return str_of(schema);
}

/* ---- opening ---- */

void home_organisation_end(struct open_organisation *open)
{
    record_store_close(&open->org.records);
    store_close(open->org.store);
    open->org.store = NULL;
    vault_free(open->vault);
    open->vault = NULL;
    if (open->knowledge != NULL)
        knowledge_drop(open->knowledge, open->org.known);
    open->org.known = NULL;
}

int home_vault(struct ctx *cx, struct organisation *org, struct vault **ret)
{
    struct open_organisation *open = (struct open_organisation *)org;

    TRY(home_files_need(cx, org->home));
    if (open->vault == NULL)
        TRY(vault_folder(cx, str_printf(cx->mem, "%.*s/vault", STR_ARG(org->folder)),
                         &open->vault));
    *ret = open->vault;
    return 0;
}

/* Loads what the organisation knows: the standard and registers, its own among them. */
static int share_content(struct ctx *cx, struct home *home, struct open_organisation *open)
{
    struct organisation *org = &open->org;

    TRY(knowledge_take(cx, home->knowledge, &home->content, org->store, &org->known));
    open->knowledge = home->knowledge;
    org->standard = org->known->standard;
    org->access = org->known->access;
    return 0;
}

static int load_content(struct ctx *cx, struct home *home, struct open_organisation *open)
{
    struct organisation *org = &open->org;
    struct content content;

    if (home->knowledge != NULL)
        return share_content(cx, home, open);
    TRY(content_own(cx, org->store, &home->content, &content));
    TRY(standard_load(cx, &content, STANDARD_DEFAULT, &org->standard));
    TRY(registers_load(cx, &content, &org->standard->registers));
    return access_load(cx, &home->content, &org->access);
}

/* `folder` holds the files while they are not in their place yet. */
static int open_at(struct ctx *cx, struct home *home, struct str name, struct str folder,
                   bool create, struct organisation **ret)
{
    struct open_organisation *open = ARENA_NEW(cx->mem, struct open_organisation);
    struct organisation *org = &open->org;

    org->name = name;
    org->folder = home_path(home, folder.p);
    org->home = home;
    TRY(home_store(cx, home, str_printf(cx->mem, "%.*s/store.db", STR_ARG(folder)),
                   schema_of(cx->mem, name), create, &org->store));
    open->next = home->open;
    home->open = open;
    TRY(record_migrate(cx, org->store, home_before_ledger, org));
    TRY(load_content(cx, home, open));
    record_store_open(org->store, org->standard->registers, home_keys(cx, home, name),
                      &org->records);
    TRY(record_tables(cx, &org->records));
    *ret = org;
    return 0;
}

/* Ends the one that was opened last. */
static void end_last(struct home *home)
{
    home_organisation_end(home->open);
    home->open = home->open->next;
}

/* What is listed lives no longer than the call. */
static int take_body(void *arg, struct ctx *cx, const struct record *record)
{
    *(const struct value **)arg = value_copy(cx->mem, record->body);
    return 0;
}

static int read_zone(struct ctx *cx, struct organisation *org)
{
    const struct register_def *def = registers_find(org->records.registers, STR(HOME_ORGANISATION));
    struct record_query query = {.def = def, .limit = 1};
    const struct value *body = NULL;

    TRY(record_list(cx, &org->records, &query, take_body, &body));
    org->zone = value_get_text(body, HOME_ZONE);
    struct str title = value_get_text(body, HOME_NAME);
    org->title = title.n > 0 ? title : org->title;
    return 0;
}

static int no_organisation(struct ctx *cx, const struct home *home, const struct value *list,
                           struct str name)
{
    const char *names[64];
    size_t n = 0;

    for (size_t i = 0; i < value_count(list) && n + 1 < COUNT_OF(names); i++)
        names[n++] = str_z(cx->mem, value_get_text(value_at(list, i), "name"));
    names[n] = NULL;
    const char *near = nearest_word(name, names);
    if (near != NULL)
        return fail(cx, RC_NOT_FOUND, "organisation",
                    _("%.*s has no organisation \"%.*s\". Did you mean \"%s\"?"),
                    STR_ARG(home->place), STR_ARG(name), near);
    return fail(cx, RC_NOT_FOUND, "organisation",
                _("%.*s has no organisation \"%.*s\". To see them: assay organisations."),
                STR_ARG(home->place), STR_ARG(name));
}

/* The entry of the directory that is meant. */
static int choose(struct ctx *cx, struct home *home, struct str name, const struct value **ret)
{
    struct value *list;

    TRY(home_organisations(cx, home, &list));
    if (value_count(list) == 0)
        return fail(cx, RC_NOT_FOUND, "organisation",
                    _("%.*s has no organisation yet. To make one: assay organisations add."),
                    STR_ARG(home->place));
    if (name.n == 0 && value_count(list) > 1)
        return fail(cx, RC_INVALID, "organisation",
                    _("%.*s has %zu organisations. Say which: --organisation NAME. To see them: "
                      "assay organisations."),
                    STR_ARG(home->place), value_count(list));
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *one = value_at(list, i);
        if (name.n == 0 || str_eq(value_get_text(one, "name"), name) ||
            str_eq(value_get_text(one, "title"), name)) {
            *ret = one;
            return 0;
        }
    }
    return no_organisation(cx, home, list, name);
}

int home_organisation_open(struct ctx *cx, struct home *home, const char *name,
                           struct organisation **ret)
{
    const struct value *one = NULL;
    struct organisation *org;

    TRY(choose(cx, home, str_of(name != NULL ? name : getenv("ASSAY_ORGANISATION")), &one));
    struct str found = value_get_text(one, "name");
    TRY(open_at(cx, home, found, str_printf(cx->mem, "orgs/%.*s", STR_ARG(found)), false, &org));
    org->title = value_get_text(one, "title");
    TRY(read_zone(cx, org));
    *ret = org;
    return 0;
}

/* ---- new ones ---- */

/* What is written first. A second attempt after one that was interrupted changes nothing. */
static int write_first(struct ctx *cx, struct organisation *org, const char *register_id,
                       const struct value *body, struct str *ret_id)
{
    struct record_change change = {.def =
                                       registers_find(org->records.registers, str_of(register_id)),
                                   .body = body,
                                   .act = "init",
                                   .actor = {.role = STR(HOME_OWNER), .via = STR(VIA)},
                                   .key = str_printf(cx->mem, "init %s", register_id)};
    struct record record;

    if (change.def == NULL)
        return fail(cx, RC_INVALID, register_id, _("The content has no register %s."), register_id);
    TRY(record_write(cx, &org->records, &change, &record));
    *ret_id = record.id;
    return 0;
}

static int write_founding(struct ctx *cx, struct organisation *org, struct str title,
                          struct str owner, struct str zone)
{
    struct value *organisation = value_map(cx->mem), *person = value_map(cx->mem),
                 *membership = value_map(cx->mem);
    struct str id;

    TX(tx, cx, org->store);
    value_set_text(organisation, HOME_NAME, title);
    value_set_text(organisation, HOME_ZONE, zone);
    TRY(write_first(cx, org, HOME_ORGANISATION, organisation, &id));
    value_set_text(person, HOME_NAME, owner);
    TRY(write_first(cx, org, REGISTER_PERSON_ID, person, &id));
    value_set_text(membership, HOME_MEMBER, id);
    value_set_text(membership, HOME_ROLE, STR(HOME_OWNER));
    TRY(write_first(cx, org, HOME_MEMBERSHIP, membership, &id));
    return tx_commit(cx, &tx);
}

/* A folder under another name until all is in it. */
struct growing {
    struct str folder; /* "" once it is in its place */
};

static void growing_end(struct growing *growing)
{
    if (growing->folder.n > 0)
        home_folder_drop(growing->folder);
}

static int make_folders(struct ctx *cx, const struct home *home, struct str folder)
{
    TRY(home_folder_make(cx, home_path(home, folder.p), 0700));
    return home_folder_make(cx, home_path(home, str_printf(cx->mem, "%s/vault", folder.p).p), 0700);
}

static int put_in_place(struct ctx *cx, const struct home *home, struct str from, struct str name)
{
    struct str to = home_path(home, str_printf(cx->mem, "orgs/%.*s", STR_ARG(name)).p);

    if (access(to.p, F_OK) != 0 && rename(home_path(home, from.p).p, to.p) == 0)
        return 0;
    return fail(cx, RC_CONFLICT, "organisation",
                _("%.*s is there, but the home does not list it. Move it away, then try again."),
                STR_ARG(to));
}

struct founding {
    struct str title, owner, zone;
    home_fill *fill; /* or NULL */
    void *arg;
};

static int make_organisation(struct ctx *cx, struct home *home, struct str name,
                             const struct founding *f)
{
    struct str folder = str_printf(cx->mem, "orgs/.%.*s.new", STR_ARG(name));
    struct growing growing CLEANUP(growing_end) = {STR_NONE};
    struct organisation *org;

    TRY(home_files_need(cx, home));
    home_folder_drop(home_path(home, folder.p)); /* of an attempt that was interrupted */
    TRY(make_folders(cx, home, folder));
    growing.folder = home_path(home, folder.p);
    TRY(open_at(cx, home, name, folder, true, &org));
    TRY(write_founding(cx, org, f->title, f->owner, f->zone));
    if (f->fill != NULL)
        TRY(f->fill(f->arg, cx, org));
    end_last(home);
    TRY(put_in_place(cx, home, folder, name));
    growing.folder = STR_NONE;
    return home_directory_add(cx, home, name, f->title);
}

static int found(struct ctx *cx, struct home *home, const struct founding *f,
                 struct organisation **ret)
{
    const struct zone *there;
    struct str name;

    if (f->title.n == 0 || f->owner.n == 0)
        return fail(cx, RC_INVALID, f->title.n == 0 ? "name" : "owner",
                    _("An organisation needs its name and the name of a person who owns it."));
    TRY(zone_load(cx, f->zone, &there));
    TRY(free_name(cx, home, f->title, &name));
    TRY(make_organisation(cx, home, name, f));
    return home_organisation_open(cx, home, str_z(cx->mem, name), ret);
}

int home_organisation_create(struct ctx *cx, struct home *home, struct str title, struct str owner,
                             struct str zone, struct organisation **ret)
{
    const struct founding founding = {
        .title = str_squeeze(cx->mem, title), .owner = str_squeeze(cx->mem, owner), .zone = zone};

    return found(cx, home, &founding, ret);
}

int home_organisation_restore(struct ctx *cx, struct home *home, struct str title, home_fill *fill,
                              void *arg, struct organisation **ret)
{
    const struct founding founding = {.title = str_squeeze(cx->mem, title),
                                      .owner = title, /* until it is filled */
                                      .zone = STR("UTC"),
                                      .fill = fill,
                                      .arg = arg};

    return found(cx, home, &founding, ret);
}

/* ---- who acts ---- */

struct members {
    const struct access *access;
    struct str wanted;      /* id of a person, "" for owners */
    struct str wanted_role; /* "" for any */
    struct str person, role;
    size_t rank; /* of the role, in the order of the roles */
    size_t n;
};

static size_t rank_of(const struct access *access, struct str role)
{
    const struct value *roles = access_roles(access);
    size_t i = 0;

    while (i < value_count(roles) && !str_eq(value_key_at(roles, i), role))
        i++;
    return i;
}

/* A person with several roles acts in the first of them, unless they say in which. */
static int each_member(void *arg, struct ctx *cx, const struct record *record)
{
    struct members *m = arg;
    struct str person = value_get_text(record->body, HOME_MEMBER),
               role = value_get_text(record->body, HOME_ROLE);

    if (!value_get_bool(record->body, HOME_ACTIVE) ||
        (m->wanted.n > 0 ? !str_eq(person, m->wanted) : !str_is(role, HOME_OWNER)) ||
        (m->wanted_role.n > 0 && !str_eq(role, m->wanted_role)))
        return 0;
    size_t rank = rank_of(m->access, role);
    if (m->n++ > 0 && rank >= m->rank)
        return 0;
    m->rank = rank;
    m->person = str_copy(cx->mem, person);
    m->role = str_copy(cx->mem, role);
    return 0;
}

/* "Ada Byron", or "Ada Byron/internal_auditor". */
static int read_as(struct ctx *cx, struct organisation *org, struct str as, struct members *ret)
{
    const struct register_def *persons =
        registers_find(org->records.registers, STR(REGISTER_PERSON_ID));
    size_t slash = str_find_char(as, '/', 0);

    if (slash != SIZE_MAX && access_is_role(org->access, str_from(as, slash + 1))) {
        ret->wanted_role = str_from(as, slash + 1);
        as = str_sub(as, 0, slash);
    }
    int rc = record_find(cx, &org->records, persons, as, &ret->wanted);

    return rc < 0 ? fail_while(cx, rc, _("Who acts (--as or ASSAY_AS)")) : 0;
}

static int find_member(struct ctx *cx, struct organisation *org, struct str as, struct members *ret)
{
    struct record_query query = {
        .def = registers_find(org->records.registers, STR(HOME_MEMBERSHIP)), .complete = true};

    if (as.n > 0)
        TRY(read_as(cx, org, as, ret));
    TRY(record_list(cx, &org->records, &query, each_member, ret));
    if (as.n > 0 && ret->n == 0)
        return fail(cx, RC_DENIED, "as",
                    _("%.*s is no member of %.*s. An owner makes members: assay members add."),
                    STR_ARG(as), STR_ARG(org->title));
    if (as.n == 0 && ret->n != 1)
        return fail(cx, RC_INVALID, "as",
                    _("%.*s has %zu owners: say who acts, by --as PERSON or ASSAY_AS."),
                    STR_ARG(org->title), ret->n);
    return 0;
}

/* What a server's own children do came to it from elsewhere. */
static struct str via(struct ctx *cx)
{
    struct str said = str_of(getenv("ASSAY_VIA"));

    return str_is(said, "web") || str_starts(said, STR(HOME_VIA_TOKEN)) ? str_copy(cx->mem, said)
                                                                        : STR(VIA);
}

int home_principal(struct ctx *cx, struct organisation *org, const char *as, struct principal *ret)
{
    struct members m = {.access = org->access};
    struct record person;

    TRY(find_member(cx, org, str_of(as != NULL ? as : getenv("ASSAY_AS")), &m));
    TRY(record_read(cx, &org->records,
                    registers_find(org->records.registers, STR(REGISTER_PERSON_ID)), m.person,
                    STR_NONE, &person));
    *ret = (struct principal){.person = m.person,
                              .name = value_get_text(person.body, HOME_NAME),
                              .role = m.role,
                              .via = via(cx)};
    /* What a token does not give, it gives to no child either. */
    if (str_of(getenv("ASSAY_RIGHTS")).n > 0)
        return access_rights_read(cx, str_of(getenv("ASSAY_RIGHTS")), &ret->only);
    return 0;
}

struct owners {
    struct organisation *org;
    struct value *list;
};

static int each_owner(void *arg, struct ctx *cx, const struct record *record)
{
    struct owners *owners = arg;
    struct value *one = value_map(cx->mem);
    struct record person;

    if (!value_get_bool(record->body, HOME_ACTIVE) ||
        !str_is(value_get_text(record->body, HOME_ROLE), HOME_OWNER))
        return 0;
    struct str id = str_copy(cx->mem, value_get_text(record->body, HOME_MEMBER));

    TRY(record_read(cx, &owners->org->records,
                    registers_find(owners->org->records.registers, STR(REGISTER_PERSON_ID)), id,
                    STR_NONE, &person));
    value_set_text(one, "person", id);
    value_set_text(one, "name", value_get_text(person.body, HOME_NAME));
    value_push(owners->list, one);
    return 0;
}

int home_owners(struct ctx *cx, struct organisation *org, struct value **ret)
{
    struct owners owners = {org, value_list(cx->mem)};
    struct record_query query = {
        .def = registers_find(org->records.registers, STR(HOME_MEMBERSHIP)), .complete = true};

    TRY(record_list(cx, &org->records, &query, each_owner, &owners));
    *ret = owners.list;
    return 0;
}

int home_organisation_fresh(struct ctx *cx, const struct organisation *org, bool *ret)
{
    struct hash own;

    *ret = true;
    if (org->known == NULL)
        return 0;
    TRY(knowledge_own(cx, org->store, &own));
    *ret = memcmp(own.b, org->known->own.b, sizeof own.b) == 0;
    return 0;
}

/* ---- days ---- */

/* Where a home comes to a machine without rules of zones, its days are UTC's. */
int home_day_end(struct ctx *cx, const struct organisation *org, struct date day, struct str *ret)
{
    const struct zone *zone;

    TRY(zone_load(cx, zone_database_there() ? org->zone : STR_NONE, &zone));
    int64_t end = zone_day_start(zone, date_from_days(date_to_days(day) + 1));
    *ret = instant_text(cx->mem, end * 1000 - 1);
    return 0;
}
