/*
 * Tables of texts as files: a workbook of one sheet a table (XLSX, ODS), or CSV of one of them.
 *
 * Every cell is a text: nothing of it is ever a formula, a number or a day that a program would
 * write in another way (CSV is guarded as base/guard.h says). What goes in comes out of
 * cells_read() (extract/cells.h) to the byte, with one exception that the caller undoes: a cell of
 * XLSX holds 32,767 characters, so what a longer text has beyond goes on in further columns, named
 * as book_heading_more() says.
 *
 * Texts are UTF-8 without NUL and control characters but tab and line feed; they must outlive the
 * book, which lives in the context's arena. The same book gives the same bytes.
 */
#ifndef ASSAY_REPORT_BOOK_H
#define ASSAY_REPORT_BOOK_H

#include "base/base.h"

#define BOOK_ROWS 1048575u     /* of a sheet, beside its headings */
#define BOOK_CELL_UNITS 32000u /* characters of a cell in XLSX, those beyond 65,535 count twice */

struct book_row {
    const struct str *cells; /* as many as the table has headings */
};

struct book_table {
    struct str name; /* of its sheet: see book_sheet_name() */
    const struct str *headings;
    size_t column_n;
    struct book_row *rows;
    size_t n, room;
};

struct book {
    struct str title;
    struct date day;
    struct book_table **tables;
    size_t n, room;
};

/* A name that programs take for a sheet, of at most 31 characters; nothing is made unique. */
struct str book_sheet_name(struct arena *mem, struct str title);

struct book_table *book_table_add(struct ctx *cx, struct book *book, struct str title,
                                  const struct str *headings, size_t n);
/* RC_LIMIT over the rows of a sheet. The array must live on. */
MUST_CHECK int book_row_add(struct ctx *cx, struct book_table *table, const struct str *cells);

/* "Description (2)": the heading of what follows a long text; and how many it is of that ("" and 1
 * for any other heading). */
struct str book_heading_more(struct arena *mem, struct str heading, size_t n);
struct str book_heading_of(struct str heading, size_t *ret_n);

MUST_CHECK int book_xlsx(struct ctx *cx, const struct book *book, struct buf *out);
MUST_CHECK int book_ods(struct ctx *cx, const struct book *book, struct buf *out);
MUST_CHECK int book_csv(struct ctx *cx, const struct book_table *table, struct buf *out);

/* One record of CSV: for tables that are written piece by piece. */
void book_csv_record(struct arena *mem, struct buf *out, const struct str *cells, size_t n);

#endif
