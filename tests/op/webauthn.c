/* What passkeys answer: what is taken, and everything that is not. */
#include "op/webauthn.h"

#include "tests/op/authenticator.h"

#define ORIGIN STR("https://assay.example")
#define CHALLENGE STR("Y2hhbGxlbmdlLW9mLXRoaXMtdGVzdA")

static const struct webauthn_asked asked = {
    .rp_id = STR("assay.example"), .origin = ORIGIN, .challenge = CHALLENGE, .verified = true};

static struct webauthn_passkey registered(struct ctx *cx, const struct authenticator *a)
{
    struct webauthn_made made = authenticator_make(cx, a, CHALLENGE);
    struct webauthn_passkey passkey = {.counter = -1};

    CHECK_OK(webauthn_register(cx, &asked, &made, &passkey));
    return passkey;
}

TEST(a_passkey_is_made_and_used)
{
    struct authenticator a = authenticator_new(cx, STR("credential"), ORIGIN);
    struct webauthn_passkey passkey = registered(cx, &a);
    int64_t counter = -1;

    CHECK_STR(passkey.credential, "credential");
    CHECK(passkey.counter == 0 && passkey.algorithm == WEBAUTHN_ES256 && passkey.key.n == 64);
    a.counter = 7;
    struct webauthn_used used = authenticator_use(cx, &a, CHALLENGE);

    CHECK_OK(webauthn_check(cx, &asked, &passkey, &used, &counter));
    CHECK(counter == 7);
}

/* As security keys do that were asked to keep the passkey: {"credProtect": 2}. */
TEST(a_passkey_may_come_with_extensions)
{
    struct authenticator a = authenticator_new(cx, STR("credential"), ORIGIN);

    a.extension = STR("\xa1\x6b"
                      "credProtect\x02");
    (void)registered(cx, &a);
}

TEST(a_passkey_of_another_make_is_none)
{
    struct authenticator a = authenticator_new(cx, STR("credential"), ORIGIN);
    struct webauthn_made made = authenticator_make(cx, &a, CHALLENGE);
    struct webauthn_passkey passkey;
    static const int64_t others[] = {0, WEBAUTHN_EDDSA, WEBAUTHN_RS256, -36, INT64_MAX};

    for (size_t i = 0; i < COUNT_OF(others); i++) {
        made.algorithm = others[i];
        CHECK_RC(webauthn_register(cx, &asked, &made, &passkey), RC_INVALID);
    }
    made = authenticator_make(cx, &a, CHALLENGE);
    char *bytes = str_z(cx->mem, made.authenticator);

    bytes[made.authenticator.n - 1] ^= 1; /* a point that is not on the curve */
    made.authenticator.p = bytes;
    CHECK_RC(webauthn_register(cx, &asked, &made, &passkey), RC_INVALID);
    made.authenticator = authenticator_data(cx, &a, false);
    CHECK_RC(webauthn_register(cx, &asked, &made, &passkey), RC_INVALID);
}

TEST(a_passkey_answers_what_was_asked)
{
    struct authenticator a = authenticator_new(cx, STR("credential"), ORIGIN), b = a;
    struct webauthn_passkey passkey = registered(cx, &a);
    struct webauthn_used used = authenticator_use(cx, &a, STR("YW5vdGhlcg"));
    int64_t counter;

    CHECK_RC(webauthn_check(cx, &asked, &passkey, &used, &counter), RC_DENIED);
    b.origin = STR("https://evil.example");
    used = authenticator_use(cx, &b, CHALLENGE);
    CHECK_RC(webauthn_check(cx, &asked, &passkey, &used, &counter), RC_DENIED);
    b = a;
    b.site = STR("evil.example");
    used = authenticator_use(cx, &b, CHALLENGE);
    CHECK_RC(webauthn_check(cx, &asked, &passkey, &used, &counter), RC_DENIED);
    b = a;
    b.flags = WEBAUTHN_PRESENT;
    used = authenticator_use(cx, &b, CHALLENGE);
    CHECK_RC(webauthn_check(cx, &asked, &passkey, &used, &counter), RC_DENIED);
    b.flags = 0;
    used = authenticator_use(cx, &b, CHALLENGE);
    CHECK_RC(webauthn_check(cx, &asked, &passkey, &used, &counter), RC_DENIED);
    b = authenticator_new(cx, STR("credential"), ORIGIN);
    used = authenticator_use(cx, &b, CHALLENGE);
    CHECK_RC(webauthn_check(cx, &asked, &passkey, &used, &counter), RC_DENIED);
    used = authenticator_use(cx, &a, CHALLENGE);
    used.client = authenticator_client(cx, &a, "webauthn.create", CHALLENGE);
    CHECK_RC(webauthn_check(cx, &asked, &passkey, &used, &counter), RC_DENIED);
    used.client = STR("{\"type\":\"webauthn.get\",\"challenge\":\"Y2hhbGxlbmdlLW9mLXRoaXMtdGVzdA\","
                      "\"origin\":\"https://assay.example\",\"crossOrigin\":true}");
    CHECK_RC(webauthn_check(cx, &asked, &passkey, &used, &counter), RC_DENIED);
    used.client = STR("[1]");
    CHECK_RC(webauthn_check(cx, &asked, &passkey, &used, &counter), RC_INVALID);
}

