/* What the two files that read lists of controls share. */
#ifndef ASSAY_JUDGE_LIST_PARTS_H
#define ASSAY_JUDGE_LIST_PARTS_H

#include "judge/lists.h"

#define LIST_COLUMNS 64u /* columns of a list that are looked at */
#define LIST_NONE UINT16_MAX

/* Which control a row is; `line` is set where it is one. */
struct list_row {
    const struct block *block;
    uint32_t passage;
    bool is_control;
    bool made; /* of the lines below a control's heading, not a row of a table */
    struct control_line line;
};

/* A table that lists controls. */
struct list {
    struct list_row *rows;
    size_t n;
    uint16_t number, title; /* columns, LIST_NONE for none */
};

/* What the columns hold. */
struct list_columns {
    bool known;
    enum list_column of[LIST_COLUMNS];
    struct str heading[LIST_COLUMNS];
};

/* Controls that stand below each other, each with lines of label and value: as a list, its first
 * row the labels, number and title in column 0. */
void list_of_records(struct ctx *cx, const struct reading *reading,
                     bool (*is_control)(const void *arg, struct str text), const void *arg,
                     struct list *ret);

/* The cell in a column, "" where it is not filled. */
struct str list_cell(const struct block *row, uint16_t column);

/* Fills in what the cells of `list` decide and appends its lines. `columns` are those of the list
 * before, for a table that goes on without headings, and become those of this one. */
void list_decide(struct ctx *cx, const struct signals *signals, const struct reading *reading,
                 struct list *list, struct list_columns *columns, struct control_lines *ret);

#endif
