#include <math.h>

#include "extract/xlsx.h"

#define LITERAL_BYTES 40u
#define MOST_DIGITS 15u
#define LAST_DAY 2958465.0 /* 9999-12-31 */
#define SHORT 400u

struct xlsx_format xlsx_format_builtin(unsigned id)
{
    struct xlsx_format f = {.before = STR_NONE, .after = STR_NONE};

    if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || (id >= 34 && id <= 36) ||
        (id >= 50 && id <= 58)) {
        f.shape = XLSX_DAY;
    } else if ((id >= 18 && id <= 21) || id == 32 || id == 33 || (id >= 45 && id <= 47)) {
        f.shape = XLSX_TIME;
    } else if (id == 22) {
        f.shape = XLSX_DAY_TIME;
    } else if (id == 9 || id == 10) {
        f.shape = XLSX_PERCENT;
        f.decimals = id == 10 ? 2 : 0;
    } else if (id == 1 || id == 3 || id == 37 || id == 38 || id == 41 || id == 42) {
        f.shape = XLSX_FIXED;
    } else if (id == 2 || id == 4 || id == 39 || id == 40 || id == 43 || id == 44) {
        f.shape = XLSX_FIXED;
        f.decimals = 2;
    }
    f.digits = 1;
    f.optional = 0;
    return f;
}

/* A code while it is read: what signs stand in its first section. */
struct code {
    struct str text;
    size_t at;
    bool day, month, time, percent, general, point, other;
    unsigned digits, decimals, optional;
    bool number; /* a digit sign was seen */
    struct buf before, after;
};

static void literal(struct code *c, char sign)
{
    struct buf *to = c->number ? &c->after : &c->before;

    if (to->n < LITERAL_BYTES)
        buf_char(to, sign);
}

/* [h], [Red], [$EUR-407]: only elapsed time matters. */
static void bracket(struct code *c)
{
    size_t end = str_find_char(c->text, ']', c->at);
    struct str inner;

    if (end == SIZE_MAX)
        end = c->text.n;
    inner = str_sub(c->text, c->at + 1, end - c->at - 1);
    if (inner.n > 0 && inner.n < 3 && strchr("hHmMsS", inner.p[0]) != NULL)
        c->time = true;
    c->at = end < c->text.n ? end + 1 : end;
}

static void quoted(struct code *c)
{
    for (c->at++; c->at < c->text.n && c->text.p[c->at] != '"'; c->at++)
        literal(c, c->text.p[c->at]);
    c->at += c->at < c->text.n;
}

static void digit_sign(struct code *c, char sign)
{
    c->number = true;
    if (!c->point)
        c->digits += sign == '0';
    else if (sign == '0')
        c->decimals++;
    else
        c->optional++;
}

static void sign(struct code *c, char s)
{
    c->at++;
    if (s == '0' || s == '#' || s == '?')
        digit_sign(c, s);
    else if (s == '.')
        c->point = c->number;
    else if (s == '%')
        c->percent = true;
    else if (strchr("yYdDeEgGbB", s) != NULL)
        c->day = true;
    else if (s == 'm' || s == 'M')
        c->month = true;
    else if (strchr("hHsS", s) != NULL)
        c->time = true;
    else if (s == '/')
        c->other = true;
    else if (s == '-' || s == ':' || s == '+' || s == '(' || s == ')' || (s & 0x80) != 0)
        literal(c, s);
}

static void scan(struct code *c)
{
    static const char *const words[] = {"general", "am/pm", "a/p"};

    while (c->at < c->text.n && c->text.p[c->at] != ';') {
        char s = c->text.p[c->at];
        size_t word = SIZE_MAX;
        for (size_t i = 0; i < COUNT_OF(words) && word == SIZE_MAX; i++)
            if (str_is_nocase(str_sub(c->text, c->at, strlen(words[i])), words[i]))
                word = i;
        if (word != SIZE_MAX) {
            c->at += strlen(words[word]);
            c->general |= word == 0;
            c->time |= word > 0;
        } else if (s == '[') {
            bracket(c);
        } else if (s == '"') {
            quoted(c);
        } else if (s == '\\' && c->at + 1 < c->text.n) {
            literal(c, c->text.p[c->at + 1]);
            c->at += 2;
        } else if (s == '_' || s == '*') {
            c->at += 2; /* a blank as wide as the next sign, or the next sign as filling */
        } else {
            sign(c, s);
        }
    }
}

static unsigned at_most(unsigned n)
{
    return n > MOST_DIGITS ? MOST_DIGITS : n;
}

struct xlsx_format xlsx_format_of(struct arena *mem, struct str code)
{
    struct code c = {.text = str_sub(code, 0, 256), .before = buf_new(mem), .after = buf_new(mem)};
    struct xlsx_format f = {.before = STR_NONE, .after = STR_NONE, .digits = 1};

