/*
 * The inside of struct patterns, shared by pattern.c, which compiles, and match.c, which finds.
 */
#ifndef ASSAY_JUDGE_PATTERN_TREE_H
#define ASSAY_JUDGE_PATTERN_TREE_H

#include "judge/pattern.h"

/* Ids of spans: classes, then sets from CLASS_COUNT on, then beginnings of words. */
#define PREFIX_BASE (1u << 20)

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
    struct mask some; /* all that may match within it; of a mandatory part one bit must be there */
    struct id_list stems, spans; /* single words and spans of a choice, taken out of its kids */
    struct str text;             /* of an exact word with capitals */
};

struct pattern {
    struct node *node;
    uint32_t number; /* of a pattern; of a set's phrase the span it makes */
};

/* Patterns that may begin with one word or span. */
struct bucket {
    struct pattern *items;
    size_t n, room;
};

struct index {
    struct bucket *stems, *words;
    struct bucket *spans; /* classes and sets */
    struct bucket *prefixes;
    struct bucket any; /* anything may begin them */
};

struct patterns {
    struct arena *mem;
    const struct language *language;
    struct vocabulary vocabulary;
    struct dict *prefixes; /* beginnings of words to numbers */
    struct dict *sets;     /* name to number */
    struct dict *texts;    /* pattern text to number */
    struct pattern *items;
    size_t n, room;
    /* Sets are found level by level: those that use no other set, those that use such, ... */
    struct bucket levels[PATTERN_LEVELS];
    struct index level_index[PATTERN_LEVELS];
    struct id_list set_levels; /* of each set, from 1 on; [0] is unused */
    struct index index;
};

#endif
