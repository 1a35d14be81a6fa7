#include "base/host.h"

#include "tests/harness.h"

TEST(host_writes_and_reads_instants)
{
    static const char *const texts[] = {"1970-01-01T00:00:00.000Z", "2026-11-30T23:59:59.999Z",
                                        "1969-12-31T23:59:59.001Z", "2024-02-29T12:00:00.500Z"};
    static const int64_t ms[] = {0, 1796083199999, -999, 1709208000500};

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        int64_t got = 7;
        CHECK(instant_parse(str_of(texts[i]), &got));
        CHECK(got == ms[i]);
        CHECK(str_is(instant_text(cx->mem, ms[i]), texts[i]));
    }
}

TEST(host_refuses_what_is_no_instant)
{
    static const char *const texts[] = {"",
                                        "2026-11-30",
                                        "2026-11-30T24:00:00.000Z",
                                        "2026-02-30T00:00:00.000Z",
                                        "2026-11-30T10:00:00.000+",
                                        "2026-11-30 10:00:00.000Z",
                                        "2026-11-30T10:60:00.000Z",
                                        "2026-11-30T10:00:00,000Z"};
    int64_t ms;

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        CHECK(!instant_parse(str_of(texts[i]), &ms));
}

TEST(host_reads_instants_as_people_write_them)
{
    static const char *const texts[][2] = {
        {"2026-11-30T09:15:00.000Z", "2026-11-30T09:15:00.000Z"},
        {"2026-11-30T09:15:00Z", "2026-11-30T09:15:00.000Z"},
        {"2026-11-30 09:15Z", "2026-11-30T09:15:00.000Z"},
        {"2026-11-30 09:15+01:00", "2026-11-30T08:15:00.000Z"},
        {"2026-11-30 09:15:07.250 -05:30", "2026-11-30T14:45:07.250Z"},
        {"2026-01-01T00:30+14:00", "2025-12-31T10:30:00.000Z"},
    };
    static const char *const none[] = {
        "",
        "2026-11-30",
        "2026-11-30 09:15", /* where? */
        "2026-11-30T09:15:",
        "2026-11-30T09:15:0",
        "2026-11-30T09:15:00.00Z",
        "2026-11-30T24:00Z",
        "2026-02-30T09:15Z",
        "2026-11-30T09:15+15:00",
        "2026-11-30T09:15+0100",
        "2026-11-30T09-15Z",
        "2026-11-30T09:15Zulu",
    };
    int64_t ms;

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        CHECK(instant_read(str_of(texts[i][0]), &ms));
        CHECK_STR(instant_text(cx->mem, ms), texts[i][1]);
    }
    for (size_t i = 0; i < COUNT_OF(none); i++)
        CHECK(!instant_read(str_of(none[i]), &ms));
}
