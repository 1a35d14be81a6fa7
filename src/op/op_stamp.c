/* The operation ledger stamp: somebody outside confirms when a checkpoint existed. */
#include "ledger/log.h"
#include "ledger/stamp.h"
#include "op/call.h"
#include "op/table_parts.h"
#include "proc/fetch.h"
#include "store/ask.h"

#define SECONDS 20u
#define NONCE_BYTES 8u
#define NAME_BYTES 60u
#define REGISTER "time_stamp"
#define SETTING "time_stamp_authorities"
#define QUERY STR("application/timestamp-query")
#define REPLY STR("application/timestamp-reply")

struct stamping {
    struct op_call *call;
    struct log *log;
    struct log_checkpoint checkpoint;
    struct hash imprint;
    struct str authorities;          /* addresses, one a line */
    struct value *stamps, *problems; /* {authority, at}, {authority, message} */
};

static void stamping_end(struct stamping *s)
{
    log_close(s->log);
}

/* ---- whom to ask ---- */

static int take_authorities(void *arg, UNUSED struct ctx *cx, const struct record *record)
{
    struct stamping *s = arg;

    s->authorities = str_copy(s->call->cx->mem, str_trim(value_get_text(record->body, SETTING)));
    return 0;
}

/* The addresses of the organisation's own record, one a line. */
static int read_authorities(struct stamping *s)
{
    const struct record_store *rs = &s->call->org->records;
    struct ctx *cx = s->call->cx;
    const struct record_query query = {.def = registers_find(rs->registers, STR("organisation")),
                                       .limit = 1};

    if (query.def != NULL)
        TRY(record_list(cx, rs, &query, take_authorities, s));
    if (s->authorities.n == 0)
        return fail(cx, RC_CONFLICT, SETTING,
                    _("No time stamp authority is named. Say whom to ask, one address a line: "
                      "assay set organisation " SETTING "=https://..."));
    return 0;
}

/* "time.example-tsr" for https://time.example/tsr: as files can be called. */
static struct str name_of(struct arena *mem, struct str url)
{
    size_t from = str_find(url, STR("://"), 0);
    struct buf out = buf_new(mem);

    for (size_t i = from == SIZE_MAX ? 0 : from + 3; i < url.n && out.n < NAME_BYTES; i++) {
        char c = url.p[i];
        bool plain =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.';
        buf_char(&out, plain ? c : '-');
    }
    while (out.n > 0 && (out.p[out.n - 1] == '-' || out.p[out.n - 1] == '.'))
        out.n--;
    return buf_str(&out);
}

/* ---- one of them ---- */

/* What an authority stamped last stands as long as nothing but stamps has come since. */
static int is_stamped(struct stamping *s, struct str authority, bool *ret)
{
    struct ctx *cx = s->call->cx;
    bool row;
    STMT(q);

    TRY(store_ask(cx, s->call->org->store,
                  "SELECT 1 FROM ledger_stamp s WHERE s.authority = :authority AND NOT "
                  "EXISTS (SELECT 1 FROM record_version v WHERE v.seq > s.size AND "
                  "v.register <> :register) LIMIT 1",
                  &q, &row, BIND("authority", authority), BIND("register", STR(REGISTER))));
    *ret = row;
    return 0;
}

/* The ledger as it stands, signed: once for all of them. */
static int need_checkpoint(struct stamping *s)
{
    struct ctx *cx = s->call->cx;
    uint64_t size;

    if (s->checkpoint.size > 0)
        return 0;
    TRY(record_checkpoint(cx, &s->call->org->records, &size));
    TRY(log_checkpoint_last(cx, s->log, size, &s->checkpoint));
    s->imprint = hash_sha256(&s->checkpoint.note, 1);
    return 0;
}

/* The authority's reply, which answers this question and no other. */
static int ask(struct stamping *s, struct str url, struct str *ret_reply, struct stamp *ret)
{
    struct ctx *cx = s->call->cx;
    unsigned char nonce[NONCE_BYTES];
    struct fetched got;

    host_random(cx, nonce, sizeof nonce);
    const struct fetch fetch = {.url = url,
                                .type = QUERY,
                                .body = stamp_query(cx->mem, &s->imprint, nonce),
                                .most = STAMP_BYTES,
                                .seconds = SECONDS};
    record_keys_forget(&s->call->org->records);
    TRY(fetch_ask(cx, NULL, &fetch, &got));
    if (got.status != 200)
        return fail(cx, RC_DENIED, NULL, _("%.*s answers with the status %d and no time stamp."),
                    STR_ARG(url), got.status);
    if (!str_starts(got.type, REPLY))
        return fail(cx, RC_INVALID, NULL, _("%.*s answers with something else than a time stamp."),
                    STR_ARG(url));
    int rc = stamp_parse(cx, got.body, ret);
    if (rc < 0)
        return fail_while(cx, rc, "%.*s", STR_ARG(url));
    if (!stamp_answers(ret, &s->imprint, nonce))
        return fail(cx, RC_INVALID, NULL,
                    _("%.*s has stamped something else than what it was asked to: its reply has "
                      "another imprint or number."),
                    STR_ARG(url));
    *ret_reply = got.body;
    return 0;
}

