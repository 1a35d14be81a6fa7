/* Bodies against their definition. */
#include "register/record_parts.h"
#include "vault/vault.h"

#include <regex.h>
#include <stdarg.h>

#define PATTERN_BYTES 4000u /* of a text that a pattern is tried on */
#define UNIQUE_BYTES 1000u

struct checker {
    struct ctx *cx;
    const struct record_store *rs;
    const struct record_change *change;
    const struct value *last; /* NULL for a new record */
    struct value *problems;
    const struct register_field *top; /* the field of the record that is looked at */
    struct str at;                    /* its id */
    size_t line;                      /* within it, from 1; 0 where it has none */
};

/* ---- saying it ---- */

static void PRINTF_LIKE(3, 4) problem(struct checker *c, struct str label, const char *format, ...)
{
    struct arena *mem = c->cx->mem;
    struct value *found = value_map(mem);
    struct buf out = buf_new(mem);
    char z[1200];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(z, sizeof z, format, args);
    va_end(args);
    if (c->line > 0)
        buf_printf(&out, _("%.*s, line %zu: "), STR_ARG(c->top->label), c->line);
    buf_printf(&out, "%.*s: %s", STR_ARG(label), z);
    value_set_text(found, "field", c->at);
    value_set_text(found, "message", buf_str(&out));
    value_push(c->problems, found);
}

static struct str choices_of(struct arena *mem, const struct register_field *field)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < field->choice_n; i++)
        buf_printf(&out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(field->choices[i].id));
    return buf_str(&out);
}

struct str record_takes(struct arena *mem, const struct register_field *field)
{
    switch (field->type) {
    case REGISTER_TEXT:
    case REGISTER_LONG_TEXT:
    case REGISTER_MARKDOWN:
        return str_of(_("text"));
    case REGISTER_INTEGER:
    case REGISTER_SCORE:
        return str_of(_("a whole number"));
    case REGISTER_DECIMAL:
        return str_of(_("a number such as 12.5, with three decimals at most"));
    case REGISTER_DATE:
        return str_of(_("a day such as 2026-11-30"));
    case REGISTER_INSTANT:
        return str_of(_("a point in time such as 2026-11-30 09:15+01:00, or with Z for UTC"));
    case REGISTER_YES_NO:
        return str_of(_("yes or no"));
    case REGISTER_CHOICE:
    case REGISTER_MANY_CHOICE:
        return str_printf(mem, _("one of: %.*s"), STR_ARG(choices_of(mem, field)));
    case REGISTER_PERSON:
    case REGISTER_PEOPLE:
        return str_of(_("the ref, name or id of a person"));
    case REGISTER_REFERENCE:
    case REGISTER_REFERENCES:
        return str_printf(mem, _("the ref or id of a record of %.*s"), STR_ARG(field->to));
    case REGISTER_FILE:
        return str_of(_("a file that is stored with the record: FIELD=@PATH"));
    case REGISTER_ROWS:
        break;
    }
    return str_of(_("a list of lines, each a map from field to value"));
}

static void wrong_type(struct checker *c, const struct register_field *field)
{
    problem(c, field->label, _("it takes %.*s."), STR_ARG(record_takes(c->cx->mem, field)));
}

/* ---- texts and numbers ---- */

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t' && s.p[i] != '\n')
            return true;
    return false;
}

