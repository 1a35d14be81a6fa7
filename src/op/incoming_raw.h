/*
 * The cells of spreadsheets as they stand in them, beside what was recognised in these.
 *
 * Recognising cleans and cuts what it reads (extract/extract.h), and knows fields by their words.
 * An import keeps line ends and long texts, and takes columns that are called as a field is.
 * Tables, columns and rows are those of registers_value() and register_rows(), columns with "at",
 * which column of the sheet they are.
 */
#ifndef ASSAY_OP_INCOMING_RAW_H
#define ASSAY_OP_INCOMING_RAW_H

#include "op/incoming.h"

struct raw {
    struct incoming *in;
    const char *root;   /* the file, or the folder that its paths are in */
    struct dict *files; /* paths to cells as cells_read() gives them */
};

/* Reads the cells of a file, once; nothing where it is no spreadsheet. */
MUST_CHECK int raw_read(struct raw *raw, struct str path);

/* The cell of a row in a column; "" where there is none, or where cells were not read. */
struct str raw_cell(const struct raw *raw, const struct value *table, const struct value *row,
                    const struct value *column);

/* `cell` without blanks around it where `read` is what it says, cleaned and perhaps cut; else
 * `read`. */
struct str raw_text(struct arena *mem, struct str cell, struct str read);

/* The column of a table that fills a field; NULL for none. */
const struct value *raw_column(const struct value *table, struct str field);

/* Columns that nothing recognised, but that are called as a field is, get it, and are "called". */
void raw_name_columns(const struct raw *raw, struct value *table);

#endif
