/* Statements: values as they come back, rows that are not read at once. */
#include "tests/stores.h"

#include <malloc.h>

static int64_t number(struct ctx *cx, struct store *store, const char *sql)
{
    bool row = false;
    STMT(s);

    CHECK_OK(store_prepare(cx, store, str_of(sql), &s));
    if (s)
        CHECK_OK(stmt_step(cx, s, &row));
    return row ? stmt_int(s, 0) : -1;
}

/* The first column of all rows, joined by blanks. */
static struct str column(struct ctx *cx, struct store *store, const char *sql)
{
    struct buf out = buf_new(cx->mem);
    bool row = true;
    STMT(s);

    CHECK_OK(store_prepare(cx, store, str_of(sql), &s));
    while (s && row) {
        int rc = stmt_step(cx, s, &row);

        CHECK_OK(rc);
        if (rc < 0 || !row)
            break;
        struct str text = stmt_is_null(s, 0) ? STR("null") : stmt_text(cx->mem, s, 0);
        buf_printf(&out, "%s%.*s", out.n ? " " : "", STR_ARG(text));
    }
    return buf_str(&out);
}

static void add(struct ctx *cx, struct store *store, int64_t n, struct str text)
{
    STMT(s);

    CHECK_OK(store_prepare(cx, store, STR("INSERT INTO t (n, s) VALUES (:n, :s)"), &s));
    if (!s)
        return;
    CHECK_OK(stmt_bind_int(cx, s, "n", n));
    CHECK_OK(stmt_bind_text(cx, s, "s", text));
    CHECK_OK(stmt_run(cx, s));
}

static void make(struct ctx *cx, struct store *store)
{
    stores_tables(cx, store, "CREATE TABLE t (n INTEGER, s TEXT) STRICT");
}

static void comes_back(struct ctx *cx, struct store *store, struct str text)
{
    bool row = false;
    STMT(s);

    CHECK_OK(store_exec(cx, store, "delete", STR("DELETE FROM t")));
    add(cx, store, 1, text);
    CHECK_OK(store_prepare(cx, store, STR("SELECT s FROM t WHERE s = :s"), &s));
    if (!s)
        return;
    CHECK_OK(stmt_bind_text(cx, s, "s", text));
    CHECK_OK(stmt_step(cx, s, &row));
    CHECK(row && str_eq(stmt_text(cx->mem, s, 0), text));
}

STORE_TEST(texts_of_every_plane_come_back)
{
    struct buf all = buf_new(cx->mem);

    make(cx, store);
    comes_back(cx, store, STR(""));
    comes_back(cx, store, STR("'\"\\ :x $1 ?\t\n%_"));
    for (uint32_t plane = 0; plane <= 16; plane++)
        for (uint32_t code = plane ? 0 : 1; code <= 0xffff;
             code += plane || code > 0x3000 ? 251 : 1)
            if (plane || code < 0xd800 || code > 0xdfff)
                buf_code(&all, plane << 16 | code);
    for (uint32_t plane = 0; plane <= 16; plane++)
        buf_code(&all, plane << 16 | 0xffff); /* no character, and yet valid */
    comes_back(cx, store, buf_str(&all));
}

STORE_TEST(texts_of_ten_megabytes_come_back)
{
    struct buf large = buf_new(cx->mem);

    make(cx, store);
    for (unsigned i = 0; large.n < 10u << 20; i++)
        buf_printf(&large, "%u \xc3\xa4 \xf0\x9f\x94\x92\n", i);
    comes_back(cx, store, buf_str(&large));
}

STORE_TEST(texts_that_one_database_would_refuse_are_refused_by_both)
{
    STMT(s);

    make(cx, store);
    CHECK_OK(store_prepare(cx, store, STR("INSERT INTO t (s) VALUES (:s)"), &s));
    if (!s)
        return;
    CHECK_RC(stmt_bind_text(cx, s, "s", STR("a\0b")), RC_INVALID);
    CHECK_STR(cx->err.text, "The text for :s holds a NUL character");
    CHECK_RC(stmt_bind_text(cx, s, "s", STR("a\xff")), RC_INVALID);
    CHECK_RC(stmt_bind_text(cx, s, "s", STR("\xed\xa0\x80")), RC_INVALID); /* half of a pair */
    CHECK_RC(stmt_bind_text(cx, s, "s", STR("\xf4\x90\x80\x80")), RC_INVALID);
    CHECK_OK(stmt_bind_text(cx, s, "s", STR("ab")));
    CHECK_OK(stmt_run(cx, s));
    CHECK_STR(column(cx, store, "SELECT s FROM t"), "ab");
}

