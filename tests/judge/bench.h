/* A store with facts for tests of the judging, filled from short descriptions. */
#ifndef ASSAY_TESTS_JUDGE_BENCH_H
#define ASSAY_TESTS_JUDGE_BENCH_H

#include "judge/rules.h"
#include "register/register.h"
#include "tests/judge/homes.h"

struct bench {
    struct ctx *cx;
    struct store *store;
    const struct standard *standard;
    const struct registers *registers;
    const struct rules *rules;
    int64_t documents;
    struct stmt **derive; /* what tables_derive() runs, prepared once for many cases */
    size_t derive_n;
    struct homes homes; /* opened where a rule of a home is tried */
};

/* The embedded standard, its rules, and a store with its tables. */
MUST_CHECK int bench_open(struct ctx *cx, struct bench *b);
void bench_close(struct bench *b);

/*
 * Adds the facts of a case and derives the rest. A case may hold
 *   have: [KIND]       a document KIND.md of that kind, numbered from 1, that meets all its
 * criteria forms: [KIND]      an unfilled form of that kind lacks, partly:     criteria that those
 * documents do not meet, or in part met: [CRITERION]   met by a document of no kind document: {N:
 * {column: value}}, mention: N (controls named by document 1), run: {...},
 *   lines: N (controls decided on by document 1: all apply), line: {CONTROL: {column: value}},
 * rows: {table: [row]}, records: {register: [{field: value}]}: a field that a record has, if only
 * with null, is a column of its table; `document: N` says whose it is (the first, unless said).
 */
MUST_CHECK int bench_case(struct bench *b, const struct value *test);

/* The records of a case. */
MUST_CHECK int bench_records(struct bench *b, const struct value *records);

/* The case as YAML text. */
MUST_CHECK int bench_yaml(struct bench *b, const char *yaml);

#endif
