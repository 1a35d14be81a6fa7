/*
 * Passkeys as browsers answer with them (W3C Web Authentication, level 2): what an answer says is
 * read and held against what was asked, and its signature is checked.
 *
 * What comes is a stranger's. The client's data are read by base/json.h, after a bound on their
 * length. The authenticator's data are read twice: first by webauthn_authenticator(), which takes
 * no more than WEBAUTHN_DATA_BYTES, follows each length in them and refuses all that is not exactly
 * as long as it says, has lengths that are not definite, or nests more than a key does; only what
 * passes is given to libfido2, which reads the key and checks the signature. So libfido2 and its
 * reader of CBOR never see a length that leads outside, nor more than a few hundred items.
 *
 * Attestations are not asked for: what make of device somebody uses is their own choice.
 */
#ifndef ASSAY_OP_WEBAUTHN_H
#define ASSAY_OP_WEBAUTHN_H

#include "base/base.h"

#define WEBAUTHN_CLIENT_BYTES 4096u
#define WEBAUTHN_DATA_BYTES 4096u
#define WEBAUTHN_CREDENTIAL_BYTES 1023u /* as CTAP bounds an id */
#define WEBAUTHN_KEY_BYTES 1024u
#define WEBAUTHN_SIGNATURE_BYTES 1024u

/* Algorithms of COSE that are taken, the best first. */
#define WEBAUTHN_ES256 (-7)
#define WEBAUTHN_EDDSA (-8)
#define WEBAUTHN_RS256 (-257)

enum webauthn_flag {
    WEBAUTHN_PRESENT = 0x01,
    WEBAUTHN_VERIFIED = 0x04,
    WEBAUTHN_KEY = 0x40,
    WEBAUTHN_EXTENSIONS = 0x80,
};

/* What was asked. */
struct webauthn_asked {
    struct str rp_id;     /* "assay.example" */
    struct str origin;    /* "https://assay.example" */
    struct str challenge; /* in base64url, as it was sent */
    bool verified;        /* the device has to have seen who it is: a finger, a PIN */
};

struct webauthn_data {
    struct str rp_hash; /* 32 bytes */
    unsigned flags;     /* of enum webauthn_flag */
    uint32_t counter;
    struct str credential; /* the id, where there is a key */
    struct str key;        /* its COSE_Key */
};

/* The structure of authenticator data; false for what is none. Points into `data`. */
bool webauthn_authenticator(struct str data, struct webauthn_data *ret);

/* A new passkey. */
struct webauthn_made {
    struct str client;        /* clientDataJSON */
    struct str authenticator; /* authenticator data */
    int64_t algorithm;
};

struct webauthn_passkey {
    struct str credential, key; /* bytes; the key as libfido2 has it */
    int64_t algorithm, counter;
};

/* RC_DENIED where it is not an answer to what was asked, RC_INVALID where it is nothing that could
 * be one. The key lives in cx->mem. */
MUST_CHECK int webauthn_register(struct ctx *cx, const struct webauthn_asked *asked,
                                 const struct webauthn_made *made, struct webauthn_passkey *ret);

/* A passkey that is used. */
struct webauthn_used {
    struct str client, authenticator, signature;
};

/* RC_DENIED for all that does not show that who answers has the passkey. The counter is for the
 * caller to compare. */
MUST_CHECK int webauthn_check(struct ctx *cx, const struct webauthn_asked *asked,
                              const struct webauthn_passkey *passkey,
                              const struct webauthn_used *used, int64_t *ret_counter);

#endif
