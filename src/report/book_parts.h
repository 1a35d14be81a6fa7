/* What the writers of workbooks share. Inside report/ only. */
#ifndef ASSAY_REPORT_BOOK_PARTS_H
#define ASSAY_REPORT_BOOK_PARTS_H

#include "report/book.h"
#include "report/zipped.h"

/* Adds text as XML; characters that XML does not have as "_xFFFE_", and what looks like that as
 * "_x005F_xFFFE_", as XLSX has it. */
void book_xml(struct buf *out, struct str text);

/* A part of the package. What would shrink so much that readers take it for a trap is not packed.
 */
struct zipped_part book_part(const char *name, struct str bytes);

#endif
