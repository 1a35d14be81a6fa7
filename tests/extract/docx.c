#include "tests/extract/office.h"

#define R_PR_BOLD "<w:rPr><w:b/></w:rPr>"

static const char styles_xml[] =
    "<w:styles " OFFICE_W ">"
    "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/>"
    "</w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"H1\"><w:name w:val=\"heading 1\"/></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"berschrift2\"><w:name w:val=\"\xc3\x9c"
    "berschrift 2\"/></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"Own\"><w:name w:val=\"Our head\"/>"
    "<w:basedOn w:val=\"H1\"/></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"Lined\"><w:name w:val=\"Lined\"/>"
    "<w:pPr><w:outlineLvl w:val=\"2\"/></w:pPr></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"LoopA\"><w:name w:val=\"a\"/>"
    "<w:basedOn w:val=\"LoopB\"/></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"LoopB\"><w:name w:val=\"b\"/>"
    "<w:basedOn w:val=\"LoopA\"/></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"T\"><w:name w:val=\"Title\"/></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"TOC1\"><w:name w:val=\"toc 1\"/></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"Listed\"><w:name w:val=\"Listed\"/>"
    "<w:pPr><w:numPr><w:numId w:val=\"2\"/></w:numPr></w:pPr></w:style>"
    "<w:style w:type=\"character\" w:styleId=\"Strong\"><w:name w:val=\"Strong\"/>"
    "<w:rPr><w:b/></w:rPr></w:style>"
    "</w:styles>";

static const char numbering_xml[] =
    "<w:numbering " OFFICE_W ">"
    "<w:abstractNum w:abstractNumId=\"7\">"
    "<w:lvl w:ilvl=\"0\"><w:start w:val=\"4\"/><w:numFmt w:val=\"decimal\"/><w:lvlText "
    "w:val=\"%1\"/>"
    "</w:lvl><w:lvl w:ilvl=\"1\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/>"
    "<w:lvlText w:val=\"%1.%2\"/></w:lvl></w:abstractNum>"
    "<w:abstractNum w:abstractNumId=\"8\"><w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"bullet\"/></w:lvl>"
    "</w:abstractNum>"
    "<w:num w:numId=\"1\"><w:abstractNumId w:val=\"7\"/></w:num>"
    "<w:num w:numId=\"2\"><w:abstractNumId w:val=\"8\"/></w:num></w:numbering>";

static const char header_xml[] =
    "<w:hdr " OFFICE_W " xmlns:v=\"urn:schemas-microsoft-com:vml\">"
    "<w:p><w:r><w:t>ACME Policy</w:t></w:r></w:p><w:p><w:r><w:t>ACME Policy</w:t></w:r></w:p>"
    "<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p><w:r><w:t>Version</w:t>"
    "</w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>1.2</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    "<w:p><w:r><w:pict><v:shape><v:textpath string=\"DRAFT\"/></v:shape></w:pict></w:r></w:p>"
    "</w:hdr>";

static const char footnotes_xml[] =
    "<w:footnotes " OFFICE_W
    "><w:footnote w:type=\"separator\" w:id=\"-1\"><w:p><w:r><w:t>sep</w:t>"
    "</w:r></w:p></w:footnote><w:footnote w:id=\"1\"><w:p><w:r><w:t>As agreed in June.</w:t></w:r>"
    "</w:p></w:footnote></w:footnotes>";

static const char rels_xml[] = OFFICE_RELS_HEAD
    "<Relationship Id=\"a\" Type=\"" OFFICE_RELS "styles\" Target=\"styles.xml\"/>"
    "<Relationship Id=\"b\" Type=\"" OFFICE_RELS "header\" Target=\"/word/header1.xml\"/>"
    "<Relationship Id=\"c\" Type=\"" OFFICE_RELS "footnotes\" Target=\"../word/footnotes.xml\"/>"
    "<Relationship Id=\"d\" Type=\"" OFFICE_RELS "hyperlink\" Target=\"http://x/\" "
    "TargetMode=\"External\"/></Relationships>";

static const char core_xml[] =
    "<cp:coreProperties "
    "xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" "
    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\">"
    "<dc:title>Access Policy</dc:title><dc:creator>Ann</dc:creator>"
    "<cp:contentStatus>Final</cp:contentStatus>"
    "<dcterms:created>2026-01-02T03:04:05Z</dcterms:created></cp:coreProperties>";

