/*
 * Second factors of accounts: codes of an authenticator (TOTP, RFC 6238: HMAC-SHA-1, six digits,
 * thirty seconds), passkeys (op/passkeys.h), and recovery codes for whoever has lost them.
 *
 * The secret follows from a key that only the home's keeper can unwrap. A code is taken once, and
 * none that is older than one that was taken; one before and one after the present are taken too,
 * since clocks differ. Guesses are counted as those of passwords are, with a count of its own for a
 * browser in which the account has signed in before.
 *
 * Who has given the right password has half a session: a token, for five minutes, that is good for
 * nothing but the second factor.
 */
#ifndef ASSAY_OP_FACTORS_H
#define ASSAY_OP_FACTORS_H

#include "ledger/keeper.h"
#include "op/accounts.h"

#define FACTOR_DIGITS 6u
#define FACTOR_STEP_S 30
#define FACTOR_GUESSES 5 /* in ACCOUNT_GUESS_MS */
#define FACTOR_CODES 10u /* for recovery */
#define FACTOR_HALF_MS ((int64_t)5 * 60 * 1000)

/* The code of a secret at a step of time: RFC 6238 with T = seconds / FACTOR_STEP_S. */
void factor_code(struct str secret, int64_t step, char ret[static FACTOR_DIGITS + 1]);

/* ---- setting up ---- */

/* A new secret that asks for nothing before it is confirmed: as authenticators take it, in base32,
 * and as a URI. RC_CONFLICT where the account has a second factor. */
MUST_CHECK int factor_begin(struct ctx *cx, struct store *directory, struct keeper *keeper,
                            struct str account, struct str login, struct str *ret_secret,
                            struct str *ret_uri);
/* The same secret again, for who mistyped the code. RC_NOT_FOUND where none was begun. */
MUST_CHECK int factor_begun(struct ctx *cx, struct store *directory, struct keeper *keeper,
                            struct str account, struct str login, struct str *ret_secret,
                            struct str *ret_uri);
/* From now on it is asked for. RC_DENIED with the place "code" for a wrong one; all other sessions
 * than `keep` end. `ret_codes` are the recovery codes, which nobody can see again. */
MUST_CHECK int factor_confirm(struct ctx *cx, struct store *directory, struct keeper *keeper,
                              struct str account, struct str code, struct str keep,
                              struct value **ret_codes);
/* New recovery codes in the place of all that are there. RC_NOT_FOUND without a second factor. */
MUST_CHECK int factor_new_codes(struct ctx *cx, struct store *directory, struct str account,
                                struct value **ret_codes);
/* Takes the authenticator away; all sessions but `keep` end. */
MUST_CHECK int factor_remove(struct ctx *cx, struct store *directory, struct str account,
                             struct str keep);
/* Takes all second factors away, passkeys too, for who has lost them; all sessions but `keep` end.
 */
MUST_CHECK int factor_reset(struct ctx *cx, struct store *directory, struct str account,
                            struct str keep);

/* Whether a second factor is asked for, an authenticator's code or a passkey, and how many recovery
 * codes are left. */
MUST_CHECK int factor_has(struct ctx *cx, struct store *directory, struct str account, bool *ret,
                          int64_t *ret_codes);
/* Whether it has an authenticator whose codes are asked for. */
MUST_CHECK int factor_totp(struct ctx *cx, struct store *directory, struct str account, bool *ret);

/* ---- signing in ---- */

MUST_CHECK int half_session_begin(struct ctx *cx, struct store *directory, struct str account,
                                  struct str *ret_token);
/* Whose it is; RC_NOT_FOUND where it is none, or too old. */
MUST_CHECK int half_session_find(struct ctx *cx, struct store *directory, struct str token,
                                 struct str *ret_account);
MUST_CHECK int half_session_end(struct ctx *cx, struct store *directory, struct str token);

/* A code of the authenticator or for recovery, whichever it looks like. RC_DENIED for a wrong one
 * or one that was taken before; RC_LIMIT after too many guesses. `device` as in account_check(). */
MUST_CHECK int factor_check(struct ctx *cx, struct store *directory, struct keeper *keeper,
                            struct str account, struct str code, struct str device);

/* ---- organisations that ask for one ---- */

MUST_CHECK int factor_require(struct ctx *cx, struct store *directory, struct str organisation,
                              bool required);
MUST_CHECK int factor_required(struct ctx *cx, struct store *directory, struct str organisation,
                               bool *ret);

/* An owner takes it from a member who has lost it: RC_NOT_FOUND where the person has no account,
 * RC_CONFLICT where that takes part elsewhere too, whose owners were not asked. */
MUST_CHECK int factor_remove_of(struct ctx *cx, struct store *directory, struct str organisation,
                                struct str person);

#endif
