/*
 * Accounts at a provider of OpenID Connect, and whose they are here. They are known by issuer and
 * subject, never by their mail address, which a provider may give to somebody else later.
 *
 * A browser holds a token while its person is at the provider, and another while it is not decided
 * whose account it is. Both are good once, and for ten minutes.
 */
#ifndef ASSAY_OP_IDENTITIES_H
#define ASSAY_OP_IDENTITIES_H

#include "op/accounts.h"

#define IDENTITY_QUESTION_MS ((int64_t)10 * 60 * 1000)
#define IDENTITY_QUESTIONS 50 /* that are open for one address; the oldest go */
#define IDENTITY_FAILURES 50  /* of one address, in ACCOUNT_GUESS_MS */
#define IDENTITY_ADDRESS_BYTES 200u

struct identity {
    struct str issuer, subject;
    struct str address; /* that the provider vouches for, in small letters; "" for none */
    struct str name;    /* as the provider has it; "" for none */
};

/* ---- on the way to the provider ---- */

/* RC_LIMIT after too many answers from there that were none. */
MUST_CHECK int identity_ask(struct ctx *cx, struct store *directory, struct str goes_to,
                            struct str address, struct str *ret_token);
/* RC_DENIED where there is no such question, or no longer; it is over with this. */
MUST_CHECK int identity_asked(struct ctx *cx, struct store *directory, struct str token,
                              struct str *ret_goes_to);
MUST_CHECK int identity_failed(struct ctx *cx, struct store *directory, struct str address);

/* ---- whose it is ---- */

/* The account that signs in with it, "" for none; notes that it was used. */
MUST_CHECK int identity_account(struct ctx *cx, struct store *directory,
                                const struct identity *identity, struct str *ret);
/* RC_CONFLICT where it is another account's. */
MUST_CHECK int identity_bind(struct ctx *cx, struct store *directory,
                             const struct identity *identity, struct str account);
/* A new account without a password, which signs in by its address; its persons' links are void.
 * RC_CONFLICT where the login or a person is taken. */
MUST_CHECK int identity_make(struct ctx *cx, struct store *directory,
                             const struct identity *identity,
                             const struct account_binding *bindings, size_t n,
                             struct str *ret_account);

/* Whether an account signs in by this address, or is written to there. */
MUST_CHECK int identity_taken(struct ctx *cx, struct store *directory, struct str address,
                              bool *ret);
/* {organisation, person} of links that wait to be used and were sent to this address. */
MUST_CHECK int identity_invited(struct ctx *cx, struct store *directory, struct str address,
                                struct value **ret);

/* {issuer, subject, address, made_at, used_at} of an account's. */
MUST_CHECK int identity_list(struct ctx *cx, struct store *directory, struct str account,
                             struct value **ret);
/* Other sessions than `keep` end. RC_NOT_FOUND where it is none of the account's, RC_CONFLICT where
 * the account could sign in no other way. */
MUST_CHECK int identity_drop(struct ctx *cx, struct store *directory, struct str account,
                             struct str issuer, struct str subject, struct str keep);

/* Whether an account has a password. */
MUST_CHECK int account_has_password(struct ctx *cx, struct store *directory, struct str account,
                                    bool *ret);

/* ---- nobody's yet ---- */

/* `why` it is nobody's, in a word for the page that tells. */
MUST_CHECK int identity_keep(struct ctx *cx, struct store *directory,
                             const struct identity *identity, struct str why,
                             struct str *ret_token);
/* RC_NOT_FOUND where there is none. */
MUST_CHECK int identity_kept(struct ctx *cx, struct store *directory, struct str token,
                             struct identity *ret, struct str *ret_why);
MUST_CHECK int identity_kept_end(struct ctx *cx, struct store *directory, struct str token);

/* ---- domains whose people are readers ---- */

/* `person` is the owner who decides it. RC_INVALID for what is no domain. */
MUST_CHECK int reader_domain_add(struct ctx *cx, struct store *directory, struct str organisation,
                                 struct str domain, struct str person);
MUST_CHECK int reader_domain_remove(struct ctx *cx, struct store *directory,
                                    struct str organisation, struct str domain);
/* {domain} of an organisation; {organisation, person} of those that a domain's people may read. */
MUST_CHECK int reader_domains(struct ctx *cx, struct store *directory, struct str organisation,
                              struct value **ret);
MUST_CHECK int reader_domain_of(struct ctx *cx, struct store *directory, struct str domain,
                                struct value **ret);

#endif
