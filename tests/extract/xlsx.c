#include "extract/xlsx.h"
#include "tests/extract/office.h"

#define S "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""

static const char workbook_xml[] =
    "<workbook " S
    " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>"
    "<sheet name=\"Register\" sheetId=\"9\" r:id=\"r2\"/>"
    "<sheet name=\"Hidden\" sheetId=\"2\" state=\"hidden\" r:id=\"r1\"/>"
    "<sheet name=\"Gone\" sheetId=\"3\" r:id=\"r3\"/></sheets></workbook>";

static const char rels_xml[] = OFFICE_RELS_HEAD
    "<Relationship Id=\"r1\" Type=\"" OFFICE_RELS "worksheet\" Target=\"worksheets/sheet1.xml\"/>"
    "<Relationship Id=\"r2\" Type=\"" OFFICE_RELS "worksheet\" Target=\"worksheets/sheet2.xml\"/>"
    "<Relationship Id=\"r3\" Type=\"" OFFICE_RELS
    "worksheet\" Target=\"worksheets/sheet3.xml\"/></Relationships>";

static const char styles_xml[] =
    "<styleSheet " S "><numFmts count=\"4000000000\"><numFmt numFmtId=\"170\" "
    "formatCode=\"dd\\.mm\\.yyyy\"/><numFmt numFmtId=\"171\" formatCode=\"&quot;RISK-&quot;000\"/>"
    "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs count=\"4000000000\">"
    "<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"2\"/><xf numFmtId=\"9\"/>"
    "<xf numFmtId=\"170\"/><xf numFmtId=\"171\"/></cellXfs></styleSheet>";

static const char strings_xml[] =
    "<sst " S " count=\"999999999\"><si><t>Risk</t></si><si><r><t>Rich </t></r><r><t>text</t></r>"
    "<rPh><t>read aloud</t></rPh></si><si><t>a_x000D_b</t></si></sst>";

static const char drawing_xml[] =
    "<xdr:wsDr xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\" "
    "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><xdr:sp><xdr:txBody><a:p>"
    "<a:r><a:t>Risk </a:t></a:r><a:r><a:t>register 2026</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    "</xdr:wsDr>";

static const char sheet_rels_xml[] = OFFICE_RELS_HEAD
    "<Relationship Id=\"a\" Type=\"" OFFICE_RELS
    "drawing\" Target=\"../drawings/drawing1.xml\"/><Relationship Id=\"b\" Type=\"" OFFICE_RELS
    "table\" Target=\"../tables/table1.xml\"/></Relationships>";

static const char table_xml[] = "<table " S " ref=\"A3:C9\"/>";

/* A workbook whose first sheet has this inside. */
static struct str xlsx_of(struct ctx *cx, const char *sheet)
{
    const struct office_part parts[] = {
        {"xl/workbook.xml", str_of(workbook_xml)},
        {"xl/_rels/workbook.xml.rels", str_of(rels_xml)},
        {"xl/styles.xml", str_of(styles_xml)},
        {"xl/sharedStrings.xml", str_of(strings_xml)},
        {"xl/worksheets/sheet2.xml", str_printf(cx->mem, "<worksheet " S ">%s</worksheet>", sheet)},
        {"xl/worksheets/sheet1.xml",
         STR("<worksheet " S "><sheetData><row><c t=\"inlineStr\"><is><t>old</t></is></c></row>"
             "</sheetData></worksheet>")},
        {"xl/worksheets/_rels/sheet2.xml.rels", str_of(sheet_rels_xml)},
        {"xl/drawings/drawing1.xml", str_of(drawing_xml)},
        {"xl/tables/table1.xml", str_of(table_xml)},
    };

    return office_zip(cx, parts, COUNT_OF(parts));
}

static struct extract read_sheet(struct ctx *cx, const char *sheet)
{
    struct extract e = {.note = STR_NONE};

    CHECK_OK(container_extract(cx, STR("a.xlsm"), xlsx_of(cx, sheet), &e));
    CHECK_INT(e.format, EXTRACT_XLSX);
    return e;
}

#define T(ref, text) "<c r=\"" ref "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define ROW(number, cells) "<row r=\"" number "\">" cells "</row>"

TEST(cells_of_every_type)
{
    struct extract e = read_sheet(
        cx,
        "<sheetData>" ROW("1", "<c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>1</v></c>"
                               "<c r=\"D1\" t=\"s\"><v>99</v></c><c r=\"E1\" t=\"s\"><v>2</v></c>")
            ROW("2", "<c r=\"A2\" s=\"1\"><v>46356</v></c><c r=\"B2\" s=\"2\"><v>5.2</v></c>"
                     "<c r=\"C2\"><v>5.2000000000000002</v></c><c r=\"D2\" s=\"3\"><v>0.25</v></c>"
                     "<c r=\"E2\" t=\"b\"><v>1</v></c><c r=\"F2\" t=\"e\"><v>#REF!</v></c>"
                     "<c r=\"G2\" s=\"4\"><v>46356</v></c><c r=\"H2\" s=\"5\"><v>14</v></c>"
                     "<c r=\"I2\" t=\"str\"><f>A1</f><v>cached</v></c>") "</sheetData>");

    CHECK_BLOCK(&e, "Risk | Rich text | ab", BLOCK_ROW, 0);
    CHECK_BLOCK(&e, "2026-11-30 | 5.20 | 5.2 | 25% | TRUE | 2026-11-30 | RISK-014 | cached",
                BLOCK_ROW, 0);
    CHECK_INT(office_block(&e, "Risk | Rich text | ab")->cells[1].column, 2);
}

