/* Zones by the system's database, and files that are damaged. */
#include "base/zone.h"
#include "base/host.h"
#include "base/zone_rule.h"
#include "tests/harness.h"

static const struct zone *loaded(struct ctx *cx, const char *name)
{
    const struct zone *zone = NULL;

    CHECK_OK(zone_load(cx, str_of(name), &zone));
    return zone;
}

static int64_t seconds(const char *instant)
{
    int64_t ms = 0;

    CHECK(instant_parse(str_of(instant), &ms));
    return ms / 1000;
}

static struct str day_start(struct ctx *cx, const char *zone, const char *day)
{
    struct date d = {0};

    CHECK(date_parse_iso(str_of(day), &d));
    return instant_text(cx->mem, zone_day_start(loaded(cx, zone), d) * 1000);
}

static void offset_is(struct ctx *cx, const char *zone, const char *instant, int minutes)
{
    CHECK_INT(zone_offset(loaded(cx, zone), seconds(instant)), minutes * 60);
}

TEST(zone_offsets_follow_summer_time)
{
    offset_is(cx, "Europe/Berlin", "2026-01-15T12:00:00.000Z", 60);
    offset_is(cx, "Europe/Berlin", "2026-03-29T00:59:59.000Z", 60);
    offset_is(cx, "Europe/Berlin", "2026-03-29T01:00:00.000Z", 120);
    offset_is(cx, "Europe/Berlin", "2026-10-25T00:59:59.000Z", 120);
    offset_is(cx, "Europe/Berlin", "2026-10-25T01:00:00.000Z", 60);
    offset_is(cx, "America/New_York", "2026-07-01T00:00:00.000Z", -240);
    offset_is(cx, "America/New_York", "2026-12-01T00:00:00.000Z", -300);
    offset_is(cx, "Asia/Kolkata", "2026-07-01T00:00:00.000Z", 330);
    offset_is(cx, "Pacific/Chatham", "2026-01-01T00:00:00.000Z", 825);
    offset_is(cx, "Australia/Lord_Howe", "2026-01-01T00:00:00.000Z", 660);
    offset_is(cx, "Australia/Lord_Howe", "2026-07-01T00:00:00.000Z", 630);
    offset_is(cx, "Europe/Dublin", "2026-07-01T00:00:00.000Z", 60);
    offset_is(cx, "Europe/Dublin", "2026-01-01T00:00:00.000Z", 0);
}

TEST(zone_offsets_of_the_past_and_by_the_rule)
{
    offset_is(cx, "Europe/Berlin", "1970-07-01T00:00:00.000Z", 60); /* no summer time then */
    offset_is(cx, "Europe/Berlin", "1945-06-01T00:00:00.000Z", 180);
    offset_is(cx, "Europe/Berlin", "2090-03-26T01:00:00.000Z", 120); /* beyond the list */
    offset_is(cx, "Europe/Berlin", "2090-03-26T00:59:59.000Z", 60);
    offset_is(cx, "America/Santiago", "2080-01-01T00:00:00.000Z", -180);
    offset_is(cx, "America/Santiago", "2080-07-01T00:00:00.000Z", -240);
}

TEST(zone_days_begin_at_midnight_there)
{
    CHECK_STR(day_start(cx, "UTC", "2026-11-30"), "2026-11-30T00:00:00.000Z");
    CHECK_STR(day_start(cx, "", "2026-11-30"), "2026-11-30T00:00:00.000Z");
    CHECK_STR(day_start(cx, "Europe/Berlin", "2026-11-30"), "2026-11-29T23:00:00.000Z");
    CHECK_STR(day_start(cx, "Europe/Berlin", "2026-03-29"), "2026-03-28T23:00:00.000Z");
    CHECK_STR(day_start(cx, "Europe/Berlin", "2026-03-30"), "2026-03-29T22:00:00.000Z");
    CHECK_STR(day_start(cx, "Europe/Berlin", "2026-10-26"), "2026-10-25T23:00:00.000Z");
    CHECK_STR(day_start(cx, "Pacific/Auckland", "2026-11-30"), "2026-11-29T11:00:00.000Z");
    CHECK_STR(day_start(cx, "America/New_York", "2026-11-30"), "2026-11-30T05:00:00.000Z");
}

