/* A store of a program that had no ledger stays beside the one that gets one: what is personal in
 * its versions is sealed then, and there is no other way back. */
#include <unistd.h>

#include "op/home_parts.h"
#include "op/target.h"
#include "store/ask.h"

#define LEDGER_SCRIPT 2 /* the number of schema/organisation/0002-ledger.sql */

static int count_versions(struct ctx *cx, struct store *store, int64_t *ret)
{
    return store_int(cx, store, "SELECT count(*) FROM record_version", ret);
}

static int copy(struct ctx *cx, struct store *store, struct str path)
{
    struct target t CLEANUP(target_end) = {.fd = -1};

    TRY(target_open(cx, path, &t));
    TRY(store_copy(cx, store, t.temp));
    return target_keep_new(cx, &t);
}

/* A copy of as many versions is of the same ones, as none is ever changed: another command may be
 * opening the store as well. A database of a server is copied by who runs it. */
int home_before_ledger(struct ctx *cx, struct store *store, int64_t from, UNUSED int64_t to,
                       void *arg)
{
    struct organisation *org = arg;
    int64_t versions;

    if (from >= LEDGER_SCRIPT || store_dialect(store) != STORE_SQLITE)
        return 0;
    TRY(count_versions(cx, store, &versions));
    struct str path = str_printf(cx->mem, "%.*s/store-before-ledger-%lld.db", STR_ARG(org->folder),
                                 (long long)versions);
    if (access(path.p, F_OK) == 0)
        return 0;
    int rc = copy(cx, store, path);

    if (rc != 0 && access(path.p, F_OK) != 0)
        return fail_while(cx, rc, _("Nothing was changed, as no copy could be kept before it"));
    org->copy = path;
    return 0;
}
