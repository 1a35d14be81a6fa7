#include "tests/extract/odf.h"

static const char styles_xml[] =
    "<office:styles>"
    "<style:style style:name=\"Standard\" style:family=\"paragraph\"/>"
    "<style:style style:name=\"Heading_20_1\" style:display-name=\"Heading 1\" "
    "style:family=\"paragraph\" style:default-outline-level=\"1\"/>"
    "<style:style style:name=\"Our_20_head\" style:family=\"paragraph\" "
    "style:parent-style-name=\"Heading_20_1\"/>"
    "<style:style style:name=\"Title\" style:family=\"paragraph\"/>"
    "<style:style style:name=\"Strong\" style:family=\"text\">"
    "<style:text-properties fo:font-weight=\"bold\"/></style:style>"
    "<text:outline-style style:name=\"Outline\">"
    "<text:outline-level-style text:level=\"1\" style:num-format=\"1\" text:start-value=\"4\"/>"
    "<text:outline-level-style text:level=\"2\" style:num-format=\"1\" text:display-levels=\"2\"/>"
    "</text:outline-style></office:styles>"
    "<office:master-styles><style:master-page style:name=\"Standard\">"
    "<style:header><text:p>ACME Policy</text:p></style:header>"
    "<style:header-first style:display=\"false\"><text:p>not shown</text:p></style:header-first>"
    "<style:footer><text:p>Page <text:page-number>1</text:page-number></text:p></style:footer>"
    "</style:master-page></office:master-styles>";

static const char automatic_xml[] =
    "<style:style style:name=\"T1\" style:family=\"text\">"
    "<style:text-properties style:text-line-through-style=\"solid\"/></style:style>"
    "<style:style style:name=\"T2\" style:family=\"text\">"
    "<style:text-properties text:display=\"none\"/></style:style>"
    "<style:style style:name=\"P9\" style:family=\"paragraph\" "
    "style:parent-style-name=\"Standard\"><style:paragraph-properties fo:break-before=\"page\"/>"
    "</style:style>"
    "<text:list-style style:name=\"L1\"><text:list-level-style-bullet text:level=\"1\"/>"
    "</text:list-style><text:list-style style:name=\"L2\">"
    "<text:list-level-style-number text:level=\"1\" style:num-format=\"a\" "
    "style:num-suffix=\")\"/></text:list-style>";

static const char meta_xml[] =
    "<dc:title>Access Policy</dc:title><meta:initial-creator>Ann</meta:initial-creator>"
    "<dc:creator>Bob</dc:creator><dc:date>2026-02-03T04:05:06</dc:date>"
    "<meta:user-defined meta:name=\"Classification\">Internal</meta:user-defined>"
    "<meta:user-defined meta:name=\"AppVersion\">16.0000</meta:user-defined>";

static struct extract read_text(struct ctx *cx, const char *body)
{
    struct extract e = {.note = STR_NONE};

    CHECK_OK(extract_bytes(cx, STR("a.odt"),
                           odf_of(cx, "text", styles_xml, automatic_xml, meta_xml, body), &e));
    CHECK_INT(e.format, EXTRACT_ODT);
    return e;
}

#define P(text) "<text:p text:style-name=\"Standard\">" text "</text:p>"
#define ITEM(inner) "<text:list-item>" inner "</text:list-item>"
#define CELL(text) "<table:table-cell><text:p>" text "</text:p></table:table-cell>"
#define COVERED "<table:covered-table-cell/>"
#define ROW(cells) "<table:table-row>" cells "</table:table-row>"

#define WP(text) "<w:p><w:r><w:t xml:space=\"preserve\">" text "</w:t></w:r></w:p>"
#define WSTYLED(props, text) "<w:p><w:pPr>" props "</w:pPr><w:r><w:t>" text "</w:t></w:r></w:p>"
#define WITEM(list, text)                                                                          \
    WSTYLED("<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"" list "\"/></w:numPr>", text)
