/* Definitions: registers/ID.yaml, checked key by key. */
#include "register/internal.h"

#define FOLDER "registers/"
#define NOT_FOLDER "registers/not/"
#define WORDS_FILE "registers/words.yaml"

struct loader {
    struct ctx *cx;
    const char *file;
    struct registers *all;
    struct register_def *def;
    struct register_vocabulary *words;
    size_t room;
};

enum wanted { TEXT, TEXTS, MAP, WORDS, ANY };

struct key {
    const char *name;
    enum wanted wanted;
    bool optional;
};

static const struct key def_keys[] = {
    {"id", TEXT, false},     {"title", TEXT, false},        {"source_names", TEXTS, true},
    {"kinds", TEXTS, true},  {"requirements", TEXTS, true}, {"names", WORDS, false},
    {"needs", ANY, false},   {"against", WORDS, true},      {"not_in", WORDS, true},
    {"heading", TEXT, true}, {"group", TEXT, true},         {"known_by", TEXTS, true},
    {"fields", MAP, false},  {"example", MAP, true},        {NULL, TEXT, true}};

static const struct key field_keys[] = {{"type", TEXT, false},     {"label", TEXT, false},
                                        {"headers", WORDS, false}, {"groups", WORDS, true},
                                        {"choices", MAP, true},    {"to", TEXT, true},
                                        {"again", TEXT, true},     {"steps", ANY, true},
                                        {"personal", ANY, true},   {NULL, TEXT, true}};

static const struct key language_keys[] = {
    {"en", TEXTS, true}, {"fr", TEXTS, true}, {"de", TEXTS, true}, {NULL, TEXT, true}};

static const char *const type_names[] = {
    [REGISTER_TEXT] = "text",
    [REGISTER_LONG_TEXT] = "long_text",
    [REGISTER_INTEGER] = "integer",
    [REGISTER_DECIMAL] = "decimal",
    [REGISTER_DATE] = "date",
    [REGISTER_YES_NO] = "yes_no",
    [REGISTER_CHOICE] = "choice",
    [REGISTER_MANY_CHOICE] = "many_choice",
    [REGISTER_SCORE] = "score",
    [REGISTER_PERSON] = "person",
    [REGISTER_PEOPLE] = "people",
    [REGISTER_REFERENCE] = "reference",
    [REGISTER_REFERENCES] = "references",
    [REGISTER_MARKDOWN] = "markdown",
    [REGISTER_INSTANT] = "instant",
    [REGISTER_FILE] = "file",
    [REGISTER_ROWS] = "rows",
};

/* Columns that every register's table has. */
static const char *const own_columns[] = {"id",    "document", "register_table", "n",    "sample",
                                          "path",  "place",    "heading",        "page", "line",
                                          "sheet", "row",      "quote"};

static int bad(const struct loader *l, const struct value *at, const char *what, struct str name)
{
    return fail(l->cx, RC_INVALID, l->file, "%s:%u: %s \"%.*s\".", l->file, value_line(at), what,
                STR_ARG(name));
}

static bool is_id(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '_')
            return false;
    return s.n > 0 && s.n < 48 && s.p[0] >= 'a' && !str_has(s, "__");
}

static int check_texts(const struct loader *l, const struct value *list, struct str key)
{
    if (value_type(list) != VALUE_LIST)
        return bad(l, list, "a list is wanted for", key);
    for (size_t i = 0; i < value_count(list); i++)
        if (value_type(value_at(list, i)) != VALUE_TEXT)
            return bad(l, value_at(list, i), "only texts (perhaps in quotes) are taken in", key);
    return 0;
}

static int check_map(const struct loader *l, const struct value *map, const struct key *keys,
                     struct str name);

static int check_value(const struct loader *l, const struct value *v, const struct key *key)
{
    struct str name = str_of(key->name);

    switch (key->wanted) {
    case TEXT:
        return value_type(v) == VALUE_TEXT ? 0 : bad(l, v, "text is wanted for", name);
    case TEXTS:
        return check_texts(l, v, name);
    case MAP:
        return value_type(v) == VALUE_MAP ? 0 : bad(l, v, "a map is wanted for", name);
    case WORDS: /* in one list where their language does not matter */
        if (value_type(v) == VALUE_LIST)
            return check_texts(l, v, name);
        return check_map(l, v, language_keys, name);
    case ANY:
        break;
    }
    return 0;
}

static int check_map(const struct loader *l, const struct value *map, const struct key *keys,
                     struct str name)
{
    if (value_type(map) != VALUE_MAP)
        return bad(l, map, "a map is wanted for", name);
    for (size_t i = 0; i < value_count(map); i++) {
        const struct key *key = keys;
        while (key->name != NULL && !str_is(value_key_at(map, i), key->name))
            key++;
        if (key->name == NULL)
            return bad(l, value_at(map, i), "unknown key", value_key_at(map, i));
        TRY(check_value(l, value_at(map, i), key));
    }
    for (const struct key *key = keys; key->name != NULL; key++)
        if (!key->optional && value_get(map, key->name) == NULL)
            return bad(l, map, "missing key", str_of(key->name));
    return 0;
}

