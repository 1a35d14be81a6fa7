#include "verify/work.h"

#include <pthread.h>
#include <stdatomic.h>

struct hall {
    struct arena *mem;
    work_item *each;
    void *arg;
    size_t n;
    atomic_size_t next;
    pthread_mutex_t lock; /* of `work` and `mem` */
    struct work *work;
};

void *work_lock_new(struct arena *mem)
{
    pthread_mutex_t *lock = ARENA_NEW(mem, pthread_mutex_t);

    (void)pthread_mutex_init(lock, NULL);
    return lock;
}

void work_lock(void *lock)
{
    (void)pthread_mutex_lock(lock);
}

void work_unlock(void *lock)
{
    (void)pthread_mutex_unlock(lock);
}

/* Into its place by item; the last one goes where there is no more room. */
static void keep_failure(struct hall *hall, size_t item, struct str text)
{
    struct work *work = hall->work;
    size_t kept = work->failure_n < WORK_FAILURES ? work->failure_n : WORK_FAILURES, at = kept;

    work->failure_n++;
    while (at > 0 && work->failures[at - 1].item > item)
        at--;
    if (at == WORK_FAILURES)
        return;
    for (size_t i = kept < WORK_FAILURES ? kept : WORK_FAILURES - 1; i > at; i--)
        work->failures[i] = work->failures[i - 1];
    work->failures[at] = (struct work_failure){item, str_copy(hall->mem, text)};
}

static void do_item(struct hall *hall, size_t item)
{
    struct arena *mem CLEANUP(arena_freep) = arena_new(0);
    struct ctx cx = {.mem = mem};

    if (hall->each(hall->arg, &cx, item) == 0)
        return;
    work_lock(&hall->lock);
    keep_failure(hall, item, cx.err.text);
    work_unlock(&hall->lock);
}

static void *do_items(void *arg)
{
    struct hall *hall = arg;

    for (size_t i; (i = atomic_fetch_add(&hall->next, 1)) < hall->n;)
        do_item(hall, i);
    return NULL;
}

void work_each(struct arena *mem, size_t n, work_item *each, void *arg, struct work *ret)
{
    struct hall hall = {.mem = mem, .each = each, .arg = arg, .n = n, .work = ret};
    pthread_t other;

    *ret = (struct work){.failure_n = 0};
    (void)pthread_mutex_init(&hall.lock, NULL);
    bool two = n > 1 && pthread_create(&other, NULL, do_items, &hall) == 0;
    (void)do_items(&hall);
    if (two)
        (void)pthread_join(other, NULL);
    (void)pthread_mutex_destroy(&hall.lock);
}
