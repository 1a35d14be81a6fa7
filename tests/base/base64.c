#include "base/base64.h"

#include "tests/harness.h"

TEST(base64_of_the_rfc)
{
    static const char *const pairs[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}};

    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        struct str got = {"x", 1};
        CHECK_STR(base64_encode(cx->mem, str_of(pairs[i][0])), pairs[i][1]);
        CHECK(base64_decode(cx->mem, str_of(pairs[i][1]), &got));
        CHECK_STR(got, pairs[i][0]);
    }
}

TEST(base64_has_one_text_for_each_bytes)
{
    static const char *const wrong[] = {"Zg",   "Zg=",  "Zg===",    "Zh==", "Zm9=", "====",
                                        "Z===", "Zm=v", "Zg==Zg==", "Zm 8", "Zm-_", "Zm9v\n"};
    struct str got;

    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        CHECK(!base64_decode(cx->mem, str_of(wrong[i]), &got));
}

TEST(base64_takes_all_bytes)
{
    char bytes[256];
    struct str got;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)i;
    for (size_t n = 0; n <= sizeof bytes; n++) {
        struct str text = base64_encode(cx->mem, (struct str){bytes, n});
        CHECK(base64_decode(cx->mem, text, &got));
        CHECK(str_eq(got, (struct str){bytes, n}));
    }
}

TEST(base64_for_addresses)
{
    static const char *const wrong[] = {"Zg==", "Zm9+", "Zm/v", "Z", "Zh", "Zm8v Zg"};
    struct str got;

    CHECK_STR(base64url_encode(cx->mem, STR("\xfb\xff\xfe")), "-__-");
    CHECK_STR(base64url_encode(cx->mem, STR("fo")), "Zm8");
    CHECK(base64url_decode(cx->mem, STR("-__-"), &got));
    CHECK(str_eq(got, STR("\xfb\xff\xfe")));
    CHECK(base64url_decode(cx->mem, STR("Zm8"), &got));
    CHECK_STR(got, "fo");
    CHECK(base64url_decode(cx->mem, STR_NONE, &got) && got.n == 0);
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        CHECK(!base64url_decode(cx->mem, str_of(wrong[i]), &got));
}
