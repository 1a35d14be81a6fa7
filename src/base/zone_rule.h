/*
 * The rule at the end of a TZif file, by which clocks change every year: POSIX's TZ with RFC 8536's
 * wider hours, "CET-1CEST,M3.5.0,M10.5.0/3".
 */
#ifndef ASSAY_BASE_ZONE_RULE_H
#define ASSAY_BASE_ZONE_RULE_H

#include "base/str.h"

enum zone_day_kind { ZONE_DAY_JULIAN, ZONE_DAY_OF_YEAR, ZONE_DAY_WEEK };

/* A day of each year, and the seconds after its midnight. */
struct zone_change {
    enum zone_day_kind kind;
    int month, week, day;
    int32_t time;
};

struct zone_rule {
    int32_t standard, summer; /* offsets */
    bool changes;
    struct zone_change to_summer, to_standard;
};

/* False for what is no such rule. */
bool zone_rule_parse(struct str text, struct zone_rule *ret);

int32_t zone_rule_offset(const struct zone_rule *rule, int64_t seconds);

/* The next change after `seconds`, INT64_MAX where there is none. */
int64_t zone_rule_next(const struct zone_rule *rule, int64_t seconds);

#endif
