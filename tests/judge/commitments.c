#include "judge/commitments.h"

#include "tests/judge/reader.h"

static void find_with(struct ctx *cx, const struct signals *signals, const char *markdown,
                      bool cells, struct commitments *ret)
{
    struct reading *r = reader_read(cx, (struct signals *)(uintptr_t)signals, markdown);

    CHECK_OK(commitments_find(cx, signals, r, cells, ret));
}

static void find(struct ctx *cx, const char *markdown, bool cells, struct commitments *ret)
{
    find_with(cx, reader_library()->signals, markdown, cells, ret);
}

/* "KIND TOPIC[ QUALIFIERS] COMPARE VALUE[ UNIT]", one a line. */
static struct str told_of(struct ctx *cx, const struct commitments *found)
{
    struct buf out = buf_new(cx->mem);

    for (size_t i = 0; i < found->n; i++) {
        const struct commitment *c = &found->items[i];
        struct str unit = c->business ? STR("business") : c->unit;
        buf_printf(&out, "%s%s %.*s%s%.*s %s %.*s%s%.*s", i > 0 ? "\n" : "",
                   commitment_kind_name(c->kind), STR_ARG(c->topic.n > 0 ? c->topic : STR("-")),
                   c->qualifiers.n > 0 ? " " : "", STR_ARG(c->qualifiers),
                   comparison_name(c->compare), STR_ARG(c->value), unit.n > 0 ? " " : "",
                   STR_ARG(unit));
    }
    return buf_str(&out);
}

static struct str told(struct ctx *cx, const char *markdown)
{
    struct commitments found;

    find(cx, markdown, false, &found);
    return told_of(cx, &found);
}

static struct str told_in_french(struct ctx *cx, const char *sentence)
{
    struct library *library = reader_library();
    const struct signals *signals = NULL;
    struct commitments found;

    CHECK_OK(library_signals(cx, library, STR("fr"), &signals));
    find_with(cx, signals, str_z(cx->mem, str_printf(cx->mem, "# Politique\n\n%s\n", sentence)),
              false, &found);
    return told_of(cx, &found);
}

