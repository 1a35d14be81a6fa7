/*
 * Where a command writes: the terminal and what it can show, and files, which appear whole or not
 * at all (written beside their place, then renamed).
 */
#ifndef ASSAY_CLI_OUTPUT_H
#define ASSAY_CLI_OUTPUT_H

#include <stdio.h>

#include "report/report.h"

/* Colour where it is a terminal, NO_COLOR is not set and TERM is not "dumb"; the terminal's width
 * within 80 to 120, 80 for what is none; Unicode unless it is a terminal whose locale has none. */
struct report_style output_style(FILE *stream);

MUST_CHECK int output_stream(struct ctx *cx, FILE *stream, struct str bytes);

/* Over an existing file; a device or pipe is written as it is. */
MUST_CHECK int output_file(struct ctx *cx, const char *path, struct str bytes);

/* Makes the folder where it is not there; its parent must be. */
MUST_CHECK int output_folder(struct ctx *cx, const char *path);

bool output_is_folder(const char *path);

/* RC_CONFLICT where `path` exists and is one of the files below `folders`, unless it is a report
 * that Assay wrote. */
MUST_CHECK int output_not_input(struct ctx *cx, const char *path, const char *const *folders,
                                size_t n);

/* One line that is written over while work goes on; nothing where `stream` is no terminal. A server
 * whose child this is gets a line each time: "progress", WHAT, DONE and TOTAL, parted by tabs. */
struct progress_line {
    FILE *stream; /* NULL: silent */
    bool lines;   /* for a server */
    unsigned width;
    int64_t last; /* when it was written, in milliseconds */
};

struct progress_line progress_new(FILE *stream);
void progress_show(void *line, const char *what, size_t done, size_t total); /* an op_progress */
void progress_end(struct progress_line *line);

#endif
