/* Registers as statements, maps, charts, time lines and tables of periods (docs/faces.md). */
#include "web/faces.h"

#include "op/call.h"
#include "report/face.h"
#include "web/forms.h"
#include "web/handlers.h"
#include "web/view.h"

/* ---- addresses ---- */

struct str faces_path(struct visit *visit, const struct register_def *def, struct str face)
{
    return str_printf(visit->cx->mem, "%.*s/face/%.*s",
                      STR_ARG(visit_register_path(visit, def->id)), STR_ARG(face));
}

static void add_param(struct arena *mem, struct buf *url, const char *name, struct str value)
{
    if (value.n > 0)
        buf_printf(url, "%s%s=%.*s", str_has(buf_str(url), "?") ? "&" : "?", name,
                   STR_ARG(parse_escape(mem, value)));
}

/* The list, filtered by each of `where`. */
static struct str list_url(struct visit *visit, const struct register_def *def,
                           const struct value *where)
{
    struct buf url = buf_new(visit->cx->mem);

    buf_add(&url, visit_register_path(visit, def->id));
    for (size_t i = 0; i < value_count(where); i++)
        add_param(visit->cx->mem, &url, "where", value_as_text(value_at(where, i)));
    return buf_str(&url);
}

/* ---- the tabs of a register: its list and its faces ---- */

void faces_tabs(struct visit *visit, const struct register_def *def, struct str at,
                struct value *view)
{
    struct arena *mem = visit->cx->mem;
    struct value *tabs = value_list(mem), *one;

    for (size_t i = 0; i < def->face_n; i++) {
        one = value_map(mem);
        value_set_text(one, "title", def->faces[i].title);
        value_set_text(one, "url", faces_path(visit, def, def->faces[i].id));
        value_set_bool(one, "current", str_eq(def->faces[i].id, at));
        value_push(tabs, one);
    }
    one = value_map(mem);
    value_set_text(one, "title", str_of(_("As a list")));
    value_set_text(one, "url", visit_register_path(visit, def->id));
    value_set_bool(one, "current", at.n == 0);
    value_push(tabs, one);
    if (def->face_n > 0)
        value_set(view, "tabs", tabs);
}

/* ---- asking ---- */

static struct value *face_args(struct visit *visit)
{
    static const char *const texts[] = {"as-of", "version", "against", "gap", "period"};
    struct arena *mem = visit->cx->mem;
    const struct parse_form *query = &visit->query;
    struct value *args = value_map(mem), *where = value_list(mem);

    value_set_text(args, "register", visit_param(visit, "register"));
    value_set_text(args, "face", visit_param(visit, "face"));
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (parse_get(query, texts[i]).n > 0)
            value_set_text(args, texts[i], parse_get(query, texts[i]));
    for (size_t i = 0; i < query->n; i++)
        if (str_is(query->fields[i].name, "where") && query->fields[i].value.n > 0)
            value_push(where, value_text(mem, query->fields[i].value));
    if (value_count(where) > 0)
        value_set(args, "where", where);
    return args;
}

int face_show(struct visit *visit, struct value **ret)
{
    return visit_op(visit, "face", face_args(visit), ret);
}

/* The same as a document, to be saved. */
int face_document(struct visit *visit, struct value **ret)
{
    struct ctx *cx = visit->cx;
    struct str format = parse_get(&visit->query, "format");
    struct buf out = buf_new(cx->mem);
    struct value *tree;

    format = format.n > 0 ? format : STR("pdf");
    if (report_face_type(format) == NULL)
        return fail(cx, RC_INVALID, "format", _("There is no format \"%.*s\"."), STR_ARG(format));
    TRY(visit_op(visit, "face", face_args(visit), &tree));
    TRY(report_face(cx, tree, format, &out));
    struct str version = value_get_text(value_get(tree, "version"), "name");
    struct buf name = buf_new(cx->mem);

    for (size_t i = 0; i < version.n; i++)
        buf_char(&name, (version.p[i] >= '0' && version.p[i] <= '9') || version.p[i] == '.' ||
                                (version.p[i] >= 'a' && version.p[i] <= 'z')
                            ? version.p[i]
                            : '-');
    web_header(visit->response, "Content-Disposition",
               str_printf(cx->mem, "attachment; filename=\"%.*s-%.*s%s%.*s.%.*s\"",
                          STR_ARG(visit->org->name), STR_ARG(value_get_text(tree, "face")),
                          name.n > 0 ? "-" : "", STR_ARG(buf_str(&name)), STR_ARG(format)));
    web_header(visit->response, "Cache-Control", STR("private, no-store"));
    visit->raw = buf_str(&out);
    visit->raw_type = report_face_type(format);
    *ret = NULL;
    return 0;
}

