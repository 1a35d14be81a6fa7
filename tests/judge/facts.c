#include "tests/judge/reader.h"

static struct facts facts_in(struct ctx *cx, const char *text)
{
    struct facts facts;

    facts_find(cx, reader_read(cx, NULL, text), &facts);
    return facts;
}

TEST(facts_from_label_lines)
{
    struct facts f =
        facts_in(cx, "# Leave\n\n**Version:** 2.1  \n**Approved by:** Managing Director  \n"
                     "**Approval date:** 3 March 2026  \n**Next review:** 03/2027\n");

    CHECK_STR(f.of[FACT_VERSION].text, "2.1");
    CHECK_STR(f.of[FACT_APPROVED_BY].text, "Managing Director");
    CHECK_STR(date_iso(cx->mem, f.of[FACT_APPROVED_ON].date), "2026-03-03");
    CHECK_STR(date_iso(cx->mem, f.of[FACT_REVIEW_DUE].date), "2027-03-31");
}

TEST(facts_from_one_line_with_bars)
{
    struct facts f =
        facts_in(cx, "# Leave\n\nVersion: 3.0 | Owner: Head of IT | Classification: Internal\n");

    CHECK_STR(f.of[FACT_VERSION].text, "3.0");
    CHECK_STR(f.of[FACT_OWNER].text, "Head of IT");
    CHECK_STR(f.of[FACT_CLASSIFICATION].text, "Internal");
}

TEST(facts_behind_pictures)
{
    struct facts f =
        facts_in(cx, "# Leave\n\n**\xf0\x9f\x93\x8b Document Owner:** CEO | **\xe2\x8f\xb0 "
                     "Next Review:** 2026-11-19\n");

    CHECK_STR(f.of[FACT_OWNER].text, "CEO");
    CHECK_STR(date_iso(cx->mem, f.of[FACT_REVIEW_DUE].date), "2026-11-19");
}

TEST(facts_day_below_the_approver)
{
    struct facts f = facts_in(cx, "# Leave\n\n## Approval\n\nApproved by: Mia Berg (CEO)\n\n"
                                  "Date: 2026-02-26\n");

    CHECK_STR(date_iso(cx->mem, f.of[FACT_APPROVED_ON].date), "2026-02-26");
    f = facts_in(cx, "# Leave\n\nApproved by: Mia Berg\n\n## Record\n\nDate: 2026-02-26\n");
    CHECK_INT(f.of[FACT_APPROVED_ON].text.n, 0);
}

TEST(facts_from_a_control_table)
{
    struct facts f = facts_in(cx, "| Document owner | Mia Berg |\n|---|---|\n| Version | 1.4 |\n"
                                  "| Status | Approved |\n| Approved by | CEO |\n\nText.\n");

    CHECK_STR(f.of[FACT_OWNER].text, "Mia Berg");
    CHECK_STR(f.of[FACT_VERSION].text, "1.4");
    CHECK_STR(f.of[FACT_STATUS].text, "approved");
    CHECK_STR(f.of[FACT_APPROVED_BY].text, "CEO");
}

TEST(facts_placeholders_are_open)
{
    struct facts f =
        facts_in(cx, "# Leave\n\nVersion: [VERSION]\n\nApproved by: [APPROVER_NAME]\n");

    CHECK(f.of[FACT_VERSION].open);
    CHECK(f.of[FACT_APPROVED_BY].open);
}

TEST(facts_effective_is_no_approval)
{
    struct facts f =
        facts_in(cx, "# Leave\n\nEffective date: 2026-04-01\n\nLast updated: 2026-05-01\n");

    CHECK(date_is_none(f.of[FACT_APPROVED_ON].date));
    CHECK_STR(date_iso(cx->mem, f.of[FACT_EFFECTIVE_ON].date), "2026-04-01");
}

