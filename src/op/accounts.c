/* Accounts, their passwords and the links that make them. */
#include "op/accounts.h"

#include "op/account_parts.h"
#include "op/password.h"
#include "op/tokens.h"
#include "register/record.h"

/* ---- what the files of accounts share ---- */

static bool is_token_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

bool account_token_is(struct str token)
{
    for (size_t i = 0; i < token.n; i++)
        if (!is_token_char(token.p[i]))
            return false;
    return token.n == ACCOUNT_TOKEN_CHARS;
}

struct str account_token(struct ctx *cx)
{
    unsigned char bytes[32];

    host_random(cx, bytes, sizeof bytes);
    struct str text = base64_encode(cx->mem, (struct str){(const char *)bytes, sizeof bytes});
    char *token = str_z(cx->mem, str_sub(text, 0, ACCOUNT_TOKEN_CHARS));

    for (char *c = token; *c != '\0'; c++)
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
    return str_of(token);
}

struct str account_hash(struct arena *mem, struct str token)
{
    return hash_sha256_hex(mem, token);
}

struct str account_instant(struct ctx *cx, int64_t from_now_ms)
{
    return instant_text(cx->mem, host_now_ms(cx) + from_now_ms);
}

int account_by_token(struct ctx *cx, struct store *directory, struct str sql, struct str token,
                     int64_t ago_ms, struct stmt **ret, bool *ret_row)
{
    TRY(store_prepare(cx, directory, sql, ret));
    TRY(stmt_bind_text(cx, *ret, "token", account_hash(cx->mem, token)));
    TRY(stmt_bind_text(cx, *ret, "then", account_instant(cx, -ago_ms)));
    TRY(stmt_step(cx, *ret, ret_row));
    *ret_row = *ret_row && account_token_is(token);
    return 0;
}

int account_run(struct ctx *cx, struct store *directory, struct str sql, const char *const *names,
                const struct str *values, size_t n)
{
    STMT(s);

    TRY(store_prepare(cx, directory, sql, &s));
    for (size_t i = 0; i < n; i++)
        TRY(stmt_bind_text_or_null(cx, s, names[i], values[i]));
    return stmt_run(cx, s);
}

int account_text(struct ctx *cx, struct store *directory, struct str sql, const char *name,
                 struct str value, struct str *ret)
{
    bool row;
    STMT(s);

    TRY(store_prepare(cx, directory, sql, &s));
    TRY(stmt_bind_text(cx, s, name, value));
    TRY(stmt_step(cx, s, &row));
    *ret = row ? stmt_text(cx->mem, s, 0) : STR_NONE;
    return 0;
}

/* ---- accounts ---- */

int accounts_any(struct ctx *cx, struct store *directory, bool *ret)
{
    STMT(s);

    TRY(store_prepare(cx, directory, STR("SELECT 1 FROM account LIMIT 1"), &s));
    return stmt_step(cx, s, ret);
}

