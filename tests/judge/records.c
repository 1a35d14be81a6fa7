/* Which tables of a document are registers, and what their rows become. */
#include "judge/records.h"

#include "judge/tables.h"
#include "tests/judge/reader.h"

struct written {
    struct library *library;
    struct store *store;
};

/* The document `name` with this text, in a store of its own. */
static struct written written(struct ctx *cx, const char *name, const char *text, const char *pins)
{
    struct written w = {.library = reader_library()};
    struct extract *extract = ARENA_NEW(cx->mem, struct extract);
    struct source_file file = {.id = 1, .path = str_of(name), .language = STR("en")};
    struct value *pinned = NULL;
    struct records records;
    struct reading *reading;
    struct facts facts;
    struct kinds kinds;

    CHECK_OK(store_open(cx, NULL, 0, &w.store));
    test_ends(cx, (void (*)(void *))store_close, w.store);
    if (pins != NULL)
        CHECK_OK(yaml_parse(cx, "pins", str_of(pins), &pinned));
    CHECK_OK(extract_bytes(cx, file.path, str_of(text), extract));
    CHECK_OK(reading_make(cx, w.library->signals->patterns, &w.library->signals->guards, file.path,
                          extract, &reading));
    facts_find(cx, reading, &facts);
    kinds_find(cx, w.library->signals, reading, &facts, &kinds);
    CHECK_OK(records_find(cx, w.library->standard->registers, reading, &kinds, pinned, &records));
    CHECK_OK(tables_create(cx, w.store, w.library->standard));
    CHECK_OK(write_document(cx, w.store, w.library->signals, reading, &facts, &kinds, &file,
                            &records, cx->mem, nearest_new(cx->mem, w.library->signals)));
    CHECK_OK(registers_resolve(cx, w.store, w.library->standard->registers));
    return w;
}

static void check_sql(struct ctx *cx, struct written *w, int line, const char *sql,
                      const char *wanted)
{
    struct str got = STR("no row");
    bool row;
    STMT(s);

    CHECK_OK(store_prepare(cx, w->store, str_of(sql), &s));
    CHECK_OK(stmt_step(cx, s, &row));
    if (row)
        got = stmt_text(cx->mem, s, 0);
    if (!str_is(got, wanted))
        test_failed(__FILE__, line, "%s\n  gives \"%.*s\", not \"%s\"", sql, STR_ARG(got), wanted);
}

#define GIVES(sql, wanted) check_sql(cx, &w, __LINE__, sql, wanted)

TEST(records_of_a_risk_register)
{
    struct written w = written(
        cx, "risks.md",
        "# Register of risks\n\n"
        "| No. | Risk descripton | L (1-5) | I (1-5) | Rating | Owner | Treatment | Controls | "
        "L | I | Rating |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|\n"
        "| R-01 | A thief takes a notebook | 4 | 4 | 16 | Head of IT | Mitigate | A.8.1, 8.24 | "
        "2 | 2 | 4 |\n"
        "| R-02 | Water in the cellar | 2 | High | 8 | TBD | Accept | | 2 | 4 | 8 |\n"
        "| R-03 | | | | | | | | | | |\n",
        NULL);

    GIVES("SELECT rows FROM register_table WHERE register = 'risk'", "2");
    GIVES("SELECT likelihood || consequence || level || owner || treatment FROM risk "
          "WHERE ref = 'R-01'",
          "4416Head of ITmodify");
    GIVES("SELECT residual_level FROM risk WHERE ref = 'R-01'", "4");
    GIVES("SELECT owner IS NULL AND owner_said IS NULL FROM risk WHERE ref = 'R-02'", "1");
    GIVES("SELECT count(*) FROM risk__controls WHERE record = 1 AND n < 3", "2");
    GIVES("SELECT count(*) FROM register_column WHERE field IS NULL", "0");
}

TEST(records_under_several_headings_are_one_table)
{
    struct written w = written(cx, "Risk assessment.md",
                               "# Risk assessment\n\n## Office\n\n"
                               "| Risk | Likelihood | Impact | Owner |\n|---|---|---|---|\n"
                               "| Theft of papers | 2 | 3 | CEO |\n\n## Computers\n\n"
                               "| Risk | Likelihood | Impact | Owner |\n|---|---|---|---|\n"
                               "| Ransom | 3 | 5 | CTO |\n",
                               NULL);

    GIVES("SELECT count(*) || '/' || max(rows) FROM register_table", "1/2");
    GIVES("SELECT heading FROM risk WHERE description = 'Ransom'", "Computers");
}

