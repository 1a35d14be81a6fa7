/* What cells say: choices, numbers, scores, people, and lists of these. Days are in days.c. */
#include <ctype.h>

#include "register/internal.h"

#define EMPTY_BYTES 30u
#define PLACEHOLDER_BYTES 120u
#define CHOICE_WORDS 24u /* of a cell that are looked at */
#define LEVEL_WORDS 6u

bool register_type_is_many(enum register_type type)
{
    return type == REGISTER_MANY_CHOICE || type == REGISTER_PEOPLE || type == REGISTER_REFERENCES;
}

bool register_type_is_text(enum register_type type)
{
    return type == REGISTER_TEXT || type == REGISTER_LONG_TEXT || type == REGISTER_MARKDOWN ||
           type == REGISTER_FILE || type == REGISTER_ROWS;
}

/* ---- nothing, and examples ---- */

static bool is_blank_line(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (str_find_char(STR("_/.:|() *"), s.p[i], 0) == SIZE_MAX)
            return false;
    return true;
}

/* "[name]", "<date>", "{{owner}}": somebody is to fill it in. */
static bool is_placeholder(struct str s)
{
    static const char ends[][2] = {{'[', ']'}, {'<', '>'}, {'{', '}'}};

    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (s.n > 3 && s.n < PLACEHOLDER_BYTES && s.p[0] == ends[i][0] &&
            s.p[s.n - 1] == ends[i][1] && str_find_char(s, ends[i][1], 0) + 2 >= s.n)
            return true;
    return false;
}

bool register_is_empty(struct arena *mem, const struct registers *registers, struct str cell)
{
    struct str s = cell.n > 0 ? str_trim(cell) : STR_NONE;

    if (is_blank_line(s) || is_placeholder(s))
        return true;
    return s.n <= EMPTY_BYTES && dict_has(registers->words->empty, words_fold(mem, s));
}

bool register_is_sample(struct arena *mem, const struct registers *registers, struct str text)
{
    struct str s = text.n > 0 ? words_fold(mem, str_sub(str_trim(text), 0, 40)) : STR_NONE;

    while (s.n > 0 && !isalpha((unsigned char)s.p[0]))
        s = str_from(s, 1);
    for (size_t n = 1; n <= s.n; n++)
        if ((n == s.n || !isalpha((unsigned char)s.p[n])) &&
            dict_has(registers->words->samples, str_sub(s, 0, n)))
            return true;
    return false;
}

/* ---- numbers ---- */

static bool is_digit(struct str s, size_t at)
{
    return at < s.n && isdigit((unsigned char)s.p[at]);
}

/* Behind the groups of three that begin at `at`, each with `mark` before it; `at` for none. */
static size_t groups_end(struct str s, size_t at, char mark)
{
    while (at + 3 < s.n && s.p[at] == mark && is_digit(s, at + 1) && is_digit(s, at + 2) &&
           is_digit(s, at + 3) && !is_digit(s, at + 4))
        at += 4;
    return at;
}

/* What stands between thousands in the number whose first digits end at `at`, 0 for nothing: a
 * point only where a comma follows the groups, or there are several. "1.234" is no 1234. */
static char thousands_of(struct str s, size_t at)
{
    size_t end;

    if (at >= s.n)
        return 0;
    end = groups_end(s, at, s.p[at]);
    if (end == at)
        return 0;
    if (s.p[at] == ',' || s.p[at] == '\'')
        return s.p[at];
    return s.p[at] == '.' &&
                   (end - at > 4 || (end < s.n && s.p[end] == ',' && is_digit(s, end + 1)))
               ? '.'
               : 0;
}

/* Thousandths of the number at `*at`, which moves behind it: "1,234.5", "1.234,5", "12", "4,5". */
static int64_t number_at(struct str s, size_t *at)
{
    int64_t whole = 0, part = 0, unit = 100;
    size_t end = *at;

    while (is_digit(s, end))
        end++;
    char thousands = thousands_of(s, end);

    if (thousands != 0)
        end = groups_end(s, end, thousands);
    for (; *at < end; (*at)++)
        if (is_digit(s, *at) && whole < 1000000000000)
            whole = whole * 10 + (s.p[*at] - '0');
    if (*at + 1 < s.n && (s.p[*at] == '.' || s.p[*at] == ',') && is_digit(s, *at + 1))
        for ((*at)++; is_digit(s, *at); (*at)++, unit /= 10)
            part += unit * (s.p[*at] - '0');
    return whole * 1000 + part;
}

