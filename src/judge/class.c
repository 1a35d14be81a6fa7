/* The classes of tokens: dates, durations, names, addresses and the like. */
#include "judge/token.h"

#include <string.h>

static const char *const class_names[CLASS_COUNT] = {
    [CLASS_DATE] = "date",       [CLASS_YEAR] = "year",         [CLASS_NUMBER] = "number",
    [CLASS_PERCENT] = "percent", [CLASS_DURATION] = "duration", [CLASS_MONEY] = "money",
    [CLASS_NAME] = "name",       [CLASS_ORG] = "org",           [CLASS_CONTROL] = "control",
    [CLASS_CLAUSE] = "clause",   [CLASS_VERSION] = "version",   [CLASS_EMAIL] = "email",
    [CLASS_URL] = "url",         [CLASS_ADDRESS] = "address",   [CLASS_TIME] = "time",
    [CLASS_ANY] = "any",
};

enum token_class token_class_of(struct str name)
{
    for (int i = 1; i < CLASS_COUNT; i++)
        if (str_is(name, class_names[i]))
            return (enum token_class)i;
    return 0;
}

void tokens_add_span(struct tokens *tokens, size_t at, uint32_t id, uint32_t n)
{
    struct span *span = ARENA_PUSH(tokens->mem, tokens->spans, tokens->span_n, tokens->span_room);

    *span = (struct span){id, n, tokens->t[at].span};
    tokens->t[at].span = (uint32_t)(tokens->span_n - 1);
}

uint32_t tokens_span(const struct tokens *tokens, size_t at, uint32_t id)
{
    uint32_t longest = 0;

    for (uint32_t i = tokens->t[at].span; i != 0; i = tokens->spans[i].next)
        if (tokens->spans[i].id == id && tokens->spans[i].n > longest)
            longest = tokens->spans[i].n;
    return longest;
}

/* ---- shapes of one token ---- */

