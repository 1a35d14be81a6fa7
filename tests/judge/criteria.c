#include "tests/judge/reader.h"

#define KIND(forms)                                                                                \
    "id: X\ntitle: Ferry plan\nkind: document\nsignals: {en: {names: [ferry plan], says: "         \
    "[ferry]}}\n"                                                                                  \
    "criteria:\n- id: X-01\n  criterion: who sails when\n  signals: {en: " forms "}\n"

static struct match match_of(struct ctx *cx, const char *kind, const char *text)
{
    struct signals *signals = reader_signals(cx, kind);
    struct reading *r = reader_read(cx, signals, text);
    struct facts facts;
    struct match match;

    facts_find(cx, r, &facts);
    criterion_match(cx, r, &facts, &signals->kinds[0].criteria[0], 2, (uint32_t)r->passage_n,
                    &match);
    return match;
}

#define SLOTS "{forms: [{slots: {who: [captain, mate], when: [daily, weekly]}"

TEST(criterion_wants_all_slots_in_one_passage)
{
    struct match m = match_of(cx, KIND(SLOTS "}]}"), "The captain sails daily.");
    CHECK_INT(m.status, MATCH_MET);
    CHECK_STR(m.quotes[0].text, "The captain sails daily.");

    m = match_of(cx, KIND(SLOTS "}]}"), "The captain sails.\n\nFish comes daily.");
    CHECK_INT(m.status, MATCH_MISSING);
    CHECK_STR(m.lacks, "when");
    CHECK_INT(m.quote_n, 1);
}

TEST(criterion_in_sentence_and_section)
{
    CHECK_INT(match_of(cx, KIND(SLOTS ", in: sentence}]}"), "The captain sails. Fish comes daily.")
                  .status,
              MATCH_MISSING);
    CHECK_INT(
        match_of(cx, KIND(SLOTS ", in: section}]}"), "## A\n\nThe captain sails.\n\nFish daily.")
            .status,
        MATCH_MET);
    CHECK_INT(match_of(cx, KIND(SLOTS ", in: section}]}"),
                       "## A\n\nThe captain sails.\n\n## B\n\nFish daily.")
                  .status,
              MATCH_MISSING);
}

TEST(criterion_list_item_with_its_lead)
{
    CHECK_INT(match_of(cx, KIND(SLOTS ", in: sentence}]}"),
                       "The captain sails:\n\n- daily\n- on Sundays\n")
                  .status,
              MATCH_MET);
}

/* Introductions, captions and what a document says of itself are quoted only for want of better. */
TEST(criterion_prefers_what_is_no_aside)
{
    const char *kind = KIND("{forms: [{slots: {who: [captain]}, in: sentence}]}");
    struct match m =
        match_of(cx, kind,
                 "# Ferry plan\n\nThis plan ensures that the captain sails.\n\n## Captain\n\n"
                 "The captain.\n\nOnly the captain gives the order to sail.\n");
    CHECK_STR(m.quotes[0].text, "Only the captain gives the order to sail.");

    m = match_of(cx, kind, "# Ferry plan\n\n## Introduction\n\nThere is a captain on each ferry.");
    CHECK_INT(m.status, MATCH_MET);

    kind = KIND("{forms: [{slots: {who: [captain]}}, {slots: {who: [mate]}}]}");
    m = match_of(
        cx, kind,
        "# Ferry plan\n\n## Introduction\n\nThere is a captain on each ferry.\n\n## Crew\n\n"
        "A mate stands at the helm by night.\n");
    CHECK_STR(m.quotes[0].text, "A mate stands at the helm by night.");
}

TEST(criterion_under_a_heading)
{
    const char *kind = KIND("{forms: [{slots: {who: [captain]}, under: [crew]}]}");

    CHECK_INT(match_of(cx, kind, "## Our crew\n\nThe captain.").status, MATCH_MET);
    CHECK_INT(match_of(cx, kind, "## Fish\n\nThe captain.").status, MATCH_MISSING);
    CHECK_INT(match_of(cx, kind, "## Crew and captain\n").status, MATCH_MISSING);
}

