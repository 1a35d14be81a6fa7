/* Whether the stored replies of time stamp authorities are those that came. */
#include "ledger/stamp.h"
#include "register/record_parts.h"

#define REGISTER "time_stamp"

struct stamps {
    struct ctx *cx;
    const struct record_store *rs;
    struct value *problems;
    struct value *rows;  /* {size, authority, reply} */
    struct dict *wanted; /* "SIZE AUTHORITY": the fingerprint, of records that no row was met of */
    struct dict *met;
};

static void add(struct stamps *s, struct str key, const char *message)
{
    struct arena *mem = s->cx->mem;
    struct value *problem = value_map(mem);

    value_set_text(problem, "register", STR("ledger_stamp"));
    value_set_text(problem, "ref", key);
    value_set_text(problem, "message", str_copy(mem, str_of(message)));
    value_push(s->problems, problem);
}

static struct str key_of(struct arena *mem, const struct value *v)
{
    return str_printf(mem, "%lld %.*s", (long long)value_get_int(v, "size", 0),
                      STR_ARG(value_get_text(v, "authority")));
}

static int take_record(void *arg, UNUSED struct ctx *cx, const struct record *record)
{
    struct stamps *s = arg;
    struct arena *mem = s->cx->mem;
    struct str *sum = ARENA_NEW(mem, struct str);

    *sum = str_copy(mem, value_get_text(record->body, "sha256"));
    dict_set(s->wanted, key_of(mem, record->body), sum);
    return 0;
}

/* It is what came in, and of the checkpoint that it is kept with. */
static int compare(struct stamps *s, const struct value *row)
{
    struct ctx *cx = s->cx;
    struct str key = key_of(cx->mem, row), reply;
    const struct str *sum = dict_get(s->wanted, key);
    uint64_t size = (uint64_t)value_get_int(row, "size", 0);
    struct log_checkpoint checkpoint;
    struct stamp stamp;

    TRY(log_checkpoint_last(cx, record_log(s->rs), size, &checkpoint));
    struct hash imprint = hash_sha256(&checkpoint.note, 1);
    bool right = base64_decode(cx->mem, value_get_text(row, "reply"), &reply) &&
                 str_eq(base64_encode(cx->mem, reply), value_get_text(row, "reply"));
    dict_set(s->met, key, "");
    if (!right || stamp_parse(cx, reply, &stamp) != 0)
        add(s, key, _("The time stamp is none any more."));
    else if (checkpoint.size != size || !merkle_same(&stamp.imprint, &imprint))
        add(s, key, _("The time stamp is not of this checkpoint."));
    else if (sum == NULL)
        add(s, key, _("No record says that this time stamp came in."));
    else if (!str_eq(*sum, hash_sha256_hex(cx->mem, reply)))
        add(s, key, _("The time stamp is not the one that came in."));
    return 0;
}

static int find_missing(void *arg, UNUSED struct ctx *cx, const struct record *record)
{
    struct stamps *s = arg;
    struct str key = key_of(s->cx->mem, record->body);

    if (!dict_has(s->met, key))
        add(s, key, _("A record says that this time stamp came in, and it is gone."));
    return 0;
}

int record_verify_stamps(struct ctx *cx, const struct record_store *rs, struct value *problems)
{
    struct stamps s = {.cx = cx,
                       .rs = rs,
                       .problems = problems,
                       .wanted = dict_new(cx->mem),
                       .met = dict_new(cx->mem)};
    const struct record_query query = {.def = registers_find(rs->registers, STR(REGISTER)),
                                       .any_order = true};

    if (query.def == NULL)
        return 0;
    TRY(record_list(cx, rs, &query, take_record, &s));
    TRY(log_stamps(cx, record_log(rs), &s.rows));
    for (size_t i = 0; i < value_count(s.rows); i++)
        TRY(compare(&s, value_at(s.rows, i)));
    return record_list(cx, rs, &query, find_missing, &s);
}
