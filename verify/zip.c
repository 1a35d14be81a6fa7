#include "verify/zip.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/msg.h"

#define END_BYTES 22u
#define END64_BYTES 56u
#define LOCATOR_BYTES 20u
#define ENTRY_BYTES 46u
#define LOCAL_BYTES 30u
#define PIECE_BYTES 65536u
#define INPUT_BYTES ((uint64_t)1 << 30)
#define NAME_BYTES 512u

static uint64_t number(struct str bytes, size_t at, size_t n)
{
    uint64_t ret = 0;

    for (size_t i = n; i-- > 0;)
        ret = ret << 8 | (unsigned char)bytes.p[at + i];
    return ret;
}

static int bad(struct ctx *cx, const char *what)
{
    return fail(cx, RC_INVALID, NULL, _("This is no bundle: %s."), what);
}

/* ---- the directory ---- */

struct directory {
    uint64_t at, bytes, n;
};

static int bad_directory(struct ctx *cx)
{
    return bad(cx, _("its directory is damaged"));
}

/* What a field of the old directory's end says: the number itself, or that it is elsewhere. */
static bool agrees(uint64_t field, uint64_t number, uint64_t most)
{
    return field == number || field == most;
}

/* The end of ZIP64 stands between the directory and the old end, with nothing left over. */
static int find_64(struct ctx *cx, struct str bytes, size_t *end, struct directory *ret)
{
    if (*end < LOCATOR_BYTES + END64_BYTES || number(bytes, *end - LOCATOR_BYTES, 4) != 0x07064b50)
        return 0;
    size_t locator = *end - LOCATOR_BYTES, at = locator - END64_BYTES;
    uint64_t made_by = number(bytes, at + 12, 2);
    struct directory d = {.n = number(bytes, at + 32, 8),
                          .bytes = number(bytes, at + 40, 8),
                          .at = number(bytes, at + 48, 8)};
    if (number(bytes, locator + 4, 4) != 0 || number(bytes, locator + 8, 8) != at ||
        number(bytes, locator + 16, 4) != 1 || number(bytes, at, 4) != 0x06064b50 ||
        number(bytes, at + 4, 8) != END64_BYTES - 12 ||
        (made_by != 45 && made_by != (3u << 8 | 45)) || number(bytes, at + 14, 2) != 45 ||
        number(bytes, at + 16, 8) != 0 || number(bytes, at + 24, 8) != d.n ||
        !agrees(ret->n, d.n, UINT16_MAX) || !agrees(ret->bytes, d.bytes, UINT32_MAX) ||
        !agrees(ret->at, d.at, UINT32_MAX))
        return bad_directory(cx);
    *ret = d;
    *end = at;
    return 0;
}

/* Bundles have no comment, so that the end is at the end, and the directory right before it. */
static int find_directory(struct ctx *cx, struct str bytes, struct directory *ret)
{
    if (bytes.n < END_BYTES || number(bytes, bytes.n - END_BYTES, 4) != 0x06054b50)
        return bad(cx, _("it does not end as a ZIP file without a comment does"));
    size_t end = bytes.n - END_BYTES;
    *ret = (struct directory){.n = number(bytes, end + 10, 2),
                              .bytes = number(bytes, end + 12, 4),
                              .at = number(bytes, end + 16, 4)};
    if (number(bytes, end + 4, 4) != 0 || number(bytes, end + 8, 2) != ret->n ||
        number(bytes, end + 20, 2) != 0)
        return bad_directory(cx);
    TRY(find_64(cx, bytes, &end, ret));
    if (ret->n > ZIP_MEMBERS)
        return bad(cx, _("it has too many members"));
    if (ret->at > end || ret->bytes != end - ret->at || ret->bytes < ret->n * ENTRY_BYTES)
        return bad_directory(cx);
    return 0;
}

/* A relative path of plain parts. */
static bool name_is_right(struct str name)
{
    struct str rest = name, part;

    if (name.n == 0 || name.n > NAME_BYTES || !utf8_valid(name) || str_ends(name, STR("/")))
        return false;
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < ' ' || name.p[i] == '\\' || name.p[i] == 127)
            return false;
    while (str_split(&rest, '/', &part))
        if (part.n == 0 || str_is(part, ".") || str_is(part, ".."))
            return false;
    return true;
}

/* Numbers that do not fit into their fields stand in the extra field of ZIP64, in this order; there
 * is no other extra field. */
static bool take_64(struct str extra, uint64_t *const *wanted, size_t n)
{
    size_t from = 4;

    if (extra.n > 0 &&
        (extra.n < 4 || number(extra, 0, 2) != 1 || number(extra, 2, 2) != extra.n - 4))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (*wanted[i] != UINT32_MAX)
            continue;
        if (from + 8 > extra.n)
            return false;
        *wanted[i] = number(extra, from, 8);
        from += 8;
    }
    return extra.n == 0 || from == extra.n;
}

