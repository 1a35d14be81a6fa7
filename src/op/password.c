#include "op/password.h"

#include <sodium.h>

#include "op/accounts.h"

#define PASSES 3u
#define MEMORY ((size_t)64 * 1024 * 1024)

/* What guessers begin with, as far as it is long enough: a short list, in small letters. */
static const char *const common[] = {
    "123456789012",
    "1234567890123",
    "qwertyuiop12",
    "qwertyuiop123",
    "passwordpassword",
    "password1234",
    "password12345",
    "administrator",
    "iloveyou1234",
    "letmeinletmein",
    "welcome12345",
    "changemechangeme",
    "correcthorsebatterystaple",
    "aaaaaaaaaaaa",
    "111111111111",
    "000000000000",
    "qwerty123456",
    "abcdefghijkl",
    "abcd12345678",
    "iso27001iso27001",
    "informationsecurity",
};

int password_fit(struct ctx *cx, struct str login, struct str password)
{
    if (password.n > ACCOUNT_PASSWORD_BYTES)
        return fail(cx, RC_INVALID, "password", _("A password has at most %u bytes."),
                    ACCOUNT_PASSWORD_BYTES);
    if (!utf8_valid(password) || utf8_count(password) < ACCOUNT_PASSWORD_LEAST)
        return fail(cx, RC_INVALID, "password",
                    _("Take at least %u characters: four words that have nothing to do with each "
                      "other are good."),
                    ACCOUNT_PASSWORD_LEAST);
    if (str_eq(str_lower(cx->mem, password), str_lower(cx->mem, login)))
        return fail(cx, RC_INVALID, "password", _("The password is the name you sign in with."));
    for (size_t i = 0; i < COUNT_OF(common); i++)
        if (str_is(str_lower(cx->mem, password), common[i]))
            return fail(cx, RC_INVALID, "password",
                        _("This is among the first passwords that guessers try: take another."));
    return 0;
}

int password_hash(struct ctx *cx, struct str password, struct str *ret)
{
    char *out = arena_alloc(cx->mem, crypto_pwhash_STRBYTES);

    if (sodium_init() < 0)
        return fail(cx, RC_FAIL, NULL, _("libsodium did not start."));
    int rc = crypto_pwhash_argon2id_str(out, password.p, password.n, PASSES, MEMORY);
    if (rc != 0)
        return fail(cx, RC_LIMIT, NULL, _("There is no memory to hash a password."));
    *ret = str_of(out);
    return 0;
}

int password_is(struct ctx *cx, struct str hash, struct str password, bool *ret)
{
    struct str spent;
    char z[crypto_pwhash_STRBYTES] = "";

    *ret = false;
    if (hash.n <= 1 /* "-": it has none */ || hash.n >= sizeof z ||
        password.n > ACCOUNT_PASSWORD_BYTES)
        return password_hash(cx, str_sub(password, 0, ACCOUNT_PASSWORD_BYTES), &spent);
    if (sodium_init() < 0)
        return fail(cx, RC_FAIL, NULL, _("libsodium did not start."));
    memcpy(z, hash.p, hash.n);
    *ret = crypto_pwhash_str_verify(z, password.p, password.n) == 0;
    return 0;
}
