/* Definitions: what only records that are kept have, checked against the fields that are there. */
#include <regex.h>

#include "register/loading.h"

#define LIST_FIELDS 5u /* of a list whose definition names none */

/* ---- what a field may have ---- */

static bool is_number(enum register_type type)
{
    return type == REGISTER_INTEGER || type == REGISTER_SCORE || type == REGISTER_DECIMAL;
}

static bool is_words(enum register_type type)
{
    return type == REGISTER_TEXT || type == REGISTER_LONG_TEXT || type == REGISTER_MARKDOWN;
}

/* Keys that only some types have. */
static int check_keys(const struct loader *l, const struct register_field *field,
                      const struct value *yaml)
{
    enum register_type type = field->type;
    bool sized = is_number(type) || is_words(type);
    const struct {
        const char *key;
        bool fits;
    } keys[] = {
        {"least", sized},
        {"most", sized},
        {"pattern", is_words(type)},
        {"unique", !register_type_is_many(type) && type != REGISTER_ROWS && type != REGISTER_FILE},
        {"ordered", register_type_is_many(type)},
        {"scale", type == REGISTER_SCORE},
        {"of", type == REGISTER_ROWS},
        {"computed",
         type != REGISTER_ROWS && type != REGISTER_FILE && !register_type_is_many(type)},
        {"required", !value_get_bool(yaml, "only_computed")},
        {"only_computed", value_get(yaml, "computed") != NULL},
    };

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (value_get(yaml, keys[i].key) != NULL && !keys[i].fits)
            return loading_bad(
                l, value_get(yaml, keys[i].key),
                "this key does not go with the rest of the field:", str_of(keys[i].key));
    if (type == REGISTER_ROWS && value_get(yaml, "of") == NULL)
        return loading_bad(l, yaml, "\"of\" is missing in", field->id);
    return 0;
}

static int load_pattern(const struct loader *l, struct register_field *field,
                        const struct value *yaml)
{
    regex_t compiled;

    field->pattern = value_get_text(yaml, "pattern");
    if (field->pattern.n == 0)
        return 0;
    if (regcomp(&compiled, str_z(l->cx->mem, field->pattern), REG_EXTENDED | REG_NOSUB) != 0)
        return loading_bad(l, value_get(yaml, "pattern"),
                           "this is no POSIX extended regular expression:", field->pattern);
    regfree(&compiled);
    return 0;
}

static int load_limits(const struct loader *l, struct register_field *field,
                       const struct value *yaml)
{
    const struct value *least = value_get(yaml, "least"), *most = value_get(yaml, "most");

    field->has_least = least != NULL;
    field->has_most = most != NULL;
    field->least = is_words(field->type) ? value_as_int(least, 0) : value_as_thousandths(least, 0);
    field->most = is_words(field->type) ? value_as_int(most, 0) : value_as_thousandths(most, 0);
    if (field->has_least && field->has_most && field->least > field->most)
        return loading_bad(l, most, "\"most\" is less than \"least\" in", field->id);
    return 0;
}

/* Keys of data: texts, or a map from one key to what its lines have besides. */
static int load_source(const struct loader *l, struct register_field *field,
                       const struct value *yaml)
{
    const struct value *source = value_get(yaml, "source");

    for (size_t i = 0; i < value_count(source); i++) {
        const struct value *item = value_at(source, i);
        bool fixed = value_type(item) == VALUE_MAP && field->type == REGISTER_ROWS &&
                     value_count(item) == 1 && value_type(value_at(item, 0)) == VALUE_MAP;
        if (value_type(item) != VALUE_TEXT && !fixed)
            return loading_bad(l, item,
                               "keys are wanted, or for rows a map from one key to what its lines "
                               "have besides, in \"source\" of",
                               field->id);
    }
    field->source = source;
    return 0;
}

/* ---- choices in lists ---- */

static const struct register_choice *find_choice(const struct register_field *field, struct str id)
{
    for (size_t i = 0; i < field->choice_n; i++)
        if (str_eq(field->choices[i].id, id))
            return &field->choices[i];
    return NULL;
}

static int check_choices(const struct loader *l, const struct register_field *field,
                         const struct value *list)
{
    if (value_type(list) != VALUE_LIST || value_count(list) == 0)
        return loading_bad(l, list != NULL ? list : l->def->yaml, "a list of choices is wanted, of",
                           field->id);
    for (size_t i = 0; i < value_count(list); i++)
        if (find_choice(field, value_as_text(value_at(list, i))) == NULL)
            return loading_bad(l, value_at(list, i),
                               "no such choice:", value_print(l->cx->mem, value_at(list, i)));
    return 0;
}

