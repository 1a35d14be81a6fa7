/* Numbers and times in the words of commitments. */
#include <ctype.h>
#include <string.h>

#include "judge/commitment_parts.h"

#define QUANTITY_MOST 1000000
#define BETWEEN_MOST 2u /* words between a number and its unit */

static const struct {
    char unit;
    bool time;
    int64_t minutes;
} units[] = {{'Y', false, 525600}, {'M', false, 43800}, {'W', false, 10080},
             {'D', false, 1440},   {'H', true, 60},     {'M', true, 1}};

bool period_parse(struct str s, struct period *ret)
{
    size_t from = str_starts(s, STR("PT")) ? 2 : 1;

    if (s.n < from + 2 || s.p[0] != 'P' || !str_to_int(str_sub(s, from, s.n - from - 1), &ret->n) ||
        ret->n < 1)
        return false;
    ret->unit = s.p[s.n - 1];
    ret->time = from == 2;
    return period_minutes(*ret) > 0;
}

int64_t period_minutes(struct period period)
{
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (units[i].unit == period.unit && units[i].time == period.time)
            return period.n * units[i].minutes;
    return 0;
}

struct str period_text(struct arena *mem, struct period period)
{
    return str_printf(mem, "P%s%lld%c", period.time ? "T" : "", (long long)period.n, period.unit);
}

/* "1,000", "99.9", "12": how many bytes of it are the number, 0 for none. */
static size_t number_bytes(struct str s, int64_t *ret)
{
    int64_t whole = 0, part = 0, scale = 1000;
    size_t i = 0;

    for (; i < s.n && (isdigit((unsigned char)s.p[i]) || s.p[i] == ','); i++) {
        if (s.p[i] == ',' && (i + 3 >= s.n || !isdigit((unsigned char)s.p[i + 3])))
            return 0;
        if (s.p[i] != ',')
            whole = whole * 10 + (s.p[i] - '0');
        if (whole > QUANTITY_MOST)
            return 0;
    }
    if (i == 0)
        return 0;
    if (i + 1 < s.n && s.p[i] == '.' && isdigit((unsigned char)s.p[i + 1]))
        for (i++; i < s.n && isdigit((unsigned char)s.p[i]); i++) {
            scale /= 10;
            part += (s.p[i] - '0') * scale;
        }
    *ret = whole * 1000 + part;
    return i;
}

static const struct period *unit_of(const struct commitment_words *words, struct str low)
{
    return dict_get(words->units, low);
}

static void set_period(struct quantity *q, const struct period *unit)
{
    q->period = *unit;
    q->period.n *= q->thousandths / 1000;
}

/* The unit behind the number that ends before `at`: "30 days", "two (2) business days". */
static void take_unit(const struct reading *r, const struct commitment_words *words, uint32_t at,
                      uint32_t end, struct quantity *q)
{
    const struct token *t = r->tokens->t;
    bool business = false;

    if (at < end && (t[at].flags & TOKEN_NUMBER) != 0 && at + 1 < end)
        at++;
    for (uint32_t n = 0; at < end && n <= BETWEEN_MOST; n++, at++) {
        const struct period *unit = unit_of(words, t[at].low);
        if (unit != NULL && q->thousandths % 1000 == 0) {
            set_period(q, unit);
            q->business = business;
            q->to = at + 1;
            return;
        }
        business = business || dict_has(words->business, t[at].low);
        if (!dict_has(words->business, t[at].low) && !dict_has(words->between, t[at].low))
            return;
    }
}

/* "004" in "ISMS-004" and "3" in "v.3" are parts of a name. */
static bool is_part(const struct reading *r, uint32_t at)
{
    struct str word = r->tokens->t[at].word, text = reading_passage_of(r, at)->text;

    return word.p > text.p && word.p < text.p + text.n && strchr("-/._#", word.p[-1]) != NULL;
}

static bool quantity_at(const struct reading *r, const struct commitment_words *words, uint32_t at,
                        struct quantity *ret)
{
    const struct token *t = &r->tokens->t[at];
    const struct sentence *sentence = reading_sentence_of(r, at);
    size_t digits = 0;

    *ret = (struct quantity){.from = at, .to = at + 1};
    if ((t->flags & TOKEN_NUMBER) != 0) {
        if (is_part(r, at))
            return false;
        digits = number_bytes(t->low, &ret->thousandths);
        struct str rest = str_from(t->low, digits);
        if (digits == 0 || ret->thousandths == 0)
            return false;
        if (rest.n > 0 && unit_of(words, rest) != NULL && ret->thousandths % 1000 == 0) {
            set_period(ret, unit_of(words, rest)); /* "24h" */
            return true;
        }
        if (rest.n > 0 && !str_is(rest, "%"))
            return false;
    } else {
        uint32_t number = dict_number(r->language->numbers, t->low);
        ret->thousandths = number * INT64_C(1000);
        if (number == 0)
            return false;
    }
    take_unit(r, words, at + 1, sentence->to, ret);
    return true;
}

bool quantity_find(const struct reading *r, const struct commitment_words *words, uint32_t from,
                   uint32_t to, bool time, struct quantity *ret)
{
    for (uint32_t at = from; at < to; at++)
        if (quantity_at(r, words, at, ret) && (!time || ret->period.unit != 0))
            return true;
    return false;
}