TEST(criterion_told_by_headings)
{
    const char *kind =
        KIND("{forms: [{headings: [[summer], [winter, storm]], under: [crossing*]}]}");

    struct match m = match_of(cx, kind,
                              "# Ferry\n\n## Crossings\n\n### Summer\n\nHourly until dusk.\n\n"
                              "### Winter storm\n\nNone above force eight.\n");
    CHECK_INT(m.status, MATCH_MET);
    CHECK_INT(m.quote_n, 2);
    CHECK_STR(m.quotes[0].text, "Hourly until dusk.");
    CHECK_STR(m.quotes[1].text, "None above force eight.");

    /* An empty section, one heading for both, a promise, and headings elsewhere say nothing. */
    CHECK_INT(
        match_of(cx, kind, "# F\n\n## Crossings\n\n### Summer\n\nHourly.\n\n### Winter\n").status,
        MATCH_MISSING);
    CHECK_INT(
        match_of(cx, kind, "# F\n\n## Crossings\n\n### Summer and winter\n\nHourly.\n").status,
        MATCH_MISSING);
    CHECK_INT(match_of(cx, kind,
                       "# F\n\n## Crossings\n\n### Summer\n\nHourly.\n\n### Winter\n\n"
                       "Will be defined.\n")
                  .status,
              MATCH_MISSING);
    CHECK_INT(match_of(cx, kind, "# F\n\n## Meals\n\n### Summer\n\nFish.\n\n### Winter\n\nSoup.\n")
                  .status,
              MATCH_MISSING);
}

/* A short minute leaves its subject to the heading; a word or two below it say nothing. */
TEST(criterion_slot_filled_below_a_heading)
{
    const char *kind = KIND("{forms: [{in: document, slots: {who: [captain, {heading: crew}], "
                            "when: [daily, {heading: timetable}]}}]}");

    struct match m = match_of(cx, kind,
                              "# Ferry\n\n## 1. Crew\n\nThree aboard, one ashore.\n\n"
                              "## 2. Timetable\n\nHourly until dusk.\n");
    CHECK_INT(m.status, MATCH_MET);
    CHECK_STR(m.quotes[0].text, "Three aboard, one ashore.");
    CHECK_STR(m.quotes[1].text, "Hourly until dusk.");

    m = match_of(cx, kind, "# Ferry\n\n## Crew\n\nNone.\n\n## Timetable\n\nHourly until dusk.\n");
    CHECK_INT(m.status, MATCH_MISSING);
    CHECK_STR(m.lacks, "who");
    CHECK_INT(match_of(cx, kind, "# Crew\n\nThree aboard, one ashore, daily.\n").status,
              MATCH_MISSING);
    CHECK_INT(
        match_of(cx, kind,
                 "# F\n\n## Crew\n\nThe list will be defined.\n\n## Rest\n\nIt sails daily.\n")
            .status,
        MATCH_MISSING);
}

TEST(criterion_table_needs_filled_cells)
{
    const char *kind = KIND("{forms: [{table: [[captain], [day]]}]}");

    CHECK_INT(match_of(cx, kind, "| Captain | Day |\n|---|---|\n| Mia | Monday |\n").status,
              MATCH_MET);
    CHECK_INT(
        match_of(cx, kind, "| Captain | Day |\n|---|---|\n| Mia | |\n| [Name] | [Day] |\n").status,
        MATCH_MISSING);
    CHECK_INT(
        match_of(cx, kind, "| Captain | Day |\n|---|---|\n| Example: Mia | Monday |\n").status,
        MATCH_MISSING);
}

