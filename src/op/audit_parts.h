/* What the files that make the audit time share. */
#ifndef ASSAY_OP_AUDIT_PARTS_H
#define ASSAY_OP_AUDIT_PARTS_H

#include "op/audit_time.h"

#define AUDIT_FACTORS 16u
#define AUDIT_GROUPS 2u

struct span {
    int64_t least, most;
};

struct factor {
    const struct value *data;
    struct str id;
    size_t group;
    struct span score; /* both the same where it is known */
    bool known, proposed;
    struct value *value; /* as in the result */
};

struct audit {
    struct ctx *cx;
    const struct value *data; /* audit-time.yaml */
    const struct value *said, *proposed;
    struct value *result, *steps, *unknown;
    struct factor factors[AUDIT_FACTORS];
    size_t factor_n;
    struct str groups[AUDIT_GROUPS];
    int64_t persons; /* as they count; 0 where unknown */
    int64_t base;    /* of the table */
    int64_t other;   /* percent, in thousandths, for reasons besides the matrix */
    bool known;      /* persons and all factors */
    struct span total;
    int64_t usual; /* -1 where not known */
};

/* Of thousandths: 9500 is "9.5", 9350 "9.35". */
struct str audit_number(struct arena *mem, int64_t thousandths);
/* "9.5" or "8.5 to 12". */
struct str audit_span(struct arena *mem, struct span span);
/* To the nearest part of a day that the data names, half up. */
int64_t audit_round(const struct audit *a, int64_t days);
/* `days` times a fraction, "1/3". */
int64_t audit_fraction(const struct audit *a, const char *key, int64_t days);
/* A step of the reckoning. */
void audit_step(struct audit *a, const char *title, struct str says, struct str result);

/* audit_input.c: the persons and factors, and how they were come by. */
void audit_take_persons(struct audit *a);
int audit_take_factors(struct audit *a) MUST_CHECK;

/* audit_quote.c */
MUST_CHECK int audit_quote(struct audit *a, const struct value *quote);

#endif
