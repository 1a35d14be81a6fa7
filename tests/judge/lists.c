#include "judge/lists.h"

#include "tests/judge/reader.h"

/* The lines of a file in short, one a row:
 * ID[<TITLED] yes|no|? STATUS (REASON[, weak]) [REFERENCE] {OWNER}; a control of their own is "own
 * TITLE", one of an earlier edition has its id behind "old". */
static struct str lines_of(struct ctx *cx, const char *name, const char *text)
{
    static const char *const statuses[] = {"", " none", " planned", " partly", " implemented"};
    struct library *library = reader_library();
    struct control_lines lines = {0};
    struct buf out = buf_new(cx->mem);
    struct extract extract;
    struct reading *r;

    CHECK_OK(extract_bytes(cx, str_of(name), str_of(text), &extract));
    CHECK_OK(reading_make(cx, library->signals->patterns, &library->signals->guards, str_of(name),
                          &extract, &r));
    CHECK_OK(lists_find(cx, library->signals, r, &lines));
    for (size_t i = 0; i < lines.n; i++) {
        const struct control_line *l = &lines.items[i];

        if (out.n > 0)
            buf_char(&out, '\n');
        if (l->earlier.n > 0)
            buf_printf(&out, "old %.*s", STR_ARG(l->earlier));
        else if (l->control != NULL)
            buf_printf(&out, "%.*s", STR_ARG(l->control->id));
        else
            buf_printf(&out, "own %.*s", STR_ARG(l->title));
        if (l->titled != NULL)
            buf_printf(&out, "<%.*s", STR_ARG(l->titled->id));
        if (!l->decides)
            continue;
        buf_addz(&out, l->applicable == 1 ? " yes" : l->applicable == 0 ? " no" : " ?");
        buf_addz(&out, statuses[l->status]);
        if (l->reason.n > 0)
            buf_printf(&out, " (%.*s%s)", STR_ARG(l->reason), l->weak ? ", weak" : "");
        if (l->reference.n > 0)
            buf_printf(&out, " [%.*s]", STR_ARG(l->reference));
        if (l->owner.n > 0)
            buf_printf(&out, " {%.*s}", STR_ARG(l->owner));
    }
    return buf_str(&out);
}

TEST(list_of_controls_as_most_people_make_it)
{
    CHECK_STR(
        lines_of(cx, "a.csv",
                 "Owner,Control,Title,Applicable,Justification,Implementation status,Evidence\n"
                 "Ann,A.5.7,Threat intelligence,Yes,Risk R-3,Partially implemented,Feed list\n"
                 "Bob,A.5.9,Inventory of assets,Yes,Contract with the city,In place,Register\n"
                 "Bob,A.7.12,Cabling security,No,The landlord runs all cables,N/A,\n"
                 "Bob,A.8.7,Protection against malware,,,not started,-\n"),
        "A.5.7 yes partly (Risk R-3) [Feed list] {Ann}\n"
        "A.5.9 yes implemented (Contract with the city) [Register] {Bob}\n"
        "A.7.12 no (The landlord runs all cables) {Bob}\n"
        "A.8.7 ? none {Bob}");
}

TEST(list_whose_heading_says_what_to_write)
{
    CHECK_STR(lines_of(cx, "a.csv",
                       "Control,Title,Applicable (Y/N),Justification,Status\n"
                       "A.5.7,Threat intelligence,Y,Risk R-3,Planned\n"
                       "A.5.9,Inventory of assets,Y,Contract with the city,Planned\n"
                       "A.7.12,Cabling security,N,The landlord runs all cables,\n"),
              "A.5.7 yes planned (Risk R-3)\n"
              "A.5.9 yes planned (Contract with the city)\n"
              "A.7.12 no (The landlord runs all cables)");
}

