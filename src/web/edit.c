/* Forms that add and change records, and move them to other states. */
#include "op/call.h"
#include "web/forms.h"
#include "web/handlers.h"
#include "web/view.h"

/* ---- the form ---- */

struct edit {
    struct visit *visit;
    const struct register_def *def;
    const struct register_transition *way; /* of a form that moves a record on, or NULL */
    const struct value *shown;             /* the record as it is, or NULL for a new one */
    struct form_values was, now;
    struct value *problems;
};

static struct value *args_of(struct edit *e)
{
    struct value *args = value_map(e->visit->cx->mem);

    value_set_text(args, "register", e->def->id);
    if (e->shown != NULL)
        value_set_text(args, "record", value_get_text(e->shown, "id"));
    return args;
}

static int begin(struct visit *visit, struct edit *ret)
{
    struct value *args = value_map(visit->cx->mem), *shown;
    struct str record = visit_param(visit, "record");

    *ret = (struct edit){.visit = visit};
    TRY(view_register(visit, &ret->def));
    TRY(access_check(visit->cx, visit->org->access, &visit->who, visit->route->right,
                     ret->def->id));
    if (record.n > 0) {
        value_set_text(args, "register", ret->def->id);
        value_set_text(args, "record", record);
        TRY(visit_op(visit, "show", args, &shown));
        ret->shown = shown;
    }
    form_of_record(visit, ret->def, ret->shown, &ret->was);
    ret->now = ret->was;
    return 0;
}

/* Fields that a new record has by itself are shown as they will be. */
static void fill_defaults(struct edit *e)
{
    struct arena *mem = e->visit->cx->mem;

    for (size_t i = 0; i < e->def->field_n; i++) {
        const struct register_field *field = &e->def->fields[i];
        struct str text = value_print(mem, field->otherwise);
        if (text.n == 0 || value_type(field->otherwise) == VALUE_LIST)
            continue;
        if (str_is(text, "=today") && field->type == REGISTER_INSTANT)
            continue; /* the moment at which it is recorded */
        if (str_is(text, "=today"))
            text = date_iso(mem, e->visit->cx->today);
        else if (str_is(text, "=actor"))
            continue;
        else if (value_type(field->otherwise) == VALUE_BOOL)
            text = value_as_bool(field->otherwise) ? STR("yes") : STR("no");
        value_set_text(e->now.texts, str_z(mem, field->id), text);
    }
}

static bool has_file(const struct register_def *def)
{
    for (size_t i = 0; i < def->field_n; i++)
        if (def->fields[i].type == REGISTER_FILE)
            return true;
    return false;
}

static int tree_of(struct edit *e, struct value **ret)
{
    struct visit *visit = e->visit;
    struct arena *mem = visit->cx->mem;
    struct value *tree = value_map(mem), *fields;
    const struct register_group *only = e->way != NULL ? &e->way->needs : NULL;

    e->now.there = e->was.files;
    TRY(form_fields(visit, e->def, &e->now, only, e->problems, &fields));
    value_set_text(tree, "schema", STR("assay.form/1"));
    value_set_text(tree, "register", e->def->id);
    value_set_text(tree, "title", e->def->title);
    value_set_text(tree, "about", e->def->help);
    if (e->shown != NULL) {
        value_set_text(tree, "ref", value_get_text(e->shown, "ref"));
        value_set_text(tree, "label", value_get_text(e->shown, "label"));
        value_set_int(tree, "rev", value_get_int(e->shown, "rev", 0));
    }
    if (e->way != NULL) {
        value_set_text(tree, "state", e->way->to);
        value_set_text(tree, "way", e->way->label);
        value_set_text(tree, "to", view_choice(e->def->state, e->way->to));
    }
    /* The same form sent twice is one record. */
    if (e->shown == NULL)
        value_set_text(tree, "key",
                       parse_get(&visit->form, "key").n > 0 ? parse_get(&visit->form, "key")
                                                            : str_of(visit->request->id));
    value_set(tree, "form_fields", fields);
    value_set_bool(tree, "any_fields", value_count(fields) > 0);
    value_set_bool(tree, "any_files", has_file(e->def));
    *ret = tree;
    return 0;
}

