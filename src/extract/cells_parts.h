/* The parts of cells_read(): rows as they come (cells.c), and a reader a format. */
#ifndef ASSAY_EXTRACT_CELLS_PARTS_H
#define ASSAY_EXTRACT_CELLS_PARTS_H

#include "extract/cells.h"
#include "extract/internal.h"
#include "extract/zip.h"

struct cells {
    struct ctx *cx;
    struct value *sheets, *rows;
    int64_t row;
    struct value *cells; /* of the open row, NULL while it has none */
    size_t bytes;
    int rc; /* the first error, which ends the reading */
};

void cells_sheet(struct cells *c, struct str name);
void cells_row(struct cells *c, int64_t row);
/* `column` from 0, to the right of those before. The text must live on. */
void cells_cell(struct cells *c, unsigned column, struct str text);

MUST_CHECK int cells_xlsx(struct cells *c, struct flow *flow, struct container *container);
MUST_CHECK int cells_ods(struct cells *c, struct flow *flow, struct container *container);

#endif
