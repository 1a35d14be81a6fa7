#include "register/replay.h"

#include "register/record_parts.h"
#include "register/record_search.h"

#define PAGE 200
#define PAGE_BYTES ((size_t)2 * 1024 * 1024 * 1024)
#define MADE_WITH 3 /* records that a new organisation has */

/* ---- out ---- */

struct page {
    struct ctx cx; /* its memory goes with it */
    int64_t after;
    size_t n;
};

int replay_registers(struct ctx *cx, const struct record_store *rs, struct value **ret)
{
    struct value *ids = value_list(cx->mem);
    KEPT(q);
    bool row;

    TRY(record_prepare(cx, rs,
                       STR("SELECT DISTINCT register FROM record_version ORDER BY register"), &q));
    for (;;) {
        TRY(stmt_step(cx, q.s, &row));
        if (!row)
            break;
        value_push(ids, value_text(cx->mem, stmt_text(cx->mem, q.s, 0)));
    }
    *ret = ids;
    return 0;
}

static int read_page(struct ctx *cx, const struct record_store *rs, struct str id,
                     struct page *page, record_each *each, void *arg)
{
    bool row;
    KEPT(q);

    TRY(record_prepare(&page->cx, rs,
                       STR("SELECT " RECORD_COLUMNS
                           " FROM record_version v WHERE v.register = :register AND v.seq > :after "
                           "ORDER BY v.seq LIMIT 200"),
                       &q));
    TRY(stmt_bind_text(&page->cx, q.s, "register", id));
    TRY(stmt_bind_int(&page->cx, q.s, "after", page->after));
    for (page->n = 0;; page->n++) {
        struct record record;
        TRY(stmt_step(&page->cx, q.s, &row));
        if (!row)
            return 0;
        TRY(record_of_row(&page->cx, page->cx.mem, rs, q.s, &record));
        page->after = record.seq;
        TRY(each(arg, &page->cx, &record));
        TRY(ctx_check(cx));
    }
}

int replay_read(struct ctx *cx, const struct record_store *rs, struct str id, record_each *each,
                void *arg)
{
    struct page page = {.n = PAGE};
    int rc = 0;

    while (rc == 0 && page.n == PAGE) {
        page.cx = ctx_in(cx, arena_new(PAGE_BYTES));
        rc = ctx_end(cx, &page.cx, read_page(cx, rs, id, &page, each, arg));
        arena_free(page.cx.mem);
    }
    return rc;
}

/* ---- in ---- */

int replay_is_empty(struct ctx *cx, const struct record_store *rs, bool *ret)
{
    bool row;
    KEPT(q);

    TRY(record_prepare(cx, rs,
                       STR("SELECT count(*), max(rev), count(DISTINCT register) "
                           "FROM record_version"),
                       &q));
    TRY(stmt_step(cx, q.s, &row));
    *ret = stmt_int(q.s, 0) <= MADE_WITH && stmt_int(q.s, 1) <= 1 &&
           stmt_int(q.s, 0) == stmt_int(q.s, 2);
    return 0;
}

/* Records that refer to each other go together: the database asks at the transaction's end. */
static int drop_record(void *arg, struct ctx *cx, const struct record *record)
{
    const struct record_store *rs = arg;

    return record->def == NULL || record->body == NULL
               ? 0
               : record_rows_drop(cx, rs, record->def, record->id);
}

int replay_clear(struct ctx *cx, const struct record_store *rs)
{
    static const char *const scripts[] = {"DELETE FROM record_key", "DELETE FROM record_number",
                                          "DELETE FROM record_version"};

    TRY(record_changes(cx, rs, 0, STR_NONE, drop_record, (void *)(uintptr_t)rs));
    for (size_t i = 0; i < COUNT_OF(scripts); i++)
        TRY(store_exec(cx, rs->store, "replay", str_of(scripts[i])));
    return replay_ledger_clear(cx, rs);
}

int replay_write(struct ctx *cx, const struct record_store *rs, const struct record *record)
{
    return record_version_put(cx, rs, record);
}

