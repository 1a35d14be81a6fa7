#include "op/outbox.h"

#include "op/account_parts.h"
#include "op/message.h"
#include "register/record.h"

#define COLUMNS                                                                                    \
    "id, kind, organisation, person, account, address, name, facts, asked_by, state, tries, "      \
    "made_at, next_at, ended_at, said"

static int read_letter(struct ctx *cx, const struct stmt *s, struct letter *ret)
{
    struct arena *mem = cx->mem;
    struct value *facts;

    TRY(json_parse(cx, "mail", stmt_text(mem, s, 7), &facts));
    *ret = (struct letter){.id = stmt_text(mem, s, 0),
                           .kind = stmt_text(mem, s, 1),
                           .organisation = stmt_text(mem, s, 2),
                           .person = stmt_text(mem, s, 3),
                           .account = stmt_text(mem, s, 4),
                           .address = stmt_text(mem, s, 5),
                           .name = stmt_text(mem, s, 6),
                           .facts = facts,
                           .asked_by = stmt_text(mem, s, 8),
                           .state = stmt_text(mem, s, 9),
                           .tries = stmt_int(s, 10),
                           .made_at = stmt_text(mem, s, 11),
                           .next_at = stmt_text(mem, s, 12),
                           .ended_at = stmt_text(mem, s, 13),
                           .said = stmt_text(mem, s, 14)};
    return 0;
}

/* ---- adding ---- */

static int drop_waiting(struct ctx *cx, struct store *directory, const struct letter *letter)
{
    return store_run(cx, directory,
                     "DELETE FROM outbox WHERE kind = :kind AND state IN ('waiting', "
                     "'failed', 'unsure') AND coalesce(organisation, '') = "
                     "coalesce(:organisation, '') AND coalesce(person, '') = "
                     "coalesce(:person, '') AND coalesce(account, '') = "
                     "coalesce(:account, '')",
                     BIND("kind", letter->kind), BIND("organisation", letter->organisation),
                     BIND("person", letter->person), BIND("account", letter->account));
}

int outbox_add(struct ctx *cx, struct store *directory, struct letter *letter)
{
    int64_t lasts = letter->lasts_ms > 0 ? letter->lasts_ms : OUTBOX_UNTIL_MS;
    struct buf facts = buf_new(cx->mem);

    TRY(message_check_address(cx, "address", letter->address));
    value_json(&facts, letter->facts, 0);
    letter->id = record_id_new(cx);
    letter->state = STR("waiting");
    letter->made_at = account_instant(cx, 0);
    TX(tx, cx, directory);
    TRY(drop_waiting(cx, directory, letter));
    TRY(store_run(
        cx, directory,
        "INSERT INTO outbox (id, kind, organisation, person, account, address, name, facts, "
        "asked_by, state, tries, made_at, next_at, until_at) VALUES (:id, :kind, "
        ":organisation, :person, :account, :address, :name, :facts, :asked_by, 'waiting', 0, "
        ":now, :now, :until)",
        BIND("id", letter->id), BIND("kind", letter->kind),
        BIND_OR_NULL("organisation", letter->organisation), BIND_OR_NULL("person", letter->person),
        BIND_OR_NULL("account", letter->account), BIND("address", letter->address),
        BIND("name", letter->name), BIND("facts", buf_str(&facts)),
        BIND("asked_by", letter->asked_by), BIND("now", letter->made_at),
        BIND("until", account_instant(cx, lasts))));
    return tx_commit(cx, &tx);
}

/* ---- sending ---- */

/* Whoever had it was ended: what was handed over may have arrived, what was not has not. */
static int release(struct ctx *cx, struct store *directory)
{
    TRY(store_run(
        cx, directory,
        "UPDATE outbox SET state = 'unsure', ended_at = :now, said = :said, "
        "leased_until = NULL WHERE state = 'handed' AND leased_until <= :now",
        BIND("now", account_instant(cx, 0)),
        BIND("said", str_of(_("Assay was ended while it was handed over: it may have arrived.")))));
    return store_run(cx, directory,
                     "UPDATE outbox SET state = 'waiting', leased_until = NULL "
                     "WHERE state = 'taken' AND leased_until <= :now",
                     BIND("now", account_instant(cx, 0)));
}

