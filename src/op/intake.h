/*
 * Intake: every file below the folders is read and understood (op/readers.h), and written into the
 * facts and into the inventory, in the order of the folders and paths.
 */
#ifndef ASSAY_OP_INTAKE_H
#define ASSAY_OP_INTAKE_H

#include "judge/library.h"
#include "judge/write.h"
#include "op/op.h"
#include "op/pins.h"
#include "op/readers.h"

struct intake {
    struct value *documents; /* as docs/stage1.schema.json has them */
    struct value *skipped;
    struct pins *pins; /* of the profile, with what they meant */
    size_t files, read, unread, foreign;
    struct readers_usage usage;
    int64_t storing;         /* microseconds of computing on the thread that asked */
    struct str organisation; /* the name of a firm that the documents give most often */
};

/* Inserts into `store`, which has the tables of standards/facts.sql. `server` offers
 * readers_services. What it gives lives in
 * cx->mem; each document's own memory goes when it is done. */
MUST_CHECK int intake_run(struct ctx *cx, const struct library *library, struct store *store,
                          struct proc_server *server, const struct stage1_request *request,
                          const struct value *profile, struct intake *ret);

#endif
