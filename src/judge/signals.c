#include "judge/signals.h"

#include <string.h>

/* What an error is about. */
struct source {
    struct ctx *cx;
    struct signals *signals;
    const char *file;
    const struct value *said; /* a file of its own with the signals of the kind, or NULL */
};

static int bad(struct source *s, const struct value *at, const char *what, struct str name)
{
    return fail(s->cx, RC_INVALID, s->file, "%s:%u: %s \"%.*s\".", s->file, value_line(at), what,
                STR_ARG(name));
}

static int known_keys(struct source *s, const struct value *map, const char *const *keys, size_t n)
{
    for (size_t i = 0; i < value_count(map); i++) {
        bool known = false;
        for (size_t k = 0; k < n; k++)
            known = known || str_is(value_key_at(map, i), keys[k]);
        if (!known)
            return bad(s, value_at(map, i), "unknown key", value_key_at(map, i));
    }
    return 0;
}

static int add_pattern(struct source *s, const struct value *text, uint32_t *ret)
{
    struct str where = str_printf(s->cx->mem, "%s:%u", s->file, value_line(text));

    return patterns_add(s->cx, s->signals->patterns, where.p, value_print(s->cx->mem, text), ret);
}

static int add_patterns(struct source *s, const struct value *list, struct pattern_list *ret)
{
    if (value_type(list) == VALUE_NULL)
        return 0;
    if (value_type(list) != VALUE_LIST)
        return bad(s, list, "a list of patterns is wanted, not", value_print(s->cx->mem, list));
    for (size_t i = 0; i < value_count(list); i++) {
        uint32_t pattern;
        if (value_type(value_at(list, i)) == VALUE_LIST ||
            value_type(value_at(list, i)) == VALUE_MAP)
            return bad(s, value_at(list, i), "a pattern is wanted, not a list or map; quote it",
                       STR_NONE);
        TRY(add_pattern(s, value_at(list, i), &pattern));
        *ARENA_PUSH(s->cx->mem, ret->items, ret->n, ret->room) = pattern;
    }
    return 0;
}

/* ---- forms ---- */

static int add_heading(struct source *s, const struct value *map, struct pattern_list *ret)
{
    static const char *const keys[] = {"heading"};
    uint32_t pattern;

    TRY(known_keys(s, map, keys, COUNT_OF(keys)));
    TRY(add_pattern(s, value_get(map, keys[0]), &pattern));
    *ARENA_PUSH(s->cx->mem, ret->items, ret->n, ret->room) = pattern;
    return 0;
}

/* Patterns, and maps with the pattern of a heading. */
static int load_slot(struct source *s, const struct value *list, struct slot *slot)
{
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *item = value_at(list, i);
        uint32_t pattern;
        if (value_type(item) == VALUE_MAP) {
            TRY(add_heading(s, item, &slot->headings));
            continue;
        }
        if (value_type(item) == VALUE_LIST)
            return bad(s, item, "a pattern is wanted, not a list; quote it", STR_NONE);
        TRY(add_pattern(s, item, &pattern));
        *ARENA_PUSH(s->cx->mem, slot->patterns.items, slot->patterns.n, slot->patterns.room) =
            pattern;
    }
    return 0;
}

static int load_slots(struct source *s, const struct value *slots, struct form *form)
{
    for (size_t i = 0; i < value_count(slots); i++) {
        struct slot *slot = ARENA_PUSH(s->cx->mem, form->slots, form->slot_n, form->slot_room);
        *slot = (struct slot){.name = value_key_at(slots, i)};
        if (value_type(value_at(slots, i)) != VALUE_LIST)
            return bad(s, value_at(slots, i), "a list of patterns is wanted for the slot",
                       slot->name);
        TRY(load_slot(s, value_at(slots, i), slot));
        if (slot->patterns.n + slot->headings.n == 0)
            return bad(s, slots, "no patterns for the slot", slot->name);
    }
    return 0;
}

static int load_columns(struct source *s, const struct value *list, struct pattern_list **columns,
                        size_t *n, size_t *room)
{
    for (size_t i = 0; i < value_count(list); i++) {
        struct pattern_list *column = ARENA_PUSH(s->cx->mem, *columns, *n, *room);
        memset(column, 0, sizeof *column);
        TRY(add_patterns(s, value_at(list, i), column));
        if (column->n == 0)
            return bad(s, list, "a column or heading without names", STR_NONE);
    }
    return 0;
}

