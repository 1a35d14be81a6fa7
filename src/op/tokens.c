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
    int64_t n;

    TRY(store_int(cx, directory,
                  "SELECT count(*) FROM api_token WHERE account = :account AND ends_at > :now", &n,
                  BIND("account", account), BIND("now", account_instant(cx, 0))));
    return n < TOKENS_MOST ? 0
                           : fail(cx, RC_LIMIT, "name",
                                  _("There are %d tokens already: end some first."), TOKENS_MOST);
}

static int forget_old(struct ctx *cx, struct store *directory, struct str account)
{
    return store_run(cx, directory,
                     "DELETE FROM api_token WHERE account = :account AND ends_at <= :until",
                     BIND("account", account), BIND("until", account_instant(cx, -SHOWN_MS)));
}

int token_make(struct ctx *cx, struct store *directory, const struct token_wish *wish,
               struct str *ret_id, struct str *ret_token)
{
    struct str token = str_printf(cx->mem, PREFIX "%.*s", STR_ARG(account_token(cx))),
               id = record_id_new(cx);
    unsigned rights;

    TRY(check_wish(cx, wish, &rights));
    TRY(check_organisation(cx, directory, wish));

    TX(tx, cx, directory);
    TRY(forget_old(cx, directory, wish->account));
    TRY(check_room(cx, directory, wish->account));
    TRY(store_run(cx, directory,
                  "INSERT INTO api_token (token, id, account, organisation, name, rights, "
                  "made_at, ends_at) VALUES (:token, :id, :account, :organisation, :name, "
                  ":rights, :made_at, :ends_at)",
                  BIND("token", account_hash(cx->mem, token)), BIND("id", id),
                  BIND("account", wish->account), BIND_OR_NULL("organisation", wish->organisation),
                  BIND("name", wish->name), BIND("rights", access_rights_text(cx->mem, rights)),
                  BIND("made_at", account_instant(cx, 0)),
                  BIND("ends_at", account_instant(cx, wish->days * DAY_MS))));
    TRY(tx_commit(cx, &tx));
    *ret_id = id;
    *ret_token = token;
    return 0;
}

/* ---- using ---- */

static int note_use(struct ctx *cx, struct store *directory, struct str id)
{
    return store_run(cx, directory, "UPDATE api_token SET used_at = :now WHERE id = :id",
                     BIND("id", id), BIND("now", account_instant(cx, 0)));
}

static int read_token(struct ctx *cx, struct store *directory, struct str token, bool *ret_row,
                      struct api_token *ret, struct str *ret_used)
{
    struct arena *mem = cx->mem;
    STMT(s);

    TRY(store_ask(cx, directory,
                  "SELECT t.id, t.account, a.login, t.organisation, t.name, t.rights, "
                  "t.used_at, f.confirmed_at FROM api_token t JOIN account a ON a.id = "
                  "t.account LEFT JOIN factor f ON f.account = a.id WHERE t.token = "
                  ":token AND t.ends_at > :now AND a.ended_at IS NULL",
                  &s, ret_row, BIND("token", account_hash(mem, token)),
                  BIND("now", account_instant(cx, 0))));
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
    return store_list(cx, directory,
                      "SELECT t.id, a.login, t.organisation, t.name, t.rights, t.made_at, "
                      "t.ends_at, t.used_at FROM api_token t JOIN account a ON a.id = "
                      "t.account WHERE (t.account = :account OR :account = '') AND t.ends_at "
                      "> :until ORDER BY a.login, t.made_at DESC, t.id",
                      ret, BIND("account", account), BIND("until", account_instant(cx, -SHOWN_MS)));
}

int token_end(struct ctx *cx, struct store *directory, struct str account, struct str id)
{
    bool row;

    TRY(store_has(cx, directory,
                  "DELETE FROM api_token WHERE id = :id AND (account = :account OR "
                  ":account = '') RETURNING id",
                  &row, BIND("id", id), BIND("account", account)));
    return row ? 0
               : fail(cx, RC_NOT_FOUND, "id", _("There is no token %.*s, or not any more."),
                      STR_ARG(id));
}

int token_end_member(struct ctx *cx, struct store *directory, struct str organisation,
                     struct str person)
{
    return store_run(cx, directory,
                     "DELETE FROM api_token WHERE organisation = :organisation AND account "
                     "IN (SELECT account FROM account_person WHERE organisation = "
                     ":organisation AND person = :person)",
                     BIND("organisation", organisation), BIND("person", person));
}
