#include <time.h>

#include "extract/internal.h"
#include "tests/extract/blocks.h"

static struct extract read(struct ctx *cx, const char *text)
{
    struct extract e = {0};

    CHECK_OK(extract_bytes(cx, STR("policy.md"), str_of(text), &e));
    return e;
}

TEST(markdown_front_matter)
{
    BLOCKS(read(cx, "---\ntitle: \"Access: policy\"\ntags: [a, 'b']\nowners:\n  - CISO # who\n"
                    "  - CTO\ntext: >\n  more\n  words\n---\n# A\n"),
           "=0@2 title=Access: policy", "=0@3 tags=a, b", "=0@4 owners=CISO, CTO",
           "=0@7 text=more words", "H1@11 A");
}

TEST(markdown_front_matter_without_its_first_line)
{
    BLOCKS(read(cx, "name: Access Policy\nsatisfies:\n  TSC:\n    - CC6.1\n    - CC6.2\n"
                    "majorRevisions:\n  - date: Jun 1\n    comment: Initial\n---\n# A\n"),
           "=0@1 name=Access Policy", "=0@2 satisfies=TSC: CC6.1, CC6.2",
           "=0@6 majorRevisions=date: Jun 1, comment: Initial", "H1@10 A");
}

TEST(markdown_rules_are_no_front_matter)
{
    BLOCKS(read(cx, "---\nJust a sentence.\n\n---\nB\n"), "P0@2 Just a sentence.", "P0@5 B");
}

TEST(markdown_label_lines_stay_apart)
{
    BLOCKS(read(cx, "**Version:** 1.0  \n**Approved by:** CEO\n\n"
                    "> **Document control**  \n> Owner: [ROLE]  \n> Version: 2\n\n"
                    "Organization: Acme\nLocation: Bonn\n\nWrapped text about\nNote: nothing\n"
                    "more than that.\n"),
           "P0@1 Version: 1.0", "P0@2 Approved by: CEO", "P0@4 Document control",
           "P0@5 Owner: [ROLE]", "P0@6 Version: 2", "P0@8 Organization: Acme",
           "P0@9 Location: Bonn", "P0@11 Wrapped text about Note: nothing more than that.");
}

TEST(markdown_headings_of_all_sorts)
{
    BLOCKS(read(cx,
                "##5 Foo\n\n**Bold one**\n\n**Owner: me**\n\n**A sentence.**\n\nTitle\n===\n\n"
                "It was a long sentence.\n---\n\n1. Purpose\n\nText.\n\n```\n# no heading\n```\n"),
           "H2@1 5 Foo", "H7@3 Bold one", "P0@5 Owner: me", "P0@7 A sentence.", "H1@9 Title",
           "P0@12 It was a long sentence.", "H7@15 Purpose", "P0@17 Text.", "C0@20 # no heading");
}

TEST(markdown_names_one_a_line)
{
    BLOCKS(
        read(cx,
             "[Access Policy](a.md)\n[Backup Policy](b.md)\n[Log Policy](c.md)\n\nAll follow the\n"
             "Access Policy\nthat applies\n"),
        "P0@1 Access Policy", "P0@2 Backup Policy", "P0@3 Log Policy",
        "P0@5 All follow the Access Policy that applies");
}

TEST(markdown_tags_that_format)
{
    BLOCKS(read(cx, "<b>Scope</b>\n\nNew <del>old</del> text\n\nTitle of\ntwo "
                    "lines\n=========\n\n- [ ] \n\nEnd\n"),
           "H7@1 Scope", "P0@3 New text", "P0~@3 old", "H1@5 Title of two lines", "P0@11 End");
}

TEST(markdown_lists)
{
    BLOCKS(read(cx,
                "Lead-in:\n\n- one\n  - two\n    1. three\n- [ ] open\n- [x] done\n\n  More.\n\n"
                "a. First\n\n    i. Second\n\n* [Only a link](x.md)\n"),
           "P0@1 Lead-in:", "I1@3 one", "I2@4 two", "I3@5 three", "I1@6 [ ] open", "I1@7 [x] done",
           "I1@9 More.", "I1@11 First", "I2@13 Second", "I1@15 Only a link");
}

TEST(markdown_tables)
{
    struct extract e =
        read(cx, "A | B\n--|--\n1 | 2 | 3\n| | 5\n\n|x|y|z|\n|-|-|\n|1|2|3|\n\n"
                 "+---+----+\n| a | b  |\n|   | c  |\n+===+====+\n| d | e  |\n+---+----+\n");

    BLOCKS(e, "R0h@1 A | B", "R0@3 1 | 2 | 3", "R0@4 5", "R0h@6 x | y | z", "R0@8 1 | 2 | 3",
           "R0h@11 a | b c", "R0@14 d | e");
    CHECK_INT(e.blocks[1].cells[2].column, 2);
    CHECK_INT(e.blocks[2].cells[0].column, 1);
    CHECK_INT(e.blocks[3].table, 2);
}

