/*
 * Talking to the server without ever waiting longer than the store's deadline: libpq is asked only
 * what it can do at once, and poll() waits in between.
 */
#include <errno.h>
#include <poll.h>

#include "store/postgres.h"

void pg_starts(struct pg *pg)
{
    pg->until = store_clock() + pg->store.deadline_ms;
}

int pg_lose(struct ctx *cx, struct pg *pg, const char *why)
{
    pg->lost = true;
    pg->store.cause = STORE_CAUSE_LOST;
    pg->store.broken = pg->store.depth ? 1 : 0;
    /* The socket goes, so that the server notices; libpq keeps the rest until PQfinish(). */
    if (pg->conn)
        PQfinish(pg->conn);
    pg->conn = NULL;
    if (pg->unsure)
        return fail(cx, RC_FAIL, NULL,
                    _("%.*s: %s; whether the last change was saved is not known"),
                    STR_ARG(pg->store.place), why);
    return fail(cx, RC_FAIL, NULL, "%.*s: %s", STR_ARG(pg->store.place), why);
}

int pg_check(struct ctx *cx, struct pg *pg)
{
    if (!pg->lost)
        return 0;
    pg->store.cause = STORE_CAUSE_LOST;
    return fail(cx, RC_FAIL, NULL, _("%.*s: the connection was lost before"),
                STR_ARG(pg->store.place));
}

static int broken_off(struct ctx *cx, struct pg *pg)
{
    return pg_lose(cx, pg, _("the connection was lost"));
}

/* Until the server can be read from, or written to where `events` says so. */
static int wait_for(struct ctx *cx, struct pg *pg, short events)
{
    for (;;) {
        struct pollfd at = {PQsocket(pg->conn), events, 0};
        int64_t left = pg->until - store_clock();
        int n = left > 0 ? poll(&at, 1, (int)left) : 0;

        if (n > 0)
            return 0;
        if (n == 0)
            return pg_lose(cx, pg, _("the database did not answer in time"));
        if (errno != EINTR)
            return broken_off(cx, pg);
    }
}

int pg_flush(struct ctx *cx, struct pg *pg)
{
    int n;

    while ((n = PQflush(pg->conn)) == 1) {
        TRY(wait_for(cx, pg, POLLIN | POLLOUT));
        /* The server may wait for us to read before it reads on. */
        if (!PQconsumeInput(pg->conn))
            return broken_off(cx, pg);
    }
    return n == 0 ? 0 : broken_off(cx, pg);
}

int pg_result(struct ctx *cx, struct pg *pg, PGresult **ret)
{
    while (PQisBusy(pg->conn)) {
        TRY(wait_for(cx, pg, POLLIN));
        if (!PQconsumeInput(pg->conn))
            break; /* what the server said before it hung up is a result */
    }
    *ret = PQgetResult(pg->conn);
    return 0;
}

static bool is_error(const PGresult *result)
{
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE:
    case PGRES_EMPTY_QUERY:
        return false;
    default:
        return true;
    }
}

static bool is_copy(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

int pg_finish(struct ctx *cx, struct pg *pg, const char *what, PGresult **ret)
{
    PGresult *result, *last = NULL;
    int rc = 0;

    for (;;) {
        int got = pg_result(cx, pg, &result);

        if (got < 0 || !result) {
            rc = got < 0 ? got : rc;
            break;
        }
        if (is_copy(result))
            rc = pg_lose(cx, pg, _("COPY is not for here"));
        else if (is_error(result) && rc == 0)
            rc = pg_fail(cx, pg, result, what);
        else
            pg_plans_age(pg, result);
        PQclear(last);
        last = result;
        if (pg->lost)
            break;
    }
    if (rc == 0)
        rc = pg_acknowledged(cx, pg);
    if (rc == 0 && ret)
        *ret = last;
    else
        PQclear(last);
    return rc;
}

int pg_query(struct ctx *cx, struct pg *pg, const char *what, const char *sql, PGresult **ret)
{
    TRY(pg_check(cx, pg));
    TRY(pg_make_way(cx, pg));
    pg_starts(pg);
    if (!PQsendQuery(pg->conn, sql))
        return broken_off(cx, pg);
    TRY(pg_flush(cx, pg));
    return pg_finish(cx, pg, what, ret);
}
