#include "judge/library.h"

#include "tests/judge/reader.h"

static struct str tongue(struct ctx *cx, const char *name, const char *text)
{
    struct extract extract;

    CHECK_OK(extract_bytes(cx, str_of(name), str_of(text), &extract));
    return tongue_of(cx, reader_library()->tongues, &extract);
}

TEST(tongue_english)
{
    CHECK_STR(
        tongue(cx, "a.md",
               "The company keeps a list of all laptops, and the owner of each of them is "
               "known. It is looked at by the manager in spring, with the people who use it."),
        "en");
}

TEST(tongue_german_and_french)
{
    CHECK_STR(
        tongue(cx, "a.md",
               "Die Leitlinie gilt für alle Mitarbeiter und wird von der Geschäftsführung "
               "freigegeben. Sie ist jährlich zu prüfen, und die Ziele sind mit den Fachbereichen "
               "abzustimmen. Der Beauftragte berichtet bei Bedarf auf Anfrage."),
        "de");
    CHECK_STR(tongue(cx, "a.md",
                     "La direction est responsable de la politique et les employés doivent la "
                     "connaître. Le plan est revu par la direction une fois par an, avec des "
                     "objectifs qui sont fixés dans le cadre du budget pour les services."),
              "fr");
}

TEST(tongue_of_a_table_of_letters_is_open)
{
    struct str found = tongue(cx, "raci.csv",
                              "Task,CEO,CTO,HR,ISO,DPO\nBackup,I,A,I,R,C\nPatching,I,A,I,R,I\n"
                              "Training,A,I,R,C,I\nAudit,A,I,I,R,C\nReview,A,R,I,C,I\n");

    CHECK(tongue_has_signals(reader_library()->tongues, found));
}

TEST(tongue_of_few_words_is_open)
{
    CHECK_STR(tongue(cx, "a.md", "Die Liste"), "");
}

#define ENGLISH                                                                                    \
    "The company keeps a list of all laptops, and the owner of each of them is known. It is "      \
    "looked at by the manager in spring, with the people who use it at their desks.\n\n"
#define GERMAN                                                                                       \
    "Die Leitlinie gilt für alle Mitarbeiter und wird von der Geschäftsführung freigegeben. Sie " \
    "ist jährlich zu prüfen, und die Ziele sind mit den Fachbereichen abzustimmen. Der "           \
    "Beauftragte berichtet bei Bedarf auf Anfrage und sorgt für die Schulung der neuen "            \
    "Kollegen. Die Ergebnisse werden mit der Leitung besprochen und in der Akte abgelegt, die "      \
    "bei der Verwaltung steht und von den Beauftragten für die Prüfung genutzt wird.\n\n"

TEST(tongue_beside_another_one)
{
    struct tongues *tongues = reader_library()->tongues;
    struct extract both, one;
    unsigned percent = 0;

    CHECK_OK(extract_bytes(cx, STR("a.md"), STR(ENGLISH ENGLISH ENGLISH GERMAN), &both));
    CHECK_OK(extract_bytes(cx, STR("a.md"), STR(ENGLISH ENGLISH), &one));
    CHECK_STR(tongue_of(cx, tongues, &both), "en");
    CHECK_STR(tongue_beside(cx, tongues, &both, STR("en"), &percent), "de");
    CHECK(percent > 20 && percent < 60);
    CHECK_STR(tongue_beside(cx, tongues, &one, STR("en"), &percent), "");
    CHECK_STR(tongue_beside(cx, tongues, &one, STR(""), &percent), "");
}
