/*
 * Passwords that are forgotten: a link goes to where the account is written to, and sets a new one.
 *
 * Whoever asks learns nothing of who has an account: reset_ask() only notes what was said, and
 * reset_look(), which whoever sends mail calls, finds out whose it is. A link works once, for an
 * hour. An account gets two mails an hour at most from strangers; browsers in which it signed in
 * before have two of their own, so that nobody who asks for others keeps these from one. Nothing
 * that is asked changes anything: the password and all links that were sent before go on working.
 */
#ifndef ASSAY_OP_RESETS_H
#define ASSAY_OP_RESETS_H

#include "store/store.h"

#define RESET_MS ((int64_t)60 * 60 * 1000)
#define RESET_MAILS 2     /* an hour, to one account */
#define RESET_ASKS 20     /* an hour, from one address */
#define RESET_WAITING 500 /* that nobody has looked at yet */

/* RC_LIMIT where the address has asked too often, whoever for. */
MUST_CHECK int reset_ask(struct ctx *cx, struct store *directory, struct str login,
                         struct str device, struct str address);
/* Whether reset_look() has something to do; and that: letters for those who have an account. */
MUST_CHECK int reset_waits(struct ctx *cx, struct store *directory, bool *ret);
MUST_CHECK int reset_look(struct ctx *cx, struct store *directory);

/* A new link's token for an account; RC_NOT_FOUND where there is none any more. */
MUST_CHECK int reset_make(struct ctx *cx, struct store *directory, struct str account,
                          struct str *ret_token, struct str *ret_login);
/* The account of a link, and how it signs in. RC_NOT_FOUND where it was used, or is too old. */
MUST_CHECK int reset_find(struct ctx *cx, struct store *directory, struct str token,
                          struct str *ret_account, struct str *ret_login);
/* Sets the password, ends all sessions and voids all links of the account. RC_INVALID for a
 * password that is none. */
MUST_CHECK int reset_take(struct ctx *cx, struct store *directory, struct str token,
                          struct str password, struct str *ret_account);

/* Where an account is written to: where its invitation went or what its owner said, else the name
 * that it signs in with, where that is an address; "" for nowhere. */
MUST_CHECK int account_address(struct ctx *cx, struct store *directory, struct str account,
                               struct str *ret_login, struct str *ret_address);
/* Another one, by somebody who knows the password; "" for none. RC_DENIED, RC_INVALID. */
MUST_CHECK int account_set_address(struct ctx *cx, struct store *directory, struct str account,
                                   struct str present, struct str address);

/* Tells whoever has the account that something of it was changed (a sentence); to nobody where it
 * has no address. `to`: "" for where it is written to. */
MUST_CHECK int account_tell(struct ctx *cx, struct store *directory, struct str account,
                            struct str to, const char *what);

#endif