static const char custom_xml[] =
    "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties\" "
    "xmlns:vt=\"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes\">"
    "<property name=\"Classification\"><vt:lpwstr>Internal</vt:lpwstr></property></Properties>";

/* A file with this body, and the parts above beside it. */
static struct str docx_of(struct ctx *cx, const char *body)
{
    struct str document =
        str_printf(cx->mem,
                   "<?xml version=\"1.0\"?><w:document " OFFICE_W
                   " xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\">"
                   "<w:body>%s</w:body></w:document>",
                   body);
    const struct office_part parts[] = {{"word/document.xml", document},
                                        {"word/styles.xml", str_of(styles_xml)},
                                        {"word/numbering.xml", str_of(numbering_xml)},
                                        {"word/header1.xml", str_of(header_xml)},
                                        {"word/footnotes.xml", str_of(footnotes_xml)},
                                        {"word/_rels/document.xml.rels", str_of(rels_xml)},
                                        {"docProps/core.xml", str_of(core_xml)},
                                        {"docProps/custom.xml", str_of(custom_xml)}};

    return office_zip(cx, parts, COUNT_OF(parts));
}

static struct extract read_body(struct ctx *cx, const char *body)
{
    struct extract e = {.note = STR_NONE};

    CHECK_OK(container_extract(cx, STR("a.docx"), docx_of(cx, body), &e));
    CHECK_INT(e.format, EXTRACT_DOCX);
    return e;
}

#define P(text) "<w:p><w:r><w:t>" text "</w:t></w:r></w:p>"
#define STYLED(style, text)                                                                        \
    "<w:p><w:pPr><w:pStyle w:val=\"" style "\"/></w:pPr><w:r><w:t>" text "</w:t></w:r></w:p>"

TEST(headings_by_style)
{
    struct extract e = read_body(
        cx, STYLED("T", "Policy") STYLED("H1", "One") STYLED("berschrift2", "Zwei")
                STYLED("Own", "Own") STYLED("Lined", "Three") STYLED("LoopA", "Loop")
                    STYLED("Nowhere", "Text") "<w:p><w:pPr><w:outlineLvl w:val=\"4\"/></w:pPr><w:r>"
                                              "<w:t>Direct</w:t></w:r></w:p>");

    CHECK_BLOCK(&e, "Policy", BLOCK_HEADING, 1);
    CHECK_BLOCK(&e, "One", BLOCK_HEADING, 1);
    CHECK_BLOCK(&e, "Zwei", BLOCK_HEADING, 2);
    CHECK_BLOCK(&e, "Own", BLOCK_HEADING, 1);
    CHECK_BLOCK(&e, "Three", BLOCK_HEADING, 3);
    CHECK_BLOCK(&e, "Direct", BLOCK_HEADING, 5);
    CHECK_BLOCK(&e, "Loop", BLOCK_PARAGRAPH, 0);
    CHECK_BLOCK(&e, "Text", BLOCK_PARAGRAPH, 0);
}

TEST(bold_short_paragraph_is_heading)
{
    struct extract e = read_body(
        cx, "<w:p><w:r>" R_PR_BOLD "<w:t>Purpose and scope</w:t></w:r></w:p>"
            "<w:p><w:r><w:rPr><w:rStyle w:val=\"Strong\"/></w:rPr><w:t>Roles:</w:t></w:r></w:p>"
            "<w:p><w:r>" R_PR_BOLD "<w:t>This is a sentence.</w:t></w:r></w:p>"
            "<w:p><w:r>" R_PR_BOLD "<w:t>Owner: Jane</w:t></w:r></w:p>"
            "<w:p><w:r>" R_PR_BOLD "<w:t>Partly</w:t></w:r><w:r><w:t> bold</w:t></w:r></w:p>");

    CHECK_BLOCK(&e, "Purpose and scope", BLOCK_HEADING, 7);
    CHECK_BLOCK(&e, "Roles:", BLOCK_HEADING, 7);
    CHECK_BLOCK(&e, "This is a sentence.", BLOCK_PARAGRAPH, 0);
    CHECK_BLOCK(&e, "Owner: Jane", BLOCK_PARAGRAPH, 0);
    CHECK_BLOCK(&e, "Partly bold", BLOCK_PARAGRAPH, 0);
}

