#include "base/nearest.h"
#include "tests/harness.h"

TEST(nearest_counts_changes)
{
    CHECK_INT(nearest_distance(STR("stage1"), STR("stage1")), 0);
    CHECK_INT(nearest_distance(STR("Stage1"), STR("stage1")), 0);
    CHECK_INT(nearest_distance(STR("stge1"), STR("stage1")), 1);
    CHECK_INT(nearest_distance(STR("satge1"), STR("stage1")), 1);
    CHECK_INT(nearest_distance(STR(""), STR("abc")), 3);
    CHECK_INT(nearest_distance(STR("abc"), STR("")), 3);
    CHECK_INT(nearest_distance(STR("kitten"), STR("sitting")), 3);
}

TEST(nearest_does_not_run_over_long_words)
{
    struct buf out = buf_new(cx->mem);

    for (int i = 0; i < 1000; i++)
        buf_char(&out, 'a');
    CHECK_INT(nearest_distance(buf_str(&out), STR("aaa")), 1000);
}

TEST(nearest_offers_only_what_is_likely)
{
    static const char *const words[] = {"explain", "stage1", "standards", NULL};

    CHECK_STR(str_of(nearest_word(STR("explian"), words)), "explain");
    CHECK_STR(str_of(nearest_word(STR("standard"), words)), "standards");
    CHECK(nearest_word(STR("audit"), words) == NULL);
    CHECK(nearest_word(STR(""), words) == NULL);
}
