#include "register/plan.h"

#include "tests/harness.h"
#include "tests/register/kept.h"

static const struct record_actor actor = {.role = {"owner", 5}, .via = {"import", 6}};

static struct plan_line *line(struct kept *k, struct plan *plan, const char *register_id,
                              const char *ref, uint32_t row)
{
    struct plan_place at = {.file = STR("a.csv"), .row = row};
    struct plan_line *line = NULL;
    struct ctx *cx = k->cx;

    CHECK_OK(plan_line_add(plan, kept_def(k, register_id), &at, &line));
    line->ref = str_of(ref);
    return line;
}

static void say(struct kept *k, struct plan *plan, struct plan_line *l, const char *field,
                const char *text)
{
    const struct register_field *f = register_field(l->def, str_of(field));
    struct plan_cell *cell = plan_cell_add(plan, l, f, f->label);

    cell->is_text = true;
    cell->value = text[0] != '\0' ? value_textz(k->cx->mem, text) : NULL;
}

/* Makes the plan, writes it, and compares how many lines were what. */
static struct value *come(struct kept *k, struct plan *plan, const char *counts, bool skip)
{
    struct value *tree = NULL;
    struct ctx *cx = k->cx;
    const struct value *c;

    CHECK_OK(plan_make(plan, &actor));
    CHECK_OK(plan_tree(plan, 0, &tree));
    c = value_get(tree, "counts");
    CHECK_STR(
        str_printf(
            k->cx->mem,
            "%lld new %lld changed %lld unchanged %lld repeated %lld rejected %lld said",
            (long long)value_get_int(c, "new", -1), (long long)value_get_int(c, "changed", -1),
            (long long)value_get_int(c, "unchanged", -1),
            (long long)value_get_int(c, "repeated", -1),
            (long long)value_get_int(c, "rejected", -1), (long long)value_get_int(c, "said", -1)),
        counts);
    if (value_get_int(c, "rejected", 0) == 0 || skip)
        CHECK_OK(plan_write(plan, &actor, skip));
    else
        CHECK_RC(plan_write(plan, &actor, skip), RC_INVALID);
    kept_healthy(k);
    return tree;
}

static struct str problem(const struct value *tree, size_t i)
{
    return value_get_text(
        value_at(value_get(value_at(value_get(tree, "rejected"), i), "problems"), 0), "message");
}

static struct plan *persons(struct kept *k)
{
    struct plan *plan = plan_new(k->cx, &k->rs);
    struct plan_line *a = line(k, plan, "person", "P-10", 2);
    struct plan_line *b = line(k, plan, "person", "P-11", 3);

    say(k, plan, a, "name", "Chidi Obi");
    say(k, plan, a, "manager", "Dora Lind"); /* in the next line */
    say(k, plan, b, "name", "Dora Lind");
    say(k, plan, b, "manager", "P-10");
    return plan;
}

KEPT_TEST(plan_lines_refer_to_each_other_in_any_order)
{
    struct record_query query = {.def = kept_def(k, "person")};

    come(k, persons(k), "2 new 0 changed 0 unchanged 0 repeated 0 rejected 0 said", false);
    CHECK_STR(kept_list(k, &query), "P-001 P-002 P-10 P-11");
    come(k, persons(k), "0 new 0 changed 2 unchanged 0 repeated 0 rejected 0 said", false);
}

static void come_two(struct kept *k, const char *first, const char *second, const char *counts)
{
    const char *const mails[] = {first, second};
    struct plan *plan = plan_new(k->cx, &k->rs);

    for (uint32_t i = 0; i < 2 && mails[i] != NULL; i++) {
        struct plan_line *l = line(k, plan, "person", "", i + 2);
        say(k, plan, l, "name", "Ada Holm");
        say(k, plan, l, "mail", mails[i]);
    }
    come(k, plan, counts, false);
}

