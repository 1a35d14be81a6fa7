#include "op/identities.h"

#include "op/account_parts.h"
#include "register/record.h"

/* ---- on the way to the provider ---- */

static struct str failures_of(struct ctx *cx, struct str address)
{
    return str_printf(cx->mem, "provider %.*s", STR_ARG(address));
}

int identity_failed(struct ctx *cx, struct store *directory, struct str address)
{
    return account_guess(cx, directory, failures_of(cx, address));
}

static int tidy(struct ctx *cx, struct store *directory, struct str address)
{
    const struct str old = account_instant(cx, -IDENTITY_QUESTION_MS);

    TRY(store_run(cx, directory, "DELETE FROM identity_question WHERE made_at <= :old",
                  BIND("old", old)));
    TRY(store_run(cx, directory, "DELETE FROM identity_waiting WHERE made_at <= :old",
                  BIND("old", old)));
    _Static_assert(IDENTITY_QUESTIONS == 50, "as the statement below says");
    return store_run(cx, directory,
                     "DELETE FROM identity_question WHERE address = :address AND token NOT "
                     "IN (SELECT token FROM identity_question WHERE address = :address "
                     "ORDER BY made_at DESC, token LIMIT 50)",
                     BIND("address", address));
}

int identity_ask(struct ctx *cx, struct store *directory, struct str goes_to, struct str address,
                 struct str *ret_token)
{
    struct str token = account_token(cx), from = address.n > 0 ? address : STR("-");
    int64_t failed;

    TRY(account_guesses(cx, directory, failures_of(cx, address), &failed));
    if (failed >= IDENTITY_FAILURES)
        return fail(cx, RC_LIMIT, "provider",
                    _("Too many attempts. Try again in a quarter of an hour."));
    TX(tx, cx, directory);
    TRY(store_run(cx, directory,
                  "INSERT INTO identity_question (token, goes_to, address, made_at) "
                  "VALUES (:token, :goes_to, :address, :now)",
                  BIND("token", account_hash(cx->mem, token)), BIND("goes_to", goes_to),
                  BIND("address", from), BIND("now", account_instant(cx, 0))));
    TRY(tidy(cx, directory, from));
    TRY(tx_commit(cx, &tx));
    *ret_token = token;
    return 0;
}

int identity_asked(struct ctx *cx, struct store *directory, struct str token,
                   struct str *ret_goes_to)
{
    bool row;
    STMT(s);

    TRY(account_by_token(cx, directory,
                         "DELETE FROM identity_question WHERE token = :token AND made_at > :then "
                         "RETURNING goes_to",
                         token, IDENTITY_QUESTION_MS, &s, &row));
    if (!row)
        return fail(cx, RC_DENIED, "provider",
                    _("This answer was used already, or took longer than ten minutes: begin "
                      "again."));
    *ret_goes_to = stmt_text(cx->mem, s, 0);
    return 0;
}

/* ---- whose it is ---- */

int identity_account(struct ctx *cx, struct store *directory, const struct identity *identity,
                     struct str *ret)
{
    return store_text(cx, directory,
                      "UPDATE identity SET used_at = :now, address = :address WHERE issuer = "
                      ":issuer AND subject = :subject RETURNING account",
                      ret, BIND("now", account_instant(cx, 0)), BIND("address", identity->address),
                      BIND("issuer", identity->issuer), BIND("subject", identity->subject));
}

static int insert(struct ctx *cx, struct store *directory, const struct identity *identity,
                  struct str account)
{
    int rc = store_run(cx, directory,
                       "INSERT INTO identity (issuer, subject, account, address, made_at, "
                       "used_at) VALUES (:issuer, :subject, :account, '', :now, :now)",
                       BIND("issuer", identity->issuer), BIND("subject", identity->subject),
                       BIND("account", account), BIND("now", account_instant(cx, 0)));

    if (rc == RC_CONFLICT && store_cause(directory) == STORE_CAUSE_UNIQUE)
        return fail(cx, RC_CONFLICT, "provider",
                    _("Another account signs in with this account of the provider."));
    return rc;
}

int identity_bind(struct ctx *cx, struct store *directory, const struct identity *identity,
                  struct str account)
{
    struct str got;

