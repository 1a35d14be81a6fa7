/* What changed since an earlier report: figures, and what people would ask for first. */
#include "report/text.h"

enum { SHOWN = 6, FIGURES = 14 };

static void figure(struct text_report *r, int64_t was, int64_t now, bool more_is_better,
                   struct str text)
{
    enum tone tone = was == now ? TONE_FAINT : (now > was) == more_is_better ? TONE_GOOD : TONE_BAD;

    page_item(&r->page, TEXT_LEFT, FIGURES, tone,
              str_printf(r->page.cx->mem, "%lld %s %lld", (long long)was,
                         r->page.unicode ? "→" : ">", (long long)now),
              TONE_PLAIN, text);
}

static int64_t number(const struct text_report *r, const char *path)
{
    return value_as_int(value_path(r->result, path), 0);
}

static void figures(struct text_report *r)
{
    struct arena *mem = r->page.cx->mem;
    int64_t of = number(r, "since.minimum.now.of");
    struct report_met was = report_met_then(r->result), now = report_met_now(r->result);

    figure(r, number(r, "since.minimum.was.met"), number(r, "since.minimum.now.met"), true,
           str_printf(mem, _("of %lld documents and records the standard demands"), (long long)of));
    figure(r, was.met, now.met, true,
           str_printf(mem, _("of %lld requirements met"), (long long)now.of));
    figure(r, number(r, "since.findings.was.blockers"), number(r, "since.findings.now.blockers"),
           false, str_of(report_say(r->result, SAY_BLOCKING_SINCE)));
    figure(r, number(r, "since.findings.was.concerns"), number(r, "since.findings.now.concerns"),
           false, str_of(report_say(r->result, SAY_CONCERNS_SINCE)));
}

/* Findings and demanded documents have a line each; there are too many of the others. */
static bool has_line(const struct value *change)
{
    const struct value *what = value_get(change, "what");

    return value_is_text(what, "finding") || value_is_text(what, "document");
}

static void lines(struct text_report *r, const char *path, const char *mark, const char *plain,
                  enum tone tone)
{
    const struct value *list = value_path(r->result, path);
    struct page *p = &r->page;
    size_t n = 0;

    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *it = value_at(list, i);
        if (!has_line(it) || ++n > SHOWN)
            continue;
        page_item_end(p, TEXT_LEFT, TEXT_BODY, tone, str_of(p->unicode ? mark : plain), TONE_PLAIN,
                      value_get_text(it, "title"), report_change(p->cx->mem, it));
    }
    if (n > SHOWN)
        page_text(p, TEXT_BODY, TONE_FAINT,
                  str_printf(p->cx->mem, _("and %zu more in the HTML or JSON report"), n - SHOWN));
}

static size_t requirements_in(const struct text_report *r, const char *path)
{
    const struct value *list = value_path(r->result, path);
    size_t n = 0;

    for (size_t i = 0; i < value_count(list); i++)
        n += value_is_text(value_get(value_at(list, i), "what"), "requirement");
    return n;
}

static void requirements(struct text_report *r)
{
    size_t better = requirements_in(r, "since.better"), worse = requirements_in(r, "since.worse");

    if (better + worse > 0)
        page_text(&r->page, TEXT_LEFT, TONE_FAINT,
                  str_printf(r->page.cx->mem,
                             _("Requirements that the documents show better than then: %zu; worse: "
                               "%zu."),
                             better, worse));
}

void text_since(struct text_report *r)
{
    const struct value *since = value_get(r->result, "since");
    struct page *p = &r->page;
    struct arena *mem = p->cx->mem;

    if (value_type(since) != VALUE_MAP)
        return;
    page_rule(
        p, TONE_STRONG,
        str_printf(mem, _("Since %.*s"), STR_ARG(report_date(mem, value_get_text(since, "today"))))
            .p,
        STR_NONE);
    page_text(p, TEXT_LEFT, TONE_STRONG, report_verdict_change(mem, r->result));
    figures(r);
    page_line(p);
    lines(r, "since.better", "✓", "+", TONE_GOOD);
    lines(r, "since.worse", "✗", "x", TONE_BAD);
    lines(r, "since.new", "●", "*", TONE_WARN);
    requirements(r);
    if (value_count(value_get(since, "better")) + value_count(value_get(since, "worse")) +
            value_count(value_get(since, "new")) ==
        0)
        page_text(p, TEXT_LEFT, TONE_PLAIN, str_of(_("Nothing has changed.")));
    if (!value_get_bool(since, "same_rules"))
        page_text(p, TEXT_LEFT, TONE_FAINT, report_other_rules());
}
