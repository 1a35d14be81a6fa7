#include "op/jwt.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#define EC_BYTES 32u /* of a number of P-256 */
#define RSA_LEAST 256u
#define RSA_MOST 1024u /* bytes of a modulus */
#define EXPONENT_MOST 8u

static int no_token(struct ctx *cx)
{
    return fail(cx, RC_DENIED, "id_token", _("What the provider sent is no ID token."));
}

/* ---- what OpenSSL makes ---- */

static void pkey_free(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void pkey_ctx_free(EVP_PKEY_CTX **ctx)
{
    EVP_PKEY_CTX_free(*ctx);
}

static void md_free(EVP_MD_CTX **md)
{
    EVP_MD_CTX_free(*md);
}

static void bn_free(BIGNUM **bn)
{
    BN_free(*bn);
}

static void build_free(OSSL_PARAM_BLD **build)
{
    OSSL_PARAM_BLD_free(*build);
}

static void params_free(OSSL_PARAM **params)
{
    OSSL_PARAM_free(*params);
}

static EVP_PKEY *key_of(const char *type, OSSL_PARAM_BLD *build)
{
    OSSL_PARAM *params CLEANUP(params_free) = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX *ctx CLEANUP(pkey_ctx_free) = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *key = NULL;

    if (params == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        return NULL;
    return key;
}

/* ---- keys ---- */

static bool bytes_of(struct ctx *cx, const struct value *key, const char *name, size_t least,
                     size_t most, struct str *ret)
{
    return base64url_decode(cx->mem, value_get_text(key, name), ret) && ret->n >= least &&
           ret->n <= most;
}

static const unsigned char *raw(struct str s)
{
    return (const unsigned char *)s.p;
}

static EVP_PKEY *rsa_of(struct ctx *cx, const struct value *jwk)
{
    OSSL_PARAM_BLD *build CLEANUP(build_free) = OSSL_PARAM_BLD_new();
    struct str n, e;

    if (build == NULL || !bytes_of(cx, jwk, "n", RSA_LEAST, RSA_MOST, &n) ||
        !bytes_of(cx, jwk, "e", 1, EXPONENT_MOST, &e))
        return NULL;
    BIGNUM *modulus CLEANUP(bn_free) = BN_bin2bn(raw(n), (int)n.n, NULL),
                    *exponent CLEANUP(bn_free) = BN_bin2bn(raw(e), (int)e.n, NULL);

    if (modulus == NULL || exponent == NULL || !BN_is_odd(modulus) || !BN_is_odd(exponent) ||
        BN_is_one(exponent) || BN_num_bits(modulus) < (int)RSA_LEAST * 8 ||
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, modulus) != 1 ||
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, exponent) != 1)
        return NULL;
    return key_of("RSA", build);
}

static EVP_PKEY *ec_of(struct ctx *cx, const struct value *jwk)
{
    OSSL_PARAM_BLD *build CLEANUP(build_free) = OSSL_PARAM_BLD_new();
    struct buf point = buf_new(cx->mem);
    struct str x, y;

    if (build == NULL || !value_is_text(value_get(jwk, "crv"), "P-256") ||
        !bytes_of(cx, jwk, "x", EC_BYTES, EC_BYTES, &x) ||
        !bytes_of(cx, jwk, "y", EC_BYTES, EC_BYTES, &y))
        return NULL;
    buf_char(&point, 4);
    buf_add(&point, x);
    buf_add(&point, y);
    if (OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point.p, point.n) != 1)
        return NULL;
    return key_of("EC", build);
}

/* ---- signatures ---- */

struct token {
    struct str signed_part, signature;
    struct str algorithm, kid;
    const struct value *claims;
    bool ec;
};

/* Two numbers, one behind the other, as OpenSSL takes them. "" for what is no signature. */
static struct str der_of(struct ctx *cx, struct str signature)
{
    ECDSA_SIG *pair = signature.n == 2 * (size_t)EC_BYTES ? ECDSA_SIG_new() : NULL;
    BIGNUM *r = pair != NULL ? BN_bin2bn(raw(signature), EC_BYTES, NULL) : NULL,
           *s = pair != NULL ? BN_bin2bn(raw(signature) + EC_BYTES, EC_BYTES, NULL) : NULL;
    unsigned char *der = NULL;
    int n = 0;

    if (pair != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(pair, r, s) == 1) {
        n = i2d_ECDSA_SIG(pair, &der);
        r = s = NULL; /* they are the pair's */
    }
    struct str ret =
        n > 0 ? str_copy(cx->mem, (struct str){(const char *)der, (size_t)n}) : STR_NONE;

    OPENSSL_free(der);
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(pair);
    return ret;
}

static bool is_signed(struct ctx *cx, const struct value *jwk, const struct token *token)
{
    EVP_PKEY *key CLEANUP(pkey_free) = token->ec ? ec_of(cx, jwk) : rsa_of(cx, jwk);
    EVP_MD_CTX *md CLEANUP(md_free) = EVP_MD_CTX_new();
    struct str signature = token->ec ? der_of(cx, token->signature) : token->signature;

    return key != NULL && md != NULL && signature.n > 0 &&
           EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, key) == 1 &&
           EVP_DigestVerify(md, raw(signature), signature.n, raw(token->signed_part),
                            token->signed_part.n) == 1;
}

