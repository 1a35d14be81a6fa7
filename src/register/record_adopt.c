/* A ledger that begins: versions that were written without one get their entries. */
#include "register/record_parts.h"
#include "register/replay.h"

#define PAGE 200
#define PAGE_BYTES ((size_t)2 * 1024 * 1024 * 1024)

struct adoption {
    const struct record_store *rs;
    struct log_batch batch;
    size_t n; /* versions of the last page */
};

static int seq_before(struct ctx *cx, const struct record_store *rs, const struct record *record,
                      int64_t *ret)
{
    KEPT(q);
    bool row = false;

    if (record->rev > 1) {
        TRY(record_prepare(
            cx, rs, STR("SELECT seq FROM record_version WHERE id = :id AND rev = :rev"), &q));
        TRY(stmt_bind_text(cx, q.s, "id", record->id));
        TRY(stmt_bind_int(cx, q.s, "rev", record->rev - 1));
        TRY(stmt_step(cx, q.s, &row));
    }
    *ret = row ? stmt_int(q.s, 0) : 0;
    return 0;
}

/* As it was written, whatever its definition has become since. */
static int adopt_one(struct ctx *cx, struct adoption *a, struct record *record)
{
    struct value *body = NULL;
    int64_t before;

    if (record->stored.n > 0)
        TRY(json_parse(cx, "record_version", record->stored, &body));
    record->body = body;
    TRY(seq_before(cx, a->rs, record, &before));
    return record_version_seal(cx, a->rs, record, before, &a->batch);
}

static int read_page(struct ctx *cx, struct adoption *a, struct record *records)
{
    bool row;
    KEPT(q);

    TRY(record_prepare(cx, a->rs,
                       STR("SELECT " RECORD_COLUMNS " FROM record_version v WHERE v.seq > :after "
                           "ORDER BY v.seq LIMIT 200"),
                       &q));
    TRY(stmt_bind_int(cx, q.s, "after", (int64_t)a->batch.head.frontier.size));
    for (a->n = 0;; a->n++) {
        TRY(stmt_step(cx, q.s, &row));
        if (!row)
            return 0;
        TRY(record_of_row(cx, cx->mem, a->rs, q.s, &records[a->n]));
    }
}

static int adopt_page(struct ctx *cx, struct adoption *a)
{
    struct record *records = arena_array(cx->mem, PAGE, sizeof *records);

    TRY(read_page(cx, a, records));
    for (size_t i = 0; i < a->n; i++) {
        if (records[i].seq != (int64_t)a->batch.head.frontier.size + 1)
            return fail(
                cx, RC_FAIL, NULL,
                _("Version %lld is missing, so that no ledger can begin; restore a backup."),
                (long long)a->batch.head.frontier.size + 1);
        TRY(adopt_one(cx, a, &records[i]));
    }
    return 0;
}

int record_adopt(struct ctx *cx, const struct record_store *rs)
{
    struct adoption a = {.rs = rs, .n = PAGE};

    TRY(log_batch_begin(cx, record_log(rs), &a.batch));
    while (a.n == PAGE) {
        struct ctx page = ctx_in(cx, arena_new(PAGE_BYTES));
        int rc = ctx_end(cx, &page, adopt_page(&page, &a));
        a.batch.head.at = str_copy(cx->mem, a.batch.head.at);
        arena_free(page.mem);
        TRY(rc);
    }
    return log_batch_end(cx, record_log(rs), &a.batch);
}

int record_ledger_begin(struct ctx *cx, const struct record_store *rs)
{
    struct log_head head;
    struct str wrapped;
    int rc = log_head(cx, record_log(rs), &head);

    if (rc != RC_NOT_FOUND)
        return rc;
    TRY(organisation_key_wrapped(cx, rs, &wrapped));
    if (wrapped.n > 0)
        return fail(cx, RC_FAIL, NULL,
                    _("The ledger is gone from %.*s, where it was: something else than Assay took "
                      "it away. Restore a backup."),
                    STR_ARG(store_place(rs->store)));
    TRY(log_begin(cx, rs->store, rs->keys->origin));
    TRY(organisation_key_make(cx, rs));
    return record_adopt(cx, rs);
}
