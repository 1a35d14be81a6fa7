#include "tests/op/authenticator.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

static void end_key(void *key)
{
    EVP_PKEY_free(key);
}

struct authenticator authenticator_new(struct ctx *cx, struct str credential, struct str origin)
{
    struct authenticator a = {.key = EVP_EC_gen("P-256"),
                              .credential = credential,
                              .site = str_from(origin, str_find(origin, STR("://"), 0) + 3),
                              .origin = origin,
                              .flags = WEBAUTHN_PRESENT | WEBAUTHN_VERIFIED};

    CHECK(a.key != NULL);
    test_ends(cx, end_key, a.key);
    return a;
}

struct str authenticator_client(struct ctx *cx, const struct authenticator *a, const char *type,
                                struct str challenge)
{
    return str_printf(cx->mem,
                      "{\"type\":\"%s\",\"challenge\":\"%.*s\",\"origin\":\"%.*s\","
                      "\"crossOrigin\":false}",
                      type, STR_ARG(challenge), STR_ARG(a->origin));
}

/* {1: 2, 3: -7, -1: 1, -2: x, -3: y} */
static void put_key(struct buf *out, const struct authenticator *a)
{
    unsigned char point[65];
    size_t n = 0;

    CHECK(EVP_PKEY_get_octet_string_param(a->key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point,
                                          &n) == 1 &&
          n == sizeof point);
    buf_add(out, STR("\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"));
    buf_add(out, (struct str){(char *)point + 1, 32});
    buf_add(out, STR("\x22\x58\x20"));
    buf_add(out, (struct str){(char *)point + 33, 32});
}

struct str authenticator_data(struct ctx *cx, const struct authenticator *a, bool key)
{
    struct hash site = hash_sha256(&a->site, 1);
    struct buf out = buf_new(cx->mem);
    unsigned flags =
        a->flags | (key ? WEBAUTHN_KEY : 0) | (a->extension.n > 0 ? WEBAUTHN_EXTENSIONS : 0);

    buf_add(&out, (struct str){(char *)site.b, sizeof site.b});
    buf_char(&out, (char)flags);
    for (unsigned i = 0; i < 4; i++)
        buf_char(&out, (char)(a->counter >> (24 - 8 * i) & 255));
    if (key) {
        buf_add(&out, STR("0123456789abcdef"));
        buf_char(&out, (char)(a->credential.n >> 8));
        buf_char(&out, (char)(a->credential.n & 255));
        buf_add(&out, a->credential);
        put_key(&out, a);
    }
    buf_add(&out, a->extension);
    return buf_str(&out);
}

struct webauthn_made authenticator_make(struct ctx *cx, const struct authenticator *a,
                                        struct str challenge)
{
    return (struct webauthn_made){authenticator_client(cx, a, "webauthn.create", challenge),
                                  authenticator_data(cx, a, true), WEBAUTHN_ES256};
}

struct webauthn_used authenticator_use(struct ctx *cx, const struct authenticator *a,
                                       struct str challenge)
{
    struct webauthn_used used = {authenticator_client(cx, a, "webauthn.get", challenge),
                                 authenticator_data(cx, a, false), STR_NONE};
    struct hash client = hash_sha256(&used.client, 1);
    struct buf message = buf_new(cx->mem);
    unsigned char signature[128];
    size_t n = sizeof signature;
    EVP_MD_CTX *md = EVP_MD_CTX_new();

    buf_add(&message, used.authenticator);
    buf_add(&message, (struct str){(char *)client.b, sizeof client.b});
    CHECK(md != NULL && EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, a->key) == 1 &&
          EVP_DigestSign(md, signature, &n, (const unsigned char *)message.p, message.n) == 1);
    EVP_MD_CTX_free(md);
    used.signature = str_copy(cx->mem, (struct str){(char *)signature, n});
    return used;
}
