#include "extract/internal.h"
#include "tests/extract/blocks.h"

static struct extract read(struct ctx *cx, const char *text)
{
    struct extract e = {0};

    CHECK_OK(extract_bytes(cx, STR("policy.txt"), str_of(text), &e));
    return e;
}

TEST(text_headings)
{
    BLOCKS(
        read(cx, "Access policy\n=============\n\nPURPOSE AND SCOPE\n\nText here\nand more.\n\n"
                 "1. Roles\n\n1.1 General\n\nThe CISO decides.\n\nSHOUTED TEXT GOES\nON AND ON\n"),
        "H1@1 Access policy", "H1@4 PURPOSE AND SCOPE", "P0@6 Text here and more.", "H1@9 1. Roles",
        "H2@11 1.1 General", "P0@13 The CISO decides.", "P0@15 SHOUTED TEXT GOES ON AND ON");
}

TEST(text_lists)
{
    BLOCKS(read(cx, "We do:\n- one thing\n  that goes on\n- two\n  * three\n\n1. Do this.\n\n2. Do "
                    "that.\n"),
           "P0@1 We do:", "I1@2 one thing that goes on", "I1@4 two", "I2@5 three", "I1@7 Do this.",
           "I1@9 Do that.");
}

TEST(text_labels_and_columns)
{
    BLOCKS(read(cx, "Owner: CISO\nVersion: 1.0\n\nName      Role\nJane      CISO\n-----\nEnd\n"),
           "P0@1 Owner: CISO", "P0@2 Version: 1.0", "P0@4 Name Role", "P0@5 Jane CISO", "P0@7 End");
}

TEST(text_encodings)
{
    struct extract e;

    BLOCKS(read(cx, "Richtlinie f\xfcr \x84"
                    "alle\x93\r\n"),
           "P0@1 Richtlinie für „alle“");
    BLOCKS(read(cx, "Gr\xc3\xbc\xc3\x9f"
                    "e \xc3\xa4 und \xff\r\rEnde"),
           "P0@1 Grüße ä und \xef\xbf\xbd", "P0@3 Ende");
    CHECK_OK(extract_bytes(cx, STR("a.txt"), STR("\xff\xfeP\0\xfc\0\n\0\n\0=\xd8\0\xdeQ\0"), &e));
    BLOCKS(e, "P0@1 Pü", "P0@3 😀Q");
    CHECK_OK(extract_bytes(cx, STR("a.txt"), STR("\0P\0o\0l\0i\0c\0y"), &e));
    BLOCKS(e, "P0@1 Policy");
}

TEST(text_tables_with_tabs)
{
    /* Cells may go on over several lines, until the row has all its tabs. */
    BLOCKS(
        read(cx, "Our risks\nID\tRisk\tOwner\n1\tFire\nand smoke\tAnn\n2\tTheft\tBo\n3\tFlood\n"),
        "P0@1 Our risks", "R0h@2 ID | Risk | Owner", "R0@3 1 | Fire; and smoke | Ann",
        "R0@5 2 | Theft | Bo", "R0@6 3 | Flood");
    /* Labels, and lines that do not add up, are none. */
    BLOCKS(read(cx, "From:\tAnn\nTo:\tBo\nOn:\tMonday\n"), "P0@1 From: Ann", "P0@2 To: Bo",
           "P0@3 On: Monday");
    BLOCKS(read(cx, "a\tb\tc\nd\te\tf\tg\th\ni\tj\tk\n"), "P0@1 a b c", "P0@2 d e f g h",
           "P0@3 i j k");
}

TEST(text_encoded_twice)
{
    BLOCKS(read(cx, "It\xc3\xa2\xe2\x82\xac\xe2\x84\xa2s a Caf\xc3\x83\xc2\xa9, 3 "
                    "\xc3\x83\xe2\x80\x94 4\n"),
           "P0@1 It\xe2\x80\x99s a Caf\xc3\xa9, 3 \xc3\x97 4");
    /* What only looks like it stays. */
    BLOCKS(read(cx, "N\xc3\x83O e \xc3\xa2nimo, \xc3\x82ngela\n"),
           "P0@1 N\xc3\x83O e \xc3\xa2nimo, \xc3\x82ngela");
}
