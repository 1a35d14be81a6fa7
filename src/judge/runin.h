/*
 * Lists within a sentence: "Users must not: share passwords; install software; lend laptops." says
 * as much as the same with a line for each.
 */
#ifndef ASSAY_JUDGE_RUNIN_H
#define ASSAY_JUDGE_RUNIN_H

#include "extract/extract.h"

struct runin {
    struct block
        *blocks; /* the lead-in, the items, and the sentences behind them if there are any */
    size_t n, room;
};

/* False where the paragraph holds no such list. The blocks stand where the whole one does. */
bool runin_split(struct arena *mem, const struct block *whole, struct runin *ret);

#endif