TEST(criterion_table_may_stand_in_cards)
{
    const char *kind = KIND("{forms: [{table: [[captain], [day], [boat]], rows: 2}]}");

    struct match m =
        match_of(cx, kind,
                 "## Trip 1\n\n- **Captain:** Mia\n- **Day:** Monday\n- **Boat:** Tern\n\n"
                 "## Trip 2\n\n- **Captain:** Ole\n- **Day:** Friday\n- **Boat:** Auk\n");
    CHECK_INT(m.status, MATCH_MET);
    CHECK_INT(m.quote_n, 3);
    CHECK_STR(m.quotes[0].text, "Captain: Mia");
    m = match_of(cx, kind,
                 "## Trip 1\n\n| Field | Value |\n|---|---|\n| Captain | Mia |\n| Day | Monday |\n"
                 "| Boat | Tern |\n\n## Trip 2\n\n| Field | Value |\n|---|---|\n| Captain | Ole |\n"
                 "| Day | Friday |\n| Boat | Auk |\n");
    CHECK_INT(m.status, MATCH_MET);
    CHECK_STR(m.quotes[1].text, "Day: Monday");
    /* Entries that only their first label parts. */
    m = match_of(cx, kind,
                 "Captain: Mia\n\nDay: Monday\n\nBoat: Tern\n\n---\n\n"
                 "Captain: Ole\n\nDay: Friday\n\nBoat: Auk\n");
    CHECK_INT(m.status, MATCH_MET);
    CHECK_STR(m.quotes[0].text, "Captain: Mia");
    /* One entry is no register, and gaps fill nothing. */
    m = match_of(cx, kind, "## Trip 1\n\n- Captain: Mia\n- Day: Monday\n- Boat: Tern\n");
    CHECK_INT(m.status, MATCH_MISSING);
    m = match_of(cx, kind,
                 "## Trip 1\n\n- Captain: Mia\n- Day: Monday\n- Boat: Tern\n\n"
                 "## Trip 2\n\n- Captain: [Name]\n- Day: tbd\n- Boat:\n");
    CHECK_INT(m.status, MATCH_MISSING);
}

TEST(criterion_guards)
{
    const char *kind = KIND(SLOTS "}]}");

    CHECK_INT(match_of(cx, kind, "The captain has not yet been named to sail daily.").status,
              MATCH_MISSING);
    CHECK_INT(match_of(cx, kind, "It will be defined which captain sails daily.").status,
              MATCH_MISSING);
    CHECK_INT(match_of(cx, kind, "Does the captain sail daily?").status, MATCH_MISSING);
    CHECK_INT(
        match_of(cx, KIND("{allow: [question], forms: [{slots: {who: [captain], when: [daily]}}]}"),
                 "Does the captain sail daily?")
            .status,
        MATCH_MET);
}

TEST(criterion_unless_and_partly)
{
    const char *kind = KIND("{unless: [rival], forms: [{slots: {who: [captain], when: [daily]}},"
                            " {slots: {who: [captain]}, gives: partly}]}");

    CHECK_INT(match_of(cx, kind, "The captain sails daily.").status, MATCH_MET);
    CHECK_INT(match_of(cx, kind, "The captain sails.").status, MATCH_PARTLY);
    CHECK_INT(match_of(cx, kind, "The rival captain sails daily.").status, MATCH_MISSING);
}

TEST(criterion_facts_and_counts)
{
    CHECK_INT(
        match_of(cx, KIND("{facts: [version, approved_by]}"), "Version: 1.0\n\nApproved by: CEO\n")
            .status,
        MATCH_MET);
    CHECK_INT(
        match_of(cx, KIND("{facts: [version, approved_by]}"), "Version: 1.0\n\nText\n").status,
        MATCH_MISSING);
    CHECK_INT(match_of(cx, KIND("{count: {class: '#control', distinct: 3, least: 2}}"),
                       "A.5.1 and A.5.2 and A.5.1.")
                  .status,
              MATCH_PARTLY);
}

TEST(kind_needs_content_not_only_a_name)
{
    struct signals *signals = reader_signals(cx, KIND(SLOTS "}]}"));
    struct facts facts;
    struct kinds kinds;
    struct reading *r =
        reader_read(cx, signals, "# Ferry plan\n\nThe captain sails the ferry daily.\n");

    facts_find(cx, r, &facts);
    kinds_find(cx, signals, r, &facts, &kinds);
    CHECK_INT(kinds.n, 1);
    CHECK(kinds.items[0].confidence >= 500);
    r = reader_read(cx, signals, "# Ferry plan\n\nNothing here concerns boats.\n");
    facts_find(cx, r, &facts);
    kinds_find(cx, signals, r, &facts, &kinds);
    CHECK_INT(kinds.n, 0);
}

static struct kinds kinds_of(struct ctx *cx, struct signals *signals, const char *text)
{
    struct reading *r = reader_read(cx, signals, text);
    struct facts facts;
    struct kinds kinds;

