/* Bringing in and taking out: a file is shown for what it would do before it does it. */
#include "op/call.h"
#include "web/child.h"
#include "web/handlers.h"
#include "web/jobs.h"
#include "web/spool.h"
#include "web/view.h"

#define EXPORT_BYTES ((size_t)256 * 1024 * 1024)
#define WORDS 32u

/* ---- import ---- */

int import_show(struct visit *visit, struct value **ret)
{
    *ret = value_map(visit->cx->mem);
    value_set_text(*ret, "schema", STR("assay.import-form/1"));
    return 0;
}

static const struct parse_field *uploaded(const struct visit *visit)
{
    for (size_t i = 0; i < visit->form.n; i++)
        if (visit->form.fields[i].is_file && visit->form.fields[i].value.n > 0)
            return &visit->form.fields[i];
    return NULL;
}

/* What was wrong stands above the form; nothing is written then. */
static int say_wrong(struct visit *visit, int rc, struct value **ret)
{
    struct str text = visit->cx->err.text;

    if (visit->json || rc == RC_FAIL)
        return rc;
    TRY(import_show(visit, ret));
    value_set_text(*ret, "wrong", text);
    visit->status = 422;
    return 0;
}

/* What it was looked at as, it is written as. */
static void same_register(struct arena *mem, const struct value *looked, struct value *words)
{
    for (size_t i = 0; i < value_count(looked); i++)
        if (str_starts(value_as_text(value_at(looked, i)), STR("--register=")))
            value_push(words, value_copy(mem, value_at(looked, i)));
}

static struct value *import_words(struct visit *visit, const struct value *looked)
{
    struct arena *mem = visit->cx->mem;
    struct str register_id = parse_get(&visit->form, "register");
    struct value *words = value_list(mem);

    value_push(words, value_textz(mem, "import"));
    value_push(words, jobs_word(mem, "", "in", STR_NONE, STR_NONE));
    value_push(words, value_textz(mem, "--json"));
    if (looked != NULL)
        same_register(mem, looked, words);
    else
        value_push(words, value_textz(mem, "--preview"));
    if (parse_get(&visit->form, "skip").n > 0)
        value_push(words, value_textz(mem, "--skip-rejected"));
    if (looked == NULL && register_id.n > 0) /* in one word, so that it is taken for no option */
        value_push(words,
                   value_text(mem, str_printf(mem, "--register=%.*s", STR_ARG(register_id))));
    return words;
}

/* First what the file would do; then, with the name of that job, it does it. */
int import_take(struct visit *visit, struct value **ret)
{
    const struct parse_field *file = uploaded(visit);
    struct arena *mem = visit->cx->mem;
    struct str before = parse_get(&visit->form, "job");
    bool preview = before.n == 0;
    struct job_input input = {.from = before};
    struct job job = {.kind = preview ? STR("import-preview") : STR("import"),
                      .title = str_of(_("Import"))};

    if (preview && file == NULL) {
        int rc = fail(visit->cx, RC_INVALID, "file", _("Choose a file."));
        return say_wrong(visit, rc, ret);
    }
    if (preview) {
        job.words = import_words(visit, NULL);
        input.name = file->file;
        input.bytes = file->value;
        job.title =
            str_printf(mem, _("What %.*s would do"), STR_ARG(str_cut(mem, file->file, 100)));
    } else {
        struct store *directory;
        struct job looked;
        TRY(desk_directory(visit->cx, visit->desk, &directory));
        TRY(job_find(visit->cx, directory, visit->session.account, visit->org->name, before,
                     &looked));
        job.words = import_words(visit, looked.words);
    }
    int rc = jobs_ask(visit, &job, &input);

    return rc == 0 ? work_begun(visit, &job, ret) : say_wrong(visit, rc, ret);
}

int import_dress(struct visit *visit, UNUSED const struct value *tree, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    const struct registers *all = visit->org->records.registers;
    struct value *list = value_list(mem), *page = value_get_mut(view, "page");

    for (size_t i = 0; i < all->n; i++) {
        struct value *one = value_map(mem);
        if (!call_is_register(&all->items[i]))
            continue;
        value_set_text(one, "id", all->items[i].id);
        value_set_text(one, "title", all->items[i].title);
        value_push(list, one);
    }
    value_set(view, "choices", list);
    value_set_bool(page, "at_import", true);
    value_set_text(view, "heading", str_of(_("Import")));
    return 0;
}

/* ---- export ---- */

static const char *type_of(struct str format)
{
    static const char *const types[][2] = {
        {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
        {"csv", "text/csv; charset=utf-8"},
        {"json", "application/json"}};

    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_is(format, types[i][0]))
            return types[i][1];
    return NULL;
}

int export_show(struct visit *visit, struct value **ret)
{
    struct ctx *cx = visit->cx;
    struct str format = parse_get(&visit->query, "format"), token, path, ignored;
    const struct register_def *def;

    TRY(view_register(visit, &def));
    format = format.n > 0 ? format : STR("xlsx");
    if (type_of(format) == NULL)
        return fail(cx, RC_INVALID, "format", _("There is no format \"%.*s\"."), STR_ARG(format));
    struct str name = str_printf(cx->mem, "%.*s.%.*s", STR_ARG(def->id), STR_ARG(format));

    TRY(spool_put(visit, name, STR_NONE, &token, &path));
    const char *words[] = {
        "export", str_z(cx->mem, def->id), "--format", str_z(cx->mem, format), "--output", path.p,
        NULL};
    struct child child = {.app = visit->app,
                          .organisation = visit->org->name,
                          .person = visit->who.person,
                          .role = visit->who.role,
                          .via = visit->who.via,
                          .rights = access_rights_text(cx->mem, visit->who.only),
                          .words = words};
    int rc = child_run(cx, &child, &ignored);

    if (rc == 0)
        rc = spool_read(cx, path.p, EXPORT_BYTES, &visit->raw);
    spool_drop(visit, token);
    TRY(rc);
    visit->raw_type = type_of(format);
    web_header(visit->response, "Content-Disposition",
               str_printf(cx->mem, "attachment; filename=\"%.*s\"", STR_ARG(name)));
    web_header(visit->response, "Cache-Control", STR("no-store"));
    *ret = NULL;
    return 0;
}
