#include "judge/language.h"

#include <libstemmer.h>

static const char *const language_keys[] = {
    "id",       "title",     "stemmer",      "common",  "function",      "spelling",
    "numbers",  "months",    "time_units",   "streets", "legal_forms",   "not_names",
    "sets",     "guards",    "facts",        "classes", "abbreviations", "empty_cells",
    "statuses", "furniture", "placeholders", "natures", "dates",         "elisions",
    "and",      "untitled",  "captions",     "history", "samples"};

static int check_keys(struct ctx *cx, const char *name, const struct value *yaml)
{
    for (size_t i = 0; i < value_count(yaml); i++) {
        bool known = false;
        for (size_t k = 0; k < COUNT_OF(language_keys); k++)
            known = known || str_is(value_key_at(yaml, i), language_keys[k]);
        if (!known)
            return fail(cx, RC_INVALID, name, "%s:%u: unknown key \"%.*s\".", name,
                        value_line(value_at(yaml, i)), STR_ARG(value_key_at(yaml, i)));
    }
    for (size_t k = 0; k < COUNT_OF(language_keys); k++)
        if (value_get(yaml, language_keys[k]) == NULL)
            return fail(cx, RC_INVALID, name, "%s: the key \"%s\" is missing.", name,
                        language_keys[k]);
    return 0;
}

static struct dict *word_set(struct arena *mem, const struct value *list)
{
    struct dict *dict = dict_new(mem);

    for (size_t i = 0; i < value_count(list); i++)
        (void)dict_intern(dict, value_print(mem, value_at(list, i)));
    return dict;
}

static struct dict *number_map(struct arena *mem, const struct value *map)
{
    struct dict *dict = dict_new(mem);

    for (size_t i = 0; i < value_count(map); i++)
        dict_set(dict, value_key_at(map, i),
                 (const void *)(uintptr_t)value_as_int(value_at(map, i), 0));
    return dict;
}

static struct dict *text_map(struct arena *mem, const struct value *map)
{
    struct dict *dict = dict_new(mem);

    for (size_t i = 0; i < value_count(map); i++) {
        struct str *to = ARENA_NEW(mem, struct str);
        *to = value_as_text(value_at(map, i));
        dict_set(dict, value_key_at(map, i), to);
    }
    return dict;
}

int language_load(struct ctx *cx, const char *name, const struct value *yaml, struct language **ret)
{
    struct language *l = ARENA_NEW(cx->mem, struct language);

    TRY(check_keys(cx, name, yaml));
    l->yaml = yaml;
    l->id = value_get_text(yaml, "id");
    l->common = word_set(cx->mem, value_get(yaml, "common"));
    l->function = word_set(cx->mem, value_get(yaml, "function"));
    l->spelling = text_map(cx->mem, value_get(yaml, "spelling"));
    l->months = number_map(cx->mem, value_get(yaml, "months"));
    l->numbers = number_map(cx->mem, value_get(yaml, "numbers"));
    l->time_units = word_set(cx->mem, value_get(yaml, "time_units"));
    l->legal_forms = word_set(cx->mem, value_get(yaml, "legal_forms"));
    l->streets = word_set(cx->mem, value_get(yaml, "streets"));
    l->not_names = word_set(cx->mem, value_get(yaml, "not_names"));
    l->abbreviations = word_set(cx->mem, value_get(yaml, "abbreviations"));
    l->empty_cells = word_set(cx->mem, value_get(yaml, "empty_cells"));
    l->placeholder_words = word_set(cx->mem, value_path(yaml, "placeholders.words"));
    l->placeholder_not = word_set(cx->mem, value_path(yaml, "placeholders.not"));
    l->elisions = word_set(cx->mem, value_get(yaml, "elisions"));
    l->conjunction = value_get_text(yaml, "and");
    l->ordinals = value_path(yaml, "dates.ordinals");
    l->quarter = value_as_text(value_path(yaml, "dates.quarter"));
    l->small_months = value_as_bool(value_path(yaml, "dates.small_months"));
    l->untitled = value_get(yaml, "untitled");
    l->captions = value_get(yaml, "captions");
    l->history = value_get(yaml, "history");
    l->samples = value_get(yaml, "samples");
    l->stemmer = sb_stemmer_new(str_z(cx->mem, value_get_text(yaml, "stemmer")), "UTF_8");
    if (l->stemmer == NULL)
        return fail(cx, RC_INVALID, name, "%s: there is no stemmer \"%.*s\".", name,
                    STR_ARG(value_get_text(yaml, "stemmer")));
    *ret = l;
    return 0;
}

void language_free(struct language *language)
{
    if (language == NULL)
        return;
    sb_stemmer_delete(language->stemmer);
    language->stemmer = NULL;
}

struct str language_stem(const struct language *language, struct str word)
{
    const sb_symbol *stem =
        sb_stemmer_stem(language->stemmer, (const sb_symbol *)word.p, (int)word.n);

    return (struct str){(const char *)stem, (size_t)sb_stemmer_length(language->stemmer)};
}