    TX(tx, cx, directory);
    TRY(insert(cx, directory, identity, account));
    TRY(identity_account(cx, directory, identity, &got));
    return tx_commit(cx, &tx);
}

static int void_links(struct ctx *cx, struct store *directory,
                      const struct account_binding *binding)
{
    return store_run(cx, directory,
                     "DELETE FROM invitation WHERE organisation = :organisation AND "
                     "person = :person",
                     BIND("organisation", binding->organisation), BIND("person", binding->person));
}

int identity_make(struct ctx *cx, struct store *directory, const struct identity *identity,
                  const struct account_binding *bindings, size_t n, struct str *ret_account)
{
    struct str id = record_id_new(cx), got;

    TX(tx, cx, directory);
    /* No mail to it brings a password: who may sign in, the provider says. */
    TRY(account_insert(cx, directory, id, account_login(cx->mem, identity->address), STR_NONE,
                       STR_NONE));
    for (size_t i = 0; i < n; i++) {
        TRY(account_bind_person(cx, directory, id, bindings[i].organisation, bindings[i].person));
        TRY(void_links(cx, directory, &bindings[i]));
    }
    TRY(insert(cx, directory, identity, id));
    TRY(identity_account(cx, directory, identity, &got));
    TRY(tx_commit(cx, &tx));
    *ret_account = id;
    return 0;
}

int identity_taken(struct ctx *cx, struct store *directory, struct str address, bool *ret)
{
    return store_has(cx, directory,
                     "SELECT 1 FROM account WHERE (login = :address OR lower(address) = "
                     ":address) AND ended_at IS NULL",
                     ret, BIND("address", address));
}

int identity_invited(struct ctx *cx, struct store *directory, struct str address,
                     struct value **ret)
{
    struct value *all, *mine = value_list(cx->mem);

    TRY(store_list(cx, directory,
                   "SELECT organisation, person, address FROM invitation WHERE person IS NOT NULL "
                   "AND address IS NOT NULL AND ends_at > :now ORDER BY organisation, person",
                   &all, BIND("now", account_instant(cx, 0))));
    for (size_t i = 0; i < value_count(all); i++) {
        struct str sent_to = value_get_text(value_at(all, i), "address");
        if (str_eq(str_lower(cx->mem, str_trim(sent_to)), address))
            value_push(mine, value_at_mut(all, i));
    }
    *ret = mine;
    return 0;
}

int identity_list(struct ctx *cx, struct store *directory, struct str account, struct value **ret)
{
    return store_list(cx, directory,
                      "SELECT issuer, subject, address, made_at, used_at FROM identity "
                      "WHERE account = :account ORDER BY made_at, issuer, subject",
                      ret, BIND("account", account));
}

int account_has_password(struct ctx *cx, struct store *directory, struct str account, bool *ret)
{
    struct str hash;

    TRY(store_text(cx, directory, "SELECT password FROM account WHERE id = :id", &hash,
                   BIND("id", account)));
    *ret = hash.n > 1; /* "-" for none */
    return 0;
}

/* Within a transaction: something else has to be left to sign in with. */
static int check_left(struct ctx *cx, struct store *directory, struct str account)
{
    struct factor_state state;
    struct value *others;
    bool password;

    TRY(factor_state(cx, directory, account, &state));
    TRY(account_has_password(cx, directory, account, &password));
    TRY(identity_list(cx, directory, account, &others));
    if (password || state.passkeys > 0 || value_count(others) > 0)
        return 0;
    return fail(cx, RC_CONFLICT, "provider",
                _("There would be no way left to sign in: make a passkey first."));
}

int identity_drop(struct ctx *cx, struct store *directory, struct str account, struct str issuer,
                  struct str subject, struct str keep)
{
    bool row;

    TX(tx, cx, directory);
    TRY(store_has(cx, directory,
                  "DELETE FROM identity WHERE issuer = :issuer AND subject = :subject "
                  "AND account = :account RETURNING account",
                  &row, BIND("issuer", issuer), BIND("subject", subject),
                  BIND("account", account)));
    if (!row)
        return fail(cx, RC_NOT_FOUND, "provider", _("The account is not linked to this one."));
    TRY(check_left(cx, directory, account));
    TRY(session_end(cx, directory, account, STR_NONE, keep));
    return tx_commit(cx, &tx);
}

