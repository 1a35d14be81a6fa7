/* What an import did, or would do. */
#include "report/internal.h"
#include "report/records_parts.h"

enum { LEFT = 3, MOST = 20, VALUE_BYTES = 300, NAME_BYTES = 50 };

static void show_counts(struct page *p, const struct value *result)
{
    static const struct {
        const char *key;
        const char *word;
        enum tone tone;
    } counts[] = {{"new", "new", TONE_GOOD},
                  {"changed", "changed", TONE_WARN},
                  {"unchanged", "as it is already", TONE_PLAIN},
                  {"repeated", "said twice", TONE_PLAIN},
                  {"rejected", "rejected", TONE_BAD}};
    const struct value *registers = value_get(result, "registers");

    for (size_t i = 0; i < value_count(registers); i++) {
        const struct value *r = value_at(registers, i);
        struct buf out = buf_new(p->cx->mem);
        for (size_t k = 0; k < COUNT_OF(counts); k++)
            if (value_get_int(r, counts[k].key, 0) > 0)
                buf_printf(&out, "%s%lld %s", out.n > 0 ? ", " : "",
                           (long long)value_get_int(r, counts[k].key, 0), _(counts[k].word));
        page_item_end(p, 0, 0, TONE_PLAIN, STR_NONE, TONE_STRONG, value_get_text(r, "title"),
                      out.n > 0 ? buf_str(&out) : str_of(_("nothing")));
    }
}

static void show_mapping(struct page *p, const struct value *result)
{
    const struct value *list = value_get(result, "mapping");
    const char *arrow = p->unicode ? "→" : "->";

    if (value_count(list) > 0)
        page_rule(p, TONE_STRONG, _("How tables were read"), STR_NONE);
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *m = value_at(list, i), *columns = value_get(m, "columns");
        struct str sheet = value_get_text(m, "sheet");
        struct buf out = buf_new(p->cx->mem);
        for (size_t k = 0; k < value_count(columns); k++) {
            const struct value *c = value_at(columns, k);
            struct str heading = value_get_text(c, "heading"), label = value_get_text(c, "label");
            buf_printf(&out, "%s%.*s", out.n > 0 ? "; " : "", STR_ARG(heading));
            if (!str_eq(heading, label))
                buf_printf(&out, " %s %.*s", arrow, STR_ARG(label));
        }
        page_item_end(p, 0, 0, TONE_PLAIN, STR_NONE, TONE_PLAIN,
                      str_printf(p->cx->mem, "%.*s%s%.*s", STR_ARG(value_get_text(m, "file")),
                                 sheet.n > 0 ? ", " : "", STR_ARG(sheet)),
                      value_get_text(m, "title"));
        page_text(p, LEFT, TONE_FAINT, buf_str(&out));
        if (value_get_int(m, "samples", 0) > 0)
            page_text(p, LEFT, TONE_FAINT,
                      str_printf(p->cx->mem,
                                 _("%lld lines only show how to fill it in and were "
                                   "not taken; with --register %.*s they are."),
                                 (long long)value_get_int(m, "samples", 0),
                                 STR_ARG(value_get_text(m, "register"))));
    }
}

/* `all`: how many there are, where the answer has not all of them. */
static void and_more(struct page *p, size_t n, int64_t all)
{
    if (all > (int64_t)n)
        page_text(p, LEFT, TONE_FAINT,
                  str_printf(p->cx->mem, _("and %lld more (the first %zu: --json)"),
                             (long long)(all - (int64_t)(n < MOST ? n : MOST)), n));
    else if (n > MOST)
        page_text(p, LEFT, TONE_FAINT,
                  str_printf(p->cx->mem, _("and %zu more (all of them: --json)"), n - MOST));
}

static int64_t count_of(const struct value *result, const char *state)
{
    return value_get_int(value_get(result, "counts"), state, 0);
}

static void show_field(struct page *p, const struct value *f)
{
    struct str now = str_cut(p->cx->mem, value_get_text(f, "now"), VALUE_BYTES);
    struct str was = str_cut(p->cx->mem, value_get_text(f, "was"), VALUE_BYTES);
    const char *arrow = p->unicode ? "→" : "->";

    page_item(p, LEFT, LEFT + 20, TONE_FAINT, value_get_text(f, "label"), TONE_PLAIN,
              str_printf(p->cx->mem, "%.*s%s%s%s%.*s", STR_ARG(was), was.n > 0 ? " " : "",
                         was.n > 0 ? arrow : "", was.n > 0 ? " " : "",
                         STR_ARG(now.n > 0 ? now : str_of(_("(nothing)")))));
}

