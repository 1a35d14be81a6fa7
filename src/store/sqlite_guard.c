/*
 * SQL that others wrote: rules and checks. Only reading is allowed, only functions from a list, and
 * only so much work. The limits were measured: a runaway recursion is stopped by the step counter,
 * a text of a hundred megabytes made by one function call only by the length limit.
 */
#include <assert.h>

#include "store/sqlite.h"

#define PROGRESS_EVERY SQLITE_STEPS_AT_ONCE

static const char *const FUNCTIONS[] = {
    "abs",
    "add_months",
    "avg",
    "coalesce",
    "concat",
    "count",
    "date",
    "days_between",
    "dense_rank",
    "first_value",
    "format",
    "glob",
    "group_concat",
    "hex",
    "ifnull",
    "iif",
    "instr",
    "json_array",
    "json_each",
    "json_extract",
    "json_group_array",
    "json_group_object",
    "json_object",
    "julianday",
    "lag",
    "last_value",
    "lead",
    "length",
    "like",
    "lower",
    "ltrim",
    "max",
    "min",
    "nullif",
    "number_in",
    "printf",
    "quote",
    "rank",
    "replace",
    "round",
    "row_number",
    "rtrim",
    "sign",
    "strftime",
    "substr",
    "substring",
    "sum",
    "today",
    "total",
    "trim",
    "unicode",
    "unit_in",
    "upper",
};

static const struct {
    int id;
    int value;
} LIMITS[] = {
    {SQLITE_LIMIT_LENGTH, 1 << 20},
    {SQLITE_LIMIT_SQL_LENGTH, 1 << 18},
    {SQLITE_LIMIT_VDBE_OP, 25000},
    {SQLITE_LIMIT_COMPOUND_SELECT, 10},
    {SQLITE_LIMIT_EXPR_DEPTH, 100},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000},
    {SQLITE_LIMIT_FUNCTION_ARG, 32},
    {SQLITE_LIMIT_VARIABLE_NUMBER, 100},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 0},
    {SQLITE_LIMIT_COLUMN, 200},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
};

static bool function_allowed(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(FUNCTIONS); i++)
        if (name && sqlite3_stricmp(name, FUNCTIONS[i]) == 0)
            return true;
    return false;
}

/* The two names mean different things for each action; see sqlite3_set_authorizer(). */
static bool allowed(int action, const char *one, const char *two)
{
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
        return true;
    case SQLITE_READ:
        return one == NULL || sqlite3_strnicmp(one, "sqlite_", 7) != 0;
    case SQLITE_FUNCTION:
        return function_allowed(two);
    default:
        return false;
    }
}

static int authorize(void *arg, int action, const char *one, const char *two,
                     UNUSED const char *database, UNUSED const char *trigger)
{
    const struct sqlite *lite = arg;

    if (lite->uses != NULL)
        sqlite_note_use(lite->uses, action, one);
    return !lite->others || allowed(action, one, two) ? SQLITE_OK : SQLITE_DENY;
}

int sqlite_watch(struct ctx *cx, struct sqlite *lite)
{
    if (lite->watched)
        return 0;
    int code = sqlite3_db_config(lite->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_db_config(lite->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_set_authorizer(lite->db, authorize, lite);
    if (code != SQLITE_OK)
        return sqlite_fail(cx, lite, code, _("Guarding the database"));
    lite->watched = true;
    return 0;
}

/* Sets the limits, or what they were before, and gives what they were. */
static void swap_limits(struct sqlite *lite, int values[COUNT_OF(LIMITS)])
{
    for (size_t i = 0; i < COUNT_OF(LIMITS); i++)
        values[i] = sqlite3_limit(lite->db, LIMITS[i].id, values[i]);
}

int store_prepare_guarded(struct ctx *cx, struct store *store, struct str sql, struct value *reads,
                          struct stmt **ret)
{
    if (store_dialect(store) != STORE_SQLITE || sqlite_of(store)->guarded)
        return fail(cx, RC_INVALID, NULL,
                    _("Only an SQLite database without a guard prepares for one"));
    struct sqlite *lite = sqlite_of(store);
    struct uses uses = {cx, reads, value_list(cx->mem)};
    int limits[COUNT_OF(LIMITS)];

    TRY(sqlite_watch(cx, lite));
    for (size_t i = 0; i < COUNT_OF(LIMITS); i++)
        limits[i] = LIMITS[i].value;
    swap_limits(lite, limits);
    lite->uses = &uses;
    lite->others = true;
    int rc = store_prepare(cx, store, sql, ret);

    lite->others = false;
    lite->uses = NULL;
    swap_limits(lite, limits);
    return rc;
}

static int progress(void *arg)
{
    struct sqlite *lite = arg;

    if (lite->steps_left < PROGRESS_EVERY || lite->all_left < PROGRESS_EVERY)
        return 1;
    lite->steps_left -= PROGRESS_EVERY;
    lite->all_left -= PROGRESS_EVERY;
    return 0;
}

void store_bound(struct store *store, uint64_t steps, size_t bytes)
{
    struct sqlite *lite = sqlite_of(store);

    assert(lite->guarded);
    lite->all_left = steps;
    sqlite3_hard_heap_limit64(sqlite3_memory_used() + (sqlite3_int64)bytes);
}

int store_guard(struct ctx *cx, struct store *store, uint64_t steps)
{
    if (store_dialect(store) != STORE_SQLITE)
        return fail(cx, RC_INVALID, NULL, _("Only an SQLite database can be guarded"));
    struct sqlite *lite = sqlite_of(store);

    TRY(sqlite_watch(cx, lite));
    for (size_t i = 0; i < COUNT_OF(LIMITS); i++)
        sqlite3_limit(lite->db, LIMITS[i].id, LIMITS[i].value);
    lite->steps = lite->steps_left = steps;
    lite->all_left = UINT64_MAX;
    lite->guarded = lite->others = true;
    sqlite3_progress_handler(lite->db, PROGRESS_EVERY, progress, lite);
    return 0;
}
