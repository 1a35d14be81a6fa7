#include "extract/internal.h"
#include "tests/extract/blocks.h"

static struct extract read(struct ctx *cx, const char *text)
{
    struct extract e = {0};

    CHECK_OK(extract_bytes(cx, STR("register.csv"), str_of(text), &e));
    return e;
}

TEST(csv_quotes_and_line_ends)
{
    struct extract e = read(
        cx, "\xef\xbb\xbfID,Risk,Owner\r\n1,\"a, \"\"b\"\"\r\nc\",CISO\r\n\r\n2,,CTO,extra\r3,x\r");

    BLOCKS(e, "R0h@1 ID | Risk | Owner", "R0@2 1 | a, \"b\" c | CISO", "R0@5 2 | CTO | extra",
           "R0@6 3 | x");
    CHECK_INT(e.blocks[1].place.row, 2);
    CHECK_INT(e.blocks[2].place.row, 4);
    CHECK_INT(e.blocks[2].cells[1].column, 2);
    CHECK_INT(e.blocks[3].table, 1);
}

TEST(csv_finds_the_delimiter)
{
    BLOCKS(read(cx, "Name;Due, at last\nA;1,5\nB;2,5\n"), "R0h@1 Name | Due, at last",
           "R0@2 A | 1,5", "R0@3 B | 2,5");
    BLOCKS(read(cx, "a\tb\n1\t2\n"), "R0h@1 a | b", "R0@2 1 | 2");
    BLOCKS(read(cx, "a|b\n1|2\n"), "R0h@1 a | b", "R0@2 1 | 2");
    BLOCKS(read(cx, "sep=;\r\na;b\r\n"), "R0h@2 a | b");
}

TEST(csv_header_is_the_first_row_of_words)
{
    BLOCKS(read(cx, "Risk register 2026,,\n,,\nID,Risk,Owner\n1,x,y\n"), "R0@1 Risk register 2026",
           "R0h@3 ID | Risk | Owner", "R0@4 1 | x | y");
    BLOCKS(read(cx, "1,2\n3,4\n"), "R0@1 1 | 2", "R0@2 3 | 4");
}

TEST(csv_survives_a_quote_without_end)
{
    struct extract e = read(cx, "a,b\n\"c,d\ne,f\n");

    BLOCKS(e, "R0h@1 a | b", "R0@2 \"c | d", "R0@3 e | f");
    CHECK(str_starts(e.note, STR("A quotation mark has no end")));
}

TEST(csv_cuts_rows)
{
    struct buf text = buf_new(cx->mem);
    struct extract e;

    for (unsigned i = 0; i < EXTRACT_ROWS + 10; i++)
        buf_addz(&text, "a,b\n");
    CHECK_OK(extract_bytes(cx, STR("a.csv"), buf_str(&text), &e));
    CHECK_INT(e.block_count, EXTRACT_ROWS);
    CHECK_STR(e.note, "The rows after 200000 were left out.");
}
