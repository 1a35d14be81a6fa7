/*
 * Registers in a document: which of its tables are registers, and their records.
 *
 * records_find() makes grids from a reading's tables, and from records of label and value that
 * stand below each other (judge/cards.h), and has them recognised (register/recognise.h). Tables of
 * one register with the same headings, in one document, are one table: it was cut by headings or
 * pages. All of it lives in the arena of the context, beside the reading.
 */
#ifndef ASSAY_JUDGE_RECORDS_H
#define ASSAY_JUDGE_RECORDS_H

#include "judge/kinds.h"
#include "judge/lists.h"
#include "judge/write.h"
#include "register/recognise.h"

#define RECORDS_MOST 5000u /* of a table that are kept; what comes after is counted */

/* A grid, and what was found in it. */
struct record_part {
    const struct register_grid *grid;
    struct register_found found;
};

struct record_table {
    const struct register_def *def;
    const struct record_part *parts;
    size_t part_n, part_room;
};

struct records {
    const struct registers *registers;
    struct record_table *items; /* tables that are no registers (registers/not/) too */
    size_t n, room;
    uint32_t *pinned; /* places of the pins that meant one of its tables */
    size_t pinned_n, pinned_room;
    struct str *places; /* sheets and headings of its tables, where a pin asks for one of them */
    size_t place_n, place_room;
};

/* `pins`: the profile's `columns`, or NULL. */
MUST_CHECK int records_find(struct ctx *cx, const struct registers *registers,
                            const struct reading *reading, const struct kinds *kinds,
                            const struct value *pins, struct records *ret);

/* Writes register_table, register_column and the records. A record that a list of controls knows
 * (`lines`) is what that says. Where `kinds` says that the document is no evidence or only shows
 * how to fill it in, all are samples. */
MUST_CHECK int records_write(struct ctx *cx, struct store *store, const struct signals *signals,
                             const struct reading *reading, const struct kinds *kinds,
                             const struct source_file *file, const struct control_lines *lines,
                             const struct records *records);

/* Whether a pin's key, "PATH" or "PATH#PLACE", means this table: its sheet or heading, or "". */
bool records_pinned(struct str key, struct str path, struct str sheet, struct str heading);

#endif