/* The first number of a cell, or that behind the last "=". */
static bool find_number(struct str s, int64_t *ret_thousandths)
{
    size_t at = 0;

    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '=' && (is_digit(s, i + 1) || (i + 2 < s.n && is_digit(s, i + 2))))
            at = i;
    while (at < s.n && !is_digit(s, at))
        at++;
    if (at == s.n)
        return false;
    bool negative = at > 0 && s.p[at - 1] == '-' && (at == 1 || s.p[at - 2] == ' ');
    *ret_thousandths = number_at(s, &at);
    if (negative)
        *ret_thousandths = -*ret_thousandths;
    return true;
}

/* ---- scales in words ---- */

/* The rung from 1 to 5 of the first word that is one, 0 for none. */
static unsigned level_of(struct arena *mem, const struct register_vocabulary *v, struct str cell)
{
    struct str s = words_fold(mem, str_sub(cell, 0, 60)), words[LEVEL_WORDS];
    size_t n = 0;

    for (size_t at = 0; at < s.n && n < LEVEL_WORDS;) {
        size_t from = at;
        while (at < s.n && (isalnum((unsigned char)s.p[at]) || (unsigned char)s.p[at] >= 128))
            at++;
        if (at > from)
            words[n++] = str_sub(s, from, at - from);
        at += at == from;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 3 < n ? i + 3 : n; k > i; k--) {
            struct str text = {words[i].p, (size_t)(words[k - 1].p + words[k - 1].n - words[i].p)};
            uintptr_t level = (uintptr_t)dict_get(v->levels, text);
            if (level != 0 && (text.n > 1 || n == 1))
                return (unsigned)level;
        }
    return 0;
}

void register_ladder(struct arena *mem, const struct registers *registers,
                     const struct register_field *field, const struct str *cells, size_t n,
                     struct register_ladder *ret)
{
    bool used[6] = {false};

    *ret = (struct register_ladder){0};
    if (field->type == REGISTER_DATE)
        ret->month_first = days_month_first(mem, cells, n);
    if (field->type != REGISTER_SCORE)
        return;
    for (size_t i = 0; i < n; i++) {
        int64_t number;
        if (!find_number(cells[i], &number))
            used[level_of(mem, registers->words, cells[i])] = true;
    }
    if (used[1])
        ret->rungs = 5;
    else if (used[5])
        ret->rungs = 4;
    else if (used[2] || used[3] || used[4])
        ret->rungs = 3;
}

static bool score_of(struct arena *mem, const struct register_vocabulary *v,
                     const struct register_ladder *ladder, struct str cell, int64_t *ret)
{
    int64_t thousandths;
    unsigned level;

    if (find_number(cell, &thousandths)) {
        *ret = (thousandths + 500) / 1000;
        return true;
    }
    level = level_of(mem, v, cell);
    if (level == 0)
        return false;
    *ret =
        ladder != NULL && ladder->rungs > 0 && ladder->rungs < 5 && level > 1 ? level - 1 : level;
    return true;
}

/* ---- choices ---- */

static bool contains(const uint32_t *words, size_t n, const struct register_words *says,
                     uint32_t negation, size_t *ret_at)
{
    for (size_t i = 0; i + says->n <= n; i++) {
        size_t k = 0;
        while (k < says->n && words[i + k] == says->id[k])
            k++;
        if (k == says->n && (i == 0 || words[i - 1] != negation || negation == 0)) {
            *ret_at = i;
            return true;
        }
    }
    return false;
}

