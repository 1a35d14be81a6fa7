#include "extract/mime.h"

#include "tests/extract/blocks.h"
#include "tests/extract/office.h"

static struct extract read_mail(struct ctx *cx, const char *text)
{
    struct extract e = {.note = STR_NONE};

    CHECK_OK(extract_bytes(cx, STR("a.eml"), str_of(text), &e));
    CHECK_INT(e.format, EXTRACT_EML);
    return e;
}

#define HEAD                                                                                       \
    "From: Ann Lee <ann@example.org>\r\nTo: board@example.org\r\n"                                 \
    "Date: Mon, 30 Nov 2026 10:15:00 +0100\r\nMIME-Version: 1.0\r\n"

TEST(head_and_text_of_a_mail)
{
    struct extract e = read_mail(
        cx,
        HEAD "Subject: AW: Re: =?utf-8?Q?Approval_of_the?=\r\n =?iso-8859-1?B?IHNjb3Bl6Q==?=\r\n"
             "Content-Type: text/plain; charset=utf-8\r\n"
             "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
             "We approve the scope=\r\n of the ISMS.\r\n\r\n- first=3A\r\n- second\r\n");

    BLOCKS(e, "=0@0 title=Approval of the scope\xc3\xa9", "=0@0 author=Ann Lee <ann@example.org>",
           "=0@0 to=board@example.org", "=0@0 date=2026-11-30",
           "P0@1 We approve the scope of the ISMS.", "I1@3 first:", "I1@4 second");
}

TEST(what_was_quoted_is_no_evidence)
{
    struct extract e = read_mail(cx, HEAD "Subject: Scope\r\n\r\n"
                                          "Agreed, thank you.\r\n\r\n"
                                          "On 29 November 2026 at 09:00,\r\nBob wrote:\r\n\r\n"
                                          "> The board approves\r\n> the scope.\r\n\r\n"
                                          "-- \r\nAnn Lee\r\n");

    BLOCKS(e, "=0@0 title=Scope", "=0@0 author=Ann Lee <ann@example.org>",
           "=0@0 to=board@example.org", "=0@0 date=2026-11-30", "P0@1 Agreed, thank you.",
           "P0~@3 On 29 November 2026 at 09:00, Bob wrote:", "P0~@6 The board approves the scope.",
           "F0@10 Ann Lee");
}

TEST(an_answered_head_ends_the_own_text)
{
    struct extract e = read_mail(cx, HEAD "Subject: Scope\r\n\r\nYes.\r\n\r\n"
                                          "From: Bob <bob@example.org>\r\nSent: Sunday\r\n"
                                          "To: Ann\r\nSubject: Scope\r\n\r\nDo you approve?\r\n");

    CHECK_BLOCK(&e, "Yes.", BLOCK_PARAGRAPH, 0);
    CHECK(!office_block(&e, "Yes.")->struck);
    CHECK(office_block(&e, "Do you approve?")->struck);
}

TEST(a_mail_passed_on_says_what_it_passes_on)
{
    struct extract e = read_mail(cx, HEAD "Subject: Fwd: Scope\r\n\r\n"
                                          "---------- Forwarded message ---------\r\n"
                                          "From: Bob <bob@example.org>\r\nDate: Sunday\r\n"
                                          "Subject: Scope\r\n\r\nThe board approves it.\r\n");

    CHECK(!office_block(&e, "The board approves it.")->struck);
}

static const char mixed[] =
    HEAD "Subject: Minutes\r\nContent-Type: multipart/mixed; boundary=\"b 1\"\r\n\r\npreamble\r\n"
         "--b 1\r\nContent-Type: multipart/alternative; boundary=b2\r\n\r\n"
         "--b2\r\nContent-Type: text/plain\r\n\r\n \r\n"
         "--b2\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n"
         "<p>See the <b>minutes</b> of caf\xe9.</p><blockquote>We decided.</blockquote>\r\n"
         "--b2--\r\n"
         "--b 1\r\nContent-Type: image/png; name=logo.png\r\nContent-ID: <x>\r\n\r\nPNG\r\n"
         "--b 1\r\nContent-Type: text/markdown\r\nContent-Transfer-Encoding: base64\r\n"
         "Content-Disposition: attachment; filename*0*=utf-8''Prot%C3%B6; filename*1*=kol.md\r\n"
         "\r\nIyBNaW51\r\ndGVzCgpBbm4gY2FtZS4K\r\n"
         "--b 1\r\nContent-Type: message/rfc822\r\n\r\nSubject: Earlier\r\nFrom: b@example.org\r\n"
         "MIME-Version: 1.0\r\n\r\nOld text.\r\n--b 1--\r\n";

