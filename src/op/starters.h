/*
 * Starters: drafts of the documents and lists that are missing or only there as an unfilled form.
 * Each is written as Markdown and DOCX, lists as CSV and XLSX, with headings, what to write under
 * each, and what other documents already say. What goes into them is data (starters.yaml of the
 * standard).
 *
 * Every gap is a text in square brackets, so that Assay itself takes an unfilled draft for a form
 * and never for evidence. Nothing is written over: a file that is there stays and is said to.
 */
#ifndef ASSAY_OP_STARTERS_H
#define ASSAY_OP_STARTERS_H

#include "standard/standard.h"
#include "store/store.h"

/* Writes the drafts for what `result` lacks below `folder`, which is made where it is not there,
 * and gives the list `starters` of the result. RC_NOT_FOUND or RC_DENIED where the folder cannot be
 * written. `store` holds the facts behind the result. */
MUST_CHECK int starters_write(struct ctx *cx, const struct standard *standard, struct store *store,
                              const struct value *result, const char *folder, struct value **ret);

#endif
