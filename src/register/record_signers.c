/* Keys that sign the ledger, as records: so that who has one of them learns of the others. */
#include "register/record_parts.h"

#define REGISTER "signing_key"
#define MOST 64u

struct signer {
    struct str id, key;
    const struct value *body;
};

struct signers {
    struct ctx *cx;
    const struct record_store *rs;
    const struct register_def *def;
    const struct record_actor *actor;
    struct signer items[MOST]; /* that are recorded */
    size_t n;
    uint64_t size; /* of the last checkpoint, and who signed that */
    struct str note;
};

static int take(void *arg, UNUSED struct ctx *cx, const struct record *record)
{
    struct signers *s = arg;

    if (s->n == MOST)
        return 0;
    const struct record kept = record_copy(s->cx->mem, record);
    s->items[s->n++] = (struct signer){kept.id, value_get_text(kept.body, "key"), kept.body};
    return 0;
}

static const struct signer *find(const struct signers *s, struct str key)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_eq(s->items[i].key, key))
            return &s->items[i];
    return NULL;
}

/* The program writes it, whoever had it done. */
static int put(struct signers *s, struct str id, struct value *body)
{
    const struct record_change change = {.def = s->def,
                                         .id = id,
                                         .body = body,
                                         .act = id.n > 0 ? "set" : "add",
                                         .actor = {.via = s->actor->via}};
    struct record written;

    return record_write(s->cx, s->rs, &change, &written);
}

static struct value *body_of(struct signers *s, struct str key, uint64_t from)
{
    struct value *body = value_map(s->cx->mem);

    value_set_text(body, "key", key);
    value_set_int(body, "from_size", (int64_t)from);
    value_set_text(body, "made_on", date_iso(s->cx->mem, s->cx->today));
    if (s->actor->person.n > 0)
        value_set_text(body, "made_by", s->actor->person);
    return body;
}

/* A key that follows on another, with what both say about that. */
static int put_link(struct signers *s, struct str link)
{
    struct note_key old, now;
    struct log_head head;

    TRY(note_link_parse(s->cx, link, &old, &now));
    struct str key = note_key_text(s->cx->mem, &now);
    if (find(s, key) != NULL)
        return 0;
    TRY(log_head(s->cx, record_log(s->rs), &head));
    struct value *body = body_of(s, key, head.frontier.size);
    value_set_text(body, "link", str_trim(link));
    return put(s, STR_NONE, body);
}

/* One that did not sign the last checkpoint signs none any more. */
static int put_end(struct signers *s, struct str text)
{
    const struct signer *known = find(s, text);
    struct note_key key;
    struct str said;
    bool by;

    TRY(note_key_parse(s->cx, text, &key));
    if (value_get(known != NULL ? known->body : NULL, "until_size") != NULL ||
        note_open(s->cx, s->note, &key, 1, &by, &said) != RC_DENIED)
        return 0;
    struct value *body = known != NULL ? value_copy(s->cx->mem, known->body) : body_of(s, text, 0);
    value_set_int(body, "until_size", (int64_t)s->size);
    return put(s, known != NULL ? known->id : STR_NONE, body);
}

static int put_all(struct signers *s)
{
    struct str links[KEEPER_LOG_KEYS], keys[KEEPER_LOG_KEYS];
    struct record_keys *of = s->rs->keys;
    struct log_checkpoint last;
    struct log_head head;
    size_t link_n, key_n;

    TRY(log_head(s->cx, record_log(s->rs), &head));
    TRY(of->links(of, s->cx, head.origin, links, &link_n));
    for (size_t i = 0; i < link_n; i++)
        TRY(put_link(s, links[i]));
    TRY(log_checkpoint_last(s->cx, record_log(s->rs), UINT64_MAX, &last));
    s->size = last.size;
    s->note = last.note;
    TRY(of->public_keys(of, s->cx, head.origin, keys, &key_n));
    for (size_t i = 0; last.size > 0 && i + 1 < key_n; i++)
        TRY(put_end(s, keys[i]));
    return 0;
}

int record_signing_keys(struct ctx *cx, const struct record_store *rs,
                        const struct record_actor *actor)
{
    struct signers *s = ARENA_NEW(cx->mem, struct signers);

    *s = (struct signers){
        .cx = cx, .rs = rs, .def = registers_find(rs->registers, STR(REGISTER)), .actor = actor};
    if (s->def == NULL || rs->keys == NULL || rs->keys->links == NULL)
        return 0;
    const struct record_query query = {.def = s->def};
    TRY(record_list(cx, rs, &query, take, s));
    return put_all(s);
}
