/* What the files of accounts share. */
#ifndef ASSAY_OP_ACCOUNT_PARTS_H
#define ASSAY_OP_ACCOUNT_PARTS_H

#include "op/accounts.h"

struct str account_token(struct ctx *cx);                        /* a new one */
struct str account_hash(struct arena *mem, struct str token);    /* as the directory has it */
struct str account_instant(struct ctx *cx, int64_t from_now_ms); /* text of now, or of then */
struct str account_login(struct arena *mem, struct str login);   /* as it is compared */

/* A statement with these texts, "" as null. */
MUST_CHECK int account_run(struct ctx *cx, struct store *directory, struct str sql,
                           const char *const *names, const struct str *values, size_t n);
/* The first text that a statement gives, "" for none. */
MUST_CHECK int account_text(struct ctx *cx, struct store *directory, struct str sql,
                            const char *name, struct str value, struct str *ret);

#endif
