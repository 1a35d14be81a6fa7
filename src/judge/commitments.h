/*
 * Commitments: what a document promises to do so often, by when, for how long, or with which
 * value. A sentence is one only where it names such a value, binds the organisation and its own
 * people, and is neither advice nor history nor somebody else's duty.
 *
 * The words are the language's (languages/XX.yaml, "commitments"), the topics and what tells two
 * promises on one topic apart are the standard's (standards/ID/commitments.yaml; docs/signals.md,
 * "Commitments"). Both are compiled with the signals of the language.
 */
#ifndef ASSAY_JUDGE_COMMITMENTS_H
#define ASSAY_JUDGE_COMMITMENTS_H

#include "judge/signals.h"

#define COMMITMENTS_MOST 2000u /* of one document; of more, the first */

enum commitment_kind {
    COMMITMENT_FREQUENCY, /* so often */
    COMMITMENT_DEADLINE,  /* within so long */
    COMMITMENT_RETENTION, /* for so long */
    COMMITMENT_THRESHOLD, /* such a value */
    COMMITMENT_KINDS,
};

enum comparison { COMPARE_NONE, COMPARE_LEAST, COMPARE_MOST };

struct commitment {
    uint32_t passage;
    enum commitment_kind kind;
    struct str topic;       /* its id, "" for none */
    bool assumed;           /* the topic was only taken from the heading above */
    struct str qualifiers;  /* "severity=critical", by the axes of the topic, "" for none */
    struct str who, what;   /* as the document says it; `who` may be "" */
    struct str said;        /* the words of the value */
    struct str value, unit; /* "P1Y", "PT24H", or "12" and "characters" */
    int64_t amount;         /* minutes, or thousandths of the unit */
    bool business;          /* in days on which people work */
    enum comparison compare;
    struct str quote;
};

struct commitments {
    struct commitment *items; /* in reading order */
    size_t n, room;
};

const char *commitment_kind_name(enum commitment_kind kind);
const char *comparison_name(enum comparison compare);

/* Takes the words of the language and the topics of the standard; `topics` may be NULL. A language
 * without `commitments` has none. To be called before signals_seal(). */
MUST_CHECK int commitments_load(struct ctx *cx, struct signals *signals, const char *file,
                                const struct value *language, const char *topics_file,
                                const struct value *topics);

/* Nothing where the language has no words for them. With `cells` only what a column says by its
 * heading counts: rows of a register tell of one thing each. */
MUST_CHECK int commitments_find(struct ctx *cx, const struct signals *signals,
                                const struct reading *reading, bool cells, struct commitments *ret);

#endif