/* ---- what pages share ---- */

static struct str svg_of(struct arena *mem, const struct chart *chart)
{
    struct buf out = buf_new(mem);

    if (chart == NULL)
        return STR_NONE;
    chart_svg(chart, &out);
    return buf_str(&out);
}

static void set_chart(struct value *map, struct arena *mem, const struct chart *chart)
{
    if (chart == NULL)
        return;
    value_set_text(map, "svg", svg_of(mem, chart));
    value_set_text(map, "svg_wide", str_printf(mem, "%.0f", chart->wide));
    value_set_text(map, "svg_high", str_printf(mem, "%.0f", chart->high));
}

/* The page again with one parameter otherwise; "" leaves it out. */
static struct str again(struct visit *visit, const struct register_def *def, const char *file,
                        const char *name, struct str value)
{
    static const char *const kept[] = {"version", "against", "gap", "period"};
    struct arena *mem = visit->cx->mem;
    const struct parse_form *query = &visit->query;
    struct buf url = buf_new(mem);

    buf_printf(&url, "%.*s%s", STR_ARG(faces_path(visit, def, visit_param(visit, "face"))), file);
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        if (strcmp(kept[i], name) != 0)
            add_param(mem, &url, kept[i], parse_get(query, kept[i]));
    for (size_t i = 0; i < query->n; i++)
        if (str_is(query->fields[i].name, "where") && strcmp(name, "where") != 0)
            add_param(mem, &url, "where", query->fields[i].value);
    add_param(mem, &url, name, value);
    return buf_str(&url);
}

static void dress_formats(struct visit *visit, const struct register_def *def, struct value *view)
{
    static const char *const formats[] = {"pdf", "xlsx", "docx"};
    struct arena *mem = visit->cx->mem;
    struct value *list = value_list(mem);

    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        struct value *one = value_map(mem);
        value_set_text(one, "title", str_printf(mem, "%s", formats[i]));
        value_set_text(one, "url", again(visit, def, "/document", "format", str_of(formats[i])));
        value_push(list, one);
    }
    value_set(view, "formats", list);
}

/* ---- a statement ---- */

struct dressing {
    struct visit *visit;
    const struct register_def *def;
    const struct register_face *face;
    const struct value *tree;
    struct value *view;
    struct arena *mem;
};

static int dress_cell(const struct dressing *d, const struct value *line, struct str id,
                      struct value **ret)
{
    const struct register_field *field = register_field(d->def, id);
    const struct value *v = value_get(value_get(line, "fields"), str_z(d->mem, field->id));

    TRY(view_value(d->visit, d->def, field, value_get(d->tree, "names"), v, false, ret));
    value_set_text(*ret, "label", field->label);
    value_set_bool(*ret, "filled", !value_get_bool(*ret, "is_none"));
    return 0;
}

static int dress_cells(const struct dressing *d, const struct value *line, const char *key,
                       struct value *out)
{
    const struct value *ids = value_get(value_get(d->tree, "by"), key);
    struct value *cells = value_list(d->mem), *cell;

    for (size_t i = 0; i < value_count(ids); i++) {
        TRY(dress_cell(d, line, value_as_text(value_at(ids, i)), &cell));
        if (value_get_bool(cell, "filled"))
            value_push(cells, cell);
    }
    value_set(out, key, cells);
    return 0;
}

