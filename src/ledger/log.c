#include "ledger/log_parts.h"

static const char *const SQL[STATEMENTS] = {
    [GET_HEAD] = "SELECT origin, size, root, frontier, at FROM ledger_head",
    [PUT_HEAD] =
        "UPDATE ledger_head SET size = :size, root = :root, frontier = :frontier, at = :at",
    [PUT_ENTRY] = "INSERT INTO ledger_entry (n, bytes) VALUES (:n, :bytes)",
    [PUT_NODE] = "INSERT INTO ledger_node (level, n, hash) VALUES (:level, :n, :hash)",
    [GET_ENTRY] = "SELECT bytes FROM ledger_entry WHERE n = :n",
    [GET_NODE] = "SELECT hash FROM ledger_node WHERE level = :level AND n = :n",
};

/* ---- digits ---- */

struct str log_hex(struct arena *mem, const struct hash *hash)
{
    return hash_hex(mem, (struct str){(const char *)hash->b, sizeof hash->b});
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool log_unhex(struct str hex, struct hash *ret)
{
    if (hex.n != 2 * sizeof ret->b)
        return false;
    for (size_t i = 0; i < sizeof ret->b; i++) {
        int high = digit(hex.p[2 * i]), low = digit(hex.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        ret->b[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

/* ---- statements ---- */

struct log *log_open(struct store *store)
{
    struct arena *mem = arena_new(0);
    struct log *log = ARENA_NEW(mem, struct log);

    *log = (struct log){.mem = mem, .store = store};
    return log;
}

void log_close(struct log *log)
{
    if (log == NULL)
        return;
    for (size_t i = 0; i < STATEMENTS; i++)
        stmt_free(log->statements[i]);
    arena_free(log->mem);
}

/* One that runs at a time: none of ours is open when another is asked for. */
static int statement(struct ctx *cx, struct log *log, enum log_statement which, struct stmt **ret)
{
    struct ctx in = ctx_in(cx, log->mem);

    *ret = log->statements[which];
    if (*ret != NULL) {
        stmt_reset(*ret);
        return 0;
    }
    int rc = store_prepare(&in, log->store, str_of(SQL[which]), &log->statements[which]);
    *ret = log->statements[which];
    return ctx_end(cx, &in, rc);
}

/* ---- the head ---- */

int log_begin(struct ctx *cx, struct store *store, struct str origin)
{
    const struct hash root = hash_sha256(NULL, 0);
    STMT(s);

    TRY(store_prepare(cx, store,
                      STR("INSERT INTO ledger_head (id, origin, size, root, frontier, at) VALUES "
                          "(1, :origin, 0, :root, '', '')"),
                      &s));
    TRY(stmt_bind_text(cx, s, "origin", origin));
    TRY(stmt_bind_text(cx, s, "root", log_hex(cx->mem, &root)));
    return stmt_run(cx, s);
}

int log_clear(struct ctx *cx, struct store *store)
{
    return store_exec(
        cx, store, "ledger",
        STR("DELETE FROM ledger_stamp; DELETE FROM ledger_checkpoint; DELETE FROM ledger_key; "
            "DELETE FROM ledger_node; DELETE FROM ledger_entry; DELETE FROM ledger_head"));
}

static int broken(struct ctx *cx, const char *what)
{
    return fail(cx, RC_FAIL, what,
                _("The ledger cannot be read: its %s is not what Assay wrote. To see what was "
                  "changed: assay ledger verify."),
                what);
}

static int read_frontier(struct ctx *cx, struct str text, struct merkle_frontier *ret)
{
    const size_t digits = 2 * HASH_BYTES;
    size_t at = 0;

    for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
        if ((ret->size >> level & 1) == 0)
            continue;
        if (!log_unhex(str_sub(text, at, digits), &ret->roots[level]))
            return broken(cx, "head");
        at += digits;
    }
    return at == text.n ? 0 : broken(cx, "head");
}

int log_head(struct ctx *cx, struct log *log, struct log_head *ret)
{
    struct stmt *s;
    bool row;

    *ret = (struct log_head){.at = STR_NONE};
    TRY(statement(cx, log, GET_HEAD, &s));
    TRY(stmt_step(cx, s, &row));
    if (!row)
        return fail(cx, RC_NOT_FOUND, NULL, _("There is no ledger here yet."));
    ret->origin = stmt_text(cx->mem, s, 0);
    ret->frontier.size = (uint64_t)stmt_int(s, 1);
    ret->at = stmt_text(cx->mem, s, 4);
    if (stmt_int(s, 1) < 0 || !log_unhex(stmt_text(cx->mem, s, 2), &ret->root))
        return broken(cx, "head");
    TRY(read_frontier(cx, stmt_text(cx->mem, s, 3), &ret->frontier));
    stmt_reset(s);
    return 0;
}

static struct str frontier_text(struct arena *mem, const struct merkle_frontier *frontier)
{
    struct buf out = buf_new(mem);

    for (unsigned level = 0; level < MERKLE_LEVELS; level++)
        if ((frontier->size >> level & 1) != 0)
            buf_add(&out, log_hex(mem, &frontier->roots[level]));
    return buf_str(&out);
}

static int put_head(struct ctx *cx, struct log *log, const struct log_head *head)
{
    const struct hash root = merkle_root(&head->frontier);
    struct stmt *s;

    TRY(statement(cx, log, PUT_HEAD, &s));
    TRY(stmt_bind_int(cx, s, "size", (int64_t)head->frontier.size));
    TRY(stmt_bind_text(cx, s, "root", log_hex(cx->mem, &root)));
    TRY(stmt_bind_text(cx, s, "frontier", frontier_text(cx->mem, &head->frontier)));
    TRY(stmt_bind_text(cx, s, "at", head->at));
    return stmt_run(cx, s);
}

/* ---- growing ---- */

static int put_entry(struct ctx *cx, struct log *log, uint64_t n, struct str entry)
{
    struct stmt *s;

    if (entry.n > LOG_ENTRY_BYTES)
        return fail(cx, RC_LIMIT, NULL, _("An entry of the ledger has at most %u bytes, not %zu."),
                    LOG_ENTRY_BYTES, entry.n);
    TRY(statement(cx, log, PUT_ENTRY, &s));
    TRY(stmt_bind_int(cx, s, "n", (int64_t)n));
    TRY(stmt_bind_text(cx, s, "bytes", entry));
    return stmt_run(cx, s);
}

static int put_node(struct ctx *cx, struct log *log, const struct merkle_made *node)
{
    struct stmt *s;

    TRY(statement(cx, log, PUT_NODE, &s));
    TRY(stmt_bind_int(cx, s, "level", node->level));
    TRY(stmt_bind_int(cx, s, "n", (int64_t)node->index));
    TRY(stmt_bind_text(cx, s, "hash", log_hex(cx->mem, &node->hash)));
    return stmt_run(cx, s);
}

int log_batch_begin(struct ctx *cx, struct log *log, struct log_batch *ret)
{
    return log_head(cx, log, &ret->head);
}

int log_batch_add(struct ctx *cx, struct log *log, struct log_batch *batch, struct str entry,
                  struct str at)
{
    struct merkle_made made[MERKLE_LEVELS];
    const struct hash leaf = merkle_leaf(entry);

    TRY(put_entry(cx, log, batch->head.frontier.size, entry));
    for (unsigned i = 0, n = merkle_append(&batch->head.frontier, &leaf, made); i < n; i++)
        TRY(put_node(cx, log, &made[i]));
    batch->head.at = at;
    return 0;
}

int log_batch_end(struct ctx *cx, struct log *log, const struct log_batch *batch)
{
    return put_head(cx, log, &batch->head);
}

int log_batch_next(struct ctx *cx, const struct log_batch *batch, uint64_t n)
{
    if (batch->head.frontier.size == n)
        return 0;
    return fail(cx, RC_FAIL, NULL,
                _("The ledger has %llu entries, and version %llu was to come: the store was "
                  "changed by something else. To see what: assay ledger verify."),
                (unsigned long long)batch->head.frontier.size, (unsigned long long)n + 1);
}

int log_append(struct ctx *cx, struct log *log, uint64_t n, struct str entry, struct str at)
{
    struct log_batch batch;

    TRY(log_batch_begin(cx, log, &batch));
    TRY(log_batch_next(cx, &batch, n));
    TRY(log_batch_add(cx, log, &batch, entry, at));
    return log_batch_end(cx, log, &batch);
}

/* ---- reading ---- */

int log_entry(struct ctx *cx, struct log *log, uint64_t n, struct str *ret)
{
    struct stmt *s;
    bool row;

    TRY(statement(cx, log, GET_ENTRY, &s));
    TRY(stmt_bind_int(cx, s, "n", (int64_t)n));
    TRY(stmt_step(cx, s, &row));
    if (!row)
        return fail(cx, RC_NOT_FOUND, NULL, _("The ledger has no entry %llu."),
                    (unsigned long long)n);
    *ret = stmt_text(cx->mem, s, 0);
    stmt_reset(s);
    return 0;
}

static int read_node(void *arg, struct ctx *cx, unsigned level, uint64_t index, struct hash *ret)
{
    struct stmt *s;
    bool row;

    TRY(statement(cx, arg, GET_NODE, &s));
    TRY(stmt_bind_int(cx, s, "level", level));
    TRY(stmt_bind_int(cx, s, "n", (int64_t)index));
    TRY(stmt_step(cx, s, &row));
    if (!row || !log_unhex(stmt_text(cx->mem, s, 0), ret))
        return fail(cx, RC_FAIL, NULL,
                    _("The ledger's node %llu of level %u is not there, or is none. To see what "
                      "was changed: assay ledger verify."),
                    (unsigned long long)index, level);
    stmt_reset(s);
    return 0;
}

static int reached(struct ctx *cx, struct log *log, uint64_t size)
{
    struct log_head head;

    TRY(log_head(cx, log, &head));
    if (size <= head.frontier.size)
        return 0;
    return fail(cx, RC_INVALID, NULL, _("The ledger has %llu entries, not %llu."),
                (unsigned long long)head.frontier.size, (unsigned long long)size);
}

int log_root(struct ctx *cx, struct log *log, uint64_t size, struct hash *ret)
{
    TRY(reached(cx, log, size));
    return merkle_root_of(cx, read_node, log, size, ret);
}

int log_inclusion(struct ctx *cx, struct log *log, uint64_t n, uint64_t size,
                  struct merkle_proof *ret)
{
    TRY(reached(cx, log, size));
    return merkle_inclusion(cx, read_node, log, n, size, ret);
}

int log_consistency(struct ctx *cx, struct log *log, uint64_t old, uint64_t size,
                    struct merkle_proof *ret)
{
    TRY(reached(cx, log, size));
    return merkle_consistency(cx, read_node, log, old, size, ret);
}