int form_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    struct str id = value_get_text(tree, "register"), ref = value_get_text(tree, "ref");

    value_set_text(view, "register_url", visit_register_path(visit, id));
    value_set_text(view, "back",
                   ref.n > 0 ? visit_record_path(visit, id, ref) : visit_register_path(visit, id));
    value_set_text(view, "action",
                   value_get(tree, "state") != NULL
                       ? str_printf(mem, "%.*s/advance/%.*s",
                                    STR_ARG(visit_record_path(visit, id, ref)),
                                    STR_ARG(parse_escape(mem, value_get_text(tree, "state"))))
                       : value_get_text(view, "back"));
    value_set_bool(view, "is_new", ref.n == 0);
    value_set_text(view, "heading",
                   ref.n == 0
                       ? str_printf(mem, _("Add to: %.*s"), STR_ARG(value_get_text(tree, "title")))
                       : str_printf(mem, _("Change %.*s"), STR_ARG(ref)));
    return 0;
}

/* What led here says what the new record is about: f.FIELD=VALUE in the address. */
static void fill_asked(struct edit *e)
{
    const struct parse_form *query = &e->visit->query;
    struct arena *mem = e->visit->cx->mem;

    for (size_t i = 0; i < query->n; i++) {
        struct str name = query->fields[i].name;
        if (!str_starts(name, STR(FORM_PREFIX)))
            continue;
        const struct register_field *field =
            register_field(e->def, str_from(name, sizeof FORM_PREFIX - 1));
        if (field != NULL && field->type != REGISTER_FILE && field->type != REGISTER_ROWS)
            value_set_text(e->now.texts, str_z(mem, field->id), query->fields[i].value);
    }
}

int form_new(struct visit *visit, struct value **ret)
{
    struct edit e;

    TRY(begin(visit, &e));
    fill_defaults(&e);
    fill_asked(&e);
    return tree_of(&e, ret);
}

int form_change(struct visit *visit, struct value **ret)
{
    struct edit e;

    TRY(begin(visit, &e));
    return tree_of(&e, ret);
}

/* ---- what was wrong ---- */

static void add_problem(struct edit *e, struct str field, struct str message)
{
    struct value *one = value_map(e->visit->cx->mem);

    value_set_text(one, "field", field);
    value_set_text(one, "message", message);
    value_push(e->problems, one);
}

/* In the place of one that is not stored before all else is right. */
static struct value *some_file(struct arena *mem)
{
    struct value *file = value_map(mem);

    value_set_int(file, "bytes", 0);
    value_set_text(file, "name", STR("file"));
    value_set_text(file, "object", STR("00000000000000000000000000000000"));
    value_set_text(file, "type", STR("application/octet-stream"));
    return file;
}

/* The operation names the first that is wrong; who fills in a form wants to know all of it. */
static int find_problems(struct edit *e, const struct err *first)
{
    struct ctx *cx = e->visit->cx;
    const struct record_store *rs = &e->visit->org->records;
    const struct value *words = form_words(e->visit, e->def, &e->now, NULL);
    struct record_change change = {.def = e->def, .act = e->shown != NULL ? "set" : "add"};
    struct value *body = value_map(cx->mem), *v;

    e->problems = value_list(cx->mem);
    for (size_t i = 0; i < value_count(words); i++) {
        struct str word = value_as_text(value_at(words, i));
        size_t equals = str_find_char(word, '=', 0);
        const struct register_field *field = register_field(e->def, str_sub(word, 0, equals));
        if (field->type == REGISTER_FILE) {
            if (equals + 1 < word.n)
                value_set(body, str_z(cx->mem, field->id), some_file(cx->mem));
            continue;
        }
        int rc = record_parse(cx, rs, e->def, field, str_from(word, equals + 1), false, &v);
        if (rc == RC_FAIL)
            return rc;
        if (rc < 0)
            add_problem(e, field->id, cx->err.text);
        else if (value_type(v) != VALUE_NULL)
            value_set(body, str_z(cx->mem, field->id), v);
    }
    change.body = body;
    change.id = value_get_text(e->shown, "id");
    if (value_count(e->problems) == 0 && e->way == NULL)
        TRY(record_check(cx, rs, &change, e->problems));
    const struct register_field *at = register_field(e->def, first->place);

    if (at != NULL && (value_count(e->problems) == 0 || at->type == REGISTER_FILE))
        add_problem(e, first->place, first->text);
    return 0;
}

static bool is_stale(const struct edit *e, struct str rev)
{
    int64_t seen;

    return str_to_int(rev, &seen) && seen > 0 && seen < value_get_int(e->shown, "rev", 0);
}

