/*
 * A ZIP archive written as it comes: members one after the other, each in pieces, to a descriptor
 * that need not be a file. Memory does not grow with what is written, but for some bytes a member.
 * Archives and members may be larger than four gibibytes (ZIP64). All members are of one day, so
 * the same pieces give the same bytes.
 *
 * A struct zip_out lives until zip_out_free(), which zip_out_freep() does for CLEANUP(); what was
 * not finished is no archive. Errors name nothing but the cause: who writes knows the file.
 */
#ifndef ASSAY_REPORT_ZIP_OUT_H
#define ASSAY_REPORT_ZIP_OUT_H

#include "base/base.h"

#define ZIP_OUT_MEMBERS 1000000u

struct zip_out;

MUST_CHECK int zip_out_new(struct ctx *cx, int fd, struct date day, struct zip_out **ret);
void zip_out_free(struct zip_out *zip);
void zip_out_freep(struct zip_out **zip);

/* One of members as they are, each with its sizes before it, as verifiers of bundles want it: no
 * byte of it can change without notice. The descriptor must be a file's. */
MUST_CHECK int zip_out_new_plain(struct ctx *cx, int fd, struct date day, struct zip_out **ret);

/* `name` has slashes between folders and none at its head. */
MUST_CHECK int zip_out_begin(struct ctx *cx, struct zip_out *zip, struct str name);
MUST_CHECK int zip_out_write(struct ctx *cx, struct zip_out *zip, struct str bytes);
MUST_CHECK int zip_out_end(struct ctx *cx, struct zip_out *zip);
/* In the place of zip_out_end(): a plain archive is then as it was before the member began. */
MUST_CHECK int zip_out_drop(struct ctx *cx, struct zip_out *zip);
/* A whole member. */
MUST_CHECK int zip_out_add(struct ctx *cx, struct zip_out *zip, struct str name, struct str bytes);

/* The directory of the members; nothing may follow. */
MUST_CHECK int zip_out_finish(struct ctx *cx, struct zip_out *zip);

#endif
