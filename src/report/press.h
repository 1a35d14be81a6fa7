/*
 * What the PDF writer prints with: pages of a surface, text broken into lines by pango, and the
 * place on the page. Only paper_pdf.c and its tables, paper_pdf_table.c, include this.
 *
 * All of it happens twice. The first time nothing is drawn (`dry`), and the pages are counted and
 * the headings' pages noted, for the feet of the pages and the contents.
 */
#ifndef ASSAY_REPORT_PRESS_H
#define ASSAY_REPORT_PRESS_H

#include "report/paper.h"

/* In points, of a page A4: its short side and its long one. */
#define PRESS_SHORT 595.276
#define PRESS_LONG 841.890
#define PRESS_SIDE 56.7 /* margins */
#define PRESS_TOP 66.0
#define PRESS_FOOT 60.0
#define PRESS_LISTS 5u

struct press_line {
    struct _PangoLayoutLine *line; /* of the layout */
    double left, up, high;         /* beginning, baseline below the line's top, height */
};

struct press_text {
    const struct paper_text *text;
    struct _PangoLayout *layout;
    struct press_line *lines;
    size_t n;
    double high;
};

struct press {
    struct ctx *cx;
    const struct paper *paper;
    struct _cairo_surface *surface;
    struct _cairo *cr;
    struct _PangoFontMap *fonts;
    struct _PangoContext *pango;
    struct _PangoLayout **layouts; /* of the block at hand, freed after it */
    size_t layout_n, layout_room;
    struct dict *names; /* of blocks, to their place in the paper */
    unsigned *pages_of; /* of each block: the page it begins on */
    size_t at;          /* the block at hand */
    unsigned page, pages;
    double y; /* where the next thing goes */
    unsigned numbers[PRESS_LISTS];
    int outlines[PAPER_LEVELS + 1]; /* the last bookmark of each level */
    bool dry, in_list;
};

/* How a text looks: size in points, what it is where its runs say nothing. */
struct press_look {
    double size, spacing; /* of lines, as a factor */
    unsigned marks;
    enum paper_role role;
    enum paper_align align;
};

/* Breaks a text into lines of `wide` points. It lives until press_forget(). */
struct press_text press_text(struct press *p, const struct paper_text *t, struct press_look look,
                             double wide);
void press_forget(struct press *p);

/* Draws lines `from` to `to` with the first one's top at x, y; and their links. */
void press_draw(struct press *p, const struct press_text *text, size_t from, size_t to, double x,
                double y);
double press_height(const struct press_text *text, size_t from, size_t to);

/* A filled rectangle. */
void press_box(struct press *p, double x, double y, double wide, double high, const char *colour);

/* What is left of the page below p->y, and a new one. */
double press_room(const struct press *p);
double press_page(const struct press *p);    /* of a whole page */
double press_content(const struct press *p); /* how wide it is between the margins */
void press_turn(struct press *p);

/* Tags of structure, for readers that speak; nothing while dry. */
void press_begin(struct press *p, const char *tag);
void press_end(struct press *p, const char *tag);

/* paper_pdf_table.c */
int press_table(struct press *p, const struct paper_table *t);
double press_table_first(struct press *p, const struct paper_table *t); /* header and first row */

#endif
