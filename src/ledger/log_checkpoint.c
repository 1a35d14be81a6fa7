/* Checkpoints that were signed, and the keys that signed them. */
#include "ledger/log_parts.h"

#include "store/ask.h"

int log_checkpoint_last(struct ctx *cx, struct log *log, uint64_t most, struct log_checkpoint *ret)
{
    bool row;
    STMT(s);

    *ret = (struct log_checkpoint){0, STR_NONE, STR_NONE};
    TRY(store_ask(cx, log->store,
                  "SELECT size, note, at FROM ledger_checkpoint WHERE size <= :most "
                  "ORDER BY size DESC LIMIT 1",
                  &s, &row, BIND("most", most > INT64_MAX ? INT64_MAX : (int64_t)most)));
    if (row)
        *ret = (struct log_checkpoint){(uint64_t)stmt_int(s, 0), stmt_text(cx->mem, s, 1),
                                       stmt_text(cx->mem, s, 2)};
    return 0;
}

static int put_key(struct ctx *cx, struct log *log, struct str key, uint64_t size)
{
    return store_run(cx, log->store,
                     "INSERT INTO ledger_key (vkey, from_size) VALUES (:vkey, :size) "
                     "ON CONFLICT (vkey) DO NOTHING",
                     BIND("vkey", key), BIND("size", (int64_t)size));
}

static int put_note(struct ctx *cx, struct log *log, const struct log_checkpoint *checkpoint)
{
    return store_run(cx, log->store,
                     "INSERT INTO ledger_checkpoint (size, note, at) VALUES (:size, :note, "
                     ":at) ON CONFLICT (size) DO UPDATE SET note = excluded.note, at = "
                     "excluded.at",
                     BIND("size", (int64_t)checkpoint->size), BIND("note", checkpoint->note),
                     BIND("at", checkpoint->at));
}

int log_checkpoint_put(struct ctx *cx, struct log *log, const struct log_checkpoint *checkpoint,
                       const struct str *keys, size_t key_n)
{
    TX(tx, cx, log->store);
    TRY(put_note(cx, log, checkpoint));
    for (size_t i = 0; i < key_n; i++)
        TRY(put_key(cx, log, keys[i], checkpoint->size));
    return tx_commit(cx, &tx);
}

int log_keys(struct ctx *cx, struct log *log, struct value **ret)
{
    bool row;
    STMT(s);

    *ret = value_list(cx->mem);
    TRY(store_query(cx, log->store,
                    "SELECT vkey, from_size, until_size FROM ledger_key ORDER BY from_size, "
                    "vkey",
                    &s));
    for (;;) {
        struct value *key = value_map(cx->mem);
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        value_set_text(key, "key", stmt_text(cx->mem, s, 0));
        value_set_int(key, "from", stmt_int(s, 1));
        if (!stmt_is_null(s, 2))
            value_set_int(key, "until", stmt_int(s, 2));
        value_push(*ret, key);
    }
}

/* ---- time stamps ---- */

int log_stamp_put(struct ctx *cx, struct log *log, uint64_t size, struct str authority,
                  struct str reply)
{
    return store_run(cx, log->store,
                     "INSERT INTO ledger_stamp (size, authority, reply) VALUES (:size, "
                     ":authority, :reply)",
                     BIND("size", (int64_t)size), BIND("authority", authority),
                     BIND("reply", base64_encode(cx->mem, reply)));
}

int log_stamps(struct ctx *cx, struct log *log, struct value **ret)
{
    bool row;
    STMT(s);

    *ret = value_list(cx->mem);
    TRY(store_query(cx, log->store,
                    "SELECT size, authority, reply FROM ledger_stamp ORDER BY size, authority",
                    &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        value_push(*ret, stmt_row(cx->mem, s));
    }
}
