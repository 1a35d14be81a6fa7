/*
 * The inside of commitments, shared by commitment_words.c, which loads, commitment_values.c, which
 * understands numbers and times, and commitments.c, which finds.
 */
#ifndef ASSAY_JUDGE_COMMITMENT_PARTS_H
#define ASSAY_JUDGE_COMMITMENT_PARTS_H

#include "judge/commitments.h"

/* "P3M": so many of a unit of ISO 8601, `time` for those behind the T. */
struct period {
    int64_t n;
    char unit; /* Y M W D, or H M S behind the T; 0 for none */
    bool time;
};

/* What a value looks like. */
struct value_words {
    enum commitment_kind kind;
    struct period every;     /* fixed: "annually" */
    struct str unit;         /* of a number: "characters" */
    bool time;               /* the number has a unit of time behind it */
    enum comparison compare; /* where nothing nearby says otherwise */
    struct pattern_list says;
    struct pattern_list cells;  /* headings of columns and labels whose cell is such a value */
    struct pattern_list unless; /* where it is none after all */
};

struct topic {
    struct str id;
    uint32_t kinds;  /* a bit for each enum commitment_kind */
    struct str unit; /* of a threshold; "" for any */
    struct pattern_list about, nots;
    uint32_t axes; /* a bit for each axis that tells two promises apart */
};

struct axis_value {
    struct str id;
    struct pattern_list says;
};

struct axis {
    struct str id;
    struct axis_value *values;
    size_t n, room;
};

struct commitment_words {
    struct dict *units;              /* "days" to const struct period * */
    struct dict *business, *between; /* words between a number and its unit */
    struct value_words *values;
    size_t value_n, value_room;
    struct pattern_list least, most, duty, past, nots, headings, who;
    struct topic *topics;
    size_t topic_n, topic_room;
    struct axis *axes;
    size_t axis_n, axis_room;
};

/* A number, or a time where it has a unit behind it. */
struct quantity {
    uint32_t from, to; /* tokens */
    int64_t thousandths;
    struct period period; /* unit 0 for a bare number */
    bool business;
};

bool period_parse(struct str s, struct period *ret);
int64_t period_minutes(struct period period);
struct str period_text(struct arena *mem, struct period period);

/* The first quantity in tokens [from, to); with `time` only one with a unit of time, which may
 * stand behind `to`. */
bool quantity_find(const struct reading *r, const struct commitment_words *words, uint32_t from,
                   uint32_t to, bool time, struct quantity *ret);

#endif