#define WCELL(props, text) "<w:tc><w:tcPr>" props "</w:tcPr>" WP(text) "</w:tc>"

static struct extract read_docx(struct ctx *cx, const char *body)
{
    const struct office_part parts[] = {
        {"word/document.xml",
         str_printf(cx->mem, "<w:document " OFFICE_W "><w:body>%s</w:body></w:document>", body)},
        {"word/styles.xml",
         STR("<w:styles " OFFICE_W "><w:style w:type=\"paragraph\" w:styleId=\"H1\"><w:name "
             "w:val=\"heading 1\"/></w:style><w:style w:type=\"paragraph\" w:styleId=\"T\">"
             "<w:name w:val=\"Title\"/></w:style></w:styles>")},
        {"word/numbering.xml",
         STR("<w:numbering " OFFICE_W "><w:abstractNum w:abstractNumId=\"7\"><w:lvl w:ilvl=\"0\">"
             "<w:start w:val=\"4\"/><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%1\"/></w:lvl>"
             "<w:lvl w:ilvl=\"1\"><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%1.%2\"/></w:lvl>"
             "</w:abstractNum><w:abstractNum w:abstractNumId=\"8\"><w:lvl w:ilvl=\"0\">"
             "<w:numFmt w:val=\"bullet\"/></w:lvl></w:abstractNum>"
             "<w:num w:numId=\"1\"><w:abstractNumId w:val=\"7\"/></w:num>"
             "<w:num w:numId=\"2\"><w:abstractNumId w:val=\"8\"/></w:num></w:numbering>")},
    };
    struct extract e = {.note = STR_NONE};

    CHECK_OK(container_extract(cx, STR("a.docx"), office_zip(cx, parts, COUNT_OF(parts)), &e));
    return e;
}

static const char same_odt[] =
    "<text:p text:style-name=\"Title\">Access policy</text:p>"
    "<text:h text:style-name=\"Heading_20_1\" "
    "text:outline-level=\"1\">Scope</text:h>" P(
        "All   staff<text:s text:c=\"2\"/>must <text:span "
        "text:style-name=\"Strong\">lock</text:span>"
        " their\nscreens.") "<text:h text:style-name=\"Our_20_head\" "
                            "text:outline-level=\"2\">Details</text:h>"
                            "<text:list text:style-name=\"L1\">" ITEM(P("first")) ITEM(
                                P("second")) "</text:list>" P("<text:span "
                                                              "text:style-name=\"Strong\">In "
                                                              "bold</text:span>") P("Owner: "
                                                                                    "Ann<text:"
                                                                                    "line-break/"
                                                                                    ">Version: "
                                                                                    "1.0")
                                P("<text:span "
                                  "text:style-name=\"T1\">gone</"
                                  "text:span>") "<table:table><table:"
                                                "table-column "
                                                "table:number-columns-"
                                                "repeated=\"3\"/>"
                                                "<table:table-header-"
                                                "rows>" ROW(CELL("Id") CELL("Risk") CELL(
                                                    "Owner")) "</"
                                                              "table:table-header-"
                                                              "rows>" ROW("<table:table-"
                                                                          "cell "
                                                                          "table:number-"
                                                                          "rows-"
                                                                          "spanned=\"2\"><"
                                                                          "text:"
                                                                          "p>R1</text:p>"
                                                                          "</"
                                                                          "table:table-"
                                                                          "cell>" CELL("Fire")
                                                                              CELL("Ann"))
                                                                  ROW(COVERED CELL("Water")
                                                                          CELL(""))
                                                                      ROW("<table:"
                                                                          "table-cell "
                                                                          "table:"
                                                                          "number-"
                                                                          "columns-"
                                                                          "spanned="
                                                                          "\"2\"><text:"
                                                                          "p>Total</"
                                                                          "text:p>"
                                                                          "</"
                                                                          "table:table-"
                                                                          "cell"
                                                                          ">" COVERED CELL(
                                                                              "2")) "</"
                                                                                    "ta"
                                                                                    "bl"
                                                                                    "e:"
                                                                                    "ta"
                                                                                    "bl"
                                                                                    "e"
                                                                                    ">" P("Af"
                                                                                          "te"
                                                                                          "r"
                                                                                          ".");