STORE_TEST(numbers_of_64_bits_come_back)
{
    bool row = false;
    STMT(s);

    make(cx, store);
    add(cx, store, INT64_MAX, STR("most"));
    add(cx, store, INT64_MIN, STR("least"));
    CHECK_OK(
        store_prepare(cx, store, STR("SELECT n, sum(n), s FROM t GROUP BY n, s ORDER BY n"), &s));
    if (!s)
        return;
    CHECK_OK(stmt_step(cx, s, &row));
    CHECK(row && stmt_int(s, 0) == INT64_MIN);
    CHECK_OK(stmt_step(cx, s, &row));
    struct value *map = stmt_row(cx->mem, s);

    CHECK(value_get_int(map, "n", 0) == INT64_MAX);
    CHECK(value_get_int(map, "sum(n)", 0) == INT64_MAX ||
          value_get_int(map, "sum", 0) == INT64_MAX);
    CHECK_STR(value_get_text(map, "s"), "most");
}

STORE_TEST(values_have_the_types_of_the_header)
{
    bool row = false;
    STMT(s);

    make(cx, store);
    add(cx, store, 7, STR("x"));
    CHECK_OK(store_prepare(cx, store,
                           STR("SELECT n = 7 AS yes, n = 8 AS no, 1 AS one, s AS t, n || '' AS d, "
                               "NULL AS empty, count(*) AS c, round(2.5) AS r "
                               "FROM t GROUP BY n, s"),
                           &s));
    if (!s)
        return;
    CHECK_OK(stmt_step(cx, s, &row));
    struct value *map = stmt_row(cx->mem, s);
    static const char *const NUMBERS[] = {"yes", "no", "one", "c"};

    for (size_t i = 0; i < COUNT_OF(NUMBERS); i++)
        CHECK_INT(value_type(value_get(map, NUMBERS[i])), VALUE_INT);
    CHECK_INT(value_get_int(map, "yes", 9), 1);
    CHECK_INT(value_get_int(map, "no", 9), 0);
    CHECK_INT(value_type(value_get(map, "t")), VALUE_TEXT);
    CHECK_STR(value_get_text(map, "d"), "7");
    CHECK_INT(value_type(value_get(map, "empty")), VALUE_NULL);
    CHECK(!stmt_is_null(s, 7));
    CHECK_INT(stmt_int(s, 4), 7); /* of a text, the number that it begins with */
}

STORE_TEST(parameters_are_null_until_they_are_bound)
{
    STMT(s);

    make(cx, store);
    CHECK_OK(store_prepare(cx, store, STR("INSERT INTO t (n, s) VALUES (:n, :s)"), &s));
    if (!s)
        return;
    CHECK_OK(stmt_bind_int(cx, s, "n", 1));
    CHECK_OK(stmt_bind_text_or_null(cx, s, "s", STR_NONE));
    CHECK_OK(stmt_run(cx, s));
    CHECK_OK(stmt_bind_text(cx, s, "s", STR("two")));
    CHECK_OK(stmt_run(cx, s));
    CHECK_STR(column(cx, store, "SELECT s FROM t ORDER BY n NULLS LAST"), "null two");
    CHECK_STR(column(cx, store, "SELECT n FROM t ORDER BY n NULLS FIRST"), "null 1");
}

STORE_TEST(texts_are_ordered_by_their_bytes)
{
    make(cx, store);
    add(cx, store, 1, STR("a"));
    add(cx, store, 2, STR("B"));
    add(cx, store, 3, STR("\xc3\xa4"));
    add(cx, store, 4, STR("_"));
    add(cx, store, 5, STR("b"));
    CHECK_STR(column(cx, store, "SELECT s FROM t ORDER BY s"), "B _ a b \xc3\xa4");
    CHECK_STR(column(cx, store, "SELECT s FROM t WHERE s < 'a' ORDER BY s DESC"), "_ B");
    CHECK_STR(column(cx, store, "SELECT lower(s) FROM t ORDER BY lower(s), n"), "_ a b b \xc3\xa4");
}

