/*
 * Tokens of programs: each is made by an account, gives on some of its rights
 * (access_rights_read()) in one organisation or in all, and ends by itself. The directory knows its
 * SHA-256 only: it is shown once, when it is made.
 *
 * A token is "assay_" and 43 characters, so that whoever searches for secrets finds one that was
 * left lying about. What it may is asked anew for each request: never more than the role that its
 * account has then.
 */
#ifndef ASSAY_OP_TOKENS_H
#define ASSAY_OP_TOKENS_H

#include "op/accounts.h"

#define TOKEN_DAYS 90 /* that one lasts, unless it is said */
#define TOKEN_DAYS_MOST 366
#define TOKENS_MOST 50 /* of one account */
#define TOKEN_NAME_BYTES 100u

struct token_wish {
    struct str account, organisation; /* "" for all in which the account takes part */
    struct str name, rights;          /* what it is for; "read write" */
    int64_t days;
};

struct api_token {
    struct str id, account, login, organisation, name;
    unsigned rights;
    bool factor; /* the account has a second factor */
};

bool token_is(struct str token);

/* RC_INVALID with the field (name, right, days, organisation); RC_LIMIT where there are too many.
 */
MUST_CHECK int token_make(struct ctx *cx, struct store *directory, const struct token_wish *wish,
                          struct str *ret_id, struct str *ret_token);
/* RC_NOT_FOUND where it is none, or has ended. Notes once a minute that it was used. */
MUST_CHECK int token_find(struct ctx *cx, struct store *directory, struct str token,
                          struct api_token *ret);
/* {id, login, organisation, name, rights, made_at, ends_at, used_at} of an account's, or of all
 * where it is "". Those that have ended are shown for another month. */
MUST_CHECK int token_list(struct ctx *cx, struct store *directory, struct str account,
                          struct value **ret);
/* Ends one by its id: of an account, or of anybody where that is "". RC_NOT_FOUND. */
MUST_CHECK int token_end(struct ctx *cx, struct store *directory, struct str account,
                         struct str id);
/* Those for one organisation of whoever the person was there. */
MUST_CHECK int token_end_member(struct ctx *cx, struct store *directory, struct str organisation,
                                struct str person);

#endif
