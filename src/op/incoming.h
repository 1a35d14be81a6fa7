/*
 * What people bring, made into the lines of a plan (register/plan.h).
 *
 * Each function reads one form (docs/import.md) and adds its lines to the plan; what it understood
 * of tables goes to `mapping`: {file, sheet, register, title, how, lines, samples, columns:
 * [{heading, field, label}]}, `how` being "headings" (a table whose headings are the register's own
 * labels, read to the byte) or "recognised". What it leaves out goes to `skipped`: {place, why}.
 * Nothing is left out in silence.
 *
 * Bytes of strangers are parsed in a child process (proc/proc.h).
 */
#ifndef ASSAY_OP_INCOMING_H
#define ASSAY_OP_INCOMING_H

#include "op/op.h"
#include "register/plan.h"
#include "standard/standard.h"

#define INCOMING_BYTES ((size_t)200 * 1024 * 1024) /* of one file */
#define INCOMING_NODES 2000000u                    /* of data as JSON or YAML */

struct incoming {
    struct ctx *cx;
    const struct record_store *rs;
    struct plan *plan;
    const struct register_def *def; /* that the person names, or NULL */
    const struct value *columns;    /* from heading to a field's id, or "-" for none; or NULL */
    struct value *mapping, *skipped;
    const struct standard *standard;
    const char *content_dir; /* or NULL */
    op_progress *progress;   /* or NULL */
    void *progress_arg;
};

void incoming_skip(struct incoming *in, struct str place, struct str why);

/* Sheets as cells_read() gives them, where their headings are labels; `*ret_taken` is false, and
 * nothing was added, where those of no sheet are. */
MUST_CHECK int incoming_cells(struct incoming *in, struct str file, const struct value *sheets,
                              bool *ret_taken);

/* Data: what was exported as JSON, or lists and maps under the keys that registers have as
 * `source_names` and fields as `source`. */
MUST_CHECK int incoming_data(struct incoming *in, struct str file, const struct value *tree);

/* An OSCAL catalog or a CISO Assistant library; `*ret_taken` is false where it is neither. */
MUST_CHECK int incoming_framework(struct incoming *in, struct str file, const struct value *tree,
                                  bool *ret_taken);

/* Whatever lies at `path`, a file or a folder: documents and their tables as the judging of a
 * folder understands them. `documents`: they become records as well. */
MUST_CHECK int incoming_folder(struct incoming *in, const char *path, bool documents);

/* The cells of a spreadsheet or a CSV at `path`, as cells_read() gives them; NULL where it is none,
 * or cannot be read so. */
MUST_CHECK int incoming_sheets(struct incoming *in, const char *path, struct value **ret);

/* One file, whatever it is: by its name and bytes to one of the above. */
MUST_CHECK int incoming_file(struct incoming *in, const char *path);

#endif
