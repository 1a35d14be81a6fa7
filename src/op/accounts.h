/*
 * Accounts: who may sign in to a home that is served, and their sessions. They lie in the home's
 * directory (home_directory()); what somebody may do in an organisation is said there, by the
 * membership of the person that their account is bound to.
 *
 * A token is 256 random bits that a browser or a link holds; the directory knows its SHA-256 only.
 * Passwords are hashed by argon2id (op/password.h).
 *
 * Guesses are counted by account and by address, ten in fifteen minutes. A browser in which
 * somebody has signed in before has a count of its own, so that nobody is locked out by strangers.
 *
 * Every function may be called by any thread with a directory of its own. Time is host_now_ms().
 */
#ifndef ASSAY_OP_ACCOUNTS_H
#define ASSAY_OP_ACCOUNTS_H

#include "store/store.h"

#define ACCOUNT_TOKEN_CHARS 43u /* of base64url */
#define ACCOUNT_LOGIN_BYTES 200u
#define ACCOUNT_PASSWORD_LEAST 12u /* characters */
#define ACCOUNT_PASSWORD_BYTES 1024u
#define ACCOUNT_GUESSES 10
#define ACCOUNT_GUESS_MS ((int64_t)15 * 60 * 1000)
#define ACCOUNT_IDLE_MS ((int64_t)60 * 60 * 1000)
#define ACCOUNT_SESSION_MS ((int64_t)12 * 60 * 60 * 1000)
#define ACCOUNT_INVITATION_MS ((int64_t)7 * 24 * 60 * 60 * 1000)
#define ACCOUNT_FIRST_MS ((int64_t)24 * 60 * 60 * 1000)
#define ACCOUNT_SESSIONS 50 /* of one account; the oldest go */

struct account_session {
    struct str id, account, login;
    bool factor;        /* the account has a second factor, which was asked for */
    struct str made_at; /* when they signed in */
};

struct account_invitation {
    struct str organisation, person; /* "" for that of the first run */
    struct str address;              /* where the link was sent, "" for nowhere */
};

bool account_token_is(struct str token);

/* Whether there is any account. */
MUST_CHECK int accounts_any(struct ctx *cx, struct store *directory, bool *ret);

/* {id, login, factor} of each that may sign in. */
MUST_CHECK int accounts_list(struct ctx *cx, struct store *directory, struct value **ret);
/* By the name that somebody signs in with; RC_NOT_FOUND. */
MUST_CHECK int account_find(struct ctx *cx, struct store *directory, struct str login,
                            struct str *ret);

/* ---- invitations ---- */

/* A link's token for a person, or where `person` is "" for the first account; an earlier one for
 * the same is void. */
MUST_CHECK int account_invite(struct ctx *cx, struct store *directory, struct str organisation,
                              struct str person, struct str *ret_token);
/* The same for a link that only goes to this address: whoever uses it has it, and is written to
 * there. */
MUST_CHECK int account_invite_by_mail(struct ctx *cx, struct store *directory,
                                      struct str organisation, struct str person,
                                      struct str address, struct str *ret_token);
/* RC_NOT_FOUND where it is none, was used or is too old. */
MUST_CHECK int account_invited(struct ctx *cx, struct store *directory, struct str token,
                               struct account_invitation *ret);

struct account_binding {
    struct str organisation, person;
};

/* A new account with these persons; uses the invitation up, in one transaction. RC_INVALID with the
 * field (login, password) for what is none, RC_CONFLICT where the login or a person is taken. */
MUST_CHECK int account_make(struct ctx *cx, struct store *directory, struct str token,
                            struct str login, struct str password,
                            const struct account_binding *bindings, size_t n, struct str *ret_id);
/* Binds one that is there to the person of the invitation. */
MUST_CHECK int account_bind(struct ctx *cx, struct store *directory, struct str token,
                            struct str account);

/* The person that the account is in an organisation, "" for nobody; and whether the organisation
 * asks for a second factor (NULL for who does not want to know). */
MUST_CHECK int account_person(struct ctx *cx, struct store *directory, struct str account,
                              struct str organisation, struct str *ret, bool *ret_factor);
/* {name, title} of the organisations that the account is bound to. */
MUST_CHECK int account_organisations(struct ctx *cx, struct store *directory, struct str account,
                                     struct value **ret);
/* From the id of each person of an organisation who has an account to {login, factor}: whether it
 * has a second factor. */
MUST_CHECK int account_persons(struct ctx *cx, struct store *directory, struct str organisation,
                               struct value **ret);

/* Forgets that a person had one: their links, and where it is nobody elsewhere its login, password
 * and sessions. */
MUST_CHECK int account_forget(struct ctx *cx, struct store *directory, struct str organisation,
                              struct str person);

/* ---- passwords ---- */

/* RC_DENIED with one sentence for a wrong login or password, whichever it was; RC_LIMIT after too
 * many guesses. `device` is the token of the browser, "" for none; `address` where it is. */
MUST_CHECK int account_check(struct ctx *cx, struct store *directory, struct str login,
                             struct str password, struct str device, struct str address,
                             struct str *ret_account);
/* A new password of an account whose owner knows the present one; ends all sessions but `keep`. */
MUST_CHECK int account_set_password(struct ctx *cx, struct store *directory, struct str account,
                                    struct str present, struct str password, struct str keep);

/* ---- sessions ---- */

/* A new session, and the browser's device token (`device` itself where it is one of the account's).
 */
MUST_CHECK int session_begin(struct ctx *cx, struct store *directory, struct str account,
                             struct str device, struct str address, struct str agent,
                             struct str *ret_token, struct str *ret_device);
/* Of a token; RC_NOT_FOUND where it is none, or too old. Notes once a minute that it was used. */
MUST_CHECK int session_find(struct ctx *cx, struct store *directory, struct str token,
                            struct account_session *ret);
/* {id, made_at, seen_at, address, agent} of an account's, the last used first. */
MUST_CHECK int session_list(struct ctx *cx, struct store *directory, struct str account,
                            struct value **ret);
/* Ends one session of the account by its id, or all but `keep` where `id` is "". */
MUST_CHECK int session_end(struct ctx *cx, struct store *directory, struct str account,
                           struct str id, struct str keep);

#endif
