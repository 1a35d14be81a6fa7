/* Time stamps of checkpoints (RFC 3161): that they are of these. */
#include <string.h>

#include "ledger/stamp.h"
#include "verify/bundle.h"

#define PREVIOUS "ledger/previous/"
#define STAMPS "ledger/stamps/"

/* "1042.authority.tsr": the checkpoint over 1042 entries. */
static int stamped_note(struct bundle *b, struct str name, uint64_t *ret_size, struct str *ret_path,
                        struct str *ret_note)
{
    struct str rest = name, size;
    int64_t n;

    if (!str_split(&rest, '.', &size) || !str_to_int(size, &n) || n < 0)
        return fail(b->cx, RC_INVALID, NULL,
                    _("The time stamp %.*s does not say by its name over how many entries."),
                    STR_ARG(name));
    *ret_size = (uint64_t)n;
    *ret_path = *ret_size == b->checkpoint.size
                    ? STR("ledger/checkpoint")
                    : str_printf(b->cx->mem, PREVIOUS "%.*s", STR_ARG(size));
    return bundle_read(b, b->cx, *ret_path, ret_note);
}

static int check_stamp(struct bundle *b, const struct zip_member *member)
{
    struct str name = str_from(member->name, sizeof STAMPS - 1), path, note, reply;
    struct stamp stamp;
    uint64_t size;

    TRY(stamped_note(b, name, &size, &path, &note));
    TRY(zip_read(b->cx, member, &reply));
    int rc = stamp_parse(b->cx, reply, &stamp);
    if (rc < 0)
        return fail_while(b->cx, rc, _("The time stamp %.*s"), STR_ARG(name));
    struct hash imprint = hash_sha256(&note, 1);
    if (memcmp(stamp.imprint.b, imprint.b, sizeof imprint.b) != 0)
        return fail(b->cx, RC_INVALID, NULL, _("The time stamp %.*s is not of this checkpoint."),
                    STR_ARG(name));
    if (b->stamp_n++ == 0 || size >= b->stamp_size) {
        b->stamp_size = size;
        b->stamp_at = stamp.at;
    }
    bundle_say(
        b, SAID_NOTE,
        _("The time stamp %.*s is of the checkpoint over %llu entries and says %.*s. Whether "
          "its authority signed it: openssl ts -verify -data %.*s -in %.*s -CAfile "
          "AUTHORITY.pem"),
        STR_ARG(name), (unsigned long long)size, STR_ARG(stamp.at), STR_ARG(path),
        STR_ARG(member->name));
    return 0;
}

void bundle_check_stamps(struct bundle *b)
{
    for (size_t i = zip_from(b->zip, STR(STAMPS));
         i < b->zip->n && str_starts(b->zip->items[i].name, STR(STAMPS)); i++)
        if (check_stamp(b, &b->zip->items[i]) < 0)
            bundle_say(b, SAID_FAILED, "%.*s", STR_ARG(b->cx->err.text));
}
