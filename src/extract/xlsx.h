/*
 * The parts of the XLSX reader: number formats (xlsx_format.c), the rows of a sheet
 * (xlsx_sheet.c), and the workbook (xlsx.c). Inside extract/ only.
 */
#ifndef ASSAY_EXTRACT_XLSX_H
#define ASSAY_EXTRACT_XLSX_H

#include "extract/ooxml.h"

/* How a number is shown. */
enum xlsx_shape { XLSX_GENERAL, XLSX_FIXED, XLSX_PERCENT, XLSX_DAY, XLSX_DAY_TIME, XLSX_TIME };

struct xlsx_format {
    enum xlsx_shape shape;
    unsigned digits;             /* before the point, at least */
    unsigned decimals, optional; /* after it: at least, and more where they are not 0 */
    struct str before, after;    /* literal text around the number */
};

/* The format of a built-in number, and of a code such as "dd.mm.yyyy" (copied to `mem`). */
struct xlsx_format xlsx_format_builtin(unsigned id);
struct xlsx_format xlsx_format_of(struct arena *mem, struct str code);

/* The number `text` as people read it: "5.2", "2026-11-30", "12 %" as "12%". What is no number
 * comes back as it is. `from_1904` tells which day is zero. */
struct str xlsx_show(struct arena *mem, const struct xlsx_format *format, struct str text,
                     bool from_1904);

/* A sheet of the workbook. `part` is "" for one of charts or macros. */
struct xlsx_tab {
    struct str name, id, part;
    bool hidden;
};

struct xlsx_book {
    struct flow *flow;
    struct container *container;
    size_t cell_bytes; /* of a shared text that are kept */
    struct xlsx_tab *sheets;
    size_t sheet_count, sheet_room;
    bool from_1904;
    struct str *strings; /* shared */
    size_t string_count, string_room;
    struct xlsx_format *formats; /* by style number of a cell */
    size_t format_count, format_room;
};

/* Fills the book, whose first three members are set: its sheets, texts and formats. */
MUST_CHECK int xlsx_book_open(struct xlsx_book *book);

/* The type of a cell as one letter, and what a cell with this value shows. */
char xlsx_cell_type(const char *type);
struct str xlsx_cell_text(const struct xlsx_book *book, char type, unsigned style,
                          struct str value);

/* "_x000D_" and the like become the characters they stand for. */
struct str xlsx_unescape(struct arena *mem, struct str text);

/* One sheet: heading, text boxes, rows. */
MUST_CHECK int xlsx_sheet_read(struct xlsx_book *book, struct str name, struct str part);

#endif
