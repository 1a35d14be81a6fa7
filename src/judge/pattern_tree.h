/*
 * The inside of struct patterns, shared by pattern.c, which compiles, seal.c, which closes,
 * and find.c and match.c, which find.
 */
#ifndef ASSAY_JUDGE_PATTERN_TREE_H
#define ASSAY_JUDGE_PATTERN_TREE_H

#include "judge/pattern.h"

/* Ids of spans: classes, then sets from CLASS_COUNT on, then beginnings of words. */
#define PREFIX_BASE (1u << 20)

#define PREFIX_BYTES 24u /* of a word whose beginning is asked for */

#define PATTERN_LEVELS 6u /* sets in sets */

enum node_type {
    NODE_STEM,
    NODE_EXACT,
    NODE_SPAN, /* a class, a set, or the beginning of a word */
    NODE_ANY,
    NODE_BEGIN,
    NODE_END,
    NODE_SEQUENCE,
    NODE_CHOICE,
    NODE_MAYBE
};

enum link { LINK_NEAR, LINK_TIGHT, LINK_WIDE, LINK_SENTENCE };

/*
 * Which words and spans something has or asks for, a bit for many. Two masks without a common bit
 * cannot match; most attempts end with that question.
 */
struct mask {
    uint64_t bits[4];
};

struct id_list {
    uint32_t *items;
    size_t n, room;
};

struct node {
    enum node_type type;
    uint8_t link;      /* enum link, to the node before it */
    bool wild;         /* anything may begin it */
    bool open;         /* that, or it may match nothing: `first` does not decide */
    uint32_t id;       /* of a stem, word or span */
    struct mask first; /* what may begin it */
    struct node *kids;
    size_t kid_n, kid_room;
    struct id_list stems, words, spans; /* single ones of a choice, taken out of its kids */
    struct str text;                    /* of an exact word with capitals */
};

struct pattern {
    struct node *node;
    uint32_t number; /* of a pattern; of a set's phrase the span it makes */
    bool late, gate;
};

struct bucket {
    struct pattern *items;
    size_t n, room;
};

/*
 * Terms are all that a pattern can ask a token for, numbered through: stems, exact words, then
 * classes, sets and beginnings of words. A need is a list of terms of which a sentence must have
 * one; patterns share needs.
 */
struct terms {
    uint32_t *items;
    size_t n, room;
};

struct needs {
    struct terms *items; /* [0] is unused */
    size_t n, room;
};

/* How a pattern is found. */
struct plan {
    const struct node *node;
    uint32_t number;
    bool wild; /* anything may begin it */
    bool late, gate;
    uint32_t *needs; /* all of which a sentence must have */
    size_t need_n, need_room;
};

struct plans {
    struct plan *items;
    size_t n, room;
};

struct patterns {
    struct arena *mem;
    const struct language *language;
    struct vocabulary vocabulary;
    struct dict *prefixes; /* beginnings of words to numbers */
    struct dict *sets;     /* name to number */
    struct dict *texts;    /* pattern text to number */
    struct pattern *items; /* by number, from 1 */
    size_t n, room;
    bool late; /* those that are added now */
    /* Sets are found level by level: those that use no other set, those that use such, ... */
    struct bucket levels[PATTERN_LEVELS];
    struct id_list set_levels; /* of each set, from 1 on; [0] is unused */

    /* Made by patterns_seal(). */
    struct plans level_plans[PATTERN_LEVELS];
    struct plans plans;
    struct needs needs;
    struct dict *need_numbers;                  /* by their bytes */
    uint32_t prefix_lengths[256];               /* by their first byte, a bit for each length */
    uint32_t word_base, span_base, prefix_base; /* numbers of terms */
    uint32_t term_n;
};

uint32_t term_of_stem(const struct patterns *patterns, uint32_t stem);
uint32_t term_of_word(const struct patterns *patterns, uint32_t word);
uint32_t term_of_span(const struct patterns *patterns, uint32_t span);

/* ---- masks ---- */

enum mask_kind { MASK_STEM, MASK_WORD, MASK_SPAN };

void mask_set(struct mask *mask, enum mask_kind kind, uint32_t id);

static inline void mask_add(struct mask *mask, const struct mask *other)
{
    for (size_t i = 0; i < COUNT_OF(mask->bits); i++)
        mask->bits[i] |= other->bits[i];
}

static inline bool mask_meets(const struct mask *a, const struct mask *b)
{
    return ((a->bits[0] & b->bits[0]) | (a->bits[1] & b->bits[1]) | (a->bits[2] & b->bits[2]) |
            (a->bits[3] & b->bits[3])) != 0;
}

/* ---- matching ---- */

/* What is matched against: one sentence of the tokens. */
struct scene {
    const struct tokens *tokens;
    struct mask *token_masks;
    uint32_t from, to; /* the sentence */
};

/* The end of the longest match that begins at token `at` of the sentence; `at` itself for none. */
uint32_t match_longest(const struct scene *scene, const struct node *node, uint32_t at);

#endif
