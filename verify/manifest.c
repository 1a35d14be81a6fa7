/*
 * What is in the bundle: every member is either the ledger's, which proves itself, or in the
 * manifest, which the record of the hand-over commits to.
 */
#include <string.h>

#include "base/json.h"
#include "base/sum.h"
#include "verify/bundle.h"

#define FORMAT 1

static int check_format(struct bundle *b)
{
    struct str text;

    TRY(bundle_read(b, b->cx, STR("manifest.json"), &text));
    TRY(json_parse(b->cx, "manifest.json", text, &b->manifest));
    int64_t format = value_get_int(b->manifest, "format", 0);
    if (format != FORMAT)
        return fail(b->cx, RC_INVALID, NULL,
                    _("This bundle has format %lld; this verifier knows 1. Take a newer one."),
                    (long long)format);
    return 0;
}

static const struct value *members_of(const struct bundle *b)
{
    return value_get(b->manifest, "members");
}

static int add_piece(void *arg, struct ctx *cx, struct str piece)
{
    (void)cx;
    hash_sum_add(arg, piece);
    return 0;
}

static int check_member(void *arg, struct ctx *cx, size_t i)
{
    struct bundle *b = arg;
    const struct value *listed = value_at(members_of(b), i);
    struct str name = value_get_text(listed, "name"), wanted = value_get_text(listed, "sha256");
    const struct zip_member *member = zip_find(b->zip, name);

    if (member == NULL)
        return fail(cx, RC_INVALID, NULL, _("%.*s is missing."), STR_ARG(name));
    if ((int64_t)member->bytes != value_get_int(listed, "bytes", -1))
        return fail(cx, RC_INVALID, NULL, _("%.*s has %llu bytes; the manifest says %lld."),
                    STR_ARG(name), (unsigned long long)member->bytes,
                    (long long)value_get_int(listed, "bytes", -1));
    struct hash_sum *sum = hash_sum_new();
    int rc = zip_stream(cx, member, add_piece, sum);
    struct hash hash = hash_sum_end(sum);
    TRY(rc);
    return str_eq(wanted, hash_hex(cx->mem, (struct str){(const char *)hash.b, sizeof hash.b}))
               ? 0
               : fail(cx, RC_INVALID, NULL, _("%.*s is not what the manifest lists."),
                      STR_ARG(name));
}

/* What proves itself, or what the manifest could not list. */
static bool proves_itself(struct str name)
{
    return str_is(name, "manifest.json") || str_is(name, "handover.json") ||
           str_is(name, "ledger/checkpoint") || str_starts(name, STR("ledger/tile/")) ||
           str_starts(name, STR("ledger/stamps/"));
}

/* Both lists are sorted. */
static int check_unlisted(struct bundle *b)
{
    size_t listed = 0;

    for (size_t i = 0; i < b->zip->n; i++) {
        struct str name = b->zip->items[i].name;
        if (str_eq(value_get_text(value_at(members_of(b), listed), "name"), name))
            listed++;
        else if (!proves_itself(name))
            return fail(b->cx, RC_INVALID, NULL, _("%.*s is not in the manifest."), STR_ARG(name));
    }
    return listed == value_count(members_of(b))
               ? 0
               : fail(b->cx, RC_INVALID, NULL, _("The manifest's list is not in order."));
}

int bundle_check_manifest(struct bundle *b)
{
    struct work work;

    TRY(check_format(b));
    work_each(b->cx->mem, value_count(members_of(b)), check_member, b, &work);
    (void)bundle_holds(b, &work);
    int rc = check_unlisted(b);
    if (rc < 0)
        bundle_say(b, SAID_FAILED, "%.*s", STR_ARG(b->cx->err.text));
    return 0;
}
