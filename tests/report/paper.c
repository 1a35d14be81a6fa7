/* Flows and their writers: what they write is read back by our own readers of the same formats. */
#include "tests/harness.h"

#include <expat.h>
#include <zip.h>

#include "extract/extract.h"
#include "tests/report/paper_sample.h"

#define HOSTILE                                                                                    \
    "a\x01"                                                                                        \
    "b\tc\r\nd\x7f\xff\xe2\x80\xae"                                                                \
    "e]]><x>&amp;\"'`|\\*_[1](javascript:x)\xef\xbf\xbf=1+1"

TEST(paper_cleans_what_strangers_wrote)
{
    struct str got = paper_clean(cx->mem, STR("a\x01"
                                              "b\tc\r\nd\re\xff\xe2\x80\xae"
                                              "f\xe2\x80\xa8g"));
    struct buf large = buf_new(cx->mem);

    CHECK_STR(got, "a\xef\xbf\xbd"
                   "b c\nd e\xef\xbf\xbd"
                   "f\ng");
    for (size_t i = 0; i < 2 * PAPER_RUN_BYTES; i++)
        buf_char(&large, 'x');
    CHECK_INT(paper_clean(cx->mem, buf_str(&large)).n, PAPER_RUN_BYTES);
}

TEST(paper_knows_which_way_a_text_runs)
{
    struct paper *f = paper_new(cx->mem, STR("t"));
    struct paper_text *left = paper_paragraph(f, PAPER_BODY),
                      *right = paper_paragraph(f, PAPER_BODY);

    paper_say(left, STR("12. abc \xd7\xa9"));
    paper_say(right, STR("12. \xd7\xa9 abc"));
    CHECK(!paper_is_rtl(left));
    CHECK(paper_is_rtl(right));
}

TEST(paper_links_only_where_it_is_safe)
{
    static const char *const bad[] = {"javascript:x", "file:///etc/passwd", "#",  "data:x",
                                      "https://a b",  "JAVASCRIPT://x",     "//x"};
    struct paper *f = paper_new(cx->mem, STR("t"));

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct paper_text *t = paper_paragraph(f, PAPER_BODY);
        paper_link(t, str_of(bad[i]), STR("words"));
        CHECK_INT(t->runs[0].link.n, 0);
        CHECK_STR(t->runs[0].text, "words");
    }
    struct paper_text *t = paper_paragraph(f, PAPER_BODY);
    paper_link(t, STR("HTTPS://example.org"), STR("words"));
    CHECK_STR(t->runs[0].link, "HTTPS://example.org");
}

/* ---- reading back ---- */

static struct extract read_back(struct ctx *cx, const char *name, struct str bytes)
{
    struct extract got = {0};

    CHECK_OK(extract_bytes(cx, str_of(name), bytes, &got));
    return got;
}

static const struct block *block_of(const struct extract *e, enum block_kind kind, const char *text)
{
    for (size_t i = 0; i < e->block_count; i++)
        if (e->blocks[i].kind == kind && str_is(e->blocks[i].text, text))
            return &e->blocks[i];
    return NULL;
}

static void check_sample(const struct extract *e)
{
    const struct block *row = block_of(e, BLOCK_ROW, "Ref | Risk | Level | Reviewed");

    CHECK(block_of(e, BLOCK_PARAGRAPH,
                   "Owner: [who answers for it] and nobody else, see the rules or a page not a "
                   "link") != NULL);
    CHECK(block_of(e, BLOCK_ITEM, "First step") != NULL);
    CHECK(block_of(e, BLOCK_ITEM, "a detail of it") != NULL);
    CHECK_INT(block_of(e, BLOCK_ITEM, "a detail of it") != NULL
                  ? block_of(e, BLOCK_ITEM, "a detail of it")->level
                  : 0,
              2);
    CHECK_INT(block_of(e, BLOCK_ITEM, "Second step")->level, 1);
    CHECK(block_of(e, BLOCK_ITEM, "Begins at one again") != NULL);
    CHECK(row != NULL && row->header);
    CHECK(block_of(e, BLOCK_ROW,
                   "R-1 | Stolen laptop | unencrypted Second paragraph | 12.5 | 2026-10-05") !=
          NULL);
    CHECK(block_of(e, BLOCK_PARAGRAPH, "A passage in two lines") != NULL);
    CHECK(block_of(e, BLOCK_PARAGRAPH, "# no heading, 1. no list, *no* _emphasis_") != NULL);
}

static struct str md_of(struct ctx *cx, const struct paper *f)
{
    struct buf out = buf_new(cx->mem);

    CHECK_OK(paper_md(cx, f, &out));
    return buf_str(&out);
}

static struct str docx_of(struct ctx *cx, const struct paper *f)
{
    struct buf out = buf_new(cx->mem);

