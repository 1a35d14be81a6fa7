/* One document, written by hand in each format as its programs write it: the same blocks. */
#include "tests/extract/odf.h"

static const char markdown[] =
    "# Access policy\n\n"
    "**Version:** 1.2  \n**Owner:** Head of IT  \nApproved by: J. Doe\n\n"
    "**1. Purpose**\n\n"
    "It says who\xc2\xa0may enter &mdash; and why.\n\n"
    "**Score = a \xc3\x97 b**\n\n"
    "## Every account is removed on the day on which its holder leaves the firm.\n\n"
    "1. Scope\n\nIt covers:\n\n"
    "- staff, who are\n  - inside\n  - outside\n- guests\n\n"
    "2. Duties\n\n"
    "| Who | What |\n|---|---|\n| CISO | reviews |\n| | reports |\n\n"
    "- [ ] open\n- [x] done\n\n"
    "firm/  \n\xe2\x94\x9c\xe2\x94\x80 policies  \n\xe2\x94\x94\xe2\x94\x80 records\n\n"
    "```\nuserdel x\npasswd y\n```\n\n"
    "1. Ask the owner\n2. Grant it\n\nThe end.\n";

static const char html[] =
    "<html><body><div title=\"header\"></div><h1>Access policy</h1>"
    "<p><b>Version:</b> 1.2<br>\n<b>Owner:</b> Head of IT<br>\nApproved by: J. Doe</p>"
    "<p><b>1. Purpose</b></p>"
    "<p>It says who&nbsp;may enter &mdash;\nand why.</p><p><b>Score = a &times; b</b></p>"
    "<h2>Every account is removed on the day on which its holder leaves the firm.</h2>"
    "<ol><li><p>Scope</p></li></ol><p>It covers:</p>"
    "<ul><li><p>staff, who are</p><ul><li>inside</li><li>outside</li></ul></li><li>guests</li></ul>"
    "<ol start=\"2\"><li>Duties</li></ol>"
    "<table><thead><tr><th><p>Who</p></th><th>What</th></tr></thead>"
    "<tr><td>CISO</td><td>reviews</td></tr><tr><td></td><td>reports</td></tr></table>"
    "<ul><li>[ ] open</li><li>[x] done</li></ul>"
    "<p>firm/<br>\xe2\x94\x9c\xe2\x94\x80 policies<br>\xe2\x94\x94\xe2\x94\x80 records</p>"
    "<pre>userdel x\npasswd y</pre>"
    "<ol><li>Ask the owner</li><li>Grant it</li></ol><p>The end.</p></body></html>";

#define R(text) "<w:r><w:t xml:space=\"preserve\">" text "</w:t></w:r>"
#define B(text) "<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">" text "</w:t></w:r>"
#define BR "<w:r><w:br/></w:r>"
#define WP(runs) "<w:p>" runs "</w:p>"
#define WS(style, runs) "<w:p><w:pPr><w:pStyle w:val=\"" style "\"/></w:pPr>" runs "</w:p>"
#define WL(list, level, text)                                                                      \
    "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"" level "\"/><w:numId w:val=\"" list                     \
    "\"/></w:numPr></w:pPr>" R(text) "</w:p>"
#define WC(text) "<w:tc><w:p>" text "</w:p></w:tc>"

static const char docx_body[] = WS("H1", R("Access policy")) WP(B("Version:") R(" 1.2") BR B(
    "Owner:") R(" Head of IT") BR R("Approved by: J. Doe")) WP(B("1. Purpose"))
    WP(R("It says who\xc2\xa0may ") R("enter \xe2\x80\x94 and why.")) WP(B("Score = a \xc3\x97 b"))
        WS("H2", R("Every account is removed on the day on which its holder leaves the firm."))
            WL("1", "0", "Scope") WP(R("It covers:")) WL("2", "0", "staff, who are") WL(
                "2", "1", "inside") WL("2", "1", "outside") WL("2", "0", "guests")
                WL("1", "0",
                   "Duties") "<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/>"
                             "</w:tblGrid><w:tr><w:trPr><w:tblHeader/></w:trPr>" WC(B("Who"))
                                 WC(B("What")) "</w:tr><w:tr>" WC(R("CISO"))
                                     WC(R("reviews")) "</w:tr><w:tr>" WC("") WC(
                                         R("reports")) "</w:tr></w:tbl>" WL("2", "0", "[ ] open")
                                         WL("2", "0", "[x] done")
                                             WP(R("firm/") BR R("\xe2\x94\x9c\xe2\x94\x80 policies")
                                                    BR R("\xe2\x94\x94\xe2\x94\x80 "
                                                         "records")) WS("Code", R("userdel x"))
                                                 WS("Code", R("passwd y"))
                                                     WL("3", "0", "Ask the owner")
                                                         WL("3", "0", "Grant it") WP(R("The end."));