static int load_unit(struct source *s, const struct value *in, enum unit *ret)
{
    static const char *const names[] = {"sentence", "passage", "section", "document"};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (value_is_text(in, names[i])) {
            *ret = (enum unit)i;
            return 0;
        }
    }
    return bad(s, in, "unknown unit", value_as_text(in));
}

static const char *const ask_keys[] = {"slots", "says", "table",   "facts",
                                       "count", "no",   "headings"};

/* What a form asks for: all of it, or only what stands under `only`. */
static int load_asks(struct source *s, const struct value *yaml, const char *only,
                     struct form *form)
{
    const struct value *asks[COUNT_OF(ask_keys)];

    for (size_t k = 0; k < COUNT_OF(ask_keys); k++)
        asks[k] =
            only == NULL || strcmp(only, ask_keys[k]) == 0 ? value_get(yaml, ask_keys[k]) : NULL;
    TRY(load_slots(s, asks[0], form));
    if (asks[1] != NULL) {
        struct slot *slot = ARENA_PUSH(s->cx->mem, form->slots, form->slot_n, form->slot_room);
        *slot = (struct slot){.name = STR("what")};
        TRY(add_patterns(s, asks[1], &slot->patterns));
    }
    TRY(load_columns(s, asks[2], &form->columns, &form->column_n, &form->column_room));
    form->facts = asks[3];
    form->count = asks[4];
    form->no_placeholders = value_is_text(asks[5], "placeholders");
    TRY(load_columns(s, asks[6], &form->headings, &form->heading_n, &form->heading_room));
    return 0;
}

static struct form *add_form(struct source *s, struct criterion_signals *c)
{
    struct form *form = ARENA_PUSH(s->cx->mem, c->forms, c->form_n, c->form_room);

    *form = (struct form){.unit = UNIT_PASSAGE, .rows = 1};
    return form;
}

static int load_form(struct source *s, const struct value *yaml, struct criterion_signals *c)
{
    static const char *const keys[] = {"slots",  "in",    "under", "table", "rows", "gives",
                                       "unless", "facts", "count", "no",    "says", "headings"};
    struct form *form = add_form(s, c);

    TRY(known_keys(s, yaml, keys, COUNT_OF(keys)));
    TRY(load_asks(s, yaml, NULL, form));
    TRY(add_patterns(s, value_get(yaml, "under"), &form->under));
    TRY(add_patterns(s, value_get(yaml, "unless"), &form->unless));
    if (value_get(yaml, "in") != NULL)
        TRY(load_unit(s, value_get(yaml, "in"), &form->unit));
    if (value_get_int(yaml, "rows", 1) < 1)
        return bad(s, value_get(yaml, "rows"), "rows must be a number from 1 on in", c->id);
    form->rows = (size_t)value_get_int(yaml, "rows", 1);
    form->partly = value_is_text(value_get(yaml, "gives"), "partly");
    if (form->slot_n == 0 && form->column_n == 0 && form->heading_n == 0 && form->facts == NULL &&
        form->count == NULL && !form->no_placeholders)
        return bad(s, yaml, "a form that asks for nothing in", c->id);
    return 0;
}

static int load_allow(struct source *s, const struct value *list, uint32_t *ret)
{
    static const struct {
        const char *name;
        uint32_t guard;
    } guards[] = {{"absence", GUARD_ABSENCE},         {"promise", GUARD_PROMISE},
                  {"advice", GUARD_ADVICE},           {"example", GUARD_EXAMPLE},
                  {"pointer", GUARD_POINTER},         {"question", GUARD_QUESTION},
                  {"placeholder", GUARD_PLACEHOLDER}, {"aside", GUARD_ASIDE}};

    for (size_t i = 0; i < value_count(list); i++) {
        size_t g = 0;
        while (g < COUNT_OF(guards) && !value_is_text(value_at(list, i), guards[g].name))
            g++;
        if (g == COUNT_OF(guards))
            return bad(s, value_at(list, i), "unknown guard", value_as_text(value_at(list, i)));
        *ret |= guards[g].guard;
    }
    return 0;
}

/* What stands beside `forms` is a form of its own for each key. */
static int load_short_forms(struct source *s, const struct value *signals,
                            struct criterion_signals *c)
{
    for (size_t k = 0; k < COUNT_OF(ask_keys); k++)
        if (value_get(signals, ask_keys[k]) != NULL)
            TRY(load_asks(s, signals, ask_keys[k], add_form(s, c)));
    return 0;
}

