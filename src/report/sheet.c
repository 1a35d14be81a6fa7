/* The sheet for one person: what the auditor will ask, as text and as a paper. */
#include "report/paper.h"
#include "report/text.h"

#define QUOTE_BYTES 120u

static struct str sheet_title(struct arena *mem, const struct value *sheet)
{
    return str_printf(mem, _("What the auditor will ask: %.*s"),
                      STR_ARG(value_get_text(sheet, "role_title")));
}

static const char *intro(void)
{
    return _(
        "Answer in your own words and show the page. Scores: 0 does not know, 1 partly or after "
        "help, 2 right in own words, 3 right and shows own evidence. 2 is enough.");
}

struct str report_page_to_open(struct arena *mem, const struct value *q)
{
    struct str path = value_get_text(q, "path"), place = value_get_text(q, "place");
    struct str missing = value_get_text(q, "missing");

    if (path.n == 0 && missing.n == 0)
        return STR_NONE;
    if (path.n == 0)
        return str_printf(mem, _("No page yet. Still to be written: %.*s."), STR_ARG(missing));
    return str_printf(mem, "%.*s%s%.*s", STR_ARG(path), place.n > 0 ? " › " : "", STR_ARG(place));
}

static struct str quote_of(struct arena *mem, const struct value *q)
{
    struct str quote = value_get_text(q, "quote");

    return quote.n == 0 ? STR_NONE
                        : str_printf(mem, "“%.*s”", STR_ARG(str_cut(mem, quote, QUOTE_BYTES)));
}

/* ---- as text ---- */

static void labelled(struct page *p, const char *label, struct str text)
{
    if (text.n > 0)
        page_item(p, TEXT_BODY, TEXT_HANG + 2, TONE_FAINT, str_of(label), TONE_PLAIN, text);
}

void text_question(struct text_report *r, size_t n, const struct value *q, bool with_role)
{
    struct page *p = &r->page;
    struct arena *mem = p->cx->mem;

    page_item_end(p, TEXT_LEFT, TEXT_BODY, TONE_STRONG, str_printf(mem, "%zu", n), TONE_STRONG,
                  value_get_text(q, "question"),
                  with_role ? value_get_text(q, "role_title") : value_get_text(q, "id"));
    labelled(p, _("have open"), report_page_to_open(mem, q));
    labelled(p, "", quote_of(mem, q));
    labelled(p, _("good answer"), value_get_text(q, "good_answer"));
    labelled(p, _("sounds bad"), value_get_text(q, "red_flag"));
    labelled(p, _("your gap"), value_as_text(value_path(q, "gap.title")));
    labelled(p, _("answered"), value_get_text(q, "said"));
}

int report_sheet_text(struct ctx *cx, const struct value *sheet, const struct report_style *style,
                      struct buf *out)
{
    struct text_report r = {page_new(cx, style, out), sheet, false};
    const struct value *questions = value_get(sheet, "questions"), *asks = value_get(sheet, "asks");
    struct page *p = &r.page;

    page_item_end(p, 0, 0, TONE_PLAIN, STR_NONE, TONE_STRONG, sheet_title(cx->mem, sheet),
                  report_date(cx->mem, value_get_text(sheet, "today")));
    page_text(p, 0, TONE_FAINT, value_as_text(value_path(sheet, "organisation.name")));
    page_text(p, 0, TONE_PLAIN, str_of(intro()));
    page_line(p);
    for (size_t i = 0; i < value_count(questions); i++) {
        text_question(&r, i + 1, value_at(questions, i), false);
        page_item(p, TEXT_BODY, TEXT_HANG + 2, TONE_FAINT, STR("0 1 2 3"), TONE_FAINT,
                  STR("......................................................."));
    }
    if (value_count(asks) > 0)
        page_rule(p, TONE_ASK, _("What only you can say"), STR_NONE);
    for (size_t i = 0; i < value_count(asks); i++)
        page_item(p, TEXT_LEFT, TEXT_BODY, TONE_ASK, STR("?"), TONE_PLAIN,
                  value_get_text(value_at(asks, i), "question"));
    return ctx_check(cx);
}

/* ---- as a paper ---- */

static void detail(struct paper_text *t, const char *label, struct str text, unsigned marks)
{
    if (text.n == 0)
        return;
    paper_say(t, t->n > 0 ? STR("\n") : STR_NONE);
    paper_run(t, PAPER_BOLD, PAPER_MUTED, str_printf(t->mem, "%s: ", label));
    paper_run(t, marks, PAPER_PLAIN, text);
}

/* Close together, so that all questions stand on one page. */
static void paper_question(struct paper *f, size_t n, const struct value *q)
{
    struct str said = value_get_text(q, "said");
    struct paper_text *t = paper_paragraph(f, PAPER_BODY);

    paper_run(t, PAPER_BOLD, PAPER_PLAIN,
              str_printf(f->mem, "%zu. %.*s", n, STR_ARG(value_get_text(q, "question"))));
    paper_last(f)->keep = true;
    t = paper_paragraph(f, PAPER_SMALL);
    detail(t, _("Have open"), report_page_to_open(f->mem, q), 0);
    detail(t, _("It says"), quote_of(f->mem, q), PAPER_ITALIC);
    detail(t, _("A good answer"), value_get_text(q, "good_answer"), 0);
    detail(t, _("Sounds bad"), value_get_text(q, "red_flag"), 0);
    detail(t, _("Your gap"), value_as_text(value_path(q, "gap.title")), 0);
    detail(t, str_printf(f->mem, _("%.*s, score 0 1 2 3"), STR_ARG(value_get_text(q, "id"))).p,
           said, 0);
    if (said.n > 0)
        return;
    paper_run(t, PAPER_BOLD, PAPER_PLAIN,
              str_printf(f->mem, _("\n%.*s, score 0 1 2 3: "), STR_ARG(value_get_text(q, "id"))));
    paper_run(t, PAPER_FILL, PAPER_PLAIN, str_of(_("[answer]")));
}

struct paper *report_sheet_paper(struct arena *mem, const struct value *sheet)
{
    const struct value *questions = value_get(sheet, "questions"), *asks = value_get(sheet, "asks");
    struct str name = value_as_text(value_path(sheet, "organisation.name"));
    struct paper *f = paper_new(mem, sheet_title(mem, sheet));

    f->author = name;
    f->program = STR("Assay " ASSAY_VERSION);
    f->foot = name;
    (void)date_parse_iso(value_get_text(sheet, "today"), &f->day);
    paper_say(paper_paragraph(f, PAPER_TITLE), f->title);
    paper_say(paper_paragraph(f, PAPER_SUBTITLE),
              str_printf(mem, "%.*s%s%.*s", STR_ARG(name), name.n > 0 ? " · " : "",
                         STR_ARG(report_date(mem, value_get_text(sheet, "today")))));
    paper_say(paper_paragraph(f, PAPER_SMALL), str_of(intro()));
    for (size_t i = 0; i < value_count(questions); i++)
        paper_question(f, i + 1, value_at(questions, i));
    if (value_count(asks) > 0)
        paper_run(paper_paragraph(f, PAPER_BODY), PAPER_BOLD, PAPER_PLAIN,
                  str_of(_("What only you can say")));
    for (size_t i = 0; i < value_count(asks); i++) {
        struct paper_text *t = paper_item(f, PAPER_BULLETS, 1);
        paper_say(t, value_get_text(value_at(asks, i), "question"));
        paper_run(t, PAPER_FILL, PAPER_PLAIN, str_of(_(" [answer]")));
    }
    return f;
}