    CHECK_OK(paper_docx(cx, f, &out));
    return buf_str(&out);
}

TEST(paper_md_is_read_back_as_it_was)
{
    struct extract e = read_back(cx, "x.md", md_of(cx, paper_sample(cx->mem)));

    check_sample(&e);
    CHECK(block_of(&e, BLOCK_HEADING, "Access <control> & more") != NULL);
    CHECK_INT(block_of(&e, BLOCK_HEADING, "Purpose")->level, 2);
    CHECK_INT(block_of(&e, BLOCK_HEADING, "Rules & limits")->level, 3);
}

TEST(paper_md_writes_what_people_would_write)
{
    struct str text = md_of(cx, paper_sample(cx->mem));

    CHECK(str_starts(text, STR("# Access \\<control> & more\n\nDraft of a policy\n")));
    CHECK(str_has(text, "\n\n- [Purpose](#purpose)\n  - [Rules & limits](#rules--limits)\n"
                        "- [Rules & limits](#rules--limits-1)\n\n"));
    CHECK(str_has(text, "\n**Owner:** [who answers for it] and *nobody else*, see "
                        "[the rules](#rules--limits) or [a page](https://example.org/a%28b%29) "
                        "not a link\n"));
    CHECK(str_has(text, "\n1. First step\n   - a detail of it\n   - another\n2. Second step\n"));
    CHECK(str_has(text, "\n1. Begins at one again\n2. And ends\n"));
    CHECK(str_has(text, "| `R-1` | Stolen laptop \\| unencrypted<br>Second paragraph | 12.5 | "));
    CHECK(str_has(text, "| --- | --- | ---: | :---: |\n"));
    CHECK(str_has(text, "\n> A passage\\\n> in two lines\n"));
}

TEST(paper_docx_is_read_back_as_it_was)
{
    struct extract e = read_back(cx, "x.docx", docx_of(cx, paper_sample(cx->mem)));
    const struct block *heading = block_of(&e, BLOCK_HEADING, "Purpose");

    check_sample(&e);
    CHECK(heading != NULL && heading->level == 1);
    CHECK_INT(block_of(&e, BLOCK_HEADING, "Rules & limits")->level, 2);
    CHECK(block_of(&e, BLOCK_FURNITURE, "Head of the page") != NULL);
}

static struct str pdf_of(struct ctx *cx, const struct paper *f)
{
    struct buf out = buf_new(cx->mem);

    CHECK_OK(paper_pdf(cx, f, &out));
    return buf_str(&out);
}

static struct str xlsx_of(struct ctx *cx, const struct paper *f)
{
    struct buf out = buf_new(cx->mem);

    CHECK_OK(paper_xlsx(cx, f, &out));
    return buf_str(&out);
}

TEST(paper_writers_give_the_same_bytes_again)
{
    CHECK(str_eq(md_of(cx, paper_sample(cx->mem)), md_of(cx, paper_sample(cx->mem))));
    CHECK(str_eq(docx_of(cx, paper_sample(cx->mem)), docx_of(cx, paper_sample(cx->mem))));
    CHECK(str_eq(pdf_of(cx, paper_sample(cx->mem)), pdf_of(cx, paper_sample(cx->mem))));
    CHECK(str_eq(xlsx_of(cx, paper_sample(cx->mem)), xlsx_of(cx, paper_sample(cx->mem))));
}

/* ---- the parts of a package ---- */

static void check_xml(const char *name, struct str bytes)
{
    XML_Parser parser = XML_ParserCreate(NULL);

    if (XML_Parse(parser, bytes.p, (int)bytes.n, 1) != XML_STATUS_OK)
        test_failed(__FILE__, __LINE__, "%s: %s in line %lu", name,
                    XML_ErrorString(XML_GetErrorCode(parser)), XML_GetCurrentLineNumber(parser));
    XML_ParserFree(parser);
}

/* Every part of the package is well-formed XML; gives one of them. */
static struct str package_part(struct ctx *cx, struct str bytes, const char *wanted)
{
    zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, NULL);
    zip_t *zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, NULL);
    struct str found = STR_NONE;

    CHECK(zip != NULL);
    for (zip_int64_t i = 0; zip != NULL && i < zip_get_num_entries(zip, 0); i++) {
        zip_stat_t st;
        CHECK_INT(zip_stat_index(zip, (zip_uint64_t)i, 0, &st), 0);
        char *part = arena_alloc(cx->mem, (size_t)st.size + 1);
        zip_file_t *file = zip_fopen_index(zip, (zip_uint64_t)i, 0);
        CHECK_INT(zip_fread(file, part, st.size), st.size);
        CHECK_INT(zip_fclose(file), 0);
        struct str text = {part, (size_t)st.size};
        if (str_ends(str_of(st.name), STR(".xml")) || str_ends(str_of(st.name), STR(".rels")))
            check_xml(st.name, text);
        if (strcmp(st.name, wanted) == 0)
            found = text;
    }
    if (zip != NULL)
        zip_discard(zip);
    CHECK(found.n > 0);
    return found;
}

