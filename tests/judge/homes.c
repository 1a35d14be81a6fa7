#include "tests/judge/homes.h"

static int load(struct ctx *cx, struct loaded *ret)
{
    struct content content;

    TRY(content_open(cx, NULL, &content));
    TRY(standard_load(cx, &content, STANDARD_DEFAULT, &ret->standard));
    TRY(registers_load(cx, &content, &ret->registers));
    ret->standard->registers = ret->registers;
    return rules_load(cx, ret->standard, &ret->rules);
}

int homes_loaded(struct ctx *cx, const struct loaded **ret)
{
    static struct loaded loaded;
    struct ctx *shared = test_shared();

    *ret = &loaded;
    if (loaded.rules != NULL)
        return 0;
    int rc = load(shared, &loaded);

    cx->err = shared->err;
    return rc;
}

int homes_open(struct ctx *cx, struct homes *h)
{
    const struct loaded *loaded;

    *h = (struct homes){.cx = cx};
    cx->today = (struct date){2026, 11, 30};
    h->put = value_list(cx->mem);
    TRY(homes_loaded(cx, &loaded));
    h->standard = loaded->standard;
    h->registers = loaded->registers;
    h->rules = loaded->rules;
    return judge_home_new(cx, h->standard, h->registers, h->rules, &h->home);
}

void homes_close(struct homes *h)
{
    judge_home_freep(&h->home);
}

static int put_one(struct homes *h, const struct register_def *def, const struct value *record,
                   size_t n)
{
    struct value *body = value_map(h->cx->mem);
    struct record r = {.def = def,
                       .id = value_get_text(record, "id"),
                       .ref = value_get_text(record, "ref"),
                       .at = STR("2026-11-01T09:00:00.000Z"),
                       .body = value_get_bool(record, "gone") ? NULL : body};

    if (r.ref.n == 0)
        r.ref = r.id;
    if (r.id.n == 0)
        r.id = r.ref;
    if (r.id.n == 0)
        r.id = r.ref = str_printf(h->cx->mem, "%.*s-%zu", STR_ARG(def->id), n + 1);
    value_push(h->put, value_text(h->cx->mem, str_printf(h->cx->mem, "%.*s %.*s", STR_ARG(def->id),
                                                         STR_ARG(r.id))));
    for (size_t i = 0; i < value_count(record); i++) {
        struct str key = value_key_at(record, i);

        if (register_field(def, key) != NULL)
            value_set(body, key.p, value_copy(h->cx->mem, value_at(record, i)));
        else if (!str_is(key, "id") && !str_is(key, "ref") && !str_is(key, "gone"))
            return fail(h->cx, RC_INVALID, NULL, "%.*s has no field %.*s", STR_ARG(def->id),
                        STR_ARG(key));
    }
    return judge_home_put(h->cx, h->home, &r);
}

int homes_put(struct homes *h, const struct value *records)
{
    for (size_t i = 0; i < value_count(records); i++) {
        const struct register_def *def = registers_find(h->registers, value_key_at(records, i));
        const struct value *list = value_at(records, i);

        if (def == NULL)
            return fail(h->cx, RC_INVALID, NULL, "no register %.*s",
                        STR_ARG(value_key_at(records, i)));
        for (size_t k = 0; k < value_count(list); k++)
            TRY(put_one(h, def, value_at(list, k), k));
    }
    return 0;
}

int homes_empty(struct homes *h)
{
    for (size_t i = 0; i < value_count(h->put); i++) {
        struct str id = value_as_text(value_at(h->put, i)), def;

        (void)str_split(&id, ' ', &def);
        struct record gone = {.def = registers_find(h->registers, def), .id = id};
        TRY(judge_home_put(h->cx, h->home, &gone));
    }
    h->put = value_list(h->cx->mem);
    return 0;
}

/* A document that covers a kind, as people keep it. */
static int put_document(struct homes *h, struct str kind, size_t n)
{
    struct value *record = value_map(h->cx->mem), *covers = value_list(h->cx->mem);
    const struct register_def *def = registers_find(h->registers, STR("document"));

    if (def == NULL)
        return fail(h->cx, RC_INVALID, NULL, "there is no register of documents");
    value_set_text(record, "ref", str_printf(h->cx->mem, "HAVE-%zu", n + 1));
    value_set_text(record, "title", kind);
    value_push(covers, value_text(h->cx->mem, kind));
    value_set(record, "covers", covers);
    return put_one(h, def, record, n);
}

int homes_case(struct homes *h, const struct rule *rule, const struct value *test)
{
    const struct value *have = value_get(test, "have");
    int64_t stage = (rule->stages & RULE_STAGE(2)) != 0 ? 2 : 1;
    struct judge_request request = {.today = h->cx->today};

    TRY(homes_empty(h));
    request.stage = (enum judge_stage)value_get_int(value_get(test, "run"), "stage", stage);
    for (size_t i = 0; i < value_count(have); i++)
        TRY(put_document(h, value_as_text(value_at(have, i)), i));
    TRY(homes_put(h, value_get(test, "records")));
    return judge_home_derive(h->cx, h->home, &request);
}

int homes_put_yaml(struct homes *h, const char *yaml)
{
    struct value *records;

    TRY(yaml_parse(h->cx, "records", str_of(yaml), &records));
    return homes_put(h, records);
}

int homes_judge(struct homes *h, enum judge_stage stage, struct value **ret,
                struct judge_work *work)
{
    struct judge_request request = {.stage = stage, .today = h->cx->today};

    *ret = value_map(h->cx->mem);
    return judge_home_judge(h->cx, h->home, &request, *ret, work);
}

struct str homes_ask(struct homes *h, const char *sql)
{
    bool row = false;
    STMT(s);

    if (store_prepare(h->cx, judge_home_store(h->home), str_of(sql), &s) < 0 ||
        stmt_step(h->cx, s, &row) < 0)
        return h->cx->err.text;
    return row ? stmt_text(h->cx->mem, s, 0) : STR_NONE;
}

struct str homes_findings(struct homes *h, const struct value *result)
{
    const struct value *findings = value_get(result, "findings");
    struct buf out = buf_new(h->cx->mem);

    for (size_t i = 0; i < value_count(findings); i++) {
        const struct value *f = value_at(findings, i);

        buf_printf(&out, "%.*s %.*s: %.*s\n", STR_ARG(value_get_text(f, "rule")),
                   STR_ARG(value_get_text(f, "requirement")),
                   STR_ARG(value_get_text(f, "statement")));
    }
    return buf_str(&out);
}
