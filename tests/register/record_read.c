/* Records by what people call them; versions. */
#include "tests/register/kept.h"

KEPT_TEST(record_find_by_id_ref_and_name)
{
    const struct register_def *asset = kept_def(k, "asset");
    struct str code = kept_add(k, "asset", "{name: Source Code}"), id;

    kept_add(k, "asset", "{name: Notebooks, ref: A-2}");
    CHECK_OK(record_find(cx, &k->rs, asset, code, &id));
    CHECK_OK(record_find(cx, &k->rs, asset, STR("A-001"), &id));
    CHECK(str_eq(id, code));
    CHECK_OK(record_find(cx, &k->rs, asset, STR(" a-1 "), &id));
    CHECK(str_eq(id, code));
    CHECK_OK(record_find(cx, &k->rs, asset, STR("source code"), &id));
    CHECK(str_eq(id, code));
    CHECK_RC(record_find(cx, &k->rs, asset, STR("A-003"), &id), RC_NOT_FOUND);
    CHECK(str_has(cx->err.text, "nearest is A-"));
    kept_add(k, "asset", "{name: Other, ref: A-02}");
    CHECK_RC(record_find(cx, &k->rs, asset, STR("a-002"), &id), RC_CONFLICT);
    CHECK_OK(record_find(cx, &k->rs, asset, STR("A-02"), &id));
    CHECK_RC(record_find(cx, &k->rs, kept_def(k, "risk_line"), STR("x"), &id), RC_INVALID);
}

static int add_seq(void *arg, struct ctx *cx, const struct record *record)
{
    struct buf *out = arg;

    (void)cx;
    buf_printf(out, "%s%lld:%.*s:%lld%s", out->n > 0 ? " " : "", (long long)record->seq,
               STR_ARG(record->ref), (long long)record->rev, record->body == NULL ? "-" : "");
    return 0;
}

KEPT_TEST(record_changes_are_the_last_versions_of_all)
{
    struct record a, b, r;
    struct buf all = buf_new(cx->mem), then = buf_new(cx->mem), since = buf_new(cx->mem),
               history = buf_new(cx->mem);
    struct record_change remove = {.def = kept_def(k, "asset"), .act = "remove"};

    CHECK_OK(kept_put(k, "asset", STR_NONE, "{name: Code}", &a));
    CHECK_OK(kept_put(k, "asset", STR_NONE, "{name: Notebooks}", &b));
    CHECK_OK(kept_put(k, "asset", a.id, "{name: Source code}", &r));
    remove.id = b.id;
    CHECK_OK(record_write(cx, &k->rs, &remove, &r));
    CHECK_OK(record_changes(cx, &k->rs, 0, STR_NONE, add_seq, &all));
    CHECK_STR(buf_str(&all), "1:P-001:1 2:P-002:1 5:A-001:2 6:A-002:2-");
    CHECK_OK(record_changes(cx, &k->rs, 0, b.at, add_seq, &then));
    CHECK_STR(buf_str(&then), "1:P-001:1 2:P-002:1 3:A-001:1 4:A-002:1");
    CHECK_OK(record_changes(cx, &k->rs, 5, STR_NONE, add_seq, &since));
    CHECK_STR(buf_str(&since), "6:A-002:2-");
    CHECK_OK(record_history(cx, &k->rs, b.id, add_seq, &history));
    CHECK_STR(buf_str(&history), "4:A-002:1 6:A-002:2-");
}

/* An instant is never before that of the version before, whatever the clock does. */
KEPT_TEST(record_time_goes_on)
{
    struct record a, b;

    CHECK_OK(kept_put(k, "asset", STR_NONE, "{name: Code}", &a));
    k->now -= 3600000;
    CHECK_OK(kept_put(k, "asset", STR_NONE, "{name: Notebooks}", &b));
    CHECK(str_eq(a.at, b.at));
}

TEST(record_ids_sort_by_their_making)
{
    struct str last = STR_NONE;

    for (int i = 0; i < 50; i++) {
        struct str id = record_id_new(cx);
        CHECK_INT(id.n, RECORD_ID_BYTES);
        CHECK(str_cmp(str_sub(last, 0, 9), str_sub(id, 0, 9)) <= 0);
        CHECK(!str_eq(id, last));
        last = id;
    }
}

/* A ref names what was called so then, whatever it is called by now. */
KEPT_TEST(record_called_at_an_instant)
{
    const struct register_def *asset = kept_def(k, "asset");
    struct record_change change = {.def = asset, .act = "set"};
    struct record first, renamed, gone, again, called, at;

    CHECK_OK(kept_put(k, "asset", STR_NONE, "{name: Code, ref: C-1}", &first));
    change.id = first.id;
    change.body = first.body;
    change.ref = STR("C-2");
    CHECK_OK(record_write(cx, &k->rs, &change, &renamed));
    change.body = NULL;
    change.ref = STR_NONE;
    CHECK_OK(record_write(cx, &k->rs, &change, &gone));
    CHECK_OK(kept_put(k, "asset", STR_NONE, "{name: Other, ref: C-1}", &again));

    CHECK_OK(record_called(cx, &k->rs, asset, STR("c-1"), first.at, &called));
    CHECK(str_eq(called.id, first.id));
    CHECK_OK(record_called(cx, &k->rs, asset, STR("C-1"), gone.at, &called));
    CHECK(str_eq(called.id, first.id));
    CHECK_OK(record_called(cx, &k->rs, asset, STR("C-1"), STR_NONE, &called));
    CHECK(str_eq(called.id, again.id));
    CHECK_OK(record_called(cx, &k->rs, asset, STR("C-2"), first.at, &called));
    CHECK_INT(called.id.n, 0);

    CHECK_OK(record_at(cx, &k->rs, first.id, renamed.at, &at));
    CHECK_STR(at.ref, "C-2");
    CHECK_OK(record_at(cx, &k->rs, first.id, STR_NONE, &at));
    CHECK(at.body == NULL);
    CHECK_RC(record_at(cx, &k->rs, again.id, gone.at, &at), RC_NOT_FOUND);
    /* What is not found any more says why. */
    CHECK_RC(record_find(cx, &k->rs, asset, STR("C-2"), &called.id), RC_NOT_FOUND);
    CHECK(str_has(cx->err.text, "C-2 was removed on "));
    CHECK(str_has(cx->err.text, "assay history asset C-2"));
    change.id = again.id;
    change.body = again.body;
    change.ref = STR("C-3");
    CHECK_OK(record_write(cx, &k->rs, &change, &renamed));
    CHECK_RC(record_find(cx, &k->rs, asset, STR("C-1"), &called.id), RC_NOT_FOUND);
    CHECK(str_has(cx->err.text, "it is called C-3 now"));
}
