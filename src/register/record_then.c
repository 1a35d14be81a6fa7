/* Records as they were at a moment, for whoever asks several things of them; and what SELECTs of
 * definitions give. */
#include "register/record_parts.h"

struct record_then {
    struct record_snapshot past; /* not open where it is now */
    const struct record_store *records;
};

int record_then_open(struct ctx *cx, const struct record_store *rs, struct str as_of,
                     struct record_then **ret)
{
    struct record_then *then = ARENA_NEW(cx->mem, struct record_then);

    *then = (struct record_then){.records = rs};
    *ret = then;
    if (as_of.n == 0)
        return 0;
    then->records = &then->past.records;
    return record_snapshot_open(cx, rs, as_of, NULL, &then->past);
}

const struct record_store *record_then_records(const struct record_then *then)
{
    return then->records;
}

void record_then_closep(struct record_then **then)
{
    if (*then != NULL)
        record_snapshot_end(&(*then)->past);
    *then = NULL;
}

int record_select(struct ctx *cx, const struct record_store *rs, struct str sql, struct value **ret)
{
    struct value *rows = value_list(cx->mem);
    bool row;
    KEPT(q);

    TRY(record_prepare(cx, rs, sql, &q));
    for (;;) {
        TRY(stmt_step(cx, q.s, &row));
        if (!row)
            break;
        value_push(rows, stmt_row(cx->mem, q.s));
        TRY(ctx_check(cx));
    }
    *ret = rows;
    return 0;
}

/* An import is one transaction: its versions follow on each other. */
int record_settled(struct ctx *cx, const struct record_store *rs, int64_t seq, struct str *ret)
{
    KEPT(next);
    KEPT(last);
    bool row;

    TRY(record_prepare(cx, rs,
                       STR("SELECT seq FROM record_version WHERE seq > :seq AND act <> 'import' "
                           "ORDER BY seq LIMIT 1"),
                       &next));
    TRY(stmt_bind_int(cx, next.s, "seq", seq));
    TRY(stmt_step(cx, next.s, &row));
    int64_t end = row ? stmt_int(next.s, 0) : INT64_MAX;

    TRY(record_prepare(cx, rs,
                       STR("SELECT at FROM record_version WHERE seq < :seq ORDER BY seq DESC "
                           "LIMIT 1"),
                       &last));
    TRY(stmt_bind_int(cx, last.s, "seq", end));
    TRY(stmt_step(cx, last.s, &row));
    *ret = row ? stmt_text(cx->mem, last.s, 0) : STR_NONE;
    return 0;
}