KEPT_TEST(plan_tells_records_of_one_name_apart)
{
    come_two(k, "a@x", NULL, "1 new 0 changed 0 unchanged 0 repeated 0 rejected 0 said");
    come_two(k, "b@x", NULL, "0 new 1 changed 0 unchanged 0 repeated 0 rejected 0 said");
    come_two(k, "a@x", "b@x", "1 new 0 changed 1 unchanged 0 repeated 0 rejected 0 said");
    come_two(k, "b@x", "A@x", "0 new 1 changed 1 unchanged 0 repeated 0 rejected 0 said");
    come_two(k, "c@x", NULL, "1 new 0 changed 0 unchanged 0 repeated 0 rejected 0 said");
    come_two(k, "", NULL, "0 new 0 changed 0 unchanged 0 repeated 1 rejected 0 said");
}

KEPT_TEST(plan_counts_names_that_mean_no_record)
{
    for (unsigned round = 0; round < 2; round++) {
        struct plan *plan = plan_new(cx, &k->rs);
        struct plan_line *l = line(k, plan, "risk", "R7", 2);
        say(k, plan, l, "title", "Theft");
        say(k, plan, l, "owner", "Somebody Else");
        say(k, plan, l, "team", "Ben Okafor\nNobody");
        const struct value *tree =
            come(k, plan,
                 round == 0 ? "1 new 0 changed 0 unchanged 0 repeated 0 rejected 2 said"
                            : "0 new 0 changed 1 unchanged 0 repeated 0 rejected 0 said",
                 false);
        if (round == 0)
            CHECK_STR(value_get_text(value_at(value_get(tree, "said"), 0), "text"),
                      "Somebody Else");
    }
}

KEPT_TEST(plan_writes_all_or_nothing)
{
    struct record_query query = {.def = kept_def(k, "risk")};

    for (unsigned skip = 0; skip < 2; skip++) {
        struct plan *plan = plan_new(cx, &k->rs);
        struct plan_line *good = line(k, plan, "risk", "R1", 2);
        struct plan_line *bad = line(k, plan, "risk", "R2", 3);
        say(k, plan, good, "title", "Theft");
        say(k, plan, bad, "title", "Fire");
        say(k, plan, bad, "likelihood", "often");
        const struct value *tree =
            come(k, plan, "1 new 0 changed 0 unchanged 0 repeated 1 rejected 0 said", skip == 1);
        CHECK(str_has(problem(tree, 0), "often"));
        CHECK_STR(value_get_text(value_at(value_get(tree, "rejected"), 0), "place"),
                  "a.csv, row 3");
        CHECK_STR(kept_list(k, &query), skip == 1 ? "R1" : "");
    }
}

KEPT_TEST(plan_keeps_what_a_line_does_not_say_and_empties_what_it_says_empty)
{
    struct plan *plan = plan_new(cx, &k->rs);
    struct plan_line *l = line(k, plan, "risk", "R1", 2);
    struct record record;
    struct str id;

    say(k, plan, l, "title", "Theft");
    say(k, plan, l, "notes", "old");
    say(k, plan, l, "likelihood", "3");
    come(k, plan, "1 new 0 changed 0 unchanged 0 repeated 0 rejected 0 said", false);
    plan = plan_new(cx, &k->rs);
    l = line(k, plan, "risk", "R1", 2);
    say(k, plan, l, "notes", "");
    const struct value *tree =
        come(k, plan, "0 new 1 changed 0 unchanged 0 repeated 0 rejected 0 said", false);
    CHECK_STR(value_get_text(
                  value_at(value_get(value_at(value_get(tree, "changed"), 0), "fields"), 0), "was"),
              "old");
    CHECK_OK(record_find(cx, &k->rs, kept_def(k, "risk"), STR("R1"), &id));
    CHECK_OK(record_read(cx, &k->rs, kept_def(k, "risk"), id, STR_NONE, &record));
    CHECK_STR(record_json(cx->mem, record.body),
              "{\"likelihood\":3,\"status\":\"open\",\"title\":\"Theft\"}");
}

KEPT_TEST(plan_joins_lines_of_one_record)
{
    struct plan *plan = plan_new(cx, &k->rs);
    struct plan_line *a = line(k, plan, "risk", "R1", 2), *b = line(k, plan, "risk", "R1", 3);
    struct plan_line *c = line(k, plan, "risk", "R1", 4);

    say(k, plan, a, "title", "Theft");
    say(k, plan, b, "title", "Theft");
    say(k, plan, b, "likelihood", "4");
    say(k, plan, c, "title", "Fire");
    const struct value *tree =
        come(k, plan, "1 new 0 changed 0 unchanged 1 repeated 1 rejected 0 said", true);
    CHECK_STR(problem(tree, 0),
              "It is the same record as in a.csv, row 2, which says something else here.");
    plan = plan_new(cx, &k->rs);
    a = line(k, plan, "risk", "R1", 2);
    say(k, plan, a, "likelihood", "4");
    come(k, plan, "0 new 0 changed 1 unchanged 0 repeated 0 rejected 0 said", false);
}

