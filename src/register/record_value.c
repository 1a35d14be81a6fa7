/* Values of bodies, from what people and files write, and from JSON. */
#include "register/record_parts.h"

#define DAY_BYTES 40u /* of a text that is a day and nothing else */

struct parser {
    struct ctx *cx;
    const struct record_store *rs;
    const struct register_def *def;
    const struct register_field *field;
    bool said;
};

static int wrong(const struct parser *p, struct str text)
{
    struct arena *mem = p->cx->mem;

    return fail(p->cx, RC_INVALID, str_z(mem, p->field->id),
                _("%.*s, %.*s: \"%.*s\" will not do; it takes %.*s."), STR_ARG(p->def->title),
                STR_ARG(p->field->label), STR_ARG(str_cut(mem, text, 60)),
                STR_ARG(record_takes(mem, p->field)));
}

/* ---- one value from text ---- */

static int parse_integer(const struct parser *p, struct str text, struct value **ret)
{
    int64_t n;

    if (!str_to_int(text, &n))
        return wrong(p, text);
    *ret = value_int(p->cx->mem, n);
    return 0;
}

/* "12", "-0.5", "12,50": at most three decimals. "1,000" is one to some, to others a thousand. */
static int parse_decimal(const struct parser *p, struct str text, struct value **ret)
{
    bool minus = str_starts(text, STR("-"));
    struct str s = minus ? str_from(text, 1) : text;
    size_t dot = 0;
    int64_t whole, part = 0;

    while (dot < s.n && s.p[dot] != '.' && s.p[dot] != ',')
        dot++;
    struct str decimals = dot < s.n ? str_from(s, dot + 1) : STR("0");

    if (dot == 0 || dot > 12 || s.p[0] == '-' || !str_to_int(str_sub(s, 0, dot), &whole) ||
        decimals.n == 0 || decimals.n > 3 || decimals.p[0] == '-' || !str_to_int(decimals, &part))
        return wrong(p, text);
    if (s.p[dot] == ',' && decimals.n == 3 && whole != 0)
        return fail(p->cx, RC_INVALID, str_z(p->cx->mem, p->field->id),
                    _("%.*s, %.*s: \"%.*s\" may mean two numbers. Write %.*s.%.*s or %.*s%.*s."),
                    STR_ARG(p->def->title), STR_ARG(p->field->label), STR_ARG(text), (int)dot, s.p,
                    STR_ARG(decimals), (int)dot, s.p, STR_ARG(decimals));
    for (size_t i = decimals.n; i < 3; i++)
        part *= 10;
    int64_t n = whole * 1000 + part;

    *ret =
        value_text(p->cx->mem, value_print(p->cx->mem, value_decimal(p->cx->mem, minus ? -n : n)));
    return 0;
}

static int parse_day(const struct parser *p, struct str text, struct value **ret)
{
    struct arena *mem = p->cx->mem;
    struct date day;

    if (!date_parse_iso(text, &day) &&
        (text.n > DAY_BYTES || !days_find(mem, p->rs->registers->words, text, false, &day)))
        return wrong(p, text);
    *ret = value_text(mem, date_iso(mem, day));
    return 0;
}

static int parse_instant(const struct parser *p, struct str text, struct value **ret)
{
    int64_t ms;

    if (!instant_read(text, &ms))
        return wrong(p, text);
    *ret = value_text(p->cx->mem, instant_text(p->cx->mem, ms));
    return 0;
}

static int parse_choice(const struct parser *p, struct str text, struct value **ret)
{
    const struct register_choice *named = register_choice_named(p->cx->mem, p->field, text);
    struct register_field one = *p->field;
    struct register_value v;

    if (named != NULL) {
        *ret = value_text(p->cx->mem, named->id);
        return 0;
    }
    one.type = REGISTER_CHOICE;
    register_value(p->cx->mem, p->rs->registers, &one, NULL, text, &v);
    if (!v.understood)
        return wrong(p, text);
    *ret = value_text(p->cx->mem, v.text);
    return 0;
}

static int parse_yes_no(const struct parser *p, struct str text, struct value **ret)
{
    struct register_value v;

    if (str_is_nocase(text, "true") || str_is_nocase(text, "false")) {
        *ret = value_bool(p->cx->mem, str_is_nocase(text, "true"));
        return 0;
    }
    register_value(p->cx->mem, p->rs->registers, p->field, NULL, text, &v);
    if (!v.understood)
        return wrong(p, text);
    *ret = value_bool(p->cx->mem, v.number != 0);
    return 0;
}