static void dress_links(const struct dressing *d, const struct value *line, struct value *out)
{
    const struct value *links = value_get(line, "links");
    struct value *list = value_list(d->mem);

    for (size_t i = 0; i < value_count(links); i++) {
        struct value *one = value_copy(d->mem, value_at(links, i));
        struct str to = value_get_text(one, "register");
        if (view_may(d->visit, ACCESS_READ, to))
            value_set_text(one, "url", visit_record_path(d->visit, to, value_get_text(one, "ref")));
        value_push(list, one);
    }
    value_set(out, "links", list);
}

static struct str gap_label(const struct value *tree, struct str id)
{
    const struct value *gaps = value_get(tree, "gaps");

    for (size_t i = 0; i < value_count(gaps); i++)
        if (str_eq(value_get_text(value_at(gaps, i), "id"), id))
            return value_get_text(value_at(gaps, i), "label");
    return id;
}

/* The form of one line, in its place: those fields that the definition names. */
static int dress_form(const struct dressing *d, const struct value *line, struct value *out)
{
    const struct value *ids = value_get(d->face->yaml, "edit");
    struct register_group only = {.n = 0};
    struct value *args = value_map(d->mem), *shown, *fields;
    struct form_values values;

    value_set_text(args, "register", d->def->id);
    value_set_text(args, "record", value_get_text(line, "ref"));
    TRY(visit_op(d->visit, "show", args, &shown));
    for (size_t i = 0; i < value_count(ids); i++)
        only.items[only.n++] = register_field(d->def, value_as_text(value_at(ids, i)))->at;
    form_of_record(d->visit, d->def, shown, &values);
    TRY(form_fields(d->visit, d->def, &values, &only, NULL, &fields));
    value_set(out, "form_fields", fields);
    value_set_int(out, "rev", value_get_int(shown, "rev", 0));
    value_set_bool(out, "open", true);
    return 0;
}

static int dress_line(const struct dressing *d, const struct value *line, bool may, bool fixed,
                      struct value **ret)
{
    struct value *out = value_map(d->mem), *cell, *gaps = value_list(d->mem);
    struct str entry = value_get_text(line, "entry"), ref = value_get_text(line, "ref");
    const struct value *by = value_get(d->tree, "by"), *ids = value_get(line, "gaps");

    value_set_text(out, "entry", entry);
    value_set_text(out, "title", value_get_text(line, "title"));
    TRY(dress_cell(d, line, value_get_text(by, "applies"), &cell));
    value_set(out, "applies", cell);
    value_set_bool(out, "no", value_get_bool(cell, "is_no"));
    TRY(dress_cell(d, line, value_get_text(by, "state"), &cell));
    value_set_text(cell, "tag",
                   value_print(d->mem, value_get(value_get(line, "fields"),
                                                 str_z(d->mem, value_get_text(by, "state")))));
    value_set(out, "state", cell);
    TRY(dress_cells(d, line, "reasons", out));
    TRY(dress_cells(d, line, "why", out));
    TRY(dress_cells(d, line, "how", out));
    dress_links(d, line, out);
    for (size_t i = 0; i < value_count(ids); i++)
        value_push(gaps, value_text(d->mem, gap_label(d->tree, value_as_text(value_at(ids, i)))));
    value_set(out, "gap_labels", gaps);
    if (ref.n > 0)
        value_set_text(out, "url", visit_record_path(d->visit, d->def->id, ref));
    value_set_text(out, "at", again(d->visit, d->def, "", "at", STR_NONE));
    if (may && ref.n > 0 && !fixed) {
        value_set_text(out, "edit_url",
                       str_printf(d->mem, "%.*s#%.*s",
                                  STR_ARG(again(d->visit, d->def, "", "edit", entry)),
                                  STR_ARG(parse_escape(d->mem, entry))));
        if (str_eq(parse_get(&d->visit->query, "edit"), entry))
            TRY(dress_form(d, line, out));
    } else if (may && ref.n == 0 && !fixed) {
        value_set_text(out, "add_url",
                       str_printf(d->mem, "%.*s/new?" FORM_PREFIX "%.*s=%.*s",
                                  STR_ARG(visit_register_path(d->visit, d->def->id)),
                                  STR_ARG(value_get_text(by, "entry")),
                                  STR_ARG(parse_escape(d->mem, entry))));
    }
    *ret = out;
    return 0;
}

