/* What the audit will take, as text. */
#include "report/text.h"

enum { DAYS_HANG = 15 };

static struct str days_of(struct arena *mem, const struct value *v)
{
    return value_print(mem, v);
}

/* "3", or "2.5 to 4" where the days are not known. */
struct str report_days_or_span(struct arena *mem, const struct value *activity)
{
    const struct value *days = value_get(activity, "days");

    if (value_type(days) != VALUE_NULL)
        return days_of(mem, days);
    return str_printf(mem, _("%.*s to %.*s"), STR_ARG(days_of(mem, value_get(activity, "least"))),
                      STR_ARG(days_of(mem, value_get(activity, "most"))));
}

static void activities(struct text_report *r, const struct value *time)
{
    const struct value *list = value_get(time, "activities");
    struct page *p = &r->page;
    struct arena *mem = p->cx->mem;

    if (value_count(list) > 0)
        page_line(p);
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        struct str cost = value_print(mem, value_get(it, "cost"));
        page_item_end(p, TEXT_LEFT, DAYS_HANG, TONE_STRONG, report_days_or_span(mem, it),
                      TONE_PLAIN, value_get_text(it, "title"),
                      cost.n > 0 ? str_printf(mem, "%.*s %.*s", STR_ARG(cost),
                                              STR_ARG(value_get_text(time, "currency")))
                                 : STR_NONE);
    }
    if (value_type(value_get(time, "cycle_days")) != VALUE_NULL)
        page_item(p, TEXT_LEFT, DAYS_HANG, TONE_STRONG, days_of(mem, value_get(time, "cycle_days")),
                  TONE_PLAIN, str_of(_("auditor days in the whole cycle")));
}

static void steps(struct text_report *r, const struct value *time)
{
    const struct value *list = value_get(time, "steps");
    struct page *p = &r->page;

    if (value_count(list) == 0)
        return;
    page_rule(p, TONE_STRONG, _("Step by step"), STR_NONE);
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        page_item_end(p, TEXT_LEFT, TEXT_BODY, TONE_STRONG, str_printf(p->cx->mem, "%zu", i + 1),
                      TONE_STRONG, value_get_text(it, "title"), value_get_text(it, "result"));
        page_text(p, TEXT_BODY, TONE_PLAIN, value_get_text(it, "says"));
    }
}

static void open_questions(struct text_report *r, const struct value *time, bool in_full)
{
    const struct value *list = value_get(time, "unknown");
    struct page *p = &r->page;

    if (value_count(list) == 0)
        return;
    if (in_full)
        page_rule(p, TONE_ASK, _("What is still to be answered"),
                  str_printf(p->cx->mem, "%zu", value_count(list)));
    else
        page_line(p);
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        page_item(p, TEXT_LEFT, TEXT_BODY, TONE_ASK, STR("?"), TONE_PLAIN,
                  value_get_text(it, "question"));
        if (!in_full)
            continue;
        page_text(p, TEXT_BODY, TONE_FAINT, value_get_text(it, "changes"));
        page_text(p, TEXT_BODY, TONE_FAINT,
                  str_printf(p->cx->mem, _("in the profile: audit_time.%.*s"),
                             STR_ARG(value_get_text(it, "key"))));
    }
}

static enum tone verdict_tone(struct str verdict)
{
    if (str_is(verdict, "more") || str_is(verdict, "fewer"))
        return TONE_WARN;
    if (str_is(verdict, "below-least"))
        return TONE_BAD;
    return str_is(verdict, "expected") ? TONE_GOOD : TONE_FAINT;
}

static void quote_line(struct text_report *r, struct str name, const struct value *line)
{
    struct page *p = &r->page;
    struct str days = value_print(p->cx->mem, value_get(line, "days"));

    page_item(p, TEXT_LEFT, DAYS_HANG, TONE_STRONG, days.n > 0 ? days : STR("-"), TONE_STRONG,
              name);
    page_text(p, DAYS_HANG, verdict_tone(value_get_text(line, "verdict")),
              value_get_text(line, "says"));
}

static void quote(struct text_report *r, const struct value *time)
{
    const struct value *v = value_get(time, "quote"), *lines = value_get(v, "lines");
    const struct value *notes = value_get(v, "notes");
    struct page *p = &r->page;

    if (value_type(v) != VALUE_MAP)
        return;
    page_rule(p, TONE_STRONG, _("The quote against it"), value_get_text(v, "body"));
    for (size_t i = 0; i < value_count(lines); i++)
        quote_line(r, value_get_text(value_at(lines, i), "activity"), value_at(lines, i));
    if (value_type(value_get(v, "initial")) == VALUE_MAP)
        quote_line(r, str_of(_("Stage 1 and Stage 2 together")), value_get(v, "initial"));
    for (size_t i = 0; i < value_count(notes); i++)
        page_item(p, TEXT_LEFT, TEXT_BODY, TONE_WARN, str_of(p->unicode ? "●" : "*"), TONE_PLAIN,
                  value_as_text(value_at(notes, i)));
    if (value_type(value_get(v, "amount")) != VALUE_NULL)
        page_text(p, TEXT_LEFT, TONE_PLAIN,
                  str_printf(p->cx->mem, _("In all: %.*s %.*s"),
                             STR_ARG(value_print(p->cx->mem, value_get(v, "amount"))),
                             STR_ARG(value_get_text(v, "currency"))));
}

void text_audit_time(struct text_report *r, bool in_full)
{
    const struct value *time = value_get(r->result, "audit_time");
    struct page *p = &r->page;

    if (value_count(time) == 0 || (r->auditor && !in_full))
        return;
    page_rule(p, TONE_STRONG, _("What the audit will take"), STR_NONE);
    page_text(p, TEXT_LEFT, TONE_STRONG, value_get_text(time, "headline"));
    activities(r, time);
    if (in_full)
        steps(r, time);
    open_questions(r, time, in_full);
    quote(r, time);
    if (!in_full)
        page_text(p, TEXT_LEFT, TONE_FAINT,
                  str_of(_("`assay audit-time FOLDER` shows every step, and holds a certification "
                           "body's quote against it.")));
}

int report_audit_time(struct ctx *cx, const struct value *result, const struct report_style *style,
                      struct buf *out)
{
    struct text_report r = {page_new(cx, style, out), result, style->auditor};
    struct str name = value_as_text(value_path(result, "organisation.name"));

    page_item_end(&r.page, 0, 0, TONE_PLAIN, STR_NONE, TONE_STRONG,
                  name.n > 0 ? name : str_of(_("Audit time")),
                  report_date(cx->mem, value_get_text(result, "today")));
    page_text(&r.page, 0, TONE_PLAIN,
              str_of(_("How many auditor days a certification cycle takes. The certification body "
                       "decides and has to show its reckoning; this one is yours to compare.")));
    text_audit_time(&r, true);
    return ctx_check(cx);
}
