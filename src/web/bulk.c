/* The same change to many records of a list: which and what, a look at it, and then it is done; and
 * the views of lists that people keep. */
#include "op/call.h"
#include "web/forms.h"
#include "web/handlers.h"
#include "web/view.h"

struct bulk_form {
    struct visit *visit;
    const struct register_def *def;
    const struct parse_form *asked; /* the query, or the form that was sent */
    struct arena *mem;
};

static int begin(struct visit *visit, const struct parse_form *asked, struct bulk_form *ret)
{
    *ret = (struct bulk_form){.visit = visit, .asked = asked, .mem = visit->cx->mem};
    TRY(view_register(visit, &ret->def));
    return access_check(visit->cx, visit->org->access, &visit->who, ACCESS_WRITE, ret->def->id);
}

static struct value *many(const struct bulk_form *b, const char *name)
{
    struct value *list = value_list(b->mem);

    for (size_t i = 0; i < b->asked->n; i++)
        if (str_is(b->asked->fields[i].name, name) && b->asked->fields[i].value.n > 0)
            value_push(list, value_text(b->mem, b->asked->fields[i].value));
    return list;
}

/* Which records: those that were chosen, or all that the filter shows. */
static void set_which(const struct bulk_form *b, struct value *map)
{
    bool all = parse_get(b->asked, "all").n > 0;
    struct value *records = all ? value_list(b->mem) : many(b, "record"), *where = many(b, "where");

    if (value_count(records) > 0)
        value_set(map, "record", records);
    if (value_count(records) == 0 && value_count(where) > 0)
        value_set(map, "where", where);
}

static const struct register_field *chosen_field(const struct bulk_form *b)
{
    const struct register_field *field = register_field(b->def, parse_get(b->asked, "field"));

    return field == NULL || field->only_computed || field == b->def->state ||
                   field->type == REGISTER_FILE || field->type == REGISTER_ROWS
               ? NULL
               : field;
}

static struct value *choices_of(const struct bulk_form *b)
{
    struct value *list = value_list(b->mem);

    for (size_t i = 0; i < b->def->field_n; i++) {
        const struct register_field *field = &b->def->fields[i];
        struct value *one = value_map(b->mem);
        if (field->only_computed || field == b->def->state || field->type == REGISTER_FILE ||
            field->type == REGISTER_ROWS || str_is(field->id, "ref"))
            continue;
        value_set_text(one, "field", field->id);
        value_set_text(one, "label", field->label);
        value_set_bool(one, "chosen", str_eq(parse_get(b->asked, "field"), field->id));
        value_push(list, one);
    }
    return list;
}

/* The one field that is changed, as a form has it. */
static int add_field(const struct bulk_form *b, const struct register_field *field,
                     const struct form_values *values, struct value *tree)
{
    struct register_group only = {.n = 1};
    struct value *fields;

    only.items[0] = field->at;
    TRY(form_fields(b->visit, b->def, values, &only, NULL, &fields));
    value_set_text(tree, "field", field->id);
    value_set(tree, "form_fields", fields);
    return 0;
}

static struct value *tree_of(const struct bulk_form *b)
{
    struct value *tree = value_map(b->mem);

    value_set_text(tree, "schema", STR("assay.bulk-form/1"));
    value_set_text(tree, "register", b->def->id);
    value_set_text(tree, "title", b->def->title);
    set_which(b, tree);
    value_set(tree, "fields", choices_of(b));
    value_set_text(tree, "key",
                   parse_get(b->asked, "key").n > 0 ? parse_get(b->asked, "key")
                                                    : str_of(b->visit->request->id));
    return tree;
}

int bulk_show(struct visit *visit, struct value **ret)
{
    struct bulk_form b;
    struct form_values values;

    TRY(begin(visit, &visit->query, &b));
    const struct register_field *field = chosen_field(&b);

    *ret = tree_of(&b);
    if (field == NULL)
        return 0;
    form_of_record(visit, b.def, NULL, &values);
    return add_field(&b, field, &values, *ret);
}

