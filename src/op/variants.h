/*
 * Files whose names say that they are the same document again: "Policy final v3 (2).docx" beside
 * "Policy.docx", a copy, an old version.
 */
#ifndef ASSAY_OP_VARIANTS_H
#define ASSAY_OP_VARIANTS_H

#include "op/walk.h"

/* For each file of the walk the path of the file it looks like another version of, or "": within
 * one folder, the one with the shortest name stands for the others. `ret` has walk->n elements. */
void variants_find(struct ctx *cx, const struct walk *walk, struct str *ret);

#endif
