/*
 * One model for what is drawn, and its painters: SVG for pages and files, cairo for PDF, PNG for
 * DOCX. A chart is boxes, lines and words in units of which a page of text is 482 wide, from the
 * top left.
 *
 * What a colour means is its role (report/paper.h); a box that is strong has the full colour, else
 * the pale one. A chart never says by colour alone: cells carry words, and whoever shows a chart
 * says in words what it shows. A chart lives in its arena and is not changed once it is shown.
 */
#ifndef ASSAY_REPORT_CHART_H
#define ASSAY_REPORT_CHART_H

#include "report/paper.h"

struct chart_mark {
    bool words;              /* else a line, or a box */
    bool line;               /* from x, y by `wide` and `high`; `edge` for a broken one */
    double x, y, wide, high; /* of words: x, y is the baseline's end that `align` names */
    enum paper_role role;
    bool strong; /* of a box: the full colour; of words: bold */
    bool edge;   /* of a box: an outline in the full colour */
    enum paper_align align;
    double size;
    struct str text; /* of a box: what it is, for who points at it */
    struct str link; /* of a box in a page: where it leads; "" for nowhere */
};

struct chart {
    struct arena *mem;
    double wide, high;
    struct chart_mark *marks;
    size_t n, room;
};

struct chart *chart_new(struct arena *mem, double wide);
/* Boxes make the chart as high as they need. */
struct chart_mark *chart_box(struct chart *c, double x, double y, double wide, double high,
                             enum paper_role role);
struct chart_mark *chart_line(struct chart *c, double x, double y, double to_x, double to_y,
                              enum paper_role role);
struct chart_mark *chart_words(struct chart *c, double x, double y, double size,
                               enum paper_role role, struct str text);

/* Both beside each other, with a title above each, where neither is NULL; else the one there is. */
const struct chart *chart_beside(struct arena *mem, const struct chart *left, struct str left_title,
                                 const struct chart *right, struct str right_title);

/* Everything within <svg>: classes "r-met" and the like, with colours for who knows no classes. */
void chart_svg(const struct chart *c, struct buf *out);

/* At x, y of a cairo context, `scale` times as large. */
struct _cairo;
void chart_draw(const struct chart *c, struct _cairo *cr, double x, double y, double scale);

MUST_CHECK int chart_png(struct ctx *cx, const struct chart *c, double scale, struct buf *out);

/* "e2e5f1" and "9aa3cc": a role's pale and full colour. */
const char *chart_colour(enum paper_role role, bool strong);

/* ---- the charts of a result; NULL where there is nothing to draw ---- */

/* Every control as a cell with its number, by theme. */
const struct chart *chart_of_controls(struct arena *mem, const struct value *result);
/* Each clause as a bar of its requirements by status. */
const struct chart *chart_of_clauses(struct arena *mem, const struct value *result);
/* How many risks lie where, before treatment and after. */
const struct chart *chart_of_risks(struct arena *mem, const struct value *result);

#endif
