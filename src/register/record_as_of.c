/* Registers as they were: their tables once more, in a private store, from versions. */
#include "register/record_parts.h"

struct filling {
    const struct record_snapshot *then;
    const struct record_store *rs;
    int64_t most;
};

static int put(void *arg, struct ctx *cx, const struct record *record)
{
    const struct filling *f = arg;
    CLEANUP(arena_freep) struct arena *mem = arena_new(0);
    struct record plain = *record;
    struct ctx in = ctx_in(cx, mem);

    if (record->body == NULL)
        return 0;
    plain.stored = STR_NONE; /* nothing is sealed there */
    int rc = record_version_put(&in, &f->then->records, &plain);

    if (rc == 0)
        rc = record_rows_put(&in, &f->then->records, &plain);
    return ctx_end(cx, &in, rc);
}

static int make(struct ctx *cx, struct filling *f, const struct register_def *def)
{
    const struct kept_shape *shape;

    TRY(record_shape(cx, &f->then->records, def, &shape));
    TRY(store_exec(cx, f->then->store, def->file,
                   store_ddl(cx->mem, f->then->store, kept_create_sql(cx->mem, shape, false))));
    return record_each_last(cx, f->rs, def, f->most, put, f);
}

/* Its own, and those whose refs its records are shown and sorted by. */
static bool is_needed(const struct registers *registers, const struct register_def *def,
                      const struct register_def *only)
{
    if (!record_is_kept(def))
        return false;
    if (only == NULL || def == only)
        return true;
    for (size_t i = 0; i < only->field_n; i++)
        if (record_target(registers, &only->fields[i]) == def)
            return true;
    return false;
}

static int fill_all(struct ctx *cx, struct filling *f, const struct register_def *only)
{
    const struct registers *registers = f->rs->registers;

    TX(tx, cx, f->then->store);
    for (size_t i = 0; i < registers->n; i++)
        if (is_needed(registers, &registers->items[i], only))
            TRY(make(cx, f, &registers->items[i]));
    return tx_commit(cx, &tx);
}

int record_snapshot_open(struct ctx *cx, const struct record_store *rs, struct str as_of,
                         const struct register_def *only, struct record_snapshot *ret)
{
    struct filling f = {.then = ret, .rs = rs};

    TRY(record_seq_at(cx, rs, as_of, &f.most));
    TRY(store_open(cx, NULL, 0, &ret->store));
    record_store_open(ret->store, rs->registers, NULL, &ret->records);
    TRY(record_migrate(cx, ret->store, NULL, NULL));
    return fill_all(cx, &f, only);
}

void record_snapshot_end(struct record_snapshot *snapshot)
{
    if (snapshot->store == NULL)
        return;
    record_store_close(&snapshot->records);
    store_close(snapshot->store);
    snapshot->store = NULL;
}
