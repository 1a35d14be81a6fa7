#include "verify/entry.h"

#include "tests/harness.h"

#define BODY "\"body\":\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\""
#define HEAD                                                                                       \
    "{\"a\":{\"i\":\"p\",\"r\":\"owner\",\"v\":\"local\"},\"at\":\"2026-11-30T10:00:00.000Z\","
#define MIDDLE "\"c\":{" BODY "},\"n\":4,\"o\":{\"i\":\"r1\",\"k\":\"risk\",\"r\":2},"
#define TAIL "\"p\":1,\"t\":\"record.set\",\"v\":1"

TEST(entry_is_read)
{
    struct entry entry;

    CHECK(entry_parse(STR(HEAD MIDDLE TAIL "}"), &entry));
    CHECK_INT(entry.n, 4);
    CHECK_INT(entry.before, 1);
    CHECK_INT(entry.rev, 2);
    CHECK_STR(entry.record, "r1");
    CHECK_STR(entry.reg, "risk");
    CHECK_STR(entry.type, "record.set");
    CHECK_INT(entry.body.b[1], 0x11);
    CHECK(entry.has_body && !entry.has_blob && entry.more.n == 0);
}

TEST(entry_in_another_form_is_none)
{
    static const char *const wrong[] = {
        "",
        "{}",
        HEAD MIDDLE TAIL,
        HEAD MIDDLE TAIL "} ",
        " " HEAD MIDDLE TAIL "}",
        HEAD MIDDLE TAIL ",\"y\":1}",
        HEAD MIDDLE "\"p\":01,\"t\":\"record.set\",\"v\":1}",
        HEAD MIDDLE "\"p\":4,\"t\":\"record.set\",\"v\":1}",
        HEAD MIDDLE "\"p\":-2,\"t\":\"record.set\",\"v\":1}",
        HEAD MIDDLE "\"p\":1,\"t\":\"record.set\",\"v\":2}",
        HEAD MIDDLE "\"p\":1,\"t\":\"a\\\"b\",\"v\":1}",
        HEAD "\"c\":{},\"n\":4,\"o\":{\"i\":\"r1\",\"k\":\"risk\",\"r\":2}," TAIL "}",
        HEAD "\"c\":{" BODY "},\"n\":4,\"o\":{\"i\":\"r1\",\"k\":\"risk\",\"r\":0}," TAIL "}",
        HEAD "\"c\":{\"body\":\"00\"},\"n\":4,\"o\":{\"i\":\"r1\",\"k\":\"risk\",\"r\":2}," TAIL
             "}",
        "{\"a\":{},\"at\":\"2026-11-30 10:00:00.000Z\"," MIDDLE TAIL "}",
    };
    struct entry entry;

    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        CHECK(!entry_parse(str_of(wrong[i]), &entry));
}

TEST(entry_names_what_was_erased)
{
    struct str field;
    struct entry entry;
    uint64_t seq;
    size_t at = 0;

    CHECK(entry_parse(STR(HEAD MIDDLE TAIL
                          ",\"x\":{\"basis\":[1],\"erased\":[[3,\"name\"],[12,\"file\"]],"
                          "\"more\":{\"a\":true}}}"),
                      &entry));
    CHECK(entry_erased(&entry, &at, &seq, &field));
    CHECK_INT(seq, 3);
    CHECK_STR(field, "name");
    CHECK(entry_erased(&entry, &at, &seq, &field));
    CHECK_INT(seq, 12);
    CHECK_STR(field, "file");
    CHECK(!entry_erased(&entry, &at, &seq, &field));
    at = 0;
    CHECK(entry_parse(STR(HEAD MIDDLE TAIL ",\"x\":{\"erase\":[[3,\"name\"]]}}"), &entry));
    CHECK(!entry_erased(&entry, &at, &seq, &field));
}
