#include "web/menu.h"

#include "op/call.h"
#include "standard/yaml.h"
#include "web/faces.h"

#define MENU "web/menu.yaml"

static bool may_read(struct visit *visit, struct str register_id)
{
    struct err err = visit->cx->err;
    int rc = access_check(visit->cx, visit->org->access, &visit->who, ACCESS_READ, register_id);

    visit->cx->err = err;
    return rc == 0;
}

static void add(struct visit *visit, struct value *list, const struct register_def *def,
                bool *ret_current)
{
    struct value *one = value_map(visit->cx->mem);
    bool current = str_eq(visit_param(visit, "register"), def->id);

    value_set_text(one, "register", def->id);
    value_set_text(one, "title", def->title);
    value_set_text(one, "url",
                   def->face_n > 0 && def->faces[0].first ? faces_path(visit, def, def->faces[0].id)
                                                          : visit_register_path(visit, def->id));
    value_set_bool(one, "current", current);
    value_push(list, one);
    *ret_current = *ret_current || current;
}

static bool in_menu(const struct value *menu, struct str id)
{
    for (size_t i = 0; i < value_count(menu); i++) {
        const struct value *registers = value_get(value_at(menu, i), "registers");
        for (size_t k = 0; k < value_count(registers); k++)
            if (str_eq(value_as_text(value_at(registers, k)), id))
                return true;
    }
    return false;
}

/* Those that no group names: the organisation's own among them. */
static void add_rest(struct visit *visit, const struct value *menu, struct value *list,
                     bool *ret_current)
{
    const struct registers *all = visit->org->records.registers;

    for (size_t i = 0; i < all->n; i++)
        if (call_is_register(&all->items[i]) && !in_menu(menu, all->items[i].id) &&
            may_read(visit, all->items[i].id))
            add(visit, list, &all->items[i], ret_current);
}

static void add_group(struct visit *visit, const struct value *menu, size_t at, struct value *out)
{
    struct arena *mem = visit->cx->mem;
    const struct value *group = value_at(menu, at), *ids = value_get(group, "registers");
    struct value *one = value_map(mem), *list = value_list(mem);
    bool current = false;

    for (size_t k = 0; k < value_count(ids); k++) {
        const struct register_def *def =
            registers_find(visit->org->records.registers, value_as_text(value_at(ids, k)));
        if (def != NULL && call_is_register(def) && may_read(visit, def->id))
            add(visit, list, def, &current);
    }
    if (at + 1 == value_count(menu))
        add_rest(visit, menu, list, &current);
    if (value_count(list) == 0)
        return;
    value_set_text(one, "title", value_get_text(group, "title"));
    value_set_text(one, "icon", value_get_text(group, "icon"));
    value_set_bool(one, "current", current);
    value_set(one, "registers", list);
    value_push(out, one);
}

int menu_view(struct visit *visit, struct value *page)
{
    struct ctx *cx = visit->cx;
    const struct content embedded = {content_files, content_file_count};
    struct value *menu, *out = value_list(cx->mem);
    struct str text;

    TRY(content_get(cx, &embedded, MENU, &text));
    TRY(yaml_parse(cx, MENU, text, &menu));
    for (size_t i = 0; i < value_count(menu); i++)
        add_group(visit, menu, i, out);
    value_set(page, "menu", out);
    return 0;
}
