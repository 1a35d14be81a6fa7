#include "tests/judge/reader.h"

static const struct passage *find(const struct reading *r, const char *text)
{
    for (size_t i = 2; i < r->passage_n; i++)
        if (str_has(r->passages[i].text, text))
            return &r->passages[i];
    CHECK(false);
    return &r->passages[0];
}

static uint32_t guards_of(const struct reading *r, const char *text)
{
    return reading_sentence_of(r, find(r, text)->token_from)->guards;
}

TEST(reading_title_and_sections)
{
    struct reading *r =
        reader_read(cx, NULL, "# Handbook\n\nHello.\n\n## Sites\n\n### North\n\nOslo.\n");

    CHECK_STR(r->title, "Handbook");
    CHECK_STR(reading_heading_path(cx->mem, r, (uint32_t)(find(r, "Oslo") - r->passages)),
              "Sites > North");
}

TEST(reading_title_from_front_matter_where_headings_are_many)
{
    struct reading *r = reader_read(
        cx, NULL, "---\ntitle: Leave Policy\n---\n# Purpose\n\nText.\n\n# Scope\n\nMore.\n");

    CHECK_STR(r->title, "Leave Policy");
}

TEST(reading_a_numbered_heading_is_no_title)
{
    CHECK_STR(
        reader_read(cx, NULL, "Staff handbook, chapter nine\n\n## 9.1 Visitors\n\nText.\n")->title,
        "Staff handbook, chapter nine");
    CHECK_STR(reader_read(cx, NULL, "This is a sentence.\n\n## 1. Purpose\n\nText.\n")->title,
              "text");
    CHECK_STR(reader_read(cx, NULL, "# 2026 goals\n\nText.\n")->title, "2026 goals");
}

TEST(reading_guards)
{
    struct reading *r = reader_read(
        cx, NULL,
        "We have not yet defined any criteria.\n\nThe plan will be defined next year.\n\n"
        "You should consider a register.\n\nIs there a policy?\n\nFor example, a lock.\n\n"
        "See the other page.\n\nBackups must not be kept at home.\n");

    CHECK((guards_of(r, "not yet") & GUARD_ABSENCE) != 0);
    CHECK((guards_of(r, "next year") & GUARD_PROMISE) != 0);
    CHECK((guards_of(r, "consider") & GUARD_ADVICE) != 0);
    CHECK((guards_of(r, "Is there") & GUARD_QUESTION) != 0);
    CHECK((guards_of(r, "a lock") & GUARD_EXAMPLE) != 0);
    CHECK((guards_of(r, "other page") & GUARD_POINTER) != 0);
    CHECK_INT(guards_of(r, "Backups"), 0);
}

TEST(reading_rows_carry_their_headings)
{
    struct reading *r = reader_read(
        cx, NULL, "| Risk | Owner | Due |\n|---|---|---|\n| Fire | Mia | - |\n| Flood | | tbd |\n");

    CHECK_STR(find(r, "Fire")->text, "Risk: Fire. Owner: Mia");
    CHECK_STR(find(r, "Flood")->text, "Risk: Flood");
    CHECK(!find(r, "Risk. Owner")->evidence);
}

TEST(reading_a_cell_that_waits_for_a_pen_is_empty)
{
    static const char *const blank[] = {"", " ____ ", "__/__/____", "//___", "[ ]", "( )", "..."};
    struct reading *r = reader_read(cx, NULL, "Text.");

    for (size_t i = 0; i < COUNT_OF(blank); i++)
        CHECK(reading_cell_empty(r->language, cx->mem, str_of(blank[i])));
    CHECK(!reading_cell_empty(r->language, cx->mem, STR("x")));
    CHECK(!reading_cell_empty(r->language, cx->mem, STR("1/2")));
    CHECK(!reading_cell_empty(r->language, cx->mem, STR("\xe2\x9c\x93")));
}

TEST(reading_history_is_no_evidence)
{
    struct reading *r = reader_read(cx, NULL,
                                    "| Version | Date | Change |\n|---|---|---|\n"
                                    "| 1.0 | 2026-01-02 | Acceptance criteria added |\n");

    CHECK(!find(r, "Acceptance")->evidence);
}

TEST(reading_lists_have_their_lead)
{
    struct reading *r = reader_read(cx, NULL, "The scope covers:\n\n- Oslo\n- Bergen\n\nEnd.\n");

    CHECK(find(r, "The scope")->lead);
    CHECK_INT(find(r, "Oslo")->list, find(r, "The scope")->list);
    CHECK_INT(find(r, "Bergen")->list, find(r, "Oslo")->list);
    CHECK_INT(find(r, "End")->list, 0);
}

