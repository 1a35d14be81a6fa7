#include "verify/bundle.h"

#include <stdarg.h>
#include <stdio.h>

void bundle_say(struct bundle *b, enum said said, const char *format, ...)
{
    struct saying *saying = ARENA_PUSH(b->cx->mem, b->sayings, b->saying_n, b->saying_room);
    char text[1024];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    *saying = (struct saying){said, str_copy(b->cx->mem, str_of(text))};
}

bool bundle_holds(struct bundle *b, const struct work *work)
{
    size_t told = work->failure_n < WORK_FAILURES ? work->failure_n : WORK_FAILURES;

    for (size_t i = 0; i < told; i++)
        bundle_say(b, SAID_FAILED, "%.*s", STR_ARG(work->failures[i].text));
    if (work->failure_n > told)
        bundle_say(b, SAID_FAILED, _("and %zu more"), work->failure_n - told);
    return work->failure_n == 0;
}

int bundle_read(struct bundle *b, struct ctx *cx, struct str name, struct str *ret)
{
    const struct zip_member *member = zip_find(b->zip, name);

    if (member == NULL)
        return fail(cx, RC_INVALID, NULL, _("%.*s is missing."), STR_ARG(name));
    return zip_read(cx, member, ret);
}

/* What the checkpoint says; who signed it comes later. */
static int read_checkpoint(struct bundle *b)
{
    TRY(bundle_read(b, b->cx, STR("ledger/checkpoint"), &b->note));
    size_t end = str_find(b->note, STR("\n\n"), 0);
    return checkpoint_parse(b->cx, str_sub(b->note, 0, end == SIZE_MAX ? b->note.n : end + 1),
                            &b->checkpoint);
}

/* Says why a check failed; what hangs on it is left out. */
static bool holds(struct bundle *b, int rc)
{
    if (rc < 0)
        bundle_say(b, SAID_FAILED, "%.*s", STR_ARG(b->cx->err.text));
    return rc == 0;
}

int bundle_check(struct bundle *b)
{
    b->lock = work_lock_new(b->cx->mem);
    TRY(bundle_check_manifest(b));
    if (!holds(b, read_checkpoint(b)))
        return 0;
    if (!holds(b, bundle_check_tree(b)))
        return 0;
    bundle_check_contents(b);
    bundle_check_signers(b);
    bundle_check_stamps(b);
    return 0;
}
