/* What the views of records share. */
#ifndef ASSAY_REPORT_RECORDS_PARTS_H
#define ASSAY_REPORT_RECORDS_PARTS_H

#include "report/page.h"
#include "report/records.h"

/* A value of a record in one line: names of persons in the place of their refs. `column` may be
 * NULL. */
struct str records_cell(const struct page *p, const struct value *result,
                        const struct value *column, const struct value *v);

/* "records: 3" and the like for a table; what to do where it is empty. */
void records_table(struct page *p, const struct value *result);

/* Commands that can be given next, and what each does. */
void records_next(struct page *p, const struct value *result);

/* What an import did, or would do (records_import.c). */
void records_import(struct page *p, const struct value *result);

/* What an erasure did, or would do (records_erase.c). */
void records_erase(struct page *p, const struct value *result);

/* "2026-11-30 09:15 UTC" of an instant. */
struct str records_instant(struct arena *mem, struct str at);

#endif