static int parse_reference(const struct parser *p, struct str text, struct value **ret)
{
    const struct register_def *to = record_target(p->rs->registers, p->field);
    struct ctx *cx = p->cx;
    struct str id = text;

    if (to != NULL && p->said)
        TRY(record_look_up(cx, p->rs, to, text, &id));
    else if (to != NULL) {
        int rc = record_find(cx, p->rs, to, text, &id);
        if (rc != 0)
            return fail_while(cx, rc == RC_NOT_FOUND ? RC_INVALID : rc, "%.*s, %.*s",
                              STR_ARG(p->def->title), STR_ARG(p->field->label));
    }
    *ret = id.n > 0 ? value_text(cx->mem, id) : record_said(cx->mem, text);
    return 0;
}

static int parse_json(const struct parser *p, struct str text, struct value **ret)
{
    struct value *v;

    if (json_parse(p->cx, "value", text, &v) != 0)
        return wrong(p, text);
    return record_value(p->cx, p->rs, p->def, p->field, v, p->said, ret);
}

static int parse_one(const struct parser *p, struct str text, struct value **ret)
{
    switch (p->field->type) {
    case REGISTER_TEXT:
    case REGISTER_LONG_TEXT:
    case REGISTER_MARKDOWN:
        *ret = value_text(p->cx->mem, record_plain(p->cx->mem, text));
        return 0;
    case REGISTER_INTEGER:
    case REGISTER_SCORE:
        return parse_integer(p, text, ret);
    case REGISTER_DECIMAL:
        return parse_decimal(p, text, ret);
    case REGISTER_DATE:
        return parse_day(p, text, ret);
    case REGISTER_INSTANT:
        return parse_instant(p, text, ret);
    case REGISTER_YES_NO:
        return parse_yes_no(p, text, ret);
    case REGISTER_CHOICE:
    case REGISTER_MANY_CHOICE:
        return parse_choice(p, text, ret);
    case REGISTER_PERSON:
    case REGISTER_PEOPLE:
    case REGISTER_REFERENCE:
    case REGISTER_REFERENCES:
        return parse_reference(p, text, ret);
    case REGISTER_FILE:
    case REGISTER_ROWS:
        break;
    }
    return parse_json(p, text, ret);
}

/* ---- many values from text ---- */

static char separator_of(struct str text)
{
    static const char separators[] = {'\n', ';', ','};

    for (size_t i = 0; i < COUNT_OF(separators); i++)
        if (str_find_char(text, separators[i], 0) != SIZE_MAX)
            return separators[i];
    return '\n';
}

/* A name may hold what else stands between names: "Acme, Inc.". */
static int names_one(const struct parser *p, struct str text, char separator, bool *ret)
{
    const struct register_def *to = record_target(p->rs->registers, p->field);
    struct str id = STR_NONE;

    *ret = false;
    if (to == NULL || separator == '\n' || str_find_char(text, separator, 0) == SIZE_MAX)
        return 0;
    int rc = record_look_up(p->cx, p->rs, to, str_trim(text), &id);
    if (rc != 0 && rc != RC_CONFLICT) /* several of that name: its parts may mean one each */
        return rc;
    *ret = rc == 0 && id.n > 0;
    return 0;
}

static int parse_many(const struct parser *p, struct str text, struct value **ret)
{
    struct value *list = value_list(p->cx->mem), *item;
    char separator = separator_of(text);
    struct str part;
    bool one;

    TRY(names_one(p, text, separator, &one));
    if (one)
        separator = '\n';
    while (str_split(&text, separator, &part)) {
        part = str_trim(part);
        if (part.n == 0)
            continue;
        TRY(parse_one(p, part, &item));
        value_push(list, item);
    }
    *ret = list;
    return 0;
}

/* Lines of JSON, each a map; or one list of them. */
static int parse_rows(const struct parser *p, struct str text, struct value **ret)
{
    struct value *list = value_list(p->cx->mem), *row;
    struct str part;

    if (str_starts(text, STR("[")))
        return parse_json(p, text, ret);
    while (str_split(&text, '\n', &part)) {
        part = str_trim(part);
        if (part.n == 0)
            continue;
        if (json_parse(p->cx, "value", part, &row) != 0)
            return wrong(p, part);
        value_push(list, row);
    }
    return record_value(p->cx, p->rs, p->def, p->field, list, p->said, ret);
}

/* In the one form of bodies; NULL for nothing. */
static struct value *in_form(const struct parser *p, struct value *v)
{
    struct arena *mem = p->cx->mem;
    struct register_def one = {.id = p->def->id, .fields = NULL, .field_n = 0};
    struct register_field field = *p->field;
    struct value *map = value_map(mem);
    const char *id = str_z(mem, field.id);

    one.fields = &field;
    one.field_n = 1;
    value_set(map, id, v);
    return (struct value *)(uintptr_t)value_get(record_normal(mem, &one, map), id);
}

