/*
 * Patterns of words (docs/signals.md, "Patterns"), compiled once, all of them looked for in one
 * pass over the tokens of a document.
 *
 * struct patterns holds the patterns, the sets of a language and the vocabulary of all words in
 * them. It is filled by patterns_add(), closed by patterns_seal(), and from then on only read.
 */
#ifndef ASSAY_JUDGE_PATTERN_H
#define ASSAY_JUDGE_PATTERN_H

#include "judge/token.h"

#define PATTERN_DEPTH 8u   /* nesting of (...) and [...] */
#define PATTERN_ENDS 24u   /* ways to match one pattern at one place that are followed */
#define PATTERN_GAP 1u     /* other words between two words of a pattern */
#define PATTERN_FILLERS 4u /* function words between them */
#define PATTERN_WIDE 8u    /* words between them where it says ".." */

struct patterns;

/* With the sets of the language, which must outlive it. */
MUST_CHECK int patterns_new(struct ctx *cx, const struct language *language, struct patterns **ret);

/* Compiles `text`; `where` stands in the error ("languages/en.yaml:12"). The same text gives the
 * same number again. Numbers begin at 1. */
MUST_CHECK int patterns_add(struct ctx *cx, struct patterns *patterns, const char *where,
                            struct str text, uint32_t *ret_number);
void patterns_seal(struct patterns *patterns);

/* Most patterns that belong to few sentences would be tried in vain in all the others. Those that
 * are added while `late` is on are looked for only in sentences where a gate matched, a pattern
 * added earlier, and in those that patterns_find() is told of. */
void patterns_late(struct patterns *patterns, bool late);
void patterns_gate(struct patterns *patterns, uint32_t number);

size_t patterns_count(const struct patterns *patterns);
const struct vocabulary *patterns_vocabulary(const struct patterns *patterns);
const struct language *patterns_language(const struct patterns *patterns);

/* A place where a pattern matched: tokens `from` up to `to`. */
struct hit {
    uint32_t from;
    uint32_t to;
};

/* All hits of all patterns, grouped by pattern and in order of place. */
struct hits {
    struct hit *hit;
    size_t n;
    uint32_t *first; /* of pattern p: first[p] up to first[p + 1] */
};

/* Finds the language's sets in `tokens` (adding spans), then every pattern. `open` may be NULL, or
 * has a bit for each sentence in which late patterns are looked for whatever the gates say. */
void patterns_find(const struct patterns *patterns, struct tokens *tokens, const uint64_t *open,
                   struct hits *ret);

/* How many words of `open` there are, and one of its bits. */
size_t sentence_bits(const struct tokens *tokens);
void sentence_bit(uint64_t *bits, uint32_t sentence);

#endif