    facts_find(cx, r, &facts);
    kinds_find(cx, signals, r, &facts, &kinds);
    return kinds;
}

TEST(kind_by_title_and_what_it_says)
{
    struct signals *signals = reader_signals(
        cx, "id: X\ntitle: Ferry plan\nkind: document\nsignals: {en: {names: [ferry plan], says: "
            "[{is: ferry sails}, {is: harbour, weight: 2}]}}\ncriteria:\n- id: X-01\n  criterion: "
            "who sails when\n  signals: {en: " SLOTS "}]}}\n");

    /* Named so and says so: no criterion need be met. */
    CHECK_INT(kinds_of(cx, signals, "# Ferry plan\n\nThe ferry sails from the harbour.\n").n, 1);
    /* Said once, weakly, and nothing met: a name only. */
    CHECK_INT(kinds_of(cx, signals, "# Ferry plan\n\nThe ferry sails.\n").n, 0);
}

TEST(kind_of_a_register_by_its_columns)
{
    static const char *const rows =
        "| Captain | Boat |\n|---|---|\n| Mia | Tern |\n| Ole | Auk |\n";
    static const char *const kind =
        "id: X\ntitle: Ferry plan\nkind: document\nsignals: {en: {names: [ferry plan], %s tables: "
        "[{columns: [[captain], [boat]]}]}}\ncriteria:\n- {id: X-01, criterion: who, signals: {en: "
        "{forms: [{table: [[captain], [boat]], rows: 2}]}}}\n- {id: X-02, criterion: a, signals: "
        "{en: {says: [seagull]}}}\n- {id: X-03, criterion: b, signals: {en: {says: [gannet]}}}\n";

    struct signals *signals = reader_signals(cx, str_printf(cx->mem, kind, "columns: true,").p);
    CHECK_INT(kinds_of(cx, signals, rows).n, 1);
    /* Text beside them makes it no register; other kinds are not told by columns alone. */
    CHECK_INT(
        kinds_of(cx, signals,
                 str_printf(cx->mem, "# Fish\n\nSee below.\n\nThis is about fish.\n\n%s", rows).p)
            .n,
        0);
    signals = reader_signals(cx, str_printf(cx->mem, kind, "").p);
    CHECK_INT(kinds_of(cx, signals, rows).n, 0);
}

TEST(kind_by_a_table_that_tells_only_below_its_name)
{
    static const char *const table =
        "| Trip | Captain | Boat |\n|---|---|---|\n| Skua isle | Mia | Tern |\n"
        "| Far skerry | Ole | Auk |\n";
    struct signals *signals = reader_signals(
        cx, "id: X\ntitle: Ferry plan\nkind: document\nsignals: {en: {names: [ferry plan], weak: "
            "[crossings], tables: [{columns: [[trip], [captain], [boat]], named: true}]}}\n"
            "criteria:\n- {id: X-01, criterion: who, signals: {en: {forms: [{table: [[trip], "
            "[captain]], rows: 2}]}}}\n");

    CHECK_INT(kinds_of(cx, signals, str_printf(cx->mem, "# Ferry plan\n\n%s", table).p).n, 1);
    CHECK_INT(
        kinds_of(cx, signals, str_printf(cx->mem, "# Harbour\n\n## Ferry plan\n\n%s", table).p).n,
        1);
    CHECK_INT(
        kinds_of(cx, signals, str_printf(cx->mem, "# Harbour\n\n## Crossings\n\n%s", table).p).n,
        0);
}

TEST(kind_of_a_record_in_cards_without_a_day)
{
    struct signals *signals = reader_signals(
        cx,
        "id: X\ntitle: Ferry log\nkind: record\nsignals: {en: {names: [ferry log], record: true, "
        "tables: [{columns: [[trip], [captain], [boat]]}]}}\ncriteria:\n- {id: X-01, criterion: "
        "who, signals: {en: {forms: [{table: [[trip], [captain], [boat]], rows: 2}]}}}\n");

    CHECK_INT(kinds_of(cx, signals,
                       "# Ferry log\n\n## One\n\n- Trip: Skua isle\n- Captain: Mia\n- Boat: Tern\n"
                       "\n## Two\n\n- Trip: Far skerry\n- Captain: Ole\n- Boat: Auk\n")
                  .n,
              1);
    CHECK_INT(kinds_of(cx, signals, "# Ferry log\n\nTrips have a captain and a boat.\n").n, 0);
}

