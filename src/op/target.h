/*
 * A file that is whole or not there: written beside its place and renamed once all of it is on the
 * disk. A pipe or device is written in its place.
 */
#ifndef ASSAY_OP_TARGET_H
#define ASSAY_OP_TARGET_H

#include "base/base.h"

struct target {
    int fd;
    char *path, *temp; /* temp: NULL where it is written in its place */
};

/* `struct target t CLEANUP(target_end) = {.fd = -1};` first. */
MUST_CHECK int target_open(struct ctx *cx, struct str path, struct target *t);
MUST_CHECK int target_keep(struct ctx *cx, struct target *t);
/* The same, but RC_CONFLICT where something has come to be there. */
MUST_CHECK int target_keep_new(struct ctx *cx, struct target *t);
void target_end(struct target *t); /* takes away what was not kept */

/* All of it at once. */
MUST_CHECK int target_write(struct ctx *cx, struct str path, struct str bytes);

/* The error for a path that errno tells about. */
MUST_CHECK int target_refused(struct ctx *cx, const char *path);

#endif
