/* Signing in: guesses that are counted, and sessions. */
#include "op/account_parts.h"
#include "op/password.h"
#include "register/record.h"

#define NOTE_MS ((int64_t)60 * 1000) /* so often it is noted that a session is used */
#define AGENT_BYTES 200u
#define DEVICES 20 /* of one account */

/* ---- guesses ---- */

/* How many guesses failed under a name lately. */
int account_guesses(struct ctx *cx, struct store *directory, struct str name, int64_t *ret)
{
    bool row;
    STMT(s);

    TRY(store_prepare(cx, directory,
                      STR("SELECT n FROM attempt WHERE name = :name AND since > :since"), &s));
    TRY(stmt_bind_text(cx, s, "name", name));
    TRY(stmt_bind_text(cx, s, "since", account_instant(cx, -ACCOUNT_GUESS_MS)));
    TRY(stmt_step(cx, s, &row));
    *ret = row ? stmt_int(s, 0) : 0;
    return 0;
}

/* One guess more; what is old begins anew. */
int account_guess(struct ctx *cx, struct store *directory, struct str name)
{
    static const char *const names[] = {"name", "now", "since"};
    static const char *const since[] = {"since"};
    const struct str old = account_instant(cx, -ACCOUNT_GUESS_MS);
    const struct str values[] = {name, account_instant(cx, 0), old};

    TX(tx, cx, directory);
    TRY(account_run(cx, directory, STR("DELETE FROM attempt WHERE since <= :since"), since, &old,
                    1));
    TRY(account_run(cx, directory,
                    STR("INSERT INTO attempt (name, since, n) VALUES (:name, :now, 1) "
                        "ON CONFLICT (name) DO UPDATE SET n = attempt.n + 1 "
                        "WHERE attempt.since > :since"),
                    names, values, 3));
    return tx_commit(cx, &tx);
}

int account_guesses_forget(struct ctx *cx, struct store *directory, struct str name)
{
    static const char *const names[] = {"name"};

    return account_run(cx, directory, STR("DELETE FROM attempt WHERE name = :name"), names, &name,
                       1);
}

/* Whether the device is one in which this account has signed in before. */
int account_device(struct ctx *cx, struct store *directory, struct str account, struct str device,
                   bool *ret)
{
    STMT(s);

    *ret = false;
    if (account.n == 0 || !account_token_is(device))
        return 0;
    TRY(store_prepare(cx, directory,
                      STR("SELECT 1 FROM device WHERE token = :token AND account = :account"), &s));
    TRY(stmt_bind_text(cx, s, "token", account_hash(cx->mem, device)));
    TRY(stmt_bind_text(cx, s, "account", account));
    return stmt_step(cx, s, ret);
}

struct counted {
    struct str names[2]; /* under which this guess counts */
    size_t n;
};

/* A known browser counts for itself alone; a stranger by whom they guess and from where. */
static int count_as(struct ctx *cx, struct store *directory, struct str account, struct str login,
                    struct str device, struct str address, struct counted *ret)
{
    bool known;

    TRY(account_device(cx, directory, account, device, &known));
    if (known) {
        *ret = (struct counted){
            {str_printf(cx->mem, "device %.*s", STR_ARG(account_hash(cx->mem, device)))}, 1};
        return 0;
    }
    *ret =
        (struct counted){{str_printf(cx->mem, "login %.*s", STR_ARG(account_hash(cx->mem, login))),
                          str_printf(cx->mem, "from %.*s", STR_ARG(address))},
                         2};
    return 0;
}

static int check_guesses(struct ctx *cx, struct store *directory, const struct counted *counted)
{
    for (size_t i = 0; i < counted->n; i++) {
        int64_t n;
        /* Many people may share an address. */
        int64_t most = i == 0 ? ACCOUNT_GUESSES : 5 * ACCOUNT_GUESSES;
        TRY(account_guesses(cx, directory, counted->names[i], &n));
        if (n >= most)
            return fail(cx, RC_LIMIT, "password",
                        _("Too many attempts. Try again in a quarter of an hour, or from a "
                          "browser in which you have signed in before."));
    }
    return 0;
}

static int hash_of(struct ctx *cx, struct store *directory, struct str login, struct str *ret_id,
                   struct str *ret_hash)
{
    bool row;
    STMT(s);

