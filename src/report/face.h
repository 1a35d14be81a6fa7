/*
 * Faces of registers (docs/faces.md) as documents to file, and as pictures. They read the tree that
 * the operation `face` gives, and decide nothing.
 */
#ifndef ASSAY_REPORT_FACE_H
#define ASSAY_REPORT_FACE_H

#include "report/chart.h"

/* As "pdf", "docx", "xlsx" or "md": with title, organisation, version and days on every page. */
MUST_CHECK int report_face(struct ctx *cx, const struct value *tree, struct str format,
                           struct buf *out);

/* "application/pdf"; NULL for a format that there is none of. */
const char *report_face_type(struct str format);

/* What the value of a column says for people: labels for choices, names for refs. */
struct str face_text(struct arena *mem, const struct value *tree, const struct value *column,
                     const struct value *v);

/* ---- pictures; NULL where there is nothing to draw ---- */

/* One pass of a matrix. `links` has, for each of the pass's cells, where it leads; or NULL. */
const struct chart *face_matrix_chart(struct arena *mem, const struct value *tree,
                                      const struct value *pass, const struct value *links);
/* One series: its values over time, and what is aimed at. */
const struct chart *face_series_chart(struct arena *mem, const struct value *series);
/* All records of a time line, each from its first step to its last. */
const struct chart *face_timeline_chart(struct arena *mem, const struct value *tree);

#endif
