/* Forgotten passwords: links used once, and what strangers who ask cannot do. On each database. */
#include "op/resets.h"

#include "op/accounts.h"
#include "op/letters.h"
#include "tests/op/directory.h"

#define PASSWORD STR("correct horse battery")

static void ready(struct ctx *cx, struct store *directory)
{
    directory_make(cx, directory);
    CHECK_OK(
        store_exec(cx, directory, "test",
                   STR("INSERT INTO account (id, login, password, made_at, address) VALUES "
                       "('a', 'ann@example.org', '-', '-', NULL), "
                       "('b', 'bob', '-', '-', 'Bob@example.org'), ('c', 'cy', '-', '-', NULL), "
                       "('d', 'di', '-', '-', 'two@example.org'), "
                       "('e', 'eli', '-', '-', 'two@example.org')")));
}

static void asks(struct ctx *cx, struct store *store, const char *login, const char *device,
                 const char *from)
{
    CHECK_OK(reset_ask(cx, store, str_of(login), str_of(device), str_of(from)));
    CHECK_OK(reset_look(cx, store));
    directory_now += 1000;
}

/* To whom the next mail goes; it is sent. */
static struct str mailed_to(struct ctx *cx, struct store *store)
{
    const struct mailed sent = {.outcome = MAIL_SENT};
    struct letter letter;
    bool any = false;

    CHECK_OK(outbox_take(cx, store, false, &letter, &any));
    if (!any)
        return STR("nobody");
    CHECK_OK(outbox_end(cx, store, letter.id, &sent));
    return letter.address;
}

STORE_TEST(a_forgotten_password_is_a_mail_to_whom_it_belongs)
{
    bool waits = true;

    ready(cx, store);
    CHECK_OK(reset_waits(cx, store, &waits));
    CHECK(!waits);
    CHECK_OK(reset_ask(cx, store, STR("Ann@example.org "), STR_NONE, STR("192.0.2.1")));
    CHECK_OK(reset_waits(cx, store, &waits));
    CHECK(waits);
    CHECK_OK(reset_look(cx, store));
    CHECK_STR(mailed_to(cx, store), "ann@example.org");
    asks(cx, store, "bob", "", "192.0.2.1");
    CHECK_STR(mailed_to(cx, store), "Bob@example.org");
    asks(cx, store, "bob@example.org", "", "192.0.2.1");
    CHECK_STR(mailed_to(cx, store), "Bob@example.org");
    asks(cx, store, "cy", "", "192.0.2.1");              /* has no address */
    asks(cx, store, "two@example.org", "", "192.0.2.1"); /* of which of them? */
    asks(cx, store, "nobody", "", "192.0.2.1");
    asks(cx, store, "\xff", "", "192.0.2.1");
    asks(cx, store, "", "", "192.0.2.1");
    CHECK_STR(mailed_to(cx, store), "nobody");
}

STORE_TEST(strangers_flood_no_mailbox_and_keep_nobody_out)
{
    struct str session, device;

    ready(cx, store);
    CHECK_OK(session_begin(cx, store, STR("b"), STR_NONE, STR("-"), STR("-"), &session, &device));
    for (int i = 0; i < 10; i++) {
        char from[] = "192.0.2.0";
        from[8] = (char)('0' + i);
        asks(cx, store, "bob", "", from);
        CHECK_STR(mailed_to(cx, store), i < RESET_MAILS ? "Bob@example.org" : "nobody");
    }
    /* His own browser has mails of its own. */
    asks(cx, store, "bob", str_z(cx->mem, device), "192.0.2.99");
    CHECK_STR(mailed_to(cx, store), "Bob@example.org");
    for (int i = 0; i < RESET_ASKS; i++)
        asks(cx, store, "nobody", "", "192.0.2.50");
    CHECK_RC(reset_ask(cx, store, STR("bob"), STR_NONE, STR("192.0.2.50")), RC_LIMIT);
    directory_now += RESET_MS + 1000;
    asks(cx, store, "bob", "", "192.0.2.50");
    CHECK_STR(mailed_to(cx, store), "Bob@example.org");
}

STORE_TEST(a_reset_works_once_and_ends_all_else)
{
    struct str first, second, login, account, session, device;
    struct account_session found;

    ready(cx, store);
    CHECK_OK(session_begin(cx, store, STR("b"), STR_NONE, STR("-"), STR("-"), &session, &device));
    CHECK_OK(reset_make(cx, store, STR("b"), &first, &login));
    CHECK_OK(reset_make(cx, store, STR("b"), &second, &login));
    CHECK_STR(login, "bob");
    CHECK_OK(reset_find(cx, store, first, &account, &login)); /* both are good */
    CHECK_RC(reset_take(cx, store, first, STR("short"), &account), RC_INVALID);
    CHECK_OK(session_find(cx, store, session, &found)); /* nothing is changed yet */
    CHECK_OK(reset_take(cx, store, first, PASSWORD, &account));
    CHECK_STR(account, "b");
    CHECK_RC(session_find(cx, store, session, &found), RC_NOT_FOUND);
    CHECK_RC(reset_find(cx, store, first, &account, &login), RC_NOT_FOUND);
    CHECK_RC(reset_take(cx, store, second, PASSWORD, &account), RC_NOT_FOUND);
    CHECK_OK(account_check(cx, store, STR("bob"), PASSWORD, STR_NONE, STR("192.0.2.1"), &account));
    CHECK_OK(reset_make(cx, store, STR("b"), &first, &login));
    directory_now += RESET_MS;
    CHECK_RC(reset_find(cx, store, first, &account, &login), RC_NOT_FOUND);
    CHECK_RC(reset_find(cx, store, STR("' OR 1=1"), &account, &login), RC_NOT_FOUND);
    CHECK_RC(reset_make(cx, store, STR("z"), &first, &login), RC_NOT_FOUND);
}

STORE_TEST(an_account_is_written_to_where_its_owner_says)
{
    struct str first, login, account, address;

    ready(cx, store);
    CHECK_OK(reset_make(cx, store, STR("b"), &first, &login));
    CHECK_OK(reset_take(cx, store, first, PASSWORD, &account));
    CHECK_RC(account_set_address(cx, store, STR("b"), STR("wrong"), STR("x@example.org")),
             RC_DENIED);
    CHECK_RC(account_set_address(cx, store, STR("b"), PASSWORD, STR("x@example.org, y@z")),
             RC_INVALID);
    CHECK_OK(account_set_address(cx, store, STR("b"), PASSWORD, STR(" x@example.org")));
    CHECK_OK(account_address(cx, store, STR("b"), &login, &address));
    CHECK_STR(address, "x@example.org");
    CHECK_OK(account_tell(cx, store, STR("b"), STR("Bob@example.org"), "another address"));
    CHECK_STR(mailed_to(cx, store), "Bob@example.org");
    CHECK_OK(account_tell(cx, store, STR("c"), STR_NONE, "the password"));
    CHECK_STR(mailed_to(cx, store), "nobody");
    CHECK_OK(account_set_address(cx, store, STR("b"), PASSWORD, STR_NONE));
    CHECK_OK(account_address(cx, store, STR("b"), &login, &address));
    CHECK_STR(address, "");
}