/* Words that only choices without headings use are none in the cells of recognised tables. */
static size_t numbers_of(struct arena *mem, const struct register_vocabulary *v,
                         const struct register_field *field, struct str cell, uint32_t *ret)
{
    struct str words[CHOICE_WORDS];
    size_t n = words_split(mem, v, cell, words, COUNT_OF(words));
    bool exact;

    for (size_t i = 0; i < n; i++)
        ret[i] = field->header_n > 0 ? words_number(v, words[i], &exact)
                                     : words_number_of_any(v, words[i]);
    return n;
}

/* The choice with the longest of the sayings that stand in the cell; of these the first. */
static const struct register_choice *choice_of(struct arena *mem,
                                               const struct register_vocabulary *v,
                                               const struct register_field *field, struct str cell)
{
    uint32_t words[CHOICE_WORDS];
    size_t n = numbers_of(mem, v, field, cell, words), best_n = 0, best_at = 0, at;
    uint32_t not = dict_number(v->words, STR("not"));
    const struct register_choice *best = NULL;

    for (size_t c = 0; c < field->choice_n; c++)
        for (size_t s = 0; s < field->choices[c].n; s++) {
            const struct register_words *says = &field->choices[c].says[s];
            if (!contains(words, n, says, says->id[0] == not ? 0 : not, &at))
                continue;
            if (best == NULL || says->n > best_n || (says->n == best_n && at < best_at)) {
                best = &field->choices[c];
                best_n = says->n;
                best_at = at;
            }
        }
    return best;
}

static void add_many(struct register_value *ret, struct str text)
{
    for (size_t i = 0; i < ret->many_n; i++)
        if (str_eq(ret->many[i], text))
            return;
    if (text.n > 0 && ret->many_n < REGISTER_VALUES)
        ret->many[ret->many_n++] = text;
}

/* "CIA": letters that are sayings one by one. */
static void add_letters(struct arena *mem, const struct register_vocabulary *v,
                        const struct register_field *field, struct str cell,
                        struct register_value *ret)
{
    const struct register_choice *of[4];
    size_t n = 0;

    for (size_t i = 0; i < cell.n && n < COUNT_OF(of); i++) {
        if (!isupper((unsigned char)cell.p[i]))
            return;
        of[n] = choice_of(mem, v, field, str_sub(cell, i, 1));
        if (of[n++] == NULL)
            return;
    }
    for (size_t i = 0; i < n && cell.n <= COUNT_OF(of); i++)
        add_many(ret, of[i]->id);
}

static void choices_of(struct arena *mem, const struct register_vocabulary *v,
                       const struct register_field *field, struct str cell,
                       struct register_value *ret)
{
    uint32_t words[CHOICE_WORDS];
    size_t n = numbers_of(mem, v, field, cell, words), at;

    for (size_t c = 0; c < field->choice_n; c++)
        for (size_t s = 0; s < field->choices[c].n; s++)
            if (contains(words, n, &field->choices[c].says[s], 0, &at)) {
                add_many(ret, field->choices[c].id);
                break;
            }
    if (ret->many_n == 0)
        add_letters(mem, v, field, str_trim(cell), ret);
}

/* ---- yes and no ---- */

/* "Yes", "yes - by SSO", "No, planned". */
static bool yes_no_of(struct arena *mem, const struct register_vocabulary *v, struct str cell,
                      int64_t *ret)
{
    struct str s = words_fold(mem, cell);
    size_t n = 0;

    if (!dict_has(v->yes, s) && !dict_has(v->no, s)) {
        while (n < s.n && (isalnum((unsigned char)s.p[n]) || (unsigned char)s.p[n] >= 128))
            n++;
        while (n < s.n && s.p[n] == ' ' && n + 1 < s.n &&
               str_find_char(STR("-(,;:."), s.p[n + 1], 0) != SIZE_MAX)
            n++;
        if (n == s.n || str_find_char(STR("-(,;:."), s.p[n], 0) == SIZE_MAX)
            return false;
        s = str_trim(str_sub(s, 0, n));
    }
    *ret = dict_has(v->yes, s);
    return *ret != 0 || dict_has(v->no, s);
}

/* ---- many in one cell ---- */

