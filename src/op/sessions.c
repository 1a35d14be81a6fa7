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
    return store_int(cx, directory, "SELECT n FROM attempt WHERE name = :name AND since > :since",
                     ret, BIND("name", name),
                     BIND("since", account_instant(cx, -ACCOUNT_GUESS_MS)));
}

/* One guess more; what is old begins anew. */
int account_guess(struct ctx *cx, struct store *directory, struct str name)
{
    const struct str old = account_instant(cx, -ACCOUNT_GUESS_MS);

    TX(tx, cx, directory);
    TRY(store_run(cx, directory, "DELETE FROM attempt WHERE since <= :since", BIND("since", old)));
    TRY(store_run(cx, directory,
                  "INSERT INTO attempt (name, since, n) VALUES (:name, :now, 1) "
                  "ON CONFLICT (name) DO UPDATE SET n = attempt.n + 1 "
                  "WHERE attempt.since > :since",
                  BIND("name", name), BIND("now", account_instant(cx, 0)), BIND("since", old)));
    return tx_commit(cx, &tx);
}

int account_guesses_forget(struct ctx *cx, struct store *directory, struct str name)
{
    return store_run(cx, directory, "DELETE FROM attempt WHERE name = :name", BIND("name", name));
}

/* Whether the device is one in which this account has signed in before. */
int account_device(struct ctx *cx, struct store *directory, struct str account, struct str device,
                   bool *ret)
{
    *ret = false;
    if (account.n == 0 || !account_token_is(device))
        return 0;
    return store_has(cx, directory,
                     "SELECT 1 FROM device WHERE token = :token AND account = :account", ret,
                     BIND("token", account_hash(cx->mem, device)), BIND("account", account));
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

    TRY(store_ask(cx, directory,
                  "SELECT id, password FROM account WHERE login = :login AND ended_at IS NULL", &s,
                  &row, BIND("login", login)));
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
    struct str login, hash;
    bool right;

    TRY(store_text(cx, directory, "SELECT login FROM account WHERE id = :id", &login,
                   BIND("id", account)));
    TRY(store_text(cx, directory, "SELECT password FROM account WHERE id = :id", &hash,
                   BIND("id", account)));
    TRY(password_is(cx, hash, present, &right));
    if (!right)
        return fail(cx, RC_DENIED, "present", _("The present password is not right."));
    TRY(password_fit(cx, login, password));
    TRY(password_hash(cx, password, &hash));

    TX(tx, cx, directory);
    TRY(store_run(cx, directory, "UPDATE account SET password = :password WHERE id = :id",
                  BIND("id", account), BIND("password", hash)));
    TRY(session_end(cx, directory, account, STR_NONE, keep));
    return tx_commit(cx, &tx);
}

/* ---- sessions ---- */

static int remember_device(struct ctx *cx, struct store *directory, struct str account,
                           struct str device, struct str *ret)
{
    bool known;

    TRY(account_device(cx, directory, account, device, &known));
    *ret = known ? device : account_token(cx);
    if (known)
        return 0;

    TRY(store_run(cx, directory,
                  "INSERT INTO device (token, account, made_at) "
                  "VALUES (:token, :account, :made_at)",
                  BIND("token", account_hash(cx->mem, *ret)), BIND("account", account),
                  BIND("made_at", account_instant(cx, 0))));
    _Static_assert(DEVICES == 20, "as the statement below says");
    return store_run(cx, directory,
                     "DELETE FROM device WHERE account = :account AND token NOT IN (SELECT "
                     "token FROM device WHERE account = :account ORDER BY made_at DESC, "
                     "token LIMIT 20)",
                     BIND("account", account));
}

