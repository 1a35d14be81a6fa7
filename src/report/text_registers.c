/* The part of the text report that says how tables were read. */
#include "report/text.h"

enum { TITLE_END = 40 };

static bool is_kept(const struct value *table)
{
    return value_as_bool(value_get(table, "kept"));
}

static size_t kept(const struct value *list)
{
    size_t n = 0;

    for (size_t i = 0; i < value_count(list); i++)
        n += is_kept(value_at(list, i));
    return n;
}

/* "12 records", "12 records, 2 of them examples", "9000 records, the first 5000 judged". */
static struct str records(struct arena *mem, const struct value *table)
{
    int64_t rows = value_get_int(table, "rows", 0), samples = value_get_int(table, "samples", 0);
    int64_t judged = value_get_int(table, "judged", 0);

    if (judged < rows)
        return str_printf(mem, _("%lld records, the first %lld judged"), (long long)rows,
                          (long long)judged);
    if (samples > 0)
        return str_printf(mem, _("%lld records, %lld of them examples"), (long long)rows,
                          (long long)samples);
    return str_printf(mem, rows == 1 ? _("%lld record") : _("%lld records"), (long long)rows);
}

/* Headings that nothing was made of. */
static struct str left_out(struct arena *mem, const struct value *table)
{
    const struct value *columns = value_get(table, "columns");
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < value_count(columns); i++) {
        const struct value *column = value_at(columns, i);
        if (value_type(value_get(column, "field")) == VALUE_NULL)
            buf_printf(&out, "%s\"%.*s\"", out.n > 0 ? ", " : "",
                       STR_ARG(value_get_text(column, "header")));
    }
    return buf_str(&out);
}

static void table_line(struct text_report *r, const struct value *table)
{
    struct page *p = &r->page;
    struct arena *mem = p->cx->mem;
    struct str left = left_out(mem, table), said = records(mem, table);

    said = str_printf(mem, "%.*s: %.*s", STR_ARG(value_get_text(table, "path")), STR_ARG(said));
    if (left.n > 0)
        said = str_printf(mem, _("%.*s; not understood: %.*s"), STR_ARG(said), STR_ARG(left));
    page_item(p, TEXT_LEFT, TITLE_END, TONE_PLAIN, value_get_text(table, "title"), TONE_FAINT,
              page_clean(p, said));
}

void text_registers(struct text_report *r)
{
    const struct value *list = value_get(r->result, "registers");
    struct page *p = &r->page;
    size_t n = kept(list);

    if (n == 0)
        return;
    page_rule(p, TONE_STRONG, _("Tables read as registers"), str_printf(p->cx->mem, "%zu", n));
    for (size_t i = 0; i < value_count(list); i++)
        if (is_kept(value_at(list, i)))
            table_line(r, value_at(list, i));
    page_text(
        p, TEXT_LEFT, TONE_FAINT,
        str_of(_("The report as HTML or JSON says what each column was read as. Where that is "
                 "wrong, say so under columns in the profile.")));
}
