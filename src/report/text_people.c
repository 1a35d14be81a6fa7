/* What the auditor will ask first, and which records to begin now, as text. */
#include "report/text.h"

void text_first_questions(struct text_report *r)
{
    const struct value *list = value_get(r->result, "first_questions");

    if (r->auditor || value_count(list) == 0)
        return;
    page_rule(&r->page, TONE_ASK, _("The auditor's first questions to you"),
              str_printf(r->page.cx->mem, "%zu", value_count(list)));
    for (size_t i = 0; i < value_count(list); i++)
        text_question(r, i + 1, value_at(list, i), true);
    page_text(&r->page, TEXT_LEFT, TONE_FAINT,
              str_of(_("`assay interview FOLDER --role ROLE` makes a sheet for one person.")));
}

/* "by 3 March 2027", or "12 weeks before" where there is no day of Stage 2. */
struct str report_begin(struct arena *mem, const struct value *record)
{
    struct str by = value_get_text(record, "begin_by");

    if (by.n > 0)
        return str_printf(mem, value_get_bool(record, "late") ? _("was due %.*s") : _("by %.*s"),
                          STR_ARG(report_date(mem, by)));
    return str_printf(mem, _("%lld weeks before"),
                      (long long)value_get_int(record, "weeks_before", 0));
}

struct str report_seen(struct arena *mem, const struct value *record)
{
    struct str path = value_get_text(record, "path");

    if (value_is_text(value_get(record, "seen"), "yes"))
        return path.n > 0 ? str_printf(mem, _("A first one was seen: %.*s."), STR_ARG(path))
                          : str_of(_("A first one was seen."));
    return value_is_text(value_get(record, "seen"), "unknown")
               ? str_of(_("Not all files could be read; a first one may be there."))
               : STR_NONE;
}

void text_start_now(struct text_report *r)
{
    const struct value *list = value_get(r->result, "start_now");
    struct page *p = &r->page;
    struct arena *mem = p->cx->mem;
    bool dated = value_get_text(r->result, "stage2").n > 0;

    if (r->auditor || value_count(list) == 0)
        return;
    page_rule(p, TONE_STRONG, _("Start now"), STR_NONE);
    page_text(p, TEXT_LEFT, TONE_PLAIN,
              str_of(dated
                         ? _("Records of one full cycle that Stage 2 asks for, and the last day to "
                             "begin each.")
                         : _("Records of one full cycle that Stage 2 asks for, and how long before "
                             "it each must begin. --stage2 DATE turns the weeks into days.")));
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        bool seen = value_is_text(value_get(it, "seen"), "yes"), late = value_get_bool(it, "late");
        struct str mark = str_of(seen   ? (p->unicode ? "✓" : "+")
                                 : late ? "!"
                                        : (p->unicode ? "○" : "o"));

        page_item_end(p, TEXT_LEFT, TEXT_BODY,
                      seen   ? TONE_GOOD
                      : late ? TONE_BAD
                             : TONE_WARN,
                      mark, TONE_STRONG, value_get_text(it, "title"), report_begin(mem, it));
        page_text(p, TEXT_BODY, TONE_PLAIN, seen ? report_seen(mem, it) : value_get_text(it, "do"));
        if (!seen)
            page_text(p, TEXT_BODY, TONE_FAINT, report_seen(mem, it));
    }
}

void text_starters(struct text_report *r)
{
    const struct value *list = value_get(r->result, "starters");
    struct page *p = &r->page;
    struct arena *mem = p->cx->mem;

    if (value_count(list) == 0)
        return;
    page_rule(p, TONE_STRONG, _("Drafts written"), str_printf(mem, "%zu", value_count(list)));
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i), *files = value_get(it, "files");
        struct buf names = buf_new(mem);
        bool kept = false;
        for (size_t k = 0; k < value_count(files); k++) {
            bool written = value_get_bool(value_at(files, k), "written");
            kept = kept || !written;
            if (written)
                buf_printf(&names, "%s%.*s", names.n > 0 ? ", " : "",
                           STR_ARG(value_get_text(value_at(files, k), "path")));
        }
        page_item(p, TEXT_LEFT, TEXT_BODY, TONE_GOOD, str_of(p->unicode ? "✓" : "+"), TONE_PLAIN,
                  value_get_text(it, "title"));
        page_text(p, TEXT_BODY, TONE_FAINT, buf_str(&names));
        if (kept)
            page_text(p, TEXT_BODY, TONE_WARN,
                      str_of(_("A file of that name was there already and was left as it is.")));
    }
}
