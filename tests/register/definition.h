/* A definition of one register, and how it is refused. */
#ifndef ASSAY_TESTS_REGISTER_DEFINITION_H
#define ASSAY_TESTS_REGISTER_DEFINITION_H

#include "register/register.h"

/* Loads `yaml` as registers/thing.yaml, and `other` (or NULL) as registers/thing_line.yaml. */
MUST_CHECK int definition_load(struct ctx *cx, const char *yaml, const char *other,
                               const struct registers **ret);

/* It is RC_INVALID, and the message has file, line and `message`. */
void definition_refused(struct ctx *cx, const char *yaml, const char *other, const char *message);

#define DEFINITION_HEAD "id: thing\ntitle: Thing\n"

#endif
