/*
 * One flow model for every document that Assay writes: reports, drafts, lists. A builder fills a
 * paper once; the writers give it as Markdown, DOCX, PDF and XLSX with the same content.
 *
 * A paper is a list of blocks in reading order: headings, paragraphs, list items, tables, figures,
 * page breaks, a table of contents; and around them the title, what stands at the head and foot of
 * each page, the language and the document's properties. Text is runs with marks (bold, italic,
 * code), a role, which is what the text means and from which a writer takes its colour, and a link.
 *
 * Everything lives in the paper's arena. Texts that are added come from strangers: they are
 * repaired on the way in (paper_clean()), so that no writer meets invalid UTF-8, control characters
 * or marks that turn the direction of what follows. Sizes are bounded by the limits below.
 *
 * Blocks are for pages (Markdown, DOCX, PDF), for sheets (XLSX), or both: see `media`. A writer
 * passes over what is not for it. The same paper gives the same bytes: days stand in the paper, and
 * no writer asks the clock, the machine or the locale.
 *
 *     struct paper *f = paper_new(mem, STR("Access control policy"));
 *     paper_say(paper_heading(f, 1, STR("purpose")), STR("Purpose"));
 *     struct paper_text *t = paper_paragraph(f, PAPER_BODY);
 *     paper_run(t, PAPER_BOLD, PAPER_PLAIN, STR("Owner: "));
 *     paper_run(t, PAPER_FILL, PAPER_PLAIN, STR("[who answers for it]"));
 *     TRY(paper_docx(cx, f, &out));
 *
 * A paper belongs to one thread.
 */
#ifndef ASSAY_REPORT_PAPER_H
#define ASSAY_REPORT_PAPER_H

#include "base/base.h"

#define PAPER_RUN_BYTES ((size_t)32 * 1024) /* a longer run is cut, marked by an ellipsis */
#define PAPER_COLUMNS 40u                   /* of a table */
#define PAPER_LEVELS 6u                     /* of headings; of lists 4 */

/* What a text, a cell or a shape means. Writers choose the colour; meaning never rests on it. */
enum paper_role {
    PAPER_PLAIN,
    PAPER_MUTED,
    PAPER_ACCENT,
    PAPER_BLOCKING,
    PAPER_CONCERN,
    PAPER_NOTE,
    PAPER_MET,
    PAPER_PARTLY,
    PAPER_MISSING,
    PAPER_UNKNOWN,
    PAPER_NONE, /* not applicable */
};
#define PAPER_ROLES ((unsigned)PAPER_NONE + 1)

enum paper_marks {
    PAPER_BOLD = 1,
    PAPER_ITALIC = 2,
    PAPER_CODE = 4, /* paths, commands */
    PAPER_FILL = 8, /* a gap that a person has to fill in */
};

struct paper_run {
    struct str text; /* a newline in it breaks the line */
    struct str link; /* "#name" of a block, http(s): or mailto:; "" for none */
    unsigned marks;
    enum paper_role role;
};

struct paper_text {
    struct arena *mem;
    struct paper_run *runs;
    size_t n, room;
};

enum paper_kind {
    PAPER_HEADING,
    PAPER_PARAGRAPH,
    PAPER_ITEM,
    PAPER_TABLE,
    PAPER_FIGURE,
    PAPER_BREAK,    /* to a new page */
    PAPER_CONTENTS, /* the headings up to `level` */
};

enum paper_style {
    PAPER_BODY,
    PAPER_TITLE,
    PAPER_SUBTITLE,
    PAPER_LEAD,    /* larger: a verdict's sentence */
    PAPER_SMALL,   /* smaller and muted */
    PAPER_QUOTE,   /* a passage of somebody's document */
    PAPER_CALLOUT, /* set apart, with a bar in the block's role */
};

enum paper_list { PAPER_BULLETS, PAPER_NUMBERS };
enum paper_align { PAPER_LEFT, PAPER_RIGHT, PAPER_CENTRE };
enum paper_media { PAPER_PAGES = 1, PAPER_SHEETS = 2, PAPER_ALL = 3 };

/* What a cell holds beside its text, for spreadsheets. */
enum paper_value { PAPER_IS_TEXT, PAPER_IS_NUMBER, PAPER_IS_DAY };

struct paper_cell {
    struct arena *mem;
    struct paper_text **texts; /* paragraphs, one below the other */
    size_t n, room;
    unsigned span;        /* columns, from 1 */
    enum paper_role fill; /* shading; PAPER_PLAIN for none */
    enum paper_value is;
    int64_t thousandths; /* of a number */
    struct date day;
};

struct paper_row {
    struct arena *mem;
    struct paper_cell **cells; /* their spans add up to no more than the table's columns */
    size_t n, room;
    bool header;
};

