/*
 * A text document while it is read, whether DOCX or ODT: styles and numbering (word_style.c),
 * paragraphs and what they are (word_para.c), and tables (word_table.c). What the elements of each
 * format mean is docx.c and odt.c. Inside extract/ only.
 */
#ifndef ASSAY_EXTRACT_WORD_H
#define ASSAY_EXTRACT_WORD_H

#include "extract/internal.h"

#define WORD_LEVELS 9u
#define WORD_NESTED_PARAS 16u /* paragraphs within each other: text boxes */
#define WORD_NESTED_FIELDS 64u
#define WORD_INSTRUCTION_BYTES 8u

/* On, off, or left to the style beneath. */
enum word_switch { WORD_UNSET, WORD_OFF, WORD_ON };

struct word_look {
    enum word_switch bold, strike, hidden;
};

struct word_style {
    struct str id, name, based_on;
    struct word_look look;
    int outline; /* 0 to 8; 9 for body text; -1 unset */
    int num_id;  /* of its list; 0 for none; -1 unset */
    int num_level;
    unsigned heading; /* 1 to 9, 0 for none: by name or outline, inherited */
    unsigned item;    /* level of a list style, by its name */
    bool toc;
    bool code;        /* by its name, inherited */
    bool page_before; /* begins a new page */
};

enum word_number { WORD_NUMBER_NONE, WORD_NUMBER_DECIMAL, WORD_NUMBER_LETTER, WORD_NUMBER_ROMAN };

struct word_level {
    enum word_number format;
    bool upper;
    unsigned start;
    struct str text;  /* "%1.%2" */
    struct str style; /* that uses it */
};

/* How a list counts; several lists may share one, and count on together. */
struct word_plan {
    unsigned id;
    struct word_level levels[WORD_LEVELS];
    unsigned counts[WORD_LEVELS];
};

struct word_list {
    unsigned id;
    unsigned plan;    /* id of it */
    unsigned *counts; /* its own, where it starts anew; NULL for the plan's */
};

/* Filled by a format's reader between word_styles_new() and word_styles_settle(). */
struct word_styles {
    struct arena *mem;
    struct word_style *items;
    size_t count, room;
    struct dict *by_id;
    const struct word_style *usual;
    struct word_plan *plans;
    size_t plan_count, plan_room;
    struct word_list *lists;
    size_t list_count, list_room;
};

struct word_styles *word_styles_new(struct arena *mem);

/* One more, empty; NULL where there are too many. The pointer holds until the next is added. */
struct word_style *word_style_add(struct word_styles *styles);
struct word_plan *word_plan_add(struct word_styles *styles, unsigned id);
struct word_list *word_list_add(struct word_styles *styles, unsigned id);

/* Works out what each style inherits. `usual` is the id of the default style of paragraphs. */
void word_styles_settle(struct word_styles *styles, struct str usual);

/* The style of this id with all that it inherits; NULL where it is not there. An empty id gives
 * the default style of paragraphs. */
const struct word_style *word_style_find(const struct word_styles *styles, struct str id);

/* The level of a list that belongs to this style, where the style does not state it. */
unsigned word_level_of_style(const struct word_styles *styles, int num_id, struct str style);

/* Counts one paragraph of the list and gives its number as printed ("4.2", "a)"), "" for bullets.
 * The text lives in the arena. */
struct str word_number_next(struct word_styles *styles, int num_id, unsigned level);

/* The next paragraph of the list at this level gets the number `next`; with 0, all levels of it
 * begin again. */
void word_number_set(struct word_styles *styles, int num_id, unsigned level, unsigned next);

/* Where paragraphs go. */
enum target { TARGET_BODY, TARGET_FURNITURE, TARGET_NOTES };
enum table_kind {
    TABLE_ROWS,   /* gives rows */
    TABLE_LAYOUT, /* of one column: only a frame around its paragraphs */
    TABLE_INSIDE, /* within a cell or text box: gives its text to that */
};

struct word_para {
    struct buf text; /* line breaks as \n */
    const struct word_style *style;
    const struct word_style *run_style;
    struct word_look run;
    size_t seen, struck, bold; /* bytes that show */
    size_t bracket;            /* where an opened "[" stands, plus one */
    int outline, num_id, num_level;
    unsigned goes_on; /* level of the list item that it is a further paragraph of, 0 for none */
    uint32_t page, line;
    bool toc;
};

