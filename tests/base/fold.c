#include "base/fold.h"

#include "tests/harness.h"

TEST(fold_makes_small_letters_without_accents)
{
    CHECK_STR(text_fold(cx->mem, STR("RISK-014 Müller")), "risk-014 muller");
    CHECK_STR(text_fold(cx->mem, STR("Straße, Œuvre, Æther, Þing")),
              "strasse, oeuvre, aether, thing");
    CHECK_STR(text_fold(cx->mem, STR("Łódź Čapek İzmir ÿ")), "lodz capek izmir y");
    CHECK_STR(text_fold(cx->mem, STR("ŽÁDNÝ ŠŤĚSTÍ ŰŐ ſ")), "zadny stesti uo s");
    CHECK_STR(text_fold(cx->mem, STR("Mu\u0308ller")), "muller");
    CHECK_STR(text_fold(cx->mem, STR("МОСКВА Ёлка ΑΘΗΝΑ")), "москва ёлка αθηνα");
    CHECK_STR(text_fold(cx->mem, STR("÷ × 漢字")), "÷ × 漢字");
    CHECK_STR(text_fold(cx->mem, STR_NONE), "");
}

TEST(fold_every_letter_of_latin_has_its_own)
{
    static const char pairs[][2][3] = {{"Ā", "a"}, {"ď", "d"}, {"Đ", "d"}, {"ę", "e"}, {"ğ", "g"},
                                       {"ħ", "h"}, {"ı", "i"}, {"ĵ", "j"}, {"ĸ", "k"}, {"ŀ", "l"},
                                       {"ŋ", "n"}, {"ő", "o"}, {"ř", "r"}, {"ş", "s"}, {"ŧ", "t"},
                                       {"ů", "u"}, {"ŵ", "w"}, {"ŷ", "y"}, {"ž", "z"}};

    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        CHECK_STR(text_fold(cx->mem, str_of(pairs[i][0])), pairs[i][1]);
}

TEST(fold_words_end_at_signs)
{
    static const char *const wanted[] = {"risk", "014", "müller", "漢字", "e", "mail"};
    struct str text = STR(" (risk-014) „müller“… 漢字。e‑mail"), word;
    size_t at = 0, n = 0;

    while (text_word(text, &at, &word)) {
        CHECK(n < COUNT_OF(wanted));
        if (n < COUNT_OF(wanted))
            CHECK_STR(word, wanted[n]);
        n++;
    }
    CHECK_INT(n, COUNT_OF(wanted));
    at = 0;
    CHECK(!text_word(STR("... --"), &at, &word));
}
