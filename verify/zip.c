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

static int find_64(struct ctx *cx, struct str bytes, size_t end, struct directory *ret)
{
    if (end < LOCATOR_BYTES || number(bytes, end - LOCATOR_BYTES, 4) != 0x07064b50)
        return 0;
    uint64_t at = number(bytes, end - LOCATOR_BYTES + 8, 8);
    if (at > bytes.n || bytes.n - at < END64_BYTES || number(bytes, at, 4) != 0x06064b50)
        return bad(cx, _("its directory is damaged"));
    ret->n = number(bytes, at + 32, 8);
    ret->bytes = number(bytes, at + 40, 8);
    ret->at = number(bytes, at + 48, 8);
    return 0;
}

/* Bundles have no comment, so that the end is at the end. */
static int find_directory(struct ctx *cx, struct str bytes, struct directory *ret)
{
    if (bytes.n < END_BYTES || number(bytes, bytes.n - END_BYTES, 4) != 0x06054b50)
        return bad(cx, _("it does not end as a ZIP file without a comment does"));
    size_t end = bytes.n - END_BYTES;
    *ret = (struct directory){.n = number(bytes, end + 10, 2),
                              .bytes = number(bytes, end + 12, 4),
                              .at = number(bytes, end + 16, 4)};
    TRY(find_64(cx, bytes, end, ret));
    if (ret->n > ZIP_MEMBERS)
        return bad(cx, _("it has too many members"));
    if (ret->at > bytes.n || ret->bytes > bytes.n - ret->at || ret->bytes < ret->n * ENTRY_BYTES)
        return bad(cx, _("its directory is damaged"));
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

/* Sizes and place from the extra field of ZIP64, in the order in which the entry lacks them. */
static bool take_64(struct str extra, uint64_t *bytes, uint64_t *packed, uint64_t *at)
{
    uint64_t *const wanted[] = {bytes, packed, at};

    while (extra.n >= 4) {
        size_t n = (size_t)number(extra, 2, 2), from = 4;
        if (n > extra.n - 4)
            return false;
        for (size_t i = 0; number(extra, 0, 2) == 1 && i < COUNT_OF(wanted); i++) {
            if (*wanted[i] != UINT32_MAX)
                continue;
            if (from + 8 > n + 4)
                return false;
            *wanted[i] = number(extra, from, 8);
            from += 8;
        }
        extra = str_from(extra, n + 4);
    }
    return true;
}

static int take_entry(struct ctx *cx, struct str bytes, struct str entry, struct zip_member *ret,
                      size_t *ret_n)
{
    uint64_t method = number(entry, 10, 2), packed = number(entry, 20, 4),
             at = number(entry, 42, 4);
    size_t name = (size_t)number(entry, 28, 2), extra = (size_t)number(entry, 30, 2),
           comment = (size_t)number(entry, 32, 2);

    *ret_n = ENTRY_BYTES + name + extra + comment;
    if (number(entry, 0, 4) != 0x02014b50 || *ret_n > entry.n)
        return bad(cx, _("its directory is damaged"));
    *ret = (struct zip_member){.name = str_sub(entry, ENTRY_BYTES, name),
                               .bytes = number(entry, 24, 4),
                               .crc = (uint32_t)number(entry, 16, 4),
                               .deflated = method == 8};
    if (!take_64(str_sub(entry, ENTRY_BYTES + name, extra), &ret->bytes, &packed, &at))
        return bad(cx, _("its directory is damaged"));
    if (!name_is_right(ret->name))
        return bad(cx, _("a member's name leads elsewhere or is not plain"));
    if ((number(entry, 8, 2) & 1) != 0 || (method != 0 && method != 8) ||
        (method == 0 && ret->bytes != packed) || ret->bytes / ZIP_RATIO > packed)
        return bad(cx, _("a member is encrypted, or packed in a way that bundles are not"));
    if (at > bytes.n || bytes.n - at < LOCAL_BYTES || number(bytes, at, 4) != 0x04034b50)
        return bad(cx, _("a member is not where its directory says"));
    uint64_t from = at + LOCAL_BYTES + number(bytes, at + 26, 2) + number(bytes, at + 28, 2);
    if (from > bytes.n || packed > bytes.n - from || number(bytes, at + 26, 2) != name ||
        memcmp(bytes.p + at + LOCAL_BYTES, ret->name.p, name) != 0)
        return bad(cx, _("a member is not where its directory says"));
    ret->packed = str_sub(bytes, from, packed);
    return 0;
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
    struct str rest = str_sub(bytes, directory.at, directory.bytes);
    struct zip zip = {arena_array(cx->mem, directory.n + 1, sizeof *zip.items), directory.n};
    for (size_t i = 0; i < zip.n; i++) {
        size_t n;
        if (rest.n < ENTRY_BYTES)
            return bad(cx, _("its directory is damaged"));
        TRY(take_entry(cx, bytes, rest, &zip.items[i], &n));
        rest = str_from(rest, n);
    }
    qsort(zip.items, zip.n, sizeof *zip.items, by_name);
    for (size_t i = 1; i < zip.n; i++)
        if (str_eq(zip.items[i - 1].name, zip.items[i].name))
            return fail(cx, RC_INVALID, NULL, _("This is no bundle: %.*s is in it twice."),
                        STR_ARG(zip.items[i].name));
    *ret = zip;
    return 0;
}

const struct zip_member *zip_find(const struct zip *zip, struct str name)
{
    const struct zip_member key = {.name = name};

    return zip->n > 0 ? bsearch(&key, zip->items, zip->n, sizeof *zip->items, by_name) : NULL;
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

/* Expands piece by piece; the whole must be what the directory says. */
static int inflate_member(struct ctx *cx, const struct zip_member *member, zip_piece *each,
                          void *arg)
{
    z_stream z CLEANUP(end_stream) = {.next_in = (z_const Bytef *)(uintptr_t)member->packed.p};
    unsigned char *piece = arena_alloc(cx->mem, PIECE_BYTES);
    uint64_t left = member->packed.n, total = 0;
    uLong crc = crc32(0, NULL, 0);
    int state = Z_OK;

    if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
        return fail(cx, RC_FAIL, NULL, _("zlib could not begin."));
    while (state == Z_OK) {
        if (z.avail_in == 0) {
            z.avail_in = (uInt)(left < PIECE_BYTES ? left : PIECE_BYTES);
            left -= z.avail_in;
        }
        z.next_out = piece;
        z.avail_out = PIECE_BYTES;
        state = inflate(&z, Z_NO_FLUSH);
        size_t n = PIECE_BYTES - z.avail_out;
        total += n;
        if ((state != Z_OK && state != Z_STREAM_END) || total > member->bytes ||
            (state == Z_OK && n == 0 && z.avail_in == 0 && left == 0))
            return damaged(cx, member);
        crc = crc32(crc, piece, (uInt)n);
        TRY(each(arg, cx, (struct str){(const char *)piece, n}));
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
        return inflate_member(cx, member, each, arg);
    while (rest.n > 0) {
        struct str piece = str_sub(rest, 0, rest.n < PIECE_BYTES ? rest.n : PIECE_BYTES);
        crc = crc32(crc, (const Bytef *)piece.p, (uInt)piece.n);
        TRY(each(arg, cx, piece));
        rest = str_from(rest, piece.n);
    }
    return crc == member->crc ? 0 : damaged(cx, member);
}

struct whole {
    char *bytes;
    size_t n;
};

static int add_piece(void *arg, struct ctx *cx, struct str piece)
{
    struct whole *whole = arg;

    (void)cx;
    memcpy(whole->bytes + whole->n, piece.p, piece.n);
    whole->n += piece.n;
    return 0;
}

static int check_piece(void *arg, struct ctx *cx, struct str piece)
{
    (void)arg;
    (void)cx;
    (void)piece;
    return 0;
}

int zip_read(struct ctx *cx, const struct zip_member *member, struct str *ret)
{
    struct whole whole = {.n = 0};

    if (member->bytes > ZIP_MEMBER_BYTES)
        return fail(cx, RC_LIMIT, NULL, _("%.*s is too large."), STR_ARG(member->name));
    if (!member->deflated) {
        TRY(zip_stream(cx, member, check_piece, NULL));
        *ret = member->packed;
        return 0;
    }
    whole.bytes = arena_alloc(cx->mem, member->bytes + 1);
    TRY(zip_stream(cx, member, add_piece, &whole));
    *ret = (struct str){whole.bytes, whole.n};
    return 0;
}
