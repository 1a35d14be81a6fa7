#include "op/passkeys.h"

#include "op/account_parts.h"
#include "register/record.h"

#define CHALLENGE_BYTES 32u

/* ---- questions ---- */

static struct str purpose_text(enum passkey_purpose purpose)
{
    static const char *const texts[] = {"sign-in", "second", "new", "again"};

    return str_of(texts[purpose]);
}

/* Questions over their time, and the oldest of an address that asks for many, go. */
static int tidy(struct ctx *cx, struct store *directory, struct str address)
{
    const struct str old = account_instant(cx, -PASSKEY_QUESTION_MS);

    TRY(store_run(cx, directory, "DELETE FROM passkey_question WHERE made_at <= :old",
                  BIND("old", old)));
    _Static_assert(PASSKEY_QUESTIONS == 50, "as the statement below says");
    return store_run(cx, directory,
                     "DELETE FROM passkey_question WHERE address = :address AND token NOT IN "
                     "(SELECT token FROM passkey_question WHERE address = :address ORDER BY "
                     "made_at DESC, token LIMIT 50)",
                     BIND("address", address));
}

int passkey_ask(struct ctx *cx, struct store *directory, enum passkey_purpose purpose,
                struct str account, struct str address, struct str *ret_token,
                struct str *ret_challenge)
{
    struct str token = account_token(cx), from = address.n > 0 ? address : STR("-");
    unsigned char random[CHALLENGE_BYTES];

    host_random(cx, random, sizeof random);
    struct str challenge =
        base64url_encode(cx->mem, (struct str){(const char *)random, sizeof random});
    TX(tx, cx, directory);
    TRY(store_run(cx, directory,
                  "INSERT INTO passkey_question (token, challenge, purpose, account, "
                  "address, made_at) VALUES (:token, :challenge, :purpose, :account, "
                  ":address, :now)",
                  BIND("token", account_hash(cx->mem, token)), BIND("challenge", challenge),
                  BIND("purpose", purpose_text(purpose)), BIND_OR_NULL("account", account),
                  BIND("address", from), BIND("now", account_instant(cx, 0))));
    TRY(tidy(cx, directory, from));
    TRY(tx_commit(cx, &tx));
    *ret_token = token;
    *ret_challenge = challenge;
    return 0;
}

/* One statement takes it away: of two answers to it one counts. */
int passkey_asked(struct ctx *cx, struct store *directory, struct str token,
                  enum passkey_purpose purpose, struct str account, struct str *ret)
{
    bool row, right;
    STMT(s);

    TRY(account_by_token(cx, directory,
                         "DELETE FROM passkey_question WHERE token = :token AND made_at > :then "
                         "RETURNING challenge, purpose, account",
                         token, PASSKEY_QUESTION_MS, &s, &row));
    right = row && str_eq(stmt_text(cx->mem, s, 1), purpose_text(purpose)) &&
            str_eq(stmt_text(cx->mem, s, 2), account);
    if (!right)
        return fail(cx, RC_DENIED, "passkey",
                    _("This page was answered already, or is older than five minutes. Load it "
                      "again, and try once more."));
    *ret = stmt_text(cx->mem, s, 0);
    return 0;
}

/* ---- those of an account ---- */

int passkey_list(struct ctx *cx, struct store *directory, struct str account, struct value **ret)
{
    return store_list(cx, directory,
                      "SELECT id, credential, name, made_at, used_at FROM passkey "
                      "WHERE account = :account ORDER BY made_at, id",
                      ret, BIND("account", account));
}

int passkey_check_name(struct ctx *cx, struct str name)
{
    name = str_trim(name);
    if (name.n == 0 || name.n > PASSKEY_NAME_BYTES || !utf8_valid(name))
        return fail(cx, RC_INVALID, "name",
                    _("Give the passkey a name by which you will know the device, of at most %u "
                      "bytes."),
                    PASSKEY_NAME_BYTES);
    return 0;
}

static int insert(struct ctx *cx, struct store *directory, struct str account, struct str name,
                  const struct webauthn_passkey *passkey)
{
    int rc = store_run(cx, directory,
                       "INSERT INTO passkey (id, account, credential, algorithm, key, counter, "
                       "name, made_at) VALUES (:id, :account, :credential, :algorithm, :key, "
                       ":counter, :name, :made_at)",
                       BIND("id", record_id_new(cx)), BIND("account", account),
                       BIND("credential", base64url_encode(cx->mem, passkey->credential)),
                       BIND("algorithm", passkey->algorithm),
                       BIND("key", base64_encode(cx->mem, passkey->key)),
                       BIND("counter", passkey->counter), BIND("name", name),
                       BIND("made_at", account_instant(cx, 0)));

    if (rc == RC_CONFLICT && store_cause(directory) == STORE_CAUSE_UNIQUE)
        return fail(cx, RC_CONFLICT, "passkey", _("This passkey is there already."));
    return rc;
}

