/* The part `registers` of a result: which tables were read as registers, and their columns. */
#ifndef ASSAY_OP_REGISTERS_H
#define ASSAY_OP_REGISTERS_H

#include "register/register.h"

MUST_CHECK int registers_value(struct ctx *cx, struct store *store,
                               const struct registers *registers, struct value **ret);

#endif