/* As a second factor the device need not have looked who it is. */
TEST(a_passkey_may_be_only_there)
{
    struct authenticator a = authenticator_new(cx, STR("credential"), ORIGIN);
    struct webauthn_passkey passkey = registered(cx, &a);
    struct webauthn_asked second = asked;
    int64_t counter;

    second.verified = false;
    a.flags = WEBAUTHN_PRESENT;
    struct webauthn_used used = authenticator_use(cx, &a, CHALLENGE);

    CHECK_OK(webauthn_check(cx, &second, &passkey, &used, &counter));
    a.flags = 0;
    used = authenticator_use(cx, &a, CHALLENGE);
    CHECK_RC(webauthn_check(cx, &second, &passkey, &used, &counter), RC_DENIED);
}

/* Cut off anywhere, with more behind, and with each byte changed: nothing that is read outside, and
 * nothing that is taken. */
TEST(a_passkey_that_was_tampered_with)
{
    struct authenticator a = authenticator_new(cx, STR("credential"), ORIGIN);
    struct str whole = authenticator_data(cx, &a, true);
    struct webauthn_passkey passkey = registered(cx, &a);
    struct webauthn_data data;
    int64_t counter;

    for (size_t n = 0; n < whole.n; n++)
        CHECK(!webauthn_authenticator(str_copy(cx->mem, str_sub(whole, 0, n)), &data));
    CHECK(!webauthn_authenticator(str_printf(cx->mem, "%.*sx", STR_ARG(whole)), &data));
    struct webauthn_used used = authenticator_use(cx, &a, CHALLENGE), changed;

    for (size_t i = 0; i < used.authenticator.n; i++) {
        char *bytes = str_z(cx->mem, used.authenticator);
        bytes[i] ^= 1;
        changed = used;
        changed.authenticator.p = bytes;
        CHECK(webauthn_check(cx, &asked, &passkey, &changed, &counter) < 0);
    }
    for (size_t n = 0; n < used.signature.n; n++) {
        changed = used;
        changed.signature = str_copy(cx->mem, str_sub(used.signature, 0, n));
        CHECK(webauthn_check(cx, &asked, &passkey, &changed, &counter) < 0);
    }
}

TEST(a_passkey_has_no_open_or_deep_lengths)
{
    static const struct str wrong[] = {
        STR("\xbf\x01\x02\xff"),                         /* indefinite */
        STR("\xa1\x01\x5f\x41\x01\xff"),                 /* within */
        STR("\xa1\x01\x81\x81\x81\x81\x81\x01"),         /* deep */
        STR("\xbb\xff\xff\xff\xff\xff\xff\xff\xff\x01"), /* as many as there are numbers */
        STR("\xa1\x01\x5b\xff\xff\xff\xff\xff\xff\xff\xff"),
        STR("\xa1\x01\xc1\x01"), /* a tag */
        STR("\x81\x01"),         /* no map */
        STR("\xa1\x01\x1c"),     /* reserved */
        STR("\xa1\x01")};
    struct authenticator a = authenticator_new(cx, STR("credential"), ORIGIN);
    struct webauthn_data data;

    a.extension = STR("\xa0");
    CHECK(webauthn_authenticator(authenticator_data(cx, &a, true), &data));
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        a.extension = wrong[i];
        CHECK(!webauthn_authenticator(authenticator_data(cx, &a, true), &data));
        CHECK(!webauthn_authenticator(authenticator_data(cx, &a, false), &data));
    }
}
