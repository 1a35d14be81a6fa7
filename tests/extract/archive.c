#include <zlib.h>

#include "tests/extract/office.h"

static struct extract list(struct ctx *cx, struct str zip)
{
    struct extract e = {.note = STR_NONE};

    CHECK_OK(extract_bytes(cx, STR("old.zip"), zip, &e));
    CHECK_INT(e.format, EXTRACT_ZIP);
    CHECK_INT(e.block_count, 0);
    return e;
}

TEST(members_of_an_archive)
{
    const struct office_part parts[] = {{"policies/", STR("")},
                                        {"policies/access.md", STR("# Access\n\nAll.\n")},
                                        {"../../etc/passwd.md", STR("x")},
                                        {"a\\b.txt", STR("text")}};
    struct str zip = office_zip(cx, parts, COUNT_OF(parts));
    struct extract e = list(cx, zip), member;

    CHECK_INT(e.member_count, 3);
    CHECK_STR(e.members[0].path, "policies/access.md");
    CHECK_STR(e.members[1].path, "etc/passwd.md");
    CHECK_STR(e.members[2].path, "a/b.txt");
    CHECK_OK(extract_member(cx, e.members[0].path, zip, &e.members[0].at, 1, &member));
    CHECK_INT(member.format, EXTRACT_MARKDOWN);
    CHECK_BLOCK(&member, "Access", BLOCK_HEADING, 1);
    CHECK_INT(member.member_bytes, 15);
    CHECK_STR(member.member_sha256,
              str_z(cx->mem, hash_sha256_hex(cx->mem, STR("# Access\n\nAll.\n"))));
}

TEST(archives_within_archives_end)
{
    const struct office_part doc[] = {{"a.md", STR("# Deep\n\nText.\n")}};
    struct str one = office_zip(cx, doc, 1);
    const struct office_part first[] = {{"one.zip", one}};
    struct str two = office_zip(cx, first, 1);
    const struct office_part second[] = {{"two.zip", two}};
    struct str three = office_zip(cx, second, 1);
    const uint32_t at[] = {0, 0, 0};
    struct extract e;

    CHECK_OK(extract_member(cx, STR("one.zip/a.md"), two, at, 2, &e));
    CHECK_BLOCK(&e, "Deep", BLOCK_HEADING, 1);
    CHECK_RC(extract_member(cx, STR("two.zip/one.zip"), three, at, 2, &e), RC_INVALID);
    CHECK(str_has(cx->err.text, "archive within archives"));
    CHECK_RC(extract_member(cx, STR("x"), three, at, 3, &e), RC_LIMIT);
    CHECK_OK(extract_member(cx, STR("two.zip"), three, at, 1, &e));
    CHECK_INT(e.member_count, 1);
    CHECK_RC(extract_member(cx, STR("x"), two, (const uint32_t[]){7}, 1, &e), RC_NOT_FOUND);
}

/* A ZIP as bytes, where a library would refuse to write it: stored members, one directory. */
struct raw {
    const char *name;
    const char *text;
    uint32_t mode; /* of Unix */
};

static void put(struct buf *out, uint32_t n, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        buf_char(out, (char)(n >> (8 * i) & 0xff));
}

static void head(struct buf *out, const struct raw *raw)
{
    uLong crc = crc32(0, (const Bytef *)raw->text, (uInt)strlen(raw->text));

    put(out, 20, 2), put(out, 0, 2), put(out, 0, 2), put(out, 0, 4);
    put(out, (uint32_t)crc, 4);
    put(out, (uint32_t)strlen(raw->text), 4), put(out, (uint32_t)strlen(raw->text), 4);
    put(out, (uint32_t)strlen(raw->name), 2), put(out, 0, 2);
}

static struct str raw_zip(struct ctx *cx, const struct raw *raw, size_t n)
{
    struct buf out = buf_new(cx->mem), directory = buf_new(cx->mem);

    for (size_t i = 0; i < n; i++) {
        put(&directory, 0x02014b50, 4), put(&directory, 3 << 8 | 20, 2);
        head(&directory, &raw[i]);
        put(&directory, 0, 2), put(&directory, 0, 2), put(&directory, 0, 2);
        put(&directory, raw[i].mode << 16, 4), put(&directory, (uint32_t)out.n, 4);
        buf_addz(&directory, raw[i].name);
        put(&out, 0x04034b50, 4);
        head(&out, &raw[i]);
        buf_addz(&out, raw[i].name);
        buf_addz(&out, raw[i].text);
    }
    size_t at = out.n;
    buf_add(&out, buf_str(&directory));
    put(&out, 0x06054b50, 4), put(&out, 0, 4), put(&out, (uint32_t)n, 2);
    put(&out, (uint32_t)n, 2), put(&out, (uint32_t)directory.n, 4), put(&out, (uint32_t)at, 4);
    put(&out, 0, 2);
    return buf_str(&out);
}

TEST(odd_members_are_told)
{
    static const struct raw raw[] = {{"a.md", "# One\n", 0100644},
                                     {"a.md", "# Two\n", 0100644},
                                     {"link.md", "/etc/passwd", 0120777},
                                     {"caf\x82.md", "# In an old code page\n", 0100644}};
    struct str zip = raw_zip(cx, raw, COUNT_OF(raw));
    struct extract e = list(cx, zip), member;

    CHECK_INT(e.member_count, 4);
    CHECK_STR(e.members[1].path, "a (2).md");
    CHECK_OK(extract_member(cx, e.members[1].path, zip, &e.members[1].at, 1, &member));
    CHECK_BLOCK(&member, "Two", BLOCK_HEADING, 1);
    CHECK(str_has(e.members[2].why, "links are not followed"));
    CHECK_STR(e.members[3].path, "caf\xc3\xa9.md");
}

TEST(a_cut_archive_is_salvaged)
{
    static const struct raw raw[] = {{"a.md", "# One\n", 0100644}, {"b.md", "# Two\n", 0100644}};
    struct str zip = raw_zip(cx, raw, COUNT_OF(raw));
    struct extract e = list(cx, str_sub(zip, 0, zip.n - 60)), member;

    CHECK_INT(e.member_count, 2);
    CHECK(str_has(e.note, "cut off or damaged at its end"));
    CHECK_OK(
        extract_member(cx, STR("b.md"), str_sub(zip, 0, zip.n - 60), &e.members[1].at, 1, &member));
    CHECK_BLOCK(&member, "Two", BLOCK_HEADING, 1);
}

TEST(members_cross_to_the_parent)
{
    const struct office_part parts[] = {{"a.md", STR("# A\n")}, {"b/c.md", STR("# B\n")}};
    struct extract e = list(cx, office_zip(cx, parts, 2)), back;
    struct buf packed = buf_new(cx->mem);

    extract_pack(&packed, &e);
    CHECK_OK(extract_unpack(cx, buf_str(&packed), &back));
    CHECK_INT(back.member_count, 2);
    CHECK_STR(back.members[1].path, "b/c.md");
    CHECK_INT(back.members[1].at, 1);
}