/* Without ref and key: by name where the register has names, else by all that it says. */
KEPT_TEST(plan_knows_records_without_refs)
{
    for (unsigned round = 0; round < 3; round++) {
        struct plan *plan = plan_new(cx, &k->rs);
        struct plan_line *asset = line(k, plan, "asset", "", 2),
                         *risk = line(k, plan, "risk", "", 3);
        struct plan_line *same = line(k, plan, "risk", "", 4);
        say(k, plan, asset, "name", round == 2 ? "LEDGER" : "Ledger");
        say(k, plan, asset, "owner", "P-01");
        say(k, plan, risk, "title", "Theft");
        say(k, plan, risk, "asset", "ledger");
        say(k, plan, same, "title", "Theft");
        say(k, plan, same, "asset", "Ledger");
        come(k, plan,
             round == 0   ? "3 new 0 changed 0 unchanged 0 repeated 0 rejected 0 said"
             : round == 1 ? "0 new 0 changed 3 unchanged 0 repeated 0 rejected 0 said"
                          : "0 new 1 changed 2 unchanged 0 repeated 0 rejected 0 said",
             false);
    }
}

KEPT_TEST(plan_has_lines_within_lines)
{
    for (unsigned round = 0; round < 2; round++) {
        struct plan *plan = plan_new(cx, &k->rs);
        struct plan_line *risk = line(k, plan, "risk", "R1", 2);
        const struct register_field *lines = register_field(risk->def, STR("lines"));
        struct plan_place at = {.file = STR("a.csv"), .row = 3};
        say(k, plan, risk, "title", "Theft");
        for (unsigned i = 0; i < 2; i++) {
            struct plan_cell *cell = plan_cell_add(plan, risk, lines, lines->label);
            struct plan_line *inner = plan_inner_add(plan, cell, lines->of, &at);
            say(k, plan, inner, "what", i == 0 ? "a" : "b");
            say(k, plan, inner, "share", round == 0 && i == 1 ? "many" : "0.5");
        }
        const struct value *tree =
            come(k, plan,
                 round == 0 ? "0 new 0 changed 0 unchanged 0 repeated 1 rejected 0 said"
                            : "1 new 0 changed 0 unchanged 0 repeated 0 rejected 0 said",
                 false);
        if (round == 0)
            CHECK(str_starts(problem(tree, 0), STR("Lines, line 2: ")));
    }
}

KEPT_TEST(plan_takes_json_in_a_cell)
{
    struct plan *plan = plan_new(cx, &k->rs);
    struct plan_line *l = line(k, plan, "risk", "R1", 2);

    say(k, plan, l, "title", "json:\"json:x\"");
    say(k, plan, l, "owner", "json:{\"said\":\"P-01\"}");
    say(k, plan, l, "lines", "json:[{\"what\":\"a\"}]");
    come(k, plan, "1 new 0 changed 0 unchanged 0 repeated 0 rejected 1 said", false);
    CHECK_STR(record_json(cx->mem, plan_line_at(plan, 0)->body),
              "{\"lines\":[{\"what\":\"a\"}],\"owner\":{\"said\":\"P-01\"},\"status\":\"open\","
              "\"title\":\"json:x\"}");
}

/* What names a line that is left out names nothing; what a source rejects stays rejected. */
KEPT_TEST(plan_leaves_out_what_is_rejected_and_its_name)
{
    struct plan *plan = plan_new(cx, &k->rs);
    struct plan_line *asset = line(k, plan, "asset", "A-9", 2),
                     *risk = line(k, plan, "risk", "R1", 3);
    struct plan_line *other = line(k, plan, "asset", "A-10", 4);

    say(k, plan, asset, "name", "Ledger");
    plan_reject(plan, asset, STR("Name"), STR("It was cut."));
    say(k, plan, risk, "title", "Theft");
    say(k, plan, risk, "asset", "A-9");
    say(k, plan, other, "name", "Server");
    const struct value *tree =
        come(k, plan, "2 new 0 changed 0 unchanged 0 repeated 1 rejected 1 said", true);
    CHECK_STR(problem(tree, 0), "It was cut.");
    CHECK_STR(record_json(cx->mem, value_get(risk->body, "asset")), "{\"said\":\"A-9\"}");
}

