/* ID tokens: those that are taken, and everything that is not. */
#include "op/jwt.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "tests/harness.h"

#define NOW 1790000000

static const struct jwt_expected expected = {STR("https://id.example"), STR("assay"), STR("n-1"),
                                             NOW};

static void end_key(void *key)
{
    EVP_PKEY_free(key);
}

static EVP_PKEY *new_key(struct ctx *cx, bool ec)
{
    EVP_PKEY *key = ec ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048);

    CHECK(key != NULL);
    test_ends(cx, end_key, key);
    return key;
}

static struct str encoded(struct ctx *cx, struct str text)
{
    return base64url_encode(cx->mem, text);
}

static struct str number(struct ctx *cx, EVP_PKEY *key, const char *name)
{
    unsigned char bytes[512];
    BIGNUM *bn = NULL;

    CHECK(EVP_PKEY_get_bn_param(key, name, &bn) == 1);
    int n = BN_bn2bin(bn, bytes);

    BN_free(bn);
    return encoded(cx, (struct str){(char *)bytes, (size_t)n});
}

/* The key as a provider shows it. */
static struct str jwk(struct ctx *cx, EVP_PKEY *key, bool ec, const char *kid)
{
    unsigned char point[65];
    size_t n = 0;

    if (!ec)
        return str_printf(cx->mem,
                          "{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"%s\",\"n\":\"%.*s\","
                          "\"e\":\"%.*s\"}",
                          kid, STR_ARG(number(cx, key, OSSL_PKEY_PARAM_RSA_N)),
                          STR_ARG(number(cx, key, OSSL_PKEY_PARAM_RSA_E)));
    CHECK(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &n) ==
          1);
    return str_printf(cx->mem,
                      "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"%s\",\"x\":\"%.*s\","
                      "\"y\":\"%.*s\"}",
                      kid, STR_ARG(encoded(cx, (struct str){(char *)point + 1, 32})),
                      STR_ARG(encoded(cx, (struct str){(char *)point + 33, 32})));
}

static struct str set_of(struct ctx *cx, struct str key)
{
    return str_printf(cx->mem, "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AA\"},%.*s]}", STR_ARG(key));
}

/* r and s, each of 32 bytes, of OpenSSL's signature. */
static struct str pair_of(struct ctx *cx, const unsigned char *der, size_t n)
{
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)n);
    unsigned char bytes[64];

    CHECK(pair != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(pair), bytes, 32) == 32 &&
          BN_bn2binpad(ECDSA_SIG_get0_s(pair), bytes + 32, 32) == 32);
    ECDSA_SIG_free(pair);
    return str_copy(cx->mem, (struct str){(char *)bytes, sizeof bytes});
}

static struct str signed_by(struct ctx *cx, EVP_PKEY *key, bool ec, const char *header,
                            const char *claims)
{
    struct str part = str_printf(cx->mem, "%.*s.%.*s", STR_ARG(encoded(cx, str_of(header))),
                                 STR_ARG(encoded(cx, str_of(claims))));
    unsigned char bytes[512];
    size_t n = sizeof bytes;
    EVP_MD_CTX *md = EVP_MD_CTX_new();

    CHECK(md != NULL && EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, key) == 1 &&
          EVP_DigestSign(md, bytes, &n, (const unsigned char *)part.p, part.n) == 1);
    EVP_MD_CTX_free(md);
    struct str signature = ec ? pair_of(cx, bytes, n) : (struct str){(char *)bytes, n};

    return str_printf(cx->mem, "%.*s.%.*s", STR_ARG(part), STR_ARG(encoded(cx, signature)));
}

#define RS "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"k1\"}"
#define ES "{\"alg\":\"ES256\",\"kid\":\"k1\"}"
#define CLAIMS(audience, rest)                                                                     \
    "{\"iss\":\"https://id.example\",\"sub\":\"u1\",\"aud\":" audience ",\"nonce\":\"n-1\","       \
    "\"iat\":1789999990,\"exp\":1790000300" rest "}"
#define GOOD CLAIMS("\"assay\"", ",\"email\":\"ann@one.example\"")

TEST(jwt_of_a_provider)
{
    const struct value *claims = NULL;

    for (int ec = 0; ec < 2; ec++) {
        EVP_PKEY *key = new_key(cx, ec);
        struct str keys = set_of(cx, jwk(cx, key, ec, "k1"));
        struct str token = signed_by(cx, key, ec, ec ? ES : RS, GOOD);

        CHECK_OK(jwt_check(cx, keys, token, &expected, &claims));
        CHECK_STR(value_get_text(claims, "email"), "ann@one.example");
        token = signed_by(cx, key, ec, ec ? "{\"alg\":\"ES256\"}" : "{\"alg\":\"RS256\"}", GOOD);
        CHECK_OK(jwt_check(cx, keys, token, &expected, &claims));
        keys = set_of(cx, jwk(cx, key, ec, "k2"));
        token = signed_by(cx, key, ec, ec ? ES : RS, GOOD);
        CHECK_RC(jwt_check(cx, keys, token, &expected, &claims), RC_NOT_FOUND);
    }
}