/* The form again with all that was typed, and what was wrong at its field. */
static int again(struct edit *e, int rc, struct value **ret)
{
    struct visit *visit = e->visit;
    struct err err = visit->cx->err;
    bool placed = false;

    if (visit->json || rc == RC_FAIL || rc == RC_NOT_FOUND)
        return rc;
    e->problems = value_list(visit->cx->mem);
    if (rc == RC_INVALID || rc == RC_CONFLICT)
        TRY(find_problems(e, &err));
    for (size_t i = 0; i < value_count(e->problems); i++)
        placed = placed ||
                 register_field(e->def, value_get_text(value_at(e->problems, i), "field")) != NULL;
    TRY(tree_of(e, ret));
    /* What others have changed is told when all is right. */
    if (is_stale(e, parse_get(&visit->form, "rev")))
        value_set_text(*ret, "rev", parse_get(&visit->form, "rev"));
    value_set_int(*ret, "wrong_n", (int64_t)value_count(e->problems));
    if (!placed)
        value_set_text(*ret, "wrong_text", err.text);
    value_set_bool(*ret, "is_wrong", true);
    visit->status = rc == RC_DENIED ? 403 : rc == RC_CONFLICT ? 409 : 422;
    visit->page = "web-form.html";
    return 0;
}

/* ---- two people at one record ---- */

static struct value *field_in(struct value *fields, struct str id)
{
    for (size_t i = 0; i < value_count(fields); i++)
        if (str_eq(value_get_text(value_at(fields, i), "field"), id))
            return value_at_mut(fields, i);
    return NULL;
}

/* Fields that both changed come first, each with what it was and what the other made of it. */
static struct value *both_first(struct arena *mem, struct value *fields, const struct value *both)
{
    struct value *list = value_list(mem);

    for (size_t i = 0; i < value_count(both); i++) {
        struct str id = value_get_text(value_at(both, i), "field");
        struct value *one = field_in(fields, id), *sides = value_copy(mem, value_at(both, i));
        if (one == NULL)
            continue;
        value_set_text(sides, "take", str_printf(mem, FORM_TAKE "%.*s", STR_ARG(id)));
        value_set(one, "both", sides);
        value_push(list, one);
    }
    for (size_t i = 0; i < value_count(fields); i++)
        if (value_get(value_at(fields, i), "both") == NULL)
            value_push(list, value_at_mut(fields, i));
    return list;
}

/* The form over the version that is there now. */
static int merged(struct edit *e, const struct value *both, struct value *taken, struct value **ret)
{
    struct arena *mem = e->visit->cx->mem;
    struct value *list;

    TRY(tree_of(e, ret));
    list = both_first(mem, value_get_mut(*ret, "form_fields"), both);
    value_set(*ret, "form_fields", list);
    value_set_bool(*ret, "is_conflict", true);
    value_set_text(*ret, "conflict_by", value_get_text(e->shown, "by"));
    value_set(*ret, "conflict_taken", taken);
    value_set_bool(*ret, "any_both", value_get(value_at(list, 0), "both") != NULL);
    value_set_bool(*ret, "any_taken", value_count(taken) > 0);
    return 0;
}

/*
 * Somebody was faster. What they changed and this person did not touch stays as they have it; where
 * both changed a field, both values stand side by side and one is chosen. Sent again, it is over
 * the version that is shown now. Nothing that was typed is lost.
 */
static int merge(struct edit *e, struct str rev, struct value **ret)
{
    struct visit *visit = e->visit;
    struct arena *mem = visit->cx->mem;
    struct value *args = args_of(e), *diff, *both = value_list(mem), *taken = value_list(mem);
    struct form_values before;

    value_set_text(args, "from", rev);
    TRY(visit_op(visit, "diff", args, &diff));
    const struct value *changes = value_get(diff, "changes");
    struct value *said = record_changes_view(visit, e->def, value_get(diff, "names"), changes);

    TRY(form_before(visit, e->def, &e->was, changes, &before));
    for (size_t i = 0; i < value_count(changes); i++) {
        struct value *change = value_at_mut(said, i);
        const struct register_field *field =
            register_field(e->def, value_get_text(change, "field"));
        if (field == NULL)
            continue;
        enum form_side side = form_side(visit, field, &before, &e->was, &e->now);
        if (side == FORM_BOTH)
            value_push(both, change);
        if (side != FORM_THEIRS)
            continue;
        value_push(taken, change);
        form_keep(visit, field, &e->was, &e->now);
    }
    visit->status = 409;
    visit->page = "web-form.html";
    return merged(e, both, taken, ret);
}

/* ---- sending ---- */