static int record_stamp(struct stamping *s, struct str authority, struct str reply,
                        const struct stamp *stamp)
{
    const struct record_store *rs = &s->call->org->records;
    struct arena *mem = s->call->cx->mem;
    struct value *body = value_map(mem);
    struct record_change change = {.def = registers_find(rs->registers, STR(REGISTER)),
                                   .body = body,
                                   .act = "add",
                                   .actor = {.via = call_actor(s->call).via}};
    struct record record;

    if (change.def == NULL)
        return fail(s->call->cx, RC_FAIL, NULL, _("The register %s is not there."), REGISTER);
    value_set_int(body, "size", (int64_t)s->checkpoint.size);
    value_set_text(body, "authority", authority);
    value_set_text(body, "stamped_at", stamp_instant(mem, stamp));
    value_set_text(body, "serial", stamp->serial);
    value_set_text(body, "sha256", hash_sha256_hex(mem, reply));
    return record_write(s->call->cx, rs, &change, &record);
}

/* The reply and the record of it are there together. */
static int keep(struct stamping *s, struct str authority, struct str reply,
                const struct stamp *stamp)
{
    struct ctx *cx = s->call->cx;

    TX(tx, cx, s->call->org->store);
    TRY(log_stamp_put(cx, s->log, s->checkpoint.size, authority, reply));
    TRY(record_stamp(s, authority, reply, stamp));
    return tx_commit(cx, &tx);
}

static int stamp_by(struct stamping *s, struct str url)
{
    struct arena *mem = s->call->cx->mem;
    struct str authority = name_of(mem, url), reply;
    struct value *v = value_map(mem);
    struct stamp stamp;
    bool there;

    TRY(fetch_check_url(s->call->cx, SETTING, url));
    TRY(is_stamped(s, authority, &there));
    if (there)
        return 0;
    TRY(need_checkpoint(s));
    TRY(ask(s, url, &reply, &stamp));
    TRY(keep(s, authority, reply, &stamp));
    value_set_text(v, "authority", authority);
    value_set_text(v, "at", stamp.at);
    value_push(s->stamps, v);
    return 0;
}

/* ---- all of them ---- */

/* One that does not answer keeps the others from nothing. */
static int stamp_by_all(struct stamping *s)
{
    struct ctx *cx = s->call->cx;
    struct str authorities = s->authorities, line;

    while (str_split(&authorities, '\n', &line)) {
        line = str_trim(line);
        if (line.n == 0)
            continue;
        if (s->call->progress != NULL)
            s->call->progress(s->call->progress_arg, str_z(cx->mem, line), 0, 0);
        int rc = stamp_by(s, line);
        if (rc == 0)
            continue;
        struct value *problem = value_map(cx->mem);
        value_set_text(problem, "authority", line);
        value_set_text(problem, "message", cx->err.text);
        value_set_int(problem, "code", rc);
        value_push(s->problems, problem);
    }
    return 0;
}

static struct str said_of(struct stamping *s)
{
    struct buf out = buf_new(s->call->cx->mem);
    size_t n = value_count(s->stamps), failed = value_count(s->problems);

    if (n == 0 && failed == 0)
        buf_addz(&out, _("All that is in the ledger is stamped already."));
    for (size_t i = 0; i < n; i++)
        buf_printf(&out, _("%s%.*s says that the first %llu entries existed by %.*s."),
                   i > 0 ? " " : "", STR_ARG(value_get_text(value_at(s->stamps, i), "authority")),
                   (unsigned long long)s->checkpoint.size,
                   STR_ARG(value_get_text(value_at(s->stamps, i), "at")));
    for (size_t i = 0; i < failed; i++)
        buf_printf(&out, _("%sNot stamped: %.*s"), out.n > 0 ? " " : "",
                   STR_ARG(value_get_text(value_at(s->problems, i), "message")));
    return buf_str(&out);
}

int op_ledger_stamp(struct op_call *call, struct value **ret)
{
    struct stamping s CLEANUP(stamping_end) = {.call = call, .log = log_open(call->org->store)};
    struct value *result = value_map(call->cx->mem);

    s.stamps = value_list(call->cx->mem);
    s.problems = value_list(call->cx->mem);
    TRY(read_authorities(&s));
    TRY(stamp_by_all(&s));
    const struct value *problem = value_at(s.problems, 0);
    if (problem != NULL && value_count(s.stamps) == 0)
        return fail(call->cx, (enum rc)value_get_int(problem, "code", RC_FAIL), SETTING, "%.*s",
                    STR_ARG(said_of(&s)));
    value_set_bool(result, "answer", problem == NULL);
    value_set_int(result, "size", (int64_t)s.checkpoint.size);
    value_set(result, "stamps", s.stamps);
    value_set(result, "problems", s.problems);
    value_set_text(result, "said", said_of(&s));
    *ret = result;
    return 0;
}
