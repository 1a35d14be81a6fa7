#include "extract/zip.h"

#include <zip.h>
#include <zlib.h>

#include "extract/extract.h"

#define RATIO_FREE ((uint64_t)1024 * 1024) /* expanded bytes below which no ratio is asked */
#define NAME_BYTES 1024u
#define PIECE_BYTES ((size_t)64 * 1024)
#define LOCAL_HEAD 30u
#define SIGNATURE_LOCAL 0x04034b50u
#define SIGNATURE_CENTRAL 0x02014b50u
#define SIGNATURE_SPLIT 0x08074b50u /* of a split archive, and of a data descriptor */
#define FLAG_ENCRYPTED 1u
#define FLAG_DESCRIPTOR 8u
#define METHOD_STORED 0u
#define METHOD_DEFLATED 8u

struct member {
    struct str name;
    struct str raw; /* the same as it stands */
    uint64_t size;  /* as the ZIP claims; of a salvaged one as found */
    uint64_t packed;
    zip_uint64_t index;
    size_t at; /* of a salvaged one: where its bytes begin */
    unsigned method;
    bool encrypted;
    bool link;
    bool loose; /* not behind libzip */
};

struct container {
    zip_t *zip; /* NULL for a salvaged one */
    struct str bytes;
    struct member *members;
    size_t count, room;
    uint64_t expanded; /* by container_read(), of all members */
    bool salvaged;
};

static int bomb(struct ctx *cx)
{
    return fail(cx, RC_LIMIT, NULL, _("It expands to more than %u times its size."), EXTRACT_RATIO);
}

static int too_large(struct ctx *cx)
{
    return fail(cx, RC_LIMIT, NULL, _("It expands to more than %zu MB."),
                EXTRACT_EXPANDED_BYTES >> 20);
}

static int damaged(struct ctx *cx, struct str name)
{
    return fail(cx, RC_INVALID, NULL, _("Its part %.*s is damaged."), STR_ARG(name));
}

static bool ratio_over(uint64_t size, uint64_t packed)
{
    return size > RATIO_FREE && size / EXTRACT_RATIO > packed;
}

/* Names are compared only; one that makes no sense as a part's name never matches. */
static struct str name_clean(struct ctx *cx, const char *name, size_t n)
{
    struct buf out = buf_new(cx->mem);

    if (n > NAME_BYTES || !utf8_valid((struct str){name, n}))
        return STR_NONE;
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f)
            return STR_NONE;
        /* Some writers take the other slash. */
        char c = name[i] == '\\' ? '/' : name[i];
        if (c != '/' || out.n > 0)
            buf_char(&out, c);
    }
    struct str clean = buf_str(&out);
    if (str_is(clean, "..") || str_starts(clean, STR("../")) || str_has(clean, "/../"))
        return STR_NONE;
    return clean;
}

static struct member *member_add(struct ctx *cx, struct container *c)
{
    struct member *member = ARENA_PUSH(cx->mem, c->members, c->count, c->room);

    *member = (struct member){.name = STR_NONE, .raw = STR_NONE};
    return member;
}

/* The limits on all members together, by what the ZIP claims. */
static int totals_check(struct ctx *cx, const struct container *c)
{
    uint64_t size = 0;

    for (size_t i = 0; i < c->count; i++) {
        if (c->members[i].size > EXTRACT_EXPANDED_BYTES)
            return too_large(cx);
        size += c->members[i].size;
    }
    if (ratio_over(size, c->bytes.n))
        return bomb(cx);
    return size > EXTRACT_EXPANDED_BYTES ? too_large(cx) : 0;
}

/* A symbolic link, as Unix programs pack them. */
static bool is_link(const struct container *c, zip_uint64_t i)
{
    zip_uint8_t made_by;
    zip_uint32_t attributes;

    return zip_file_get_external_attributes(c->zip, i, 0, &made_by, &attributes) == 0 &&
           made_by == ZIP_OPSYS_UNIX && (attributes >> 16 & 0170000) == 0120000;
}

