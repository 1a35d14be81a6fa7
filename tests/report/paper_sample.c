#include "tests/report/paper_sample.h"

static void add_table(struct paper *f)
{
    struct paper_table *t = paper_table(f, STR("Risks"));
    struct paper_row *row;
    struct paper_cell *cell;

    paper_column(t, 1, PAPER_LEFT);
    paper_column(t, 4, PAPER_LEFT);
    paper_column(t, 1, PAPER_RIGHT);
    paper_column(t, 2, PAPER_CENTRE);
    row = paper_row(t, true);
    paper_put(row, 0, PAPER_PLAIN, STR("Ref"));
    paper_put(row, 0, PAPER_PLAIN, STR("Risk"));
    paper_put(row, 0, PAPER_PLAIN, STR("Level"));
    paper_put(row, 0, PAPER_PLAIN, STR("Reviewed"));
    row = paper_row(t, false);
    paper_put(row, PAPER_CODE, PAPER_PLAIN, STR("R-1"));
    cell = paper_cell(row);
    paper_say(paper_cell_text(cell), STR("Stolen laptop | unencrypted"));
    paper_say(paper_cell_text(cell), STR("Second paragraph"));
    paper_put_number(row, 12500)->fill = PAPER_MISSING;
    paper_put_day(row, (struct date){2026, 10, 5});
    row = paper_row(t, false);
    paper_put(row, PAPER_BOLD, PAPER_PLAIN, STR("All of them, in one cell"))->span = 4;
}

static void add_lists(struct paper *f)
{
    paper_say(paper_item(f, PAPER_NUMBERS, 1), STR("First step"));
    paper_say(paper_item(f, PAPER_BULLETS, 2), STR("a detail of it"));
    paper_say(paper_item(f, PAPER_BULLETS, 2), STR("another"));
    paper_say(paper_item(f, PAPER_NUMBERS, 1), STR("Second step"));
    paper_say(paper_paragraph(f, PAPER_BODY), STR("Between two lists."));
    paper_say(paper_item(f, PAPER_NUMBERS, 1), STR("Begins at one again"));
    paper_say(paper_item(f, PAPER_NUMBERS, 1), STR("And ends"));
}

struct paper *paper_sample(struct arena *mem)
{
    struct paper *f = paper_new(mem, STR("Access <control> & more"));
    struct paper_text *t;

    f->author = STR("Fernhollow");
    f->subject = STR("A sample");
    f->identifier = STR("assay.sample/1");
    f->program = STR("Assay 0");
    f->language = STR("en-GB");
    f->day = (struct date){2026, 11, 30};
    f->head = STR("Head of the page");
    f->foot = STR("Foot of the page");
    paper_say(paper_paragraph(f, PAPER_TITLE), STR("Access <control> & more"));
    paper_say(paper_paragraph(f, PAPER_SUBTITLE), STR("Draft of a policy"));
    paper_contents(f, 2);
    paper_say(paper_heading(f, 1, STR("purpose")), STR("Purpose"));
    t = paper_paragraph(f, PAPER_BODY);
    paper_run(t, PAPER_BOLD, PAPER_PLAIN, STR("Owner: "));
    paper_run(t, PAPER_FILL, PAPER_PLAIN, STR("[who answers for it]"));
    paper_say(t, STR(" and "));
    paper_run(t, PAPER_ITALIC, PAPER_BLOCKING, STR("nobody else"));
    paper_say(t, STR(", see "));
    paper_link(t, STR("#rules"), STR("the rules"));
    paper_say(t, STR(" or "));
    paper_link(t, STR("https://example.org/a(b)"), STR("a page"));
    paper_link(t, STR("javascript:alert(1)"), STR(" not a link"));
    paper_say(paper_heading(f, 2, STR("rules")), STR("Rules & limits"));
    add_lists(f);
    add_table(f);
    paper_say(paper_paragraph(f, PAPER_QUOTE), STR("A passage\nin two lines"));
    paper_say(paper_paragraph(f, PAPER_CALLOUT), STR("Mind this"));
    paper_last(f)->role = PAPER_CONCERN;
    paper_say(paper_paragraph(f, PAPER_BODY),
              STR("\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xe6\x97\xa5\xe6\x9c\xac"));
    paper_break(f);
    paper_say(paper_heading(f, 1, STR("end")), STR("Rules & limits"));
    paper_say(paper_paragraph(f, PAPER_BODY), STR("# no heading, 1. no list, *no* _emphasis_"));
    return f;
}

struct paper *paper_of(struct arena *mem, struct str text)
{
    struct paper *f = paper_new(mem, text);
    struct paper_table *t;
    struct paper_row *row;

    f->author = f->subject = f->keywords = f->identifier = f->program = text;
    f->head = f->foot = text;
    f->day = (struct date){2026, 11, 30};
    for (unsigned style = PAPER_BODY; style <= PAPER_CALLOUT; style++)
        paper_run(paper_paragraph(f, (enum paper_style)style), style, PAPER_MUTED, text);
    paper_say(paper_heading(f, 1, text), text);
    paper_run(paper_item(f, PAPER_BULLETS, 2), PAPER_CODE, PAPER_PLAIN, text);
    paper_link(paper_item(f, PAPER_NUMBERS, 1), text, text);
    t = paper_table(f, text);
    paper_column(t, 1, PAPER_LEFT);
    paper_column(t, 3, PAPER_RIGHT);
    row = paper_row(t, true);
    paper_put(row, 0, PAPER_PLAIN, text);
    row = paper_row(t, false);
    paper_put(row, PAPER_BOLD, PAPER_MET, text)->span = 2;
    row = paper_row(t, false);
    paper_put(row, PAPER_CODE, PAPER_MET, text);
    paper_put(row, PAPER_ITALIC, PAPER_MET, text);
    paper_contents(f, 3);
    return f;
}
