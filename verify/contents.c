/* Records and evidence: that they are what the entries of the ledger committed to. */
#include <string.h>

#include "verify/bundle.h"

#define RECORDS "records/"
#define EVIDENCE "evidence/"
#define BODY "assay-body-v1\n"
#define FIELD "assay-field-v1\n"

static struct str hex_of(struct arena *mem, const struct hash *hash)
{
    return hash_hex(mem, (struct str){(const char *)hash->b, sizeof hash->b});
}

/* The commitment of entry `seq` - 1. */
static int committed(struct bundle *b, int64_t seq, const char *what, struct str *ret)
{
    struct entry entry;

    if (seq < 1 || (uint64_t)seq > b->checkpoint.size || !entry_parse(b->entries[seq - 1], &entry))
        return fail(b->cx, RC_INVALID, NULL, _("There is no entry %lld."), (long long)seq - 1);
    *ret = entry_commitment(&entry, what);
    return ret->n > 0 ? 0
                      : fail(b->cx, RC_INVALID, NULL, _("Entry %lld commits to nothing."),
                             (long long)seq - 1);
}

/* ---- records ---- */

static int check_opening(struct bundle *b, const struct value *sealed, struct str field,
                         const struct value *opening)
{
    struct str salt, text = value_get_text(opening, "value");
    const struct value *commitment =
        value_get(value_get(value_get(sealed, "body"), str_z(b->cx->mem, field)), "~");

    if (!hash_unhex(b->cx->mem, value_get_text(opening, "salt"), &salt))
        return fail(b->cx, RC_INVALID, NULL, _("the salt of %.*s is none"), STR_ARG(field));
    struct hash hash = hash_hmac(salt, (struct str[]){STR(FIELD), field, STR("\n"), text}, 4);
    if (!str_eq(hex_of(b->cx->mem, &hash), value_as_text(commitment)))
        return fail(b->cx, RC_INVALID, NULL, _("%.*s is not what was recorded"), STR_ARG(field));
    return 0;
}

static int check_record(struct bundle *b, const struct value *line)
{
    const struct value *open = value_get(line, "open");
    struct str salt, wanted, text = value_get_text(line, "sealed");
    struct value *sealed;

    TRY(committed(b, value_get_int(line, "seq", 0), "body", &wanted));
    if (!hash_unhex(b->cx->mem, value_get_text(line, "salt"), &salt))
        return fail(b->cx, RC_INVALID, NULL, _("its salt is none"));
    struct hash hash = hash_hmac(salt, (struct str[]){STR(BODY), text}, 2);
    if (!str_eq(hex_of(b->cx->mem, &hash), wanted))
        return fail(b->cx, RC_INVALID, NULL, _("it is not what was recorded"));
    TRY(json_parse(b->cx, "sealed", text, &sealed));
    for (size_t i = 0; i < value_count(open); i++)
        TRY(check_opening(b, sealed, value_key_at(open, i), value_at(open, i)));
    return 0;
}

/* One JSON a line. Each has memory of its own, since there may be many. */
static int check_line(struct bundle *b, struct str name, struct str text)
{
    struct arena *mem CLEANUP(arena_freep) = arena_new(0), *outer = b->cx->mem;
    struct value *line;

    b->cx->mem = mem;
    int rc = json_parse(b->cx, "records", text, &line);
    if (rc == 0)
        rc = check_record(b, line);
    struct str why = str_copy(outer, b->cx->err.text);
    b->cx->mem = outer;
    if (rc == 0)
        return 0;
    return fail(b->cx, rc, NULL, _("%.*s, version %lld: %.*s."), STR_ARG(name),
                (long long)value_get_int(line, "seq", 0), STR_ARG(why));
}

static int check_register(struct bundle *b, const struct zip_member *member, size_t *n)
{
    struct str rest, line;

    TRY(zip_read(b->cx, member, &rest));
    while (str_split(&rest, '\n', &line)) {
        if (line.n == 0)
            continue;
        TRY(check_line(b, member->name, line));
        (*n)++;
    }
    return 0;
}

/* ---- evidence ---- */

struct kept {
    struct str *pieces;
    size_t n, room;
};

static int keep_piece(void *arg, struct ctx *cx, struct str piece)
{
    struct kept *kept = arg;

    *ARENA_PUSH(cx->mem, kept->pieces, kept->n, kept->room) = str_copy(cx->mem, piece);
    return 0;
}

/* "evidence/ID/" of "evidence/ID/meta.json": its content is the other member there. */
static const struct zip_member *content_of(const struct bundle *b, struct str folder)
{
    struct str head = str_printf(b->cx->mem, "%.*scontent", STR_ARG(folder));

    for (size_t i = 0; i < b->zip->n; i++)
        if (str_starts(b->zip->items[i].name, head))
            return &b->zip->items[i];
    return NULL;
}

static int check_evidence(struct bundle *b, const struct zip_member *meta_member)
{
    struct str text, salt, wanted,
        folder = str_sub(meta_member->name, 0, meta_member->name.n - strlen("meta.json"));
    const struct zip_member *content = content_of(b, folder);
    struct kept kept = {.n = 0};
    struct value *meta;

    TRY(zip_read(b->cx, meta_member, &text));
    TRY(json_parse(b->cx, "meta.json", text, &meta));
    TRY(committed(b, value_get_int(meta, "seq", 0), "blob", &wanted));
    if (content == NULL)
        return fail(b->cx, RC_INVALID, NULL, _("%.*s has no content."), STR_ARG(folder));
    if (!hash_unhex(b->cx->mem, value_get_text(meta, "salt"), &salt))
        return fail(b->cx, RC_INVALID, NULL, _("The salt of %.*s is none."), STR_ARG(folder));
    TRY(zip_stream(b->cx, content, keep_piece, &kept));
    struct hash hash = hash_hmac(salt, kept.pieces, kept.n);
    return str_eq(hex_of(b->cx->mem, &hash), wanted)
               ? 0
               : fail(b->cx, RC_INVALID, NULL, _("%.*s is not the file that was recorded."),
                      STR_ARG(content->name));
}

int bundle_check_contents(struct bundle *b)
{
    size_t versions = 0, files = 0;

    for (size_t i = 0; i < b->zip->n; i++) {
        const struct zip_member *member = &b->zip->items[i];
        if (str_starts(member->name, STR(RECORDS)) && str_ends(member->name, STR(".jsonl")))
            TRY(check_register(b, member, &versions));
        if (str_starts(member->name, STR(EVIDENCE)) && str_ends(member->name, STR("/meta.json"))) {
            TRY(check_evidence(b, member));
            files++;
        }
    }
    bundle_say(b, SAID_HOLDS,
               _("%zu versions of records and %zu files of evidence are those that the entries "
                 "committed to when they were made."),
               versions, files);
    return 0;
}
