#include "op/webauthn.h"

#include <stdlib.h>

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>

#define HEAD_BYTES 37u /* hash, flags, counter */
#define AAGUID_BYTES 16u
#define NESTING 4u
#define ITEMS 200u /* of all CBOR in one answer */

/* ---- CBOR (RFC 8949), as far as it has to be followed ---- */

struct walk {
    const unsigned char *p;
    size_t n;
    unsigned items; /* that may yet come */
};

/* The head of an item: its type and argument. Indefinite lengths, which CTAP forbids, are none. */
static bool take_head(struct walk *w, unsigned *ret_type, uint64_t *ret)
{
    if (w->n == 0 || w->items == 0)
        return false;
    unsigned low = w->p[0] & 31;
    size_t extra = low < 24 ? 0 : low < 28 ? (size_t)1 << (low - 24) : SIZE_MAX;

    if (extra == SIZE_MAX || w->n - 1 < extra)
        return false;
    *ret_type = w->p[0] >> 5;
    *ret = extra == 0 ? low : 0;
    for (size_t i = 0; i < extra; i++)
        *ret = *ret << 8 | w->p[1 + i];
    w->p += 1 + extra;
    w->n -= 1 + extra;
    w->items--;
    return true;
}

/* Steps over one item and all in it. */
static bool skip(struct walk *w, unsigned depth)
{
    uint64_t value;
    unsigned type;

    if (depth > NESTING || !take_head(w, &type, &value))
        return false;
    if (type == 2 || type == 3) {
        if (value > w->n)
            return false;
        w->p += value;
        w->n -= value;
        return true;
    }
    if (type < 2 || type == 7)
        return true;
    if (type == 6 || value > ITEMS) /* nothing here has a tag */
        return false;
    for (uint64_t i = 0; i < (type == 5 ? 2 * value : value); i++)
        if (!skip(w, depth + 1))
            return false;
    return true;
}

/* Steps over a map and gives its bytes. */
static bool take_map(struct walk *w, struct str *ret)
{
    const unsigned char *from = w->p;

    if (w->n == 0 || w->p[0] >> 5 != 5 || !skip(w, 0))
        return false;
    *ret = (struct str){(const char *)from, (size_t)(w->p - from)};
    return true;
}

/* ---- the authenticator's data ---- */

static bool take_credential(struct walk *w, struct webauthn_data *ret)
{
    if (w->n < AAGUID_BYTES + 2)
        return false;
    size_t n = (size_t)w->p[AAGUID_BYTES] << 8 | w->p[AAGUID_BYTES + 1];

    w->p += AAGUID_BYTES + 2;
    w->n -= AAGUID_BYTES + 2;
    if (n == 0 || n > WEBAUTHN_CREDENTIAL_BYTES || n > w->n)
        return false;
    ret->credential = (struct str){(const char *)w->p, n};
    w->p += n;
    w->n -= n;
    return take_map(w, &ret->key) && ret->key.n <= WEBAUTHN_KEY_BYTES;
}

bool webauthn_authenticator(struct str data, struct webauthn_data *ret)
{
    struct walk w = {(const unsigned char *)data.p, data.n, ITEMS};
    struct str extensions;

    *ret = (struct webauthn_data){.credential = STR_NONE, .key = STR_NONE};
    if (data.n < HEAD_BYTES || data.n > WEBAUTHN_DATA_BYTES)
        return false;
    ret->rp_hash = str_sub(data, 0, HASH_BYTES);
    ret->flags = w.p[HASH_BYTES];
    for (size_t i = HASH_BYTES + 1; i < HEAD_BYTES; i++)
        ret->counter = ret->counter << 8 | w.p[i];
    w.p += HEAD_BYTES;
    w.n -= HEAD_BYTES;
    if ((ret->flags & WEBAUTHN_KEY) != 0 && !take_credential(&w, ret))
        return false;
    if ((ret->flags & WEBAUTHN_EXTENSIONS) != 0 && !take_map(&w, &extensions))
        return false;
    return w.n == 0;
}

/* ---- what was asked ---- */

static int not_asked(struct ctx *cx)
{
    return fail(cx, RC_DENIED, "passkey",
                _("That is no answer to what this page asked. Load the page again, and try once "
                  "more."));
}

static int no_passkey(struct ctx *cx)
{
    return fail(cx, RC_INVALID, "passkey", _("What the browser sent is no passkey."));
}

/* What the browser says of itself: for which purpose, at which site, to which question. */
static int check_client(struct ctx *cx, const struct webauthn_asked *asked, struct str client,
                        const char *type)
{
    struct value *said;

    if (client.n > WEBAUTHN_CLIENT_BYTES || json_parse(cx, "clientDataJSON", client, &said) < 0 ||
        value_type(said) != VALUE_MAP)
        return no_passkey(cx);
    if (!str_is(value_get_text(said, "type"), type) || asked->challenge.n == 0 ||
        !str_eq(value_get_text(said, "challenge"), asked->challenge))
        return not_asked(cx);
    if (!str_eq(value_get_text(said, "origin"), asked->origin) ||
        value_get_bool(said, "crossOrigin") || value_get(said, "topOrigin") != NULL)
        return fail(cx, RC_DENIED, "passkey",
                    _("The passkey was used at another address than this one."));
    return 0;
}

static int check_data(struct ctx *cx, const struct webauthn_asked *asked, struct str data,
                      struct webauthn_data *ret)
{
    struct hash site = hash_sha256(&asked->rp_id, 1);

