/*
 * Passkeys of accounts (op/webauthn.h): to sign in with nothing else, and as a second factor after
 * the password. An account may have several, each with a name.
 *
 * A question is asked of one browser, which holds a token for it, for one purpose, and answered
 * once, within five minutes. A device that counts how often it signed has to have counted on: one
 * that is behind was copied, and is refused.
 */
#ifndef ASSAY_OP_PASSKEYS_H
#define ASSAY_OP_PASSKEYS_H

#include "op/accounts.h"
#include "op/webauthn.h"

#define PASSKEYS_MOST 20        /* of one account */
#define PASSKEY_NAME_BYTES 240u /* of what somebody calls one */
#define PASSKEY_QUESTION_MS ((int64_t)5 * 60 * 1000)
#define PASSKEY_QUESTIONS 50 /* that are open for one address; the oldest go */

enum passkey_purpose {
    PASSKEY_SIGN_IN, /* who it is, is in the answer */
    PASSKEY_SECOND,  /* after the password */
    PASSKEY_NEW,     /* makes one */
    PASSKEY_AGAIN,   /* once more, before a grave act */
};

/* `account` is "" for signing in. The challenge is in base64url, as op/webauthn.h takes it. */
MUST_CHECK int passkey_ask(struct ctx *cx, struct store *directory, enum passkey_purpose purpose,
                           struct str account, struct str address, struct str *ret_token,
                           struct str *ret_challenge);
/* The challenge of a question, which is over with this. RC_DENIED where there is none of this
 * purpose and account, or no longer. */
MUST_CHECK int passkey_asked(struct ctx *cx, struct store *directory, struct str token,
                             enum passkey_purpose purpose, struct str account, struct str *ret);

/* {id, credential, name, made_at, used_at} of each, the oldest first. */
MUST_CHECK int passkey_list(struct ctx *cx, struct store *directory, struct str account,
                            struct value **ret);

/* RC_INVALID for what is no name of a passkey. */
MUST_CHECK int passkey_check_name(struct ctx *cx, struct str name);

/* One more; other sessions than `keep` end. Where the account has had no recovery codes yet, they
 * are made: `ret_codes` is NULL otherwise. RC_INVALID for a name that is none, RC_CONFLICT for a
 * device that is there, RC_LIMIT where there are enough, and what webauthn_register() says. */
MUST_CHECK int passkey_add(struct ctx *cx, struct store *directory, struct str account,
                           struct str name, const struct webauthn_asked *asked,
                           const struct webauthn_made *made, struct str keep,
                           struct value **ret_codes);

/* An answer. `account` is whose it has to be, or "" where `user`, as the answer has it, tells.
 * RC_DENIED for all that shows nothing. */
struct passkey_answer {
    struct str credential; /* in base64url */
    struct str user;       /* bytes of the user handle, "" for none */
    struct webauthn_used used;
};
MUST_CHECK int passkey_check(struct ctx *cx, struct store *directory, struct str account,
                             const struct webauthn_asked *asked,
                             const struct passkey_answer *answer, struct str *ret_account);

/* Takes one away; other sessions than `keep` end. RC_NOT_FOUND where the account has none such. */
MUST_CHECK int passkey_remove(struct ctx *cx, struct store *directory, struct str account,
                              struct str id, struct str keep);

#endif