static const char docx_styles[] =
    "<w:styles " OFFICE_W ">"
    "<w:style w:type=\"paragraph\" w:styleId=\"H1\"><w:name w:val=\"heading 1\"/></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"H2\"><w:name w:val=\"heading 2\"/></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"Code\"><w:name w:val=\"HTML Preformatted\"/>"
    "</w:style></w:styles>";

#define NUMBERS(id)                                                                                \
    "<w:abstractNum w:abstractNumId=\"" id "\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/>"         \
    "<w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%1.\"/></w:lvl></w:abstractNum>"
#define NUM(id) "<w:num w:numId=\"" id "\"><w:abstractNumId w:val=\"" id "\"/></w:num>"

static const char docx_numbering[] = "<w:numbering " OFFICE_W ">" NUMBERS("1")
    NUMBERS("3") "<w:abstractNum w:abstractNumId=\"2\">"
                 "<w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"bullet\"/></w:lvl>"
                 "<w:lvl w:ilvl=\"1\"><w:numFmt w:val=\"bullet\"/></w:lvl></w:abstractNum>" NUM("1")
                     NUM("2") NUM("3") "</w:numbering>";

static struct str docx_file(struct ctx *cx)
{
    const struct office_part parts[] = {
        {"[Content_Types].xml", STR("<Types/>")},
        {"_rels/.rels", STR(OFFICE_RELS_HEAD "<Relationship Id=\"a\" Type=\"" OFFICE_RELS
                                             "officeDocument\" Target=\"word/document.xml\"/>"
                                             "</Relationships>")},
        {"word/_rels/document.xml.rels",
         STR(OFFICE_RELS_HEAD "<Relationship Id=\"a\" Type=\"" OFFICE_RELS
                              "styles\" Target=\"styles.xml\"/><Relationship Id=\"b\" "
                              "Type=\"" OFFICE_RELS "numbering\" Target=\"numbering.xml\"/>"
                              "</Relationships>")},
        {"word/document.xml", str_printf(cx->mem,
                                         "<w:document " OFFICE_W "><w:body>%s</w:body>"
                                         "</w:document>",
                                         docx_body)},
        {"word/styles.xml", str_of(docx_styles)},
        {"word/numbering.xml", str_of(docx_numbering)},
    };

    return office_zip(cx, parts, COUNT_OF(parts));
}

#define OP(inner) "<text:p text:style-name=\"Standard\">" inner "</text:p>"
#define OB(text) "<text:span text:style-name=\"Bold\">" text "</text:span>"
#define OBR "<text:line-break/>"
#define OI(inner) "<text:list-item>" inner "</text:list-item>"
#define OL(style, more, items)                                                                     \
    "<text:list text:style-name=\"" style "\"" more ">" items "</text:list>"
#define OC(inner) "<table:table-cell>" inner "</table:table-cell>"
#define OR(cells) "<table:table-row>" cells "</table:table-row>"
#define OCODE(text) "<text:p text:style-name=\"Preformatted_20_Text\">" text "</text:p>"

static const char odt_styles[] =
    "<office:styles><style:style style:name=\"Standard\" style:family=\"paragraph\"/>"
    "<style:style style:name=\"Preformatted_20_Text\" style:display-name=\"Preformatted Text\" "
    "style:family=\"paragraph\"/></office:styles>";

static const char odt_automatic[] =
    "<style:style style:name=\"Bold\" style:family=\"text\">"
    "<style:text-properties fo:font-weight=\"bold\"/></style:style>"
    "<text:list-style style:name=\"Dots\"><text:list-level-style-bullet text:level=\"1\"/>"
    "<text:list-level-style-bullet text:level=\"2\"/></text:list-style>"
    "<text:list-style style:name=\"Numbers\"><text:list-level-style-number text:level=\"1\" "
    "style:num-format=\"1\" style:num-suffix=\".\"/></text:list-style>";