/* To the record, or back to where the form stood. */
static void go_to(struct visit *visit, const struct value *result)
{
    struct str back = parse_get(&visit->form, "back");

    visit->redirect = back.n > 0 ? sign_path(visit, back)
                                 : visit_record_path(visit, value_get_text(result, "register"),
                                                     value_get_text(result, "ref"));
}

static void take_key(struct visit *visit, struct value *args)
{
    struct str key = parse_get(&visit->form, "key");

    if (key.n > 0)
        value_set_text(args, "key", key);
}

int form_add(struct visit *visit, struct value **ret)
{
    struct edit e;
    struct str ref = str_trim(parse_get(&visit->form, "ref"));

    TRY(begin(visit, &e));
    int rc = form_of_post(visit, e.def, &e.now);

    if (rc < 0)
        return again(&e, rc, ret);
    struct value *args = args_of(&e), *words = form_words(visit, e.def, &e.now, NULL);

    if (value_count(words) > 0)
        value_set(args, "fields", words);
    if (ref.n > 0)
        value_set_text(args, "ref", ref);
    take_key(visit, args);
    rc = visit_op_files(visit, "add", args, ret);

    if (rc < 0)
        return again(&e, rc, ret);
    form_files_end(visit, &e.now);
    visit->status = 201;
    go_to(visit, *ret);
    return 0;
}

int form_set(struct visit *visit, struct value **ret)
{
    struct edit e;
    struct str rev = parse_get(&visit->form, "rev");

    TRY(begin(visit, &e));
    int rc = form_of_post(visit, e.def, &e.now);

    if (rc < 0)
        return again(&e, rc, ret);
    form_take(visit, e.def, &e.was, &e.now);
    if (is_stale(&e, rev) && !visit->json)
        return merge(&e, rev, ret);
    struct value *args = args_of(&e), *words = form_words(visit, e.def, &e.now, &e.was);

    if (value_count(words) == 0 && !visit->json) { /* nothing was changed */
        *ret = (struct value *)(uintptr_t)e.shown;
        go_to(visit, *ret);
        return 0;
    }
    if (value_count(words) > 0)
        value_set(args, "fields", words);
    if (rev.n > 0)
        value_set_text(args, "rev", rev);
    take_key(visit, args);
    rc = visit_op_files(visit, "set", args, ret);

    if (rc < 0)
        return again(&e, rc, ret);
    form_files_end(visit, &e.now);
    go_to(visit, *ret);
    return 0;
}

/* ---- states ---- */

static bool leads_from(const struct register_transition *t, struct str state)
{
    for (size_t i = 0; i < value_count(t->from); i++)
        if (str_eq(value_as_text(value_at(t->from, i)), state))
            return true;
    return false;
}

static int find_way(struct edit *e)
{
    struct visit *visit = e->visit;
    struct str to = visit_param(visit, "state"), now = STR_NONE;

    if (e->def->state != NULL)
        now =
            value_get_text(value_get(e->shown, "fields"), str_z(visit->cx->mem, e->def->state->id));
    for (size_t i = 0; i < e->def->transition_n && now.n > 0; i++)
        if (str_eq(e->def->transitions[i].to, to) && leads_from(&e->def->transitions[i], now))
            e->way = &e->def->transitions[i];
    if (e->way != NULL)
        return 0;
    return fail(visit->cx, RC_CONFLICT, "state",
                _("From the state it is in, this record cannot be moved there."));
}

int advance_show(struct visit *visit, struct value **ret)
{
    struct edit e;

    TRY(begin(visit, &e));
    TRY(find_way(&e));
    return tree_of(&e, ret);
}

int advance_take(struct visit *visit, struct value **ret)
{
    struct edit e;
    struct str rev = parse_get(&visit->form, "rev");

    TRY(begin(visit, &e));
    TRY(find_way(&e));
    int rc = form_of_post(visit, e.def, &e.now);

    if (rc < 0)
        return again(&e, rc, ret);
    form_take(visit, e.def, &e.was, &e.now);
    if (is_stale(&e, rev) && !visit->json)
        return merge(&e, rev, ret);
    struct value *args = args_of(&e), *words = form_words(visit, e.def, &e.now, &e.was);

    value_set_text(args, "state", e.way->to);
    if (value_count(words) > 0)
        value_set(args, "fields", words);
    if (rev.n > 0)
        value_set_text(args, "rev", rev);
    rc = visit_op_files(visit, "advance", args, ret);

    if (rc < 0)
        return again(&e, rc, ret);
    form_files_end(visit, &e.now);
    go_to(visit, *ret);
    return 0;
}
