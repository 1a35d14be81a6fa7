/* What a worker has open. Each home is one connection with memory of its own, so that it can be
 * ended and opened anew without the others. */
#include <stdlib.h>

#include "web/app.h"

#define OPEN_MOST 16u /* organisations that a desk has open; the one not used for longest goes */

struct drawer {
    struct arena *mem;
    struct ctx cx; /* what stays open lives here */
    struct home *home;
    struct organisation *org; /* NULL: only the directory */
    struct str name;
    uint64_t used;
    struct drawer *next;
};

struct desk {
    struct app *app;
    struct drawer *drawers;
    size_t n;
    uint64_t uses;
    unsigned losses; /* that it knows of */
};

struct desk *desk_new(struct app *app)
{
    struct desk *desk = calloc(1, sizeof *desk);

    if (desk == NULL)
        abort();
    desk->app = app;
    return desk;
}

static void drawer_free(struct drawer *drawer)
{
    struct arena *mem = drawer->mem; /* the drawer lies in it */

    home_close(drawer->home);
    arena_free(mem);
}

void desk_rest(struct desk *desk)
{
    for (struct drawer *drawer = desk->drawers, *next; drawer != NULL; drawer = next) {
        next = drawer->next;
        drawer_free(drawer);
    }
    desk->drawers = NULL;
    desk->n = 0;
}

void desk_free(struct desk *desk)
{
    if (desk == NULL)
        return;
    desk_rest(desk);
    free(desk);
}

static void take_out(struct desk *desk, struct drawer *drawer)
{
    for (struct drawer **at = &desk->drawers; *at != NULL; at = &(*at)->next) {
        if (*at != drawer)
            continue;
        *at = drawer->next;
        desk->n--;
        drawer_free(drawer);
        return;
    }
}

static void make_room(struct desk *desk)
{
    struct drawer *oldest = NULL;

    if (desk->n < OPEN_MOST)
        return;
    for (struct drawer *drawer = desk->drawers; drawer != NULL; drawer = drawer->next)
        if (drawer->org != NULL && (oldest == NULL || drawer->used < oldest->used))
            oldest = drawer;
    if (oldest != NULL)
        take_out(desk, oldest);
}

static int open_drawer(struct desk *desk, struct str name, struct drawer *drawer)
{
    struct ctx *cx = &drawer->cx;

    TRY(home_open(cx, &desk->app->where, &drawer->home));
    if (name.n == 0)
        return 0;
    return home_organisation_open(cx, drawer->home, drawer->name.p, &drawer->org);
}

static int new_drawer(struct ctx *cx, struct desk *desk, struct str name, struct drawer **ret)
{
    struct arena *mem = arena_new(0);
    struct drawer *drawer = ARENA_NEW(mem, struct drawer);

    make_room(desk);
    drawer->mem = mem;
    drawer->cx = ctx_in(cx, mem);
    drawer->name = str_of(str_z(mem, name));
    int rc = ctx_end(cx, &drawer->cx, open_drawer(desk, name, drawer));

    if (rc < 0) {
        drawer_free(drawer);
        return rc;
    }
    drawer->next = desk->drawers;
    desk->drawers = drawer;
    desk->n++;
    *ret = drawer;
    return 0;
}

static int find_drawer(struct ctx *cx, struct desk *desk, struct str name, struct drawer **ret)
{
    struct drawer *drawer = desk->drawers;

    while (drawer != NULL && !str_eq(drawer->name, name))
        drawer = drawer->next;
    if (drawer == NULL)
        TRY(new_drawer(cx, desk, name, &drawer));
    drawer->used = ++desk->uses;
    *ret = drawer;
    return 0;
}

int desk_directory(struct ctx *cx, struct desk *desk, struct store **ret)
{
    struct drawer *drawer;

    TRY(find_drawer(cx, desk, STR_NONE, &drawer));
    *ret = home_directory(drawer->home);
    return 0;
}

int desk_organisation(struct ctx *cx, struct desk *desk, struct str name, struct organisation **ret)
{
    struct drawer *drawer;
    bool fresh;

    TRY(find_drawer(cx, desk, name, &drawer));
    TRY(home_organisation_fresh(cx, drawer->org, &fresh));
    if (!fresh) {
        take_out(desk, drawer);
        TRY(find_drawer(cx, desk, name, &drawer));
    }
    *ret = drawer->org;
    return 0;
}

static bool is_lost(const struct drawer *drawer)
{
    return store_cause(home_directory(drawer->home)) == STORE_CAUSE_LOST ||
           (drawer->org != NULL && store_cause(drawer->org->store) == STORE_CAUSE_LOST);
}

bool desk_is_full(const struct desk *desk)
{
    for (const struct drawer *drawer = desk->drawers; drawer != NULL; drawer = drawer->next)
        if (store_cause(home_directory(drawer->home)) == STORE_CAUSE_FULL ||
            (drawer->org != NULL && store_cause(drawer->org->store) == STORE_CAUSE_FULL))
            return true;
    return false;
}

void desk_tidy(struct desk *desk)
{
    bool lost = false;

    for (struct drawer *drawer = desk->drawers, *next; drawer != NULL; drawer = next) {
        next = drawer->next;
        if (!is_lost(drawer))
            continue;
        take_out(desk, drawer);
        lost = true;
    }
    if (lost)
        desk->losses = ++desk->app->losses;
}

void desk_begin(struct desk *desk)
{
    unsigned losses = desk->app->losses;

    if (losses == desk->losses)
        return;
    desk_rest(desk);
    desk->losses = losses;
}
