/* Jobs: each is run by one, and again where that one was ended. On each database. */
#include "op/jobs.h"

#include "tests/op/directory.h"

static void ready(struct ctx *cx, struct store *directory)
{
    directory_make(cx, directory);
    CHECK_OK(store_exec(cx, directory, "test",
                        STR("INSERT INTO account (id, login, password, "
                            "made_at) VALUES ('a', 'ann', '-', '-'), ('b', 'bob', '-', '-')")));
}

static struct job added(struct ctx *cx, struct store *store, const char *title)
{
    struct value *words = value_list(cx->mem);
    struct job job = {.account = STR("a"),
                      .organisation = STR("one"),
                      .person = STR("p"),
                      .role = STR("owner"),
                      .kind = STR("export"),
                      .title = str_of(title),
                      .words = words,
                      .file = STR("a.zip")};

    value_push(words, value_textz(cx->mem, "export"));
    CHECK_OK(job_add(cx, store, &job));
    directory_now += 10;
    return job;
}

static struct job found(struct ctx *cx, struct store *store, struct str id)
{
    struct job job = {.state = STR("none")};

    CHECK_OK(job_find(cx, store, STR("a"), STR("one"), id, &job));
    return job;
}

STORE_TEST(jobs_are_run_in_their_order_each_once)
{
    struct job first, second, got, other;
    bool any = false;

    ready(cx, store);
    CHECK_OK(job_claim(cx, store, &got, &any));
    CHECK(!any);
    first = added(cx, store, "first");
    second = added(cx, store, "second");
    CHECK_OK(job_claim(cx, store, &got, &any));
    CHECK(any && str_eq(got.id, first.id) && str_is(got.state, "running"));
    CHECK_STR(value_as_text(value_at(got.words, 0)), "export");
    CHECK_OK(job_claim(cx, store, &other, &any));
    CHECK(any && str_eq(other.id, second.id));
    CHECK_OK(job_note(cx, store, first.id, STR("Reading: 1 of 2"), &any));
    CHECK(any);
    CHECK_STR(found(cx, store, first.id).progress, "Reading: 1 of 2");
    CHECK_OK(job_done(cx, store, first.id));
    CHECK_OK(job_failed(cx, store, second.id, 422, STR("No room.")));
    CHECK_STR(found(cx, store, first.id).state, "done");
    CHECK_STR(found(cx, store, second.id).said, "No room.");
    CHECK_OK(job_claim(cx, store, &got, &any));
    CHECK(!any);
    CHECK_RC(job_find(cx, store, STR("b"), STR("one"), first.id, &got), RC_NOT_FOUND);
}

STORE_TEST(a_job_whose_server_was_ended_is_run_by_another)
{
    struct job job, got;
    bool any = false, on = true;

    ready(cx, store);
    job = added(cx, store, "first");
    CHECK_OK(job_claim(cx, store, &got, &any));
    directory_now += JOB_LEASE_MS - 1000;
    CHECK_OK(job_note(cx, store, job.id, STR_NONE, &on)); /* it is alive */
    directory_now += 2000;
    CHECK_OK(job_claim(cx, store, &got, &any));
    CHECK(!any);
    directory_now += JOB_LEASE_MS;
    CHECK_OK(job_claim(cx, store, &got, &any));
    CHECK(any && str_eq(got.id, job.id));
    CHECK_OK(job_release(cx, store, job.id));
    CHECK_OK(job_claim(cx, store, &got, &any));
    CHECK(any && str_eq(got.id, job.id));
}

STORE_TEST(a_job_that_is_cancelled_ends_and_is_forgotten_later)
{
    struct job job, got;
    struct value *ids = NULL;
    bool any = true;

    ready(cx, store);
    job = added(cx, store, "first");
    CHECK_OK(job_cancel(cx, store, STR("b"), job.id)); /* not theirs */
    CHECK_STR(found(cx, store, job.id).state, "waiting");
    CHECK_OK(job_claim(cx, store, &got, &any));
    CHECK_OK(job_cancel(cx, store, STR("a"), job.id));
    CHECK_OK(job_note(cx, store, job.id, STR("on"), &any));
    CHECK(!any);
    CHECK_OK(job_done(cx, store, job.id));
    CHECK_STR(found(cx, store, job.id).state, "cancelled");
    CHECK_OK(job_forget(cx, store, &ids));
    CHECK_INT(value_count(ids), 0);
    directory_now += JOB_KEPT_MS + 1000;
    CHECK_OK(job_forget(cx, store, &ids));
    CHECK_INT(value_count(ids), 1);
    for (int i = 0; i < JOBS_WAITING; i++)
        job = added(cx, store, "many");
    CHECK_RC(job_add(cx, store, &job), RC_LIMIT);
}
