/*
 * A plan of an import: from lines that somebody brought to what they would do to the records, and
 * then to the records.
 *
 * Lines are put in one by one, with the place where they stand and a cell for each field that they
 * say something of: a text as people write it, a value as JSON has it, or lines of a field of type
 * rows. plan_make() finds out what each line is:
 *
 * - the same record as one that is there: by its ref, else by its register's `key`, else by what it
 *   is `known_by` (of several with one name, the one that says the same in the field by which its
 *   register tells them apart), else by all that it says; the only one of a `single` register. A
 * field that the line says nothing of stays, one whose cell is empty is emptied (unless it has a
 * default).
 * A running number such as P-001 is no ref of a record that is called otherwise, with no word in
 * common: numbers of another home mean others. Such a line goes by its name, and if it is new it
 * gets a number of its own; plan_left_out() tells it, and lines that name the number mean it.
 * - a line that names the record of an earlier one: what is new in it is added, and where both say
 *   something else, it is rejected.
 * - else a new record.
 *
 * Lines may refer to each other in any order. Names of persons and references that mean no record
 * become {"said": ...} and are counted. A line that cannot be taken whole is rejected, with its
 * column and why; of one that is `lenient`, because nobody wrote it to be imported, only the cell
 * is left out. Nothing is written until plan_write(), which writes all or nothing: where a line is
 * rejected nothing, unless the others are asked for.
 *
 * A plan lives in cx->mem and reads whole registers into it: those that lines are for.
 */
#ifndef ASSAY_REGISTER_PLAN_H
#define ASSAY_REGISTER_PLAN_H

#include "register/record.h"

#define PLAN_LINES 200000u /* of one plan */

struct plan_place {
    struct str file, sheet;
    uint32_t row;     /* or line of a file; 0 where there is none */
    struct str place; /* in words, where row and sheet do not tell */
};

struct plan_cell {
    const struct register_field *field;
    struct str column;         /* as people see it */
    const struct value *value; /* a text where `is_text`, else as JSON has it; NULL for nothing */
    bool is_text;
    struct str cut;           /* what a list of names was cut out of; "" for nothing */
    struct plan_line **lines; /* of a field of type rows, where there is no value */
    size_t line_n, line_room;
    bool has_lines;
    struct str refused; /* why it is not taken, of a lenient line; "" where it is */
};

enum plan_state {
    PLAN_NEW,
    PLAN_CHANGED,
    PLAN_UNCHANGED,
    PLAN_REPEATED, /* says nothing that an earlier line of the import does not */
    PLAN_REJECTED,
};
#define PLAN_STATES ((size_t)PLAN_REJECTED + 1)

struct plan_line {
    const struct register_def *def;
    struct plan_place at;
    struct str ref; /* "" for none */
    bool whole;     /* what it says nothing of is emptied */
    bool lenient;   /* a cell that cannot be taken is left out and told, and the rest is taken */
    struct plan_cell *cells;
    size_t cell_n, cell_room;

    /* What plan_make() finds. */
    enum plan_state state;
    struct str id;
    struct value *said; /* from field to value, null for nothing */
    const struct value *was, *body;
    struct value *problems;     /* {column, message} */
    const struct value *faults; /* those that its source knew */
    bool fresh, dropped;
    struct str other; /* whose ref it has here, where it is another record; else "" */
};

struct plan;

/* Refs of removed records are taken again; else their lines are rejected. */
void plan_again(struct plan *plan);

struct plan *plan_new(struct ctx *cx, const struct record_store *rs);

MUST_CHECK int plan_line_add(struct plan *plan, const struct register_def *def,
                             const struct plan_place *at, struct plan_line **ret);
/* A line within a cell of type rows. */
struct plan_line *plan_inner_add(struct plan *plan, struct plan_cell *cell,
                                 const struct register_def *def, const struct plan_place *at);
/* The cell of a field, made where there is none yet. */
struct plan_cell *plan_cell_add(struct plan *plan, struct plan_line *line,
                                const struct register_field *field, struct str column);
/* Rejects a line for a reason that its source knows. */
void plan_reject(struct plan *plan, struct plan_line *line, struct str column, struct str message);

/* The same for one cell: of a lenient line only that is left out. */
void plan_refuse(struct plan *plan, struct plan_line *line, struct plan_cell *cell,
                 struct str message);

/* Where `actor` is not NULL the records are written on trial and taken back, so that what only the
 * writing finds out (a ref or a name that is taken) rejects its line here. What names a line that
 * is rejected is a name that means no record. */
MUST_CHECK int plan_make(struct plan *plan, const struct record_actor *actor);

/* Cells that were left out, after plan_make(): appends {place, why} to `list`, one for each column
 * of a table. */
void plan_left_out(const struct plan *plan, struct value *list);

size_t plan_count(const struct plan *plan, enum plan_state state);
const struct plan_line *plan_line_at(const struct plan *plan, size_t i); /* NULL behind the last */

/* In words: risks.xlsx, sheet "2026", row 7. */
struct str plan_place_text(struct arena *mem, const struct plan_place *at);

/* For people and programs: {counts: {lines, new, changed, unchanged, repeated, rejected, said},
 * registers: [{register, title, and the same counts}], new: [...], changed: [...], rejected: [...],
 * said: [...]}. A new line has its `name`, and the first of a register the `fields` that it fills.
 * Lists are cut after `most` items each (0 for none). */
MUST_CHECK int plan_tree(struct plan *plan, size_t most, struct value **ret);

/* Writes what is new and changed, in one transaction, as `actor`. RC_INVALID, and nothing is
 * written, where a line is rejected and `skip` does not leave these out. */
MUST_CHECK int plan_write(struct plan *plan, const struct record_actor *actor, bool skip);

#endif
