/* What the cells of a column hold, whatever its heading says. */
#include <ctype.h>

#include "register/recognise_parts.h"

#define LONG_BYTES 30u
#define NAME_WORDS 5u

/* "R-01", "RISK-2026-014", "3": a number of its own. */
static bool is_reference(struct str s)
{
    size_t digits = 0, letters = 0;

    for (size_t i = 0; i < s.n; i++) {
        digits += isdigit((unsigned char)s.p[i]) != 0;
        letters += isalpha((unsigned char)s.p[i]) != 0;
        if (s.p[i] == ' ' || (unsigned char)s.p[i] >= 128)
            return false;
    }
    return digits > 0 && letters <= 10 && s.n <= 20;
}

/* "X.5.1", "5.12 Threat": the shape of a control's number. */
static bool is_control(struct str s)
{
    size_t at = 0, digits = 0;

    if (s.n > 1 && isalpha((unsigned char)s.p[0]) &&
        (s.p[1] == '.' || s.p[1] == ' ' || isdigit((unsigned char)s.p[1])))
        at = s.p[1] == '.' || s.p[1] == ' ' ? 2 : 1;
    while (at < s.n && isdigit((unsigned char)s.p[at])) {
        at++;
        digits++;
    }
    if (digits == 0 || digits > 2 || at + 1 >= s.n || s.p[at] != '.' ||
        !isdigit((unsigned char)s.p[at + 1]))
        return false;
    for (at++, digits = 0; at < s.n && isdigit((unsigned char)s.p[at]); at++)
        digits++;
    return digits <= 2;
}

/* "Jane Doe", "J. Doe", "Head of IT", "CTO / ISO". */
static bool is_person(struct arena *mem, const struct register_vocabulary *v, struct str s)
{
    size_t words = 0, capitals = 0, roles = 0;

    if (s.n > 60)
        return false;
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        while (at < s.n && (isalpha((unsigned char)s.p[at]) || (unsigned char)s.p[at] >= 128))
            at++;
        if (at > from) {
            struct str word = str_sub(s, from, at - from);
            words++;
            capitals += isupper((unsigned char)word.p[0]) || (unsigned char)word.p[0] >= 128;
            roles += dict_has(v->roles, words_fold(mem, word));
        } else if (isdigit((unsigned char)s.p[at++])) {
            return false;
        }
    }
    return roles > 0 ? words <= NAME_WORDS + 4
                     : words >= 2 && words <= NAME_WORDS && capitals == words;
}

static bool is_number(struct str s)
{
    size_t digits = 0;

    for (size_t i = 0; i < s.n; i++) {
        digits += isdigit((unsigned char)s.p[i]) != 0;
        if (isalpha((unsigned char)s.p[i]) || (unsigned char)s.p[i] >= 128)
            return false;
    }
    return digits > 0 && digits <= 6;
}

/* Whether the cells are the steps of a scale. */
static int steps_of(struct arena *mem, const struct registers *registers,
                    const struct column_profile *p)
{
    static const struct register_field score = {.type = REGISTER_SCORE};
    int64_t before = 0;
    size_t up = 0, down = 0;

    for (size_t i = 0; i < p->n; i++) {
        struct register_value value;
        register_value(mem, registers, &score, NULL, p->cells[i], &value);
        if (!value.understood)
            return -1;
        up += i > 0 && value.number > before;
        down += i > 0 && value.number < before;
        before = value.number;
    }
    return p->n < 3 ? 0 : p->n <= 12 && (up == p->n - 1 || down == p->n - 1) ? 1 : -1;
}

/* As the words of a scale or of a choice are where they are explained. */
static bool is_distinct(const struct column_profile *p)
{
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < i; k++)
            if (str_eq(p->cells[i], p->cells[k]))
                return false;
    return p->n >= 3 && p->n <= 8;
}

void profile_column(struct arena *mem, const struct registers *registers, const struct str *cells,
                    size_t n, struct column_profile *ret)
{
    static const struct register_field score = {.type = REGISTER_SCORE},
                                       yes_no = {.type = REGISTER_YES_NO};
    const struct register_vocabulary *v = registers->words;
    size_t bytes = 0;
    struct date day;

    *ret = (struct column_profile){0};
    for (size_t i = 0; i < n && ret->n < REGISTER_PROFILE; i++) {
        struct register_value value;
        if (cells[i].n == 0)
            continue;
        struct str s = str_trim(cells[i]);
        if (register_is_empty(mem, registers, s))
            continue;
        ret->cells[ret->n++] = s;
        bytes += s.n;
        ret->days += days_find(mem, v, s, false, &day);
        ret->numbers += is_number(s);
        ret->references += is_reference(s);
        ret->controls += is_control(s);
        ret->people += is_person(mem, v, s);
        register_value(mem, registers, &score, NULL, s, &value);
        ret->scores += value.understood && s.n <= LONG_BYTES;
        register_value(mem, registers, &yes_no, NULL, s, &value);
        ret->truths += value.understood;
        ret->capital += s.n <= LONG_BYTES;
    }
    ret->steps = steps_of(mem, registers, ret);
    ret->distinct = is_distinct(ret);
    ret->length = ret->n > 0 ? (double)bytes / (double)ret->n : 0;
}