TEST(zone_days_without_a_midnight_or_with_two)
{
    /* Clocks went from 0:00 to 1:00. */
    CHECK_STR(day_start(cx, "America/Sao_Paulo", "2017-10-15"), "2017-10-15T03:00:00.000Z");
    /* From 1:00 back to 0:00: the first of both midnights. */
    CHECK_STR(day_start(cx, "America/Havana", "2026-11-01"), "2026-11-01T04:00:00.000Z");
    /* From 0:00 back to 23:00 of the day before. */
    CHECK_STR(day_start(cx, "America/Sao_Paulo", "2018-02-18"), "2018-02-18T03:00:00.000Z");
    /* A Friday that was left out. */
    CHECK_STR(day_start(cx, "Pacific/Apia", "2011-12-30"), "2011-12-30T10:00:00.000Z");
    CHECK_STR(day_start(cx, "Pacific/Apia", "2011-12-31"), "2011-12-30T10:00:00.000Z");
}

TEST(zone_tells_the_day)
{
    const struct zone *berlin = loaded(cx, "Europe/Berlin");

    CHECK_STR(date_iso(cx->mem, zone_day(berlin, seconds("2026-11-29T22:59:59.000Z"))),
              "2026-11-29");
    CHECK_STR(date_iso(cx->mem, zone_day(berlin, seconds("2026-11-29T23:00:00.000Z"))),
              "2026-11-30");
    CHECK_STR(date_iso(cx->mem, zone_day(berlin, seconds("1969-12-31T22:59:59.000Z"))),
              "1969-12-31");
}

/* Every day of a century begins where the one before ends. */
TEST(zone_days_follow_one_another)
{
    static const char *const names[] = {"Europe/Berlin", "America/Havana", "Pacific/Apia",
                                        "Africa/Casablanca", "Australia/Lord_Howe"};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct zone *zone = loaded(cx, names[i]);
        unsigned wrong = 0;
        for (int64_t day = 0; day < 36525; day++) {
            int64_t start = zone_day_start(zone, date_from_days(day));
            int64_t end = zone_day_start(zone, date_from_days(day + 1));
            bool skipped = start == end;
            wrong += end - start > 26 * 3600 || (end - start < 22 * 3600 && !skipped);
            wrong += !skipped && date_to_days(zone_day(zone, start)) != day;
            wrong += !skipped && date_to_days(zone_day(zone, end - 1)) != day;
        }
        CHECK_INT(wrong, 0);
    }
}

TEST(zone_names_are_no_paths)
{
    static const char *const names[] = {"../../etc/passwd",
                                        "/etc/passwd",
                                        "Europe/../UTC",
                                        "Europe/",
                                        "Europe//Berlin",
                                        " UTC",
                                        "\n",
                                        "-3"};
    const struct zone *zone;

    for (size_t i = 0; i < COUNT_OF(names); i++)
        CHECK_RC(zone_load(cx, str_of(names[i]), &zone), RC_INVALID);
    CHECK_RC(zone_load(cx, STR("Europe/Atlantis"), &zone), RC_NOT_FOUND);
    CHECK(str_has(cx->err.text, "Europe/Atlantis"));
    CHECK_RC(zone_load(cx, STR("Europe"), &zone), RC_NOT_FOUND);
    CHECK_RC(zone_load(cx, STR("tzdata.zi"), &zone), RC_INVALID);
}

/* No damage is taken for a zone or read beyond its end. */
TEST(zone_files_that_are_cut_off)
{
    struct str bytes = test_read_file(cx, "/usr/share/zoneinfo/Europe/Berlin");
    const struct zone *zone;

    CHECK_OK(zone_parse(cx, STR("whole"), bytes, &zone));
    for (size_t n = 0; n < bytes.n; n++) {
        struct str part = {arena_alloc(cx->mem, n), n};
        memcpy((char *)(uintptr_t)part.p, bytes.p, n);
        CHECK_RC(zone_parse(cx, STR("cut"), part, &zone), RC_INVALID);
    }
}

