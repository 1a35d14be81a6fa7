#include "judge/codes.h"

#include "tests/judge/reader.h"

/* What is cited: "code/version/annex", with blanks between. */
static struct str cited(struct ctx *cx, const char *text)
{
    const struct signals *signals = reader_library()->signals;
    struct reading *r = reader_read(cx, (struct signals *)(uintptr_t)signals, text);
    struct buf out = buf_new(cx->mem);
    struct code_citations found;

    codes_cited(cx, signals, r, &found);
    for (size_t i = 0; i < found.n; i++)
        buf_printf(&out, "%s%.*s/%.*s/%.*s", i > 0 ? " " : "", STR_ARG(found.items[i].code),
                   STR_ARG(found.items[i].version), STR_ARG(found.items[i].annex));
    return buf_str(&out);
}

TEST(codes_are_numbers_of_documents)
{
    static const struct {
        const char *text, *code;
    } cases[] = {
        {"POL-04", "POL-04"},
        {"HP-ISMS-RM-02 Risks", "HP-ISMS-RM-02"},
        {"ISMS_P_3, see", "ISMS-P-3"},
        {"A.5.1", ""},
        {"POL04", ""},
        {"POL-2024-draft", ""},
        {"pol-04", ""},
        {"D-04", ""},
        {"VERYLONGNAME-04", ""},
        {"POL-04.2", ""},
        {"POL-12345", ""},
        {"POL-", ""},
        {"POL-04.", "POL-04"},
        {"POL-X", ""},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t to = 0;
        struct str code = code_at(cx->mem, str_of(cases[i].text), 0, &to);
        CHECK_STR(code, cases[i].code);
        CHECK(code.n == 0 || to >= code.n);
    }
}

TEST(codes_that_a_text_refers_to)
{
    CHECK_STR(cited(cx, "# Backups\n\nSee POL-04 and (PRO-07, version 1.2).\n"),
              "POL-04// PRO-07/1.2/");
    CHECK_STR(cited(cx, "# Backups\n\nBy POL-04 Backup policy v2.\n"), "POL-04/2/");
    CHECK_STR(cited(cx, "# Backups\n\nBy POL-04. Version 3 of the tool is used.\n"), "POL-04//");
    CHECK_STR(cited(cx, "# Backups\n\nAs said in Annex B of POL-04.\n"), "POL-04//B");
    CHECK_STR(cited(cx, "# Backups\n\nSee Appendix 2 for the form.\n"), "//2");
    CHECK_STR(cited(cx, "# Backups\n\nAll policies from POL-01 to POL-12 and PRO-01 to 07.\n"), "");
    CHECK_STR(cited(cx, "# Backups\n\nTwice: POL-04, POL-04.\n"), "POL-04//");
}

/* A list of documents, a heading, and words that only look alike. */
TEST(codes_that_refer_to_nothing)
{
    CHECK_STR(cited(cx, "# List\n\n| No. | Title |\n|---|---|\n| POL-04 | Backups |\n"), "");
    CHECK_STR(cited(cx, "# Backups\n\n## Annex B: form of POL-04\n\nText.\n"), "");
    CHECK_STR(cited(cx, "# Backups\n\nThe annexed form is annex-like.\n"), "");
}