    if (!webauthn_authenticator(data, ret))
        return no_passkey(cx);
    if (!str_eq(ret->rp_hash, (struct str){(const char *)site.b, sizeof site.b}))
        return fail(cx, RC_DENIED, "passkey", _("This passkey is of another site."));
    if ((ret->flags & WEBAUTHN_PRESENT) == 0 ||
        (asked->verified && (ret->flags & WEBAUTHN_VERIFIED) == 0))
        return fail(cx, RC_DENIED, "passkey",
                    _("The device did not look who you are: it has to ask for a finger, a face or "
                      "a PIN."));
    return 0;
}

/* ---- keys ---- */

struct keys {
    es256_pk_t *es256;
    eddsa_pk_t *eddsa;
    rs256_pk_t *rs256;
};

static void keys_free(struct keys *keys)
{
    es256_pk_free(&keys->es256);
    eddsa_pk_free(&keys->eddsa);
    rs256_pk_free(&keys->rs256);
}

static bool is_algorithm(int64_t algorithm)
{
    return algorithm == WEBAUTHN_ES256 || algorithm == WEBAUTHN_EDDSA ||
           algorithm == WEBAUTHN_RS256;
}

/* The key as libfido2 checks signatures with it: of the right length, and on its curve. NULL for
 * what is none. */
static const void *key_of(struct keys *keys, int64_t algorithm, struct str bytes)
{
    *keys = (struct keys){es256_pk_new(), eddsa_pk_new(), rs256_pk_new()};
    if (keys->es256 == NULL || keys->eddsa == NULL || keys->rs256 == NULL)
        abort();
    if (algorithm == WEBAUTHN_ES256)
        return es256_pk_from_ptr(keys->es256, bytes.p, bytes.n) == FIDO_OK ? keys->es256 : NULL;
    if (algorithm == WEBAUTHN_EDDSA)
        return eddsa_pk_from_ptr(keys->eddsa, bytes.p, bytes.n) == FIDO_OK ? keys->eddsa : NULL;
    if (algorithm == WEBAUTHN_RS256)
        return rs256_pk_from_ptr(keys->rs256, bytes.p, bytes.n) == FIDO_OK ? keys->rs256 : NULL;
    return NULL;
}

/* ---- making one ---- */

static void cred_free(fido_cred_t **cred)
{
    fido_cred_free(cred);
}

int webauthn_register(struct ctx *cx, const struct webauthn_asked *asked,
                      const struct webauthn_made *made, struct webauthn_passkey *ret)
{
    fido_cred_t *cred CLEANUP(cred_free) = fido_cred_new();
    struct keys keys CLEANUP(keys_free) = {NULL, NULL, NULL};
    struct webauthn_data data;

    TRY(check_client(cx, asked, made->client, "webauthn.create"));
    TRY(check_data(cx, asked, made->authenticator, &data));
    if ((data.flags & WEBAUTHN_KEY) == 0 || !is_algorithm(made->algorithm) || cred == NULL ||
        fido_cred_set_type(cred, (int)made->algorithm) != FIDO_OK ||
        fido_cred_set_authdata_raw(cred, (const unsigned char *)made->authenticator.p,
                                   made->authenticator.n) != FIDO_OK)
        return no_passkey(cx);
    struct str key = {(const char *)fido_cred_pubkey_ptr(cred), fido_cred_pubkey_len(cred)};

    if (key.p == NULL || key_of(&keys, made->algorithm, key) == NULL)
        return no_passkey(cx);
    *ret = (struct webauthn_passkey){str_copy(cx->mem, data.credential), str_copy(cx->mem, key),
                                     made->algorithm, data.counter};
    return 0;
}

/* ---- using one ---- */

static void assert_free(fido_assert_t **assertion)
{
    fido_assert_free(assertion);
}

static bool set_all(fido_assert_t *assertion, struct ctx *cx, const struct webauthn_asked *asked,
                    const struct webauthn_used *used)
{
    struct hash client = hash_sha256(&used->client, 1);

    return fido_assert_set_count(assertion, 1) == FIDO_OK &&
           fido_assert_set_rp(assertion, str_z(cx->mem, asked->rp_id)) == FIDO_OK &&
           fido_assert_set_clientdata_hash(assertion, client.b, sizeof client.b) == FIDO_OK &&
           fido_assert_set_authdata_raw(assertion, 0, (const unsigned char *)used->authenticator.p,
                                        used->authenticator.n) == FIDO_OK &&
           fido_assert_set_up(assertion, FIDO_OPT_TRUE) == FIDO_OK &&
           fido_assert_set_uv(assertion, asked->verified ? FIDO_OPT_TRUE : FIDO_OPT_OMIT) ==
               FIDO_OK &&
           fido_assert_set_sig(assertion, 0, (const unsigned char *)used->signature.p,
                               used->signature.n) == FIDO_OK;
}

int webauthn_check(struct ctx *cx, const struct webauthn_asked *asked,
                   const struct webauthn_passkey *passkey, const struct webauthn_used *used,
                   int64_t *ret_counter)
{
    fido_assert_t *assertion CLEANUP(assert_free) = fido_assert_new();
    struct keys keys CLEANUP(keys_free) = {NULL, NULL, NULL};
    struct webauthn_data data;

    TRY(check_client(cx, asked, used->client, "webauthn.get"));
    TRY(check_data(cx, asked, used->authenticator, &data));
    if ((data.flags & WEBAUTHN_KEY) != 0 || used->signature.n == 0 ||
        used->signature.n > WEBAUTHN_SIGNATURE_BYTES || assertion == NULL ||
        !set_all(assertion, cx, asked, used))
        return no_passkey(cx);
    const void *key = key_of(&keys, passkey->algorithm, passkey->key);

    /* It looks once more whether somebody was there and seen, and at the site. */
    if (key == NULL || fido_assert_verify(assertion, 0, (int)passkey->algorithm, key) != FIDO_OK)
        return fail(cx, RC_DENIED, "passkey", _("The signature is not of this passkey."));
    *ret_counter = data.counter;
    return 0;
}
