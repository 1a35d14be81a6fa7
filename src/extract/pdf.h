/*
 * Words of a PDF with their boxes, and what is made of them. Inside extract/ only.
 *
 * pdftotext -bbox-layout tells where each word stands and nothing of what it means. Words become
 * lines (pdf_line.c), lines that stand in columns become tables or are read column by column
 * (pdf_table.c), and the others paragraphs, headings and list items (pdf_para.c).
 */
#ifndef ASSAY_EXTRACT_PDF_H
#define ASSAY_EXTRACT_PDF_H

#include "extract/internal.h"

#define PDF_COLUMNS 64u
#define PDF_UNKNOWN (-1.0f) /* a distance over the edge of a page */

struct pdf_word {
    float x0, y0, x1, y1; /* in points, from the upper left corner */
    struct str text;
};

enum pdf_role { PDF_TEXT, PDF_TOP, PDF_BOTTOM };

/* Words beside each other, from left to right. */
struct pdf_line {
    struct pdf_word *words;
    size_t n;
    float x0, y0, x1, y1;
    float height; /* of its letters */
    float limit;  /* right end of the column it stands in */
    uint32_t page;
    enum pdf_role role;
};

struct pdf_page {
    float width, height;
    size_t word_from, word_to;
    size_t line_from, line_to;
};

/* Places in which no word of several lines stands. */
struct pdf_gaps {
    struct {
        float from, to;
    } at[PDF_COLUMNS];
    size_t n;
};

struct pdf {
    struct flow *flow;
    struct arena *mem;
    struct pdf_page *pages;
    size_t page_n, page_room;
    struct pdf_word *words;
    size_t word_n, word_room;
    struct pdf_line *lines;
    size_t line_n, line_room;
    struct pdf_line *edges; /* page headers and footers */
    size_t edge_n;
    struct dict *seen; /* words of the document in small letters, as they stand within lines */
    float body;        /* height of most letters */
    float pitch;       /* from line to line within a paragraph */
    float right;       /* where lines of text end */
    bool hyphenates;   /* words are often split at the end of a line */
};

/* pdf_line.c */
void pdf_lines_make(struct pdf *pdf); /* of all pages, in reading order; sets the measures */
/* Takes page headers and footers out of the lines. pages' lines are no longer valid then. */
void pdf_furniture_find(struct pdf *pdf);
struct str pdf_without_numbers(struct pdf *pdf, struct str text); /* each number as "#" */
struct str pdf_line_text(struct pdf *pdf, const struct pdf_line *line);
/* Distance from the line before to line `i` of `lines`, PDF_UNKNOWN over the edge of a page. */
float pdf_above(const struct pdf_line *lines, size_t i);
void pdf_line_measure(struct pdf_line *line);
/* Appends what a line says to a text that goes on: with a blank, or in place of a hyphen. */
void pdf_join(struct pdf *pdf, struct buf *out, struct str text);

/* pdf_table.c */
/* Lines from `from` that stand in columns: gives the line after them, or `from` where there are
 * none. */
size_t pdf_region_end(struct pdf *pdf, const struct pdf_line *lines, size_t n, size_t from,
                      struct pdf_gaps *ret);
/* Whether they are columns of running text, to be read one after the other. */
bool pdf_region_is_layout(struct pdf *pdf, const struct pdf_line *lines, size_t n,
                          const struct pdf_gaps *gaps);
void pdf_table_emit(struct pdf *pdf, const struct pdf_line *lines, size_t n,
                    const struct pdf_gaps *gaps);
unsigned pdf_column(const struct pdf_gaps *gaps, const struct pdf_word *word);

/* pdf_para.c */
void pdf_flow_emit(struct pdf *pdf);

#endif
