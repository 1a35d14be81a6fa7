/* The driver for PostgreSQL: connections. */
#include "store/postgres.h"

#define OLDEST 140000 /* bodies of functions that name what they use for good */
#define NAME_ROOM 64  /* of an identifier in PostgreSQL */
#define SCRUB_MS 3600000

/* The URL. */

/* What holds unless the URL says otherwise. A server that has hung is noticed in ten seconds. */
static const struct {
    const char *key;
    const char *value;
} OPTIONS[] = {
    {"connect_timeout", "5"},
    {"keepalives_idle", "5"},
    {"keepalives_interval", "2"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "10000"},
    {"client_encoding", "UTF8"},
    {"fallback_application_name", "assay"},
};

static const char *option(const PQconninfoOption *options, const char *key)
{
    for (; options->keyword; options++)
        if (strcmp(options->keyword, key) == 0)
            return options->val;
    return NULL;
}

/* A password with @ or / in it, written as it is, ends up in the host, port or database. */
static bool holds_password(const PQconninfoOption *options)
{
    const char *host = option(options, "host"), *port = option(options, "port");
    const char *base = option(options, "dbname");

    return (host && *host != '/' && *host != '@' && strchr(host, '@')) ||
           (port && port[strspn(port, "0123456789,")]) || (base && strpbrk(base, "@/"));
}

/* libpq's own sentence would repeat parts of the URL, a password among them. */
static int parse(struct ctx *cx, const char *url, PQconninfoOption **ret)
{
    char *message = NULL;
    PQconninfoOption *options = PQconninfoParse(url, &message);

    PQfreemem(message);
    if (options && !holds_password(options)) {
        *ret = options;
        return 0;
    }
    PQconninfoFree(options);
    return fail(cx, RC_INVALID, NULL,
                _("The URL of the database is not understood; it is like "
                  "postgresql://USER:PASSWORD@HOST/DATABASE, with %%40 for @ and %%2F for / in a "
                  "password"));
}

static struct str place_of(struct ctx *cx, const PQconninfoOption *options, const char *schema)
{
    const char *host = option(options, "host"), *base = option(options, "dbname");

    return str_printf(cx->mem, "%s/%s/%s", host ? host : "", base ? base : "", schema);
}

static PGconn *connect_with(struct ctx *cx, const PQconninfoOption *options)
{
    size_t n = 0, room = 2 * COUNT_OF(OPTIONS) + 1;

    for (const PQconninfoOption *o = options; o->keyword; o++)
        room++;
    const char **keys = arena_array(cx->mem, room, sizeof *keys);
    const char **values = arena_array(cx->mem, room, sizeof *values);

    for (size_t i = 0; i < COUNT_OF(OPTIONS); i++) {
        keys[n] = OPTIONS[i].key;
        values[n++] = OPTIONS[i].value;
    }
    /* A later word of the same key holds. */
    for (const PQconninfoOption *o = options; o->keyword; o++)
        if (o->val && strcmp(o->keyword, "client_encoding") != 0) {
            keys[n] = o->keyword;
            values[n++] = o->val;
        }
    return PQconnectdbParams(keys, values, 0);
}

/* Lower case and digits only, so that it is the same name with and without quotes. */
static bool is_schema(const char *name)
{
    struct str s = str_of(name);

    if (s.n == 0 || s.n >= NAME_ROOM || str_starts(s, STR("pg_")) ||
        (s.p[0] >= '0' && s.p[0] <= '9'))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '_')
            return false;
    return true;
}

/* Opening. */

static void pg_close(struct store *store)
{
    struct pg *pg = pg_of(store);

    pg_plans_free(pg);
    if (pg->conn)
        PQfinish(pg->conn);
    pg->conn = NULL;
    pg->lost = true;
}

/* One line, for libpq tries each of several hosts and tells of all. */
static int refused(struct ctx *cx, struct pg *pg)
{
    struct buf why = buf_new(cx->mem);
    struct str rest = str_trim(str_of(PQerrorMessage(pg->conn))), line;

    while (str_split(&rest, '\n', &line))
        buf_printf(&why, "%s%.*s", why.n ? "; " : "", STR_ARG(str_trim(line)));
    return fail(cx, RC_NOT_FOUND, NULL, "%.*s: %.*s", STR_ARG(pg->store.place),
                STR_ARG(buf_str(&why)));
}

