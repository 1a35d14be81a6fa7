/* The driver for SQLite: errors, and what a connection does that is open. */
#include <errno.h>
#include <unistd.h>

#include "store/sqlite.h"

/* Errors. */

static enum rc rc_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return code == SQLITE_CONSTRAINT_DATATYPE ? RC_INVALID : RC_CONFLICT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return RC_CONFLICT;
    case SQLITE_AUTH:
    case SQLITE_PERM:
    case SQLITE_READONLY:
        return RC_DENIED;
    case SQLITE_INTERRUPT:
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM:
        return RC_LIMIT;
    case SQLITE_CANTOPEN:
        return RC_NOT_FOUND;
    case SQLITE_ERROR:
    case SQLITE_RANGE:
    case SQLITE_MISUSE:
    case SQLITE_MISMATCH:
    case SQLITE_NOTADB:
        return RC_INVALID;
    default:
        return RC_FAIL;
    }
}

static enum store_cause cause_of(int code)
{
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return STORE_CAUSE_UNIQUE;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return STORE_CAUSE_FOREIGN_KEY;
    case SQLITE_CONSTRAINT_CHECK:
        return STORE_CAUSE_CHECK;
    case SQLITE_CONSTRAINT_NOTNULL:
        return STORE_CAUSE_NOT_NULL;
    default:
        return (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED ? STORE_CAUSE_RETRY
                                                                              : STORE_CAUSE_OTHER;
    }
}

static bool is_full(const struct sqlite *lite, int code)
{
    int cause = lite->db ? sqlite3_system_errno(lite->db) : 0;

    switch (code & 0xff) {
    case SQLITE_FULL:
        return true;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return cause == ENOSPC || cause == EDQUOT;
    default:
        return false;
    }
}

/* What the machine says rather than the statement; NULL where SQLite's own words do. */
static const char *plainly(const struct sqlite *lite, int code)
{
    int cause = lite->db ? sqlite3_system_errno(lite->db) : 0;

    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return _("another program has been writing to it for too long; try again");
    case SQLITE_INTERRUPT:
        return lite->all_left < SQLITE_STEPS_AT_ONCE
                   ? _("stopped, as it and all before it take too many steps")
                   : _("stopped, as it takes too many steps");
    case SQLITE_NOMEM:
        return _("stopped, as it takes too much memory");
    case SQLITE_NOTADB:
        return _("it is not an SQLite database");
    case SQLITE_CORRUPT:
        return _("it is damaged; take the last backup");
    case SQLITE_READONLY:
        return _("it may not be written to");
    case SQLITE_IOERR:
        return cause ? strerrordesc_np(cause) : NULL;
    case SQLITE_CANTOPEN:
        return cause && cause != ENOENT ? strerrordesc_np(cause) : NULL;
    default:
        return NULL;
    }
}

/* Where that is, and what to do. */
static int full(struct ctx *cx, struct sqlite *lite, const char *what)
{
    struct str place = lite->store.place;

    lite->full = true;
    return store_failed(cx, &lite->store, RC_FAIL, STORE_CAUSE_FULL, what,
                        str_z(cx->mem, str_printf(cx->mem,
                                                  _("the disk is full on which %.*s lies. Nothing "
                                                    "is lost: make room there, and do it again."),
                                                  STR_ARG(place.n > 0 ? place : STR("it")))));
}

int sqlite_fail(struct ctx *cx, struct sqlite *lite, int code, const char *what)
{
    const char *why = plainly(lite, code);
    int rc = (int)rc_of(code);

    if (!why)
        why = lite->db ? sqlite3_errmsg(lite->db) : sqlite3_errstr(code);
    int cause = lite->db ? sqlite3_system_errno(lite->db) : 0;

    if ((code & 0xff) == SQLITE_CANTOPEN && cause == EACCES)
        rc = RC_DENIED;
    rc = is_full(lite, code)
             ? full(cx, lite, what)
             : store_failed(cx, &lite->store, (enum rc)rc, cause_of(code), what, why);
    /* After the graver errors SQLite has rolled back all by itself. */
    if (lite->store.depth && sqlite3_get_autocommit(lite->db))
        lite->store.broken = 1;
    return rc;
}

