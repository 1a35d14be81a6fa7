/*
 * Cards: entries of a register that stand below each other instead of in rows. Each has lines of a
 * label and a value: list items, paragraphs or rows of two cells.
 */
#ifndef ASSAY_JUDGE_CARDS_H
#define ASSAY_JUDGE_CARDS_H

#include "judge/signals.h"

#define CARD_LINES 3u /* fewer are no card */

struct card_line {
    uint32_t passage;
    uint32_t label_from, label_to; /* tokens */
    bool filled;
};

struct card {
    size_t from, to; /* lines */
};

struct cards {
    struct card_line *lines;
    size_t line_n, line_room;
    struct card *items;
    size_t n, room;
};

const struct cards *cards_find(struct ctx *cx, const struct reading *reading);

/* Whether at least `rows` cards among passages [from, to), and two in any case, have a filled line
 * for every column. The first one's passages in `ret_passages`, column_n of them, which the caller
 * provides. */
bool cards_have(const struct reading *reading, uint32_t from, uint32_t to,
                const struct pattern_list *columns, size_t column_n, size_t rows,
                uint32_t *ret_passages);

/* The line as "label: value". */
struct str card_line_text(struct arena *mem, const struct reading *reading, uint32_t passage);

#endif