int accounts_list(struct ctx *cx, struct store *directory, struct value **ret)
{
    struct value *list = value_list(cx->mem);
    bool row;
    STMT(s);

    TRY(store_prepare(cx, directory,
                      STR("SELECT a.id, a.login, (SELECT count(*) FROM factor f WHERE f.account = "
                          "a.id AND f.confirmed_at IS NOT NULL) + (SELECT count(*) FROM passkey p "
                          "WHERE p.account = a.id) FROM account a WHERE a.ended_at IS NULL "
                          "ORDER BY a.login"),
                      &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        struct value *one = value_map(cx->mem);
        value_set_text(one, "id", stmt_text(cx->mem, s, 0));
        value_set_text(one, "login", stmt_text(cx->mem, s, 1));
        value_set_bool(one, "factor", stmt_int(s, 2) > 0);
        value_push(list, one);
    }
    *ret = list;
    return 0;
}

int account_find(struct ctx *cx, struct store *directory, struct str login, struct str *ret)
{
    TRY(account_text(cx, directory,
                     STR("SELECT id FROM account WHERE login = :login AND ended_at IS NULL"),
                     "login", account_login(cx->mem, login), ret));
    return ret->n > 0 ? 0
                      : fail(cx, RC_NOT_FOUND, "login",
                             _("Nobody signs in as \"%.*s\". To see who does: assay accounts."),
                             STR_ARG(login));
}

struct str account_login(struct arena *mem, struct str login)
{
    return str_lower(mem, str_trim(login));
}

static int check_login(struct ctx *cx, struct str login)
{
    if (login.n < 2 || login.n > ACCOUNT_LOGIN_BYTES || !utf8_valid(login))
        return fail(cx, RC_INVALID, "login",
                    _("Give the name you will sign in with: your mail address is good."));
    for (size_t i = 0; i < login.n; i++)
        if ((unsigned char)login.p[i] <= ' ' || login.p[i] == 0x7f)
            return fail(cx, RC_INVALID, "login",
                        _("A name to sign in with has no blanks: your mail address is good."));
    return 0;
}

int account_bind_person(struct ctx *cx, struct store *directory, struct str account,
                        struct str organisation, struct str person)
{
    static const char *const names[] = {"account", "organisation", "person"};
    const struct str values[] = {account, organisation, person};
    int rc = account_run(cx, directory,
                         STR("INSERT INTO account_person (account, organisation, person) "
                             "VALUES (:account, :organisation, :person)"),
                         names, values, 3);

    if (rc == RC_CONFLICT && store_cause(directory) == STORE_CAUSE_UNIQUE)
        return fail(cx, RC_CONFLICT, "person",
                    _("This person has an account already, or this account is another person in "
                      "%.*s."),
                    STR_ARG(organisation));
    return rc;
}

int account_insert(struct ctx *cx, struct store *directory, struct str id, struct str login,
                   struct str hash, struct str address)
{
    static const char *const names[] = {"id", "login", "password", "made_at", "address"};
    const struct str values[] = {id, login, hash.n > 0 ? hash : STR("-"), account_instant(cx, 0),
                                 address};
    int rc = account_run(cx, directory,
                         STR("INSERT INTO account (id, login, password, made_at, address) "
                             "VALUES (:id, :login, :password, :made_at, :address)"),
                         names, values, COUNT_OF(names));

    if (rc == RC_CONFLICT && store_cause(directory) == STORE_CAUSE_UNIQUE)
        return fail(cx, RC_CONFLICT, "login", _("Somebody else signs in with this name."));
    return rc;
}

static int use_up(struct ctx *cx, struct store *directory, struct str token)
{
    static const char *const names[] = {"token"};
    const struct str hash = account_hash(cx->mem, token);

    return account_run(cx, directory, STR("DELETE FROM invitation WHERE token = :token"), names,
                       &hash, 1);
}

int account_make(struct ctx *cx, struct store *directory, struct str token, struct str login,
                 struct str password, const struct account_binding *bindings, size_t n,
                 struct str *ret_id)
{
    struct account_invitation invitation;
    struct str hash, id = record_id_new(cx);

    login = account_login(cx->mem, login);
    TRY(check_login(cx, login));
    TRY(password_fit(cx, login, password));
    TRY(account_invited(cx, directory, token, &invitation));
    TRY(password_hash(cx, password, &hash));
    TX(tx, cx, directory);
    TRY(account_invited(cx, directory, token, &invitation)); /* nobody was faster */
    TRY(use_up(cx, directory, token));
    TRY(account_insert(cx, directory, id, login, hash, invitation.address));
    for (size_t i = 0; i < n; i++)
        TRY(account_bind_person(cx, directory, id, bindings[i].organisation, bindings[i].person));
    TRY(tx_commit(cx, &tx));
    *ret_id = id;
    return 0;
}

int account_bind(struct ctx *cx, struct store *directory, struct str token, struct str account)
{
    struct account_invitation invitation;

    TX(tx, cx, directory);
    TRY(account_invited(cx, directory, token, &invitation));
    if (invitation.person.n == 0)
        return fail(cx, RC_CONFLICT, NULL, _("This link makes the first account only."));
    TRY(use_up(cx, directory, token));
    TRY(account_bind_person(cx, directory, account, invitation.organisation, invitation.person));
    return tx_commit(cx, &tx);
}

/* ---- invitations ---- */

int account_invite(struct ctx *cx, struct store *directory, struct str organisation,
                   struct str person, struct str *ret_token)
{
    return account_invite_by_mail(cx, directory, organisation, person, STR_NONE, ret_token);
}

int account_invite_by_mail(struct ctx *cx, struct store *directory, struct str organisation,
                           struct str person, struct str address, struct str *ret_token)
{
    static const char *const names[] = {"token",   "organisation", "person",
                                        "made_at", "ends_at",      "address"};
    static const char *const earlier[] = {"person"};
    struct str token = account_token(cx);
    int64_t lasts = person.n > 0 ? ACCOUNT_INVITATION_MS : ACCOUNT_FIRST_MS;
    const struct str values[] = {
        account_hash(cx->mem, token), organisation, person, account_instant(cx, 0),
        account_instant(cx, lasts),   address};

    TX(tx, cx, directory);
    if (person.n > 0)
        TRY(account_run(cx, directory, STR("DELETE FROM invitation WHERE person = :person"),
                        earlier, &person, 1));
    else
        TRY(account_run(cx, directory, STR("DELETE FROM invitation WHERE person IS NULL"), NULL,
                        NULL, 0));
    TRY(account_run(cx, directory,
                    STR("INSERT INTO invitation (token, organisation, person, made_at, ends_at, "
                        "address) VALUES (:token, :organisation, :person, :made_at, :ends_at, "
                        ":address)"),
                    names, values, COUNT_OF(names)));
    TRY(tx_commit(cx, &tx));
    *ret_token = token;
    return 0;
}

int account_invited(struct ctx *cx, struct store *directory, struct str token,
                    struct account_invitation *ret)
{
    bool row;
    STMT(s);

    TRY(account_by_token(cx, directory,
                         STR("SELECT organisation, person, address FROM invitation "
                             "WHERE token = :token AND ends_at > :then"),
                         token, 0, &s, &row));
    if (!row)
        return fail(cx, RC_NOT_FOUND, "link",
                    _("This link was used already, or is too old. Whoever sent it can make "
                      "another."));
    *ret = (struct account_invitation){stmt_text(cx->mem, s, 0), stmt_text(cx->mem, s, 1),
                                       stmt_text(cx->mem, s, 2)};
    return 0;
}

/* ---- whom an account is ---- */

int account_person(struct ctx *cx, struct store *directory, struct str account,
                   struct str organisation, struct str *ret, bool *ret_factor)
{
    bool row;
    STMT(s);

    TRY(store_prepare(cx, directory,
                      STR("SELECT p.person, o.second_factor FROM account_person p "
                          "JOIN organisation o ON o.name = p.organisation "
                          "WHERE p.account = :account AND p.organisation = :organisation"),
                      &s));
    TRY(stmt_bind_text(cx, s, "account", account));
    TRY(stmt_bind_text(cx, s, "organisation", organisation));
    TRY(stmt_step(cx, s, &row));
    *ret = row ? stmt_text(cx->mem, s, 0) : STR_NONE;
    if (ret_factor != NULL)
        *ret_factor = row && stmt_int(s, 1) != 0;
    return 0;
}

int account_organisations(struct ctx *cx, struct store *directory, struct str account,
                          struct value **ret)
{
    struct value *list = value_list(cx->mem);
    bool row;
    STMT(s);

    TRY(store_prepare(cx, directory,
                      STR("SELECT o.name, o.title FROM account_person p "
                          "JOIN organisation o ON o.name = p.organisation "
                          "WHERE p.account = :account ORDER BY o.title, o.name"),
                      &s));
    TRY(stmt_bind_text(cx, s, "account", account));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        value_push(list, stmt_row(cx->mem, s));
    }
    *ret = list;
    return 0;
}

