/* What the parts of the bundle's writer share: bundle.c, bundle_files.c,
 * bundle_ledger.c, bundle_pages.c. */
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

/* A file of records in the bundle, or why it is not. */
enum bundle_file_state {
    BUNDLE_FILE_HERE,
    BUNDLE_FILE_SEALED,
    BUNDLE_FILE_ERASED,
    BUNDLE_FILE_LOST
};

struct bundle_file {
    enum bundle_file_state state;
    int64_t seq; /* the first version in the bundle that has it */
    struct str object, ref, register_title, title, name, shows;
    struct str folder, content; /* members: "evidence/41-EVID-001", and the file in it */
    struct str page;            /* where its version is to be read, "" before that is known */
    struct str why;             /* of one that is lost */
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
    struct bundle_file **files; /* in the order of registers and versions */
    size_t file_n, file_room;
    struct dict *file_at; /* the same by object */
};

/* A member that the manifest lists, in pieces. Its memory is the writer's, not that of a page. */
MUST_CHECK int bundle_begin(struct bundle_writer *w, struct str name);
MUST_CHECK int bundle_add(struct bundle_writer *w, struct str bytes);
MUST_CHECK int bundle_end(struct bundle_writer *w, struct str name);
MUST_CHECK int bundle_member(struct bundle_writer *w, struct str name, struct str bytes);

/* In the place of bundle_end(): as if the member had not begun. */
MUST_CHECK int bundle_drop(struct bundle_writer *w);

/* ---- bundle_files.c ---- */

/* The files of a version that no version before it had; `open`: whether its register is. */
MUST_CHECK int bundle_put_files(struct bundle_writer *w, struct ctx *cx,
                                const struct record *record, bool open);
/* NULL where the object is none that was met. */
struct bundle_file *bundle_file_of(const struct bundle_writer *w, struct str object);

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