static bool is_joint(const struct register_vocabulary *v, struct arena *mem, struct str s,
                     size_t at, size_t *ret_end)
{
    size_t end = at + 1;

    if (str_find_char(STR(",;\n|"), s.p[at], 0) != SIZE_MAX ||
        (s.p[at] == '/' && at > 0 && !(is_digit(s, at - 1) && is_digit(s, at + 1)))) {
        *ret_end = end;
        return true;
    }
    if (s.p[at] != ' ')
        return false;
    while (end < s.n && s.p[end] != ' ')
        end++;
    *ret_end = end;
    return end < s.n && dict_has(v->joins, words_fold(mem, str_sub(s, at + 1, end - at - 1)));
}

static void parts_of(struct arena *mem, const struct registers *registers, struct str cell,
                     struct register_value *ret)
{
    size_t from = 0, end;

    for (size_t at = 0; at <= cell.n; at++) {
        if (at < cell.n && !is_joint(registers->words, mem, cell, at, &end))
            continue;
        struct str part = str_trim(str_sub(cell, from, at - from));
        if (!register_is_empty(mem, registers, part))
            add_many(ret, part);
        if (at < cell.n) {
            from = end;
            at = end - 1;
        }
    }
}

/* ---- the whole ---- */

static void understand(struct arena *mem, const struct registers *registers,
                       const struct register_field *field, const struct register_ladder *ladder,
                       struct register_value *ret)
{
    const struct register_vocabulary *v = registers->words;
    const struct register_choice *choice;
    struct date date;

    switch (field->type) {
    case REGISTER_TEXT:
    case REGISTER_LONG_TEXT:
    case REGISTER_MARKDOWN:
    case REGISTER_FILE:
    case REGISTER_PERSON:
    case REGISTER_REFERENCE:
        ret->text = ret->said;
        ret->understood = true;
        break;
    case REGISTER_INTEGER:
    case REGISTER_DECIMAL:
        ret->understood = find_number(ret->said, &ret->number);
        if (field->type == REGISTER_INTEGER)
            ret->number = (ret->number + 500) / 1000;
        break;
    case REGISTER_SCORE:
        ret->understood = score_of(mem, v, ladder, ret->said, &ret->number);
        break;
    case REGISTER_DATE:
    case REGISTER_INSTANT:
        ret->understood =
            days_find(mem, v, ret->said, ladder != NULL && ladder->month_first, &date);
        if (ret->understood)
            ret->text = date_iso(mem, date);
        break;
    case REGISTER_YES_NO:
        ret->understood = yes_no_of(mem, v, ret->said, &ret->number);
        break;
    case REGISTER_CHOICE:
        choice = choice_of(mem, v, field, ret->said);
        ret->understood = choice != NULL;
        if (choice != NULL)
            ret->text = choice->id;
        break;
    case REGISTER_MANY_CHOICE:
        choices_of(mem, v, field, ret->said, ret);
        ret->understood = ret->many_n > 0;
        break;
    case REGISTER_PEOPLE:
    case REGISTER_REFERENCES:
        parts_of(mem, registers, ret->said, ret);
        ret->understood = ret->many_n > 0;
        break;
    case REGISTER_ROWS: /* no cell holds them */
        break;
    }
}

void register_value(struct arena *mem, const struct registers *registers,
                    const struct register_field *field, const struct register_ladder *ladder,
                    struct str cell, struct register_value *ret)
{
    *ret = (struct register_value){.said = STR_NONE};
    if (cell.n > 0)
        ret->said = str_cut(mem, str_trim(cell), REGISTER_TEXT_BYTES);
    /* "No" and "-" may be answers where yes and no are asked for. */
    ret->empty = register_is_empty(mem, registers, cell);
    if (ret->empty && field->type == REGISTER_YES_NO && ret->said.n > 1)
        ret->empty = !yes_no_of(mem, registers->words, ret->said, &ret->number);
    if (!ret->empty && register_type_is_many(field->type))
        ret->many = arena_array(mem, REGISTER_VALUES, sizeof *ret->many);
    if (!ret->empty)
        understand(mem, registers, field, ladder, ret);
}