static int members_list(struct ctx *cx, struct container *c)
{
    zip_int64_t n = zip_get_num_entries(c->zip, 0);
    zip_stat_t stat;

    if (n > EXTRACT_PARTS)
        return fail(cx, RC_LIMIT, NULL, _("It has more than %u parts."), EXTRACT_PARTS);
    for (zip_int64_t i = 0; i < n; i++) {
        if (zip_stat_index(c->zip, (zip_uint64_t)i, ZIP_FL_ENC_GUESS, &stat) != 0)
            continue;
        struct member *member = member_add(cx, c);
        member->raw = str_of(stat.name);
        member->name = name_clean(cx, member->raw.p, member->raw.n);
        member->link = is_link(c, (zip_uint64_t)i);
        member->size = (stat.valid & ZIP_STAT_SIZE) != 0 ? stat.size : 0;
        member->packed = (stat.valid & ZIP_STAT_COMP_SIZE) != 0 ? stat.comp_size : 0;
        member->index = (zip_uint64_t)i;
        member->encrypted =
            (stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE;
    }
    return totals_check(cx, c);
}

static uint32_t little(struct str s, size_t at, unsigned bytes)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < bytes && at + i < s.n; i++)
        value |= (uint32_t)(unsigned char)s.p[at + i] << (8 * i);
    return value;
}

/*
 * Inflates `in` into `out` (NULL: only counts), at most `most` bytes. Gives what it took and made.
 * 0 at a proper end, RC_LIMIT over `most`, RC_INVALID for anything else.
 */
static int inflate_all(struct str in, size_t most, struct buf *out, size_t *ret_taken,
                       size_t *ret_made)
{
    unsigned char piece[16384];
    z_stream z = {.next_in = (z_const Bytef *)(uintptr_t)in.p,
                  .avail_in = in.n > UINT32_MAX ? UINT32_MAX : (uInt)in.n};
    int rc = inflateInit2(&z, -MAX_WBITS);

    while (rc == Z_OK && z.total_out <= most) {
        z.next_out = piece;
        z.avail_out = sizeof piece;
        rc = inflate(&z, Z_NO_FLUSH);
        if (out != NULL)
            buf_add(out, (struct str){(const char *)piece, sizeof piece - z.avail_out});
    }
    *ret_taken = z.total_in;
    *ret_made = z.total_out;
    inflateEnd(&z);
    if (*ret_made > most)
        return RC_LIMIT;
    return rc == Z_STREAM_END ? 0 : RC_INVALID;
}

/* Where the next member begins: a descriptor may lie between, of 12 to 24 bytes. */
static size_t next_head(struct str bytes, size_t at)
{
    for (size_t i = at; i <= at + 24 && i + 4 <= bytes.n; i++) {
        uint32_t signature = little(bytes, i, 4);
        if (signature == SIGNATURE_LOCAL || signature == SIGNATURE_CENTRAL)
            return i;
    }
    return bytes.n;
}

/* The member whose local header stands at `*at`, which moves past it. False where there is none,
 * or none that is whole. */
static bool local_member(struct ctx *cx, struct container *c, size_t *at, uint64_t *total)
{
    struct str head = str_sub(c->bytes, *at, LOCAL_HEAD);
    size_t taken, made;

    if (head.n < LOCAL_HEAD || little(head, 0, 4) != SIGNATURE_LOCAL)
        return false;
    uint32_t flags = little(head, 6, 2), method = little(head, 8, 2);
    size_t packed = little(head, 18, 4), names = little(head, 26, 2);
    struct str name = str_sub(c->bytes, *at + LOCAL_HEAD, names);
    size_t begin = *at + LOCAL_HEAD + names + little(head, 28, 2);
    struct str data = str_from(c->bytes, begin);
    if (method == METHOD_DEFLATED && (flags & FLAG_ENCRYPTED) == 0) {
        if ((flags & FLAG_DESCRIPTOR) == 0)
            data = str_sub(data, 0, packed);
        if (inflate_all(data, EXTRACT_EXPANDED_BYTES - *total, NULL, &taken, &made) != 0)
            return false;
    } else {
        if ((flags & FLAG_DESCRIPTOR) != 0 || packed > data.n)
            return false;
        taken = made = packed;
    }
    *total += made;
    struct member *member = member_add(cx, c);
    *member = (struct member){.name = name_clean(cx, name.p, name.n),
                              .raw = name,
                              .size = made,
                              .packed = taken,
                              .at = begin,
                              .method = method,
                              .encrypted = (flags & FLAG_ENCRYPTED) != 0,
                              .loose = true};
    *at = next_head(c->bytes, begin + taken);
    return true;
}

