/*
 * The provider of OpenID Connect that people may sign in through: authorization code flow with
 * PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636, RFC 9207).
 *
 * What it is asked over the network, the children of a fetch server ask (proc/fetch.h): they follow
 * no redirect, and speak https only, but to a provider on this machine itself. Addresses are those
 * that were configured and those that the provider's own description names with https; nothing that
 * a browser sends becomes one. The description and the keys are kept for an hour; keys are fetched
 * again, once a second at most, where a token was signed by one that is not among them.
 */
#ifndef ASSAY_WEB_PROVIDER_H
#define ASSAY_WEB_PROVIDER_H

#include "op/identities.h"

struct provider_options {
    const char *issuer; /* "https://id.example", as its tokens name it; NULL for no provider */
    const char *client;
    const char *secret_file; /* NULL for a client without a secret */
    const char *name;        /* as people know it; NULL for the host of the issuer */
};

struct provider;

/* To be called while the program has one thread. `*ret` is NULL where there is no issuer. */
MUST_CHECK int provider_new(struct ctx *cx, const struct provider_options *options,
                            struct provider **ret);
void provider_free(struct provider *provider); /* NULL is fine */

struct str provider_name(const struct provider *provider);
struct str provider_issuer(const struct provider *provider);

/* Where a browser goes that holds `token`, to come back to `back`. */
MUST_CHECK int provider_begin(struct ctx *cx, struct provider *provider, struct str back,
                              struct str token, struct str *ret_url);

/* What a browser came back with. */
struct provider_answer {
    struct str state, code, issuer; /* "" where not sent */
    struct str error;
};
/* RC_DENIED for all that is no answer of the provider to this browser; RC_NOT_FOUND and RC_LIMIT
 * where it cannot be reached. */
MUST_CHECK int provider_end(struct ctx *cx, struct provider *provider, struct str back,
                            struct str token, const struct provider_answer *answer,
                            struct identity *ret);

/* Where a browser signs out of the provider too, and comes back to `back`; "" where it has no such
 * place. */
MUST_CHECK int provider_out(struct ctx *cx, struct provider *provider, struct str back,
                            struct str *ret_url);

#endif
