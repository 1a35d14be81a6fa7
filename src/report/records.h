/*
 * What operations on a home give, as text for people: one view for lists, one for a record, for
 * what changed, for versions, for problems. They read the value trees that docs/home.md describes
 * and decide nothing. What is recorded may be hostile: control characters never reach a terminal.
 */
#ifndef ASSAY_REPORT_RECORDS_H
#define ASSAY_REPORT_RECORDS_H

#include "report/report.h"

/* `view` is one of those that the table of operations names (op/table.h). */
MUST_CHECK int report_records(struct ctx *cx, const char *view, const struct value *result,
                              const struct report_style *style, struct buf *out);

#endif
