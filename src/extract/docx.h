/*
 * The parts of the DOCX reader: styles and numbering (docx_style.c), the elements of tables
 * (docx_table.c), and all others (docx.c). Inside extract/ only.
 */
#ifndef ASSAY_EXTRACT_DOCX_H
#define ASSAY_EXTRACT_DOCX_H

#include "extract/ooxml.h"
#include "extract/word.h"

/* Reads styles.xml and numbering.xml, where they are. */
MUST_CHECK int docx_styles_read(struct flow *flow, struct container *container,
                                const struct relations *relations, struct word_styles **ret);

/* The style switch of an element's value attribute. */
enum word_switch docx_switch_of(const char **attrs);

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