TEST(zone_files_that_lie)
{
    struct str bytes = test_read_file(cx, "/usr/share/zoneinfo/America/Havana");
    char *copy = arena_alloc(cx->mem, bytes.n);

    for (size_t at = 0; at < bytes.n; at++) {
        const struct zone *zone;
        memcpy(copy, bytes.p, bytes.n);
        copy[at] = (char)(copy[at] ^ 0xff);
        if (zone_parse(cx, STR("lying"), (struct str){copy, bytes.n}, &zone) == 0) {
            int64_t start = zone_day_start(zone, (struct date){2026, 11, 1});
            CHECK(start > seconds("2026-10-30T00:00:00.000Z"));
            CHECK(start < seconds("2026-11-03T00:00:00.000Z"));
        }
    }
}

TEST(zone_rules_are_read)
{
    struct zone_rule rule;

    CHECK(zone_rule_parse(STR("CET-1CEST,M3.5.0,M10.5.0/3"), &rule));
    CHECK_INT(rule.standard, 3600);
    CHECK_INT(rule.summer, 7200);
    CHECK(zone_rule_parse(STR("<+0545>-5:45"), &rule));
    CHECK_INT(rule.standard, 5 * 3600 + 45 * 60);
    CHECK(!rule.changes);
    CHECK(zone_rule_parse(STR("<-02>2<-01>,M3.5.0/-1,M10.5.0/0"), &rule));
    CHECK_INT(rule.to_summer.time, -3600);
    CHECK(zone_rule_parse(STR("IST-1GMT0,M10.5.0,M3.5.0/1"), &rule));
    CHECK_INT(rule.summer, 0);
}

TEST(zone_rules_count_days_of_the_year)
{
    struct zone_rule rule;

    CHECK(zone_rule_parse(STR("AAA0BBB,J60/0,J300/0"), &rule)); /* 1 March, leap or not */
    CHECK_INT(zone_rule_next(&rule, seconds("2027-01-01T00:00:00.000Z")),
              seconds("2027-03-01T00:00:00.000Z"));
    CHECK_INT(zone_rule_next(&rule, seconds("2028-01-01T00:00:00.000Z")),
              seconds("2028-03-01T00:00:00.000Z"));
    CHECK(zone_rule_parse(STR("AAA0BBB,59/0,300/0"), &rule)); /* the 60th day */
    CHECK_INT(zone_rule_next(&rule, seconds("2028-01-01T00:00:00.000Z")),
              seconds("2028-02-29T00:00:00.000Z"));
    CHECK(zone_rule_parse(STR("XXX3EDT4,0/0,J365/23"), &rule)); /* summer all year */
    CHECK_INT(zone_rule_offset(&rule, seconds("2028-01-01T03:00:00.000Z")), -4 * 3600);
    CHECK_INT(zone_rule_offset(&rule, seconds("2028-07-01T00:00:00.000Z")), -4 * 3600);
}

TEST(zone_rules_that_are_none)
{
    static const char *const texts[] = {"",
                                        "CE-1",
                                        "CET",
                                        "CET-25",
                                        "CET-1CEST",
                                        "CET-1CEST,M3.5.0",
                                        "CET-1CEST,M13.5.0,M10.5.0",
                                        "CET-1CEST,M3.0.0,M10.5.0",
                                        "CET-1CEST,M3.5.7,M10.5.0",
                                        "CET-1CEST,J0,J5",
                                        "<CET-1",
                                        "CET-1CEST,M3.5.0,M10.5.0/168",
                                        "CET-1 ",
                                        "CET-1CEST,M3.5.0,M10.5.0x"};
    struct zone_rule rule;

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (zone_rule_parse(str_of(texts[i]), &rule))
            test_failed(__FILE__, __LINE__, "\"%s\" is taken for a rule", texts[i]);
}

TEST(zone_of_the_machine_is_one)
{
    const struct zone *zone;

    CHECK_OK(zone_load(cx, zone_of_machine(cx->mem), &zone));
}
