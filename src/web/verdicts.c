#include "web/verdicts.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "web/child.h"

#define KEPT_MOST 48u
#define STAGE_BYTES 24u

struct entry_of {
    char *organisation, *person, *role;
    char stage[STAGE_BYTES];
    int64_t wanted_seq, seq; /* what it is to be made of, and was made of */
    struct date wanted_day, day;
    char *text; /* the result, NULL for none yet */
    size_t n;
    char *failed, *progress;
    int64_t at_ms;
    bool waiting; /* for the thread, or it is at it */
    uint64_t used;
    struct entry_of *next;
};

struct verdicts {
    struct app *app;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    struct entry_of *entries;
    unsigned n;
    uint64_t uses;
    bool stopping;
};

static char *copy(struct str s)
{
    char *z = malloc(s.n + 1);

    if (z == NULL)
        abort();
    memcpy(z, s.p, s.n);
    z[s.n] = '\0';
    return z;
}

static void entry_free(struct entry_of *e)
{
    free(e->organisation);
    free(e->person);
    free(e->role);
    free(e->text);
    free(e->failed);
    free(e->progress);
    free(e);
}

/* ---- the thread ---- */

static struct entry_of *next_waiting(struct verdicts *v)
{
    for (struct entry_of *e = v->entries; e != NULL; e = e->next)
        if (e->waiting)
            return e;
    return NULL;
}

struct watched {
    struct verdicts *v;
    struct entry_of *e;
};

/* The judge's child tells how far it is. */
static bool watch(void *arg, struct str said)
{
    const struct watched *w = arg;
    struct arena *mem = arena_new(0);
    struct str progress = child_progress(mem, said);

    (void)pthread_mutex_lock(&w->v->lock);
    free(w->e->progress);
    w->e->progress = copy(progress);
    bool go_on = !w->v->stopping;

    (void)pthread_mutex_unlock(&w->v->lock);
    arena_free(mem);
    return go_on;
}

/* With the lock held; the entry stays, since it is waiting. */
static void judge(struct verdicts *v, struct entry_of *e)
{
    struct arena *mem = arena_new(0);
    struct ctx cx = {.mem = mem, .today = e->wanted_day};
    const char *const words[] = {"judge", "--stage", e->stage, "--fail-on",
                                 "never", "--json",  NULL};
    struct child child = {.app = v->app,
                          .organisation = str_of(e->organisation),
                          .person = str_of(e->person),
                          .role = str_of(e->role),
                          .words = words,
                          .watch = watch,
                          .watch_arg = &(struct watched){v, e}};
    int64_t seq = e->wanted_seq;
    struct date day = e->wanted_day;
    struct str output = STR_NONE;

    (void)pthread_mutex_unlock(&v->lock);
    int rc = child_run(&cx, &child, &output);

    (void)pthread_mutex_lock(&v->lock);
    free(e->progress);
    e->progress = NULL;
    free(e->failed);
    e->failed = rc < 0 ? copy(cx.err.text) : NULL;
    if (rc == 0) {
        free(e->text);
        e->text = copy(output);
        e->n = output.n;
        e->at_ms = host_now_ms(&cx);
    }
    e->seq = seq;
    e->day = day;
    e->waiting = e->wanted_seq != seq || date_cmp(e->wanted_day, day) != 0;
    arena_free(mem);
    (void)malloc_trim(0); /* the pages that wait for it took much, and so did its text */
}

static void *run(void *arg)
{
    struct verdicts *v = arg;
    struct entry_of *e;

    (void)pthread_mutex_lock(&v->lock);
    while (!v->stopping) {
        e = next_waiting(v);
        if (e == NULL) {
            (void)pthread_cond_wait(&v->work, &v->lock);
            continue;
        }
        judge(v, e);
        (void)pthread_cond_broadcast(&v->done);
    }
    (void)pthread_mutex_unlock(&v->lock);
    return NULL;
}

int verdicts_start(struct ctx *cx, struct app *app, struct verdicts **ret)
{
    struct verdicts *v = calloc(1, sizeof *v);
    sigset_t all, before;

    if (v == NULL)
        abort();
    v->app = app;
    (void)pthread_mutex_init(&v->lock, NULL);
    (void)pthread_cond_init(&v->work, NULL);
    (void)pthread_cond_init(&v->done, NULL);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = pthread_create(&v->thread, NULL, run, v);

    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc != 0) {
        free(v);
        return fail(cx, RC_FAIL, NULL, _("The system gives no more threads."));
    }
    *ret = v;
    return 0;
}

