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

int account_by_token(struct ctx *cx, struct store *directory, const char *sql, struct str token,
                     int64_t ago_ms, struct stmt **ret, bool *ret_row)
{
    TRY(store_ask(cx, directory, sql, ret, ret_row, BIND("token", account_hash(cx->mem, token)),
                  BIND("then", account_instant(cx, -ago_ms))));
    *ret_row = *ret_row && account_token_is(token);
    return 0;
}

/* ---- accounts ---- */

int accounts_any(struct ctx *cx, struct store *directory, bool *ret)
{
    return store_has(cx, directory, "SELECT 1 FROM account LIMIT 1", ret);
}

int accounts_list(struct ctx *cx, struct store *directory, struct value **ret)
{
    struct value *list = value_list(cx->mem);
    bool row;
    STMT(s);

    TRY(store_query(cx, directory,
                    "SELECT a.id, a.login, (SELECT count(*) FROM factor f WHERE f.account = "
                    "a.id AND f.confirmed_at IS NOT NULL) + (SELECT count(*) FROM passkey p "
                    "WHERE p.account = a.id) FROM account a WHERE a.ended_at IS NULL "
                    "ORDER BY a.login",
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
    TRY(store_text(cx, directory,
                   "SELECT id FROM account WHERE login = :login AND ended_at IS NULL", ret,
                   BIND("login", account_login(cx->mem, login))));
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
    int rc = store_run(cx, directory,
                       "INSERT INTO account_person (account, organisation, person) "
                       "VALUES (:account, :organisation, :person)",
                       BIND("account", account), BIND("organisation", organisation),
                       BIND("person", person));

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
    int rc = store_run(cx, directory,
                       "INSERT INTO account (id, login, password, made_at, address) "
                       "VALUES (:id, :login, :password, :made_at, :address)",
                       BIND("id", id), BIND("login", login),
                       BIND("password", hash.n > 0 ? hash : STR("-")),
                       BIND("made_at", account_instant(cx, 0)), BIND_OR_NULL("address", address));

    if (rc == RC_CONFLICT && store_cause(directory) == STORE_CAUSE_UNIQUE)
        return fail(cx, RC_CONFLICT, "login", _("Somebody else signs in with this name."));
    return rc;
}

static int use_up(struct ctx *cx, struct store *directory, struct str token)
{
    return store_run(cx, directory, "DELETE FROM invitation WHERE token = :token",
                     BIND("token", account_hash(cx->mem, token)));
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
    struct str token = account_token(cx);
    int64_t lasts = person.n > 0 ? ACCOUNT_INVITATION_MS : ACCOUNT_FIRST_MS;

    TX(tx, cx, directory);
    if (person.n > 0)
        TRY(store_run(cx, directory, "DELETE FROM invitation WHERE person = :person",
                      BIND("person", person)));
    else
        TRY(store_run(cx, directory, "DELETE FROM invitation WHERE person IS NULL"));
    TRY(store_run(cx, directory,
                  "INSERT INTO invitation (token, organisation, person, made_at, ends_at, "
                  "address) VALUES (:token, :organisation, :person, :made_at, :ends_at, "
                  ":address)",
                  BIND("token", account_hash(cx->mem, token)),
                  BIND_OR_NULL("organisation", organisation), BIND_OR_NULL("person", person),
                  BIND("made_at", account_instant(cx, 0)),
                  BIND("ends_at", account_instant(cx, lasts)), BIND_OR_NULL("address", address)));
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
                         "SELECT organisation, person, address FROM invitation "
                         "WHERE token = :token AND ends_at > :then",
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

    TRY(store_ask(cx, directory,
                  "SELECT p.person, o.second_factor FROM account_person p "
                  "JOIN organisation o ON o.name = p.organisation "
                  "WHERE p.account = :account AND p.organisation = :organisation",
                  &s, &row, BIND("account", account), BIND("organisation", organisation)));
    *ret = row ? stmt_text(cx->mem, s, 0) : STR_NONE;
    if (ret_factor != NULL)
        *ret_factor = row && stmt_int(s, 1) != 0;
    return 0;
}

int account_organisations(struct ctx *cx, struct store *directory, struct str account,
                          struct value **ret)
{
    return store_list(cx, directory,
                      "SELECT o.name, o.title FROM account_person p "
                      "JOIN organisation o ON o.name = p.organisation "
                      "WHERE p.account = :account ORDER BY o.title, o.name",
                      ret, BIND("account", account));
}

int account_persons(struct ctx *cx, struct store *directory, struct str organisation,
                    struct value **ret)
{
    struct value *map = value_map(cx->mem);
    bool row;
    STMT(s);

    TRY(store_query(cx, directory,
                    "SELECT p.person, a.login, (SELECT count(*) FROM factor f WHERE "
                    "f.account = a.id AND f.confirmed_at IS NOT NULL) + (SELECT count(*) "
                    "FROM passkey k WHERE k.account = a.id) FROM account_person p "
                    "JOIN account a ON a.id = p.account "
                    "WHERE p.organisation = :organisation AND a.ended_at IS NULL",
                    &s, BIND("organisation", organisation)));
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
    static const char *const statements[] = {
        "DELETE FROM session WHERE account = :account",
        "DELETE FROM api_token WHERE account = :account",
        "DELETE FROM half_session WHERE account = :account",
        "DELETE FROM device WHERE account = :account",
        "DELETE FROM recovery_code WHERE account = :account",
        "DELETE FROM passkey_question WHERE account = :account",
        "DELETE FROM passkey WHERE account = :account",
        "DELETE FROM identity WHERE account = :account",
        "DELETE FROM factor WHERE account = :account",
        "DELETE FROM outbox WHERE account = :account",
        "DELETE FROM password_reset WHERE account = :account",
        /* What they asked for goes with its files at the next look for what is old. */
        ("UPDATE job SET state = 'cancelled', title = '', words = '[]', ended_at = "
         "'2000-01-01T00:00:00.000Z' WHERE account = :account")};

    for (size_t i = 0; i < COUNT_OF(statements); i++)
        TRY(store_run(cx, directory, statements[i], BIND("account", account)));
    return store_run(
        cx, directory,
        "UPDATE account SET login = id, password = '', address = NULL, ended_at = :now "
        "WHERE id = :account",
        BIND("account", account), BIND("now", account_instant(cx, 0)));
}

int account_forget(struct ctx *cx, struct store *directory, struct str organisation,
                   struct str person)
{
    struct str account, other;

    TX(tx, cx, directory);
    /* Who waits for an account may be this person: the others begin again. */
    TRY(store_run(cx, directory, "DELETE FROM identity_waiting"));
    TRY(store_run(cx, directory,
                  "DELETE FROM invitation WHERE organisation = :organisation AND "
                  "person = :person",
                  BIND("organisation", organisation), BIND("person", person)));
    TRY(store_run(cx, directory,
                  "DELETE FROM outbox WHERE organisation = :organisation AND "
                  "person = :person",
                  BIND("organisation", organisation), BIND("person", person)));
    TRY(store_run(cx, directory,
                  "DELETE FROM own_link WHERE organisation = :organisation AND "
                  "person = :person",
                  BIND("organisation", organisation), BIND("person", person)));
    TRY(store_text(cx, directory, "SELECT account FROM account_person WHERE person = :person",
                   &account, BIND("person", person)));
    TRY(token_end_member(cx, directory, organisation, person));
    TRY(store_run(cx, directory,
                  "DELETE FROM account_person WHERE organisation = :organisation AND "
                  "person = :person",
                  BIND("organisation", organisation), BIND("person", person)));
    TRY(store_text(cx, directory,
                   "SELECT organisation FROM account_person WHERE account = :account", &other,
                   BIND("account", account)));
    if (account.n > 0 && other.n == 0)
        TRY(forget_account(cx, directory, account));
    return tx_commit(cx, &tx);
}
