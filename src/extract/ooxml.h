/*
 * What DOCX and XLSX have in common: parts that refer to each other by relationships, and file
 * properties. Inside extract/ only.
 */
#ifndef ASSAY_EXTRACT_OOXML_H
#define ASSAY_EXTRACT_OOXML_H

#include "extract/internal.h"
#include "extract/xml.h"
#include "extract/zip.h"

struct relation {
    struct str id;
    struct str type;   /* what stands behind the last slash: "styles", "worksheet" */
    struct str target; /* name of the part in the container; of an external one "" */
};

struct relations {
    struct relation *items;
    size_t count, room;
};

/* The relationships of a part, of the package itself for "". None where it has none. */
MUST_CHECK int relations_read(struct flow *flow, struct container *container, struct str part,
                              struct relations *ret);

/* NULL where there is none. */
const struct relation *relation_of_type(const struct relations *relations, const char *type);
const struct relation *relation_of_id(const struct relations *relations, struct str id);

/* The part that holds the document: by relationship, else `usual`. */
MUST_CHECK int main_part(struct flow *flow, struct container *container, const char *usual,
                         struct str *ret);

/*
 * Reads a part that a document can do without: a missing one is passed over, a damaged one is
 * noted. Other errors are returned.
 */
MUST_CHECK int part_optional(struct flow *flow, struct container *container, struct str part,
                             const struct xml_handler *handler, void *arg);

/* docProps: title, subject, author and so on as property blocks. */
MUST_CHECK int properties_read(struct flow *flow, struct container *container);

#endif