static int dress_groups(const struct dressing *d, bool fixed)
{
    const struct value *lines = value_get(d->tree, "records");
    struct value *groups = value_list(d->mem), *group = NULL, *line;
    bool may = view_may(d->visit, ACCESS_WRITE, d->def->id);

    for (size_t i = 0; i < value_count(lines); i++) {
        struct str title = value_get_text(value_at(lines, i), "group");
        if (group == NULL || !str_eq(title, value_get_text(group, "title"))) {
            group = value_map(d->mem);
            value_set_text(group, "title", title);
            value_set(group, "lines", value_list(d->mem));
            value_push(groups, group);
        }
        TRY(dress_line(d, value_at(lines, i), may, fixed, &line));
        value_push(value_get_mut(group, "lines"), line);
    }
    for (size_t i = 0; i < value_count(groups); i++)
        value_set_int(value_at_mut(groups, i), "n",
                      (int64_t)value_count(value_get(value_at(groups, i), "lines")));
    value_set(d->view, "groups", groups);
    return 0;
}

/* Filters that people use: by gap, by state, by whether it applies. */
static void dress_chips(const struct dressing *d)
{
    const struct value *gaps = value_get(d->tree, "gaps"), *states = value_get(d->tree, "states");
    struct value *list = value_list(d->mem), *kinds = value_list(d->mem);
    struct str gap = parse_get(&d->visit->query, "gap"),
               where = parse_get(&d->visit->query, "where"),
               state = value_get_text(value_get(d->tree, "by"), "state");

    for (size_t i = 0; i < value_count(gaps); i++) {
        struct value *one = value_copy(d->mem, value_at(gaps, i));
        struct str id = value_get_text(one, "id");
        bool on = str_eq(gap, id);
        if (value_get_int(one, "n", 0) == 0 && !on)
            continue;
        value_set_bool(one, "current", on);
        value_set_text(one, "url", again(d->visit, d->def, "", "gap", on ? STR_NONE : id));
        value_push(list, one);
    }
    for (size_t i = 0; i < value_count(states); i++) {
        struct value *one = value_copy(d->mem, value_at(states, i));
        struct str is =
            str_printf(d->mem, "%.*s=%.*s", STR_ARG(state), STR_ARG(value_get_text(one, "id")));
        bool on = str_eq(where, is);
        if (value_get_int(one, "n", 0) == 0 && !on)
            continue;
        value_set_bool(one, "current", on);
        value_set_text(one, "url", again(d->visit, d->def, "", "where", on ? STR_NONE : is));
        value_push(kinds, one);
    }
    value_set(d->view, "gap_chips", list);
    value_set(d->view, "state_chips", kinds);
    value_set_bool(d->view, "filtered", gap.n > 0 || where.n > 0);
}

static void dress_versions(const struct dressing *d)
{
    const struct value *versions = value_get(d->tree, "versions"),
                       *shown = value_get(d->tree, "version"),
                       *part = value_get(d->face->yaml, "versions");
    struct value *list = value_list(d->mem);
    struct str to = value_get_text(part, "register");

    for (size_t i = 0; i < value_count(versions); i++) {
        struct value *one = value_copy(d->mem, value_at(versions, i));
        struct str name = value_get_text(one, "name"), kept = value_get_text(one, "kept");
        value_set_text(one, "record_url",
                       visit_record_path(d->visit, to, value_get_text(one, "ref")));
        if (kept.n > 0) {
            value_set_text(one, "url", again(d->visit, d->def, "", "version", name));
            value_set_text(one, "against_url", again(d->visit, d->def, "", "against", name));
            value_set_text(one, "when", view_instant(d->visit, kept));
        } else if (view_may(d->visit, ACCESS_WRITE, to)) {
            value_set_text(
                one, "sign_url",
                str_printf(d->mem, "%.*s/edit", STR_ARG(value_get_text(one, "record_url"))));
        }
        value_set_bool(one, "current", str_eq(name, value_get_text(shown, "name")));
        value_push(list, one);
    }
    value_set(d->view, "version_list", list);
    if (view_may(d->visit, ACCESS_WRITE, to))
        value_set_text(d->view, "approve_url",
                       str_printf(d->mem, "%.*s/new", STR_ARG(visit_register_path(d->visit, to))));
    value_set_text(d->view, "now_url", faces_path(d->visit, d->def, d->face->id));
}