int account_persons(struct ctx *cx, struct store *directory, struct str organisation,
                    struct value **ret)
{
    struct value *map = value_map(cx->mem);
    bool row;
    STMT(s);

    TRY(store_prepare(cx, directory,
                      STR("SELECT p.person, a.login, (SELECT count(*) FROM factor f WHERE "
                          "f.account = a.id AND f.confirmed_at IS NOT NULL) + (SELECT count(*) "
                          "FROM passkey k WHERE k.account = a.id) FROM account_person p "
                          "JOIN account a ON a.id = p.account "
                          "WHERE p.organisation = :organisation AND a.ended_at IS NULL"),
                      &s));
    TRY(stmt_bind_text(cx, s, "organisation", organisation));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        struct value *one = value_map(cx->mem);
        value_set_text(one, "login", stmt_text(cx->mem, s, 1));
        value_set_bool(one, "factor", stmt_int(s, 2) > 0);
        value_set(map, str_z(cx->mem, stmt_text(cx->mem, s, 0)), one);
    }
    *ret = map;
    return 0;
}

/* ---- forgetting ---- */

/* Its number stays, as that of nobody: whatever else is of it opens nothing. */
static int forget_account(struct ctx *cx, struct store *directory, struct str account)
{
    static const char *const names[] = {"account"}, *const ending[] = {"account", "now"};
    static const struct str statements[] = {
        STR("DELETE FROM session WHERE account = :account"),
        STR("DELETE FROM api_token WHERE account = :account"),
        STR("DELETE FROM half_session WHERE account = :account"),
        STR("DELETE FROM device WHERE account = :account"),
        STR("DELETE FROM recovery_code WHERE account = :account"),
        STR("DELETE FROM passkey_question WHERE account = :account"),
        STR("DELETE FROM passkey WHERE account = :account"),
        STR("DELETE FROM identity WHERE account = :account"),
        STR("DELETE FROM factor WHERE account = :account"),
        STR("DELETE FROM outbox WHERE account = :account"),
        STR("DELETE FROM password_reset WHERE account = :account"),
        /* What they asked for goes with its files at the next look for what is old. */
        STR("UPDATE job SET state = 'cancelled', title = '', words = '[]', ended_at = "
            "'2000-01-01T00:00:00.000Z' WHERE account = :account")};
    const struct str values[] = {account, account_instant(cx, 0)};

    for (size_t i = 0; i < COUNT_OF(statements); i++)
        TRY(account_run(cx, directory, statements[i], names, &account, 1));
    return account_run(
        cx, directory,
        STR("UPDATE account SET login = id, password = '', address = NULL, ended_at = :now "
            "WHERE id = :account"),
        ending, values, 2);
}

