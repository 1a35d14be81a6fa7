/* The words and topics of commitments, compiled. */
#include <string.h>

#include "judge/commitment_parts.h"

struct source {
    struct ctx *cx;
    struct signals *signals;
    struct commitment_words *words;
    const char *file;
};

static const char *const kinds[] = {"frequency", "deadline", "retention", "threshold"};

const char *commitment_kind_name(enum commitment_kind kind)
{
    return kinds[kind];
}

const char *comparison_name(enum comparison compare)
{
    static const char *const names[] = {"exact", "least", "most"};

    return names[compare];
}

static int bad(const struct source *s, const struct value *at, const char *what, struct str name)
{
    return fail(s->cx, RC_INVALID, s->file, "%s:%u: %s \"%.*s\".", s->file, value_line(at), what,
                STR_ARG(name));
}

static int known_keys(const struct source *s, const struct value *map, const char *const *keys,
                      size_t n)
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

static int add_patterns(const struct source *s, const struct value *list, struct pattern_list *ret)
{
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *item = value_at(list, i);
        struct str where = str_printf(s->cx->mem, "%s:%u", s->file, value_line(item));
        uint32_t pattern;
        if (value_type(item) == VALUE_LIST || value_type(item) == VALUE_MAP)
            return bad(s, item, "a pattern is wanted, not a list or map; quote it", STR_NONE);
        TRY(patterns_add(s->cx, s->signals->patterns, where.p, value_print(s->cx->mem, item),
                         &pattern));
        *ARENA_PUSH(s->cx->mem, ret->items, ret->n, ret->room) = pattern;
    }
    return 0;
}

/* ---- the language's ---- */

static int load_units(const struct source *s, const struct value *map)
{
    s->words->units = dict_new(s->cx->mem);
    for (size_t i = 0; i < value_count(map); i++) {
        struct period *period = ARENA_NEW(s->cx->mem, struct period);
        if (!period_parse(value_as_text(value_at(map, i)), period))
            return bad(s, value_at(map, i), "no time as ISO 8601 writes it",
                       value_as_text(value_at(map, i)));
        dict_set(s->words->units, value_key_at(map, i), period);
    }
    return 0;
}

static struct dict *word_set(struct arena *mem, const struct value *list)
{
    struct dict *dict = dict_new(mem);

    for (size_t i = 0; i < value_count(list); i++)
        (void)dict_intern(dict, value_as_text(value_at(list, i)));
    return dict;
}

static int kind_of(const struct source *s, const struct value *at, struct str name,
                   enum commitment_kind *ret)
{
    for (int k = 0; k < COMMITMENT_KINDS; k++) {
        if (str_is(name, kinds[k])) {
            *ret = (enum commitment_kind)k;
            return 0;
        }
    }
    return bad(s, at, "unknown kind of commitment", name);
}

static void set_gates(const struct source *s, const struct pattern_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        patterns_gate(s->signals->patterns, list->items[i]);
}

static int load_value(const struct source *s, const struct value *yaml)
{
    static const char *const keys[] = {"kind",    "every", "unit",  "time",
                                       "compare", "says",  "cells", "unless"};
    struct commitment_words *w = s->words;
    struct value_words *v = ARENA_PUSH(s->cx->mem, w->values, w->value_n, w->value_room);
    struct str every = value_get_text(yaml, "every"), compare = value_get_text(yaml, "compare");

    *v = (struct value_words){.unit = value_get_text(yaml, "unit"),
                              .time = value_get_bool(yaml, "time")};
    TRY(known_keys(s, yaml, keys, COUNT_OF(keys)));
    TRY(kind_of(s, yaml, value_get_text(yaml, "kind"), &v->kind));
    if (every.n > 0 && !period_parse(every, &v->every))
        return bad(s, yaml, "no time as ISO 8601 writes it", every);
    if (str_is(compare, "least") || str_is(compare, "most"))
        v->compare = str_is(compare, "least") ? COMPARE_LEAST : COMPARE_MOST;
    else if (compare.n > 0)
        return bad(s, yaml, "unknown comparison", compare);
    if ((every.n > 0) == (v->unit.n > 0 || v->time))
        return bad(s, yaml,
                   "a value has either every, or unit or time:", value_get_text(yaml, "kind"));
    TRY(add_patterns(s, value_get(yaml, "says"), &v->says));
    TRY(add_patterns(s, value_get(yaml, "cells"), &v->cells));
    set_gates(s, &v->says);
    set_gates(s, &v->cells);
    patterns_late(s->signals->patterns, true);
    TRY(add_patterns(s, value_get(yaml, "unless"), &v->unless));
    patterns_late(s->signals->patterns, false);
    return 0;
}

