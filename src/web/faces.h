/* The faces of a register as pages, beside its list. */
#ifndef ASSAY_WEB_FACES_H
#define ASSAY_WEB_FACES_H

#include "web/app.h"

struct str faces_path(struct visit *visit, const struct register_def *def, struct str face);

/* Adds `tabs` to a view: the faces of the register and its list. `at` is the face that is shown, ""
 * for the list. Nothing where it has no faces. */
void faces_tabs(struct visit *visit, const struct register_def *def, struct str at,
                struct value *view);

#endif