TEST(paper_docx_has_real_styles_numbers_and_properties)
{
    struct str bytes = docx_of(cx, paper_sample(cx->mem));
    struct str body = package_part(cx, bytes, "word/document.xml");
    struct str core = package_part(cx, bytes, "docProps/core.xml");

    CHECK(str_has(body, "<w:pStyle w:val=\"Heading1\"/>"));
    CHECK(str_has(body, "<w:tblHeader/>"));
    CHECK(str_has(body, "<w:gridSpan w:val=\"4\"/>"));
    CHECK(str_has(body, "w:numId w:val=\"3\""));
    CHECK(str_has(body, "<w:bidi/>"));
    CHECK(str_has(body, "TOC \\o &quot;1-2&quot;") || str_has(body, "TOC \\o \"1-2\""));
    CHECK(str_has(package_part(cx, bytes, "word/_rels/document.xml.rels"),
                  "Target=\"https://example.org/a(b)\" TargetMode=\"External\""));
    CHECK(!str_has(package_part(cx, bytes, "word/_rels/document.xml.rels"), "javascript"));
    CHECK(str_has(core, "<dc:title>Access &lt;control&gt; &amp; more</dc:title>"));
    CHECK(str_has(core, "2026-11-30T00:00:00Z</dcterms:modified>"));
    CHECK(str_has(package_part(cx, bytes, "word/styles.xml"), "w:lang w:val=\"en-GB\""));
    CHECK(str_has(str_sub(bytes, 0, 4096), "assay.sample/1")); /* to be seen without unpacking */
}

TEST(paper_pdf_has_properties_places_and_a_structure)
{
    struct str bytes = pdf_of(cx, paper_sample(cx->mem));

    CHECK(str_starts(bytes, STR("%PDF-1.")));
    CHECK(str_ends(bytes, STR("%%EOF\n")));
    CHECK(str_has(bytes, "/Title (Access <control> & more)"));
    CHECK(str_has(bytes, "/CreationDate (20261130000000Z)") ||
          str_has(bytes, "/CreationDate (D:20261130000000Z"));
    CHECK(str_has(bytes, "/Lang (en-GB)"));
    CHECK(str_has(bytes, "/MarkInfo << /Marked true >>"));
    CHECK(str_has(bytes, "/DisplayDocTitle true"));
    CHECK(str_has(bytes, "/Count 2")); /* pages */
    CHECK(str_has(bytes, "/Outlines"));
    CHECK(str_has(bytes, "/S /H2"));
    CHECK(str_has(bytes, "/S /TH"));
    CHECK(str_has(bytes, "(https://example.org/a\\(b\\))") ||
          str_has(bytes, "https://example.org"));
    CHECK(!str_has(bytes, "javascript"));
}

/* A table over many pages, with rows of several heights and one that is higher than a page. */
TEST(paper_pdf_turns_pages_within_tables)
{
    struct paper *f = paper_new(cx->mem, STR("Long"));
    struct paper_table *t = paper_table(f, STR("Long"));
    struct buf high = buf_new(cx->mem);

    paper_column(t, 1, PAPER_LEFT);
    paper_column(t, 2, PAPER_LEFT);
    for (unsigned i = 0; i < 4000; i++)
        buf_printf(&high, "word%u ", i);
    for (unsigned i = 0; i < 300; i++) {
        struct paper_row *row = paper_row(t, i == 0);
        paper_put(row, 0, PAPER_PLAIN, str_printf(cx->mem, "row %u", i));
        paper_put(row, 0, PAPER_MET, i == 150 ? buf_str(&high) : STR("x"));
    }
    struct str bytes = pdf_of(cx, f);
    CHECK(str_has(bytes, "/Count 16")); /* pages; each begins with the header row again */
}

TEST(paper_xlsx_is_read_back_as_it_was)
{
    struct extract e = read_back(cx, "x.xlsx", xlsx_of(cx, paper_sample(cx->mem)));
    const struct block *row = block_of(&e, BLOCK_ROW, "Ref | Risk | Level | Reviewed");

    CHECK(row != NULL && str_is(row->place.sheet, "Risks"));
    CHECK(block_of(&e, BLOCK_ROW,
                   "R-1 | Stolen laptop | unencrypted Second paragraph | 12.5 | 2026-10-05") !=
          NULL);
    CHECK(block_of(&e, BLOCK_ROW, "All of them, in one cell") != NULL);
}

