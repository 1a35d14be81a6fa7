/* What PostgreSQL says, in the words of store.h. */
#include "store/postgres.h"

/* The longest beginning of an SQLSTATE that fits decides; see the manual's appendix A. */
static const struct {
    const char *state;
    enum rc rc;
    enum store_cause cause;
} STATES[] = {
    {"08", RC_FAIL, STORE_CAUSE_LOST},
    {"0A", RC_INVALID, STORE_CAUSE_OTHER},
    {"0A000", RC_INVALID, STORE_CAUSE_OTHER},
    {"22", RC_INVALID, STORE_CAUSE_OTHER},
    {"23", RC_CONFLICT, STORE_CAUSE_OTHER},
    {"23502", RC_CONFLICT, STORE_CAUSE_NOT_NULL},
    {"23503", RC_CONFLICT, STORE_CAUSE_FOREIGN_KEY},
    {"23505", RC_CONFLICT, STORE_CAUSE_UNIQUE},
    {"23514", RC_CONFLICT, STORE_CAUSE_CHECK},
    {"25006", RC_DENIED, STORE_CAUSE_OTHER},
    {"25P02", RC_CONFLICT, STORE_CAUSE_OTHER},
    {"25P03", RC_FAIL, STORE_CAUSE_LOST},
    {"3D", RC_NOT_FOUND, STORE_CAUSE_OTHER},
    {"3F", RC_NOT_FOUND, STORE_CAUSE_OTHER},
    {"40", RC_CONFLICT, STORE_CAUSE_RETRY},
    {"42", RC_INVALID, STORE_CAUSE_OTHER},
    {"42501", RC_DENIED, STORE_CAUSE_OTHER},
    {"53", RC_LIMIT, STORE_CAUSE_OTHER},
    {"53100", RC_FAIL, STORE_CAUSE_FULL},
    {"54", RC_LIMIT, STORE_CAUSE_OTHER},
    {"55P03", RC_CONFLICT, STORE_CAUSE_RETRY},
    {"57014", RC_LIMIT, STORE_CAUSE_OTHER},
    {"57P", RC_FAIL, STORE_CAUSE_LOST},
};

static const char *field(const PGresult *result, int which)
{
    const char *p = PQresultErrorField(result, which);

    return p ? p : "";
}

static void kind_of(const char *state, enum rc *rc, enum store_cause *cause)
{
    size_t best = 0;

    *rc = RC_FAIL;
    *cause = STORE_CAUSE_OTHER;
    for (size_t i = 0; i < COUNT_OF(STATES); i++) {
        size_t n = strlen(STATES[i].state);

        if (n > best && strncmp(state, STATES[i].state, n) == 0) {
            best = n;
            *rc = STATES[i].rc;
            *cause = STATES[i].cause;
        }
    }
}

/* The detail is left out: it repeats values, which may be about people. */
int pg_fail(struct ctx *cx, struct pg *pg, const PGresult *result, const char *what)
{
    const char *state = field(result, PG_DIAG_SQLSTATE);
    const char *why = field(result, PG_DIAG_MESSAGE_PRIMARY);
    enum store_cause cause;
    enum rc rc;

    if (!*state || PQstatus(pg->conn) == CONNECTION_BAD)
        return pg_lose(cx, pg, *why ? why : _("the connection was lost"));
    kind_of(state, &rc, &cause);
    if (cause == STORE_CAUSE_LOST)
        return pg_lose(cx, pg, why);
    if (strcmp(state, "55P03") == 0)
        why = _("another program has been writing to it for too long; try again");
    return store_failed(cx, &pg->store, rc, cause, what, why);
}

/*
 * Where a commit waits for a copy on another machine and that wait is cancelled, the server reports
 * success and this warning. Messages are translated by the server, the function's name is not.
 */
static void notice(void *arg, const PGresult *result)
{
    struct pg *pg = arg;

    if (strcmp(field(result, PG_DIAG_SOURCE_FUNCTION), "SyncRepWaitForLSN") == 0 ||
        strstr(field(result, PG_DIAG_MESSAGE_PRIMARY), "wait for synchronous replication"))
        pg->unreplicated = true;
}

void pg_listen(struct pg *pg)
{
    PQsetNoticeReceiver(pg->conn, notice, pg);
}

int pg_acknowledged(struct ctx *cx, struct pg *pg)
{
    if (!pg->unreplicated)
        return 0;
    pg->unreplicated = false;
    return store_failed(cx, &pg->store, RC_FAIL, STORE_CAUSE_OTHER, _("Saving the change"),
                        _("it was saved on one machine only, as the wait for its copy on another "
                          "was broken off; it does not count as saved"));
}