TEST(facts_version_from_history)
{
    struct facts f = facts_in(cx, "# Leave\n\n| Version | Date | Change |\n|---|---|---|\n"
                                  "| 1.0 | 2025-02-01 | First |\n| 1.2 | 2026-02-01 | More |\n");

    CHECK_STR(f.of[FACT_VERSION].text, "1.2");
    CHECK_STR(date_iso(cx->mem, f.of[FACT_DATED].date), "2026-02-01");
}

TEST(facts_text_is_not_a_label)
{
    struct facts f = facts_in(cx, "# Leave\n\nThe version control system: all code is in it.\n");

    CHECK_STR(f.of[FACT_VERSION].text, "");
}

TEST(facts_joined_in_one_paragraph)
{
    struct facts f = facts_in(
        cx, "# Leave\n\nBerg Mills Ltd Document Owner: Head of Quality (HQ) Version: 2.3 Effective "
            "Date: 4 May 2026 Review Cycle: Yearly, or when the mill changes Status: Approved "
            "Date: 2 May 2026 Classification: Internal\n");

    CHECK_STR(f.of[FACT_OWNER].text, "Head of Quality (HQ)");
    CHECK_STR(f.of[FACT_VERSION].text, "2.3");
    CHECK_STR(date_iso(cx->mem, f.of[FACT_EFFECTIVE_ON].date), "2026-05-04");
    CHECK_STR(f.of[FACT_STATUS].text, "approved");
    CHECK_STR(f.of[FACT_CLASSIFICATION].text, "Internal");
    CHECK(date_is_none(f.of[FACT_APPROVED_ON].date));
}

TEST(facts_joined_with_the_approver)
{
    struct facts f = facts_in(cx, "# Leave\n\nVersion: 1.2 Owner: CISO Approved by: Mia Berg Date: "
                                  "2026-02-26\n");

    CHECK_STR(f.of[FACT_OWNER].text, "CISO");
    CHECK_STR(f.of[FACT_APPROVED_BY].text, "Mia Berg");
    CHECK_STR(date_iso(cx->mem, f.of[FACT_APPROVED_ON].date), "2026-02-26");
}

TEST(facts_one_label_in_a_sentence)
{
    struct facts f = facts_in(cx, "# Leave\n\nEach room has one Owner: the head of the floor.\n");

    CHECK_INT(f.of[FACT_OWNER].text.n, 0);
}

TEST(facts_reviewed_is_no_approval)
{
    struct facts f = facts_in(cx, "# Leave\n\nApproved by: CEO\n\nLast Reviewed: 2026-01-15\n");

    CHECK_STR(f.of[FACT_APPROVED_BY].text, "CEO");
    CHECK(date_is_none(f.of[FACT_APPROVED_ON].date));
    CHECK_STR(date_iso(cx->mem, f.of[FACT_DATED].date), "2026-01-15");
}

/* Names and days below "Approvals": the newest row counts, and one with blanks does not. */
TEST(facts_of_a_table_of_approvals)
{
    struct facts f =
        facts_in(cx, "# Parcels\n\n## Approvals\n\n| Name | Role | Signature | Date | Version "
                     "|\n|---|---|---|---|---|\n| Mia Berg | CIO | | 03/10/2024 | 1.0 |\n"
                     "| Bo Roy | CEO | | 03/10/2025 | 1.1 |\n| ____ | CFO | | | |\n");

    CHECK_STR(f.of[FACT_APPROVED_BY].text, "Bo Roy, CEO");
    CHECK_STR(date_iso(cx->mem, f.of[FACT_APPROVED_ON].date), "2025-10-03");
    f = facts_in(cx, "# Parcels\n\n## Training\n\n| Name | Date |\n|---|---|\n| Mia Berg | "
                     "2025-10-03 |\n");
    CHECK_INT(f.of[FACT_APPROVED_BY].text.n, 0);
    CHECK(date_is_none(f.of[FACT_APPROVED_ON].date));
}