/* ---- constants ---- */

static bool is_within(const struct register_field *field, int64_t n)
{
    return !(field->has_least && n < field->least) && !(field->has_most && n > field->most);
}

static bool fits(const struct register_field *field, const struct value *v)
{
    struct str text = value_as_text(v);
    struct date day;

    switch (field->type) {
    case REGISTER_TEXT:
    case REGISTER_LONG_TEXT:
    case REGISTER_MARKDOWN:
        return text.n > 0 && text.p[0] != '=' && is_within(field, (int64_t)text.n);
    case REGISTER_INTEGER:
    case REGISTER_SCORE:
        return value_type(v) == VALUE_INT && is_within(field, value_as_thousandths(v, 0));
    case REGISTER_DECIMAL:
        return (value_type(v) == VALUE_INT || value_type(v) == VALUE_DECIMAL) &&
               is_within(field, value_as_thousandths(v, 0));
    case REGISTER_DATE:
        return str_is(text, "=today") || date_parse_iso(text, &day);
    case REGISTER_INSTANT:
        return str_is(text, "=today");
    case REGISTER_YES_NO:
        return value_type(v) == VALUE_BOOL;
    case REGISTER_CHOICE:
        return find_choice(field, text) != NULL;
    case REGISTER_PERSON:
        return str_is(text, "=actor");
    default:
        return false;
    }
}

int loading_constant(const struct loader *l, const struct register_field *field,
                     const struct value *v)
{
    return fits(field, v) ? 0 : loading_bad(l, v, "this does not fit the type of", field->id);
}

/* ---- one field ---- */

static int load_required(const struct loader *l, struct register_field *field,
                         const struct value *yaml)
{
    const struct value *when = value_get(yaml, "required_when");
    struct str id = value_get_text(when, "field");

    field->required = value_get_bool(yaml, "required");
    if (when == NULL)
        return 0;
    for (size_t i = 0; i < value_count(when); i++)
        if (!str_is(value_key_at(when, i), "field") && !str_is(value_key_at(when, i), "is"))
            return loading_bad(l, value_at(when, i), "unknown key", value_key_at(when, i));
    field->when = register_field(l->def, id);
    if (field->when == NULL)
        return loading_bad(l, when, "no such field:", id);
    field->when_is = value_get(when, "is");
    if (field->when_is == NULL || field->when->type == REGISTER_YES_NO)
        return field->when_is == NULL || value_type(field->when_is) == VALUE_LIST
                   ? 0
                   : loading_bad(l, when, "a list is wanted for", STR("is"));
    if (field->when->choice_n > 0)
        return check_choices(l, field->when, field->when_is);
    return loading_texts(l, field->when_is, STR("is"));
}

int loading_kept_field(const struct loader *l, struct register_field *field)
{
    const struct value *yaml = value_at(value_get(l->def->yaml, "fields"), field->at),
                       *personal = value_get(yaml, "personal");

    TRY(check_keys(l, field, yaml));
    TRY(load_limits(l, field, yaml));
    TRY(load_pattern(l, field, yaml));
    TRY(load_source(l, field, yaml));
    TRY(load_required(l, field, yaml));
    field->help = str_trim(value_get_text(yaml, "help"));
    field->unique = value_get_bool(yaml, "unique");
    field->ordered = value_get_bool(yaml, "ordered");
    field->scale = value_get_text(yaml, "scale");
    field->was = value_get_text(yaml, "was");
    field->computed = str_trim(value_get_text(yaml, "computed"));
    field->only_computed = value_get_bool(yaml, "only_computed");
    if (personal != NULL)
        field->personal = value_as_bool(personal) ? PERSONAL_YES : PERSONAL_NO;
    field->otherwise = value_get(yaml, "default");
    return field->otherwise == NULL ? 0 : loading_constant(l, field, field->otherwise);
}

/* ---- the whole ---- */

static struct str in_capitals(struct arena *mem, struct str id)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < id.n; i++)
        buf_char(&out, id.p[i] == '_'                     ? '-'
                       : id.p[i] >= 'a' && id.p[i] <= 'z' ? (char)(id.p[i] - 'a' + 'A')
                                                          : id.p[i]);
    return buf_str(&out);
}

