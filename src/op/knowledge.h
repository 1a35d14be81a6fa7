/*
 * What organisations know, loaded once for a program with many threads: the standard, the registers
 * and the roles. Organisations without content of their own share one; who has some shares it among
 * its own connections. What is loaded is read-only and stays while anybody holds it.
 */
#ifndef ASSAY_OP_KNOWLEDGE_H
#define ASSAY_OP_KNOWLEDGE_H

#include "access/access.h"
#include "standard/standard.h"
#include "store/store.h"

struct knowledge; /* all that is loaded; any thread may ask it */

struct known {
    struct standard *standard; /* with its registers */
    const struct access *access;
    struct hash own; /* of the organisation's own content */
};

struct knowledge *knowledge_new(void);
void knowledge_free(struct knowledge *knowledge); /* when nobody holds anything; NULL is fine */

/* What the organisation in `store` knows, over the program's content `base`. */
MUST_CHECK int knowledge_take(struct ctx *cx, struct knowledge *knowledge,
                              const struct content *base, struct store *store,
                              const struct known **ret);
void knowledge_drop(struct knowledge *knowledge, const struct known *known); /* NULL is fine */

/* The hash of an organisation's own content: another one than known->own once it has changed. */
MUST_CHECK int knowledge_own(struct ctx *cx, struct store *store, struct hash *ret);

#endif
