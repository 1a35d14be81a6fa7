/* The numbered scripts of the content, schema/NAME/, run on a store (store_migrate()). */
#ifndef ASSAY_REGISTER_SCHEMA_H
#define ASSAY_REGISTER_SCHEMA_H

#include "standard/content.h"
#include "store/store.h"

/* `folder` is such as "schema/directory/"; `before` as store_migrate() has it, or NULL. RC_CONFLICT
 * for a store that a newer program changed. */
MUST_CHECK int schema_migrate(struct ctx *cx, struct store *store, const struct content *content,
                              const char *folder, store_before *before, void *arg);

#endif
