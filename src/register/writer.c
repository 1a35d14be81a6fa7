#include "register/writer.h"

#include <assert.h>
#include <pthread.h>

#include "register/record_together.h"

struct job {
    struct ctx *cx; /* of the thread that waits */
    const struct record_change *change;
    struct str to;
    struct record record;
    int rc;
    bool done;
    struct job *next;
};

struct writer {
    struct arena *mem;      /* as long as it lives */
    struct arena *open_mem; /* of the connection */
    const char *where, *schema;
    const struct registers *registers;
    struct record_keys *keys;
    struct store *store; /* NULL where it has to be opened again */
    struct record_store records;
    pthread_t thread;
    pthread_mutex_t mutex; /* of all that follows */
    pthread_cond_t wake, answered;
    struct job *first, *last;
    uint64_t batches, changes;
    bool closing;
};

/* ---- the connection ---- */

static void disconnect(struct writer *w)
{
    record_store_close(&w->records);
    store_close(w->store);
    w->store = NULL;
    arena_free(w->open_mem);
    w->open_mem = NULL;
}

static int connect_again(struct writer *w, struct ctx *cx)
{
    if (w->store != NULL)
        return 0;
    w->open_mem = arena_new(0);
    struct ctx in = ctx_in(cx, w->open_mem);
    int rc = ctx_end(cx, &in, store_open_schema(&in, w->where, w->schema, 0, &w->store));

    if (rc == 0)
        record_store_open(w->store, w->registers, w->keys, &w->records);
    else
        disconnect(w);
    return rc;
}

/* ---- one batch ---- */

static struct ctx job_context(const struct job *job, struct arena *mem)
{
    struct ctx cx = *job->cx;

    cx.mem = mem;
    cx.err = (struct err){.rc = RC_OK};
    return cx;
}

/* Its result, in memory of the thread that waits, and so is the sentence of an error. */
static void answer(struct job *job, int rc, const struct ctx *from, const struct record *r)
{
    struct arena *mem = job->cx->mem;

    job->rc = rc;
    if (rc != 0) {
        job->cx->err = (struct err){(enum rc)rc, str_copy(mem, from->err.place),
                                    str_copy(mem, from->err.text)};
        return;
    }
    job->record = (struct record){.def = r->def,
                                  .id = str_copy(mem, r->id),
                                  .ref = str_copy(mem, r->ref),
                                  .rev = r->rev,
                                  .seq = r->seq,
                                  .at = str_copy(mem, r->at),
                                  .actor = str_copy(mem, r->actor),
                                  .role = str_copy(mem, r->role),
                                  .via = str_copy(mem, r->via),
                                  .act = str_copy(mem, r->act),
                                  .body = r->body != NULL ? value_copy(mem, r->body) : NULL};
}

static void write_one(struct writer *w, struct job *job, struct arena *mem)
{
    struct record_together before = *w->records.together;
    struct ctx cx = job_context(job, mem);
    struct record record = {.def = NULL};
    int rc = job->to.n > 0 ? record_advance(&cx, &w->records, job->change, job->to, &record)
                           : record_write(&cx, &w->records, job->change, &record);

    if (rc != 0)
        record_together_back(w->records.together, &before);
    answer(job, rc, &cx, &record);
}

static int write_all(struct writer *w, struct ctx *cx, struct job *jobs)
{
    struct record_together together;

    TX(tx, cx, w->store);
    TRY(record_together_begin(cx, &w->records, &together));
    for (struct job *job = jobs; job != NULL; job = job->next)
        write_one(w, job, cx->mem);
    TRY(record_together_end(cx, &w->records));
    return tx_commit(cx, &tx);
}

static void refuse_all(struct job *jobs, int rc, const struct ctx *cx)
{
    for (struct job *job = jobs; job != NULL; job = job->next)
        answer(job, rc, cx, NULL);
}

/* Each alone, where all together could not be committed: only those at fault fail. */
static void write_singly(struct writer *w, struct job *jobs, struct arena *mem)
{
    for (struct job *job = jobs, *next; job != NULL; job = next) {
        struct ctx cx = job_context(job, mem);
        next = job->next;
        job->next = NULL;
        int rc = write_all(w, &cx, job);
        if (rc != 0 && job->rc == 0)
            answer(job, rc, &cx, NULL);
        job->next = next;
    }
}

