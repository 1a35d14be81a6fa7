/* Passwords: hashed by argon2id (libsodium) in 64 MiB. Who serves many lets a few at a time do it.
 */
#ifndef ASSAY_OP_PASSWORD_H
#define ASSAY_OP_PASSWORD_H

#include "base/base.h"

/* RC_INVALID with the place "password" and what to do, for one that is too short or too long, that
 * everybody tries, or that is `login` itself. */
MUST_CHECK int password_fit(struct ctx *cx, struct str login, struct str password);

MUST_CHECK int password_hash(struct ctx *cx, struct str password, struct str *ret);

/* Whether the password is the one that was hashed. With a `hash` of "" it takes as long and is
 * false, so that nobody learns from the time who has an account. */
MUST_CHECK int password_is(struct ctx *cx, struct str hash, struct str password, bool *ret);

#endif
