#include "extract/docx.h"

#define GRID EXTRACT_COLUMNS

void docx_table_start(struct xml *xml, UNUSED const char **attrs)
{
    word_table_start(xml_arg(xml));
}

void docx_table_end(struct xml *xml)
{
    word_table_end(xml_arg(xml));
}

void docx_grid_start(struct xml *xml, UNUSED const char **attrs)
{
    word_grid(xml_arg(xml), 1);
}

void docx_row_start(struct xml *xml, UNUSED const char **attrs)
{
    word_row_start(xml_arg(xml));
}

void docx_row_end(struct xml *xml)
{
    struct word *r = xml_arg(xml);

    word_row_end(r);
    if (flow_full(r->flow))
        xml_stop(xml);
}

void docx_row_props_start(struct xml *xml, UNUSED const char **attrs)
{
    struct word *r = xml_arg(xml);

    r->in_row_props = word_gives_rows(r);
}

void docx_row_props_end(struct xml *xml)
{
    struct word *r = xml_arg(xml);

    r->in_row_props = false;
}

void docx_row_header_start(struct xml *xml, const char **attrs)
{
    struct word *r = xml_arg(xml);

    if (r->in_row_props)
        r->row_header = docx_switch_of(attrs) == WORD_ON;
}

void docx_row_before_start(struct xml *xml, const char **attrs)
{
    struct word *r = xml_arg(xml);

    if (r->in_row_props)
        r->column = xml_number(xml_attr(attrs, XML_W, "val"), GRID, 0);
}

void docx_cell_start(struct xml *xml, UNUSED const char **attrs)
{
    word_cell_start(xml_arg(xml));
}

void docx_cell_end(struct xml *xml)
{
    word_cell_end(xml_arg(xml));
}

void docx_span_start(struct xml *xml, const char **attrs)
{
    struct word *r = xml_arg(xml);

    if (word_gives_rows(r))
        r->span = xml_number(xml_attr(attrs, XML_W, "val"), GRID, 1);
}

void docx_merge_start(struct xml *xml, const char **attrs)
{
    struct word *r = xml_arg(xml);

    if (!word_gives_rows(r))
        return;
    r->merge_starts = xml_is(xml_attr(attrs, XML_W, "val"), "restart");
    r->merge_goes_on = !r->merge_starts;
}