/* What may be there once shows when the records are written: the plan knows it before. */
KEPT_TEST(plan_tries_what_only_the_writing_finds_out)
{
    struct kept *kept = k;
    struct plan *plan = plan_new(cx, &k->rs);
    struct plan_line *good = line(k, plan, "asset", "A1", 2),
                     *bad = line(k, plan, "asset", "A2", 3);

    say(kept, plan, good, "name", "Server");
    say(kept, plan, bad, "name", "Server");
    const struct value *tree =
        come(k, plan, "1 new 0 changed 0 unchanged 0 repeated 1 rejected 0 said", true);
    CHECK(str_has(problem(tree, 0), "A1 has the same"));
}

/* Of tables that nobody wrote to be imported. */
KEPT_TEST(plan_leaves_out_only_what_a_lenient_line_cannot_say)
{
    struct plan *plan = plan_new(k->cx, &k->rs);
    struct plan_line *a = line(k, plan, "risk", "R-10", 2), *b = line(k, plan, "risk", "R-10", 3);
    struct value *left = value_list(k->cx->mem);

    a->lenient = b->lenient = true;
    say(k, plan, a, "title", "Theft");
    say(k, plan, a, "due", "some day in spring");
    say(k, plan, b, "title", "Theft");
    say(k, plan, b, "reason", "Seen before");
    say(k, plan, b, "due", "one day");
    come(k, plan, "1 new 0 changed 0 unchanged 1 repeated 0 rejected 0 said", false);
    plan_left_out(plan, left);
    CHECK_INT(value_count(left), 1);
    CHECK(str_starts(value_get_text(value_at(left, 0), "why"), STR("In 2 lines; the first: ")));

    plan = plan_new(k->cx, &k->rs);
    left = value_list(k->cx->mem);
    a = line(k, plan, "risk", "R-10", 2);
    b = line(k, plan, "risk", "R-10", 3);
    a->lenient = b->lenient = true;
    say(k, plan, a, "reason", "Heard of");
    say(k, plan, b, "reason", "Seen before"); /* the first counts */
    come(k, plan, "0 new 1 changed 0 unchanged 1 repeated 0 rejected 0 said", false);
    plan_left_out(plan, left);
    CHECK_INT(value_count(left), 1);
    CHECK_STR(value_get_text(value_at(left, 0), "place"), "a.csv, row 3, column \"Reason\"");
}

/* Running numbers of another home. */
KEPT_TEST(plan_takes_no_record_for_another_by_its_number_alone)
{
    for (unsigned round = 0; round < 2; round++) {
        struct plan *plan = plan_new(cx, &k->rs);
        struct plan_line *person = line(k, plan, "person", "P-001", 2),
                         *risk = line(k, plan, "risk", "R7", 2);
        struct value *left = value_list(cx->mem);
        say(k, plan, person, "name", "Chidi Obi");
        say(k, plan, risk, "title", "Theft");
        say(k, plan, risk, "owner", "P-001"); /* of the file, not of here */
        come(k, plan,
             round == 0 ? "2 new 0 changed 0 unchanged 0 repeated 0 rejected 0 said"
                        : "0 new 0 changed 2 unchanged 0 repeated 0 rejected 0 said",
             false);
        plan_left_out(plan, left);
        CHECK_INT(value_count(left), 1);
        CHECK(str_starts(value_get_text(value_at(left, 0), "why"), STR("P-001 is \"")));
    }
    struct record_query query = {.def = kept_def(k, "person")};
    CHECK_STR(kept_list(k, &query), "P-001 P-002 P-003");
    CHECK_STR(kept_query(k, "risk", "", NULL, (const char *const[]){"owner=Chidi Obi", NULL}),
              "R7");
}
