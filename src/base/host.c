/* The machine's clock and randomness, where nobody gives others. */
#include "base/host.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/date.h"

#define DAY_MS ((int64_t)86400000)
#define INSTANT_BYTES 24u

int64_t host_now_ms(const struct ctx *cx)
{
    struct timespec now;

    if (cx->host != NULL)
        return cx->host->now_ms(cx->host);
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void host_random(const struct ctx *cx, void *bytes, size_t n)
{
    unsigned char *at = bytes;

    if (cx->host != NULL) {
        cx->host->random(cx->host, bytes, n);
        return;
    }
    while (n > 0) {
        ssize_t got = getrandom(at, n, 0);
        if (got <= 0)
            abort();
        at += got;
        n -= (size_t)got;
    }
}

struct str instant_text(struct arena *mem, int64_t ms)
{
    int64_t days = ms / DAY_MS - (ms % DAY_MS < 0), rest = ms - days * DAY_MS;

    return str_printf(mem, "%.*sT%02d:%02d:%02d.%03dZ",
                      STR_ARG(date_iso(mem, date_from_days(days))), (int)(rest / 3600000),
                      (int)(rest / 60000 % 60), (int)(rest / 1000 % 60), (int)(rest % 1000));
}

/* A number of `n` digits at `at`, or -1. */
static int64_t digits(struct str s, size_t at, size_t n)
{
    int64_t ret = 0;

    for (size_t i = at; i < at + n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return -1;
        ret = ret * 10 + (s.p[i] - '0');
    }
    return ret;
}

bool instant_parse(struct str s, int64_t *ret_ms)
{
    static const char shape[] = "0000-00-00T00:00:00.000Z";
    struct date day;

    if (s.n != INSTANT_BYTES || !date_parse_iso(str_sub(s, 0, 10), &day))
        return false;
    for (size_t i = 10; i < s.n; i++)
        if (shape[i] != '0' && s.p[i] != shape[i])
            return false;
    int64_t hour = digits(s, 11, 2), minute = digits(s, 14, 2), second = digits(s, 17, 2),
            ms = digits(s, 20, 3);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || ms < 0)
        return false;
    *ret_ms = date_to_days(day) * DAY_MS + hour * 3600000 + minute * 60000 + second * 1000 + ms;
    return true;
}

/* ":15" or ".000" at `*at`, `n` digits behind the sign; `*ret` stays where there is none. */
static bool more_digits(struct str s, size_t *at, char sign, size_t n, int64_t *ret)
{
    if (*at >= s.n || s.p[*at] != sign)
        return true;
    if (*at + 1 + n > s.n)
        return false;
    *ret = digits(s, *at + 1, n);
    *at += n + 1;
    return *ret >= 0;
}

/* "Z", "+01:00". */
static bool read_offset(struct str s, int64_t *ret_minutes)
{
    *ret_minutes = 0;
    if (str_is_nocase(s, "z"))
        return true;
    if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':')
        return false;
    int64_t hours = digits(s, 1, 2), minutes = digits(s, 4, 2);
    *ret_minutes = (hours * 60 + minutes) * (s.p[0] == '-' ? -1 : 1);
    return hours >= 0 && hours <= 14 && minutes >= 0 && minutes <= 59;
}

bool instant_read(struct str s, int64_t *ret_ms)
{
    int64_t hour, minute, second = 0, ms = 0, offset;
    struct date day;
    size_t at = 16;

    if (s.n < 17 || !date_parse_iso(str_sub(s, 0, 10), &day) || s.p[13] != ':' ||
        (s.p[10] != 'T' && s.p[10] != ' '))
        return false;
    hour = digits(s, 11, 2);
    minute = digits(s, 14, 2);
    if (!more_digits(s, &at, ':', 2, &second) || !more_digits(s, &at, '.', 3, &ms) ||
        !read_offset(str_trim(str_from(s, at)), &offset) || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second > 59)
        return false;
    *ret_ms =
        date_to_days(day) * DAY_MS + (hour * 60 + minute - offset) * 60000 + second * 1000 + ms;
    return true;
}