static int load_language(const struct source *s, const struct value *yaml)
{
    static const char *const keys[] = {"units", "business", "between", "values",   "least", "most",
                                       "duty",  "past",     "not",     "headings", "who"};
    struct commitment_words *w = s->words;
    const struct value *values = value_get(yaml, "values");

    TRY(known_keys(s, yaml, keys, COUNT_OF(keys)));
    for (size_t k = 0; k < COUNT_OF(keys); k++)
        if (value_get(yaml, keys[k]) == NULL)
            return bad(s, yaml, "commitments lack the key", str_of(keys[k]));
    TRY(load_units(s, value_get(yaml, "units")));
    w->business = word_set(s->cx->mem, value_get(yaml, "business"));
    w->between = word_set(s->cx->mem, value_get(yaml, "between"));
    for (size_t i = 0; i < value_count(values); i++)
        TRY(load_value(s, value_at(values, i)));
    patterns_late(s->signals->patterns, true);
    TRY(add_patterns(s, value_get(yaml, "least"), &w->least));
    TRY(add_patterns(s, value_get(yaml, "most"), &w->most));
    TRY(add_patterns(s, value_get(yaml, "duty"), &w->duty));
    TRY(add_patterns(s, value_get(yaml, "past"), &w->past));
    TRY(add_patterns(s, value_get(yaml, "not"), &w->nots));
    TRY(add_patterns(s, value_get(yaml, "headings"), &w->headings));
    return add_patterns(s, value_get(yaml, "who"), &w->who);
}

/* ---- the standard's ---- */

static const struct value *in_language(const struct source *s, const struct value *map)
{
    return value_get(map, str_z(s->cx->mem, s->signals->language->id));
}

static int load_axis(const struct source *s, struct str id, const struct value *values)
{
    struct commitment_words *w = s->words;
    struct axis *axis = ARENA_PUSH(s->cx->mem, w->axes, w->axis_n, w->axis_room);

    *axis = (struct axis){.id = id};
    if (w->axis_n > 32)
        return bad(s, values, "too many axes with", id);
    for (size_t i = 0; i < value_count(values); i++) {
        struct axis_value *value = ARENA_PUSH(s->cx->mem, axis->values, axis->n, axis->room);
        *value = (struct axis_value){.id = value_key_at(values, i)};
        TRY(add_patterns(s, in_language(s, value_at(values, i)), &value->says));
    }
    return 0;
}

static int add_axis(const struct source *s, const struct value *name, struct topic *topic)
{
    for (size_t i = 0; i < s->words->axis_n; i++) {
        if (str_eq(s->words->axes[i].id, value_as_text(name))) {
            topic->axes |= 1u << i;
            return 0;
        }
    }
    return bad(s, name, "unknown axis", value_as_text(name));
}

static int load_topic(const struct source *s, const struct value *yaml)
{
    static const char *const keys[] = {"id",       "title", "kind", "unit",
                                       "controls", "by",    "one",  "says"};
    static const char *const words[] = {"about", "not"};
    struct commitment_words *w = s->words;
    const struct value *says = in_language(s, value_get(yaml, "says")), *by = value_get(yaml, "by");
    struct topic *topic = ARENA_PUSH(s->cx->mem, w->topics, w->topic_n, w->topic_room);
    enum commitment_kind kind;

    *topic = (struct topic){.id = value_get_text(yaml, "id"), .unit = value_get_text(yaml, "unit")};
    TRY(known_keys(s, yaml, keys, COUNT_OF(keys)));
    TRY(known_keys(s, says, words, COUNT_OF(words)));
    if (topic->id.n == 0 || value_get_text(yaml, "title").n == 0)
        return bad(s, yaml, "a topic lacks its id or title", topic->id);
    TRY(kind_of(s, yaml, value_get_text(yaml, "kind"), &kind));
    topic->kinds = 1u << kind;
    for (size_t i = 0; i < value_count(by); i++)
        TRY(add_axis(s, value_at(by, i), topic));
    TRY(add_patterns(s, value_get(says, "about"), &topic->about));
    return add_patterns(s, value_get(says, "not"), &topic->nots);
}

static int load_topics(const struct source *s, const struct value *yaml)
{
    static const char *const keys[] = {"axes", "topics"};
    const struct value *axes = value_get(yaml, "axes"), *topics = value_get(yaml, "topics");

    TRY(known_keys(s, yaml, keys, COUNT_OF(keys)));
    for (size_t i = 0; i < value_count(axes); i++)
        TRY(load_axis(s, value_key_at(axes, i), value_at(axes, i)));
    for (size_t i = 0; i < value_count(topics); i++)
        TRY(load_topic(s, value_at(topics, i)));
    return 0;
}

int commitments_load(struct ctx *cx, struct signals *signals, const char *file,
                     const struct value *language, const char *topics_file,
                     const struct value *topics)
{
    struct commitment_words *words = ARENA_NEW(cx->mem, struct commitment_words);
    struct source s = {cx, signals, words, file};

    *words = (struct commitment_words){0};
    if (value_get(language, "commitments") == NULL)
        return 0;
    TRY(load_language(&s, value_get(language, "commitments")));
    s.file = topics_file;
    TRY(load_topics(&s, topics));
    patterns_late(signals->patterns, false);
    signals->commitments = words;
    return 0;
}
