#include "judge/language.h"

#include <libstemmer.h>
#include <pthread.h>

/* The library's stemmer keeps the last stem in itself, so that one thread at a time may ask. */
struct stemmer {
    struct sb_stemmer *of;
    pthread_mutex_t lock;
};

static const char *const language_keys[] = {
    "id",       "title",      "stemmer",       "common",      "function",  "spelling",  "numbers",
    "months",   "time_units", "streets",       "legal_forms", "not_names", "sets",      "guards",
    "facts",    "classes",    "abbreviations", "empty_cells", "statuses",  "furniture", "mapping",
    "form",     "approvals",  "placeholders",  "natures",     "dates",     "elisions",  "and",
    "untitled", "captions",   "history",       "samples",     "controls"};

/* A language may lack these. */
static const char *const optional_keys[] = {"commitments", "citations"};

static int check_keys(struct ctx *cx, const char *name, const struct value *yaml)
{
    for (size_t i = 0; i < value_count(yaml); i++) {
        bool known = false;
        for (size_t k = 0; k < COUNT_OF(language_keys); k++)
            known = known || str_is(value_key_at(yaml, i), language_keys[k]);
        for (size_t k = 0; k < COUNT_OF(optional_keys); k++)
            known = known || str_is(value_key_at(yaml, i), optional_keys[k]);
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

/* Legal forms as they come from text, where full stops and strokes part words: "s a", "a s". */
static struct dict *form_set(struct arena *mem, const struct value *list)
{
    struct dict *dict = dict_new(mem);

    for (size_t i = 0; i < value_count(list); i++) {
        struct str form = str_copy(mem, value_print(mem, value_at(list, i)));
        struct buf words = buf_new(mem);
        for (size_t c = 0; c < form.n; c++)
            buf_add(&words, form.p[c] == '.' || form.p[c] == '/' ? STR(" ") : str_sub(form, c, 1));
        (void)dict_intern(dict, buf_str(&words));
    }
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

static int stemmer_new(struct ctx *cx, const char *name, struct str algorithm, struct stemmer **ret)
{
    struct stemmer *stemmer = ARENA_NEW(cx->mem, struct stemmer);

    stemmer->of = sb_stemmer_new(str_z(cx->mem, algorithm), "UTF_8");
    if (stemmer->of == NULL)
        return fail(cx, RC_INVALID, name, "%s: there is no stemmer \"%.*s\".", name,
                    STR_ARG(algorithm));
    if (pthread_mutex_init(&stemmer->lock, NULL) != 0) {
        sb_stemmer_delete(stemmer->of);
        return fail(cx, RC_FAIL, name, "%s: the stemmer cannot be locked.", name);
    }
    *ret = stemmer;
    return 0;
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
    l->legal_forms = form_set(cx->mem, value_get(yaml, "legal_forms"));
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
    l->business_years = value_path(yaml, "dates.business_years");
    l->small_months = value_as_bool(value_path(yaml, "dates.small_months"));
    l->untitled = value_get(yaml, "untitled");
    l->captions = value_get(yaml, "captions");
    l->history = value_get(yaml, "history");
    l->samples = value_get(yaml, "samples");
    TRY(stemmer_new(cx, name, value_get_text(yaml, "stemmer"), &l->stemmer));
    *ret = l;
    return 0;
}

void language_free(struct language *language)
{
    if (language == NULL || language->stemmer == NULL)
        return;
    sb_stemmer_delete(language->stemmer->of);
    (void)pthread_mutex_destroy(&language->stemmer->lock);
    language->stemmer = NULL;
}

/* With the lock held. */
static struct str stem(const struct stemmer *stemmer, struct str word)
{
    const sb_symbol *stem = sb_stemmer_stem(stemmer->of, (const sb_symbol *)word.p, (int)word.n);

    return (struct str){(const char *)stem, (size_t)sb_stemmer_length(stemmer->of)};
}

struct str language_stem(struct arena *mem, const struct language *language, struct str word)
{
    (void)pthread_mutex_lock(&language->stemmer->lock);
    struct str copy = str_copy(mem, stem(language->stemmer, word));
    (void)pthread_mutex_unlock(&language->stemmer->lock);
    return copy;
}

uint32_t language_stem_number(const struct language *language, const struct dict *numbers,
                              struct str word)
{
    (void)pthread_mutex_lock(&language->stemmer->lock);
    uint32_t number = dict_number(numbers, stem(language->stemmer, word));
    (void)pthread_mutex_unlock(&language->stemmer->lock);
    return number;
}