int replay_number(struct ctx *cx, const struct record_store *rs, struct str id, int64_t *ret)
{
    bool row;
    KEPT(q);

    TRY(record_prepare(cx, rs, STR("SELECT last FROM record_number WHERE register = :register"),
                       &q));
    TRY(stmt_bind_text(cx, q.s, "register", id));
    TRY(stmt_step(cx, q.s, &row));
    *ret = row ? stmt_int(q.s, 0) : 0;
    return 0;
}

int replay_set_number(struct ctx *cx, const struct record_store *rs, struct str id, int64_t number)
{
    KEPT(q);

    TRY(record_prepare(cx, rs,
                       STR("INSERT INTO record_number (register, last) VALUES (:register, :last) "
                           "ON CONFLICT (register) DO UPDATE SET last = excluded.last"),
                       &q));
    TRY(stmt_bind_text(cx, q.s, "register", id));
    TRY(stmt_bind_int(cx, q.s, "last", number));
    return stmt_run(cx, q.s);
}

/* In any order: the database looks at references when all is there. */
static int put_record(void *arg, struct ctx *cx, const struct record *record)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(0);
    struct ctx in = ctx_in(cx, mem);

    if (record->def == NULL || record->body == NULL)
        return 0;
    return ctx_end(cx, &in, record_rows_put(&in, arg, record));
}

/* Archives of earlier programs have the instants of signing. */
static int fit_checkpoints(struct ctx *cx, const struct record_store *rs)
{
    return store_exec(cx, rs->store, "ledger_checkpoint",
                      STR("UPDATE ledger_checkpoint SET at = COALESCE((SELECT v.at FROM "
                          "record_version v WHERE v.seq = ledger_checkpoint.size), at)"));
}

int replay_finish(struct ctx *cx, const struct record_store *rs)
{
    struct value *problems = value_list(cx->mem);
    const struct value *first;

    TRY(fit_checkpoints(cx, rs));
    TRY(record_changes(cx, rs, 0, STR_NONE, put_record, (void *)(uintptr_t)rs));
    TRY(record_search_rebuild(cx, rs));
    TRY(record_doctor(cx, rs, false, problems));
    if (value_count(problems) == 0)
        return 0;
    first = value_at(problems, 0);
    return fail(cx, RC_INVALID, NULL, "%.*s, %.*s: %.*s",
                STR_ARG(value_get_text(first, "register")), STR_ARG(value_get_text(first, "ref")),
                STR_ARG(value_get_text(first, "message")));
}

/* ---- comparing ---- */

struct value *replay_value(struct arena *mem, const struct record *record)
{
    struct value *v = value_map(mem);

    value_set_int(v, "seq", record->seq);
    value_set_text(v, "id", record->id);
    value_set_text(v, "ref", record->ref);
    value_set_int(v, "rev", record->rev);
    value_set_text(v, "at", record->at);
    value_set_text(v, "actor", record->actor);
    value_set_text(v, "role", record->role);
    value_set_text(v, "via", record->via);
    value_set_text(v, "act", record->act);
    value_set(v, "body", (struct value *)(uintptr_t)record->body);
    if (record->stored.n > 0)
        value_set_text(v, "sealed", record->stored);
    return v;
}

struct digest {
    struct hash hash; /* of the hash before and the version */
    uint64_t n;
};

static int add_version(void *arg, struct ctx *cx, const struct record *record)
{
    struct digest *digest = arg;
    struct buf out = buf_new(cx->mem);

    value_json(&out, replay_value(cx->mem, record), 0);
    digest->hash = hash_sha256(
        (struct str[]){{(const char *)digest->hash.b, sizeof digest->hash.b}, buf_str(&out)}, 2);
    digest->n++;
    return 0;
}

int replay_digest(struct ctx *cx, const struct record_store *rs, struct str *ret,
                  uint64_t *ret_versions)
{
    struct digest digest = {.n = 0};

    for (size_t i = 0; i < rs->registers->n; i++)
        if (record_is_kept(&rs->registers->items[i]))
            TRY(replay_read(cx, rs, rs->registers->items[i].id, add_version, &digest));
    *ret = hash_hex(cx->mem, (struct str){(const char *)digest.hash.b, sizeof digest.hash.b});
    *ret_versions = digest.n;
    return 0;
}