TEST(lists_and_numbered_headings)
{
    struct extract e = read_body(
        cx,
        "<w:p><w:pPr><w:pStyle w:val=\"H1\"/><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/>"
        "</w:numPr></w:pPr><w:r><w:t>Context</w:t></w:r></w:p>"
        "<w:p><w:pPr><w:pStyle w:val=\"berschrift2\"/><w:numPr><w:ilvl w:val=\"1\"/>"
        "<w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>Issues</w:t></w:r></w:p>"
        "<w:p><w:pPr><w:pStyle w:val=\"berschrift2\"/><w:numPr><w:ilvl w:val=\"1\"/>"
        "<w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>Parties</w:t></w:r></w:p>"
        "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"1\"/><w:numId w:val=\"2\"/></w:numPr></w:pPr><w:r>"
        "<w:t>Point</w:t></w:r></w:p>" STYLED("Listed", "By style") P("\xe2\x80\xa2 typed bullet"));

    CHECK_BLOCK(&e, "4 Context", BLOCK_HEADING, 1);
    CHECK_BLOCK(&e, "4.1 Issues", BLOCK_HEADING, 2);
    CHECK_BLOCK(&e, "4.2 Parties", BLOCK_HEADING, 2);
    CHECK_BLOCK(&e, "Point", BLOCK_ITEM, 2);
    CHECK_BLOCK(&e, "By style", BLOCK_ITEM, 1);
    CHECK_BLOCK(&e, "typed bullet", BLOCK_ITEM, 1);
}

TEST(label_lines_are_split)
{
    struct extract e =
        read_body(cx, "<w:p><w:r><w:t>Version: 1.0</w:t><w:br/><w:t>Owner: X</w:t>"
                      "</w:r></w:p><w:p><w:r><w:t>one</w:t><w:br/><w:t>two</w:t>"
                      "<w:tab/><w:t>thr</w:t><w:softHyphen/><w:t>ee</w:t></w:r></w:p>");

    CHECK_BLOCK(&e, "Version: 1.0", BLOCK_PARAGRAPH, 0);
    CHECK_BLOCK(&e, "Owner: X", BLOCK_PARAGRAPH, 0);
    CHECK_BLOCK(&e, "one two three", BLOCK_PARAGRAPH, 0);
}

#define TC(props, text) "<w:tc><w:tcPr>" props "</w:tcPr>" P(text) "</w:tc>"
#define GRID3 "<w:tblGrid><w:gridCol/><w:gridCol/><w:gridCol/></w:tblGrid>"

TEST(tables_keep_columns_and_merges)
{
    struct extract e = read_body(
        cx,
        "<w:tbl>" GRID3
        "<w:tr><w:trPr><w:tblHeader/></w:trPr>" TC("<w:gridSpan w:val=\"2\"/>", "Who") TC(
            "", "When") "</w:tr>"
                        "<w:tr>" TC("<w:vMerge w:val=\"restart\"/>", "CISO") TC("", "reviews")
                            TC("", "yearly") "</w:tr><w:tr>" TC("<w:vMerge/>", "") TC("", "reports")
                                TC("", "monthly") "</w:tr>"
                                                  "<w:tr><w:trPr><w:del w:id=\"1\"/></w:trPr>" TC(
                                                      "", "gone") TC("", "x")
                                                      TC("", "y") "</w:tr></w:tbl>" P("after"));
    const struct block *head = office_block(&e, "Who | When");
    const struct block *last = office_block(&e, "CISO | reports | monthly");

    CHECK(head != NULL && head->header && head->cell_count == 2 && head->cells[1].column == 2);
    CHECK(last != NULL && !last->header && last->table == head->table &&
          last->cells[2].column == 2);
    CHECK_NO_BLOCK(&e, "gone | x | y");
    CHECK_BLOCK(&e, "after", BLOCK_PARAGRAPH, 0);
}

TEST(nested_and_layout_tables)
{
    struct extract e = read_body(
        cx,
        "<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr>" TC(
            "",
            "outer") "<w:tc><w:tbl><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr>" TC("",
                                                                                             "in")
            TC("", "ner") "</w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>"
                          "<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc>" STYLED(
                              "H1", "Boxed head") P("Boxed text.") "</w:tc></w:tr></w:tbl>");

    CHECK_BLOCK(&e, "outer | in ner", BLOCK_ROW, 0);
    CHECK_BLOCK(&e, "Boxed head", BLOCK_HEADING, 1);
    CHECK_BLOCK(&e, "Boxed text.", BLOCK_PARAGRAPH, 0);
}

