#include "tests/judge/reader.h"

TEST(pattern_matches_stems_in_order)
{
    CHECK_STR(reader_match(cx, "review policy", "The policies are reviewing policy texts."),
              "reviewing policy");
    CHECK_STR(reader_match(cx, "policy review", "Review the plan."), "");
}

TEST(pattern_lets_one_word_and_fillers_between)
{
    CHECK_STR(reader_match(cx, "approve board", "It was approved by the whole board."),
              "approved by the whole board");
    CHECK_STR(reader_match(cx, "approve board", "It was approved without much of a board."), "");
    CHECK_STR(reader_match(cx, "need_to_know", "on a need-to-know basis"), "need-to-know");
    CHECK_STR(reader_match(cx, "need_to_know", "the need is to be known"), "");
}

TEST(pattern_wide_and_sentence_gaps)
{
    const char *text = "Risks that nobody has seen before are kept by their owner. Dogs bark.";

    CHECK_STR(reader_match(cx, "risk .. seen", text), "Risks that nobody has seen");
    CHECK_STR(reader_match(cx, "risk .. owner", text), "");
    CHECK_STR(reader_match(cx, "risk ... owner", text),
              "Risks that nobody has seen before are kept by their owner");
    CHECK_STR(reader_match(cx, "risk ... dog", text), "");
}

TEST(pattern_choices_options_prefixes)
{
    CHECK_STR(reader_match(cx, "(sign off|approve) [formally] it", "They sign off on it."),
              "sign off on it");
    CHECK_STR(reader_match(cx, "confidential*", "about confidentiality"), "confidentiality");
    CHECK_STR(reader_match(cx, "=may", "May follows April"), "May");
    CHECK_STR(reader_match(cx, "=SoA", "the soa and the SoA"), "SoA");
}

TEST(pattern_sentence_ends)
{
    CHECK_STR(reader_match(cx, "^ note", "Note this."), "Note");
    CHECK_STR(reader_match(cx, "^ note", "Do note this."), "");
    CHECK_STR(reader_match(cx, "this $", "Do note this."), "this");
}

TEST(pattern_sets_and_classes)
{
    CHECK_STR(
        reader_match(cx, "approve by @top-management", "It is approved by the Board of Directors."),
        "approved by the Board of Directors");
    CHECK_STR(reader_match(cx, "#duration", "kept for two (2) years"), "two (2) years");
    CHECK_STR(reader_match(cx, "#duration", "within 10 business days"), "10 business days");
    CHECK_STR(reader_match(cx, "#date", "on 3 March 2026 they met"), "3 March 2026");
    CHECK_STR(reader_match(cx, "#name", "Owner: Anna Weber"), "Anna Weber");
    CHECK_STR(reader_match(cx, "#name", "Owner: Information Security Officer"), "");
    CHECK_STR(reader_match(cx, "#org", "for Northlight Optics Ltd and others"),
              "Northlight Optics Ltd");
    CHECK_STR(reader_match(cx, "#org", "ID: INC-2026-001"), "");
    CHECK_STR(reader_match(cx, "#control", "see A.8.13 there"), "A.8.13");
    CHECK_STR(reader_match(cx, "#percent", "at least 99% of"), "99%");
}

TEST(pattern_legal_forms_of_many_countries)
{
    static const char *const names[] = {"Tern Boats Sdn. Bhd",
                                        "Tern Pte. Ltd",
                                        "Tern (Pvt) Ltd",
                                        "Tern A/S",
                                        "Tern Oy",
                                        "Tern Sp. z o.o",
                                        "Tern d.o.o",
                                        "Tern K.K",
                                        "Tern Lda",
                                        "PT Laut Biru Tbk",
                                        "Tern Pty Ltd",
                                        "Tern a.s",
                                        "Tern Marinha S.A. de C.V"};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *text = str_printf(cx->mem, "the boats of %s are red", names[i]).p;
        CHECK_STR(reader_match(cx, "of #org are", text),
                  str_printf(cx->mem, "of %s are", names[i]).p);
    }
    CHECK_STR(reader_match(cx, "#org", "Boats as good as new, no. 3 or 4"), "");
}

