/* Derived facts as steps, by the tables that their statements read. */
#include "judge/steps.h"
#include "judge/tables.h"
#include "tests/harness.h"

TEST(scripts_are_split_into_statements)
{
    struct str found[4];
    size_t n = steps_split(cx->mem,
                           STR("-- a; b\nDELETE FROM x;\n-- Folders only: c\nDELETE FROM y;\n"
                               "INSERT INTO z\n-- it's\nSELECT ';' FROM x;\n"),
                           false, found, COUNT_OF(found));

    CHECK_INT(n, 2);
    CHECK_STR(found[0], "DELETE FROM x");
    CHECK(str_ends(found[1], STR("SELECT ';' FROM x")));
}

static int open_facts(struct ctx *cx, struct standard **ret_standard, struct store **ret)
{
    struct content content;

    TRY(content_open(cx, NULL, &content));
    TRY(standard_load(cx, &content, STANDARD_DEFAULT, ret_standard));
    TRY(store_open(cx, NULL, 0, ret));
    return tables_create(cx, *ret, *ret_standard);
}

/* No step reads what a later one makes: else steps_load() says so. */
TEST(steps_of_the_derived_facts_are_in_order)
{
    CLEANUP(store_closep) struct store *store = NULL;
    struct standard *standard;
    CLEANUP(steps_freep) struct steps *steps = NULL;

    CHECK_OK(open_facts(cx, &standard, &store));
    CHECK_OK(steps_load(cx, store, standard, tables_scripts, tables_script_n, &steps));
    CHECK(steps->n > 20);
}

/* What is not touched stays; what is made again and is the same touches nothing further. */
TEST(steps_run_only_where_something_changed)
{
    CLEANUP(store_closep) struct store *store = NULL;
    struct dict *changed = dict_new(cx->mem);
    struct standard *standard;
    CLEANUP(steps_freep) struct steps *steps = NULL;
    size_t ran = 0;

    CHECK_OK(open_facts(cx, &standard, &store));
    CHECK_OK(steps_load(cx, store, standard, tables_scripts, tables_script_n, &steps));
    CHECK_OK(steps_run(cx, store, steps, NULL, &ran));
    dict_set(changed, STR("document"), steps);
    CHECK_OK(steps_run(cx, store, steps, changed, &ran));
    CHECK_INT(dict_count(changed), 1);
    CHECK_OK(
        store_exec(cx, store, "row", STR("INSERT INTO document (id, path) VALUES (1, 'a.md')")));
    CHECK_OK(steps_run(cx, store, steps, changed, &ran));
    CHECK(dict_has(changed, STR("fact_document")));
    CHECK(!dict_has(changed, STR("fact_supplier")));
}

static int64_t ask(struct ctx *cx, struct store *store, const char *sql)
{
    bool row = false;
    STMT(s);

    if (store_prepare(cx, store, str_of(sql), &s) < 0 || stmt_step(cx, s, &row) < 0 || !row)
        return -1;
    return stmt_int(s, 0);
}

/* A step by record leaves rows alone of which it was not told that they are others. */
TEST(steps_by_record_make_what_changed)
{
    CLEANUP(store_closep) struct store *store = NULL;
    struct dict *changed = dict_new(cx->mem);
    struct standard *standard;
    CLEANUP(steps_freep) struct steps *steps = NULL;
    struct turn *turn;
    size_t ran = 0;

    CHECK_OK(open_facts(cx, &standard, &store));
    CHECK_OK(steps_load(cx, store, standard, tables_scripts, tables_script_n, &steps));
    CHECK(steps_turn(steps, STR("supplier")) == NULL);
    turn = steps_turn(steps, STR("risk"));
    CHECK(turn != NULL);
    CHECK_OK(store_exec(cx, store, "rows",
                        STR("INSERT INTO risk (id, document, register_table, n) VALUES "
                            "(1, 1, 1, 1), (2, 1, 1, 2)")));
    CHECK_OK(steps_run(cx, store, steps, NULL, &ran));
    CHECK_INT(ask(cx, store, "SELECT count(*) FROM fact_risk_line WHERE rated = 0"), 2);

    CHECK_OK(store_exec(cx, store, "rows", STR("UPDATE risk SET treatment = 'modify'")));
    steps_turn_over(steps);
    steps_turn_add(cx->mem, turn, 1);
    steps_note(changed, STR("risk"), turn);
    CHECK_OK(steps_run(cx, store, steps, changed, &ran));
    CHECK_INT(ask(cx, store, "SELECT sum(id) FROM fact_risk_line WHERE rated = 1"), 1);
    CHECK(dict_get(changed, STR("fact_risk_line")) == turn);

    changed = dict_new(cx->mem);
    steps_note(changed, STR("risk"), turn);
    steps_note(changed, STR("risk"), NULL); /* anywhere: all of them are looked at */
    CHECK_OK(steps_run(cx, store, steps, changed, &ran));
    CHECK_INT(ask(cx, store, "SELECT sum(id) FROM fact_risk_line WHERE rated = 1"), 3);
    CHECK(dict_get(changed, STR("fact_risk_line")) != turn);

    changed = dict_new(cx->mem);
    CHECK_OK(store_exec(cx, store, "rows", STR("DELETE FROM risk WHERE id = 1")));
    steps_note(changed, STR("risk"), turn);
    CHECK_OK(steps_run(cx, store, steps, changed, &ran));
    CHECK_INT(ask(cx, store, "SELECT sum(id) FROM fact_risk_line"), 2);
}