static const char same_docx[] = WSTYLED("<w:pStyle w:val=\"T\"/>", "Access policy") WSTYLED(
    "<w:pStyle w:val=\"H1\"/><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/>"
    "</w:numPr>",
    "Scope") "<w:p><w:r><w:t xml:space=\"preserve\">All staff must "
             "</w:t></w:r><w:r><w:rPr><w:b/></w:rPr>"
             "<w:t>lock</w:t></w:r><w:r><w:t xml:space=\"preserve\"> their "
             "screens.</w:t></w:r></w:p>" WSTYLED(
                 "<w:outlineLvl w:val=\"1\"/><w:numPr><w:ilvl w:val=\"1\"/><w:numId "
                 "w:val=\"1\"/>"
                 "</w:numPr>",
                 "Details") WITEM("2", "first")
                 WITEM("2",
                       "second") "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>In "
                                 "bold</w:t></w:r></w:p>"
                                 "<w:p><w:r><w:t>Owner: Ann</w:t><w:br/><w:t>Version: "
                                 "1.0</w:t></w:r></w:p>"
                                 "<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>gone</"
                                 "w:t></w:r></w:p>"
                                 "<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/"
                                 "><w:gridCol/></w:tblGrid>"
                                 "<w:tr><w:trPr><w:tblHeader/></w:trPr>" WCELL("", "Id")
                                     WCELL("", "Risk") WCELL("", "Owner") "</w:tr><w:tr>" WCELL(
                                         "<w:vMerge w:val=\"restart\"/>", "R1") WCELL("", "Fire")
                                         WCELL("", "Ann") "</w:tr><w:tr>" WCELL("<w:vMerge/>", "")
                                             WCELL("", "Water") WCELL("", "") "</w:tr><w:tr>" WCELL(
                                                 "<w:gridSpan w:val=\"2\"/>", "Total")
                                                 WCELL("", "2") "</w:tr></w:tbl>" WP("After.");

TEST(a_text_reads_the_same_in_both_formats)
{
    struct extract odt = read_text(cx, same_odt), docx = read_docx(cx, same_docx);

    CHECK_STR(odf_body_lines(cx, odt), str_z(cx->mem, odf_body_lines(cx, docx)));
    CHECK_BLOCK(&odt, "4 Scope", BLOCK_HEADING, 1);
    CHECK_BLOCK(&odt, "4.1 Details", BLOCK_HEADING, 2);
    CHECK_BLOCK(&odt, "R1 | Water", BLOCK_ROW, 0);
}

TEST(properties_and_page_headers_of_odt)
{
    struct extract e = read_text(cx, P("Text."));

    CHECK_STR(odf_property(&e, "title"), "Access Policy");
    CHECK_STR(odf_property(&e, "author"), "Ann");
    CHECK_STR(odf_property(&e, "last_modified_by"), "Bob");
    CHECK_STR(odf_property(&e, "modified"), "2026-02-03");
    CHECK_STR(odf_property(&e, "Classification"), "Internal");
    CHECK_STR(odf_property(&e, "AppVersion"), "");
    CHECK_BLOCK(&e, "ACME Policy", BLOCK_FURNITURE, 0);
    CHECK_NO_BLOCK(&e, "not shown");
}

