/* What an erasure did, or would do. */
#include "report/records_parts.h"

enum { LEFT = 3, HANG = 28, MOST = 20 };

static void show_sums(struct page *p, const struct value *result)
{
    const struct value *registers = value_get(result, "registers");

    for (size_t i = 0; i < value_count(registers); i++) {
        const struct value *r = value_at(registers, i);
        page_item_end(p, LEFT, LEFT, TONE_PLAIN, STR_NONE, TONE_PLAIN, value_get_text(r, "title"),
                      str_printf(p->cx->mem, _("%lld records, %lld values"),
                                 (long long)value_get_int(r, "records", 0),
                                 (long long)value_get_int(r, "values", 0)));
    }
}

static struct str fields_of(struct arena *mem, const struct value *record)
{
    const struct value *fields = value_get(record, "fields");
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < value_count(fields); i++)
        buf_printf(&out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(value_as_text(value_at(fields, i))));
    return buf_str(&out);
}

static void line(struct page *p, const struct value *one, struct str what)
{
    page_item(p, LEFT, HANG, TONE_PLAIN,
              str_printf(p->cx->mem, "%.*s %.*s", STR_ARG(value_get_text(one, "register")),
                         STR_ARG(value_get_text(one, "ref"))),
              TONE_PLAIN, what);
}

static void more(struct page *p, size_t n)
{
    if (n > MOST)
        page_text(p, LEFT, TONE_FAINT,
                  str_printf(p->cx->mem, _("and %zu more: --json has all"), n - MOST));
}

static void show_named(struct page *p, const struct value *result)
{
    const struct value *records = value_get(result, "records");
    size_t n = 0;

    for (size_t i = 0; i < value_count(records); i++) {
        const struct value *one = value_at(records, i);
        if (!value_get_bool(one, "named"))
            continue;
        if (n++ == 0)
            page_rule(p, TONE_STRONG, _("Names in texts of others"), STR_NONE);
        if (n <= MOST)
            line(p, one, fields_of(p->cx->mem, one));
    }
    more(p, n);
}

static void show_stays(struct page *p, const struct value *result)
{
    const struct value *stays = value_get(result, "stays");

    if (value_count(stays) > 0) {
        page_rule(p, TONE_STRONG, _("Names that stay in earlier versions"), STR_NONE);
        page_text(p, 0, TONE_WARN,
                  str_of(_("These fields are not sealed, as their registers say that they tell of "
                           "nobody. The last version is without the name.")));
    }
    for (size_t i = 0; i < value_count(stays) && i < MOST; i++) {
        const struct value *one = value_at(stays, i);
        line(p, one,
             str_printf(p->cx->mem, _("%.*s, version %lld"), STR_ARG(value_get_text(one, "field")),
                        (long long)value_get_int(one, "rev", 0)));
    }
    more(p, value_count(stays));
}

void records_erase(struct page *p, const struct value *result)
{
    bool preview = value_get_bool(result, "preview");

    if (value_get_bool(result, "again")) {
        page_text(
            p, 0, TONE_GOOD,
            str_printf(p->cx->mem,
                       _("%.*s was carried out before; what was left of it in files is gone."),
                       STR_ARG(value_get_text(result, "ref"))));
        return;
    }
    page_text(p, 0, preview ? TONE_PLAIN : TONE_GOOD,
              str_printf(p->cx->mem,
                         preview
                             ? _("%.*s would erase %lld values and %lld files for good; nothing "
                                 "is changed as yet.")
                             : _("%.*s is carried out: %lld values and %lld files are erased for "
                                 "good. The ledger proves all that stays."),
                         STR_ARG(value_get_text(result, "ref")),
                         (long long)value_get_int(result, "values", 0),
                         (long long)value_get_int(result, "files", 0)));
    show_sums(p, result);
    show_named(p, result);
    show_stays(p, result);
    if (!preview)
        page_text(p, 0, TONE_PLAIN,
                  str_of(_("Backups, archives and bundles that were made before still hold it: "
                           "destroy those that you need no longer.")));
    records_next(p, result);
}
