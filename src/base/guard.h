/*
 * Cells of CSV that no spreadsheet takes for a formula.
 *
 * Programs run what a cell begins with "=", "+", "-", "@" (their wide forms too), a tab or a line
 * end. guard_cell() puts an apostrophe before such a text, and before one that begins with an
 * apostrophe itself: so guard_cell_off() gives back exactly what it was, and leaves alone what
 * begins with an apostrophe and was never guarded ("'tis").
 */
#ifndef ASSAY_BASE_GUARD_H
#define ASSAY_BASE_GUARD_H

#include "base/str.h"

struct str guard_cell(struct arena *mem, struct str text);
struct str guard_cell_off(struct str text);

#endif