static void run_batch(struct writer *w, struct job *jobs)
{
    CLEANUP(arena_freep) struct arena *mem = arena_new(0);
    struct ctx cx = job_context(jobs, mem);
    int rc = connect_again(w, &cx);

    if (rc == 0)
        rc = write_all(w, &cx, jobs);
    if (rc == 0)
        return;
    if (w->store == NULL || store_cause(w->store) == STORE_CAUSE_LOST || jobs->next == NULL)
        refuse_all(jobs, rc, &cx);
    else
        write_singly(w, jobs, mem);
    if (w->store != NULL && store_cause(w->store) == STORE_CAUSE_LOST)
        disconnect(w);
}

/* ---- the thread ---- */

/* Up to WRITER_BATCH of those that wait; NULL where the writer is to end. */
static struct job *take(struct writer *w)
{
    struct job *jobs, *last;
    unsigned n = 1;

    while (w->first == NULL && !w->closing)
        pthread_cond_wait(&w->wake, &w->mutex);
    jobs = last = w->first;
    if (jobs == NULL)
        return NULL;
    for (; n < WRITER_BATCH && last->next != NULL; n++)
        last = last->next;
    w->first = last->next;
    if (w->first == NULL)
        w->last = NULL;
    last->next = NULL;
    w->batches++;
    w->changes += n;
    return jobs;
}

static void *run(void *arg)
{
    struct writer *w = arg;
    struct job *jobs;

    pthread_mutex_lock(&w->mutex);
    while ((jobs = take(w)) != NULL) {
        pthread_mutex_unlock(&w->mutex);
        run_batch(w, jobs);
        pthread_mutex_lock(&w->mutex);
        /* A job is its waiter's again once it is done. */
        for (struct job *next; jobs != NULL; jobs = next) {
            next = jobs->next;
            jobs->done = true;
        }
        pthread_cond_broadcast(&w->answered);
    }
    pthread_mutex_unlock(&w->mutex);
    return NULL;
}

/* What was written is written, whether or not this succeeds: the next one covers it. */
static void sign_checkpoint(struct writer *w)
{
    struct ctx cx = {.mem = arena_new(0)};
    uint64_t size;

    if (w->keys != NULL && w->store != NULL)
        (void)!record_checkpoint(&cx, &w->records, &size);
    arena_free(cx.mem);
}

static void end(struct writer *w)
{
    disconnect(w);
    pthread_cond_destroy(&w->answered);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->mutex);
    arena_free(w->mem);
}

int writer_open(struct ctx *cx, const char *where, const char *schema,
                const struct registers *registers, struct record_keys *keys, struct writer **ret)
{
    struct arena *mem = arena_new(0);
    struct writer *w = ARENA_NEW(mem, struct writer);

    w->mem = mem;
    w->where = str_z(mem, str_of(where));
    w->schema = str_z(mem, str_of(schema));
    w->registers = registers;
    w->keys = keys;
    pthread_mutex_init(&w->mutex, NULL);
    pthread_cond_init(&w->wake, NULL);
    pthread_cond_init(&w->answered, NULL);
    int rc = connect_again(w, cx);

    if (rc == 0 && pthread_create(&w->thread, NULL, run, w) != 0)
        rc = fail(cx, RC_FAIL, NULL, _("The thread that writes could not be started."));
    if (rc != 0)
        end(w);
    else
        *ret = w;
    return rc;
}

void writer_close(struct writer *w)
{
    if (w == NULL)
        return;
    pthread_mutex_lock(&w->mutex);
    w->closing = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->mutex);
    pthread_join(w->thread, NULL);
    sign_checkpoint(w);
    end(w);
}

int writer_write(struct ctx *cx, struct writer *w, const struct record_change *change,
                 struct str to, struct record *ret)
{
    struct job job = {.cx = cx, .change = change, .to = to};

    pthread_mutex_lock(&w->mutex);
    assert(!w->closing);
    if (w->last != NULL)
        w->last->next = &job;
    else
        w->first = &job;
    w->last = &job;
    pthread_cond_signal(&w->wake);
    while (!job.done)
        pthread_cond_wait(&w->answered, &w->mutex);
    pthread_mutex_unlock(&w->mutex);
    if (job.rc == 0)
        *ret = job.record;
    return job.rc;
}

void writer_counts(struct writer *w, uint64_t *ret_batches, uint64_t *ret_changes)
{
    pthread_mutex_lock(&w->mutex);
    *ret_batches = w->batches;
    *ret_changes = w->changes;
    pthread_mutex_unlock(&w->mutex);
}
