#include "base/pack.h"
#include "tests/harness.h"

static struct value *tree(struct arena *mem)
{
    struct value *map = value_map(mem), *list = value_list(mem);

    value_push(list, value_int(mem, -7));
    value_push(list, value_decimal(mem, 1250));
    value_push(list, value_bool(mem, true));
    value_push(list, value_null(mem));
    value_push(list, value_text(mem, STR("a \"text\"\n\xc3\xa9")));
    value_push(list, value_map(mem));
    value_set(map, "list", list);
    value_set_int(map, "big", INT64_MIN);
    value_set_bool(map, "no", false);
    return map;
}

static struct str packed(struct arena *mem, const struct value *v)
{
    struct buf out = buf_new(mem);

    value_pack(&out, v);
    return buf_str(&out);
}

TEST(pack_gives_the_same_tree_back)
{
    struct value *v = tree(cx->mem), *back = NULL;
    struct buf one = buf_new(cx->mem), two = buf_new(cx->mem);

    CHECK_OK(value_unpack(cx, packed(cx->mem, v), &back));
    value_json(&one, v, 0);
    value_json(&two, back, 0);
    CHECK(str_eq(buf_str(&one), buf_str(&two)));
}

TEST(unpack_refuses_every_cut)
{
    struct str bytes = packed(cx->mem, tree(cx->mem));
    struct value *back = NULL;

    for (size_t n = 0; n < bytes.n; n++)
        CHECK_RC(value_unpack(cx, str_sub(bytes, 0, n), &back), RC_INVALID);
    CHECK(back == NULL);
}

TEST(unpack_refuses_what_pack_would_not_write)
{
    struct value *back = NULL;

    CHECK_RC(value_unpack(cx, STR("x"), &back), RC_INVALID);
    CHECK_RC(value_unpack(cx, STR("nn"), &back), RC_INVALID);
    CHECK_RC(value_unpack(cx, STR("s\xff\xff\xff\xff"), &back), RC_INVALID);
    CHECK_RC(value_unpack(cx, STR("l\xff\xff\xff\xffn"), &back), RC_INVALID);
    CHECK_RC(value_unpack(cx, STR("m\2\0\0\0\1\0\0\0an\1\0\0\0an"), &back), RC_INVALID);
    CHECK_RC(value_unpack(cx, STR("m\1\0\0\0\1\0\0\0\0n"), &back), RC_INVALID);
}

TEST(unpack_bounds_depth)
{
    struct value *v = value_null(cx->mem), *back = NULL;

    for (unsigned i = 0; i < PACK_DEPTH; i++) {
        struct value *list = value_list(cx->mem);

        value_push(list, v);
        v = list;
    }
    CHECK_OK(value_unpack(cx, packed(cx->mem, v), &back));
    struct value *over = value_list(cx->mem);

    value_push(over, v);
    CHECK_RC(value_unpack(cx, packed(cx->mem, over), &back), RC_INVALID);
}