TEST(paper_xlsx_never_writes_a_formula)
{
    static const char *const texts[] = {
        "=1+1", "=cmd|' /C calc'!A0", "+1", "-1",        "@SUM(A1)", "\t=1",
        "{=1}", "http://example.org", "12", "2026-11-30"};

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct str bytes = xlsx_of(cx, paper_of(cx->mem, str_of(texts[i])));
        struct str sheet = package_part(cx, bytes, "xl/worksheets/sheet1.xml");
        CHECK(!str_has(sheet, "<f>") && !str_has(sheet, "<f ") && !str_has(sheet, "hyperlink"));
        CHECK(str_has(sheet, "t=\"inlineStr\""));
        CHECK(!str_has(sheet, "<v>")); /* no number either */
    }
}

TEST(paper_xlsx_has_days_numbers_filters_and_a_header_in_view)
{
    struct str bytes = xlsx_of(cx, paper_sample(cx->mem));
    struct str sheet = package_part(cx, bytes, "xl/worksheets/sheet1.xml");

    CHECK(str_has(sheet, "<v>12.5</v>"));
    CHECK(str_has(sheet, "<v>46300</v>")); /* 2026-10-05 */
    CHECK(str_has(sheet, "state=\"frozen\""));
    CHECK(str_has(sheet, "<autoFilter ref=\"A1:D3\"/>"));
    CHECK(str_has(package_part(cx, bytes, "xl/styles.xml"), "yyyy\\-mm\\-dd"));
    CHECK(str_has(package_part(cx, bytes, "docProps/core.xml"), "assay.sample/1"));
}

TEST(paper_xlsx_names_its_sheets_as_excel_allows)
{
    static const char *const names[] = {
        "",      "History", "a/b:c*d?e[f]g\\h'i",
        "Risks", "risks",   "A name that is much longer than thirty-one characters"};
    struct paper *f = paper_new(cx->mem, STR("t"));

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct paper_table *t = paper_table(f, str_of(names[i]));
        paper_column(t, 1, PAPER_LEFT);
        paper_put(paper_row(t, false), 0, PAPER_PLAIN, STR("x"));
    }
    struct str book = package_part(cx, xlsx_of(cx, f), "xl/workbook.xml");
    CHECK(str_has(book, "name=\"Table\""));
    CHECK(str_has(book, "name=\"Table 2\""));
    CHECK(str_has(book, "name=\"a b c d e f g h i\""));
    CHECK(str_has(book, "name=\"risks 2\""));
    CHECK(str_has(book, "name=\"A name that is much longer\""));
}

TEST(paper_xlsx_of_text_alone_is_a_sheet_too)
{
    struct paper *f = paper_new(cx->mem, STR("t"));

    paper_say(paper_paragraph(f, PAPER_BODY), STR("Only this"));
    struct extract e = read_back(cx, "x.xlsx", xlsx_of(cx, f));
    CHECK(block_of(&e, BLOCK_ROW, "Only this") != NULL);
}

TEST(paper_writers_take_any_text)
{
    struct str hostile = STR(HOSTILE);
    struct buf large = buf_new(cx->mem);
    static const char *const texts[] = {"",
                                        " ",
                                        "\n",
                                        "\n\n",
                                        "#",
                                        "-",
                                        "`",
                                        "```",
                                        "|",
                                        "_",
                                        "***",
                                        "[x]",
                                        "1.",
                                        "\\",
                                        "=",
                                        "\xe2\x80\xae",
                                        "\xd7\xa9\xd7\x9c"};

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        (void)md_of(cx, paper_of(cx->mem, str_of(texts[i])));
        (void)package_part(cx, docx_of(cx, paper_of(cx->mem, str_of(texts[i]))),
                           "word/document.xml");
        (void)package_part(cx, xlsx_of(cx, paper_of(cx->mem, str_of(texts[i]))), "xl/workbook.xml");
        CHECK(pdf_of(cx, paper_of(cx->mem, str_of(texts[i]))).n > 0);
    }
    (void)package_part(cx, docx_of(cx, paper_of(cx->mem, hostile)), "word/document.xml");
    CHECK(str_has(md_of(cx, paper_of(cx->mem, hostile)), "\\](javascript:x)"));
    CHECK(utf8_valid(md_of(cx, paper_of(cx->mem, hostile))));
    (void)package_part(cx, xlsx_of(cx, paper_of(cx->mem, hostile)), "xl/workbook.xml");
    CHECK(pdf_of(cx, paper_of(cx->mem, hostile)).n > 0);
    for (size_t i = 0; i < 3 * PAPER_RUN_BYTES; i++)
        buf_char(&large, "ab<"[i % 3]);
    (void)package_part(cx, docx_of(cx, paper_of(cx->mem, buf_str(&large))), "word/document.xml");
    (void)package_part(cx, xlsx_of(cx, paper_of(cx->mem, buf_str(&large))), "xl/workbook.xml");
    CHECK(pdf_of(cx, paper_of(cx->mem, str_sub(buf_str(&large), 0, 5000))).n > 0);
}
