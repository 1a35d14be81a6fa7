#include "web/view.h"

#include "base/zone.h"
#include "op/call.h"

static void set_kind(struct value *cell, const char *is_kind, struct str text)
{
    value_set_bool(cell, is_kind, true);
    value_set_text(cell, "text", text);
}

struct str view_choice(const struct register_field *field, struct str id)
{
    for (size_t i = 0; i < field->choice_n; i++)
        if (str_eq(field->choices[i].id, id))
            return field->choices[i].label.n > 0 ? field->choices[i].label : id;
    return id;
}

struct str view_bytes(struct arena *mem, int64_t bytes)
{
    static const char *const units[] = {"kB", "MB", "GB"};
    double n = (double)bytes / 1000;
    size_t unit = 0;

    if (bytes < 1000)
        return str_printf(mem, _("%lld bytes"), (long long)bytes);
    while (n >= 999.5 && unit + 1 < COUNT_OF(units)) {
        n /= 1000;
        unit++;
    }
    return str_printf(mem, n < 9.95 ? "%.1f %s" : "%.0f %s", n, units[unit]);
}

struct str view_file_path(struct visit *visit, struct str register_id, struct str ref,
                          struct str field, struct str as_of)
{
    return str_printf(visit->cx->mem, "%.*s/file/%.*s%s%.*s",
                      STR_ARG(visit_record_path(visit, register_id, ref)), STR_ARG(field),
                      as_of.n > 0 ? "?as-of=" : "", STR_ARG(parse_escape(visit->cx->mem, as_of)));
}

/* ---- references ---- */

static struct str target_of(const struct register_field *field)
{
    if (field->type == REGISTER_PERSON || field->type == REGISTER_PEOPLE)
        return STR(REGISTER_PERSON_ID);
    return field->to;
}

static bool is_link(const struct register_field *field)
{
    switch (field->type) {
    case REGISTER_PERSON:
    case REGISTER_PEOPLE:
    case REGISTER_REFERENCE:
    case REGISTER_REFERENCES:
        return true;
    default:
        return false;
    }
}

static void add_link(struct visit *visit, const struct register_field *field,
                     const struct value *names, const struct value *v, struct value *links)
{
    struct arena *mem = visit->cx->mem;
    struct value *link = value_map(mem);
    struct str said = value_get_text(v, "said"), ref = value_as_text(v), to = target_of(field);
    struct str name = value_get_text(value_get(names, str_z(mem, to)), str_z(mem, ref));

    if (said.n > 0) { /* what an import brought that names no record */
        value_set_text(link, "text", said);
        value_set_bool(link, "said", true);
    } else {
        value_set_text(link, "ref", ref);
        value_set_text(link, "text", name.n > 0 ? name : ref);
        value_set_bool(link, "named", name.n > 0);
        if (!register_names_entry(field) && view_may(visit, ACCESS_READ, to))
            value_set_text(link, "url", visit_record_path(visit, to, ref));
    }
    value_push(links, link);
}

static void view_links(struct visit *visit, const struct register_field *field,
                       const struct value *names, const struct value *v, struct value *cell)
{
    struct value *links = value_list(visit->cx->mem);

    if (value_type(v) == VALUE_LIST)
        for (size_t i = 0; i < value_count(v); i++)
            add_link(visit, field, names, value_at(v, i), links);
    else
        add_link(visit, field, names, v, links);
    value_set(cell, "links", links);
    value_set_bool(cell, "is_links", true);
}

/* ---- lines ---- */

static int view_lines(struct visit *visit, const struct register_field *field,
                      const struct value *names, const struct value *v, struct value *cell)
{
    struct arena *mem = visit->cx->mem;
    struct value *lines = value_list(mem), *heads = value_list(mem), *one;
    const struct register_def *of = field->of;

    for (size_t k = 0; k < of->field_n; k++)
        value_push(heads, value_text(mem, of->fields[k].label));
    for (size_t i = 0; i < value_count(v); i++) {
        struct value *line = value_map(mem), *cells = value_list(mem);
        for (size_t k = 0; k < of->field_n; k++) {
            const struct value *inner = value_get(value_at(v, i), str_z(mem, of->fields[k].id));
            TRY(view_value(visit, of, &of->fields[k], names, inner, false, &one));
            value_set_bool(one, "is_lines", false); /* as the field is that they stand in */
            value_set_text(one, "label", of->fields[k].label);
            value_push(cells, one);
        }
        value_set(line, "cells", cells);
        value_push(lines, line);
    }
    value_set(cell, "line_heads", heads);
    value_set(cell, "lines", lines);
    set_kind(cell, "is_lines", str_printf(mem, "%zu", value_count(v)));
    return 0;
}