static void fill(struct ctx *cx, struct store *store, const char *rows)
{
    struct str sql = str_printf(cx->mem,
                                "INSERT INTO t WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT "
                                "n + 1 FROM r WHERE n < %s) SELECT n, 'row ' || n FROM r",
                                rows);

    make(cx, store);
    CHECK_OK(store_exec(cx, store, "fill", sql));
}

static void interleave(struct ctx *cx, struct store *store)
{
    bool outer = true, inner;
    int64_t sum = 0, rows = 0;
    STMT(all);
    STMT(one);

    CHECK_OK(store_prepare(cx, store, STR("SELECT n FROM t ORDER BY n"), &all));
    CHECK_OK(store_prepare(cx, store, STR("SELECT s FROM t WHERE n = :n"), &one));
    if (!all || !one)
        return;
    for (; outer; rows++) {
        CHECK_OK(stmt_step(cx, all, &outer));
        if (!outer)
            break;
        CHECK_OK(stmt_bind_int(cx, one, "n", stmt_int(all, 0)));
        CHECK_OK(stmt_step(cx, one, &inner));
        CHECK(inner && str_eq(stmt_text(cx->mem, one, 0),
                              str_printf(cx->mem, "row %lld", (long long)stmt_int(all, 0))));
        sum += stmt_int(all, 0);
        stmt_reset(one);
    }
    CHECK_INT(rows, 200);
    CHECK_INT(sum, 200 * 201 / 2);
}

static int interleave_in(struct ctx *cx, struct store *store)
{
    TX(tx, cx, store);
    interleave(cx, store);
    return tx_commit(cx, &tx);
}

STORE_TEST(statements_run_beside_one_that_is_being_read)
{
    fill(cx, store, "200");
    interleave(cx, store);
    CHECK_OK(interleave_in(cx, store));
}

STORE_TEST(statements_with_the_same_text_do_not_disturb_one_another)
{
    bool row = false;
    STMT(a);
    STMT(b);

    fill(cx, store, "5");
    CHECK_OK(store_prepare(cx, store, STR("SELECT n FROM t WHERE n > :n ORDER BY n"), &a));
    CHECK_OK(store_prepare(cx, store, STR("SELECT n FROM t WHERE n > :n ORDER BY n"), &b));
    if (!a || !b)
        return;
    CHECK_OK(stmt_bind_int(cx, a, "n", 0));
    CHECK_OK(stmt_bind_int(cx, b, "n", 3));
    CHECK_OK(stmt_step(cx, a, &row));
    CHECK_OK(stmt_step(cx, b, &row));
    CHECK_INT(stmt_int(a, 0), 1);
    CHECK_INT(stmt_int(b, 0), 4);
    stmt_freep(&a);
    CHECK_OK(stmt_step(cx, b, &row));
    CHECK_INT(stmt_int(b, 0), 5);
    CHECK_OK(stmt_step(cx, b, &row));
    CHECK(!row);
    CHECK_OK(stmt_step(cx, b, &row)); /* and again from the beginning */
    CHECK(row && stmt_int(b, 0) == 4);
}

STORE_TEST(statements_that_are_not_read_to_the_end_leave_nothing_behind)
{
    bool row = false;
    STMT(s);

    fill(cx, store, "2000");
    CHECK_OK(store_prepare(cx, store, STR("SELECT n FROM t ORDER BY n"), &s));
    if (!s)
        return;
    CHECK_OK(stmt_step(cx, s, &row));
    CHECK_INT(number(cx, store, "SELECT count(*) FROM t"), 2000);
    CHECK_OK(stmt_step(cx, s, &row));
    CHECK_INT(stmt_int(s, 0), 2);
    stmt_reset(s);
    CHECK_OK(stmt_step(cx, s, &row));
    CHECK_INT(stmt_int(s, 0), 1);
    stmt_freep(&s);
    CHECK_INT(number(cx, store, "SELECT count(*) FROM t"), 2000);
}

