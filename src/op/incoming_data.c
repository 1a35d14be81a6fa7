/* Data under the keys of registers and fields: our own exports, and what people have as JSON. */
#include "op/incoming.h"
#include "op/outgoing.h"

#define DEPTH 32u
#define KEY "=key"     /* as a key: the key that a line of a map stands under */
#define VALUE "=value" /* what a line is that is no map */

struct data {
    struct incoming *in;
    struct str file;
    struct str path;   /* of what is read, in the whole tree */
    struct dict *told; /* keys that were said not to be taken */
};

/* ---- what was exported ---- */

static int export_body(struct data *d, struct plan_line *line, const struct value *body)
{
    for (size_t i = 0; i < value_count(body); i++) {
        struct str key = value_key_at(body, i);
        const struct register_field *field = register_field(line->def, key);
        if (field == NULL) {
            plan_reject(d->in->plan, line, key, str_of(_("There is no such field.")));
            continue;
        }
        plan_cell_add(d->in->plan, line, field, field->label)->value = value_at(body, i);
    }
    return 0;
}

static int export_register(struct data *d, const struct value *v)
{
    struct str id = value_get_text(v, "register");
    const struct register_def *def = registers_find(d->in->rs->registers, id);
    const struct value *records = value_get(v, "records");

    if (def == NULL || def->is_not || def->part_of.n > 0)
        return fail(d->in->cx, RC_INVALID, NULL, _("%.*s: there is no register \"%.*s\" here."),
                    STR_ARG(d->file), STR_ARG(id));
    for (size_t i = 0; i < value_count(records); i++) {
        const struct value *record = value_at(records, i);
        struct plan_line *line;
        struct plan_place at = {
            .file = d->file,
            .place = str_printf(d->in->cx->mem, _("%.*s, record %zu"), STR_ARG(def->title), i + 1)};
        TRY(plan_line_add(d->in->plan, def, &at, &line));
        line->ref = value_get_text(record, "ref");
        line->whole = true;
        TRY(export_body(d, line, value_get(record, "body")));
    }
    return 0;
}

static int take_export(struct data *d, const struct value *tree)
{
    const struct value *registers = value_get(tree, "registers");
    int64_t version = value_get_int(tree, "version", 0);

    if (version < 1 || version > OUTGOING_VERSION)
        return fail(d->in->cx, RC_INVALID, NULL,
                    _("%.*s was exported by a later version of Assay: its format is %lld, and %d "
                      "is the last that this one knows."),
                    STR_ARG(d->file), (long long)version, OUTGOING_VERSION);
    for (size_t i = 0; i < value_count(registers); i++)
        TRY(export_register(d, value_at(registers, i)));
    return 0;
}

/* ---- fields by key ---- */

/* Whether a field is filled by a key; of rows with what their lines have besides. */
static bool is_source(const struct register_field *field, struct str key,
                      const struct value **ret_constants)
{
    for (size_t i = 0; i < value_count(field->source); i++) {
        const struct value *item = value_at(field->source, i);
        bool map = value_type(item) == VALUE_MAP;
        if (!str_eq(map ? value_key_at(item, 0) : value_as_text(item), key))
            continue;
        *ret_constants = map ? value_at(item, 0) : NULL;
        return true;
    }
    return false;
}

static const struct register_field *field_of(const struct register_def *def, struct str key,
                                             const struct value **ret_constants)
{
    const struct register_field *field;

    for (size_t f = 0; f < def->field_n; f++)
        if (is_source(&def->fields[f], key, ret_constants))
            return &def->fields[f];
    *ret_constants = NULL;
    field = register_field(def, key);
    return field != NULL && !field->only_computed && field->source == NULL ? field : NULL;
}

static bool is_nothing(const struct value *v)
{
    switch (value_type(v)) {
    case VALUE_NULL:
        return true;
    case VALUE_TEXT:
        return value_as_text(v).n == 0;
    case VALUE_LIST:
    case VALUE_MAP:
        for (size_t i = 0; i < value_count(v); i++)
            if (!is_nothing(value_at(v, i)))
                return false;
        return true;
    default:
        return false;
    }
}

/* What a register has for keys of data, besides its lists: a line each with constants in it. */
static const struct value *constants_of(const struct register_def *def)
{
    return value_get(def->yaml, "source_constants");
}

