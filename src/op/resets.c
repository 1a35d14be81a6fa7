#include "op/resets.h"

#include "op/account_parts.h"
#include "op/letters.h"
#include "op/message.h"
#include "op/password.h"
#include "register/record.h"

/* ---- counts ---- */

static int count_of(struct ctx *cx, struct store *directory, struct str name, int64_t *ret)
{
    bool row;
    STMT(s);

    TRY(store_prepare(cx, directory,
                      STR("SELECT count(*) FROM reset_count WHERE name = :name AND at > :since"),
                      &s));
    TRY(stmt_bind_text(cx, s, "name", name));
    TRY(stmt_bind_text(cx, s, "since", account_instant(cx, -RESET_MS)));
    TRY(stmt_step(cx, s, &row));
    *ret = row ? stmt_int(s, 0) : 0;
    return 0;
}

static int count_one(struct ctx *cx, struct store *directory, struct str name)
{
    static const char *const names[] = {"id", "name", "now"}, *const old[] = {"since"};
    const struct str values[] = {record_id_new(cx), name, account_instant(cx, 0)},
                     since = account_instant(cx, -RESET_MS);

    TRY(account_run(cx, directory, STR("DELETE FROM reset_count WHERE at <= :since"), old, &since,
                    1));
    return account_run(cx, directory,
                       STR("INSERT INTO reset_count (id, name, at) VALUES (:id, :name, :now)"),
                       names, values, COUNT_OF(names));
}

/* ---- asking ---- */

static int waiting_n(struct ctx *cx, struct store *directory, int64_t *ret)
{
    bool row;
    STMT(s);

    TRY(store_prepare(cx, directory, STR("SELECT count(*) FROM reset_ask"), &s));
    TRY(stmt_step(cx, s, &row));
    *ret = row ? stmt_int(s, 0) : 0;
    return 0;
}

int reset_ask(struct ctx *cx, struct store *directory, struct str login, struct str device,
              struct str address)
{
    static const char *const names[] = {"id", "login", "device", "now"};
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
    const struct str values[] = {record_id_new(cx), login,
                                 account_token_is(device) ? account_hash(cx->mem, device)
                                                          : STR_NONE,
                                 account_instant(cx, 0)};

    TRY(count_one(cx, directory, from));
    TRY(account_run(cx, directory,
                    STR("INSERT INTO reset_ask (id, login, device, at) "
                        "VALUES (:id, :login, :device, :now)"),
                    names, values, COUNT_OF(names)));
    return tx_commit(cx, &tx);
}

int reset_waits(struct ctx *cx, struct store *directory, bool *ret)
{
    STMT(s);

    TRY(store_prepare(cx, directory, STR("SELECT 1 FROM reset_ask LIMIT 1"), &s));
    return stmt_step(cx, s, ret);
}

/* ---- whose it is ---- */

struct asked {
    struct str id, login, device;
};

static int take_asked(struct ctx *cx, struct store *directory, struct asked *ret, bool *ret_any)
{
    STMT(s);

    TRY(store_prepare(cx, directory,
                      STR("DELETE FROM reset_ask WHERE id = (SELECT id FROM reset_ask ORDER BY at, "
                          "id LIMIT 1) RETURNING id, login, device"),
                      &s));
    TRY(stmt_step(cx, s, ret_any));
    if (*ret_any)
        *ret = (struct asked){stmt_text(cx->mem, s, 0), stmt_text(cx->mem, s, 1),
                              stmt_text(cx->mem, s, 2)};
    return 0;
}

/* By the name that it signs in with, else by its address where it is the only one there. */
static int find_account(struct ctx *cx, struct store *directory, struct str login, struct str *ret)
{
    bool row;

    TRY(account_text(cx, directory,
                     STR("SELECT id FROM account WHERE login = :login AND ended_at IS NULL"),
                     "login", login, ret));
    if (ret->n > 0)
        return 0;
    STMT(s);
    TRY(store_prepare(cx, directory,
                      STR("SELECT min(id), count(*) FROM account WHERE lower(address) = :login "
                          "AND ended_at IS NULL"),
                      &s));
    TRY(stmt_bind_text(cx, s, "login", login));
    TRY(stmt_step(cx, s, &row));
    *ret = row && stmt_int(s, 1) == 1 ? stmt_text(cx->mem, s, 0) : STR_NONE;
    return 0;
}