/* What stands before the member must be what the directory says of it, to the byte. */
static int take_local(struct ctx *cx, struct str bytes, struct str entry, uint64_t packed,
                      struct zip_member *ret)
{
    uint64_t at = ret->at, local_bytes, local_packed;

    if (at > bytes.n || bytes.n - at < LOCAL_BYTES + ret->name.n ||
        number(bytes, at, 4) != 0x04034b50 || memcmp(bytes.p + at + 4, entry.p + 6, 24) != 0 ||
        memcmp(bytes.p + at + LOCAL_BYTES, ret->name.p, ret->name.n) != 0)
        return bad(cx, _("a member is not what its directory says"));
    struct str rest = str_from(bytes, at + LOCAL_BYTES + ret->name.n);
    struct str extra = str_sub(rest, 0, number(bytes, at + 28, 2));
    local_packed = number(bytes, at + 18, 4);
    local_bytes = number(bytes, at + 22, 4);
    if (rest.n - extra.n < packed ||
        !take_64(extra, (uint64_t *const[]){&local_bytes, &local_packed}, 2) ||
        local_bytes != ret->bytes || local_packed != packed)
        return bad(cx, _("a member is not what its directory says"));
    ret->packed = str_sub(rest, extra.n, packed);
    return 0;
}

static int take_entry(struct ctx *cx, struct str bytes, struct str entry, struct zip_member *ret,
                      size_t *ret_n)
{
    uint64_t method = number(entry, 10, 2), flags = number(entry, 8, 2),
             packed = number(entry, 20, 4);
    size_t name = (size_t)number(entry, 28, 2), extra = (size_t)number(entry, 30, 2);

    *ret_n = ENTRY_BYTES + name + extra;
    if (number(entry, 0, 4) != 0x02014b50 || *ret_n > entry.n || number(entry, 32, 4) != 0)
        return bad_directory(cx);
    *ret = (struct zip_member){.name = str_sub(entry, ENTRY_BYTES, name),
                               .bytes = number(entry, 24, 4),
                               .at = number(entry, 42, 4),
                               .crc = (uint32_t)number(entry, 16, 4),
                               .deflated = method == 8};
    if (!take_64(str_sub(entry, ENTRY_BYTES + name, extra),
                 (uint64_t *const[]){&ret->bytes, &packed, &ret->at}, 3))
        return bad_directory(cx);
    if (!name_is_right(ret->name))
        return bad(cx, _("a member's name leads elsewhere or is not plain"));
    if ((flags & ~(uint64_t)0x800) != 0 || (method != 0 && method != 8) ||
        (method == 0 && ret->bytes != packed) || ret->bytes / ZIP_RATIO > packed)
        return bad(cx, _("a member is encrypted, or packed in a way that bundles are not"));
    return take_local(cx, bytes, entry, packed, ret);
}

/* Who made it and with which rights is the same for all. */
static bool same_kind(struct str a, struct str b)
{
    return memcmp(a.p + 4, b.p + 4, 2) == 0 && memcmp(a.p + 36, b.p + 36, 6) == 0;
}

static int take_entries(struct ctx *cx, struct str bytes, const struct directory *directory,
                        struct zip *zip)
{
    struct str all = str_sub(bytes, directory->at, directory->bytes), rest = all;

    for (size_t i = 0; i < zip->n; i++) {
        size_t n;
        if (rest.n < ENTRY_BYTES)
            return bad_directory(cx);
        TRY(take_entry(cx, bytes, rest, &zip->items[i], &n));
        if (!same_kind(rest, all))
            return bad_directory(cx);
        rest = str_from(rest, n);
    }
    return rest.n == 0 ? 0 : bad_directory(cx);
}

static int by_place(const void *a, const void *b)
{
    const struct zip_member *x = a, *y = b;

    return (x->at > y->at) - (x->at < y->at);
}

/* One behind the other from the first byte to the directory: nothing lies between them. */
static int check_places(struct ctx *cx, struct str bytes, uint64_t end, struct zip *zip)
{
    uint64_t at = 0;

    qsort(zip->items, zip->n, sizeof *zip->items, by_place);
    for (size_t i = 0; i < zip->n; i++) {
        const struct zip_member *member = &zip->items[i];
        if (member->at != at)
            return bad(cx, _("something lies between its members"));
        at = (uint64_t)(member->packed.p - bytes.p) + member->packed.n;
    }
    return at == end ? 0 : bad(cx, _("something lies between its members"));
}

static int by_name(const void *a, const void *b)
{
    const struct zip_member *x = a, *y = b;

    return str_cmp(x->name, y->name);
}

