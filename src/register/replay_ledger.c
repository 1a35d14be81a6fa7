/* The ledger of an organisation, out of a store and into another: the same root in both. */
#include <string.h>

#include "register/record_parts.h"
#include "register/replay.h"

static const struct carried {
    const char *name, *select, *insert;
} carried[] = {
    {"ledger_entry", "SELECT n, bytes FROM ledger_entry ORDER BY n", NULL},
    {"ledger_checkpoint", "SELECT size, note, at FROM ledger_checkpoint ORDER BY size",
     "INSERT INTO ledger_checkpoint (size, note, at) VALUES (:size, :note, :at)"},
    {"ledger_stamp", "SELECT size, authority, reply FROM ledger_stamp ORDER BY size, authority",
     "INSERT INTO ledger_stamp (size, authority, reply) VALUES (:size, :authority, :reply)"},
    {"ledger_key", "SELECT vkey, from_size, until_size FROM ledger_key ORDER BY from_size, vkey",
     "INSERT INTO ledger_key (vkey, from_size, until_size) VALUES (:vkey, :from_size, "
     ":until_size)"},
    {"opening", "SELECT seq, field, salt, key, value FROM opening ORDER BY seq, field",
     "INSERT INTO opening (seq, field, salt, key, value) VALUES (:seq, :field, :salt, :key, "
     ":value)"},
    {"data_key", "SELECT id, subject, wrapped FROM data_key ORDER BY id",
     "INSERT INTO data_key (id, subject, wrapped) VALUES (:id, :subject, :wrapped)"},
    {"vault_object",
     "SELECT id, record, bytes, commitment, data_key, sealed, state "
     "FROM vault_object ORDER BY id",
     "INSERT INTO vault_object (id, record, bytes, commitment, data_key, sealed, state) VALUES "
     "(:id, :record, :bytes, :commitment, :data_key, :sealed, :state)"},
};

const char *const replay_tables[] = {
    "ledger_entry", "ledger_checkpoint", "ledger_stamp", "ledger_key",
    "opening",      "data_key",          "vault_object", NULL};

static const struct carried *carried_of(const char *table)
{
    size_t i = 0;

    while (strcmp(carried[i].name, table) != 0)
        i++;
    return &carried[i];
}

/* ---- rows ---- */

int replay_rows(struct ctx *cx, const struct record_store *rs, const char *table, replay_each *each,
                void *arg)
{
    bool row;
    STMT(s);

    TRY(store_prepare(cx, rs->store, str_of(carried_of(table)->select), &s));
    for (;;) {
        CLEANUP(arena_freep) struct arena *mem = arena_new(0);
        struct ctx in = ctx_in(cx, mem);
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        TRY(ctx_end(cx, &in, each(arg, &in, stmt_row(mem, s))));
    }
}

int replay_row(struct ctx *cx, const struct record_store *rs, const char *table,
               const struct value *row)
{
    KEPT(q);

    TRY(record_prepare(cx, rs, str_of(carried_of(table)->insert), &q));
    for (size_t i = 0; i < stmt_params(q.s); i++) {
        const char *name = str_z(cx->mem, stmt_param_name(q.s, i));
        const struct value *v = value_get(row, name);
        if (v == NULL || value_type(v) == VALUE_NULL)
            TRY(stmt_bind_null(cx, q.s, name));
        else
            TRY(stmt_bind_value(cx, q.s, name, v));
    }
    return stmt_run(cx, q.s);
}

int replay_ledger_clear(struct ctx *cx, const struct record_store *rs)
{
    TRY(log_clear(cx, rs->store));
    TRY(store_exec(cx, rs->store, "replay",
                   STR("DELETE FROM vault_object; DELETE FROM opening; DELETE FROM data_key; "
                       "DELETE FROM organisation_key")));
    record_secrets_forget(rs);
    return 0;
}

/* ---- the tree ---- */

int replay_head(struct ctx *cx, const struct record_store *rs, struct value **ret)
{
    struct value *v = value_map(cx->mem);
    struct log_head head;

    TRY(log_head(cx, record_log(rs), &head));
    value_set_text(v, "origin", head.origin);
    value_set_int(v, "size", (int64_t)head.frontier.size);
    value_set_text(v, "root", log_hex(cx->mem, &head.root));
    value_set_text(v, "at", head.at);
    *ret = v;
    return 0;
}

int replay_ledger_begin(struct ctx *cx, const struct record_store *rs, const struct value *head,
                        struct log_batch *batch)
{
    TRY(replay_ledger_clear(cx, rs));
    TRY(log_begin(cx, rs->store, value_get_text(head, "origin")));
    return log_batch_begin(cx, record_log(rs), batch);
}

int replay_ledger_entry(struct ctx *cx, const struct record_store *rs, struct log_batch *batch,
                        struct str entry)
{
    return log_batch_add(cx, record_log(rs), batch, entry, STR_NONE);
}

int replay_ledger_end(struct ctx *cx, const struct record_store *rs, const struct value *head,
                      struct log_batch *batch)
{
    const struct hash root = merkle_root(&batch->head.frontier);

    if (!str_eq(log_hex(cx->mem, &root), value_get_text(head, "root")))
        return fail(cx, RC_INVALID, NULL,
                    _("the ledger in it is damaged: of its %llu entries the root is another"),
                    (unsigned long long)batch->head.frontier.size);
    batch->head.at = value_get_text(head, "at");
    return log_batch_end(cx, record_log(rs), batch);
}

/* ---- the key ---- */

int replay_key(struct ctx *cx, const struct record_store *rs, bool bare, struct str *ret)
{
    unsigned char key[AEAD_KEY_BYTES];

    if (!bare)
        return organisation_key_wrapped(cx, rs, ret);
    TRY(organisation_key_bare(cx, rs, key));
    *ret = base64_encode(cx->mem, (struct str){(const char *)key, sizeof key});
    explicit_bzero(key, sizeof key);
    return 0;
}

int replay_set_key(struct ctx *cx, const struct record_store *rs, bool bare, struct str text)
{
    unsigned char key[AEAD_KEY_BYTES];
    struct str bytes;

    if (bare && (!base64_decode(cx->mem, text, &bytes) || bytes.n != sizeof key))
        return fail(cx, RC_INVALID, NULL, _("the key in it is none"));
    if (bare)
        memcpy(key, bytes.p, bytes.n);
    else
        TRY(rs->keys->unwrap(rs->keys, cx, text, key));
    int rc = organisation_key_put(cx, rs, key);
    explicit_bzero(key, sizeof key);
    return rc;
}