TEST(text_boxes_are_read_once)
{
    struct extract e = read_body(
        cx, "<w:p><w:r><w:t>Anchor.</w:t><mc:AlternateContent><mc:Choice Requires=\"wps\">"
            "<w:txbxContent>" STYLED(
                "T",
                "Cover title") "</w:txbxContent></mc:Choice><mc:Fallback>"
                               "<w:pict><w:txbxContent>" STYLED(
                                   "T",
                                   "Cover title") "</w:txbxContent></w:pict>"
                                                  "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
                                                  "<w:p><w:r><mc:AlternateContent><mc:Fallback><w:"
                                                  "t>only fallback</w:t></mc:Fallback>"
                                                  "</mc:AlternateContent></w:r></w:p>");
    size_t times = 0;

    for (size_t i = 0; i < e.block_count; i++)
        times += str_is(e.blocks[i].text, "Cover title");
    CHECK_INT(times, 1);
    CHECK_BLOCK(&e, "Cover title", BLOCK_HEADING, 1);
    CHECK_BLOCK(&e, "Anchor.", BLOCK_PARAGRAPH, 0);
    CHECK_BLOCK(&e, "only fallback", BLOCK_PARAGRAPH, 0);
}

TEST(revisions_struck_and_hidden_text)
{
    struct extract e = read_body(
        cx, "<w:p><w:ins><w:r><w:t>Kept</w:t></w:r></w:ins><w:del><w:r><w:delText>no</w:delText>"
            "</w:r></w:del><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom></w:p>"
            "<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>Old rule.</w:t></w:r></w:p>"
            "<w:p><w:r><w:rPr><w:strike w:val=\"0\"/></w:rPr><w:t>New rule.</w:t></w:r></w:p>"
            "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p>");

    CHECK_BLOCK(&e, "Kept", BLOCK_PARAGRAPH, 0);
    CHECK(office_block(&e, "Old rule.") != NULL && office_block(&e, "Old rule.")->struck);
    CHECK(office_block(&e, "New rule.") != NULL && !office_block(&e, "New rule.")->struck);
    CHECK_NO_BLOCK(&e, "secret");
}

TEST(fields_and_contents)
{
    struct extract e = read_body(
        cx, "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> DATE "
            "</w:instrText></w:r><w:r><w:t>hidden</w:t></w:r><w:r>"
            "<w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>1 June</w:t></w:r><w:r>"
            "<w:fldChar w:fldCharType=\"end\"/></w:r></w:p>" STYLED(
                "TOC1", "Scope 3") "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/><w:instrText>TOC "
                                   "\\o</w:instrText>"
                                   "<w:fldChar w:fldCharType=\"separate\"/><w:t>Roles "
                                   "4</w:t></w:r></w:p>" P(
                                       "Risk 5") "<w:p><w:r><w:fldChar "
                                                 "w:fldCharType=\"end\"/></w:r></w:p>" P("Text"));

    CHECK_BLOCK(&e, "1 June", BLOCK_PARAGRAPH, 0);
    CHECK_STR(office_block(&e, "Scope 3")->label, "toc");
    CHECK_STR(office_block(&e, "Roles 4")->label, "toc");
    CHECK_STR(office_block(&e, "Risk 5")->label, "toc");
    CHECK_STR(office_block(&e, "Text")->label, "");
}

TEST(placeholders_and_checkboxes)
{
    struct extract e = read_body(
        cx, "<w:p><w:r><w:t>Owner: </w:t></w:r><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
            "<w:sdtContent><w:r><w:t>Click to enter</w:t></w:r></w:sdtContent></w:sdt></w:p>"
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" P(
                "[Company]") "</w:sdtContent></w:sdt>"
                             "<w:sdt><w:sdtPr><w:rPr><w:b/></w:rPr></w:sdtPr><w:sdtContent>" P(
                                 "filled in") "</w:sdtContent></w:sdt>"
                                              "<w:p><w:r><w:sym w:font=\"Wingdings\" "
                                              "w:char=\"F0FE\"/><w:t> yes</w:t></w:r></w:p>"
                                              "<w:p><w:r><w:fldChar "
                                              "w:fldCharType=\"begin\"><w:ffData><w:checkBox><w:"
                                              "default "
                                              "w:val=\"1\"/></w:checkBox></w:ffData></"
                                              "w:fldChar><w:fldChar w:fldCharType=\"end\"/>"
                                              "<w:t> form</w:t></w:r></w:p>");

    CHECK_BLOCK(&e, "Owner: [Click to enter]", BLOCK_PARAGRAPH, 0);
    CHECK_BLOCK(&e, "[Company]", BLOCK_PARAGRAPH, 0);
    CHECK_BLOCK(&e, "filled in", BLOCK_PARAGRAPH, 0);
    CHECK(office_block(&e, "\xe2\x98\x92 yes") != NULL || office_block(&e, "yes") != NULL);
    CHECK(office_block(&e, "\xe2\x98\x92 form") != NULL || office_block(&e, "form") != NULL);
}

