/* A register as a table: filters, order, pages of it. */
#include "op/call.h"
#include "web/faces.h"
#include "web/handlers.h"
#include "web/view.h"

#define PAGE_ROWS 100

/* ---- addresses ---- */

struct list_state {
    struct visit *visit;
    struct str path;
    struct str sort;
    int64_t skip, limit;
};

static void add_param(struct arena *mem, struct buf *url, const char *name, struct str value)
{
    buf_printf(url, "%s%s=%.*s", str_has(buf_str(url), "?") ? "&" : "?", name,
               STR_ARG(parse_escape(mem, value)));
}

/* The list again, in another order, on another page, without its n-th filter (SIZE_MAX for none).
 */
static struct str list_url(const struct list_state *s, struct str sort, int64_t skip,
                           size_t without)
{
    static const char *const kept[] = {"columns", "as-of", "limit"};
    struct arena *mem = s->visit->cx->mem;
    const struct parse_form *query = &s->visit->query;
    struct buf url = buf_new(mem);
    size_t n = 0;

    buf_add(&url, s->path);
    for (size_t i = 0; i < query->n; i++)
        if (str_is(query->fields[i].name, "where") && query->fields[i].value.n > 0 &&
            n++ != without)
            add_param(mem, &url, "where", query->fields[i].value);
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        if (parse_get(query, kept[i]).n > 0)
            add_param(mem, &url, kept[i], parse_get(query, kept[i]));
    if (sort.n > 0)
        add_param(mem, &url, "sort", sort);
    if (skip > 0)
        add_param(mem, &url, "skip", str_printf(mem, "%lld", (long long)skip));
    return buf_str(&url);
}

/* ---- the operation ---- */

/* A filter from the page's own form: a field, a comparison, a value. */
static void add_filter(struct visit *visit, struct value *where)
{
    struct arena *mem = visit->cx->mem;
    struct str field = parse_get(&visit->query, "field"), how = parse_get(&visit->query, "how"),
               value = parse_get(&visit->query, "value");
    static const char *const known[] = {"=", "!=", "~", ">=", "<="};
    struct parse_field added = {.name = STR("where")};

    if (field.n == 0)
        return;
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_is(how, known[i]))
            added.value = str_printf(mem, "%.*s%s%.*s", STR_ARG(field), known[i], STR_ARG(value));
    if (added.value.n == 0)
        return;
    value_push(where, value_text(mem, added.value));
    *ARENA_PUSH(mem, visit->query.fields, visit->query.n, visit->query.room) = added;
}

/* Columns that were ticked, as the operation and all links of the page have them. */
static void add_columns(struct visit *visit)
{
    struct arena *mem = visit->cx->mem;
    struct buf names = buf_new(mem);
    struct parse_field added = {.name = STR("columns")};

    for (size_t i = 0; i < visit->query.n; i++)
        if (str_is(visit->query.fields[i].name, "column"))
            buf_printf(&names, "%s%.*s", names.n > 0 ? "," : "",
                       STR_ARG(visit->query.fields[i].value));
    if (names.n == 0)
        return;
    added.value = buf_str(&names);
    *ARENA_PUSH(mem, visit->query.fields, visit->query.n, visit->query.room) = added;
}

int list_show(struct visit *visit, struct value **ret)
{
    static const char *const texts[] = {"sort", "columns", "as-of", "skip"};
    struct arena *mem = visit->cx->mem;
    struct value *args = value_map(mem), *where = value_list(mem);
    const struct parse_form *query = &visit->query;
    struct str limit = parse_get(query, "limit");

    for (size_t i = 0; i < query->n; i++)
        if (str_is(query->fields[i].name, "where") && query->fields[i].value.n > 0)
            value_push(where, value_text(mem, query->fields[i].value));
    add_filter(visit, where);
    add_columns(visit);
    value_set_text(args, "register", visit_param(visit, "register"));
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (parse_get(query, texts[i]).n > 0)
            value_set_text(args, texts[i], parse_get(query, texts[i]));
    value_set_text(args, "limit", limit.n > 0 ? limit : str_printf(mem, "%d", PAGE_ROWS));
    if (value_count(where) > 0)
        value_set(args, "where", where);
    return visit_op(visit, "list", args, ret);
}

/* ---- the page ---- */