static struct reading *read_named(struct ctx *cx, const char *name, const char *markdown)
{
    struct library *library = reader_library();
    struct extract *extract = ARENA_NEW(cx->mem, struct extract);
    struct reading *r = NULL;

    CHECK_OK(extract_bytes(cx, str_of(name), str_of(markdown), extract));
    CHECK_OK(reading_make(cx, library->signals->patterns, &library->signals->guards, str_of(name),
                          extract, &r));
    return r;
}

TEST(reading_contents_end_at_any_heading)
{
    struct reading *r =
        reader_read(cx, NULL, "# Contents\n\n- Scope 3\n\n### Scope\n\nAll parcels.\n");

    CHECK(!find(r, "Scope 3")->evidence);
    CHECK(find(r, "All parcels")->evidence);
}

TEST(reading_title_that_the_file_is_called_by)
{
    const char *text = "**MANAGEMENT SYSTEM**\n\n**Conforming to:**\n\n**QP043**\n\n"
                       "**Parcel Handling Policy**\n\n## Scope\n\nAll parcels.\n";

    CHECK_STR(read_named(cx, "QP043-Parcel Handling Policy.md", text)->title,
              "Parcel Handling Policy");
    CHECK_STR(read_named(cx, "x.md", text)->title, "MANAGEMENT SYSTEM");
}

TEST(reading_items_lead_in_those_below)
{
    struct reading *r = reader_read(cx, NULL,
                                    "- Retention:\n  - Ledger: two years\n- Whoever keeps "
                                    "more than that asks the steward first, like so:\n"
                                    "  - by letter\n");

    CHECK_INT(find(r, "Ledger")->above, (uint32_t)(find(r, "Retention") - r->passages));
    CHECK_INT(find(r, "by letter")->above, 0);
}

TEST(reading_contents_are_no_evidence)
{
    struct reading *r = reader_read(cx, NULL,
                                    "# A\n\n## Table of contents\n\n- Acceptance criteria\n\n"
                                    "## Rules\n\nWe keep them.\n");

    CHECK(!find(r, "Acceptance")->evidence);
    CHECK(find(r, "We keep")->evidence);
}

TEST(reading_counts_placeholders)
{
    struct reading *r =
        reader_read(cx, NULL,
                    "[COMPANY_NAME] keeps [number of days] days. Marked [CONFIDENTIAL]. "
                    "Due YYYY-MM-DD. Signed ______.\n\n- [x] done\n");

    CHECK_INT(r->placeholders, 4);
}

TEST(reading_masked_numbers_are_no_placeholders)
{
    struct reading *r = reader_read(
        cx, NULL, "The scan named CVE-2024-xxxx and card 4111-xxxx-xxxx.\n\nForm POL-xxx\n");

    CHECK_INT(r->placeholders, 1);
}

TEST(reading_tables_of_frameworks_are_no_evidence)
{
    struct reading *r = reader_read(
        cx, NULL,
        "# Rules\n\n| Standard | Reference |\n|---|---|\n| ISO 22301 | Clause 8.4, drills |\n\n"
        "| Control | Description |\n|---|---|\n| A.5.7 | Threat reports |\n| CC7.1 | Watching |\n\n"
        "| Control | Description |\n|---|---|\n| Badges | Each guest wears one |\n\n"
        "| Control | Description | Status |\n|---|---|---|\n| A.5.9 | Stock lists | Done |\n\n"
        "## 7. Framework Alignment\n\nClause 8 asks for drills.\n");

    CHECK(!find(r, "22301")->evidence);
    CHECK(!find(r, "Threat reports")->evidence);
    CHECK(find(r, "Each guest")->evidence);
    CHECK(find(r, "Stock lists")->evidence);
    CHECK(!find(r, "Clause 8 asks")->evidence);
}

/* "don't" has a "not" that does not stand in the text. */
TEST(reading_text_of_a_sentence_that_ends_in_a_negation)
{
    struct reading *r = reader_read(cx, NULL, "# Notes\n\nSome lock the gate, some don't.\n");
    const struct sentence *s = reading_sentence_of(r, find(r, "gate")->token_from);

    CHECK_STR(reading_sentence_text(r, s), "Some lock the gate, some don't.");
}
