/* Who takes part, and one's own account. */
#include "op/call.h"
#include "op/factors.h"
#include "op/identities.h"
#include "op/own.h"
#include "register/record_search.h"
#include "web/handlers.h"
#include "web/view.h"

/* ---- members ---- */

struct people {
    struct visit *visit;
    const struct value *logins;
    struct value *members, *persons;
};

static int each_member(void *arg, struct ctx *cx, const struct record *record)
{
    struct people *people = arg;
    struct value *one = value_map(cx->mem);
    struct str id = str_copy(cx->mem, value_get_text(record->body, "person")),
               role = str_copy(cx->mem, value_get_text(record->body, "role"));
    const struct registers *registers = people->visit->org->records.registers;
    struct str name, address = STR_NONE;
    struct record person;

    if (!value_get_bool(record->body, "active"))
        return 0;
    TRY(record_read(cx, &people->visit->org->records,
                    registers_find(registers, STR(REGISTER_PERSON_ID)), id, STR_NONE, &person));
    value_set_text(one, "person", id);
    value_set_text(one, "ref", person.ref);
    value_set_text(one, "name", record_label(cx->mem, person.def, person.body));
    value_set_text(one, "role", role);
    const struct value *known =
        value_get(access_roles(people->visit->org->access), str_z(cx->mem, role));

    value_set_text(one, "role_title", value_get_text(known, "title"));
    value_set_text(one, "about", value_get_text(known, "about"));
    const struct value *account = value_get(people->logins, str_z(cx->mem, id));

    value_set_text(one, "login", value_get_text(account, "login"));
    value_set_bool(one, "factor", value_get_bool(account, "factor"));
    value_set_text(one, "url",
                   visit_record_path(people->visit, STR(REGISTER_PERSON_ID), person.ref));
    if (people->visit->app->mailer != NULL)
        TRY(own_address(cx, people->visit->org, id, &name, &address));
    value_set_bool(one, "by_mail", address.n > 0);
    value_push(people->members, one);
    return ctx_check(cx);
}

static int each_person(void *arg, struct ctx *cx, const struct record *record)
{
    struct people *people = arg;
    struct value *one = value_map(cx->mem);
    struct str label = record_label(cx->mem, record->def, record->body);

    value_set_text(one, "ref", str_copy(cx->mem, record->ref));
    value_set_text(one, "name", str_copy(cx->mem, label));
    value_push(people->persons, one);
    return ctx_check(cx);
}

int members_show(struct visit *visit, struct value **ret)
{
    return visit_op(visit, "members", visit_query_args(visit, op_find("members")), ret);
}

static struct value *roles_view(struct visit *visit)
{
    struct arena *mem = visit->cx->mem;
    const struct value *roles = access_roles(visit->org->access);
    struct value *list = value_list(mem);

    for (size_t i = 0; i < value_count(roles); i++) {
        struct value *one = value_map(mem);
        value_set_text(one, "id", value_key_at(roles, i));
        value_set_text(one, "title", value_get_text(value_at(roles, i), "title"));
        value_set_text(one, "about", value_get_text(value_at(roles, i), "about"));
        value_push(list, one);
    }
    return list;
}

int members_dress(struct visit *visit, UNUSED const struct value *tree, struct value *view)
{
    struct ctx *cx = visit->cx;
    const struct registers *registers = visit->org->records.registers;
    struct value *logins, *domains;
    struct store *directory;
    bool required;
    struct people people = {visit, NULL, value_list(cx->mem), value_list(cx->mem)};
    struct record_query members = {.def = registers_find(registers, STR("membership")),
                                   .complete = true},
                        persons = {.def = registers_find(registers, STR(REGISTER_PERSON_ID)),
                                   .limit = 1000};

    TRY(desk_directory(cx, visit->desk, &directory));
    TRY(account_persons(cx, directory, visit->org->name, &logins));
    people.logins = logins;
    TRY(record_list(cx, &visit->org->records, &members, each_member, &people));
    value_set(view, "member_list", people.members);
    TRY(factor_required(cx, directory, visit->org->name, &required));
    value_set_bool(view, "factor_required", required);
    if (view_may(visit, ACCESS_ADMINISTER, STR_NONE)) {
        TRY(record_list(cx, &visit->org->records, &persons, each_person, &people));
        value_set_bool(view, "may", true);
        value_set(view, "persons", people.persons);
        value_set(view, "roles", roles_view(visit));
        TRY(mail_view(visit, directory, view));
        TRY(reader_domains(cx, directory, visit->org->name, &domains));
        value_set(view, "domains", domains);
        identity_say(visit, view);
    }
    value_set_bool(value_get_mut(view, "page"), "at_members", true);
    value_set_text(view, "heading", str_of(_("Who takes part")));
    return 0;
}

