/* Makes small office files in memory, for the tests of extract/. */
#ifndef ASSAY_TESTS_EXTRACT_OFFICE_H
#define ASSAY_TESTS_EXTRACT_OFFICE_H

#include <zip.h>

#include "extract/internal.h"
#include "extract/zip.h"
#include "tests/harness.h"

struct office_part {
    const char *name;
    struct str bytes;
};

#define OFFICE_W "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
#define OFFICE_RELS "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define OFFICE_RELS_HEAD                                                                           \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"

/* A ZIP of the parts; their bytes must outlive the call only. */
UNUSED static struct str office_zip(struct ctx *cx, const struct office_part *parts, size_t n)
{
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *zip;
    zip_stat_t stat;
    char *bytes;

    zip_source_keep(target);
    zip = zip_open_from_source(target, ZIP_TRUNCATE, NULL);
    for (size_t i = 0; i < n; i++)
        zip_file_add(zip, parts[i].name,
                     zip_source_buffer(zip, parts[i].bytes.p, parts[i].bytes.n, 0),
                     ZIP_FL_OVERWRITE);
    if (zip_close(zip) != 0 || zip_source_open(target) != 0 || zip_source_stat(target, &stat) != 0)
        abort();
    bytes = arena_alloc(cx->mem, (size_t)stat.size + 1);
    zip_source_read(target, bytes, stat.size);
    zip_source_close(target);
    zip_source_free(target);
    return (struct str){bytes, (size_t)stat.size};
}

UNUSED static void office_note(struct ctx *cx, const struct extract *e)
{
    for (size_t i = 0; i < e->block_count; i++)
        printf("  block %zu: kind %d level %u [%.*s] %.*s\n", i, (int)e->blocks[i].kind,
               e->blocks[i].level, STR_ARG(e->blocks[i].label), STR_ARG(e->blocks[i].text));
    printf("  note: %.*s %.*s\n", STR_ARG(e->note), STR_ARG(cx->err.text));
}

/* The first block of this text, or NULL. */
UNUSED static const struct block *office_block(const struct extract *e, const char *text)
{
    for (size_t i = 0; i < e->block_count; i++)
        if (str_is(e->blocks[i].text, text))
            return &e->blocks[i];
    return NULL;
}

#define CHECK_BLOCK(e, block_text, block_kind, block_level)                                        \
    do {                                                                                           \
        const struct block *block_ = office_block((e), (block_text));                              \
        if (block_ == NULL)                                                                        \
            office_note(cx, (e));                                                                  \
        if (block_ == NULL || block_->kind != (block_kind) || block_->level != (block_level))      \
            test_failed(__FILE__, __LINE__, "no such block: %s", (block_text));                    \
    } while (0)

#define CHECK_NO_BLOCK(e, block_text) CHECK(office_block((e), (block_text)) == NULL)

#endif
