/*
 * Programs of others that read what we do not: pdftotext, tesseract, LibreOffice.
 *
 * tool_run() starts one of them, without a shell, and gives back what it wrote. The program gets
 * its input as a file on descriptor 0, a clean environment, and little else: no network, no
 * processes of its own unless it needs them, nothing to write but one private folder if it needs
 * one, nothing to read but programs, libraries and fonts. Memory, time and output are bounded, and
 * it dies with the thread that started it.
 */
#ifndef ASSAY_PROC_TOOL_H
#define ASSAY_PROC_TOOL_H

#include "base/base.h"

#define TOOL_ERROR_BYTES 4096u /* of what it says about errors, the first bytes are kept */

struct tool {
    const char *const *argv; /* argv[0] is its absolute path; NULL at the end */
    struct str input;
    int file;           /* a file open for reading, in place of `input`; 0 for none */
    const char *folder; /* it may write there, runs there and has its home there; NULL for none */
    bool processes;     /* it may start processes of its own */
    bool deaf;          /* it wants to listen on a local socket: it is told so, and hears nothing */
    size_t memory;      /* bytes of address space */
    size_t output;      /* bytes it may write to descriptor 1 */
    size_t file_most;   /* bytes of one file in `folder` */
    unsigned cpu_seconds;
    unsigned wall_seconds;
};

struct tool_result {
    int status;        /* exit status */
    bool cut;          /* it wanted to write more than `output`: ended there */
    struct str output; /* both in cx->mem */
    struct str error;
};

/*
 * RC_LIMIT where it ran out of time, RC_FAIL where it crashed or could not be started or confined.
 * Whatever its exit status, 0 is returned and the caller decides.
 */
MUST_CHECK int tool_run(struct ctx *cx, const struct tool *tool, struct tool_result *ret);

/* True where there is a program at the absolute path. */
bool tool_exists(const char *path);

#endif
