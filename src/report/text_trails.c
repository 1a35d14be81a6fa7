/* The trails in the text report: how many of them break, and the first few that do. */
#include "report/text.h"

enum { TRAILS_SHOWN = 5, STEP_BYTES = 60 };

static size_t broken_of(const struct value *trails)
{
    size_t n = 0;

    for (size_t i = 0; i < value_count(trails); i++)
        n += value_get_bool(value_at(trails, i), "broken");
    return n;
}

/* "Ann Lee > A.8.5 Secure authentication > Statement of Applicability: left out". */
static struct str way(struct text_report *r, const struct value *trail)
{
    const struct value *steps = value_get(trail, "steps");
    struct arena *mem = r->page.cx->mem;
    struct buf out = buf_new(mem);

    for (size_t i = 1; i < value_count(steps); i++) {
        const struct value *step = value_at(steps, i);
        bool breaks = value_is_text(value_get(step, "state"), "broken");
        struct str text = str_cut(mem, value_get_text(step, "text"), STEP_BYTES);

        if (i > 1)
            buf_addz(&out, r->page.unicode ? " → " : " > ");
        if (breaks)
            buf_printf(&out, "%s %.*s: ", r->page.unicode ? "✗" : "x",
                       STR_ARG(value_get_text(step, "title")));
        buf_add(&out, text);
        if (breaks)
            break;
    }
    return buf_str(&out);
}

void text_trails(struct text_report *r)
{
    const struct value *trails = value_get(r->result, "trails");
    size_t n = value_count(trails), broken = broken_of(trails), shown = 0;
    struct page *p = &r->page;

    if (n == 0)
        return;
    page_rule(p, broken > 0 ? TONE_WARN : TONE_GOOD, _("From risk to evidence"),
              str_printf(p->cx->mem,
                         n == 1 ? _("%zu of %zu trail broken") : _("%zu of %zu trails broken"),
                         broken, n));
    for (size_t i = 0; i < n && shown < TRAILS_SHOWN; i++) {
        const struct value *trail = value_at(trails, i);
        if (!value_get_bool(trail, "broken"))
            continue;
        shown++;
        page_item(p, TEXT_LEFT, TEXT_HANG, TONE_WARN,
                  str_cut(p->cx->mem, value_get_text(trail, "ref"), TEXT_HANG - TEXT_LEFT - 2),
                  TONE_PLAIN, way(r, trail));
    }
    if (broken > shown)
        page_text(
            p, TEXT_HANG, TONE_FAINT,
            str_printf(p->cx->mem, _("and %zu more in the HTML or JSON report"), broken - shown));
    if (broken == 0)
        page_text(
            p, TEXT_LEFT, TONE_PLAIN,
            str_of(
                _("From each risk a way leads to its owner, its controls and what shows them, as "
                  "far as documents tell.")));
}
