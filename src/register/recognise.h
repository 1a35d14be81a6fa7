/*
 * Which tables are registers, and what their columns are.
 *
 * A grid is a table as it was read, or records of label and value that were laid out as one. Where
 * its headings are, which register its columns and the names above it speak for most, and which
 * field each column fills, is decided for all columns together: by their headings, by the headings
 * above groups, by their order where one comes twice, and by what their cells hold. A grid may hold
 * several tables one below the other.
 *
 * One recogniser serves one document, its grids in order: a table without headings may go on with
 * the one before. It takes hostile grids and is bounded by the limits below.
 */
#ifndef ASSAY_REGISTER_RECOGNISE_H
#define ASSAY_REGISTER_RECOGNISE_H

#include "register/register.h"

#define REGISTER_COLUMNS 64u    /* of a table that are looked at */
#define REGISTER_PROFILE 40u    /* records by which a column's cells are judged */
#define REGISTER_RECORDS 20000u /* of one table */

struct register_line {
    const struct block *block; /* a row */
    uint32_t passage;          /* the caller's */
};

struct register_grid {
    const struct register_line *lines;
    size_t n;
    /* Names, "" for none: of the file in words, of the document, of the sheet, of the headings
     * above from the nearest on, and the last line before it. */
    struct str file, title, sheet, heading, above, caption;
    const struct str *kinds; /* of the document */
    size_t kind_n;
    bool cards;  /* laid out from records of label and value: its first line are the labels */
    bool headed; /* each of these records has a heading of its own */
};

struct register_column {
    uint16_t at;
    struct str header;                  /* as people see it, that of its group before it */
    const struct register_field *field; /* NULL where nothing was made of it */
    const char *how;                    /* "heading", "values" or "pin" */
    struct register_ladder ladder;
};

struct register_record {
    size_t line;
    bool sample;
    struct str group; /* the line between records that it stands under, "" for none */
};

/* A table that is a register, or one of registers/not/. */
struct register_found {
    const struct register_def *def;
    struct register_column *columns;
    size_t column_n;
    struct register_record *records;
    size_t record_n, record_room;
    size_t header, from, to; /* lines: of its headings (the last), and its own */
    int confidence;          /* thousandths */
    bool goes_on;            /* without headings, with those of the table before */
};

/* What a person says of a table: its register, or NULL for none; and fields by heading. */
struct register_pin {
    const struct register_def *def;
    bool none;
    const struct value *columns; /* from heading to the field's id, or "-" for none; may be NULL */
};

struct recogniser;

struct recogniser *recogniser_new(struct ctx *cx, const struct registers *registers);

/* Appends what it finds in `grid` to `*items`, an array in the arena. `pin` may be NULL. */
MUST_CHECK int recogniser_grid(struct recogniser *recogniser, const struct register_grid *grid,
                               const struct register_pin *pin, struct register_found **items,
                               size_t *n, size_t *room);

/* Whether a field refers to controls of the standard, or to records that are known by one. */
bool field_names_control(const struct registers *registers, const struct register_field *field);

#endif
