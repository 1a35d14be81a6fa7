/*
 * A ZIP archive in memory, as DOCX and XLSX are: parts in the order in which they were added, all
 * of one day, so that the same parts give the same bytes anywhere.
 */
#ifndef ASSAY_REPORT_ZIPPED_H
#define ASSAY_REPORT_ZIPPED_H

#include "base/base.h"

struct zipped_part {
    const char *name;
    struct str bytes; /* stay until zipped_write() returns */
    bool plain;       /* stored as it is, so that it can be read without unpacking */
};

/* Adds the archive to `out`. */
MUST_CHECK int zipped_write(struct ctx *cx, const struct zipped_part *parts, size_t n,
                            struct date day, struct buf *out);

#endif
