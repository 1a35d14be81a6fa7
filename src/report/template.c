/* Templates by name, from the binary or from a folder, rendered over a view. */
#include "report/internal.h"
#include "standard/content.h"

static int embedded(UNUSED void *arg, struct str name, struct str *ret_text)
{
    static const struct str folder = {"web/templates/", 14};

    for (size_t i = 0; i < content_file_count; i++) {
        const struct content_file *file = &content_files[i];
        struct str path = str_of(file->name);
        if (str_starts(path, folder) && str_eq(str_from(path, folder.n), name)) {
            *ret_text = (struct str){(const char *)file->bytes, file->n};
            return 0;
        }
    }
    return RC_NOT_FOUND;
}

int report_render(struct ctx *cx, const struct report_templates *templates, const char *name,
                  const struct value *view, struct buf *out)
{
    static const struct report_templates ours = {embedded, NULL};
    struct mustache *page;
    struct str text;

    if (templates == NULL)
        templates = &ours;
    if (templates->find(templates->arg, str_of(name), &text) < 0)
        return fail(cx, RC_NOT_FOUND, name, _("The template %s is not there."), name);
    TRY(mustache_compile(cx, name, text, MUSTACHE_HTML, templates->find, templates->arg, &page));
    if (mustache_render(page, view, out) < 0)
        return fail(cx, RC_LIMIT, name, _("The report became too large."));
    return ctx_check(cx);
}

int report_template(struct ctx *cx, const char *name, const struct value *view, struct buf *out)
{
    return report_render(cx, NULL, name, view, out);
}

void report_set_days(struct arena *mem, const struct value *result, struct value *view)
{
    struct str then = value_as_text(value_path(result, "since.today"));

    value_set_text(view, "today_text", report_date(mem, value_get_text(result, "today")));
    value_set_text(view, "since_text", report_date(mem, then));
}
