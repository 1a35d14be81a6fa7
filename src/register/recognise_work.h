/* One table in hand: grid.c cuts it out of its grid, recognise.c says what it is. */
#ifndef ASSAY_REGISTER_RECOGNISE_WORK_H
#define ASSAY_REGISTER_RECOGNISE_WORK_H

#include "register/recognise_parts.h"

struct work_column {
    uint16_t at;
    struct str text, group, shown; /* its own heading, that of its group, both as people see them */
    const struct heading *own, *both; /* NULL for none */
    struct column_profile profile;
    double weight; /* how much it tells of which register this is */
};

struct work {
    struct matcher *m;
    const struct register_grid *grid;
    const struct register_pin *pin;
    size_t first, header, to; /* lines: first of its headings, last of these, behind its last */
    bool grouped;             /* its first line of headings holds those of groups */
    struct str caption;       /* lines of one cell before its headings */
    struct work_column columns[REGISTER_COLUMNS];
    size_t column_n;
};

/* A register with the fields that columns would fill. */
struct trial {
    const struct register_def *def;
    bool fits;                      /* has what the register needs */
    double score, name;             /* `name`: of it by what stands above the table */
    size_t mapped;                  /* columns with a field */
    size_t missing;                 /* of what the register needs */
    size_t field[REGISTER_COLUMNS]; /* of each column, SIZE_MAX for none */
    bool guessed[REGISTER_COLUMNS];
};

/* Columns of the result, no records yet. False where it is nothing. */
bool work_choose(struct work *work, struct register_found *ret);

#endif
