/* Accounts: links used once, guesses that are counted, sessions that end. On each database. */
#include "op/accounts.h"

#include "op/password.h"
#include "tests/op/directory.h"

#define PASSWORD STR("correct horse battery")

static struct str account(struct ctx *cx, struct store *directory, const char *login)
{
    const struct account_binding binding = {STR("one"), str_of(login)};
    struct str token, id = STR_NONE;

    CHECK_OK(account_invite(cx, directory, STR("one"), str_of(login), &token));
    CHECK_OK(account_make(cx, directory, token, str_of(login), PASSWORD, &binding, 1, &id));
    return id;
}

STORE_TEST(a_link_makes_one_account)
{
    const struct account_binding binding = {STR("one"), STR("p1")};
    struct account_invitation invitation;
    struct str token, id, person;
    struct value *list;
    bool any = true;

    directory_make(cx, store);
    CHECK_OK(accounts_any(cx, store, &any));
    CHECK(!any);
    CHECK_OK(account_invite(cx, store, STR_NONE, STR_NONE, &token));
    CHECK(account_token_is(token));
    CHECK_OK(account_invited(cx, store, token, &invitation));
    CHECK_STR(invitation.person, "");
    CHECK_RC(account_make(cx, store, token, STR("ada"), STR("short"), &binding, 1, &id),
             RC_INVALID);
    CHECK_STR(cx->err.place, "password");
    CHECK_RC(account_make(cx, store, token, STR("a b"), PASSWORD, &binding, 1, &id), RC_INVALID);
    CHECK_OK(account_make(cx, store, token, STR(" Ada@Example.org "), PASSWORD, &binding, 1, &id));
    CHECK_RC(account_make(cx, store, token, STR("eve"), PASSWORD, &binding, 1, &id), RC_NOT_FOUND);
    CHECK_OK(account_person(cx, store, id, STR("one"), &person, NULL));
    CHECK_STR(person, "p1");
    CHECK_OK(account_person(cx, store, id, STR("two"), &person, NULL));
    CHECK_STR(person, "");
    CHECK_OK(account_organisations(cx, store, id, &list));
    CHECK_INT(value_count(list), 1);
    CHECK_STR(value_get_text(value_at(list, 0), "title"), "One Ltd");
}

static struct str login_of(struct ctx *cx, struct store *directory, struct str id)
{
    bool row = false;
    STMT(s);

    CHECK_OK(store_prepare(cx, directory, STR("SELECT login FROM account WHERE id = :id"), &s));
    CHECK_OK(stmt_bind_text(cx, s, "id", id));
    CHECK_OK(stmt_step(cx, s, &row));
    return row ? stmt_text(cx->mem, s, 0) : STR("none");
}

STORE_TEST(an_account_is_forgotten_with_its_last_person)
{
    struct str id, token, session, device, found;
    struct account_session who;

    directory_make(cx, store);
    id = account(cx, store, "ada");
    CHECK_OK(account_invite(cx, store, STR("two"), STR("ada2"), &token));
    CHECK_OK(account_bind(cx, store, token, id));
    CHECK_OK(session_begin(cx, store, id, STR_NONE, STR("::1"), STR("agent"), &session, &device));
    CHECK_OK(account_forget(cx, store, STR("one"), STR("ada")));
    CHECK_OK(account_person(cx, store, id, STR("one"), &found, NULL));
    CHECK_STR(found, "");
    CHECK_STR(login_of(cx, store, id), "ada");
    CHECK_OK(session_find(cx, store, session, &who));
    CHECK_OK(account_forget(cx, store, STR("two"), STR("ada2")));
    CHECK(str_eq(login_of(cx, store, id), id));
    CHECK_RC(session_find(cx, store, session, &who), RC_NOT_FOUND);
    CHECK_RC(account_check(cx, store, STR("ada"), PASSWORD, STR_NONE, STR("::1"), &found),
             RC_DENIED);
    CHECK_OK(account_forget(cx, store, STR("two"), STR("ada2")));
}

STORE_TEST(a_link_that_is_old_or_was_followed_by_another_is_void)
{
    struct account_invitation invitation;
    struct str first, second;

    directory_make(cx, store);
    CHECK_OK(account_invite(cx, store, STR("one"), STR("p1"), &first));
    CHECK_OK(account_invite(cx, store, STR("one"), STR("p1"), &second));
    CHECK_RC(account_invited(cx, store, first, &invitation), RC_NOT_FOUND);
    CHECK_OK(account_invited(cx, store, second, &invitation));
    directory_now += ACCOUNT_INVITATION_MS + 1;
    CHECK_RC(account_invited(cx, store, second, &invitation), RC_NOT_FOUND);
}

