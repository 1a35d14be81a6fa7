/* One record: what it says, where it can go, what it was. */
#include "base/json.h"
#include "op/call.h"
#include "web/forms.h"
#include "web/handlers.h"
#include "web/view.h"

#define LATEST 5u /* changes that a record's page shows */

/* ---- what it says ---- */

static bool is_shown(const struct register_def *def, const struct register_field *field,
                     const struct value *v)
{
    return field != NULL && field != def->state && value_type(v) != VALUE_NULL;
}

static bool is_wide(const struct register_field *field)
{
    return field->type == REGISTER_ROWS || field->type == REGISTER_LONG_TEXT ||
           field->type == REGISTER_MARKDOWN;
}

static int dress_fields(struct visit *visit, const struct register_def *def,
                        const struct value *tree, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    const struct value *fields = value_get(tree, "fields");
    struct value *shown = value_list(mem), *empty = value_list(mem), *cell;

    for (size_t i = 0; i < def->field_n; i++) {
        const struct register_field *field = &def->fields[i];
        const struct value *v = value_get(fields, str_z(mem, field->id));
        if (!is_shown(def, field, v)) {
            if (field != def->state && !field->only_computed && !str_is(field->id, "ref"))
                value_push(empty, value_text(mem, field->label));
            continue;
        }
        TRY(view_value(visit, def, field, value_get(tree, "names"), v, false, &cell));
        value_set_text(cell, "field", field->id);
        value_set_text(cell, "label", field->label);
        value_set_text(cell, "help", field->help);
        value_set_bool(cell, "computed", field->only_computed);
        value_set_bool(cell, "wide", is_wide(field));
        if (field->type == REGISTER_FILE)
            value_set_text(cell, "file_url",
                           view_file_path(visit, def->id, value_get_text(tree, "ref"), field->id,
                                          parse_get(&visit->query, "as-of")));
        value_push(shown, cell);
    }
    value_set(view, "shown", shown);
    value_set(view, "empty_fields", empty);
    return 0;
}

static void dress_state(struct visit *visit, const struct register_def *def,
                        const struct value *tree, struct str url, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    const struct value *ways = value_get(tree, "ways");
    struct value *list = value_list(mem), *state = value_map(mem);

    if (def->state == NULL)
        return;
    struct str now = value_get_text(value_get(tree, "fields"), str_z(mem, def->state->id));

    value_set_text(state, "tag", now);
    value_set_text(state, "text", view_choice(def->state, now));
    if (now.n > 0)
        value_set(view, "state_now", state);
    for (size_t i = 0; i < value_count(ways); i++) {
        struct value *way = value_map(mem);
        struct str to = value_get_text(value_at(ways, i), "to");
        value_set_text(way, "label", value_get_text(value_at(ways, i), "label"));
        value_set_text(
            way, "url",
            str_printf(mem, "%.*s/advance/%.*s", STR_ARG(url), STR_ARG(parse_escape(mem, to))));
        value_push(list, way);
    }
    value_set(view, "way_links", list);
}

/* ---- what it was ---- */

const char *record_act_text(struct str act)
{
    if (str_is(act, "add") || str_is(act, "init"))
        return _("recorded by");
    if (str_is(act, "remove"))
        return _("removed by");
    if (str_is(act, "import"))
        return _("imported by");
    if (str_is(act, "erase"))
        return _("erased by");
    return _("changed by");
}

/* A line of a field that has lines, as a change has it: JSON. */
static struct str row_text(struct visit *visit, const struct register_field *field, struct str json)
{
    struct ctx *cx = visit->cx;
    struct err err = cx->err;
    struct buf out = buf_new(cx->mem);
    struct value *row;

    if (json_parse(cx, "row", json, &row) < 0) {
        cx->err = err;
        return json;
    }
    if (field->type == REGISTER_FILE)
        return value_get_text(row, "name");
    for (size_t i = 0; i < field->of->field_n; i++) {
        const struct register_field *inner = &field->of->fields[i];
        const struct value *v = value_get(row, str_z(cx->mem, inner->id));
        struct str said = value_get_text(v, "said"), text = value_print(cx->mem, v);
        if (value_type(v) == VALUE_BOOL)
            text = str_of(value_as_bool(v) ? _("Yes") : _("No"));
        else if (said.n > 0)
            text = said;
        else if (inner->choice_n > 0)
            text = view_choice(inner, text);
        if (text.n > 0)
            buf_printf(&out, "%s%.*s: %.*s", out.n > 0 ? "; " : "", STR_ARG(inner->label),
                       STR_ARG(text));
    }
    return buf_str(&out);
}

