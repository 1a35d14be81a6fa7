/* Fields that an organisation adds to a register of the program's. */
#include "register/loading.h"
#include "standard/yaml.h"

#define OWN_FOLDER "registers/own/"
#define OWN_FIELD "own_" /* so that no later version of the program has a field of the same id */

static int check_field_ids(const struct loader *l, const struct value *fields)
{
    for (size_t i = 0; i < value_count(fields); i++)
        if (!str_starts(value_key_at(fields, i), STR(OWN_FIELD)))
            return loading_bad(
                l, value_at(fields, i),
                "the id of a field that is added begins with \"own_\":", value_key_at(fields, i));
    return 0;
}

static int check_extension(const struct loader *l, const struct value *yaml)
{
    for (size_t i = 0; i < value_count(yaml); i++)
        if (!str_is(value_key_at(yaml, i), "extends") && !str_is(value_key_at(yaml, i), "fields"))
            return loading_bad(l, value_at(yaml, i),
                               "what extends a register has only \"extends\" and \"fields\", not",
                               value_key_at(yaml, i));
    if (value_type(value_get(yaml, "fields")) != VALUE_MAP)
        return loading_bad(l, yaml, "a map is wanted for", STR("fields"));
    return check_field_ids(l, value_get(yaml, "fields"));
}

int loading_extensions(struct loader *l, const struct content *content)
{
    const struct content_file *file;
    struct value *yaml;
    size_t at = 0, room = 0;

    while ((file = content_next(content, OWN_FOLDER, ".yaml", &at)) != NULL) {
        l->file = file->name;
        TRY(yaml_parse(l->cx, file->name, (struct str){(const char *)file->bytes, file->n}, &yaml));
        if (value_get(yaml, "extends") == NULL)
            continue;
        TRY(check_extension(l, yaml));
        *ARENA_PUSH(l->cx->mem, l->extensions, l->extension_n, room) = (struct extension){
            .file = file->name, .id = value_get_text(yaml, "extends"), .yaml = yaml};
    }
    return 0;
}

bool loading_is_extension(const struct loader *l, const char *file)
{
    for (size_t i = 0; i < l->extension_n; i++)
        if (strcmp(l->extensions[i].file, file) == 0)
            return true;
    return false;
}

/* From here on messages name both files: what is wrong may be in either. */
int loading_extend(struct loader *l, struct value *yaml)
{
    struct value *fields = value_get_mut(yaml, "fields");

    for (size_t i = 0; i < l->extension_n; i++) {
        struct extension *e = &l->extensions[i];
        struct value *more = value_get_mut(e->yaml, "fields");
        if (!str_eq(e->id, value_get_text(yaml, "id")) || value_type(fields) != VALUE_MAP)
            continue;
        e->used = true;
        l->file = str_printf(l->cx->mem, "%s + %s", l->file, e->file).p;
        for (size_t f = 0; f < value_count(more); f++) {
            const char *id = str_z(l->cx->mem, value_key_at(more, f));
            if (value_get(fields, id) != NULL)
                return loading_bad(l, value_at(more, f),
                                   "this field is there already:", str_of(id));
            value_set(fields, id, value_at_mut(more, f));
        }
    }
    return 0;
}

int loading_extended(struct loader *l)
{
    for (size_t i = 0; i < l->extension_n; i++) {
        l->file = l->extensions[i].file;
        if (!l->extensions[i].used)
            return loading_bad(l, value_get(l->extensions[i].yaml, "extends"),
                               "no such register:", l->extensions[i].id);
    }
    return 0;
}
