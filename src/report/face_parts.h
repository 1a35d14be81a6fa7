/* What the files that make papers of faces share. */
#ifndef ASSAY_REPORT_FACE_PARTS_H
#define ASSAY_REPORT_FACE_PARTS_H

#include "report/face.h"

struct face_paper {
    struct arena *mem;
    struct paper *paper;
    const struct value *tree;
};

void face_paper_statement(struct face_paper *f); /* face_statement.c */

/* A table with its header row: "Title:weight" parted by "|", an "r" behind the weight for the
 * right; for pages, or for a sheet of the name `sheet`. */
struct paper_table *face_table(struct face_paper *f, const char *sheet, const char *columns);
void face_put(struct paper_row *row, struct str text);
void face_heading(struct face_paper *f, unsigned level, struct str text);
/* "Label: text" in a paragraph of its own; nothing where the text is empty. */
void face_fact(struct face_paper *f, const char *label, struct str text);

#endif
