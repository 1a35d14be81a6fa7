/*
 * Content of an organisation's own: registers and rules that it adds to those of the program. They
 * lie in its store (table `content`, by the path that they have among the program's files) and are
 * read as strictly as these. None takes the place of one of the program's.
 */
#ifndef ASSAY_OP_CONTENT_OWN_H
#define ASSAY_OP_CONTENT_OWN_H

#include "standard/content.h"
#include "store/store.h"

#define CONTENT_OWN_BYTES ((size_t)1024 * 1024) /* of one file */

/* The program's content with the organisation's own, in the order of their names. */
MUST_CHECK int content_own(struct ctx *cx, struct store *store, const struct content *base,
                           struct content *ret);

/* Paths of the organisation's own files, in order. */
MUST_CHECK int content_own_list(struct ctx *cx, struct store *store, struct value **ret);

/* Whether there is such a file. */
MUST_CHECK int content_own_has(struct ctx *cx, struct store *store, struct str path, bool *ret);

/* Over what was there under this path; "" takes it away. */
MUST_CHECK int content_own_put(struct ctx *cx, struct store *store, struct str path,
                               struct str text);

#endif
