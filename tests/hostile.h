/* Texts as unkind as a record may hold, the same for the same seed. */
#ifndef ASSAY_TESTS_HOSTILE_H
#define ASSAY_TESTS_HOSTILE_H

#include "base/base.h"

uint32_t hostile_next(uint32_t *seed);

/* Of any plane, with all that formats give a meaning to; fewer than about `most` bytes. */
struct str hostile_text(struct arena *mem, uint32_t *seed, size_t most);

#endif
