/*
 * The files below a folder, in the order of their paths: those to read and those that are not
 * documents, each with one sentence why. Symbolic links are not followed, and nothing but
 * regular files is opened.
 */
#ifndef ASSAY_OP_WALK_H
#define ASSAY_OP_WALK_H

#include "base/base.h"

#define WALK_FILES 200000u
#define WALK_DEPTH 64u

struct walk_file {
    struct str path;  /* relative to its folder, repaired to UTF-8 for people */
    const char *open; /* as the system wants it */
    uint64_t bytes;
    struct str what; /* "" to be read; else what it is: "pointer", "lock file", ... */
    struct str why;
    struct str advice;
};

struct walk {
    struct walk_file *files;
    size_t n, room;
};

#define WALK_TOOL "tool" /* `what` of a tool's own file, in walk_judge_members() only */

/* What the names of files that lie within another tell: sets `what`, `why` and `advice`. */
void walk_judge_members(struct ctx *cx, struct walk_file *files, size_t n);

/* RC_NOT_FOUND or RC_DENIED where `folder` itself cannot be read; RC_LIMIT over the bounds. A
 * single file may be given for a folder. */
MUST_CHECK int walk_folder(struct ctx *cx, const char *folder, struct walk *ret);

/* Opens a file for reading, of at most `limit` bytes; the caller closes it. RC_DENIED, RC_LIMIT. */
MUST_CHECK int walk_open(struct ctx *cx, const struct walk_file *file, size_t limit, int *ret_fd,
                         uint64_t *ret_bytes);

#endif
