#include "base/value.h"
#include "tests/harness.h"

TEST(value_map_with_room_takes_more_keys_than_it_was_made_for)
{
    static const char *const keys[] = {"a", "b", "c", "d", "e"};
    struct value *map = value_map_room(cx->mem, 2), *none = value_map_room(cx->mem, 0);

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        value_set_int(map, keys[i], (int64_t)i);
    value_set(map, "b", NULL);
    value_set_text(none, "x", STR("y"));
    CHECK_INT(value_count(map), COUNT_OF(keys));
    CHECK_INT(value_get_int(map, "e", -1), 4);
    CHECK(value_type(value_get(map, "b")) == VALUE_NULL);
    CHECK_STR(value_key_at(map, 1), "b");
    CHECK_STR(value_get_text(none, "x"), "y");
}

/* Nothing is a value like another: it is there, and may be replaced. */
TEST(value_list_holds_nothing)
{
    struct value *list = value_list(cx->mem);
    struct buf out = buf_new(cx->mem);

    for (size_t i = 0; i < 20; i++)
        value_push(list, i % 2 == 0 ? NULL : value_bool(cx->mem, true));
    CHECK_INT(value_count(list), 20);
    CHECK(value_at(list, 0) != NULL && value_type(value_at(list, 0)) == VALUE_NULL);
    CHECK(value_at(list, 20) == NULL);
    CHECK_INT(value_key_at(list, 0).n, 0);
    value_json(&out, list, 0);
    CHECK(str_starts(buf_str(&out), STR("[null,true,null,")));
}

TEST(value_copies_stand_alone)
{
    struct value *map = value_map(cx->mem), *list = value_list(cx->mem);

    value_push(list, value_text(cx->mem, STR("x")));
    value_set(map, "list", list);
    value_set(map, "none", NULL);
    struct value *copy = value_copy(cx->mem, map);

    value_push(list, value_int(cx->mem, 1));
    value_set_int(copy, "more", 2);
    CHECK_INT(value_count(value_get(copy, "list")), 1);
    CHECK_INT(value_count(map), 2);
    CHECK_INT(value_count(copy), 3);
}

static int by_number(const void *a, const void *b)
{
    int64_t x = value_as_int(*(struct value *const *)a, 0),
            y = value_as_int(*(struct value *const *)b, 0);

    return (x > y) - (x < y);
}

TEST(value_sort_orders_a_list)
{
    struct value *list = value_list(cx->mem);
    static const int64_t numbers[] = {3, 1, 2};

    value_sort(list, by_number);
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        value_push(list, value_int(cx->mem, numbers[i]));
    value_sort(list, by_number);
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        CHECK_INT(value_as_int(value_at(list, i), 0), (int64_t)i + 1);
}
