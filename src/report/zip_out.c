#include "report/zip_out.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define LOCAL 0x04034b50u
#define DESCRIPTOR 0x08074b50u
#define CENTRAL 0x02014b50u
#define END64 0x06064b50u
#define LOCATOR64 0x07064b50u
#define END 0x06054b50u
#define VERSION 45u         /* that has ZIP64 */
#define FLAG_BEHIND 0x0008u /* sizes follow the member */
#define FLAG_UTF8 0x0800u   /* its name is UTF-8 */
#define DEFLATED 8u
#define NONE32 0xffffffffu
#define NONE16 0xffffu
#define ROOM ((size_t)64 * 1024)

struct member {
    struct str name;
    uint64_t at, size, packed;
    uint32_t crc;
};

struct zip_out {
    int fd;
    uint16_t day;
    uint64_t at;
    struct arena *mem; /* of the members */
    struct member *members;
    size_t n, room;
    z_stream z;
    bool is_open, has_z, is_plain;
    off_t from; /* of a plain one, where in the file it begins */
    unsigned char packed[ROOM];
};

/* ---- bytes ---- */

static int put(struct ctx *cx, struct zip_out *zip, const void *bytes, size_t n)
{
    const char *p = bytes;

    for (size_t done = 0; done < n;) {
        ssize_t wrote = write(zip->fd, p + done, n - done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return fail(cx, RC_FAIL, NULL, _("Writing failed (%s)."), strerrordesc_np(errno));
        done += (size_t)wrote;
    }
    zip->at += n;
    return 0;
}

struct head {
    unsigned char bytes[128];
    size_t n;
};

/* A number in `n` bytes, the lowest first; beyond eight they are zero. */
static void add(struct head *head, uint64_t v, unsigned n)
{
    for (unsigned i = 0; i < n; i++, v >>= 8)
        head->bytes[head->n++] = (unsigned char)v;
}

static uint16_t dos_day(struct date d)
{
    int year = date_is_none(d) || d.year < 1980 ? 0 : d.year > 2107 ? 127 : d.year - 1980;
    int month = date_is_none(d) ? 1 : d.month, day = date_is_none(d) ? 1 : d.day;

    return (uint16_t)(year << 9 | month << 5 | day);
}

/* What a member's own header and the directory have in common. */
static void add_kind(struct head *head, const struct zip_out *zip, uint32_t crc)
{
    add(head, VERSION, 2);
    add(head, zip->is_plain ? FLAG_UTF8 : FLAG_UTF8 | FLAG_BEHIND, 2);
    add(head, zip->is_plain ? 0 : DEFLATED, 2);
    add(head, 0, 2); /* hour */
    add(head, zip->day, 2);
    add(head, crc, 4);
    add(head, NONE32, 4);
    add(head, NONE32, 4);
}

/* ---- members ---- */

int zip_out_new(struct ctx *cx, int fd, struct date day, struct zip_out **ret)
{
    struct zip_out *zip = calloc(1, sizeof *zip);

    if (zip == NULL || deflateInit2(&zip->z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(zip);
        return fail(cx, RC_FAIL, NULL, "%s", _("An archive could not be begun."));
    }
    zip->has_z = true;
    zip->fd = fd;
    zip->day = dos_day(day);
    zip->mem = arena_new(0);
    *ret = zip;
    return 0;
}

int zip_out_new_plain(struct ctx *cx, int fd, struct date day, struct zip_out **ret)
{
    TRY(zip_out_new(cx, fd, day, ret));
    (*ret)->is_plain = true;
    (*ret)->from = lseek(fd, 0, SEEK_CUR);
    return 0;
}

void zip_out_free(struct zip_out *zip)
{
    if (zip == NULL)
        return;
    if (zip->has_z)
        (void)deflateEnd(&zip->z);
    arena_free(zip->mem);
    free(zip);
}

void zip_out_freep(struct zip_out **zip)
{
    zip_out_free(*zip);
    *zip = NULL;
}

int zip_out_begin(struct ctx *cx, struct zip_out *zip, struct str name)
{
    struct head head = {.n = 0};
    struct member *member;

    if (zip->n >= ZIP_OUT_MEMBERS || name.n > 60000)
        return fail(cx, RC_LIMIT, NULL, _("An archive holds at most %u files."), ZIP_OUT_MEMBERS);
    member = ARENA_PUSH(zip->mem, zip->members, zip->n, zip->room);
    *member = (struct member){
        .name = str_copy(zip->mem, name), .at = zip->at, .crc = (uint32_t)crc32(0, NULL, 0)};
    add(&head, LOCAL, 4);
    add_kind(&head, zip, 0); /* the sum stands behind it, or is put here at its end */
    add(&head, name.n, 2);
    add(&head, 20, 2);
    TRY(put(cx, zip, head.bytes, head.n));
    TRY(put(cx, zip, name.p, name.n));
    head.n = 0;
    add(&head, 1, 2); /* ZIP64: its sizes, the same */
    add(&head, 16, 2);
    add(&head, 0, 8);
    add(&head, 0, 8);
    (void)deflateReset(&zip->z);
    zip->is_open = true;
    return put(cx, zip, head.bytes, head.n);
}

static int pack(struct ctx *cx, struct zip_out *zip, int flush)
{
    struct member *member = &zip->members[zip->n - 1];
    int rc;

    do {
        zip->z.next_out = zip->packed;
        zip->z.avail_out = sizeof zip->packed;
        rc = deflate(&zip->z, flush);
        size_t n = sizeof zip->packed - zip->z.avail_out;
        TRY(put(cx, zip, zip->packed, n));
        member->packed += n;
    } while (rc == Z_OK && (zip->z.avail_out == 0 || flush == Z_FINISH));
    return 0;
}

int zip_out_write(struct ctx *cx, struct zip_out *zip, struct str bytes)
{
    struct member *member = &zip->members[zip->n - 1];

    for (size_t done = 0; done < bytes.n;) {
        size_t n = bytes.n - done < ROOM ? bytes.n - done : ROOM;
        unsigned char *p = (unsigned char *)(uintptr_t)bytes.p + done;
        member->crc = (uint32_t)crc32(member->crc, p, (uInt)n);
        zip->z.next_in = p;
        zip->z.avail_in = (uInt)n;
        if (zip->is_plain)
            TRY(put(cx, zip, p, n));
        else
            TRY(pack(cx, zip, Z_NO_FLUSH));
        done += n;
    }
    member->size += bytes.n;
    return 0;
}

static int put_at(struct ctx *cx, const struct zip_out *zip, uint64_t at, const struct head *head)
{
    ssize_t wrote = pwrite(zip->fd, head->bytes, head->n, zip->from + (off_t)at);

    return wrote == (ssize_t)head->n ? 0
                                     : fail(cx, RC_FAIL, NULL, _("Writing failed (%s)."),
                                            strerrordesc_np(wrote < 0 ? errno : ENOSPC));
}

/* Its sum and sizes go before it. */
static int end_plain(struct ctx *cx, struct zip_out *zip, struct member *member)
{
    struct head sum = {.n = 0}, sizes = {.n = 0};

    member->packed = member->size;
    add(&sum, member->crc, 4);
    add(&sizes, member->size, 8);
    add(&sizes, member->packed, 8);
    TRY(put_at(cx, zip, member->at + 14, &sum));
    return put_at(cx, zip, member->at + 30 + member->name.n + 4, &sizes);
}

int zip_out_end(struct ctx *cx, struct zip_out *zip)
{
    struct member *member = &zip->members[zip->n - 1];
    struct head head = {.n = 0};

    if (zip->is_plain) {
        zip->is_open = false;
        return end_plain(cx, zip, member);
    }
    zip->z.next_in = NULL;
    zip->z.avail_in = 0;
    TRY(pack(cx, zip, Z_FINISH));
    zip->is_open = false;
    add(&head, DESCRIPTOR, 4);
    add(&head, member->crc, 4);
    add(&head, member->packed, 8);
    add(&head, member->size, 8);
    return put(cx, zip, head.bytes, head.n);
}

int zip_out_drop(struct ctx *cx, struct zip_out *zip)
{
    off_t at = zip->from + (off_t)zip->members[zip->n - 1].at;

    zip->is_open = false;
    if (lseek(zip->fd, at, SEEK_SET) != at || ftruncate(zip->fd, at) != 0)
        return fail(cx, RC_FAIL, NULL, _("Writing failed (%s)."), strerrordesc_np(errno));
    zip->at = zip->members[--zip->n].at;
    return 0;
}

int zip_out_add(struct ctx *cx, struct zip_out *zip, struct str name, struct str bytes)
{
    TRY(zip_out_begin(cx, zip, name));
    TRY(zip_out_write(cx, zip, bytes));
    return zip_out_end(cx, zip);
}

/* ---- the directory ---- */

static int put_entry(struct ctx *cx, struct zip_out *zip, const struct member *member)
{
    struct head head = {.n = 0};

    add(&head, CENTRAL, 4);
    add(&head, VERSION, 2);
    add_kind(&head, zip, member->crc);
    add(&head, member->name.n, 2);
    add(&head, 28, 2);
    add(&head, 0, 2 + 2 + 2 + 4); /* no comment, first disk, no attributes */
    add(&head, NONE32, 4);
    TRY(put(cx, zip, head.bytes, head.n));
    TRY(put(cx, zip, member->name.p, member->name.n));
    head.n = 0;
    add(&head, 1, 2);
    add(&head, 24, 2);
    add(&head, member->size, 8);
    add(&head, member->packed, 8);
    add(&head, member->at, 8);
    return put(cx, zip, head.bytes, head.n);
}

int zip_out_finish(struct ctx *cx, struct zip_out *zip)
{
    uint64_t from = zip->at, size;
    struct head head = {.n = 0};

    for (size_t i = 0; i < zip->n; i++)
        TRY(put_entry(cx, zip, &zip->members[i]));
    size = zip->at - from;
    add(&head, END64, 4);
    add(&head, 44, 8);
    add(&head, VERSION, 2);
    add(&head, VERSION, 2);
    add(&head, 0, 8); /* disks */
    add(&head, zip->n, 8);
    add(&head, zip->n, 8);
    add(&head, size, 8);
    add(&head, from, 8);
    add(&head, LOCATOR64, 4);
    add(&head, 0, 4);
    add(&head, from + size, 8);
    add(&head, 1, 4);
    add(&head, END, 4);
    add(&head, 0, 4);
    add(&head, zip->n < NONE16 ? zip->n : NONE16, 2);
    add(&head, zip->n < NONE16 ? zip->n : NONE16, 2);
    add(&head, size < NONE32 ? size : NONE32, 4);
    add(&head, from < NONE32 ? from : NONE32, 4);
    add(&head, 0, 2);
    return put(cx, zip, head.bytes, head.n);
}
