/*
 * The rows of a spreadsheet while they are read, whether XLSX or ODS: the sheet's name as a
 * heading, where one table ends and the next begins, and what merged cells hand down. Inside
 * extract/ only.
 */
#ifndef ASSAY_EXTRACT_SHEET_H
#define ASSAY_EXTRACT_SHEET_H

#include "extract/internal.h"

#define SHEET_TABLES 1000u
#define SHEET_PAGE_NUMBER_BYTES 12u /* of what may stand around a page number and mean nothing */

struct sheet_range {
    uint32_t top, bottom; /* rows from 1 */
    unsigned left, right; /* columns from 0 */
};

struct sheet_cell {
    unsigned column;
    struct str text;
};

/* What a vertically merged cell hands down to the rows beneath. */
struct sheet_down {
    uint32_t until;
    struct str text;
};

struct sheet {
    struct flow *flow;
    struct str name;
    bool named;                 /* the heading is out */
    struct sheet_range *tables; /* with a header row, as the format itself states them */
    size_t table_count, table_room;

    uint32_t row; /* at hand, from 1: the reader sets it */
    struct sheet_cell *cells;
    size_t cell_count, cell_room;
    struct sheet_down *down; /* EXTRACT_COLUMNS of them */
    unsigned down_to;        /* columns that may hold one */

    /* The table that is open. */
    bool open;
    uint32_t last_row;
    unsigned left, right;
    size_t most; /* filled cells of one row */
};

/* Begins a sheet; ends what was open before. */
void sheet_begin(struct sheet *sheet, struct flow *flow, struct str name);

/* The heading, unless it is out: before the first thing of the sheet that holds text. */
void sheet_name_out(struct sheet *sheet);

/* A table with a header row that the format states. */
void sheet_table(struct sheet *sheet, const struct sheet_range *range);

/* A cell of the row at hand, whose text lives in the arena; `until` is the last row it is merged
 * with, 0 for none. One that is empty, or not to the right of the one before, is passed over. */
void sheet_cell(struct sheet *sheet, unsigned column, struct str text, uint32_t until);

/* Ends the row at hand. */
void sheet_row_end(struct sheet *sheet);

/* "A1:BC12" with or without dollar signs; one cell is a range. */
bool sheet_range_of(const char *text, struct sheet_range *ret);
/* "BC12" as column from 0 and row; false for what is no cell. `*text` moves past it. */
bool sheet_cell_name(const char **text, unsigned *ret_column, uint32_t *ret_row);

#endif
