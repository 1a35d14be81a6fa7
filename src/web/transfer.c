/* Bringing in and taking out: a file is shown for what it would do before it does it. */
#include "op/call.h"
#include "web/child.h"
#include "web/handlers.h"
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

static int run_import(struct visit *visit, struct str path, bool preview, struct value **ret)
{
    struct ctx *cx = visit->cx;
    struct str register_id = parse_get(&visit->form, "register"), output;
    const char *words[WORDS] = {"import", path.p, "--json"};
    size_t n = 3;

    if (preview)
        words[n++] = "--preview";
    if (parse_get(&visit->form, "skip").n > 0)
        words[n++] = "--skip-rejected";
    if (register_id.n > 0) {
        words[n++] = "--register";
        words[n++] = str_z(cx->mem, register_id);
    }
    words[n] = NULL;
    struct child child = {visit->app, visit->org->name, visit->who.person, visit->who.role, words};

    TRY(child_run(cx, &child, &output));
    return json_parse(cx, "import", output, ret);
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

int import_take(struct visit *visit, struct value **ret)
{
    struct str token = parse_get(&visit->form, "token"), path;
    const struct parse_field *file = uploaded(visit);
    bool preview = token.n == 0;

    if (preview && file == NULL) {
        int rc = fail(visit->cx, RC_INVALID, "file", _("Choose a file."));
        return say_wrong(visit, rc, ret);
    }
    if (preview)
        TRY(spool_put(visit, file->file, file->value, &token, &path));
    else
        TRY(spool_get(visit, token, &path));
    int rc = run_import(visit, path, preview, ret);

    if (rc < 0 || !preview)
        spool_drop(visit, token);
    if (rc < 0)
        return say_wrong(visit, rc, ret);
    value_set_bool(*ret, "is_preview", preview);
    value_set_bool(*ret, "is_done", !preview);
    if (preview)
        value_set_text(*ret, "token", token);
    value_set_text(*ret, "wanted_register", parse_get(&visit->form, "register"));
    return 0;
}

int import_dress(struct visit *visit, const struct value *tree, struct value *view)
{
    struct arena *mem = visit->cx->mem;
    const struct registers *all = visit->org->records.registers;
    struct value *list = value_list(mem), *page = value_get_mut(view, "page");
    const struct value *counts = value_get(tree, "counts");

    for (size_t i = 0; i < all->n; i++) {
        struct value *one = value_map(mem);
        if (!call_is_register(&all->items[i]))
            continue;
        value_set_text(one, "id", all->items[i].id);
        value_set_text(one, "title", all->items[i].title);
        value_push(list, one);
    }
    value_set(view, "choices", list);
    if (value_get(tree, "rejected") != NULL)
        value_set(view, "rejected_list", value_copy(mem, value_get(tree, "rejected")));
    value_set_bool(view, "any_new", value_get_int(counts, "new", 0) > 0);
    value_set_bool(view, "any_rejected", value_get_int(counts, "rejected", 0) > 0);
    value_set_bool(view, "any_to_write",
                   value_get_int(counts, "new", 0) + value_get_int(counts, "changed", 0) > 0);
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
    struct child child = {visit->app, visit->org->name, visit->who.person, visit->who.role, words};
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