/* What the language says of the criterion `yaml`: a map with `signals` and `tests`. */
static int find_said(struct source *s, const struct value *yaml, const struct value **ret_signals,
                     const struct value **ret_tests)
{
    static const char *const keys[] = {"signals", "tests"};
    const struct value *all = value_get(yaml, "signals"), *own;

    if (s->said == NULL) {
        *ret_signals = value_get(all, str_z(s->cx->mem, s->signals->language->id));
        *ret_tests = *ret_signals != NULL ? value_get(yaml, "tests") : NULL;
        return 0;
    }
    own = value_get(value_get(s->said, "criteria"), str_z(s->cx->mem, value_get_text(yaml, "id")));
    if (own == NULL)
        return bad(s, value_get(s->said, "criteria"), "nothing is said of the criterion",
                   value_get_text(yaml, "id"));
    TRY(known_keys(s, own, keys, COUNT_OF(keys)));
    *ret_signals = value_get(own, "signals");
    *ret_tests = value_get(own, "tests");
    return 0;
}

static int load_criterion(struct source *s, const struct value *yaml, struct kind_signals *kind)
{
    static const char *const keys[] = {"forms", "says",  "facts",   "count", "no",     "table",
                                       "slots", "allow", "also_in", "where", "unless", "headings"};
    struct criterion_signals *c =
        ARENA_PUSH(s->cx->mem, kind->criteria, kind->criterion_n, kind->criterion_room);
    const struct value *signals, *tests;
    struct pattern_list unless = {0};

    TRY(find_said(s, yaml, &signals, &tests));
    *c = (struct criterion_signals){.id = value_get_text(yaml, "id"),
                                    .text = value_get_text(yaml, "criterion"),
                                    .practice = value_get_bool(yaml, "practice"),
                                    .tests = tests,
                                    .yaml = yaml};
    TRY(known_keys(s, signals, keys, COUNT_OF(keys)));
    TRY(load_allow(s, value_get(signals, "allow"), &c->allow));
    TRY(add_patterns(s, value_get(signals, "unless"), &unless));
    c->anywhere = value_is_text(value_get(signals, "where"), "any");
    c->also_in = value_get(signals, "also_in");
    const struct value *forms = value_get(signals, "forms");
    for (size_t i = 0; i < value_count(forms); i++)
        TRY(load_form(s, value_at(forms, i), c));
    TRY(load_short_forms(s, signals, c));
    for (size_t f = 0; f < c->form_n; f++)
        for (size_t i = 0; i < unless.n; i++)
            *ARENA_PUSH(s->cx->mem, c->forms[f].unless.items, c->forms[f].unless.n,
                        c->forms[f].unless.room) = unless.items[i];
    return 0;
}

/* ---- kinds ---- */

static int load_says(struct source *s, const struct value *list, struct kind_signals *kind)
{
    static const char *const keys[] = {"is", "weight"};

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *item = value_at(list, i);
        struct saying *say = ARENA_PUSH(s->cx->mem, kind->says, kind->say_n, kind->say_room);
        bool plain = value_type(item) == VALUE_TEXT;
        TRY(known_keys(s, item, keys, COUNT_OF(keys)));
        TRY(add_pattern(s, plain ? item : value_get(item, "is"), &say->pattern));
        say->weight = (int)value_get_int(item, "weight", 1);
    }
    return 0;
}

static int load_said(struct source *s, const struct value *map, struct said *said)
{
    for (size_t i = 0; i < value_count(map); i++) {
        said[i].name = value_key_at(map, i);
        TRY(add_patterns(s, value_at(map, i), &said[i].patterns));
    }
    return 0;
}

static int load_numbers(struct source *s, const struct value *says, struct kind_signals *kind)
{
    const struct value *numbers = value_get(says, "numbers");
    const struct value *statements = value_get(says, "statements");

    kind->number_n = value_count(numbers);
    kind->numbers = arena_array(s->cx->mem, kind->number_n, sizeof(struct said));
    kind->statement_n = value_count(statements);
    kind->statements = arena_array(s->cx->mem, kind->statement_n, sizeof(struct said));
    TRY(load_said(s, numbers, kind->numbers));
    return load_said(s, statements, kind->statements);
}

