/* What concerns a person, by a link of their own and without an account; and whom to send one. */
#include "op/own.h"

#include "op/call.h"
#include "op/letters.h"
#include "register/record_search.h"
#include "web/forms.h"
#include "web/handlers.h"
#include "web/jobs.h"
#include "web/mailer.h"
#include "web/view.h"

/* ---- who has the link ---- */

struct own {
    struct visit *visit;
    struct value *file; /* access/own.yaml */
    struct own_link link;
};

/* The visit is that of the person from here on. */
static int enter(struct visit *visit, struct own *ret)
{
    struct ctx *cx = visit->cx;
    struct store *directory;

    ret->visit = visit;
    TRY(desk_directory(cx, visit->desk, &directory));
    TRY(own_link_find(cx, directory, visit_param(visit, "token"), &ret->link));
    TRY(own_load(cx, &ret->file));
    TRY(desk_organisation(cx, visit->desk, ret->link.organisation, &visit->org));
    return own_principal(cx, visit->org, ret->file, ret->link.person, &visit->who);
}

/* What the page says around it: there is no menu for who is no member. */
static int leave(struct own *o, struct value *tree)
{
    struct visit *visit = o->visit;

    value_set_text(tree, "token", visit_param(visit, "token"));
    value_set_text(tree, "name", visit->who.name);
    value_set_text(tree, "organisation_title", visit->org->title);
    value_set_text(tree, "ends_on", str_sub(o->link.ends_at, 0, 10));
    visit->org = NULL;
    return 0;
}

static struct str page_path(struct visit *visit, const char *more)
{
    return str_printf(visit->cx->mem, "/own/%.*s%s", STR_ARG(visit_param(visit, "token")), more);
}

/* ---- what waits ---- */

/* {label, text} of the fields that are filled. */
static int fields_of(struct visit *visit, const struct register_def *def, const struct value *ids,
                     const struct value *body, struct value **ret)
{
    struct arena *mem = visit->cx->mem;
    struct value *list = value_list(mem);

    for (size_t i = 0; i < value_count(ids); i++) {
        const struct register_field *field = register_field(def, value_as_text(value_at(ids, i)));
        const struct value *v = field != NULL ? value_get(body, str_z(mem, field->id)) : NULL;
        struct value *one = value_map(mem);
        struct str text;
        if (v == NULL)
            continue;
        TRY(record_print(visit->cx, &visit->org->records, field, v, &text));
        value_set_text(one, "label", field->label);
        value_set_text(one, "text", text);
        value_set_bool(one, "is_long",
                       field->type == REGISTER_MARKDOWN || field->type == REGISTER_LONG_TEXT);
        value_set_bool(one, "is_url", str_starts(text, STR("https://")));
        value_push(list, one);
    }
    *ret = list;
    return 0;
}

/* The record that it is about, as much of it as the file says. */
static int add_subject(struct own *o, const struct value *entry, const struct record *record,
                       struct value *one)
{
    struct visit *visit = o->visit;
    struct arena *mem = visit->cx->mem;
    const struct register_field *about =
        register_field(record->def, value_get_text(entry, "about"));
    struct str id = about != NULL ? value_get_text(record->body, str_z(mem, about->id)) : STR_NONE;
    struct record subject;
    struct value *fields;

    if (id.n == 0)
        return 0;
    TRY(record_read(visit->cx, &visit->org->records,
                    registers_find(visit->org->records.registers, about->to), id, STR_NONE,
                    &subject));
    TRY(fields_of(visit, subject.def, value_get(entry, "shows"), subject.body, &fields));
    value_set_text(one, "about", record_label(mem, subject.def, subject.body));
    value_set(one, "about_fields", fields);
    return 0;
}

static int add_item(struct own *o, const struct value *entry, const struct register_def *def,
                    const struct value *shown, struct value *list)
{
    struct visit *visit = o->visit;
    struct value *one = value_map(visit->cx->mem), *fields;
    struct record record;

    TRY(record_read(visit->cx, &visit->org->records, def, value_get_text(shown, "id"), STR_NONE,
                    &record));
    TRY(fields_of(visit, def, value_get(entry, "says"), record.body, &fields));
    value_set_text(one, "register", def->id);
    value_set_text(one, "record", record.id);
    value_set_int(one, "rev", record.rev);
    value_set(one, "fields", fields);
    value_set_text(one, "button", value_get_text(value_get(entry, "done"), "button"));
    TRY(add_subject(o, entry, &record, one));
    if (value_get(one, "about") == NULL)
        value_set_text(one, "about", record_label(visit->cx->mem, def, record.body));
    value_push(list, one);
    return 0;
}