TEST(jwt_says_what_was_asked)
{
    static const char *const good[] = {
        CLAIMS("[\"assay\"]", ""), CLAIMS("[\"assay\",\"other\"]", ",\"azp\":\"assay\""),
        CLAIMS("\"assay\"", ",\"azp\":\"assay\",\"nbf\":1790000030")};
    static const char *const wrong[] = {
        CLAIMS("\"other\"", ""),
        CLAIMS("[]", ""),
        CLAIMS("{\"assay\":1}", ""),
        CLAIMS("[\"assay\",\"other\"]", ""),
        CLAIMS("\"assay\"", ",\"azp\":\"other\""),
        CLAIMS("\"assay\"", ",\"nbf\":1790000090"),
        "{\"iss\":\"https://id.example/\",\"sub\":\"u\",\"aud\":\"assay\",\"nonce\":\"n-1\","
        "\"iat\":1790000000,\"exp\":1790000300}",
        "{\"iss\":\"https://id.example\",\"sub\":\"u\",\"aud\":\"assay\",\"nonce\":\"n-2\","
        "\"iat\":1790000000,\"exp\":1790000300}",
        "{\"iss\":\"https://id.example\",\"sub\":\"u\",\"aud\":\"assay\","
        "\"iat\":1790000000,\"exp\":1790000300}",
        "{\"iss\":\"https://id.example\",\"sub\":\"u\",\"aud\":\"assay\",\"nonce\":\"n-1\","
        "\"iat\":1789990000,\"exp\":1789999000}",
        "{\"iss\":\"https://id.example\",\"sub\":\"u\",\"aud\":\"assay\",\"nonce\":\"n-1\","
        "\"iat\":1790000500,\"exp\":1790000900}",
        "{\"iss\":\"https://id.example\",\"sub\":\"u\",\"aud\":\"assay\",\"nonce\":\"n-1\","
        "\"iat\":1790000000}",
        "{\"iss\":\"https://id.example\",\"aud\":\"assay\",\"nonce\":\"n-1\",\"iat\":1790000000,"
        "\"exp\":1790000300}",
        "{\"iss\":\"https://id.example\",\"iss\":\"https://id.example\"}",
        "[]",
        "\"x\"",
        ""};
    EVP_PKEY *key = new_key(cx, true);
    struct str keys = set_of(cx, jwk(cx, key, true, "k1"));
    const struct value *claims;

    for (size_t i = 0; i < COUNT_OF(good); i++)
        CHECK_OK(jwt_check(cx, keys, signed_by(cx, key, true, ES, good[i]), &expected, &claims));
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        CHECK_RC(jwt_check(cx, keys, signed_by(cx, key, true, ES, wrong[i]), &expected, &claims),
                 RC_DENIED);
}

TEST(jwt_is_signed_as_it_says)
{
    static const char *const headers[] = {"{\"alg\":\"none\"}",
                                          "{\"alg\":\"HS256\",\"kid\":\"k1\"}",
                                          "{\"alg\":\"RS512\"}",
                                          "{\"alg\":\"es256\"}",
                                          "{\"alg\":\"ES256\",\"crit\":[\"exp\"]}",
                                          "{}",
                                          "[]"};
    EVP_PKEY *key = new_key(cx, true), *other = new_key(cx, true);
    struct str keys = set_of(cx, jwk(cx, key, true, "k1"));
    struct str token = signed_by(cx, key, true, ES, GOOD), bare;
    const struct value *claims;

    for (size_t i = 0; i < COUNT_OF(headers); i++)
        CHECK_RC(
            jwt_check(cx, keys, signed_by(cx, key, true, headers[i], GOOD), &expected, &claims),
            RC_DENIED);
    CHECK_RC(jwt_check(cx, keys, signed_by(cx, other, true, ES, GOOD), &expected, &claims),
             RC_DENIED);
    /* The header of one algorithm, a key of the other. */
    CHECK_RC(jwt_check(cx, keys, signed_by(cx, key, true, RS, GOOD), &expected, &claims),
             RC_NOT_FOUND);
    for (size_t n = 0; n < token.n; n += 7)
        CHECK_RC(jwt_check(cx, keys, str_sub(token, 0, n), &expected, &claims), RC_DENIED);
    bare = str_sub(token, 0, str_find_char(token, '.', str_find_char(token, '.', 0) + 1) + 1);
    CHECK_RC(jwt_check(cx, keys, bare, &expected, &claims), RC_DENIED);
    CHECK_RC(jwt_check(cx, keys, str_printf(cx->mem, "%.*s.", STR_ARG(token)), &expected, &claims),
             RC_DENIED);
    CHECK_RC(jwt_check(cx, STR("{}"), token, &expected, &claims), RC_NOT_FOUND);
    CHECK_RC(jwt_check(cx, STR("nothing"), token, &expected, &claims), RC_DENIED);
}

TEST(jwt_keys_that_are_too_small_are_none)
{
    EVP_PKEY *key = EVP_RSA_gen(1024);
    struct str keys = set_of(cx, jwk(cx, key, false, "k1"));
    const struct value *claims;

    CHECK_RC(jwt_check(cx, keys, signed_by(cx, key, false, RS, GOOD), &expected, &claims),
             RC_DENIED);
    EVP_PKEY_free(key);
}