static void dress_heads(const struct list_state *s, const struct value *tree, struct value *view)
{
    struct arena *mem = s->visit->cx->mem;
    const struct value *columns = value_get(tree, "columns");
    struct value *heads = value_list(mem);

    for (size_t i = 0; i < value_count(columns); i++) {
        struct value *head = value_map(mem);
        struct str field = value_get_text(value_at(columns, i), "field");
        bool up = str_eq(s->sort, field);
        bool down = s->sort.n > 1 && s->sort.p[0] == '-' && str_eq(str_from(s->sort, 1), field);
        struct str next = up ? str_printf(mem, "-%.*s", STR_ARG(field)) : field;
        value_set_text(head, "label", value_get_text(value_at(columns, i), "label"));
        value_set_bool(head, "sortable", !value_get_bool(value_at(columns, i), "computed"));
        value_set_text(head, "url", list_url(s, next, 0, SIZE_MAX));
        value_set_bool(head, "up", up);
        value_set_bool(head, "down", down);
        value_push(heads, head);
    }
    value_set(view, "heads", heads);
}

static int dress_row(struct visit *visit, const struct register_def *def, const struct value *tree,
                     const struct value *record, struct value **ret)
{
    struct arena *mem = visit->cx->mem;
    const struct value *columns = value_get(tree, "columns");
    struct value *row = value_map(mem), *cells = value_list(mem), *cell;

    value_set_text(row, "ref", value_get_text(record, "ref"));
    value_set_text(row, "url", visit_record_path(visit, def->id, value_get_text(record, "ref")));
    for (size_t i = 0; i < value_count(columns); i++) {
        struct str id = value_get_text(value_at(columns, i), "field");
        const struct register_field *field = register_field(def, id);
        const struct value *v = value_get(value_get(record, "fields"), str_z(mem, id));
        TRY(view_value(visit, def, field, value_get(tree, "names"), v, true, &cell));
        value_set_text(cell, "label", value_get_text(value_at(columns, i), "label"));
        if (field != NULL && field->type == REGISTER_FILE)
            value_set_text(cell, "file_url",
                           view_file_path(visit, def->id, value_get_text(record, "ref"), field->id,
                                          parse_get(&visit->query, "as-of")));
        value_push(cells, cell);
    }
    value_set(row, "cells", cells);
    *ret = row;
    return 0;
}

/* "likelihood>=3" is said as "Likelihood >= 3". */
static struct str filter_text(struct arena *mem, const struct register_def *def, struct str where)
{
    size_t end = 0;

    while (end < where.n && str_find_char(STR("=!~<>"), where.p[end], 0) == SIZE_MAX)
        end++;
    const struct register_field *field = register_field(def, str_sub(where, 0, end));
    struct str label = field != NULL ? field->label : str_sub(where, 0, end);
    size_t how = end;

    while (how < where.n && str_find_char(STR("=!~<>"), where.p[how], 0) != SIZE_MAX)
        how++;
    struct str op = str_sub(where, end, how - end), value = str_from(where, how);

    if (value.n == 0)
        return str_printf(mem, str_is(op, "=") ? _("%.*s is empty") : _("%.*s is filled"),
                          STR_ARG(label));
    const char *said = str_is(op, "=")    ? _("is")
                       : str_is(op, "!=") ? _("is not")
                       : str_is(op, "~")  ? _("has")
                       : str_is(op, ">=") ? _("is at least")
                       : str_is(op, "<=") ? _("is at most")
                                          : NULL;
    if (said == NULL)
        return where;
    struct str shown = field != NULL ? view_choice(field, value) : value;

    return str_printf(mem, "%.*s %s %.*s", STR_ARG(label), said, STR_ARG(shown));
}

static void dress_filters(const struct list_state *s, const struct register_def *def,
                          struct value *view)
{
    struct arena *mem = s->visit->cx->mem;
    const struct parse_form *query = &s->visit->query;
    struct value *filters = value_list(mem), *fields = value_list(mem);
    size_t n = 0;

