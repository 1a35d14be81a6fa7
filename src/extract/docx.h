/*
 * The parts of the DOCX reader: styles and numbering (docx_style.c), paragraphs and what they are
 * (docx_para.c), tables (docx_table.c), and the elements of a document (docx.c). Inside extract/
 * only.
 */
#ifndef ASSAY_EXTRACT_DOCX_H
#define ASSAY_EXTRACT_DOCX_H

#include "extract/ooxml.h"

#define DOCX_LEVELS 9u
#define DOCX_NESTED_PARAS 16u /* paragraphs within each other: text boxes */
#define DOCX_NESTED_FIELDS 64u
#define DOCX_INSTRUCTION_BYTES 8u

/* On, off, or left to the style beneath. */
enum docx_switch { DOCX_UNSET, DOCX_OFF, DOCX_ON };

struct docx_look {
    enum docx_switch bold, strike, hidden;
};

struct docx_style {
    struct str id, name, based_on;
    struct docx_look look;
    int outline; /* 0 to 8; 9 for body text; -1 unset */
    int num_id;  /* of its list; 0 for none; -1 unset */
    int num_level;
    unsigned heading; /* 1 to 9, 0 for none: by name or outline, inherited */
    unsigned item;    /* level of a list style, by its name */
    bool toc;
};

struct docx_styles;

/* Reads styles.xml and numbering.xml, where they are. */
MUST_CHECK int docx_styles_read(struct flow *flow, struct container *container,
                                const struct relations *relations, struct docx_styles **ret);

/* The style of this id with all that it inherits; NULL where it is not there. An empty id gives
 * the default style of paragraphs. */
const struct docx_style *docx_style_find(const struct docx_styles *styles, struct str id);

/* The level of a list that belongs to this style, where the style does not state it. */
unsigned docx_level_of_style(const struct docx_styles *styles, int num_id, struct str style);

/* Counts one paragraph of the list and gives its number as printed ("4.2", "a)"), "" for bullets.
 * The text lives in the arena. */
struct str docx_number_next(struct docx_styles *styles, int num_id, unsigned level);

/* The style switch of an element's value attribute. */
enum docx_switch docx_switch_of(const char **attrs);

/* Where paragraphs go. */
enum target { TARGET_BODY, TARGET_FURNITURE, TARGET_NOTES };
enum table_kind {
    TABLE_ROWS,   /* gives rows */
    TABLE_LAYOUT, /* of one column: only a frame around its paragraphs */
    TABLE_INSIDE, /* within a cell or text box: gives its text to that */
};

struct docx_para {
    struct buf text; /* line breaks as \n */
    const struct docx_style *style;
    const struct docx_style *run_style;
    struct docx_look run;
    size_t seen, struck, bold; /* bytes that show */
    size_t bracket;            /* where an opened "[" stands, plus one */
    int outline, num_id, num_level;
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

/* One reading. `arg` of the XML handlers. */
struct docx {
    struct flow *flow;
    struct docx_styles *styles;
    enum target target;
    unsigned skip; /* depth of the element that is passed over, 0 for none */
    bool in_text, in_props, in_row_props;
    bool rendered; /* Word has marked where its pages end */
    uint32_t page, line;

    struct docx_para paras[DOCX_NESTED_PARAS];
    size_t para_count;
    struct docx_para *boxed; /* paragraphs of text boxes, until their anchor has ended */
    size_t boxed_count, boxed_room;
    unsigned boxes; /* open text boxes */

    struct holder holders[EXTRACT_DEPTH];
    size_t holder_count;
    unsigned placeholders;
    struct field fields[DOCX_NESTED_FIELDS];
    size_t field_count;
    char instruction[DOCX_INSTRUCTION_BYTES];
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
};

/* The paragraph that is open, or NULL. */
struct docx_para *docx_para_top(struct docx *r);
/* Opens a paragraph; false where they nest too deep. */
bool docx_para_open(struct docx *r);
/* Ends it: it goes to the cell or text box it is in, else to the flow. */
void docx_para_close(struct docx *r);
/* Adds to the open paragraph what is to be seen. */
void docx_put_text(struct docx *r, struct str text);
/* A placeholder that is showing ends: in square brackets, once. */
void docx_bracket_close(struct docx_para *p);
/* True where the text that comes tells a field what to show. */
bool docx_in_instruction(const struct docx *r);

/* Handlers of the elements of tables. */
void docx_table_start(struct xml *xml, const char **attrs);
void docx_table_end(struct xml *xml);
void docx_grid_start(struct xml *xml, const char **attrs);
void docx_row_start(struct xml *xml, const char **attrs);
void docx_row_end(struct xml *xml);
void docx_row_props_start(struct xml *xml, const char **attrs);
void docx_row_props_end(struct xml *xml);
void docx_row_header_start(struct xml *xml, const char **attrs);
void docx_row_before_start(struct xml *xml, const char **attrs);
void docx_cell_start(struct xml *xml, const char **attrs);
void docx_cell_end(struct xml *xml);
void docx_span_start(struct xml *xml, const char **attrs);
void docx_merge_start(struct xml *xml, const char **attrs);

#endif