/* Whether a register has a name for a path, or with `below` for what lies under it. */
static bool has_name(struct arena *mem, const struct register_def *def, struct str path, bool below)
{
    const struct value *names = value_get(def->yaml, "source_names"),
                       *constants = constants_of(def);
    struct str head = str_printf(mem, "%.*s.", STR_ARG(path));

    for (size_t i = 0; i < value_count(names); i++) {
        struct str name = value_as_text(value_at(names, i));
        if (below ? str_starts(name, head) : str_eq(name, path))
            return true;
    }
    for (size_t i = 0; i < value_count(constants); i++) {
        struct str name = value_key_at(constants, i);
        if (below ? str_starts(name, head) : str_eq(name, path))
            return true;
    }
    return !below && str_eq(def->id, path);
}

static bool any_has_name(struct data *d, struct str path, bool below)
{
    const struct registers *registers = d->in->rs->registers;

    for (size_t i = 0; i < registers->n; i++)
        if (!registers->items[i].is_not &&
            has_name(d->in->cx->mem, &registers->items[i], path, below))
            return true;
    return false;
}

/* Once for each key of a register: it would be said for every line. */
static void not_taken(struct data *d, struct str where, struct str key)
{
    struct arena *mem = d->in->cx->mem;
    struct str name = str_printf(mem, "%.*s.%.*s", STR_ARG(where), STR_ARG(key));

    if (where.n == 0)
        name = key;
    else if (any_has_name(d, str_printf(mem, "%.*s.%.*s", STR_ARG(d->path), STR_ARG(key)), false))
        return; /* it is taken by itself */
    if (dict_has(d->told, name))
        return;
    dict_set(d->told, name, d);
    incoming_skip(d->in, str_printf(mem, "%.*s, %.*s", STR_ARG(d->file), STR_ARG(name)),
                  str_of(_("No register and no field takes it.")));
}

/* ---- lines ---- */

static int fill(struct data *d, struct plan_line *line, const struct value *map, struct str prefix,
                unsigned depth);

static bool is_words(const struct register_field *field)
{
    return field->type == REGISTER_TEXT || field->type == REGISTER_LONG_TEXT ||
           field->type == REGISTER_MARKDOWN;
}

/* Several texts for a field that takes one: one a line. */
static struct value *as_text(struct data *d, const struct value *v)
{
    struct buf out = buf_new(d->in->cx->mem);

    if (value_type(v) == VALUE_MAP) {
        value_json(&out, v, 0);
        return value_text(d->in->cx->mem, buf_str(&out));
    }
    for (size_t i = 0; i < value_count(v); i++) {
        const struct value *item = value_at(v, i);
        if (i > 0)
            buf_char(&out, '\n');
        if (value_type(item) == VALUE_MAP || value_type(item) == VALUE_LIST)
            value_json(&out, item, 0);
        else
            buf_add(&out, value_print(d->in->cx->mem, item));
    }
    return value_text(d->in->cx->mem, buf_str(&out));
}

/* Choices as data has them; what is none stays, and is rejected with what would do. */
static struct value *as_choice(struct data *d, const struct register_field *field,
                               const struct value *v)
{
    struct arena *mem = d->in->cx->mem;
    struct str text = value_type(v) == VALUE_BOOL ? value_as_bool(v) ? STR("true") : STR("false")
                                                  : value_print(mem, v);
    const struct register_choice *choice;

    if (value_type(v) == VALUE_LIST) {
        struct value *list = value_list(mem);
        for (size_t i = 0; i < value_count(v); i++)
            value_push(list, as_choice(d, field, value_at(v, i)));
        return list;
    }
    choice = register_choice_named(mem, field, text);
    if (choice == NULL)
        return value_type(v) == VALUE_BOOL ? value_text(mem, text) : (struct value *)(uintptr_t)v;
    return value_text(mem, choice->id);
}

/* What a field takes of what data has for it. */
static const struct value *as_taken(struct data *d, const struct register_field *field,
                                    const struct value *v)
{
    bool nested = value_type(v) == VALUE_LIST || value_type(v) == VALUE_MAP;

    if (is_nothing(v))
        return v;
    if (field->choice_n > 0)
        return as_choice(d, field, v);
    if (nested && is_words(field))
        return as_text(d, v);
    return value_type(v) == VALUE_BOOL && is_words(field)
               ? value_text(d->in->cx->mem, value_print(d->in->cx->mem, v))
               : v;
}

/* A line that is a map; of another value, and of a key above, what stands under "=value" and
 * "=key".
 */
static int fill_line(struct data *d, struct plan_line *line, const struct value *v, struct str key,
                     unsigned depth)
{
    struct arena *mem = d->in->cx->mem;
    struct value *own = value_map(mem);

    if (key.n > 0)
        value_set_text(own, KEY, key);
    if (value_type(v) != VALUE_MAP)
        value_set(own, VALUE, (struct value *)(uintptr_t)v);
    TRY(fill(d, line, own, STR_NONE, depth + 1));
    return value_type(v) == VALUE_MAP ? fill(d, line, v, STR_NONE, depth + 1) : 0;
}