TEST(markdown_html_within)
{
    BLOCKS(read(cx, "Call <Business Name> or <Title> <b>now</b> &amp; &nbsp;&#8211; x\n\n<table>\n"
                    "<tr><th>A</th><th>B</th></tr>\n\n<tr><td>1</td>\n<td>2</td></tr>\n</table>\n\n"
                    "<!-- remark -->\n\n<Company Name>\n\n![logo](x.png) ~~old~~ new\n\n"
                    "import X from 'y'\n"),
           "P0@1 Call <Business Name> or <Title> now & – x", "R0h@4 A | B", "R0@6 1 | 2",
           "P0@12 <Company Name>", "P0@14 new", "P0~@14 old");
}

TEST(markdown_drawn_trees_and_typed_bullets)
{
    BLOCKS(read(cx, "CEO\n├── CISO\n│   └── Analyst\n\nDo this:\n• one\n• two\n"), "P0@1 CEO",
           "I1@2 CISO", "I1@3 Analyst", "P0@5 Do this:", "I1@6 one", "I1@7 two");
}

TEST(markdown_bounds)
{
    struct buf text = buf_new(cx->mem);

    for (int i = 0; i < 200000; i++)
        buf_addz(&text, "words ");
    buf_addz(&text, "\n\n");
    for (int i = 0; i < 2000; i++)
        buf_addz(&text, "> ");
    buf_addz(&text, "deep\n\n");
    for (int i = 0; i < 300; i++)
        buf_printf(&text, "%*s- x\n", i * 2, "");
    struct extract e = read(cx, str_z(cx->mem, buf_str(&text)));
    CHECK(e.block_count > 200);
    CHECK_INT(e.blocks[0].text.n, 200000 * 6 - 1);
    CHECK_STR(block_text(cx, &e, 1), "P0@3 deep");
}

/* A line of quote marks costs no more than a line of anything else. */
TEST(markdown_deep_quotes_take_no_time)
{
    struct buf text = buf_new(cx->mem);
    clock_t began = clock();

    for (int i = 0; i < 50000; i++)
        buf_addz(&text, i < 25000 ? ">" : "> ");
    buf_addz(&text, "deep\n\n> > two\n\na > b >> c\n");
    struct extract e = read(cx, str_z(cx->mem, buf_str(&text)));
    CHECK_STR(block_text(cx, &e, 0), "P0@1 deep");
    CHECK_STR(block_text(cx, &e, 1), "P0@3 two");
    CHECK_STR(block_text(cx, &e, 2), "P0@5 a > b >> c");
    CHECK(clock() - began < CLOCKS_PER_SEC / 2);
}

TEST(markdown_tables_with_tabs)
{
    BLOCKS(read(cx, "# Plan\n\nBelow:\nID\tRisk\tOwner\n1\tFire\nand smoke\tAnn\n2\tTheft\tBo\n"),
           "H1@1 Plan", "P0@3 Below:", "R0h@4 ID | Risk | Owner", "R0@5 1 | Fire; and smoke | Ann",
           "R0@7 2 | Theft | Bo");
}

TEST(markdown_tables_drawn_with_dashes)
{
    BLOCKS(read(cx,
                "# Backup {#backup .Green}\n\n  ---------------------------\n  Version   Who\n"
                "  --------- -----------------\n  0.1       **Head** of\n            Security\n\n"
                "  1.0       Caf\xc3\xa9 & Bar\n  ---------------------------\n\nEnd.\n"),
           "H1@1 Backup", "R0h@4 Version | Who", "R0@6 0.1 | Head of Security",
           "R0@9 1.0 | Caf\xc3\xa9 & Bar", "P0@12 End.");
    BLOCKS(read(cx, "Risk    Owner\n------- ------\nFire    Ann\nTheft   Bo\n\nEnd.\n"),
           "R0h@1 Risk | Owner", "R0@3 Fire | Ann", "R0@4 Theft | Bo", "P0@6 End.");
    /* Rules and code are none. */
    BLOCKS(read(cx, "One\n\n----------\n\nTwo\n\n```\na    b\n---- ----\nc    d\n```\n"),
           "P0@1 One", "P0@5 Two", "C0@8 a b ---- ---- c d");
}

TEST(markdown_charts_of_steps)
{
    BLOCKS(read(cx, "Discovery\n\xe2\x86\x93\nScan of all hosts\n\xe2\x86\x93\nRepair\n"),
           "I1@1 Discovery", "I1@3 Scan of all hosts", "I1@5 Repair");
}

TEST(markdown_taken_for_text)
{
    BLOCKS(read(cx, "\\# Restore test\n\n\n\n\\*\\*Owner:\\*\\* Ann\n\n\n\n\\## Results\n\n\n\n| "
                    "Test | Result "
                    "|\n\n|---|---|\n\n| Ledger | Pass |\n\n| Mail | Fail |\n\n\n\nEnd\\.\n"),
           "H1@1 Restore test", "P0@5 Owner: Ann", "H2@9 Results", "R0h@13 Test | Result",
           "R0@17 Ledger | Pass", "R0@19 Mail | Fail", "P0@23 End.");
}