/* Splits "01/03/2026" into up to three numbers; gives how many, 0 if it is anything else. */
static int numbers_in(struct str s, int64_t out[static 3], char *ret_sep)
{
    int n = 0;
    size_t from = 0;

    *ret_sep = 0;
    for (size_t i = 0; i <= s.n; i++) {
        if (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
            continue;
        if (n == 3 || !str_to_int(str_sub(s, from, i - from), &out[n]))
            return 0;
        n++;
        if (i < s.n) {
            if ((*ret_sep != 0 && s.p[i] != *ret_sep) || strchr("-./", s.p[i]) == NULL)
                return 0;
            *ret_sep = s.p[i];
        }
        from = i + 1;
    }
    return n;
}

static bool make_date(int64_t y, int64_t m, int64_t d, struct date *ret)
{
    if (y >= 0 && y < 100)
        y += 2000;
    if (y < 1900 || y > 2199 || m < 1 || m > 12 || d < 1 || d > 31)
        return false;
    *ret = (struct date){(int16_t)y, (int8_t)m, (int8_t)d};
    return date_valid(*ret);
}

static struct date month_end(int64_t year, int64_t month)
{
    struct date first = {(int16_t)year, (int8_t)month, 1};

    return date_from_days(date_to_days(date_add_months(first, 1)) - 1);
}

static bool is_year(const struct token *t, int64_t *ret)
{
    return (t->flags & TOKEN_NUMBER) != 0 && t->word.n == 4 && str_to_int(t->word, ret) &&
           *ret >= 1990 && *ret <= 2099;
}

static bool date_in_one(const struct token *t, struct date *ret)
{
    int64_t v[3];
    char sep;
    int n;

    if ((t->flags & TOKEN_NUMBER) == 0)
        return false;
    if (t->word.n == 7 && str_is(str_sub(t->word, 4, 2), "-Q") && t->word.p[6] >= '1' &&
        t->word.p[6] <= '4' && str_to_int(str_sub(t->word, 0, 4), &v[0])) {
        *ret = month_end(v[0], (t->word.p[6] - '0') * 3);
        return true;
    }
    n = numbers_in(t->word, v, &sep);
    if (n == 2 && sep == '-' && v[0] >= 1990 && v[0] <= 2099 && v[1] >= 1 && v[1] <= 12) {
        *ret = month_end(v[0], v[1]);
        return true;
    }
    if (n == 2 && sep == '/' && v[1] >= 1990 && v[1] <= 2099 && v[0] >= 1 && v[0] <= 12) {
        *ret = month_end(v[1], v[0]);
        return true;
    }
    if (n != 3)
        return false;
    if (v[0] > 31)
        return make_date(v[0], v[1], v[2], ret);
    /* Two digits of a year behind full stops are more often a version: 1.2.10. */
    if (v[2] < 100 && sep != '/' && (v[0] < 10 && t->word.p[0] != '0'))
        return false;
    return make_date(v[2], v[1], v[0], ret) || make_date(v[2], v[0], v[1], ret);
}

/* "3", "3rd", and the last day of "3-7". */
static int64_t day_number(const struct language *l, const struct token *t)
{
    int64_t day;
    struct str s = t->low;
    size_t dash = str_find_char(s, '-', 0);

    if (dash != SIZE_MAX && dash > 0 && dash <= 2)
        s = str_from(s, dash + 1);

    if ((t->flags & TOKEN_NUMBER) == 0)
        return 0;
    for (size_t i = 0; i < value_count(l->ordinals); i++) {
        struct str ending = value_as_text(value_at(l->ordinals, i));
        if (s.n > ending.n && str_ends(s, ending)) {
            s = str_sub(s, 0, s.n - ending.n);
            break;
        }
    }
    return str_to_int(s, &day) && day >= 1 && day <= 31 ? day : 0;
}

static int64_t month_of(const struct language *l, const struct token *t)
{
    return l->small_months || (t->flags & TOKEN_CAPITAL) != 0
               ? (int64_t)dict_number(l->months, t->low)
               : 0;
}

/* The token `i` places on in the same sentence, or NULL. */
static const struct token *ahead(const struct tokens *tokens, size_t at, size_t i)
{
    return at + i < tokens->n && tokens->t[at + i].sentence == tokens->t[at].sentence
               ? &tokens->t[at + i]
               : NULL;
}

static bool quarter_date(const struct language *l, const struct token *a, const struct token *b,
                         struct date *ret)
{
    int64_t year;

    if (a->low.n != 2 || !str_starts(a->low, l->quarter) || a->low.p[1] < '1' ||
        a->low.p[1] > '4' || b == NULL || !is_year(b, &year))
        return false;
    *ret = month_end(year, (a->low.p[1] - '0') * 3);
    return true;
}

/* "2025/26", "25/26": a year and the one after it; "2026-2028": from one to another. */
static bool two_years(struct str s)
{
    int64_t first, second;
    size_t at = str_find_char(s, '/', 0);
    int64_t most = at == SIZE_MAX ? 9 : 1;

    if (at == SIZE_MAX)
        at = str_find_char(s, '-', 0);
    if ((at != 4 && at != 2) || !str_to_int(str_sub(s, 0, at), &first) ||
        !str_to_int(str_from(s, at + 1), &second))
        return false;
    if (at == 2)
        return s.n == 5 && second == first + 1;
    if (s.n == 7)
        second += first / 100 * 100;
    return first >= 1990 && first <= 2099 && second > first && second <= first + most;
}

/* A year of business: "FY2025", "FY 25/26", "2025/26". How many tokens, 0 for none. */
static uint32_t business_year(const struct tokens *tokens, const struct language *l, size_t at)
{
    const struct token *t = &tokens->t[at];
    struct str year = t->low;
    uint32_t n = 1;
    int64_t number;

    for (size_t i = 0; i < value_count(l->business_years); i++) {
        struct str word = value_as_text(value_at(l->business_years, i));
        if (!str_starts(t->low, word))
            continue;
        const struct token *next = ahead(tokens, at, 1);
        year = t->low.n > word.n ? str_from(t->low, word.n) : next != NULL ? next->low : STR_NONE;
        n = t->low.n > word.n ? 1 : 2;
        if ((year.n == 2 || year.n == 4) && str_to_int(year, &number) && number >= 10)
            return n;
    }
    if (year.n < 5 || !two_years(year))
        return 0;
    return n == 2 || year.n > 5 || t->low.n > 5 ? n : 0;
}

/* "2026-01" in "IA-2026-01" is a part of a number and no month; a whole day behind a hyphen is one.
 */
static bool is_in_number(const struct tokens *tokens, size_t at)
{
    struct str word = tokens->t[at].word, before;
    size_t dash = str_find_char(word, '-', 0);

    if (at == 0 || dash == SIZE_MAX || str_find_char(word, '-', dash + 1) != SIZE_MAX)
        return false;
    before = tokens->t[at - 1].word;
    return before.p + before.n + 1 == word.p && before.p[before.n] == '-';
}

bool token_date(const struct tokens *tokens, const struct language *l, size_t at, struct date *ret,
                uint32_t *ret_n)
{
    const struct token *a = &tokens->t[at], *b = ahead(tokens, at, 1), *c = ahead(tokens, at, 2);
    int64_t year, day = day_number(l, a), month = month_of(l, a);

    *ret_n = 1;
    if (!is_in_number(tokens, at) && date_in_one(a, ret))
        return true;
    *ret_n = 2;
    if (quarter_date(l, a, b, ret))
        return true;
    if (month > 0 && b != NULL && is_year(b, &year)) {
        *ret = month_end(year, month);
        return true;
    }
    *ret_n = 3;
    if (b == NULL || c == NULL || !is_year(c, &year))
        return false;
    if (day > 0 && month_of(l, b) > 0)
        return make_date(year, month_of(l, b), day, ret);
    if (month > 0 && day_number(l, b) > 0)
        return make_date(year, month, day_number(l, b), ret);
    return false;
}

/* ---- classes over several tokens ---- */

/* Whether at most three of these characters stand between a token and the one before it. */
static bool follows(const struct tokens *tokens, size_t at, const char *between)
{
    const struct token *a = &tokens->t[at - 1], *b = &tokens->t[at];
    const char *from = a->word.p + a->word.n;

    if (b->word.p < from || b->word.p - from > 3)
        return false;
    for (; from < b->word.p; from++)
        if (strchr(between, *from) == NULL)
            return false;
    return true;
}

/* Nothing but blanks, a comma or the full stop of an initial stands between the two. */
static bool is_next(const struct tokens *tokens, size_t at)
{
    return follows(tokens, at, " ,.");
}

static bool is_unit(const struct language *l, const struct token *t)
{
    return t != NULL && dict_has(l->time_units, t->low);
}

static uint32_t duration(const struct tokens *tokens, const struct language *l, size_t at)
{
    const struct token *t = &tokens->t[at], *next;
    uint32_t n = 1;

    if ((t->flags & TOKEN_NUMBER) == 0 && !dict_has(l->numbers, t->low))
        return 0;
    next = ahead(tokens, at, n);
    /* "two (2) years", "12-month" */
    if (next != NULL && (next->flags & TOKEN_NUMBER) != 0)
        next = ahead(tokens, at, ++n);
    if (is_unit(l, next))
        return n + 1;
    if (next == NULL || (next->flags & TOKEN_LETTERS) == 0)
        return 0;
    struct str both = str_printf(tokens->mem, "%.*s day", STR_ARG(next->low));
    return dict_has(l->time_units, both) && is_unit(l, ahead(tokens, at, n + 1)) ? n + 2 : 0;
}

static bool dotted(struct str s, size_t least_dots, size_t most_dots)
{
    size_t dots = 0;

    for (size_t i = 0; i < s.n; i++) {
        bool digit = s.p[i] >= '0' && s.p[i] <= '9';
        if (!digit && s.p[i] != '.')
            return false;
        dots += !digit;
    }
    return s.n > 0 && dots >= least_dots && dots <= most_dots && s.p[0] != '.' &&
           s.p[s.n - 1] != '.';
}

static bool is_name_part(const struct language *l, const struct token *t, bool first)
{
    if (t == NULL || (t->flags & TOKEN_CAPITAL) == 0)
        return false;
    if ((t->flags & TOKEN_INITIAL) != 0)
        return true;
    if ((t->flags & TOKEN_LETTERS) == 0 || (first && (t->flags & TOKEN_JOINED) != 0) ||
        t->word.n < 2)
        return false;
    /* "AWS" is no name. */
    if (t->word.p[1] >= 'A' && t->word.p[1] <= 'Z' && t->word.n < 5)
        return false;
    return !dict_has(l->not_names, t->low) && !dict_has(l->function, t->low) &&
           !dict_has(l->months, t->low) && !dict_has(l->time_units, t->low);
}

static uint32_t person(const struct tokens *tokens, const struct language *l, size_t at)
{
    uint32_t n = 0;
    size_t letters = 0;

    while (n < 4 && is_name_part(l, ahead(tokens, at, n), n == 0) &&
           (n == 0 || is_next(tokens, at + n))) {
        letters += tokens->t[at + n].word.n;
        n++;
    }
    /* A fifth capitalised word makes it a title. */
    return n >= 2 && n <= 3 && letters >= 5 ? n : 0;
}

/* "plc" and "s.r.o." are no words even in small letters. */
static bool is_no_word(struct str low)
{
    if (str_find_char(low, '.', 0) != SIZE_MAX)
        return true;
    for (size_t i = 0; i < low.n; i++)
        if (strchr("aeiou", low.p[i]) != NULL)
            return false;
    return low.n > 2;
}

/* Two letters must both be capitals: "AS" is one, "as" and "As" are words. */
static bool is_legal_form(const struct language *l, const struct token *t)
{
    if (dict_has(l->legal_forms, t->word) && (t->flags & TOKEN_CAPITAL) != 0)
        return true;
    if (!dict_has(l->legal_forms, t->low))
        return false;
    if ((t->flags & TOKEN_CAPITAL) == 0 || is_no_word(t->low))
        return is_no_word(t->low);
    return t->word.n > 2 || (t->word.p[1] >= 'A' && t->word.p[1] <= 'Z');
}

/* Forms of several words, "Sp. z o.o.", "S.A.": how many follow the one at `at`. */
static uint32_t rest_of_form(const struct tokens *tokens, const struct language *l, size_t at)
{
    struct str words = tokens->t[at].low;
    const struct token *t;
    uint32_t rest = 0;

    for (uint32_t n = 1; n < 7 && (t = ahead(tokens, at, n)) != NULL; n++) {
        if (!follows(tokens, at + n, " ./)"))
            break;
        words = str_printf(tokens->mem, "%.*s %.*s", STR_ARG(words), STR_ARG(t->low));
        if (dict_has(l->legal_forms, words))
            rest = n;
        else if (n == 1 && is_legal_form(l, t) && is_legal_form(l, &tokens->t[at]))
            rest = n;
    }
    return rest;
}

static uint32_t company(const struct tokens *tokens, const struct language *l, size_t at)
{
    const struct token *t;

    for (uint32_t n = 0; n < 5 && (t = ahead(tokens, at, n)) != NULL; n++) {
        if (n > 0 && !follows(tokens, at + n, " ,.()"))
            return 0;
        if (n > 0) {
            uint32_t rest = rest_of_form(tokens, l, at + n);
            if (rest > 0 || is_legal_form(l, t))
                return n + rest + 1;
        }
        if ((t->flags & (TOKEN_CAPITAL | TOKEN_NUMBER)) == 0 && !str_eq(t->low, l->conjunction))
            return 0;
    }
    return 0;
}

static bool ends_like_street(const struct language *l, struct str low)
{
    for (size_t i = 0; i + 4 <= low.n; i++)
        if (i >= 3 && dict_has(l->streets, str_from(low, i)))
            return true;
    return dict_has(l->streets, low);
}

static uint32_t address(const struct tokens *tokens, const struct language *l, size_t at)
{
    const struct token *t = &tokens->t[at], *b = ahead(tokens, at, 1);
    int64_t number;

    if ((t->flags & TOKEN_NUMBER) != 0 && t->word.n <= 6 && b != NULL &&
        (b->flags & TOKEN_CAPITAL) != 0) {
        for (uint32_t n = 1; n <= 4; n++) {
            const struct token *s = ahead(tokens, at, n);
            if (s == NULL || (s->flags & TOKEN_CAPITAL) == 0)
                break;
            if (n > 1 && dict_has(l->streets, s->low))
                return n + 1;
        }
        if (t->word.n == 5 && str_to_int(t->word, &number) && is_name_part(l, b, true))
            return 2;
    }
    if ((t->flags & TOKEN_CAPITAL) != 0 && b != NULL && (b->flags & TOKEN_NUMBER) != 0 &&
        b->word.n <= 4 && ends_like_street(l, t->low))
        return 2;
    return 0;
}

static void classify_number(struct tokens *tokens, size_t at)
{
    struct token *t = &tokens->t[at];
    struct str s = t->low;
    bool percent = s.n > 1 && s.p[s.n - 1] == '%';

    if (percent)
        tokens_add_span(tokens, at, CLASS_PERCENT, 1);
    tokens_add_span(tokens, at, CLASS_NUMBER, 1);
    if (dotted(s, 1, 3)) {
        tokens_add_span(tokens, at, CLASS_VERSION, 1);
        if (s.n <= 6 && dotted(s, 1, 2))
            tokens_add_span(tokens, at, CLASS_CLAUSE, 1);
    }
    if (s.n >= 4 && s.n <= 5 && str_find_char(s, ':', 0) != SIZE_MAX)
        tokens_add_span(tokens, at, CLASS_TIME, 1);
}

struct str token_after_letter(struct str low)
{
    bool lettered = low.n > 2 && low.p[0] >= 'a' && low.p[0] <= 'z' && low.p[1] == '.';

    return lettered && dotted(str_from(low, 2), 1, 2) ? str_from(low, 2) : STR_NONE;
}

static void classify_word(struct tokens *tokens, size_t at)
{
    struct str s = tokens->t[at].low;

    if (token_after_letter(s).n > 0)
        tokens_add_span(tokens, at, CLASS_CONTROL, 1);
    if (s.n > 1 && s.p[0] == 'v' && dotted(str_from(s, 1), 0, 3))
        tokens_add_span(tokens, at, CLASS_VERSION, 1);
}

/* Nearly all of a longer sentence in capitals is a title, which names nobody. */
static bool is_titled(const struct tokens *tokens, size_t at, size_t end)
{
    size_t words = 0, capitals = 0;

    for (size_t i = at; i < end; i++) {
        if ((tokens->t[i].flags & (TOKEN_FUNCTION | TOKEN_NUMBER | TOKEN_HEADER)) != 0)
            continue;
        words++;
        capitals += (tokens->t[i].flags & TOKEN_CAPITAL) != 0;
    }
    return words > 6 && capitals * 10 > words * 9;
}

static bool is_currency(const struct token *t)
{
    static const char *const codes[] = {"eur",  "usd",   "gbp",     "chf",
                                        "euro", "euros", "dollars", "sek"};

    for (size_t i = 0; t != NULL && i < COUNT_OF(codes); i++)
        if (str_is(t->low, codes[i]))
            return true;
    return false;
}

static void classify_at(struct tokens *tokens, const struct language *l, size_t at, bool titled)
{
    struct date date;
    uint32_t n;
    int64_t year;

    if ((tokens->t[at].flags & TOKEN_PLACEHOLDER) != 0)
        return;
    if (token_date(tokens, l, at, &date, &n))
        tokens_add_span(tokens, at, CLASS_DATE, n);
    if (is_year(&tokens->t[at], &year))
        tokens_add_span(tokens, at, CLASS_YEAR, 1);
    else if ((n = business_year(tokens, l, at)) > 0)
        tokens_add_span(tokens, at, CLASS_YEAR, n);
    if ((n = duration(tokens, l, at)) > 0)
        tokens_add_span(tokens, at, CLASS_DURATION, n);
    if (!titled && (n = person(tokens, l, at)) > 0)
        tokens_add_span(tokens, at, CLASS_NAME, n);
    if ((n = company(tokens, l, at)) > 0)
        tokens_add_span(tokens, at, CLASS_ORG, n);
    if ((n = address(tokens, l, at)) > 0)
        tokens_add_span(tokens, at, CLASS_ADDRESS, n);
    if ((tokens->t[at].flags & TOKEN_NUMBER) != 0) {
        classify_number(tokens, at);
        if (is_currency(ahead(tokens, at, 1)))
            tokens_add_span(tokens, at, CLASS_MONEY, 2);
    } else {
        classify_word(tokens, at);
        if (dict_has(l->numbers, tokens->t[at].low))
            tokens_add_span(tokens, at, CLASS_NUMBER, 1);
        if (is_currency(&tokens->t[at]) && ahead(tokens, at, 1) != NULL &&
            (tokens->t[at + 1].flags & TOKEN_NUMBER) != 0)
            tokens_add_span(tokens, at, CLASS_MONEY, 2);
    }
}

void tokens_classify(struct tokens *tokens, const struct language *l, size_t from)
{
    for (size_t at = from; at < tokens->n;) {
        size_t end = at;
        while (end < tokens->n && tokens->t[end].sentence == tokens->t[at].sentence)
            end++;
        bool titled = is_titled(tokens, at, end);
        for (; at < end; at++)
            classify_at(tokens, l, at, titled);
    }
}
