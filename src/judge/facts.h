/*
 * What a document says about itself: title, version, status, people, dates, classification. From
 * front matter and properties, control tables, label lines, page headers and footers.
 */
#ifndef ASSAY_JUDGE_FACTS_H
#define ASSAY_JUDGE_FACTS_H

#include "judge/reading.h"

enum fact {
    FACT_TITLE,
    FACT_VERSION,
    FACT_STATUS,
    FACT_AUTHOR,
    FACT_OWNER,
    FACT_APPROVED_BY,
    FACT_APPROVED_ON,
    FACT_EFFECTIVE_ON,
    FACT_DATED,
    FACT_REVIEW_DUE,
    FACT_CLASSIFICATION,
    FACT_CHANGED_ON, /* last reviewed or changed: is found as FACT_DATED */
    FACT_NUMBER,     /* of the document among others: POL-04 */
    FACT_OTHER,      /* labels that end the value before them, and are nothing more */
    FACT_COUNT,
};

struct fact_value {
    struct str text;  /* "" where the document does not say */
    struct date date; /* of those that are days */
    uint32_t passage; /* where it stands; READING_NONE for a property of the file */
    bool open;        /* the label is there and only a placeholder behind it */
};

struct facts {
    struct fact_value of[FACT_COUNT];
};

/* "approved_by" and so on; FACT_COUNT for an unknown name. */
enum fact fact_of(struct str name);
const char *fact_name(enum fact fact);

void facts_find(struct ctx *cx, const struct reading *reading, struct facts *ret);

#endif
