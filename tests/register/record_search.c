/* The box in which people search answers alike on both databases. */
#include "register/record_search.h"

#include "tests/harness.h"
#include "tests/register/kept.h"

/* The refs that a search gives, in its order. */
static struct str found(struct kept *k, const char *words, struct str as_of)
{
    struct ctx *cx = k->cx;
    struct buf out = buf_new(cx->mem);
    struct record_hit *hits = NULL;
    size_t n = 0;

    CHECK_OK(record_search(cx, &k->rs, str_of(words), as_of, &hits, &n));
    for (size_t i = 0; i < n; i++)
        buf_printf(&out, "%s%.*s", i > 0 ? " " : "", STR_ARG(hits[i].record.ref));
    return buf_str(&out);
}

static struct str now(struct kept *k, const char *words)
{
    return found(k, words, STR_NONE);
}

KEPT_TEST(record_search_finds_by_how_words_begin)
{
    (void)kept_add(k, "risk", "{title: Backups are not restored, notes: Nobody tried.}");
    (void)kept_add(k, "risk", "{title: Theft, notes: \"A thief, in the back yard\"}");
    CHECK_STR(now(k, "back"), "RISK-001 RISK-002"); /* the title's first */
    CHECK_STR(now(k, "BACKUPS"), "RISK-001");
    CHECK_STR(now(k, "back yard"), "RISK-002");
    CHECK_STR(now(k, "ack"), "");
    CHECK_STR(now(k, "back nothing"), "");
}

KEPT_TEST(record_search_finds_refs_names_choices_and_lines)
{
    (void)kept_add(k, "risk", "{title: Fire, treatment: avoid, controls: [A.8.13]}");
    (void)kept_add(k, "risk", "{title: Flood, lines: [{what: The cellar}], due: 2027-03-01}");
    CHECK_STR(now(k, "risk-002"), "RISK-002");
    CHECK_STR(now(k, "RISK 001"), "RISK-001");
    CHECK_STR(now(k, "avoid"), "RISK-001");
    CHECK_STR(now(k, "a.8.13"), "RISK-001");
    CHECK_STR(now(k, "cellar"), "RISK-002");
    CHECK_STR(now(k, "2027-03"), "RISK-002");
    CHECK_STR(now(k, "ben"), "P-002");
}

KEPT_TEST(record_search_puts_a_ref_that_was_typed_first)
{
    (void)kept_add(k, "risk", "{title: Fire}");
    (void)kept_add(k, "risk", "{title: \"As RISK-001, but worse\"}");
    CHECK_STR(now(k, "risk-001"), "RISK-001 RISK-002");
}

KEPT_TEST(record_search_does_not_care_for_accents)
{
    (void)kept_add(k, "asset", "{name: Straße der Žižkas}");
    CHECK_STR(now(k, "strasse zizk"), "A-001");
    CHECK_STR(now(k, "STRAẞE"), ""); /* a letter that nobody types */
    CHECK_STR(now(k, "ŽIŽKAS"), "A-001");
}

KEPT_TEST(record_search_follows_changes)
{
    struct record record;
    struct str id = kept_add(k, "risk", "{title: Fire}");

    CHECK_OK(kept_put(k, "risk", id, "{title: Flood}", &record));
    CHECK_STR(now(k, "fire"), "");
    CHECK_STR(now(k, "flood"), "RISK-001");
    struct record_change change = {.def = kept_def(k, "risk"), .id = id, .act = "remove"};
    CHECK_OK(record_write(cx, &k->rs, &change, &record));
    CHECK_STR(now(k, "flood"), "");
}

/* What was refused is not found, as all of it is one transaction. */
KEPT_TEST(record_search_knows_nothing_of_what_was_refused)
{
    struct record record;

    {
        CLEANUP(tx_end) struct tx tx = {0};
        CHECK_OK(tx_begin(cx, k->store, &tx));
        CHECK_OK(kept_put(k, "risk", STR_NONE, "{title: Fire}", &record));
        CHECK_STR(now(k, "fire"), "RISK-001");
    }
    CHECK_STR(now(k, "fire"), "");
}

KEPT_TEST(record_search_looks_back)
{
    struct record first, record;
    struct str id = kept_add(k, "risk", "{title: Fire}");

    CHECK_OK(record_read(cx, &k->rs, kept_def(k, "risk"), id, STR_NONE, &first));
    CHECK_OK(kept_put(k, "risk", id, "{title: Flood}", &record));
    CHECK_STR(found(k, "fire", first.at), "RISK-001");
    CHECK_STR(found(k, "flood", first.at), "");
    CHECK_STR(found(k, "flood", record.at), "RISK-001");
}

KEPT_TEST(record_search_index_is_made_anew)
{
    (void)kept_add(k, "risk", "{title: Fire}");
    CHECK_OK(store_exec(cx, k->store, "test", STR("DELETE FROM record_search")));
    CHECK_STR(now(k, "fire"), "");
    CHECK_OK(record_search_rebuild(cx, &k->rs));
    CHECK_STR(now(k, "fire"), "RISK-001");
}

KEPT_TEST(record_search_shows_where)
{
    struct record_hit *hits;
    size_t n;

    (void)kept_add(k, "risk",
                   "{title: Fire, notes: \"Two years ago it began in the kitchen of the second "
                   "floor, where somebody had left a heater on over the week\\u2019s end, and "
                   "nobody noticed anything before Monday\"}");
    CHECK_OK(record_search(cx, &k->rs, STR("heater"), STR_NONE, &hits, &n));
    CHECK_INT(n, 1);
    CHECK_STR(hits[0].label, "Fire");
    CHECK(str_starts(hits[0].excerpt, STR("…")));
    CHECK(str_has(hits[0].excerpt, "somebody had left a heater on"));
    CHECK(hits[0].excerpt.n < 150);
}

KEPT_TEST(record_search_takes_what_people_type)
{
    static const char *const odd[] = {"\"",        "fire OR flood", "fire*", "(fire", "fire'",
                                      "fire & !a", "NEAR(fire)",    "-fire", "fire:", "a'; DROP"};
    struct record_hit *hits;
    size_t n;

    (void)kept_add(k, "risk", "{title: Fire}");
    for (size_t i = 1; i < COUNT_OF(odd); i++)
        CHECK_OK(record_search(cx, &k->rs, str_of(odd[i]), STR_NONE, &hits, &n));
    CHECK_RC(record_search(cx, &k->rs, str_of(odd[0]), STR_NONE, &hits, &n), RC_INVALID);
    CHECK_STR(now(k, "\"fire\"*"), "RISK-001");
}