    for (size_t i = 0; i < query->n; i++) {
        struct str where = query->fields[i].value;
        if (!str_is(query->fields[i].name, "where") || where.n == 0)
            continue;
        struct value *one = value_map(mem);
        value_set_text(one, "where", where);
        value_set_text(one, "text", filter_text(mem, def, where));
        value_set_text(one, "without", list_url(s, s->sort, 0, n++));
        value_push(filters, one);
    }
    for (size_t i = 0; i < def->field_n; i++) {
        struct value *one = value_map(mem);
        if (def->fields[i].type == REGISTER_ROWS || def->fields[i].type == REGISTER_FILE ||
            str_is(def->fields[i].id, "ref"))
            continue;
        value_set_text(one, "field", def->fields[i].id);
        value_set_text(one, "label", def->fields[i].label);
        value_push(fields, one);
    }
    value_set(view, "filters", filters);
    value_set_bool(view, "filtered", value_count(filters) > 0);
    value_set(view, "filter_fields", fields);
}

/* Which columns it has, to choose others. */
static void dress_columns(const struct list_state *s, const struct register_def *def,
                          const struct value *tree, struct value *view)
{
    struct arena *mem = s->visit->cx->mem;
    const struct value *columns = value_get(tree, "columns");
    struct value *list = value_list(mem);

    for (size_t i = 0; i < def->field_n; i++) {
        struct value *one = value_map(mem);
        bool shown = false;
        if (def->fields[i].type == REGISTER_ROWS || str_is(def->fields[i].id, "ref"))
            continue;
        for (size_t k = 0; k < value_count(columns); k++)
            shown =
                shown || str_eq(value_get_text(value_at(columns, k), "field"), def->fields[i].id);
        value_set_text(one, "field", def->fields[i].id);
        value_set_text(one, "label", def->fields[i].label);
        value_set_bool(one, "shown", shown);
        value_push(list, one);
    }
    value_set(view, "column_fields", list);
    value_set_text(view, "columns_asked", parse_get(&s->visit->query, "columns"));
}

static void dress_paging(const struct list_state *s, const struct value *tree, struct value *view)
{
    int64_t count = value_get_int(tree, "count", 0),
            n = (int64_t)value_count(value_get(tree, "records"));

    value_set_int(view, "from", n > 0 ? s->skip + 1 : 0);
    value_set_int(view, "to", s->skip + n);
    value_set_bool(view, "paged", s->skip > 0 || s->skip + n < count);
    if (s->skip > 0)
        value_set_text(view, "earlier",
                       list_url(s, s->sort, s->skip > s->limit ? s->skip - s->limit : 0, SIZE_MAX));
    if (s->skip + n < count && n > 0)
        value_set_text(view, "later", list_url(s, s->sort, s->skip + n, SIZE_MAX));
}

int list_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    struct value *rows = value_list(mem), *row;
    const struct value *records = value_get(tree, "records");
    const struct register_def *def;
    struct list_state s = {.visit = visit, .sort = parse_get(&visit->query, "sort")};

    TRY(view_register(visit, &def));
    s.path = visit_register_path(visit, def->id);
    if (!str_to_int(parse_get(&visit->query, "skip"), &s.skip) || s.skip < 0)
        s.skip = 0;
    if (!str_to_int(parse_get(&visit->query, "limit"), &s.limit) || s.limit <= 0)
        s.limit = PAGE_ROWS;
    for (size_t i = 0; i < value_count(records); i++) {
        TRY(dress_row(visit, def, tree, value_at(records, i), &row));
        value_push(rows, row);
    }
    dress_heads(&s, tree, view);
    dress_filters(&s, def, view);
    dress_paging(&s, tree, view);
    value_set(view, "rows", rows);
    value_set_bool(view, "any", value_count(rows) > 0);
    faces_tabs(visit, def, STR_NONE, view);
    TRY(views_dress(visit, def, view));
    dress_columns(&s, def, tree, view);
    value_set_text(view, "about", def->help);
    value_set_text(view, "url", s.path);
    value_set_text(view, "sort", s.sort);
    value_set_text(
        view, "ref_url",
        list_url(&s, s.sort.n == 0 || str_is(s.sort, "ref") ? STR("-ref") : STR_NONE, 0, SIZE_MAX));
    value_set_bool(view, "may_add",
                   view_may(visit, ACCESS_WRITE, def->id) &&
                       !(def->single && value_count(records) > 0));
    value_set_bool(view, "may_change",
                   view_may(visit, ACCESS_WRITE, def->id) && !def->single &&
                       value_get(tree, "as_of") == NULL);
    value_set_bool(view, "may_export", view_may(visit, ACCESS_TRANSFER, STR_NONE));
    return 0;
}
