#include "op/tokens.h"

#include "access/access.h"
#include "op/account_parts.h"
#include "register/record.h"

#define PREFIX "assay_"
#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)
#define NOTE_MS ((int64_t)60 * 1000) /* so often it is noted that one is used */
#define SHOWN_MS (31 * DAY_MS)       /* that one is listed after its end */

bool token_is(struct str token)
{
    return str_starts(token, STR(PREFIX)) && account_token_is(str_from(token, sizeof PREFIX - 1));
}

/* ---- making ---- */

static int check_wish(struct ctx *cx, const struct token_wish *wish, unsigned *ret_rights)
{
    if (wish->name.n == 0 || wish->name.n > TOKEN_NAME_BYTES || !utf8_valid(wish->name))
        return fail(cx, RC_INVALID, "name", _("Say what it is for, in at most %u characters."),
                    TOKEN_NAME_BYTES);
    for (size_t i = 0; i < wish->name.n; i++)
        if ((unsigned char)wish->name.p[i] < ' ' || wish->name.p[i] == 0x7f)
            return fail(cx, RC_INVALID, "name", _("Say what it is for in one line."));
    if (wish->days < 1 || wish->days > TOKEN_DAYS_MOST)
        return fail(cx, RC_INVALID, "days", _("A token lasts a day at least, and at most a year."));
    return access_rights_read(cx, wish->rights, ret_rights);
}

static int check_organisation(struct ctx *cx, struct store *directory,
                              const struct token_wish *wish)
{
    struct str person;

    if (wish->organisation.n == 0)
        return 0;
    TRY(account_person(cx, directory, wish->account, wish->organisation, &person, NULL));
    return person.n > 0 ? 0
                        : fail(cx, RC_INVALID, "organisation",
                               _("The account takes part in no organisation \"%.*s\"."),
                               STR_ARG(wish->organisation));
}

static int check_room(struct ctx *cx, struct store *directory, struct str account)
{
    bool row;
    STMT(s);

    TRY(store_prepare(cx, directory,
                      STR("SELECT count(*) FROM api_token WHERE account = :account AND ends_at > "
                          ":now"),
                      &s));
    TRY(stmt_bind_text(cx, s, "account", account));
    TRY(stmt_bind_text(cx, s, "now", account_instant(cx, 0)));
    TRY(stmt_step(cx, s, &row));
    return row && stmt_int(s, 0) >= TOKENS_MOST
               ? fail(cx, RC_LIMIT, "name", _("There are %d tokens already: end some first."),
                      TOKENS_MOST)
               : 0;
}

static int forget_old(struct ctx *cx, struct store *directory, struct str account)
{
    static const char *const names[] = {"account", "until"};
    const struct str values[] = {account, account_instant(cx, -SHOWN_MS)};

    return account_run(cx, directory,
                       STR("DELETE FROM api_token WHERE account = :account AND ends_at <= :until"),
                       names, values, 2);
}

int token_make(struct ctx *cx, struct store *directory, const struct token_wish *wish,
               struct str *ret_id, struct str *ret_token)
{
    static const char *const names[] = {"token", "id",     "account", "organisation",
                                        "name",  "rights", "made_at", "ends_at"};
    struct str token = str_printf(cx->mem, PREFIX "%.*s", STR_ARG(account_token(cx))),
               id = record_id_new(cx);
    unsigned rights;

    TRY(check_wish(cx, wish, &rights));
    TRY(check_organisation(cx, directory, wish));
    const struct str values[] = {account_hash(cx->mem, token),
                                 id,
                                 wish->account,
                                 wish->organisation,
                                 wish->name,
                                 access_rights_text(cx->mem, rights),
                                 account_instant(cx, 0),
                                 account_instant(cx, wish->days * DAY_MS)};

    TX(tx, cx, directory);
    TRY(forget_old(cx, directory, wish->account));
    TRY(check_room(cx, directory, wish->account));
    TRY(account_run(cx, directory,
                    STR("INSERT INTO api_token (token, id, account, organisation, name, rights, "
                        "made_at, ends_at) VALUES (:token, :id, :account, :organisation, :name, "
                        ":rights, :made_at, :ends_at)"),
                    names, values, COUNT_OF(names)));
    TRY(tx_commit(cx, &tx));
    *ret_id = id;
    *ret_token = token;
    return 0;
}