/* Those of the person that are open: the operation sees to it that they are theirs. */
static int add_entry(struct own *o, const struct value *entry, struct value *list)
{
    struct visit *visit = o->visit;
    struct arena *mem = visit->cx->mem;
    struct value *args = value_map(mem), *where = value_list(mem), *found, *items = value_list(mem),
                 *one = value_map(mem);
    const struct register_field *person;
    const struct register_def *def;

    TRY(own_register(visit->cx, visit->org, o->file, entry, &def, &person));
    value_push(where,
               value_text(mem, str_printf(mem, "%.*s=", STR_ARG(value_get_text(entry, "open")))));
    value_push(where, value_text(mem, str_printf(mem, "%.*s=%.*s", STR_ARG(person->id),
                                                 STR_ARG(visit->who.person))));
    value_set_text(args, "register", def->id);
    value_set(args, "where", where);
    TRY(visit_op(visit, "list", args, &found));
    const struct value *records = value_get(found, "records");

    for (size_t i = 0; i < value_count(records); i++)
        TRY(add_item(o, entry, def, value_at(records, i), items));
    if (value_count(items) == 0)
        return 0;
    value_set_text(one, "title", value_get_text(entry, "title"));
    value_set(one, "items", items);
    value_push(list, one);
    return 0;
}

int own_show(struct visit *visit, struct value **ret)
{
    struct arena *mem = visit->cx->mem;
    struct value *tree = value_map(mem), *list = value_list(mem), *reports = value_list(mem);
    struct own o;

    TRY(enter(visit, &o));
    const struct value *waits = value_get(o.file, "waits"), *kinds = value_get(o.file, "reports");

    for (size_t i = 0; i < value_count(waits); i++)
        TRY(add_entry(&o, value_at(waits, i), list));
    for (size_t i = 0; i < value_count(kinds); i++) {
        struct value *one = value_map(mem);
        struct str id = value_get_text(value_at(kinds, i), "id");
        value_set_text(one, "title", value_get_text(value_at(kinds, i), "title"));
        value_set_text(one, "help", value_get_text(value_at(kinds, i), "help"));
        value_set_text(
            one, "url",
            str_printf(mem, "%.*s/report/%.*s", STR_ARG(page_path(visit, "")), STR_ARG(id)));
        value_push(reports, one);
    }
    value_set_text(tree, "schema", STR("assay.own/1"));
    value_set(tree, "waits", list);
    value_set_bool(tree, "any_waits", value_count(list) > 0);
    value_set(tree, "reports", reports);
    value_set_bool(tree, "confirmed", str_is(parse_get(&visit->query, "done"), "confirmed"));
    value_set_bool(tree, "reported", str_is(parse_get(&visit->query, "done"), "reported"));
    *ret = tree;
    return leave(&o, tree);
}

int own_dress(UNUSED struct visit *visit, UNUSED const struct value *tree, struct value *view)
{
    value_set_text(view, "heading", str_of(_("What concerns you")));
    return 0;
}

/* ---- confirming ---- */

static const struct value *entry_of(const struct value *list, const char *key, struct str wanted)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (str_eq(value_get_text(value_at(list, i), key), wanted))
            return value_at(list, i);
    return NULL;
}

int own_confirm(struct visit *visit, struct value **ret)
{
    struct arena *mem = visit->cx->mem;
    struct value *args = value_map(mem), *fields = value_list(mem), *made;
    struct str rev = parse_get(&visit->form, "rev");
    struct own o;

    TRY(enter(visit, &o));
    const struct value *entry =
        entry_of(value_get(o.file, "waits"), "register", parse_get(&visit->form, "register"));
    const struct value *sets = value_get(value_get(entry, "done"), "set");

    if (sets == NULL || rev.n == 0)
        return fail(visit->cx, RC_INVALID, "register", _("That is not to be confirmed here."));
    for (size_t i = 0; i < value_count(sets); i++) {
        struct str text = value_as_text(value_at(sets, i));
        if (str_is(text, "=today"))
            text = date_iso(mem, visit->cx->today);
        value_push(fields,
                   value_text(mem, str_printf(mem, "%.*s=%.*s", STR_ARG(value_key_at(sets, i)),
                                              STR_ARG(text))));
    }
    value_set_text(args, "register", value_get_text(entry, "register"));
    value_set_text(args, "record", parse_get(&visit->form, "record"));
    value_set_text(args, "rev", rev);
    value_set(args, "fields", fields);
    TRY(visit_op(visit, "set", args, &made));
    visit->redirect = page_path(visit, "?done=confirmed");
    *ret = value_map(mem);
    value_set_text(*ret, "schema", STR("assay.own-confirmed/1"));
    return leave(&o, *ret);
}

/* ---- reporting ---- */

