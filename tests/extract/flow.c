#include "extract/internal.h"
#include "tests/harness.h"

TEST(flow_squeezes_and_repairs)
{
    struct flow flow;
    struct extract e;

    flow_init(&flow, cx);
    flow_paragraph(&flow, STR("  a\xc2\xa0\xc2\xa0 b\t\nc\xe2\x80\x8b"
                              "d\xc2\xad"
                              "e \xff f\x01 "));
    flow_paragraph(&flow, STR(" \xe2\x80\x8b \n"));
    CHECK_OK(flow_finish(&flow, EXTRACT_TEXT, &e));
    CHECK_INT(e.block_count, 1);
    CHECK_STR(e.blocks[0].text, "a b cde \xef\xbf\xbd f");
    CHECK_STR(e.note, "");
}

TEST(flow_tables_number_their_rows)
{
    struct flow flow;
    struct extract e;

    flow_init(&flow, cx);
    flow_table(&flow);
    flow_cell(&flow, 0, STR("A"));
    flow_cell(&flow, 1, STR(" "));
    flow_cell(&flow, 3, STR("B"));
    flow_row(&flow, true);
    flow_row(&flow, false); /* without cells: left out */
    flow_cell(&flow, 2, STR("x"));
    flow_cell(&flow, 2, STR("moves on"));
    flow_row(&flow, false);
    flow_paragraph(&flow, STR("between"));
    flow_cell(&flow, 0, STR("y"));
    flow_row(&flow, false);
    CHECK_OK(flow_finish(&flow, EXTRACT_CSV, &e));
    CHECK_INT(e.block_count, 4);
    CHECK_STR(e.blocks[0].text, "A | B");
    CHECK_INT(e.blocks[0].cells[1].column, 3);
    CHECK(e.blocks[0].header);
    CHECK_INT(e.blocks[1].cells[1].column, 3);
    CHECK_INT(e.blocks[1].table, 1);
    CHECK_INT(e.blocks[3].table, 2);
}

TEST(flow_notes_what_it_cuts)
{
    struct flow flow;
    struct extract e;
    struct buf big = buf_new(cx->mem);

    for (size_t i = 0; i < EXTRACT_CELL_BYTES; i++)
        buf_addz(&big, "\xc3\xa4");
    flow_init(&flow, cx);
    flow_table(&flow);
    flow_cell(&flow, 0, buf_str(&big));
    flow_cell(&flow, EXTRACT_COLUMNS, STR("too far"));
    flow_row(&flow, false);
    flow_note(&flow, "it is %s", "odd");
    flow_note(&flow, "it is %s", "odd");
    CHECK_OK(flow_finish(&flow, EXTRACT_XLSX, &e));
    CHECK_INT(e.blocks[0].cell_count, 1);
    CHECK_INT(e.blocks[0].cells[0].text.n, EXTRACT_CELL_BYTES);
    CHECK(utf8_valid(e.blocks[0].text));
    CHECK_STR(e.note,
              "The text of a cell was cut after 32768 bytes; the columns after 1024 were left "
              "out; it is odd.");
}

TEST(flow_ends_at_the_text_limit)
{
    struct flow flow;
    struct extract e;
    struct buf big = buf_new(cx->mem);

    while (big.n < EXTRACT_TEXT_BYTES / 3)
        buf_addz(&big, "word after word ");
    flow_init(&flow, cx);
    for (int i = 0; i < 5; i++)
        flow_paragraph(&flow, buf_str(&big));
    CHECK(flow_full(&flow));
    CHECK_OK(flow_finish(&flow, EXTRACT_TEXT, &e));
    CHECK_INT(e.block_count, 3);
    CHECK(str_starts(e.note, STR("It has more text than is read")));
}

TEST(flow_furniture_counts_once)
{
    struct flow flow;
    struct extract e;

    flow_init(&flow, cx);
    flow_furniture(&flow, STR("Confidential"));
    flow_furniture(&flow, STR(" Confidential "));
    flow_property(&flow, STR("Title"), STR("x"));
    flow_property(&flow, STR(""), STR("x"));
    CHECK_STR(flow_property_get(&flow, "title"), "x");
    CHECK_OK(flow_finish(&flow, EXTRACT_DOCX, &e));
    CHECK_INT(e.block_count, 2);
}
