/* The files of standards/, languages/ and web/templates/ inside the binary, sorted by name. The
 * build makes the table (tools/embed); a NUL follows the bytes of each. */
#ifndef ASSAY_STANDARD_CONTENT_H
#define ASSAY_STANDARD_CONTENT_H

#include <stddef.h>

struct content_file {
    const char *name;
    const unsigned char *bytes;
    size_t n;
};

extern const struct content_file content_files[];
extern const size_t content_file_count;

#endif