/* First what would change; then, with `seen` of that, it does. */
int bulk_take(struct visit *visit, struct value **ret)
{
    struct bulk_form b;
    struct form_values values;
    struct value *args = value_map(visit->cx->mem), *made;
    struct str seen = parse_get(&visit->form, "seen");

    TRY(begin(visit, &visit->form, &b));
    const struct register_field *field = chosen_field(&b);

    TRY(form_of_post(visit, b.def, &values));
    value_set_text(args, "register", b.def->id);
    set_which(&b, args);
    value_set(args, "fields", form_words(visit, b.def, &values, NULL));
    value_set_text(args, "key", value_get_text(tree_of(&b), "key"));
    if (seen.n > 0)
        value_set_text(args, "seen", seen);
    else
        value_set_bool(args, "preview", true);
    int rc = visit_op(visit, "bulk", args, &made);

    if (rc < 0 && !visit->json && field != NULL && rc != RC_FAIL) {
        struct str wrong = visit->cx->err.text;
        *ret = tree_of(&b);
        TRY(add_field(&b, field, &values, *ret));
        value_set_text(*ret, "wrong", wrong);
        visit->status = rc == RC_CONFLICT ? 409 : 422;
        return 0;
    }
    TRY(rc);
    *ret = made;
    return 0;
}

/* What was sent stands in the page again, to be sent once more. */
static void dress_hidden(const struct bulk_form *b, struct value *view)
{
    struct value *list = value_list(b->mem);

    for (size_t i = 0; i < b->asked->n; i++) {
        const struct parse_field *field = &b->asked->fields[i];
        bool kept = str_is(field->name, "record") || str_is(field->name, "where") ||
                    str_is(field->name, "all");
        bool sent = str_is(field->name, "field") || str_starts(field->name, STR(FORM_PREFIX));
        struct value *one = value_map(b->mem);
        if (field->is_file || (!kept && !sent))
            continue;
        value_set_text(one, "name", field->name);
        value_set_text(one, "value", field->value);
        value_set_bool(one, "which", kept);
        value_push(list, one);
    }
    value_set(view, "hidden", list);
}

int bulk_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    bool post = visit->request->method == WEB_POST;
    const struct value *records = value_get(tree, "records"), *names = value_get(tree, "names");
    struct value *list = value_list(visit->cx->mem);
    struct bulk_form b;

    TRY(begin(visit, post ? &visit->form : &visit->query, &b));
    dress_hidden(&b, view);
    for (size_t i = 0; i < value_count(records); i++) {
        const struct value *record = value_at(records, i);
        struct value *one = value_copy(b.mem, record);
        value_set_text(one, "url",
                       visit_record_path(visit, b.def->id, value_get_text(record, "ref")));
        if (value_get(record, "changes") != NULL)
            value_set(one, "changes",
                      record_changes_view(visit, b.def, names, value_get(record, "changes")));
        value_push(list, one);
    }
    bool preview = value_get_bool(tree, "preview"), made = records != NULL && !preview;

    value_set(view, "record_list", list);
    value_set_int(view, "chosen_n", (int64_t)value_count(value_get(tree, "record")));
    value_set_bool(view, "none_chosen",
                   value_get(tree, "record") == NULL && value_get(tree, "where") == NULL);
    value_set_bool(view, "asks", records == NULL);
    value_set_bool(view, "is_preview", preview);
    value_set_bool(view, "is_made", made);
    value_set_bool(view, "can_do",
                   preview && value_get_int(tree, "refused", 0) == 0 &&
                       value_get_int(tree, "changed", 0) > 0);
    value_set_text(view, "key",
                   value_get_text(tree, "key").n > 0 ? value_get_text(tree, "key")
                                                     : parse_get(b.asked, "key"));
    value_set_text(view, "register_url", visit_register_path(visit, b.def->id));
    value_set_text(view, "heading",
                   str_printf(b.mem, _("Change many: %.*s"), STR_ARG(b.def->title)));
    return 0;
}

/* ---- saved views ---- */

