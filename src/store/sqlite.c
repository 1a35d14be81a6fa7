/* The driver for SQLite: connections. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "store/sqlite.h"

#define PRAGMA_ALL "PRAGMA foreign_keys = ON;"
#define PRAGMA_MEMORY "PRAGMA temp_store = MEMORY;"
/* Nobody else sees it, and nothing of it outlives the program. */
#define PRAGMA_PRIVATE                                                                             \
    "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"
#define SYNCHRONOUS_FULL 2
#define APPLICATION_ID 0x41737361 /* "Assa": what file(1) and we know our databases by */

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
    case SQLITE_FULL:
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

static bool full(int cause)
{
    return cause == ENOSPC || cause == EDQUOT;
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
    case SQLITE_FULL:
        return _("the disk is full");
    case SQLITE_IOERR:
        return full(cause) ? _("the disk is full") : cause ? strerrordesc_np(cause) : NULL;
    case SQLITE_CANTOPEN:
        return full(cause)                ? _("the disk is full")
               : cause && cause != ENOENT ? strerrordesc_np(cause)
                                          : NULL;
    default:
        return NULL;
    }
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
    if (((code & 0xff) == SQLITE_CANTOPEN || (code & 0xff) == SQLITE_IOERR) && full(cause))
        rc = RC_LIMIT;
    rc = store_failed(cx, &lite->store, (enum rc)rc, cause_of(code), what, why);
    /* After the graver errors SQLite has rolled back all by itself. */
    if (lite->store.depth && sqlite3_get_autocommit(lite->db))
        lite->store.broken = 1;
    return rc;
}

/* Opening. */

static void sqlite_close(struct store *store)
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

/* Waits a little longer each time, until the store's deadline. */
static int busy(void *arg, int times)
{
    struct sqlite *lite = arg;
    int64_t now = store_clock();

    if (times == 0)
        lite->busy_until = now + lite->store.deadline_ms;
    if (now >= lite->busy_until)
        return 0;
    (void)usleep(times < 20 ? 500U * (unsigned)(times + 1) : 10000U);
    return 1;
}

