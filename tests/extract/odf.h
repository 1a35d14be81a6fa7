/* OpenDocument files made in memory, and how they compare with those of the other office. */
#ifndef ASSAY_TESTS_EXTRACT_ODF_H
#define ASSAY_TESTS_EXTRACT_ODF_H

#include "tests/extract/office.h"

#define ODF_NS                                                                                     \
    " xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""                           \
    " xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\""                               \
    " xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\""                             \
    " xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\""                             \
    " xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\""                            \
    " xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\""                      \
    " xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\""                    \
    " xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\""                               \
    " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""                                               \
    " xmlns:calcext=\"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0\""

/* "text" or "spreadsheet" with this inside of office:body's only element, and before it. */
UNUSED static struct str odf_of(struct ctx *cx, const char *kind, const char *styles,
                                const char *automatic, const char *meta, const char *body)
{
    const struct office_part parts[] = {
        {"mimetype", str_printf(cx->mem, "application/vnd.oasis.opendocument.%s", kind)},
        {"content.xml",
         str_printf(cx->mem,
                    "<?xml version=\"1.0\"?><office:document-content" ODF_NS
                    "><office:automatic-styles>%s</office:automatic-styles><office:body>"
                    "<office:%s>%s</office:%s></office:body></office:document-content>",
                    automatic, kind, body, kind)},
        {"styles.xml",
         str_printf(cx->mem, "<office:document-styles" ODF_NS ">%s</office:document-styles>",
                    styles)},
        {"meta.xml", str_printf(cx->mem,
                                "<office:document-meta" ODF_NS
                                "><office:meta>%s</office:meta></office:document-meta>",
                                meta)},
    };

    return office_zip(cx, parts, COUNT_OF(parts));
}

/* A block in one line, without its place: the two formats count lines in different ways. */
UNUSED static struct str odf_line(struct ctx *cx, const struct block *b)
{
    struct buf out = buf_new(cx->mem);

    buf_printf(&out, "%c%u%s%s t%u %.*s:", "HPIRCF="[b->kind], b -> level, b -> header ? "h" : "",
               b->struck ? "~" : "", b->table, STR_ARG(b->label));
    for (size_t i = 0; i < b->cell_count; i++)
        buf_printf(&out, "{%u}%.*s", b->cells[i].column, STR_ARG(b->cells[i].text));
    if (b->cell_count == 0)
        buf_add(&out, b->text);
    return buf_str(&out);
}

/* All blocks but properties, which each format orders as it likes. */
UNUSED static struct str odf_lines(struct ctx *cx, const struct extract *e)
{
    struct buf out = buf_new(cx->mem);

    for (size_t i = 0; i < e->block_count; i++)
        if (e->blocks[i].kind != BLOCK_PROPERTY)
            buf_printf(&out, "%.*s\n", STR_ARG(odf_line(cx, &e->blocks[i])));
    return buf_str(&out);
}

UNUSED static struct str odf_property(const struct extract *e, const char *label)
{
    for (size_t i = 0; i < e->block_count; i++)
        if (e->blocks[i].kind == BLOCK_PROPERTY && str_is_nocase(e->blocks[i].label, label))
            return e->blocks[i].text;
    return STR_NONE;
}

/* The text alone: page headers and footers are tried elsewhere. */
UNUSED static struct str odf_body_lines(struct ctx *cx, struct extract e)
{
    size_t n = 0;

    for (size_t i = 0; i < e.block_count; i++)
        if (e.blocks[i].kind != BLOCK_FURNITURE)
            e.blocks[n++] = e.blocks[i];
    e.block_count = n;
    return odf_lines(cx, &e);
}

#endif
