/*
 * The inventory: what each file is, as docs/stage1.schema.json has it. All that is given lives in
 * `mem`, copied from documents that will go.
 */
#ifndef ASSAY_OP_INVENTORY_H
#define ASSAY_OP_INVENTORY_H

#include "judge/write.h"

/* `copy_of` is the path of an earlier document with the same bytes, `note` what people should know
 * of how it was read; both may be "". */
struct value *inventory_document(struct arena *mem, const struct source_file *file,
                                 const struct reading *reading, const struct facts *facts,
                                 const struct kinds *kinds, struct str copy_of, struct str note);

/* A document whose text is not judged, and why. */
struct value *inventory_unjudged(struct arena *mem, const struct source_file *file,
                                 const char *format, struct str title, struct str nature,
                                 struct str error);

/* A file that is no document, or was not read. */
struct value *inventory_skipped(struct arena *mem, struct str path, struct str what, struct str why,
                                struct str advice);

#endif