TEST(kind_titles_name_no_section)
{
    struct signals *signals = reader_signals(
        cx, "id: X\ntitle: Ferry plan\nkind: document\nsignals: {en: {titles: [ferries], says: "
            "[{is: ferry sails, weight: 2}]}}\ncriteria:\n- id: X-01\n  criterion: "
            "who sails when\n  signals: {en: " SLOTS "}]}}\n");

    CHECK_INT(kinds_of(cx, signals, "# Ferries\n\nThe ferry sails.\n").n, 1);
    CHECK_INT(kinds_of(cx, signals,
                       "# Handbook\n\n## Ferries\n\nThe ferry sails. The captain "
                       "sails daily and so does everyone.\n")
                  .n,
              0);
}

TEST(kind_of_a_section_is_quoted_from_it)
{
    struct signals *signals = reader_signals(cx, KIND(SLOTS "}]}"));
    struct kinds kinds = kinds_of(
        cx, signals,
        "# Handbook\n\nThe captain sails daily.\n\n## Ferry plan\n\nThe ferry is the blue one. "
        "On weekdays the mate sails daily at six from the northern quay and comes back at noon "
        "with "
        "the post, the newspapers and whoever wants to see the doctor, and at four she goes out "
        "once "
        "more to fetch the children from the school on the other side of the sound and the "
        "milk.\n");

    CHECK_INT(kinds.n, 1);
    CHECK_STR(kinds.items[0].place, "Ferry plan");
    CHECK(str_has(kinds.all[0][0].quotes[0].text, "the mate sails daily"));
}

TEST(signals_errors_name_file_and_line)
{
    const char *const bad[] = {KIND("{frms: []}"), KIND("{forms: [{slots: {}}]}"),
                               KIND("{forms: [{slots: {a: [b]}, in: page}]}"),
                               KIND("{allow: [nothing], says: [a]}"),
                               KIND("{forms: [{table: [[a]], rows: 0}]}")};

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct signals *signals =
            reader_signals(cx, "{id: Y, title: Y, kind: document, criteria: []}");
        struct value *yaml;
        CHECK_OK(yaml_parse(cx, "bad.yaml", str_of(bad[i]), &yaml));
        CHECK_RC(signals_add_kind(cx, signals, "bad.yaml", yaml), RC_INVALID);
        CHECK(str_has(cx->err.text, "bad.yaml:"));
    }
}

TEST(criterion_slots_do_not_gainsay_a_table)
{
    const char *kind = KIND("{forms: [{slots: {who: [captain], when: [daily], where: [harbour]}}, "
                            "{table: [[sailor], [hour]], rows: 1, gives: partly}]}");
    const char *table = "| Sailor | Hour |\n|---|---|\n| Una, captain | six |\n";
    struct match m = match_of(cx, kind, table);

    CHECK_INT(m.status, MATCH_PARTLY);
    CHECK_INT(m.whole_lacks.n, 0);
    m = match_of(cx, kind, str_printf(cx->mem, "%s\nThe captain sails daily.\n", table).p);
    CHECK_STR(m.whole_lacks, "where");
}

TEST(criterion_unless_in_a_heading)
{
    const char *kind = KIND("{forms: [{slots: {who: [captain], when: [\"(daily|trip) .. #any\"]}, "
                            "in: sentence, unless: [rival, rented]}]}");
    struct match m = match_of(cx, kind,
                              "| Ship | Rival (yes, no) | Who | When |\n|---|---|---|---|\n"
                              "| Elsa | no | captain | daily at six |\n");

    CHECK_INT(m.status, MATCH_MET);
    m = match_of(cx, kind,
                 "| Ship | Line | Who | When |\n|---|---|---|---|\n"
                 "| Elsa | rival | captain | daily at six |\n");
    CHECK_INT(m.status, MATCH_MISSING);
    m = match_of(cx, kind,
                 "| Ship | Who | Rented trip |\n|---|---|---|\n"
                 "| Elsa | captain | six o'clock |\n");
    CHECK_INT(m.status, MATCH_MISSING);
}