int sqlite_run(struct ctx *cx, struct sqlite *lite, const char *what, const char *sql)
{
    int code = sqlite3_exec(lite->db, sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? 0 : sqlite_fail(cx, lite, code, what);
}

int sqlite_number(struct ctx *cx, struct sqlite *lite, const char *sql, int64_t *ret)
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(lite->db, sql, -1, &s, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_step(s);
    *ret = code == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
    sqlite3_finalize(s);
    return code == SQLITE_ROW ? 0 : sqlite_fail(cx, lite, code, _("Opening the database"));
}

void sqlite_close(struct store *store)
{
    struct sqlite *lite = sqlite_of(store);

    sqlite3_close_v2(lite->db);
    lite->db = NULL;
    if (lite->reader >= 0)
        close(lite->reader);
    if (lite->file >= 0)
        close(lite->file);
    lite->reader = lite->file = -1;
}

int store_reader(const struct store *store)
{
    return store_dialect(store) == STORE_SQLITE ? ((const struct sqlite *)store)->reader : -1;
}

/* The rest of the driver. */

/* Where a transaction only reads, so must each statement. PRAGMA query_only would see to it too,
 * but after a pragma SQLite prepares all statements again. */
static int run_reading(struct ctx *cx, struct sqlite *lite, const char *what, const char *sql)
{
    int code = SQLITE_OK;

    while (code == SQLITE_OK && *sql != '\0') {
        sqlite3_stmt *s = NULL;

        code = sqlite3_prepare_v2(lite->db, sql, -1, &s, &sql);
        if (s != NULL)
            code = sqlite3_stmt_readonly(s) ? SQLITE_ROW : SQLITE_READONLY;
        while (code == SQLITE_ROW)
            code = sqlite3_step(s);
        if (code == SQLITE_DONE)
            code = SQLITE_OK;
        int rc = code == SQLITE_OK ? 0 : sqlite_fail(cx, lite, code, what);

        sqlite3_finalize(s);
        TRY(rc);
    }
    return 0;
}

static int sqlite_exec(struct ctx *cx, struct store *store, const char *name, const char *sql)
{
    struct sqlite *lite = sqlite_of(store);

    lite->steps_left = lite->steps;
    return store_only_reads(store) ? run_reading(cx, lite, name, sql)
                                   : sqlite_run(cx, lite, name, sql);
}

int sqlite_settle(struct ctx *cx, struct sqlite *lite)
{
    int code = sqlite3_wal_checkpoint_v2(lite->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

    if (code != SQLITE_OK && code != SQLITE_BUSY)
        return sqlite_fail(cx, lite, code, _("Beginning a transaction"));
    lite->unsettled = false;
    return 0;
}

/* Whether a transaction waits for the disk itself, as all else that is written always does. */
static int wait_itself(struct sqlite *lite, bool itself)
{
    lite->shares = !itself;
    return sqlite3_exec(lite->db,
                        itself ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", NULL,
                        NULL, NULL);
}

static void sqlite_ended(struct store *store)
{
    if (sqlite_of(store)->shares)
        (void)wait_itself(sqlite_of(store), true);
}

static int sqlite_begin(struct ctx *cx, struct store *store, bool writes)
{
    struct sqlite *lite = sqlite_of(store);
    const char *what = _("Beginning a transaction");

    if (writes && lite->unsettled)
        TRY(sqlite_settle(cx, lite));
    if (writes && store->group != NULL && wait_itself(lite, false) != SQLITE_OK)
        return sqlite_fail(cx, lite, sqlite3_errcode(lite->db), what);
    int rc = sqlite_run(cx, lite, what, writes ? "BEGIN IMMEDIATE" : "BEGIN");

    if (rc < 0)
        sqlite_ended(store);
    return rc;
}

/* The log's own file, so that nothing of it is opened and closed again, with which this process
 * would lose its locks. */
static int save_log(struct sqlite *lite)
{
    sqlite3_file *log = NULL;
    int code = sqlite3_file_control(lite->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);

    if (code == SQLITE_OK && log != NULL && log->pMethods != NULL)
        code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
    return code;
}

/* All of the log, or it is not settled. */
static int save_all(struct sqlite *lite)
{
    int in_log, done;
    int code = sqlite3_wal_checkpoint_v2(lite->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_log, &done);

    return code == SQLITE_OK && in_log != done ? SQLITE_BUSY : code;
}

static int sqlite_save(struct ctx *cx, struct store *store, bool unsettled)
{
    struct sqlite *lite = sqlite_of(store);
    int code = unsettled ? save_all(lite) : save_log(lite);

    return code == SQLITE_OK ? 0 : sqlite_fail(cx, lite, code, _("Saving"));
}

static void sqlite_undo(struct store *store, const char *sql)
{
    sqlite3_exec(sqlite_of(store)->db, sql, NULL, NULL, NULL);
}

/* While references are watched, a table that others refer to cannot be made anew: dropping the old
 * one counts as deleting its rows. So all are checked at the end. */
static int sqlite_migrating(struct ctx *cx, struct store *store, enum migration_phase phase)
{
    struct sqlite *lite = sqlite_of(store);
    int64_t broken = 0;

    switch (phase) {
    case MIGRATION_BEFORE:
        return sqlite_run(cx, lite, _("Changing tables"), "PRAGMA foreign_keys = OFF");
    case MIGRATION_ENDING:
        TRY(sqlite_number(cx, lite, "SELECT count(*) FROM pragma_foreign_key_check", &broken));
        return broken ? store_failed(cx, store, RC_CONFLICT, STORE_CAUSE_FOREIGN_KEY,
                                     _("Changing tables"),
                                     _("rows would refer to others that are not there"))
                      : 0;
    case MIGRATION_AFTER:
        return sqlite_run(cx, lite, _("Changing tables"), "PRAGMA foreign_keys = ON");
    case MIGRATION_BEGUN:
        break;
    }
    return 0;
}

static int sqlite_scrub(struct ctx *cx, struct store *store)
{
    const char *what = _("Writing all anew");
    struct sqlite *lite = sqlite_of(store);

    TRY(sqlite_run(cx, lite, what, "VACUUM"));
    int code = sqlite3_wal_checkpoint_v2(lite->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

    if (code == SQLITE_BUSY)
        return store_failed(cx, store, RC_CONFLICT, STORE_CAUSE_RETRY, what,
                            _("others are reading, so that the log has to stay as yet; try again"));
    return code == SQLITE_OK ? 0 : sqlite_fail(cx, lite, code, what);
}

static int64_t sqlite_last_id(const struct store *store)
{
    return sqlite3_last_insert_rowid(((const struct sqlite *)store)->db);
}

const struct driver sqlite_driver = {
    .dialect = STORE_SQLITE,
    .close = sqlite_close,
    .exec = sqlite_exec,
    .begin = sqlite_begin,
    .ended = sqlite_ended,
    .save = sqlite_save,
    .undo = sqlite_undo,
    .migrating = sqlite_migrating,
    .last_id = sqlite_last_id,
    .scrub = sqlite_scrub,
    .prepare = sqlite_prepare,
    .free = sqlite_stmt_free,
    .params = sqlite_params,
    .param_name = sqlite_param_name,
    .bind_text = sqlite_bind_text,
    .bind_int = sqlite_bind_int,
    .bind_null = sqlite_bind_null,
    .step = sqlite_step,
    .reset = sqlite_stmt_reset,
    .columns = sqlite_columns,
    .column_name = sqlite_column_name,
    .cell_type = sqlite_cell_type,
    .cell_int = sqlite_cell_int,
    .cell_text = sqlite_cell_text,
};