TEST(list_with_numbers_that_a_spreadsheet_spoilt)
{
    /* The titles tell 5.1 from 5.10, in other words too; the order tells where there is no title.
     */
    CHECK_STR(lines_of(cx, "a.csv",
                       "No,Name,In scope,Why\n"
                       "5.1,Policies for information security,x,law\n"
                       "5.0999999999999996,Acceptable use of information and other assets,x,R1\n"
                       "5.2000000000000002,Addressing security within supplier agreements,x,R2\n"
                       "8.1,Information deletion,,R3\n"
                       "8.1,User endpoint devices,x,R4\n"),
              "A.5.1 yes (law)\nA.5.10 yes (R1)\nA.5.20 yes (R2)\nA.8.10 ? (R3)\nA.8.1 yes (R4)");
    CHECK_STR(
        lines_of(cx, "b.csv",
                 "No;Applicable;Why\n5,1;yes;a1\n5,2;yes;a2\n5,3;yes;a3\n5,4;yes;a4\n5,5;yes;a5\n"
                 "5,6;yes;a6\n5,7;yes;a7\n5,8;yes;a8\n5,9;yes;a9\n5,1;no;a10\n5,11;yes;a11\n"
                 "6,1;yes;b\n6,2;yes;b\n6,3;yes;b\n6,4;yes;b\n"),
        "A.5.1 yes (a1)\nA.5.2 yes (a2)\nA.5.3 yes (a3)\nA.5.4 yes (a4)\nA.5.5 yes (a5)\n"
        "A.5.6 yes (a6)\nA.5.7 yes (a7)\nA.5.8 yes (a8)\nA.5.9 yes (a9)\nA.5.10 no (a10)\n"
        "A.5.11 yes (a11)\nA.6.1 yes (b)\nA.6.2 yes (b)\nA.6.3 yes (b)\nA.6.4 yes (b)");
}

TEST(list_under_grouped_headings_with_marks)
{
    CHECK_STR(
        lines_of(cx, "a.html",
                 "<table><tr><td colspan=8>Annex A of our firm, edition of spring</td></tr>"
                 "<tr><td colspan=2>Control</td><td colspan=2>Applicable</td>"
                 "<td colspan=3>Reasons for selection</td><td>Remarks</td></tr>"
                 "<tr><td>Ref</td><td>Name</td><td>Yes</td><td>No</td><td>LR</td><td>CO</td>"
                 "<td>BR/BP</td><td></td></tr>"
                 "<tr><td colspan=8>Physical controls</td></tr>"
                 "<tr><td>A.7.1</td><td>Physical security perimeters</td><td>x</td><td></td>"
                 "<td>x</td><td></td><td>x</td><td></td></tr>"
                 "<tr><td>A.7.2</td><td>Physical entry</td><td></td><td>X</td><td></td><td></td>"
                 "<td></td><td>Nobody but the landlord has doors</td></tr>"
                 "<tr><td>A.7.4</td><td>Physical security monitoring</td><td></td><td></td>"
                 "<td></td><td></td><td></td><td></td></tr></table>"),
        "A.7.1 yes (LR; BR/BP)\nA.7.2 no (Nobody but the landlord has doors)\nA.7.4 ?");
    /* Two columns that are marked, or hold the reason. */
    CHECK_STR(lines_of(cx, "b.md",
                       "| Control | Justification for inclusion | Justification for exclusion |\n"
                       "|---|---|---|\n"
                       "| A.8.4 Access to source code | Risk 7 | |\n"
                       "| A.8.25 Secure development life cycle | | We write no software |\n"
                       "| A.8.30 Outsourced development | | - |\n"),
              "A.8.4 yes (Risk 7)\nA.8.25 no (We write no software)\nA.8.30 ?");
}

TEST(list_in_pieces_with_groups_and_own_controls)
{
    CHECK_STR(
        lines_of(cx, "a.md",
                 "# Controls\n\n## People\n\n"
                 "| Control | Title | Applicable? | Status | Owner |\n|---|---|---|---|---|\n"
                 "| A.6 | People controls | | | |\n"
                 "| A.6.1 | Screening | ✓ | implemented | HR |\n"
                 "| A.6.2 | Terms and conditions of employment | ✓ | planned for Q3 | HR |\n"
                 "| A.6.3 | Awareness, education and training | ✗ | n/a | HR |\n"
                 "| Control | Title | Applicable? | Status | Owner |\n"
                 "| A.6.4 | Disciplinary process | ✓ | in progress | HR |\n"
                 "| WX-1 | Weighing of trucks | yes | implemented | Gate |\n\n"
                 "## Technology\n\n"
                 "| Owner | Applies | Control |\n|---|---|---|\n"
                 "| IT | yes | A.8.1 User endpoint devices |\n"
                 "| IT | no - nobody has such rights here | A.8.2 Privileged access rights |\n"
                 "| IT | partly | A.8.3 Information access restriction |\n"),
        "A.6.1 yes implemented {HR}\nA.6.2 yes planned {HR}\nA.6.3 no {HR}\n"
        "A.6.4 yes partly {HR}\nown Weighing of trucks yes implemented {Gate}\n"
        "A.8.1 yes {IT}\nA.8.2 no (no - nobody has such rights here) {IT}\nA.8.3 yes {IT}");
}