static const char odt_body[] = "<text:h text:outline-level=\"1\">Access policy</text:h>" OP(
    OB("Version:") " 1.2" OBR OB("Owner:") " Head of IT" OBR "Approved by: J. Doe")
    OP(OB("1. Purpose")) OP("It says who\xc2\xa0may\nenter \xe2\x80\x94 and why.") OP(OB(
        "Score = a \xc3\x97 b")) "<text:h text:outline-level=\"2\">Every account is removed on "
                                 "the day on which its holder leaves the firm.</text:h>" OL(
                                     "Numbers", "",
                                     OI(OP(
                                         "Scope"))) OP("It covers:") OL("Dots", "",
                                                                        OI(OP("staff, who are") OL(
                                                                            "Dots", "",
                                                                            OI(OP("inside"))
                                                                                OI(OP("outside"))))
                                                                            OI(OP("guests")))
                                     OL(
                                         "Numbers", " text:continue-numbering=\"true\"",
                                         OI(OP(
                                             "Duties"))) "<table:table><table:table-column "
                                                         "table:number-columns-repeated=\"2\"/>"
                                                         "<table:table-header-rows>" OR(
                                                             OC(OP("Wh"
                                                                   "o"))
                                                                 OC(OP(
                                                                     "What"))) "</"
                                                                               "table:table-header-"
                                                                               "rows>" OR(
                                                                                   OC(OP("CISO"))
                                                                                       OC(OP(
                                                                                           "review"
                                                                                           "s")))
                                                                                   OR(OC(OP("")) OC(
                                                                                       OP(
                                                                                           "rep"
                                                                                           "ort"
                                                                                           "s"))) "</table:table>" OL("Dots",
                                                                                                                      "",
                                                                                                                      OI(OP("[ ] open")) OI(
                                                                                                                          OP("[x] done")))
                                                                                       OP("firm"
                                                                                          "/" OBR
                                                                                          "\xe2"
                                                                                          "\x94"
                                                                                          "\x9c"
                                                                                          "\xe2"
                                                                                          "\x94"
                                                                                          "\x80 "
                                                                                          "policie"
                                                                                          "s" OBR
                                                                                          "\xe2"
                                                                                          "\x94"
                                                                                          "\x94"
                                                                                          "\xe2"
                                                                                          "\x94"
                                                                                          "\x80 "
                                                                                          "record"
                                                                                          "s") OCODE("userdel "
                                                                                                     "x") OCODE("passwd y")
                                                                                           OL("Numb"
                                                                                              "ers",
                                                                                              "",
                                                                                              OI(OP(
                                                                                                  "As"
                                                                                                  "k "
                                                                                                  "th"
                                                                                                  "e "
                                                                                                  "ow"
                                                                                                  "ne"
                                                                                                  "r"))
                                                                                                  OI(OP(
                                                                                                      "G"
                                                                                                      "r"
                                                                                                      "a"
                                                                                                      "n"
                                                                                                      "t"
                                                                                                      " "
                                                                                                      "i"
                                                                                                      "t")))
                                                                                               OP("The "
                                                                                                  "end"
                                                                                                  ".");

static struct str lines_of(struct ctx *cx, const char *name, struct str bytes)
{
    struct extract e = {.note = STR_NONE};

    CHECK_OK(extract_bytes(cx, str_of(name), bytes, &e));
    return odf_lines(cx, &e);
}

TEST(the_same_document_in_each_format)
{
    const struct str wanted = STR("H1 t0 :Access policy\n"
                                  "P0 t0 :Version: 1.2\n"
                                  "P0 t0 :Owner: Head of IT\n"
                                  "P0 t0 :Approved by: J. Doe\n"
                                  "H7 t0 :1. Purpose\n"
                                  "P0 t0 :It says who may enter \xe2\x80\x94 and why.\n"
                                  "P0 t0 :Score = a \xc3\x97 b\n"
                                  "P0 t0 :Every account is removed on the day on which its holder "
                                  "leaves the firm.\n"
                                  "H7 t0 :Scope\n"
                                  "P0 t0 :It covers:\n"
                                  "I1 t0 :staff, who are\n"
                                  "I2 t0 :inside\n"
                                  "I2 t0 :outside\n"
                                  "I1 t0 :guests\n"
                                  "H7 t0 :Duties\n"
                                  "R0h t1 :{0}Who{1}What\n"
                                  "R0 t1 :{0}CISO{1}reviews\n"
                                  "R0 t1 :{1}reports\n"
                                  "I1 t0 :[ ] open\n"
                                  "I1 t0 :[x] done\n"
                                  "P0 t0 :firm/\n"
                                  "I1 t0 :policies\n"
                                  "I1 t0 :records\n"
                                  "C0 t0 :userdel x passwd y\n"
                                  "I1 t0 :Ask the owner\n"
                                  "I1 t0 :Grant it\n"
                                  "P0 t0 :The end.\n");

    CHECK_STR(lines_of(cx, "a.md", str_of(markdown)), str_z(cx->mem, wanted));
    CHECK_STR(lines_of(cx, "a.html", str_of(html)), str_z(cx->mem, wanted));
    CHECK_STR(lines_of(cx, "a.docx", docx_file(cx)), str_z(cx->mem, wanted));
    CHECK_STR(lines_of(cx, "a.odt", odf_of(cx, "text", odt_styles, odt_automatic, "", odt_body)),
              str_z(cx->mem, wanted));
}