/* Refs in a change become names, where there are some. */
static struct str side_text(struct visit *visit, const struct register_field *field,
                            const struct value *names, const struct value *change, const char *key)
{
    struct arena *mem = visit->cx->mem;
    struct str rest = value_get_text(change, key), line;
    const struct value *of = value_get(names, str_z(mem, value_get_text(change, "to")));
    struct buf out = buf_new(mem);

    while (rest.n > 0 && str_split(&rest, '\n', &line)) {
        struct str name = value_get_text(of, str_z(mem, line));
        struct str text = name.n > 0 ? name : line;
        if (field != NULL && field->choice_n > 0)
            text = view_choice(field, line);
        else if (field != NULL && (field->type == REGISTER_ROWS || field->type == REGISTER_FILE))
            text = row_text(visit, field, line);
        buf_printf(&out, "%s%.*s", out.n > 0 ? "\n" : "", STR_ARG(text));
    }
    return buf_str(&out);
}

struct value *record_changes_view(struct visit *visit, const struct register_def *def,
                                  const struct value *names, const struct value *changes)
{
    struct arena *mem = visit->cx->mem;
    struct value *list = value_list(mem);

    for (size_t i = 0; i < value_count(changes); i++) {
        const struct value *change = value_at(changes, i);
        const struct register_field *field = register_field(def, value_get_text(change, "field"));
        struct value *one = value_map(mem);
        value_set_text(one, "field", value_get_text(change, "field"));
        value_set_text(one, "label", value_get_text(change, "label"));
        value_set_text(one, "was", side_text(visit, field, names, change, "was"));
        value_set_text(one, "now", side_text(visit, field, names, change, "now"));
        value_push(list, one);
    }
    return list;
}

static void dress_versions(struct visit *visit, const struct register_def *def,
                           const struct value *history, size_t most, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    const struct value *versions = value_get(history, "versions");
    struct value *list = value_list(mem);

    for (size_t i = value_count(versions); i > 0 && value_count(list) < most; i--) {
        const struct value *version = value_at(versions, i - 1);
        struct value *one = value_map(mem);
        value_set_int(one, "rev", value_get_int(version, "rev", 0));
        value_set_text(one, "when", view_instant(visit, value_get_text(version, "at")));
        value_set_text(one, "by", value_get_text(version, "by"));
        value_set_text(one, "act", str_of(record_act_text(value_get_text(version, "act"))));
        value_set_text(one, "decision", value_get_text(version, "decision"));
        value_set_bool(one, "first", i == 1);
        value_set(one, "changes",
                  record_changes_view(visit, def, value_get(history, "names"),
                                      value_get(version, "changes")));
        value_push(list, one);
    }
    value_set(view, "version_list", list);
    value_set_int(view, "version_n", (int64_t)value_count(versions));
    value_set_bool(view, "more_versions", value_count(versions) > most);
}

/* ---- pages ---- */

static struct value *record_args(struct visit *visit)
{
    struct value *args = value_map(visit->cx->mem);

    value_set_text(args, "register", visit_param(visit, "register"));
    value_set_text(args, "record", visit_param(visit, "record"));
    return args;
}

static void dress_head(struct visit *visit, const struct register_def *def,
                       const struct value *tree, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    struct str ref = value_get_text(tree, "ref"), label = value_get_text(tree, "label");

    value_set_text(view, "url", visit_record_path(visit, def->id, ref));
    value_set_text(view, "register_url", visit_register_path(visit, def->id));
    value_set_text(view, "heading",
                   label.n > 0 ? str_printf(mem, "%.*s %.*s", STR_ARG(ref), STR_ARG(label)) : ref);
}

static bool holds_at(const struct value *next, struct str state)
{
    const struct value *at = value_get(next, "at");

    for (size_t i = 0; i < value_count(at); i++)
        if (str_eq(value_as_text(value_at(at, i)), state))
            return true;
    return at == NULL;
}

/* The values of a field as a form takes them: one a line. */
static struct str lines_of(struct arena *mem, const struct value *v)
{
    struct buf out = buf_new(mem);

    if (value_type(v) != VALUE_LIST)
        return value_type(v) == VALUE_MAP ? STR_NONE : value_print(mem, v);
    for (size_t i = 0; i < value_count(v); i++)
        buf_printf(&out, "%s%.*s", i > 0 ? "\n" : "", STR_ARG(value_as_text(value_at(v, i))));
    return buf_str(&out);
}

