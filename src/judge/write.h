/*
 * What was read, written into the facts that rules read (standards/facts.sql).
 */
#ifndef ASSAY_JUDGE_WRITE_H
#define ASSAY_JUDGE_WRITE_H

#include "judge/kinds.h"
#include "store/store.h"

#define WRITE_PASSAGES 2000u

struct records; /* judge/records.h */

/* What the reading itself does not know of its file. */
struct source_file {
    int64_t id;
    struct str path;
    struct str sha256;
    uint64_t bytes;
    struct str language;
    int64_t copy_of; /* id of a document with the same bytes, 0 for none */
};

/* The nearest passage of each criterion over all documents, kept while they pass. */
struct nearest {
    struct {
        size_t nearness;       /* 0 for none */
        size_t filled, wanted; /* slots */
        struct str path, place, quote, heading, why_not;
        int64_t document;
    } * items; /* one a criterion, in the order of the kinds and their criteria */
    size_t n;
};

struct nearest *nearest_new(struct arena *mem, const struct signals *signals);

/* Writes one document; keeps in `nearest` (and its arena `keep`) what came nearer. */
MUST_CHECK int write_document(struct ctx *cx, struct store *store, const struct signals *signals,
                              const struct reading *reading, const struct facts *facts,
                              const struct kinds *kinds, const struct source_file *file,
                              const struct records *records, struct arena *keep,
                              struct nearest *nearest);

/* The passages of a document, at most WRITE_PASSAGES, for rules that look for names. */
MUST_CHECK int write_passages(struct ctx *cx, struct store *store, const struct reading *reading,
                              int64_t document);

/* A file whose text could not be judged: unread, or in a language without signals. */
MUST_CHECK int write_unjudged(struct ctx *cx, struct store *store, const struct source_file *file,
                              const char *format, struct str title, struct str error);

/* That `documents` are in the language of `signals`, for each kind that it has none for. */
MUST_CHECK int write_unsignalled(struct ctx *cx, struct store *store, const struct signals *signals,
                                 size_t documents);

MUST_CHECK int write_nearest(struct ctx *cx, struct store *store, const struct signals *signals,
                             const struct nearest *nearest);

/* "Scope > Sites, line 12", "Risks, row 7", "page 3": where people look for it. */
struct str place_text(struct arena *mem, struct str heading, const struct place *place);

/* Binds it to the columns of facts that say where: place, heading, page, line, sheet, row. */
MUST_CHECK int write_place(struct ctx *cx, struct stmt *stmt, struct str heading,
                           const struct place *place);

#endif
