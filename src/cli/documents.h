/* The inventory of a folder for people: what each file is, and why Assay thinks so. */
#ifndef ASSAY_CLI_DOCUMENTS_H
#define ASSAY_CLI_DOCUMENTS_H

#include "report/report.h"

/* `result` holds `documents` and `skipped` as docs/stage1.schema.json describes them. */
void documents_text(struct ctx *cx, const struct value *result, const struct report_style *style,
                    struct buf *out);

#endif