STORE_TEST(guesses_are_counted_and_lock_no_other_browser_out)
{
    struct str id, got = STR_NONE, token, device;

    directory_make(cx, store);
    id = account(cx, store, "ada");
    CHECK_OK(account_check(cx, store, STR("ADA"), PASSWORD, STR_NONE, STR("10.0.0.1"), &got));
    CHECK(str_eq(got, id));
    CHECK_OK(session_begin(cx, store, id, STR_NONE, STR("10.0.0.1"), STR("Test"), &token, &device));
    /* What guessing leaves behind, without its cost. */
    CHECK_OK(store_exec(cx, store, "test", STR("DELETE FROM attempt")));
    CHECK_RC(account_check(cx, store, STR("ada"), STR("wrong"), STR_NONE, STR("10.6.6.6"), &got),
             RC_DENIED);
    CHECK_OK(store_exec(cx, store, "test", STR("UPDATE attempt SET n = 10")));
    CHECK_RC(account_check(cx, store, STR("ada"), PASSWORD, STR_NONE, STR("10.0.0.2"), &got),
             RC_LIMIT);
    CHECK_OK(account_check(cx, store, STR("ada"), PASSWORD, device, STR("10.0.0.2"), &got));
    directory_now += ACCOUNT_GUESS_MS + 1;
    CHECK_OK(account_check(cx, store, STR("ada"), PASSWORD, STR_NONE, STR("10.0.0.2"), &got));
}

STORE_TEST(nobody_learns_who_has_an_account)
{
    struct str got, known;

    directory_make(cx, store);
    (void)account(cx, store, "ada");
    CHECK_RC(account_check(cx, store, STR("ada"), STR("x"), STR_NONE, STR("1"), &got), RC_DENIED);
    known = cx->err.text;
    CHECK_RC(account_check(cx, store, STR("eve"), STR("x"), STR_NONE, STR("1"), &got), RC_DENIED);
    CHECK(str_eq(known, cx->err.text));
}

STORE_TEST(sessions_end)
{
    struct account_session session;
    struct str id, first, second, third, device;
    struct value *list;

    directory_make(cx, store);
    id = account(cx, store, "ada");
    CHECK_OK(session_begin(cx, store, id, STR_NONE, STR("1"), STR("A"), &first, &device));
    CHECK_OK(session_begin(cx, store, id, device, STR("2"), STR("B"), &second, &device));
    CHECK_OK(session_begin(cx, store, id, device, STR("3"), STR("\xff"), &third, &device));
    CHECK_OK(session_find(cx, store, first, &session));
    CHECK_STR(session.login, "ada");
    CHECK_OK(session_list(cx, store, id, &list));
    CHECK_INT(value_count(list), 3);
    CHECK_OK(session_end(cx, store, STR("another"), session.id, STR_NONE));
    CHECK_OK(session_find(cx, store, first, &session));
    CHECK_OK(session_end(cx, store, id, session.id, STR_NONE));
    CHECK_RC(session_find(cx, store, first, &session), RC_NOT_FOUND);
    CHECK_OK(session_find(cx, store, second, &session));
    CHECK_OK(session_end(cx, store, id, STR_NONE, session.id));
    CHECK_RC(session_find(cx, store, third, &session), RC_NOT_FOUND);
    directory_now += ACCOUNT_IDLE_MS - 1000;
    CHECK_OK(session_find(cx, store, second, &session));
    directory_now += ACCOUNT_IDLE_MS - 1000; /* it was used in between */
    CHECK_OK(session_find(cx, store, second, &session));
    directory_now += ACCOUNT_IDLE_MS + 1000;
    CHECK_RC(session_find(cx, store, second, &session), RC_NOT_FOUND);
}

STORE_TEST(a_new_password_ends_the_other_sessions)
{
    struct account_session session;
    struct str id, here, there, device;

    directory_make(cx, store);
    id = account(cx, store, "ada");
    CHECK_OK(session_begin(cx, store, id, STR_NONE, STR("1"), STR("A"), &here, &device));
    CHECK_OK(session_begin(cx, store, id, device, STR("2"), STR("B"), &there, &device));
    CHECK_OK(session_find(cx, store, here, &session));
    CHECK_RC(
        account_set_password(cx, store, id, STR("no"), STR("four other plain words"), session.id),
        RC_DENIED);
    CHECK_OK(
        account_set_password(cx, store, id, PASSWORD, STR("four other plain words"), session.id));
    CHECK_OK(session_find(cx, store, here, &session));
    CHECK_RC(session_find(cx, store, there, &session), RC_NOT_FOUND);
}
