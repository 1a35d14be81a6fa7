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
    static const char *const names[] = {"kind", "organisation", "person", "account"};
    const struct str values[] = {letter->kind, letter->organisation, letter->person,
                                 letter->account};

    return account_run(cx, directory,
                       STR("DELETE FROM outbox WHERE kind = :kind AND state IN ('waiting', "
                           "'failed', 'unsure') AND coalesce(organisation, '') = "
                           "coalesce(:organisation, '') AND coalesce(person, '') = "
                           "coalesce(:person, '') AND coalesce(account, '') = "
                           "coalesce(:account, '')"),
                       names, values, COUNT_OF(names));
}

int outbox_add(struct ctx *cx, struct store *directory, struct letter *letter)
{
    int64_t lasts = letter->lasts_ms > 0 ? letter->lasts_ms : OUTBOX_UNTIL_MS;
    struct buf facts = buf_new(cx->mem);
    STMT(s);

    TRY(message_check_address(cx, "address", letter->address));
    value_json(&facts, letter->facts, 0);
    letter->id = record_id_new(cx);
    letter->state = STR("waiting");
    letter->made_at = account_instant(cx, 0);
    TX(tx, cx, directory);
    TRY(drop_waiting(cx, directory, letter));
    TRY(store_prepare(
        cx, directory,
        STR("INSERT INTO outbox (id, kind, organisation, person, account, address, name, facts, "
            "asked_by, state, tries, made_at, next_at, until_at) VALUES (:id, :kind, "
            ":organisation, :person, :account, :address, :name, :facts, :asked_by, 'waiting', 0, "
            ":now, :now, :until)"),
        &s));
    TRY(stmt_bind_text(cx, s, "id", letter->id));
    TRY(stmt_bind_text(cx, s, "kind", letter->kind));
    TRY(stmt_bind_text_or_null(cx, s, "organisation", letter->organisation));
    TRY(stmt_bind_text_or_null(cx, s, "person", letter->person));
    TRY(stmt_bind_text_or_null(cx, s, "account", letter->account));
    TRY(stmt_bind_text(cx, s, "address", letter->address));
    TRY(stmt_bind_text(cx, s, "name", letter->name));
    TRY(stmt_bind_text(cx, s, "facts", buf_str(&facts)));
    TRY(stmt_bind_text(cx, s, "asked_by", letter->asked_by));
    TRY(stmt_bind_text(cx, s, "now", letter->made_at));
    TRY(stmt_bind_text(cx, s, "until", account_instant(cx, lasts)));
    TRY(stmt_run(cx, s));
    return tx_commit(cx, &tx);
}

/* ---- sending ---- */

/* Whoever had it was ended: what was handed over may have arrived, what was not has not. */
static int release(struct ctx *cx, struct store *directory)
{
    static const char *const names[] = {"now", "said"};
    const struct str values[] = {
        account_instant(cx, 0),
        str_of(_("Assay was ended while it was handed over: it may have arrived."))};

    TRY(account_run(cx, directory,
                    STR("UPDATE outbox SET state = 'unsure', ended_at = :now, said = :said, "
                        "leased_until = NULL WHERE state = 'handed' AND leased_until <= :now"),
                    names, values, 2));
    return account_run(cx, directory,
                       STR("UPDATE outbox SET state = 'waiting', leased_until = NULL "
                           "WHERE state = 'taken' AND leased_until <= :now"),
                       names, values, 1);
}

/* What nobody waits for any more. */
static int expire(struct ctx *cx, struct store *directory)
{
    static const char *const names[] = {"now", "said"};
    const struct str values[] = {account_instant(cx, 0),
                                 str_of(_("No server could be asked in time."))};

    return account_run(cx, directory,
                       STR("UPDATE outbox SET state = 'failed', ended_at = :now, said = "
                           "coalesce(said, :said) WHERE state = 'waiting' AND until_at <= :now"),
                       names, values, 2);
}

int outbox_due(struct ctx *cx, struct store *directory, bool *ret)
{
    STMT(s);

    TRY(store_prepare(cx, directory,
                      STR("SELECT 1 FROM outbox WHERE (state = 'waiting' AND next_at <= :now) OR "
                          "(state IN ('taken', 'handed') AND leased_until <= :now) LIMIT 1"),
                      &s));
    TRY(stmt_bind_text(cx, s, "now", account_instant(cx, 0)));
    return stmt_step(cx, s, ret);
}

int outbox_take(struct ctx *cx, struct store *directory, bool early, struct letter *ret,
                bool *ret_any)
{
    STMT(s);

    TRY(release(cx, directory));
    TRY(expire(cx, directory));
    TRY(store_prepare(
        cx, directory,
        STR("UPDATE outbox SET state = 'taken', leased_until = :until, tries = tries + 1 WHERE id "
            "= (SELECT id FROM outbox WHERE state = 'waiting' AND next_at <= :by ORDER BY next_at, "
            "id LIMIT 1) AND state = 'waiting' RETURNING " COLUMNS),
        &s));
    TRY(stmt_bind_text(cx, s, "until", account_instant(cx, OUTBOX_LEASE_MS)));
    TRY(stmt_bind_text(cx, s, "by", account_instant(cx, early ? OUTBOX_UNTIL_MS : 0)));
    TRY(stmt_step(cx, s, ret_any));
    return *ret_any ? read_letter(cx, s, ret) : 0;
}

