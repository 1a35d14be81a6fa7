/* Mails as bytes: what names and texts of people cannot do to them. */
#include "op/message.h"

#include "tests/harness.h"

static struct message plain(void)
{
    return (struct message){.from = STR("isms@example.org"),
                            .from_name = STR("Assay"),
                            .to = STR("ada@example.org"),
                            .to_name = STR("Ada Byron"),
                            .subject = STR("An invitation"),
                            .text = STR("Hello.\n"),
                            .id = STR("abc-1"),
                            .at_ms = 1796030100250};
}

static struct str composed(struct ctx *cx, struct message message)
{
    struct str bytes = STR_NONE;

    CHECK_OK(message_compose(cx, &message, &bytes));
    return bytes;
}

TEST(a_message_is_what_it_should_be)
{
    CHECK_STR(composed(cx, plain()), "Date: Mon, 30 Nov 2026 09:15:00 +0000\r\n"
                                     "From: \"Assay\"\r\n <isms@example.org>\r\n"
                                     "To: \"Ada Byron\"\r\n <ada@example.org>\r\n"
                                     "Subject: An invitation\r\n"
                                     "Message-ID: <abc-1@example.org>\r\n"
                                     "MIME-Version: 1.0\r\n"
                                     "Content-Type: text/plain; charset=utf-8\r\n"
                                     "Content-Transfer-Encoding: quoted-printable\r\n"
                                     "Auto-Submitted: auto-generated\r\n"
                                     "\r\n"
                                     "Hello.\r\n");
}

TEST(message_addresses_need_no_quoting)
{
    static const char *const taken[] = {"a@b", "ada.byron+isms@mail.example.org", "o'neil@x-y.ie",
                                        "a_b%c@example.org"};
    static const char *const refused[] = {"",
                                          "ada",
                                          "@example.org",
                                          "ada@",
                                          "ada@example.org\r\nBcc: eve@example.org",
                                          "ada@example.org\n",
                                          "ada@example.org, eve@example.org",
                                          "<ada@example.org>",
                                          "ada@example.org>",
                                          "ada byron@example.org",
                                          "\"ada\"@example.org",
                                          "ada@exa@mple.org",
                                          "ada@[127.0.0.1]",
                                          "ada@.org",
                                          "ada..b@example.org",
                                          ".ada@example.org",
                                          "ada.@example.org",
                                          "-oQ/tmp@example.org",
                                          "ada@-example.org",
                                          "ad\xc3\xa4@example.org"};

    for (size_t i = 0; i < COUNT_OF(taken); i++)
        CHECK_OK(message_check_address(cx, "to", str_of(taken[i])));
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        CHECK_RC(message_check_address(cx, "to", str_of(refused[i])), RC_INVALID);
    CHECK(!message_address_is((struct str){"a\0@b.org", 8}));
}

TEST(a_sender_has_a_name_or_none)
{
    struct str name, address;

    CHECK_OK(message_split_address(cx, "from", STR(" Assay, ISMS <isms@example.org> "), &name,
                                   &address));
    CHECK_STR(name, "Assay, ISMS");
    CHECK_STR(address, "isms@example.org");
    CHECK_OK(message_split_address(cx, "from", STR("isms@example.org"), &name, &address));
    CHECK_STR(name, "");
    CHECK_RC(message_split_address(cx, "from", STR("Assay <isms>"), &name, &address), RC_INVALID);
    CHECK_RC(message_split_address(cx, "from", STR(">"), &name, &address), RC_INVALID);
}

/* Every line is one of ours, short, and ends as it has to. */
static void is_sound(struct ctx *cx, struct str bytes, size_t headers)
{
    size_t n = 0, at = 0;
    bool head = true;

    while (at < bytes.n) {
        size_t end = str_find(bytes, STR("\r\n"), at);
        CHECK(end != SIZE_MAX && end - at <= 98);
        if (end == SIZE_MAX)
            return;
        struct str line = str_sub(bytes, at, end - at);
        for (size_t i = 0; i < line.n; i++)
            CHECK(line.p[i] >= ' ' && line.p[i] <= '~');
        head = head && line.n > 0;
        n += head && line.p[0] != ' ';
        at = end + 2;
    }
    CHECK(n == headers);
    (void)cx;
}

TEST(names_and_subjects_are_text_in_a_header)
{
    static const char *const hostile[] = {
        "Ada\r\nBcc: eve@example.org",
        "Ada\nBcc: eve@example.org\n\nBuy now",
        "Ada\" <eve@example.org>, \"",
        "back\\",
        "Ad\xc3\xa4 \xe2\x80\xae Byron \xf0\x9f\x94\x92",
        "=?UTF-8?Q?=0D=0ABcc:_eve@example.org?=",
        "\xff\xfe broken",
        "",
        "\x01\x02\x7f",
        "Donaudampfschifffahrtsgesellschaftskapit\xc3\xa4n"
        "smützenfabrikationsgesellschaftsvorstandsvorsitzender "
        "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "word word word word word word word word word word word word word word word word"};

    for (size_t i = 0; i < COUNT_OF(hostile); i++) {
        struct message m = plain();
        m.from_name = m.to_name = m.subject = m.text = str_of(hostile[i]);
        struct str bytes = composed(cx, m);
        is_sound(cx, bytes, 9);
        CHECK(str_find(bytes, STR("\nBcc"), 0) == SIZE_MAX ||
              str_find(bytes, STR("\nBcc"), 0) > str_find(bytes, STR("\r\n\r\n"), 0));
    }
}

TEST(a_message_in_other_letters_is_encoded)
{
    struct message m = plain();

    m.subject = STR("Ein\xc3\xbchrung");
    m.text = STR("Gr\xc3\xbc\xc3\x9f"
                 "e = alles \n.\nFrom here\rx");
    struct str bytes = composed(cx, m);

    CHECK(str_has(bytes, "Subject: =?UTF-8?B?RWluw7xocnVuZw==?=\r\n"));
    CHECK(str_has(bytes, "\r\n\r\nGr=C3=BC=C3=9Fe =3D alles=20\r\n=2E\r\n=46rom here=0Dx\r\n"));
}

TEST(a_message_without_a_right_address_is_none)
{
    struct message m = plain();
    struct str bytes;

    m.to = STR("ada@example.org\r\nX: y");
    CHECK_RC(message_compose(cx, &m, &bytes), RC_INVALID);
    m = plain();
    m.id = STR("a>\r\nX: y");
    CHECK_RC(message_compose(cx, &m, &bytes), RC_INVALID);
}