static int dress_statement(const struct dressing *d)
{
    const struct value *changes = value_get(d->tree, "changes");
    bool fixed = value_get(d->tree, "as_of") != NULL || value_get(d->tree, "version") != NULL;
    struct value *list = value_list(d->mem);

    TRY(dress_groups(d, fixed));
    dress_chips(d);
    dress_versions(d);
    for (size_t i = 0; i < value_count(changes); i++) {
        struct value *one = value_copy(d->mem, value_at(changes, i));
        value_set(one, "changes",
                  record_changes_view(d->visit, d->def, value_get(d->tree, "names"),
                                      value_get(value_at(changes, i), "changes")));
        value_push(list, one);
    }
    value_set(d->view, "change_list", list);
    value_set_bool(d->view, "any_changes", value_count(list) > 0);
    value_set_bool(d->view, "fixed", fixed);
    return 0;
}

/* ---- a matrix ---- */

static void dress_grid(const struct dressing *d, const struct value *pass,
                       const struct value *links, struct value *out)
{
    const struct value *ups = value_path(d->tree, "up.steps"),
                       *acrosses = value_path(d->tree, "across.steps"),
                       *cells = value_get(pass, "cells");
    struct value *rows = value_list(d->mem);

    for (size_t i = value_count(ups); i > 0; i--) {
        const struct value *up = value_at(ups, i - 1);
        struct value *row = value_copy(d->mem, up), *list = value_list(d->mem);
        for (size_t k = 0; k < value_count(acrosses); k++) {
            struct value *cell = value_map(d->mem);
            for (size_t c = 0; c < value_count(cells); c++) {
                const struct value *here = value_at(cells, c);
                if (value_get_int(here, "up", 0) != value_get_int(up, "step", 0) ||
                    value_get_int(here, "across", 0) !=
                        value_get_int(value_at(acrosses, k), "step", 0))
                    continue;
                value_set_int(cell, "n", value_get_int(here, "n", 0));
                value_set_text(cell, "url", value_as_text(value_at(links, c)));
            }
            value_push(list, cell);
        }
        value_set(row, "cells", list);
        value_push(rows, row);
    }
    value_set(out, "rows", rows);
}

static int dress_matrix(const struct dressing *d)
{
    const struct value *passes = value_get(d->tree, "passes");
    struct value *list = value_list(d->mem);

    for (size_t i = 0; i < value_count(passes); i++) {
        const struct value *pass = value_at(passes, i), *cells = value_get(pass, "cells");
        struct value *one = value_copy(d->mem, pass), *links = value_list(d->mem);
        for (size_t k = 0; k < value_count(cells); k++)
            value_push(links, value_text(d->mem, list_url(d->visit, d->def,
                                                          value_get(value_at(cells, k), "where"))));
        set_chart(one, d->mem, face_matrix_chart(d->mem, d->tree, pass, links));
        dress_grid(d, pass, links, one);
        value_push(list, one);
    }
    value_set(d->view, "pass_list", list);
    value_set_bool(d->view, "any_scale", value_count(value_path(d->tree, "up.steps")) > 0);
    return 0;
}

/* ---- series ---- */