/* ---- words ---- */

static void load_list(struct loader *l, const struct value *list, struct register_words **ret,
                      size_t *n, size_t *room)
{
    for (size_t i = 0; i < value_count(list); i++) {
        struct register_words words;
        words_learn(l->cx, l->words, value_as_text(value_at(list, i)), &words);
        if (words.n > 0)
            *ARENA_PUSH(l->cx->mem, *ret, *n, *room) = words;
    }
}

/* Of all languages together: people mix them. */
static void load_words(struct loader *l, const struct value *languages, struct register_words **ret,
                       size_t *ret_n)
{
    size_t n = 0, room = 0;

    *ret = NULL;
    if (value_type(languages) == VALUE_LIST)
        load_list(l, languages, ret, &n, &room);
    for (size_t i = 0; value_type(languages) == VALUE_MAP && i < value_count(languages); i++)
        load_list(l, value_at(languages, i), ret, &n, &room);
    *ret_n = n;
}

/* ---- fields ---- */

static int load_choices(struct loader *l, const struct value *map, struct register_field *field)
{
    bool wanted = field->type == REGISTER_CHOICE || field->type == REGISTER_MANY_CHOICE;

    if (wanted != (value_count(map) > 0))
        return bad(l, map != NULL ? map : l->def->yaml,
                   wanted ? "choices are wanted for" : "only a choice has choices:", field->id);
    field->choices = arena_array(l->cx->mem, value_count(map) + 1, sizeof *field->choices);
    for (size_t i = 0; i < value_count(map); i++) {
        struct register_choice *choice = &field->choices[field->choice_n++];
        choice->id = value_key_at(map, i);
        if (!is_id(choice->id))
            return bad(l, value_at(map, i), "no id of a choice (a-z, 0-9, _):", choice->id);
        TRY(check_map(l, value_at(map, i), language_keys, choice->id));
        load_words(l, value_at(map, i), &choice->says, &choice->n);
    }
    return 0;
}

static int load_type(struct loader *l, const struct value *yaml, struct register_field *field)
{
    struct str type = value_get_text(yaml, "type");
    bool reference;

    for (size_t i = 0; i < COUNT_OF(type_names); i++) {
        if (!str_is(type, type_names[i]))
            continue;
        field->type = (enum register_type)i;
        reference = i == REGISTER_REFERENCE || i == REGISTER_REFERENCES;
        if (reference != (field->to.n > 0))
            return bad(
                l, yaml,
                reference ? "\"to\" is missing in" : "only references have a \"to\":", field->id);
        return 0;
    }
    return bad(l, value_get(yaml, "type"), "no such type:", type);
}

static int load_field(struct loader *l, struct str id, const struct value *yaml)
{
    struct register_field *field = &l->def->fields[l->def->field_n];

    if (!is_id(id))
        return bad(l, yaml, "no id of a field (a-z, 0-9, _):", id);
    for (size_t i = 0; i < COUNT_OF(own_columns); i++)
        if (str_is(id, own_columns[i]))
            return bad(l, yaml, "every register's table has this column already:", id);
    TRY(check_map(l, yaml, field_keys, id));
    *field = (struct register_field){.id = id,
                                     .label = value_get_text(yaml, "label"),
                                     .to = value_get_text(yaml, "to"),
                                     .again = value_get_text(yaml, "again"),
                                     .steps = value_get_bool(yaml, "steps"),
                                     .at = l->def->field_n++};
    TRY(load_type(l, yaml, field));
    TRY(load_choices(l, value_get(yaml, "choices"), field));
    load_words(l, value_get(yaml, "headers"), &field->headers, &field->header_n);
    load_words(l, value_get(yaml, "groups"), &field->groups, &field->group_n);
    return 0;
}

static int load_fields(struct loader *l, const struct value *fields)
{
    size_t n = value_count(fields);

    if (n == 0 || n > REGISTER_FIELDS)
        return bad(l, fields, "no or too many fields in", l->def->id);
    l->def->fields = arena_array(l->cx->mem, n, sizeof *l->def->fields);
    for (size_t i = 0; i < n; i++)
        TRY(load_field(l, value_key_at(fields, i), value_at(fields, i)));
    for (size_t i = 0; i < n; i++)
        if (l->def->fields[i].again.n > 0 &&
            register_field(l->def, l->def->fields[i].again) == NULL)
            return bad(l, value_at(fields, i), "no such field:", l->def->fields[i].again);
    return 0;
}

/* ---- the whole of one ---- */

static int load_group(struct loader *l, const struct value *names, struct register_group *ret)
{
    for (size_t k = 0; k < value_count(names) && k < REGISTER_FIELDS; k++) {
        struct str id = value_as_text(value_at(names, k));
        const struct register_field *field = register_field(l->def, id);
        if (field == NULL)
            return bad(l, value_at(names, k), "no such field:", id);
        ret->items[ret->n++] = field->at;
    }
    return 0;
}