TEST(records_of_two_lists_in_one_table)
{
    struct written w = written(cx, "method.md",
                               "# Risk method\n\n## Rating\n\n"
                               "| Impact | Name | Description |\n|---|---|---|\n"
                               "| 1 | minor | nobody notices |\n"
                               "| 2 | severe | a day of work is lost |\n"
                               "| 3 | threatening | we may have to close |\n"
                               "| Likelihood | Name | Description |\n"
                               "| 1 | rare | once in ten years |\n"
                               "| 2 | possible | once a year |\n"
                               "| 3 | frequent | each month |\n",
                               NULL);

    GIVES("SELECT group_concat(register || ' ' || rows) FROM register_table",
          "scale_step 3,scale_step 3");
    GIVES("SELECT group_concat(header) FROM register_column WHERE field = 'step'",
          "Impact,Likelihood");
    GIVES("SELECT group_concat(name) FROM scale_step",
          "minor,severe,threatening,rare,possible,frequent");
}

TEST(records_keep_a_title_and_what_describes_it)
{
    struct written w =
        written(cx, "risks.md",
                "# Risk register\n\n"
                "| ID | Risk title | Description | Likelihood | Impact | Score |\n"
                "|---|---|---|---|---|---|\n"
                "| R1 | Theft of a notebook | A thief takes one from a car | 2 | 3 | 6 |\n"
                "| R2 | Fire in the server room | Servers burn | 1 | 4 | 4 |\n",
                NULL);

    GIVES("SELECT description || ' - ' || details FROM risk WHERE ref = 'R1'",
          "Theft of a notebook - A thief takes one from a car");
}

TEST(records_with_headings_in_two_lines_and_groups)
{
    struct written w =
        written(cx, "risk register.csv",
                "Risk register of the workshop,,,,,,,\n,,,,,,,\n"
                ",,Before treatment,,,,After treatment,\n"
                "ID,Scenario,Probability,Severity,Owner,Measures,Probability,Severity\n"
                "Building,,,,,,,\n"
                "1,Fire in the hall,2,5,Jane Doe,Sprinklers,1,5\n"
                "People,,,,,,,\n"
                "2,Strike,3,2,John Roe,Talk,2,2\n",
                NULL);

    GIVES("SELECT likelihood || consequence || residual_likelihood || residual_consequence "
          "FROM risk WHERE ref = '1'",
          "2515");
    GIVES("SELECT category FROM risk WHERE ref = '2'", "People");
}

/* Headings of single columns stand in the line of the groups, and nothing below them. */
TEST(records_with_groups_in_a_line_of_headings)
{
    struct written w = written(cx, "Risikoregister.csv",
                               "Muster und Sohn,,,,,,,,\n"
                               "Nr,Risiko,Bruttorisiko,,,Nettorisiko,,,Fällig\n"
                               ",,Eintrittswahrscheinlichkeit,Schadenshöhe,Risikowert,"
                               "Eintrittswahrscheinlichkeit,Schadenshöhe,Risikowert,\n"
                               "R1,Brand im Haus,2,5,10,1,5,6,31.12.2026\n"
                               "R2,Wasser im Keller,3,3,9,2,2,4,30.11.2026\n",
                               NULL);

    GIVES("SELECT likelihood || ' ' || consequence || ' ' || level || ' ' || residual_likelihood "
          "|| ' ' || residual_consequence || ' ' || residual_level || ' ' || due FROM risk "
          "WHERE ref = 'R1'",
          "2 5 10 1 5 6 2026-12-31");
    GIVES("SELECT header FROM register_column WHERE field = 'residual_level'",
          "Nettorisiko: Risikowert");
    GIVES("SELECT rows FROM register_table", "2");
}

TEST(records_below_each_other)
{
    struct written w =
        written(cx, "risks.md",
                "# Risk register\n\n"
                "## R-01: Loss of a key\n\n- Likelihood: 2\n- Impact: 4\n- Risk owner: Porter\n"
                "- Treatment: Accept\n\n"
                "## R-02: Flood\n\n- Likelihood: 1\n- Impact: 5\n- Risk owner: Porter\n"
                "- Treatment: Transfer\n",
                NULL);

    GIVES("SELECT count(*) FROM risk", "2");
    GIVES("SELECT ref || description || treatment FROM risk WHERE likelihood = 1",
          "R-02Floodshare");
}