static int dress_series(const struct dressing *d)
{
    const struct value *series = value_get(d->tree, "series");
    struct value *list = value_list(d->mem);

    for (size_t i = 0; i < value_count(series); i++) {
        struct value *one = value_copy(d->mem, value_at(series, i));
        const struct value *met = value_get(one, "met");
        value_set_bool(one, "on", met != NULL && value_as_bool(met));
        value_set_bool(one, "off", met != NULL && !value_as_bool(met));
        value_set_text(one, "url",
                       visit_record_path(d->visit, d->def->id, value_get_text(one, "ref")));
        set_chart(one, d->mem, face_series_chart(d->mem, one));
        value_set_bool(one, "any", value_count(value_get(one, "points")) > 0);
        value_push(list, one);
    }
    value_set(d->view, "series_list", list);
    value_set_bool(d->view, "any", value_count(list) > 0);
    return 0;
}

/* ---- a time line ---- */

static void dress_deadlines(const struct dressing *d, struct value *record)
{
    static const char *const states[] = {"met", "late", "missed", "open"};
    const struct value *list = value_get(record, "deadlines");
    struct value *out = value_list(d->mem);

    for (size_t i = 0; i < value_count(list); i++) {
        struct value *one = value_copy(d->mem, value_at(list, i));
        for (size_t k = 0; k < COUNT_OF(states); k++)
            if (str_is(value_get_text(one, "state"), states[k]))
                value_set_bool(one, str_printf(d->mem, "is_%s", states[k]).p, true);
        value_push(out, one);
    }
    value_set(record, "deadline_list", out);
}

static struct str later_text(struct arena *mem, int64_t days)
{
    if (days == 0)
        return str_of(_("the same day"));
    if (days == 1)
        return str_of(_("a day later"));
    return days > 0 ? str_printf(mem, _("%lld days later"), (long long)days)
                    : str_printf(mem, _("%lld days before that"), (long long)-days);
}

static int dress_timeline(const struct dressing *d)
{
    const struct value *records = value_get(d->tree, "records");
    struct value *list = value_list(d->mem);

    for (size_t i = 0; i < value_count(records); i++) {
        struct value *one = value_copy(d->mem, value_at(records, i));
        const struct value *steps = value_get(one, "steps");
        value_set_text(one, "url",
                       visit_record_path(d->visit, d->def->id, value_get_text(one, "ref")));
        for (size_t k = 0; k < value_count(steps); k++) {
            struct value *step = value_at_mut(value_get_mut(one, "steps"), k);
            if (value_get(step, "since_before") != NULL)
                value_set_text(step, "later",
                               later_text(d->mem, value_get_int(step, "since_before", 0)));
        }
        dress_deadlines(d, one);
        value_push(list, one);
    }
    value_set(d->view, "record_list", list);
    value_set_bool(d->view, "any", value_count(list) > 0);
    set_chart(d->view, d->mem, face_timeline_chart(d->mem, d->tree));
    return 0;
}

/* ---- periods ---- */

/* A new record that has the row and the period filled in. */
static struct str fill_url(const struct dressing *d, struct str to, const struct value *fields,
                           struct str row, const struct value *period)
{
    static const char *const keys[] = {"row", "since", "until"};
    const struct str values[] = {row, value_get_text(period, "since"),
                                 value_get_text(period, "until")};
    struct buf url = buf_new(d->mem);

    buf_printf(&url, "%.*s/new", STR_ARG(visit_register_path(d->visit, to)));
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        add_param(
            d->mem, &url,
            str_printf(d->mem, FORM_PREFIX "%.*s", STR_ARG(value_get_text(fields, keys[i]))).p,
            values[i]);
    return buf_str(&url);
}

static void dress_period_cells(const struct dressing *d, const struct value *from,
                               struct value *row)
{
    const struct value *cells = value_get(from, "cells"), *periods = value_get(d->tree, "periods"),
                       *fill = value_get(d->face->yaml, "fill");
    bool may = view_may(d->visit, ACCESS_WRITE, d->def->id);
    struct value *out = value_list(d->mem);

