/* What the files of src/register share. */
#ifndef ASSAY_REGISTER_INTERNAL_H
#define ASSAY_REGISTER_INTERNAL_H

#include "register/register.h"

/* One way to call a field, in the index by words. */
struct words_header {
    const struct register_def *def;
    const struct register_field *field;
    const struct register_words *words;
    double weight; /* of all its words */
    bool group;    /* stands above a group of columns */
};

struct words_list {
    uint32_t *items;
    size_t n, room;
};

/* All words of headings, names and choices, and those of registers/words.yaml. */
struct register_vocabulary {
    struct dict *words; /* to numbers from 1 */
    struct str *spelt;  /* by number */
    double *weight;     /* by number; of words that are not known at 0 */
    uint32_t *fields;   /* by number: in how many fields' headings it stands */
    size_t word_n, word_room;
    size_t sealed;     /* words from this number on mean nothing in headings; 0 while learning */
    struct dict *same; /* a spelling or abbreviation to const struct str * */
    struct dict *drop; /* words that headings do not hang on */
    struct dict *keep; /* words that end in "s" in the singular */
    struct dict *empty, *yes, *no, *samples, *months;
    struct dict *levels; /* words of scales to their number among `level_n` and 1 */
    struct dict *roles;  /* words of people who are named by what they do */
    struct dict *joins;  /* "and" between two people or things */
    struct words_header *headers;
    size_t header_n, header_room;
    struct words_list *by_word;        /* numbers of headers by word */
    struct words_list letters[26][24]; /* words by first letter and length, for misspelt ones */
};

MUST_CHECK int words_load(struct ctx *cx, const struct content *content,
                          struct register_vocabulary **ret);
/* Adds words that are not known yet: while loading only. What is learnt after words_seal() tells
 * choices of registers and fields that no table is recognised by. */
void words_learn(struct ctx *cx, struct register_vocabulary *v, struct str text,
                 struct register_words *ret);
/* When all is learnt: the index of the headers. */
void words_seal(struct ctx *cx, struct register_vocabulary *v, const struct registers *registers);

/* Text in lower case without accents and signs of punctuation that are not ASCII; as it is where
 * nothing else is in it. */
struct str words_fold(struct arena *mem, struct str text);
/* Words of a text as headings have them. Words in `ret`, at most `most`; gives how many. */
size_t words_split(struct arena *mem, const struct register_vocabulary *v, struct str text,
                   struct str *ret, size_t most);
/* The number of a word that headings may have, misspelt ones too (`*ret_exact` is false then); 0
 * for none. */
uint32_t words_number(const struct register_vocabulary *v, struct str word, bool *ret_exact);
/* The same of any word that was learnt. */
uint32_t words_number_of_any(const struct register_vocabulary *v, struct str word);
/* How much a word tells. */
double words_weight(const struct register_vocabulary *v, uint32_t word);

/* The first day in a text; months and quarters give their last day. */
bool days_find(struct arena *mem, const struct register_vocabulary *v, struct str text,
               bool month_first, struct date *ret);
/* Whether the days of a column are month/day/year: some can be nothing else. */
bool days_month_first(struct arena *mem, const struct str *cells, size_t n);

/* The records of a register: id, ref and what else they are known by; and the values of a field
 * with the records they stand in. */
struct str sql_records(struct arena *mem, const struct register_def *def);
struct str sql_values(struct arena *mem, const struct register_def *def,
                      const struct register_field *field);

#endif
