/* What whole texts are taken for, with the real signals: mistakes that were made once. */
#include "judge/kinds.h"

#include "tests/judge/reader.h"

static struct str kinds_of(struct ctx *cx, const char *name, const char *text)
{
    struct library *library = reader_library(cx);
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
