/* What the files of accounts share. */
#ifndef ASSAY_OP_ACCOUNT_PARTS_H
#define ASSAY_OP_ACCOUNT_PARTS_H

#include "op/accounts.h"
#include "store/ask.h"

struct str account_token(struct ctx *cx);                        /* a new one */
struct str account_hash(struct arena *mem, struct str token);    /* as the directory has it */
struct str account_instant(struct ctx *cx, int64_t from_now_ms); /* text of now, or of then */
struct str account_login(struct arena *mem, struct str login);   /* as it is compared */

/* Guesses that failed lately under a name: how many, one more, none (sessions.c). */
MUST_CHECK int account_guesses(struct ctx *cx, struct store *directory, struct str name,
                               int64_t *ret);
MUST_CHECK int account_guess(struct ctx *cx, struct store *directory, struct str name);
MUST_CHECK int account_guesses_forget(struct ctx *cx, struct store *directory, struct str name);

/* Whether the token is of a browser in which the account has signed in before. */
MUST_CHECK int account_device(struct ctx *cx, struct store *directory, struct str account,
                              struct str device, bool *ret);

/* What an account has beside its password (factors.c). */
struct factor_state {
    bool totp; /* confirmed */
    int64_t passkeys, codes;
};
MUST_CHECK int factor_state(struct ctx *cx, struct store *directory, struct str account,
                            struct factor_state *ret);
/* Recovery codes in the place of all that are there, and none; within a transaction. */
MUST_CHECK int factor_make_codes(struct ctx *cx, struct store *directory, struct str account,
                                 struct value **ret);
MUST_CHECK int factor_drop_codes(struct ctx *cx, struct store *directory, struct str account);

/* A new account, and whom it is in an organisation; within a transaction. `hash` is "" for one
 * without a password, `address` for one that is not written to. */
MUST_CHECK int account_insert(struct ctx *cx, struct store *directory, struct str id,
                              struct str login, struct str hash, struct str address);
MUST_CHECK int account_bind_person(struct ctx *cx, struct store *directory, struct str account,
                                   struct str organisation, struct str person);

/* Runs a statement over :token, a link's or cookie's as the directory has it, and :then, the
 * instant `ago_ms` before now: whether it gives a row. `ret` is the caller's (STMT()). */
MUST_CHECK int account_by_token(struct ctx *cx, struct store *directory, const char *sql,
                                struct str token, int64_t ago_ms, struct stmt **ret, bool *ret_row);
#endif