struct field {
    bool instruction; /* what comes now tells what to show */
    bool toc;
};

struct holder {
    bool placeholder;
    bool toc;
};

struct table {
    enum table_kind kind;
    unsigned grid; /* columns */
};

struct row_cell {
    unsigned column;
    struct str text;
};

/* What a vertically merged cell hands down. */
struct merged {
    unsigned column;
    struct str text;
};

/* One reading. */
struct word {
    struct flow *flow;
    struct word_styles *styles;
    enum target target;
    unsigned skip; /* depth of the element that is passed over, 0 for none */
    bool in_text, in_props, in_row_props;
    bool rendered; /* Word has marked where its pages end */
    uint32_t page, line;

    struct word_para paras[WORD_NESTED_PARAS];
    size_t para_count;
    struct word_para *boxed; /* paragraphs of text boxes, until their anchor has ended */
    size_t boxed_count, boxed_room;
    unsigned boxes; /* open text boxes */
    unsigned notes; /* open notes, where they stand within the text */
    struct str *noted;
    size_t noted_count, noted_room;

    struct holder holders[EXTRACT_DEPTH];
    size_t holder_count;
    unsigned placeholders;
    struct field fields[WORD_NESTED_FIELDS];
    size_t field_count;
    char instruction[WORD_INSTRUCTION_BYTES];
    size_t instruction_n;
    bool in_instruction, form_checked;
    bool chosen[EXTRACT_DEPTH]; /* alternatives of which one was taken */
    size_t alternate_count;

    struct table tables[EXTRACT_DEPTH];
    size_t table_count;
    bool in_cell; /* of the table that gives rows */
    bool table_open;
    struct buf cell;
    size_t cell_seen;
    struct row_cell *cells;
    size_t cell_count, cell_room;
    struct merged *merged;
    size_t merged_count, merged_room;
    unsigned column, span;
    bool merge_starts, merge_goes_on;
    bool row_header, row_deleted;
    size_t row_seen, row_struck;
    uint32_t row_page, row_line;

    struct buf code; /* paragraphs of code that follow each other */
    uint32_t code_page, code_line;
    int first_list, last_list; /* of the items that follow each other, the last ones */
    size_t *lone;              /* places of numbered items before which none of their list stands */
    size_t lone_count, lone_room;
};

/* The paragraph that is open, or NULL. */
struct word_para *word_para_top(struct word *r);
/* Opens a paragraph; false where they nest too deep. */
bool word_para_open(struct word *r);
/* Ends it: it goes to the cell or text box it is in, else to the flow. */
void word_para_close(struct word *r);
/* Forgets the part before; paragraphs of the next go to `target`. */
void word_reset(struct word *r, enum target target);
/* Text boxes wait until the paragraph beside them has ended: those beside none go out by this. */
void word_boxes_out(struct word *r);
/* What waits is put out: text boxes and notes. */
void word_part_end(struct word *r);
/* Code that waits for more of it is put out. */
void word_code_out(struct word *r);
/* After the body, whose blocks begin at `first`: where no page ended, nothing is known of pages;
 * numbered items by themselves are headings. */
void word_body_end(struct word *r, size_t first);
/* Adds to the open paragraph what is to be seen. */
void word_put_text(struct word *r, struct str text);
/* A placeholder that is showing ends: in square brackets, once. */
void word_bracket_close(struct word_para *p);
/* True where the text that comes tells a field what to show. */
bool word_in_instruction(const struct word *r);

/* Tables. A row without columns of its own is one of a frame around paragraphs; only rows of an
 * outermost table are given. Between start and end of a cell the caller sets r->span, and
 * r->merge_starts or r->merge_goes_on. */
bool word_gives_rows(const struct word *r);
void word_table_start(struct word *r);
void word_grid(struct word *r, unsigned columns);
void word_row_start(struct word *r);
void word_cell_start(struct word *r);
void word_cell_end(struct word *r);
void word_row_end(struct word *r);
void word_table_end(struct word *r);

#endif