static int run(struct ctx *cx, struct sqlite *lite, const char *what, const char *sql)
{
    int code = sqlite3_exec(lite->db, sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? 0 : sqlite_fail(cx, lite, code, what);
}

static struct sqlite *sqlite_new(struct ctx *cx, const char *place)
{
    struct sqlite *lite = ARENA_NEW(cx->mem, struct sqlite);

    lite->store = (struct store){.driver = &sqlite_driver, .deadline_ms = STORE_DEADLINE_MS};
    lite->store.place = str_copy(cx->mem, str_of(place));
    lite->store.today = cx->today;
    lite->file = lite->reader = -1;
    return lite;
}

/* What was opened with `code` is made ready. */
static int make_ready(struct ctx *cx, struct sqlite *lite, int code, const char *pragmas)
{
    if (code == SQLITE_OK)
        code = sqlite3_extended_result_codes(lite->db, 1);
    if (code == SQLITE_OK)
        code = sqlite3_busy_handler(lite->db, busy, lite);
    if (code == SQLITE_OK)
        code = sqlite3_exec(lite->db, pragmas, NULL, NULL, NULL);
    return code == SQLITE_OK ? sqlite_functions(cx, lite)
                             : sqlite_fail(cx, lite, code, _("Opening the database"));
}

static int number(struct ctx *cx, struct sqlite *lite, const char *sql, int64_t *ret)
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(lite->db, sql, -1, &s, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_step(s);
    *ret = code == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
    sqlite3_finalize(s);
    return code == SQLITE_ROW ? 0 : sqlite_fail(cx, lite, code, _("Opening the database"));
}

/* Only an empty file becomes ours, and only where the caller asked for it. */
static int claim(struct ctx *cx, struct sqlite *lite, unsigned flags)
{
    int64_t id, tables;
    char z[64];

    TRY(number(cx, lite, "PRAGMA application_id", &id));
    if (id == APPLICATION_ID)
        return 0;
    TRY(number(cx, lite, "SELECT count(*) FROM sqlite_schema", &tables));
    if (id || tables || !(flags & STORE_CREATE))
        return fail(cx, RC_INVALID, NULL,
                    _("Opening the database: it was not made by Assay; name another file"));
    snprintf(z, sizeof z, "PRAGMA application_id = %d", APPLICATION_ID);
    return run(cx, lite, _("Making the database"), z);
}

/* The change to a write-ahead log needs the file alone, and SQLite does not wait for that. */
static int log_ahead(struct ctx *cx, struct sqlite *lite)
{
    const char *sql = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
    int64_t until = store_clock() + lite->store.deadline_ms;
    int code;

    while ((code = sqlite3_exec(lite->db, sql, NULL, NULL, NULL)) == SQLITE_BUSY &&
           store_clock() < until)
        (void)usleep(5000);
    return code == SQLITE_OK ? 0 : sqlite_fail(cx, lite, code, _("Opening the database"));
}

/* Where the file system has no memory that programs share, SQLite keeps another kind of journal and
 * says nothing. What that would lose in a power cut is more than we promise. */
static int logged(struct ctx *cx, struct sqlite *lite)
{
    int64_t ahead, full;

    TRY(log_ahead(cx, lite));
    TRY(number(cx, lite,
               "SELECT count(*) FROM pragma_journal_mode WHERE lower(journal_mode) = 'wal'",
               &ahead));
    TRY(number(cx, lite, "PRAGMA synchronous", &full));
    return ahead && full == SYNCHRONOUS_FULL
               ? 0
               : fail(cx, RC_FAIL, NULL,
                      _("Opening the database: this file system cannot have a write-ahead log, "
                        "without which a power cut may lose what was saved. Take a local disk"));
}

/* Made by us, as SQLite would let others read it. A file that is there must not be opened here:
 * closing it again would drop the locks that this process has on it. */
static int make_file(struct ctx *cx, const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd >= 0)
        (void)close(fd);
    else if (errno != EEXIST)
        return fail(cx, errno == EACCES || errno == EROFS ? RC_DENIED : RC_NOT_FOUND, NULL,
                    _("Making the database: %s"), strerrordesc_np(errno));
    return 0;
}

/* As PostgreSQL has it, "x" is a name and never a text; and what lies in the file, which may be
 * somebody's backup, cannot reach beyond its tables. */
static int strict(struct ctx *cx, struct sqlite *lite)
{
    static const struct {
        int what, on;
    } SET[] = {
        {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    };

    for (size_t i = 0; i < COUNT_OF(SET); i++) {
        int code = sqlite3_db_config(lite->db, SET[i].what, SET[i].on, NULL);

        if (code != SQLITE_OK)
            return sqlite_fail(cx, lite, code, _("Opening the database"));
    }
    return 0;
}

static int open_file(struct ctx *cx, const char *path, unsigned flags, struct sqlite *lite)
{
    bool reads = flags & STORE_READ_ONLY;

    if (!reads && flags & STORE_CREATE)
        TRY(make_file(cx, path));
    else if (access(path, F_OK) < 0)
        return fail(cx, RC_NOT_FOUND, NULL, _("Opening the database: %s"), strerrordesc_np(errno));
    int how = reads ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    int code = sqlite3_open_v2(path, &lite->db, how | SQLITE_OPEN_NOMUTEX, NULL);

    TRY(make_ready(cx, lite, code, PRAGMA_ALL PRAGMA_MEMORY));
    TRY(strict(cx, lite));
    TRY(claim(cx, lite, reads ? 0 : flags));
    return reads ? 0 : logged(cx, lite);
}

/* What SQLite sorts goes into files where there is a place for them. */
static int open_private(struct ctx *cx, struct sqlite *lite)
{
    bool on_disk;

    lite->file = store_file_new(cx, &on_disk);
    lite->reader = lite->file < 0 ? -1 : store_file_reader(lite->file);
    if (lite->reader < 0)
        return fail(cx, RC_FAIL, NULL, _("No private file for the database could be made: %s."),
                    strerrordesc_np(errno));
    int code =
        store_open_way(cx, lite->file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &lite->db);

    return make_ready(cx, lite, code,
                      on_disk ? PRAGMA_ALL PRAGMA_PRIVATE "PRAGMA temp_store = FILE"
                              : PRAGMA_ALL PRAGMA_PRIVATE PRAGMA_MEMORY);
}

static int open_memory(struct ctx *cx, struct sqlite *lite)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(":memory:", &lite->db, flags, NULL);

    return make_ready(cx, lite, code, PRAGMA_ALL PRAGMA_MEMORY);
}