static void set_constants(struct data *d, struct plan_line *line, const struct value *constants)
{
    for (size_t i = 0; i < value_count(constants); i++) {
        const struct register_field *field = register_field(line->def, value_key_at(constants, i));
        if (field != NULL)
            plan_cell_add(d->in->plan, line, field, field->label)->value = value_at(constants, i);
    }
}

static int set_rows(struct data *d, struct plan_line *line, const struct register_field *field,
                    const struct value *v, const struct value *constants, unsigned depth)
{
    bool list = value_type(v) == VALUE_LIST;
    size_t n = value_count(v);

    for (size_t i = 0; i < n; i++) {
        struct plan_cell *cell = plan_cell_add(d->in->plan, line, field, field->label);
        struct plan_line *inner = plan_inner_add(d->in->plan, cell, field->of, &line->at);
        set_constants(d, inner, constants);
        TRY(fill_line(d, inner, value_at(v, i), list ? STR_NONE : value_key_at(v, i), depth));
    }
    return 0;
}

static int set_cell(struct data *d, struct plan_line *line, const struct register_field *field,
                    const struct value *v, const struct value *constants, struct str key,
                    unsigned depth)
{
    bool nested = value_type(v) == VALUE_LIST || value_type(v) == VALUE_MAP;

    if (field->type == REGISTER_ROWS && nested)
        return set_rows(d, line, field, v, constants, depth);
    struct plan_cell *cell = plan_cell_add(d->in->plan, line, field, key);
    if (value_type(cell->value) != VALUE_NULL && is_nothing(v))
        return 0;
    cell->value = as_taken(d, field, v);
    return 0;
}

static int fill_key(struct data *d, struct plan_line *line, struct str key, struct str path,
                    const struct value *v, unsigned depth)
{
    const struct value *constants;
    const struct register_field *field = field_of(line->def, path, &constants);
    bool is_ref = str_is(path, "ref") || (str_is(path, "id") && field == NULL) ||
                  (field != NULL && str_is(field->id, "ref"));

    if (is_ref && value_type(v) != VALUE_LIST && value_type(v) != VALUE_MAP) {
        line->ref = value_print(d->in->cx->mem, v);
        return 0;
    }
    if (field != NULL)
        return set_cell(d, line, field, v, constants, key, depth);
    if (value_type(v) == VALUE_MAP)
        return fill(d, line, v, path, depth + 1);
    if (!is_nothing(v) && !str_is(path, KEY))
        not_taken(d, line->def->id, path);
    return 0;
}

static int fill(struct data *d, struct plan_line *line, const struct value *map, struct str prefix,
                unsigned depth)
{
    struct arena *mem = d->in->cx->mem;

    if (depth > DEPTH)
        return fail(d->in->cx, RC_LIMIT, NULL, _("%.*s nests deeper than %u."), STR_ARG(d->file),
                    DEPTH);
    for (size_t i = 0; i < value_count(map); i++) {
        struct str key = value_key_at(map, i);
        struct str path =
            prefix.n > 0 ? str_printf(mem, "%.*s.%.*s", STR_ARG(prefix), STR_ARG(key)) : key;
        TRY(fill_key(d, line, key, path, value_at(map, i), depth));
    }
    return ctx_check(d->in->cx);
}

/* ---- registers by key ---- */

/* Whether the register has a name for something that is below a map: then the map is no line. */
static bool is_taken_below(struct data *d, const struct register_def *def, const struct value *v,
                           struct str path)
{
    struct arena *mem = d->in->cx->mem;

    for (size_t i = 0; value_type(v) == VALUE_MAP && i < value_count(v); i++)
        if (has_name(mem, def,
                     str_printf(mem, "%.*s.%.*s", STR_ARG(path), STR_ARG(value_key_at(v, i))),
                     false))
            return true;
    return false;
}

static int add_line(struct data *d, const struct register_def *def, const struct value *v,
                    struct str path, struct str key, size_t n)
{
    struct arena *mem = d->in->cx->mem;
    struct plan_line *line;
    struct plan_place at = {.file = d->file};

    at.place = n > 0       ? str_printf(mem, "%.*s[%zu]", STR_ARG(path), n)
               : key.n > 0 ? str_printf(mem, "%.*s.%.*s", STR_ARG(path), STR_ARG(key))
                           : path;
    TRY(plan_line_add(d->in->plan, def, &at, &line));
    set_constants(d, line, value_get(constants_of(def), str_z(mem, path)));
    return fill_line(d, line, v, key, 0);
}

