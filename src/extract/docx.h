/* Styles and numbering of a DOCX, as far as they say what a paragraph is. Inside extract/ only. */
#ifndef ASSAY_EXTRACT_DOCX_H
#define ASSAY_EXTRACT_DOCX_H

#include "extract/ooxml.h"

#define DOCX_LEVELS 9u

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

#endif
