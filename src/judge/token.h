/*
 * Text as tokens: words with their stems, numbers, placeholders, and the spans over them that are
 * dates, durations, names and the like (the classes of docs/signals.md).
 *
 * Only words that some pattern uses have a number in the vocabulary; all others have 0. So the
 * vocabulary does not grow with what is read.
 */
#ifndef ASSAY_JUDGE_TOKEN_H
#define ASSAY_JUDGE_TOKEN_H

#include "judge/language.h"

enum token_flag {
    TOKEN_FUNCTION = 1, /* the, of, to: no distance */
    TOKEN_CAPITAL = 2,
    TOKEN_NUMBER = 4,
    TOKEN_PLACEHOLDER = 8,
    TOKEN_HEADER = 16,     /* the column's heading before a table cell */
    TOKEN_LETTERS = 32,    /* nothing but letters */
    TOKEN_INITIAL = 64,    /* one capital with a full stop: J. */
    TOKEN_JOINED = 128,    /* no blank before it */
    TOKEN_ASKS = 256,      /* a question mark follows */
    TOKEN_CONTINUES = 512, /* for tokens_add(): goes on with the sentence before */
    TOKEN_CODE = 1024,     /* the number before a name, or the version behind it */
};

enum token_class {
    CLASS_DATE = 1,
    CLASS_YEAR,
    CLASS_NUMBER,
    CLASS_PERCENT,
    CLASS_DURATION,
    CLASS_MONEY,
    CLASS_NAME,
    CLASS_ORG,
    CLASS_CONTROL,
    CLASS_CLAUSE,
    CLASS_VERSION,
    CLASS_EMAIL,
    CLASS_URL,
    CLASS_ADDRESS,
    CLASS_TIME,
    CLASS_ANY,
    CLASS_COUNT,
};

struct token {
    uint32_t stem;   /* number in the vocabulary of stems, 0 for none */
    uint32_t exact;  /* number in the vocabulary of exact words, 0 for none */
    struct str word; /* as written */
    struct str low;  /* lower case, spelling joined */
    uint32_t flags;
    uint32_t sentence;
    uint32_t span; /* first of its spans in `tokens.spans`, 0 for none */
};

/* A class or a set that begins at a token. */
struct span {
    uint32_t id; /* enum token_class, or CLASS_COUNT and up: a set */
    uint32_t n;  /* tokens */
    uint32_t next;
};

struct tokens {
    struct arena *mem;
    struct token *t;
    size_t n, room;
    struct span *spans; /* [0] is unused */
    size_t span_n, span_room;
    uint32_t sentences; /* so many so far */
    struct dict *known; /* words that were looked up: token.c's own */
};

struct vocabulary {
    struct dict *stems;
    struct dict *words;
};

struct tokens *tokens_new(struct arena *mem);

/* Appends the tokens of `text`, whose bytes must outlive them; always with the same language and
 * vocabulary. With `split` it is cut into
 * sentences, else all of it is one; either way a new sentence begins with it. */
void tokens_add(struct tokens *tokens, const struct language *language,
                const struct vocabulary *vocabulary, struct str text, bool split, uint32_t flags);

/* Finds the classes over tokens `from` to the end, sentence by sentence. */
void tokens_classify(struct tokens *tokens, const struct language *language, size_t from);

void tokens_add_span(struct tokens *tokens, size_t at, uint32_t id, uint32_t n);
/* Tokens of the longest span `id` that begins at `at`, 0 for none. */
uint32_t tokens_span(const struct tokens *tokens, size_t at, uint32_t id);

/* What follows the letter and the point of a number with a letter, as "2.1" does in "x.2.1"; "" for
 * anything else. Which letter numbers what is for the standard to know. */
struct str token_after_letter(struct str low);

/* CLASS_DATE for "date"; 0 for an unknown name. */
enum token_class token_class_of(struct str name);

/* The day that the tokens from `at` on name, as tokens_classify() saw it; months and quarters give
 * their last day. Day and month are read as written in most of the world (d/m/y) unless only m/d/y
 * is a date. False where there is none. */
bool token_date(const struct tokens *tokens, const struct language *language, size_t at,
                struct date *ret, uint32_t *ret_n);

#endif