/* What a preview finds: the first of each register with all that it would say. */
static void show_new(struct page *p, const struct value *result)
{
    const struct value *list = value_get(result, "new");
    size_t n = value_count(list);

    if (n == 0 || !value_get_bool(result, "preview"))
        return;
    page_rule(p, TONE_GOOD, _("New"), STR_NONE);
    for (size_t i = 0; i < n && i < MOST; i++) {
        const struct value *line = value_at(list, i), *fields = value_get(line, "fields");
        struct str ref = value_get_text(line, "ref"), name = value_get_text(line, "name");
        page_item_end(p, 0, 0, TONE_PLAIN, STR_NONE, TONE_PLAIN,
                      str_cut(p->cx->mem,
                              str_printf(p->cx->mem, "%.*s%s%.*s", STR_ARG(ref),
                                         ref.n > 0 && name.n > 0 ? " " : "", STR_ARG(name)),
                              NAME_BYTES),
                      value_get_text(line, "place"));
        for (size_t k = 0; k < value_count(fields); k++)
            show_field(p, value_at(fields, k));
    }
    and_more(p, n, count_of(result, "new"));
}

static void show_changed(struct page *p, const struct value *result)
{
    const struct value *list = value_get(result, "changed");

    if (value_count(list) > 0)
        page_rule(p, TONE_WARN, _("Changed"), STR_NONE);
    for (size_t i = 0; i < value_count(list) && i < MOST; i++) {
        const struct value *line = value_at(list, i), *fields = value_get(line, "fields");
        page_item_end(p, 0, 0, TONE_PLAIN, STR_NONE, TONE_PLAIN, value_get_text(line, "ref"),
                      value_get_text(line, "place"));
        for (size_t k = 0; k < value_count(fields); k++)
            show_field(p, value_at(fields, k));
    }
    and_more(p, value_count(list), count_of(result, "changed"));
}

static void show_rejected(struct page *p, const struct value *result)
{
    const struct value *list = value_get(result, "rejected");

    if (value_count(list) > 0)
        page_rule(p, TONE_BAD, _("Rejected"), STR_NONE);
    for (size_t i = 0; i < value_count(list) && i < MOST; i++) {
        const struct value *line = value_at(list, i), *problems = value_get(line, "problems");
        page_item_end(p, 0, 0, TONE_PLAIN, STR_NONE, TONE_PLAIN, value_get_text(line, "place"),
                      value_get_text(line, "ref"));
        for (size_t k = 0; k < value_count(problems); k++) {
            const struct value *problem = value_at(problems, k);
            page_item(p, LEFT, LEFT + 20, TONE_BAD, value_get_text(problem, "column"), TONE_PLAIN,
                      value_get_text(problem, "message"));
        }
    }
    and_more(p, value_count(list), count_of(result, "rejected"));
}

static void show_said(struct page *p, const struct value *result)
{
    const struct value *list = value_get(result, "said");
    struct buf out = buf_new(p->cx->mem);

    for (size_t i = 0; i < value_count(list) && i < MOST; i++)
        buf_printf(&out, "%s%.*s (%.*s)", i > 0 ? ", " : "",
                   STR_ARG(value_get_text(value_at(list, i), "text")),
                   STR_ARG(value_get_text(value_at(list, i), "field")));
    if (out.n == 0)
        return;
    page_rule(p, TONE_STRONG, _("Names that mean no record"), STR_NONE);
    page_text(p, 0, TONE_FAINT,
              str_of(_("They are kept as they were written. Record whom or what they mean, and "
                       "import again.")));
    page_text(p, LEFT, TONE_PLAIN, buf_str(&out));
    and_more(p, value_count(list), 0);
}

static void show_skipped(struct page *p, const struct value *result)
{
    const struct value *list = value_get(result, "left_out");

    if (value_count(list) > 0)
        page_rule(p, TONE_STRONG, _("Not taken"), STR_NONE);
    for (size_t i = 0; i < value_count(list) && i < MOST; i++)
        page_item(p, 0, LEFT, TONE_PLAIN, value_get_text(value_at(list, i), "place"), TONE_FAINT,
                  value_get_text(value_at(list, i), "why"));
    and_more(p, value_count(list), 0);
}

void records_import(struct page *p, const struct value *result)
{
    bool rejected = value_count(value_get(result, "rejected")) > 0;

    if (value_get(result, "counts") == NULL) {
        page_text(p, 0, TONE_PLAIN, value_get_text(result, "said"));
        return;
    }
    show_counts(p, result);
    show_mapping(p, result);
    show_new(p, result);
    show_changed(p, result);
    show_said(p, result);
    show_skipped(p, result);
    show_rejected(p, result);
    page_line(p);
    if (value_as_int(value_path(result, "counts.lines"), 0) == 0) {
        page_text(p, 0, TONE_WARN, str_of(_("There was nothing in it to record.")));
        return;
    }
    page_text(p, 0, rejected ? TONE_BAD : TONE_GOOD,
              str_of(value_get_bool(result, "preview")
                         ? _("This is a preview: nothing was written.")
                     : value_get_bool(result, "written")
                         ? rejected ? _("Everything but the rejected lines is recorded.")
                                    : _("All of it is recorded.")
                         : _("Nothing was written. Mend the rejected lines, or leave them out with "
                             "--skip-rejected.")));
}