struct report {
    struct own own;
    const struct value *entry;
    const struct register_def *def;
    const struct register_field *person;
    struct register_group fields;
    struct form_values values;
    struct value *problems;
};

static int begin(struct visit *visit, struct report *r)
{
    struct ctx *cx = visit->cx;

    *r = (struct report){.values = {.texts = value_map(cx->mem),
                                    .rows = value_map(cx->mem),
                                    .files = value_map(cx->mem)}};
    TRY(enter(visit, &r->own));
    r->entry = entry_of(value_get(r->own.file, "reports"), "id", visit_param(visit, "report"));
    if (r->entry == NULL)
        return fail(cx, RC_NOT_FOUND, "report", _("There is nothing of this kind to report."));
    TRY(own_register(cx, visit->org, r->own.file, r->entry, &r->def, &r->person));
    const struct value *ids = value_get(r->entry, "fields");

    for (size_t i = 0; i < value_count(ids); i++) {
        const struct register_field *field =
            register_field(r->def, value_as_text(value_at(ids, i)));
        if (field != NULL)
            r->fields.items[r->fields.n++] = field->at;
    }
    return 0;
}

static int report_tree(struct report *r, struct value **ret)
{
    struct visit *visit = r->own.visit;
    struct value *tree = value_map(visit->cx->mem), *fields;
    struct str key = parse_get(&visit->form, "key");

    TRY(form_fields(visit, r->def, &r->values, &r->fields, r->problems, &fields));
    value_set_text(tree, "schema", STR("assay.own-report/1"));
    value_set_text(tree, "title", value_get_text(r->entry, "title"));
    value_set_text(tree, "help", value_get_text(r->entry, "help"));
    value_set_text(tree, "action",
                   str_printf(visit->cx->mem, "%.*s/report/%.*s", STR_ARG(page_path(visit, "")),
                              STR_ARG(visit_param(visit, "report"))));
    value_set_text(tree, "key", key.n > 0 ? key : str_of(visit->request->id));
    value_set(tree, "form_fields", fields);
    *ret = tree;
    return leave(&r->own, tree);
}

int own_report(struct visit *visit, struct value **ret)
{
    struct report r;

    TRY(begin(visit, &r));
    for (size_t i = 0; i < r.fields.n; i++) {
        const struct register_field *field = &r.def->fields[r.fields.items[i]];
        if (field->type == REGISTER_DATE)
            value_set_text(r.values.texts, str_z(visit->cx->mem, field->id),
                           date_iso(visit->cx->mem, visit->cx->today));
    }
    return report_tree(&r, ret);
}

/* Of what was sent only the fields that are asked for, and who it was. */
static struct value *words_of(struct report *r)
{
    struct arena *mem = r->own.visit->cx->mem;
    struct value *all = form_words(r->own.visit, r->def, &r->values, NULL),
                 *words = value_list(mem);

    for (size_t i = 0; i < value_count(all); i++) {
        struct str word = value_as_text(value_at(all, i));
        for (size_t k = 0; k < r->fields.n; k++) {
            struct str id = r->def->fields[r->fields.items[k]].id;
            if (str_starts(word, id) && word.n > id.n && word.p[id.n] == '=')
                value_push(words, value_text(mem, word));
        }
    }
    value_push(words, value_text(mem, str_printf(mem, "%.*s=%.*s", STR_ARG(r->person->id),
                                                 STR_ARG(r->own.visit->who.person))));
    return words;
}

int own_report_take(struct visit *visit, struct value **ret)
{
    struct arena *mem = visit->cx->mem;
    struct value *args = value_map(mem), *made;
    struct report r;

    TRY(begin(visit, &r));
    int rc = form_of_post(visit, r.def, &r.values);

    value_set_text(args, "register", r.def->id);
    value_set(args, "fields", words_of(&r));
    if (parse_get(&visit->form, "key").n > 0)
        value_set_text(args, "key", parse_get(&visit->form, "key"));
    if (rc == 0)
        rc = visit_op(visit, "add", args, &made);
    form_files_end(visit, &r.values);
    if (rc == RC_INVALID && !visit->json) {
        struct value *problem = value_map(mem);
        r.problems = value_list(mem);
        value_set_text(problem, "field", visit->cx->err.place);
        value_set_text(problem, "message", visit->cx->err.text);
        value_push(r.problems, problem);
        struct str text = visit->cx->err.text;
        TRY(report_tree(&r, ret));
        value_set_text(*ret, "wrong_text", text);
        visit->status = 422;
        return 0;
    }
    TRY(rc);
    visit->redirect = page_path(visit, "?done=reported");
    visit->status = 201;
    *ret = value_map(mem);
    value_set_text(*ret, "schema", STR("assay.own-reported/1"));
    value_set_text(*ret, "ref", value_get_text(made, "ref"));
    return leave(&r.own, *ret);
}

