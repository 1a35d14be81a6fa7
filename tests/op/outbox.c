/* Mail on its way: each is sent once, later where it must be, and not at all where nobody knows. On
 * each database. */
#include "op/outbox.h"

#include "op/accounts.h"
#include "op/letters.h"
#include "tests/op/directory.h"

static struct str added(struct ctx *cx, struct store *store, const char *person)
{
    struct letter letter = {.kind = STR(LETTER_INVITATION),
                            .organisation = STR("one"),
                            .person = str_of(person),
                            .address = str_printf(cx->mem, "%s@example.org", person),
                            .name = str_of(person),
                            .facts = value_map(cx->mem)};

    value_set_text(letter.facts, "title", STR("One Ltd"));
    value_set_text(letter.facts, "by", STR("Ann\nLee"));
    CHECK_OK(outbox_add(cx, store, &letter));
    directory_now += 10;
    return letter.id;
}

static struct letter taken(struct ctx *cx, struct store *store)
{
    struct letter letter = {.id = STR("none")};
    bool any = false;

    CHECK_OK(outbox_take(cx, store, false, &letter, &any));
    return any ? letter : (struct letter){.id = STR("none")};
}

static int keep(void *arg, struct ctx *cx, const struct letter *letter)
{
    value_set_text(arg, str_z(cx->mem, letter->id),
                   str_printf(cx->mem, "%.*s %lld %.*s", STR_ARG(letter->state),
                              (long long)letter->tries, STR_ARG(letter->said)));
    return 0;
}

static struct str state(struct ctx *cx, struct store *store, struct str id)
{
    struct value *all = value_map(cx->mem);

    CHECK_OK(outbox_list(cx, store, STR("one"), keep, all));
    return value_get_text(all, str_z(cx->mem, id));
}

static void ended(struct ctx *cx, struct store *store, struct str id, enum mail_outcome outcome,
                  const char *said)
{
    const struct mailed mailed = {outcome, str_of(said)};

    CHECK_OK(outbox_end(cx, store, id, &mailed));
}

STORE_TEST(what_was_sent_is_not_sent_again)
{
    bool due = true;

    directory_make(cx, store);
    CHECK_OK(outbox_due(cx, store, &due));
    CHECK(!due);
    struct str id = added(cx, store, "mia");

    CHECK_OK(outbox_due(cx, store, &due));
    CHECK(due);
    CHECK(str_eq(taken(cx, store).id, id));
    CHECK_STR(taken(cx, store).id, "none");
    CHECK_OK(outbox_handed(cx, store, id));
    CHECK_RC(outbox_handed(cx, store, id), RC_CONFLICT);
    struct value *lately;

    ended(cx, store, id, MAIL_SENT, "");
    CHECK_STR(state(cx, store, id), "sent 1 ");
    CHECK_OK(outbox_lately(cx, store, STR("one"), STR(LETTER_INVITATION), 60000, &lately));
    CHECK(value_get_bool(lately, "mia") && value_count(lately) == 1);
    CHECK_OK(outbox_lately(cx, store, STR("two"), STR(LETTER_INVITATION), 60000, &lately));
    CHECK_INT(value_count(lately), 0);
    directory_now += OUTBOX_LEASE_MS * 2;
    CHECK_STR(taken(cx, store).id, "none");
    CHECK_RC(outbox_again(cx, store, STR("one"), id), RC_NOT_FOUND);
    directory_now += OUTBOX_SENT_MS;
    CHECK_OK(outbox_forget(cx, store));
    CHECK_STR(state(cx, store, id), "");
}

STORE_TEST(what_was_not_taken_is_tried_later_and_later)
{
    static const int64_t minutes[] = {1, 5, 15, 60, 180, 180};

    directory_make(cx, store);
    struct str id = added(cx, store, "mia");

    for (size_t i = 0; i < COUNT_OF(minutes); i++) {
        CHECK(str_eq(taken(cx, store).id, id));
        ended(cx, store, id, MAIL_LATER, "451 Later.");
        directory_now += minutes[i] * 60 * 1000 - 1000;
        CHECK_STR(taken(cx, store).id, "none");
        directory_now += 1000;
    }
    CHECK_STR(state(cx, store, id), "waiting 6 451 Later.");
    directory_now += OUTBOX_UNTIL_MS;
    CHECK_STR(taken(cx, store).id, "none");
    CHECK_STR(state(cx, store, id), "failed 6 451 Later.");
    CHECK_RC(outbox_again(cx, store, STR("two"), id), RC_NOT_FOUND);
    CHECK_OK(outbox_again(cx, store, STR("one"), id));
    CHECK(str_eq(taken(cx, store).id, id));
    ended(cx, store, id, MAIL_REFUSED, "550 Nobody here.");
    CHECK_STR(state(cx, store, id), "failed 1 550 Nobody here.");
    CHECK_OK(outbox_drop(cx, store, STR("one"), id));
    CHECK_STR(state(cx, store, id), "");
}

STORE_TEST(a_mail_whose_sender_was_ended_is_sent_once_or_not_at_all)
{
    directory_make(cx, store);
    struct str first = added(cx, store, "mia"), second = added(cx, store, "bo");

    CHECK(str_eq(taken(cx, store).id, first));
    CHECK(str_eq(taken(cx, store).id, second));
    CHECK_OK(outbox_handed(cx, store, second));
    CHECK_RC(outbox_drop(cx, store, STR("one"), second), RC_NOT_FOUND);
    directory_now += OUTBOX_LEASE_MS + 1000;
    CHECK(str_eq(taken(cx, store).id, first)); /* no server has seen it */
    CHECK_STR(taken(cx, store).id, "none");
    CHECK(str_starts(state(cx, store, second), STR("unsure 1 ")));
    CHECK_OK(outbox_again(cx, store, STR("one"), second)); /* somebody decides */
    CHECK(str_eq(taken(cx, store).id, second));
}

STORE_TEST(a_newer_mail_of_a_kind_takes_the_place_of_one_that_waits)
{
    directory_make(cx, store);
    struct str first = added(cx, store, "mia"), second = added(cx, store, "mia");

    CHECK_STR(state(cx, store, first), "");
    CHECK(str_eq(taken(cx, store).id, second));
    CHECK_STR(taken(cx, store).id, "none");
    struct letter wrong = {.kind = STR(LETTER_INVITATION),
                           .address = STR("mia@example.org\r\nBcc: eve@example.org"),
                           .facts = value_map(cx->mem)};

    CHECK_RC(outbox_add(cx, store, &wrong), RC_INVALID);
}

/* The token is in the mail and nowhere else. */
STORE_TEST(a_letter_has_the_token_and_the_directory_has_not)
{
    struct str subject, text;
    struct account_invitation invited;

    directory_make(cx, store);
    (void)added(cx, store, "mia");
    struct letter letter = taken(cx, store);

    CHECK_OK(letter_write(cx, store, STR("https://a.example"), &letter, &subject, &text));
    CHECK_STR(subject, "One Ltd: your invitation");
    CHECK(str_has(text, "Ann Lee invites you"));
    size_t at = str_find(text, STR("https://a.example/link/"), 0);
    CHECK(at != SIZE_MAX);
    struct str token = str_sub(text, at + 23, ACCOUNT_TOKEN_CHARS);
    CHECK_OK(account_invited(cx, store, token, &invited));
    CHECK_STR(invited.person, "mia");
    CHECK_STR(invited.address, "mia@example.org");
    letter.kind = STR("poem");
    CHECK_RC(letter_write(cx, store, STR("https://a.example"), &letter, &subject, &text),
             RC_INVALID);
}
