/* A paper with everything that a paper can hold, for the tests of its writers. */
#ifndef ASSAY_TESTS_REPORT_PAPER_SAMPLE_H
#define ASSAY_TESTS_REPORT_PAPER_SAMPLE_H

#include "report/paper.h"

struct paper *paper_sample(struct arena *mem);

/* Adds `text` wherever a paper takes text. */
struct paper *paper_of(struct arena *mem, struct str text);

#endif