static int change_member(struct visit *visit, const char *op, struct value **ret)
{
    struct arena *mem = visit->cx->mem;
    struct value *args = value_map(mem);

    value_set_text(args, "person", parse_get(&visit->form, "person"));
    value_set_text(args, "role", parse_get(&visit->form, "role"));
    TRY(visit_op(visit, op, args, ret));
    visit->redirect = str_printf(mem, "%.*s/members", STR_ARG(visit_base(visit)));
    return 0;
}

int members_add(struct visit *visit, struct value **ret)
{
    return change_member(visit, "members add", ret);
}

int members_remove(struct visit *visit, struct value **ret)
{
    return change_member(visit, "members remove", ret);
}

/* ---- one's own account ---- */

int account_show(struct visit *visit, struct value **ret)
{
    struct value *tree = value_map(visit->cx->mem), *sessions;
    struct store *directory;
    bool password;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(session_list(visit->cx, directory, visit->session.account, &sessions));
    value_set_text(tree, "schema", STR("assay.account/1"));
    value_set_text(tree, "login", visit->session.login);
    value_set_text(tree, "session", visit->session.id);
    value_set(tree, "sessions", sessions);
    value_set_bool(tree, "factor", visit->session.factor);
    TRY(reset_address_view(visit, directory, tree));
    TRY(account_has_password(visit->cx, directory, visit->session.account, &password));
    value_set_bool(tree, "password", password);
    identity_say(visit, tree);
    *ret = tree;
    return 0;
}

int account_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    const struct value *sessions = value_get(tree, "sessions");
    struct value *list = value_list(mem);

    for (size_t i = 0; i < value_count(sessions); i++) {
        struct value *one = value_copy(mem, value_at(sessions, i));
        struct str at = value_get_text(one, "seen_at");
        value_set_text(one, "seen",
                       str_printf(mem, "%.*s %.*s UTC", STR_ARG(str_sub(at, 0, 10)),
                                  STR_ARG(str_sub(at, 11, 5))));
        value_set_bool(one, "here",
                       str_eq(value_get_text(one, "id"), value_get_text(tree, "session")));
        value_push(list, one);
    }
    value_set(view, "session_list", list);
    value_set_text(view, "heading", str_of(_("Your account")));
    return 0;
}

int account_password(struct visit *visit, struct value **ret)
{
    struct str password = parse_get(&visit->form, "password");
    struct store *directory;
    int rc = 0;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    if (!str_eq(password, parse_get(&visit->form, "again")))
        rc = fail(visit->cx, RC_INVALID, "again", _("The two passwords are not the same."));
    if (rc == 0)
        rc = account_set_password(visit->cx, directory, visit->session.account,
                                  parse_get(&visit->form, "present"), password, visit->session.id);
    struct str wrong = rc < 0 ? visit->cx->err.text : STR_NONE;

    if (rc == RC_FAIL || (rc < 0 && visit->json))
        return rc;
    if (rc == 0)
        reset_tell_password(visit, directory);
    TRY(account_show(visit, ret));
    visit->status = rc < 0 ? 422 : 0;
    if (rc < 0)
        value_set_text(*ret, "wrong", wrong);
    else
        value_set_text(
            *ret, "done_text",
            str_of(_("The password is another one now; all other sessions were ended.")));
    return 0;
}

int account_end(struct visit *visit, struct value **ret)
{
    struct str id = parse_get(&visit->form, "session");
    struct store *directory;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(session_end(visit->cx, directory, visit->session.account, id, visit->session.id));
    visit->redirect = STR("/account");
    return account_show(visit, ret);
}
