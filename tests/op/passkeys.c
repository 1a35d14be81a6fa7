/* Passkeys of accounts: questions that are answered once, counters, and what they are beside the
 * password. On each database. */
#include "op/passkeys.h"

#include "op/factors.h"
#include "tests/op/authenticator.h"
#include "tests/op/directory.h"

#define ORIGIN STR("https://assay.example")
#define ANN STR("ann")

static void ready(struct ctx *cx, struct store *directory)
{
    directory_make(cx, directory);
    CHECK_OK(store_exec(cx, directory, "test",
                        STR("INSERT INTO account (id, login, password, made_at) VALUES "
                            "('ann', 'ann', '-', '2026-01-01'), ('bob', 'bob', '-', "
                            "'2026-01-01')")));
}

static struct webauthn_asked question(struct ctx *cx, struct store *store,
                                      enum passkey_purpose purpose, struct str account)
{
    struct webauthn_asked asked = {STR("assay.example"), ORIGIN, STR_NONE, true};
    struct str token, challenge;

    CHECK_OK(passkey_ask(cx, store, purpose, account, STR("192.0.2.1"), &token, &challenge));
    CHECK_OK(passkey_asked(cx, store, token, purpose, account, &asked.challenge));
    CHECK(str_eq(asked.challenge, challenge));
    return asked;
}

static int add(struct ctx *cx, struct store *store, const struct authenticator *a,
               struct str account, struct value **ret_codes)
{
    struct webauthn_asked asked = question(cx, store, PASSKEY_NEW, account);
    struct webauthn_made made = authenticator_make(cx, a, asked.challenge);

    return passkey_add(cx, store, account, STR(" Phone "), &asked, &made, STR_NONE, ret_codes);
}

static int use(struct ctx *cx, struct store *store, const struct authenticator *a,
               struct str account, struct str user)
{
    struct webauthn_asked asked =
        question(cx, store, account.n > 0 ? PASSKEY_SECOND : PASSKEY_SIGN_IN, account);
    struct passkey_answer answer = {base64url_encode(cx->mem, a->credential), user,
                                    authenticator_use(cx, a, asked.challenge)};
    struct str who = STR_NONE;
    int rc = passkey_check(cx, store, account, &asked, &answer, &who);

    CHECK(rc < 0 || str_eq(who, ANN));
    return rc;
}

STORE_TEST(passkey_signs_in)
{
    struct authenticator a = authenticator_new(cx, STR("device one"), ORIGIN);
    struct value *codes, *list;

    ready(cx, store);
    CHECK_OK(add(cx, store, &a, ANN, &codes));
    CHECK(value_count(codes) == FACTOR_CODES);
    CHECK_RC(add(cx, store, &a, STR("bob"), &codes), RC_CONFLICT);
    CHECK_OK(use(cx, store, &a, STR_NONE, ANN));
    CHECK_OK(use(cx, store, &a, ANN, STR_NONE));
    CHECK_RC(use(cx, store, &a, STR_NONE, STR_NONE), RC_DENIED);
    CHECK_RC(use(cx, store, &a, STR_NONE, STR("bob")), RC_DENIED);
    CHECK_RC(use(cx, store, &a, STR("bob"), STR_NONE), RC_DENIED);
    CHECK_OK(passkey_list(cx, store, ANN, &list));
    CHECK(value_count(list) == 1);
    CHECK_STR(value_get_text(value_at(list, 0), "name"), "Phone");
    CHECK(value_get_text(value_at(list, 0), "used_at").n > 0);
}

STORE_TEST(passkey_questions_are_answered_once)
{
    struct str token, challenge, got;

    ready(cx, store);
    CHECK_OK(passkey_ask(cx, store, PASSKEY_NEW, ANN, STR_NONE, &token, &challenge));
    CHECK_OK(passkey_asked(cx, store, token, PASSKEY_NEW, ANN, &got));
    CHECK_RC(passkey_asked(cx, store, token, PASSKEY_NEW, ANN, &got), RC_DENIED);
    CHECK_OK(passkey_ask(cx, store, PASSKEY_NEW, ANN, STR_NONE, &token, &challenge));
    CHECK_RC(passkey_asked(cx, store, token, PASSKEY_AGAIN, ANN, &got), RC_DENIED);
    CHECK_RC(passkey_asked(cx, store, token, PASSKEY_NEW, ANN, &got), RC_DENIED);
    CHECK_OK(passkey_ask(cx, store, PASSKEY_NEW, ANN, STR_NONE, &token, &challenge));
    CHECK_RC(passkey_asked(cx, store, token, PASSKEY_NEW, STR("bob"), &got), RC_DENIED);
    CHECK_OK(passkey_ask(cx, store, PASSKEY_SIGN_IN, STR_NONE, STR_NONE, &token, &challenge));
    directory_now += PASSKEY_QUESTION_MS;
    CHECK_RC(passkey_asked(cx, store, token, PASSKEY_SIGN_IN, STR_NONE, &got), RC_DENIED);
    CHECK_RC(passkey_asked(cx, store, STR_NONE, PASSKEY_SIGN_IN, STR_NONE, &got), RC_DENIED);
}

