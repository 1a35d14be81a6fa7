/* Definitions: registers/ID.yaml, checked key by key. */
#include "register/loading.h"

#define FOLDER "registers/"
#define NOT_FOLDER "registers/not/"
#define OWN_FOLDER "registers/own/"
#define WORDS_FILE "registers/words.yaml"

enum wanted { TEXT, TEXTS, MAP, LIST, TRUTH, NUMBER, WORDS, ANY };

struct key {
    const char *name;
    enum wanted wanted;
    bool optional;
};

static const struct key def_keys[] = {{"id", TEXT, false},
                                      {"title", TEXT, false},
                                      {"source_names", TEXTS, true},
                                      {"kinds", TEXTS, true},
                                      {"requirements", TEXTS, true},
                                      {"names", WORDS, true},
                                      {"needs", ANY, true},
                                      {"against", WORDS, true},
                                      {"not_in", WORDS, true},
                                      {"heading", TEXT, true},
                                      {"group", TEXT, true},
                                      {"known_by", TEXTS, true},
                                      {"told_apart_by", TEXT, true},
                                      {"fields", MAP, false},
                                      {"example", MAP, true},
                                      {"help", TEXT, true},
                                      {"single", TRUTH, true},
                                      {"part_of", TEXT, true},
                                      {"ref", MAP, true},
                                      {"key", TEXTS, true},
                                      {"list", TEXTS, true},
                                      {"subject", TEXT, true},
                                      {"shows", TEXTS, true},
                                      {"audit", MAP, true},
                                      {"due", MAP, true},
                                      {"states", MAP, true},
                                      {"guards", LIST, true},
                                      {"judged_as", TEXT, true},
                                      {"faces", MAP, true},
                                      {"next", LIST, true},
                                      {"views", MAP, true},
                                      {"source_constants", MAP, true},
                                      {NULL, TEXT, true}};

static const struct key field_keys[] = {
    {"type", TEXT, false},    {"label", TEXT, false},         {"headers", WORDS, true},
    {"groups", WORDS, true},  {"choices", MAP, true},         {"to", TEXT, true},
    {"again", TEXT, true},    {"steps", TRUTH, true},         {"personal", TRUTH, true},
    {"help", TEXT, true},     {"source", LIST, true},         {"required", TRUTH, true},
    {"default", ANY, true},   {"required_when", MAP, true},   {"least", NUMBER, true},
    {"most", NUMBER, true},   {"pattern", TEXT, true},        {"unique", TRUTH, true},
    {"ordered", TRUTH, true}, {"scale", TEXT, true},          {"was", TEXT, true},
    {"computed", TEXT, true}, {"only_computed", TRUTH, true}, {"of", TEXT, true},
    {NULL, TEXT, true}};

static const struct key language_keys[] = {
    {"en", TEXTS, true}, {"fr", TEXTS, true}, {"de", TEXTS, true}, {NULL, TEXT, true}};
static const struct key choice_keys[] = {{"en", TEXTS, true},   {"fr", TEXTS, true},
                                         {"de", TEXTS, true},   {"label", TEXT, true},
                                         {"data", TEXTS, true}, {NULL, TEXT, true}};

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

const char *register_type_name(enum register_type type)
{
    return type_names[type];
}

/* Columns that every register's table has. */
static const char *const own_columns[] = {"id",   "document", "register_table", "n",      "sample",
                                          "path", "place",    "heading",        "page",   "line",
                                          "row",  "sheet",    "quote",          "parent", "rev"};

/* Tables that are no registers begin so, or are called so. */
static const char *const own_tables[] = {"record", "register_", "fact_", "schema_"};
#define OWN_TABLE "content"

/* What a standard has entries of. */
static const char *const entries[] = {REGISTER_CONTROL, "requirement", "kind", "criterion",
                                      "question"};

static bool is_entry(struct str to)
{
    for (size_t i = 0; i < COUNT_OF(entries); i++)
        if (str_is(to, entries[i]))
            return true;
    return false;
}

bool register_names_entry(const struct register_field *field)
{
    return is_entry(field->to);
}

int loading_bad(const struct loader *l, const struct value *at, const char *what, struct str name)
{
    return fail(l->cx, RC_INVALID, l->file, "%s:%u: %s \"%.*s\".", l->file, value_line(at), what,
                STR_ARG(name));
}

bool loading_is_id(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '_')
            return false;
    return s.n > 0 && s.n < 48 && s.p[0] >= 'a' && !str_has(s, "__");
}

int loading_texts(const struct loader *l, const struct value *list, struct str key)
{
    if (value_type(list) != VALUE_LIST)
        return loading_bad(l, list, "a list is wanted for", key);
    for (size_t i = 0; i < value_count(list); i++)
        if (value_type(value_at(list, i)) != VALUE_TEXT)
            return loading_bad(l, value_at(list, i), "only texts (perhaps in quotes) are taken in",
                               key);
    return 0;
}

