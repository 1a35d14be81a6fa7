/* Accounts at a provider: whose they are, what waits, and domains. On each database. */
#include "op/identities.h"

#include "tests/op/directory.h"

static const struct identity ann = {STR("https://id.example"), STR("u1"), STR("ann@one.example"),
                                    STR("Ann")};

STORE_TEST(identity_is_known_by_its_subject)
{
    const struct account_binding one = {STR("one"), STR("p")};
    struct identity other = ann;
    struct str account, got;
    struct value *list;
    bool password;

    directory_make(cx, store);
    CHECK_OK(identity_account(cx, store, &ann, &got));
    CHECK_STR(got, "");
    CHECK_OK(identity_make(cx, store, &ann, &one, 1, &account));
    CHECK_OK(identity_account(cx, store, &ann, &got));
    CHECK(str_eq(got, account));
    other.address = STR("ann@new.example");
    CHECK_OK(identity_account(cx, store, &other, &got));
    CHECK(str_eq(got, account));
    CHECK_OK(identity_list(cx, store, account, &list));
    CHECK_STR(value_get_text(value_at(list, 0), "address"), "ann@new.example");
    other = ann;
    other.subject = STR("u2");
    CHECK_OK(identity_account(cx, store, &other, &got));
    CHECK_STR(got, "");
    CHECK_RC(identity_make(cx, store, &other, &one, 1, &got), RC_CONFLICT);
    other = ann;
    other.issuer = STR("https://other.example");
    CHECK_OK(identity_account(cx, store, &other, &got));
    CHECK_STR(got, "");
    CHECK_OK(account_has_password(cx, store, account, &password));
    CHECK(!password);
    CHECK_RC(account_check(cx, store, ann.address, STR("-"), STR_NONE, STR("a"), &got), RC_DENIED);
}

STORE_TEST(identity_that_is_the_only_way_in_stays)
{
    const struct account_binding one = {STR("one"), STR("p")};
    struct identity other = ann;
    struct str account;

    directory_make(cx, store);
    CHECK_OK(identity_make(cx, store, &ann, &one, 1, &account));
    CHECK_RC(identity_drop(cx, store, account, ann.issuer, ann.subject, STR_NONE), RC_CONFLICT);
    other.subject = STR("u2");
    CHECK_OK(identity_bind(cx, store, &other, account));
    CHECK_RC(identity_bind(cx, store, &other, account), RC_CONFLICT);
    CHECK_RC(identity_drop(cx, store, STR("nobody"), ann.issuer, ann.subject, STR_NONE),
             RC_NOT_FOUND);
    CHECK_OK(identity_drop(cx, store, account, ann.issuer, ann.subject, STR_NONE));
    CHECK_RC(identity_drop(cx, store, account, ann.issuer, ann.subject, STR_NONE), RC_NOT_FOUND);
}

STORE_TEST(identity_questions_are_answered_once)
{
    struct str token, to, why;
    struct identity got;

    directory_make(cx, store);
    CHECK_OK(identity_ask(cx, store, STR("/o/one"), STR("192.0.2.1"), &token));
    CHECK_OK(identity_asked(cx, store, token, &to));
    CHECK_STR(to, "/o/one");
    CHECK_RC(identity_asked(cx, store, token, &to), RC_DENIED);
    CHECK_RC(identity_asked(cx, store, STR_NONE, &to), RC_DENIED);
    CHECK_OK(identity_ask(cx, store, STR("/"), STR("192.0.2.1"), &token));
    directory_now += IDENTITY_QUESTION_MS;
    CHECK_RC(identity_asked(cx, store, token, &to), RC_DENIED);
    CHECK_OK(identity_keep(cx, store, &ann, STR("unknown"), &token));
    CHECK_OK(identity_kept(cx, store, token, &got, &why));
    CHECK(str_eq(got.subject, ann.subject) && str_eq(got.address, ann.address));
    CHECK_STR(why, "unknown");
    CHECK_OK(identity_kept_end(cx, store, token));
    CHECK_RC(identity_kept(cx, store, token, &got, &why), RC_NOT_FOUND);
    for (size_t i = 0; i < IDENTITY_FAILURES; i++)
        CHECK_OK(identity_failed(cx, store, STR("192.0.2.1")));
    CHECK_RC(identity_ask(cx, store, STR("/"), STR("192.0.2.1"), &token), RC_LIMIT);
    CHECK_OK(identity_ask(cx, store, STR("/"), STR("192.0.2.2"), &token));
}

STORE_TEST(identity_of_who_is_forgotten)
{
    const struct account_binding one = {STR("one"), STR("p")};
    struct str account, token, why;
    struct identity got;

    directory_make(cx, store);
    CHECK_OK(identity_make(cx, store, &ann, &one, 1, &account));
    CHECK_OK(identity_keep(cx, store, &ann, STR("there"), &token));
    CHECK_OK(account_forget(cx, store, STR("one"), STR("p")));
    CHECK_RC(identity_kept(cx, store, token, &got, &why), RC_NOT_FOUND);
    CHECK_OK(identity_account(cx, store, &ann, &account));
    CHECK_STR(account, "");
}

STORE_TEST(domains_whose_people_read)
{
    static const char *const wrong[] = {"",           "example",      "a b.example", "a@b.example",
                                        ".example",   "example.com.", "-a.example",  "a..example",
                                        "a.-example", "a/b.example"};
    struct value *list;

    directory_make(cx, store);
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        CHECK_RC(reader_domain_add(cx, store, STR("one"), str_of(wrong[i]), STR("p")), RC_INVALID);
    CHECK_OK(reader_domain_add(cx, store, STR("one"), STR(" @One.Example "), STR("p")));
    CHECK_OK(reader_domain_add(cx, store, STR("one"), STR("one.example"), STR("q")));
    CHECK_OK(reader_domain_of(cx, store, STR("one.example"), &list));
    CHECK(value_count(list) == 1);
    CHECK_STR(value_get_text(value_at(list, 0), "person"), "q");
    CHECK_OK(reader_domain_of(cx, store, STR("two.example"), &list));
    CHECK(value_count(list) == 0);
    CHECK_OK(reader_domain_remove(cx, store, STR("one"), STR("one.example")));
    CHECK_OK(reader_domains(cx, store, STR("one"), &list));
    CHECK(value_count(list) == 0);
}

STORE_TEST(identity_of_who_was_sent_a_link)
{
    struct value *list;
    struct str token;
    bool taken;

    directory_make(cx, store);
    CHECK_OK(
        account_invite_by_mail(cx, store, STR("one"), STR("p"), STR("Ann@One.example"), &token));
    CHECK_OK(account_invite(cx, store, STR("two"), STR("q"), &token));
    CHECK_OK(identity_invited(cx, store, ann.address, &list));
    CHECK(value_count(list) == 1);
    CHECK_STR(value_get_text(value_at(list, 0), "person"), "p");
    CHECK_OK(identity_invited(cx, store, STR("bob@one.example"), &list));
    CHECK(value_count(list) == 0);
    CHECK_OK(identity_taken(cx, store, ann.address, &taken));
    CHECK(!taken);
    CHECK_OK(store_exec(cx, store, "test",
                        STR("INSERT INTO account (id, login, password, made_at, address) VALUES "
                            "('a', 'ann', '-', '-', 'Ann@one.example')")));
    CHECK_OK(identity_taken(cx, store, ann.address, &taken));
    CHECK(taken);
    directory_now += ACCOUNT_INVITATION_MS;
    CHECK_OK(identity_invited(cx, store, ann.address, &list));
    CHECK(value_count(list) == 0);
}
