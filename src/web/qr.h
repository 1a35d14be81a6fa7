/* A text as a QR code, for SVG: the code's side in modules, and a path of its dark ones. */
#ifndef ASSAY_WEB_QR_H
#define ASSAY_WEB_QR_H

#include "base/base.h"

#define QR_MARGIN 4 /* modules of light around it, within the side */

/* RC_LIMIT for what is too long for one. */
MUST_CHECK int qr_path(struct ctx *cx, struct str text, int64_t *ret_side, struct str *ret_path);

#endif
