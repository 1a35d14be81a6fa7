#include "report/paper_xml.h"

void paper_xml_add(struct buf *out, struct str text)
{
    struct str line;

    for (bool first = true; str_split(&text, '\n', &line); first = false) {
        if (!first)
            buf_char(out, ' ');
        buf_escaped(out, line);
    }
}

static void add_property(struct buf *out, const char *name, struct str text)
{
    if (text.n == 0)
        return;
    buf_printf(out, "<%s>", name);
    paper_xml_add(out, paper_clean(out->mem, text));
    buf_printf(out, "</%s>", name);
}

struct str paper_xml_core(struct arena *mem, const struct paper *f)
{
    struct buf out = buf_new(mem);
    struct str day = date_iso(mem, f->day);

    buf_addz(&out,
             XML_HEAD "<cp:coreProperties xmlns:cp=\"" XML_PACKAGE "metadata/core-properties\""
                      " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
                      " xmlns:dcterms=\"http://purl.org/dc/terms/\""
                      " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">");
    add_property(&out, "dc:title", f->title);
    add_property(&out, "dc:subject", f->subject);
    add_property(&out, "dc:creator", f->author);
    add_property(&out, "cp:keywords", f->keywords);
    add_property(&out, "dc:identifier", f->identifier);
    add_property(&out, "dc:language", f->language);
    add_property(&out, "cp:lastModifiedBy", f->author);
    if (day.n > 0)
        buf_printf(&out,
                   "<dcterms:created xsi:type=\"dcterms:W3CDTF\">%.*sT00:00:00Z</dcterms:created>"
                   "<dcterms:modified xsi:type=\"dcterms:W3CDTF\">%.*sT00:00:00Z"
                   "</dcterms:modified>",
                   STR_ARG(day), STR_ARG(day));
    if (f->draft)
        buf_addz(&out, "<cp:contentStatus>Draft</cp:contentStatus>");
    buf_addz(&out, "</cp:coreProperties>");
    return buf_str(&out);
}

struct str paper_xml_app(struct arena *mem, const struct paper *f)
{
    struct buf out = buf_new(mem);

    buf_addz(&out, XML_HEAD "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/"
                            "2006/extended-properties\">");
    add_property(&out, "Application", f->program);
    buf_addz(&out, "</Properties>");
    return buf_str(&out);
}