/* What is recorded because of it: forms that know of it already. */
static void dress_next(struct visit *visit, const struct register_def *def,
                       const struct value *tree, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    const struct value *fields = value_get(tree, "fields");
    struct value *list = value_list(mem);
    struct str state =
        def->state != NULL ? value_get_text(fields, str_z(mem, def->state->id)) : STR_NONE;

    for (size_t i = 0; i < value_count(def->next); i++) {
        const struct value *next = value_at(def->next, i), *fill = value_get(next, "fill");
        struct str to = value_get_text(next, "register");
        struct value *one = value_map(mem);
        struct buf url = buf_new(mem);
        if (!holds_at(next, state) || !view_may(visit, ACCESS_WRITE, to))
            continue;
        buf_printf(&url, "%.*s/new", STR_ARG(visit_register_path(visit, to)));
        for (size_t k = 0; k < value_count(fill); k++) {
            struct str from = value_as_text(value_at(fill, k));
            struct str text = str_is(from, "=ref")
                                  ? value_get_text(tree, "ref")
                                  : lines_of(mem, value_get(fields, str_z(mem, from)));
            if (text.n > 0)
                buf_printf(&url, "%s" FORM_PREFIX "%.*s=%.*s",
                           str_has(buf_str(&url), "?") ? "&" : "?", STR_ARG(value_key_at(fill, k)),
                           STR_ARG(parse_escape(mem, text)));
        }
        value_set_text(one, "label", value_get_text(next, "label"));
        value_set_text(one, "url", buf_str(&url));
        value_push(list, one);
    }
    value_set(view, "next_links", list);
}

int record_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    const struct register_def *def;
    struct value *history;

    TRY(view_register(visit, &def));
    dress_head(visit, def, tree, view);
    TRY(dress_fields(visit, def, tree, view));
    value_set_text(view, "when", view_instant(visit, value_get_text(tree, "at")));
    value_set_text(view, "about", def->help);
    if (value_get(tree, "as_of") != NULL)
        return 0;
    dress_state(visit, def, tree, value_get_text(view, "url"), view);
    dress_next(visit, def, tree, view);
    TRY(visit_op(visit, "history", record_args(visit), &history));
    dress_versions(visit, def, history, LATEST, view);
    value_set_bool(view, "may_write", view_may(visit, ACCESS_WRITE, def->id));
    return 0;
}

int history_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    const struct register_def *def;

    TRY(view_register(visit, &def));
    dress_head(visit, def, tree, view);
    dress_versions(visit, def, tree, SIZE_MAX, view);
    return 0;
}

/* ---- removing ---- */

int remove_show(struct visit *visit, struct value **ret)
{
    return visit_op(visit, "show", record_args(visit), ret);
}

int remove_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    const struct register_def *def;

    TRY(view_register(visit, &def));
    dress_head(visit, def, tree, view);
    return 0;
}

int remove_take(struct visit *visit, struct value **ret)
{
    struct value *args = record_args(visit);
    struct str rev = parse_get(&visit->form, "rev");

    value_set_bool(args, "yes", true);
    if (rev.n > 0)
        value_set_text(args, "rev", rev);
    TRY(visit_op(visit, "remove", args, ret));
    visit->redirect = visit_register_path(visit, visit_param(visit, "register"));
    return 0;
}

/* ---- search ---- */

/* A page without words is a form; what else is asked is as it has to be all the same. */
int search_show(struct visit *visit, struct value **ret)
{
    struct arena *mem = visit->cx->mem;
    const struct op *op = op_find("search");
    struct value *args = visit_query_args(visit, op), *words = value_list(mem);

    if (str_trim(parse_get(&visit->query, "words")).n > 0)
        return visit_op(visit, "search", args, ret);
    value_push(words, value_text(mem, STR("-")));
    value_set(args, "words", words);
    TRY(op_check(visit->cx, op, args));
    *ret = value_map(mem);
    value_set_text(*ret, "schema", STR("assay.search/1"));
    value_set(*ret, "records", value_list(mem));
    return 0;
}

int search_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    const struct value *records = value_get(tree, "records");
    struct value *hits = value_list(mem);

    for (size_t i = 0; i < value_count(records); i++) {
        const struct value *fields = value_get(value_at(records, i), "fields");
        struct value *hit = value_copy(mem, fields);
        struct str id = value_get_text(fields, "register");
        const struct register_def *def = registers_find(visit->org->records.registers, id);
        value_set_text(hit, "url", visit_record_path(visit, id, value_get_text(fields, "ref")));
        value_set_text(hit, "in", def != NULL ? def->title : id);
        value_push(hits, hit);
    }
    value_set(view, "hits", hits);
    value_set_text(view, "heading", str_of(_("Search")));
    return 0;
}
