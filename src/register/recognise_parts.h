/* What the files that recognise registers share. */
#ifndef ASSAY_REGISTER_RECOGNISE_PARTS_H
#define ASSAY_REGISTER_RECOGNISE_PARTS_H

#include "register/internal.h"
#include "register/recognise.h"

struct heading_match {
    const struct register_def *def;
    const struct register_field *field;
    double score; /* 0 to 1 */
};

/* A heading and the fields that it may mean. */
struct heading {
    struct register_words words;
    double weight, most;
    struct heading_match *items; /* by register and field */
    size_t n, room;
};

struct matcher {
    struct arena *mem;
    const struct registers *registers;
    const struct register_vocabulary *v;
    struct dict *known; /* headings by their text */
    double *sum;        /* by header: what it shares with the heading in hand */
    uint32_t *touched;
    double *best;
};

struct matcher *matcher_new(struct ctx *cx, const struct registers *registers);
const struct heading *matcher_heading(struct matcher *m, struct str text);
double heading_score(const struct heading *h, const struct register_field *field);
double matcher_likeness(const struct matcher *m, const struct register_words *a,
                        const struct register_words *b);
double matcher_best(struct matcher *m, struct str text, const struct register_words *list,
                    size_t n);
double matcher_named(struct matcher *m, struct str text, const struct register_words *names,
                     size_t n);

/* What cells of a column hold: how many of `n` that are filled are what. */
struct column_profile {
    struct str cells[REGISTER_PROFILE];
    size_t n, days, numbers, references, controls, people, scores, truths, capital;
    bool distinct; /* a few cells, no two of them the same */
    double length; /* bytes of a cell, on average */
    int steps;     /* 1 where it goes up or down, each value once; -1 where not; 0 for too few */
};

void profile_column(struct arena *mem, const struct registers *registers, const struct str *cells,
                    size_t n, struct column_profile *ret);
/* How much the cells speak for a field, from about -0.5 to 0.3, where its heading has `score`. */
double profile_fits(struct arena *mem, const struct registers *registers,
                    const struct register_field *field, double score,
                    const struct column_profile *p);
double profile_guess(const struct registers *registers, const struct register_field *field,
                     bool leftmost, const struct column_profile *p);

/* The best one-to-one assignment of rows to columns: `gain` has rows * columns numbers, where
 * those not above 0 are never chosen; ret[row] is its column or SIZE_MAX. */
void assign_best(struct arena *mem, const double *gain, size_t rows, size_t columns, size_t *ret);

#endif
