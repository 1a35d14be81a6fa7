/* What the writers of Office Open XML share: escaped text, properties of the document. */
#ifndef ASSAY_REPORT_PAPER_XML_H
#define ASSAY_REPORT_PAPER_XML_H

#include "report/paper.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define XML_RELATIONS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define XML_PACKAGE "http://schemas.openxmlformats.org/package/2006/"

/* Text and attribute values; texts of a paper hold no control characters but newlines. */
void paper_xml_add(struct buf *out, struct str text);

/* docProps/core.xml and docProps/app.xml. */
struct str paper_xml_core(struct arena *mem, const struct paper *f);
struct str paper_xml_app(struct arena *mem, const struct paper *f);

#endif