static int load_needs(struct loader *l, const struct value *needs)
{
    l->def->needs = arena_array(l->cx->mem, value_count(needs) + 1, sizeof *l->def->needs);
    if (value_type(needs) != VALUE_LIST || value_count(needs) == 0)
        return bad(l, needs, "a list of lists of fields is", STR("needs"));
    for (size_t i = 0; i < value_count(needs); i++) {
        const struct value *names = value_at(needs, i);
        struct register_group *group = &l->def->needs[l->def->need_n++];
        TRY(check_texts(l, names, STR("needs")));
        TRY(load_group(l, names, group));
    }
    return 0;
}

static int load_place(struct loader *l, const char *key, const struct register_field **ret)
{
    struct str id = value_get_text(l->def->yaml, key);

    *ret = id.n > 0 ? register_field(l->def, id) : NULL;
    return id.n == 0 || *ret != NULL ? 0
                                     : bad(l, value_get(l->def->yaml, key), "no such field:", id);
}

static int check_example(const struct loader *l)
{
    const struct value *example = value_get(l->def->yaml, "example");

    for (size_t i = 0; i < value_count(example); i++)
        if (register_field(l->def, value_key_at(example, i)) == NULL)
            return bad(l, value_at(example, i), "no such field:", value_key_at(example, i));
    return 0;
}

static int load_def(struct loader *l, const struct content_file *file, bool is_not)
{
    struct value *yaml;
    struct str id, folder = str_of(is_not ? NOT_FOLDER : FOLDER);

    l->file = file->name;
    TRY(yaml_parse(l->cx, file->name, (struct str){(const char *)file->bytes, file->n}, &yaml));
    TRY(check_map(l, yaml, def_keys, str_of(file->name)));
    id = value_get_text(yaml, "id");
    if (!is_id(id) || !str_eq(str_printf(l->cx->mem, "%.*s%.*s.yaml", STR_ARG(folder), STR_ARG(id)),
                              str_of(file->name)))
        return bad(l, value_get(yaml, "id"), "the file's name is not this id (a-z, 0-9, _):", id);
    if (registers_find(l->all, id) != NULL)
        return bad(l, yaml, "this register is there twice:", id);
    l->def = ARENA_PUSH(l->cx->mem, l->all->items, l->all->n, l->room);
    *l->def = (struct register_def){.id = id,
                                    .title = value_get_text(yaml, "title"),
                                    .is_not = is_not,
                                    .file = file->name,
                                    .yaml = yaml};
    load_words(l, value_get(yaml, "names"), &l->def->names, &l->def->name_n);
    load_words(l, value_get(yaml, "against"), &l->def->against, &l->def->against_n);
    load_words(l, value_get(yaml, "not_in"), &l->def->not_in, &l->def->not_in_n);
    TRY(load_fields(l, value_get(yaml, "fields")));
    TRY(load_needs(l, value_get(yaml, "needs")));
    TRY(load_group(l, value_get(yaml, "known_by"), &l->def->known_by));
    TRY(load_place(l, "heading", &l->def->heading));
    TRY(load_place(l, "group", &l->def->group));
    return check_example(l);
}

static int check_references(struct loader *l)
{
    for (size_t i = 0; i < l->all->n; i++) {
        const struct register_def *def = &l->all->items[i];
        l->file = def->file;
        for (size_t f = 0; f < def->field_n; f++) {
            const struct register_def *to = registers_find(l->all, def->fields[f].to);
            if (def->fields[f].to.n > 0 && !str_is(def->fields[f].to, REGISTER_CONTROL) &&
                (to == NULL || to->is_not))
                return bad(l, value_at(value_get(def->yaml, "fields"), f),
                           "no such register:", def->fields[f].to);
        }
    }
    return 0;
}

static int load_folder(struct loader *l, const struct content *content, bool is_not)
{
    const char *head = is_not ? NOT_FOLDER : FOLDER;
    const struct content_file *file;
    size_t at = 0;

    while ((file = content_next(content, head, ".yaml", &at)) != NULL) {
        bool inner = str_starts(str_of(file->name), str_of(NOT_FOLDER));
        if (inner == is_not && !str_is(str_of(file->name), WORDS_FILE))
            TRY(load_def(l, file, is_not));
    }
    return 0;
}

int registers_load(struct ctx *cx, const struct content *content, const struct registers **ret)
{
    struct registers *all = ARENA_NEW(cx->mem, struct registers);
    struct loader l = {.cx = cx, .all = all};

    TRY(words_load(cx, content, &all->words));
    l.words = all->words;
    TRY(load_folder(&l, content, false));
    TRY(load_folder(&l, content, true));
    TRY(check_references(&l));
    words_seal(cx, all->words, all);
    *ret = all;
    return 0;
}

const struct register_def *registers_find(const struct registers *registers, struct str id)
{
    for (size_t i = 0; i < registers->n; i++)
        if (str_eq(registers->items[i].id, id))
            return &registers->items[i];
    return NULL;
}

const struct register_field *register_field(const struct register_def *def, struct str id)
{
    for (size_t i = 0; i < def->field_n; i++)
        if (str_eq(def->fields[i].id, id))
            return &def->fields[i];
    return NULL;
}
