#include "base/guard.h"
#include "tests/harness.h"

TEST(guard_puts_an_apostrophe_before_formulas)
{
    CHECK_STR(guard_cell(cx->mem, STR("=1+1")), "'=1+1");
    CHECK_STR(guard_cell(cx->mem, STR("-5")), "'-5");
    CHECK_STR(guard_cell(cx->mem, STR("\tx")), "'\tx");
    CHECK_STR(guard_cell(cx->mem, STR("\xef\xbc\x9d"
                                      "1")),
              "'\xef\xbc\x9d"
              "1");
    CHECK_STR(guard_cell(cx->mem, STR("'x")), "''x");
    CHECK_STR(guard_cell(cx->mem, STR("a=b")), "a=b");
    CHECK_STR(guard_cell(cx->mem, STR("")), "");
}

TEST(guard_comes_off_exactly)
{
    static const char *const texts[] = {"=",  "'", "''", "'=", "''=x", "-",
                                        "@a", "x", "",   "'x", "\n"};

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        CHECK_STR(guard_cell_off(guard_cell(cx->mem, str_of(texts[i]))), texts[i]);
    CHECK_STR(guard_cell_off(STR("'tis")), "'tis");
    CHECK_STR(guard_cell_off(STR("'")), "'");
}