/* Whether a key is meant for tokens like this. */
static bool fits(const struct value *jwk, const struct token *token)
{
    struct str use = value_get_text(jwk, "use"), algorithm = value_get_text(jwk, "alg");

    return value_is_text(value_get(jwk, "kty"), token->ec ? "EC" : "RSA") &&
           (use.n == 0 || str_is(use, "sig")) &&
           (algorithm.n == 0 || str_eq(algorithm, token->algorithm)) &&
           (token->kid.n == 0 || str_eq(value_get_text(jwk, "kid"), token->kid));
}

static int check_signature(struct ctx *cx, struct str keys, const struct token *token)
{
    struct value *set;
    bool any = false;

    if (keys.n > JWT_KEYS_BYTES || json_parse(cx, "jwks", keys, &set) < 0)
        return fail(cx, RC_DENIED, "id_token", _("The keys of the provider are none."));
    const struct value *list = value_get(set, "keys");

    for (size_t i = 0; i < value_count(list) && i < JWT_KEYS; i++) {
        if (!fits(value_at(list, i), token))
            continue;
        any = true;
        if (is_signed(cx, value_at(list, i), token))
            return 0;
    }
    if (!any)
        return fail(cx, RC_NOT_FOUND, "kid", _("The provider has no key that signed this token."));
    return fail(cx, RC_DENIED, "id_token", _("The ID token is not signed by the provider."));
}

/* ---- taking it apart ---- */

static int take_json(struct ctx *cx, struct str part, struct value **ret)
{
    struct str text;

    if (!base64url_decode(cx->mem, part, &text) || json_parse(cx, "id_token", text, ret) < 0 ||
        value_type(*ret) != VALUE_MAP)
        return no_token(cx);
    return 0;
}

static int take_apart(struct ctx *cx, struct str text, struct token *ret)
{
    struct str rest = text, head, body, signature;
    struct value *header, *claims;

    if (text.n == 0 || text.n > JWT_BYTES || !str_split(&rest, '.', &head) ||
        !str_split(&rest, '.', &body) || !str_split(&rest, '.', &signature) || rest.n > 0 ||
        head.n + body.n + signature.n + 2 != text.n)
        return no_token(cx);
    TRY(take_json(cx, head, &header));
    *ret = (struct token){.signed_part = str_sub(text, 0, head.n + 1 + body.n),
                          .algorithm = value_get_text(header, "alg"),
                          .kid = value_get_text(header, "kid")};
    ret->ec = str_is(ret->algorithm, "ES256");
    if ((!ret->ec && !str_is(ret->algorithm, "RS256")) || value_get(header, "crit") != NULL)
        return fail(cx, RC_DENIED, "id_token",
                    _("The ID token is signed in a way that is not taken: RS256 and ES256 are."));
    TRY(take_json(cx, body, &claims));
    ret->claims = claims;
    if (!base64url_decode(cx->mem, signature, &ret->signature) || ret->signature.n == 0)
        return no_token(cx);
    return 0;
}

/* ---- what it says ---- */

/* It is for us, and where it is for others too, it was made for us. */
static bool is_for(const struct value *claims, struct str client)
{
    const struct value *audience = value_get(claims, "aud"), *party = value_get(claims, "azp");
    bool ours = str_eq(value_as_text(audience), client), many = value_count(audience) > 1;

    for (size_t i = 0; value_type(audience) == VALUE_LIST && i < value_count(audience); i++)
        ours = ours || str_eq(value_as_text(value_at(audience, i)), client);
    return ours && (party == NULL ? !many : str_eq(value_as_text(party), client));
}

static int check_claims(struct ctx *cx, const struct value *claims,
                        const struct jwt_expected *expected)
{
    int64_t until = value_get_int(claims, "exp", INT64_MIN),
            made = value_get_int(claims, "iat", INT64_MAX),
            from = value_get_int(claims, "nbf", INT64_MIN);
    struct str subject = value_get_text(claims, "sub");

    if (!str_eq(value_get_text(claims, "iss"), expected->issuer))
        return fail(cx, RC_DENIED, "iss", _("The ID token is of another provider."));
    if (!is_for(claims, expected->client))
        return fail(cx, RC_DENIED, "aud", _("The ID token is for another program."));
    if (expected->nonce.n == 0 || !str_eq(value_get_text(claims, "nonce"), expected->nonce))
        return fail(cx, RC_DENIED, "nonce", _("The ID token is no answer to what was asked."));
    if (until < expected->now_s - JWT_SKEW_S)
        return fail(cx, RC_DENIED, "exp", _("The ID token is too old."));
    if (made > expected->now_s + JWT_SKEW_S || from > expected->now_s + JWT_SKEW_S)
        return fail(cx, RC_DENIED, "iat",
                    _("The ID token is of the future: the clocks of the provider and of this "
                      "server differ."));
    if (subject.n == 0 || subject.n > 255)
        return fail(cx, RC_DENIED, "sub", _("The ID token says of nobody."));
    return 0;
}

int jwt_check(struct ctx *cx, struct str keys, struct str text, const struct jwt_expected *expected,
              const struct value **ret_claims)
{
    struct token token;

    TRY(take_apart(cx, text, &token));
    TRY(check_signature(cx, keys, &token));
    TRY(check_claims(cx, token.claims, expected));
    *ret_claims = token.claims;
    return 0;
}
