#include "tests/extract/odf.h"

static const char automatic_xml[] =
    "<style:style style:name=\"ta1\" style:family=\"table\"><style:table-properties "
    "table:display=\"true\"/></style:style><style:style style:name=\"ta2\" style:family=\"table\">"
    "<style:table-properties table:display=\"false\"/></style:style>";

static const char styles_xml[] =
    "<office:master-styles><style:master-page style:name=\"Default\"><style:header>"
    "<style:region-left><text:p>Confidential <text:sheet-name>Sheet1</text:sheet-name></text:p>"
    "</style:region-left></style:header><style:footer><text:p>Page <text:page-number>1"
    "</text:page-number></text:p></style:footer></style:master-page></office:master-styles>";

static struct extract read_book(struct ctx *cx, const char *body)
{
    struct extract e = {.note = STR_NONE};

    CHECK_OK(extract_bytes(cx, STR("a.ods"),
                           odf_of(cx, "spreadsheet", styles_xml, automatic_xml, "", body), &e));
    CHECK_INT(e.format, EXTRACT_ODS);
    return e;
}

#define SHEET(name, inner) "<table:table table:name=\"" name "\">" inner "</table:table>"
#define ROW(cells) "<table:table-row>" cells "</table:table-row>"
#define CELL(text)                                                                                 \
    "<table:table-cell office:value-type=\"string\"><text:p>" text "</text:p></table:table-cell>"
#define NUMBER(type, value, text)                                                                  \
    "<table:table-cell office:value-type=\"" type "\" " value "><text:p>" text                     \
    "</text:p></table:table-cell>"
#define COVERED "<table:covered-table-cell/>"

#define S "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define XCELL(name, text) "<c r=\"" name "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"

static struct extract read_xlsx(struct ctx *cx, const char *sheet)
{
    const struct office_part parts[] = {
        {"xl/workbook.xml", STR("<workbook " S "><sheets><sheet name=\"Register\"/></sheets>"
                                "</workbook>")},
        {"xl/styles.xml", STR("<styleSheet " S "><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>"
                              "<xf numFmtId=\"2\"/><xf numFmtId=\"9\"/></cellXfs></styleSheet>")},
        {"xl/worksheets/sheet1.xml",
         str_printf(cx->mem, "<worksheet " S ">%s</worksheet>", sheet)}};
    struct extract e = {.note = STR_NONE};

    CHECK_OK(container_extract(cx, STR("a.xlsx"), office_zip(cx, parts, COUNT_OF(parts)), &e));
    return e;
}

static const char same_ods[] = SHEET(
    "Register",
    ROW(CELL(
        "Risk register")) "<table:table-row "
                          "table:number-rows-repeated=\"3\"><table:table-cell "
                          "table:number-columns-repeated=\"16384\"/></table:table-row>" ROW(
                              CELL("Id") CELL("Risk") CELL("Due") CELL("Score") CELL("Done"))
                              ROW("<table:table-cell office:value-type=\"string\" "
                                  "table:number-rows-spanned=\"2\"><text:p>R1</text:p></"
                                  "table:table-cell>" CELL("Fire<text:s/>and</text:p><text:p>smoke")
                                      NUMBER("date", "office:date-value=\"2026-11-30\"", "30.11.26")
                                          NUMBER("float", "office:value=\"5.2\"", "5,20")
                                              NUMBER("percentage", "office:value=\"0.5\"", "50 %"))
                                  ROW(COVERED CELL("Water") "<table:table-cell/>" NUMBER(
                                      "float", "office:value=\"12\"",
                                      "12,00") "<table:table-cell "
                                               "office:value-type=\"boolean\" "
                                               "office:boolean-value=\"true\"><"
                                               "text:p>WAHR</text:p></"
                                               "table:table-cell>")) "<table:"
                                                                     "database-"
                                                                     "ranges><"
                                                                     "table:"
                                                                     "database-"
                                                                     "range "
                                                                     "table:"
                                                                     "display-"
                                                                     "filter-"
                                                                     "buttons="
                                                                     "\"true\" "
                                                                     "table:target-"
                                                                     "range-"
                                                                     "address="
                                                                     "\"Register."
                                                                     "A5:Register."
                                                                     "E7\"/></"
                                                                     "table:"
                                                                     "database-"
                                                                     "ranges>";

static const char same_xlsx[] = "<sheetData><row r=\"1\">" XCELL(
    "A1", "Risk register") "</row><row r=\"5\">" XCELL("A5", "Id") XCELL("B5", "Risk")
    XCELL("C5", "Due") XCELL("D5", "Score") XCELL("E5", "Done") "</row><row r=\"6\">" XCELL("A6",
                                                                                            "R1")
        XCELL("B6", "Fire and\nsmoke") "<c r=\"C6\" s=\"1\"><v>46356</v></c>"
                                       "<c r=\"D6\" s=\"2\"><v>5.2</v></c><c r=\"E6\" "
                                       "s=\"3\"><v>0.5</v></c></row>"
                                       "<row r=\"7\"><c r=\"A7\"/>" XCELL(
                                           "B7", "Water") "<c r=\"D7\" s=\"2\"><v>12</v></c>"
                                                          "<c r=\"E7\" "
                                                          "t=\"b\"><v>1</v></c></row></"
                                                          "sheetData><mergeCells><mergeCell "
                                                          "ref=\"A6:A7\"/></mergeCells><autoFilter "
                                                          "ref=\"A5:E7\"/>";