static int load_ref(const struct loader *l)
{
    const struct value *ref = value_get(l->def->yaml, "ref");
    struct str from = value_get_text(ref, "from");

    for (size_t i = 0; i < value_count(ref); i++)
        if (!str_is(value_key_at(ref, i), "from") && !str_is(value_key_at(ref, i), "prefix"))
            return loading_bad(l, value_at(ref, i), "unknown key", value_key_at(ref, i));
    l->def->prefix = value_get_text(ref, "prefix");
    if (l->def->prefix.n == 0)
        l->def->prefix = in_capitals(l->cx->mem, l->def->id);
    if (from.n == 0)
        return 0;
    l->def->ref_from = register_field(l->def, from);
    return l->def->ref_from != NULL ? 0 : loading_bad(l, ref, "no such field:", from);
}

/* A record's ref is the first column of every list, whether or not it is named. */
static int load_list(const struct loader *l)
{
    const struct value *list = value_get(l->def->yaml, "list");
    struct register_group *ret = &l->def->list;

    for (size_t i = 0; i < value_count(list) && ret->n < REGISTER_FIELDS; i++) {
        struct str id = value_as_text(value_at(list, i));
        const struct register_field *field = register_field(l->def, id);
        if (str_is(id, "ref"))
            continue;
        if (field == NULL)
            return loading_bad(l, value_at(list, i), "no such field:", id);
        ret->items[ret->n++] = field->at;
    }
    for (size_t f = 0; list == NULL && f < l->def->field_n && ret->n < LIST_FIELDS; f++)
        if (!str_is(l->def->fields[f].id, "ref"))
            ret->items[ret->n++] = f;
    return 0;
}

static int load_subject(const struct loader *l)
{
    const struct value *subject = value_get(l->def->yaml, "subject");

    if (subject == NULL)
        return 0;
    l->def->subject = register_field(l->def, value_as_text(subject));
    if (l->def->subject == NULL || l->def->subject->type != REGISTER_PERSON)
        return loading_bad(l, subject,
                           "no such field, or it holds no person:", value_as_text(subject));
    return 0;
}

/* Where the definition names none, all that a record refers to. */
static int load_shows(const struct loader *l)
{
    struct register_group *ret = &l->def->shows;

    TRY(loading_group(l, value_get(l->def->yaml, "shows"), ret));
    for (size_t i = 0; ret->n == 0 && i < l->def->field_n; i++) {
        const struct register_field *field = &l->def->fields[i];
        if (field->type == REGISTER_REFERENCE || field->type == REGISTER_REFERENCES)
            ret->items[ret->n++] = field->at;
    }
    return 0;
}

/* An entry of the ledger commits to one file. */
static int check_files(const struct loader *l)
{
    const struct register_field *first = NULL;

    for (size_t i = 0; i < l->def->field_n; i++) {
        const struct register_field *field = &l->def->fields[i];
        if (field->type == REGISTER_FILE && first != NULL)
            return loading_bad(
                l, value_at(value_get(l->def->yaml, "fields"), i),
                "a record has one file, and there is another field for it:", first->id);
        first = field->type == REGISTER_FILE ? field : first;
    }
    return 0;
}

/* Names of fields of one type, under a key of the definition. */
static int load_fields(const struct loader *l, const struct value *names, const char *key,
                       enum register_type type, struct register_group *ret)
{
    TRY(loading_texts(l, names, str_of(key)));
    TRY(loading_group(l, names, ret));
    for (size_t i = 0; i < ret->n; i++)
        if (l->def->fields[ret->items[i]].type != type)
            return loading_bad(l, value_at(names, i),
                               type == REGISTER_DATE ? "this holds no day:"
                                                     : "this holds no person:",
                               value_as_text(value_at(names, i)));
    return 0;
}

static int known_keys(const struct loader *l, const struct value *map, const char *const *keys)
{
    for (size_t i = 0; i < value_count(map); i++) {
        const char *const *key = keys;
        while (*key != NULL && !str_is(value_key_at(map, i), *key))
            key++;
        if (*key == NULL)
            return loading_bad(l, value_at(map, i), "unknown key", value_key_at(map, i));
    }
    return 0;
}

/* Its records are audits: the first and the last day that they look at. */
static int load_audit(const struct loader *l)
{
    static const char *const keys[] = {"from", "until", NULL};
    const struct value *audit = value_get(l->def->yaml, "audit");

    l->def->is_audit = audit != NULL;
    if (audit == NULL)
        return 0;
    TRY(known_keys(l, audit, keys));
    TRY(load_fields(l, value_get(audit, "from"), "audit", REGISTER_DATE, &l->def->audit_from));
    return load_fields(l, value_get(audit, "until"), "audit", REGISTER_DATE, &l->def->audit_until);
}

