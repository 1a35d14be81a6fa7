/* What was extracted, in short, for comparing with what was wanted. */
#ifndef ASSAY_TESTS_EXTRACT_BLOCKS_H
#define ASSAY_TESTS_EXTRACT_BLOCKS_H

#include "extract/extract.h"
#include "tests/harness.h"

/* Block `i` in short. */
struct str block_text(struct ctx *cx, const struct extract *e, size_t i);

/* Each block must be as wanted: kind, level, line and text, as in "H1@3 Scope". */
void blocks_check(struct ctx *cx, const struct extract *e, const char *const *wanted, size_t n);

#define BLOCKS(e, ...)                                                                             \
    do {                                                                                           \
        static const char *const wanted[] = {__VA_ARGS__};                                         \
        struct extract extract_ = (e);                                                             \
        blocks_check(cx, &extract_, wanted, COUNT_OF(wanted));                                     \
    } while (0)

#endif