/* Labels without anything behind them: what the sanitizers say of sorting nothing counts here. */
TEST(records_of_labels_alone)
{
    struct written w =
        written(cx, "risks.md",
                "# Risk register\n\n## R-01: Fire\n\nLikelihood:\n\nImpact:\n\nRisk owner:\n\n"
                "## R-02: Flood\n\nLikelihood:\n\nImpact:\n\nRisk owner:\n",
                NULL);

    GIVES("SELECT count(likelihood) + count(consequence) + count(owner) FROM risk", "0");
}

TEST(records_that_only_show_how)
{
    struct written w =
        written(cx, "risk register.md",
                "# Risk register\n\n"
                "| ID | Risk | Likelihood | Impact | Owner |\n|---|---|---|---|---|\n"
                "| Example | Fire in the hall | 2 | 5 | CEO |\n"
                "| R1 | Water in the hall | 2 | 5 | CEO |\n",
                NULL);

    GIVES("SELECT sum(sample) || '/' || count(*) FROM risk", "1/2");
    GIVES("SELECT samples FROM register_table", "1");
}

TEST(records_are_none_of_other_tables)
{
    struct written w =
        written(cx, "gap analysis.md",
                "# Gap analysis\n\n"
                "| Clause | Requirement | Current state | Gap | Recommendation | Priority |\n"
                "|---|---|---|---|---|---|\n"
                "| 6.1.2 | Assess risks | None yet | No method | Write one | High |\n"
                "| 9.2 | Audit internally | None yet | No audit | Hold one | High |\n",
                NULL);

    GIVES("SELECT register FROM register_table", "gap_assessment");
    GIVES("SELECT count(*) FROM finding", "0");
}

TEST(records_of_the_statement_are_its_controls)
{
    struct written w = written(
        cx, "Statement of Applicability.md",
        "# Statement of Applicability\n\n"
        "| Ref | Control | Applicable | Justification | Status |\n|---|---|---|---|---|\n"
        "| A.5 | Organisational controls | | | |\n"
        "| A.5.1 | Policies for information security | Yes | Risk R-1 | Implemented |\n"
        "| A.5.2 | Information security roles and responsibilities | Yes | Risk R-2 | Planned |\n"
        "| A.5.3 | Segregation of duties | No | Two people work here, so | |\n"
        "| A.5.4 | Management responsibilities | Yes | Risk R-1 | Implemented |\n",
        NULL);

    GIVES("SELECT count(*) FROM soa_entry", "4");
    GIVES("SELECT control || applicable FROM soa_entry WHERE n = 3", "A.5.30");
    GIVES("SELECT status FROM soa_entry WHERE control = 'A.5.2'", "planned");
}

TEST(records_follow_pins)
{
    static const char TEXT[] = "# Notes\n\n| What | Chance | Foo | Bar |\n|---|---|---|---|\n"
                               "| Fire in the hall | 2 | 5 | x |\n| Theft | 3 | 4 | y |\n";
    struct written w = written(
        cx, "notes.md", TEXT,
        "{\"notes.md\": {register: risk, What: description, Foo: consequence, Bar: \"-\"}}");

    GIVES("SELECT description || consequence FROM risk WHERE likelihood = 2", "Fire in the hall5");
    GIVES("SELECT how FROM register_column WHERE header = 'Foo'", "pin");
    w = written(cx, "risks.md",
                "# Risk register\n\n| Risk | Likelihood | Impact | Owner |\n|---|---|---|---|\n"
                "| Theft of papers | 2 | 3 | CEO |\n",
                "{\"risks.md\": {register: none}}");
    GIVES("SELECT count(*) FROM register_table", "0");
}

TEST(records_of_a_very_long_table_are_counted)
{
    struct buf text = buf_new(cx->mem);

    buf_addz(&text, "Risk ID,Risk,Owner,Likelihood,Impact\n");
    for (unsigned i = 0; i < RECORDS_MOST + 7; i++)
        buf_printf(&text, "R-%u,Flood,Ada Porter,2,3\n", i);
    struct written w = written(cx, "risks.csv", str_z(cx->mem, buf_str(&text)), NULL);

    GIVES("SELECT count(*) FROM risk", "5000");
    GIVES("SELECT rows || ' ' || judged FROM register_table", "5007 5000");
}
