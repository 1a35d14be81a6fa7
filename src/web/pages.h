/* The templates of pages, compiled once, and the files beside them. Read-only for all threads. */
#ifndef ASSAY_WEB_PAGES_H
#define ASSAY_WEB_PAGES_H

#include "base/base.h"

struct pages;

/* Lives in cx->mem. RC_INVALID with template and line. */
MUST_CHECK int pages_new(struct ctx *cx, struct pages **ret);

MUST_CHECK int pages_render(struct ctx *cx, const struct pages *pages, const char *name,
                            const struct value *view, struct buf *out);

struct asset {
    const char *type;
    struct str bytes, tag;         /* the tag with its quotes */
    struct str packed, packed_tag; /* the same under gzip */
};

/* False where there is none of this name. */
bool pages_asset(const struct pages *pages, struct str name, struct asset *ret);

/* Changes with any of the assets: for their URLs. */
struct str pages_version(const struct pages *pages);

#endif
