/* Files of the machine: descriptors that close themselves, and small files read whole. */
#ifndef ASSAY_BASE_FILE_H
#define ASSAY_BASE_FILE_H

#include "base/err.h"

/* `int fd CLEANUP(fd_close) = open(...)`: closed at the scope's end; nothing for a negative one. */
void fd_close(int *fd);

/* All of a file of at most `most` bytes. RC_NOT_FOUND where it cannot be read, RC_LIMIT where it is
 * larger; `place` is what the error is about (struct err). */
MUST_CHECK int file_read(struct ctx *cx, const char *place, const char *path, size_t most,
                         struct str *ret);

#endif
