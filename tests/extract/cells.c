#include "extract/cells.h"
#include "tests/harness.h"

static struct str print(struct ctx *cx, const struct value *sheets)
{
    struct buf out = buf_new(cx->mem);

    value_json(&out, sheets, 0);
    return buf_str(&out);
}

TEST(cells_of_csv_stay_as_they_are)
{
    struct value *sheets;

    CHECK_OK(cells_read_csv(cx,
                            STR("\xef\xbb\xbf"
                                "A;B\r\n\" x \";\"a\r\nb\"\r\n\r\n;'=1\n"),
                            &sheets));
    CHECK_STR(print(cx, sheets), "[{\"name\":\"\",\"rows\":[[1,0,\"A\",1,\"B\"],[2,0,\" x "
                                 "\",1,\"a\\nb\"],[4,1,\"=1\"]]}]");
}

TEST(cells_name_the_row_of_a_quote_without_end)
{
    struct value *sheets;

    CHECK_RC(cells_read_csv(cx, STR("a,b\nc,\"d\n"), &sheets), RC_INVALID);
    CHECK_STR(cx->err.text, "Row 2: a quotation mark has no end.");
    CHECK_RC(cells_read(cx, STR("a.txt"), STR("a,b\n"), &sheets), RC_NOT_FOUND);
}

TEST(cells_of_what_spreadsheets_write)
{
    struct value *sheets;

    CHECK_OK(cells_read_csv(cx,
                            STR("sep=;\r\na;\xfc"
                                "ber, alles\r\n"),
                            &sheets));
    CHECK_STR(print(cx, sheets), "[{\"name\":\"\",\"rows\":[[2,0,\"a\",1,\"über, alles\"]]}]");
    CHECK_OK(cells_read_csv(cx, STR("\xff\xfe\x61\0\t\0\xfc\0\n\0"), &sheets));
    CHECK_STR(print(cx, sheets), "[{\"name\":\"\",\"rows\":[[1,0,\"a\",1,\"ü\"]]}]");
}

TEST(cells_of_workbooks_of_others)
{
    static const char *const names[] = {"tests/sets/harbourpay/registers/Risk register 2026.xlsx",
                                        "tests/sets/medlab/records/POAM.xlsx"};
    struct value *sheets;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        CHECK_OK(cells_read(cx, str_of(names[i]), test_read_file(cx, names[i]), &sheets));
        CHECK(value_count(sheets) > 0);
        CHECK(value_count(value_get(value_at(sheets, 0), "rows")) > 3);
    }
}
