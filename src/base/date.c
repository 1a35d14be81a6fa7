#include "base/date.h"

#include <time.h>

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

bool date_valid(struct date d)
{
    return d.year >= 1 && d.year <= 9999 && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
           d.day <= month_days(d.year, d.month);
}

bool date_is_none(struct date d)
{
    return d.year == 0;
}

bool date_parse_iso(struct str s, struct date *ret)
{
    int64_t y, m, d;

    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || !str_to_int(str_sub(s, 0, 4), &y) ||
        !str_to_int(str_sub(s, 5, 2), &m) || !str_to_int(str_sub(s, 8, 2), &d))
        return false;
    if (y < 1 || m < 1 || d < 1)
        return false;
    struct date date = {(int16_t)y, (int8_t)m, (int8_t)d};
    if (!date_valid(date))
        return false;
    *ret = date;
    return true;
}

static void put_digits(char *at, size_t n, int number)
{
    for (; n-- > 0; number /= 10)
        at[n] = (char)('0' + number % 10);
}

/* Every record that is written says some of them. */
struct str date_iso(struct arena *mem, struct date d)
{
    if (date_is_none(d))
        return STR_NONE;
    char *text = str_z(mem, STR("0000-00-00"));

    put_digits(text, 4, d.year);
    put_digits(text + 5, 2, d.month);
    put_digits(text + 8, 2, d.day);
    return str_of(text);
}

int date_cmp(struct date a, struct date b)
{
    if (a.year != b.year)
        return a.year < b.year ? -1 : 1;
    if (a.month != b.month)
        return a.month < b.month ? -1 : 1;
    return a.day < b.day ? -1 : a.day > b.day;
}

/* The proleptic Gregorian calendar, counted in eras of 400 years that begin on 1 March. */
int64_t date_to_days(struct date d)
{
    int64_t y = d.month <= 2 ? d.year - 1 : d.year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

struct date date_from_days(int64_t days)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int64_t month = mp + (mp < 10 ? 3 : -9);

    return (struct date){(int16_t)(yoe + era * 400 + (month <= 2)), (int8_t)month,
                         (int8_t)(doy - (153 * mp + 2) / 5 + 1)};
}

struct date date_add_months(struct date d, int months)
{
    int total = d.year * 12 + (d.month - 1) + months;
    int year = total / 12, month = total % 12 + 1;
    int last = month_days(year, month);

    return (struct date){(int16_t)year, (int8_t)month, (int8_t)(d.day < last ? d.day : last)};
}

struct date date_of_clock(void)
{
    time_t now = time(NULL);
    struct tm tm;

    if (localtime_r(&now, &tm) == NULL)
        return (struct date){1970, 1, 1};
    return (struct date){(int16_t)(tm.tm_year + 1900), (int8_t)(tm.tm_mon + 1), (int8_t)tm.tm_mday};
}