    for (size_t i = 0; i < value_count(cells); i++) {
        struct value *one = value_copy(d->mem, value_at(cells, i)), *by = value_get_mut(one, "by");
        struct str state = value_get_text(one, "state");
        value_set_bool(one, "full", str_is(state, "full"));
        value_set_bool(one, "part", str_is(state, "part"));
        value_set_bool(one, "nothing", str_is(state, "none"));
        for (size_t k = 0; k < value_count(by); k++)
            value_set_text(
                value_at_mut(by, k), "url",
                visit_record_path(d->visit, d->def->id, value_get_text(value_at(by, k), "ref")));
        if (may && str_is(state, "none"))
            value_set_text(
                one, "add_url",
                fill_url(d, d->def->id, fill, value_get_text(from, "row"), value_at(periods, i)));
        value_push(out, one);
    }
    value_set(row, "cells", out);
}

static int dress_coverage(const struct dressing *d)
{
    static const char *const choices[] = {"month", "quarter", "year"};
    const struct value *records = value_get(d->tree, "records"),
                       *periods = value_get(d->tree, "periods"),
                       *ask = value_get(d->face->yaml, "ask");
    const char *const labels[] = {_("by month"), _("by quarter"), _("by year")};
    struct str to = value_get_text(ask, "register");
    bool may_ask = to.n > 0 && view_may(d->visit, ACCESS_WRITE, to);
    struct value *list = value_list(d->mem), *chips = value_list(d->mem);

    for (size_t i = 0; i < value_count(records); i++) {
        struct value *one = value_copy(d->mem, value_at(records, i));
        struct value *asked = value_get_mut(one, "asked");
        if (value_get_text(one, "ref").n > 0)
            value_set_text(one, "url",
                           visit_record_path(d->visit, value_get_text(one, "register"),
                                             value_get_text(one, "ref")));
        dress_period_cells(d, value_at(records, i), one);
        for (size_t k = 0; k < value_count(asked); k++)
            value_set_text(
                value_at_mut(asked, k), "url",
                visit_record_path(d->visit, to, value_get_text(value_at(asked, k), "ref")));
        if (may_ask)
            value_set_text(one, "ask_url",
                           fill_url(d, to, ask, value_get_text(one, "row"),
                                    value_at(periods, value_count(periods) - 1)));
        value_push(list, one);
    }
    for (size_t i = 0; i < COUNT_OF(choices); i++) {
        struct value *one = value_map(d->mem);
        value_set_text(one, "label", str_of(labels[i]));
        value_set_bool(one, "current", str_is(value_get_text(d->tree, "period"), choices[i]));
        value_set_text(one, "url", again(d->visit, d->def, "", "period", str_of(choices[i])));
        value_push(chips, one);
    }
    bool gaps = parse_get(&d->visit->query, "gap").n > 0;

    value_set(d->view, "record_list", list);
    value_set_bool(d->view, "any", value_count(list) > 0);
    value_set(d->view, "period_chips", chips);
    value_set_bool(d->view, "only_gaps", gaps);
    value_set_text(d->view, "gaps_url",
                   again(d->visit, d->def, "", "gap", gaps ? STR_NONE : STR("any")));
    return 0;
}

/* ---- the page ---- */

int face_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    static const struct {
        const char *kind;
        int (*dress)(const struct dressing *d);
    } kinds[] = {{"statement", dress_statement},
                 {"matrix", dress_matrix},
                 {"series", dress_series},
                 {"timeline", dress_timeline},
                 {"coverage", dress_coverage}};
    struct dressing d = {.visit = visit, .tree = tree, .view = view, .mem = visit->cx->mem};

    TRY(view_register(visit, &d.def));
    d.face = register_face(d.def, value_get_text(tree, "face"));
    faces_tabs(visit, d.def, d.face->id, view);
    dress_formats(visit, d.def, view);
    value_set_text(view, "about", value_get_text(tree, "help"));
    value_set_text(view, "list_url", visit_register_path(visit, d.def->id));
    value_set_bool(view, "may_add", view_may(visit, ACCESS_WRITE, d.def->id));
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (!str_is(d.face->kind, kinds[i].kind))
            continue;
        value_set_bool(view, str_printf(d.mem, "is_%s", kinds[i].kind).p, true);
        TRY(kinds[i].dress(&d));
    }
    return 0;
}
