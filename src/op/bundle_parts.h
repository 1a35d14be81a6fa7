/* What the parts of the bundle's writer share: bundle.c, bundle_ledger.c, bundle_pages.c. */
#ifndef ASSAY_OP_BUNDLE_PARTS_H
#define ASSAY_OP_BUNDLE_PARTS_H

#include "base/sum.h"
#include "ledger/log.h"
#include "op/bundle.h"
#include "report/zip_out.h"

/* When what had so many entries was seen by somebody outside. */
struct bundle_anchor {
    uint64_t size;
    struct str at, who;
};

struct bundle_writer {
    struct op_call *call;
    struct ctx *cx;
    const struct bundle_scope *scope;
    struct zip_out *zip;
    struct log *log;
    struct bundle_counts counts;
    struct value *members;         /* of the manifest */
    struct hash_sum *sum;          /* of the member in hand */
    uint64_t bytes;                /* of it */
    struct value *registers;       /* for the index: {id, title, versions, href} */
    struct bundle_anchor *anchors; /* by size */
    size_t anchor_n, anchor_room;
};

/* A member that the manifest lists, in pieces. Its memory is the writer's, not that of a page. */
MUST_CHECK int bundle_begin(struct bundle_writer *w, struct str name);
MUST_CHECK int bundle_add(struct bundle_writer *w, struct str bytes);
MUST_CHECK int bundle_end(struct bundle_writer *w, struct str name);
MUST_CHECK int bundle_member(struct bundle_writer *w, struct str name, struct str bytes);

/* ---- bundle_ledger.c ---- */

/* Keys, earlier checkpoints and their stamps; fills `anchors`. */
MUST_CHECK int bundle_put_past(struct bundle_writer *w);
/* The checkpoint, and all entries and hashes that it is over. */
MUST_CHECK int bundle_put_ledger(struct bundle_writer *w);

/* ---- bundle_pages.c ---- */

/* Pages of a register's versions: one after the other, each written when it is full. */
struct bundle_page;
struct bundle_page *bundle_page_new(struct bundle_writer *w, const struct register_def *def,
                                    bool open);
MUST_CHECK int bundle_page_add(struct bundle_page *page, struct ctx *cx,
                               const struct record *record);
/* Writes what is left, and the register's line of the index. */
MUST_CHECK int bundle_page_end(struct bundle_page *page);
void bundle_page_free(struct bundle_page *page); /* also after an error */

MUST_CHECK int bundle_put_index(struct bundle_writer *w);

#endif
