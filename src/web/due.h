/* What has to be done by when, as pages show it: the tree of the operation `due`. */
#ifndef ASSAY_WEB_DUE_H
#define ASSAY_WEB_DUE_H

#include "web/app.h"

/* Sets `due` of the overview: the operation's tree with its first records only. */
MUST_CHECK int due_first(struct visit *visit, struct value *tree);

/* The first records of such a tree as lines: its fields, with `url`. */
struct value *due_rows(struct visit *visit, const struct value *tree, size_t most);

#endif