int passkey_add(struct ctx *cx, struct store *directory, struct str account, struct str name,
                const struct webauthn_asked *asked, const struct webauthn_made *made,
                struct str keep, struct value **ret_codes)
{
    struct webauthn_passkey passkey;
    struct factor_state state;

    *ret_codes = NULL;
    name = str_trim(name);
    TRY(passkey_check_name(cx, name));
    TRY(webauthn_register(cx, asked, made, &passkey));
    TX(tx, cx, directory);
    TRY(factor_state(cx, directory, account, &state));
    if (state.passkeys >= PASSKEYS_MOST)
        return fail(cx, RC_LIMIT, "passkey",
                    _("There are %d passkeys already: take one away first."), PASSKEYS_MOST);
    TRY(insert(cx, directory, account, name, &passkey));
    if (!state.totp && state.passkeys == 0)
        TRY(factor_make_codes(cx, directory, account, ret_codes));
    TRY(session_end(cx, directory, account, STR_NONE, keep));
    return tx_commit(cx, &tx);
}

int passkey_remove(struct ctx *cx, struct store *directory, struct str account, struct str id,
                   struct str keep)
{
    struct factor_state state;
    bool row;

    TX(tx, cx, directory);
    TRY(store_has(cx, directory,
                  "DELETE FROM passkey WHERE id = :id AND account = :account "
                  "RETURNING id",
                  &row, BIND("id", id), BIND("account", account)));
    if (!row)
        return fail(cx, RC_NOT_FOUND, "passkey", _("There is no such passkey."));
    TRY(factor_state(cx, directory, account, &state));
    if (!state.totp && state.passkeys == 0)
        TRY(factor_drop_codes(cx, directory, account));
    TRY(session_end(cx, directory, account, STR_NONE, keep));
    return tx_commit(cx, &tx);
}

/* ---- answers ---- */

struct kept {
    struct str id, account;
    struct webauthn_passkey passkey;
};

static int unknown(struct ctx *cx)
{
    return fail(cx, RC_DENIED, "passkey",
                _("Nobody signs in here with this passkey: it was taken away, or is of another "
                  "account."));
}

static int find(struct ctx *cx, struct store *directory, struct str credential, struct kept *ret)
{
    struct str key;
    bool row;
    STMT(s);

    if (credential.n == 0 || credential.n > 2 * (size_t)WEBAUTHN_CREDENTIAL_BYTES ||
        !utf8_valid(credential))
        return unknown(cx);
    TRY(store_ask(cx, directory,
                  "SELECT p.id, p.account, p.algorithm, p.key, p.counter FROM passkey p "
                  "JOIN account a ON a.id = p.account "
                  "WHERE p.credential = :credential AND a.ended_at IS NULL",
                  &s, &row, BIND("credential", credential)));
    if (!row)
        return unknown(cx);
    if (!base64_decode(cx->mem, stmt_text(cx->mem, s, 3), &key))
        return fail(cx, RC_FAIL, NULL, _("The key of a passkey is none."));
    *ret = (struct kept){stmt_text(cx->mem, s, 0),
                         stmt_text(cx->mem, s, 1),
                         {STR_NONE, key, stmt_int(s, 2), stmt_int(s, 4)}};
    return 0;
}

/* Notes the device's count, where it has gone on: in one statement, so that of two answers with one
 * count one gets in. */
static int take_counter(struct ctx *cx, struct store *directory, struct str id, int64_t counter)
{
    bool row;

    TRY(store_has(cx, directory,
                  "UPDATE passkey SET counter = :counter, used_at = :now WHERE id = :id AND "
                  "(counter < :counter OR (counter = 0 AND :counter = 0)) RETURNING id",
                  &row, BIND("counter", counter), BIND("now", account_instant(cx, 0)),
                  BIND("id", id)));
    if (row)
        return 0;
    return fail(cx, RC_DENIED, "passkey",
                _("This device has counted fewer uses than were seen before: the passkey may have "
                  "been copied. Sign in another way, and take it away in your account."));
}

int passkey_check(struct ctx *cx, struct store *directory, struct str account,
                  const struct webauthn_asked *asked, const struct passkey_answer *answer,
                  struct str *ret_account)
{
    struct kept kept;
    int64_t counter;

    TRY(find(cx, directory, answer->credential, &kept));
    if (account.n > 0 ? !str_eq(kept.account, account) : !str_eq(kept.account, answer->user))
        return unknown(cx);
    if (answer->user.n > 0 && !str_eq(kept.account, answer->user))
        return unknown(cx);
    TRY(webauthn_check(cx, asked, &kept.passkey, &answer->used, &counter));
    TRY(take_counter(cx, directory, kept.id, counter));
    *ret_account = kept.account;
    return 0;
}
