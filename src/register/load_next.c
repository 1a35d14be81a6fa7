/* Definitions: what is recorded next because of a record, and which register holds saved views of
 * lists. */
#include "register/loading.h"

static int check_keys(const struct loader *l, const struct value *map, const char *const *keys,
                      size_t n)
{
    if (value_type(map) != VALUE_MAP)
        return loading_bad(l, map != NULL ? map : l->def->yaml, "a map is wanted, with",
                           str_of(keys[0]));
    for (size_t i = 0; i < value_count(map); i++) {
        size_t k = 0;
        while (k < n && !str_is(value_key_at(map, i), keys[k]))
            k++;
        if (k == n)
            return loading_bad(l, value_at(map, i), "unknown key", value_key_at(map, i));
    }
    return 0;
}

static int check_field(const struct loader *l, const struct register_def *def,
                       const struct value *at, struct str id)
{
    return register_field(def, id) != NULL ? 0 : loading_bad(l, at, "no such field:", id);
}

/* From fields of the other register to fields of this one, or "=ref". */
static int check_fill(const struct loader *l, const struct register_def *to,
                      const struct value *fill)
{
    if (value_type(fill) != VALUE_MAP)
        return loading_bad(l, fill != NULL ? fill : l->def->yaml, "a map is wanted for",
                           STR("fill"));
    for (size_t i = 0; i < value_count(fill); i++) {
        struct str from = value_as_text(value_at(fill, i));
        TRY(check_field(l, to, value_at(fill, i), value_key_at(fill, i)));
        if (!str_is(from, "=ref"))
            TRY(check_field(l, l->def, value_at(fill, i), from));
    }
    return 0;
}

static int check_next(const struct loader *l, const struct value *next)
{
    static const char *const keys[] = {"register", "label", "fill", "at"};
    const struct register_def *to = registers_find(l->all, value_get_text(next, "register"));

    TRY(check_keys(l, next, keys, COUNT_OF(keys)));
    if (to == NULL || to->is_not || to->part_of.n > 0)
        return loading_bad(l, next, "no such register:", value_get_text(next, "register"));
    if (value_get_text(next, "label").n == 0)
        return loading_bad(l, next, "missing key", STR("label"));
    if (value_get(next, "at") != NULL)
        TRY(loading_texts(l, value_get(next, "at"), STR("at")));
    return check_fill(l, to, value_get(next, "fill"));
}

static int check_views(const struct loader *l, const struct value *views)
{
    static const char *const keys[] = {"register", "name", "query", "person", "shared"};

    TRY(check_keys(l, views, keys, COUNT_OF(keys)));
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        TRY(check_field(l, l->def, views, value_get_text(views, keys[i])));
    return 0;
}

int loading_next(const struct loader *l)
{
    struct loader each = *l;

    for (size_t i = 0; i < l->all->n; i++) {
        each.def = &l->all->items[i];
        each.file = each.def->file;
        each.def->next = value_get(each.def->yaml, "next");
        each.def->views = value_get(each.def->yaml, "views");
        for (size_t k = 0; k < value_count(each.def->next); k++)
            TRY(check_next(&each, value_at(each.def->next, k)));
        if (each.def->views != NULL)
            TRY(check_views(&each, each.def->views));
    }
    return 0;
}

const struct register_def *registers_views(const struct registers *registers)
{
    for (size_t i = 0; i < registers->n; i++)
        if (registers->items[i].views != NULL)
            return &registers->items[i];
    return NULL;
}
