#include "store/internal.h"

#define BUSY_MS 10000

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

static int open_at(struct ctx *cx, const char *name, int flags, struct store **ret)
{
    struct store *store = ARENA_NEW(cx->mem, struct store);
    int code = sqlite3_open_v2(name, &store->db, flags | SQLITE_OPEN_NOMUTEX, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_extended_result_codes(store->db, 1);
    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(store->db, BUSY_MS);
    if (code == SQLITE_OK)
        code = sqlite3_exec(store->db, "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY", NULL,
                            NULL, NULL);
    if (code != SQLITE_OK) {
        int rc = store_fail(cx, store, code, _("Opening the database"));

        store_close(store);
        return rc;
    }
    int rc = store_functions(cx, store);

    if (rc < 0) {
        store_close(store);
        return rc;
    }
    *ret = store;
    return 0;
}

int store_open(struct ctx *cx, const char *path, unsigned flags, struct store **ret)
{
    if (!path) /* the empty name: a file that SQLite makes, unlinks and closes itself */
        return open_at(cx, "", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, ret);
    int rc = open_at(cx, path,
                     flags & STORE_READ_ONLY ? SQLITE_OPEN_READONLY
                                             : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                     ret);

    return rc < 0 ? fail_while(cx, rc, "%s", path) : 0;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    sqlite3_close_v2(store->db);
    store->db = NULL;
}

void store_closep(struct store **store)
{
    store_close(*store);
    *store = NULL;
}

int store_snapshot(struct ctx *cx, struct store *store, struct str *ret)
{
    sqlite3_int64 n = 0;
    unsigned char *bytes = sqlite3_serialize(store->db, "main", &n, 0);

    if (!bytes)
        return fail(cx, RC_FAIL, NULL, _("Copying the database: there is not enough memory"));
    *ret = str_copy(cx->mem, (struct str){(const char *)bytes, (size_t)n});
    sqlite3_free(bytes);
    return 0;
}

int store_open_snapshot(struct ctx *cx, struct str bytes, struct store **ret)
{
    struct store *store;

    TRY(open_at(cx, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &store));
    /* With READONLY and without RESIZEABLE or FREEONCLOSE SQLite never writes to the bytes. */
    unsigned char *p = (unsigned char *)(uintptr_t)bytes.p;
    int code = sqlite3_deserialize(store->db, "main", p, (sqlite3_int64)bytes.n,
                                   (sqlite3_int64)bytes.n, SQLITE_DESERIALIZE_READONLY);

    if (code != SQLITE_OK) {
        int rc = store_fail(cx, store, code, _("Opening the copy of the database"));

        store_close(store);
        return rc;
    }
    *ret = store;
    return 0;
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
