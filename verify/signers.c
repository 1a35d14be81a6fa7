/*
 * Who signed, and what was signed before.
 *
 * Trust begins with the keys that the auditor was given. A checkpoint that one of them signed
 * vouches for the entries before it; among these are records of keys that followed on one another.
 * Both keys have signed that, so that who trusts one of them may trust the other, and nobody who
 * can only write records can bring in a key. Records also say from which size on a key signs no
 * more. So a chain of rotations is followed, forward and back, until nothing new is vouched for.
 */
#include <string.h>

#include "verify/bundle.h"

#define PREVIOUS "ledger/previous/"

struct trust {
    struct note_key key;
    uint64_t from, until; /* sizes of checkpoints that it may sign: [from, until) */
};

struct seen {
    struct str note;
    struct checkpoint checkpoint;
    struct str name; /* in the bundle, "" for one from outside */
    bool now, holds;
};

struct signers {
    struct bundle *bundle;
    struct trust *trusts;
    size_t trust_n, trust_room;
    struct seen *seen;
    size_t seen_n, seen_room;
};

/* ---- keys ---- */

static struct trust *trust_of(struct signers *s, const struct note_key *key)
{
    for (size_t i = 0; i < s->trust_n; i++)
        if (note_key_same(&s->trusts[i].key, key))
            return &s->trusts[i];
    return NULL;
}

static void add_trust(struct signers *s, const struct note_key *key, uint64_t from)
{
    if (trust_of(s, key) == NULL)
        *ARENA_PUSH(s->bundle->cx->mem, s->trusts, s->trust_n, s->trust_room) =
            (struct trust){*key, from, UINT64_MAX};
}

/* Keys that the bundle brings itself: whom they belong to is for the auditor to compare. */
static int own_keys(struct signers *s)
{
    struct bundle *b = s->bundle;
    struct buf named = buf_new(b->cx->mem);
    struct str rest, line;
    struct note_key key;

    TRY(bundle_read(b, b->cx, STR("ledger/keys.txt"), &rest));
    while (str_split(&rest, '\n', &line)) {
        if (line.n == 0)
            continue;
        TRY(note_key_parse(b->cx, line, &key));
        add_trust(s, &key, 0);
        buf_printf(&named, " %.*s", STR_ARG(note_key_text(b->cx->mem, &key)));
    }
    if (s->trust_n == 0)
        return fail(b->cx, RC_INVALID, NULL, _("ledger/keys.txt names no key."));
    b->own_keys = true;
    bundle_say(b, SAID_NOTE,
               _("The key comes from the bundle itself. Compare it with the one that you were "
                 "given:%.*s"),
               STR_ARG(buf_str(&named)));
    return 0;
}

static int first_keys(struct signers *s)
{
    for (size_t i = 0; i < s->bundle->options->key_n; i++)
        add_trust(s, &s->bundle->options->keys[i], 0);
    return s->trust_n > 0 ? 0 : own_keys(s);
}

/* Either of two keys that signed a link brings in the other. */
static bool follow_link(struct signers *s, const struct key_entry *entry)
{
    bool has = trust_of(s, &entry->key) != NULL, had = trust_of(s, &entry->before) != NULL;

    if (!entry->linked || has == had)
        return false;
    if (had)
        add_trust(s, &entry->key, entry->from);
    else
        add_trust(s, &entry->before, 0);
    return true;
}

/* What the first `size` entries say about keys. */
static void vouch(struct signers *s, uint64_t size)
{
    const struct bundle *b = s->bundle;
    bool more = true;

    while (more) {
        more = false;
        for (size_t i = 0; i < b->key_entry_n; i++)
            more = (b->key_entries[i].n < size && follow_link(s, &b->key_entries[i])) || more;
    }
    for (size_t i = 0; i < b->key_entry_n; i++) {
        const struct key_entry *entry = &b->key_entries[i];
        struct trust *trust = trust_of(s, &entry->key);
        if (entry->n < size && entry->ends && trust != NULL && entry->until < trust->until)
            trust->until = entry->until;
    }
}

/* Records of keys that none of the ledger's keys stands for. */
static void say_strangers(struct signers *s)
{
    struct bundle *b = s->bundle;

    for (size_t i = 0; i < b->key_entry_n; i++)
        if (trust_of(s, &b->key_entries[i].key) == NULL)
            bundle_say(b, SAID_NOTE,
                       _("Entry %llu names a key of the ledger that none of its other keys has "
                         "signed for: it is not trusted."),
                       (unsigned long long)b->key_entries[i].n);
}

/* ---- checkpoints ---- */

/* What a note says, before anything is known of its signatures. */
static int add_seen(struct signers *s, struct str note, struct str name, bool now)
{
    struct ctx *cx = s->bundle->cx;
    struct seen *seen = ARENA_PUSH(cx->mem, s->seen, s->seen_n, s->seen_room);
    size_t end = str_find(note, STR("\n\n"), 0);

    *seen = (struct seen){.note = note, .name = name, .now = now};
    return checkpoint_parse(cx, str_sub(note, 0, end == SIZE_MAX ? note.n : end + 1),
                            &seen->checkpoint);
}

