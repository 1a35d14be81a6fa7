#include "judge/library.h"

#include "judge/facts.h"
#include "tests/judge/reader.h"

TEST(library_loads_each_language)
{
    struct library *library = reader_library();
    size_t n = library_language_count(library);

    CHECK(n >= 2);
    for (size_t i = 0; i < n; i++) {
        const struct signals *signals = NULL, *again = NULL;
        struct str id = library_language_at(library, i);
        CHECK_OK(library_signals(cx, library, id, &signals));
        CHECK_OK(library_signals(cx, library, id, &again));
        CHECK(signals != NULL && signals == again);
        CHECK_STR(signals->language->id, id.p);
        CHECK(signals->kind_n == library->standard->kinds.n);
    }
}

TEST(library_knows_what_it_lacks)
{
    struct library *library = reader_library();
    const struct signals *signals = NULL;

    CHECK_RC(library_signals(cx, library, STR("tlh"), &signals), RC_NOT_FOUND);
    CHECK_OK(library_signals(cx, library, STR_NONE, &signals));
    CHECK(signals == library->signals);
}

/* Months without capitals, "1er", words joined by an apostrophe, labels of the language. */
TEST(library_reads_dates_and_labels_of_another_language)
{
    struct library *library = reader_library();
    const struct signals *signals = NULL;
    struct extract *extract = ARENA_NEW(cx->mem, struct extract);
    struct reading *r = NULL;
    struct facts facts;

    CHECK_OK(library_signals(cx, library, STR("fr"), &signals));
    CHECK_OK(extract_bytes(cx, STR("a.md"),
                           STR("# Charte de l’atelier\n\nÉtat : validé\n\nDate d’approbation : 1er "
                               "mars 2026\n\nApprouvé par : Odile Fabre, directrice générale\n"),
                           extract));
    CHECK_OK(reading_make(cx, signals->patterns, &signals->guards, STR("a.md"), extract, &r));
    facts_find(cx, r, &facts);
    CHECK_STR(date_iso(cx->mem, facts.of[FACT_APPROVED_ON].date), "2026-03-01");
    CHECK_STR(facts.of[FACT_STATUS].text, "approved");
    CHECK(str_has(facts.of[FACT_APPROVED_BY].text, "Odile Fabre"));
}

TEST(library_at_rest_loads_signals_again)
{
    struct library library;
    const struct signals *signals = NULL;

    CHECK_OK(library_load(cx, NULL, &library));
    library_rest(&library);
    CHECK(library.signals == NULL);
    CHECK(library.standard->kinds.n > 0);
    CHECK_OK(library_signals(cx, &library, STR_NONE, &signals));
    CHECK(signals != NULL && signals->kind_n == library.standard->kinds.n);
    library_rest(&library);
    library_free(&library);
}