    scan(&c);
    bool scientific = c.number && c.day; /* 0.00E+00 */
    if (scientific || (c.number && c.other))
        return f;
    if (c.day || (c.month && !c.time)) {
        f.shape = c.time ? XLSX_DAY_TIME : XLSX_DAY;
        return f;
    }
    if (c.time) {
        f.shape = XLSX_TIME;
        return f;
    }
    f.shape = c.percent ? XLSX_PERCENT : c.number ? XLSX_FIXED : XLSX_GENERAL;
    f.digits = at_most(c.digits);
    f.decimals = at_most(c.decimals);
    f.optional = at_most(c.optional);
    f.before = buf_str(&c.before);
    f.after = buf_str(&c.after);
    return f;
}

static bool parse(struct str text, double *ret)
{
    char room[64];
    char *end;

    text = str_trim(text);
    if (text.n == 0 || text.n >= sizeof room)
        return false;
    memcpy(room, text.p, text.n);
    room[text.n] = '\0';
    if (strspn(room, "0123456789+-.eE") != text.n)
        return false;
    *ret = strtod(room, &end);
    return *end == '\0' && isfinite(*ret);
}

/* Zeros after the point beyond those that must stand. */
static void drop_zeros(char *text, unsigned keep)
{
    char *point = strchr(text, '.');
    size_t n = strlen(text);

    if (point == NULL)
        return;
    size_t least = (size_t)(point - text) + 1 + keep;
    while (n > least && text[n - 1] == '0')
        n--;
    if (text[n - 1] == '.')
        n--;
    text[n] = '\0';
}

static struct str show_fixed(struct arena *mem, const struct xlsx_format *f, double number)
{
    char text[SHORT];
    bool minus = number < 0;
    double size = fabs(number) * (f->shape == XLSX_PERCENT ? 100 : 1);

    /* 1.005 is kept a little below: people count on its fifteen digits. */
    snprintf(text, sizeof text, "%.15g", size);
    size = strtod(text, NULL);
    snprintf(text, sizeof text, "%.*f", (int)at_most(f->decimals + f->optional), size);
    drop_zeros(text, f->decimals);
    size_t whole = strcspn(text, ".");
    struct buf out = buf_new(mem);
    if (minus && strspn(text, "0.") != strlen(text))
        buf_char(&out, '-');
    buf_add(&out, f->before);
    for (size_t i = whole; i < f->digits; i++)
        buf_char(&out, '0');
    buf_addz(&out, text);
    buf_addz(&out, f->shape == XLSX_PERCENT ? "%" : "");
    buf_add(&out, f->after);
    return buf_str(&out);
}

static struct str show_general(struct arena *mem, const struct xlsx_format *f, double number)
{
    struct str before = f->before.p != NULL ? f->before : STR_NONE;

    if (before.n == 0)
        return str_printf(mem, "%.15g", number == 0 ? 0.0 : number);
    return str_printf(mem, "%.*s%.15g", STR_ARG(before), number == 0 ? 0.0 : number);
}

static struct str show_day(struct arena *mem, const struct xlsx_format *f, double number,
                           bool from_1904)
{
    int64_t minutes = (int64_t)(number * 1440 + 0.5);
    int64_t days = minutes / 1440;
    struct date zero = from_1904 ? (struct date){1904, 1, 1} : (struct date){1899, 12, 30};

    minutes %= 1440;
    /* The format's calendar has a 29 February 1900. */
    if (!from_1904 && days < 60)
        days++;
    struct date date = date_from_days(date_to_days(zero) + days);
    if (f->shape == XLSX_DAY || minutes == 0)
        return date_iso(mem, date);
    return str_printf(mem, "%.*s %02d:%02d", STR_ARG(date_iso(mem, date)), (int)(minutes / 60),
                      (int)(minutes % 60));
}

static struct str show_time(struct arena *mem, double number)
{
    int64_t minutes = (int64_t)(number * 1440 + 0.5);

    return str_printf(mem, "%02lld:%02lld", (long long)(minutes / 60), (long long)(minutes % 60));
}

struct str xlsx_show(struct arena *mem, const struct xlsx_format *format, struct str text,
                     bool from_1904)
{
    double number;

    if (!parse(text, &number))
        return text;
    if (format->shape == XLSX_FIXED || format->shape == XLSX_PERCENT)
        return fabs(number) < 1e30 ? show_fixed(mem, format, number) : text;
    if (format->shape == XLSX_GENERAL || number < 0 || number > LAST_DAY - 1462)
        return show_general(mem, format, number);
    if (format->shape == XLSX_TIME)
        return show_time(mem, number);
    return show_day(mem, format, number, from_1904);
}
