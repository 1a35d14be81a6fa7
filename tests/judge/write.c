#include "judge/records.h"
#include "judge/write.h"

#include "judge/tables.h"
#include "tests/judge/reader.h"

TEST(place_reads_as_people_say_it)
{
    CHECK_STR(place_text(cx->mem, STR("Scope > Sites"), &(struct place){.line = 12}),
              "Scope > Sites, line 12");
    CHECK_STR(place_text(cx->mem, STR(""), &(struct place){.page = 3, .line = 40}), "page 3");
    CHECK_STR(place_text(cx->mem, STR(""), &(struct place){.row = 7, .line = 7}), "row 7");
    CHECK_STR(place_text(cx->mem, STR("Risks"), &(struct place){.sheet = STR("Risks"), .row = 7}),
              "sheet Risks, row 7");
    CHECK_STR(place_text(cx->mem, STR(""), &(struct place){0}), "beginning");
}

/* Writes a document's facts, and puts the first column of what `sql` finds in them into `list`. */
static int ask(struct ctx *cx, const char *markdown, struct store *store, struct str sql,
               struct value *list)
{
    struct library *library = reader_library();
    struct extract *extract = ARENA_NEW(cx->mem, struct extract);
    struct reading *reading;
    struct source_file file = {.id = 1, .path = STR("text.md"), .language = STR("en")};
    struct nearest *nearest = nearest_new(cx->mem, library->signals);
    struct facts facts;
    struct kinds kinds;
    bool row;
    STMT(s);
    struct records records = {0};

    TRY(extract_bytes(cx, file.path, str_of(markdown), extract));
    TRY(reading_make(cx, library->signals->patterns, &library->signals->guards, file.path, extract,
                     &reading));
    facts_find(cx, reading, &facts);
    kinds_find(cx, library->signals, reading, &facts, &kinds);
    TRY(tables_create(cx, store, library->standard));
    TRY(write_document(cx, store, library->signals, reading, &facts, &kinds, &file, &records,
                       cx->mem, nearest));
    TRY(store_prepare(cx, store, sql, &s));
    for (;;) {
        TRY(stmt_step(cx, s, &row));
        if (!row)
            return 0;
        value_push(list, value_int(cx->mem, stmt_int(s, 0)));
    }
}

static int add_number(struct ctx *cx, const char *markdown, struct store *store, struct value *list)
{
    return ask(cx, markdown, store,
               STR("SELECT DISTINCT last FROM said_number WHERE name = 'acceptable' ORDER BY last"),
               list);
}

/* The one number up to which risks are acceptable; 0 for none, -1 for several. */
static int64_t acceptable(struct ctx *cx, const char *markdown)
{
    CLEANUP(store_closep) struct store *store = NULL;
    struct value *list = value_list(cx->mem);

    CHECK_OK(store_open(cx, NULL, 0, &store));
    CHECK_OK(add_number(cx, markdown, store, list));
    if (value_count(list) > 1)
        return -1;
    return value_as_int(value_at(list, 0), 0);
}

TEST(write_up_to_which_number_risks_are_acceptable)
{
    CHECK_INT(
        acceptable(cx, "# Risk method\n\nA risk up to level 8 is acceptable; its owner signs."), 8);
    CHECK_INT(acceptable(cx, "# Risk method\n\nRisks of 6 points or less are acceptable."), 6);
    CHECK_INT(acceptable(cx, "# Risk method\n\nRisks with a score of 9 or below may be accepted by "
                             "the risk owner."),
              9);
    CHECK_INT(acceptable(cx, "# Risk method\n\nThe risk acceptance threshold is 5."), 5);
    CHECK_INT(acceptable(cx, "# Risk method\n\nWe accept risks up to a level of 4."), 4);
    CHECK_INT(acceptable(cx,
                         "# Risk method\n\nRisk values 0 through 2 are considered to be acceptable "
                         "risks."),
              2);
    CHECK_INT(acceptable(cx, "# Risk method\n\nRisk values 3 to 4 are not acceptable."), 0);
    CHECK_INT(acceptable(cx, "# Risk method\n\nRisks above 8 must be treated."), 0);
    CHECK_INT(acceptable(cx, "# Risk method\n\nRisks are accepted by the board in section 7."), 0);
    CHECK_INT(acceptable(cx, "# Risk method\n\nAccepted risks are reviewed every 12 months."), 0);
}

/* Whether a document gives its organisation the rule that everybody signs in with a second factor.
 */
static bool demands_second_factor(struct ctx *cx, const char *markdown)
{
    CLEANUP(store_closep) struct store *store = NULL;
    struct value *list = value_list(cx->mem);

    CHECK_OK(store_open(cx, NULL, 0, &store));
    CHECK_OK(
        ask(cx, markdown, store,
            STR("SELECT 1 FROM said_statement WHERE name = 'second-factor' AND kind = 'DOC-ACC'"),
            list));
    return value_count(list) > 0;
}

TEST(write_rules_that_a_document_gives_its_organisation)
{
    CHECK(demands_second_factor(cx, "# Access\n\nEvery account has a second factor."));
    CHECK(demands_second_factor(cx, "# Access\n\nMFA is enforced for all user accounts."));
    CHECK(!demands_second_factor(cx, "# Access\n\nMFA is mandatory for all privileged accounts."));
    CHECK(!demands_second_factor(cx, "# Access\n\nDoes every account have a second factor?"));
    CHECK(!demands_second_factor(cx,
                                 "# Access\n\n## Every account has a second factor\n\nIt helps."));
}