TEST(sheets_in_their_order_with_places)
{
    struct extract e = read_sheet(cx, "<sheetData>" ROW("7", T("B7", "here")) "</sheetData>");
    const struct block *here = office_block(&e, "here"), *old = office_block(&e, "old");

    CHECK_BLOCK(&e, "Register", BLOCK_HEADING, 1);
    CHECK_BLOCK(&e, "Risk register 2026", BLOCK_PARAGRAPH, 0);
    CHECK(here != NULL && old != NULL && here < old);
    CHECK_INT(here->place.row, 7);
    CHECK_STR(here->place.sheet, "Register");
    CHECK_STR(old->place.sheet, "Hidden");
    CHECK(str_has(e.note, "hidden"));
    CHECK(str_has(e.note, "Gone is missing"));
}

TEST(merged_cells_read_down)
{
    struct extract e = read_sheet(
        cx,
        "<sheetData>" ROW("1", T("A1", "Group") T("B1", "a")) ROW("2", T("B2", "b")) ROW("3", "")
            ROW("4",
                T("B4", "c")) "</sheetData><mergeCells>"
                              "<mergeCell ref=\"A1:A3\"/><mergeCell ref=\"B1:C1\"/></mergeCells>");

    CHECK_BLOCK(&e, "Group | a", BLOCK_ROW, 0);
    CHECK_BLOCK(&e, "Group | b", BLOCK_ROW, 0);
    CHECK_BLOCK(&e, "c", BLOCK_ROW, 0);
}

TEST(tables_of_a_sheet)
{
    struct extract e = read_sheet(
        cx, "<sheetData>" ROW("1", T("A1", "Version") T("B1", "1"))
                ROW("3", T("A3", "Id") T("B3", "Name") T("C3", "Owner") T("D3", "Due"))
                    ROW("4", T("A4", "1") T("B4", "x")) ROW("6", T("A6", "2") T("B6", "y"))
                        ROW("9", T("A9", "Legend") T("B9", "z")) "</sheetData>");
    const struct block *control = office_block(&e, "Version | 1");
    const struct block *head = office_block(&e, "Id | Name | Owner | Due");

    CHECK(head != NULL && head->header && head->table != control->table);
    CHECK_INT(office_block(&e, "1 | x")->table, head->table);
    CHECK_INT(office_block(&e, "2 | y")->table, head->table);
    CHECK(office_block(&e, "Legend | z")->table != head->table);
    CHECK(!control->header);
}

TEST(wide_sheet_is_bounded)
{
    struct buf sheet = buf_new(cx->mem);

    buf_addz(&sheet, "<sheetData>");
    for (unsigned row = 1; row <= 2; row++) {
        buf_printf(&sheet, "<row r=\"%u\">", row);
        for (unsigned i = 0; i < 16384; i++)
            buf_printf(&sheet, "<c t=\"inlineStr\"><is><t>w%u</t></is></c>", i * 7919 % 16384);
        buf_addz(&sheet, "</row>");
    }
    buf_addz(&sheet, "</sheetData>");
    struct extract e = read_sheet(cx, str_z(cx->mem, buf_str(&sheet)));
    for (size_t i = 0; i < e.block_count; i++)
        CHECK(e.blocks[i].cell_count <= EXTRACT_COLUMNS);
    CHECK(str_has(e.note, "columns after 1024"));
}

static struct str shown(struct ctx *cx, const char *code, const char *number)
{
    struct xlsx_format f = xlsx_format_of(cx->mem, str_of(code));

    return xlsx_show(cx->mem, &f, str_of(number), false);
}

TEST(number_formats)
{
    CHECK_STR(shown(cx, "General", "42"), "42");
    CHECK_STR(shown(cx, "General", "0.1"), "0.1");
    CHECK_STR(shown(cx, "0.0##", "1.25"), "1.25");
    CHECK_STR(shown(cx, "0.00", "-1.005"), "-1.00");
    CHECK_STR(shown(cx, "#,##0.0", "1234.56"), "1234.6");
    CHECK_STR(shown(cx, "0.0%", "0.125"), "12.5%");
    CHECK_STR(shown(cx, "[$-409]d-mmm-yy;@", "46356"), "2026-11-30");
    CHECK_STR(shown(cx, "yyyy-mm-dd hh:mm", "46356.5"), "2026-11-30 12:00");
    CHECK_STR(shown(cx, "h:mm AM/PM", "0.75"), "18:00");
    CHECK_STR(shown(cx, "[h]:mm", "1.5"), "36:00");
    CHECK_STR(shown(cx, "[Red]0;[Blue]-0", "7"), "7");
    CHECK_STR(shown(cx, "\"v\"0.0", "1.2"), "v1.2");
    CHECK_STR(shown(cx, "0\" days\"", "30"), "30 days");
    CHECK_STR(shown(cx, "_-* #,##0.00_-", "3"), "3.00");
    CHECK_STR(shown(cx, "0.00E+00", "1500"), "1500");
    CHECK_STR(shown(cx, "# ?/?", "0.5"), "0.5");
    CHECK_STR(shown(cx, "@", "n/a"), "n/a");
    CHECK_STR(shown(cx, "dd", "1e300"), "1e+300");
}

TEST(days_of_both_calendars)
{
    struct xlsx_format f = xlsx_format_builtin(14);

    CHECK_STR(xlsx_show(cx->mem, &f, STR("1"), false), "1900-01-01");
    CHECK_STR(xlsx_show(cx->mem, &f, STR("61"), false), "1900-03-01");
    CHECK_STR(xlsx_show(cx->mem, &f, STR("0"), true), "1904-01-01");
}
