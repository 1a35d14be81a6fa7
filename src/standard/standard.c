#include "standard/standard.h"

#include <string.h>

#include "standard/keys.h"

struct loader {
    struct ctx *cx;
    struct standard *standard;
};

static int bad(struct loader *l, const char *file, const struct value *at, const char *what,
               struct str name)
{
    return fail(l->cx, RC_INVALID, file, "%s:%u: %s \"%.*s\".", file, value_line(at), what,
                STR_ARG(name));
}

static int add_entry(struct loader *l, const char *file, const struct value *yaml,
                     enum entry_type type, struct entries *into)
{
    struct standard *s = l->standard;
    struct str id = value_get_text(yaml, "id");

    TRY(keys_check_entry(l->cx, file, yaml, type));
    if (id.n == 0)
        return bad(l, file, yaml, "an id cannot be", id);
    if (dict_has(s->by_id, id))
        return bad(l, file, yaml, "this id is there twice:", id);
    (void)ARENA_PUSH(l->cx->mem, into->items, into->n, into->room);
    into->items[into->n - 1] =
        (struct entry){.type = type,
                       .id = id,
                       .title = value_get_text(yaml, type == ENTRY_CRITERION  ? "criterion"
                                                     : type == ENTRY_QUESTION ? "question"
                                                                              : "title"),
                       .yaml = yaml,
                       .file = file};
    dict_set(s->by_id, id, yaml); /* replaced by the entry once none moves any more */
    return 0;
}

static int parse(struct loader *l, const struct content_file *file, struct value **ret)
{
    return yaml_parse(l->cx, file->name, (struct str){(const char *)file->bytes, file->n}, ret);
}

/* Every file of the folder whose name begins with `head` holds a list under `key`. */
static int load_lists(struct loader *l, const char *head, const char *key, enum entry_type type,
                      struct entries *into)
{
    struct str prefix = str_printf(l->cx->mem, "standards/%.*s/%s", STR_ARG(l->standard->id), head);
    const struct content_file *file;
    size_t at = 0, before = into->n;

    while ((file = content_next(&l->standard->content, prefix.p, ".yaml", &at)) != NULL) {
        struct value *yaml;
        TRY(parse(l, file, &yaml));
        const struct value *list = value_get(yaml, key);
        if (value_type(list) != VALUE_LIST || value_count(yaml) != 1)
            return bad(l, file->name, yaml, "the file must hold one list named", str_of(key));
        for (size_t i = 0; i < value_count(list); i++)
            TRY(add_entry(l, file->name, value_at(list, i), type, into));
    }
    if (into->n == before)
        return fail(l->cx, RC_NOT_FOUND, prefix.p, "The content has no file %s*.yaml.", prefix.p);
    return 0;
}

static int load_kind(struct loader *l, const struct content_file *file)
{
    struct standard *s = l->standard;
    struct value *yaml;
    const struct value *criteria;

    TRY(parse(l, file, &yaml));
    TRY(add_entry(l, file->name, yaml, ENTRY_KIND, &s->kinds));
    criteria = value_get(yaml, "criteria");
    for (size_t i = 0; i < value_count(criteria); i++)
        TRY(add_entry(l, file->name, value_at(criteria, i), ENTRY_CRITERION, &s->criteria));
    return 0;
}

static int load_kinds(struct loader *l)
{
    struct str prefix =
        str_printf(l->cx->mem, "standards/%.*s/documents/", STR_ARG(l->standard->id));
    const struct content_file *file;
    size_t at = 0;

    while ((file = content_next(&l->standard->content, prefix.p, ".yaml", &at)) != NULL)
        TRY(load_kind(l, file));
    return 0;
}

/* "4.10" after "4.2": clauses by their numbers. */
static int by_clause(struct str a, struct str b)
{
    struct str x, y;

    while (str_split(&a, '.', &x)) {
        int64_t m = 0, n = 0;
        if (!str_split(&b, '.', &y))
            return 1;
        (void)str_to_int(x, &m);
        (void)str_to_int(y, &n);
        if (m != n)
            return m < n ? -1 : 1;
    }
    return str_split(&b, '.', &y) ? -1 : 0;
}

/* Files are read in the order of their names ("10.yaml" first); entries stand in the order of the
 * standard. Insertion keeps the order within a clause. */
static void sort_requirements(struct entries *r)
{
    for (size_t i = 1; i < r->n; i++) {
        struct entry entry = r->items[i];
        size_t k = i;
        while (k > 0 && by_clause(value_get_text(r->items[k - 1].yaml, "clause"),
                                  value_get_text(entry.yaml, "clause")) > 0) {
            r->items[k] = r->items[k - 1];
            k--;
        }
        r->items[k] = entry;
    }
}

static void index_entries(struct standard *s, struct entries *entries)
{
    for (size_t i = 0; i < entries->n; i++)
        dict_set(s->by_id, entries->items[i].id, &entries->items[i]);
}

