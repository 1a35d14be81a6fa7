/* The links by which people act without an account. */
#include "op/account_parts.h"
#include "op/own.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

int own_link_make(struct ctx *cx, struct store *directory, struct str organisation,
                  struct str person, struct str asked_by, int64_t days, struct str *ret_token,
                  struct str *ret_ends_at)
{
    struct str token = account_token(cx), now = account_instant(cx, 0);

    *ret_ends_at = account_instant(cx, days * DAY_MS);

    TX(tx, cx, directory);
    TRY(store_run(cx, directory, "DELETE FROM own_link WHERE ends_at <= :now", BIND("now", now)));
    TRY(store_run(cx, directory,
                  "INSERT INTO own_link (token, organisation, person, asked_by, made_at, "
                  "ends_at) VALUES (:token, :organisation, :person, :asked_by, :made_at, "
                  ":ends_at)",
                  BIND("token", account_hash(cx->mem, token)), BIND("organisation", organisation),
                  BIND("person", person), BIND("asked_by", asked_by.n > 0 ? asked_by : STR("-")),
                  BIND("made_at", now), BIND("ends_at", *ret_ends_at)));
    TRY(tx_commit(cx, &tx));
    *ret_token = token;
    return 0;
}

int own_link_find(struct ctx *cx, struct store *directory, struct str token, struct own_link *ret)
{
    bool row;
    STMT(s);

    TRY(account_by_token(cx, directory,
                         "UPDATE own_link SET seen_at = :then WHERE token = :token AND ends_at > "
                         ":then RETURNING organisation, person, ends_at",
                         token, 0, &s, &row));
    if (!row)
        return fail(cx, RC_NOT_FOUND, "link",
                    _("This link works no more: it was taken back, or is too old. Whoever sent it "
                      "can send another."));
    *ret = (struct own_link){stmt_text(cx->mem, s, 0), stmt_text(cx->mem, s, 1),
                             stmt_text(cx->mem, s, 2)};
    return 0;
}

int own_link_list(struct ctx *cx, struct store *directory, struct str organisation,
                  struct value **ret)
{
    struct value *map = value_map(cx->mem);
    bool row;
    STMT(s);

    TRY(store_query(cx, directory,
                    "SELECT person, max(ends_at), max(seen_at) FROM own_link WHERE "
                    "organisation = :organisation AND ends_at > :now GROUP BY person",
                    &s, BIND("organisation", organisation), BIND("now", account_instant(cx, 0))));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        struct value *one = value_map(cx->mem);
        value_set_text(one, "ends_at", stmt_text(cx->mem, s, 1));
        value_set_text(one, "seen_at", stmt_text(cx->mem, s, 2));
        value_set(map, str_z(cx->mem, stmt_text(cx->mem, s, 0)), one);
    }
    *ret = map;
    return 0;
}

int own_link_revoke(struct ctx *cx, struct store *directory, struct str organisation,
                    struct str person)
{
    TX(tx, cx, directory);
    TRY(store_run(cx, directory,
                  "DELETE FROM outbox WHERE organisation = :organisation AND person = "
                  ":person AND kind = 'own' AND state IN ('waiting', 'failed', 'unsure')",
                  BIND("organisation", organisation), BIND("person", person)));
    TRY(store_run(cx, directory,
                  "DELETE FROM own_link WHERE organisation = :organisation AND person = "
                  ":person",
                  BIND("organisation", organisation), BIND("person", person)));
    return tx_commit(cx, &tx);
}