TEST(a_sheet_reads_the_same_in_both_formats)
{
    struct extract ods = read_book(cx, same_ods), xlsx = read_xlsx(cx, same_xlsx);

    CHECK_STR(odf_body_lines(cx, ods), str_z(cx->mem, odf_body_lines(cx, xlsx)));
    CHECK_BLOCK(&ods, "R1 | Fire and smoke | 2026-11-30 | 5.20 | 50%", BLOCK_ROW, 0);
    CHECK_INT(office_block(&ods, "R1 | Water | 12.00 | TRUE")->place.row, 7);
    CHECK_STR(office_block(&ods, "R1 | Water | 12.00 | TRUE")->place.sheet, "Register");
}

TEST(numbers_as_people_see_them)
{
    struct extract e = read_book(
        cx,
        SHEET("N",
              ROW(NUMBER("float", "office:value=\"1234567.5\"", "1.234.567,50")) ROW(
                  NUMBER("float", "office:value=\"7\"", "RISK-007"))
                  ROW(NUMBER("currency", "office:value=\"-1200\"", "-1,200 EUR")) ROW(
                      NUMBER("float", "office:value=\"5.1\"", "5.1"))
                      ROW(NUMBER("float", "office:value=\"3\"", "three")) ROW(
                          NUMBER("time", "office:time-value=\"PT08H30M00S\"", "8:30 AM"))
                          ROW(NUMBER("date", "office:date-value=\"2026-01-02T10:15:00\"", "x")) ROW(
                              "<table:table-cell office:value-type=\"float\" office:value=\"9\"/>")
                              ROW("<table:table-cell office:value-type=\"string\" "
                                  "calcext:value-type=\"error\"><text:p>#REF!</text:p></"
                                  "table:table-cell>")));

    CHECK_BLOCK(&e, "1234567.50", BLOCK_ROW, 0);
    CHECK_BLOCK(&e, "RISK-007", BLOCK_ROW, 0);
    CHECK_BLOCK(&e, "-1200 EUR", BLOCK_ROW, 0);
    CHECK_BLOCK(&e, "5.1", BLOCK_ROW, 0);
    CHECK_BLOCK(&e, "three", BLOCK_ROW, 0);
    CHECK_BLOCK(&e, "08:30", BLOCK_ROW, 0);
    CHECK_BLOCK(&e, "2026-01-02 10:15", BLOCK_ROW, 0);
    CHECK_BLOCK(&e, "9", BLOCK_ROW, 0);
    CHECK_NO_BLOCK(&e, "#REF!");
}

TEST(repeats_do_not_explode)
{
    struct extract e = read_book(
        cx, SHEET("Wide", "<table:table-row table:number-rows-repeated=\"1048576\">"
                          "<table:table-cell table:number-columns-repeated=\"16384\" "
                          "office:value-type=\"string\"><text:p>X</text:p></table:table-cell>"
                          "</table:table-row>"
                          "<table:table-row table:number-rows-repeated=\"4294967295\">"
                          "<table:table-cell table:number-columns-repeated=\"4294967295\"/>"
                          "</table:table-row>" ROW(CELL("last"))));

    CHECK(e.block_count < 200);
    CHECK(str_has(e.note, "repeat themselves"));
    CHECK_BLOCK(&e, "last", BLOCK_ROW, 0);
}

TEST(drawings_remarks_and_hidden_sheets_of_ods)
{
    struct extract e = read_book(
        cx, SHEET("One", "<table:shapes><draw:frame><draw:text-box><text:p>Risk register 2026"
                         "</text:p></draw:text-box></draw:frame></table:shapes>" ROW(
                             "<table:table-cell "
                             "office:value-type=\"string\"><office:annotation>"
                             "<text:p>a "
                             "remark</text:p></office:annotation><text:p>cell</text:p>"
                             "<draw:frame><draw:text-box><text:p>beside</text:p></"
                             "draw:text-box>"
                             "</draw:frame></table:table-cell>")) "<table:table "
                                                                  "table:name=\"Old\" "
                                                                  "table:style-name="
                                                                  "\"ta2\">" ROW(CELL("hidde"
                                                                                      "n")) "<"
                                                                                            "/"
                                                                                            "t"
                                                                                            "a"
                                                                                            "b"
                                                                                            "l"
                                                                                            "e"
                                                                                            ":"
                                                                                            "t"
                                                                                            "a"
                                                                                            "b"
                                                                                            "l"
                                                                                            "e"
                                                                                            ">");

    CHECK_STR(odf_body_lines(cx, e), "H1 t0 :One\nP0 t0 :Risk register 2026\nP0 t0 :beside\n"
                                     "R0 t1 :{0}cell\nH1 t0 :Old\nR0 t2 :{0}hidden\n");
    CHECK(str_has(e.note, "Old is hidden"));
    CHECK_BLOCK(&e, "Confidential", BLOCK_FURNITURE, 0);
    CHECK_NO_BLOCK(&e, "Page");
}
