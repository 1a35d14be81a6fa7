#include "op/jobs.h"

#include "op/account_parts.h"
#include "register/record.h"

#define COLUMNS                                                                                    \
    "id, account, organisation, person, role, kind, title, words, file, state, progress, said, "   \
    "made_at, begun_at, ended_at, via, rights, status"

static int read_job(struct ctx *cx, const struct stmt *s, struct job *ret)
{
    struct arena *mem = cx->mem;
    struct value *words;

    TRY(json_parse(cx, "job", stmt_text(mem, s, 7), &words));
    *ret = (struct job){.id = stmt_text(mem, s, 0),
                        .account = stmt_text(mem, s, 1),
                        .organisation = stmt_text(mem, s, 2),
                        .person = stmt_text(mem, s, 3),
                        .role = stmt_text(mem, s, 4),
                        .kind = stmt_text(mem, s, 5),
                        .title = stmt_text(mem, s, 6),
                        .words = words,
                        .file = stmt_text(mem, s, 8),
                        .state = stmt_text(mem, s, 9),
                        .progress = stmt_text(mem, s, 10),
                        .said = stmt_text(mem, s, 11),
                        .made_at = stmt_text(mem, s, 12),
                        .begun_at = stmt_text(mem, s, 13),
                        .ended_at = stmt_text(mem, s, 14),
                        .via = stmt_text(mem, s, 15),
                        .rights = stmt_text(mem, s, 16),
                        .status = stmt_int(s, 17)};
    return 0;
}

static int check_waiting(struct ctx *cx, struct store *directory, struct str account)
{
    int64_t n;

    TRY(store_int(cx, directory,
                  "SELECT count(*) FROM job WHERE account = :account AND state IN "
                  "('waiting', 'running')",
                  &n, BIND("account", account)));
    if (n < JOBS_WAITING)
        return 0;
    return fail(cx, RC_LIMIT, NULL,
                _("Too much that you asked for is waiting already: let some of "
                  "it end first."));
}

int job_add(struct ctx *cx, struct store *directory, struct job *job)
{
    struct buf words = buf_new(cx->mem);

    value_json(&words, job->words, 0);
    job->id = job->id.n > 0 ? job->id : record_id_new(cx);
    job->state = STR("waiting");
    job->made_at = account_instant(cx, 0);

    TX(tx, cx, directory);
    TRY(check_waiting(cx, directory, job->account));
    TRY(store_run(cx, directory,
                  "INSERT INTO job (id, account, organisation, person, role, kind, title, "
                  "words, file, state, made_at, via, rights) VALUES (:id, :account, "
                  ":organisation, :person, :role, :kind, :title, :words, :file, 'waiting', "
                  ":made_at, :via, :rights)",
                  BIND("id", job->id), BIND("account", job->account),
                  BIND("organisation", job->organisation), BIND("person", job->person),
                  BIND("role", job->role), BIND("kind", job->kind), BIND("title", job->title),
                  BIND("words", buf_str(&words)), BIND_OR_NULL("file", job->file),
                  BIND("made_at", job->made_at), BIND_OR_NULL("via", job->via),
                  BIND_OR_NULL("rights", job->rights)));
    return tx_commit(cx, &tx);
}

int job_find(struct ctx *cx, struct store *directory, struct str account, struct str organisation,
             struct str id, struct job *ret)
{
    bool row;
    STMT(s);

    TRY(store_ask(cx, directory,
                  "SELECT " COLUMNS " FROM job WHERE id = :id AND account = :account AND "
                  "organisation = :organisation",
                  &s, &row, BIND("id", id), BIND("account", account),
                  BIND("organisation", organisation)));
    if (row)
        return read_job(cx, s, ret);
    return fail(cx, RC_NOT_FOUND, "job",
                _("There is nothing of this name that you asked for, or not any more."));
}

int job_list(struct ctx *cx, struct store *directory, struct str account, struct str organisation,
             job_each *each, void *arg)
{
    struct job job;
    bool row;
    STMT(s);

    TRY(store_query(cx, directory,
                    "SELECT " COLUMNS " FROM job WHERE account = :account AND organisation "
                    "= :organisation ORDER BY made_at DESC, id LIMIT 50",
                    &s, BIND("account", account), BIND("organisation", organisation)));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        TRY(read_job(cx, s, &job));
        TRY(each(arg, cx, &job));
    }
}

int job_cancel(struct ctx *cx, struct store *directory, struct str account, struct str id)
{
    return store_run(cx, directory,
                     "UPDATE job SET state = 'cancelled', ended_at = :now WHERE id = :id AND "
                     "account = :account AND state IN ('waiting', 'running')",
                     BIND("account", account), BIND("id", id), BIND("now", account_instant(cx, 0)));
}

int job_claim(struct ctx *cx, struct store *directory, struct job *job, bool *ret)
{
    STMT(s);

    TRY(store_ask(
        cx, directory,
        "UPDATE job SET state = 'running', leased_until = :until, progress = NULL, begun_at = "
        "coalesce(begun_at, :now) WHERE id = (SELECT id FROM job WHERE state = 'waiting' OR "
        "(state = 'running' AND leased_until <= :now) ORDER BY made_at, id LIMIT 1) AND (state "
        "= 'waiting' OR leased_until <= :now) RETURNING " COLUMNS,
        &s, ret, BIND("until", account_instant(cx, JOB_LEASE_MS)),
        BIND("now", account_instant(cx, 0))));
    return *ret ? read_job(cx, s, job) : 0;
}

int job_note(struct ctx *cx, struct store *directory, struct str id, struct str progress,
             bool *ret_go_on)
{
    return store_has(cx, directory,
                     "UPDATE job SET progress = :progress, leased_until = :until WHERE id = "
                     ":id AND state = 'running' RETURNING id",
                     ret_go_on, BIND_OR_NULL("progress", progress),
                     BIND("until", account_instant(cx, JOB_LEASE_MS)), BIND("id", id));
}

int job_done(struct ctx *cx, struct store *directory, struct str id)
{
    return store_run(cx, directory,
                     "UPDATE job SET state = 'done', progress = NULL, ended_at = :now "
                     "WHERE id = :id AND state = 'running'",
                     BIND("id", id), BIND("now", account_instant(cx, 0)));
}

int job_failed(struct ctx *cx, struct store *directory, struct str id, int64_t status,
               struct str said)
{
    return store_run(cx, directory,
                     "UPDATE job SET state = 'failed', said = :said, status = :status, "
                     "progress = NULL, ended_at = :now WHERE id = :id AND state = 'running'",
                     BIND("id", id), BIND_OR_NULL("said", said), BIND("status", status),
                     BIND("now", account_instant(cx, 0)));
}

int job_release(struct ctx *cx, struct store *directory, struct str id)
{
    return store_run(cx, directory,
                     "UPDATE job SET state = 'waiting', leased_until = NULL, progress = NULL "
                     "WHERE id = :id AND state = 'running'",
                     BIND("id", id));
}

int job_forget(struct ctx *cx, struct store *directory, struct value **ret)
{
    struct value *list = value_list(cx->mem);
    bool row;
    STMT(s);

    TRY(store_query(cx, directory, "DELETE FROM job WHERE ended_at <= :old RETURNING id", &s,
                    BIND("old", account_instant(cx, -JOB_KEPT_MS))));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        value_push(list, value_text(cx->mem, stmt_text(cx->mem, s, 0)));
    }
    *ret = list;
    return 0;
}
