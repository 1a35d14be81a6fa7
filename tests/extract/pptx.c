#include "tests/extract/blocks.h"
#include "tests/extract/office.h"

#define P_HEAD                                                                                     \
    "xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" "                      \
    "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" "                           \
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" "             \
    "xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\""
#define PARA(text) "<a:p><a:r><a:t>" text "</a:t></a:r></a:p>"
#define SHAPE(ph, paras)                                                                           \
    "<p:sp><p:nvSpPr><p:nvPr>" ph "</p:nvPr></p:nvSpPr><p:txBody>" paras "</p:txBody></p:sp>"
#define SLIDE(shapes) "<p:sld " P_HEAD "><p:cSld><p:spTree>" shapes "</p:spTree></p:cSld></p:sld>"
#define CELL(attrs, text) "<a:tc " attrs "><a:txBody>" PARA(text) "</a:txBody></a:tc>"
#define MAX_PARTS 8u

/* Slides "ppt/slides/1.xml" and so on, with further parts. */
static struct extract read(struct ctx *cx, const char *const *slides, size_t n,
                           const struct office_part *more, size_t more_n)
{
    struct office_part parts[MAX_PARTS];
    struct buf ids = buf_new(cx->mem), rels = buf_new(cx->mem);
    struct extract e = {0};
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        buf_printf(&ids, "<p:sldId id=\"%zu\" r:id=\"s%zu\"/>", i + 256, i);
        buf_printf(&rels, "<Relationship Id=\"s%zu\" Type=\"x/slide\" Target=\"slides/%zu.xml\"/>",
                   i, i + 1);
        parts[count++] = (struct office_part){str_printf(cx->mem, "ppt/slides/%zu.xml", i + 1).p,
                                              str_of(slides[i])};
    }
    parts[count++] = (struct office_part){
        "ppt/presentation.xml",
        str_printf(cx->mem,
                   "<p:presentation " P_HEAD "><p:sldIdLst>%.*s</p:sldIdLst></p:presentation>",
                   STR_ARG(buf_str(&ids)))};
    parts[count++] = (struct office_part){
        "ppt/_rels/presentation.xml.rels",
        str_printf(cx->mem, OFFICE_RELS_HEAD "%.*s</Relationships>", STR_ARG(buf_str(&rels)))};
    for (size_t i = 0; i < more_n; i++)
        parts[count++] = more[i];
    CHECK_OK(extract_bytes(cx, STR("deck.pptx"), office_zip(cx, parts, count), &e));
    CHECK_INT(e.format, EXTRACT_PPTX);
    return e;
}

TEST(pptx_titles_first_then_text_in_order)
{
    const char *const slides[] = {
        SLIDE(SHAPE("<p:ph type=\"subTitle\"/>", PARA("For all staff"))
                  SHAPE("<p:ph type=\"ctrTitle\"/>", PARA("Security training 2026"))),
        SLIDE(SHAPE("<p:ph type=\"title\"/>", PARA("Passwords"))
                  SHAPE("<p:ph idx=\"1\"/>",
                        PARA("Fourteen characters") "<a:p><a:pPr lvl=\"1\"/>"
                                                    "<a:r><a:t>three "
                                                    "</a:t></a:r><a:r><a:t>words</a:t></a:r></a:p>")
                      SHAPE("", PARA("Ask the service desk."))
                          SHAPE("<p:ph type=\"ftr\"/>", PARA("Confidential"))
                              SHAPE("<p:ph type=\"sldNum\"/>", PARA("2"))),
    };
    struct extract e = read(cx, slides, 2, NULL, 0);

    BLOCKS(e, "H1@0 Security training 2026", "P0@0 For all staff", "H2@0 Passwords",
           "I1@0 Fourteen characters", "I2@0 three words", "P0@0 Ask the service desk.",
           "F0@0 Confidential");
    CHECK_INT(e.blocks[1].place.page, 1);
    CHECK_INT(e.blocks[3].place.page, 2);
}

TEST(pptx_tables_notes_and_hidden_slides)
{
    static const struct office_part more[] = {
        {"ppt/slides/_rels/1.xml.rels",
         {OFFICE_RELS_HEAD
          "<Relationship Id=\"n\" Type=\"x/notesSlide\" Target=\"../notes/1.xml\"/>"
          "</Relationships>",
          sizeof OFFICE_RELS_HEAD "<Relationship Id=\"n\" Type=\"x/notesSlide\" "
                                  "Target=\"../notes/1.xml\"/></Relationships>" -
              1}},
        {"ppt/notes/1.xml",
         {"<p:notes " P_HEAD "><p:cSld><p:spTree>" SHAPE("<p:ph type=\"sldImg\"/>", "")
              SHAPE("<p:ph type=\"body\" idx=\"1\"/>", PARA("Say it slowly."))
                  SHAPE("<p:ph type=\"sldNum\"/>", PARA("1")) "</p:spTree></p:cSld></p:notes>",
          sizeof "<p:notes " P_HEAD "><p:cSld><p:spTree>" SHAPE("<p:ph type=\"sldImg\"/>", "")
                  SHAPE("<p:ph type=\"body\" idx=\"1\"/>", PARA("Say it slowly."))
                      SHAPE("<p:ph type=\"sldNum\"/>", PARA("1")) "</p:spTree></p:cSld></p:notes>" -
              1}},
    };
    const char *const slides[] = {
        SLIDE(SHAPE("<p:ph type=\"title\"/>",
                    PARA("Risks")) "<p:graphicFrame><a:tbl><a:tblPr "
                                   "firstRow=\"1\"/><a:tr>" CELL("", "Risk") CELL(
                                       "", "Owner") "</a:tr><a:tr>" CELL("gridSpan=\"2\"", "Fire")
                                       CELL("hMerge=\"1\"", "") "</a:tr><a:tr>" CELL("", "Theft")
                                           CELL("", "Ann") "</a:tr></a:tbl></p:graphicFrame>"),
        "<p:sld show=\"0\" " P_HEAD
        "><p:cSld><p:spTree>" SHAPE("", PARA("Secret")) "</p:spTree></p:cSld></p:sld>",
    };
    struct extract e = read(cx, slides, 2, more, COUNT_OF(more));

    BLOCKS(e, "H1@0 Risks", "R0h@0 Risk | Owner", "R0@0 Fire", "R0@0 Theft | Ann",
           "P0@0 aside=Say it slowly.");
    CHECK(str_has(e.note, "hidden"));
}

TEST(pptx_damage_is_no_crash)
{
    static const char *const slides[] = {SLIDE(SHAPE("", PARA("Whole"))), "<p:sld"};
    struct extract e = read(cx, slides, 2, NULL, 0);

    CHECK(office_block(&e, "Whole") != NULL);
    CHECK(e.note.n > 0);
}
