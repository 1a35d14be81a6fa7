/* Days as people write them in lists. */
#include <ctype.h>

#include "register/internal.h"

#define DAY_BYTES 80u
#define PARTS 24u
#define CENTURY 2000

/* A number or a word, and the character before it. */
struct part {
    int number; /* -1 for a word */
    size_t digits;
    struct str word;
    char before;
};

static size_t parts_of(struct arena *mem, struct str text, struct part *ret)
{
    struct str s = words_fold(mem, str_sub(text, 0, DAY_BYTES));
    size_t n = 0;

    for (size_t at = 0; at < s.n && n < PARTS;) {
        size_t from = at;
        bool digit = isdigit((unsigned char)s.p[at]) != 0;
        while (at < s.n &&
               (digit ? isdigit((unsigned char)s.p[at]) : isalpha((unsigned char)s.p[at])))
            at++;
        if (at == from) {
            at++;
            continue;
        }
        ret[n] = (struct part){.number = -1,
                               .digits = at - from,
                               .word = str_sub(s, from, at - from),
                               .before = from > 0 ? s.p[from - 1] : ' '};
        if (digit && at - from <= 8)
            ret[n].number = (int)value_as_int(value_text(mem, ret[n].word), -1);
        n++;
    }
    return n;
}

static int year_of(const struct part *p)
{
    if (p->digits == 4 && p->number > 1950 && p->number < 2200)
        return p->number;
    return p->digits == 2 ? CENTURY + p->number : 0;
}

static int month_of(const struct register_vocabulary *v, const struct part *p)
{
    return p->number < 0 ? (int)(uintptr_t)dict_get(v->months, p->word) : 0;
}

static bool is_day(int year, int month, int day, struct date *ret)
{
    *ret = (struct date){(int16_t)year, (int8_t)month, (int8_t)day};
    return year > 0 && month > 0 && month <= 12 && day > 0 && day <= 31 && date_valid(*ret);
}

static bool month_end(int year, int month, struct date *ret)
{
    if (!is_day(year, month, 1, ret))
        return false;
    *ret = date_from_days(date_to_days(date_add_months(*ret, 1)) - 1);
    return true;
}

static bool joined(const struct part *p)
{
    return p->before == '.' || p->before == '/' || p->before == '-';
}

/* 2026-03-14, 14.03.2026, 3/14/26. */
static bool three_numbers(const struct part *p, size_t n, bool month_first, struct date *ret)
{
    if (n < 3 || p[0].number < 0 || p[1].number < 0 || p[2].number < 0 || !joined(&p[1]) ||
        p[2].before != p[1].before)
        return false;
    if (p[0].digits == 4)
        return is_day(p[0].number, p[1].number, p[2].number, ret);
    int year = year_of(&p[2]);
    if (p[0].digits > 2 || p[1].digits > 2)
        return false;
    if (month_first && p[1].before == '/' && is_day(year, p[0].number, p[1].number, ret))
        return true;
    return is_day(year, p[1].number, p[0].number, ret) ||
           (p[1].before != '.' && is_day(year, p[0].number, p[1].number, ret));
}

static bool is_ordinal(const struct part *p)
{
    return p->number < 0 &&
           (str_is(p->word, "st") || str_is(p->word, "nd") || str_is(p->word, "rd") ||
            str_is(p->word, "th") || str_is(p->word, "er") || str_is(p->word, "of"));
}

/* 14 March 2026, 14-Mar-26, 1st of March 2026, March 14, 2026, March 2026. */
static bool with_month(const struct register_vocabulary *v, const struct part *p, size_t n,
                       struct date *ret)
{
    size_t at = 1;
    int month;

    if (p[0].number > 0 && p[0].digits <= 2) {
        while (at < n && is_ordinal(&p[at]))
            at++;
        return at + 1 < n && (month = month_of(v, &p[at])) > 0 &&
               is_day(year_of(&p[at + 1]), month, p[0].number, ret);
    }
    month = month_of(v, &p[0]);
    if (month == 0 || n < 2)
        return false;
    if (p[1].digits == 4 || p[1].before == '-' || p[1].before == '\'')
        return month_end(year_of(&p[1]), month, ret);
    while (at + 1 < n && is_ordinal(&p[at + 1]))
        at++;
    return n > at + 1 && p[at + 1].digits == 4 && is_day(p[at + 1].number, month, p[1].number, ret);
}

/* Q3 2026, 2026-Q3, T3 2026. */
static bool with_quarter(const struct part *p, size_t n, struct date *ret)
{
    size_t q = p[0].digits == 4 && p[0].number > 0 ? 1 : 0;

    if (n < 3 || p[q].number >= 0 || p[q].word.n != 1 || p[q + 1].number < 1 ||
        p[q + 1].number > 4 || (p[q].word.p[0] != 'q' && p[q].word.p[0] != 't'))
        return false;
    return month_end(year_of(&p[q == 1 ? 0 : 2]), p[q + 1].number * 3, ret);
}

/* 2026-03, 03/2026. */
static bool month_number(const struct part *p, size_t n, struct date *ret)
{
    if (n < 2 || p[0].number < 0 || p[1].number < 0 || !joined(&p[1]) ||
        (n > 2 && joined(&p[2]) && p[2].number >= 0))
        return false;
    if (p[0].digits == 4 && p[1].digits <= 2)
        return month_end(year_of(&p[0]), p[1].number, ret);
    return p[1].digits == 4 && p[0].digits <= 2 && month_end(year_of(&p[1]), p[0].number, ret);
}

bool days_find(struct arena *mem, const struct register_vocabulary *v, struct str text,
               bool month_first, struct date *ret)
{
    struct part p[PARTS];
    size_t n = parts_of(mem, text, p);

    for (size_t i = 0; i < n; i++) {
        if (i > 0 && joined(&p[i]) && p[i - 1].number >= 0)
            continue; /* within "31.02.2026", which is no day */
        if (three_numbers(&p[i], n - i, month_first, ret) || with_month(v, &p[i], n - i, ret) ||
            with_quarter(&p[i], n - i, ret) || month_number(&p[i], n - i, ret))
            return true;
    }
    return false;
}

bool days_month_first(struct arena *mem, const struct str *cells, size_t n)
{
    size_t months = 0;
    struct part p[PARTS];

    for (size_t i = 0; i < n; i++) {
        size_t parts = parts_of(mem, cells[i], p);
        if (parts < 3 || p[0].digits > 2 || p[1].before != '/' || p[2].before != '/')
            continue;
        if (p[0].number > 12)
            return false;
        months += p[1].number > 12;
    }
    return months > 0;
}
