#include "ledger/note.h"

#include <ctype.h>
#include <string.h>

#include "base/ed25519.h"

#define ALGORITHM 1u         /* the byte before an Ed25519 key */
#define DASH "\xe2\x80\x94 " /* every line of a signature begins with it */

static int bad(struct ctx *cx, const char *why)
{
    return fail(cx, RC_INVALID, NULL, _("This is no signed note: %s."), why);
}

/* ---- keys ---- */

static bool name_is_right(struct str name)
{
    if (name.n == 0 || !utf8_valid(name))
        return false;
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] <= ' ' || name.p[i] == '+' || name.p[i] == 127)
            return false;
    return true;
}

static uint32_t id_of(struct str name, const unsigned char *public_key)
{
    static const char head[] = {'\n', ALGORITHM};
    struct hash hash = hash_sha256(
        (struct str[]){name, {head, sizeof head}, {(const char *)public_key, ED25519_KEY_BYTES}},
        3);

    return (uint32_t)hash.b[0] << 24 | (uint32_t)hash.b[1] << 16 | (uint32_t)hash.b[2] << 8 |
           hash.b[3];
}

/* Eight lower-case hexadecimal digits. */
static bool parse_id(struct str text, uint32_t *ret)
{
    *ret = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (!isdigit((unsigned char)c) && !(c >= 'a' && c <= 'f'))
            return false;
        *ret = *ret << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return text.n == 8;
}

int note_key_parse(struct ctx *cx, struct str text, struct note_key *ret)
{
    struct str rest = text, name, id, bytes;
    struct note_key key;

    if (!str_split(&rest, '+', &name) || !str_split(&rest, '+', &id) || !name_is_right(name) ||
        !parse_id(id, &key.id) || !base64_decode(cx->mem, rest, &bytes) ||
        bytes.n != ED25519_KEY_BYTES + 1 || bytes.p[0] != ALGORITHM)
        return fail(cx, RC_INVALID, NULL,
                    _("This is no public key of a ledger (NAME+ID+KEY): %.*s"), STR_ARG(text));
    key.name = name;
    memcpy(key.public_key, bytes.p + 1, ED25519_KEY_BYTES);
    if (key.id != id_of(name, key.public_key))
        return fail(cx, RC_INVALID, NULL, _("The number in this public key is not its own: %.*s"),
                    STR_ARG(text));
    *ret = key;
    return 0;
}

struct str note_key_text(struct arena *mem, const struct note_key *key)
{
    char bytes[ED25519_KEY_BYTES + 1] = {ALGORITHM};

    memcpy(bytes + 1, key->public_key, ED25519_KEY_BYTES);
    return str_printf(mem, "%.*s+%08x+%.*s", STR_ARG(key->name), key->id,
                      STR_ARG(base64_encode(mem, (struct str){bytes, sizeof bytes})));
}

bool note_key_same(const struct note_key *a, const struct note_key *b)
{
    return memcmp(a->public_key, b->public_key, sizeof a->public_key) == 0 &&
           str_eq(a->name, b->name);
}

int note_key_of(struct ctx *cx, struct str name, const unsigned char *secret, struct note_key *ret)
{
    if (!name_is_right(name))
        return fail(cx, RC_INVALID, NULL, _("No name for a key: %.*s"), STR_ARG(name));
    TRY(ed25519_public(cx, secret, ret->public_key));
    ret->name = name;
    ret->id = id_of(name, ret->public_key);
    return 0;
}

/* ---- signatures ---- */

int note_sign(struct ctx *cx, struct str text, const struct note_key *key,
              const unsigned char *secret, struct str *ret)
{
    unsigned char bytes[4 + ED25519_SIGNATURE_BYTES] = {
        (unsigned char)(key->id >> 24), (unsigned char)(key->id >> 16),
        (unsigned char)(key->id >> 8), (unsigned char)key->id};

    if (!str_ends(text, STR("\n")))
        return bad(cx, _("its text does not end with a line"));
    TRY(ed25519_sign(cx, secret, text, bytes + 4));
    struct str line = base64_encode(cx->mem, (struct str){(const char *)bytes, sizeof bytes});
    *ret = str_printf(cx->mem, "%.*s\n" DASH "%.*s %.*s\n", STR_ARG(text), STR_ARG(key->name),
                      STR_ARG(line));
    return 0;
}

/* "— NAME BASE64" */
static bool parse_signature(struct arena *mem, struct str line, struct str *name, uint32_t *id,
                            struct str *signature)
{
    struct str rest = str_from(line, sizeof DASH - 1), bytes;

    if (!str_starts(line, STR(DASH)) || !str_split(&rest, ' ', name) || !name_is_right(*name) ||
        !base64_decode(mem, rest, &bytes) || bytes.n < 5)
        return false;
    const unsigned char *b = (const unsigned char *)bytes.p;
    *id = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
    *signature = str_from(bytes, 4);
    return true;
}