    TRY(store_prepare(
        cx, directory,
        STR("SELECT id, password FROM account WHERE login = :login AND ended_at IS NULL"), &s));
    TRY(stmt_bind_text(cx, s, "login", login));
    TRY(stmt_step(cx, s, &row));
    *ret_id = row ? stmt_text(cx->mem, s, 0) : STR_NONE;
    *ret_hash = row ? stmt_text(cx->mem, s, 1) : STR_NONE;
    return 0;
}

int account_check(struct ctx *cx, struct store *directory, struct str login, struct str password,
                  struct str device, struct str address, struct str *ret_account)
{
    struct counted counted;
    struct str id, hash;
    bool right;

    login = account_login(cx->mem, str_sub(login, 0, ACCOUNT_LOGIN_BYTES));
    if (!utf8_valid(login))
        login = STR_NONE;
    TRY(hash_of(cx, directory, login, &id, &hash));
    TRY(count_as(cx, directory, id, login, device, address, &counted));
    TRY(check_guesses(cx, directory, &counted));
    TRY(password_is(cx, hash, password, &right));
    if (right) {
        TRY(account_guesses_forget(cx, directory, counted.names[0]));
        *ret_account = id;
        return 0;
    }
    for (size_t i = 0; i < counted.n; i++)
        TRY(account_guess(cx, directory, counted.names[i]));
    return fail(cx, RC_DENIED, "password", _("The name or the password is not right."));
}

int account_set_password(struct ctx *cx, struct store *directory, struct str account,
                         struct str present, struct str password, struct str keep)
{
    static const char *const names[] = {"id", "password"};
    struct str login, hash;
    bool right;

    TRY(account_text(cx, directory, STR("SELECT login FROM account WHERE id = :id"), "id", account,
                     &login));
    TRY(account_text(cx, directory, STR("SELECT password FROM account WHERE id = :id"), "id",
                     account, &hash));
    TRY(password_is(cx, hash, present, &right));
    if (!right)
        return fail(cx, RC_DENIED, "present", _("The present password is not right."));
    TRY(password_fit(cx, login, password));
    TRY(password_hash(cx, password, &hash));
    const struct str values[] = {account, hash};

    TX(tx, cx, directory);
    TRY(account_run(cx, directory, STR("UPDATE account SET password = :password WHERE id = :id"),
                    names, values, 2));
    TRY(session_end(cx, directory, account, STR_NONE, keep));
    return tx_commit(cx, &tx);
}

/* ---- sessions ---- */

static int remember_device(struct ctx *cx, struct store *directory, struct str account,
                           struct str device, struct str *ret)
{
    static const char *const names[] = {"token", "account", "made_at"};
    static const char *const old[] = {"account"};
    bool known;

    TRY(account_device(cx, directory, account, device, &known));
    *ret = known ? device : account_token(cx);
    if (known)
        return 0;
    const struct str values[] = {account_hash(cx->mem, *ret), account, account_instant(cx, 0)};

    TRY(account_run(cx, directory,
                    STR("INSERT INTO device (token, account, made_at) "
                        "VALUES (:token, :account, :made_at)"),
                    names, values, 3));
    _Static_assert(DEVICES == 20, "as the statement below says");
    return account_run(cx, directory,
                       STR("DELETE FROM device WHERE account = :account AND token NOT IN (SELECT "
                           "token FROM device WHERE account = :account ORDER BY made_at DESC, "
                           "token LIMIT 20)"),
                       old, &account, 1);
}

/* Sessions over their time, and the oldest of many, go. */
static int tidy(struct ctx *cx, struct store *directory, struct str account)
{
    static const char *const times[] = {"idle", "made"};
    static const char *const names[] = {"account"};
    const struct str values[] = {account_instant(cx, -ACCOUNT_IDLE_MS),
                                 account_instant(cx, -ACCOUNT_SESSION_MS)};

    TRY(account_run(cx, directory,
                    STR("DELETE FROM session WHERE seen_at <= :idle OR made_at <= :made"), times,
                    values, 2));
    _Static_assert(ACCOUNT_SESSIONS == 50, "as the statement below says");
    return account_run(cx, directory,
                       STR("DELETE FROM session WHERE account = :account AND token NOT IN (SELECT "
                           "token FROM session WHERE account = :account ORDER BY made_at DESC, "
                           "token LIMIT 50)"),
                       names, &account, 1);
}