void verdicts_free(struct verdicts *v)
{
    if (v == NULL)
        return;
    (void)pthread_mutex_lock(&v->lock);
    v->stopping = true;
    (void)pthread_cond_broadcast(&v->work);
    (void)pthread_mutex_unlock(&v->lock);
    (void)pthread_join(v->thread, NULL);
    for (struct entry_of *e = v->entries, *next; e != NULL; e = next) {
        next = e->next;
        entry_free(e);
    }
    (void)pthread_mutex_destroy(&v->lock);
    (void)pthread_cond_destroy(&v->work);
    (void)pthread_cond_destroy(&v->done);
    free(v);
}

/* ---- asking ---- */

static void drop_oldest(struct verdicts *v)
{
    struct entry_of **oldest = NULL;

    for (struct entry_of **at = &v->entries; *at != NULL; at = &(*at)->next)
        if (!(*at)->waiting && (oldest == NULL || (*at)->used < (*oldest)->used))
            oldest = at;
    if (oldest == NULL)
        return;
    struct entry_of *gone = *oldest;

    *oldest = gone->next;
    entry_free(gone);
    v->n--;
}

static struct entry_of *find(struct verdicts *v, struct visit *visit, struct str stage)
{
    struct entry_of *e = v->entries;

    while (e != NULL && !(str_is(visit->org->name, e->organisation) && str_is(stage, e->stage)))
        e = e->next;
    if (e != NULL)
        return e;
    if (v->n >= KEPT_MOST)
        drop_oldest(v);
    e = calloc(1, sizeof *e);
    if (e == NULL)
        abort();
    e->organisation = copy(visit->org->name);
    e->seq = -1;
    memcpy(e->stage, stage.p, stage.n);
    e->next = v->entries;
    v->entries = e;
    v->n++;
    return e;
}

/* It is made as who asked for it; what comes of it is the same for all who may. */
static void want(struct verdicts *v, struct entry_of *e, struct visit *visit, int64_t seq)
{
    e->wanted_seq = seq;
    e->wanted_day = visit->cx->today;
    if (e->waiting)
        return;
    free(e->person);
    free(e->role);
    e->person = copy(visit->who.person);
    e->role = copy(visit->who.role);
    e->waiting = true;
    (void)pthread_cond_signal(&v->work);
}

static bool is_fresh(const struct entry_of *e, struct visit *visit, int64_t seq)
{
    return e->seq == seq && date_cmp(e->day, visit->cx->today) == 0;
}

static void wait_for(struct verdicts *v, struct entry_of *e, unsigned ms)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    while (e->waiting && pthread_cond_timedwait(&v->done, &v->lock, &until) != ETIMEDOUT)
        ;
}

int verdicts_get(struct visit *visit, struct str stage, unsigned wait_ms, struct verdict_state *ret)
{
    struct verdicts *v = visit->app->verdicts;
    struct ctx *cx = visit->cx;
    struct str text = STR_NONE;
    int64_t seq;

    if (stage.n >= STAGE_BYTES)
        return fail(cx, RC_INVALID, "stage", _("There is no such stage."));
    TRY(record_last_seq(cx, &visit->org->records, &seq));
    *ret = (struct verdict_state){.result = NULL};
    (void)pthread_mutex_lock(&v->lock);
    struct entry_of *e = find(v, visit, stage);

    e->used = ++v->uses;
    if (!is_fresh(e, visit, seq)) {
        want(v, e, visit, seq);
        wait_for(v, e, wait_ms);
    }
    ret->fresh = is_fresh(e, visit, seq) && e->failed == NULL;
    ret->failed = str_copy(cx->mem, str_of(e->failed));
    ret->progress = str_copy(cx->mem, str_of(e->progress));
    if (e->text != NULL) {
        text = str_copy(cx->mem, (struct str){e->text, e->n});
        ret->at = instant_text(cx->mem, e->at_ms);
    }
    (void)pthread_mutex_unlock(&v->lock);
    return text.n > 0 ? json_parse(cx, "judge", text, &ret->result) : 0;
}