/* What nobody waits for any more. */
static int expire(struct ctx *cx, struct store *directory)
{
    return store_run(cx, directory,
                     "UPDATE outbox SET state = 'failed', ended_at = :now, said = "
                     "coalesce(said, :said) WHERE state = 'waiting' AND until_at <= :now",
                     BIND("now", account_instant(cx, 0)),
                     BIND("said", str_of(_("No server could be asked in time."))));
}

int outbox_due(struct ctx *cx, struct store *directory, bool *ret)
{
    return store_has(cx, directory,
                     "SELECT 1 FROM outbox WHERE (state = 'waiting' AND next_at <= :now) OR "
                     "(state IN ('taken', 'handed') AND leased_until <= :now) LIMIT 1",
                     ret, BIND("now", account_instant(cx, 0)));
}

int outbox_take(struct ctx *cx, struct store *directory, bool early, struct letter *ret,
                bool *ret_any)
{
    STMT(s);

    TRY(release(cx, directory));
    TRY(expire(cx, directory));
    TRY(store_ask(
        cx, directory,
        "UPDATE outbox SET state = 'taken', leased_until = :until, tries = tries + 1 WHERE id "
        "= (SELECT id FROM outbox WHERE state = 'waiting' AND next_at <= :by ORDER BY next_at, "
        "id LIMIT 1) AND state = 'waiting' RETURNING " COLUMNS,
        &s, ret_any, BIND("until", account_instant(cx, OUTBOX_LEASE_MS)),
        BIND("by", account_instant(cx, early ? OUTBOX_UNTIL_MS : 0))));
    return *ret_any ? read_letter(cx, s, ret) : 0;
}

int outbox_handed(struct ctx *cx, struct store *directory, struct str id)
{
    bool row;

    TRY(store_has(cx, directory,
                  "UPDATE outbox SET state = 'handed', leased_until = :until "
                  "WHERE id = :id AND state = 'taken' RETURNING id",
                  &row, BIND("id", id), BIND("until", account_instant(cx, OUTBOX_LEASE_MS))));
    return row ? 0
               : fail(cx, RC_CONFLICT, NULL,
                      _("Somebody else sends this mail already, or took it away."));
}

/* One that is sent, failed or unsure. What it was about is nobody's business any more once it is
 * sent. */
static int end_as(struct ctx *cx, struct store *directory, struct str id, const char *state,
                  struct str said)
{
    return store_run(cx, directory,
                     "UPDATE outbox SET state = :state, said = :said, ended_at = :now, "
                     "leased_until = NULL WHERE id = :id AND state IN ('taken', 'handed')",
                     BIND("id", id), BIND("state", str_of(state)), BIND_OR_NULL("said", said),
                     BIND("now", account_instant(cx, 0)));
}

static int64_t pause_ms(int64_t tries)
{
    static const int64_t minutes[] = {1, 5, 15, 60, 180};
    int64_t n = tries < 1 ? 0 : tries - 1;

    return minutes[n < (int64_t)COUNT_OF(minutes) ? n : (int64_t)COUNT_OF(minutes) - 1] * 60 * 1000;
}

static int wait_longer(struct ctx *cx, struct store *directory, struct str id, struct str said)
{
    int64_t tries;

    TRY(store_int(cx, directory, "SELECT tries FROM outbox WHERE id = :id", &tries,
                  BIND("id", id)));
    return store_run(cx, directory,
                     "UPDATE outbox SET state = 'waiting', said = :said, next_at = :next, "
                     "leased_until = NULL WHERE id = :id AND state IN ('taken', 'handed')",
                     BIND("id", id), BIND_OR_NULL("said", said),
                     BIND("next", account_instant(cx, pause_ms(tries))));
}