TEST(list_without_headings_or_with_titles_only)
{
    CHECK_STR(lines_of(cx, "a.csv",
                       "A.8.5,Secure authentication,yes,done,We sign in to customers' systems\n"
                       "A.8.6,Capacity management,yes,planned,Peaks at harvest\n"
                       "A.8.7,Protection against malware,no,n/a,Nobody has a computer\n"),
              "A.8.5 yes implemented (We sign in to customers' systems)\n"
              "A.8.6 yes planned (Peaks at harvest)\nA.8.7 no (Nobody has a computer)");
    CHECK_STR(lines_of(cx, "b.csv",
                       "Topic,Relevant for us,Reason\nInformation backup,yes,Risk 4\n"
                       "Redundancy of information processing facilities,no,One server is enough\n"
                       "Clock synchronization,yes,Not relevant\n"),
              "A.8.13 yes (Risk 4)\nA.8.14 no (One server is enough)\nA.8.17 yes (Not relevant)");
}

TEST(list_says_whose_title_stands_beside_a_number)
{
    CHECK_STR(lines_of(cx, "a.csv",
                       "Control,Title,Applicable,Reason\n"
                       "A.8.8,Management of technical vulnerabilities,yes,best practice\n"
                       "A.8.9,Information deletion,yes,R-2\n"
                       "A.8.11,Data masking,no,not relevant\n"),
              "A.8.8 yes (best practice, weak)\nA.8.9<A.8.10 yes (R-2)\n"
              "A.8.11 no (not relevant, weak)");
}

TEST(list_by_the_numbers_of_an_earlier_edition)
{
    CHECK_STR(lines_of(cx, "a.csv",
                       "Control,Title,Applicable,Justification,Implemented\n"
                       "A.9.1,Business requirements of access control,,,\n"
                       "A.9.1.1,Access control policy,Yes,Risk 2,Yes\n"
                       "A.9.1.2,Access to networks,Yes,Risk 2,No\n"
                       "A.9.2,User access management,,,\n"
                       "A.9.2.1,User registration,Yes,Law,Yes\n"
                       "A.9.2.2,User access provisioning,No,No users of others,N/A\n"),
              "old A.9.1.1 yes implemented (Risk 2)\nold A.9.1.2 yes none (Risk 2)\n"
              "old A.9.2.1 yes implemented (Law)\nold A.9.2.2 no (No users of others)");
}

TEST(list_is_not_made_of_chapters)
{
    CHECK_STR(
        lines_of(cx, "a.csv",
                 "Section,Subject,Status,Owner\n5.1,Leadership,done,Ann\n5.2,Policy,done,Ann\n"
                 "5.3,Roles,open,Ann\n6.1,Risks,open,Bob\n6.2,Goals,open,Bob\n"),
        "");
    CHECK_STR(lines_of(cx, "b.csv",
                       "Release,Change,Owner\nv5.1,Backup,Ann\nv5.2,Mail,Ann\nv5.3,Phones,Ann\n"),
              "");
}

TEST(list_of_controls_with_a_heading_each)
{
    CHECK_STR(
        lines_of(cx, "a.md",
                 "# Statement\n\n## A.5.7 Threat intelligence\n\n- Applicable: yes\n"
                 "- Justification: Risk 3\n- Status: implemented\n\nWe read two feeds.\n\n"
                 "## A.5.8 Information security in project management\n\n"
                 "- Applicable: no\n- Justification: There are no projects\n"
                 "- Related controls: A.5.9\n\n"
                 "## A.5.9 Inventory\n\n- Applicable: yes\n- Status: planned\n"),
        "A.5.7 yes implemented (Risk 3)\nA.5.8 no (There are no projects)\nA.5.9 yes planned");
    CHECK_STR(lines_of(cx, "b.html",
                       "<table><tr><td>Control</td><td>A.8.7 Protection against malware</td></tr>"
                       "<tr><td>Applicable</td><td>Yes</td></tr><tr><td>Owner</td><td>IT</td></"
                       "tr></table><p>.</p>"
                       "<table><tr><td>Control</td><td>A.8.8 Vulnerabilities</td></tr>"
                       "<tr><td>Applicable</td><td>No</td></tr><tr><td>Reason</td><td>We have no "
                       "machines</td></tr></table><p>.</p>"
                       "<table><tr><td>Control</td><td>A.8.9 Configuration</td></tr>"
                       "<tr><td>Applicable</td><td></td></tr></table>"),
              "A.8.7 yes {IT}\nA.8.8 no (We have no machines)\nA.8.9 ?");
    CHECK_STR(lines_of(cx, "c.md",
                       "# Policy\n\n## 5.1 Scope\n\nOwner: Ann\n\n## 5.2 Roles\n\n"
                       "Owner: Bob\n\n## 5.3 Rules\n\nStatus: done\n"),
              "");
}