static int load_tables(struct source *s, const struct value *list, struct kind_signals *kind)
{
    static const char *const keys[] = {"columns", "named"};

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *item = value_at(list, i);
        struct table_shape *shape =
            ARENA_PUSH(s->cx->mem, kind->tables, kind->table_n, kind->table_room);
        memset(shape, 0, sizeof *shape);
        if (value_type(item) == VALUE_MAP)
            TRY(known_keys(s, item, keys, COUNT_OF(keys)));
        TRY(load_columns(s, value_type(item) == VALUE_MAP ? value_get(item, "columns") : item,
                         &shape->columns, &shape->column_n, &shape->column_room));
        shape->named = value_type(item) == VALUE_MAP && value_get_bool(item, "named");
    }
    return 0;
}

static int add_kind(struct source *s, const struct value *yaml, const struct value *says)
{
    static const char *const keys[] = {"names",  "titles", "weak",    "says",      "tables",
                                       "not",    "whole",  "record",  "columns",   "least",
                                       "claims", "plans",  "numbers", "statements"};
    struct signals *signals = s->signals;
    struct kind_signals *kind =
        ARENA_PUSH(s->cx->mem, signals->kinds, signals->kind_n, signals->kind_room);
    const struct value *criteria = value_get(yaml, "criteria");

    *kind = (struct kind_signals){.id = value_get_text(yaml, "id"),
                                  .title = value_get_text(yaml, "title"),
                                  .nature = value_get_text(yaml, "kind"),
                                  .silent = says == NULL,
                                  .whole = value_get_bool(says, "whole"),
                                  .record = value_get_bool(says, "record"),
                                  .columns = value_get_bool(says, "columns"),
                                  .least = (size_t)value_get_int(says, "least", 1)};
    TRY(known_keys(s, says, keys, COUNT_OF(keys)));
    TRY(add_patterns(s, value_get(says, "names"), &kind->names));
    TRY(add_patterns(s, value_get(says, "titles"), &kind->titles));
    TRY(add_patterns(s, value_get(says, "weak"), &kind->weak));
    TRY(add_patterns(s, value_get(says, "not"), &kind->nots));
    TRY(add_patterns(s, value_get(says, "claims"), &kind->claims));
    TRY(add_patterns(s, value_get(says, "plans"), &kind->plans));
    TRY(load_numbers(s, says, kind));
    TRY(load_says(s, value_get(says, "says"), kind));
    TRY(load_tables(s, value_get(says, "tables"), kind));
    for (size_t i = 0; i < value_count(criteria); i++)
        TRY(load_criterion(s, value_at(criteria, i), kind));
    return 0;
}

int signals_add_kind(struct ctx *cx, struct signals *signals, const char *file,
                     const struct value *yaml)
{
    struct source s = {cx, signals, file, NULL};

    return add_kind(&s, yaml,
                    value_get(value_get(yaml, "signals"), str_z(cx->mem, signals->language->id)));
}

int signals_add_said(struct ctx *cx, struct signals *signals, const char *said_file,
                     const struct value *yaml, const struct value *said)
{
    static const char *const keys[] = {"kind", "signals", "criteria"};
    struct source s = {cx, signals, said_file, said};
    size_t criteria = value_count(value_get(yaml, "criteria"));

    TRY(known_keys(&s, said, keys, COUNT_OF(keys)));
    if (!str_eq(value_get_text(said, "kind"), value_get_text(yaml, "id")))
        return bad(&s, said, "it must be of the kind", value_get_text(yaml, "id"));
    if (value_get(said, "signals") == NULL)
        return bad(&s, said, "no signals for", value_get_text(yaml, "id"));
    /* Each criterion is spoken of, so more means that one of them is not of this kind. */
    if (value_count(value_get(said, "criteria")) > criteria)
        return bad(&s, value_get(said, "criteria"), "there are criteria that are not of the kind",
                   value_get_text(yaml, "id"));
    return add_kind(&s, yaml, value_get(said, "signals"));
}

static int load_natures(struct source *s, const struct value *list)
{
    static const char *const keys[] = {"is", "title", "file", "text", "least"};
    struct signals *signals = s->signals;

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *item = value_at(list, i);
        struct nature *nature =
            ARENA_PUSH(s->cx->mem, signals->natures, signals->nature_n, signals->nature_room);
        memset(nature, 0, sizeof *nature);
        TRY(known_keys(s, item, keys, COUNT_OF(keys)));
        nature->is = value_get_text(item, "is");
        nature->least = (size_t)value_get_int(item, "least", 3);
        TRY(add_patterns(s, value_get(item, "title"), &nature->title));
        TRY(add_patterns(s, value_get(item, "file"), &nature->file));
        TRY(add_patterns(s, value_get(item, "text"), &nature->text));
    }
    return 0;
}