int session_begin(struct ctx *cx, struct store *directory, struct str account, struct str device,
                  struct str address, struct str agent, struct str *ret_token,
                  struct str *ret_device)
{
    static const char *const names[] = {"token", "id", "account", "now", "address", "agent"};
    struct str token = account_token(cx);
    /* Whatever a browser calls itself, it is text. */
    struct str said = utf8_valid(agent) ? str_cut(cx->mem, agent, AGENT_BYTES) : STR_NONE;
    const struct str values[] = {account_hash(cx->mem, token),
                                 record_id_new(cx),
                                 account,
                                 account_instant(cx, 0),
                                 address.n > 0 ? address : STR("-"),
                                 said.n > 0 ? said : STR("-")};

    TX(tx, cx, directory);
    TRY(account_run(
        cx, directory,
        STR("INSERT INTO session (token, id, account, made_at, seen_at, address, agent) "
            "VALUES (:token, :id, :account, :now, :now, :address, :agent)"),
        names, values, 6));
    TRY(tidy(cx, directory, account));
    TRY(remember_device(cx, directory, account, device, ret_device));
    TRY(tx_commit(cx, &tx));
    *ret_token = token;
    return 0;
}

static int note_use(struct ctx *cx, struct store *directory, struct str hash)
{
    static const char *const names[] = {"token", "now"};
    const struct str values[] = {hash, account_instant(cx, 0)};

    return account_run(cx, directory, STR("UPDATE session SET seen_at = :now WHERE token = :token"),
                       names, values, 2);
}

int session_find(struct ctx *cx, struct store *directory, struct str token,
                 struct account_session *ret)
{
    struct str hash = account_hash(cx->mem, token), seen = STR_NONE;
    bool row;
    {
        STMT(s);
        TRY(store_prepare(cx, directory,
                          STR("SELECT s.id, s.account, a.login, s.seen_at, (SELECT count(*) FROM "
                              "factor f WHERE f.account = a.id AND f.confirmed_at IS NOT NULL) + "
                              "(SELECT count(*) FROM passkey p WHERE p.account = a.id), "
                              "s.made_at FROM session s JOIN account a ON a.id = s.account "
                              "WHERE s.token = :token "
                              "AND s.seen_at > :idle AND s.made_at > :made "
                              "AND a.ended_at IS NULL"),
                          &s));
        TRY(stmt_bind_text(cx, s, "token", hash));
        TRY(stmt_bind_text(cx, s, "idle", account_instant(cx, -ACCOUNT_IDLE_MS)));
        TRY(stmt_bind_text(cx, s, "made", account_instant(cx, -ACCOUNT_SESSION_MS)));
        TRY(stmt_step(cx, s, &row));
        if (row) {
            *ret = (struct account_session){stmt_text(cx->mem, s, 0), stmt_text(cx->mem, s, 1),
                                            stmt_text(cx->mem, s, 2), stmt_int(s, 4) > 0,
                                            stmt_text(cx->mem, s, 5)};
            seen = stmt_text(cx->mem, s, 3);
        }
    }
    if (!row)
        return fail(cx, RC_NOT_FOUND, NULL, _("Nobody is signed in here."));
    if (str_cmp(seen, account_instant(cx, -NOTE_MS)) < 0)
        return note_use(cx, directory, hash);
    return 0;
}

int session_list(struct ctx *cx, struct store *directory, struct str account, struct value **ret)
{
    struct value *list = value_list(cx->mem);
    bool row;
    STMT(s);

    TRY(store_prepare(cx, directory,
                      STR("SELECT id, made_at, seen_at, address, agent FROM session "
                          "WHERE account = :account AND seen_at > :idle AND made_at > :made "
                          "ORDER BY seen_at DESC, id"),
                      &s));
    TRY(stmt_bind_text(cx, s, "account", account));
    TRY(stmt_bind_text(cx, s, "idle", account_instant(cx, -ACCOUNT_IDLE_MS)));
    TRY(stmt_bind_text(cx, s, "made", account_instant(cx, -ACCOUNT_SESSION_MS)));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        value_push(list, stmt_row(cx->mem, s));
    }
    *ret = list;
    return 0;
}

int session_end(struct ctx *cx, struct store *directory, struct str account, struct str id,
                struct str keep)
{
    static const char *const one[] = {"account", "id"};
    const struct str values[] = {account, id.n > 0 ? id : keep.n > 0 ? keep : STR("-")};

    if (id.n > 0)
        return account_run(cx, directory,
                           STR("DELETE FROM session WHERE account = :account AND id = :id"), one,
                           values, 2);
    return account_run(cx, directory,
                       STR("DELETE FROM session WHERE account = :account AND id <> :id"), one,
                       values, 2);
}