TEST(parts_and_attachments_of_a_mail)
{
    struct extract e = read_mail(cx, mixed), member;

    CHECK_BLOCK(&e, "See the minutes of caf\xc3\xa9.", BLOCK_PARAGRAPH, 0);
    CHECK(office_block(&e, "We decided.")->struck);
    CHECK_INT(e.member_count, 2);
    CHECK_STR(e.members[0].path, "Prot\xc3\xb6kol.md");
    CHECK_STR(e.members[1].path, "Earlier.eml");
    CHECK_OK(extract_member(cx, e.members[0].path, str_of(mixed), &e.members[0].at, 1, &member));
    CHECK_BLOCK(&member, "Minutes", BLOCK_HEADING, 1);
    CHECK_BLOCK(&member, "Ann came.", BLOCK_PARAGRAPH, 0);
    CHECK_OK(extract_member(cx, e.members[1].path, str_of(mixed), &e.members[1].at, 1, &member));
    CHECK_BLOCK(&member, "Old text.", BLOCK_PARAGRAPH, 0);
}

TEST(mails_that_cannot_be_read)
{
    struct extract e;

    CHECK_RC(extract_bytes(
                 cx, STR("a.eml"),
                 STR(HEAD "Content-Type: application/pkcs7-mime; name=smime.p7m\r\n\r\nx"), &e),
             RC_INVALID);
    CHECK(str_has(cx->err.text, "encrypted"));
    CHECK_OK(extract_bytes(
        cx, STR("a.eml"),
        STR(HEAD "Subject: x\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n\xd7\xcf\xd4\r\n"),
        &e));
    CHECK(str_has(e.note, "character set koi8-r"));
}

TEST(parts_that_nest_for_ever_end)
{
    struct buf text = buf_new(cx->mem);
    struct mime mime;

    buf_addz(&text, HEAD);
    for (unsigned i = 0; i < 3000; i++)
        buf_printf(&text, "Content-Type: multipart/mixed; boundary=b%u\r\n\r\n--b%u\r\n", i, i);
    CHECK_OK(mime_read(cx, buf_str(&text), &mime));
    CHECK(mime.cut);
    text.n = 0;
    buf_addz(&text, HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    for (unsigned i = 0; i < 3000; i++)
        buf_addz(&text, "--b\r\n\r\nx\r\n");
    CHECK_OK(mime_read(cx, buf_str(&text), &mime));
    CHECK_INT(mime.count, MIME_PARTS);
}

TEST(a_page_kept_as_a_message_is_a_page)
{
    struct extract e;

    CHECK_OK(extract_bytes(
        cx, STR("policy.doc"),
        STR("Date: Mon, 30 Nov 2026 10:15:00 +0000\nMessage-ID: <1@wiki>\nSubject: Exported\n"
            "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
            "--b\nContent-Type: text/html; charset=UTF-8\n"
            "Content-Transfer-Encoding: quoted-printable\n\n"
            "<html><head><title>Access policy</title></head><body><h1>Access policy</h1>"
            "<blockquote>All staff.</blockquote></body></html>\n--b--\n"),
        &e));
    CHECK_INT(e.format, EXTRACT_HTML);
    CHECK_BLOCK(&e, "Access policy", BLOCK_PROPERTY, 0);
    CHECK(!office_block(&e, "All staff.")->struck);
}

/* Texts that only look a little like mail stay texts. */
TEST(a_text_about_mail_is_no_mail)
{
    struct extract e;

    CHECK_OK(
        extract_bytes(cx, STR("a.txt"), STR("Date: today\nFrom: Ann\n\nMIME-Version: 1.0\n"), &e));
    CHECK_INT(e.format, EXTRACT_TEXT);
}

TEST(eml_saved_as_text)
{
    struct extract e = {0};

    CHECK_OK(
        extract_bytes(cx, STR("RE policy.txt"),
                      STR("From: Nuria Sala\nSent: Monday, 2 March 2026\nTo: All\nSubject: RE: Key "
                          "policy\n\nApproved from my side.\n\n-----Original Message-----\nFrom: "
                          "Bo\nSent: Friday\nSubject: Key policy\n\nKeys are counted.\n"),
                      &e));
    CHECK_INT(e.format, EXTRACT_EML);
    for (size_t i = 0; i < e.block_count; i++)
        if (str_has(e.blocks[i].text, "Keys are counted"))
            CHECK(e.blocks[i].struck);
        else if (str_has(e.blocks[i].text, "Approved"))
            CHECK(!e.blocks[i].struck);
    CHECK_OK(extract_bytes(cx, STR("list.txt"), STR("To: do\nSubject: none\n\nText.\n"), &e));
    CHECK_INT(e.format, EXTRACT_TEXT);
}