TEST(lists_of_odt)
{
    struct extract e = read_text(
        cx,
        "<text:list text:style-name=\"L2\">" ITEM(
            P("one") P("goes on") "<text:list>" ITEM(P("deeper")) "</text:list>")
            ITEM("<text:h text:outline-level=\"3\">Numbered</text:h>") "</text:list>" P("between") "<text:list text:style-name=\"L2\" text:continue-numbering=\"true\">" ITEM(
                "<text:h text:outline-level=\"3\">Next</text:h>") "</text:list>"
                                                                  "<text:list "
                                                                  "text:style-name=\"L2\">" ITEM(
                                                                      "<text:h "
                                                                      "text:outline-level=\"3\">"
                                                                      "Anew</text:h>") "</"
                                                                                       "text:list>"
                                                                                       "<text:list "
                                                                                       "text:style-"
                                                                                       "name="
                                                                                       "\"None\""
                                                                                       ">" ITEM(P(
                                                                                           "of "
                                                                                           "no "
                                                                                           "styl"
                                                                                           "e")) "<"
                                                                                                 "/"
                                                                                                 "t"
                                                                                                 "e"
                                                                                                 "x"
                                                                                                 "t"
                                                                                                 ":"
                                                                                                 "l"
                                                                                                 "i"
                                                                                                 "s"
                                                                                                 "t"
                                                                                                 ">");

    CHECK_BLOCK(&e, "one", BLOCK_ITEM, 1);
    CHECK_BLOCK(&e, "goes on", BLOCK_ITEM, 1);
    CHECK_BLOCK(&e, "deeper", BLOCK_ITEM, 2);
    CHECK_BLOCK(&e, "b) Numbered", BLOCK_HEADING, 3);
    CHECK_BLOCK(&e, "c) Next", BLOCK_HEADING, 3);
    CHECK_BLOCK(&e, "a) Anew", BLOCK_HEADING, 3);
    CHECK_BLOCK(&e, "of no style", BLOCK_ITEM, 1);
}

TEST(what_is_no_text_of_odt)
{
    struct extract e =
        read_text(cx, "<text:tracked-changes><text:changed-region><text:deletion><text:"
                      "p>We delete.</text:p>"
                      "</text:deletion></text:changed-region></text:tracked-changes>"
                      "<text:section text:display=\"none\"><text:p>Hidden "
                      "section.</text:p></text:section>" P(
                          "Seen<office:annotation><dc:creator>Ann</dc:creator><text:p>A "
                          "remark.</text:p>"
                          "</office:annotation><text:span text:style-name=\"T2\"> "
                          "hidden</text:span>"
                          "<text:note><text:note-citation>1</"
                          "text:note-citation><text:note-body>"
                          "<text:p>As agreed in "
                          "June.</text:p></text:note-body></text:note>"
                          "<draw:frame><draw:image/><svg:title>Logo</svg:title></"
                          "draw:frame>.") "<text:table-of-content><text:table-of-"
                                          "content-source><text:index-title-template>"
                                          "Template</text:index-title-template></"
                                          "text:table-of-content-source><text:index-"
                                          "body>" P("1 Scope 3") "</text:index-body></"
                                                                 "text:table-of-"
                                                                 "content>" P("Last."));

    CHECK_STR(odf_body_lines(cx, e), "P0 t0 :Seen.\nP0 t0 toc:1 Scope 3\nP0 t0 :Last.\n"
                                     "P0 t0 :As agreed in June.\n");
}

TEST(text_boxes_of_odt)
{
    struct extract e = read_text(
        cx, "<draw:frame text:anchor-type=\"page\"><draw:text-box><text:p>Security policy</text:p>"
            "</draw:text-box></draw:frame>" P(
                "Beside<draw:frame><draw:text-box><text:p>in a box</text:p></draw:text-box>"
                "</draw:frame> it.") "<text:p><draw:custom-shape><text:p>in a "
                                     "shape</text:p></draw:custom-shape></text:p>");

    CHECK_STR(odf_body_lines(cx, e), "P0 t0 :Security policy\nP0 t0 :Beside it.\nP0 t0 :in a box\n"
                                     "P0 t0 :in a shape\n");
}

