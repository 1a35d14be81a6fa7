/* Long random sequences of changes against a model of a few lines, with texts of all kinds. */
#include "tests/register/kept.h"

#define RECORDS 25
#define STEPS 220

/* What a record is, as JSON; "" where it was removed. */
struct model {
    struct kept *k;
    struct str id[RECORDS], ref[RECORDS], body[RECORDS];
    int64_t rev[RECORDS];
    size_t n;
    struct str then; /* an instant, and what all were at that time */
    struct str then_body[RECORDS];
    size_t then_n;
};

static uint32_t below(struct kept *k, uint32_t n)
{
    uint32_t r;

    k->host.random(&k->host, &r, sizeof r);
    return r % n;
}

/* Any character that a text may hold, often one that something takes for its own. */
static uint32_t letter(struct kept *k)
{
    static const uint32_t odd[] = {'\t', '\n', '"',     '\'',   '\\',   '<',      '=',     '@',
                                   ',',  ';',  0x7f,    0x85,   0x2028, 0x202e,   0x200b,  0xfeff,
                                   '%',  '_',  0x1d54f, 0xfffd, 0xffff, 0x10ffff, 0x1f469, 0x301};
    uint32_t code;

    if (below(k, 3) > 0)
        return ' ' + below(k, 95);
    if (below(k, 2) > 0)
        return odd[below(k, COUNT_OF(odd))];
    do
        code = 0x20 + below(k, 0x110000 - 0x20);
    while (code >= 0xd800 && code < 0xe000);
    return code;
}

static struct str text(struct kept *k, uint32_t most)
{
    static const char *const odd[] = {"=HYPERLINK(\"http://x\";\"y\")",
                                      "'; DROP TABLE risk; --",
                                      "{{#_}}x{{/_}}",
                                      ":id",
                                      "$1",
                                      "NULL",
                                      "-1+1",
                                      "\xe2\x80\xae"};
    struct buf out = buf_new(k->cx->mem);

    buf_char(&out, 'x'); /* so that nothing is trimmed */
    if (below(k, 4) == 0)
        buf_addz(&out, odd[below(k, COUNT_OF(odd))]);
    for (uint32_t n = below(k, most); n > 0; n--)
        buf_code(&out, letter(k));
    buf_char(&out, 'x');
    return buf_str(&out);
}

static void set_many(struct kept *k, struct value *body)
{
    struct value *team = value_list(k->cx->mem), *lines = value_list(k->cx->mem);

    value_push(team, value_text(k->cx->mem, str_cmp(k->anna, k->ben) < 0 ? k->anna : k->ben));
    if (below(k, 2) > 0)
        value_push(team, value_text(k->cx->mem, str_cmp(k->anna, k->ben) < 0 ? k->ben : k->anna));
    value_set(body, "team", team);
    for (uint32_t n = 1 + below(k, 3); n > 0; n--) {
        struct value *line = value_map(k->cx->mem);
        value_set_text(line, "what", text(k, 60));
        if (below(k, 2) > 0)
            value_set_text(line, "who", k->ben);
        value_push(lines, line);
    }
    value_set(body, "lines", lines);
}

static struct value *random_body(struct kept *k)
{
    struct value *body = value_map(k->cx->mem);

    value_set_text(body, "title", text(k, 20));
    value_set_text(body, "status", STR("open"));
    if (below(k, 2) > 0)
        value_set_text(body, "notes", text(k, below(k, 20) == 0 ? 60000 : 200));
    if (below(k, 2) > 0)
        value_set_text(body, "text", text(k, 100));
    if (below(k, 2) > 0)
        value_set_int(body, "count", (int64_t)below(k, UINT32_MAX) * 1000000 - 7);
    if (below(k, 2) > 0)
        value_set_bool(body, "known", below(k, 2) > 0);
    if (below(k, 2) > 0)
        value_set_text(
            body, "cost",
            value_print(k->cx->mem, value_decimal(k->cx->mem, (int64_t)below(k, 100000) - 50000)));
    if (below(k, 3) == 0)
        set_many(k, body);
    return body;
}