int zip_open(struct ctx *cx, struct str bytes, struct zip *ret)
{
    struct directory directory;

    TRY(find_directory(cx, bytes, &directory));
    struct zip zip = {arena_array(cx->mem, directory.n + 1, sizeof *zip.items), directory.n};
    TRY(take_entries(cx, bytes, &directory, &zip));
    TRY(check_places(cx, bytes, directory.at, &zip));
    qsort(zip.items, zip.n, sizeof *zip.items, by_name);
    for (size_t i = 1; i < zip.n; i++)
        if (str_eq(zip.items[i - 1].name, zip.items[i].name))
            return fail(cx, RC_INVALID, NULL, _("This is no bundle: %.*s is in it twice."),
                        STR_ARG(zip.items[i].name));
    *ret = zip;
    return 0;
}

size_t zip_from(const struct zip *zip, struct str name)
{
    size_t from = 0, n = zip->n;

    while (n > 0) {
        size_t half = n / 2;
        if (str_cmp(zip->items[from + half].name, name) < 0) {
            from += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return from;
}

const struct zip_member *zip_find(const struct zip *zip, struct str name)
{
    size_t at = zip_from(zip, name);

    return at < zip->n && str_eq(zip->items[at].name, name) ? &zip->items[at] : NULL;
}

/* ---- members ---- */

static int damaged(struct ctx *cx, const struct zip_member *member)
{
    return fail(cx, RC_INVALID, NULL, _("%.*s is damaged."), STR_ARG(member->name));
}

static void end_stream(z_stream *z)
{
    (void)inflateEnd(z);
}

/* Expands into `room` bytes at `out` again and again; the whole must be what the directory says. */
static int inflate_member(struct ctx *cx, const struct zip_member *member, unsigned char *out,
                          size_t room, zip_piece *each, void *arg)
{
    z_stream z CLEANUP(end_stream) = {.next_in = (z_const Bytef *)(uintptr_t)member->packed.p};
    uint64_t left = member->packed.n, total = 0;
    uLong crc = crc32(0, NULL, 0);
    int state = Z_OK;

    if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
        return fail(cx, RC_FAIL, NULL, _("zlib could not begin."));
    while (state == Z_OK) {
        if (z.avail_in == 0) {
            z.avail_in = (uInt)(left < INPUT_BYTES ? left : INPUT_BYTES);
            left -= z.avail_in;
        }
        z.next_out = out;
        z.avail_out = (uInt)room;
        state = inflate(&z, Z_NO_FLUSH);
        size_t n = room - z.avail_out;
        total += n;
        if ((state != Z_OK && state != Z_STREAM_END) || total > member->bytes ||
            (state == Z_OK && n == 0 && z.avail_in == 0 && left == 0))
            return damaged(cx, member);
        crc = crc32(crc, out, (uInt)n);
        TRY(each(arg, cx, (struct str){(const char *)out, n}));
    }
    return total == member->bytes && crc == member->crc && left == 0 && z.avail_in == 0
               ? 0
               : damaged(cx, member);
}

int zip_stream(struct ctx *cx, const struct zip_member *member, zip_piece *each, void *arg)
{
    struct str rest = member->packed;
    uLong crc = crc32(0, NULL, 0);

    if (member->deflated)
        return inflate_member(cx, member, arena_alloc(cx->mem, PIECE_BYTES), PIECE_BYTES, each,
                              arg);
    while (rest.n > 0) {
        struct str piece = str_sub(rest, 0, rest.n < PIECE_BYTES ? rest.n : PIECE_BYTES);
        crc = crc32(crc, (const Bytef *)piece.p, (uInt)piece.n);
        TRY(each(arg, cx, piece));
        rest = str_from(rest, piece.n);
    }
    return crc == member->crc ? 0 : damaged(cx, member);
}

/* A member that comes whole: it is in one piece, or that is its last piece, which is empty. */
static int check_piece(void *arg, struct ctx *cx, struct str piece)
{
    size_t *pieces = arg;

    (void)cx;
    return piece.n == 0 || (*pieces)++ == 0 ? 0 : RC_INVALID;
}

int zip_read(struct ctx *cx, const struct zip_member *member, struct str *ret)
{
    size_t pieces = 0, n = (size_t)member->bytes;

    if (member->bytes > ZIP_MEMBER_BYTES)
        return fail(cx, RC_LIMIT, NULL, _("%.*s is too large."), STR_ARG(member->name));
    if (!member->deflated) {
        if (crc32(crc32(0, NULL, 0), (const Bytef *)member->packed.p, (uInt)n) != member->crc)
            return damaged(cx, member);
        *ret = member->packed;
        return 0;
    }
    unsigned char *out = arena_alloc(cx->mem, n + 1);
    int rc = inflate_member(cx, member, out, n + 1, check_piece, &pieces);
    if (rc < 0)
        return damaged(cx, member);
    *ret = (struct str){(const char *)out, n};
    return 0;
}
