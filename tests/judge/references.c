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

static void write_document(struct ctx *cx, struct store *store, unsigned id)
{
    struct str sql = str_printf(cx->mem,
                                "INSERT INTO document (id, path, language, title)"
                                " VALUES (%u, '%u/gate keys.md', 'en', 'Gate keys')",
                                id, id);

    CHECK_OK(store_exec(cx, store, "test", sql));
}

/* Of many documents by the same name a line means the first, and never its own. */
TEST(references_of_a_line_are_bounded)
{
    struct library library = {0};
    struct store *store = NULL;
    struct str facts;
    bool row;
    STMT(s);

    CHECK_OK(library_load(cx, NULL, &library));
    CHECK_OK(store_open(cx, NULL, 0, &store));
    CHECK_OK(content_get(cx, &library.standard->content, "standards/facts.sql", &facts));
    CHECK_OK(store_exec(cx, store, "facts.sql", facts));
    for (unsigned id = 1; id <= REFERENCE_TARGETS + 10; id++)
        write_document(cx, store, id);
    CHECK_OK(store_exec(cx, store, "test",
                        STR("INSERT INTO control_line (document, n, reference)"
                            " VALUES (2, 1, 'nothing'), (2, 2, 'gate keys; keys gate')")));
    CHECK_OK(references_find(cx, &library, store));
    CHECK_OK(store_prepare(cx, store,
                           STR("SELECT count(*), count(DISTINCT target), min(target), max(target),"
                               " sum(target = document), min(n) FROM line_reference"),
                           &s));
    CHECK_OK(stmt_step(cx, s, &row));
    CHECK_INT(stmt_int(s, 0), REFERENCE_TARGETS);
    CHECK_INT(stmt_int(s, 1), REFERENCE_TARGETS);
    CHECK_INT(stmt_int(s, 2), 1);
    CHECK_INT(stmt_int(s, 3), REFERENCE_TARGETS + 1);
    CHECK_INT(stmt_int(s, 4), 0);
    CHECK_INT(stmt_int(s, 5), 2);
    stmt_freep(&s);
    store_close(store);
    library_free(&library);
}
