#include "store/internal.h"

#include <errno.h>
#include <unistd.h>

#define BUSY_MS 10000

#define PRAGMA_ALL "PRAGMA foreign_keys = ON;"
#define PRAGMA_MEMORY "PRAGMA temp_store = MEMORY;"
/* Nobody else sees it, and nothing of it outlives the program. */
#define PRAGMA_PRIVATE                                                                             \
    "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"

static enum rc rc_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return RC_CONFLICT;
    case SQLITE_AUTH:
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
        return RC_INVALID;
    default:
        return RC_FAIL;
    }
}

int store_fail(struct ctx *cx, const struct store *store, int code, const char *what)
{
    enum rc rc = rc_of(code);

    if ((code & 0xff) == SQLITE_INTERRUPT)
        return fail(cx, rc, NULL, _("%s: stopped, as it takes too many steps"), what);
    return fail(cx, rc, NULL, "%s: %s", what,
                store && store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(code));
}

/* What was opened with `code` is made ready, or ended. */
static int begin(struct ctx *cx, struct store *store, int code, const char *pragmas,
                 struct store **ret)
{
    if (code == SQLITE_OK)
        code = sqlite3_extended_result_codes(store->db, 1);
    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(store->db, BUSY_MS);
    if (code == SQLITE_OK)
        code = sqlite3_exec(store->db, pragmas, NULL, NULL, NULL);
    int rc = code == SQLITE_OK ? store_functions(cx, store)
                               : store_fail(cx, store, code, _("Opening the database"));

    if (rc < 0) {
        store_close(store);
        return rc;
    }
    *ret = store;
    return 0;
}

static struct store *store_new(struct ctx *cx)
{
    struct store *store = ARENA_NEW(cx->mem, struct store);

    store->file = store->reader = -1;
    return store;
}

/* What SQLite sorts goes into files where there is a place for them. */
static int open_private(struct ctx *cx, struct store **ret)
{
    struct store *store = store_new(cx);
    bool on_disk;

    store->file = store_file_new(cx, &on_disk);
    store->reader = store->file < 0 ? -1 : store_file_reader(store->file);
    if (store->reader < 0) {
        int cause = errno;
        store_close(store);
        return fail(cx, RC_FAIL, NULL, _("No private file for the database could be made: %s."),
                    strerrordesc_np(cause));
    }
    int code =
        store_open_way(cx, store->file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &store->db);
    return begin(cx, store, code,
                 on_disk ? PRAGMA_ALL PRAGMA_PRIVATE "PRAGMA temp_store = FILE"
                         : PRAGMA_ALL PRAGMA_PRIVATE PRAGMA_MEMORY,
                 ret);
}

int store_open(struct ctx *cx, const char *path, unsigned flags, struct store **ret)
{
    if (!path)
        return open_private(cx, ret);
    struct store *store = store_new(cx);
    int how =
        flags & STORE_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    int code = sqlite3_open_v2(path, &store->db, how | SQLITE_OPEN_NOMUTEX, NULL);
    int rc = begin(cx, store, code, PRAGMA_ALL PRAGMA_MEMORY, ret);

    return rc < 0 ? fail_while(cx, rc, "%s", path) : 0;
}

int store_reader(const struct store *store)
{
    return store->reader;
}

int store_open_reader(struct ctx *cx, int fd, struct store **ret)
{
    struct store *store = store_new(cx);
    int code = store_open_way(cx, fd, SQLITE_OPEN_READONLY, &store->db);

    return begin(cx, store, code, PRAGMA_ALL PRAGMA_MEMORY, ret);
}

void store_close(struct store *store)
{
    if (!store)
        return;
    sqlite3_close_v2(store->db);
    store->db = NULL;
    if (store->reader >= 0)
        close(store->reader);
    if (store->file >= 0)
        close(store->file);
    store->reader = store->file = -1;
}

void store_closep(struct store **store)
{
    store_close(*store);
    *store = NULL;
}

int store_exec(struct ctx *cx, struct store *store, const char *name, struct str sql)
{
    const char *z = str_z(cx->mem, sql);
    int code;

    store->steps_left = store->steps;
    code = sqlite3_exec(store->db, z, NULL, NULL, NULL);
    return code == SQLITE_OK ? 0 : store_fail(cx, store, code, name);
}

int64_t store_last_id(const struct store *store)
{
    return sqlite3_last_insert_rowid(store->db);
}

/* Transactions. The outermost is a real one, those inside are savepoints. */

static int tx_say(struct ctx *cx, struct store *store, const char *outer, const char *inner,
                  unsigned depth)
{
    char z[64];

    if (depth == 1)
        snprintf(z, sizeof z, "%s", outer);
    else
        snprintf(z, sizeof z, "%s tx%u", inner, depth);
    int code = sqlite3_exec(store->db, z, NULL, NULL, NULL);

    return code == SQLITE_OK ? 0 : store_fail(cx, store, code, z);
}

int tx_begin(struct ctx *cx, struct store *store, struct tx *ret)
{
    unsigned depth = store->depth + 1;

    TRY(tx_say(cx, store, "BEGIN IMMEDIATE", "SAVEPOINT", depth));
    store->depth = depth;
    *ret = (struct tx){store, depth};
    return 0;
}

int tx_commit(struct ctx *cx, struct tx *tx)
{
    TRY(tx_say(cx, tx->store, "COMMIT", "RELEASE", tx->depth));
    tx->store->depth = tx->depth - 1;
    tx->store = NULL;
    return 0;
}

void tx_end(struct tx *tx)
{
    char z[64];

    if (!tx->store)
        return;
    if (tx->depth == 1)
        snprintf(z, sizeof z, "ROLLBACK");
    else
        snprintf(z, sizeof z, "ROLLBACK TO tx%u; RELEASE tx%u", tx->depth, tx->depth);
    /* An error here means that SQLite has rolled back by itself: the same end. */
    sqlite3_exec(tx->store->db, z, NULL, NULL, NULL);
    tx->store->depth = tx->depth - 1;
    tx->store = NULL;
}