TEST(pages_of_odt)
{
    struct extract e = read_text(cx, P("One.") "<text:soft-page-break/>" P(
                                         "Two.") "<text:p text:style-name=\"P9\">Three.</text:p>");

    CHECK_INT(office_block(&e, "One.")->place.page, 1);
    CHECK_INT(office_block(&e, "Two.")->place.page, 2);
    CHECK_INT(office_block(&e, "Three.")->place.page, 3);
}

TEST(merged_blocks_of_odt)
{
    struct extract e = read_text(
        cx,
        "<table:table><table:table-column table:number-columns-repeated=\"3\"/>" ROW(
            "<table:table-cell table:number-columns-spanned=\"2\" "
            "table:number-rows-spanned=\"2\"><text:p>block</text:p></table:table-cell>" COVERED
                CELL("x"))
            ROW("<table:covered-table-cell table:number-columns-repeated=\"2\"/>" CELL("y")) ROW(
                CELL("a") "<table:table-cell table:number-rows-spanned=\"2\"><text:p>down</text:p>"
                          "</table:table-cell>" CELL("z")) ROW(CELL("b") COVERED CELL("w"))
                ROW("<table:table-cell table:number-columns-spanned=\"3\"><text:p>wide</text:p>"
                    "</table:table-cell>" COVERED COVERED) "</table:table>");

    CHECK_STR(odf_body_lines(cx, e), "R0 t1 :{0}block{2}x\nR0 t1 :{0}block{2}y\n"
                                     "R0 t1 :{0}a{1}down{2}z\nR0 t1 :{0}b{1}down{2}w\n"
                                     "R0 t1 :{0}wide\n");
}

TEST(a_flat_text_is_read)
{
    struct extract e;

    CHECK_OK(extract_bytes(
        cx, STR("a.fodt"),
        STR("<?xml version=\"1.0\"?>\n<office:document " ODF_NS
            " office:mimetype=\"application/vnd.oasis.opendocument.text\"><office:meta>"
            "<dc:title>Flat</dc:title></office:meta><office:styles><style:style "
            "style:name=\"Heading_20_2\" style:family=\"paragraph\"/></office:styles><office:body>"
            "<office:text><text:p text:style-name=\"Heading_20_2\">Scope</text:p><text:p>All."
            "</text:p></office:text></office:body></office:document>"),
        &e));
    CHECK_INT(e.format, EXTRACT_ODT);
    CHECK_STR(odf_property(&e, "title"), "Flat");
    CHECK_BLOCK(&e, "Scope", BLOCK_HEADING, 2);
    CHECK_BLOCK(&e, "All.", BLOCK_PARAGRAPH, 0);
}

TEST(damaged_and_locked_odt)
{
    const struct office_part locked[] = {
        {"mimetype", STR("application/vnd.oasis.opendocument.text")},
        {"content.xml", STR("\x01\x02\x03")},
        {"META-INF/manifest.xml", STR("<manifest:encryption-data/>")}};
    const struct office_part cut[] = {{"mimetype", STR("application/vnd.oasis.opendocument.text")},
                                      {"content.xml", STR("<office:document-content" ODF_NS
                                                          "><office:body><office:text><text:p>")}};
    const struct office_part bare[] = {
        {"mimetype", STR("application/vnd.oasis.opendocument.text")}};
    struct extract e;

    CHECK_RC(extract_bytes(cx, STR("a.odt"), office_zip(cx, locked, 3), &e), RC_INVALID);
    CHECK(str_has(cx->err.text, "password"));
    CHECK_RC(extract_bytes(cx, STR("a.odt"), office_zip(cx, cut, 2), &e), RC_INVALID);
    CHECK(str_has(cx->err.text, "content.xml is damaged"));
    CHECK_RC(extract_bytes(cx, STR("a.odt"), office_zip(cx, bare, 1), &e), RC_INVALID);
    CHECK(str_has(cx->err.text, "is missing"));
}
