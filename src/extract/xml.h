/*
 * XML parts of office files, read as a stream of elements and text.
 *
 * A document type declaration is refused, so there are no entities to expand; nesting is bounded.
 * Elements and attributes are told by the name behind the prefix and by a family of namespaces:
 * strict and transitional names of one vocabulary are one family. Elements of the vocabularies
 * not listed are XML_OTHER, so that a foreign <t> is never taken for text.
 */
#ifndef ASSAY_EXTRACT_XML_H
#define ASSAY_EXTRACT_XML_H

#include "base/base.h"

enum xml_ns {
    XML_NONE,   /* without a namespace */
    XML_W,      /* WordprocessingML */
    XML_S,      /* SpreadsheetML */
    XML_A,      /* DrawingML */
    XML_P,      /* PresentationML */
    XML_XDR,    /* drawings of a spreadsheet */
    XML_M,      /* formulas */
    XML_V,      /* VML */
    XML_MC,     /* markup compatibility */
    XML_R,      /* relationship ids in documents */
    XML_RELS,   /* relationship parts */
    XML_TYPES,  /* [Content_Types].xml */
    XML_CORE,   /* core properties */
    XML_DC,     /* Dublin Core, and its terms */
    XML_APP,    /* extended properties */
    XML_CUSTOM, /* custom properties */
    XML_OFFICE, /* OpenDocument, this and the following */
    XML_TEXT,
    XML_TABLE,
    XML_STYLE,
    XML_DRAW,
    XML_FO,
    XML_META,
    XML_SVG,
    XML_CALC, /* what LibreOffice adds to tables */
    XML_OTHER,
};

struct xml;

/* Any of them may be NULL. `attrs` are name and value in turn, NULL at the end: xml_attr(). */
struct xml_handler {
    void (*start)(struct xml *xml, enum xml_ns ns, const char *name, const char **attrs);
    void (*end)(struct xml *xml, enum xml_ns ns, const char *name);
    void (*text)(struct xml *xml, struct str text);
};

/* Reads `bytes`, the part `part`. RC_INVALID where it is not well-formed, RC_LIMIT where it nests
 * too deep. */
MUST_CHECK int xml_read(struct ctx *cx, struct str part, struct str bytes,
                        const struct xml_handler *handler, void *arg);

void *xml_arg(const struct xml *xml);
unsigned xml_depth(const struct xml *xml); /* 1 for the root and in its handlers */

/* Ends the reading without an error: the handlers are called no more. */
void xml_stop(struct xml *xml);

/* Value of an attribute, or NULL. One without a prefix counts as of the element's own vocabulary,
 * where there is none with it. */
const char *xml_attr(const char **attrs, enum xml_ns ns, const char *name);
bool xml_is(const char *a, const char *b); /* same text; false where one is NULL */

/* What a reader does at an element; `start` and `end` may be NULL. */
struct xml_element {
    enum xml_ns ns;
    const char *name;
    void (*start)(struct xml *xml, const char **attrs);
    void (*end)(struct xml *xml);
};

/* The one of a table, or NULL. */
const struct xml_element *xml_element_of(const struct xml_element *elements, size_t n,
                                         enum xml_ns ns, const char *name);

/* true, 1, on and an attribute that is not there (NULL) are true. */
bool xml_on(const char *value);
/* A whole number from 0 to `most`, or `otherwise`. */
unsigned xml_number(const char *value, unsigned most, unsigned otherwise);

#endif