TEST(commitments_say_how_often_by_when_how_long_and_how_much)
{
    static const char *const cases[][2] = {
        {"Access rights are reviewed every quarter.", "frequency access-review exact P3M"},
        {"Owners shall review the access rights of administrators at least twice a year.",
         "frequency access-review account=privileged least P6M"},
        {"Every colleague must report a suspected incident within 4 hours.",
         "deadline incident-notice most PT4H"},
        {"A leaver's accounts are disabled within two (2) working days of departure.",
         "deadline leaver-removal most P2D business"},
        {"Passwords must have at least fourteen characters.",
         "threshold password-length least 14 characters"},
        {"An account is locked after 6 failed attempts.", "threshold lockout most 6 attempts"},
        {"The screen locks after 10 minutes of inactivity.", "threshold session-lock most PT10M"},
        {"Security logs are kept for 18 months.", "retention log-retention exact P18M"},
        {"Backups are restored in a test once a month.", "frequency restore-test exact P1M"},
        {"The penetration test is carried out every 18 months by an outside firm.",
         "frequency pentest exact P18M"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct str said = str_printf(cx->mem, "# Rules\n\n%s\n", cases[i][0]);
        CHECK_STR(told(cx, said.p), cases[i][1]);
    }
}

TEST(commitments_of_one_sentence_keep_their_own_words)
{
    CHECK_STR(told(cx, "# Patching\n\nCritical vulnerabilities are fixed within 5 days, high "
                       "within 20 days and low within 3 months.\n"),
              "deadline patch-deadline severity=critical most P5D\n"
              "deadline patch-deadline severity=high most P20D\n"
              "deadline patch-deadline severity=low most P3M");
    CHECK_STR(told(cx,
                   "# Patching\n\nVulnerabilities are fixed within 5 days for critical ones and "
                   "within 40 days for medium ones.\n"),
              "deadline patch-deadline severity=critical most P5D\n"
              "deadline patch-deadline severity=medium most P40D");
    CHECK_STR(
        told(cx, "# Passwords\n\nPasswords are changed every 60 days and have 9 characters.\n"),
        "frequency password-change exact P60D\n"
        "threshold password-length least 9 characters");
}

TEST(commitments_stand_in_lists_and_tables)
{
    CHECK_STR(told(cx, "# Policy\n\nThe inventory of assets is reviewed:\n\n- once a year\n"
                       "- after a large change\n"),
              "frequency asset-review exact P1Y");
    CHECK_STR(
        told(cx, "# Weaknesses\n\n## Fixing vulnerabilities\n\n| Rating | Fix within |\n|---|---|\n"
                 "| Critical | 3 days |\n| Low | 90 days |\n"),
        "deadline patch-deadline severity=critical most P3D\n"
        "deadline patch-deadline severity=low most P90D");
    /* A day by which is no interval. */
    CHECK_STR(told(cx,
                   "# Plan\n\n| Who | How often |\n|---|---|\n| New staff | must be trained within "
                   "30 days after joining |\n"),
              "deadline training-new most P30D");
    CHECK_STR(told(cx, "# Keeping\n\n| Record | Retention |\n|---|---|\n| Minutes | 6 years |\n"),
              "retention record-retention exact P6Y");
}

TEST(commitments_are_the_organisations_own_and_in_force)
{
    static const char *const none[] = {
        "Access rights are reviewed regularly.",
        "Customers must report faults within 24 hours.",
        "The supplier shall notify us of a breach within 24 hours.",
        "You should consider a review of access every quarter.",
        "We recommend that passwords have at least 14 characters.",
        "The access rights were reviewed twice a year until 2022.",
        "The last annual review was held in March 2025.",
        "GDPR requires a notice to the authority within 72 hours.",
        "Management may extend the time to 30 days where it is asked to.",
        "Are access rights reviewed every quarter?",
        "For example, access rights are reviewed every quarter.",
        "RTO means the time within which a service is restored, for example 4 hours.",
        "The company was founded 12 years ago and employs 40 people.",
        "The subscription costs an annual fee.",
        "Logs of the past 30 days were looked at.",
    };

    for (size_t i = 0; i < COUNT_OF(none); i++) {
        struct str said = str_printf(cx->mem, "# Rules\n\n%s\n", none[i]);
        CHECK_STR(told(cx, said.p), "");
    }
    CHECK_STR(told(cx, "# Risk method\n\n## Likelihood\n\n| Score | Meaning |\n|---|---|\n"
                       "| 4 | Expected every month |\n"),
              "");
    CHECK_STR(told(cx, "# Access review every year\n\nText.\n"), "");
}

/* Rows of a register tell of one thing each: only a column that says so promises. */
TEST(commitments_of_registers_are_cells_under_their_heading)
{
    struct commitments found;

    find(cx,
         "# Keys\n\n| Key | Why | Rotation frequency |\n|---|---|---|\n"
         "| K-1 | must be replaced every month | yearly |\n",
         true, &found);
    CHECK_INT(found.n, 1);
    CHECK_STR(found.items[0].value, "P1Y");
    CHECK_STR(found.items[0].said, "yearly");
}

TEST(commitments_name_who_and_what_and_quote_the_sentence)
{
    struct commitments found;

    find(cx, "# Incidents\n\nThe IT manager reports each incident to the board within 2 days.\n",
         false, &found);
    CHECK_INT(found.n, 1);
    CHECK_STR(found.items[0].who, "IT manager");
    CHECK_STR(found.items[0].what, "The IT manager reports each incident to the board");
    CHECK_STR(found.items[0].said, "within 2 days");
    CHECK_INT(found.items[0].amount, 2 * 1440);
    CHECK_STR(found.items[0].quote,
              "The IT manager reports each incident to the board within 2 days.");
}

TEST(commitments_of_a_code_are_no_number)
{
    CHECK_STR(told(cx, "# Risks\n\nRisks are accepted in the register ISMS-004 of the firm.\n"),
              "");
    CHECK_STR(told(cx, "# Risks\n\nRisks above 9 must be treated.\n"),
              "threshold risk-acceptance least 9 score");
}

TEST(commitments_in_french)
{
    static const struct {
        const char *says, *is;
    } cases[] = {
        {"Les droits d'accès sont revus tous les six mois.", "frequency access-review exact P6M"},
        {"Les droits d'accès sont revus chaque trimestre.", "frequency access-review exact P3M"},
        {"Les comptes doivent être désactivés dans les 24 heures suivant le départ.",
         "deadline leaver-removal most PT24H"},
        {"Les correctifs critiques sont appliqués sous 14 jours.",
         "deadline patch-deadline severity=critical most P14D"},
        {"Un test d'intrusion est réalisé une fois par an.", "frequency pentest exact P1Y"},
        {"Les mots de passe doivent comporter au moins 14 caractères.",
         "threshold password-length least 14 characters"},
        {"La restauration des sauvegardes est testée tous les 90 jours.",
         "frequency restore-test exact P90D"},
        {"Les incidents doivent être signalés dans un délai de 2 heures.",
         "deadline incident-notice most PT2H"},
        {"Chaque collaborateur doit suivre une formation à la sécurité chaque année.",
         "frequency training-interval exact P1Y"},
        {"Les nouveaux collaborateurs doivent suivre la formation dans les 30 jours.",
         "deadline training-new most P30D"},
        {"Les fournisseurs critiques sont évalués chaque année.",
         "frequency supplier-review supplier=critical exact P1Y"},
        {"Les journaux sont conservés pendant 12 mois.", "retention - exact P12M"},
    };
    static const char *const none[] = {
        "Les droits d'accès ont été revus chaque trimestre.",
        "Le fournisseur doit notifier les incidents sous 24 heures.",
        "Le RGPD impose une notification sous 72 heures.",
        "Il est recommandé de changer les mots de passe tous les 90 jours.",
        "La société compte 40 salariés depuis 12 ans.",
        "Les correctifs peuvent être appliqués sous 14 jours.",
        "Les mots de passe sont secrets.",
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK_STR(told_in_french(cx, cases[i].says), cases[i].is);
    for (size_t i = 0; i < COUNT_OF(none); i++)
        CHECK_STR(told_in_french(cx, none[i]), "");
}
