/*
 * What the profile says of single files (`files`) and tables (`columns`), and whether it meant any:
 * a name with a slip of the pen would otherwise do nothing, and nobody would know.
 *
 * All of it lives in the arena that pins_new() got, on the thread that takes documents.
 */
#ifndef ASSAY_OP_PINS_H
#define ASSAY_OP_PINS_H

#include "judge/records.h"

struct pins;

struct pins *pins_new(struct arena *mem, const struct value *profile);

/* Notes which pins of columns meant a table of the document, and what its tables are called. */
void pins_note(struct pins *pins, struct str path, const struct records *records);

/* Appends a warning (docs/stage1.schema.json) for each pin that meant nothing. `documents` and
 * `skipped` are the files that there are. */
void pins_warn(const struct pins *pins, const struct value *documents, const struct value *skipped,
               struct value *warnings);

#endif