static bool holds_maps(const struct value *v)
{
    for (size_t i = 0; i < value_count(v); i++)
        if (value_type(value_at(v, i)) != VALUE_MAP)
            return false;
    return value_count(v) > 0;
}

static int take(struct data *d, const struct register_def *def, const struct value *v,
                struct str path)
{
    if (value_type(v) == VALUE_LIST) {
        for (size_t i = 0; i < value_count(v); i++)
            TRY(add_line(d, def, value_at(v, i), path, STR_NONE, i + 1));
        return 0;
    }
    if (value_type(v) != VALUE_MAP || def->single || !holds_maps(v))
        return add_line(d, def, v, path, STR_NONE, 0);
    for (size_t i = 0; i < value_count(v); i++)
        TRY(add_line(d, def, value_at(v, i), path, value_key_at(v, i), 0));
    return 0;
}

static bool names_value(const struct value *constants)
{
    for (size_t i = 0; i < value_count(constants); i++)
        if (value_is_text(value_at(constants, i), VALUE))
            return true;
    return false;
}

/* A line with what a register says of a key: "=value" is what stands there. */
static int add_constants(struct data *d, const struct register_def *def, const struct value *fields,
                         const struct value *v, struct str path)
{
    struct plan_place at = {.file = d->file, .place = path};
    struct plan_line *line;

    TRY(plan_line_add(d->in->plan, def, &at, &line));
    for (size_t i = 0; i < value_count(fields); i++) {
        const struct register_field *field = register_field(def, value_key_at(fields, i));
        const struct value *is = value_at(fields, i);
        if (field != NULL)
            plan_cell_add(d->in->plan, line, field, field->label)->value =
                value_is_text(is, VALUE) ? v : is;
    }
    return 0;
}

static int take_constants(struct data *d, const struct register_def *def, const struct value *v,
                          struct str path)
{
    const struct value *constants = constants_of(def);

    for (size_t i = 0; i < value_count(constants); i++) {
        if (!str_eq(value_key_at(constants, i), path) || !names_value(value_at(constants, i)))
            continue;
        if (value_type(v) != VALUE_LIST)
            return add_constants(d, def, value_at(constants, i), v, path);
        for (size_t k = 0; k < value_count(v); k++)
            TRY(add_constants(d, def, value_at(constants, i), value_at(v, k), path));
        return 0;
    }
    return take(d, def, v, path);
}

static int walk(struct data *d, const struct value *map, struct str prefix, bool told);

/* `told`: what stands above is a line, which says itself what it does not take. */
static int take_key(struct data *d, struct str path, const struct value *v, bool told)
{
    const struct registers *registers = d->in->rs->registers;
    bool taken = false;

    d->path = path;
    for (size_t i = 0; i < registers->n; i++) {
        const struct register_def *def = &registers->items[i];
        if (def->is_not || def->part_of.n > 0 || !has_name(d->in->cx->mem, def, path, false) ||
            is_taken_below(d, def, v, path))
            continue;
        taken = true;
        TRY(take_constants(d, def, v, path));
    }
    if (value_type(v) == VALUE_MAP && any_has_name(d, path, true))
        return walk(d, v, path, taken);
    if (!taken && !told && !is_nothing(v))
        not_taken(d, STR_NONE, path);
    return 0;
}

static int walk(struct data *d, const struct value *map, struct str prefix, bool told)
{
    for (size_t i = 0; i < value_count(map); i++) {
        struct str key = value_key_at(map, i);
        struct str path =
            prefix.n > 0 ? str_printf(d->in->cx->mem, "%.*s.%.*s", STR_ARG(prefix), STR_ARG(key))
                         : key;
        TRY(take_key(d, path, value_at(map, i), told));
    }
    return ctx_check(d->in->cx);
}

int incoming_data(struct incoming *in, struct str file, const struct value *tree)
{
    struct data d = {.in = in, .file = file, .told = dict_new(in->cx->mem)};

    if (str_is(value_get_text(tree, "format"), OUTGOING_FORMAT))
        return take_export(&d, tree);
    if (in->def != NULL && value_type(tree) == VALUE_LIST)
        return take(&d, in->def, tree, in->def->id);
    if (value_type(tree) != VALUE_MAP)
        return fail(in->cx, RC_INVALID, NULL,
                    _("%.*s holds no registers: a map from register to its lines is wanted, or a "
                      "list with --register."),
                    STR_ARG(file));
    return walk(&d, tree, STR_NONE, false);
}