int outbox_end(struct ctx *cx, struct store *directory, struct str id, const struct mailed *mailed)
{
    static const char *const states[] = {
        [MAIL_SENT] = "sent", [MAIL_REFUSED] = "failed", [MAIL_UNSURE] = "unsure"};

    if (mailed->outcome == MAIL_LATER)
        return wait_longer(cx, directory, id, mailed->said);
    return end_as(cx, directory, id, states[mailed->outcome], mailed->said);
}

int outbox_give_up(struct ctx *cx, struct store *directory, struct str id, struct str said)
{
    return end_as(cx, directory, id, "failed", said);
}

/* ---- looking at it ---- */

int outbox_list(struct ctx *cx, struct store *directory, struct str organisation, letter_each *each,
                void *arg)
{
    struct letter letter;
    bool row;
    STMT(s);

    TRY(store_query(cx, directory,
                    "SELECT " COLUMNS " FROM outbox WHERE organisation = :organisation OR "
                    "CAST(:organisation AS TEXT) IS NULL ORDER BY made_at DESC, id "
                    "LIMIT 500",
                    &s, BIND_OR_NULL("organisation", organisation)));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        TRY(read_letter(cx, s, &letter));
        TRY(each(arg, cx, &letter));
    }
}

int outbox_lately(struct ctx *cx, struct store *directory, struct str organisation, struct str kind,
                  int64_t ms, struct value **ret)
{
    bool row;
    STMT(s);

    *ret = value_map(cx->mem);
    TRY(store_query(cx, directory,
                    "SELECT DISTINCT person FROM outbox WHERE organisation = :organisation "
                    "AND kind = :kind AND made_at > :since AND state IN ('taken', 'handed', "
                    "'sent') AND person IS NOT NULL",
                    &s, BIND("organisation", organisation), BIND("kind", kind),
                    BIND("since", account_instant(cx, -ms))));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        value_set_bool(*ret, str_z(cx->mem, stmt_text(cx->mem, s, 0)), true);
    }
}

/* By its id, or by the end of it that people are shown. */
#define NAMED "(id = :id OR substr(id, length(id) - 7) = :id)"
#define THEIRS "(organisation = :organisation OR CAST(:organisation AS TEXT) IS NULL)"

static int one_of_them(struct ctx *cx, bool row)
{
    return row ? 0
               : fail(cx, RC_NOT_FOUND, "mail",
                      _("There is no such mail any more, or it is just being sent."));
}

int outbox_again(struct ctx *cx, struct store *directory, struct str organisation, struct str id)
{
    bool row;

    TRY(store_has(cx, directory,
                  "UPDATE outbox SET state = 'waiting', tries = 0, next_at = :now, "
                  "until_at = :until, ended_at = NULL WHERE " NAMED " AND state IN "
                  "('waiting', 'failed', 'unsure') AND " THEIRS " RETURNING id",
                  &row, BIND("id", id), BIND_OR_NULL("organisation", organisation),
                  BIND("now", account_instant(cx, 0)),
                  BIND("until", account_instant(cx, OUTBOX_UNTIL_MS))));
    return one_of_them(cx, row);
}

int outbox_drop(struct ctx *cx, struct store *directory, struct str organisation, struct str id)
{
    bool row;

    TRY(store_has(cx, directory,
                  "DELETE FROM outbox WHERE " NAMED " AND state IN ('waiting', 'failed', "
                  "'unsure', 'sent') AND " THEIRS " RETURNING id",
                  &row, BIND("id", id), BIND_OR_NULL("organisation", organisation)));
    return one_of_them(cx, row);
}

int outbox_forget(struct ctx *cx, struct store *directory)
{
    return store_run(cx, directory,
                     "DELETE FROM outbox WHERE (state = 'sent' AND ended_at <= :sent) OR "
                     "ended_at <= :kept",
                     BIND("sent", account_instant(cx, -OUTBOX_SENT_MS)),
                     BIND("kept", account_instant(cx, -OUTBOX_KEPT_MS)));
}
