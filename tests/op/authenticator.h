/* A device with one passkey (ES256), as a browser at a site has it. */
#ifndef ASSAY_TESTS_OP_AUTHENTICATOR_H
#define ASSAY_TESTS_OP_AUTHENTICATOR_H

#include "op/webauthn.h"
#include "tests/harness.h"

struct authenticator {
    void *key; /* of OpenSSL; it ends with the test */
    struct str credential, site, origin;
    unsigned flags;       /* of enum webauthn_flag: that somebody was there, and was seen */
    uint32_t counter;     /* of the next answer */
    struct str extension; /* CBOR behind the key, or "" */
};

struct authenticator authenticator_new(struct ctx *cx, struct str credential, struct str origin);

/* clientDataJSON */
struct str authenticator_client(struct ctx *cx, const struct authenticator *a, const char *type,
                                struct str challenge);
struct str authenticator_data(struct ctx *cx, const struct authenticator *a, bool key);
struct webauthn_made authenticator_make(struct ctx *cx, const struct authenticator *a,
                                        struct str challenge);
struct webauthn_used authenticator_use(struct ctx *cx, const struct authenticator *a,
                                       struct str challenge);

#endif