/* Where the text ends: at the last empty line. */
static size_t text_end(struct str note)
{
    for (size_t at = note.n; at >= 2; at--)
        if (note.p[at - 1] == '\n' && note.p[at - 2] == '\n')
            return at - 1;
    return 0;
}

static bool bytes_are_right(struct str note)
{
    for (size_t i = 0; i < note.n; i++)
        if ((unsigned char)note.p[i] < ' ' && note.p[i] != '\n')
            return false;
    return utf8_valid(note);
}

static int check_line(struct ctx *cx, struct str text, struct str line, const struct note_key *keys,
                      size_t key_n, bool *signed_by)
{
    struct str name, signature;
    uint32_t id;

    if (!parse_signature(cx->mem, line, &name, &id, &signature))
        return bad(cx, _("a line below its text is no signature"));
    for (size_t k = 0; k < key_n; k++) {
        if (keys[k].id != id || !str_eq(keys[k].name, name))
            continue;
        if (!ed25519_holds(keys[k].public_key, text, signature))
            return fail(cx, RC_INVALID, NULL, _("The signature of %.*s does not hold."),
                        STR_ARG(name));
        signed_by[k] = true;
    }
    return 0;
}

int note_open(struct ctx *cx, struct str note, const struct note_key *keys, size_t key_n,
              bool *signed_by, struct str *ret_text)
{
    size_t end = text_end(note), lines = 0;
    struct str text = str_sub(note, 0, end), rest = str_from(note, end + 1), line;
    bool any = false;

    if (note.n > NOTE_BYTES)
        return bad(cx, _("it is too long"));
    if (end == 0 || !bytes_are_right(note) || !str_ends(note, STR("\n")) || rest.n == 0)
        return bad(cx, _("it has no signatures below an empty line"));
    memset(signed_by, 0, key_n * sizeof *signed_by);
    while (rest.n > 0 && str_split(&rest, '\n', &line)) {
        if (++lines > NOTE_SIGNATURES)
            return bad(cx, _("it has too many signatures"));
        TRY(check_line(cx, text, line, keys, key_n, signed_by));
    }
    for (size_t k = 0; k < key_n; k++)
        any |= signed_by[k];
    if (!any)
        return fail(cx, RC_DENIED, NULL, _("None of the known keys signed this."));
    *ret_text = text;
    return 0;
}

/* ---- keys that follow on one another ---- */

#define LINK "assay-ledger-key-v1"

struct str note_link_text(struct arena *mem, const struct note_key *old, const struct note_key *now)
{
    return str_printf(mem, LINK "\n%.*s\n%.*s\n", STR_ARG(note_key_text(mem, old)),
                      STR_ARG(note_key_text(mem, now)));
}

int note_link_parse(struct ctx *cx, struct str note, struct note_key *ret_old,
                    struct note_key *ret_now)
{
    struct str rest = note, line, text;
    struct note_key keys[2];
    bool by[2] = {false, false};

    if (!str_split(&rest, '\n', &line) || !str_is(line, LINK))
        return fail(cx, RC_INVALID, NULL, "%s", _("This does not link two keys of a ledger."));
    for (size_t i = 0; i < 2; i++) {
        if (!str_split(&rest, '\n', &line))
            line = STR_NONE;
        TRY(note_key_parse(cx, line, &keys[i]));
    }
    TRY(note_open(cx, note, keys, 2, by, &text));
    if (!by[0] || !by[1] || !str_eq(keys[0].name, keys[1].name) ||
        !str_eq(text, note_link_text(cx->mem, &keys[0], &keys[1])))
        return fail(cx, RC_INVALID, NULL, "%s",
                    _("Two keys of a ledger are linked, but not both have signed that."));
    *ret_old = keys[0];
    *ret_now = keys[1];
    return 0;
}

/* ---- checkpoints ---- */

struct str checkpoint_text(struct arena *mem, const struct checkpoint *checkpoint)
{
    struct str root = {(const char *)checkpoint->root.b, HASH_BYTES};

    return str_printf(mem, "%.*s\n%llu\n%.*s\n", STR_ARG(checkpoint->origin),
                      (unsigned long long)checkpoint->size, STR_ARG(base64_encode(mem, root)));
}

int checkpoint_parse(struct ctx *cx, struct str text, struct checkpoint *ret)
{
    struct str rest = text, origin, size, root, bytes;
    int64_t n;

    if (!str_split(&rest, '\n', &origin) || !str_split(&rest, '\n', &size) ||
        str_find_char(rest, '\n', 0) == SIZE_MAX || !str_split(&rest, '\n', &root) ||
        !name_is_right(origin) || !str_to_int(size, &n) || n < 0 ||
        !str_eq(size, str_printf(cx->mem, "%lld", (long long)n)) ||
        !base64_decode(cx->mem, root, &bytes) || bytes.n != HASH_BYTES)
        return fail(cx, RC_INVALID, NULL,
                    _("This is no checkpoint: name of the ledger, number of entries and root, a "
                      "line each."));
    ret->origin = origin;
    ret->size = (uint64_t)n;
    memcpy(ret->root.b, bytes.p, HASH_BYTES);
    return 0;
}
