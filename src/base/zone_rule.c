#include "base/zone_rule.h"

#include "base/date.h"

#define DAY 86400

/* ---- reading ---- */

static bool take(struct str *rest, char c)
{
    if (rest->n == 0 || rest->p[0] != c)
        return false;
    *rest = str_from(*rest, 1);
    return true;
}

static bool take_number(struct str *rest, int most, int *ret)
{
    size_t n = 0;
    int v = 0;

    while (n < rest->n && n < 3 && rest->p[n] >= '0' && rest->p[n] <= '9')
        v = v * 10 + (rest->p[n++] - '0');
    *rest = str_from(*rest, n);
    *ret = v;
    return n > 0 && v <= most;
}

/* "CET" or "<+0330>": only that it is there matters. */
static bool take_name(struct str *rest)
{
    size_t n = 0;

    if (take(rest, '<')) {
        n = str_find_char(*rest, '>', 0);
        if (n == SIZE_MAX || n == 0)
            return false;
        *rest = str_from(*rest, n + 1);
        return true;
    }
    while (n < rest->n && ((rest->p[n] | 0x20) >= 'a' && (rest->p[n] | 0x20) <= 'z'))
        n++;
    *rest = str_from(*rest, n);
    return n >= 3;
}

/* [+-]HOURS[:MINUTES[:SECONDS]] */
static bool take_time(struct str *rest, int hours, int32_t *ret)
{
    int sign = take(rest, '-') ? -1 : 1, h, m = 0, s = 0;

    if (sign > 0)
        (void)take(rest, '+');
    if (!take_number(rest, hours, &h) || (take(rest, ':') && !take_number(rest, 59, &m)) ||
        (take(rest, ':') && !take_number(rest, 59, &s)))
        return false;
    *ret = sign * (h * 3600 + m * 60 + s);
    return true;
}

static bool take_day(struct str *rest, struct zone_change *ret)
{
    if (take(rest, 'M')) {
        ret->kind = ZONE_DAY_WEEK;
        return take_number(rest, 12, &ret->month) && ret->month > 0 && take(rest, '.') &&
               take_number(rest, 5, &ret->week) && ret->week > 0 && take(rest, '.') &&
               take_number(rest, 6, &ret->day);
    }
    ret->kind = take(rest, 'J') ? ZONE_DAY_JULIAN : ZONE_DAY_OF_YEAR;
    return take_number(rest, 365, &ret->day) && (ret->kind == ZONE_DAY_OF_YEAR || ret->day > 0);
}

static bool take_change(struct str *rest, struct zone_change *ret)
{
    ret->time = 2 * 3600;
    return take(rest, ',') && take_day(rest, ret) &&
           (!take(rest, '/') || take_time(rest, 167, &ret->time));
}

bool zone_rule_parse(struct str text, struct zone_rule *ret)
{
    struct zone_rule rule = {0};
    int32_t behind;

    if (!take_name(&text) || !take_time(&text, 24, &behind))
        return false;
    rule.standard = -behind; /* POSIX counts to the west */
    rule.summer = rule.standard + 3600;
    if (text.n > 0) {
        rule.changes = true;
        if (!take_name(&text))
            return false;
        if (text.n > 0 && text.p[0] != ',') {
            if (!take_time(&text, 24, &behind))
                return false;
            rule.summer = -behind;
        }
        if (!take_change(&text, &rule.to_summer) || !take_change(&text, &rule.to_standard))
            return false;
    }
    *ret = rule;
    return text.n == 0;
}

/* ---- asking ---- */

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days since 1970. */
static int64_t week_day(const struct zone_change *c, int year)
{
    struct date first = {(int16_t)year, (int8_t)c->month, 1};
    int64_t start = date_to_days(first);
    int64_t end = date_to_days(date_add_months(first, 1));
    int64_t weekday = ((start + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
    int64_t day = start + (c->day - weekday + 7) % 7 + 7 * (c->week - 1);

    return day < end ? day : day - 7;
}

/* When the change is in a year, on clocks that are `offset` ahead of UTC. */
static int64_t change_at(const struct zone_change *c, int year, int32_t offset)
{
    int64_t days = date_to_days((struct date){(int16_t)year, 1, 1});

    if (c->kind == ZONE_DAY_WEEK)
        days = week_day(c, year);
    else if (c->kind == ZONE_DAY_OF_YEAR)
        days += c->day;
    else /* 29 February is never counted */
        days += c->day - 1 + (is_leap(year) && c->day >= 60);
    return days * DAY + c->time - offset;
}

static int year_of(int64_t seconds)
{
    int64_t days = seconds / DAY;

    return date_from_days(days).year;
}

static int64_t to_summer(const struct zone_rule *rule, int year)
{
    return change_at(&rule->to_summer, year, rule->standard);
}

static int64_t to_standard(const struct zone_rule *rule, int year)
{
    return change_at(&rule->to_standard, year, rule->summer);
}

/* The last change before or at an instant decides; it lies in this year or the one before. Where
 * summer begins as it ends, it lasts all year. */
int32_t zone_rule_offset(const struct zone_rule *rule, int64_t seconds)
{
    int year = year_of(seconds);
    int64_t last = INT64_MIN;
    int32_t offset = rule->standard;

    for (int y = year - 1; rule->changes && y <= year + 1; y++) {
        int64_t summer = to_summer(rule, y), standard = to_standard(rule, y);
        if (summer <= seconds && summer >= last) {
            last = summer;
            offset = rule->summer;
        }
        if (standard <= seconds && standard > last) {
            last = standard;
            offset = rule->standard;
        }
    }
    return offset;
}

int64_t zone_rule_next(const struct zone_rule *rule, int64_t seconds)
{
    int year = year_of(seconds);
    int64_t next = INT64_MAX;

    for (int y = year - 1; rule->changes && y <= year + 2; y++) {
        int64_t both[] = {to_summer(rule, y), to_standard(rule, y)};
        for (size_t i = 0; i < 2; i++)
            if (both[i] > seconds && both[i] < next)
                next = both[i];
    }
    return next;
}
