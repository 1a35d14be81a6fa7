#include "verify/bundle.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PREVIOUS "ledger/previous/"
#define STAMPS "ledger/stamps/"

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

int bundle_read(struct bundle *b, struct str name, struct str *ret)
{
    const struct zip_member *member = zip_find(b->zip, name);

    if (member == NULL)
        return fail(b->cx, RC_INVALID, NULL, _("%.*s is missing."), STR_ARG(name));
    return zip_read(b->cx, member, ret);
}

/* ---- who signed ---- */

/* The keys that the bundle brings itself: a line each. */
static int own_keys(struct bundle *b)
{
    struct str rest, line;
    size_t room = 0;

    TRY(bundle_read(b, STR("ledger/keys.txt"), &rest));
    while (str_split(&rest, '\n', &line))
        if (line.n > 0)
            TRY(note_key_parse(b->cx, line, ARENA_PUSH(b->cx->mem, b->keys, b->key_n, room)));
    return 0;
}

static int take_keys(struct bundle *b)
{
    b->keys = b->options->keys;
    b->key_n = b->options->key_n;
    if (b->key_n > 0)
        return 0;
    TRY(own_keys(b));
    for (size_t i = 0; i < b->key_n; i++)
        bundle_say(b, SAID_NOTE,
                   _("The key comes from the bundle itself. Compare it with the one that you were "
                     "given: %.*s"),
                   STR_ARG(note_key_text(b->cx->mem, &b->keys[i])));
    return 0;
}

static int open_checkpoint(struct bundle *b, struct str note, struct checkpoint *ret)
{
    bool *by = arena_array(b->cx->mem, b->key_n + 1, sizeof *by);
    struct str text;

    TRY(note_open(b->cx, note, b->keys, b->key_n, by, &text));
    return checkpoint_parse(b->cx, text, ret);
}

static int check_signature(struct bundle *b)
{
    TRY(bundle_read(b, STR("ledger/checkpoint"), &b->note));
    TRY(open_checkpoint(b, b->note, &b->checkpoint));
    bundle_say(b, SAID_HOLDS, _("The checkpoint of %.*s over %llu entries is signed."),
               STR_ARG(b->checkpoint.origin), (unsigned long long)b->checkpoint.size);
    return 0;
}

/* ---- what was seen before ---- */

static int check_previous(struct bundle *b, struct str note, const char *whose)
{
    struct checkpoint old;

    TRY(open_checkpoint(b, note, &old));
    if (!str_eq(old.origin, b->checkpoint.origin) || old.size > b->checkpoint.size)
        return fail(b->cx, RC_INVALID, NULL,
                    _("A checkpoint over %llu entries (%s) is no earlier "
                      "one of this ledger."),
                    (unsigned long long)old.size, whose);
    struct hash root = bundle_root(b, old.size);
    if (!merkle_same(&root, &old.root))
        return fail(b->cx, RC_INVALID, NULL,
                    _("The ledger was rewritten: its first %llu entries are not those of the "
                      "checkpoint %s."),
                    (unsigned long long)old.size, whose);
    bundle_say(b, SAID_HOLDS,
               _("Nothing of the first %llu entries has changed since the checkpoint %s."),
               (unsigned long long)old.size, whose);
    return 0;
}

static int check_earlier(struct bundle *b)
{
    struct str note;

    for (size_t i = 0; i < b->options->previous_n; i++)
        TRY(check_previous(b, b->options->previous[i], _("that you kept")));
    for (size_t i = 0; i < b->zip->n; i++) {
        if (!str_starts(b->zip->items[i].name, STR(PREVIOUS)))
            continue;
        TRY(zip_read(b->cx, &b->zip->items[i], &note));
        TRY(check_previous(b, note, _("in the bundle")));
    }
    if (b->options->previous_n == 0)
        bundle_say(
            b, SAID_NOTE,
            _("No checkpoint from outside was given (--previous): what was there before this "
              "one was signed rests on the signer's word. Keep this one for the next time."));
    return 0;
}

/* ---- time stamps ---- */

/* The imprint in a reply of RFC 3161: SHA-256's name, then 32 bytes. */
static bool has_imprint(struct str reply, const struct hash *imprint)
{
    static const char head[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, (char)0x86, 0x48, 0x01,
                                0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,       0x20};
    size_t at = str_find(reply, (struct str){head, sizeof head}, 0);

    return at != SIZE_MAX && reply.n - at >= sizeof head + HASH_BYTES &&
           memcmp(reply.p + at + sizeof head, imprint->b, HASH_BYTES) == 0;
}

static int check_stamp(struct bundle *b, const struct zip_member *member)
{
    struct str name = str_from(member->name, sizeof STAMPS - 1), size, note, reply;
    struct str rest = name;

    if (!str_split(&rest, '.', &size))
        return 0;
    bool now = str_eq(size, str_printf(b->cx->mem, "%llu", (unsigned long long)b->checkpoint.size));
    note = b->note;
    if (!now)
        TRY(bundle_read(b, str_printf(b->cx->mem, PREVIOUS "%.*s", STR_ARG(size)), &note));
    TRY(zip_read(b->cx, member, &reply));
    struct hash imprint = hash_sha256(&note, 1);
    if (!has_imprint(reply, &imprint))
        return fail(b->cx, RC_INVALID, NULL, _("The time stamp %.*s is not of this checkpoint."),
                    STR_ARG(name));
    bundle_say(b, SAID_NOTE,
               _("The time stamp %.*s is of this checkpoint. Its own signature: openssl ts -verify "
                 "-data %s -in %.*s -CAfile AUTHORITY.pem"),
               STR_ARG(name),
               now ? "ledger/checkpoint" : str_printf(b->cx->mem, PREVIOUS "%.*s", STR_ARG(size)).p,
               STR_ARG(member->name));
    return 0;
}

static int check_stamps(struct bundle *b)
{
    for (size_t i = 0; i < b->zip->n; i++)
        if (str_starts(b->zip->items[i].name, STR(STAMPS)))
            TRY(check_stamp(b, &b->zip->items[i]));
    return 0;
}

/* ---- all ---- */

static int check_format(struct bundle *b)
{
    struct value *manifest;
    struct str text;

    TRY(bundle_read(b, STR("manifest.json"), &text));
    TRY(json_parse(b->cx, "manifest.json", text, &manifest));
    if (value_get_int(manifest, "format", 0) != 1)
        return fail(b->cx, RC_INVALID, NULL,
                    _("This bundle has format %lld; this verifier knows 1. Take a newer one."),
                    (long long)value_get_int(manifest, "format", 0));
    return 0;
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
    TRY(check_format(b));
    if (!holds(b, take_keys(b)) || !holds(b, check_signature(b)) || !holds(b, bundle_check_tree(b)))
        return 0;
    (void)holds(b, check_earlier(b));
    (void)holds(b, check_stamps(b));
    (void)holds(b, bundle_check_contents(b));
    return 0;
}
