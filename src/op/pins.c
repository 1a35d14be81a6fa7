#include "op/pins.h"

#include "base/nearest.h"

#define NEAREST_MOST 50u /* pins for which the nearest name is looked for */

struct pins {
    struct arena *mem;
    const struct value *files, *columns;
    bool *columns_met;
    struct value *places; /* "PATH#PLACE" of tables in documents that pins of columns name */
};

struct pins *pins_new(struct arena *mem, const struct value *profile)
{
    struct pins *pins = ARENA_NEW(mem, struct pins);

    *pins = (struct pins){.mem = mem,
                          .files = value_get(profile, "files"),
                          .columns = value_get(profile, "columns"),
                          .places = value_list(mem)};
    pins->columns_met = arena_array(mem, value_count(pins->columns) + 1, sizeof(bool));
    return pins;
}

void pins_note(struct pins *pins, struct str path, const struct records *records)
{
    for (size_t i = 0; i < records->pinned_n; i++)
        pins->columns_met[records->pinned[i]] = true;
    for (size_t i = 0; i < records->place_n; i++) {
        struct str place =
            str_printf(pins->mem, "%.*s#%.*s", STR_ARG(path), STR_ARG(records->places[i]));
        value_push(pins->places, value_text(pins->mem, place));
    }
}

/* ---- the nearest name ---- */

static struct str file_of(struct str path)
{
    size_t at = path.n;

    while (at > 0 && path.p[at - 1] != '/')
        at--;
    return str_from(path, at);
}

struct search {
    struct str wanted, best;
    unsigned name, whole; /* how far away the best is */
};

/* Names of files count first, then where they lie. */
static void consider(struct search *s, struct str candidate)
{
    struct str a = file_of(s->wanted), b = file_of(candidate);
    unsigned name, whole;

    if (!nearest_likely(a, b))
        return;
    name = nearest_distance(a, b);
    whole = nearest_distance(s->wanted, candidate);
    if (s->best.n > 0 && (name > s->name || (name == s->name && whole >= s->whole)))
        return;
    *s = (struct search){s->wanted, candidate, name, whole};
}

static void consider_paths(struct search *s, const struct value *list)
{
    for (size_t i = 0; i < value_count(list); i++)
        consider(s, value_get_text(value_at(list, i), "path"));
}

/* The one place of a document needs no likeness: there is nothing else that was meant. */
static struct str nearest_place(const struct pins *pins, struct str path, struct str key)
{
    struct search s = {.wanted = key};
    struct str only = STR_NONE;
    size_t n = 0;

    for (size_t i = 0; i < value_count(pins->places); i++) {
        struct str place = value_as_text(value_at(pins->places, i));
        if (!str_starts(place, path) || place.p[path.n] != '#')
            continue;
        consider(&s, place);
        n += !str_eq(place, only);
        only = place;
    }
    return s.best.n > 0 || n != 1 ? s.best : only;
}

/* ---- warnings ---- */

static bool has_path(const struct value *list, struct str path)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_get_text(value_at(list, i), "path"), path))
            return true;
    return false;
}

static void warn(const struct pins *pins, const char *about, struct str name, const char *says,
                 struct str nearest, struct value *warnings)
{
    struct value *v = value_map(pins->mem);
    struct str text = str_printf(pins->mem, "%s \"%.*s\": %s", about, STR_ARG(name), says);

    if (nearest.n > 0)
        text = str_printf(pins->mem, _("%.*s The nearest name is \"%.*s\"."), STR_ARG(text),
                          STR_ARG(nearest));
    value_set_text(v, "about", str_of(about));
    value_set_text(v, "name", name);
    value_set_text(v, "says", str_printf(pins->mem, _("In the profile, %.*s"), STR_ARG(text)));
    value_set(v, "nearest", nearest.n > 0 ? value_text(pins->mem, nearest) : NULL);
    value_set(v, "requirements", value_list(pins->mem));
    value_push(warnings, v);
}

static void warn_files(const struct pins *pins, const struct value *documents,
                       const struct value *skipped, struct value *warnings)
{
    for (size_t i = 0, n = 0; i < value_count(pins->files); i++) {
        struct search s = {.wanted = value_key_at(pins->files, i)};
        if (has_path(documents, s.wanted) || has_path(skipped, s.wanted))
            continue;
        if (n++ < NEAREST_MOST) {
            consider_paths(&s, documents);
            consider_paths(&s, skipped);
        }
        warn(pins, "files", s.wanted, _("there is no such file."), s.best, warnings);
    }
}

/* The path of a document in a key "PATH#PLACE", or the whole key. */
static struct str path_of(const struct value *documents, struct str key)
{
    for (size_t at = 0; (at = str_find_char(key, '#', at)) != SIZE_MAX; at++)
        if (has_path(documents, str_sub(key, 0, at)))
            return str_sub(key, 0, at);
    return key;
}

static void warn_columns(const struct pins *pins, const struct value *documents,
                         struct value *warnings)
{
    for (size_t i = 0, n = 0; i < value_count(pins->columns); i++) {
        struct search s = {.wanted = value_key_at(pins->columns, i)};
        struct str path = path_of(documents, s.wanted);
        if (pins->columns_met[i])
            continue;
        if (has_path(documents, path)) {
            warn(pins, "columns", s.wanted, _("no table of that document is this one."),
                 nearest_place(pins, path, s.wanted), warnings);
            continue;
        }
        size_t hash = str_find_char(s.wanted, '#', 0);

        s.wanted = hash != SIZE_MAX ? str_sub(s.wanted, 0, hash) : s.wanted;
        if (n++ < NEAREST_MOST)
            consider_paths(&s, documents);
        warn(pins, "columns", value_key_at(pins->columns, i), _("there is no such document."),
             s.best, warnings);
    }
}

void pins_warn(const struct pins *pins, const struct value *documents, const struct value *skipped,
               struct value *warnings)
{
    warn_files(pins, documents, skipped, warnings);
    warn_columns(pins, documents, warnings);
}
