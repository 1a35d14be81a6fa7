/* What whole texts are taken for, with the real signals: mistakes that were made once. */
#include "judge/kinds.h"

#include "tests/judge/reader.h"

static struct str kinds_of(struct ctx *cx, const char *name, const char *text)
{
    struct library *library = reader_library();
    struct extract *extract = ARENA_NEW(cx->mem, struct extract);
    struct reading *reading = NULL;
    struct facts facts;
    struct kinds kinds;
    struct buf out = buf_new(cx->mem);

    CHECK_OK(extract_bytes(cx, str_of(name), str_of(text), extract));
    CHECK_OK(reading_make(cx, library->signals->patterns, &library->signals->guards, str_of(name),
                          extract, &reading));
    facts_find(cx, reading, &facts);
    kinds_find(cx, library->signals, reading, &facts, &kinds);
    for (size_t i = 0; i < kinds.n; i++)
        buf_printf(&out, "%s%.*s", i > 0 ? " " : "", STR_ARG(kinds.items[i].kind->id));
    return buf_str(&out);
}

/* Minutes report what was repaired; how weaknesses are handled they do not say. */
TEST(kinds_minutes_with_a_table_of_weaknesses)
{
    struct str found = kinds_of(
        cx, "minutes.md",
        "# Management review minutes\n\nDate: 4 June 2026\n\nAttendees: Ann Lee (managing "
        "director), Tom Reed (CISO)\n\n## Vulnerabilities\n\n| Severity | Found | Remediated |\n"
        "|---|---|---|\n| Critical | 3 | 3 |\n| High | 9 | 8 |\n\n## Decisions\n\n"
        "| Decision | Owner | Due |\n|---|---|---|\n| Renew the scanner | Tom Reed | 1 July 2026 "
        "|\n\n"
        "The ISMS remains suitable, adequate and effective.\n");

    CHECK(str_has(found, "REC-MR"));
    CHECK(!str_has(found, "DOC-VULN"));
}

/* A text whose day alone is open is whole; a few words around a line to fill in are a form. */
TEST(kinds_one_gap_in_a_short_text)
{
    CHECK_STR(
        kinds_of(cx, "backup policy.md",
                 "# Backup policy\n\n**Last reviewed:** [DATE]\n\nThe ledger is backed up "
                 "every night to a second site. Copies are kept for 90 days and encrypted. "
                 "The administrator restores one copy each quarter and records the result.\n"),
        "DOC-BACKUP");
    CHECK_STR(kinds_of(cx, "backup policy.md", "# Backup policy\n\nOwner: [NAME]\n\nTo fill in.\n"),
              "");
}

/* A number before a name and a version behind it do not change what it is the name of. */
TEST(kinds_names_between_number_and_version)
{
    const char *rows = "Risk ID,Risk description,Likelihood,Impact,Owner,Treatment,Target date,"
                       "Status\nR-1,Fire in the mill,3,4,Ann Lee,Second site,2026-05-01,Open\n"
                       "R-2,Theft of a tablet,2,3,Bo Roy,Encrypt disks,2026-06-01,Closed\n";

    CHECK(str_has(kinds_of(cx, "QM-014_Risk_Register_v0.3_2026-02-07.csv", rows), "REC-RA"));
    CHECK(!str_has(kinds_of(cx, "QM-014_Risk_Register_v0.3_2026-02-07.csv", rows), "REC-OPS"));
    CHECK(str_has(
        kinds_of(cx, "QM-015_SoA_v0.3.csv",
                 "Control,Title,Applicable,Justification,Status\nA.5.1,Policies for "
                 "information security,Yes,Needed for the certificate,Implemented\nA.5.2,"
                 "Information security roles and responsibilities,Yes,Needed,Implemented\n"),
        "DOC-SOA"));
}

/* A method is none of the assessments made with it; a test of leavers' accounts is no procedure. */
TEST(kinds_methods_and_tests_are_told_apart)
{
    struct str method = kinds_of(
        cx, "m.md",
        "# QM-003 - Information Security Risk Assessment Methodology\n\nDate: 2026-02-07\n\n"
        "Risk score = likelihood x impact, from 1 to 25. Risk assessments are carried out "
        "yearly. The risk owner accepts risks up to 8. Likelihood 1 (once in ten years) to 5 "
        "(each month); impact 1 (a day's work) to 5 (the mill stands still).\n");

    CHECK(str_has(method, "DOC-RISKMETHOD"));
    CHECK(!str_has(method, "REC-RA"));
    CHECK(!str_has(
        kinds_of(cx, "t.md",
                 "# CT-01 - Leavers' access review\n\nLeavers should lose access within a day. "
                 "Population: 24 leavers in May. Outcome: 20 passed, 4 exceptions.\n"),
        "DOC-ACC"));
}

/* What presents a piece of work, or says that it is an example, is no evidence. */
TEST(kinds_portfolios_and_samples)
{
    CHECK_STR(kinds_of(cx, "README.md",
                       "# Hill Clinic - security risk assessment\n\nA portfolio project. The "
                       "fictional company has 75 staff.\n\nAnalyst: Al Moss\n\nThe exercise "
                       "identifies 12 risks: 3 critical, 8 high.\n"),
              "");
    CHECK_STR(kinds_of(cx, "samples.md",
                       "# Policy samples\n\nThese are portfolio examples rather than approved "
                       "company policy.\n\n## Access control policy\n\nAccess follows least "
                       "privilege. The line manager approves access before it is granted. "
                       "Access of leavers is removed on the last day. Access is reviewed "
                       "quarterly by the owner of the system.\n"),
              "");
}

/* A plan that only chooses is a poor plan, and a plan. */
TEST(kinds_treatment_plan_of_choices)
{
    CHECK(str_has(kinds_of(cx, "Risk treatment plan.md",
                           "Risk ID\tTreatment option\tSelected controls\tReason\nR-1\tModify\t"
                           "5.7 Threat intelligence\n8.12 Data leakage prevention\tShared "
                           "duty\nR-2\tShare\t5.19 Suppliers\tContract\n"),
                  "DOC-RTP"));
}

/* What explains the fields of a register fills none of them. */
TEST(kinds_explained_fields_are_no_record)
{
    CHECK(!str_has(
        kinds_of(cx, "corrective actions.md",
                 "# Corrective actions register\n\n| Field | Description |\n|---|---|\n"
                 "| Action ID | Number of the action |\n| Finding | What was found |\n"
                 "| Root cause | Why it happened |\n| Corrective action | What is done |\n"
                 "| Owner | Who does it |\n| Target date | Until when |\n"
                 "| Status | Open, closed |\n\nEffectiveness is verified before closure.\n"),
        "REC-NC"));
}

/* An audit that was held without a day, and a test that is no rule. */
TEST(kinds_records_without_a_day)
{
    CHECK(
        str_has(kinds_of(cx, "audit report.md",
                         "# Internal audit report\n\nAn internal audit was performed against the "
                         "processes of the ISMS.\n\n## Findings\n\n### Major nonconformity\n\n1. "
                         "Keys are not counted (clause 7.5).\n\n## Conclusion\n\nThe ISMS conforms "
                         "but for the keys, and it is effective.\n"),
                "REC-AUD"));
    CHECK(!str_has(
        kinds_of(cx, "t.md",
                 "# Backup restoration test evidence\n\nThe ledger was restored from the "
                 "latest backup in March 2026.\n\n| Test | Result | Status |\n|---|---|---|\n"
                 "| Backup available | Yes | Pass |\n| Ledger restored | Yes | Pass |\n"),
        "DOC-BACKUP"));
}
