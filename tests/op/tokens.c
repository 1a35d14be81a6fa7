/* Tokens of programs: shown once, for what they are for, until they end. On each database. */
#include "op/tokens.h"

#include "access/access.h"
#include "tests/op/directory.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

static void ready(struct ctx *cx, struct store *directory)
{
    directory_make(cx, directory);
    CHECK_OK(store_exec(cx, directory, "test",
                        STR("INSERT INTO account (id, login, password, made_at) VALUES ('a', "
                            "'ann', '-', '-'), ('b', 'bob', '-', '-'); "
                            "INSERT INTO account_person VALUES ('a', 'one', 'p1'), ('b', 'one', "
                            "'p2')")));
}

static struct str made(struct ctx *cx, struct store *directory, const char *organisation,
                       const char *rights, struct str *ret_id)
{
    struct token_wish wish = {.account = STR("a"),
                              .organisation = str_of(organisation),
                              .name = STR("nightly"),
                              .rights = str_of(rights),
                              .days = TOKEN_DAYS};
    struct str token = STR_NONE;

    CHECK_OK(token_make(cx, directory, &wish, ret_id, &token));
    return token;
}

STORE_TEST(a_token_is_found_until_it_ends)
{
    struct api_token found = {.rights = 0};
    struct str id = STR_NONE, token;
    struct value *list = NULL;

    ready(cx, store);
    token = made(cx, store, "one", "write", &id);
    CHECK(token_is(token));
    CHECK(!token_is(str_sub(token, 0, token.n - 1)));
    CHECK_OK(token_find(cx, store, token, &found));
    CHECK_STR(found.login, "ann");
    CHECK_STR(found.organisation, "one");
    CHECK_INT(found.rights, 1u << ACCESS_READ | 1u << ACCESS_WRITE);
    CHECK_OK(token_list(cx, store, STR("a"), &list));
    CHECK_INT(value_count(list), 1);
    CHECK(value_get_text(value_at(list, 0), "used_at").n > 0);
    CHECK_STR(value_get_text(value_at(list, 0), "rights"), "read write");
    CHECK_OK(token_list(cx, store, STR("b"), &list));
    CHECK_INT(value_count(list), 0);
    CHECK_RC(
        token_find(cx, store, STR("assay_0123456789012345678901234567890123456789012"), &found),
        RC_NOT_FOUND);
    directory_now += TOKEN_DAYS * DAY_MS + 1;
    CHECK_RC(token_find(cx, store, token, &found), RC_NOT_FOUND);
    CHECK_OK(token_list(cx, store, STR_NONE, &list));
    CHECK_INT(value_count(list), 1);
    directory_now += 40 * DAY_MS;
    CHECK_OK(token_list(cx, store, STR_NONE, &list));
    CHECK_INT(value_count(list), 0);
}

STORE_TEST(a_token_is_ended)
{
    struct api_token found;
    struct str id = STR_NONE, token, all, rest = STR_NONE;

    ready(cx, store);
    token = made(cx, store, "one", "read", &id);
    CHECK_RC(token_end(cx, store, STR("b"), id), RC_NOT_FOUND);
    CHECK_OK(token_find(cx, store, token, &found));
    CHECK_OK(token_end(cx, store, STR("a"), id));
    CHECK_RC(token_find(cx, store, token, &found), RC_NOT_FOUND);
    token = made(cx, store, "one", "read", &id);
    CHECK_OK(token_end(cx, store, STR_NONE, id));
    CHECK_RC(token_find(cx, store, token, &found), RC_NOT_FOUND);
    /* With the membership what is for this organisation, with the account all. */
    token = made(cx, store, "one", "read", &id);
    all = made(cx, store, "", "read", &rest);
    CHECK_OK(token_end_member(cx, store, STR("one"), STR("p1")));
    CHECK_RC(token_find(cx, store, token, &found), RC_NOT_FOUND);
    CHECK_OK(token_find(cx, store, all, &found));
    CHECK_OK(account_forget(cx, store, STR("one"), STR("p1")));
    CHECK_RC(token_find(cx, store, all, &found), RC_NOT_FOUND);
}

STORE_TEST(a_token_is_of_something)
{
    const struct {
        struct token_wish wish;
        const char *place;
    } wrong[] = {
        {{.account = STR("a"), .days = 1}, "name"},
        {{.account = STR("a"), .name = STR("a\nb"), .days = 1}, "name"},
        {{.account = STR("a"), .name = STR("x"), .days = 0}, "days"},
        {{.account = STR("a"), .name = STR("x"), .days = 367}, "days"},
        {{.account = STR("a"), .name = STR("x"), .days = 1, .rights = STR("all")}, "right"},
        {{.account = STR("a"), .name = STR("x"), .days = 1, .organisation = STR("two")},
         "organisation"}};
    struct str id, token;

    ready(cx, store);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        CHECK_RC(token_make(cx, store, &wrong[i].wish, &id, &token), RC_INVALID);
        CHECK_STR(cx->err.place, wrong[i].place);
    }
    for (int i = 0; i < TOKENS_MOST; i++)
        (void)made(cx, store, "", "", &id);
    const struct token_wish more = {.account = STR("a"), .name = STR("x"), .days = 1};

    CHECK_RC(token_make(cx, store, &more, &id, &token), RC_LIMIT);
}
