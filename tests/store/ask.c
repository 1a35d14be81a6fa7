/* Statements with their values in one call. */
#include "store/ask.h"

#include "tests/stores.h"

static void fill(struct ctx *cx, struct store *store)
{
    stores_tables(cx, store, "CREATE TABLE t (n INTEGER PRIMARY KEY, a TEXT, b TEXT) STRICT");
    CHECK_OK(store_run(cx, store, "INSERT INTO t (a, b) VALUES (:a, :b)", BIND("a", STR("")),
                       BIND_OR_NULL("b", STR_NONE)));
    CHECK_OK(store_run(cx, store, "INSERT INTO t (a, b) VALUES (:a, :b)", BIND("a", STR("x")),
                       BIND_OR_NULL("b", STR("y"))));
}

STORE_TEST(store_run_binds_texts_numbers_and_null)
{
    int64_t n = 0;

    fill(cx, store);
    CHECK_OK(store_int(cx, store, "SELECT count(*) FROM t WHERE a = '' AND b IS NULL", &n));
    CHECK_INT(n, 1);
    CHECK_OK(store_int(cx, store, "SELECT n FROM t WHERE n > :n AND a = :a", &n, BIND("n", 1),
                       BIND("a", STR("x"))));
    CHECK_INT(n, 2);
    CHECK_RC(store_run(cx, store, "DELETE FROM t", BIND("c", STR("z"))), RC_INVALID);
}

STORE_TEST(store_text_gives_the_first_of_what_is_there)
{
    struct value *list = NULL;
    struct str text = STR("-");
    int64_t n = -1;
    bool has = true;

    fill(cx, store);
    CHECK_OK(store_text(cx, store, "SELECT b FROM t ORDER BY n DESC", &text));
    CHECK_STR(text, "y");
    CHECK_OK(store_text(cx, store, "SELECT b FROM t WHERE a = :a", &text, BIND("a", STR("z"))));
    CHECK_STR(text, "");
    CHECK_OK(store_int(cx, store, "SELECT n FROM t WHERE n > :n", &n, BIND("n", 7)));
    CHECK_INT(n, 0);
    CHECK_OK(store_has(cx, store, "SELECT 1 FROM t WHERE n > :n", &has, BIND("n", 7)));
    CHECK(!has);
    CHECK_OK(store_list(cx, store, "SELECT n, a, b FROM t ORDER BY n", &list));
    CHECK_INT(value_count(list), 2);
    CHECK_STR(value_get_text(value_at(list, 1), "a"), "x");
}
