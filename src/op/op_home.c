/* Operations on a home as a whole: init, organisations, doctor. */
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/zone.h"
#include "op/call.h"
#include "op/home_parts.h"
#include "op/table_parts.h"
#include "register/record_search.h"

/* ---- organisations ---- */

static struct str zone_of_call(const struct op_call *call)
{
    struct str zone = call_text(call, "time-zone");

    return zone.n > 0 ? zone : zone_of_machine(call->cx->mem);
}

/* Whoever sits at this machine, as it calls them: "Jana Weiss", else "jana". */
static struct str owner_of_call(const struct op_call *call)
{
    struct arena *mem = call->cx->mem;
    struct str owner = call_text(call, "owner"), rest, name;
    struct passwd entry, *found = NULL;
    char names[4096];

    if (owner.n > 0)
        return owner;
    if (getpwuid_r(getuid(), &entry, names, sizeof names, &found) != 0 || found == NULL)
        return str_of(_("Owner"));
    rest = str_of(found->pw_gecos != NULL ? found->pw_gecos : "");
    if (!str_split(&rest, ',', &name) || str_trim(name).n == 0 || !utf8_valid(name))
        name = str_of(found->pw_name);
    return str_copy(mem, str_trim(name));
}

static void describe(struct value *result, const struct home *home, const struct organisation *org,
                     const struct principal *owner)
{
    value_set_text(result, "home", home->place);
    value_set_text(result, "organisation", org->name);
    value_set_text(result, "title", org->title);
    value_set_text(result, "owner", owner->name);
    value_set_text(result, "time_zone", org->zone);
}

static int create(struct op_call *call, struct home *home, struct value *result)
{
    struct str name = owner_of_call(call);
    struct organisation *org;
    struct principal owner;

    TRY(home_organisation_create(call->cx, home, call_text(call, "name"), name, zone_of_call(call),
                                 &org));
    TRY(home_principal(call->cx, org, str_z(call->cx->mem, name), &owner));
    describe(result, home, org, &owner);
    return 0;
}

/* What ASSAY_HOME can be wherever one is. */
static struct str whole_path(struct arena *mem, struct str place)
{
    char path[PATH_MAX];

    return realpath(place.p, path) != NULL ? str_copy(mem, str_of(path)) : place;
}

int op_init(struct op_call *call, struct value **ret)
{
    struct home *home CLEANUP(home_closep) = NULL;
    struct home_request where = *call->where;
    struct value *result = value_map(call->cx->mem);

    if (call_text(call, "home").n > 0)
        where.home = str_z(call->cx->mem, call_text(call, "home"));
    TRY(home_create(call->cx, &where, &home));
    TRY(create(call, home, result));
    TRY(home_keep(call->cx, home));
    struct str place = whole_path(call->cx->mem, home->place);
    value_set_text(result, "home", place);
    shown_next(result, call->cx->mem,
               str_printf(call->cx->mem, "export ASSAY_HOME=%.*s",
                          STR_ARG(str_shell(call->cx->mem, place))),
               _("so that commands find it"));
    shown_next(result, call->cx->mem, STR("assay registers"), _("what can be recorded"));
    shown_next(result, call->cx->mem, STR("assay registers risk"), _("what a risk takes"));
    shown_next(result, call->cx->mem, STR("assay help add"), _("how to record it"));
    *ret = result;
    return 0;
}

int op_organisations_add(struct op_call *call, struct value **ret)
{
    struct value *result = value_map(call->cx->mem);

    TRY(create(call, call->home, result));
    *ret = result;
    return 0;
}

int op_organisations(struct op_call *call, struct value **ret)
{
    static const char *const columns[] = {"name", "Name", "title", "Organisation"};
    struct value *result = value_map(call->cx->mem), *list;

    TRY(home_organisations(call->cx, call->home, &list));
    value_set_text(result, "home", call->home->place);
    value_set_int(result, "count", (int64_t)value_count(list));
    (void)shown_table(result, call->cx->mem, columns, COUNT_OF(columns));
    for (size_t i = 0; i < value_count(list); i++) {
        struct value *fields = shown_row(result, call->cx->mem);
        value_set_text(fields, "name", value_get_text(value_at(list, i), "name"));
        value_set_text(fields, "title", value_get_text(value_at(list, i), "title"));
    }
    *ret = result;
    return 0;
}

/* ---- doctor ---- */

/* Whether every file is there, without reading it all: that is assay vault scrub. */
static int check_vault(struct op_call *call, struct value *problems)
{
    struct ctx *cx = call->cx;
    struct record_scrub sums;
    struct vault *vault;

    if (home_vault(cx, call->org, &vault) == 0)
        return record_files_scrub(cx, &call->org->records, vault, false, false, problems, &sums);
    struct value *problem = value_map(cx->mem);
    value_set_text(problem, "register", STR("vault"));
    value_set_text(problem, "ref", STR_NONE);
    value_set_text(problem, "message", cx->err.text);
    value_push(problems, problem);
    return 0;
}

/* With --mend: what was wrong, and what is so still. */
int op_doctor(struct op_call *call, struct value **ret)
{
    struct value *result = value_map(call->cx->mem), *problems = value_list(call->cx->mem),
                 *left = value_list(call->cx->mem);
    bool mend = call_flag(call, "mend");

    if (mend)
        TRY(access_check_change(call->cx, &call->who));
    if (call->progress != NULL)
        call->progress(call->progress_arg, _("Comparing records with their versions"), 0, 0);
    TRY(record_doctor(call->cx, &call->org->records, mend, problems));
    TRY(check_vault(call, problems));
    if (mend) {
        TRY(record_search_rebuild(call->cx, &call->org->records));
        TRY(record_doctor(call->cx, &call->org->records, false, left));
        TRY(check_vault(call, left));
    }
    value_set_text(result, "organisation", call->org->name);
    value_set_bool(result, "answer", value_count(mend ? left : problems) == 0);
    value_set_bool(result, "mended", mend);
    value_set_int(result, "count", (int64_t)value_count(problems));
    value_set(result, "problems", problems);
    if (mend)
        value_set(result, "left", left);
    *ret = result;
    return 0;
}
