#include "cli/documents.h"

#include "report/page.h"

enum { LEFT = 3, HANG = 17 };

/* "version 1.2, approved by Ada Byron on 2026-01-14, review due 2027-01-14" */
static struct str facts(struct arena *mem, const struct value *document)
{
    static const struct {
        const char *key, *words;
    } parts[] = {{"version", "version "},
                 {"status", "status "},
                 {"owner", "owner "},
                 {"approved_by", "approved by "},
                 {"approved_on", "approved on "},
                 {"review_due", "review due "},
                 {"classification", ""},
                 {"language", "language: "}};
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const struct value *v = value_get(document, parts[i].key);
        struct buf text = buf_new(mem);
        for (size_t k = 0; k < value_count(v); k++)
            buf_printf(&text, "%s%.*s", k > 0 ? ", " : "",
                       STR_ARG(value_print(mem, value_at(v, k))));
        struct str s = value_count(v) > 0 ? buf_str(&text) : value_print(mem, v);
        if (s.n == 0 || (str_is(s, "en") && strcmp(parts[i].key, "language") == 0))
            continue;
        buf_addz(&out, out.n > 0 ? ", " : "");
        buf_addz(&out, parts[i].words[0] != '\0' ? _(parts[i].words) : "");
        buf_add(&out, s);
    }
    return buf_str(&out);
}

static void show_kinds(struct page *p, const struct value *document)
{
    const struct value *kinds = value_get(document, "kinds");
    struct arena *mem = p->cx->mem;

    for (size_t i = 0; i < value_count(kinds); i++) {
        const struct value *kind = value_at(kinds, i);
        int64_t percent = value_as_thousandths(value_get(kind, "confidence"), 0) / 10;
        struct str title = value_get_text(kind, "title"), why = value_get_text(kind, "why");
        struct str text = str_printf(mem, "%.*s%s(%lld %%) %.*s", STR_ARG(title),
                                     title.n > 0 ? " " : "", (long long)percent, STR_ARG(why));
        page_item(p, LEFT, HANG, TONE_GOOD, value_get_text(kind, "kind"), TONE_PLAIN, text);
    }
    if (value_count(kinds) == 0 && value_get_text(document, "error").n == 0)
        page_text(p, LEFT, TONE_FAINT, str_of(_("none of the kinds of documents that are judged")));
}

static void show_document(struct page *p, const struct value *document)
{
    struct arena *mem = p->cx->mem;
    struct str title = value_get_text(document, "title"),
               nature = value_get_text(document, "nature");
    struct str error = value_get_text(document, "error"),
               copy = value_get_text(document, "copies_of");

    page_text(p, 0, TONE_STRONG, value_get_text(document, "path"));
    if (title.n > 0)
        page_text(p, LEFT, TONE_PLAIN,
                  nature.n > 0 ? str_printf(mem, "\"%.*s\", %.*s", STR_ARG(title), STR_ARG(nature))
                               : str_printf(mem, "\"%.*s\"", STR_ARG(title)));
    show_kinds(p, document);
    page_text(p, LEFT, TONE_FAINT, facts(mem, document));
    if (value_get_bool(document, "is_template"))
        page_text(p, LEFT, TONE_WARN, str_of(_("a template that has not been filled in")));
    if (copy.n > 0)
        page_text(p, LEFT, TONE_WARN, str_printf(mem, _("a copy of %.*s"), STR_ARG(copy)));
    page_text(p, LEFT, TONE_BAD, error);
    page_line(p);
}

static void show_skipped(struct page *p, const struct value *skipped)
{
    if (value_count(skipped) == 0)
        return;
    page_rule(p, TONE_STRONG, _("Not judged"), STR_NONE);
    for (size_t i = 0; i < value_count(skipped); i++) {
        const struct value *file = value_at(skipped, i);
        page_text(p, 0, TONE_STRONG, value_get_text(file, "path"));
        page_text(p, LEFT, TONE_PLAIN,
                  str_printf(p->cx->mem, "%.*s: %.*s", STR_ARG(value_get_text(file, "what")),
                             STR_ARG(value_get_text(file, "why"))));
        page_text(p, LEFT, TONE_FAINT, value_get_text(file, "advice"));
    }
    page_line(p);
}

void documents_text(struct ctx *cx, const struct value *result, const struct report_style *style,
                    struct buf *out)
{
    struct page page = page_new(cx, style, out);
    const struct value *documents = value_get(result, "documents");
    size_t known = 0;

    for (size_t i = 0; i < value_count(documents); i++) {
        show_document(&page, value_at(documents, i));
        known += value_count(value_get(value_at(documents, i), "kinds")) > 0;
    }
    show_skipped(&page, value_get(result, "skipped"));
    page_rule(&page, TONE_STRONG, _("Files"), STR_NONE);
    page_item(&page, 0, LEFT + 5, TONE_STRONG, str_printf(cx->mem, "%zu", value_count(documents)),
              TONE_PLAIN, str_of(_("read")));
    page_item(&page, 0, LEFT + 5, TONE_STRONG, str_printf(cx->mem, "%zu", known), TONE_PLAIN,
              str_of(_("of them recognised")));
    page_item(&page, 0, LEFT + 5, TONE_STRONG,
              str_printf(cx->mem, "%zu", value_count(value_get(result, "skipped"))), TONE_PLAIN,
              str_of(_("not judged")));
}
