/* The keys of an organisation's records: the home's keeper has them. */
#include <string.h>

#include "ledger/keeper.h"
#include "op/home_parts.h"

#define LOG_BYTES 8u /* random ones, that tell apart ledgers of organisations of one name */

struct home_keys {
    struct record_keys keys;
    struct home *home;
};

static int keeper_of(struct record_keys *keys, struct ctx *cx, struct keeper **ret)
{
    return home_keeper(cx, ((struct home_keys *)keys)->home, ret);
}

static int wrap(struct record_keys *keys, struct ctx *cx, const unsigned char *key, struct str *ret)
{
    struct keeper_wrapped wrapped;
    struct keeper_key plain;
    struct keeper *keeper;

    TRY(keeper_of(keys, cx, &keeper));
    memcpy(plain.bytes, key, sizeof plain.bytes);
    int rc = keeper_wrap(cx, keeper, &plain, 1, &wrapped);
    explicit_bzero(&plain, sizeof plain);
    TRY(rc);
    *ret = base64_encode(cx->mem, (struct str){(const char *)wrapped.bytes, sizeof wrapped.bytes});
    return 0;
}

static int unwrap(struct record_keys *keys, struct ctx *cx, struct str text, unsigned char *ret_key)
{
    struct keeper_wrapped wrapped;
    struct keeper_key plain;
    struct keeper *keeper;
    struct str bytes;

    if (!base64_decode(cx->mem, text, &bytes) || bytes.n != sizeof wrapped.bytes)
        return fail(cx, RC_FAIL, NULL,
                    _("The organisation's key was changed by something else than Assay. To see "
                      "what was: assay ledger verify."));
    memcpy(wrapped.bytes, bytes.p, bytes.n);
    TRY(keeper_of(keys, cx, &keeper));
    TRY(keeper_unwrap(cx, keeper, &wrapped, 1, &plain));
    memcpy(ret_key, plain.bytes, sizeof plain.bytes);
    explicit_bzero(&plain, sizeof plain);
    return 0;
}

static int sign(struct record_keys *keys, struct ctx *cx, const struct checkpoint *checkpoint,
                keeper_prove *prove, void *arg, enum keeper_stand *ret_stand, struct str *ret_note)
{
    struct keeper *keeper;

    TRY(keeper_of(keys, cx, &keeper));
    return keeper_sign(cx, keeper, checkpoint, prove, arg, ret_stand, ret_note);
}

static int public_keys(struct record_keys *keys, struct ctx *cx, struct str origin, struct str *ret,
                       size_t *ret_n)
{
    struct keeper *keeper;

    TRY(keeper_of(keys, cx, &keeper));
    return keeper_public(cx, keeper, origin, ret, ret_n);
}

static int rotate(struct record_keys *keys, struct ctx *cx, struct str origin)
{
    struct keeper *keeper;
    struct str fresh;

    TRY(keeper_of(keys, cx, &keeper));
    return keeper_rotate_log(cx, keeper, origin, &fresh);
}

static int links(struct record_keys *keys, struct ctx *cx, struct str origin, struct str *ret,
                 size_t *ret_n)
{
    struct keeper *keeper;

    TRY(keeper_of(keys, cx, &keeper));
    return keeper_links(cx, keeper, origin, ret, ret_n);
}

struct record_keys *home_keys(struct ctx *cx, struct home *home, struct str name)
{
    struct home_keys *made = ARENA_NEW(cx->mem, struct home_keys);
    char random[LOG_BYTES];

    host_random(cx, random, sizeof random);
    struct str tag = hash_hex(cx->mem, (struct str){random, sizeof random});
    made->home = home;
    made->keys = (struct record_keys){
        .origin = str_printf(cx->mem, "assay/%.*s/%.*s", STR_ARG(name), STR_ARG(tag)),
        .wrap = wrap,
        .unwrap = unwrap,
        .sign = sign,
        .public_keys = public_keys,
        .rotate = rotate,
        .links = links};
    return &made->keys;
}