TEST(furniture_notes_and_properties)
{
    struct extract e = read_body(cx, P("Body."));
    size_t times = 0;

    for (size_t i = 0; i < e.block_count; i++)
        times += str_is(e.blocks[i].text, "ACME Policy");
    CHECK_INT(times, 1);
    CHECK_BLOCK(&e, "ACME Policy", BLOCK_FURNITURE, 0);
    CHECK_BLOCK(&e, "Version | 1.2", BLOCK_FURNITURE, 0);
    CHECK_BLOCK(&e, "DRAFT", BLOCK_FURNITURE, 0);
    CHECK_BLOCK(&e, "As agreed in June.", BLOCK_PARAGRAPH, 0);
    CHECK_NO_BLOCK(&e, "sep");
    CHECK_STR(office_block(&e, "Access Policy")->label, "title");
    CHECK_STR(office_block(&e, "Ann")->label, "author");
    CHECK_STR(office_block(&e, "Final")->label, "status");
    CHECK_STR(office_block(&e, "2026-01-02")->label, "created");
    CHECK_STR(office_block(&e, "Internal")->label, "Classification");
}

TEST(pages_and_paragraph_numbers)
{
    struct extract e =
        read_body(cx, P("one") "<w:p><w:r><w:br w:type=\"page\"/><w:t>two</w:t></w:r>"
                               "</w:p>" P("three"));
    struct extract none = read_body(cx, P("one"));

    CHECK_INT(office_block(&e, "one")->place.page, 1);
    CHECK_INT(office_block(&e, "two")->place.page, 2);
    CHECK_INT(office_block(&e, "three")->place.page, 2);
    CHECK_INT(office_block(&e, "three")->place.line, 3);
    CHECK_INT(office_block(&none, "one")->place.page, 0);
}

static int read_document(struct ctx *cx, struct str document)
{
    const struct office_part parts[] = {{"word/document.xml", document}};
    struct extract e;

    return container_extract(cx, STR("a.docx"), office_zip(cx, parts, 1), &e);
}

TEST(strict_namespace_is_read)
{
    const struct office_part parts[] = {
        {"word/document.xml",
         STR("<w:document xmlns:w=\"http://purl.oclc.org/ooxml/wordprocessingml/main\"><w:body>"
             "<w:p><w:r><w:t>Strict.</w:t></w:r></w:p></w:body></w:document>")}};
    struct extract e;

    CHECK_OK(container_extract(cx, STR("x.docx.docx"), office_zip(cx, parts, 1), &e));
    CHECK_BLOCK(&e, "Strict.", BLOCK_PARAGRAPH, 0);
    CHECK_STR(e.note, "");
    CHECK_OK(container_extract(cx, STR("x.xlsx"), office_zip(cx, parts, 1), &e));
    CHECK_STR(e.note, "It is named .xlsx and is a DOCX.");
}

TEST(billion_laughs_are_refused)
{
    CHECK_RC(read_document(cx, STR("<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>"
                                   "<w:document " OFFICE_W "><w:body/></w:document>")),
             RC_INVALID);
    CHECK(str_has(cx->err.text, "declares entities"));
}

TEST(deep_nesting_is_refused)
{
    struct buf deep = buf_new(cx->mem);

    buf_addz(&deep, "<w:document " OFFICE_W "><w:body>");
    for (unsigned i = 0; i < 10000; i++)
        buf_addz(&deep, i % 2 ? "<w:p>" : "<w:r>");
    CHECK_RC(read_document(cx, buf_str(&deep)), RC_LIMIT);
}

TEST(damaged_document_is_one_sentence)
{
    CHECK_RC(read_document(cx, STR("<w:document " OFFICE_W "><w:body><w:p>")), RC_INVALID);
    CHECK(str_starts(cx->err.text, STR("Its part word/document.xml is damaged in line 1")));
    CHECK_RC(read_document(cx, STR("")), RC_INVALID);
}