static int suitable(struct ctx *cx, struct pg *pg)
{
    const char *encoding = PQparameterStatus(pg->conn, "server_encoding");

    if (PQserverVersion(pg->conn) < OLDEST)
        return fail(cx, RC_INVALID, NULL, _("%.*s: PostgreSQL 14 or later is needed; this is %d"),
                    STR_ARG(pg->store.place), PQserverVersion(pg->conn) / 10000);
    if (!encoding || strcmp(encoding, "UTF8") != 0)
        return fail(cx, RC_INVALID, NULL,
                    _("%.*s: the database must be in UTF-8; CREATE DATABASE ... ENCODING 'UTF8'"),
                    STR_ARG(pg->store.place));
    return 0;
}

/* How the session is, whatever the server, the role or the URL has it otherwise. What is
 * acknowledged is on the disk. */
static const char SESSION[] = "SET standard_conforming_strings = on;"
                              "SET TimeZone = 'UTC';"
                              "SET client_min_messages = warning;"
                              "SET default_transaction_isolation = 'read committed';"
                              "SET statement_timeout = 0;"
                              "SET idle_in_transaction_session_timeout = '5min';"
                              "SET client_connection_check_interval = '5s';"
                              "SELECT set_config('synchronous_commit', 'on', false)"
                              " WHERE current_setting('synchronous_commit') IN ('off', 'local');";

/* The server gives up a lock before we give up the server. */
static int lock_timeout(int deadline_ms)
{
    return deadline_ms / 10 * 9 + 1;
}

/* In one go; `schema` is one that is_schema() took. Whether it is there already comes with it. */
static int set_session(struct ctx *cx, struct pg *pg, const char *schema, unsigned flags,
                       bool *ret_there)
{
    PGresult *result = NULL;
    struct str sql = str_printf(
        cx->mem,
        "%sSET search_path = \"%s\"; SET lock_timeout = %d; SET default_transaction_read_only = %s;"
        "SELECT set_config('assay.today', '%.*s', false); SELECT current_schema()",
        SESSION, schema, lock_timeout(pg->store.deadline_ms),
        flags & STORE_READ_ONLY ? "on" : "off", STR_ARG(date_iso(cx->mem, cx->today)));

    TRY(pg_query(cx, pg, _("Opening the database"), str_z(cx->mem, sql), &result));
    *ret_there = !PQgetisnull(result, 0, 0);
    PQclear(result);
    return 0;
}

static int set_today(struct ctx *cx, struct store *store)
{
    struct str sql = str_printf(cx->mem, "SELECT set_config('assay.today', '%.*s', false)",
                                STR_ARG(date_iso(cx->mem, cx->today)));

    pg_of(store)->unsure = false;
    return pg_query(cx, pg_of(store), _("Setting the day"), str_z(cx->mem, sql), NULL);
}

/* Two programs that make the same schema at once take turns. */
static int create(struct ctx *cx, struct pg *pg, const char *name)
{
    const char *what = _("Making the schema");
    struct str sql = str_printf(cx->mem, "CREATE SCHEMA IF NOT EXISTS \"%s\"", name);

    TX(tx, cx, &pg->store);
    TRY(pg_query(cx, pg, what, str_z(cx->mem, sql), NULL));
    TRY(pg_functions(cx, pg));
    return tx_commit(cx, &tx);
}

static int start_session(struct ctx *cx, struct pg *pg, const char *schema, unsigned flags)
{
    bool there;

    if (PQstatus(pg->conn) != CONNECTION_OK)
        return refused(cx, pg);
    PQsetnonblocking(pg->conn, 1);
    pg_listen(pg);
    TRY(suitable(cx, pg));
    TRY(set_session(cx, pg, schema, flags, &there));
    if (flags & STORE_CREATE && !(flags & STORE_READ_ONLY))
        return create(cx, pg, schema);
    return there ? 0
                 : fail(cx, RC_NOT_FOUND, NULL, _("%.*s: there is no such schema"),
                        STR_ARG(pg->store.place));
}

int postgres_open(struct ctx *cx, const char *url, const char *schema, unsigned flags,
                  struct store **ret)
{
    struct pg *pg = ARENA_NEW(cx->mem, struct pg);
    PQconninfoOption *options;

    if (!is_schema(schema))
        return fail(cx, RC_INVALID, NULL,
                    _("\"%s\" cannot name a schema: a to z, 0 to 9 and _ can, 63 at most"), schema);
    TRY(parse(cx, url, &options));
    pg->store = (struct store){
        .driver = &postgres_driver, .deadline_ms = STORE_DEADLINE_MS, .today = cx->today};
    pg->store.place = place_of(cx, options, schema);
    pg->conn = connect_with(cx, options);
    PQconninfoFree(options);
    int rc = start_session(cx, pg, schema, flags);

    if (rc < 0) {
        pg_close(&pg->store);
        return rc;
    }
    *ret = &pg->store;
    return 0;
}