/* As the list's address has it: only what a list is asked for. */
static struct str query_of(struct visit *visit)
{
    static const char *const kept[] = {"where", "sort", "columns"};
    const struct parse_form *form = &visit->form;
    struct arena *mem = visit->cx->mem;
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < form->n; i++)
        for (size_t k = 0; k < COUNT_OF(kept); k++)
            if (str_is(form->fields[i].name, kept[k]) && form->fields[i].value.n > 0)
                buf_printf(&out, "%s%s=%.*s", out.n > 0 ? "&" : "", kept[k],
                           STR_ARG(parse_escape(mem, form->fields[i].value)));
    return buf_str(&out);
}

static void add_word(struct value *words, struct arena *mem, const struct value *views,
                     const char *key, struct str text)
{
    if (text.n > 0)
        value_push(words, value_text(mem, str_printf(mem, "%.*s=%s%.*s",
                                                     STR_ARG(value_get_text(views, key)),
                                                     text.p[0] == '@' ? "@" : "", STR_ARG(text))));
}

int view_save(struct visit *visit, struct value **ret)
{
    const struct register_def *of = registers_views(visit->org->records.registers), *def;
    struct value *args = value_map(visit->cx->mem), *words = value_list(visit->cx->mem);
    struct arena *mem = visit->cx->mem;
    struct str query = query_of(visit);

    TRY(view_register(visit, &def));
    if (of == NULL)
        return fail(visit->cx, RC_NOT_FOUND, NULL, _("No register keeps views of lists."));
    TRY(access_check(visit->cx, visit->org->access, &visit->who, ACCESS_WRITE, of->id));
    add_word(words, mem, of->views, "register", def->id);
    add_word(words, mem, of->views, "name", str_trim(parse_get(&visit->form, "name")));
    add_word(words, mem, of->views, "query", query);
    add_word(words, mem, of->views, "shared",
             parse_get(&visit->form, "all").n > 0 ? STR("yes") : STR("no"));
    value_set_text(args, "register", of->id);
    value_set(args, "fields", words);
    TRY(visit_op(visit, "add", args, ret));
    visit->status = 201;
    visit->redirect = str_printf(mem, "%.*s%s%.*s", STR_ARG(visit_register_path(visit, def->id)),
                                 query.n > 0 ? "?" : "", STR_ARG(query));
    return 0;
}

struct viewing {
    struct visit *visit;
    const struct register_def *def;
    const struct value *views;
    struct value *list;
};

static int add_view(void *arg, struct ctx *cx, const struct record *record)
{
    struct viewing *v = arg;
    struct arena *mem = cx->mem;
    struct str person =
                   value_get_text(record->body, str_z(mem, value_get_text(v->views, "person"))),
               query = value_get_text(record->body, str_z(mem, value_get_text(v->views, "query")));
    bool shared = value_get_bool(record->body, str_z(mem, value_get_text(v->views, "shared")));
    struct value *one = value_map(mem);

    if (!shared && !str_eq(person, v->visit->who.person))
        return 0;
    value_set_text(
        one, "name",
        str_copy(mem, value_get_text(record->body, str_z(mem, value_get_text(v->views, "name")))));
    value_set_bool(one, "shared", shared);
    value_set_text(one, "url",
                   str_printf(mem, "%.*s%s%.*s", STR_ARG(visit_register_path(v->visit, v->def->id)),
                              query.n > 0 ? "?" : "", STR_ARG(query)));
    value_set_bool(one, "current", str_eq(query, v->visit->request->query));
    value_push(v->list, one);
    return 0;
}

int views_dress(struct visit *visit, const struct register_def *def, struct value *view)
{
    const struct register_def *of = registers_views(visit->org->records.registers);
    struct viewing v = {.visit = visit, .def = def, .list = value_list(visit->cx->mem)};

    if (of == NULL || !view_may(visit, ACCESS_READ, of->id))
        return 0;
    v.views = of->views;
    struct record_filter filter = {.field =
                                       register_field(of, value_get_text(of->views, "register")),
                                   .op = RECORD_IS,
                                   .text = def->id};
    struct record_query query = {.def = of, .filters = &filter, .filter_n = 1};

    TRY(record_list(visit->cx, &visit->org->records, &query, add_view, &v));
    value_set(view, "view_list", v.list);
    value_set_bool(view, "may_keep_view", view_may(visit, ACCESS_WRITE, of->id));
    value_set_text(view, "views_url", visit_register_path(visit, of->id));
    return 0;
}