static double part(size_t of, const struct column_profile *p)
{
    return p->n > 0 ? (double)of / (double)p->n : 0;
}

static double understood(struct arena *mem, const struct registers *registers,
                         const struct register_field *field, const struct column_profile *p)
{
    size_t n = 0;

    for (size_t i = 0; i < p->n; i++) {
        struct register_value value;
        register_value(mem, registers, field, NULL, p->cells[i], &value);
        n += value.understood;
    }
    return part(n, p);
}

static double text_fits(const struct register_field *field, const struct column_profile *p)
{
    if (str_is(field->id, "ref"))
        return p->length > LONG_BYTES ? -0.4 : part(p->references, p) >= 0.5 ? 0.12 : -0.05;
    if (field->type == REGISTER_LONG_TEXT && part(p->numbers, p) >= 0.7)
        return -0.3;
    if (part(p->days, p) >= 0.7 && p->length < LONG_BYTES)
        return -0.3;
    if (field->type == REGISTER_LONG_TEXT && part(p->scores, p) >= 0.8 && p->length < 14)
        return -0.2;
    return field->type == REGISTER_LONG_TEXT && p->length > LONG_BYTES ? 0.05 : 0;
}

static double person_fits(const struct column_profile *p)
{
    if (part(p->people, p) >= 0.5)
        return 0.1;
    if (part(p->numbers, p) + part(p->days, p) >= 0.7 || p->length > 2 * LONG_BYTES)
        return -0.4;
    return -0.03;
}

double profile_fits(struct arena *mem, const struct registers *registers,
                    const struct register_field *field, double score,
                    const struct column_profile *p)
{
    /* A heading that says it all is believed, even where cells hold something else. */
    double doubt = score > 0.95 ? 0.5 : 1, is;

    if (p->n == 0)
        return 0;
    switch (field->type) {
    case REGISTER_TEXT:
    case REGISTER_LONG_TEXT:
    case REGISTER_MARKDOWN:
        return text_fits(field, p);
    case REGISTER_DATE:
    case REGISTER_INSTANT:
        is = part(p->days, p);
        return is >= 0.4 ? 0.15 : is > 0 ? 0 : (p->length > 2 * LONG_BYTES ? -0.5 : -0.3 * doubt);
    case REGISTER_SCORE:
        is = part(p->scores, p);
        if (part(p->days, p) > 0.7)
            return -0.3;
        return is >= 0.5 ? 0.12 : p->length > LONG_BYTES ? -0.5 : is > 0 ? 0 : -0.15 * doubt;
    case REGISTER_INTEGER:
    case REGISTER_DECIMAL:
        if (field->steps && p->steps == 1)
            return 0.1;
        return understood(mem, registers, field, p) >= 0.4 ? 0.1 : -0.3 * doubt;
    case REGISTER_YES_NO:
        is = part(p->truths, p);
        return is >= 0.5 ? 0.15 : is > 0 ? 0 : -0.25 * doubt;
    case REGISTER_CHOICE:
    case REGISTER_MANY_CHOICE:
        is = understood(mem, registers, field, p);
        if (p->length > 2 * LONG_BYTES)
            return -0.35;
        return is >= 0.5 ? 0.15 : is > 0 ? 0 : -0.2 * doubt;
    case REGISTER_PERSON:
    case REGISTER_PEOPLE:
        return person_fits(p);
    case REGISTER_REFERENCE:
    case REGISTER_REFERENCES:
        if (!field_names_control(registers, field))
            return part(p->days, p) > 0.7 ? -0.3 : 0;
        return part(p->controls, p) >= 0.4 ? 0.3 : -0.35;
    case REGISTER_FILE:
    case REGISTER_ROWS:
        break;
    }
    return 0;
}

/* A column whose heading says nothing, by its cells alone; 0 for no guess. */
double profile_guess(const struct registers *registers, const struct register_field *field,
                     bool leftmost, const struct column_profile *p)
{
    if (p->n < 2)
        return 0;
    if (field_names_control(registers, field))
        return part(p->controls, p) >= 0.8 ? 0.3 : 0; /* 0.3 more fits */
    if (str_is(field->id, "ref") && leftmost)
        return part(p->references, p) >= 0.8 ? 0.42 : 0;
    return 0;
}
