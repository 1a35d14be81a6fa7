#include "op/home.h"

#include <stdlib.h>

#include "op/home_parts.h"

/* Where the home is, as it was named: without slashes at the end. */
static int place_of(struct ctx *cx, const struct home_request *request, struct home *home)
{
    const char *where = request->home != NULL ? request->home : getenv("ASSAY_HOME");
    struct str s = str_of(where);

    if (s.n == 0)
        return fail(cx, RC_INVALID, "home",
                    _("Which home? Name it by --home or ASSAY_HOME. To make one: assay init."));
    home->url = home_is_url(where);
    while (!home->url && s.n > 1 && s.p[s.n - 1] == '/')
        s.n--;
    home->where = home->place = home->folder = str_of(str_z(cx->mem, s));
    return 0;
}

/* "postgresql://ada:secret@host/db" is shown as "postgresql://ada@host/db". */
static struct str without_password(struct arena *mem, struct str url)
{
    size_t from = str_find(url, STR("://"), 0) + 3;
    size_t end = str_find_char(url, '/', from);
    size_t at = SIZE_MAX, colon = str_find_char(url, ':', from);

    for (size_t i = from; i < (end != SIZE_MAX ? end : url.n); i++)
        at = url.p[i] == '@' ? i : at;
    if (at == SIZE_MAX || colon > at)
        return url;
    return str_printf(mem, "%.*s%.*s", STR_ARG(str_sub(url, 0, colon)), STR_ARG(str_from(url, at)));
}

static int home_new(struct ctx *cx, const struct home_request *request, struct home **ret)
{
    struct home *home = ARENA_NEW(cx->mem, struct home);

    home->cx = cx;
    TRY(place_of(cx, request, home));
    if (home->url) {
        home->place = without_password(cx->mem, home->where);
        home->folder = STR_NONE;
    }
    TRY(content_open(cx, request->content_dir, &home->content));
    *ret = home;
    return 0;
}

/* A database has room for what is not ours, so that only organisations make a home of it. */
static int check_empty(struct ctx *cx, struct home *home)
{
    struct value *list;

    TRY(home_organisations(cx, home, &list));
    if (value_count(list) == 0)
        return 0;
    return fail(cx, RC_CONFLICT, "home",
                _("%.*s is a home already. Another organisation goes into it with: assay "
                  "organisations add."),
                STR_ARG(home->place));
}

int home_create(struct ctx *cx, const struct home_request *request, struct home **ret)
{
    struct home *made CLEANUP(home_closep) = NULL;

    TRY(home_new(cx, request, &made));
    if (!made->url)
        TRY(home_folder_new(cx, made));
    TRY(home_directory_open(cx, made, true));
    if (made->url)
        TRY(check_empty(cx, made));
    *ret = made;
    made = NULL;
    return 0;
}

static void end_stores(struct home *home)
{
    for (struct open_organisation *o = home->open; o != NULL; o = o->next)
        home_organisation_end(o);
    home->open = NULL;
    store_close(home->directory);
    home->directory = NULL;
}

/* Open files would not follow the folder to its new name. */
int home_keep(struct ctx *cx, struct home *home)
{
    if (!home->made)
        return 0;
    end_stores(home);
    TRY(home_folder_keep(cx, home));
    return home_directory_open(cx, home, false);
}

int home_open(struct ctx *cx, const struct home_request *request, struct home **ret)
{
    struct home *home CLEANUP(home_closep) = NULL;

    TRY(home_new(cx, request, &home));
    if (!home->url)
        TRY(home_folder_check(cx, home));
    TRY(home_directory_open(cx, home, false));
    *ret = home;
    home = NULL;
    return 0;
}

void home_close(struct home *home)
{
    if (home == NULL)
        return;
    end_stores(home);
    if (home->made)
        home_folder_drop(home->folder);
    home->made = false;
}

void home_closep(struct home **home)
{
    home_close(*home);
    *home = NULL;
}
