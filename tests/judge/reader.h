/* Readings of short texts, for the tests of judge/. */
#ifndef ASSAY_TESTS_JUDGE_READER_H
#define ASSAY_TESTS_JUDGE_READER_H

#include "judge/kinds.h"
#include "judge/library.h"
#include "tests/harness.h"

/* Signals of one made-up kind, given as the YAML of its file, in the real English. */
struct signals *reader_signals(struct ctx *cx, const char *kind);

/* A Markdown text read with them; NULL signals for English without kinds. */
struct reading *reader_read(struct ctx *cx, struct signals *signals, const char *markdown);

/* Whether `pattern` matches somewhere in `text`; `ret` is what it matched first, "" for nothing. */
struct str reader_match(struct ctx *cx, const char *pattern, const char *text);

/* How often `pattern` matches in `text`; checks that the matches are in order. */
size_t reader_matches(struct ctx *cx, const char *pattern, const char *text);

/* The embedded standard with its languages, once for all tests of the process. */
struct library *reader_library(void);

#endif