static int check_map(const struct loader *l, const struct value *map, const struct key *keys,
                     struct str name);

static int check_value(const struct loader *l, const struct value *v, const struct key *key)
{
    struct str name = str_of(key->name);

    switch (key->wanted) {
    case TEXT:
        return value_type(v) == VALUE_TEXT ? 0 : loading_bad(l, v, "text is wanted for", name);
    case TEXTS:
        return loading_texts(l, v, name);
    case MAP:
        return value_type(v) == VALUE_MAP ? 0 : loading_bad(l, v, "a map is wanted for", name);
    case LIST:
        return value_type(v) == VALUE_LIST ? 0 : loading_bad(l, v, "a list is wanted for", name);
    case TRUTH:
        return value_type(v) == VALUE_BOOL ? 0
                                           : loading_bad(l, v, "true or false is wanted for", name);
    case NUMBER:
        return value_type(v) == VALUE_INT || value_type(v) == VALUE_DECIMAL
                   ? 0
                   : loading_bad(l, v, "a number is wanted for", name);
    case WORDS: /* in one list where their language does not matter */
        if (value_type(v) == VALUE_LIST)
            return loading_texts(l, v, name);
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
        return loading_bad(l, map, "a map is wanted for", name);
    for (size_t i = 0; i < value_count(map); i++) {
        const struct key *key = keys;
        while (key->name != NULL && !str_is(value_key_at(map, i), key->name))
            key++;
        if (key->name == NULL)
            return loading_bad(l, value_at(map, i), "unknown key", value_key_at(map, i));
        TRY(check_value(l, value_at(map, i), key));
    }
    for (const struct key *key = keys; key->name != NULL; key++)
        if (!key->optional && value_get(map, key->name) == NULL)
            return loading_bad(l, map, "missing key", str_of(key->name));
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

static bool is_language(struct str name)
{
    for (const struct key *key = language_keys; key->name != NULL; key++)
        if (str_is(name, key->name))
            return true;
    return false;
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
        if (is_language(value_key_at(languages, i)))
            load_list(l, value_at(languages, i), ret, &n, &room);
    *ret_n = n;
}

/* ---- fields ---- */

/* What people read: its label, else the first word for it, else its id. */
static struct str choice_label(struct arena *mem, const struct value *yaml, struct str id)
{
    struct str label = value_get_text(yaml, "label");
    struct buf out = buf_new(mem);

    if (label.n == 0)
        label = value_as_text(value_at(value_get(yaml, "en"), 0));
    if (label.n == 0)
        label = id;
    for (size_t i = 0; i < label.n; i++)
        buf_char(&out, label.p[i] == '_' ? ' '
                       : i == 0 && label.p[i] >= 'a' && label.p[i] <= 'z'
                           ? (char)(label.p[i] - 'a' + 'A')
                           : label.p[i]);
    return buf_str(&out);
}

static int load_choices(struct loader *l, const struct value *map, struct register_field *field)
{
    bool wanted = field->type == REGISTER_CHOICE || field->type == REGISTER_MANY_CHOICE;

    if (wanted != (value_count(map) > 0))
        return loading_bad(
            l, map != NULL ? map : l->def->yaml,
            wanted ? "choices are wanted for" : "only a choice has choices:", field->id);
    field->choices = arena_array(l->cx->mem, value_count(map) + 1, sizeof *field->choices);
    for (size_t i = 0; i < value_count(map); i++) {
        struct register_choice *choice = &field->choices[field->choice_n++];
        choice->id = value_key_at(map, i);
        if (!loading_is_id(choice->id))
            return loading_bad(l, value_at(map, i), "no id of a choice (a-z, 0-9, _):", choice->id);
        TRY(check_map(l, value_at(map, i), choice_keys, choice->id));
        choice->label = choice_label(l->cx->mem, value_at(map, i), choice->id);
        choice->data = value_get(value_at(map, i), "data");
    }
    return 0;
}

/* Words of choices: those of fields with headings before the vocabulary is sealed, others after,
 * so that they do not change what headings mean. */
static void learn_choices(struct loader *l, struct register_field *field)
{
    const struct value *yaml = value_at(value_get(l->def->yaml, "fields"), field->at),
                       *map = value_get(yaml, "choices");

    for (size_t i = 0; i < field->choice_n; i++)
        load_words(l, value_at(map, i), &field->choices[i].says, &field->choices[i].n);
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
            return loading_bad(
                l, yaml,
                reference ? "\"to\" is missing in" : "only references have a \"to\":", field->id);
        return 0;
    }
    return loading_bad(l, value_get(yaml, "type"), "no such type:", type);
}

static int load_field(struct loader *l, struct str id, const struct value *yaml)
{
    struct register_field *field = &l->def->fields[l->def->field_n];

    if (!loading_is_id(id))
        return loading_bad(l, yaml, "no id of a field (a-z, 0-9, _):", id);
    for (size_t i = 0; i < COUNT_OF(own_columns); i++)
        if (str_is(id, own_columns[i]))
            return loading_bad(l, yaml, "every register's table has this column already:", id);
    TRY(check_map(l, yaml, field_keys, id));
    *field = (struct register_field){.id = id,
                                     .label = value_get_text(yaml, "label"),
                                     .to = value_get_text(yaml, "to"),
                                     .again = value_get_text(yaml, "again"),
                                     .steps = value_get_bool(yaml, "steps"),
                                     .at = l->def->field_n++};
    TRY(load_type(l, yaml, field));
    TRY(load_choices(l, value_get(yaml, "choices"), field));
    if (!l->def->is_recognised)
        return 0;
    load_words(l, value_get(yaml, "headers"), &field->headers, &field->header_n);
    load_words(l, value_get(yaml, "groups"), &field->groups, &field->group_n);
    if (field->header_n > 0)
        learn_choices(l, field);
    return 0;
}

static int load_fields(struct loader *l, const struct value *fields)
{
    size_t n = value_count(fields);

    if (n == 0 || n > REGISTER_FIELDS)
        return loading_bad(l, fields, "no or too many fields in", l->def->id);
    l->def->fields = arena_array(l->cx->mem, n, sizeof *l->def->fields);
    for (size_t i = 0; i < n; i++)
        TRY(load_field(l, value_key_at(fields, i), value_at(fields, i)));
    for (size_t i = 0; i < n; i++)
        if (l->def->fields[i].again.n > 0 &&
            register_field(l->def, l->def->fields[i].again) == NULL)
            return loading_bad(l, value_at(fields, i), "no such field:", l->def->fields[i].again);
    for (size_t i = 0; i < n; i++)
        TRY(loading_kept_field(l, &l->def->fields[i]));
    return 0;
}

/* ---- the whole of one ---- */

int loading_group(const struct loader *l, const struct value *names, struct register_group *ret)
{
    for (size_t k = 0; k < value_count(names) && k < REGISTER_FIELDS; k++) {
        struct str id = value_as_text(value_at(names, k));
        const struct register_field *field = register_field(l->def, id);
        if (field == NULL)
            return loading_bad(l, value_at(names, k), "no such field:", id);
        ret->items[ret->n++] = field->at;
    }
    return 0;
}

static int load_needs(struct loader *l, const struct value *needs)
{
    if (needs == NULL && !l->def->is_recognised)
        return 0;
    l->def->needs = arena_array(l->cx->mem, value_count(needs) + 1, sizeof *l->def->needs);
    if (value_type(needs) != VALUE_LIST || value_count(needs) == 0)
        return loading_bad(l, needs, "a list of lists of fields is", STR("needs"));
    for (size_t i = 0; i < value_count(needs); i++) {
        const struct value *names = value_at(needs, i);
        struct register_group *group = &l->def->needs[l->def->need_n++];
        TRY(loading_texts(l, names, STR("needs")));
        TRY(loading_group(l, names, group));
    }
    return 0;
}

static int load_place(struct loader *l, const char *key, const struct register_field **ret)
{
    struct str id = value_get_text(l->def->yaml, key);

    *ret = id.n > 0 ? register_field(l->def, id) : NULL;
    return id.n == 0 || *ret != NULL
               ? 0
               : loading_bad(l, value_get(l->def->yaml, key), "no such field:", id);
}

static int check_example(const struct loader *l)
{
    const struct value *example = value_get(l->def->yaml, "example");

    for (size_t i = 0; i < value_count(example); i++)
        if (register_field(l->def, value_key_at(example, i)) == NULL)
            return loading_bad(l, value_at(example, i), "no such field:", value_key_at(example, i));
    return 0;
}

/* Its file's name, and a table of its own. */
static int check_id(const struct loader *l, const struct value *yaml, bool is_not)
{
    struct str id = value_get_text(yaml, "id"), folder = str_of(is_not ? NOT_FOLDER : FOLDER),
               own = str_printf(l->cx->mem, OWN_FOLDER "%.*s.yaml", STR_ARG(id));

    if (!loading_is_id(id) ||
        (!str_eq(str_printf(l->cx->mem, "%.*s%.*s.yaml", STR_ARG(folder), STR_ARG(id)),
                 str_of(l->file)) &&
         !str_eq(own, str_of(l->file))))
        return loading_bad(l, value_get(yaml, "id"),
                           "the file's name is not this id (a-z, 0-9, _):", id);
    for (size_t i = 0; i < COUNT_OF(own_tables); i++)
        if (str_starts(id, str_of(own_tables[i])) || str_is(id, OWN_TABLE) || is_entry(id))
            return loading_bad(l, value_get(yaml, "id"), "no register may be called so:", id);
    if (registers_find(l->all, id) != NULL)
        return loading_bad(l, yaml, "this register is there twice:", id);
    return 0;
}

static void begin_def(struct loader *l, const struct value *yaml, bool is_not)
{
    struct register_def *def = ARENA_PUSH(l->cx->mem, l->all->items, l->all->n, l->room);

    *def = (struct register_def){.id = value_get_text(yaml, "id"),
                                 .title = value_get_text(yaml, "title"),
                                 .judged_as = value_get_text(yaml, "judged_as"),
                                 .is_not = is_not,
                                 .is_recognised = is_not || value_get(yaml, "names") != NULL,
                                 .custom = str_starts(str_of(l->file), STR(OWN_FOLDER)),
                                 .file = l->file,
                                 .yaml = yaml};
    if (def->judged_as.n == 0)
        def->judged_as = def->id;
    l->def = def;
}

/* Of a register whose tables are looked for. */
static int load_names(struct loader *l, const struct value *yaml)
{
    load_words(l, value_get(yaml, "names"), &l->def->names, &l->def->name_n);
    load_words(l, value_get(yaml, "against"), &l->def->against, &l->def->against_n);
    load_words(l, value_get(yaml, "not_in"), &l->def->not_in, &l->def->not_in_n);
    if (l->def->is_recognised && (value_get(yaml, "needs") == NULL || l->def->name_n == 0))
        return loading_bad(l, yaml, "missing key",
                           l->def->name_n == 0 ? STR("names") : STR("needs"));
    return 0;
}

static int load_def(struct loader *l, const struct content_file *file, bool is_not)
{
    struct value *yaml;

    l->file = file->name;
    TRY(yaml_parse(l->cx, file->name, (struct str){(const char *)file->bytes, file->n}, &yaml));
    TRY(check_map(l, yaml, def_keys, str_of(file->name)));
    TRY(check_id(l, yaml, is_not));
    begin_def(l, yaml, is_not);
    TRY(loading_extend(l, yaml));
    TRY(load_names(l, yaml));
    TRY(load_fields(l, value_get(yaml, "fields")));
    TRY(load_needs(l, value_get(yaml, "needs")));
    TRY(loading_group(l, value_get(yaml, "known_by"), &l->def->known_by));
    TRY(load_place(l, "told_apart_by", &l->def->apart));
    TRY(load_place(l, "heading", &l->def->heading));
    TRY(load_place(l, "group", &l->def->group));
    TRY(loading_kept(l));
    return check_example(l);
}

static int check_references(struct loader *l)
{
    for (size_t i = 0; i < l->all->n; i++) {
        const struct register_def *def = &l->all->items[i];
        l->file = def->file;
        for (size_t f = 0; f < def->field_n; f++) {
            const struct register_def *to = registers_find(l->all, def->fields[f].to);
            if (def->fields[f].to.n > 0 && !register_names_entry(&def->fields[f]) &&
                (to == NULL || to->is_not))
                return loading_bad(l, value_at(value_get(def->yaml, "fields"), f),
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
        if (inner == is_not && !str_is(str_of(file->name), WORDS_FILE) &&
            !loading_is_extension(l, file->name))
            TRY(load_def(l, file, is_not));
    }
    return 0;
}

/* Choices of fields without headings. */
static void learn_rest(struct loader *l)
{
    for (size_t i = 0; i < l->all->n; i++) {
        l->def = &l->all->items[i];
        for (size_t f = 0; f < l->def->field_n; f++)
            if (l->def->fields[f].header_n == 0)
                learn_choices(l, &l->def->fields[f]);
    }
}

int registers_load(struct ctx *cx, const struct content *content, const struct registers **ret)
{
    struct registers *all = ARENA_NEW(cx->mem, struct registers);
    struct loader l = {.cx = cx, .all = all};

    TRY(words_load(cx, content, &all->words));
    l.words = all->words;
    TRY(loading_extensions(&l, content));
    TRY(load_folder(&l, content, false));
    TRY(load_folder(&l, content, true));
    TRY(loading_extended(&l));
    TRY(check_references(&l));
    TRY(loading_links(&l));
    TRY(loading_faces(&l));
    TRY(loading_next(&l));
    words_seal(cx, all->words, all);
    learn_rest(&l);
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
