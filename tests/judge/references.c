#include "judge/references.h"

#include "tests/judge/reader.h"

static bool means(struct ctx *cx, const char *reference, const char *path, const char *title)
{
    static const char *const kind = "id: X-1\ntitle: Thing\nclause: \"1\"\nkind: document\n"
                                    "force: practice\ncontrols: []\nrequirements: []\n"
                                    "signals: {en: {names: [thing]}}\ncriteria: []\n";
    struct signals *signals = reader_signals(cx, kind);

    return reference_means(cx->mem, signals, str_of(reference), str_of(path), str_of(title));
}

TEST(reference_names_a_document_as_people_do)
{
    CHECK(means(cx, "POL-02", "policies/POL-02 Access.md", ""));
    CHECK(means(cx, "Staff Handbook 9.2", "staff-handbook_part9.md", ""));
    CHECK(means(cx, "see the suppliers page", "isms/suppliers.md", ""));
    CHECK(means(cx, "changes page", "a.md", "How we change things"));
    CHECK(means(cx, "offer letter; key register of the gate", "a.docx", "The gate: keys"));
    CHECK(!means(cx, "POL-08", "policies/POL-02 Access.md", ""));
    CHECK(!means(cx, "policy", "policy.md", "Policy"));
    CHECK(!means(cx, "9.2", "chapter 9.2.md", ""));
    CHECK(!means(cx, "Staff Handbook", "handbook.md", "Handbook of the crane"));
    CHECK(!means(cx, "", "a.md", "A"));
}
