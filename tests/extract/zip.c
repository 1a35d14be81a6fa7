#include "extract/zip.h"

#include <dirent.h>

#include "tests/extract/office.h"

static const char document_xml[] =
    "<w:document " OFFICE_W
    "><w:body><w:p><w:r><w:t>Whole.</w:t></w:r></w:p></w:body></w:document>";

static struct str small_docx(struct ctx *cx)
{
    const struct office_part parts[] = {{"word/document.xml", str_of(document_xml)},
                                        {"notes/other.txt", STR("other")}};

    return office_zip(cx, parts, COUNT_OF(parts));
}

TEST(members_by_name)
{
    CLEANUP(container_closep) struct container *c = NULL;
    struct str bytes;

    CHECK_OK(container_open(cx, small_docx(cx), &c));
    CHECK_INT(container_count(c), 2);
    CHECK(!container_salvaged(c));
    CHECK_OK(container_read_name(cx, c, STR("/WORD/Document.XML"), &bytes));
    CHECK_STR(bytes, document_xml);
    CHECK_RC(container_read_name(cx, c, STR("word/none.xml"), &bytes), RC_NOT_FOUND);
    CHECK_RC(container_read(cx, c, container_find(c, STR("notes/other.txt")), 3, &bytes), RC_LIMIT);
}

TEST(cut_off_directory_is_salvaged)
{
    struct str whole = small_docx(cx);
    struct extract e;

    CHECK_OK(container_extract(cx, STR("a.docx"), str_sub(whole, 0, whole.n - 30), &e));
    CHECK_BLOCK(&e, "Whole.", BLOCK_PARAGRAPH, 0);
    CHECK(str_has(e.note, "cut off"));
}

TEST(cuts_anywhere_end_cleanly)
{
    struct str whole = small_docx(cx);

    for (size_t n = 4; n < whole.n; n++) {
        char *exact = arena_alloc(cx->mem, n);
        struct extract e;
        memcpy(exact, whole.p, n);
        int rc = container_extract(cx, STR("a.docx"), (struct str){exact, n}, &e);
        CHECK(rc == 0 || (rc == RC_INVALID && cx->err.text.n > 10));
    }
}

TEST(bomb_by_ratio_is_refused)
{
    size_t n = (size_t)20 * 1024 * 1024;
    struct str zeros = {arena_alloc(cx->mem, n), n};
    const struct office_part parts[] = {{"word/document.xml", zeros}};
    struct extract e;

    CHECK_RC(container_extract(cx, STR("a.docx"), office_zip(cx, parts, 1), &e), RC_LIMIT);
    CHECK(str_has(cx->err.text, "200 times"));
}

TEST(bomb_without_directory_is_refused)
{
    size_t n = (size_t)20 * 1024 * 1024;
    struct str zeros = {arena_alloc(cx->mem, n), n};
    const struct office_part parts[] = {{"word/document.xml", zeros}};
    struct str zip = office_zip(cx, parts, 1);
    struct extract e;

    CHECK_RC(container_extract(cx, STR("a.docx"), str_sub(zip, 0, zip.n - 10), &e), RC_LIMIT);
}

TEST(other_containers_are_named)
{
    static const struct {
        struct office_part part;
        const char *word;
    } cases[] = {
        {{"xl/workbook.bin", {"x", 1}}, "XLSB"},
        {{"mimetype", {"application/vnd.oasis.opendocument.presentation", 47}}, "OpenDocument"},
        {{"mimetype", {"application/epub+zip", 20}}, "EPUB"},
        {{"Index/Document.iwa", {"x", 1}}, "Pages"},
        {{"META-INF/MANIFEST.MF", {"x", 1}}, "program"},
    };
    struct extract e;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CHECK_RC(container_extract(cx, STR("a"), office_zip(cx, &cases[i].part, 1), &e),
                 RC_INVALID);
        CHECK(str_has(cx->err.text, cases[i].word));
    }
}

TEST(too_many_parts_are_refused)
{
    size_t n = EXTRACT_PARTS + 1;
    struct office_part *parts = arena_array(cx->mem, n, sizeof *parts);
    struct container *c = NULL;

    for (size_t i = 0; i < n; i++)
        parts[i] = (struct office_part){str_z(cx->mem, str_printf(cx->mem, "p%zu", i)), STR_NONE};
    CHECK_RC(container_open(cx, office_zip(cx, parts, n), &c), RC_LIMIT);
}

TEST(encrypted_part_is_told)
{
    struct str zip = small_docx(cx);
    char *bytes = arena_alloc(cx->mem, zip.n);
    struct extract e;

    memcpy(bytes, zip.p, zip.n);
    for (size_t i = 0; i + 10 < zip.n; i++) {
        if (memcmp(bytes + i, "PK\3\4", 4) == 0)
            bytes[i + 6] |= 1;
        if (memcmp(bytes + i, "PK\1\2", 4) == 0)
            bytes[i + 8] |= 1;
    }
    CHECK_RC(container_extract(cx, STR("a.docx"), (struct str){bytes, zip.n}, &e), RC_INVALID);
    CHECK_STR(cx->err.text, "It is protected by a password: save it without one.");
}

TEST(names_out_of_the_container_are_ignored)
{
    const struct office_part parts[] = {{"../word/document.xml", str_of(document_xml)},
                                        {"word\\document.xml", str_of(document_xml)}};
    CLEANUP(container_closep) struct container *c = NULL;

    CHECK_OK(container_open(cx, office_zip(cx, parts, 2), &c));
    CHECK_STR(container_name(c, 0), "");
    CHECK_STR(container_name(c, 1), "word/document.xml");
}

static struct str file_read(struct ctx *cx, const char *folder, const char *name)
{
    char *path = str_z(cx->mem, str_printf(cx->mem, "%s/%s", folder, name));
    FILE *file = fopen(path, "rb");
    size_t room = 64 * 1024;
    char *bytes = arena_alloc(cx->mem, room);

    if (file == NULL)
        return STR_NONE;
    size_t n = fread(bytes, 1, room, file);
    fclose(file);
    return (struct str){bytes, n};
}

/* Each odd file gives blocks, or one sentence. */
static unsigned read_folder(struct ctx *cx, const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    unsigned n = 0;

    CHECK(dir != NULL);
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.' || strcmp(entry->d_name, "LICENSE") == 0)
            continue;
        struct extract e;
        cx->err.text = STR_NONE;
        int rc =
            container_extract(cx, str_of(entry->d_name), file_read(cx, folder, entry->d_name), &e);
        if (rc == 0 ? e.block_count + e.member_count == 0 : cx->err.text.n < 10)
            test_failed(__FILE__, __LINE__, "%s: %d %.*s", entry->d_name, rc,
                        STR_ARG(cx->err.text));
        if (rc < 0 && cx->err.text.n > 0 && cx->err.text.p[cx->err.text.n - 1] != '.')
            test_failed(__FILE__, __LINE__, "%s: no sentence", entry->d_name);
        n++;
    }
    if (dir != NULL)
        closedir(dir);
    return n;
}

TEST(odd_files_of_others)
{
    CHECK(read_folder(cx, "tests/odd/python-docx") >= 5);
    CHECK(read_folder(cx, "tests/odd/calamine") >= 5);
    CHECK(read_folder(cx, "tests/odd/libzip") >= 5);
}