/* Members by their own headers, from the first byte on, as far as they are whole. */
static int salvage(struct ctx *cx, struct container *c)
{
    uint64_t total = 0;
    size_t at = 0;

    c->salvaged = true;
    while (c->count < EXTRACT_PARTS && total < EXTRACT_EXPANDED_BYTES &&
           local_member(cx, c, &at, &total)) {
        if (ratio_over(total, at))
            return bomb(cx);
        TRY(ctx_check(cx));
    }
    if (c->count == 0)
        return fail(cx, RC_INVALID, NULL, "%s",
                    _("It is a ZIP that is cut off or damaged: nothing in it can be read."));
    return totals_check(cx, c);
}

static int open_failed(struct ctx *cx, struct container *c, zip_error_t *error)
{
    int code = zip_error_code_zip(error);

    zip_error_fini(error);
    if (code == ZIP_ER_MULTIDISK || little(c->bytes, 0, 4) == SIGNATURE_SPLIT)
        return fail(cx, RC_INVALID, NULL, "%s",
                    _("It is one part of a split ZIP, which cannot be read alone."));
    if (little(c->bytes, 0, 4) == SIGNATURE_LOCAL)
        return salvage(cx, c);
    return fail(cx, RC_INVALID, NULL, "%s", _("It is not a ZIP, or a damaged one."));
}

int container_open(struct ctx *cx, struct str bytes, struct container **ret)
{
    struct container *c = ARENA_NEW(cx->mem, struct container);
    zip_error_t error;

    zip_error_init(&error);
    c->bytes = bytes;
    zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, &error);
    if (source == NULL)
        return fail(cx, RC_FAIL, NULL, "%s", _("The ZIP library could not start."));
    c->zip = zip_open_from_source(source, ZIP_RDONLY, &error);
    int rc;
    if (c->zip == NULL) {
        zip_source_free(source);
        rc = open_failed(cx, c, &error);
    } else {
        rc = members_list(cx, c);
    }
    if (rc < 0)
        container_closep(&c);
    else
        *ret = c;
    return rc;
}

void container_closep(struct container **container)
{
    if (*container != NULL && (*container)->zip != NULL)
        zip_discard((*container)->zip);
    *container = NULL;
}

bool container_salvaged(const struct container *container)
{
    return container->salvaged;
}

size_t container_count(const struct container *container)
{
    return container->count;
}

struct str container_name(const struct container *container, size_t i)
{
    return container->members[i].name;
}

const struct member *container_at(const struct container *container, size_t i)
{
    return &container->members[i];
}

enum member_state member_state(const struct member *member)
{
    if (str_ends(member->raw, STR("/")) || str_ends(member->raw, STR("\\")))
        return MEMBER_FOLDER;
    return member->link ? MEMBER_LINK : member->encrypted ? MEMBER_LOCKED : MEMBER_FILE;
}

uint64_t member_size(const struct member *member)
{
    return member->size;
}

struct str member_raw_name(const struct member *member)
{
    return member->raw;
}

static bool same_name(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++) {
        char x = a.p[i], y = b.p[i];
        x = x >= 'A' && x <= 'Z' ? (char)(x + 32) : x;
        y = y >= 'A' && y <= 'Z' ? (char)(y + 32) : y;
        if (x != y)
            return false;
    }
    return true;
}

const struct member *container_find(const struct container *container, struct str name)
{
    if (name.n > 0 && name.p[0] == '/')
        name = str_from(name, 1);
    for (size_t i = 0; name.n > 0 && i < container->count; i++)
        if (same_name(container->members[i].name, name))
            return &container->members[i];
    return NULL;
}

