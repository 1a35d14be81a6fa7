/*
 * The server's interface for programs, described as OpenAPI 3.1: made of the table of routes, of
 * the operations that these run and of the registers, so that it cannot say what is not so.
 */
#ifndef ASSAY_WEB_OPENAPI_H
#define ASSAY_WEB_OPENAPI_H

#include "base/base.h"
#include "register/register.h"

/* `base` is the path of one organisation ("/o/brackwater"), or "" for any. */
struct value *openapi_make(struct arena *mem, const struct registers *registers, struct str base);

#endif