/* What was opened with `rc`, or is ended. */
static int opened(struct sqlite *lite, int rc, struct store **ret)
{
    if (rc < 0)
        sqlite_close(&lite->store);
    else
        *ret = &lite->store;
    return rc;
}

int sqlite_open(struct ctx *cx, const char *path, unsigned flags, struct store **ret)
{
    struct sqlite *lite = sqlite_new(cx, path);

    if (!path && flags & STORE_MEMORY)
        return opened(lite, open_memory(cx, lite), ret);
    if (!path)
        return opened(lite, open_private(cx, lite), ret);
    int rc = opened(lite, open_file(cx, path, flags, lite), ret);

    return rc < 0 ? fail_while(cx, rc, "%s", path) : 0;
}

int store_reader(const struct store *store)
{
    return store_dialect(store) == STORE_SQLITE ? ((const struct sqlite *)store)->reader : -1;
}

int store_open_reader(struct ctx *cx, int fd, struct store **ret)
{
    struct sqlite *lite = sqlite_new(cx, NULL);
    int code = store_open_way(cx, fd, SQLITE_OPEN_READONLY, &lite->db);

    return opened(lite, make_ready(cx, lite, code, PRAGMA_ALL PRAGMA_MEMORY), ret);
}

/* The rest of the driver. */

static int sqlite_exec(struct ctx *cx, struct store *store, const char *name, const char *sql)
{
    struct sqlite *lite = sqlite_of(store);

    lite->steps_left = lite->steps;
    return run(cx, lite, name, sql);
}

static int sqlite_begin(struct ctx *cx, struct store *store, bool writes)
{
    return run(cx, sqlite_of(store), _("Beginning a transaction"),
               writes ? "BEGIN IMMEDIATE" : "BEGIN; PRAGMA query_only = ON");
}

static void sqlite_undo(struct store *store, const char *sql)
{
    sqlite3_exec(sqlite_of(store)->db, sql, NULL, NULL, NULL);
}

static void sqlite_ended(struct store *store)
{
    if (!store->writes)
        sqlite3_exec(sqlite_of(store)->db, "PRAGMA query_only = OFF", NULL, NULL, NULL);
}

/* While references are watched, a table that others refer to cannot be made anew: dropping the old
 * one counts as deleting its rows. So all are checked at the end. */
static int sqlite_migrating(struct ctx *cx, struct store *store, enum migration_phase phase)
{
    struct sqlite *lite = sqlite_of(store);
    int64_t broken = 0;

    switch (phase) {
    case MIGRATION_BEFORE:
        return run(cx, lite, _("Changing tables"), "PRAGMA foreign_keys = OFF");
    case MIGRATION_ENDING:
        TRY(number(cx, lite, "SELECT count(*) FROM pragma_foreign_key_check", &broken));
        return broken ? store_failed(cx, store, RC_CONFLICT, STORE_CAUSE_FOREIGN_KEY,
                                     _("Changing tables"),
                                     _("rows would refer to others that are not there"))
                      : 0;
    case MIGRATION_AFTER:
        return run(cx, lite, _("Changing tables"), "PRAGMA foreign_keys = ON");
    case MIGRATION_BEGUN:
        break;
    }
    return 0;
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
    .undo = sqlite_undo,
    .ended = sqlite_ended,
    .migrating = sqlite_migrating,
    .last_id = sqlite_last_id,
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