/* The number of a name among `names`, which NULL ends; -1 for none. */
static int number_of(struct str name, const char *const *names)
{
    for (int i = 0; names[i] != NULL; i++)
        if (str_is(name, names[i]))
            return i;
    return -1;
}

/* [{is: NAME, KEY: [pattern]}], in their order. */
static int load_words(struct source *s, const struct value *list, const char *key,
                      const char *const *names, struct list_word **words, size_t *n, size_t *room)
{
    const char *keys[] = {"is", key};

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *item = value_at(list, i);
        struct pattern_list patterns = {0};
        int is = number_of(value_get_text(item, "is"), names);

        TRY(known_keys(s, item, keys, COUNT_OF(keys)));
        if (is < 0)
            return bad(s, item, "unknown name", value_get_text(item, "is"));
        TRY(add_patterns(s, value_get(item, key), &patterns));
        for (size_t p = 0; p < patterns.n; p++)
            *ARENA_PUSH(s->cx->mem, *words, *n, *room) = (struct list_word){patterns.items[p], is};
    }
    return 0;
}

static struct dict *mark_set(struct arena *mem, const struct value *list)
{
    struct dict *dict = dict_new(mem);

    for (size_t i = 0; i < value_count(list); i++)
        (void)dict_intern(dict, value_print(mem, value_at(list, i)));
    return dict;
}

static int load_lists(struct source *s, const struct value *yaml)
{
    static const char *const keys[] = {"columns", "marks", "applicable",
                                       "status",  "weak",  "generic"};
    static const char *const columns[] = {
        "none",      "control",    "owner",  "applicable", "included",  "excluded", "reason",
        "reason-in", "reason-out", "ground", "status",     "reference", "remark",   NULL};
    static const char *const answers[] = {"no", "yes", NULL};
    static const char *const statuses[] = {"unknown", "none",        "planned",
                                           "partly",  "implemented", NULL};
    struct list_words *w = &s->signals->lists;

    TRY(known_keys(s, yaml, keys, COUNT_OF(keys)));
    TRY(load_words(s, value_get(yaml, "columns"), "heads", columns, &w->columns, &w->column_n,
                   &w->column_room));
    TRY(load_words(s, value_get(yaml, "applicable"), "says", answers, &w->applicable,
                   &w->applicable_n, &w->applicable_room));
    TRY(load_words(s, value_get(yaml, "status"), "says", statuses, &w->status, &w->status_n,
                   &w->status_room));
    w->generic = mark_set(s->cx->mem, value_get(yaml, "generic"));
    for (size_t i = 0; i < COUNT_OF(w->marks); i++) {
        w->marks[i] = mark_set(s->cx->mem, value_get(value_get(yaml, "marks"), answers[i]));
        TRY(add_patterns(s, value_get(value_get(yaml, "weak"), answers[i]), &w->weak[i]));
    }
    return 0;
}

int signals_new(struct ctx *cx, const char *file, const struct value *yaml, struct signals **ret)
{
    struct signals *signals = ARENA_NEW(cx->mem, struct signals);
    struct source s = {cx, signals, file, NULL};
    int rc;

    TRY(language_load(cx, file, yaml, &signals->language));
    rc = patterns_new(cx, signals->language, &signals->patterns);
    if (rc == 0)
        rc = guards_load(cx, signals->patterns, &signals->guards);
    if (rc == 0)
        rc = load_natures(&s, value_get(yaml, "natures"));
    if (rc == 0)
        rc = load_lists(&s, value_get(yaml, "controls"));
    if (rc == 0)
        rc = patterns_add(cx, signals->patterns, file, STR("@top-management"), &signals->top);
    if (rc == 0)
        rc = patterns_add(cx, signals->patterns, file, STR("@role"), &signals->role);
    if (rc != 0) {
        language_free(signals->language);
        return rc;
    }
    *ret = signals;
    return 0;
}

void signals_seal(struct signals *signals)
{
    patterns_seal(signals->patterns);
}

void signals_free(struct signals *signals)
{
    if (signals != NULL)
        language_free(signals->language);
}

void signals_freep(struct signals **signals)
{
    signals_free(*signals);
    *signals = NULL;
}
