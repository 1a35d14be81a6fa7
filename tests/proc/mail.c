/* Mail servers: which may be asked, and what is said where none answers. What real ones do is tried
 * by tests/e2e/mail.sh. */
#include "proc/mail.h"

#include "tests/harness.h"

TEST(mail_goes_to_servers_of_mail)
{
    static const char *const taken[] = {"smtps://isms@mail.example.org:465",
                                        "smtp://mail.example.org", "smtp://a%40b.org@[::1]:587",
                                        "smtps://127.0.0.1/me.example.org"};
    static const char *const refused[] = {"",
                                          "mail.example.org",
                                          "https://mail.example.org",
                                          "file:///etc/passwd",
                                          "smtps://isms:secret@mail.example.org",
                                          "smtps://",
                                          "smtps://mail.example.org:99999"};

    for (size_t i = 0; i < COUNT_OF(taken); i++)
        CHECK_OK(mail_check_url(cx, "mail", str_of(taken[i])));
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        CHECK_RC(mail_check_url(cx, "mail", str_of(refused[i])), RC_INVALID);
}

static int count(void *arg, UNUSED struct ctx *cx)
{
    (*(int *)arg)++;
    return 0;
}

TEST(a_mail_that_no_server_has_seen_can_be_sent_later)
{
    const struct mail_server server = {.url = STR("smtp://127.0.0.1:1"), .seconds = 5};
    struct mailed mailed = {.outcome = MAIL_SENT};
    int handed = 0;

    CHECK_OK(mail_send(cx, &server, STR("a@example.org"), STR("b@example.org"), STR("X: y\r\n"),
                       count, &handed, &mailed));
    CHECK(mailed.outcome == MAIL_LATER && handed == 0);
    CHECK(str_has(mailed.said, "cannot be reached"));
}
