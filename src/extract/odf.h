/*
 * The parts of the OpenDocument readers: what ODT and ODS have in common (odf.c), styles and
 * numbering of texts (odt_style.c), texts (odt.c) and spreadsheets (ods.c). Inside extract/ only.
 */
#ifndef ASSAY_EXTRACT_ODF_H
#define ASSAY_EXTRACT_ODF_H

#include "extract/word.h"
#include "extract/xml.h"
#include "extract/zip.h"

/* The parts as text; of a flat file all of them are the file. */
struct odf {
    struct flow *flow;
    struct str content, styles, meta;
};

/* RC_INVALID where it is encrypted or the content is missing. */
MUST_CHECK int odf_open(struct flow *flow, struct container *container, struct odf *ret);

/* A part that a document can do without: a damaged one is noted. */
MUST_CHECK int odf_optional(const struct odf *odf, const char *part, struct str bytes,
                            const struct xml_handler *handler, void *arg);

/* meta.xml: title, author and so on as property blocks. */
MUST_CHECK int odf_properties(const struct odf *odf);

/* How often the attribute says that something comes, once at least, `most` at most. */
unsigned odf_times(const char **attrs, enum xml_ns ns, const char *name, unsigned most);

/* Character data into `out`: line ends of the file are blanks. */
void odf_add_text(struct buf *out, struct str text);

/* True for elements whose text is not the document's: comments, deleted text, sources of indexes,
 * descriptions of pictures. */
bool odf_is_skipped(enum xml_ns ns, const char *name);

struct odt_styles {
    struct word_styles *word;
    struct dict *lists; /* name of a list style to its number in `word` */
    unsigned outline;   /* number of the list that headings are in, 0 for none */
};

/* Reads the styles of both parts. */
MUST_CHECK int odt_styles_read(const struct odf *odf, struct odt_styles *ret);

/* "p" paragraphs and "t" spans have names of their own. NULL where there is none. */
const struct word_style *odt_style_find(const struct odt_styles *styles, char family,
                                        const char *name);
unsigned odt_list_find(const struct odt_styles *styles, const char *name);

MUST_CHECK int odt_parts_read(const struct odf *odf);
MUST_CHECK int ods_parts_read(const struct odf *odf);

#endif
