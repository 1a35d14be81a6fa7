/*
 * Files that somebody uploaded and has not confirmed yet, and files on their way out. They lie in a
 * private folder that goes with the server, each in a folder of its own whose name only who
 * uploaded it can know and use.
 */
#ifndef ASSAY_WEB_SPOOL_H
#define ASSAY_WEB_SPOOL_H

#include "web/app.h"

#define SPOOL_MOST 64u /* files; the oldest go */
#define SPOOL_BYTES ((uint64_t)4 * 1024 * 1024 * 1024)

/* A folder in `below`, or below TMPDIR where nothing can be made there. Takes those away that
 * servers have left which were ended. */
MUST_CHECK int spool_new(struct ctx *cx, struct str below, struct str *ret);
void spool_free(struct str folder); /* and all that is in it */

/* Keeps bytes under a name made from `name`; gives the token that names them. */
MUST_CHECK int spool_put(struct visit *visit, struct str name, struct str bytes,
                         struct str *ret_token, struct str *ret_path);
/* The same into a folder that is there. */
MUST_CHECK int spool_write(struct ctx *cx, struct str folder, struct str name, struct str bytes);
/* RC_NOT_FOUND where the token is none of this account's in this organisation. */
MUST_CHECK int spool_get(struct visit *visit, struct str token, struct str *ret_path);
void spool_drop(struct visit *visit, struct str token);
/* To read what "TOKEN/NAME" names; to write and read a file that nothing names. */
MUST_CHECK int spool_open(struct visit *visit, struct str path, int *ret);
MUST_CHECK int spool_scratch(struct visit *visit, int *ret);

/* The bytes of a file, at most `most`. */
MUST_CHECK int spool_read(struct ctx *cx, const char *path, size_t most, struct str *ret);

#endif