/* ---- whom to ask ---- */

/* Why the last mail with a link did not get to a person. */
static int each_letter(void *arg, struct ctx *cx, const struct letter *letter)
{
    struct value *map = arg;
    const char *person = str_z(cx->mem, letter->person);

    if (str_is(letter->kind, LETTER_OWN) && value_get(map, person) == NULL)
        value_set_text(map, person, str_is(letter->state, "sent") ? STR_NONE : letter->said);
    return ctx_check(cx);
}

int own_people_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    const struct value *records = value_get(tree, "records"), *waits;
    struct value *list = value_list(mem), *letters = value_map(mem), *own;
    struct store *directory;
    int64_t open = 0;

    TRY(desk_directory(visit->cx, visit->desk, &directory));
    TRY(outbox_list(visit->cx, directory, visit->org->name, each_letter, letters));
    TRY(own_load(visit->cx, &own));
    waits = value_get(own, "waits");
    for (size_t i = 0; i < value_count(records); i++) {
        struct value *one = value_copy(mem, value_get(value_at(records, i), "fields"));
        struct str rest = value_get_text(one, "what"), line;
        struct value *lines = value_list(mem);
        while (rest.n > 0 && str_split(&rest, '\n', &line))
            value_push(lines, value_text(mem, line));
        open += value_get_int(one, "open", 0) > 0;
        value_set(one, "lines", lines);
        value_set_text(one, "undelivered",
                       value_get_text(letters, str_z(mem, value_get_text(one, "person"))));
        value_set_bool(one, "any_lines", value_count(lines) > 0);
        value_set_text(
            one, "url",
            visit_record_path(visit, STR(REGISTER_PERSON_ID), value_get_text(one, "ref")));
        value_push(list, one);
    }
    for (size_t i = 0; i < value_count(waits); i++)
        if (value_get(value_at(waits, i), "copies") != NULL)
            value_set_bool(
                view, "may_ask",
                view_may(visit, ACCESS_WRITE, value_get_text(value_at(waits, i), "register")));
    value_set(view, "people", list);
    value_set_int(view, "open_n", open);
    value_set_bool(view, "any_open", open > 0);
    value_set_bool(view, "sends_mail", visit->app->mailer != NULL);
    value_set_bool(value_get_mut(view, "page"), "at_own", true);
    value_set_text(view, "heading", str_of(_("What people are asked")));
    return 0;
}

/* The words of a job; what somebody typed stands behind "--", so that none is taken for an option.
 */
static int run_job(struct visit *visit, const char *op, struct str title, struct str word,
                   struct value **ret)
{
    struct arena *mem = visit->cx->mem;
    struct value *words = value_list(mem);
    struct job job = {.kind = STR("own"), .title = title, .words = words};

    value_push(words, value_textz(mem, "own"));
    value_push(words, value_textz(mem, op));
    value_push(words, value_textz(mem, "--json"));
    if (word.n > 0)
        value_push(words, value_text(mem, word));
    TRY(jobs_ask(visit, &job, NULL));
    mailer_wake(visit->app);
    return work_begun(visit, &job, ret);
}

/* The id of the person who is named in the form, "" for none. */
static int named_person(struct visit *visit, struct str *ret)
{
    struct str name = str_trim(parse_get(&visit->form, "person"));

    *ret = STR_NONE;
    return name.n == 0
               ? 0
               : record_find(visit->cx, &visit->org->records,
                             registers_find(visit->org->records.registers, STR(REGISTER_PERSON_ID)),
                             name, ret);
}

int own_send(struct visit *visit, struct value **ret)
{
    struct str person;

    if (visit->app->mailer == NULL)
        return fail(visit->cx, RC_CONFLICT, NULL, _("This server sends no mail."));
    TRY(named_person(visit, &person));
    return run_job(visit, "send", str_of(_("Mail to those who are asked for something")), person,
                   ret);
}

int own_ask(struct visit *visit, struct value **ret)
{
    struct str record = str_trim(parse_get(&visit->form, "record"));

    if (record.n == 0 || record.p[0] == '-')
        return fail(visit->cx, RC_INVALID, "record", _("Say which document: its number."));
    return run_job(visit, "ask", str_of(_("Asking everybody to confirm a document")), record, ret);
}

int own_revoke(struct visit *visit, struct value **ret)
{
    struct value *args = value_map(visit->cx->mem);

    value_set_text(args, "person", parse_get(&visit->form, "person"));
    TRY(visit_op(visit, "own revoke", args, ret));
    visit->redirect = str_printf(visit->cx->mem, "%.*s/own", STR_ARG(visit_base(visit)));
    return 0;
}
