/* What the files that make the starters share. */
#ifndef ASSAY_OP_STARTER_PARTS_H
#define ASSAY_OP_STARTER_PARTS_H

#include "op/starters.h"
#include "report/paper.h"

struct starters {
    struct ctx *cx;
    const struct standard *standard;
    struct store *store;
    const struct value *result;
    const struct value *data; /* starters.yaml */
    const char *folder;
    struct value *list; /* of the result */
};

/* A new draft with its title, how to use it, and the table of its particulars. */
struct paper *starter_paper(struct starters *s, struct str title);

MUST_CHECK int starter_md(struct starters *s, struct paper *f, struct buf *out);

/* A gap: the text in brackets, cut so that it is known for one. */
struct str starter_gap(struct arena *mem, struct str text);

/* "risk-treatment-plan" of a title. */
struct str starter_name(struct arena *mem, struct str title);

/* Notes one draft in the result; what it gives takes the files. */
struct value *starter_note(struct starters *s, struct str id, struct str title);

/* One file of it, below the folder; "written" or "kept" where one was there. */
MUST_CHECK int starter_file(struct starters *s, struct value *note, struct str path,
                            struct str bytes);
MUST_CHECK int starter_folder(struct starters *s, struct str name);

/* starter_lists.c: the statement that decides on each control, and the registers. */
MUST_CHECK int starter_statement(struct starters *s, struct str kind, struct str folder);
MUST_CHECK int starter_registers(struct starters *s);

/* The columns of a register with its example, as a map of lists `heads` and `example`; NULL values
 * where there is no such register. */
MUST_CHECK int starter_columns(struct starters *s, struct str id, struct value **ret);

#endif
