#include "base/nearest.h"

#define WORD_BYTES 64u

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned nearest_distance(struct str a, struct str b)
{
    unsigned rows[3][WORD_BYTES + 1];
    unsigned *before = rows[0], *last = rows[1], *row = rows[2];

    if (a.n > WORD_BYTES || b.n > WORD_BYTES)
        return (unsigned)(a.n > b.n ? a.n : b.n);
    for (unsigned k = 0; k <= b.n; k++)
        last[k] = before[k] = k;
    for (unsigned i = 1; i <= a.n; i++) {
        row[0] = i;
        for (unsigned k = 1; k <= b.n; k++) {
            bool same = lower(a.p[i - 1]) == lower(b.p[k - 1]);
            row[k] = least(least(last[k] + 1, row[k - 1] + 1), last[k - 1] + !same);
            if (i > 1 && k > 1 && lower(a.p[i - 1]) == lower(b.p[k - 2]) &&
                lower(a.p[i - 2]) == lower(b.p[k - 1]))
                row[k] = least(row[k], before[k - 2] + 1);
        }
        unsigned *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[b.n];
}

bool nearest_likely(struct str a, struct str b)
{
    size_t longer = a.n > b.n ? a.n : b.n;

    return nearest_distance(a, b) <= (longer < 6 ? 1 : longer / 3);
}

const char *nearest_word(struct str given, const char *const *words)
{
    const char *best = NULL;

    for (; *words != NULL; words++)
        if (nearest_likely(given, str_of(*words)) &&
            (best == NULL ||
             nearest_distance(given, str_of(*words)) < nearest_distance(given, str_of(best))))
            best = *words;
    return best;
}