int account_forget(struct ctx *cx, struct store *directory, struct str organisation,
                   struct str person)
{
    static const char *const names[] = {"organisation", "person"};
    const struct str values[] = {organisation, person};
    struct str account, other;

    TX(tx, cx, directory);
    /* Who waits for an account may be this person: the others begin again. */
    TRY(account_run(cx, directory, STR("DELETE FROM identity_waiting"), NULL, NULL, 0));
    TRY(account_run(cx, directory,
                    STR("DELETE FROM invitation WHERE organisation = :organisation AND "
                        "person = :person"),
                    names, values, 2));
    TRY(account_run(cx, directory,
                    STR("DELETE FROM outbox WHERE organisation = :organisation AND "
                        "person = :person"),
                    names, values, 2));
    TRY(account_run(cx, directory,
                    STR("DELETE FROM own_link WHERE organisation = :organisation AND "
                        "person = :person"),
                    names, values, 2));
    TRY(account_text(cx, directory,
                     STR("SELECT account FROM account_person WHERE person = :person"), "person",
                     person, &account));
    TRY(token_end_member(cx, directory, organisation, person));
    TRY(account_run(cx, directory,
                    STR("DELETE FROM account_person WHERE organisation = :organisation AND "
                        "person = :person"),
                    names, values, 2));
    TRY(account_text(cx, directory,
                     STR("SELECT organisation FROM account_person WHERE account = :account"),
                     "account", account, &other));
    if (account.n > 0 && other.n == 0)
        TRY(forget_account(cx, directory, account));
    return tx_commit(cx, &tx);
}