static int is_device(struct ctx *cx, struct store *directory, const struct asked *asked,
                     struct str account, bool *ret)
{
    STMT(s);

    TRY(store_prepare(cx, directory,
                      STR("SELECT 1 FROM device WHERE token = :token AND account = :account"), &s));
    TRY(stmt_bind_text(cx, s, "token", asked->device));
    TRY(stmt_bind_text(cx, s, "account", account));
    return stmt_step(cx, s, ret);
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
    struct asked asked;
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
    static const char *const names[] = {"token", "account", "ends_at"}, *const old[] = {"now"};
    struct str token = account_token(cx), now = account_instant(cx, 0);
    const struct str values[] = {account_hash(cx->mem, token), account,
                                 account_instant(cx, RESET_MS)};

    TRY(account_text(cx, directory,
                     STR("SELECT login FROM account WHERE id = :id AND ended_at IS NULL"), "id",
                     account, ret_login));
    if (ret_login->n == 0)
        return fail(cx, RC_NOT_FOUND, "account", _("The account is not there any more."));
    TX(tx, cx, directory);
    TRY(account_run(cx, directory, STR("DELETE FROM password_reset WHERE ends_at <= :now"), old,
                    &now, 1));
    TRY(account_run(cx, directory,
                    STR("INSERT INTO password_reset (token, account, ends_at) "
                        "VALUES (:token, :account, :ends_at)"),
                    names, values, COUNT_OF(names)));
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
                         STR("SELECT a.id, a.login FROM password_reset r JOIN account a ON a.id = "
                             "r.account WHERE r.token = :token AND r.ends_at > :then AND "
                             "a.ended_at IS NULL"),
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
    static const char *const names[] = {"id", "password"}, *const one[] = {"id"};
    static const struct str statements[] = {STR("DELETE FROM password_reset WHERE account = :id"),
                                            STR("DELETE FROM session WHERE account = :id"),
                                            STR("DELETE FROM half_session WHERE account = :id")};
    struct str account, login, hash;

    TRY(reset_find(cx, directory, token, &account, &login));
    TRY(password_fit(cx, login, password));
    TRY(password_hash(cx, password, &hash));
    const struct str values[] = {account, hash};

    TX(tx, cx, directory);
    TRY(reset_find(cx, directory, token, &account, &login)); /* nobody was faster */
    TRY(account_run(cx, directory, STR("UPDATE account SET password = :password WHERE id = :id"),
                    names, values, COUNT_OF(names)));
    for (size_t i = 0; i < COUNT_OF(statements); i++)
        TRY(account_run(cx, directory, statements[i], one, &account, 1));
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
    TRY(account_text(cx, directory, STR("SELECT login FROM account WHERE id = :id"), "id", account,
                     ret_login));
    TRY(account_text(cx, directory, STR("SELECT address FROM account WHERE id = :id"), "id",
                     account, ret_address));
    if (ret_address->n == 0)
        *ret_address = *ret_login;
    if (!message_address_is(*ret_address))
        *ret_address = STR_NONE;
    return 0;
}

int account_set_address(struct ctx *cx, struct store *directory, struct str account,
                        struct str present, struct str address)
{
    static const char *const names[] = {"id", "address"};
    const struct str values[] = {account, str_trim(address)};
    struct str hash;
    bool right;

    if (values[1].n > 0)
        TRY(message_check_address(cx, "address", values[1]));
    TRY(account_text(cx, directory, STR("SELECT password FROM account WHERE id = :id"), "id",
                     account, &hash));
    TRY(password_is(cx, hash, present, &right));
    if (!right)
        return fail(cx, RC_DENIED, "present", _("The present password is not right."));
    return account_run(cx, directory, STR("UPDATE account SET address = :address WHERE id = :id"),
                       names, values, COUNT_OF(names));
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
