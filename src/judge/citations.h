/*
 * Sections that a document says it has: "see section 4.3". Whether it has one is only said where
 * its own numbers stand in its text and run on, since programs number headings by themselves.
 */
#ifndef ASSAY_JUDGE_CITATIONS_H
#define ASSAY_JUDGE_CITATIONS_H

#include "judge/signals.h"
#include "store/store.h"

struct citation {
    uint32_t passage;
    struct str number; /* "4.3" */
    struct str quote;
};

struct citations {
    struct citation *items; /* in reading order */
    size_t n, room;
};

/* Takes `citations:` of the language file, which may be lacking. To be called before
 * signals_seal(). */
MUST_CHECK int citations_load(struct ctx *cx, struct signals *signals, const char *file,
                              const struct value *language);

/* Plain words of the language, a list: "annex", "version" or "range". NULL where it has none. */
const struct value *citations_words(const struct signals *signals, const char *key);

/* Sections that are cited and not there. */
void citations_lost(struct ctx *cx, const struct signals *signals, const struct reading *reading,
                    struct citations *ret);

/* Writes them as facts (standards/facts.sql). */
MUST_CHECK int citations_write(struct ctx *cx, struct store *store, const struct signals *signals,
                               const struct reading *reading, int64_t document, struct str path);

#endif
