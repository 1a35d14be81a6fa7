/*
 * Content: the YAML of standards, languages, registers and roles, the SQL of facts and of what is
 * kept, the templates of reports. It is embedded in the binary by the build (tools/embed), sorted
 * by name; a folder of the same layout may take its place while content is being written.
 */
#ifndef ASSAY_STANDARD_CONTENT_H
#define ASSAY_STANDARD_CONTENT_H

#include "base/base.h"

struct content_file {
    const char *name; /* "standards/iso27001-2022/controls.yaml" */
    const unsigned char *bytes;
    size_t n;
};

/* What the build embedded. */
extern const struct content_file content_files[];
extern const size_t content_file_count;

struct content {
    const struct content_file *files; /* by name */
    size_t n;
};

/* The embedded content, or that of `folder` where it is not NULL. */
MUST_CHECK int content_open(struct ctx *cx, const char *folder, struct content *ret);

/* The bytes of one file. RC_NOT_FOUND. */
MUST_CHECK int content_get(struct ctx *cx, const struct content *content, const char *name,
                           struct str *ret);

/* Files whose name begins and ends so, from `*at` on; moves `*at` past the file it gives. */
const struct content_file *content_next(const struct content *content, const char *head,
                                        const char *tail, size_t *at);

/* SHA-256 over all names and bytes: the version of the rule set. */
struct str content_version(struct arena *mem, const struct content *content);

#endif