/* Criteria stand behind each other in the order of their kinds. */
static void join_criteria(struct standard *s)
{
    size_t c = 0;

    for (size_t k = 0; k < s->kinds.n; k++)
        for (size_t i = 0; i < value_count(value_get(s->kinds.items[k].yaml, "criteria")); i++)
            s->criteria.items[c++].kind = &s->kinds.items[k];
}

/* Each id of the list names an entry of one of the two types. */
static int check_ids(struct loader *l, const struct entry *e, const char *key,
                     enum entry_type wanted, enum entry_type or_wanted)
{
    const struct value *list = value_get(e->yaml, key);

    for (size_t i = 0; i < value_count(list); i++) {
        struct str id = value_as_text(value_at(list, i));
        const struct entry *to = standard_find(l->standard, id);
        if (to == NULL || (to->type != wanted && to->type != or_wanted))
            return bad(l, e->file, value_at(list, i), "nothing has the id", id);
    }
    return 0;
}

static int check_references(struct loader *l)
{
    struct standard *s = l->standard;

    for (size_t i = 0; i < s->requirements.n; i++) {
        TRY(check_ids(l, &s->requirements.items[i], "documents", ENTRY_KIND, ENTRY_KIND));
        TRY(check_ids(l, &s->requirements.items[i], "questions", ENTRY_QUESTION, ENTRY_QUESTION));
        if (standard_clause_title(s, value_get_text(s->requirements.items[i].yaml, "clause")).n ==
            0)
            return bad(l, s->requirements.items[i].file, s->requirements.items[i].yaml,
                       "standard.yaml has no such clause:",
                       value_get_text(s->requirements.items[i].yaml, "clause"));
    }
    for (size_t i = 0; i < s->kinds.n; i++) {
        TRY(check_ids(l, &s->kinds.items[i], "requirements", ENTRY_REQUIREMENT, ENTRY_REQUIREMENT));
        TRY(check_ids(l, &s->kinds.items[i], "controls", ENTRY_CONTROL, ENTRY_CONTROL));
    }
    for (size_t i = 0; i < s->controls.n; i++)
        TRY(check_ids(l, &s->controls.items[i], "questions", ENTRY_QUESTION, ENTRY_QUESTION));
    for (size_t i = 0; i < s->questions.n; i++)
        TRY(check_ids(l, &s->questions.items[i], "tests", ENTRY_REQUIREMENT, ENTRY_CONTROL));
    return 0;
}

static int load_all(struct loader *l)
{
    struct standard *s = l->standard;
    struct str about_file = str_printf(l->cx->mem, "standards/%.*s/standard.yaml", STR_ARG(s->id));
    struct value *about;

    TRY(standard_yaml(l->cx, s, "standard.yaml", &about));
    TRY(keys_check_about(l->cx, about_file.p, about));
    if (!str_eq(value_get_text(about, "id"), s->id))
        return bad(l, about_file.p, value_get(about, "id"),
                   "the folder's name is not this id:", value_get_text(about, "id"));
    s->about = about;
    s->title = value_get_text(about, "title");
    s->amendment = value_get_text(about, "amendment");
    TRY(load_lists(l, "requirements/", "requirements", ENTRY_REQUIREMENT, &s->requirements));
    TRY(load_lists(l, "controls.", "controls", ENTRY_CONTROL, &s->controls));
    TRY(load_lists(l, "questions.", "questions", ENTRY_QUESTION, &s->questions));
    TRY(load_kinds(l));
    sort_requirements(&s->requirements);
    index_entries(s, &s->requirements);
    index_entries(s, &s->controls);
    index_entries(s, &s->questions);
    index_entries(s, &s->kinds);
    join_criteria(s);
    index_entries(s, &s->criteria);
    return check_references(l);
}

int standard_load(struct ctx *cx, const struct content *content, const char *id,
                  struct standard **ret)
{
    struct standard *s = ARENA_NEW(cx->mem, struct standard);
    struct loader l = {cx, s};

    s->content = *content;
    s->id = str_copy(cx->mem, str_of(id));
    s->by_id = dict_new(cx->mem);
    TRY(load_all(&l));
    s->version = content_version(cx->mem, content);
    *ret = s;
    return 0;
}

const struct entry *standard_find(const struct standard *standard, struct str id)
{
    return dict_get(standard->by_id, id);
}

struct str standard_clause_title(const struct standard *standard, struct str clause)
{
    const struct value *clauses = value_get(standard->about, "clauses");

    for (size_t i = 0; i < value_count(clauses); i++)
        if (str_eq(value_get_text(value_at(clauses, i), "clause"), clause))
            return value_get_text(value_at(clauses, i), "title");
    return STR_NONE;
}

int standard_yaml(struct ctx *cx, const struct standard *standard, const char *name,
                  struct value **ret)
{
    bool whole = strncmp(name, "languages/", 10) == 0 || strncmp(name, "standards/", 10) == 0;
    struct str path = whole ? str_of(name)
                            : str_printf(cx->mem, "standards/%.*s/%s", STR_ARG(standard->id), name);
    struct str text;

    TRY(content_get(cx, &standard->content, path.p, &text));
    return yaml_parse(cx, path.p, text, ret);
}
