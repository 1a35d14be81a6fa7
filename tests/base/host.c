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