/* ---- using ---- */

static int note_use(struct ctx *cx, struct store *directory, struct str id)
{
    static const char *const names[] = {"id", "now"};
    const struct str values[] = {id, account_instant(cx, 0)};

    return account_run(cx, directory, STR("UPDATE api_token SET used_at = :now WHERE id = :id"),
                       names, values, 2);
}

static int read_token(struct ctx *cx, struct store *directory, struct str token, bool *ret_row,
                      struct api_token *ret, struct str *ret_used)
{
    struct arena *mem = cx->mem;
    STMT(s);

    TRY(store_prepare(cx, directory,
                      STR("SELECT t.id, t.account, a.login, t.organisation, t.name, t.rights, "
                          "t.used_at, f.confirmed_at FROM api_token t JOIN account a ON a.id = "
                          "t.account LEFT JOIN factor f ON f.account = a.id WHERE t.token = "
                          ":token AND t.ends_at > :now AND a.ended_at IS NULL"),
                      &s));
    TRY(stmt_bind_text(cx, s, "token", account_hash(mem, token)));
    TRY(stmt_bind_text(cx, s, "now", account_instant(cx, 0)));
    TRY(stmt_step(cx, s, ret_row));
    if (!*ret_row)
        return 0;
    *ret = (struct api_token){.id = stmt_text(mem, s, 0),
                              .account = stmt_text(mem, s, 1),
                              .login = stmt_text(mem, s, 2),
                              .organisation = stmt_text(mem, s, 3),
                              .name = stmt_text(mem, s, 4),
                              .factor = stmt_text(mem, s, 7).n > 0};
    *ret_used = stmt_text(mem, s, 6);
    return access_rights_read(cx, stmt_text(mem, s, 5), &ret->rights);
}

int token_find(struct ctx *cx, struct store *directory, struct str token, struct api_token *ret)
{
    struct str used = STR_NONE;
    bool row = false;

    if (token_is(token))
        TRY(read_token(cx, directory, token, &row, ret, &used));
    if (!row)
        return fail(cx, RC_NOT_FOUND, "token", _("This token is none, or has ended."));
    if (str_cmp(used, account_instant(cx, -NOTE_MS)) < 0)
        return note_use(cx, directory, ret->id);
    return 0;
}

/* ---- listing and ending ---- */

int token_list(struct ctx *cx, struct store *directory, struct str account, struct value **ret)
{
    struct value *list = value_list(cx->mem);
    bool row;
    STMT(s);

    TRY(store_prepare(cx, directory,
                      STR("SELECT t.id, a.login, t.organisation, t.name, t.rights, t.made_at, "
                          "t.ends_at, t.used_at FROM api_token t JOIN account a ON a.id = "
                          "t.account WHERE (t.account = :account OR :account = '') AND t.ends_at "
                          "> :until ORDER BY a.login, t.made_at DESC, t.id"),
                      &s));
    TRY(stmt_bind_text(cx, s, "account", account));
    TRY(stmt_bind_text(cx, s, "until", account_instant(cx, -SHOWN_MS)));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        value_push(list, stmt_row(cx->mem, s));
    }
    *ret = list;
    return 0;
}

int token_end(struct ctx *cx, struct store *directory, struct str account, struct str id)
{
    bool row;
    STMT(s);

    TRY(store_prepare(cx, directory,
                      STR("DELETE FROM api_token WHERE id = :id AND (account = :account OR "
                          ":account = '') RETURNING id"),
                      &s));
    TRY(stmt_bind_text(cx, s, "id", id));
    TRY(stmt_bind_text(cx, s, "account", account));
    TRY(stmt_step(cx, s, &row));
    return row ? 0
               : fail(cx, RC_NOT_FOUND, "id", _("There is no token %.*s, or not any more."),
                      STR_ARG(id));
}

int token_end_member(struct ctx *cx, struct store *directory, struct str organisation,
                     struct str person)
{
    static const char *const names[] = {"organisation", "person"};
    const struct str values[] = {organisation, person};

    return account_run(cx, directory,
                       STR("DELETE FROM api_token WHERE organisation = :organisation AND account "
                           "IN (SELECT account FROM account_person WHERE organisation = "
                           ":organisation AND person = :person)"),
                       names, values, 2);
}
