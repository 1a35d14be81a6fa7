/* Numbered scripts that bring a store's tables to what the program knows. */
#include "store/internal.h"

#define MIGRATION_MS (30 * 60 * 1000)

/* Where the script is for this database: its number; else 0. "0003-name.sqlite.sql" is for one. */
static int64_t number_of(const struct store *store, const struct store_script *script)
{
    static const char *const OWN[] = {
        [STORE_SQLITE] = ".sqlite.sql", [STORE_POSTGRES] = ".postgres.sql"};
    struct str name = str_of(script->name);
    int64_t number = 0;

    for (size_t i = 0; i < COUNT_OF(OWN); i++)
        if (i != (size_t)store_dialect(store) && str_ends(name, str_of(OWN[i])))
            return 0;
    for (size_t i = name.n; i > 0; i--)
        if (name.p[i - 1] == '/') {
            name = str_from(name, i);
            break;
        }
    for (size_t i = 0; i < name.n && i < 9 && name.p[i] >= '0' && name.p[i] <= '9'; i++)
        number = number * 10 + (name.p[i] - '0');
    return number;
}

static bool is_own(const struct store_script *script)
{
    struct str name = str_of(script->name);

    return str_ends(name, STR(".sqlite.sql")) || str_ends(name, STR(".postgres.sql"));
}

/* Those for this database, in order; 1, 2, 3 and so on, or the program was made wrong. */
static int choose(struct ctx *cx, const struct store *store, const struct store_migration *m,
                  const struct store_script ***ret, int64_t *ret_n)
{
    const struct store_script **chosen = arena_array(cx->mem, m->n + 1, sizeof *chosen);
    int64_t n = 0;

    for (size_t i = 0; i < m->n; i++) {
        int64_t number = number_of(store, &m->scripts[i]);

        if (number == 0)
            continue;
        if (number != n + 1)
            return fail(cx, RC_INVALID, m->scripts[i].name,
                        _("%s: scripts are numbered without gaps, and %lld was to come"),
                        m->scripts[i].name, (long long)(n + 1));
        chosen[n++] = &m->scripts[i];
    }
    *ret = chosen;
    *ret_n = n;
    return 0;
}

/* What the store says of itself: the number of its last script, and who ran it. */
struct standing {
    int64_t number;
    struct str program;
};

static int has_table(struct ctx *cx, struct store *store, bool *ret)
{
    static const char *const ASK[] = {
        [STORE_SQLITE] = "SELECT 1 FROM sqlite_schema WHERE name = 'schema_version'",
        [STORE_POSTGRES] = "SELECT 1 WHERE to_regclass('schema_version') IS NOT NULL",
    };
    STMT(s);

    TRY(store_prepare(cx, store, str_of(ASK[store_dialect(store)]), &s));
    return stmt_step(cx, s, ret);
}

static int standing(struct ctx *cx, struct store *store, struct standing *ret)
{
    bool there, row;
    STMT(s);

    *ret = (struct standing){0, STR_NONE};
    TRY(has_table(cx, store, &there));
    if (!there)
        return 0;
    TRY(store_prepare(
        cx, store, STR("SELECT number, program FROM schema_version ORDER BY number DESC LIMIT 1"),
        &s));
    TRY(stmt_step(cx, s, &row));
    if (row)
        *ret = (struct standing){stmt_int(s, 0), stmt_text(cx->mem, s, 1)};
    return 0;
}

static int too_new(struct ctx *cx, const struct store *store, const struct store_migration *m,
                   struct standing at, int64_t known)
{
    return fail(cx, RC_CONFLICT, NULL,
                _("%.*s was last changed by %.*s, which is newer (its tables are version %lld; %s "
                  "knows %lld): use %.*s or a later version"),
                STR_ARG(store->place), STR_ARG(at.program), (long long)at.number, m->program,
                (long long)known, STR_ARG(at.program));
}

static int note(struct ctx *cx, struct store *store, const struct store_migration *m,
                int64_t number)
{
    STMT(s);

    TRY(store_prepare(cx, store,
                      STR("INSERT INTO schema_version (number, program, day) "
                          "VALUES (:number, :program, :day)"),
                      &s));
    TRY(stmt_bind_int(cx, s, "number", number));
    TRY(stmt_bind_text(cx, s, "program", str_of(m->program)));
    TRY(stmt_bind_text(cx, s, "day", date_iso(cx->mem, cx->today)));
    return stmt_run(cx, s);
}

static int run(struct ctx *cx, struct store *store, const struct store_migration *m,
               const struct store_script *script, int64_t number)
{
    struct str sql = is_own(script) ? script->sql : store_ddl(cx->mem, store, script->sql);

    TRY(store_exec(cx, store, script->name, sql));
    return note(cx, store, m, number);
}

/* All or nothing. Another program may have done it since the store was looked at. */
static int run_all(struct ctx *cx, struct store *store, const struct store_migration *m,
                   const struct store_script **scripts, int64_t n)
{
    static const char TABLE[] =
        "CREATE TABLE IF NOT EXISTS schema_version (number INTEGER NOT NULL "
        "PRIMARY KEY, program TEXT NOT NULL, day TEXT NOT NULL) STRICT";
    struct standing at;

    TX(tx, cx, store);
    TRY(store->driver->migrating(cx, store, MIGRATION_BEGUN));
    TRY(store_exec(cx, store, "schema_version", store_ddl(cx->mem, store, str_of(TABLE))));
    TRY(standing(cx, store, &at));
    if (at.number > n)
        return too_new(cx, store, m, at, n);
    for (int64_t i = at.number; i < n; i++)
        TRY(run(cx, store, m, scripts[i], i + 1));
    TRY(store->driver->migrating(cx, store, MIGRATION_ENDING));
    return tx_commit(cx, &tx);
}

/* With time for large tables, and back to how the store was. */
static int change(struct ctx *cx, struct store *store, const struct store_migration *m,
                  const struct store_script **scripts, int64_t n)
{
    int deadline = store->deadline_ms;
    struct err err;

    TRY(store->driver->migrating(cx, store, MIGRATION_BEFORE));
    store_set_deadline(store, MIGRATION_MS);
    int rc = run_all(cx, store, m, scripts, n);

    if (rc < 0 && store_cause(store) == STORE_CAUSE_LOST)
        return rc;
    err = cx->err;
    store_set_deadline(store, (unsigned)deadline);
    TRY(store->driver->migrating(cx, store, MIGRATION_AFTER));
    cx->err = err;
    return rc;
}

int store_migrate(struct ctx *cx, struct store *store, const struct store_migration *m)
{
    const struct store_script **scripts;
    struct standing at;
    int64_t n;

    TRY(choose(cx, store, m, &scripts, &n));
    TRY(standing(cx, store, &at));
    if (at.number == n)
        return 0;
    if (at.number > n)
        return too_new(cx, store, m, at, n);
    if (store->flags & STORE_READ_ONLY)
        return fail(cx, RC_CONFLICT, NULL,
                    _("%.*s is of an older version, and opened for reading only: use it once for "
                      "writing"),
                    STR_ARG(store->place));
    if (m->before && at.number > 0)
        TRY(m->before(cx, store, at.number, n, m->arg));
    return change(cx, store, m, scripts, n);
}