/* Its records want something done by a day. */
static int load_due(const struct loader *l)
{
    static const char *const keys[] = {"late", "on", "who", NULL};
    const struct value *due = value_get(l->def->yaml, "due");

    if (due == NULL)
        return 0;
    TRY(known_keys(l, due, keys));
    struct str late = value_get_text(due, "late");
    l->def->due_late = register_field(l->def, late);
    if (l->def->due_late == NULL || l->def->due_late->type != REGISTER_YES_NO)
        return loading_bad(l, due, "no such field, or no yes or no:", late);
    const struct value *on = value_get(due, "on"), *who = value_get(due, "who");
    if (on != NULL)
        TRY(load_fields(l, on, "due", REGISTER_DATE, &l->def->due_on));
    if (who != NULL)
        TRY(load_fields(l, who, "due", REGISTER_PERSON, &l->def->due_who));
    return 0;
}

/* What records have besides, by the key of the data that they come from. */
static int check_constants(const struct loader *l)
{
    const struct value *all = value_get(l->def->yaml, "source_constants"),
                       *names = value_get(l->def->yaml, "source_names");

    for (size_t i = 0; i < value_count(all); i++) {
        const struct value *constants = value_at(all, i);
        if (!register_has_text(names, value_key_at(all, i)))
            return loading_bad(l, constants, "not among \"source_names\":", value_key_at(all, i));
        for (size_t k = 0; k < value_count(constants); k++) {
            const struct register_field *field = register_field(l->def, value_key_at(constants, k));
            if (field == NULL)
                return loading_bad(l, value_at(constants, k),
                                   "no such field:", value_key_at(constants, k));
            TRY(loading_constant(l, field, value_at(constants, k)));
        }
    }
    return 0;
}

int loading_kept(const struct loader *l)
{
    const struct value *yaml = l->def->yaml, *judged = value_get(yaml, "judged_as");

    l->def->help = str_trim(value_get_text(yaml, "help"));
    l->def->single = value_get_bool(yaml, "single");
    l->def->part_of = value_get_text(yaml, "part_of");
    if (judged != NULL && !loading_is_id(value_as_text(judged)))
        return loading_bad(l, judged, "no name of a table:", value_as_text(judged));
    TRY(loading_group(l, value_get(yaml, "key"), &l->def->key));
    TRY(load_ref(l));
    TRY(load_list(l));
    TRY(load_subject(l));
    TRY(check_files(l));
    TRY(load_shows(l));
    TRY(load_audit(l));
    TRY(load_due(l));
    TRY(check_constants(l));
    return loading_states(l);
}

/* ---- when all registers are there ---- */

static bool has_rows_of(const struct register_def *def, const struct register_def *part)
{
    for (size_t f = 0; f < def->field_n; f++)
        if (def->fields[f].of == part)
            return true;
    return false;
}

static int link_rows(const struct loader *l, struct register_def *def)
{
    for (size_t f = 0; f < def->field_n; f++) {
        const struct value *yaml = value_at(value_get(def->yaml, "fields"), f);
        struct str of = value_get_text(yaml, "of");
        const struct register_def *part = registers_find(l->all, of);
        if (of.n == 0)
            continue;
        if (part == NULL || !str_eq(part->part_of, def->id))
            return loading_bad(l, yaml,
                               "no such register, or its \"part_of\" is not this one:", of);
        def->fields[f].of = part;
    }
    return 0;
}

/* Lines have no lines, no state and no reference of their own. */
static int check_part(const struct loader *l, const struct register_def *def)
{
    const struct register_def *whole = registers_find(l->all, def->part_of);

    if (whole == NULL || whole->part_of.n > 0 || whole->is_not || !has_rows_of(whole, def))
        return loading_bad(l, value_get(def->yaml, "part_of"),
                           "no such register, or it has no rows of this one:", def->part_of);
    if (def->state != NULL || def->guard_n > 0 || def->single)
        return loading_bad(l, value_get(def->yaml, "part_of"),
                           "lines have neither states nor guards, and are not single:", def->id);
    return 0;
}

int loading_links(const struct loader *l)
{
    struct loader each = *l;

    for (size_t i = 0; i < l->all->n; i++) {
        each.def = &l->all->items[i];
        each.file = each.def->file;
        TRY(link_rows(&each, each.def));
    }
    for (size_t i = 0; i < l->all->n; i++) {
        each.def = &l->all->items[i];
        each.file = each.def->file;
        if (each.def->part_of.n > 0)
            TRY(check_part(&each, each.def));
    }
    return 0;
}