struct paper_column {
    unsigned weight; /* its share of the width */
    enum paper_align align;
};

struct paper_table {
    struct arena *mem;
    struct str title; /* the sheet's name; not shown on pages */
    struct paper_column *columns;
    size_t column_n, column_room;
    struct paper_row **rows; /* header rows first */
    size_t n, room;
    bool bare; /* for layout: no lines between the cells */
};

struct chart;

struct paper_block {
    enum paper_kind kind;
    unsigned media;
    unsigned level;            /* of a heading, an item, or contents */
    enum paper_style style;    /* of a paragraph */
    enum paper_list list;      /* of an item */
    bool starts;               /* an item that begins a new list */
    bool keep;                 /* on the same page as the next block */
    enum paper_role role;      /* of a callout's bar, of a quote's */
    struct str name;           /* what "#name" leads to; "" for none */
    struct paper_text *text;   /* of headings, paragraphs and items */
    struct paper_table *table; /* of a table */
    const struct chart *chart;
    struct str says; /* of a figure, what it shows, for who cannot see it */
};

struct paper {
    struct arena *mem;
    struct str title;   /* property and head of the pages; a PAPER_TITLE paragraph shows it */
    struct str subject; /* properties */
    struct str author;  /* who it is from: the program or the organisation */
    struct str keywords;
    struct str identifier; /* for programs: what kind of document this is */
    struct str program;    /* "Assay 0.1.0" */
    struct str language;   /* BCP 47, "en" unless set */
    struct date day;       /* of all properties; the writers need it */
    struct str head, foot; /* on every page, beside the page's number */
    bool draft;            /* marked so on every page */
    bool across;           /* pages are wider than high: for tables of many columns */
    struct paper_block **blocks;
    size_t n, room;
    bool items_open; /* the last block was an item: the next one continues its list */
};

struct paper *paper_new(struct arena *mem, struct str title);

/* New blocks at the end; what they give is filled by the functions below. `name` may be "". */
struct paper_text *paper_heading(struct paper *f, unsigned level, struct str name);
struct paper_text *paper_paragraph(struct paper *f, enum paper_style style);
struct paper_text *paper_item(struct paper *f, enum paper_list list, unsigned level);
struct paper_table *paper_table(struct paper *f, struct str title);
void paper_figure(struct paper *f, const struct chart *chart, struct str says);
void paper_break(struct paper *f);
void paper_contents(struct paper *f, unsigned level);

/* The last block, to set its media, role or name. NULL in an empty paper. */
struct paper_block *paper_last(struct paper *f);

/* Adds to a text: plain; with marks and role; with a link. Empty text adds nothing. An address that
 * is neither "#name" nor http:, https: or mailto: is left out and its text stays. */
void paper_say(struct paper_text *t, struct str text);
void paper_run(struct paper_text *t, unsigned marks, enum paper_role role, struct str text);
void paper_link(struct paper_text *t, struct str address, struct str text);

/* Columns come before rows, header rows before others. A cell without text is empty. */
void paper_column(struct paper_table *t, unsigned weight, enum paper_align align);
struct paper_row *paper_row(struct paper_table *t, bool header);
struct paper_cell *paper_cell(struct paper_row *row);
struct paper_text *paper_cell_text(struct paper_cell *cell); /* a new paragraph in it */
/* A cell of one run, of a number in thousandths, of a day ("" for none). */
struct paper_cell *paper_put(struct paper_row *row, unsigned marks, enum paper_role role,
                             struct str text);
struct paper_cell *paper_put_number(struct paper_row *row, int64_t thousandths);
struct paper_cell *paper_put_day(struct paper_row *row, struct date day);

/* Text as papers take it: valid, without control characters but newlines, without direction
 * overrides, at most PAPER_RUN_BYTES. */
struct str paper_clean(struct arena *mem, struct str text);

/* Does it begin in a script that is written from right to left? */
bool paper_is_rtl(const struct paper_text *t);

/* The text without marks, runs joined. */
struct str paper_plain(struct arena *mem, const struct paper_text *t);

/* The heading that a table, or any block, stands under; NULL for none. */
const struct paper_block *paper_above(const struct paper *f, size_t at);

/* "1a7f4c": a role's colour for text, and the pale one for what lies behind text. */
const char *paper_ink(enum paper_role role);
const char *paper_wash(enum paper_role role);

/* The writers. RC_LIMIT where the arena is too small; RC_FAIL where a library fails. */
MUST_CHECK int paper_md(struct ctx *cx, const struct paper *f, struct buf *out);
MUST_CHECK int paper_docx(struct ctx *cx, const struct paper *f, struct buf *out);
MUST_CHECK int paper_pdf(struct ctx *cx, const struct paper *f, struct buf *out);
MUST_CHECK int paper_xlsx(struct ctx *cx, const struct paper *f, struct buf *out);

#endif
