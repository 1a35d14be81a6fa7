/*
 * The box in which people search: records by the words in them.
 *
 * Words are folded (base/fold.h) and found by how they begin: "back" finds "Backups". All words of
 * a search must be in a record: in its ref, in its own texts, choices and days, in names that it
 * says. What it refers to is not searched, so that another record's change never makes this one
 * stale. The index is SQLite's FTS5 or PostgreSQL's tsvector; which hits come first is decided
 * here, so that both answer alike.
 */
#ifndef ASSAY_REGISTER_RECORD_SEARCH_H
#define ASSAY_REGISTER_RECORD_SEARCH_H

#include "register/record.h"

/* Makes the index where there is none. */
MUST_CHECK int record_search_tables(struct ctx *cx, const struct record_store *rs);

/* Brings it in line with the version that was just written, in the same transaction. */
MUST_CHECK int record_search_update(struct ctx *cx, const struct record_store *rs,
                                    const struct record *record);

/* Puts the words in that waited (record_together.h). */
MUST_CHECK int record_search_settle(struct ctx *cx, const struct record_store *rs,
                                    const struct record_together *together);

/* So that no word is left in it of what was erased: an index only notes what went. */
MUST_CHECK int record_search_purge(struct ctx *cx, const struct record_store *rs);

/* Whether it has the words of this record, and no others. */
MUST_CHECK int record_search_same(struct ctx *cx, const struct record_store *rs,
                                  const struct record *record, bool *ret);
/* Whether what is beside the words is whole: no rows of records that are not there, and what the
 * database makes of the words. `*ret_wrong` is "" or what is wrong. In a transaction that writes.
 */
MUST_CHECK int record_search_whole(struct ctx *cx, const struct record_store *rs,
                                   struct str *ret_wrong);

/* Makes all of it anew. */
MUST_CHECK int record_search_rebuild(struct ctx *cx, const struct record_store *rs);

struct record_hit {
    struct record record;
    struct str label, excerpt;
    unsigned score;
};

/* The best hits first. `as_of` is an instant, "" for now. */
MUST_CHECK int record_search(struct ctx *cx, const struct record_store *rs, struct str words,
                             struct str as_of, struct record_hit **ret, size_t *ret_n);

/* What people call a record beside its ref: its name or title, in one line. */
struct str record_label(struct arena *mem, const struct register_def *def,
                        const struct value *body);

#endif
