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

/* "?password=secret&sslmode=require" without the first. */
static void add_query(struct buf *out, struct str query)
{
    struct str part, rest = query, name;
    char sign = '?';

    while (str_split(&rest, '&', &part)) {
        size_t equal = str_find_char(part, '=', 0);
        name = equal == SIZE_MAX ? part : str_sub(part, 0, equal);
        if (str_ends_nocase(name, "password"))
            continue;
        buf_char(out, sign);
        buf_add(out, part);
        sign = '&';
    }
}

/* "postgresql://ada:secret@host/db" is shown as "postgresql://ada@host/db". */
static struct str without_password(struct arena *mem, struct str url)
{
    size_t from = str_find(url, STR("://"), 0) + 3, ask = str_find_char(url, '?', 0);
    struct str head = ask != SIZE_MAX ? str_sub(url, 0, ask) : url;
    size_t end = str_find_char(head, '/', from), colon = str_find_char(head, ':', from);
    size_t at = SIZE_MAX;
    struct buf out = buf_new(mem);

    for (size_t i = from; i < (end != SIZE_MAX ? end : head.n); i++)
        at = head.p[i] == '@' ? i : at;
    if (at == SIZE_MAX || colon > at) {
        buf_add(&out, head);
    } else {
        buf_add(&out, str_sub(head, 0, colon));
        buf_add(&out, str_from(head, at));
    }
    if (ask != SIZE_MAX)
        add_query(&out, str_from(url, ask + 1));
    return buf_str(&out);
}

static int home_new(struct ctx *cx, const struct home_request *request, struct home **ret)
{
    struct home *home = ARENA_NEW(cx->mem, struct home);

    home->cx = cx;
    home->knowledge = request->knowledge;
    home->groups = request->groups;
    home->keeper = request->keeper;
    home->shares_keeper = request->keeper != NULL;
    TRY(place_of(cx, request, home));
    if (home->url) {
        home->place = without_password(cx->mem, home->where);
        TRY(home_files_place(cx, request, home));
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
    if (made->url) {
        TRY(check_empty(cx, made));
        TRY(home_files_create(cx, made));
    }
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
    if (home->shares_keeper)
        return;
    keeper_free(home->keeper);
    home->keeper = NULL;
}

int home_keeper(struct ctx *cx, struct home *home, struct keeper **ret)
{
    TRY(home_files_need(cx, home));
    if (home->keeper == NULL)
        TRY(keeper_new(cx, home_path(home, "keys"), &home->keeper));
    *ret = home->keeper;
    return 0;
}

static void keeper_freep(struct keeper **keeper)
{
    keeper_free(*keeper);
}

int home_keeper_shared(struct ctx *cx, const struct home_request *request, struct keeper **ret)
{
    struct keeper *keeper CLEANUP(keeper_freep) = NULL;
    struct home *home CLEANUP(home_closep) = NULL;

    TRY(home_open(cx, request, &home));
    TRY(home_files_need(cx, home));
    TRY(keeper_new(cx, home_path(home, "keys"), &keeper));
    home_closep(&home); /* the process that is forked now has no database open */
    TRY(keeper_ready(cx, keeper));
    *ret = keeper;
    keeper = NULL;
    return 0;
}

int home_run_folder(struct ctx *cx, const struct home_request *request, struct str *ret)
{
    struct home *home CLEANUP(home_closep) = NULL;

    TRY(home_open(cx, request, &home));
    TRY(home_files_need(cx, home));
    *ret = home_path(home, "run");
    return 0;
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
    if (home->url)
        TRY(home_files_open(cx, home));
    *ret = home;
    home = NULL;
    return 0;
}

struct store *home_directory(const struct home *home)
{
    return home->directory;
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
