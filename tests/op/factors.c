/* Second factors: the codes of RFC 6238, taken once; recovery; guesses. On each database. */
#include "op/factors.h"

#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/op/directory.h"

#define PASSWORD STR("correct horse battery")
#define DEVICE STR_NONE

static int remove_one(const char *path, UNUSED const struct stat *st, UNUSED int kind,
                      UNUSED struct FTW *at)
{
    return remove(path);
}

static void remove_folder(void *folder)
{
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void end_keeper(void *keeper)
{
    keeper_free(keeper);
}

static struct keeper *ready(struct ctx *cx, struct store *directory)
{
    char *folder = str_z(cx->mem, STR("/tmp/assay-test-XXXXXX"));
    struct keeper *keeper = NULL;

    directory_make(cx, directory);
    CHECK(mkdtemp(folder) != NULL);
    test_ends(cx, remove_folder, folder);
    CHECK_OK(keeper_new(cx, str_of(folder), &keeper));
    test_ends(cx, end_keeper, keeper);
    CHECK_OK(store_exec(cx, directory, "test",
                        STR("INSERT INTO account (id, login, password, made_at) VALUES "
                            "('a', 'ann', '-', '2026-01-01'); INSERT INTO account_person VALUES "
                            "('a', 'one', 'p')")));
    return keeper;
}

/* The bytes of base32. */
static struct str raw(struct ctx *cx, struct str text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    struct buf out = buf_new(cx->mem);
    uint32_t bits = 0;
    unsigned have = 0;

    for (size_t i = 0; i < text.n; i++) {
        const char *at = strchr(digits, text.p[i]);
        bits = bits << 5 | (uint32_t)(at != NULL ? at - digits : 0);
        have += 5;
        if (have >= 8) {
            have -= 8;
            buf_char(&out, (char)(bits >> have & 255));
        }
    }
    return buf_str(&out);
}

/* What the authenticator shows, so many steps from now. */
static struct str shown(struct ctx *cx, struct str secret, int64_t from_now)
{
    char code[FACTOR_DIGITS + 1];

    factor_code(raw(cx, secret), directory_now / 1000 / FACTOR_STEP_S + from_now, code);
    return str_copy(cx->mem, str_of(code));
}

/* The vectors of RFC 6238, appendix B, as far as six digits show them. */
TEST(codes_of_the_rfc)
{
    static const struct {
        int64_t at;
        const char *code;
    } known[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                 {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    char code[FACTOR_DIGITS + 1];

    for (size_t i = 0; i < COUNT_OF(known); i++) {
        factor_code(STR("12345678901234567890"), known[i].at / FACTOR_STEP_S, code);
        CHECK_STR(str_of(code), known[i].code);
    }
}

STORE_TEST(a_second_factor_is_on_once_a_code_shows_it)
{
    struct keeper *keeper = ready(cx, store);
    struct str secret, uri, again, token, device;
    struct account_session session;
    struct value *codes = NULL;
    int64_t left;
    bool has = true;

    CHECK_OK(session_begin(cx, store, STR("a"), STR_NONE, STR("-"), STR("-"), &token, &device));
    CHECK_RC(factor_confirm(cx, store, keeper, STR("a"), STR("123456"), STR("x"), &codes),
             RC_NOT_FOUND);
    CHECK_OK(factor_begin(cx, store, keeper, STR("a"), STR("ann"), &secret, &uri));
    CHECK_INT(secret.n, 32);
    CHECK(str_has(uri, "otpauth://totp/Assay:ann?secret="));
    CHECK_OK(factor_begun(cx, store, keeper, STR("a"), STR("ann"), &again, &uri));
    CHECK(str_eq(secret, again));
    CHECK_OK(factor_has(cx, store, STR("a"), &has, NULL));
    CHECK(!has);
    CHECK_RC(factor_confirm(cx, store, keeper, STR("a"), STR("no"), STR("x"), &codes), RC_DENIED);
    CHECK_OK(factor_confirm(cx, store, keeper, STR("a"), shown(cx, secret, 0), STR("x"), &codes));
    CHECK_INT(value_count(codes), FACTOR_CODES);
    CHECK_OK(factor_has(cx, store, STR("a"), &has, &left));
    CHECK(has && left == FACTOR_CODES);
    CHECK_RC(session_find(cx, store, token, &session), RC_NOT_FOUND);
    CHECK_RC(factor_begin(cx, store, keeper, STR("a"), STR("ann"), &secret, &uri), RC_CONFLICT);
    CHECK_OK(session_begin(cx, store, STR("a"), STR_NONE, STR("-"), STR("-"), &token, &device));
    CHECK_OK(session_find(cx, store, token, &session));
    CHECK(session.factor);
    CHECK_OK(factor_remove(cx, store, STR("a"), session.id));
    CHECK_OK(session_find(cx, store, token, &session));
    CHECK(!session.factor);
}

static struct str enrolled(struct ctx *cx, struct store *store, struct keeper *keeper,
                           struct value **ret_codes)
{
    struct str secret = STR_NONE, uri;

    CHECK_OK(factor_begin(cx, store, keeper, STR("a"), STR("ann"), &secret, &uri));
    CHECK_OK(
        factor_confirm(cx, store, keeper, STR("a"), shown(cx, secret, 0), STR_NONE, ret_codes));
    return secret;
}

static int check(struct ctx *cx, struct store *store, struct keeper *keeper, struct str code)
{
    return factor_check(cx, store, keeper, STR("a"), code, DEVICE);
}

STORE_TEST(a_code_is_taken_once_and_none_before_it)
{
    struct keeper *keeper = ready(cx, store);
    struct value *codes;
    struct str secret = enrolled(cx, store, keeper, &codes);

    CHECK_RC(check(cx, store, keeper, shown(cx, secret, 0)), RC_DENIED); /* it turned it on */
    CHECK_OK(check(cx, store, keeper, shown(cx, secret, 1)));            /* a clock that is fast */
    CHECK_RC(check(cx, store, keeper, shown(cx, secret, 1)), RC_DENIED);
    CHECK_RC(check(cx, store, keeper, shown(cx, secret, -1)), RC_DENIED);
    directory_now += 90000;
    CHECK_OK(check(cx, store, keeper, shown(cx, secret, -1))); /* one that is slow */
    struct str code = shown(cx, secret, 0);
    CHECK_OK(check(cx, store, keeper,
                   str_printf(cx->mem, " %.*s %.*s", STR_ARG(str_sub(code, 0, 3)),
                              STR_ARG(str_from(code, 3)))));
    CHECK_RC(check(cx, store, keeper, shown(cx, secret, 2)), RC_DENIED);
}

STORE_TEST(recovery_codes_are_good_once)
{
    struct keeper *keeper = ready(cx, store);
    struct value *codes, *others;
    int64_t left = 0;
    bool has;

    (void)enrolled(cx, store, keeper, &codes);
    struct str code = value_as_text(value_at(codes, 3));

    CHECK_INT(code.n, 17);
    CHECK_OK(check(cx, store, keeper, code));
    CHECK_RC(check(cx, store, keeper, code), RC_DENIED);
    CHECK_OK(factor_has(cx, store, STR("a"), &has, &left));
    CHECK_INT(left, FACTOR_CODES - 1);
    CHECK_OK(factor_new_codes(cx, store, STR("a"), &others));
    CHECK_RC(check(cx, store, keeper, value_as_text(value_at(codes, 4))), RC_DENIED);
    CHECK_OK(check(cx, store, keeper, value_as_text(value_at(others, 0))));
}

STORE_TEST(guesses_of_codes_are_counted)
{
    struct keeper *keeper = ready(cx, store);
    struct value *codes;
    struct str secret = enrolled(cx, store, keeper, &codes), token, device;

    CHECK_OK(session_begin(cx, store, STR("a"), STR_NONE, STR("-"), STR("-"), &token, &device));
    for (int i = 0; i < FACTOR_GUESSES; i++)
        CHECK_RC(check(cx, store, keeper, STR("000-no")), RC_DENIED);
    CHECK_RC(check(cx, store, keeper, shown(cx, secret, 1)), RC_LIMIT);
    CHECK_RC(check(cx, store, keeper, value_as_text(value_at(codes, 0))), RC_LIMIT);
    /* Whoever has signed in here before is not locked out by strangers. */
    CHECK_OK(factor_check(cx, store, keeper, STR("a"), shown(cx, secret, 1), device));
    directory_now += ACCOUNT_GUESS_MS + 1000;
    CHECK_OK(check(cx, store, keeper, shown(cx, secret, 0)));
}

STORE_TEST(half_a_session_is_short)
{
    struct str token, account;

    (void)ready(cx, store);
    CHECK_OK(half_session_begin(cx, store, STR("a"), &token));
    CHECK_OK(half_session_find(cx, store, token, &account));
    CHECK_STR(account, "a");
    directory_now += FACTOR_HALF_MS + 1;
    CHECK_RC(half_session_find(cx, store, token, &account), RC_NOT_FOUND);
    CHECK_OK(half_session_begin(cx, store, STR("a"), &token));
    CHECK_OK(half_session_end(cx, store, token));
    CHECK_RC(half_session_find(cx, store, token, &account), RC_NOT_FOUND);
}

STORE_TEST(organisations_ask_for_a_second_factor)
{
    struct keeper *keeper = ready(cx, store);
    struct value *codes;
    struct str person;
    bool wanted = true, has;

    CHECK_OK(account_person(cx, store, STR("a"), STR("one"), &person, &wanted));
    CHECK(!wanted);
    CHECK_OK(factor_require(cx, store, STR("one"), true));
    CHECK_OK(account_person(cx, store, STR("a"), STR("one"), &person, &wanted));
    CHECK(wanted);
    (void)enrolled(cx, store, keeper, &codes);
    CHECK_RC(factor_remove_of(cx, store, STR("one"), STR("nobody")), RC_NOT_FOUND);
    CHECK_OK(
        store_exec(cx, store, "test", STR("INSERT INTO account_person VALUES ('a', 'two', 'q')")));
    CHECK_RC(factor_remove_of(cx, store, STR("one"), STR("p")), RC_CONFLICT);
    CHECK_OK(store_exec(cx, store, "test",
                        STR("DELETE FROM account_person WHERE organisation = 'two'")));
    CHECK_OK(factor_remove_of(cx, store, STR("one"), STR("p")));
    CHECK_OK(factor_has(cx, store, STR("a"), &has, NULL));
    CHECK(!has);
}
