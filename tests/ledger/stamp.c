#include "ledger/stamp.h"

#include <string.h>

#include "tests/harness.h"

/* tests/vectors/stamp: `openssl ts` over the line "a signed checkpoint", with a nonce of its own.
 */
#define FOLDER "tests/vectors/stamp/"

static const unsigned char nonce[] = {0x6b, 0x6e, 0x2a, 0x1a, 0x21, 0xcd, 0xd5, 0x88};

static struct hash imprint_of(struct str text)
{
    return hash_sha256(&text, 1);
}

TEST(stamp_reply_of_openssl_is_read)
{
    struct hash imprint = imprint_of(STR("a signed checkpoint\n"));
    struct stamp stamp;

    CHECK_OK(stamp_parse(cx, test_read_file(cx, FOLDER "granted.tsr"), &stamp));
    CHECK(memcmp(stamp.imprint.b, imprint.b, sizeof imprint.b) == 0);
    CHECK_STR(stamp.at, "2026-11-27T11:15:12Z");
    CHECK_STR(stamp.serial, "02");
    CHECK(stamp_answers(&stamp, &imprint, nonce));
    imprint.b[31] ^= 1;
    CHECK(!stamp_answers(&stamp, &imprint, nonce));
}

TEST(stamp_question_is_that_of_openssl)
{
    struct hash imprint = imprint_of(STR("a signed checkpoint\n"));

    CHECK(str_eq(stamp_query(cx->mem, &imprint, nonce), test_read_file(cx, FOLDER "question.tsq")));
}

TEST(stamp_question_keeps_its_nonce_positive_and_short)
{
    static const unsigned char high[8] = {0x80}, low[8] = {0, 0, 0, 0, 0, 0, 0, 7};
    struct hash imprint = imprint_of(STR("x"));
    struct stamp stamp = {.imprint = imprint};

    CHECK(str_find(stamp_query(cx->mem, &imprint, high), STR("\2\x9\0\x80\0"), 0) != SIZE_MAX);
    CHECK(str_find(stamp_query(cx->mem, &imprint, low), STR("\2\1\7"), 0) != SIZE_MAX);
    stamp.nonce = STR("\7");
    CHECK(stamp_answers(&stamp, &imprint, low));
    CHECK(!stamp_answers(&stamp, &imprint, high));
    stamp.nonce = STR("\0\x80\0\0\0\0\0\0\0");
    CHECK(stamp_answers(&stamp, &imprint, high));
    stamp.nonce = STR_NONE;
    CHECK(!stamp_answers(&stamp, &imprint, low));
}

TEST(stamp_refusal_says_why)
{
    struct stamp stamp;

    CHECK_RC(stamp_parse(cx, test_read_file(cx, FOLDER "refused.tsr"), &stamp), RC_DENIED);
    CHECK_STR(cx->err.text, "The time stamp authority refused (2): Message digest algorithm is not "
                            "supported.");
    CHECK_RC(stamp_parse(cx, test_read_file(cx, FOLDER "sha512.tsr"), &stamp), RC_INVALID);
}

/* Cut off anywhere it is none; the imprint and the time stand where they stand. */
TEST(stamp_that_is_cut_off_is_none)
{
    struct str whole = test_read_file(cx, FOLDER "granted.tsr");
    struct stamp stamp;

    for (size_t n = 0; n < whole.n; n++)
        CHECK_RC(stamp_parse(cx, str_sub(whole, 0, n), &stamp), RC_INVALID);
    CHECK_RC(stamp_parse(cx, str_printf(cx->mem, "%.*s ", STR_ARG(whole)), &stamp), RC_INVALID);
}
