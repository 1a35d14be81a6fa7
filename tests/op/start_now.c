#include "op/start_now.h"

#include "register/register.h"
#include "tests/harness.h"

static struct standard *load(struct ctx *cx)
{
    struct content content;
    struct standard *standard = NULL;

    CHECK_OK(content_open(cx, NULL, &content));
    CHECK_OK(standard_load(cx, &content, STANDARD_DEFAULT, &standard));
    return standard;
}

/* The facts of a company that has measured and nothing else, and whose one control is left out. */
static struct store *facts(struct ctx *cx, const struct standard *standard)
{
    struct content content = standard->content;
    const struct registers *registers = NULL;
    struct store *store = NULL;
    struct str sql;

    CHECK_OK(content_get(cx, &content, "standards/facts.sql", &sql));
    CHECK_OK(store_open(cx, NULL, 0, &store));
    CHECK_OK(store_exec(cx, store, "facts.sql", sql));
    CHECK_OK(registers_load(cx, &content, &registers));
    CHECK_OK(registers_create(cx, store, registers));
    CHECK_OK(store_exec(cx, store, "test",
                        STR("INSERT INTO fact_kind VALUES ('REC-MON', 'Measures', 'present', 1, "
                            "NULL, 'kpi.csv', 'row 2', '');"
                            "INSERT INTO fact_kind VALUES ('REC-MR', 'Review', 'template', 1, "
                            "NULL, 'form.md', '', '');"
                            "INSERT INTO fact_kind VALUES ('REC-NC', 'Actions', 'cannot-tell', 0, "
                            "NULL, NULL, NULL, '');"
                            "INSERT INTO fact_control VALUES ('A.8.13', 1, 'Backup', "
                            "'not-applicable', 'excluded', 0, NULL, NULL, NULL);"
                            "INSERT INTO fact_control VALUES ('A.5.18', 2, 'Rights', 'missing', "
                            "'operation', 1, NULL, NULL, NULL);")));
    return store;
}

static const struct value *record(const struct value *list, const char *id)
{
    for (size_t i = 0; i < value_count(list); i++)
        if (value_is_text(value_get(value_at(list, i), "id"), id))
            return value_at(list, i);
    return NULL;
}

TEST(start_now_reckons_backwards)
{
    const struct standard *standard = load(cx);
    CLEANUP(store_closep) struct store *store = facts(cx, standard);
    struct value *list;

    cx->today = (struct date){2026, 11, 30};
    CHECK_OK(start_now_make(cx, standard, store, (struct date){2027, 3, 1}, &list));
    /* The review two weeks before Stage 2 and two weeks long; all that it looks at before that. */
    CHECK_STR(value_get_text(record(list, "management-review"), "begin_by"), "2027-02-01");
    CHECK_STR(value_get_text(record(list, "measurements"), "begin_by"), "2026-11-03");
    CHECK_STR(value_get_text(record(list, "internal-audit"), "begin_by"), "2026-12-16");
    for (size_t i = 1; i < value_count(list); i++)
        CHECK(value_get_int(value_at(list, i), "weeks_before", 0) <=
              value_get_int(value_at(list, i - 1), "weeks_before", 0));
}

TEST(start_now_says_what_was_seen_and_what_is_late)
{
    const struct standard *standard = load(cx);
    CLEANUP(store_closep) struct store *store = facts(cx, standard);
    struct value *list;

    cx->today = (struct date){2027, 2, 10};
    CHECK_OK(start_now_make(cx, standard, store, (struct date){2027, 3, 1}, &list));
    CHECK_STR(value_get_text(record(list, "measurements"), "seen"), "yes");
    CHECK_STR(value_get_text(record(list, "measurements"), "path"), "kpi.csv");
    CHECK(!value_get_bool(record(list, "measurements"), "late"));
    CHECK_STR(value_get_text(record(list, "management-review"), "seen"), "no");
    CHECK(value_get_bool(record(list, "management-review"), "late"));
    CHECK_STR(value_get_text(record(list, "corrective-action"), "seen"), "unknown");
    CHECK(record(list, "restore-test") == NULL); /* its control is left out */
    CHECK(record(list, "access-review") != NULL);
}

TEST(start_now_without_a_day_counts_weeks)
{
    const struct standard *standard = load(cx);
    CLEANUP(store_closep) struct store *store = facts(cx, standard);
    struct value *list;

    CHECK_OK(start_now_make(cx, standard, store, (struct date){0}, &list));
    CHECK(value_type(value_get(record(list, "measurements"), "begin_by")) == VALUE_NULL);
    CHECK_INT(value_get_int(record(list, "management-review"), "weeks_before", 0), 4);
    CHECK(!value_get_bool(record(list, "management-review"), "late"));
}