/* ---- nobody's yet ---- */

int identity_keep(struct ctx *cx, struct store *directory, const struct identity *identity,
                  struct str why, struct str *ret_token)
{
    struct str token = account_token(cx);

    TRY(store_run(cx, directory,
                  "INSERT INTO identity_waiting (token, issuer, subject, address, why, "
                  "made_at) VALUES (:token, :issuer, :subject, :address, :why, :now)",
                  BIND("token", account_hash(cx->mem, token)), BIND("issuer", identity->issuer),
                  BIND("subject", identity->subject), BIND("address", identity->address),
                  BIND("why", why), BIND("now", account_instant(cx, 0))));
    *ret_token = token;
    return 0;
}

int identity_kept(struct ctx *cx, struct store *directory, struct str token, struct identity *ret,
                  struct str *ret_why)
{
    bool row;
    STMT(s);

    TRY(account_by_token(cx, directory,
                         "SELECT issuer, subject, address, why FROM identity_waiting WHERE "
                         "token = :token AND made_at > :then",
                         token, IDENTITY_QUESTION_MS, &s, &row));
    if (!row)
        return fail(cx, RC_NOT_FOUND, "provider",
                    _("That took longer than ten minutes: begin again."));
    *ret = (struct identity){stmt_text(cx->mem, s, 0), stmt_text(cx->mem, s, 1),
                             stmt_text(cx->mem, s, 2), STR_NONE};
    *ret_why = stmt_text(cx->mem, s, 3);
    return 0;
}

int identity_kept_end(struct ctx *cx, struct store *directory, struct str token)
{
    return store_run(cx, directory, "DELETE FROM identity_waiting WHERE token = :token",
                     BIND("token", account_hash(cx->mem, token)));
}

/* ---- domains whose people are readers ---- */

/* "example.com", in small letters. */
static bool is_domain(struct str s)
{
    bool dot = false;

    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i], next = i + 1 < s.n ? s.p[i + 1] : '\0';
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
        dot = dot || c == '.';
        if (!plain && (i == 0 || i + 1 == s.n || (c != '-' && c != '.') ||
                       (c == '.' && (next == '.' || next == '-'))))
            return false;
    }
    return dot && s.n <= IDENTITY_ADDRESS_BYTES && utf8_valid(s);
}

int reader_domain_add(struct ctx *cx, struct store *directory, struct str organisation,
                      struct str domain, struct str person)
{
    domain = str_lower(cx->mem, str_trim(domain));
    if (str_starts(domain, STR("@")))
        domain = str_from(domain, 1);

    if (!is_domain(domain))
        return fail(cx, RC_INVALID, "domain",
                    _("Give what stands behind the @ of their addresses: example.com."));
    return store_run(cx, directory,
                     "INSERT INTO reader_domain (organisation, domain, person, made_at) "
                     "VALUES (:organisation, :domain, :person, :now) ON CONFLICT "
                     "(organisation, domain) DO UPDATE SET person = excluded.person, "
                     "made_at = excluded.made_at",
                     BIND("organisation", organisation), BIND("domain", domain),
                     BIND("person", person), BIND("now", account_instant(cx, 0)));
}

int reader_domain_remove(struct ctx *cx, struct store *directory, struct str organisation,
                         struct str domain)
{
    return store_run(cx, directory,
                     "DELETE FROM reader_domain WHERE organisation = :organisation AND "
                     "domain = :domain",
                     BIND("organisation", organisation), BIND("domain", domain));
}

int reader_domains(struct ctx *cx, struct store *directory, struct str organisation,
                   struct value **ret)
{
    return store_list(cx, directory,
                      "SELECT domain FROM reader_domain WHERE organisation = :organisation "
                      "ORDER BY domain",
                      ret, BIND("organisation", organisation));
}

int reader_domain_of(struct ctx *cx, struct store *directory, struct str domain, struct value **ret)
{
    return store_list(cx, directory,
                      "SELECT organisation, person FROM reader_domain WHERE domain = :domain "
                      "ORDER BY organisation",
                      ret, BIND("domain", domain));
}
