/*
 * Lists of controls in the tables of a document, such as a Statement of Applicability: which row is
 * which control, and what its cells decide.
 *
 * People number controls with and without the letter, spreadsheets turn 5.10 into 5.1, tables begin
 * anywhere, are cut in pieces by headings, and have groups of columns under one heading. Which
 * column holds numbers and titles is seen from the cells; what the others hold is taken from their
 * headings, and where these say nothing, from the cells.
 */
#ifndef ASSAY_JUDGE_LISTS_H
#define ASSAY_JUDGE_LISTS_H

#include "judge/signals.h"

/* Rows of a table that are looked at: a list of controls has hundreds, a register whose lines refer
 * to controls may have tens of thousands. */
#define LISTS_ROWS 1000u

struct control_line {
    uint32_t passage;
    const struct known_control *control; /* NULL for one that the standard does not have */
    const struct known_control *titled;  /* whose title stands beside it, where that is another's */
    struct str earlier;                  /* its id in an earlier edition, "" for none */
    struct str number, title;            /* as written */
    bool decides;                        /* the table has columns that decide, below */
    int applicable;                      /* 1, 0, or -1 where nothing understood is said */
    struct str said;                     /* what is said of it */
    struct str reason;
    bool weak; /* there is none, or one that gives none */
    enum line_status status;
    struct str status_said;
    struct str reference, owner;
};

struct control_lines {
    struct control_line *items; /* in reading order */
    size_t n, room;
};

/* Nothing where `signals` knows no controls. */
MUST_CHECK int lists_find(struct ctx *cx, const struct signals *signals,
                          const struct reading *reading, struct control_lines *ret);

/* A title by which two spellings are one: lower case, letters and digits, without function words.
 */
struct str title_plain(struct arena *mem, const struct language *language, struct str title);

#endif