STORE_TEST(changes_give_their_rows)
{
    make(cx, store);
    stores_tables(cx, store, "CREATE TABLE u (k TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT");
    CHECK_STR(column(cx, store, "INSERT INTO u VALUES ('a', 1), ('b', 1) RETURNING k"), "a b");
    CHECK_STR(column(cx, store,
                     "INSERT INTO u VALUES ('a', 5) ON CONFLICT (k) DO UPDATE SET n = u.n + "
                     "excluded.n RETURNING n"),
              "6");
    CHECK_STR(column(cx, store, "INSERT INTO u VALUES ('a', 5) ON CONFLICT DO NOTHING RETURNING n"),
              "");
    CHECK_STR(column(cx, store, "UPDATE u SET n = n + 1 WHERE k = 'b' RETURNING k || n"), "b2");
    CHECK_STR(column(cx, store, "DELETE FROM u RETURNING k"), "a b");
}

STORE_TEST(failures_while_a_row_is_computed_are_told)
{
    bool row = true;
    int rc = 0;
    STMT(s);

    fill(cx, store, "3000");
    /* In the 2000th row the sum does not fit any more. */
    CHECK_OK(store_prepare(cx, store,
                           STR("SELECT abs(CASE WHEN n = 2000 THEN -9223372036854775807 - 1 ELSE n "
                               "END) FROM t"),
                           &s));
    if (!s)
        return;
    int64_t rows = 0;

    for (; rc == 0 && row; rows++)
        rc = stmt_step(cx, s, &row);
    CHECK_RC(rc, RC_INVALID);
    CHECK_INT(rows, 2000);
    CHECK_INT(number(cx, store, "SELECT count(*) FROM t"), 3000);
}

STORE_TEST(failures_are_told_after_the_rows_that_were_read_ahead)
{
    bool row = true;
    int rc = 0;
    int64_t rows = 0;
    STMT(s);

    fill(cx, store, "3000");
    CHECK_OK(store_prepare(cx, store,
                           STR("SELECT abs(CASE WHEN n = 2000 THEN -9223372036854775807 - 1 ELSE n "
                               "END) FROM t"),
                           &s));
    if (!s)
        return;
    for (; rc == 0 && row; rows++) {
        rc = stmt_step(cx, s, &row);
        if (rows == 10)
            CHECK_INT(number(cx, store, "SELECT count(*) FROM t"), 3000);
    }
    CHECK_RC(rc, RC_INVALID);
    CHECK_INT(rows, 2000);
}

STORE_TEST(tables_may_change_under_statements)
{
    make(cx, store);
    add(cx, store, 1, STR("x"));
    CHECK_STR(column(cx, store, "SELECT * FROM t"), "1");
    CHECK_OK(store_exec(cx, store, "alter", STR("ALTER TABLE t DROP COLUMN n")));
    CHECK_STR(column(cx, store, "SELECT * FROM t"), "x");
    CHECK_OK(store_exec(cx, store, "alter", STR("ALTER TABLE t RENAME COLUMN s TO n")));
    CHECK_STR(column(cx, store, "SELECT n FROM t"), "x");
}

STORE_TEST(many_statements_are_prepared)
{
    make(cx, store);
    for (int i = 0; i < 400; i++) {
        struct str sql = str_printf(cx->mem, "SELECT %d + count(*) FROM t", i % 300);

        CHECK_INT(number(cx, store, sql.p), i % 300);
    }
}

static size_t memory(void)
{
    struct mallinfo2 m = mallinfo2();

    return m.uordblks + m.hblkhd;
}

STORE_TEST(large_results_need_little_memory)
{
    int64_t rows = 0;
    size_t before = memory(), most = 0;
    bool row = true;
    STMT(s);

    CHECK_OK(store_prepare(cx, store,
                           STR("WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r "
                               "WHERE n < 50000) SELECT n, CAST(:text AS TEXT) || n FROM r"),
                           &s));
    if (!s)
        return;
    char kilo[1024];

    memset(kilo, 'x', sizeof kilo);
    CHECK_OK(stmt_bind_text(cx, s, "text", (struct str){kilo, sizeof kilo}));
    for (;; rows++) {
        int rc = stmt_step(cx, s, &row);

        CHECK_OK(rc);
        if (rc < 0 || !row)
            break;
        if (rows % 1000 == 0 && memory() > most)
            most = memory();
    }
    CHECK_INT(rows, 50000);
    CHECK(SANITIZED || most < before + ((size_t)8 << 20)); /* of fifty */
}