static int add_all(struct signers *s)
{
    struct bundle *b = s->bundle;
    const struct zip *zip = b->zip;
    struct str note;

    TRY(add_seen(s, b->note, STR("ledger/checkpoint"), true));
    for (size_t i = 0; i < b->options->previous_n; i++)
        TRY(add_seen(s, b->options->previous[i], STR_NONE, false));
    for (size_t i = zip_from(zip, STR(PREVIOUS));
         i < zip->n && str_starts(zip->items[i].name, STR(PREVIOUS)); i++) {
        TRY(zip_read(b->cx, &zip->items[i], &note));
        TRY(add_seen(s, note, zip->items[i].name, false));
    }
    return 0;
}

/* Signed by a key of the ledger's name that may sign this size. */
static int check_signature(struct signers *s, const struct seen *seen)
{
    struct ctx *cx = s->bundle->cx;
    struct note_key *keys = arena_array(cx->mem, s->trust_n + 1, sizeof *keys);
    bool *by = arena_array(cx->mem, s->trust_n + 1, sizeof *by);
    struct str text;
    size_t n = 0;

    for (size_t i = 0; i < s->trust_n; i++)
        if (seen->checkpoint.size >= s->trusts[i].from &&
            seen->checkpoint.size < s->trusts[i].until &&
            str_eq(s->trusts[i].key.name, seen->checkpoint.origin))
            keys[n++] = s->trusts[i].key;
    return note_open(cx, seen->note, keys, n, by, &text);
}

/* That it is of this ledger, whoever signed it. */
static int check_root(struct signers *s, const struct seen *seen)
{
    struct bundle *b = s->bundle;
    struct hash root;

    if (!str_eq(seen->checkpoint.origin, b->checkpoint.origin) ||
        seen->checkpoint.size > b->checkpoint.size)
        return fail(b->cx, RC_INVALID, NULL,
                    _("it is over %llu entries of %.*s, no earlier one of this ledger."),
                    (unsigned long long)seen->checkpoint.size, STR_ARG(seen->checkpoint.origin));
    TRY(bundle_root(b, seen->checkpoint.size, &root));
    if (!merkle_same(&root, &seen->checkpoint.root))
        return fail(b->cx, RC_INVALID, NULL,
                    _("the ledger was rewritten: its first %llu entries are not those that it "
                      "signed."),
                    (unsigned long long)seen->checkpoint.size);
    return 0;
}

static int check_seen(struct signers *s, const struct seen *seen)
{
    TRY(check_signature(s, seen));
    return check_root(s, seen);
}

/* Again and again, as long as a checkpoint that now holds vouches for keys of others. */
static void follow(struct signers *s)
{
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < s->seen_n; i++) {
            if (s->seen[i].holds || check_seen(s, &s->seen[i]) < 0)
                continue;
            s->seen[i].holds = more = true;
            vouch(s, s->seen[i].checkpoint.size);
        }
    }
}

/* ---- what to say ---- */

static void say_failed(struct signers *s, const struct seen *seen)
{
    struct bundle *b = s->bundle;
    int rc = check_seen(s, seen);

    /* Proves nothing, and need not: as where the ledger was under another key before it moved. */
    if (rc == RC_DENIED && !seen->now && seen->name.n > 0 && check_root(s, seen) == 0)
        bundle_say(b, SAID_NOTE,
                   _("%.*s is of this ledger, but by a key that you did not give (--key)."),
                   STR_ARG(seen->name));
    else if (rc < 0)
        bundle_say(b, SAID_FAILED, "%.*s: %.*s",
                   STR_ARG(seen->name.n > 0 ? seen->name : STR("The checkpoint that you kept")),
                   STR_ARG(b->cx->err.text));
}

static void say_holds(struct bundle *b, const struct seen *seen, size_t *inside)
{
    if (seen->now) {
        bundle_say(b, SAID_HOLDS, _("The checkpoint of %.*s over %llu entries is signed."),
                   STR_ARG(b->checkpoint.origin), (unsigned long long)b->checkpoint.size);
    } else if (seen->name.n == 0) {
        b->outside_n++;
        if (seen->checkpoint.size > b->outside_size)
            b->outside_size = seen->checkpoint.size;
        bundle_say(b, SAID_HOLDS,
                   _("Nothing of the first %llu entries has changed since the checkpoint that you "
                     "kept."),
                   (unsigned long long)seen->checkpoint.size);
    } else {
        (*inside)++;
    }
}

static int check_all(struct signers *s)
{
    struct bundle *b = s->bundle;
    size_t inside = 0;

    TRY(first_keys(s));
    TRY(add_all(s));
    follow(s);
    say_strangers(s);
    for (size_t i = 0; i < s->seen_n; i++) {
        /* once more: a key that signed it may have ended before, as entries below it say */
        if (s->seen[i].holds && check_seen(s, &s->seen[i]) == 0)
            say_holds(b, &s->seen[i], &inside);
        else
            say_failed(s, &s->seen[i]);
    }
    if (inside > 0)
        bundle_say(b, SAID_HOLDS,
                   _("%zu earlier checkpoints in the bundle are of this ledger: it only grew."),
                   inside);
    if (b->options->previous_n == 0)
        bundle_say(b, SAID_NOTE,
                   _("No checkpoint from outside was given (--previous): what was there before "
                     "this one was signed rests on the signer's word. Keep this one for the next "
                     "time."));
    return 0;
}

void bundle_check_signers(struct bundle *b)
{
    struct signers signers = {.bundle = b};

    if (check_all(&signers) < 0)
        bundle_say(b, SAID_FAILED, "%.*s", STR_ARG(b->cx->err.text));
}
