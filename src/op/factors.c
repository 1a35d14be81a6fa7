#include "op/factors.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "op/account_parts.h"

#define SECRET_BYTES 20u /* as RFC 4226 wants for SHA-1 */
#define CODE_CHARS 15u   /* of a recovery code: 75 bits */
#define CODE_GROUP 5u

/* ---- codes ---- */

void factor_code(struct str secret, int64_t step, char ret[static FACTOR_DIGITS + 1])
{
    unsigned char counter[8], mac[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    for (unsigned i = 0; i < 8; i++)
        counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    if (HMAC(EVP_sha1(), secret.p, (int)secret.n, counter, sizeof counter, mac, &n) == NULL)
        abort();
    const unsigned char *at = mac + (mac[n - 1] & 15);
    uint32_t number = ((uint32_t)at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 |
                      (uint32_t)at[2] << 8 | (uint32_t)at[3];

    (void)snprintf(ret, FACTOR_DIGITS + 1, "%06u", number % 1000000u);
}

static struct str base32(struct arena *mem, struct str bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    struct buf out = buf_new(mem);
    uint32_t bits = 0;
    unsigned have = 0;

    for (size_t i = 0; i < bytes.n; i++) {
        bits = bits << 8 | (unsigned char)bytes.p[i];
        for (have += 8; have >= 5; have -= 5)
            buf_char(&out, digits[bits >> (have - 5) & 31]);
    }
    return buf_str(&out); /* twenty bytes leave no rest */
}

/* ---- secrets ---- */

/* The first bytes of an HMAC: so the keeper wraps a key like all others. */
static struct str secret_of(struct arena *mem, const struct keeper_key *key, struct str account)
{
    const struct str parts[] = {STR("assay-totp-v1\n"), account};
    struct hash hash =
        hash_hmac((struct str){(const char *)key->bytes, sizeof key->bytes}, parts, 2);

    return str_copy(mem, (struct str){(const char *)hash.b, SECRET_BYTES});
}

static int unwrap(struct ctx *cx, struct keeper *keeper, struct str account, struct str wrapped,
                  struct str *ret)
{
    struct keeper_wrapped bytes;
    struct keeper_key key;
    struct str raw;

    if (!base64_decode(cx->mem, wrapped, &raw) || raw.n != sizeof bytes.bytes)
        return fail(cx, RC_FAIL, NULL, _("The key of a second factor is none."));
    memcpy(bytes.bytes, raw.p, raw.n);
    TRY(keeper_unwrap(cx, keeper, &bytes, 1, &key));
    *ret = secret_of(cx->mem, &key, account);
    OPENSSL_cleanse(&key, sizeof key);
    return 0;
}

static struct str uri_of(struct ctx *cx, struct str login, struct str secret)
{
    struct buf label = buf_new(cx->mem);

    for (size_t i = 0; i < login.n; i++) {
        unsigned char c = (unsigned char)login.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
                     c == '_' || c == '@';
        buf_printf(&label, plain ? "%c" : "%%%02X", c);
    }
    return str_printf(cx->mem,
                      "otpauth://totp/Assay:%.*s?secret=%.*s&issuer=Assay&algorithm=SHA1&digits=%u"
                      "&period=%d",
                      STR_ARG(buf_str(&label)), STR_ARG(secret), FACTOR_DIGITS, FACTOR_STEP_S);
}

static void present(struct ctx *cx, struct str login, struct str secret, struct str *ret_secret,
                    struct str *ret_uri)
{
    *ret_secret = base32(cx->mem, secret);
    *ret_uri = uri_of(cx, login, *ret_secret);
}

struct row {
    struct str key;
    bool confirmed;
    int64_t last_step;
};

/* RC_NOT_FOUND where there is none. */
static int read_row(struct ctx *cx, struct store *directory, struct str account, struct row *ret)
{
    bool row;
    STMT(s);

    TRY(store_ask(cx, directory,
                  "SELECT key, confirmed_at, last_step FROM factor WHERE account = :account", &s,
                  &row, BIND("account", account)));
    if (!row)
        return fail(cx, RC_NOT_FOUND, "code", _("No second factor was set up yet."));
    *ret = (struct row){stmt_text(cx->mem, s, 0), stmt_text(cx->mem, s, 1).n > 0, stmt_int(s, 2)};
    return 0;
}

int factor_begin(struct ctx *cx, struct store *directory, struct keeper *keeper, struct str account,
                 struct str login, struct str *ret_secret, struct str *ret_uri)
{
    struct keeper_wrapped wrapped;
    struct keeper_key key;
    struct factor_state state;

    TRY(factor_state(cx, directory, account, &state));
    if (state.totp)
        return fail(cx, RC_CONFLICT, NULL,
                    _("There is a second factor already: take it away "
                      "first."));
    host_random(cx, key.bytes, sizeof key.bytes);
    struct str secret = secret_of(cx->mem, &key, account);
    int rc = keeper_wrap(cx, keeper, &key, 1, &wrapped);

    OPENSSL_cleanse(&key, sizeof key);
    TRY(rc);

    TRY(store_run(cx, directory,
                  "INSERT INTO factor (account, key, last_step, made_at) "
                  "VALUES (:account, :key, 0, :made_at) ON CONFLICT (account) DO UPDATE SET "
                  "key = excluded.key, last_step = 0, made_at = excluded.made_at "
                  "WHERE factor.confirmed_at IS NULL",
                  BIND("account", account),
                  BIND("key", base64_encode(cx->mem, (struct str){(const char *)wrapped.bytes,
                                                                  sizeof wrapped.bytes})),
                  BIND("made_at", account_instant(cx, 0))));
    present(cx, login, secret, ret_secret, ret_uri);
    return 0;
}

int factor_begun(struct ctx *cx, struct store *directory, struct keeper *keeper, struct str account,
                 struct str login, struct str *ret_secret, struct str *ret_uri)
{
    struct str secret;
    struct row row;

    TRY(read_row(cx, directory, account, &row));
    if (row.confirmed)
        return fail(cx, RC_NOT_FOUND, "code", _("The second factor is set up already."));
    TRY(unwrap(cx, keeper, account, row.key, &secret));
    present(cx, login, secret, ret_secret, ret_uri);
    return 0;
}

int factor_state(struct ctx *cx, struct store *directory, struct str account,
                 struct factor_state *ret)
{
    bool row;
    STMT(s);

    TRY(store_ask(cx, directory,
                  "SELECT (SELECT count(*) FROM factor WHERE account = :account AND "
                  "confirmed_at IS NOT NULL), (SELECT count(*) FROM passkey WHERE account "
                  "= :account), (SELECT count(*) FROM recovery_code WHERE account = "
                  ":account AND used_at IS NULL)",
                  &s, &row, BIND("account", account)));
    *ret = (struct factor_state){row && stmt_int(s, 0) > 0, row ? stmt_int(s, 1) : 0,
                                 row ? stmt_int(s, 2) : 0};
    return 0;
}

int factor_has(struct ctx *cx, struct store *directory, struct str account, bool *ret,
               int64_t *ret_codes)
{
    struct factor_state state;

    TRY(factor_state(cx, directory, account, &state));
    *ret = state.totp || state.passkeys > 0;
    if (ret_codes != NULL)
        *ret_codes = state.codes;
    return 0;
}

int factor_totp(struct ctx *cx, struct store *directory, struct str account, bool *ret)
{
    struct factor_state state;

    TRY(factor_state(cx, directory, account, &state));
    *ret = state.totp;
    return 0;
}

/* ---- codes that are taken ---- */

/* Six digits, whatever blanks are between them; "" for what is no such code. */
static struct str digits_of(struct arena *mem, struct str code)
{
    struct buf out = buf_new(mem);

    for (size_t i = 0; i < code.n; i++) {
        if (code.p[i] >= '0' && code.p[i] <= '9')
            buf_char(&out, code.p[i]);
        else if (code.p[i] != ' ')
            return STR_NONE;
    }
    return out.n == FACTOR_DIGITS ? buf_str(&out) : STR_NONE;
}

/* The step whose code it is, 0 for none. */
static int64_t step_of(const struct ctx *cx, struct str secret, struct str digits)
{
    int64_t now = host_now_ms(cx) / 1000 / FACTOR_STEP_S, found = 0;
    char code[FACTOR_DIGITS + 1];

    for (int64_t step = now - 1; step <= now + 1; step++) {
        factor_code(secret, step, code);
        if (CRYPTO_memcmp(code, digits.p, FACTOR_DIGITS) == 0)
            found = step;
    }
    return found;
}

/* Notes that the code of a step was taken, in one statement: of two who send it, one gets in. */
static int take_step(struct ctx *cx, struct store *directory, struct str account, int64_t step,
                     bool *ret)
{
    return store_has(cx, directory,
                     "UPDATE factor SET last_step = :step WHERE account = :account AND "
                     "last_step < :step RETURNING account",
                     ret, BIND("step", step), BIND("account", account));
}

static int take_digits(struct ctx *cx, struct store *directory, struct keeper *keeper,
                       struct str account, const struct row *row, struct str digits, bool *ret)
{
    struct str secret;

    TRY(unwrap(cx, keeper, account, row->key, &secret));
    int64_t step = step_of(cx, secret, digits);

    *ret = false;
    return step > 0 ? take_step(cx, directory, account, step, ret) : 0;
}

/* ---- recovery ---- */

static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* As it was made, however somebody wrote it down. */
static struct str plain_code(struct arena *mem, struct str code)
{
    struct buf out = buf_new(mem);

    code = str_lower(mem, code);
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        if (c != ' ' && c != '-')
            buf_char(&out, c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c);
    }
    return buf_str(&out);
}

static struct str code_hash(struct arena *mem, struct str account, struct str plain)
{
    const struct str parts[] = {STR("assay-recovery-v1\n"), account, STR("\n"), plain};
    struct hash hash = hash_sha256(parts, 4);

    return hash_hex(mem, (struct str){(const char *)hash.b, sizeof hash.b});
}

static struct str new_code(struct ctx *cx)
{
    unsigned char random[CODE_CHARS];
    char code[CODE_CHARS];

    host_random(cx, random, sizeof random);
    for (size_t i = 0; i < CODE_CHARS; i++)
        code[i] = letters[random[i] & 31];
    return str_copy(cx->mem, (struct str){code, sizeof code});
}

static struct str grouped(struct arena *mem, struct str code)
{
    return str_printf(mem, "%.*s-%.*s-%.*s", STR_ARG(str_sub(code, 0, CODE_GROUP)),
                      STR_ARG(str_sub(code, CODE_GROUP, CODE_GROUP)),
                      STR_ARG(str_from(code, 2 * (size_t)CODE_GROUP)));
}

int factor_drop_codes(struct ctx *cx, struct store *directory, struct str account)
{
    return store_run(cx, directory, "DELETE FROM recovery_code WHERE account = :account",
                     BIND("account", account));
}

int factor_make_codes(struct ctx *cx, struct store *directory, struct str account,
                      struct value **ret)
{
    struct value *list = value_list(cx->mem);

    TRY(factor_drop_codes(cx, directory, account));
    for (unsigned i = 0; i < FACTOR_CODES; i++) {
        struct str code = new_code(cx);
        TRY(store_run(cx, directory,
                      "INSERT INTO recovery_code (account, code) VALUES (:account, :code)",
                      BIND("account", account), BIND("code", code_hash(cx->mem, account, code))));
        value_push(list, value_text(cx->mem, grouped(cx->mem, code)));
    }
    *ret = list;
    return 0;
}

static int take_recovery(struct ctx *cx, struct store *directory, struct str account,
                         struct str code, bool *ret)
{
    return store_has(cx, directory,
                     "UPDATE recovery_code SET used_at = :now WHERE code = :code AND account "
                     "= :account AND used_at IS NULL RETURNING code",
                     ret, BIND("now", account_instant(cx, 0)),
                     BIND("code", code_hash(cx->mem, account, plain_code(cx->mem, code))),
                     BIND("account", account));
}

/* ---- checking ---- */

static int wrong_code(struct ctx *cx)
{
    return fail(cx, RC_DENIED, "code",
                _("This code is not right, or was used already. The authenticator shows the next "
                  "within half a minute."));
}

/* Counted before it is looked at, so that nobody tries many at once. */
static int count(struct ctx *cx, struct store *directory, struct str name)
{
    int64_t n;

    TRY(account_guess(cx, directory, name));
    TRY(account_guesses(cx, directory, name, &n));
    if (n <= FACTOR_GUESSES)
        return 0;
    return fail(cx, RC_LIMIT, "code", _("Too many attempts. Try again in a quarter of an hour."));
}

static int counted_as(struct ctx *cx, struct store *directory, struct str account,
                      struct str device, struct str *ret)
{
    bool known;

    TRY(account_device(cx, directory, account, device, &known));
    *ret = known ? str_printf(cx->mem, "factor-device %.*s", STR_ARG(account_hash(cx->mem, device)))
                 : str_printf(cx->mem, "factor %.*s", STR_ARG(account));
    return 0;
}

int factor_check(struct ctx *cx, struct store *directory, struct keeper *keeper, struct str account,
                 struct str code, struct str device)
{
    struct str digits = digits_of(cx->mem, code), name;
    struct factor_state state;
    struct row row;
    bool right;

    TRY(factor_state(cx, directory, account, &state));
    TRY(counted_as(cx, directory, account, device, &name));
    TRY(count(cx, directory, name));
    if ((digits.n > 0 && !state.totp) || !utf8_valid(code) || code.n > 100)
        return wrong_code(cx);
    if (digits.n > 0) {
        TRY(read_row(cx, directory, account, &row));
        TRY(take_digits(cx, directory, keeper, account, &row, digits, &right));
    } else {
        TRY(take_recovery(cx, directory, account, code, &right));
    }
    return right ? account_guesses_forget(cx, directory, name) : wrong_code(cx);
}

int factor_confirm(struct ctx *cx, struct store *directory, struct keeper *keeper,
                   struct str account, struct str code, struct str keep, struct value **ret_codes)
{
    struct str digits = digits_of(cx->mem, code);
    struct row row;
    bool right = false;

    TRY(read_row(cx, directory, account, &row));
    TRY(count(cx, directory, str_printf(cx->mem, "factor-new %.*s", STR_ARG(account))));
    if (digits.n > 0 && !row.confirmed)
        TRY(take_digits(cx, directory, keeper, account, &row, digits, &right));
    if (!right)
        return wrong_code(cx);

    TX(tx, cx, directory);
    TRY(store_run(cx, directory,
                  "UPDATE factor SET confirmed_at = :now WHERE account = :account AND key = "
                  ":key AND confirmed_at IS NULL",
                  BIND("account", account), BIND("now", account_instant(cx, 0)),
                  BIND("key", row.key)));
    TRY(factor_make_codes(cx, directory, account, ret_codes));
    TRY(session_end(cx, directory, account, STR_NONE, keep));
    return tx_commit(cx, &tx);
}

int factor_new_codes(struct ctx *cx, struct store *directory, struct str account,
                     struct value **ret_codes)
{
    bool has;

    TX(tx, cx, directory);
    TRY(factor_has(cx, directory, account, &has, NULL));
    if (!has)
        return fail(cx, RC_NOT_FOUND, "code", _("No second factor was set up yet."));
    TRY(factor_make_codes(cx, directory, account, ret_codes));
    return tx_commit(cx, &tx);
}

static int remove_all(struct ctx *cx, struct store *directory, struct str account, struct str keep)
{
    static const char *const statements[] = {"DELETE FROM passkey WHERE account = :account",
                                             "DELETE FROM half_session WHERE account = :account",
                                             "DELETE FROM factor WHERE account = :account"};

    for (size_t i = 0; i < COUNT_OF(statements); i++)
        TRY(store_run(cx, directory, statements[i], BIND("account", account)));
    TRY(factor_drop_codes(cx, directory, account));
    return session_end(cx, directory, account, STR_NONE, keep);
}

int factor_reset(struct ctx *cx, struct store *directory, struct str account, struct str keep)
{
    TX(tx, cx, directory);
    TRY(remove_all(cx, directory, account, keep));
    return tx_commit(cx, &tx);
}

int factor_remove(struct ctx *cx, struct store *directory, struct str account, struct str keep)
{
    struct factor_state state;

    TX(tx, cx, directory);
    TRY(store_run(cx, directory, "DELETE FROM factor WHERE account = :account",
                  BIND("account", account)));
    TRY(factor_state(cx, directory, account, &state));
    if (state.passkeys == 0)
        TRY(factor_drop_codes(cx, directory, account));
    TRY(session_end(cx, directory, account, STR_NONE, keep));
    return tx_commit(cx, &tx);
}

/* ---- half a session ---- */

int half_session_begin(struct ctx *cx, struct store *directory, struct str account,
                       struct str *ret_token)
{
    struct str token = account_token(cx), now = account_instant(cx, 0);

    TX(tx, cx, directory);
    TRY(store_run(cx, directory, "DELETE FROM half_session WHERE ends_at <= :now",
                  BIND("now", now)));
    TRY(store_run(cx, directory,
                  "INSERT INTO half_session (token, account, ends_at) "
                  "VALUES (:token, :account, :ends_at)",
                  BIND("token", account_hash(cx->mem, token)), BIND("account", account),
                  BIND("ends_at", account_instant(cx, FACTOR_HALF_MS))));
    TRY(tx_commit(cx, &tx));
    *ret_token = token;
    return 0;
}

int half_session_find(struct ctx *cx, struct store *directory, struct str token,
                      struct str *ret_account)
{
    bool row = false;
    STMT(s);

    TRY(account_by_token(cx, directory,
                         "SELECT h.account FROM half_session h JOIN account a ON a.id = h.account "
                         "WHERE h.token = :token AND h.ends_at > :then AND a.ended_at IS NULL",
                         token, 0, &s, &row));
    if (!row)
        return fail(cx, RC_NOT_FOUND, "code",
                    _("That took longer than five minutes: begin again with the password."));
    *ret_account = stmt_text(cx->mem, s, 0);
    return 0;
}

int half_session_end(struct ctx *cx, struct store *directory, struct str token)
{
    return store_run(cx, directory, "DELETE FROM half_session WHERE token = :token",
                     BIND("token", account_hash(cx->mem, token)));
}

/* ---- organisations ---- */

int factor_require(struct ctx *cx, struct store *directory, struct str organisation, bool required)
{
    return store_run(cx, directory,
                     required ? "UPDATE organisation SET second_factor = 1 WHERE name = :name"
                              : "UPDATE organisation SET second_factor = 0 WHERE name = :name",
                     BIND("name", organisation));
}

int factor_required(struct ctx *cx, struct store *directory, struct str organisation, bool *ret)
{
    return store_has(cx, directory,
                     "SELECT 1 FROM organisation WHERE name = :name AND second_factor = 1", ret,
                     BIND("name", organisation));
}

int factor_remove_of(struct ctx *cx, struct store *directory, struct str organisation,
                     struct str person)
{
    struct str account = STR_NONE;
    int64_t n = 0;
    bool row;

    TX(tx, cx, directory);
    {
        STMT(s);
        TRY(store_ask(cx, directory,
                      "SELECT p.account, (SELECT count(*) FROM account_person o WHERE "
                      "o.account = p.account) FROM account_person p WHERE "
                      "p.organisation = :organisation AND p.person = :person",
                      &s, &row, BIND("organisation", organisation), BIND("person", person)));
        account = row ? stmt_text(cx->mem, s, 0) : STR_NONE;
        n = row ? stmt_int(s, 1) : 0;
    }
    if (account.n == 0)
        return fail(cx, RC_NOT_FOUND, "person", _("This person has no account."));
    if (n > 1)
        return fail(cx, RC_CONFLICT, "person",
                    _("This account takes part in other organisations too, whose owners were not "
                      "asked: they use one of their recovery codes, or you invite them anew."));
    TRY(remove_all(cx, directory, account, STR_NONE));
    return tx_commit(cx, &tx);
}