static void add(struct model *m)
{
    struct ctx *cx = m->k->cx;
    struct value *body = random_body(m->k);
    struct record_change change = {.def = kept_def(m->k, "risk"), .body = body, .act = "add"};
    struct record record = {.id = STR_NONE};

    CHECK_OK(record_write(cx, &m->k->rs, &change, &record));
    m->id[m->n] = record.id;
    m->ref[m->n] = record.ref;
    m->rev[m->n] = 1;
    m->body[m->n++] = record_json(cx->mem, body);
}

static void set_or_remove(struct model *m, size_t i, bool removes)
{
    struct ctx *cx = m->k->cx;
    struct value *body = removes ? NULL : random_body(m->k);
    struct record_change change = {.def = kept_def(m->k, "risk"),
                                   .id = m->id[i],
                                   .rev = m->rev[i] - (below(m->k, 5) == 0),
                                   .body = body,
                                   .act = "set"};
    struct record record;
    bool late = change.rev != 0 && change.rev != m->rev[i];
    int rc = record_write(cx, &m->k->rs, &change, &record);

    if (m->body[i].n == 0) {
        CHECK_INT(rc, RC_NOT_FOUND);
        return;
    }
    CHECK_INT(rc, late ? RC_CONFLICT : 0);
    if (rc != 0)
        return;
    m->rev[i]++;
    m->body[i] = removes ? STR_NONE : record_json(cx->mem, body);
}

/* One record is what the model says, now. */
static void compare(struct model *m, size_t i, struct str as_of, struct str body)
{
    struct ctx *cx = m->k->cx;
    struct record record;
    int rc = record_read(cx, &m->k->rs, kept_def(m->k, "risk"), m->id[i], as_of, &record);

    CHECK_INT(rc, body.n > 0 ? 0 : RC_NOT_FOUND);
    if (rc == 0 && body.n > 0)
        CHECK(str_eq(record_json(cx->mem, record.body), body));
}

static void remember(struct model *m)
{
    m->then = instant_text(m->k->cx->mem, m->k->now);
    m->then_n = m->n;
    for (size_t i = 0; i < m->n; i++)
        m->then_body[i] = m->body[i];
}

static struct str refs_of(const struct model *m, const struct str *bodies, size_t n)
{
    struct buf out = buf_new(m->k->cx->mem);

    for (size_t i = 0; i < n; i++)
        if (bodies[i].n > 0)
            buf_printf(&out, "%s%.*s", out.n > 0 ? " " : "", STR_ARG(m->ref[i]));
    return buf_str(&out);
}

KEPT_TEST(record_random_changes)
{
    struct model *m = ARENA_NEW(cx->mem, struct model);

    m->k = k;
    for (int step = 0; step < STEPS; step++) {
        uint32_t what = below(k, 10);
        if (m->n < RECORDS && (m->n == 0 || what < 3))
            add(m);
        else
            set_or_remove(m, below(k, (uint32_t)m->n), what == 9);
        size_t any = below(k, (uint32_t)m->n);
        compare(m, any, STR_NONE, m->body[any]);
        if (step == STEPS / 2)
            remember(m);
    }
    for (size_t i = 0; i < m->n; i++)
        compare(m, i, STR_NONE, m->body[i]);
    for (size_t i = 0; i < m->then_n; i++)
        compare(m, i, m->then, m->then_body[i]);
    CHECK_STR(kept_query(k, "risk", "", NULL, NULL), str_z(cx->mem, refs_of(m, m->body, m->n)));
    CHECK_STR(kept_query(k, "risk", str_z(cx->mem, m->then), NULL, NULL),
              str_z(cx->mem, refs_of(m, m->then_body, m->then_n)));
    kept_healthy(k);
}
