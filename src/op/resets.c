#include "op/resets.h"

#include "op/account_parts.h"
#include "op/letters.h"
#include "op/message.h"
#include "op/password.h"
#include "register/record.h"

/* ---- counts ---- */

static int count_of(struct ctx *cx, struct store *directory, struct str name, int64_t *ret)
{
    return store_int(cx, directory,
                     "SELECT count(*) FROM reset_count WHERE name = :name AND at > :since", ret,
                     BIND("name", name), BIND("since", account_instant(cx, -RESET_MS)));
}

static int count_one(struct ctx *cx, struct store *directory, struct str name)
{
    TRY(store_run(cx, directory, "DELETE FROM reset_count WHERE at <= :since",
                  BIND("since", account_instant(cx, -RESET_MS))));
    return store_run(
        cx, directory, "INSERT INTO reset_count (id, name, at) VALUES (:id, :name, :now)",
        BIND("id", record_id_new(cx)), BIND("name", name), BIND("now", account_instant(cx, 0)));
}

/* ---- asking ---- */

static int waiting_n(struct ctx *cx, struct store *directory, int64_t *ret)
{
    return store_int(cx, directory, "SELECT count(*) FROM reset_ask", ret);
}

int reset_ask(struct ctx *cx, struct store *directory, struct str login, struct str device,
              struct str address)
{
    struct str from = str_printf(cx->mem, "from %.*s", STR_ARG(address));
    int64_t n, waiting;

    login = account_login(cx->mem, str_sub(login, 0, ACCOUNT_LOGIN_BYTES));
    if (!utf8_valid(login) || login.n == 0)
        login = STR("-");
    TX(tx, cx, directory);
    TRY(count_of(cx, directory, from, &n));
    TRY(waiting_n(cx, directory, &waiting));
    if (n >= RESET_ASKS || waiting >= RESET_WAITING)
        return fail(cx, RC_LIMIT, "login",
                    _("That was asked too often from here. Try again in an hour."));

    TRY(count_one(cx, directory, from));
    TRY(store_run(
        cx, directory,
        "INSERT INTO reset_ask (id, login, device, at) "
        "VALUES (:id, :login, :device, :now)",
        BIND("id", record_id_new(cx)), BIND("login", login),
        BIND_OR_NULL("device", account_token_is(device) ? account_hash(cx->mem, device) : STR_NONE),
        BIND("now", account_instant(cx, 0))));
    return tx_commit(cx, &tx);
}

int reset_waits(struct ctx *cx, struct store *directory, bool *ret)
{
    return store_has(cx, directory, "SELECT 1 FROM reset_ask LIMIT 1", ret);
}

/* ---- whose it is ---- */

struct asked {
    struct str id, login, device;
};

static int take_asked(struct ctx *cx, struct store *directory, struct asked *ret, bool *ret_any)
{
    STMT(s);

    TRY(store_ask(cx, directory,
                  "DELETE FROM reset_ask WHERE id = (SELECT id FROM reset_ask ORDER BY at, "
                  "id LIMIT 1) RETURNING id, login, device",
                  &s, ret_any));
    if (*ret_any)
        *ret = (struct asked){stmt_text(cx->mem, s, 0), stmt_text(cx->mem, s, 1),
                              stmt_text(cx->mem, s, 2)};
    return 0;
}

/* By the name that it signs in with, else by its address where it is the only one there. */
static int find_account(struct ctx *cx, struct store *directory, struct str login, struct str *ret)
{
    bool row;

    TRY(store_text(cx, directory,
                   "SELECT id FROM account WHERE login = :login AND ended_at IS NULL", ret,
                   BIND("login", login)));
    if (ret->n > 0)
        return 0;
    STMT(s);
    TRY(store_ask(cx, directory,
                  "SELECT min(id), count(*) FROM account WHERE lower(address) = :login "
                  "AND ended_at IS NULL",
                  &s, &row, BIND("login", login)));
    *ret = row && stmt_int(s, 1) == 1 ? stmt_text(cx->mem, s, 0) : STR_NONE;
    return 0;
}

static int is_device(struct ctx *cx, struct store *directory, const struct asked *asked,
                     struct str account, bool *ret)
{
    return store_has(cx, directory,
                     "SELECT 1 FROM device WHERE token = :token AND account = :account", ret,
                     BIND("token", asked->device), BIND("account", account));
}

static int write_to(struct ctx *cx, struct store *directory, const struct asked *asked,
                    struct str account)
{
    struct letter letter = {.kind = STR(LETTER_RESET),
                            .account = account,
                            .lasts_ms = RESET_MS,
                            .facts = value_map(cx->mem)};
    int64_t n;
    bool known;

    TRY(account_address(cx, directory, account, &letter.name, &letter.address));
    TRY(is_device(cx, directory, asked, account, &known));
    struct str name = str_printf(cx->mem, "%s %.*s", known ? "device" : "account",
                                 STR_ARG(known ? asked->device : account));

    TRY(count_of(cx, directory, name, &n));
    if (letter.address.n == 0 || n >= RESET_MAILS)
        return 0;
    TRY(count_one(cx, directory, name));
    return outbox_add(cx, directory, &letter);
}

