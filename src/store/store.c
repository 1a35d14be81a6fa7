/* Stores and transactions, as far as they are the same on every database. */
#include "store/internal.h"
#include "store/sql_text.h"

bool store_is_url(const char *where)
{
    struct str s = str_of(where);

    return str_starts(s, STR("postgresql://")) || str_starts(s, STR("postgres://"));
}

static int opened(struct ctx *cx, int rc, unsigned flags, struct store *store, struct store **ret)
{
    TRY(rc);
    store->flags = flags | (store->frozen ? STORE_READ_ONLY : 0);
    store->today = cx->today;
    store->deadline_ms = STORE_DEADLINE_MS;
    *ret = store;
    return 0;
}

int store_open_schema(struct ctx *cx, const char *where, const char *schema, unsigned flags,
                      struct store **ret)
{
    struct store *store = NULL;
    int rc = where && store_is_url(where) ? postgres_open(cx, where, schema, flags, &store)
                                          : sqlite_open(cx, where, flags, &store);

    return opened(cx, rc, flags, store, ret);
}

int store_open(struct ctx *cx, const char *where, unsigned flags, struct store **ret)
{
    return store_open_schema(cx, where, "public", flags, ret);
}

void store_close(struct store *store)
{
    if (store)
        store->driver->close(store);
}

void store_closep(struct store **store)
{
    store_close(*store);
    *store = NULL;
}

enum store_dialect store_dialect(const struct store *store)
{
    return store->driver->dialect;
}

struct str store_place(const struct store *store)
{
    return store->place;
}

enum store_cause store_cause(const struct store *store)
{
    return store->cause;
}

void store_set_deadline(struct store *store, unsigned ms)
{
    store->deadline_ms = ms ? (int)ms : STORE_DEADLINE_MS;
    if (store->driver->set_deadline)
        store->driver->set_deadline(store);
}

int64_t store_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int store_failed(struct ctx *cx, struct store *store, enum rc rc, enum store_cause cause,
                 const char *what, const char *why)
{
    store->cause = cause;
    if (store->depth && !store->broken)
        store->broken = store->depth;
    return fail(cx, rc, NULL, "%s: %s", what, why);
}

int store_ready(struct ctx *cx, struct store *store)
{
    if (store->broken)
        return fail(cx, RC_CONFLICT, NULL,
                    _("A statement failed in this transaction, which can only be rolled back"));
    store->cause = STORE_CAUSE_OTHER;
    if (store->depth || date_cmp(store->today, cx->today) == 0)
        return 0;
    store->today = cx->today;
    return store->driver->set_today ? store->driver->set_today(cx, store) : 0;
}

int store_exec(struct ctx *cx, struct store *store, const char *name, struct str sql)
{
    TRY(store_ready(cx, store));
    return store->driver->exec(cx, store, name, str_z(cx->mem, sql));
}

int store_scrub(struct ctx *cx, struct store *store)
{
    TRY(store_ready(cx, store));
    if (store->depth)
        return fail(cx, RC_INVALID, NULL, _("Writing all anew: a transaction is open"));
    return store->driver->scrub(cx, store);
}

int store_copy(struct ctx *cx, struct store *store, const char *path)
{
    STMT(s);

    if (store_dialect(store) != STORE_SQLITE || store->depth)
        return fail(cx, RC_INVALID, NULL,
                    _("Copying a store: only a file, outside of transactions"));
    TRY(store_prepare(cx, store, STR("VACUUM INTO :path"), &s));
    TRY(stmt_bind_text(cx, s, "path", str_of(path)));
    return stmt_run(cx, s);
}

struct str store_ddl(struct arena *mem, const struct store *store, struct str sql)
{
    return store_dialect(store) == STORE_SQLITE ? sql : sql_postgres_ddl(mem, sql);
}

int64_t store_last_id(const struct store *store)
{
    return store->driver->last_id ? store->driver->last_id(store) : 0;
}

/* Transactions. The outermost is a real one, those inside are savepoints. */

static int begin_inner(struct ctx *cx, struct store *store, bool writes)
{
    char z[64];

    if (writes && !store->writes)
        return fail(cx, RC_INVALID, NULL,
                    _("Beginning a transaction: the one around it only reads"));
    snprintf(z, sizeof z, "SAVEPOINT tx%u", store->depth + 1);
    return store->driver->exec(cx, store, z, z);
}

static int begin_outer(struct ctx *cx, struct store *store, bool writes)
{
    if (writes && store->flags & STORE_READ_ONLY)
        return fail(cx, RC_DENIED, NULL,
                    store->frozen
                        ? _("%.*s lies on a disk that can only be read. Nothing was changed: make "
                            "the disk writable, or work on a copy of the folder on another.")
                        : _("%.*s was opened for reading only"),
                    STR_ARG(store->place));
    TRY(store->driver->begin(cx, store, writes));
    store->writes = writes;
    return 0;
}

static int begin(struct ctx *cx, struct store *store, bool writes, struct tx *ret)
{
    TRY(store_ready(cx, store));
    TRY(store->depth ? begin_inner(cx, store, writes) : begin_outer(cx, store, writes));
    *ret = (struct tx){store, ++store->depth};
    return 0;
}

int tx_begin(struct ctx *cx, struct store *store, struct tx *ret)
{
    return begin(cx, store, true, ret);
}

int tx_begin_read(struct ctx *cx, struct store *store, struct tx *ret)
{
    return begin(cx, store, false, ret);
}

static void over(struct tx *tx)
{
    struct store *store = tx->store;

    store->depth = tx->depth - 1;
    if (store->broken > store->depth)
        store->broken = 0;
    tx->store = NULL;
    if (store->depth == 0 && store->driver->ended)
        store->driver->ended(store);
}

int tx_commit(struct ctx *cx, struct tx *tx)
{
    char z[64];

    TRY(store_ready(cx, tx->store));
    if (tx->depth == 1)
        snprintf(z, sizeof z, "COMMIT");
    else
        snprintf(z, sizeof z, "RELEASE tx%u", tx->depth);
    TRY(tx->store->driver->exec(cx, tx->store, z, z));
    struct store *store = tx->store;
    bool shares = store->group != NULL && tx->depth == 1 && store->writes;

    over(tx);
    return shares ? store_group_save(cx, store) : 0;
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
    /* An error here means that the database has rolled back by itself: the same end. */
    tx->store->driver->undo(tx->store, z);
    over(tx);
}