/* Sessions over their time, and the oldest of many, go. */
static int tidy(struct ctx *cx, struct store *directory, struct str account)
{
    TRY(store_run(cx, directory, "DELETE FROM session WHERE seen_at <= :idle OR made_at <= :made",
                  BIND("idle", account_instant(cx, -ACCOUNT_IDLE_MS)),
                  BIND("made", account_instant(cx, -ACCOUNT_SESSION_MS))));
    _Static_assert(ACCOUNT_SESSIONS == 50, "as the statement below says");
    return store_run(cx, directory,
                     "DELETE FROM session WHERE account = :account AND token NOT IN (SELECT "
                     "token FROM session WHERE account = :account ORDER BY made_at DESC, "
                     "token LIMIT 50)",
                     BIND("account", account));
}

int session_begin(struct ctx *cx, struct store *directory, struct str account, struct str device,
                  struct str address, struct str agent, struct str *ret_token,
                  struct str *ret_device)
{
    struct str token = account_token(cx);
    /* Whatever a browser calls itself, it is text. */
    struct str said = utf8_valid(agent) ? str_cut(cx->mem, agent, AGENT_BYTES) : STR_NONE;

    TX(tx, cx, directory);
    TRY(store_run(cx, directory,
                  "INSERT INTO session (token, id, account, made_at, seen_at, address, agent) "
                  "VALUES (:token, :id, :account, :now, :now, :address, :agent)",
                  BIND("token", account_hash(cx->mem, token)), BIND("id", record_id_new(cx)),
                  BIND("account", account), BIND("now", account_instant(cx, 0)),
                  BIND("address", address.n > 0 ? address : STR("-")),
                  BIND("agent", said.n > 0 ? said : STR("-"))));
    TRY(tidy(cx, directory, account));
    TRY(remember_device(cx, directory, account, device, ret_device));
    TRY(tx_commit(cx, &tx));
    *ret_token = token;
    return 0;
}

static int note_use(struct ctx *cx, struct store *directory, struct str hash)
{
    return store_run(cx, directory, "UPDATE session SET seen_at = :now WHERE token = :token",
                     BIND("token", hash), BIND("now", account_instant(cx, 0)));
}

int session_find(struct ctx *cx, struct store *directory, struct str token,
                 struct account_session *ret)
{
    struct str hash = account_hash(cx->mem, token), seen = STR_NONE;
    bool row;
    {
        STMT(s);
        TRY(store_ask(cx, directory,
                      "SELECT s.id, s.account, a.login, s.seen_at, (SELECT count(*) FROM "
                      "factor f WHERE f.account = a.id AND f.confirmed_at IS NOT NULL) + "
                      "(SELECT count(*) FROM passkey p WHERE p.account = a.id), "
                      "s.made_at FROM session s JOIN account a ON a.id = s.account "
                      "WHERE s.token = :token "
                      "AND s.seen_at > :idle AND s.made_at > :made "
                      "AND a.ended_at IS NULL",
                      &s, &row, BIND("token", hash),
                      BIND("idle", account_instant(cx, -ACCOUNT_IDLE_MS)),
                      BIND("made", account_instant(cx, -ACCOUNT_SESSION_MS))));
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
    return store_list(cx, directory,
                      "SELECT id, made_at, seen_at, address, agent FROM session "
                      "WHERE account = :account AND seen_at > :idle AND made_at > :made "
                      "ORDER BY seen_at DESC, id",
                      ret, BIND("account", account),
                      BIND("idle", account_instant(cx, -ACCOUNT_IDLE_MS)),
                      BIND("made", account_instant(cx, -ACCOUNT_SESSION_MS)));
}

int session_end(struct ctx *cx, struct store *directory, struct str account, struct str id,
                struct str keep)
{
    if (id.n > 0)
        return store_run(cx, directory, "DELETE FROM session WHERE account = :account AND id = :id",
                         BIND("account", account),
                         BIND("id", id.n > 0     ? id
                                    : keep.n > 0 ? keep
                                                 : STR("-")));
    return store_run(cx, directory, "DELETE FROM session WHERE account = :account AND id <> :id",
                     BIND("account", account),
                     BIND("id", id.n > 0     ? id
                                : keep.n > 0 ? keep
                                             : STR("-")));
}