/* ---- values ---- */

static struct str choices_text(struct arena *mem, const struct register_field *field,
                               const struct value *v)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < value_count(v); i++) {
        struct str label = view_choice(field, value_as_text(value_at(v, i)));
        buf_printf(&out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(label));
    }
    return buf_str(&out);
}

static void view_text(struct arena *mem, const struct register_field *field, const struct value *v,
                      bool cut, struct value *cell)
{
    struct str text = value_print(mem, v);

    if (field->type == REGISTER_LONG_TEXT || field->type == REGISTER_MARKDOWN) {
        struct str shown = cut ? str_cut(mem, str_squeeze(mem, text), VIEW_CUT) : text;
        set_kind(cell, "is_long", shown);
        return;
    }
    set_kind(cell, "is_text", cut ? str_cut(mem, text, VIEW_CUT) : text);
}

static void view_choices(struct arena *mem, const struct register_def *def,
                         const struct register_field *field, const struct value *v,
                         struct value *cell)
{
    if (value_type(v) == VALUE_LIST) {
        set_kind(cell, "is_text", choices_text(mem, field, v));
        return;
    }
    set_kind(cell, field == def->state ? "is_state" : "is_choice",
             view_choice(field, value_as_text(v)));
    value_set_text(cell, "tag", value_as_text(v));
}

int view_value(struct visit *visit, const struct register_def *def,
               const struct register_field *field, const struct value *names, const struct value *v,
               bool cut, struct value **ret)
{
    struct arena *mem = visit->cx->mem;
    struct value *cell = value_map(mem);

    *ret = cell;
    if (value_type(v) == VALUE_NULL || field == NULL) {
        set_kind(cell, "is_none", STR_NONE);
        return 0;
    }
    if (is_link(field)) {
        view_links(visit, field, names, v, cell);
        return 0;
    }
    switch (field->type) {
    case REGISTER_ROWS:
        return view_lines(visit, field, names, v, cell);
    case REGISTER_CHOICE:
    case REGISTER_MANY_CHOICE:
        view_choices(mem, def, field, v, cell);
        return 0;
    case REGISTER_YES_NO:
        set_kind(cell, value_as_bool(v) ? "is_yes" : "is_no",
                 str_of(value_as_bool(v) ? _("Yes") : _("No")));
        return 0;
    case REGISTER_INTEGER:
    case REGISTER_DECIMAL:
    case REGISTER_SCORE:
        set_kind(cell, "is_number", value_print(mem, v));
        return 0;
    case REGISTER_DATE:
        set_kind(cell, "is_date", value_print(mem, v));
        return 0;
    case REGISTER_INSTANT:
        set_kind(cell, "is_date", view_instant(visit, value_as_text(v)));
        return 0;
    case REGISTER_FILE:
        set_kind(cell, "is_file", value_get_text(v, "name"));
        value_set_text(cell, "size", view_bytes(mem, value_get_int(v, "bytes", 0)));
        return 0;
    default:
        view_text(mem, field, v, cut, cell);
        return 0;
    }
}

struct str view_instant(struct visit *visit, struct str instant)
{
    struct ctx *cx = visit->cx;
    struct err err = cx->err;
    struct str name = zone_database_there() ? visit->org->zone : STR_NONE;
    int64_t ms;

    if (!instant_parse(instant, &ms))
        return instant;
    if (visit->zone == NULL && zone_load(cx, name, &visit->zone) < 0) {
        cx->err = err;
        return instant;
    }
    int64_t local = ms / 1000 + zone_offset(visit->zone, ms / 1000);
    int64_t days = local / 86400, seconds = local % 86400;

    return str_printf(cx->mem, "%.*s %02d:%02d", STR_ARG(date_iso(cx->mem, date_from_days(days))),
                      (int)(seconds / 3600), (int)(seconds / 60 % 60));
}

int view_register(struct visit *visit, const struct register_def **ret)
{
    return call_find_register(visit->cx, visit->org->records.registers,
                              visit_param(visit, "register"), ret);
}

bool view_may(struct visit *visit, enum access_right right, struct str register_id)
{
    struct err err = visit->cx->err;
    int rc = access_check(visit->cx, visit->org->access, &visit->who, right, register_id);

    visit->cx->err = err;
    return rc == 0;
}