int outbox_handed(struct ctx *cx, struct store *directory, struct str id)
{
    bool row;
    STMT(s);

    TRY(store_prepare(cx, directory,
                      STR("UPDATE outbox SET state = 'handed', leased_until = :until "
                          "WHERE id = :id AND state = 'taken' RETURNING id"),
                      &s));
    TRY(stmt_bind_text(cx, s, "id", id));
    TRY(stmt_bind_text(cx, s, "until", account_instant(cx, OUTBOX_LEASE_MS)));
    TRY(stmt_step(cx, s, &row));
    return row ? 0
               : fail(cx, RC_CONFLICT, NULL,
                      _("Somebody else sends this mail already, or took it away."));
}

/* One that is sent, failed or unsure. What it was about is nobody's business any more once it is
 * sent. */
static int end_as(struct ctx *cx, struct store *directory, struct str id, const char *state,
                  struct str said)
{
    static const char *const names[] = {"id", "state", "said", "now"};
    const struct str values[] = {id, str_of(state), said, account_instant(cx, 0)};

    return account_run(cx, directory,
                       STR("UPDATE outbox SET state = :state, said = :said, ended_at = :now, "
                           "leased_until = NULL WHERE id = :id AND state IN ('taken', 'handed')"),
                       names, values, COUNT_OF(names));
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
    {
        bool row;
        STMT(s);
        TRY(store_prepare(cx, directory, STR("SELECT tries FROM outbox WHERE id = :id"), &s));
        TRY(stmt_bind_text(cx, s, "id", id));
        TRY(stmt_step(cx, s, &row));
        tries = row ? stmt_int(s, 0) : 1;
    }
    static const char *const names[] = {"id", "said", "next"};
    const struct str values[] = {id, said, account_instant(cx, pause_ms(tries))};

    return account_run(cx, directory,
                       STR("UPDATE outbox SET state = 'waiting', said = :said, next_at = :next, "
                           "leased_until = NULL WHERE id = :id AND state IN ('taken', 'handed')"),
                       names, values, COUNT_OF(names));
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

    TRY(store_prepare(cx, directory,
                      STR("SELECT " COLUMNS " FROM outbox WHERE organisation = :organisation OR "
                          "CAST(:organisation AS TEXT) IS NULL ORDER BY made_at DESC, id "
                          "LIMIT 500"),
                      &s));
    TRY(stmt_bind_text_or_null(cx, s, "organisation", organisation));
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
    TRY(store_prepare(cx, directory,
                      STR("SELECT DISTINCT person FROM outbox WHERE organisation = :organisation "
                          "AND kind = :kind AND made_at > :since AND state IN ('taken', 'handed', "
                          "'sent') AND person IS NOT NULL"),
                      &s));
    TRY(stmt_bind_text(cx, s, "organisation", organisation));
    TRY(stmt_bind_text(cx, s, "kind", kind));
    TRY(stmt_bind_text(cx, s, "since", account_instant(cx, -ms)));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        value_set_bool(*ret, str_z(cx->mem, stmt_text(cx->mem, s, 0)), true);
    }
}

/* By its id, or by the end of it that people are shown. */
#define NAMED "(id = :id OR substr(id, length(id) - 7) = :id)"

/* A statement about one row, which gives its id. */
static int change_one(struct ctx *cx, struct store *directory, struct str sql,
                      struct str organisation, struct str id, const char *const *names,
                      const struct str *values, size_t n)
{
    bool row;
    STMT(s);

    TRY(store_prepare(cx, directory, sql, &s));
    TRY(stmt_bind_text(cx, s, "id", id));
    TRY(stmt_bind_text_or_null(cx, s, "organisation", organisation));
    for (size_t i = 0; i < n; i++)
        TRY(stmt_bind_text(cx, s, names[i], values[i]));
    TRY(stmt_step(cx, s, &row));
    return row ? 0
               : fail(cx, RC_NOT_FOUND, "mail",
                      _("There is no such mail any more, or it is just being sent."));
}

int outbox_again(struct ctx *cx, struct store *directory, struct str organisation, struct str id)
{
    static const char *const names[] = {"now", "until"};
    const struct str values[] = {account_instant(cx, 0), account_instant(cx, OUTBOX_UNTIL_MS)};

    return change_one(cx, directory,
                      STR("UPDATE outbox SET state = 'waiting', tries = 0, next_at = :now, "
                          "until_at = :until, ended_at = NULL WHERE " NAMED " AND state IN "
                          "('waiting', 'failed', 'unsure') AND (organisation = :organisation OR "
                          "CAST(:organisation AS TEXT) IS NULL) RETURNING id"),
                      organisation, id, names, values, COUNT_OF(names));
}

int outbox_drop(struct ctx *cx, struct store *directory, struct str organisation, struct str id)
{
    return change_one(cx, directory,
                      STR("DELETE FROM outbox WHERE " NAMED " AND state IN ('waiting', 'failed', "
                          "'unsure', 'sent') AND (organisation = :organisation OR "
                          "CAST(:organisation AS TEXT) IS NULL) RETURNING id"),
                      organisation, id, NULL, NULL, 0);
}

int outbox_forget(struct ctx *cx, struct store *directory)
{
    static const char *const names[] = {"sent", "kept"};
    const struct str values[] = {account_instant(cx, -OUTBOX_SENT_MS),
                                 account_instant(cx, -OUTBOX_KEPT_MS)};

    return account_run(cx, directory,
                       STR("DELETE FROM outbox WHERE (state = 'sent' AND ended_at <= :sent) OR "
                           "ended_at <= :kept"),
                       names, values, COUNT_OF(names));
}
