/* The part of the text report about how the result came about: rules that could not be run, and
 * names in the profile that match nothing. */
#include "report/text.h"

void text_warnings(struct text_report *r)
{
    const struct value *list = value_get(r->result, "warnings");
    struct page *p = &r->page;

    if (value_count(list) == 0)
        return;
    page_rule(p, TONE_WARN, _("Warnings"), str_printf(p->cx->mem, "%zu", value_count(list)));
    for (size_t i = 0; i < value_count(list); i++)
        page_item(p, TEXT_LEFT, TEXT_BODY, TONE_WARN, str_of(p->unicode ? "●" : "*"), TONE_PLAIN,
                  page_clean(p, value_get_text(value_at(list, i), "says")));
}