/* Who asks for many has the last of them. */
STORE_TEST(passkey_questions_are_bounded)
{
    struct str first, token, challenge, got;

    ready(cx, store);
    CHECK_OK(passkey_ask(cx, store, PASSKEY_SIGN_IN, STR_NONE, STR("a"), &first, &challenge));
    for (size_t i = 0; i < PASSKEY_QUESTIONS; i++) {
        directory_now++;
        CHECK_OK(passkey_ask(cx, store, PASSKEY_SIGN_IN, STR_NONE, STR("a"), &token, &challenge));
    }
    CHECK_RC(passkey_asked(cx, store, first, PASSKEY_SIGN_IN, STR_NONE, &got), RC_DENIED);
    CHECK_OK(passkey_asked(cx, store, token, PASSKEY_SIGN_IN, STR_NONE, &got));
}

STORE_TEST(passkey_that_was_copied)
{
    struct authenticator a = authenticator_new(cx, STR("device"), ORIGIN);
    struct value *codes;

    ready(cx, store);
    a.counter = 5;
    CHECK_OK(add(cx, store, &a, ANN, &codes));
    CHECK_RC(use(cx, store, &a, ANN, ANN), RC_DENIED);
    a.counter = 6;
    CHECK_OK(use(cx, store, &a, ANN, ANN));
    CHECK_RC(use(cx, store, &a, ANN, ANN), RC_DENIED);
    a.counter = 0;
    CHECK_RC(use(cx, store, &a, ANN, ANN), RC_DENIED);
    a.counter = 4000000000u;
    CHECK_OK(use(cx, store, &a, ANN, ANN));
}

STORE_TEST(passkey_is_a_second_factor)
{
    struct authenticator a = authenticator_new(cx, STR("device one"), ORIGIN),
                         b = authenticator_new(cx, STR("device two"), ORIGIN);
    struct str token, device, other;
    struct account_session session;
    struct value *codes, *list;
    int64_t left;
    bool has;

    ready(cx, store);
    CHECK_OK(session_begin(cx, store, ANN, STR_NONE, STR("a"), STR("b"), &token, &device));
    CHECK_OK(session_find(cx, store, token, &session));
    CHECK(!session.factor);
    CHECK_OK(add(cx, store, &a, ANN, &codes));
    CHECK(codes != NULL);
    CHECK_RC(session_find(cx, store, token, &session), RC_NOT_FOUND);
    CHECK_OK(add(cx, store, &b, ANN, &codes));
    CHECK(codes == NULL);
    CHECK_OK(session_begin(cx, store, ANN, STR_NONE, STR("a"), STR("b"), &token, &device));
    CHECK_OK(session_find(cx, store, token, &session));
    CHECK(session.factor);
    CHECK_OK(factor_has(cx, store, ANN, &has, &left));
    CHECK(has && left == FACTOR_CODES);
    CHECK_OK(passkey_list(cx, store, ANN, &list));
    other = value_get_text(value_at(list, 1), "id");
    CHECK_RC(passkey_remove(cx, store, STR("bob"), other, STR_NONE), RC_NOT_FOUND);
    CHECK_OK(passkey_remove(cx, store, ANN, other, session.id));
    CHECK_OK(session_find(cx, store, token, &session));
    CHECK_OK(factor_has(cx, store, ANN, &has, &left));
    CHECK(has && left == FACTOR_CODES);
    CHECK_OK(passkey_remove(cx, store, ANN, value_get_text(value_at(list, 0), "id"), STR_NONE));
    CHECK_RC(session_find(cx, store, token, &session), RC_NOT_FOUND);
    CHECK_OK(factor_has(cx, store, ANN, &has, &left));
    CHECK(!has && left == 0);
}

/* A recovery code is good without an authenticator; the reset takes passkeys too. */
STORE_TEST(passkey_that_is_lost)
{
    struct authenticator a = authenticator_new(cx, STR("device"), ORIGIN);
    struct value *codes;
    bool has;

    ready(cx, store);
    CHECK_OK(add(cx, store, &a, ANN, &codes));
    struct str code = value_as_text(value_at(codes, 0));

    CHECK_RC(factor_check(cx, store, NULL, ANN, STR("123456"), STR_NONE), RC_DENIED);
    CHECK_OK(factor_check(cx, store, NULL, ANN, code, STR_NONE));
    CHECK_RC(factor_check(cx, store, NULL, ANN, code, STR_NONE), RC_DENIED);
    CHECK_OK(factor_reset(cx, store, ANN, STR_NONE));
    CHECK_OK(factor_has(cx, store, ANN, &has, NULL));
    CHECK(!has);
    CHECK_RC(use(cx, store, &a, STR_NONE, ANN), RC_DENIED);
}
