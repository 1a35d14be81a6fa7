#include "register/record_openings.h"

#include "register/record_parts.h"

static struct str committed_text(struct arena *mem, const struct record *record)
{
    struct buf out = buf_new(mem);

    buf_addz(&out, "{\"body\":");
    buf_add(&out, record->stored.n > 0 ? record->stored : STR("null"));
    buf_addz(&out, ",\"ref\":");
    buf_add(&out, record_json(mem, value_text(mem, record->ref)));
    buf_char(&out, '}');
    return buf_str(&out);
}

static int add(struct ctx *cx, const struct record_store *rs, const struct record *record,
               struct str opening, struct str field, struct record_openings *openings, size_t *room)
{
    struct str salt, json;
    bool there;

    TRY(record_open_field(cx, cx->mem, rs, record, opening, field, &there, &salt, &json));
    if (there)
        *ARENA_PUSH(cx->mem, openings->items, openings->n, *room) =
            (struct record_opening){field, hash_hex(cx->mem, salt), json};
    return 0;
}

int record_openings(struct ctx *cx, const struct record_store *rs, const struct record *record,
                    struct record_openings *ret)
{
    struct record_openings openings = {.sealed = committed_text(cx->mem, record)};
    size_t room = 0;
    bool row;
    STMT(s);

    TRY(store_prepare(cx, rs->store,
                      STR("SELECT field, salt, field || ' ' || key || ' ' || value FROM opening "
                          "WHERE seq = :seq ORDER BY field"),
                      &s));
    TRY(stmt_bind_int(cx, s, "seq", record->seq));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            break;
        struct str field = stmt_text(cx->mem, s, 0);
        if (field.n == 0)
            openings.salt = stmt_text(cx->mem, s, 1);
        else if (!stmt_is_null(s, 2))
            TRY(add(cx, rs, record, stmt_text(cx->mem, s, 2), field, &openings, &room));
    }
    *ret = openings;
    return 0;
}
