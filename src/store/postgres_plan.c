/* Statements that the server keeps prepared, so that each is planned once for a connection. */
#include "store/postgres.h"

void pg_plan_name(const struct pg_plan *plan, char name[static PG_NAME_ROOM])
{
    snprintf(name, PG_NAME_ROOM, "a%u", plan->number);
}

static void plan_free(struct pg_plan *plan)
{
    PQclear(plan->described);
    free(plan->sql);
    free(plan);
}

void pg_plans_free(struct pg *pg)
{
    while (pg->plans) {
        struct pg_plan *plan = pg->plans;

        pg->plans = plan->next;
        plan_free(plan);
    }
}

/* A plan gives the columns that it once had, or nothing: the server refuses it when they change. */
void pg_plans_age(struct pg *pg, PGresult *result)
{
    static const char *const COMMANDS[] = {"ALTER ", "DROP ", "CREATE ", "ROLLBACK"};
    struct str command = str_of(PQcmdStatus(result));

    for (size_t i = 0; i < COUNT_OF(COMMANDS); i++)
        if (str_starts(command, str_of(COMMANDS[i])))
            pg->tables++;
}

/* Takes it out of the list. */
static struct pg_plan *found(struct pg *pg, struct str sql, uint64_t hash)
{
    for (struct pg_plan **at = &pg->plans; *at; at = &(*at)->next) {
        struct pg_plan *plan = *at;

        if (plan->hash == hash && plan->tables == pg->tables && str_is(sql, plan->sql)) {
            *at = plan->next;
            return plan;
        }
    }
    return NULL;
}

/* The one unused for longest goes where there are too many. */
static int make_room(struct ctx *cx, struct pg *pg)
{
    struct pg_plan **oldest = NULL;
    unsigned n = 0;
    char name[PG_NAME_ROOM], sql[32];

    for (struct pg_plan **at = &pg->plans; *at; at = &(*at)->next, n++)
        if ((*at)->users == 0)
            oldest = at;
    if (n < PG_CACHED || !oldest)
        return 0;
    struct pg_plan *plan = *oldest;

    *oldest = plan->next;
    pg_plan_name(plan, name);
    plan_free(plan);
    snprintf(sql, sizeof sql, "DEALLOCATE %s", name);
    return pg_query(cx, pg, _("Preparing a statement"), sql, NULL);
}

static int ask(struct ctx *cx, struct pg *pg, bool sent, PGresult **ret)
{
    if (!sent)
        return pg_lose(cx, pg, _("the connection was lost"));
    TRY(pg_flush(cx, pg));
    return pg_finish(cx, pg, _("Preparing a statement"), ret);
}

static int prepare(struct ctx *cx, struct pg *pg, struct pg_plan *plan)
{
    char name[PG_NAME_ROOM];

    pg_plan_name(plan, name);
    pg_starts(pg);
    TRY(ask(cx, pg, PQsendPrepare(pg->conn, name, plan->sql, 0, NULL), NULL));
    return ask(cx, pg, PQsendDescribePrepared(pg->conn, name), &plan->described);
}

static int make(struct ctx *cx, struct pg *pg, struct str sql, uint64_t hash, struct pg_plan **ret)
{
    TRY(make_room(cx, pg));
    struct pg_plan *plan = calloc(1, sizeof *plan);
    char *copy = strndup(sql.p, sql.n);

    if (!plan || !copy)
        abort();
    plan->sql = copy;
    plan->hash = hash;
    plan->tables = pg->tables;
    plan->number = ++pg->plans_made;
    int rc = prepare(cx, pg, plan);

    if (rc < 0) {
        plan_free(plan);
        return rc;
    }
    *ret = plan;
    return 0;
}

int pg_plan_get(struct ctx *cx, struct pg *pg, struct str sql, struct pg_plan **ret)
{
    uint64_t hash = str_hash(sql);
    struct pg_plan *plan = found(pg, sql, hash);

    if (!plan)
        TRY(make(cx, pg, sql, hash, &plan));
    plan->next = pg->plans;
    pg->plans = plan;
    plan->users++;
    *ret = plan;
    return 0;
}

void pg_plan_put(struct pg_plan *plan)
{
    plan->users--;
}