static bool fits_pattern(struct arena *mem, struct str pattern, struct str s)
{
    struct str whole = str_printf(mem, "^(%.*s)$", STR_ARG(pattern));
    regex_t regex;

    if (s.n > PATTERN_BYTES || regcomp(&regex, whole.p, REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    bool fits = regexec(&regex, str_z(mem, s), 0, NULL, 0) == 0;

    regfree(&regex);
    return fits;
}

static void check_text(struct checker *c, const struct register_field *field, struct str s)
{
    if (!utf8_valid(s))
        problem(c, field->label, _("its text is not valid UTF-8."));
    else if (has_control(s))
        problem(c, field->label,
                _("it holds control characters; only tabs and new lines may stand in it."));
    else if (s.n > RECORD_TEXT_BYTES)
        problem(c, field->label, _("it is longer than a mebibyte; put it into a file."));
    else if (field->has_least && (int64_t)s.n < field->least)
        problem(c, field->label, _("it needs at least %lld characters."), (long long)field->least);
    else if (field->has_most && (int64_t)s.n > field->most)
        problem(c, field->label, _("it is longer than %lld bytes."), (long long)field->most);
    else if (field->unique && s.n > UNIQUE_BYTES)
        problem(c, field->label, _("it is longer than %u bytes, and no other may have the same."),
                UNIQUE_BYTES);
    else if (field->pattern.n > 0 && !fits_pattern(c->cx->mem, field->pattern, s))
        problem(c, field->label, _("\"%.*s\" does not have the form %.*s."),
                STR_ARG(str_cut(c->cx->mem, s, 60)), STR_ARG(field->pattern));
}

static struct str thousandths(struct arena *mem, int64_t n)
{
    return value_print(mem, value_decimal(mem, n));
}

static void check_limits(struct checker *c, const struct register_field *field, int64_t n)
{
    struct arena *mem = c->cx->mem;

    if (field->has_least && n < field->least)
        problem(c, field->label, _("%.*s is less than %.*s, the least."),
                STR_ARG(thousandths(mem, n)), STR_ARG(thousandths(mem, field->least)));
    if (field->has_most && n > field->most)
        problem(c, field->label, _("%.*s is more than %.*s, the most."),
                STR_ARG(thousandths(mem, n)), STR_ARG(thousandths(mem, field->most)));
}

static void check_integer(struct checker *c, const struct register_field *field,
                          const struct value *v)
{
    int64_t i = value_as_int(v, 0);

    if (value_type(v) != VALUE_INT)
        wrong_type(c, field);
    else if (i > RECORD_INT_MOST || i < -RECORD_INT_MOST)
        problem(c, field->label, _("it has more than 15 digits."));
    else if (i < INT64_MAX / 1000 && i > -(INT64_MAX / 1000))
        check_limits(c, field, i * 1000);
    else if (field->has_least || field->has_most)
        problem(c, field->label, _("it is beyond its limits."));
}

static void check_decimal(struct checker *c, const struct register_field *field,
                          const struct value *v)
{
    int64_t n = value_as_thousandths(v, INT64_MIN);

    if (value_type(v) != VALUE_TEXT || n == INT64_MIN ||
        !str_eq(thousandths(c->cx->mem, n), value_as_text(v)))
        wrong_type(c, field);
    else
        check_limits(c, field, n);
}

/* ---- choices and references ---- */

static void check_choice(struct checker *c, const struct register_field *field,
                         const struct value *v)
{
    for (size_t i = 0; i < field->choice_n; i++)
        if (value_type(v) == VALUE_TEXT && str_eq(field->choices[i].id, value_as_text(v)))
            return;
    problem(c, field->label, _("\"%.*s\" is not %.*s."),
            STR_ARG(str_cut(c->cx->mem, value_print(c->cx->mem, v), 60)),
            STR_ARG(record_takes(c->cx->mem, field)));
}

/* What an import brought may stay, but nobody else adds to it. */
static bool said_before(struct checker *c, const struct value *v)
{
    const struct value *before = value_find(c->last, c->top->id);

    return before != NULL &&
           str_find(record_json(c->cx->mem, before), record_json(c->cx->mem, v), 0) != SIZE_MAX;
}

static int there_is(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                    struct str id, bool *ret)
{
    KEPT(q);

    TRY(record_prepare(cx, rs, kept_by_sql(cx->mem, def, "id"), &q));
    TRY(stmt_bind_text(cx, q.s, "name", id));
    return stmt_step(cx, q.s, ret);
}

static int check_reference(struct checker *c, const struct register_field *field,
                           const struct value *v)
{
    const struct register_def *to = record_target(c->rs->registers, field);
    struct str id = value_as_text(v), said = value_get_text(v, RECORD_SAID);
    bool is = true;

    if (value_type(v) == VALUE_MAP && value_count(v) == 1 && said.n > 0) {
        if (!c->change->imported && !said_before(c, v))
            problem(c, field->label, _("there is no \"%.*s\"; it takes %.*s."), STR_ARG(said),
                    STR_ARG(record_takes(c->cx->mem, field)));
        else
            check_text(c, field, said);
        return 0;
    }
    if (value_type(v) != VALUE_TEXT) {
        wrong_type(c, field);
        return 0;
    }
    if (to != NULL && !(c->rs->coming != NULL && c->rs->coming->has(c->rs->coming, id)))
        TRY(there_is(c->cx, c->rs, to, id, &is));
    if (!is || id.n > RECORD_KEY_BYTES || has_control(id) || !utf8_valid(id))
        problem(c, field->label, _("there is no record \"%.*s\" in %.*s."),
                STR_ARG(str_cut(c->cx->mem, id, 60)), STR_ARG(to != NULL ? to->title : field->to));
    return 0;
}

/* A record has files that were stored for it, and no others': what is stored is not to be had by
 * naming it. */
static int check_file(struct checker *c, const struct register_field *field, const struct value *v)
{
    struct str name = value_get_text(v, "name"), object = value_get_text(v, "object");
    bool is = value_type(v) == VALUE_MAP && value_count(v) == 4 && name.n > 0 &&
              vault_is_id(object) && value_get_int(v, "bytes", -1) >= 0 &&
              value_type(value_get(v, "type")) == VALUE_TEXT;

    if (!is) {
        wrong_type(c, field);
        return 0;
    }
    check_text(c, field, name);
    TRY(record_file_is_of(c->cx, c->rs, object, c->change->id, &is));
    if (!is)
        problem(c, field->label,
                _("the file %.*s was not stored for this record. A file comes with an "
                  "archive (assay restore) or by FIELD=@PATH; to leave it out of an import: --map "
                  "HEADING=-."),
                STR_ARG(object));
    return 0;
}

/* ---- one field ---- */

static int check_fields(struct checker *c, const struct register_def *def,
                        const struct value *body);

static int check_one(struct checker *c, const struct register_field *field, const struct value *v)
{
    struct date day;
    int64_t ms;

    switch (field->type) {
    case REGISTER_TEXT:
    case REGISTER_LONG_TEXT:
    case REGISTER_MARKDOWN:
        if (value_type(v) == VALUE_TEXT)
            check_text(c, field, value_as_text(v));
        else
            wrong_type(c, field);
        break;
    case REGISTER_INTEGER:
    case REGISTER_SCORE:
        check_integer(c, field, v);
        break;
    case REGISTER_DECIMAL:
        check_decimal(c, field, v);
        break;
    case REGISTER_DATE:
        if (!date_parse_iso(value_as_text(v), &day))
            wrong_type(c, field);
        break;
    case REGISTER_INSTANT:
        if (!instant_parse(value_as_text(v), &ms))
            wrong_type(c, field);
        break;
    case REGISTER_YES_NO:
        if (value_type(v) != VALUE_BOOL)
            wrong_type(c, field);
        break;
    case REGISTER_CHOICE:
    case REGISTER_MANY_CHOICE:
        check_choice(c, field, v);
        break;
    case REGISTER_PERSON:
    case REGISTER_PEOPLE:
    case REGISTER_REFERENCE:
    case REGISTER_REFERENCES:
        return check_reference(c, field, v);
    case REGISTER_FILE:
        return check_file(c, field, v);
    case REGISTER_ROWS:
        if (value_type(v) == VALUE_MAP)
            return check_fields(c, field->of, v);
        wrong_type(c, field);
        break;
    }
    return 0;
}

/* What was erased stays so in later versions, and comes with imports; nobody says it anew. */
static void check_erased(struct checker *c, const struct register_field *field)
{
    if (!c->change->imported && (c->line > 0 || !record_is_erased(value_find(c->last, field->id))))
        problem(c, field->label,
                _("it was not erased; only a recorded decision does that: assay "
                  "erase."));
}

static int check_value(struct checker *c, const struct register_field *field, const struct value *v)
{
    bool rows = field->type == REGISTER_ROWS;

    if (record_is_erased(v)) {
        check_erased(c, field);
        return 0;
    }

    if (!register_type_is_many(field->type) && !rows)
        return check_one(c, field, v);
    if (value_type(v) != VALUE_LIST) {
        problem(c, field->label, _("it takes a list; of each: %.*s."),
                STR_ARG(record_takes(c->cx->mem, field)));
        return 0;
    }
    if (value_count(v) > RECORD_MANY) {
        problem(c, field->label, _("it has more than %u values."), RECORD_MANY);
        return 0;
    }
    for (size_t i = 0; i < value_count(v); i++) {
        if (rows && field == c->top)
            c->line = i + 1;
        TRY(check_one(c, field, value_at(v, i)));
    }
    if (field == c->top)
        c->line = 0;
    return 0;
}

/* ---- what must be there ---- */

static bool is_among(struct arena *mem, const struct value *texts, const struct value *v)
{
    if (value_type(v) == VALUE_LIST) {
        for (size_t i = 0; i < value_count(v); i++)
            if (is_among(mem, texts, value_at(v, i)))
                return true;
        return false;
    }
    for (size_t i = 0; i < value_count(texts); i++)
        if (str_eq(value_print(mem, value_at(texts, i)), value_print(mem, v)))
            return true;
    return false;
}

static bool is_required(struct arena *mem, const struct register_field *field,
                        const struct value *body)
{
    const struct value *v;

    if (field->required || field->when == NULL)
        return field->required;
    v = value_find(body, field->when->id);
    return v != NULL && (field->when_is == NULL || is_among(mem, field->when_is, v));
}

/* A gap that an import left does not stop a change to something else. */
static void check_required(struct checker *c, const struct register_field *field,
                           const struct value *body)
{
    struct arena *mem = c->cx->mem;

    if (c->change->imported || field->only_computed || !is_required(mem, field, body))
        return;
    if (c->line == 0 && c->last != NULL && value_find(c->last, field->id) == NULL &&
        is_required(mem, field, c->last))
        return;
    problem(c, field->label,
            field->when != NULL && !field->required ? _("it is needed here, because of %.*s.")
                                                    : _("it is needed.%.*s"),
            STR_ARG(field->when != NULL && !field->required ? field->when->label : STR_NONE));
}

static int check_unique(struct checker *c, const struct register_field *field,
                        const struct value *v)
{
    struct ctx *cx = c->cx;
    KEPT(q);
    bool row;

    if (!field->unique || register_type_is_many(field->type) || field->type == REGISTER_ROWS ||
        record_is_erased(v))
        return 0;
    TRY(record_prepare(cx, c->rs, kept_same_sql(cx->mem, c->change->def, field->id), &q));
    TRY(stmt_bind_value(cx, q.s, "value", record_cell(cx->mem, field, v)));
    TRY(stmt_bind_text(cx, q.s, "id", c->change->id));
    TRY(stmt_step(cx, q.s, &row));
    if (row)
        problem(c, field->label, _("%.*s has the same; each may have it only once."),
                STR_ARG(stmt_text(cx->mem, q.s, 0)));
    return 0;
}

static void check_known(struct checker *c, const struct register_def *def, const struct value *body)
{
    for (size_t i = 0; i < value_count(body); i++) {
        struct str key = value_key_at(body, i);
        const struct register_field *field = register_field(def, key);
        if (field != NULL && !field->only_computed)
            continue;
        if (c->line == 0)
            c->at = key;
        if (field != NULL)
            problem(c, field->label, _("it follows from other fields and is not set."));
        else
            problem(c, key, _("the register %.*s has no such field."), STR_ARG(def->id));
    }
}

static int check_fields(struct checker *c, const struct register_def *def, const struct value *body)
{
    bool inner = c->line > 0;

    check_known(c, def, body);
    for (size_t i = 0; i < def->field_n; i++) {
        const struct register_field *field = &def->fields[i];
        const struct value *v = value_find(body, field->id);
        if (!inner) {
            c->top = field;
            c->at = field->id;
        }
        if (str_is(field->id, "ref") && !inner)
            continue;
        if (record_is_nothing(v)) {
            check_required(c, field, body);
            continue;
        }
        size_t before = value_count(c->problems);
        TRY(check_value(c, field, v));
        if (!inner && value_count(c->problems) == before)
            TRY(check_unique(c, field, v));
    }
    return 0;
}

int record_problems(struct ctx *cx, const struct record_store *rs,
                    const struct record_change *change, const struct value *body,
                    const struct record *last, struct value *problems)
{
    struct checker c = {.cx = cx,
                        .rs = rs,
                        .change = change,
                        .last = last != NULL ? last->body : NULL,
                        .problems = problems};

    return check_fields(&c, change->def, body);
}

int record_check(struct ctx *cx, const struct record_store *rs, const struct record_change *change,
                 struct value *problems)
{
    struct record last = {.body = NULL};

    TRY(record_must_be_kept(cx, change->def));
    if (change->body == NULL)
        return 0;
    bool is_new = change->id.n == 0 || change->fresh;

    if (!is_new)
        TRY(record_read(cx, rs, change->def, change->id, STR_NONE, &last));
    return record_problems(cx, rs, change, record_normal(cx->mem, change->def, change->body),
                           is_new ? NULL : &last, problems);
}
