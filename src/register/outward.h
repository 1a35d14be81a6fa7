/*
 * Records on their way out, so that they can come back as they were.
 *
 * A value is written as people read it (record_print(), refs in the place of ids) wherever the plan
 * of an import (register/plan.h) makes exactly the same value of it again in the same organisation;
 * where it would not, as JSON that it does: a text that begins with "json:" is one in its turn. So
 * nothing of what a record holds is lost in a cell.
 */
#ifndef ASSAY_REGISTER_OUTWARD_H
#define ASSAY_REGISTER_OUTWARD_H

#include "register/record.h"

/* The fields that an export has, in their order; those that are computed only, and the field `ref`,
 * are none. Gives how many. */
size_t outward_fields(const struct register_def *def,
                      const struct register_field *ret[static REGISTER_FIELDS]);

/* The headings that refs stand under, and, in a table of lines, the ref of the record that each
 * line is in and which of its fields it is in. No field of a register is called so. */
struct str outward_ref_heading(const struct register_def *def);
struct str outward_record_heading(void);
struct str outward_list_heading(void);

MUST_CHECK int outward_text(struct ctx *cx, const struct record_store *rs,
                            const struct register_def *def, const struct register_field *field,
                            const struct value *v, struct str *ret);
MUST_CHECK int outward_value(struct ctx *cx, const struct record_store *rs,
                             const struct register_def *def, const struct register_field *field,
                             const struct value *v, const struct value **ret);

#endif