int record_parse(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                 const struct register_field *field, struct str text, bool said_too,
                 struct value **ret)
{
    struct parser p = {cx, rs, def, field, said_too};
    struct str s = str_trim(text);
    struct value *v;

    *ret = NULL;
    if (s.n == 0)
        return 0;
    if (record_says_erased(s)) {
        *ret = record_erased_value(cx->mem);
        return 0;
    }
    if (field->type == REGISTER_ROWS)
        TRY(parse_rows(&p, s, &v));
    else if (register_type_is_many(field->type))
        TRY(parse_many(&p, text, &v));
    else
        TRY(parse_one(&p, s, &v));
    *ret = in_form(&p, v);
    return 0;
}

/* ---- from JSON ---- */

static int value_of_one(const struct parser *p, const struct value *given, struct value **ret);

static int value_of_row(const struct parser *p, const struct value *given, struct value **ret)
{
    const struct register_def *of = p->field->of;
    struct arena *mem = p->cx->mem;
    struct value *map = value_map(mem), *v;

    if (value_type(given) != VALUE_MAP)
        return wrong(p, record_json(mem, given));
    for (size_t i = 0; i < value_count(given); i++) {
        const struct register_field *field = register_field(of, value_key_at(given, i));
        if (field == NULL)
            return fail(p->cx, RC_INVALID, str_z(mem, p->field->id),
                        _("%.*s, %.*s: its lines have no field \"%.*s\"."), STR_ARG(p->def->title),
                        STR_ARG(p->field->label),
                        STR_ARG(str_cut(mem, value_key_at(given, i), 60)));
        TRY(record_value(p->cx, p->rs, of, field, value_at(given, i), p->said, &v));
        if (v != NULL)
            value_set(map, str_z(mem, field->id), v);
    }
    *ret = map;
    return 0;
}

static int value_of_map(const struct parser *p, const struct value *given, struct value **ret)
{
    struct str text = value_get_text(given, RECORD_SAID);
    bool reference = p->field->type == REGISTER_PERSON || p->field->type == REGISTER_PEOPLE ||
                     p->field->type == REGISTER_REFERENCE || p->field->type == REGISTER_REFERENCES;

    if (p->field->type == REGISTER_ROWS)
        return value_of_row(p, given, ret);
    if (p->field->type != REGISTER_FILE &&
        !(reference && value_count(given) == 1 && str_trim(text).n > 0))
        return wrong(p, record_json(p->cx->mem, given));
    *ret = (struct value *)(uintptr_t)given;
    return 0;
}

static int value_of_one(const struct parser *p, const struct value *given, struct value **ret)
{
    struct arena *mem = p->cx->mem;

    switch (value_type(given)) {
    case VALUE_BOOL:
        if (p->field->type != REGISTER_YES_NO)
            return wrong(p, value_print(mem, given));
        *ret = value_bool(mem, value_as_bool(given));
        return 0;
    case VALUE_INT:
    case VALUE_DECIMAL:
    case VALUE_TEXT: {
        struct str s = str_trim(value_print(mem, given));
        *ret = value_null(mem);
        return s.n > 0 ? parse_one(p, s, ret) : 0;
    }
    case VALUE_MAP:
        return value_of_map(p, given, ret);
    case VALUE_LIST:
        return wrong(p, record_json(mem, given));
    case VALUE_NULL:
        break;
    }
    *ret = value_null(mem);
    return 0;
}

static int value_of_list(const struct parser *p, const struct value *given, struct value **ret)
{
    struct value *list = value_list(p->cx->mem), *item;

    if (value_type(given) != VALUE_LIST) {
        TRY(value_of_one(p, given, &item));
        value_push(list, item);
    }
    for (size_t i = 0; value_type(given) == VALUE_LIST && i < value_count(given); i++) {
        TRY(value_of_one(p, value_at(given, i), &item));
        value_push(list, item);
    }
    *ret = list;
    return 0;
}

int record_value(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                 const struct register_field *field, const struct value *given, bool said_too,
                 struct value **ret)
{
    struct parser p = {cx, rs, def, field, said_too};
    bool many = register_type_is_many(field->type);
    struct value *v;

    *ret = NULL;
    if (record_is_nothing(given))
        return 0;
    if (record_is_erased(given)) {
        *ret = record_erased_value(cx->mem);
        return 0;
    }
    if (value_type(given) == VALUE_TEXT && (many || field->type == REGISTER_ROWS))
        return record_parse(cx, rs, def, field, value_as_text(given), said_too, ret);
    if (many || field->type == REGISTER_ROWS)
        TRY(value_of_list(&p, given, &v));
    else
        TRY(value_of_one(&p, given, &v));
    *ret = in_form(&p, v);
    return 0;
}