/* The rest of the driver. */

static void set_deadline(struct store *store)
{
    struct ctx cx = {.mem = arena_new(0)};
    struct str sql = str_printf(cx.mem, "SET lock_timeout = %d", lock_timeout(store->deadline_ms));

    pg_of(store)->unsure = false;
    /* Where that fails the next call meets the same cause. */
    int rc UNUSED = pg_query(&cx, pg_of(store), "", str_z(cx.mem, sql), NULL);

    arena_free(cx.mem);
}

static int pg_exec(struct ctx *cx, struct store *store, const char *name, const char *sql)
{
    struct pg *pg = pg_of(store);
    PGresult *result = NULL;

    pg->unsure = store->depth == 0 || strcmp(sql, "COMMIT") == 0;
    TRY(pg_query(cx, pg, name, sql, &result));
    pg->unsure = false;
    bool undone = strcmp(sql, "COMMIT") == 0 && strcmp(PQcmdStatus(result), "COMMIT") != 0;

    PQclear(result);
    return undone ? store_failed(cx, store, RC_CONFLICT, STORE_CAUSE_OTHER, name,
                                 _("the database has rolled the transaction back"))
                  : 0;
}

/* Writers of one schema take turns, as those of one SQLite file do: the ledger's order hangs on
 * it, and nobody has to try again. What is read after the lock is what they have left. */
static int pg_begin(struct ctx *cx, struct store *store, bool writes)
{
    struct pg *pg = pg_of(store);
    const char *sql = writes ? "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('assay ' || "
                               "current_setting('search_path'), 0))"
                             : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    pg->unsure = false;
    int rc = pg_query(cx, pg, _("Beginning a transaction"), sql, NULL);

    if (rc < 0 && !pg->lost)
        store->driver->undo(store, "ROLLBACK");
    return rc;
}

/* The functions too are those that this program knows. */
static int pg_migrating(struct ctx *cx, struct store *store, enum migration_phase phase)
{
    if (phase != MIGRATION_BEGUN)
        return 0;
    TRY(pg_query(cx, pg_of(store), _("Changing tables"), "SET CONSTRAINTS ALL DEFERRED", NULL));
    return pg_functions(cx, pg_of(store));
}

static void pg_undo(struct store *store, const char *sql)
{
    struct ctx cx = {.mem = arena_new(0), .today = store->today};

    pg_of(store)->unsure = false;
    /* An error means that the database has rolled back by itself, or the connection is lost. */
    int rc UNUSED = pg_query(&cx, pg_of(store), "", sql, NULL);

    arena_free(cx.mem);
}

/* What was most common in a column stands in the statistics too. Who does not own the database may
 * not write these anew: the server then passes over them with a warning. */
static int pg_scrub(struct ctx *cx, struct store *store)
{
    static const char tables[] =
        "SELECT 'VACUUM (FULL, ANALYZE) ' || string_agg(quote_ident(relname), ', ' ORDER BY "
        "relname) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND "
        "relkind = 'r'";
    const char *what = _("Writing all anew");
    struct pg *pg = pg_of(store);
    PGresult *result = NULL;
    int deadline_ms = store->deadline_ms;

    TRY(pg_query(cx, pg, what, tables, &result));
    struct str sql = str_copy(cx->mem, str_of(PQgetvalue(result, 0, 0)));
    PQclear(result);
    store->deadline_ms = SCRUB_MS; /* for its work; for locks it waits as ever */
    int rc = sql.n > 0 ? pg_query(cx, pg, what, str_z(cx->mem, sql), NULL) : 0;
    if (rc == 0)
        rc = pg_query(cx, pg, what, "VACUUM (FULL) pg_catalog.pg_statistic", NULL);
    store->deadline_ms = deadline_ms;
    return rc;
}

const struct driver postgres_driver = {
    .dialect = STORE_POSTGRES,
    .close = pg_close,
    .exec = pg_exec,
    .begin = pg_begin,
    .undo = pg_undo,
    .set_today = set_today,
    .set_deadline = set_deadline,
    .scrub = pg_scrub,
    .migrating = pg_migrating,
    .prepare = pg_prepare,
    .free = pg_stmt_free,
    .params = pg_params,
    .param_name = pg_param_name,
    .bind_text = pg_bind_text,
    .bind_int = pg_bind_int,
    .bind_null = pg_bind_null,
    .step = pg_step,
    .reset = pg_reset,
    .columns = pg_columns,
    .column_name = pg_column_name,
    .cell_type = pg_cell_type,
    .cell_int = pg_cell_int,
    .cell_text = pg_cell_text,
};