static int read_loose(struct ctx *cx, const struct container *c, const struct member *member,
                      size_t most, struct buf *out)
{
    struct str data = str_sub(c->bytes, member->at, member->packed);
    size_t taken, made;

    if (member->method == METHOD_STORED) {
        buf_add(out, str_sub(data, 0, most + 1));
        return 0;
    }
    if (member->method != METHOD_DEFLATED)
        return damaged(cx, member->name);
    return inflate_all(data, most, out, &taken, &made) == RC_INVALID ? damaged(cx, member->name)
                                                                     : 0;
}

static void file_closep(zip_file_t **file)
{
    if (*file != NULL)
        zip_fclose(*file);
}

static int read_zip(struct ctx *cx, struct container *c, const struct member *member, size_t most,
                    struct buf *out)
{
    CLEANUP(file_closep) zip_file_t *file = zip_fopen_index(c->zip, member->index, 0);
    char *piece = arena_alloc(cx->mem, PIECE_BYTES);
    zip_int64_t n;

    if (file == NULL && zip_error_code_zip(zip_get_error(c->zip)) == ZIP_ER_COMPNOTSUPP)
        return fail(cx, RC_INVALID, NULL, _("Its part %.*s is packed in a way that is not read."),
                    STR_ARG(member->name));
    if (file == NULL)
        return damaged(cx, member->name);
    while ((n = zip_fread(file, piece, PIECE_BYTES)) > 0) {
        buf_add(out, (struct str){piece, (size_t)n});
        if (out->n > most || ratio_over(out->n, member->packed))
            return 0;
        TRY(ctx_check(cx));
    }
    return n < 0 ? damaged(cx, member->name) : 0;
}

int container_read(struct ctx *cx, struct container *container, const struct member *member,
                   size_t most, struct str *ret)
{
    struct buf out = buf_new(cx->mem);
    size_t left = EXTRACT_EXPANDED_BYTES - container->expanded;

    if (most > ZIP_PART_BYTES)
        most = ZIP_PART_BYTES;
    if (most > left)
        most = left;
    if (member->encrypted)
        return fail(cx, RC_INVALID, NULL, "%s",
                    _("It is protected by a password: save it without one."));
    if (ratio_over(member->size, member->packed))
        return bomb(cx);
    if (member->size > most)
        return fail(cx, RC_LIMIT, NULL, _("Its part %.*s is larger than %zu MB."),
                    STR_ARG(member->name), most >> 20);
    TRY(member->loose ? read_loose(cx, container, member, most, &out)
                      : read_zip(cx, container, member, most, &out));
    container->expanded += out.n;
    if (ratio_over(out.n, member->packed))
        return bomb(cx);
    if (out.n > most)
        return fail(cx, RC_LIMIT, NULL, _("Its part %.*s is larger than %zu MB."),
                    STR_ARG(member->name), most >> 20);
    *ret = buf_str(&out);
    return 0;
}

int container_read_name(struct ctx *cx, struct container *container, struct str name,
                        struct str *ret)
{
    const struct member *member = container_find(container, name);

    if (member == NULL)
        return fail(cx, RC_NOT_FOUND, NULL, _("It has no part %.*s."), STR_ARG(name));
    return container_read(cx, container, member, ZIP_PART_BYTES, ret);
}

struct container *container_of(struct ctx *cx, const struct str *names, const struct str *bytes,
                               size_t n)
{
    struct container *c = ARENA_NEW(cx->mem, struct container);
    struct buf all = buf_new(cx->mem);

    for (size_t i = 0; i < n; i++) {
        struct member *member = member_add(cx, c);
        *member = (struct member){.name = names[i],
                                  .raw = names[i],
                                  .size = bytes[i].n,
                                  .packed = bytes[i].n,
                                  .at = all.n,
                                  .method = METHOD_STORED,
                                  .loose = true};
        buf_add(&all, bytes[i]);
    }
    c->bytes = buf_str(&all);
    return c;
}
