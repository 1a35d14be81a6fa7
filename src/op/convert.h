/*
 * What programs of others make readable: PDF (pdftotext), scans and pictures of pages (tesseract),
 * old and rarer office formats (LibreOffice). Each is optional: where a program is not installed,
 * a file stays as it is, and whoever reads it says what it is and what to do.
 *
 * The programs run confined (proc/tool.h). What comes of them is as hostile as the file was, and is
 * read in a sandboxed child like any other.
 */
#ifndef ASSAY_OP_CONVERT_H
#define ASSAY_OP_CONVERT_H

#include "base/base.h"

#define CONVERT_WORDS_BYTES ((size_t)160 * 1024 * 1024) /* what pdftotext may write */
#define CONVERT_OCR_PAGES 20u                           /* pages of a scan that are recognised */
#define CONVERT_IMAGE_BYTES ((uint64_t)32 * 1024)       /* smaller pictures hold no page */

enum convert_as {
    CONVERT_NONE,   /* to be read as it is */
    CONVERT_WORDS,  /* words with their places: extract_pdf() */
    CONVERT_OFFICE, /* a file in a current format: extract_bytes() */
};

struct conversion {
    enum convert_as as;
    struct str bytes;
    struct str name; /* under which the bytes are to be read */
    struct str note; /* one sentence about what was done, or "" */
};

/*
 * `fd` is open for reading. RC_INVALID with one sentence for what no program can read: encrypted,
 * damaged, a scan without a program that could recognise its text. RC_LIMIT for what takes too
 * long. What it gives lives in cx->mem.
 */
MUST_CHECK int convert_file(struct ctx *cx, struct str name, int fd, uint64_t bytes,
                            struct conversion *ret);

#endif
