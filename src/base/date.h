/*
 * Calendar days. No clock is read here but by date_of_clock(), which only main calls: everything
 * else gets "today" from its context, so that a verdict can be made again.
 */
#ifndef ASSAY_BASE_DATE_H
#define ASSAY_BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct date {
    int16_t year; /* 1 to 9999; 0 where there is no date */
    int8_t month;
    int8_t day;
};

bool date_valid(struct date d);
bool date_is_none(struct date d);

/* YYYY-MM-DD and nothing else. */
bool date_parse_iso(struct str s, struct date *ret);
struct str date_iso(struct arena *mem, struct date d); /* "" for none */

int date_cmp(struct date a, struct date b);

/* Days since 1970-01-01, and back. */
int64_t date_to_days(struct date d);
struct date date_from_days(int64_t days);

/* Months are clamped to the end: 31 January + 1 month is 28 or 29 February. */
struct date date_add_months(struct date d, int months);

/* The machine's local day. */
struct date date_of_clock(void);

#endif
