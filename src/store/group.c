#include "store/group.h"

#include <pthread.h>
#include <stdlib.h>

#include "store/internal.h"

/* A transaction that has ended has the number `ended` had then. */
struct store_group {
    struct store_groups *all;
    struct store_group *next;
    char *place;
    uint64_t ended;   /* transactions */
    uint64_t saved;   /* of these, up to which all are on the disk */
    uint64_t lost;    /* and up to which nobody knows, as the disk has failed */
    bool waits;       /* one waits for the disk, for all that had ended when it began */
    bool unsettled;   /* the log is not to be trusted as it is: see driver->save() */
    uint64_t commits; /* acknowledged */
    uint64_t times;   /* the disk was waited for */
};

struct store_groups {
    pthread_mutex_t mutex; /* of all groups */
    pthread_cond_t saved;
    struct store_group *first;
};

static void *must(void *memory)
{
    if (memory == NULL)
        abort();
    return memory;
}

struct store_groups *store_groups_new(void)
{
    struct store_groups *groups = must(calloc(1, sizeof *groups));

    pthread_mutex_init(&groups->mutex, NULL);
    pthread_cond_init(&groups->saved, NULL);
    return groups;
}

void store_groups_free(struct store_groups *groups)
{
    if (groups == NULL)
        return;
    for (struct store_group *g = groups->first, *next; g != NULL; g = next) {
        next = g->next;
        free(g->place);
        free(g);
    }
    pthread_cond_destroy(&groups->saved);
    pthread_mutex_destroy(&groups->mutex);
    free(groups);
}

static struct store_group *group_at(struct store_groups *groups, struct str place)
{
    struct store_group *g = groups->first;

    while (g != NULL && !str_is(place, g->place))
        g = g->next;
    if (g != NULL)
        return g;
    g = must(calloc(1, sizeof *g));
    g->place = must(strndup(place.p, place.n));
    g->all = groups;
    g->next = groups->first;
    groups->first = g;
    return g;
}

void store_groups_join(struct store_groups *groups, struct store *store)
{
    if (store->driver->save == NULL || store->place.n == 0 || store->flags & STORE_READ_ONLY)
        return;
    pthread_mutex_lock(&groups->mutex);
    store->group = group_at(groups, store->place);
    pthread_mutex_unlock(&groups->mutex);
}

/* Saves what has ended so far, for all; the mutex is held before and after. */
static void save(struct ctx *cx, struct store *store, struct store_group *g)
{
    uint64_t until = g->ended;
    bool unsettled = g->unsettled;

    g->waits = true;
    g->times++;
    pthread_mutex_unlock(&g->all->mutex);
    int rc = store->driver->save(cx, store, unsettled);

    pthread_mutex_lock(&g->all->mutex);
    g->waits = false;
    g->unsettled = rc != 0;
    if (rc == 0)
        g->saved = until;
    else
        g->lost = until;
    pthread_cond_broadcast(&g->all->saved);
}

static int save_own(struct ctx *cx, struct store *store, struct store_group *g)
{
    uint64_t own = ++g->ended;

    while (own > g->lost && own > g->saved)
        if (g->waits)
            pthread_cond_wait(&g->all->saved, &g->all->mutex);
        else
            save(cx, store, g);
    if (own <= g->lost)
        return fail(cx, RC_FAIL, NULL,
                    _("%.*s: the disk failed, and nobody knows whether the change was saved. Look "
                      "before you make it again."),
                    STR_ARG(store->place));
    g->commits++;
    return 0;
}

int store_group_save(struct ctx *cx, struct store *store)
{
    struct store_group *g = store->group;

    pthread_mutex_lock(&g->all->mutex);
    int rc = save_own(cx, store, g);

    pthread_mutex_unlock(&g->all->mutex);
    return rc;
}

void store_groups_counts(struct store_groups *groups, uint64_t *ret_commits, uint64_t *ret_waits)
{
    *ret_commits = *ret_waits = 0;
    pthread_mutex_lock(&groups->mutex);
    for (const struct store_group *g = groups->first; g != NULL; g = g->next) {
        *ret_commits += g->commits;
        *ret_waits += g->times;
    }
    pthread_mutex_unlock(&groups->mutex);
}
