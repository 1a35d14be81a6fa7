/*
 * The cells of a spreadsheet or of a table in text, character by character.
 *
 * extract_bytes() cleans what it reads, for judging; cells_read() does not, for what was exported
 * and comes back, or is imported: blanks, line ends and long texts stay as they are. It reads XLSX,
 * ODS and CSV (RFC 4180, or with semicolons or tabs, cells guarded as base/guard.h says; in UTF-8,
 * or what text_decode() makes it). Of a workbook what its formulas gave counts, never the formulas.
 *
 * The tree is a list of sheets, each {"name": text, "rows": [[row, column, cell, column, cell,
 * ...],
 * ...]}: rows by their number in the file from 1, columns from 0, filled cells only. It crosses
 * processes by value_pack(). It opens and executes nothing, and takes hostile bytes.
 */
#ifndef ASSAY_EXTRACT_CELLS_H
#define ASSAY_EXTRACT_CELLS_H

#include "base/base.h"

#define CELLS_BYTES ((size_t)200 * 1024 * 1024) /* of a file, and of all texts in it */
#define CELLS_CELL_BYTES ((size_t)2 * 1024 * 1024)
#define CELLS_ROWS 1048576u
#define CELLS_COLUMNS 16384u
#define CELLS_SHEETS 2000u

/* RC_NOT_FOUND for what is no table of these formats, RC_INVALID for a damaged one, RC_LIMIT over
 * the bounds: nothing is ever left out in silence. */
MUST_CHECK int cells_read(struct ctx *cx, struct str name, struct str bytes, struct value **ret);

/* The same of CSV alone, whatever it is called. */
MUST_CHECK int cells_read_csv(struct ctx *cx, struct str text, struct value **ret);

#endif