/* Small letters are a form only where the word can be none; a reference number is no month. */
TEST(pattern_forms_and_numbers_that_mislead)
{
    CHECK_STR(reader_match(cx, "#org", "we of Tern Boats plc sail"), "Tern Boats plc");
    CHECK_STR(reader_match(cx, "#org", "we of Tern Boats gmbh sail"), "Tern Boats gmbh");
    CHECK_STR(reader_match(cx, "#org", "the Boats as one"), "");
    CHECK_STR(reader_match(cx, "#date", "see IA-2026-01 and NCR-2026-03"), "");
    CHECK_STR(reader_match(cx, "#date", "it was sent in 2026-01 by post"), "2026-01");
    CHECK_STR(reader_match(cx, "#control", "see A.5.1 there"), "A.5.1");
    CHECK_STR(reader_match(cx, "#control", "version a.b or 5.1"), "");
}

TEST(pattern_years_of_business)
{
    CHECK_STR(reader_match(cx, "#year", "the plan for FY2026 stands"), "FY2026");
    CHECK_STR(reader_match(cx, "#year", "the plan for FY 26/27 stands"), "FY 26/27");
    CHECK_STR(reader_match(cx, "#year", "the plan for FY26 stands"), "FY26");
    CHECK_STR(reader_match(cx, "#year", "the plan for 2026/27 stands"), "2026/27");
    CHECK_STR(reader_match(cx, "#year", "the plan for 2026-2027 stands"), "2026-2027");
    CHECK_STR(reader_match(cx, "#year", "the plan for 2026-2028 stands"), "2026-2028");
    CHECK_STR(reader_match(cx, "#year", "call 2026-9911 or 2026-12"), "");
    CHECK_STR(reader_match(cx, "#year", "rooms 25/26 and model FYN"), "");
}

TEST(pattern_placeholders_match_nothing)
{
    CHECK_STR(reader_match(cx, "approve by #any", "Approved by: [Name of the approver]"), "");
    CHECK_STR(reader_match(cx, "owner", "Owner <Business Name>"), "Owner");
}

TEST(pattern_spelling_is_one)
{
    CHECK_STR(reader_match(cx, "organisation", "the organization's goals"), "organization");
    CHECK_STR(reader_match(cx, "cyber security", "our cybersecurity"), "cybersecurity");
    CHECK_STR(reader_match(cx, "not", "It doesn't matter"), "not");
}

TEST(pattern_errors_name_the_place)
{
    struct signals *signals = reader_signals(cx, "{id: X, title: X, kind: document, criteria: []}");
    uint32_t number;
    const char *const bad[] = {"(a", "a)", "a|b)", "@nothing", "#nothing", "(a|)", "", "(b)*"};

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        CHECK_RC(patterns_add(cx, signals->patterns, "file.yaml:7", str_of(bad[i]), &number),
                 RC_INVALID);
        CHECK(str_has(cx->err.text, "file.yaml:7"));
    }
}

TEST(pattern_is_found_in_every_part_of_a_long_text)
{
    struct buf text = buf_new(cx->mem);

    for (unsigned i = 0; i < 5000; i++)
        buf_printf(&text, "%s approves plan %u. %s", i % 2 == 0 ? "The board" : "Management", i,
                   i % 50 == 49 ? "\n\n" : "");
    CHECK_INT(reader_matches(cx, "board approve plan", str_z(cx->mem, buf_str(&text))), 2500);
    CHECK_INT(reader_matches(cx, "nobody approve plan", str_z(cx->mem, buf_str(&text))), 0);
}

/* A late pattern is looked for behind a gate, in headings and in lead-ins only. */
TEST(pattern_late_ones_wait_for_a_gate)
{
    const struct language *language =
        reader_signals(cx, "{id: X, title: X, kind: document, criteria: []}")->language;
    struct signals signals = {.language = (struct language *)(uintptr_t)language};
    uint32_t gate, late;

    CHECK_OK(patterns_new(cx, language, &signals.patterns));
    CHECK_OK(patterns_add(cx, signals.patterns, "test", STR("#number"), &gate));
    patterns_gate(signals.patterns, gate);
    patterns_late(signals.patterns, true);
    CHECK_OK(patterns_add(cx, signals.patterns, "test", STR("gate"), &late));
    signals_seal(&signals);
    struct reading *r = reader_read(cx, &signals,
                                    "# The gate\n\nThe gate is old. The gate has 7 keys.\n\n"
                                    "The gate opens:\n\n- by day\n");
    CHECK_INT(r->hits.first[late + 1] - r->hits.first[late], 3);
}
