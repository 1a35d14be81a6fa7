/*
 * A document as it is read: passages in their sections, lists and tables, sentences with what
 * speaks against them as evidence, and the places where patterns matched.
 *
 * A reading lives in the arena of its context and points into the extract it was made from.
 */
#ifndef ASSAY_JUDGE_READING_H
#define ASSAY_JUDGE_READING_H

#include "extract/extract.h"
#include "judge/pattern.h"

#define READING_NONE UINT32_MAX
#define READING_TOKENS 200000u /* what comes after so many words of a document is not judged */

struct passage {
    const struct block *block; /* NULL for the file's name and the title */
    struct str text;           /* of a row "Header: cell. Header: cell." */
    uint32_t token_from, token_to;
    uint32_t section; /* innermost, READING_NONE before the first heading */
    uint32_t list;    /* items and their lead-in share a number from 1 */
    bool lead;        /* the lead-in of its list */
    uint32_t table;   /* from 1 */
    bool evidence;    /* may count at all */
    uint32_t above;   /* the item that leads this one in, as "Retention:" does; 0 for none */
};

struct section {
    uint32_t heading; /* passage */
    uint32_t parent;  /* section, or READING_NONE */
    uint32_t to;      /* passage after its last, subsections included */
    uint8_t level;
    bool title; /* the document's own title: its section is the document */
};

struct table {
    uint32_t from, to; /* passages */
    uint32_t header;   /* passage, or READING_NONE */
    bool labels;       /* label and value in each row */
    bool history;      /* of revisions */
};

struct sentence {
    uint32_t passage;
    uint32_t from, to; /* tokens */
    uint32_t guards;   /* enum guard */
};

struct cards;

struct reading {
    const struct language *language;
    struct str path;
    const struct extract *extract;
    struct passage *passages; /* [0] the file's name, [1] the title */
    size_t passage_n, passage_room;
    struct section *sections;
    size_t section_n, section_room;
    struct table *tables; /* [0] is unused */
    size_t table_n, table_room;
    struct sentence *sentences; /* by number, [0] unused */
    size_t sentence_n;
    struct tokens *tokens;
    struct hits hits;
    const struct cards *cards; /* judge/cards.h */
    struct str title;
    uint32_t placeholders;
    bool cut; /* the document is longer than READING_TOKENS */
};

/* The patterns of the guards of a language, added to `patterns` before it is sealed. */
struct guard_patterns {
    struct {
        uint32_t pattern;
        enum guard guard;
    } * items;
    size_t n, room;
};

MUST_CHECK int guards_load(struct ctx *cx, struct patterns *patterns, struct guard_patterns *ret);

MUST_CHECK int reading_make(struct ctx *cx, const struct patterns *patterns,
                            const struct guard_patterns *guards, struct str path,
                            const struct extract *extract, struct reading **ret);

/* Passage of a token, and sentence number. */
const struct passage *reading_passage_of(const struct reading *r, uint32_t token);
const struct sentence *reading_sentence_of(const struct reading *r, uint32_t token);

/* Text of the headings above a passage, outermost first, joined by " > "; without the title. */
struct str reading_heading_path(struct arena *mem, const struct reading *r, uint32_t passage);
/* The words of a sentence as they stand in the passage. */
struct str reading_sentence_text(const struct reading *r, const struct sentence *sentence);

/* The first hit of `pattern` that begins at `from` or after it, or the one after its last. */
uint32_t hits_from(const struct hits *hits, uint32_t pattern, uint32_t from);
/* Whether some hit of `pattern` lies in tokens [from, to). */
bool hits_have(const struct hits *hits, uint32_t pattern, uint32_t from, uint32_t to);
bool reading_has(const struct reading *r, uint32_t pattern, uint32_t from, uint32_t to);

/* Whether a cell says nothing: empty, a dash, "tbd", a placeholder. */
bool reading_cell_empty(const struct language *language, struct arena *mem, struct str cell);

#endif
