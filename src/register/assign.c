/* The assignment that gains most: the Hungarian method with potentials, in O(n^3). */
#include <float.h>

#include "register/recognise_parts.h"

struct solver {
    const double *gain;
    size_t rows, columns, n; /* n: of a square with enough columns that gain nothing */
    double *u, *w, *least;
    size_t *row_of, *way; /* by column, from 1 */
    bool *used;
};

/* Gains turned into costs; what does not gain costs nothing and means nothing. */
static double cost(const struct solver *s, size_t row, size_t column)
{
    if (column > s->columns)
        return 0;
    double gain = s->gain[(row - 1) * s->columns + column - 1];
    return gain > 0 ? -gain : 0;
}

/* One step of the search from the column `at`: gives the next one. */
static size_t next_column(struct solver *s, size_t at)
{
    double delta = DBL_MAX;
    size_t row = s->row_of[at], next = 0;

    s->used[at] = true;
    for (size_t c = 1; c <= s->n; c++) {
        if (s->used[c])
            continue;
        double now = cost(s, row, c) - s->u[row] - s->w[c];
        if (now < s->least[c]) {
            s->least[c] = now;
            s->way[c] = at;
        }
        if (s->least[c] < delta) {
            delta = s->least[c];
            next = c;
        }
    }
    for (size_t c = 0; c <= s->n; c++) {
        if (s->used[c]) {
            s->u[s->row_of[c]] += delta;
            s->w[c] -= delta;
        } else {
            s->least[c] -= delta;
        }
    }
    return next;
}

static void add_row(struct solver *s, size_t row)
{
    size_t at = 0;

    s->row_of[0] = row;
    for (size_t c = 0; c <= s->n; c++) {
        s->least[c] = DBL_MAX / 4;
        s->used[c] = false;
    }
    do
        at = next_column(s, at);
    while (s->row_of[at] != 0);
    while (at != 0) {
        size_t before = s->way[at];
        s->row_of[at] = s->row_of[before];
        at = before;
    }
}

void assign_best(struct arena *mem, const double *gain, size_t rows, size_t columns, size_t *ret)
{
    struct solver s = {.gain = gain, .rows = rows, .columns = columns, .n = columns + rows};

    s.u = arena_array(mem, rows + 1, sizeof *s.u);
    s.w = arena_array(mem, s.n + 1, sizeof *s.w);
    s.least = arena_array(mem, s.n + 1, sizeof *s.least);
    s.row_of = arena_array(mem, s.n + 1, sizeof *s.row_of);
    s.way = arena_array(mem, s.n + 1, sizeof *s.way);
    s.used = arena_array(mem, s.n + 1, sizeof *s.used);
    for (size_t row = 1; row <= rows; row++)
        add_row(&s, row);
    for (size_t row = 0; row < rows; row++)
        ret[row] = SIZE_MAX;
    for (size_t c = 1; c <= columns; c++)
        if (s.row_of[c] != 0 && gain[(s.row_of[c] - 1) * columns + c - 1] > 0)
            ret[s.row_of[c] - 1] = c - 1;
}