int reset_look(struct ctx *cx, struct store *directory)
{
    struct asked asked = {.login = STR_NONE};
    struct str account;
    bool any;

    for (;;) {
        TRY(take_asked(cx, directory, &asked, &any));
        if (!any)
            return 0;
        TRY(find_account(cx, directory, asked.login, &account));
        if (account.n > 0)
            TRY(write_to(cx, directory, &asked, account));
    }
}

/* ---- links ---- */

int reset_make(struct ctx *cx, struct store *directory, struct str account, struct str *ret_token,
               struct str *ret_login)
{
    struct str token = account_token(cx), now = account_instant(cx, 0);

    TRY(store_text(cx, directory, "SELECT login FROM account WHERE id = :id AND ended_at IS NULL",
                   ret_login, BIND("id", account)));
    if (ret_login->n == 0)
        return fail(cx, RC_NOT_FOUND, "account", _("The account is not there any more."));
    TX(tx, cx, directory);
    TRY(store_run(cx, directory, "DELETE FROM password_reset WHERE ends_at <= :now",
                  BIND("now", now)));
    TRY(store_run(cx, directory,
                  "INSERT INTO password_reset (token, account, ends_at) "
                  "VALUES (:token, :account, :ends_at)",
                  BIND("token", account_hash(cx->mem, token)), BIND("account", account),
                  BIND("ends_at", account_instant(cx, RESET_MS))));
    TRY(tx_commit(cx, &tx));
    *ret_token = token;
    return 0;
}

int reset_find(struct ctx *cx, struct store *directory, struct str token, struct str *ret_account,
               struct str *ret_login)
{
    bool row;
    STMT(s);

    TRY(account_by_token(cx, directory,
                         "SELECT a.id, a.login FROM password_reset r JOIN account a ON a.id = "
                         "r.account WHERE r.token = :token AND r.ends_at > :then AND "
                         "a.ended_at IS NULL",
                         token, 0, &s, &row));
    if (!row)
        return fail(cx, RC_NOT_FOUND, "link",
                    _("This link was used already, or is older than an hour. Ask for another one "
                      "where you sign in."));
    *ret_account = stmt_text(cx->mem, s, 0);
    *ret_login = stmt_text(cx->mem, s, 1);
    return 0;
}

int reset_take(struct ctx *cx, struct store *directory, struct str token, struct str password,
               struct str *ret_account)
{
    static const char *const statements[] = {"DELETE FROM password_reset WHERE account = :id",
                                             "DELETE FROM session WHERE account = :id",
                                             "DELETE FROM half_session WHERE account = :id"};
    struct str account, login, hash;

    TRY(reset_find(cx, directory, token, &account, &login));
    TRY(password_fit(cx, login, password));
    TRY(password_hash(cx, password, &hash));

    TX(tx, cx, directory);
    TRY(reset_find(cx, directory, token, &account, &login)); /* nobody was faster */
    TRY(store_run(cx, directory, "UPDATE account SET password = :password WHERE id = :id",
                  BIND("id", account), BIND("password", hash)));
    for (size_t i = 0; i < COUNT_OF(statements); i++)
        TRY(store_run(cx, directory, statements[i], BIND("id", account)));
    TRY(account_guesses_forget(
        cx, directory, str_printf(cx->mem, "login %.*s", STR_ARG(account_hash(cx->mem, login)))));
    TRY(tx_commit(cx, &tx));
    *ret_account = account;
    return 0;
}

/* ---- where accounts are written to ---- */

int account_address(struct ctx *cx, struct store *directory, struct str account,
                    struct str *ret_login, struct str *ret_address)
{
    TRY(store_text(cx, directory, "SELECT login FROM account WHERE id = :id", ret_login,
                   BIND("id", account)));
    TRY(store_text(cx, directory, "SELECT address FROM account WHERE id = :id", ret_address,
                   BIND("id", account)));
    if (ret_address->n == 0)
        *ret_address = *ret_login;
    if (!message_address_is(*ret_address))
        *ret_address = STR_NONE;
    return 0;
}

int account_set_address(struct ctx *cx, struct store *directory, struct str account,
                        struct str present, struct str address)
{
    struct str hash;
    bool right;

    address = str_trim(address);
    if (address.n > 0)
        TRY(message_check_address(cx, "address", address));
    TRY(store_text(cx, directory, "SELECT password FROM account WHERE id = :id", &hash,
                   BIND("id", account)));
    TRY(password_is(cx, hash, present, &right));
    if (!right)
        return fail(cx, RC_DENIED, "present", _("The present password is not right."));
    return store_run(cx, directory, "UPDATE account SET address = :address WHERE id = :id",
                     BIND("id", account), BIND_OR_NULL("address", address));
}

int account_tell(struct ctx *cx, struct store *directory, struct str account, struct str to,
                 const char *what)
{
    struct letter letter = {
        .kind = STR(LETTER_CHANGED), .account = account, .facts = value_map(cx->mem)};

    TRY(account_address(cx, directory, account, &letter.name, &letter.address));
    if (to.n > 0)
        letter.address = to;
    if (letter.address.n == 0)
        return 0;
    value_set_text(letter.facts, "what", str_of(what));
    value_set_text(letter.facts, "at", account_instant(cx, 0));
    return outbox_add(cx, directory, &letter);
}
