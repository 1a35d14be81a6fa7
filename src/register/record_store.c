/* A view of an organisation's store: statements that are prepared once, shapes of tables, and the
 * numbered scripts. */
#include "register/record_parts.h"

#include <assert.h>

#include "register/schema.h"

#define STATEMENTS 500u /* that are kept ready */
#define SCHEMA_FOLDER "schema/organisation/"

struct record_cached {
    struct stmt *s;
    bool busy;
    bool own; /* not in the cache: ends with its use */
    struct record_cached *next;
};

struct record_cache {
    struct arena *mem;
    struct dict *statements; /* by SQL */
    struct dict *shapes;     /* by register */
    struct record_cached *all;
    size_t n;
    struct log *log;                /* NULL until it is needed */
    struct record_secrets *secrets; /* the same */
};

/* ---- the cache ---- */

static void empty_cache(struct record_cache *cache)
{
    cache->mem = arena_new(0);
    cache->statements = dict_new(cache->mem);
    cache->shapes = dict_new(cache->mem);
    cache->all = NULL;
    cache->n = 0;
}

static void end_cache(struct record_cache *cache)
{
    for (struct record_cached *c = cache->all; c != NULL; c = c->next) {
        assert(!c->busy);
        stmt_free(c->s);
    }
    arena_free(cache->mem);
}

void record_store_open(struct store *store, const struct registers *registers,
                       struct record_keys *keys, struct record_store *ret)
{
    struct record_cache *cache = calloc(1, sizeof *cache);

    if (cache == NULL)
        abort();
    empty_cache(cache);
    *ret =
        (struct record_store){.store = store, .registers = registers, .keys = keys, .cache = cache};
}

void record_store_close(struct record_store *rs)
{
    if (rs->cache == NULL)
        return;
    end_cache(rs->cache);
    log_close(rs->cache->log);
    record_secrets_free(rs->cache->secrets);
    free(rs->cache);
    rs->cache = NULL;
}

struct log *record_log(const struct record_store *rs)
{
    if (rs->cache->log == NULL)
        rs->cache->log = log_open(rs->store);
    return rs->cache->log;
}

struct record_secrets *record_secrets(const struct record_store *rs)
{
    if (rs->cache->secrets == NULL)
        rs->cache->secrets = record_secrets_new();
    return rs->cache->secrets;
}

void record_forget(const struct record_store *rs)
{
    if (rs->cache == NULL)
        return;
    end_cache(rs->cache);
    empty_cache(rs->cache);
}

/* ---- statements ---- */

/* What outlives the request is made in the cache's memory; errors are the request's. */
static int prepare_in(struct ctx *cx, struct arena *mem, const struct record_store *rs,
                      struct str sql, struct stmt **ret)
{
    struct ctx in = ctx_in(cx, mem);

    return ctx_end(cx, &in, store_prepare(&in, rs->store, sql, ret));
}

static int prepare_own(struct ctx *cx, const struct record_store *rs, struct str sql,
                       struct kept_stmt *ret)
{
    struct record_cached *own = ARENA_NEW(cx->mem, struct record_cached);

    TRY(store_prepare(cx, rs->store, sql, &own->s));
    own->own = true;
    *ret = (struct kept_stmt){own->s, own};
    return 0;
}

static int prepare_kept(struct ctx *cx, const struct record_store *rs, struct str sql,
                        struct record_cached **ret)
{
    struct record_cache *cache = rs->cache;
    struct record_cached *kept = ARENA_NEW(cache->mem, struct record_cached);

    /* The names of its parameters may stand in its own text. */
    sql = str_copy(cache->mem, sql);
    TRY(prepare_in(cx, cache->mem, rs, sql, &kept->s));
    kept->next = cache->all;
    cache->all = kept;
    cache->n++;
    dict_set(cache->statements, sql, kept);
    *ret = kept;
    return 0;
}

int record_prepare(struct ctx *cx, const struct record_store *rs, struct str sql,
                   struct kept_stmt *ret)
{
    struct record_cached *kept = NULL;

    if (rs->cache != NULL) {
        const void *found = dict_get(rs->cache->statements, sql);
        kept = (struct record_cached *)(uintptr_t)found;
    }
    if (rs->cache == NULL || (kept != NULL && kept->busy) ||
        (kept == NULL && rs->cache->n >= STATEMENTS))
        return prepare_own(cx, rs, sql, ret);
    if (kept == NULL)
        TRY(prepare_kept(cx, rs, sql, &kept));
    kept->busy = true;
    *ret = (struct kept_stmt){kept->s, kept};
    return 0;
}

void kept_stmt_end(struct kept_stmt *stmt)
{
    if (stmt->of == NULL)
        return;
    if (stmt->of->own) {
        stmt_free(stmt->s);
    } else {
        stmt_reset(stmt->s);
        stmt->of->busy = false;
    }
    *stmt = (struct kept_stmt){NULL, NULL};
}

int record_shape(struct ctx *cx, const struct record_store *rs, const struct register_def *def,
                 const struct kept_shape **ret)
{
    struct arena *mem = rs->cache != NULL ? rs->cache->mem : cx->mem;
    struct kept_shape *made = NULL;

    *ret = rs->cache != NULL ? dict_get(rs->cache->shapes, def->id) : NULL;
    if (*ret != NULL)
        return 0;
    TRY(kept_shape_new(cx, mem, rs->registers, def, &made));
    if (rs->cache != NULL)
        dict_set(rs->cache->shapes, def->id, made);
    *ret = made;
    return 0;
}

/* ---- numbered scripts ---- */

int record_migrate(struct ctx *cx, struct store *store, store_before *before, void *arg)
{
    struct content content;

    TRY(content_open(cx, NULL, &content));
    return schema_migrate(cx, store, &content, SCHEMA_FOLDER, before, arg);
}
