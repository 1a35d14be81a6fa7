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

struct xlsx_book {
    struct flow *flow;
    struct container *container;
    bool from_1904;
    struct str *strings; /* shared */
    size_t string_count, string_room;
    struct xlsx_format *formats; /* by style number of a cell */
    size_t format_count, format_room;
};

/* "_x000D_" and the like become the characters they stand for. */
struct str xlsx_unescape(struct arena *mem, struct str text);

/* One sheet: heading, text boxes, rows. */
MUST_CHECK int xlsx_sheet_read(struct xlsx_book *book, struct str name, struct str part);

#endif
