/*
 * What concerns a person, account or not, as access/own.yaml says it: where mail reaches them.
 */
#ifndef ASSAY_OP_OWN_H
#define ASSAY_OP_OWN_H

#include "op/home.h"

/* The file; it lives in cx->mem. */
MUST_CHECK int own_load(struct ctx *cx, struct value **ret);

/* Of a person by id: their name, and the address, "" where they have none that can be written to.
 * RC_NOT_FOUND. */
MUST_CHECK int own_address(struct ctx *cx, struct organisation *org, struct str person,
                           struct str *ret_name, struct str *ret_address);

#endif
